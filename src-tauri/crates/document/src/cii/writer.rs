//! A small XML writer: what is opened is closed, and every text is escaped.

/// XML in the making.
pub(super) struct X {
    written: String,
}

impl X {
    pub(super) fn new() -> Self {
        Self {
            written: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"),
        }
    }

    /// What will be put into another.
    pub(super) const fn new_part() -> Self {
        Self {
            written: String::new(),
        }
    }

    pub(super) fn append(&mut self, part: Self) {
        self.written.push_str(&part.written);
    }

    pub(super) fn finish(mut self) -> String {
        self.written.push('\n');
        self.written
    }

    /// An element around others. `open` may carry attributes with constant values.
    pub(super) fn within(&mut self, open: &str, write: impl FnOnce(&mut Self)) {
        self.written.push('<');
        self.written.push_str(open);
        self.written.push('>');
        write(self);
        self.close(open.split(' ').next().unwrap_or(open));
    }

    /// An element with a text.
    pub(super) fn element(&mut self, name: &str, text: &str) {
        self.within(name, |x| x.text(text));
    }

    /// The same with an attribute.
    pub(super) fn with(&mut self, name: &str, (attribute, value): (&str, &str), text: &str) {
        self.written.push_str(&format!("<{name} {attribute}=\""));
        self.text(value);
        self.written.push_str("\">");
        self.text(text);
        self.close(name);
    }

    fn close(&mut self, name: &str) {
        self.written.push_str("</");
        self.written.push_str(name);
        self.written.push('>');
    }

    fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.written.push_str("&amp;"),
                '<' => self.written.push_str("&lt;"),
                '>' => self.written.push_str("&gt;"),
                '"' => self.written.push_str("&quot;"),
                _ if is_printable(character) => self.written.push(character),
                _ => {}
            }
        }
    }
}

/// What XML 1.0 may hold (§ 2.2), less other controls: nobody could see them.
pub(super) fn is_printable(character: char) -> bool {
    let control = character.is_control() && character != '\n';
    !control && !matches!(character, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::X;

    #[test]
    fn whatever_a_text_holds_the_xml_is_well_formed() {
        let mut x = X::new();
        x.within("a b=\"c\"", |x| {
            x.with("d", ("e", "\"&"), "<Père & Fils>\u{0}\u{b}\u{fffe}\n漢");
            x.element("f", "");
        });
        let end = x.finish();
        let body = end.split_once("?>\n").unwrap().1;
        let expected =
            "<a b=\"c\"><d e=\"&quot;&amp;\">&lt;Père &amp; Fils&gt;\n漢</d><f></f></a>\n";
        assert_eq!(body, expected);
    }
}
