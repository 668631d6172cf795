//! JSON as it was written: keys in order, doubled ones kept so that they can be refused by name.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::fault::Fault;

/// Largest file read: a document of 2,000 long lines stays well below.
pub(crate) const FILE_BYTES_MAX: usize = 5_000_000;

/// One JSON value. Numbers are kept only where they are whole: money never travels as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// `null`: counts as absent.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number; its value where it is whole and fits.
    Number(Option<i64>),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object, its keys in the order of the file.
    Object(Vec<(String, Node)>),
}

/// Reads one JSON document. A byte order mark (Windows editors) is skipped.
///
/// # Errors
/// [`Fault::FileTooLarge`], [`Fault::NotUtf8`], [`Fault::TooDeep`] or [`Fault::NotJson`].
pub(crate) fn parse(bytes: &[u8]) -> Result<Node, Fault> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Fault::FileTooLarge {
            most: FILE_BYTES_MAX,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| {
        // serde_json stops at 128 levels and has no kind of error for it.
        if error.to_string().starts_with("recursion limit exceeded") {
            Fault::TooDeep
        } else {
            Fault::NotJson {
                line: error.line(),
                column: error.column(),
            }
        }
    })
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(Some(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(i64::try_from(value).ok()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Number(None))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = sequence.next_element()? {
            list.push(node);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut object = Vec::new();
        while let Some(pair) = map.next_entry()? {
            object.push(pair);
        }
        Ok(Node::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::{FILE_BYTES_MAX, Node, parse};
    use crate::input::fault::Fault;

    #[test]
    fn doubled_keys_are_kept_for_the_reader_to_refuse() {
        let node = parse(br#"{"a":1,"a":2.5}"#).unwrap();
        let pair = |value| ("a".to_owned(), Node::Number(value));
        assert_eq!(node, Node::Object(vec![pair(Some(1)), pair(None)]));
    }

    #[test]
    fn a_byte_order_mark_is_no_fault() {
        assert_eq!(
            parse(b"\xef\xbb\xbf[null]"),
            Ok(Node::List(vec![Node::Null]))
        );
    }

    #[test]
    fn what_is_no_json_is_refused() {
        assert_eq!(parse(b""), Err(Fault::NotJson { line: 1, column: 0 }));
        assert_eq!(
            parse(b"{\"a\":\n}"),
            Err(Fault::NotJson { line: 2, column: 1 })
        );
        assert_eq!(parse(b"{} {}"), Err(Fault::NotJson { line: 1, column: 4 }));
        assert_eq!(parse(b"\"\xff\""), Err(Fault::NotUtf8));
        assert!(matches!(parse(br#""\ud800""#), Err(Fault::NotJson { .. })));
        assert!(matches!(parse(b"1e999"), Err(Fault::NotJson { .. })));
        assert_eq!(parse("[".repeat(200).as_bytes()), Err(Fault::TooDeep));
        let large = vec![b' '; FILE_BYTES_MAX + 1];
        assert_eq!(
            parse(&large),
            Err(Fault::FileTooLarge {
                most: FILE_BYTES_MAX
            })
        );
    }
}
