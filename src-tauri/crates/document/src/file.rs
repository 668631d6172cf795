//! The bytes of a finished document: streams as they are, everything else packed into object streams
//! and found through a cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8). Written by hand: lopdf
//! copies each packed object and writes it three times, a fifth of what an invoice costs.

use std::collections::BTreeMap;
use std::io::Write as _;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use crate::zlib::deflate;

/// Version, and a mark by which programs see that the file is binary (ISO 19005-3, 6.1.2).
const HEAD: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
/// Objects in one object stream: a reader unpacks all of them to see one.
const PACKED_MAX: usize = 200;

/// Writes a document that no file has held before: each object is the first of its number.
pub(crate) fn written(document: Document) -> Vec<u8> {
    let is_first = |(id, generation): &ObjectId| *generation == 0 && *id <= document.max_id;
    debug_assert!(document.objects.keys().all(is_first), "numbers given anew");
    let mut file = File::default();
    let mut next = document.max_id + 1;
    let (streams, others): (Vec<_>, Vec<_>) = document
        .objects
        .into_iter()
        .map(|((id, _), object)| (id, object))
        .partition(|(_, object)| object.as_stream().is_ok());
    for (id, object) in &streams {
        file.object(*id, object);
    }
    for objects in others.chunks(PACKED_MAX) {
        file.pack(next, objects);
        next += 1;
    }
    file.end(next, document.trailer)
}

/// Where an object is.
enum Place {
    /// Bytes from the beginning of the file.
    At(u32),
    /// In an object stream, by its number and the object's index there.
    Packed(u32, u16),
}

/// A file that is being written.
struct File {
    bytes: Vec<u8>,
    places: BTreeMap<u32, Place>,
}

impl Default for File {
    fn default() -> Self {
        Self {
            bytes: HEAD.to_vec(),
            places: BTreeMap::new(),
        }
    }
}

impl File {
    /// The next byte; no paper has 4 GiB of them.
    fn here(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    fn object(&mut self, id: u32, object: &Object) {
        self.places.insert(id, Place::At(self.here()));
        print(&mut self.bytes, format_args!("{id} 0 obj\n"));
        value(&mut self.bytes, object);
        self.bytes.extend(b"\nendobj\n");
    }

    /// Numbers and offsets of the objects, then the objects.
    fn pack(&mut self, id: u32, objects: &[(u32, Object)]) {
        let (mut index, mut packed) = (Vec::new(), Vec::new());
        for (place, (number, object)) in (0..).zip(objects) {
            self.places.insert(*number, Place::Packed(id, place));
            print(&mut index, format_args!("{number} {} ", packed.len()));
            value(&mut packed, object);
            packed.push(b' ');
        }
        let entries = dictionary! {
            "Type" => "ObjStm",
            "N" => integer(objects.len()),
            "First" => integer(index.len()),
            "Filter" => "FlateDecode"
        };
        index.append(&mut packed);
        self.object(id, &Stream::new(entries, deflate(&index)).into());
    }

    /// The cross-reference stream, which is the trailer too, and where it begins.
    fn end(mut self, id: u32, mut trailer: Dictionary) -> Vec<u8> {
        let start = self.here();
        self.places.insert(id, Place::At(start));
        let mut rows = Vec::new();
        for number in 0..=id {
            // Kind of the row, an offset or a number, and an index or a generation.
            let (kind, one, other) = match self.places.get(&number) {
                None => (0_u8, 0, u16::MAX),
                Some(Place::At(offset)) => (1, *offset, 0),
                Some(Place::Packed(stream, index)) => (2, *stream, *index),
            };
            rows.push(kind);
            rows.extend(one.to_be_bytes());
            rows.extend(other.to_be_bytes());
        }
        trailer.set("Type", "XRef");
        trailer.set("Size", i64::from(id) + 1);
        trailer.set("W", vec![1.into(), 4.into(), 2.into()]);
        trailer.set("Filter", "FlateDecode");
        self.object(id, &Stream::new(trailer, deflate(&rows)).into());
        print(&mut self.bytes, format_args!("startxref\n{start}\n%%EOF\n"));
        self.bytes
    }
}

/// A count as PDF holds it.
pub(crate) fn integer(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Writing into memory cannot fail.
fn print(bytes: &mut Vec<u8>, words: std::fmt::Arguments) {
    let outcome = bytes.write_fmt(words);
    debug_assert!(outcome.is_ok(), "memory takes everything");
}

/// An object as text (ISO 32000-1, 7.3).
fn value(bytes: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => bytes.extend(b"null"),
        Object::Boolean(truth) => print(bytes, format_args!("{truth}")),
        Object::Integer(number) => print(bytes, format_args!("{number}")),
        Object::Real(number) => print(bytes, format_args!("{number}")),
        Object::Name(name) => self::name(bytes, name),
        Object::String(text, _) => {
            bytes.push(b'(');
            literal(bytes, text);
            bytes.push(b')');
        }
        Object::Array(values) => {
            bytes.push(b'[');
            for (index, one) in values.iter().enumerate() {
                if index > 0 {
                    part(bytes, one);
                }
                value(bytes, one);
            }
            bytes.push(b']');
        }
        Object::Dictionary(entries) => dictionary(bytes, entries),
        Object::Stream(stream) => {
            dictionary(bytes, &stream.dict);
            bytes.extend(b"stream\n");
            bytes.extend(&stream.content);
            bytes.extend(b"\nendstream");
        }
        Object::Reference((id, generation)) => print(bytes, format_args!("{id} {generation} R")),
    }
}

fn dictionary(bytes: &mut Vec<u8>, entries: &Dictionary) {
    bytes.extend(b"<<");
    for (key, one) in entries {
        name(bytes, key);
        part(bytes, one);
        value(bytes, one);
    }
    bytes.extend(b">>");
}

/// A blank before what would run into what stands before it.
fn part(bytes: &mut Vec<u8>, next: &Object) {
    let is_delimited = matches!(
        next,
        Object::Name(_) | Object::String(..) | Object::Array(_) | Object::Dictionary(_)
    );
    if !is_delimited {
        bytes.push(b' ');
    }
}

/// A name: what is no regular character by its number (ISO 32000-1, 7.3.5).
fn name(bytes: &mut Vec<u8>, name: &[u8]) {
    bytes.push(b'/');
    for byte in name {
        match byte {
            b'#' | b'%' | b'(' | b')' | b'/' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' => {
                print(bytes, format_args!("#{byte:02X}"));
            }
            b'!'..=b'~' => bytes.push(*byte),
            _ => print(bytes, format_args!("#{byte:02X}")),
        }
    }
}

