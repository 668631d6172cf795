//! What may stand on paper, and where its lines break.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::fonts::{self, Face, points, shape, width};
use crate::theme::Style;

/// Makes a text printable: composed accents (NFC), no controls, no invisible marks, and only
/// characters that the face has. What it lacks (Chinese, Arabic, pictures …) becomes `?`, never an
/// empty box (.notdef), which PDF/A forbids (ISO 19005-3, 6.2.11.8).
pub(crate) fn clean(face: Face, dirty: &str) -> String {
    // Nearly every text; every face has all of it.
    if dirty.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return dirty.to_owned();
    }
    let mut cleaned = String::with_capacity(dirty.len());
    for character in dirty.nfc() {
        match character {
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => cleaned.push(' '),
            _ if character.is_control() || is_invisible(character) => {}
            _ if prints(face, character) => cleaned.push(character),
            // An accent that composes with nothing: the letter stays readable without it.
            _ if is_combining_mark(character) => {}
            '\u{2010}' | '\u{2011}' => cleaned.push('-'),
            _ => substitute(face, character, &mut cleaned),
        }
    }
    cleaned
}

/// The first character of a text in whose place `?` is printed.
#[must_use]
pub fn unprintable(text: &str) -> Option<char> {
    // ASCII, nearly every text, is in every face.
    let rest = text.find(|one: char| !one.is_ascii())?;
    let mut shown = String::new();
    text[rest..].nfc().find(|character| {
        let is_seen = !character.is_ascii() && !character.is_control() && !is_invisible(*character);
        shown.clear();
        is_seen
            && Face::ALL.iter().any(|face| {
                shown.clear();
                shown.push_str(&clean(*face, character.encode_utf8(&mut [0; 4])));
                shown == "?"
            })
    })
}

/// The compatible form (`①` is 1, `㎡` is m2) where the face has it, else `?`.
fn substitute(face: Face, character: char, cleaned: &mut String) {
    let compatible: String = std::iter::once(character).nfkc().collect();
    let printable = !compatible.is_empty() && compatible.chars().all(|part| prints(face, part));
    if printable {
        cleaned.push_str(&compatible);
    } else {
        cleaned.push('?');
    }
}

fn prints(face: Face, character: char) -> bool {
    fonts::has(face, character) && !is_combining_mark(character) && !is_private(character)
}

/// Characters of private use: the face has signs of its own there, whose meaning no reader knows
/// (ISO 19005-3, 6.2.11.7.3).
fn is_private(character: char) -> bool {
    matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Joiners, variation selectors, marks of direction: nothing to see.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Breaks a text into lines no wider than `most_pt`: at line breaks, at ordinary spaces, and
/// inside a word only where it alone is too wide. Empty lines are kept between others.
pub(crate) fn wrap(style: Style, text: &str, most_pt: f32) -> Vec<String> {
    wrap_indented(style, text, most_pt, 0.0)
}

/// A style in which a text is no wider than `most`.
pub(crate) fn fitted(style: Style, text: &str, most: f32) -> Style {
    let wide = width(style, text);
    if wide > most {
        style.scaled(most / wide)
    } else {
        style
    }
}

/// [`wrap`] where nothing stays nothing: no line for an empty text.
pub(crate) fn wrap_some(style: Style, text: &str, most_pt: f32) -> Vec<String> {
    if text.trim().is_empty() {
        Vec::new()
    } else {
        wrap(style, text, most_pt)
    }
}

/// [`wrap`] with a first line that starts `indent_pt` further right. The first line is empty where
/// not even a word fits after the indent.
pub(crate) fn wrap_indented(style: Style, text: &str, most_pt: f32, indent_pt: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let indent = if lines.is_empty() { indent_pt } else { 0.0 };
        wrap_paragraph(style, paragraph, most_pt, indent, &mut lines);
    }
    lines
}

fn wrap_paragraph(
    style: Style,
    paragraph: &str,
    most_pt: f32,
    indent_pt: f32,
    lines: &mut Vec<String>,
) {
    let space = width(style, " ");
    let (mut line, mut filled) = (String::new(), indent_pt);
    for word in unbroken(&clean(style.face, paragraph)) {
        for (index, (piece, wide)) in pieces(style, &word, most_pt).into_iter().enumerate() {
            let separator = if line.is_empty() { 0.0 } else { space };
            let at_start = line.is_empty() && filled == 0.0;
            if at_start || (index == 0 && filled + separator + wide <= most_pt) {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(&piece);
                filled += separator + wide;
            } else {
                lines.push(std::mem::replace(&mut line, piece));
                filled = wide;
            }
        }
    }
    lines.push(line);
}

/// The words of a text, with those kept together that French never parts: a number and its unit,
/// a word and the double punctuation behind it.
fn unbroken(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let clings = match words.last_mut() {
            Some(last) if clings(last, word) => Some(last),
            _ => None,
        };
        match clings {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
    }
    words
}

fn clings(before: &str, after: &str) -> bool {
    let unit = before.ends_with(|end: char| end.is_ascii_digit())
        && !before.contains(' ')
        && after.chars().count() <= 3
        && !after.starts_with(|start: char| start.is_ascii_digit());
    unit || before.ends_with('«') || matches!(after, ":" | ";" | "!" | "?" | "»" | "%" | "€")
}

