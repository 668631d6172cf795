//! What was decided on an invoice's account, and cheques for the bank, as JSON and as text.

use acquit_app::message::Lang;
use acquit_app::{AdjustmentView, ChequeView, InvoiceView, SlipRow};
use acquit_domain::Cents;
use acquit_domain::adjustment::Adjustment;
use acquit_domain::date::{french_short, paris_iso};
use acquit_domain::money::french_euros;
use serde::Serialize;

use crate::words::{self, pick};

/// A decision on the account of an invoice.
#[derive(Debug, Serialize)]
pub(crate) struct AdjustmentDocument {
    date: String,
    kind: &'static str,
    /// Above zero where it settles the invoice as money would.
    amount: String,
    means: Option<&'static str>,
    other: Option<String>,
    recorded_at: String,
}

/// Cheques in the drawer.
#[derive(Debug, Serialize)]
pub(crate) struct ChequesDocument<'a> {
    cheques: Vec<ChequeDocument<'a>>,
    total: String,
}

#[derive(Debug, Serialize)]
struct ChequeDocument<'a> {
    receipt: String,
    invoice: String,
    number: String,
    customer: &'a str,
    date: String,
    amount: String,
}

/// A deposit slip.
#[derive(Debug, Serialize)]
pub(crate) struct SlipDocument<'a> {
    reference: &'a str,
    date: String,
    amount: String,
    cheques: u32,
}

impl<'a> ChequesDocument<'a> {
    /// Of the cheques and what they come to.
    pub(crate) fn new(cheques: &'a [ChequeView], total: Cents) -> Self {
        let documents = cheques.iter().map(|cheque| ChequeDocument {
            receipt: cheque.receipt.to_string(),
            invoice: cheque.invoice.to_string(),
            number: cheque.number.to_string(),
            customer: &cheque.customer,
            date: cheque.date.to_string(),
            amount: cheque.amount.decimal(),
        });
        Self {
            cheques: documents.collect(),
            total: total.decimal(),
        }
    }
}

impl<'a> From<&'a SlipRow> for SlipDocument<'a> {
    fn from(slip: &'a SlipRow) -> Self {
        Self {
            reference: &slip.reference,
            date: slip.date.to_string(),
            amount: slip.amount.decimal(),
            cheques: slip.cheques,
        }
    }
}

/// What was decided on an invoice's account, oldest first.
pub(crate) fn adjustments(view: &InvoiceView) -> Vec<AdjustmentDocument> {
    let documents = view.adjustments.iter().map(|row| AdjustmentDocument {
        date: row.adjusted.date.to_string(),
        kind: row.adjusted.adjustment.code(),
        amount: signed(row).decimal(),
        means: match row.adjusted.adjustment {
            Adjustment::Returned { means } => Some(means.code()),
            _ => None,
        },
        other: row.other.map(|number| number.to_string()),
        recorded_at: paris_iso(row.recorded_at),
    });
    documents.collect()
}

fn signed(row: &AdjustmentView) -> Cents {
    if row.is_incoming || row.adjusted.adjustment == Adjustment::Missing {
        row.adjusted.amount
    } else {
        -row.adjusted.amount
    }
}

/// A line for each decision.
pub(crate) fn adjustments_text(view: &InvoiceView, lang: Lang) -> Vec<String> {
    let lines = view.adjustments.iter().map(|row| {
        let what = match row.adjusted.adjustment {
            Adjustment::Returned { .. } => pick(lang, "Trop-perçu rendu", "Overpayment returned"),
            Adjustment::Kept => pick(lang, "Trop-perçu gardé", "Overpayment kept"),
            Adjustment::SetOff { .. } if row.is_incoming => {
                pick(lang, "Réglé par le trop-perçu de", "Paid by the credit of")
            }
            Adjustment::SetOff { .. } => pick(lang, "Trop-perçu imputé sur", "Credit set off on"),
            Adjustment::Missing => pick(lang, "Écart abandonné", "Difference given up"),
            Adjustment::TooMuch => pick(lang, "Écart soldé", "Difference kept"),
        };
        let mut line = what.to_owned();
        if let Some(other) = row.other {
            line.push_str(&format!(" {other}"));
        }
        if let Adjustment::Returned { means } = row.adjusted.adjustment {
            line.push_str(&format!(" ({})", words::means(means, lang)));
        }
        let date = french_short(row.adjusted.date);
        format!("{line}, {date} {}", french_euros(signed(row)))
    });
    lines.collect()
}

/// A line for each cheque, and their sum.
pub(crate) fn cheques_text(cheques: &[ChequeView], total: Cents, lang: Lang) -> String {
    if cheques.is_empty() {
        return pick(lang, "Aucun chèque à remettre.", "No cheque to deposit.").to_owned();
    }
    let mut lines: Vec<String> = cheques
        .iter()
        .map(|cheque| {
            format!(
                "{}  {}  {}  {}  {}",
                cheque.receipt,
                french_short(cheque.date),
                cheque.number,
                french_euros(cheque.amount),
                cheque.customer
            )
        })
        .collect();
    let sum = pick(lang, "À remettre :", "To deposit:");
    lines.push(format!("{sum} {}", french_euros(total)));
    lines.join("\n")
}

/// What a slip took to the bank.
pub(crate) fn slip_text(slip: &SlipRow, lang: Lang) -> String {
    let (slip_word, cheques) = (
        pick(lang, "Bordereau", "Slip"),
        pick(lang, "chèques", "cheques"),
    );
    format!(
        "{slip_word} {}, {} : {} ({cheques} : {})",
        slip.reference,
        french_short(slip.date),
        french_euros(slip.amount),
        slip.cheques
    )
}
