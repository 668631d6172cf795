//! The invoice object of `cli.md`. Fields may be added, none renamed.

use acquit_app::message::{self, Lang};
use acquit_app::{Attempt, Document, InvoiceView, LinkHistory, MailView, ReceiptView, rule_code};
use acquit_domain::Cents;
use acquit_domain::date::paris_iso;
use acquit_domain::invoice::mentions::Missing;
use acquit_domain::invoice::{
    Content, Deduction, DeductionKind, DeductionValue, Item, Line, Nature, Operation, Totals,
};
use acquit_domain::link::{LinkState, PaymentLink};
use acquit_domain::quantity::Percent;
use acquit_domain::remote::Card;
use serde::Serialize;

use super::given_back::{ChargebackDocument, RefundWishDocument, chargebacks, refund_wishes};
use super::mail::{MailDocument, mail};
use super::retention::{RetentionDocument, retention};
use super::settling::{AdjustmentDocument, adjustments};

/// An invoice or a credit note with all that is known of it.
#[derive(Debug, Serialize)]
pub(crate) struct InvoiceDocument<'a> {
    id: String,
    number: Option<String>,
    kind: &'static str,
    status: &'static str,
    issue_date: Option<String>,
    due_date: Option<String>,
    customer: &'a str,
    operation: &'static str,
    title: Option<&'a str>,
    site_address: Option<&'a str>,
    customer_reference: Option<&'a str>,
    notes: Option<&'a str>,
    lines: Vec<LineDocument<'a>>,
    discount_percent: Option<String>,
    deductions: Vec<DeductionDocument>,
    totals: TotalsDocument,
    remaining: String,
    customer_credit: Option<String>,
    link: Option<LinkDocument<'a>>,
    link_history: LinkHistoryDocument,
    attempts: Vec<AttemptDocument<'a>>,
    mails: Vec<MailDocument<'a>>,
    receipts: Vec<ReceiptDocument<'a>>,
    adjustments: Vec<AdjustmentDocument>,
    refund_wishes: Vec<RefundWishDocument<'a>>,
    chargebacks: Vec<ChargebackDocument>,
    undecided: String,
    creditable: String,
    refers_to: Vec<String>,
    credited_by: Vec<String>,
    retention: Option<RetentionDocument>,
    warnings: Vec<WarningDocument>,
}

#[derive(Debug, Serialize)]
struct LinkHistoryDocument {
    to_send_again: bool,
    dead: Vec<DeadLinkDocument>,
}

#[derive(Debug, Serialize)]
struct DeadLinkDocument {
    made_at: String,
    died_at: String,
}

#[derive(Debug, Default, Serialize)]
struct LineDocument<'a> {
    r#type: &'static str,
    description: &'a str,
    quantity: Option<String>,
    unit: Option<&'a str>,
    unit_price: Option<String>,
    discount_percent: Option<String>,
    vat_category: Option<&'static str>,
    vat_rate: Option<String>,
    nature: Option<&'static str>,
    progress: Option<String>,
    amount: Option<String>,
}

#[derive(Debug, Serialize)]
struct DeductionDocument {
    kind: &'static str,
    percent: Option<String>,
    amount: Option<String>,
    release_on: Option<String>,
    bond: bool,
}

#[derive(Debug, Serialize)]
struct TotalsDocument {
    net: String,
    vat: String,
    gross: String,
    deposits: String,
    deductions: String,
    net_due: String,
    discount: String,
    by_rate: Vec<RateDocument>,
}

#[derive(Debug, Serialize)]
struct RateDocument {
    category: &'static str,
    rate: String,
    /// Only where situations before asked for something.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<String>,
    base: String,
    vat: String,
}

#[derive(Debug, Serialize)]
struct LinkDocument<'a> {
    state: &'static str,
    payment: Option<&'a str>,
    url: Option<&'a str>,
    amount: String,
    mode: Option<&'static str>,
    reason: Option<&'static str>,
    sentence: Option<String>,
}

#[derive(Debug, Serialize)]
struct AttemptDocument<'a> {
    at: String,
    outcome: &'a str,
    sentence: String,
}

#[derive(Debug, Serialize)]
struct ReceiptDocument<'a> {
    id: String,
    date: String,
    amount: String,
    means: &'static str,
    transaction: Option<&'a str>,
    refunded: String,
    card: Option<CardDocument<'a>>,
}