/// The bytes of a literal string, without its parentheses (ISO 32000-1, 7.3.4.2).
pub(crate) fn literal(bytes: &mut Vec<u8>, text: &[u8]) {
    for byte in text {
        match byte {
            b'(' | b')' | b'\\' => bytes.extend([b'\\', *byte]),
            // Left alone, it would be read as the end of a line.
            b'\r' => bytes.extend(b"\\r"),
            _ => bytes.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use lopdf::{Document, Object, Stream, StringFormat, dictionary};

    use super::{PACKED_MAX, written};

    fn every_kind() -> Vec<Object> {
        let all_bytes: Vec<u8> = (0..=u8::MAX).collect();
        vec![
            Object::Null,
            true.into(),
            (-42).into(),
            0.05_f32.into(),
            // A name cannot hold a zero.
            Object::Name(all_bytes[1..].to_vec()),
            Object::String(all_bytes, StringFormat::Literal),
            Object::String(b"((\\)\r\n".to_vec(), StringFormat::Literal),
            Object::Reference((1, 0)),
        ]
    }

    /// What lopdf reads of a document that was written.
    fn read_back(document: Document) -> Document {
        Document::load_mem(&written(document)).unwrap()
    }

    #[test]
    fn every_kind_of_object_is_read_back_as_it_was() {
        let kinds = every_kind();
        let mut entries = dictionary! { "Nested" => dictionary! { "Values" => kinds.clone() } };
        for (index, kind) in kinds.iter().enumerate() {
            entries.set(format!("Kind{index}"), kind.clone());
        }
        let mut document = Document::new();
        let catalog = document.add_object(dictionary! { "Type" => "Catalog" });
        document.trailer.set("Root", catalog);
        // No object stream may hold what is only a reference (ISO 32000-1, 7.5.7), and nothing makes such an object.
        let mut ids: Vec<_> = kinds
            .into_iter()
            .filter(|kind| kind.as_reference().is_err())
            .map(|kind| document.add_object(kind))
            .collect();
        ids.push(document.add_object(entries));
        ids.push(document.add_object(Stream::new(
            dictionary! { "Odd Key" => 1 },
            b"plain\nendstream?".to_vec(),
        )));
        let read = read_back(document.clone());
        for id in ids {
            assert_eq!(read.objects.get(&id), document.objects.get(&id), "{id:?}");
        }
    }

    #[test]
    fn more_objects_than_one_stream_holds_and_numbers_that_are_free_are_found() {
        let mut document = Document::new();
        let catalog = document.add_object(dictionary! { "Type" => "Catalog" });
        document.trailer.set("Root", catalog);
        let ids: Vec<_> = (0..2 * PACKED_MAX + 1)
            .map(|index| document.add_object(i64::try_from(index).unwrap()))
            .collect();
        document.objects.remove(&ids[7]);
        let read = read_back(document);
        for (index, id) in ids.iter().enumerate() {
            let found = read.get_object(*id).ok();
            let found = found.and_then(|object| object.as_i64().ok());
            let expected = (index != 7).then(|| i64::try_from(index).unwrap());
            assert_eq!(found, expected);
        }
        let root = read.trailer.get(b"Root").unwrap();
        assert_eq!(root.as_reference().unwrap(), catalog);
    }
}
