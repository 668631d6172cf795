//! Takes the fields of an object one by one, each with its path.

use acquit_domain::Rule;
use acquit_domain::text::{multi_line, single_line};

use super::fault::{Fault, Refused, Shape};
use super::json::Node;

/// The fields of one object. Opening it already refuses unknown and doubled keys, so that a
/// misspelt field is named as it was written.
#[derive(Debug)]
pub(crate) struct Fields {
    path: String,
    fields: Vec<(String, Node)>,
}

impl Fields {
    /// Opens the document itself.
    ///
    /// # Errors
    /// Not an object, or a key unknown or written twice.
    pub(crate) fn of_document(node: Node, known: &'static [&'static str]) -> Result<Self, Refused> {
        let Node::Object(fields) = node else {
            return Err(Fault::WrongType {
                expected: Shape::Object,
            }
            .into());
        };
        Self::checked(String::new(), fields, known)
    }

    /// Opens the object at `path`.
    ///
    /// # Errors
    /// Not an object, or a key unknown or written twice.
    pub(crate) fn of_object(
        node: Node,
        path: String,
        known: &'static [&'static str],
    ) -> Result<Self, Refused> {
        let Node::Object(fields) = node else {
            return Err(Refused::at(
                path,
                Fault::WrongType {
                    expected: Shape::Object,
                },
            ));
        };
        Self::checked(path, fields, known)
    }

    fn checked(
        path: String,
        fields: Vec<(String, Node)>,
        known: &'static [&'static str],
    ) -> Result<Self, Refused> {
        let opened = Self { path, fields };
        for (index, (name, _)) in opened.fields.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                return Err(Refused::at(
                    opened.path_of(&shown(name)),
                    Fault::Unknown { known },
                ));
            }
            if opened.fields[..index]
                .iter()
                .any(|(earlier, _)| earlier == name)
            {
                return Err(Refused::at(opened.path_of(name), Fault::Duplicate));
            }
        }
        Ok(opened)
    }

    /// The path of a field of this object.
    pub(crate) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// Takes a field; `null` counts as absent.
    pub(crate) fn take(&mut self, name: &str) -> Option<Node> {
        let (_, node) = self.fields.iter_mut().find(|(known, _)| known == name)?;
        match std::mem::replace(node, Node::Null) {
            Node::Null => None,
            node => Some(node),
        }
    }

    /// Whether a field is there with a value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields
            .iter()
            .any(|(known, node)| known == name && *node != Node::Null)
    }

    /// A required field.
    ///
    /// # Errors
    /// [`Fault::Missing`].
    pub(crate) fn required<T>(&self, name: &str, found: Option<T>) -> Result<T, Refused> {
        found.ok_or_else(|| Refused::at(self.path_of(name), Fault::Missing))
    }

    /// A raw text.
    ///
    /// # Errors
    /// Another type: `expected` says what should be written.
    pub(crate) fn raw(&mut self, name: &str, expected: Shape) -> Result<Option<String>, Refused> {
        match self.take(name) {
            None => Ok(None),
            Some(Node::Text(text)) => Ok(Some(text)),
            Some(Node::Number(_)) if expected == Shape::Decimal => {
                Err(Refused::at(self.path_of(name), Fault::NumberNotText))
            }
            Some(_) => Err(Refused::at(
                self.path_of(name),
                Fault::WrongType { expected },
            )),
        }
    }

    /// A text of one line.
    ///
    /// # Errors
    /// Another type, or a rule of [`single_line`].
    pub(crate) fn line(&mut self, name: &str, most: usize) -> Result<Option<String>, Refused> {
        self.parsed(name, Shape::Text, |text| single_line(text, most))
    }

    /// A required text of one line.
    ///
    /// # Errors
    /// Missing, another type, or a rule of [`single_line`].
    pub(crate) fn required_line(&mut self, name: &str, most: usize) -> Result<String, Refused> {
        let found = self.line(name, most)?;
        self.required(name, found)
    }

    /// A text of several lines.
    ///
    /// # Errors
    /// Another type, or a rule of [`multi_line`].
    pub(crate) fn lines(&mut self, name: &str, most: usize) -> Result<Option<String>, Refused> {
        self.parsed(name, Shape::Text, |text| multi_line(text, most))
    }

    /// A text that the domain reads.
    ///
    /// # Errors
    /// Another type, or the rule that the text breaks.
    pub(crate) fn parsed<T>(
        &mut self,
        name: &str,
        expected: Shape,
        read: impl FnOnce(&str) -> Result<T, Rule>,
    ) -> Result<Option<T>, Refused> {
        let Some(text) = self.raw(name, expected)? else {
            return Ok(None);
        };
        read(&text)
            .map(Some)
            .map_err(|rule| Refused::rule(self.path_of(name), rule))
    }

    /// A required text that the domain reads.
    ///
    /// # Errors
    /// Missing, another type, or the rule that the text breaks.
    pub(crate) fn required_parsed<T>(
        &mut self,
        name: &str,
        expected: Shape,
        read: impl FnOnce(&str) -> Result<T, Rule>,
    ) -> Result<T, Refused> {
        let found = self.parsed(name, expected, read)?;
        self.required(name, found)
    }

    /// One word of a list: its place in it.
    ///
    /// # Errors
    /// Another type, or another word.
    pub(crate) fn choice(
        &mut self,
        name: &str,
        allowed: &'static [&'static str],
    ) -> Result<Option<&'static str>, Refused> {
        let Some(text) = self.raw(name, Shape::Text)? else {
            return Ok(None);
        };
        match allowed.iter().find(|word| **word == text) {
            Some(word) => Ok(Some(word)),
            None => Err(Refused::at(self.path_of(name), Fault::Choice { allowed })),
        }
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// Another type.
    pub(crate) fn boolean(&mut self, name: &str) -> Result<Option<bool>, Refused> {
        match self.take(name) {
            None => Ok(None),
            Some(Node::Boolean(value)) => Ok(Some(value)),
            Some(_) => Err(Refused::at(
                self.path_of(name),
                Fault::WrongType {
                    expected: Shape::Boolean,
                },
            )),
        }
    }

    /// A whole number between bounds.
    ///
    /// # Errors
    /// Another type, or outside the bounds.
    pub(crate) fn whole(
        &mut self,
        name: &str,
        least: i64,
        most: i64,
    ) -> Result<Option<i64>, Refused> {
        let fault = match self.take(name) {
            None => return Ok(None),
            Some(Node::Number(Some(value))) if (least..=most).contains(&value) => {
                return Ok(Some(value));
            }
            Some(Node::Number(Some(_))) => Fault::OutOfRange { least, most },
            Some(_) => Fault::WrongType {
                expected: Shape::WholeNumber,
            },
        };
        Err(Refused::at(self.path_of(name), fault))
    }

    /// The elements of a list, each with its path.
    ///
    /// # Errors
    /// Another type.
    pub(crate) fn list(&mut self, name: &str) -> Result<Option<Vec<(String, Node)>>, Refused> {
        let path = self.path_of(name);
        match self.take(name) {
            None => Ok(None),
            Some(Node::List(nodes)) => {
                let numbered = nodes.into_iter().enumerate();
                Ok(Some(
                    numbered
                        .map(|(index, node)| (format!("{path}[{index}]"), node))
                        .collect(),
                ))
            }
            Some(_) => Err(Refused::at(
                path,
                Fault::WrongType {
                    expected: Shape::List,
                },
            )),
        }
    }

    /// An object inside this one.
    ///
    /// # Errors
    /// Another type, or a key unknown or written twice.
    pub(crate) fn object(
        &mut self,
        name: &str,
        known: &'static [&'static str],
    ) -> Result<Option<Self>, Refused> {
        let path = self.path_of(name);
        self.take(name)
            .map(|node| Self::of_object(node, path, known))
            .transpose()
    }
}

/// A foreign key as it may be shown: bounded, without control characters.
fn shown(name: &str) -> String {
    name.chars()
        .filter(|character| !character.is_control())
        .take(60)
        .collect()
}
