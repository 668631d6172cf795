//! What printpdf leaves out, done with lopdf on the document in memory: what makes it PDF/A-3a
//! (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) besides its structure (`tags`), the attached invoice,
//! identity, compression. The same input gives the same bytes.

use std::sync::LazyLock;

use acquit_domain::date::{in_paris, paris_iso};
use jiff::Timestamp;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use crate::display::{Item, Page};
use crate::error::Error;
use crate::file;
use crate::xmp::{self, Packet};
use crate::zlib::deflate;

/// What the PDF was made with.
const PRODUCER: &str = "Acquit (printpdf, lopdf)";
/// Wrote what it says.
const CREATOR: &str = concat!("Acquit ", env!("CARGO_PKG_VERSION"));
/// Annotation flag 3: shown on paper too (ISO 32000-1, 12.5.3).
const PRINTED: i64 = 4;
/// sRGB in the Compact ICC Profiles (CC0 1.0, `color/LICENSE.txt`).
const SRGB: &[u8] = include_bytes!("../color/sRGB-v2-magic.icc");
static PACKED_SRGB: LazyLock<Vec<u8>> = LazyLock::new(|| deflate(SRGB));
/// The name that Factur-X prescribes.
const INVOICE_FILE: &str = "factur-x.xml";
/// What viewers say of the attachment.
const INVOICE_FILE_WORDS: &str = "Facture électronique Factur-X (EN 16931)";

/// Title, author and date of the file itself.
pub(crate) struct About {
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) subject: String,
    pub(crate) made_at: Timestamp,
}

/// Finishes the document and writes it. `attached`: the same invoice as XML (Factur-X, profile
/// EN 16931), where there is one.
///
/// # Errors
/// [`Error::Writing`].
pub(crate) fn finish(
    mut document: Document,
    pages: &[Page],
    about: &About,
    attached: Option<&str>,
) -> Result<Vec<u8>, Error> {
    let identity = identity(&document, pages, about, attached);
    let ids: Vec<ObjectId> = document.page_iter().collect();
    for (id, page) in ids.into_iter().zip(pages) {
        finish_page(&mut document, id, page)?;
    }
    set_information(&mut document, about)?;
    let metadata = add_packet(&mut document, about, &identity[16..], attached.is_some());
    let intent = output_intent(&mut document);
    let attachment = attached.map(|xml| attach(&mut document, xml, about));
    let catalog = document.catalog_mut().map_err(writing)?;
    catalog.remove(b"PageLayout");
    catalog.set("Lang", Object::string_literal("fr-FR"));
    catalog.set(
        "ViewerPreferences",
        dictionary! { "DisplayDocTitle" => true },
    );
    catalog.set("Metadata", Object::Reference(metadata));
    catalog.set("OutputIntents", Object::Array(vec![intent.into()]));
    if let Some(attachment) = attachment {
        name_attachment(catalog, attachment);
    }
    let half = Object::String(identity[..16].to_vec(), StringFormat::Literal);
    document
        .trailer
        .set("ID", Object::Array(vec![half.clone(), half]));
    compress(&mut document);
    Ok(file::written(document))
}

pub(crate) fn writing(error: impl ToString) -> Error {
    Error::Writing(error.to_string())
}

/// Colours blend in sRGB; links print, have no coloured box, and say where they lead.
fn finish_page(document: &mut Document, id: ObjectId, shown: &Page) -> Result<(), Error> {
    let page = document.get_dictionary_mut(id).map_err(writing)?;
    page.set(
        "Group",
        dictionary! { "Type" => "Group", "S" => "Transparency", "CS" => "DeviceRGB" },
    );
    let links: Vec<ObjectId> = match page.get(b"Annots").and_then(Object::as_array) {
        Ok(links) => links.iter().flat_map(Object::as_reference).collect(),
        Err(_) => Vec::new(),
    };
    let contents: Vec<&String> = shown.items.iter().filter_map(contents_of).collect();
    if links.len() != contents.len() {
        return Err(writing("an annotation is missing"));
    }
    for (link, contents) in links.into_iter().zip(contents) {
        let link = document.get_dictionary_mut(link).map_err(writing)?;
        link.set("F", PRINTED);
        link.set("Contents", utf16(contents));
        link.remove(b"C");
    }
    Ok(())
}

fn contents_of(item: &Item) -> Option<&String> {
    match item {
        Item::Link { contents, .. } => Some(contents),
        _ => None,
    }
}

/// What the file is: a hash over all that it shows, says and carries, so that two renditions that
/// differ have different identities and the same rendition always has the same.
fn identity(
    document: &Document,
    pages: &[Page],
    about: &About,
    attached: Option<&str>,
) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hasher.update(bytes.len().to_le_bytes());
        hasher.update(bytes);
    };
    for text in [&about.title, &about.author, &about.subject] {
        add(text.as_bytes());
    }
    add(paris_iso(about.made_at).as_bytes());
    add(attached.unwrap_or_default().as_bytes());
    for item in pages.iter().flat_map(|page| &page.items) {
        match item {
            Item::Link { url, contents, .. } => {
                add(url.as_bytes());
                add(contents.as_bytes());
            }
            Item::Open {
                alternate: Some(alternate),
                ..
            } => add(alternate.as_bytes()),
            _ => {}
        }
    }
    for object in document.objects.values() {
        if let Object::Stream(stream) = object {
            add(&stream.content);
        }
    }
    hasher.finalize().into()
}

