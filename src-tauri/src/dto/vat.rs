//! *Comptabilité › TVA*.

use acquit_app::{Listed, RateSum, VatPeriod, VatReturn, VatRow};
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use serde::Serialize;
use specta::Type;

use super::{Money, iso};

/// Rows that cross to the window at a time; the files have all of them.
const ROWS_SHOWN: usize = 300;

/// VAT due of a period.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct VatPage {
    /// The period: `2026-11`, `2026-T4` or `2026`.
    pub(crate) period: String,
    /// The period in French.
    pub(crate) label: String,
    /// First day.
    pub(crate) from: String,
    /// Last day.
    pub(crate) to: String,
    /// The period before.
    pub(crate) previous: String,
    /// The period after.
    pub(crate) next: String,
    /// `on_receipt` or `on_invoice`: when VAT on services falls due.
    pub(crate) basis: String,
    /// Per rate, the highest first.
    pub(crate) rates: Vec<VatRateLine>,
    /// Sum of the bases.
    pub(crate) base: Money,
    /// Sum of the VAT.
    pub(crate) total: Money,
    /// The first rows behind the figures, of one rate where one was asked for.
    pub(crate) rows: Vec<VatRowLine>,
    /// Count of all these rows.
    pub(crate) row_count: u32,
}

/// VAT due at a rate.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct VatRateLine {
    /// The rate in per cent: `5.5`.
    pub(crate) rate: String,
    /// Base excl. VAT.
    pub(crate) base: Money,
    /// VAT due.
    pub(crate) vat: Money,
}

/// A movement of VAT due.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct VatRowLine {
    /// Day.
    pub(crate) date: String,
    /// Number of the invoice.
    pub(crate) number: String,
    /// What names the event, if it is not the invoice.
    pub(crate) piece: Option<String>,
    /// Customer.
    pub(crate) customer: String,
    /// Why: `document`, `receipt`, `refund`, `chargeback`, `chargeback_won`, `credit_note`, `lost`, `released`, `kept`,
    /// `set_off`, `difference`.
    pub(crate) cause: String,
    /// The rate in per cent.
    pub(crate) rate: String,
    /// Base excl. VAT.
    pub(crate) base: Money,
    /// VAT due.
    pub(crate) vat: Money,
}

impl VatPage {
    pub(crate) fn of(found: VatReturn, basis: VatBasis, rate: Option<StandardRate>) -> Self {
        let (from, to) = found.period.days();
        let code = VatPeriod::code;
        let of_rate = |listed: &&Listed<VatRow>| rate.is_none_or(|rate| listed.row.rate == rate);
        let count = found.rows.iter().filter(of_rate).count();
        let rows = found.rows.iter().filter(of_rate).take(ROWS_SHOWN);
        Self {
            period: code(found.period),
            label: found.period.french(),
            from: iso(from),
            to: iso(to),
            previous: code(found.period.previous()),
            next: code(found.period.next()),
            basis: match basis {
                VatBasis::OnReceipt => "on_receipt",
                VatBasis::OnInvoice => "on_invoice",
            }
            .to_owned(),
            base: Money(found.rates.iter().map(|sum| sum.base.get()).sum()),
            total: found.total().into(),
            rates: found.rates.iter().map(VatRateLine::from).collect(),
            rows: rows.map(VatRowLine::from).collect(),
            row_count: u32::try_from(count).unwrap_or(u32::MAX),
        }
    }
}

fn percent(rate: StandardRate) -> String {
    VatTreatment::Standard(rate).rate_decimal()
}

impl From<&RateSum> for VatRateLine {
    fn from(sum: &RateSum) -> Self {
        Self {
            rate: percent(sum.rate),
            base: sum.base.into(),
            vat: sum.vat.into(),
        }
    }
}

impl From<&Listed<VatRow>> for VatRowLine {
    fn from(listed: &Listed<VatRow>) -> Self {
        let (row, number) = (&listed.row, listed.document.to_string());
        Self {
            date: iso(row.date),
            piece: Some(row.piece.clone()).filter(|piece| *piece != number),
            number,
            customer: listed.customer.clone(),
            cause: row.cause.code().to_owned(),
            rate: percent(row.rate),
            base: row.base.into(),
            vat: row.vat.into(),
        }
    }
}