/// A word and its width, or the parts of one that no line can hold.
fn pieces(style: Style, word: &str, most_pt: f32) -> Vec<(String, f32)> {
    let run = shape(style, word);
    if run.width_pt <= most_pt {
        return vec![(word.to_owned(), run.width_pt)];
    }
    let em = i32::from(fonts::metrics(style.face).units_per_em);
    let (mut parts, mut part, mut filled) = (Vec::new(), String::new(), 0.0);
    for (index, glyph) in run.glyphs.iter().enumerate() {
        let wide = points(glyph.advance, em, style.size_pt);
        if !part.is_empty() && filled + wide > most_pt {
            let rest = after_last_break(&part).map_or_else(String::new, |at| part.split_off(at));
            let kept = width(style, &part);
            parts.push((std::mem::replace(&mut part, rest), kept));
            filled = width(style, &part);
        }
        part.push_str(run.text_of(index));
        filled += wide;
    }
    parts.push((part, filled));
    parts
}

/// Where a word that is too wide breaks best: behind a hyphen or a stroke in its second half.
fn after_last_break(part: &str) -> Option<usize> {
    let at = part.rfind(['-', '/', ' '])? + 1;
    (at > part.len() / 2 && at < part.len()).then_some(at)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{clean, is_private, unprintable, wrap};
    use crate::fonts::{Face, shape, width};
    use crate::theme::{BODY, LEGAL, Style};

    #[test]
    fn nothing_printable_is_lost_and_nothing_unprintable_stays() {
        let french = "Œuvre d’été à 2\u{202f}278,80\u{a0}€, n° 5 « cœur » ½ 90 × 120 Ø 16 m²";
        assert_eq!(clean(Face::Regular, french), french);
        assert_eq!(
            clean(Face::Regular, "e\u{301}te\u{301}\u{7}\u{200b}\u{202e}!"),
            "été!"
        );
        assert!(matches!(
            clean(Face::Regular, "a\tb\u{2011}c").as_str(),
            "a b\u{2011}c" | "a b-c"
        ));
        assert_eq!(clean(Face::Bold, "漢字 🛠️"), "?? ?");
        assert_eq!(clean(Face::Bold, "x\u{33f}y"), "xy");
    }

    #[test]
    fn the_first_character_that_becomes_a_question_mark_is_named() {
        for (text, lacking) in [
            ("Réfection à l’identique – 2,50 m² ?", None),
            ("Ελλάδα, Україна", None),
            ("12 ㎡ e\u{301}", None),
            ("\u{202e}tva\u{200b}\u{7}", None),
            ("Pose 漢字", Some('漢')),
            ("א", Some('א')),
            ("merci 👷🏽", Some('👷')),
        ] {
            assert_eq!(unprintable(text), lacking, "{text:?}");
        }
    }

    /// Every character there is, in pieces.
    fn everything() -> impl Iterator<Item = String> {
        let all: Vec<u32> = (0..0x11_0000).collect();
        let pieces: Vec<String> = all
            .chunks(0x1000)
            .map(|piece| piece.iter().copied().filter_map(char::from_u32).collect())
            .collect();
        pieces.into_iter()
    }

    #[test]
    fn no_text_ever_shows_an_empty_box() {
        for face in Face::ALL {
            let style = Style { face, ..BODY };
            for piece in everything() {
                let run = shape(style, &piece);
                let empty = run.glyphs.iter().position(|glyph| glyph.id == 0);
                assert_eq!(empty.map(|index| run.text_of(index)), None);
                assert!(
                    !run.text
                        .chars()
                        .any(|one| one.is_control() || is_private(one))
                );
            }
        }
    }

    #[test]
    fn each_character_is_one_glyph_so_that_it_can_be_copied_out() {
        for face in Face::ALL {
            let style = Style { face, ..BODY };
            let printed: BTreeSet<char> = everything()
                .flat_map(|piece| clean(face, &piece).chars().collect::<Vec<_>>())
                .collect();
            assert!(printed.len() > 1_000, "Latin, Greek, Cyrillic");
            for one in printed {
                let run = shape(style, &one.to_string());
                assert_eq!(run.glyphs.len(), 1, "{one:?} {:x}", u32::from(one));
                assert_eq!(run.text_of(0), one.to_string());
            }
        }
    }

    #[test]
    fn what_the_face_lacks_leaves_a_question_mark_for_each_character() {
        for (lacking, shown) in [
            ("עברית", "?????"),
            ("مرحبا", "?????"),
            ("漢字", "??"),
            ("👷🏽", "??"),
            ("a\u{e000}b\u{f8ff}", "a?b?"),
            ("\u{fffe}\u{fdd0}", "??"),
            ("\0\u{1b}[31m", "[31m"),
            ("\u{202e}tva", "tva"),
            ("12 ㎡ ﹩", "12 m2 $"),
        ] {
            for face in Face::ALL {
                assert_eq!(clean(face, lacking), shown);
            }
        }
    }

    #[test]
    fn lines_keep_every_word_and_never_grow_too_wide() {
        let text = "Fourniture et pose d’un receveur extra-plat 90 × 120\nbonde comprise, anticonstitutionnellementanticonstitutionnellementanticonstitutionnellement";
        let lines = wrap(BODY, text, 100.0);
        assert!(
            lines.iter().all(|line| width(BODY, line) <= 100.5),
            "{lines:?}"
        );
        let glue = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(glue(&lines.join(" ")), glue(text));
        assert_eq!(wrap(LEGAL, "a\n\nb", 50.0), ["a", "", "b"]);
        let room = width(BODY, "une pente de 10");
        assert_eq!(
            wrap(BODY, "une pente de 10 % : oui", room),
            ["une pente de", "10 % : oui"]
        );
        let villa = wrap(BODY, "Château-Château-Château", width(BODY, "Château-Chât"));
        assert_eq!(villa, ["Château-", "Château-", "Château"]);
    }
}