/// What the colours mean (ISO 19005-3, 6.2.3).
fn output_intent(document: &mut Document) -> Dictionary {
    let entries = dictionary! { "N" => 3, "Filter" => "FlateDecode" };
    let profile = document.add_object(Stream::new(entries, PACKED_SRGB.clone()));
    dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => Object::string_literal("sRGB"),
        "Info" => Object::string_literal("sRGB IEC61966-2.1"),
        "RegistryName" => Object::string_literal("http://www.color.org"),
        "DestOutputProfile" => Object::Reference(profile)
    }
}

fn add_packet(document: &mut Document, about: &About, identity: &[u8], factur_x: bool) -> ObjectId {
    let packet = xmp::packet(&Packet {
        title: &about.title,
        author: &about.author,
        subject: &about.subject,
        producer: PRODUCER,
        creator: CREATOR,
        date: &paris_iso(about.made_at),
        identity,
        factur_x,
    });
    let entries = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let packet = Stream::new(entries, packet.into_bytes());
    document.add_object(packet.with_compression(false))
}

/// Puts the invoice into the file as XML; gives back its file specification (ISO 19005-3, 6.8).
/// It is the *Alternative* of what is shown: the same invoice in another form (Factur-X 1.0).
fn attach(document: &mut Document, xml: &str, about: &About) -> ObjectId {
    let changed = Object::string_literal(pdf_date(about.made_at).as_str());
    let entries = dictionary! {
        "Type" => "EmbeddedFile",
        "Subtype" => Object::Name(b"text/xml".to_vec()),
        "Params" => dictionary! { "ModDate" => changed, "Size" => file::integer(xml.len()) }
    };
    let stream = document.add_object(Stream::new(entries, xml.as_bytes().to_vec()));
    let embedded = dictionary! {
        "F" => Object::Reference(stream),
        "UF" => Object::Reference(stream)
    };
    document.add_object(dictionary! {
        "Type" => "Filespec",
        "F" => Object::string_literal(INVOICE_FILE),
        "UF" => utf16(INVOICE_FILE),
        "Desc" => utf16(INVOICE_FILE_WORDS),
        "AFRelationship" => "Alternative",
        "EF" => embedded
    })
}

fn name_attachment(catalog: &mut Dictionary, attachment: ObjectId) {
    let reference = || Object::Reference(attachment);
    let names = vec![Object::string_literal(INVOICE_FILE), reference()];
    let files = dictionary! { "Names" => Object::Array(names) };
    catalog.set("Names", dictionary! { "EmbeddedFiles" => files });
    catalog.set("AF", Object::Array(vec![reference()]));
}

/// A date as PDF writes it (ISO 32000-1, 7.9.4), in French time.
fn pdf_date(at: Timestamp) -> String {
    let date = in_paris(at).strftime("D:%Y%m%d%H%M%S%z").to_string();
    // `+0100` is written `+01'00'`.
    match date.split_at_checked(date.len().saturating_sub(2)) {
        Some((hours, minutes)) => format!("{hours}'{minutes}'"),
        None => date,
    }
}

fn set_information(document: &mut Document, about: &About) -> Result<(), Error> {
    let information = document
        .trailer
        .get(b"Info")
        .and_then(Object::as_reference)
        .map_err(writing)?;
    let date = pdf_date(about.made_at);
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

/// Compresses whatever is still plain, but never the XMP packet: tools search it as text.
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

/// A text string as UTF-16 with its mark (ISO 32000-1, 7.9.2.2), without what the XMP packet, which
/// says the same, cannot hold.
pub(crate) fn utf16(text: &str) -> Object {
    let mut bytes = vec![0xfe, 0xff];
    for character in text.chars().filter(|one| xmp::is_sayable(*one)) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            bytes.extend(unit.to_be_bytes());
        }
    }
    Object::String(bytes, StringFormat::Literal)
}

#[cfg(test)]
mod tests {
    use lopdf::{Document, Object};

    use super::{About, finish};
    use crate::display::{Page, Role};
    use crate::layout::Canvas;
    use crate::pdf;
    use crate::theme::TITLE;

    const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rsm:CrossIndustryInvoice/>";

    fn written(attached: Option<&str>) -> Vec<u8> {
        let mut canvas = Canvas::default();
        canvas.part(Role::Title, |canvas| {
            canvas.line(50.0, 50.0, TITLE, "Facture");
        });
        let pages = [Page {
            items: canvas.items,
        }];
        let about = About {
            title: "Facture <1>\u{1}".to_owned(),
            author: "Ferrand & fils".to_owned(),
            subject: "Salle de bain".to_owned(),
            made_at: "2026-11-18T08:12:44Z".parse().unwrap(),
        };
        let document = pdf::document(&pages, None).unwrap();
        finish(document, &pages, &about, attached).unwrap()
    }

