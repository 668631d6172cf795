//! The XMP packet (ISO 16684-1): what the information dictionary says, which parts of PDF/A and
//! PDF/UA the file keeps to, and what is attached to it.

/// What the packet says of one rendition.
pub(crate) struct Packet<'a> {
    pub(crate) title: &'a str,
    pub(crate) author: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) producer: &'a str,
    pub(crate) creator: &'a str,
    /// ISO 8601 with its zone.
    pub(crate) date: &'a str,
    /// Sixteen bytes that differ with the rendition.
    pub(crate) identity: &'a [u8],
    /// Whether a Factur-X invoice is attached.
    pub(crate) factur_x: bool,
}

/// PDF/A-3 conformance A (ISO 19005-3, 6.6.4) and PDF/UA-1 (ISO 14289-1, clause 5).
const CONFORMANCE: &str = r#"<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>"#;

/// What the attached invoice is (Factur-X 1.0, XMP extension schema).
const FACTUR_X: &str = r#"<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"><fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName><fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>
"#;

/// Writes the packet.
pub(crate) fn packet(facts: &Packet<'_>) -> String {
    let (title, author, subject) = (
        escaped(facts.title),
        escaped(facts.author),
        escaped(facts.subject),
    );
    let Packet {
        producer,
        creator,
        date,
        ..
    } = facts;
    let uuid = uuid(facts.identity);
    let factur_x = if facts.factur_x { FACTUR_X } else { "" };
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
{CONFORMANCE}
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator><dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description><dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>{producer}</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>{creator}</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate><xmp:MetadataDate>{date}</xmp:MetadataDate></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"><xmpMM:DocumentID>{uuid}</xmpMM:DocumentID><xmpMM:InstanceID>{uuid}</xmpMM:InstanceID></rdf:Description>
{extensions}
{factur_x}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{feff}',
        extensions = extensions(),
    )
}

/// Describes the schemas that PDF/A does not know (ISO 19005-3, 6.6.2.3.3).
fn extensions() -> String {
    let property = |name: &str, kind: &str, category: &str, description: &str| {
        format!(
            r#"<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>{kind}</pdfaProperty:valueType><pdfaProperty:category>{category}</pdfaProperty:category><pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"#
        )
    };
    let schema = |name: &str, namespace: &str, prefix: &str, properties: &str| {
        format!(
            r#"<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{name}</pdfaSchema:schema><pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"#
        )
    };
    let of_invoice = [
        ("DocumentFileName", "name of the embedded XML invoice file"),
        ("DocumentType", "INVOICE"),
        ("Version", "The actual version of the Factur-X XML schema"),
        (
            "ConformanceLevel",
            "The conformance level of the embedded Factur-X data",
        ),
    ]
    .map(|(name, description)| property(name, "Text", "external", description));
    let factur_x = schema(
        "Factur-X PDFA Extension Schema",
        "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
        "fx",
        &of_invoice.concat(),
    );
    let universal = schema(
        "PDF/UA identification schema",
        "http://www.aiim.org/pdfua/ns/id/",
        "pdfuaid",
        &property("part", "Integer", "internal", "part of ISO 14289 (PDF/UA)"),
    );
    format!(
        r##"<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>{factur_x}{universal}</rdf:Bag></pdfaExtension:schemas></rdf:Description>"##
    )
}

/// An identity in the form of a UUID whose form is its maker's own (RFC 9562, version 8).
fn uuid(identity: &[u8]) -> String {
    let hex: String = identity.iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!(
        "uuid:{}-{}-8{}-8{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}

/// Whether a character can stand in the packet: XML 1.0 holds neither controls nor these two.
pub(crate) fn is_sayable(character: char) -> bool {
    !character.is_control() && !matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// Escapes for XML and leaves out what XML 1.0 cannot hold.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars().filter(|character| is_sayable(*character)) {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_breaks_out_of_the_packet() {
        assert_eq!(escaped("A & B <C>\u{1}"), "A &amp; B &lt;C&gt;");
    }
}
