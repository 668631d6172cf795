//! Payments that somebody must look at, as JSON and as text.

use acquit_app::message::{self, Lang};
use acquit_app::{AnomalyRow, Stranger};
use acquit_domain::date::{french_short, paris_day, paris_iso};
use acquit_domain::money::french_euros;
use acquit_domain::numbering::DocumentNumber;
use serde::Serialize;

use crate::words::{self, pick};

/// A payment at PayPlug that is not here.
#[derive(Debug, Serialize)]
pub(crate) struct StrangerDocument<'a> {
    payment: &'a str,
    mode: &'static str,
    amount: String,
    is_paid: bool,
    created_at: String,
    paid_at: Option<String>,
    description: Option<&'a str>,
}

/// A payment on which PayPlug and the file disagree.
#[derive(Debug, Serialize)]
pub(crate) struct AnomalyDocument<'a> {
    code: &'a str,
    sentence: &'static str,
    payment: &'a str,
    invoice: Option<String>,
    ours: &'a str,
    theirs: &'a str,
    seen_at: String,
}

/// A stranger as JSON.
pub(crate) fn stranger(stranger: &Stranger) -> StrangerDocument<'_> {
    StrangerDocument {
        payment: stranger.payment.as_str(),
        mode: stranger.mode.code(),
        amount: stranger.amount.decimal(),
        is_paid: stranger.is_paid,
        created_at: paris_iso(stranger.created_at),
        paid_at: stranger.paid_at.map(paris_iso),
        description: stranger.description.as_deref(),
    }
}

/// An anomaly as JSON.
pub(crate) fn anomaly(
    row: &AnomalyRow,
    number: Option<DocumentNumber>,
    lang: Lang,
) -> AnomalyDocument<'_> {
    AnomalyDocument {
        code: &row.code,
        sentence: words::anomaly(&row.code, lang),
        payment: &row.payment,
        invoice: number.map(|number| number.to_string()),
        ours: &row.ours,
        theirs: &row.theirs,
        seen_at: paris_iso(row.seen_at),
    }
}

/// Strangers, one a line.
pub(crate) fn strangers_text(strangers: &[Stranger], lang: Lang) -> String {
    if strangers.is_empty() {
        let none = pick(
            lang,
            "Tous les paiements vus chez PayPlug sont dans ce dossier.",
            "Every payment seen at PayPlug is in this file.",
        );
        return none.to_owned();
    }
    let lines = strangers.iter().map(|one| {
        let paid = match one.paid_at {
            Some(at) => {
                let day = french_short(paris_day(at));
                format!("{} {day}", pick(lang, "payé le", "paid"))
            }
            None if one.is_paid => pick(lang, "payé", "paid").to_owned(),
            None => pick(lang, "pas payé", "not paid").to_owned(),
        };
        format!(
            "{} {:>16}  {paid}  {}  {}",
            french_short(paris_day(one.created_at)),
            french_euros(one.amount),
            one.payment.as_str(),
            one.description.as_deref().unwrap_or_default()
        )
        .trim_end()
        .to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Anomalies with the numbers of their invoices: what disagrees, and both sides.
pub(crate) fn anomalies_text(found: &[(AnomalyRow, Option<DocumentNumber>)], lang: Lang) -> String {
    if found.is_empty() {
        let none = pick(
            lang,
            "PayPlug et ce dossier sont d’accord sur tous les paiements.",
            "PayPlug and this file agree on every payment.",
        );
        return none.to_owned();
    }
    let lines = found.iter().map(|(row, number)| {
        let number = number.map(|number| format!("{number}  "));
        let (ours, theirs) = (message::side(&row.ours), message::side(&row.theirs));
        format!(
            "{} {}{}\n  {}\n  Acquit : {}\n  PayPlug : {}",
            french_short(paris_day(row.seen_at)),
            number.unwrap_or_default(),
            row.payment,
            words::anomaly(&row.code, lang),
            ours.in_lang(lang),
            theirs.in_lang(lang),
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{anomalies_text, anomaly, stranger, strangers_text};
    use acquit_app::message::Lang;
    use acquit_app::{AnomalyRow, Stranger};
    use acquit_domain::Cents;
    use acquit_domain::link::Mode;
    use acquit_domain::remote::PaymentId;
    use jiff::Timestamp;

    fn seen() -> Timestamp {
        "2026-11-25T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_stranger_says_whether_it_was_paid() {
        let mut one = Stranger {
            payment: PaymentId::parse("pay_5iHMDxy4ABR4YBVW4UscIn").unwrap(),
            mode: Mode::Live,
            amount: Cents::new(4_200),
            is_paid: false,
            created_at: seen(),
            paid_at: None,
            description: None,
            seen_at: seen(),
        };
        let text = strangers_text(std::slice::from_ref(&one), Lang::Fr);
        assert!(text.starts_with("25/11/2026 "), "{text}");
        assert!(
            text.contains("42,00\u{a0}€  pas payé  pay_5iHMDxy4ABR4YBVW4UscIn"),
            "{text}"
        );
        one.is_paid = true;
        one.paid_at = Some(seen());
        let text = strangers_text(std::slice::from_ref(&one), Lang::Fr);
        assert!(text.contains("payé le 25/11/2026"), "{text}");
        let document = serde_json::to_value(stranger(&one)).unwrap();
        assert_eq!(document["amount"], "42.00");
        assert_eq!(document["mode"], "live");
        assert_eq!(document["paid_at"], "2026-11-25T10:00:00+01:00");
        assert!(strangers_text(&[], Lang::Fr).ends_with("dans ce dossier."));
    }

    #[test]
    fn an_anomaly_says_both_sides() {
        let row = AnomalyRow {
            code: "amount_differs".to_owned(),
            payment: "pay_1".to_owned(),
            invoice: None,
            ours: "120.00 EUR, live".to_owned(),
            theirs: "100.00 EUR, live".to_owned(),
            seen_at: seen(),
        };
        let document = serde_json::to_value(anomaly(&row, None, Lang::Fr)).unwrap();
        assert_eq!(document["theirs"], "100.00 EUR, live");
        let text = anomalies_text(&[(row, None)], Lang::Fr);
        assert!(text.contains("Acquit : 120,00\u{a0}€ en réel"), "{text}");
        assert!(text.contains("PayPlug : 100,00\u{a0}€ en réel"), "{text}");
        assert!(!text.contains("amount_differs"), "{text}");
    }
}