    fn packet(pdf: &Document) -> String {
        let packet = pdf.catalog().unwrap().get(b"Metadata").unwrap();
        let packet = pdf.get_object(packet.as_reference().unwrap()).unwrap();
        String::from_utf8(packet.as_stream().unwrap().content.clone()).unwrap()
    }

    #[test]
    fn an_invoice_is_attached_as_the_alternative_of_what_is_shown() {
        let pdf = Document::load_mem(&written(Some(XML))).unwrap();
        let catalog = pdf.catalog().unwrap();
        let files = catalog.get(b"AF").unwrap().as_array().unwrap();
        assert_eq!(files.len(), 1);
        let names = catalog.get(b"Names").unwrap().as_dict().unwrap();
        let names = names.get(b"EmbeddedFiles").unwrap().as_dict().unwrap();
        let names = names.get(b"Names").unwrap().as_array().unwrap();
        assert_eq!(names[0].as_str().unwrap(), b"factur-x.xml");
        assert_eq!(names[1], files[0]);
        let file = pdf
            .get_dictionary(files[0].as_reference().unwrap())
            .unwrap();
        let relation = file.get(b"AFRelationship").unwrap().as_name().unwrap();
        assert_eq!(relation, b"Alternative");
        assert_eq!(file.get(b"F").unwrap().as_str().unwrap(), b"factur-x.xml");
        assert!(file.has(b"UF") && file.has(b"Desc"));
        let embedded = file.get(b"EF").unwrap().as_dict().unwrap();
        assert_eq!(embedded.get(b"F").unwrap(), embedded.get(b"UF").unwrap());
        let stream = embedded.get(b"F").unwrap().as_reference().unwrap();
        let stream = pdf.get_object(stream).unwrap().as_stream().unwrap();
        let kind = stream.dict.get(b"Subtype").unwrap().as_name().unwrap();
        assert_eq!(kind, b"text/xml");
        let facts = stream.dict.get(b"Params").unwrap().as_dict().unwrap();
        let size = facts.get(b"Size").unwrap().as_i64().unwrap();
        assert_eq!(usize::try_from(size).unwrap(), XML.len());
        let date = facts.get(b"ModDate").unwrap().as_str().unwrap();
        assert_eq!(date, b"D:20261118091244+01'00'");
        let content = stream.decompressed_content();
        assert_eq!(
            content.unwrap_or_else(|_| stream.content.clone()),
            XML.as_bytes()
        );
        let packet = packet(&pdf);
        for words in [
            "<fx:DocumentType>INVOICE</fx:DocumentType>",
            "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
            "<fx:Version>1.0</fx:Version>",
            "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        ] {
            assert!(packet.contains(words), "{words} in {packet}");
        }
    }

    #[test]
    fn without_an_invoice_nothing_speaks_of_one() {
        let bytes = written(None);
        let pdf = Document::load_mem(&bytes).unwrap();
        let catalog = pdf.catalog().unwrap();
        assert!(!catalog.has(b"AF") && !catalog.has(b"Names"));
        assert!(!packet(&pdf).contains("<fx:"));
    }

    #[test]
    fn the_same_gives_the_same_bytes_and_another_invoice_another_identity() {
        assert_eq!(written(Some(XML)), written(Some(XML)));
        let identity = |attached| {
            let pdf = Document::load_mem(&written(attached)).unwrap();
            pdf.trailer.get(b"ID").unwrap().clone()
        };
        assert_ne!(identity(None), identity(Some(XML)));
        assert_ne!(identity(Some("<a/>")), identity(Some(XML)));
    }

    #[test]
    fn the_information_dictionary_and_the_packet_agree() {
        let pdf = Document::load_mem(&written(None)).unwrap();
        let said = pdf.trailer.get(b"Info").unwrap().as_reference().unwrap();
        let said = pdf.get_dictionary(said).unwrap();
        let text = |key: &[u8]| {
            let bytes = said.get(key).and_then(Object::as_str).unwrap();
            let units = bytes[2..]
                .chunks(2)
                .map(|two| u16::from_be_bytes([two[0], two[1]]));
            String::from_utf16(&units.collect::<Vec<_>>()).unwrap()
        };
        let packet = packet(&pdf);
        for (key, before, after) in [
            (
                &b"Title"[..],
                "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">",
                "<",
            ),
            (b"Author", "<dc:creator><rdf:Seq><rdf:li>", "<"),
            (
                b"Subject",
                "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">",
                "<",
            ),
            (b"Creator", "<xmp:CreatorTool>", "<"),
            (b"Producer", "<pdf:Producer>", "<"),
        ] {
            let escaped = text(key)
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            let expected = format!("{before}{escaped}{after}");
            assert!(packet.contains(&expected), "{expected} in {packet}");
        }
        assert!(packet.contains("<xmp:CreateDate>2026-11-18T09:12:44+01:00<"));
        assert_eq!(
            said.get(b"CreationDate").unwrap().as_str().unwrap(),
            b"D:20261118091244+01'00'"
        );
        assert_eq!(text(b"Title"), "Facture <1>");
    }
}
