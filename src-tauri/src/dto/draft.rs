//! The form of a draft as typed, and what follows from it.

use acquit_app::SavedDraft;
use acquit_domain::Cents;
use acquit_domain::invoice::Totals;
use acquit_domain::vat::VatTreatment;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::invoice::{DeductionRow, MissingMention, deductions};
use super::{FieldError, Money};

/// What a line of a draft is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LineKind {
    /// Charged.
    #[default]
    Line,
    /// A heading.
    Section,
    /// A remark.
    Comment,
}

/// One line as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub(crate) struct LineForm {
    /// What it is.
    pub(crate) kind: LineKind,
    /// What is done or sold; the heading; the remark.
    pub(crate) description: String,
    /// Quantity, `1` when empty.
    pub(crate) quantity: String,
    /// Unit.
    pub(crate) unit: String,
    /// Price of one unit excl. VAT.
    pub(crate) unit_price: String,
    /// Discount in per cent.
    pub(crate) discount_percent: String,
    /// A rate (`20`, `10`, `5.5`, `2.1`) or a category (`AE`, `E`, `K`, `G`, `O`).
    pub(crate) vat: String,
    /// `works`, `services` or `goods`.
    pub(crate) nature: String,
    /// On a situation: how far it has come altogether, in per cent; all of it when empty.
    pub(crate) progress: String,
}

/// Something taken off the net due, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub(crate) struct DeductionForm {
    /// `retention`, `prorata` or `other`.
    pub(crate) kind: String,
    /// Whether the figure is an amount in euros; else per cent of the total incl. VAT.
    pub(crate) is_amount: bool,
    /// The figure.
    pub(crate) value: String,
}

/// A draft as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub(crate) struct InvoiceForm {
    /// What it is to become: `invoice`, `deposit`, `progress`, `final` or `credit_note`.
    pub(crate) kind: String,
    /// Identities of the documents that it takes off, or credits.
    pub(crate) refers_to: Vec<String>,
    /// Code of the customer.
    pub(crate) customer: String,
    /// What the works are about.
    pub(crate) title: String,
    /// Issue date.
    pub(crate) issue_date: String,
    /// Due date.
    pub(crate) due_date: String,
    /// Where the works are.
    pub(crate) site_address: String,
    /// The customer's reference.
    pub(crate) customer_reference: String,
    /// Remarks.
    pub(crate) notes: String,
    /// `services`, `goods` or `both`.
    pub(crate) operation: String,
    /// Discount on the whole, in per cent.
    pub(crate) discount_percent: String,
    /// Retention, in per cent of the total incl. VAT.
    pub(crate) retention_percent: String,
    /// When the retention is to be released.
    pub(crate) retention_release: String,
    /// Whether a bank's bond stands in for the retention.
    pub(crate) retention_bond: bool,
    /// What else is taken off the net due.
    pub(crate) deductions: Vec<DeductionForm>,
    /// Lines, headings and remarks.
    pub(crate) lines: Vec<LineForm>,
}

/// A customer to choose from.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct CustomerChoice {
    /// Code.
    pub(crate) code: String,
    /// Name.
    pub(crate) name: String,
    /// Town.
    pub(crate) city: String,
    /// Address in one line.
    pub(crate) address: String,
}

/// The draft that the editor opens.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct DraftForm {
    /// Identity.
    pub(crate) id: String,
    /// As typed.
    pub(crate) form: InvoiceForm,
    /// What the form says now.
    pub(crate) answer: DraftAnswer,
    /// Days from issue to due date, as the company has it.
    pub(crate) payment_days: u16,
    /// Whether the company charges no VAT.
    pub(crate) franchise: bool,
    /// Who can be invoiced.
    pub(crate) customers: Vec<CustomerChoice>,
}

/// VAT of one rate.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct VatLine {
    /// Category as printed: `10 %`, `Autoliquidation`.
    pub(crate) rate: String,
    /// Base.
    pub(crate) base: Money,
    /// Tax.
    pub(crate) tax: Money,
}