#[derive(Debug, Serialize)]
struct CardDocument<'a> {
    brand: Option<&'a str>,
    last4: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct WarningDocument {
    code: &'static str,
    sentence: String,
    field: String,
}

/// An invoice or a credit note with its mails as JSON.
pub(crate) fn invoice<'a>(
    view: &'a InvoiceView,
    mails: impl IntoIterator<Item = &'a MailView>,
    lang: Lang,
) -> InvoiceDocument<'a> {
    let (content, totals) = content_and_totals(view);
    let (issue_date, due_date, customer) = match &view.document {
        Document::Draft {
            draft, customer, ..
        } => (draft.issue_date, draft.due_date, customer.as_ref()),
        Document::Finalised(paper) => (Some(paper.issue_date), Some(paper.due_date), &paper.buyer),
    };
    InvoiceDocument {
        id: view.id.to_string(),
        number: number(view),
        kind: view.kind().code(),
        status: view.standing.status.code(),
        issue_date: issue_date.map(|date| date.to_string()),
        due_date: due_date.map(|date| date.to_string()),
        customer: &customer.code,
        operation: operation(content.operation),
        title: content.title.as_deref(),
        site_address: content.site_address.as_deref(),
        customer_reference: content.customer_reference.as_deref(),
        notes: content.notes.as_deref(),
        lines: lines(content, totals),
        discount_percent: discount(content.discount),
        deductions: content.deductions.iter().map(deduction).collect(),
        totals: totals_document(totals),
        remaining: view.standing.remaining.decimal(),
        customer_credit: positive(view.standing.customer_credit),
        link: view.link.as_ref().map(|found| link(found, lang)),
        link_history: link_history(&view.link_history),
        attempts: view
            .attempts
            .iter()
            .map(|tried| attempt(tried, lang))
            .collect(),
        mails: mails.into_iter().map(|sent| mail(sent, lang)).collect(),
        receipts: view.receipts.iter().map(receipt).collect(),
        adjustments: adjustments(view),
        refund_wishes: refund_wishes(view, lang),
        chargebacks: chargebacks(view),
        undecided: view.undecided.decimal(),
        creditable: view.creditable.decimal(),
        refers_to: view
            .refers_to
            .iter()
            .map(|one| one.number.to_string())
            .collect(),
        credited_by: view.credited_by.iter().map(ToString::to_string).collect(),
        retention: retention(view),
        warnings: view
            .missing
            .iter()
            .map(|missing| warning(*missing, lang))
            .chain(view.obstacles.iter().map(|one| obstacle(one, lang)))
            .collect(),
    }
}

/// What a document says and its totals, draft or finalised.
pub(crate) fn content_and_totals(view: &InvoiceView) -> (&Content, &Totals) {
    match &view.document {
        Document::Draft { draft, totals, .. } => (&draft.content, totals),
        Document::Finalised(paper) => (&paper.content, &paper.totals),
    }
}

/// The number of a finalised document.
pub(crate) fn number(view: &InvoiceView) -> Option<String> {
    match &view.document {
        Document::Draft { .. } => None,
        Document::Finalised(paper) => Some(paper.number.to_string()),
    }
}

fn lines<'a>(content: &'a Content, totals: &Totals) -> Vec<LineDocument<'a>> {
    // `Totals::lines` holds one amount for each charged line, in their order.
    let mut amounts = totals.lines.iter().copied();
    let documents = content.items.iter().map(|item| match item {
        Item::Line(charged) => line(charged, amounts.next().unwrap_or_else(|| charged.amount())),
        Item::Section { title } => LineDocument {
            r#type: "section",
            description: title,
            ..LineDocument::default()
        },
        Item::Comment { text } => LineDocument {
            r#type: "comment",
            description: text,
            ..LineDocument::default()
        },
    });
    documents.collect()
}

fn line(line: &Line, amount: Cents) -> LineDocument<'_> {
    LineDocument {
        r#type: "line",
        description: &line.description,
        quantity: Some(line.quantity.decimal()),
        unit: line.unit.as_deref(),
        unit_price: Some(line.unit_price.decimal()),
        discount_percent: discount(line.discount),
        vat_category: Some(line.vat.category()),
        vat_rate: Some(line.vat.rate_decimal()),
        nature: Some(match line.nature {
            Nature::Works => "works",
            Nature::Services => "services",
            Nature::Goods => "goods",
        }),
        progress: line.progress.map(Percent::decimal),
        amount: Some(amount.decimal()),
    }
}

