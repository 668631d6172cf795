//! Lines, sections, comments and deductions of a document.

use serde::{Deserialize, Serialize};

use crate::money::Cents;
use crate::quantity::{Percent, Quantity, UnitPrice, line_amount};
use crate::vat::VatTreatment;

/// What is sold: chooses the account of the sale, nothing else (`accounting.md` § 1).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Building works (704).
    #[default]
    Works,
    /// Services (706).
    Services,
    /// Goods (707).
    Goods,
}

/// Category of operation (CGI ann. II art. 242 nonies A; BT-23): when VAT falls due follows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Only services.
    #[default]
    Services,
    /// Only goods.
    Goods,
    /// Both, neither accessory to the other.
    Both,
}

/// A line that is charged (BG-25).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is (BT-153), possibly over several lines of text.
    pub description: String,
    /// How much (BT-129).
    pub quantity: Quantity,
    /// Unit as printed (BT-130).
    pub unit: Option<String>,
    /// Price of one unit excl. VAT (BT-146).
    pub unit_price: UnitPrice,
    /// Discount on the line (BT-138).
    pub discount: Percent,
    /// VAT category and rate (BT-151, BT-152).
    pub vat: VatTreatment,
    /// What is sold.
    pub nature: Nature,
    /// On a situation: how much of it is done so far, earlier situations included; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Percent>,
}

impl Line {
    /// Amount excl. VAT after the line's discount, as far as the works have come (BT-131).
    #[must_use]
    pub fn amount(&self) -> Cents {
        let agreed = self.agreed();
        self.progress.map_or(agreed, |progress| progress.of(agreed))
    }

    /// Amount excl. VAT after the line's discount once all is done.
    #[must_use]
    pub fn agreed(&self) -> Cents {
        line_amount(self.quantity, self.unit_price, self.discount)
    }
}

/// What stands on the document, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Item {
    /// A charged line.
    Line(Line),
    /// A heading; the lines up to the next heading form its subtotal.
    Section {
        /// The heading.
        title: String,
    },
    /// A remark without amount.
    Comment {
        /// The remark.
        text: String,
    },
}

impl Item {
    /// The charged line, if it is one.
    #[must_use]
    pub const fn line(&self) -> Option<&Line> {
        match self {
            Self::Line(line) => Some(line),
            Self::Section { .. } | Self::Comment { .. } => None,
        }
    }
}

/// Why something is taken off what the customer must pay now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeductionKind {
    /// *Retenue de garantie* (loi 71-584), released after a year.
    Retention,
    /// *Compte prorata*: shared costs of the site.
    Prorata,
    /// Any other contractual deduction.
    Other,
}

/// How much is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeductionValue {
    /// Share of the total incl. VAT.
    Percent(Percent),
    /// Fixed amount in cents.
    Amount(Cents),
}

/// Taken off the net due, never off the taxable base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deduction {
    /// Why.
    pub kind: DeductionKind,
    /// How much.
    pub value: DeductionValue,
}
