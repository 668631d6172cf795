//! Lines, sections, comments and deductions of a document.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::Rule;
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
    /// When a retention is to be released; a year after the issue date when absent
    /// (loi 71-584, art. 2). For retentions without bond, and only for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_on: Option<Date>,
    /// Whether a bank's bond stands in for a retention (*caution bancaire*, loi 71-584, art. 1):
    /// nothing is held back then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bond: bool,
}

impl Deduction {
    /// A deduction of which nothing more is said.
    #[must_use]
    pub const fn new(kind: DeductionKind, value: DeductionValue) -> Self {
        Self {
            kind,
            value,
            release_on: None,
            bond: false,
        }
    }

    /// What it takes off a total incl. VAT.
    #[must_use]
    pub fn amount(&self, gross: Cents) -> Cents {
        match self.value {
            _ if self.bond => Cents::ZERO,
            DeductionValue::Percent(percent) => percent.of(gross),
            DeductionValue::Amount(amount) => amount,
        }
    }

    /// Whether release date and bond stand where they may.
    ///
    /// # Errors
    /// [`Rule::OnlyForRetention`], with the field that it is about.
    pub fn check(&self) -> Result<(), (&'static str, Rule)> {
        let retention = self.kind == DeductionKind::Retention;
        if self.bond && !retention {
            return Err(("bond", Rule::OnlyForRetention));
        }
        if self.release_on.is_some() && (!retention || self.bond) {
            return Err(("release_on", Rule::OnlyForRetention));
        }
        Ok(())
    }
}
