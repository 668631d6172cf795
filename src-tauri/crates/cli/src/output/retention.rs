//! The retention of an invoice, and the renditions of a document that left, as JSON and as text.

use acquit_app::message::Lang;
use acquit_app::{InvoiceView, Mark, Rendition, Way};
use acquit_domain::date::{french_short, in_paris, paris_iso};
use acquit_domain::money::french_euros;
use serde::Serialize;

use crate::words::pick;

/// What is held back of an invoice.
#[derive(Debug, Serialize)]
pub(crate) struct RetentionDocument {
    amount: String,
    release_on: Option<String>,
    bond: bool,
    released_on: Option<String>,
    due_on: Option<String>,
}

/// A PDF that somebody was given.
#[derive(Debug, Serialize)]
pub(crate) struct RenditionDocument {
    at: String,
    way: &'static str,
    marks: Vec<&'static str>,
    sha256: String,
}

/// The retention as JSON.
pub(crate) fn retention(view: &InvoiceView) -> Option<RetentionDocument> {
    let retention = view.retention?;
    let released = retention.released;
    Some(RetentionDocument {
        amount: retention.amount.decimal(),
        release_on: retention.release_on.map(|date| date.to_string()),
        bond: retention.bond,
        released_on: released.map(|released| released.date.to_string()),
        due_on: released.map(|released| released.due_on.to_string()),
    })
}

/// The retention on one line; none where there is none.
pub(crate) fn retention_text(view: &InvoiceView, lang: Lang) -> Option<String> {
    let retention = view.retention?;
    let name = pick(lang, "Retenue de garantie", "Retention");
    if retention.bond {
        let bond = pick(
            lang,
            "remplacée par une caution bancaire",
            "replaced by a bond",
        );
        return Some(format!("{name} {bond}"));
    }
    let (what, day) = match (retention.released, retention.release_on) {
        (Some(released), _) => (pick(lang, "libérée le", "released"), released.date),
        (None, Some(day)) => (pick(lang, "à libérer le", "to be released"), day),
        (None, None) => return None,
    };
    let amount = french_euros(retention.amount);
    Some(format!("{name} {amount}, {what} {}", french_short(day)))
}

/// A rendition as JSON.
pub(crate) fn rendition(left: &Rendition) -> RenditionDocument {
    RenditionDocument {
        at: paris_iso(left.left_at),
        way: left.way.code(),
        marks: left.marks.iter().map(|mark| mark.code()).collect(),
        sha256: left.sha256.to_string(),
    }
}

/// A rendition on one line.
pub(crate) fn rendition_text(left: &Rendition, lang: Lang) -> String {
    let at = in_paris(left.left_at)
        .strftime("%d/%m/%Y %H:%M")
        .to_string();
    let marks: Vec<&str> = left.marks.iter().map(|one| mark(*one, lang)).collect();
    format!(
        "{at}  {}  {}  {}",
        way(left.way, lang),
        marks.join(", "),
        left.sha256
    )
}

const fn way(way: Way, lang: Lang) -> &'static str {
    match way {
        Way::Mail => pick(lang, "e-mail", "mail"),
        Way::File => pick(lang, "fichier", "file"),
        Way::Print => pick(lang, "imprimante", "printer"),
    }
}

const fn mark(mark: Mark, lang: Lang) -> &'static str {
    match mark {
        Mark::Original => pick(lang, "original", "original"),
        Mark::Settled => pick(lang, "acquittée", "settled"),
        Mark::Duplicate => pick(lang, "duplicata", "duplicate"),
        Mark::Provisional => pick(lang, "provisoire", "provisional"),
        Mark::Trial => pick(lang, "essai", "trial"),
        Mark::Demonstration => pick(lang, "démonstration", "demonstration"),
        Mark::TestLink => pick(lang, "lien de test", "test link"),
    }
}
