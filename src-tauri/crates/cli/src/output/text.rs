//! Invoices for people who read a terminal.

use std::fmt::Write;

use acquit_app::message::{self, Lang};
use acquit_app::{Document, InvoiceView, LinkHistory, MailView};
use acquit_domain::Cents;
use acquit_domain::date::{french_short, in_paris};
use acquit_domain::invoice::Item;
use acquit_domain::link::{LinkState, PaymentLink};
use acquit_domain::money::french_euros;
use acquit_domain::receipt::ChargebackOutcome;

use super::invoice::{content_and_totals, number};
use super::mail::mail_text;
use super::retention::retention_text;
use super::settling::adjustments_text;
use crate::words::{self, pick};

/// Columns of a description before it is cut.
const DESCRIPTION_COLUMNS: usize = 56;

/// An invoice over several lines: what it asks for, what came in, where its link stands, what was
/// mailed.
pub(crate) fn invoice(view: &InvoiceView, mails: &[MailView], lang: Lang) -> String {
    let mut text = heading(view, lang);
    lines(view, &mut text);
    totals(view, lang, &mut text);
    money(view, lang, &mut text);
    for mail in mails {
        let _ = writeln!(text, "{}", mail_text(mail, lang));
    }
    for missing in &view.missing {
        let _ = writeln!(text, "! {}", message::warning(*missing).in_lang(lang));
    }
    for obstacle in &view.obstacles {
        let _ = writeln!(text, "! {}", message::rule(&obstacle.rule).in_lang(lang));
    }
    text
}

/// An invoice on one line of a list.
pub(crate) fn row(view: &InvoiceView, lang: Lang) -> String {
    let (_, totals) = content_and_totals(view);
    let date = match &view.document {
        Document::Draft { draft, .. } => draft.issue_date,
        Document::Finalised(paper) => Some(paper.issue_date),
    };
    format!(
        "{:<13} {:<10} {:>16}  {:<18} {}",
        number(view).unwrap_or_else(|| pick(lang, "(brouillon)", "(draft)").to_owned()),
        date.map(french_short).unwrap_or_default(),
        french_euros(totals.net_due),
        standing(view, lang),
        if number(view).is_some() {
            customer(view).to_owned()
        } else {
            format!("{}  {}", customer(view), view.id)
        },
    )
}

fn customer(view: &InvoiceView) -> &str {
    match &view.document {
        Document::Draft { customer, .. } => &customer.name,
        Document::Finalised(paper) => &paper.buyer.name,
    }
}

/// The status; a credit note is nothing to be paid, so it only says what it is.
fn standing(view: &InvoiceView, lang: Lang) -> &'static str {
    match credited(view) {
        Some(_) => pick(lang, "avoir", "credit note"),
        None => words::status(view.standing.status, lang),
    }
}

/// The number of the invoice that a credit note gives back.
fn credited(view: &InvoiceView) -> Option<String> {
    match &view.document {
        Document::Finalised(paper) => {
            let credits = paper.kind.credits();
            credits.map(|credits| credits.number.to_string())
        }
        Document::Draft { .. } => None,
    }
}

fn heading(view: &InvoiceView, lang: Lang) -> String {
    let kind = words::kind(view.kind(), lang);
    let name = number(view).unwrap_or_else(|| view.id.to_string());
    let mut text = match credited(view) {
        Some(credited) => format!("{kind} {name} {} {credited}\n", pick(lang, "sur", "on")),
        None => format!("{kind} {name} · {}\n", standing(view, lang)),
    };
    let _ = writeln!(text, "{}", customer(view));
    if let Document::Finalised(paper) = &view.document {
        let (issued, due) = (french_short(paper.issue_date), french_short(paper.due_date));
        let _ = match lang {
            Lang::Fr => writeln!(text, "émise le {issued}, échéance le {due}"),
            Lang::En => writeln!(text, "issued {issued}, due {due}"),
        };
    }
    text
}

fn lines(view: &InvoiceView, text: &mut String) {
    let (content, _) = content_and_totals(view);
    for item in &content.items {
        let _ = match item {
            Item::Line(line) => writeln!(
                text,
                "  {:<width$} {:>16}",
                cut(&line.description),
                french_euros(line.amount()),
                width = DESCRIPTION_COLUMNS
            ),
            Item::Section { title } => writeln!(text, "  {}", cut(title)),
            Item::Comment { text: remark } => writeln!(text, "  ({})", cut(remark)),
        };
    }
}

