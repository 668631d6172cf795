//! Payments, refunds and reports as the simulator keeps them.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::card::{TestCard, UsedCard};
use crate::failure::Failure;

/// The two worlds of an account; the secret key chooses (reference § 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `sk_test_…`: no money moves.
    Test,
    /// `sk_live_…`.
    Live,
}

impl Mode {
    /// The API's `is_live`.
    pub fn is_live(self) -> bool {
        self == Mode::Live
    }
}

/// The fields of `billing` and `shipping` (reference § 4.3); `delivery_type` is for shipping only.
pub(crate) const ADDRESS_FIELDS: [&str; 14] = [
    "title",
    "first_name",
    "last_name",
    "address1",
    "address2",
    "company_name",
    "postcode",
    "city",
    "state",
    "country",
    "email",
    "mobile_phone_number",
    "landline_phone_number",
    "language",
];

/// The fields that an address has, already checked; what is absent is answered as `null`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Address(pub(crate) Map<String, Value>);

impl Address {
    /// The text of a field, if it was given.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field).and_then(Value::as_str)
    }
}

/// How the payer reaches the page and where he goes afterwards.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hosted {
    pub(crate) return_url: Option<String>,
    pub(crate) cancel_url: Option<String>,
    pub(crate) sent_by: Option<String>,
}

/// A request to create a payment, already checked.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewPayment {
    pub(crate) amount: i64,
    pub(crate) description: Option<String>,
    pub(crate) metadata: Option<Map<String, Value>>,
    pub(crate) hosted: Hosted,
    pub(crate) notification_url: Option<String>,
    pub(crate) force_3ds: bool,
    pub(crate) billing: Address,
    pub(crate) shipping: Address,
    pub(crate) from_portal: bool,
}

/// How a payment ended; a payment that is paid or failed never changes to another outcome.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    Pending,
    Paid {
        at: i64,
        card: UsedCard,
        is_3ds: bool,
    },
    Failed(&'static Failure),
}

/// A refused or abandoned try.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    pub(crate) at: i64,
    pub(crate) failure: &'static Failure,
}

/// A refund; its effect is immediate (reference § 6).
#[derive(Debug, Clone)]
pub(crate) struct Refund {
    pub(crate) id: String,
    pub(crate) amount: i64,
    pub(crate) created_at: i64,
    pub(crate) metadata: Option<Map<String, Value>>,
}

/// A payment of the pretended account.
#[derive(Debug, Clone)]
pub(crate) struct Payment {
    pub(crate) id: String,
    pub(crate) mode: Mode,
    pub(crate) created_at: i64,
    pub(crate) asked: NewPayment,
    /// Opens the payment page.
    pub(crate) token: String,
    pub(crate) outcome: Outcome,
    pub(crate) attempts: Vec<Attempt>,
    /// The card that waits for its holder's confirmation.
    pub(crate) in_3ds: Option<UsedCard>,
    pub(crate) refunds: Vec<Refund>,
    pub(crate) is_charged_back: bool,
    /// The mode that the API tells instead of the true one.
    pub(crate) told_mode: Option<Mode>,
}

impl Payment {
    /// The id without `pay_`: what stands in `payment_url`.
    pub(crate) fn tail(&self) -> &str {
        self.id.strip_prefix("pay_").unwrap_or(&self.id)
    }

    /// Cents.
    pub(crate) fn amount_refunded(&self) -> i64 {
        self.refunds.iter().map(|refund| refund.amount).sum()
    }

    /// Whether the payer goes through 3-D Secure with this card: asked for by the merchant, by
    /// the card, or from 100 € (the merchant's usual setting, reference § 9).
    pub(crate) fn is_3ds(&self, card: &TestCard) -> bool {
        self.asked.force_3ds
            || card.behaviour == crate::card::Behaviour::Asks3ds
            || self.asked.amount >= 10_000
    }

    /// Who is asked to pay, as far as the merchant said.
    pub(crate) fn payer(&self) -> Option<String> {
        let billing = &self.asked.billing;
        let title = match billing.text("title") {
            Some("mr") => Some("M."),
            Some("mrs") => Some("Mme"),
            Some("miss") => Some("Mlle"),
            _ => None,
        };
        let name = [title, billing.text("first_name"), billing.text("last_name")];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let company = billing.text("company_name").map(str::to_owned);
        company.or((!name.is_empty()).then_some(name))
    }
}

/// An accounting report that was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) id: String,
    pub(crate) mode: Mode,
    /// UTC days, both included.
    pub(crate) first_day: Date,
    pub(crate) last_day: Date,
    pub(crate) notification_url: Option<String>,
    /// Opens the file.
    pub(crate) token: String,
    /// How often it was read; the file is ready from the second time on.
    pub(crate) reads: u32,
    pub(crate) file: Option<ReportFile>,
}

/// A report's file, once it is ready.
#[derive(Debug, Clone)]
pub(crate) struct ReportFile {
    pub(crate) csv: String,
    /// Unix seconds.
    pub(crate) available_until: i64,
}
