//! What printpdf leaves out, done with lopdf on the document in memory: metadata, language, print
//! flag of the annotations, identity, compression. The same input gives the same bytes.

use acquit_domain::date::{in_paris, paris_iso};
use jiff::Timestamp;
use lopdf::{Document, Object, ObjectId, SaveOptions, Stream, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use crate::display::{Item, Page};
use crate::error::Error;
use crate::logo::deflate;

/// Wrote the PDF.
const PRODUCER: &str = "Acquit (printpdf, lopdf)";
/// Wrote what it says.
const CREATOR: &str = concat!("Acquit ", env!("CARGO_PKG_VERSION"));
/// Annotation flag 3: shown on paper too (ISO 32000-1, 12.5.3).
const PRINTED: i64 = 4;

/// Title, author and date of the file itself.
pub(crate) struct About {
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) subject: String,
    pub(crate) made_at: Timestamp,
}

/// Finishes the document and writes it.
pub(crate) fn finish(
    mut document: Document,
    pages: &[Page],
    about: &About,
) -> Result<Vec<u8>, Error> {
    document.version = "1.7".to_owned();
    let ids: Vec<ObjectId> = document.page_iter().collect();
    for (id, page) in ids.into_iter().zip(pages) {
        annotate(&mut document, id, page)?;
    }
    let identity = identity(&document, about);
    set_information(&mut document, about)?;
    let packet = Stream::new(
        dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
        xmp(about, &identity).into_bytes(),
    );
    let metadata = document.add_object(packet.with_compression(false));
    let catalog = document.catalog_mut().map_err(writing)?;
    catalog.remove(b"PageLayout");
    catalog.set("Lang", Object::string_literal("fr-FR"));
    catalog.set(
        "ViewerPreferences",
        dictionary! { "DisplayDocTitle" => true },
    );
    catalog.set("Metadata", Object::Reference(metadata));
    let half = Object::String(identity[..16].to_vec(), StringFormat::Hexadecimal);
    document
        .trailer
        .set("ID", Object::Array(vec![half.clone(), half]));
    compress(&mut document);
    let mut bytes = Vec::new();
    let options = SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .max_objects_per_stream(200)
        .compression_level(6)
        .build();
    document
        .save_with_options(&mut bytes, options)
        .map_err(writing)?;
    Ok(bytes)
}

fn writing(error: impl ToString) -> Error {
    Error::Writing(error.to_string())
}

/// Links print, have no coloured box, and say where they lead. They become objects of their own, as
/// a tagged PDF needs them.
fn annotate(document: &mut Document, id: ObjectId, shown: &Page) -> Result<(), Error> {
    let page = document.get_dictionary_mut(id).map_err(writing)?;
    page.set(
        "Group",
        dictionary! { "Type" => "Group", "S" => "Transparency", "CS" => "DeviceRGB" },
    );
    page.set("Tabs", "S");
    let drawn = page
        .remove(b"Annots")
        .and_then(|list| list.as_array().ok().cloned());
    let drawn = drawn.unwrap_or_default();
    let contents: Vec<&String> = shown.items.iter().filter_map(contents_of).collect();
    if drawn.len() != contents.len() {
        return Err(Error::Writing("an annotation is missing".to_owned()));
    }
    let mut annotations = Vec::with_capacity(drawn.len());
    for (annotation, contents) in drawn.iter().zip(contents) {
        let mut annotation = annotation.as_dict().map_err(writing)?.clone();
        annotation.set("F", PRINTED);
        annotation.set("Contents", utf16(contents));
        annotation.remove(b"C");
        annotations.push(Object::Reference(document.add_object(annotation)));
    }
    if !annotations.is_empty() {
        let page = document.get_dictionary_mut(id).map_err(writing)?;
        page.set("Annots", Object::Array(annotations));
    }
    Ok(())
}

fn contents_of(item: &Item) -> Option<&String> {
    match item {
        Item::Link { contents, .. } => Some(contents),
        _ => None,
    }
}

/// What the file is: a hash over all that it shows, so that two renditions that differ have
/// different identities and the same rendition always has the same.
fn identity(document: &Document, about: &About) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for text in [&about.title, &about.author, &about.subject] {
        hasher.update(text.as_bytes());
        hasher.update([0]);
    }
    hasher.update(paris_iso(about.made_at).as_bytes());
    for object in document.objects.values() {
        match object {
            Object::Stream(stream) => hasher.update(&stream.content),
            other => hasher.update(format!("{other:?}").as_bytes()),
        }
    }
    hasher.finalize().into()
}

fn set_information(document: &mut Document, about: &About) -> Result<(), Error> {
    let information = document
        .trailer
        .get(b"Info")
        .and_then(Object::as_reference)
        .map_err(writing)?;
    let date = in_paris(about.made_at)
        .strftime("D:%Y%m%d%H%M%S%z")
        .to_string();
    // `+0100` is written `+01'00'` (ISO 32000-1, 7.9.4).
    let date = match date.split_at_checked(date.len().saturating_sub(2)) {
        Some((hours, minutes)) => format!("{hours}'{minutes}'"),
        None => date,
    };
    let entries = dictionary! {
        "Title" => utf16(&about.title),
        "Author" => utf16(&about.author),
        "Subject" => utf16(&about.subject),
        "Creator" => utf16(CREATOR),
        "Producer" => utf16(PRODUCER),
        "CreationDate" => Object::string_literal(date.as_str()),
        "ModDate" => Object::string_literal(date.as_str())
    };
    document
        .objects
        .insert(information, Object::Dictionary(entries));
    Ok(())
}

/// zlib level 6 on whatever is still plain, but never on the XMP packet: tools search it as text.
fn compress(document: &mut Document) {
    for object in document.objects.values_mut() {
        if let Object::Stream(stream) = object
            && stream.allows_compression
            && !stream.dict.has(b"Filter")
            && stream.content.len() > 64
        {
            let packed = deflate(&stream.content);
            stream.dict.set("Filter", "FlateDecode");
            stream.set_content(packed);
        }
    }
}

/// A text string as UTF-16 with its mark (ISO 32000-1, 7.9.2.2).
fn utf16(text: &str) -> Object {
    let mut bytes = vec![0xfe, 0xff];
    for unit in text.encode_utf16() {
        bytes.extend(unit.to_be_bytes());
    }
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// The same facts as the information dictionary, as XMP (ISO 16684-1).
fn xmp(about: &About, identity: &[u8; 32]) -> String {
    let hex: String = identity[16..]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let (title, author, subject) = (
        escaped(&about.title),
        escaped(&about.author),
        escaped(&about.subject),
    );
    let date = paris_iso(about.made_at);
    let uuid = format!(
        "uuid:{}-{}-8{}-8{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..32]
    );
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator><dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description><dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>{PRODUCER}</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>{CREATOR}</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate><xmp:MetadataDate>{date}</xmp:MetadataDate></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"><xmpMM:DocumentID>{uuid}</xmpMM:DocumentID><xmpMM:InstanceID>{uuid}</xmpMM:InstanceID></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{feff}',
    )
}

/// Escapes for XML and leaves out what XML 1.0 cannot hold.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            _ if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {}
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