/// Totals of a draft.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct DraftTotals {
    /// What was done altogether, excl. VAT: more than the total where situations are taken off.
    pub(crate) altogether: Money,
    /// What earlier situations asked for, excl. VAT.
    pub(crate) situations: Money,
    /// Excl. VAT.
    pub(crate) net: Money,
    /// By rate.
    pub(crate) vat: Vec<VatLine>,
    /// Incl. VAT.
    pub(crate) gross: Money,
    /// Deposits that are taken off, incl. VAT.
    pub(crate) deposits: Money,
    /// What is taken off.
    pub(crate) deductions: Vec<DeductionRow>,
    /// Net due.
    pub(crate) net_due: Money,
}

impl From<&Totals> for DraftTotals {
    fn from(totals: &Totals) -> Self {
        let situations: Cents = totals.by_rate.iter().map(|rate| rate.earlier).sum();
        Self {
            altogether: (totals.net + situations).into(),
            situations: situations.into(),
            net: totals.net.into(),
            vat: totals
                .by_rate
                .iter()
                .map(|rate| VatLine {
                    rate: rate_words(rate.treatment),
                    base: rate.base.into(),
                    tax: rate.vat.into(),
                })
                .collect(),
            gross: totals.gross.into(),
            deposits: totals.deposits.into(),
            deductions: deductions(totals),
            net_due: totals.net_due.into(),
        }
    }
}

fn rate_words(vat: VatTreatment) -> String {
    use VatTreatment as T;
    match vat {
        T::Standard(_) => format!("{}\u{a0}%", vat.rate_decimal().replace('.', ",")),
        T::ReverseCharge => "autoliquidation".to_owned(),
        T::Exempt => "exonérée".to_owned(),
        T::IntraCommunity => "livraison intracommunautaire".to_owned(),
        T::Export => "export".to_owned(),
        T::OutOfScope => "hors champ".to_owned(),
    }
}

/// What follows from a draft as typed.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct DraftAnswer {
    /// When it was kept.
    pub(crate) saved_at: Option<String>,
    /// What cannot be read, field by field; empty when the draft can be finalised.
    pub(crate) errors: Vec<FieldError>,
    /// Amount of each line that can be read; beside a heading the subtotal of its lines.
    pub(crate) line_amounts: Vec<Option<Money>>,
    /// Totals, when all of it can be read.
    pub(crate) totals: Option<DraftTotals>,
    /// What the law wants and the data lack.
    pub(crate) missing: Vec<MissingMention>,
}

impl DraftAnswer {
    /// `obstacles` stand in the way of finalising a draft that can be read.
    pub(crate) fn accepted(
        saved: &SavedDraft,
        obstacles: Vec<FieldError>,
        line_amounts: Vec<Option<Cents>>,
    ) -> Self {
        Self {
            saved_at: None,
            errors: obstacles,
            line_amounts: amounts(line_amounts),
            totals: Some(DraftTotals::from(&saved.totals)),
            missing: saved.missing.iter().copied().map(Into::into).collect(),
        }
    }

    pub(crate) fn refused(errors: Vec<FieldError>, line_amounts: Vec<Option<Cents>>) -> Self {
        Self {
            saved_at: None,
            errors,
            line_amounts: amounts(line_amounts),
            totals: None,
            missing: Vec::new(),
        }
    }
}

fn amounts(amounts: Vec<Option<Cents>>) -> Vec<Option<Money>> {
    amounts
        .into_iter()
        .map(|amount| amount.map(Money::from))
        .collect()
}

/// A receipt as typed.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct ReceiptForm {
    /// How much.
    pub(crate) amount: String,
    /// Means, as in `cli.md`; never a PayPlug card.
    pub(crate) means: String,
    /// Day; today when empty.
    pub(crate) date: String,
    /// Whether more than the net due is meant.
    pub(crate) overpayment: bool,
}