fn deduction(deduction: &Deduction) -> DeductionDocument {
    let (percent, amount) = match deduction.value {
        DeductionValue::Percent(percent) => (Some(percent.decimal()), None),
        DeductionValue::Amount(amount) => (None, Some(amount.decimal())),
    };
    let kind = match deduction.kind {
        DeductionKind::Retention => "retention",
        DeductionKind::Prorata => "prorata",
        DeductionKind::Other => "other",
    };
    DeductionDocument {
        kind,
        percent,
        amount,
        release_on: deduction.release_on.map(|date| date.to_string()),
        bond: deduction.bond,
    }
}

fn totals_document(totals: &Totals) -> TotalsDocument {
    let by_rate = totals.by_rate.iter().map(|rate| RateDocument {
        category: rate.treatment.category(),
        rate: rate.treatment.rate_decimal(),
        earlier: (!rate.earlier.is_zero()).then(|| rate.earlier.decimal()),
        base: rate.base.decimal(),
        vat: rate.vat.decimal(),
    });
    TotalsDocument {
        net: totals.net.decimal(),
        vat: totals.vat.decimal(),
        gross: totals.gross.decimal(),
        deposits: totals.deposits.decimal(),
        deductions: totals.deducted.decimal(),
        net_due: totals.net_due.decimal(),
        discount: totals.discount.decimal(),
        by_rate: by_rate.collect(),
    }
}

fn link(link: &PaymentLink, lang: Lang) -> LinkDocument<'_> {
    let hosted = link.state.hosted();
    let reason = match &link.state {
        LinkState::Refused { reason } => Some(*reason),
        _ => None,
    };
    LinkDocument {
        state: link.state.code(),
        payment: hosted.map(|hosted| hosted.payment.as_str()),
        url: hosted
            .map(|hosted| hosted.url.as_str())
            .filter(|url| !url.is_empty()),
        amount: link.amount.decimal(),
        mode: hosted.map(|hosted| hosted.mode.code()),
        reason: reason.map(|reason| reason.code()),
        sentence: reason.map(|reason| message::refusal(reason).in_lang(lang).to_owned()),
    }
}

fn link_history(history: &LinkHistory) -> LinkHistoryDocument {
    let dead = history.dead.iter().map(|link| DeadLinkDocument {
        made_at: paris_iso(link.made_at),
        died_at: paris_iso(link.died_at),
    });
    LinkHistoryDocument {
        to_send_again: history.to_send_again,
        dead: dead.collect(),
    }
}

fn attempt(attempt: &Attempt, lang: Lang) -> AttemptDocument<'_> {
    AttemptDocument {
        at: paris_iso(attempt.at),
        outcome: &attempt.outcome,
        sentence: message::attempt(&attempt.outcome).in_lang(lang).to_owned(),
    }
}

fn receipt(view: &ReceiptView) -> ReceiptDocument<'_> {
    let source = view.receipt.payplug.as_ref();
    ReceiptDocument {
        id: view.receipt.id.to_string(),
        date: view.receipt.date.to_string(),
        amount: view.receipt.amount.decimal(),
        means: view.receipt.means.code(),
        transaction: source.map(|source| source.payment.as_str()),
        refunded: view.refunded.decimal(),
        card: source.and_then(|source| source.card.as_ref()).map(card),
    }
}

fn card(card: &Card) -> CardDocument<'_> {
    CardDocument {
        brand: card.brand.as_deref(),
        last4: card.last4.as_deref(),
    }
}

fn warning(missing: Missing, lang: Lang) -> WarningDocument {
    WarningDocument {
        code: missing.code(),
        sentence: message::warning(missing).in_lang(lang).to_owned(),
        field: missing.field().into_owned(),
    }
}

/// What would stop finalising a draft, told before.
fn obstacle(broken: &acquit_domain::Error, lang: Lang) -> WarningDocument {
    WarningDocument {
        code: rule_code(&broken.rule),
        sentence: message::rule(&broken.rule).in_lang(lang).to_owned(),
        field: broken.field.clone(),
    }
}

const fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Services => "services",
        Operation::Goods => "goods",
        Operation::Both => "both",
    }
}

fn discount(percent: Percent) -> Option<String> {
    (!percent.is_zero()).then(|| percent.decimal())
}

fn positive(amount: Cents) -> Option<String> {
    amount.is_positive().then(|| amount.decimal())
}