fn totals(view: &InvoiceView, lang: Lang, text: &mut String) {
    let (_, totals) = content_and_totals(view);
    let mut row = |label: &str, amount: Cents| {
        let _ = writeln!(text, "{label:<28} {:>16}", french_euros(amount));
    };
    row(pick(lang, "Total HT", "Total excl. VAT"), totals.net);
    row(pick(lang, "TVA", "VAT"), totals.vat);
    row(pick(lang, "Total TTC", "Total incl. VAT"), totals.gross);
    if !totals.deposits.is_zero() {
        row(pick(lang, "Acomptes", "Deposits"), -totals.deposits);
    }
    if !totals.deducted.is_zero() {
        row(pick(lang, "Retenues", "Deductions"), -totals.deducted);
    }
    row(pick(lang, "Net à payer", "Net due"), totals.net_due);
}

fn money(view: &InvoiceView, lang: Lang, text: &mut String) {
    for view in &view.receipts {
        let receipt = &view.receipt;
        let _ = writeln!(
            text,
            "{} {} {} {}",
            pick(lang, "Reçu le", "Received"),
            french_short(receipt.date),
            french_euros(receipt.amount),
            words::means(receipt.means, lang)
        );
        if view.refunded.is_positive() {
            let label = pick(lang, "  dont remboursé", "  refunded");
            let _ = writeln!(text, "{label} {}", french_euros(view.refunded));
        }
    }
    for line in adjustments_text(view, lang) {
        let _ = writeln!(text, "{line}");
    }
    given_back(view, lang, text);
    if let Some(held) = retention_text(view, lang) {
        let _ = writeln!(text, "{held}");
    }
    for attempt in &view.attempts {
        let at = in_paris(attempt.at).strftime("%d/%m/%Y %H:%M").to_string();
        let _ = writeln!(
            text,
            "{at}  {}",
            message::attempt(&attempt.outcome).in_lang(lang)
        );
    }
    if let Some(shown) = &view.link {
        link(shown, &view.link_history, lang, text);
    }
    let _ = writeln!(
        text,
        "{:<28} {:>16}",
        pick(lang, "Reste à payer", "Remaining"),
        french_euros(view.standing.remaining)
    );
}

/// Where the link stands; without one, why, and whether the customer must get a new one.
fn link(link: &PaymentLink, history: &LinkHistory, lang: Lang, text: &mut String) {
    if let LinkState::Refused { reason } = &link.state {
        let _ = writeln!(text, "{}", message::refusal(*reason).in_lang(lang));
        return;
    }
    let label = pick(lang, "Lien de paiement :", "Payment link:");
    let state = words::link_state(link.state.code(), lang);
    let _ = match link.state.hosted() {
        Some(hosted) => writeln!(text, "{label} {state} {}", hosted.url),
        None => writeln!(text, "{label} {state}"),
    };
    if history.to_send_again && matches!(link.state, LinkState::Open(_)) {
        let again = pick(
            lang,
            "! Lien à renvoyer : votre client a un lien qui ne marche plus, donnez-lui celui-ci.",
            "! Send the link again: your customer has one that no longer works, give them this one.",
        );
        let _ = writeln!(text, "{again}");
    }
}

/// Chargebacks, refunds under way, and what waits for the owner.
fn given_back(view: &InvoiceView, lang: Lang, text: &mut String) {
    for row in &view.chargebacks {
        let _ = writeln!(
            text,
            "{} {} {}{}",
            pick(lang, "Contesté le", "Charged back"),
            french_short(row.chargeback.date),
            french_euros(row.chargeback.amount),
            match row.outcome {
                None => pick(lang, " (en cours)", " (open)"),
                Some((ChargebackOutcome::Won, _)) => pick(lang, " (gagnée)", " (won)"),
                Some((ChargebackOutcome::Lost, _)) => pick(lang, " (perdue)", " (lost)"),
            }
        );
    }
    for wish in view
        .refund_wishes
        .iter()
        .filter(|wish| wish.state.is_open())
    {
        let label = pick(lang, "Remboursement demandé :", "Refund under way:");
        let _ = writeln!(text, "{label} {}", french_euros(wish.amount));
    }
    if view.undecided.is_positive() {
        let label = pick(lang, "À décider après remboursement :", "To be decided:");
        let _ = writeln!(text, "{label} {}", french_euros(view.undecided));
    }
}

fn cut(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    if first.chars().count() <= DESCRIPTION_COLUMNS {
        return first.to_owned();
    }
    let kept: String = first.chars().take(DESCRIPTION_COLUMNS - 1).collect();
    format!("{kept}…")
}
