//! What PayPlug tells about a payment, in our words, after the client proved its shape.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::money::Cents;

macro_rules! remote_id {
    ($(#[$doc:meta] $name:ident $prefix:literal),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Accepts the documented shape only: prefix and 1 … 60 letters or digits. The id goes
            /// into paths and file names, so nothing else may pass.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let rest = text.strip_prefix($prefix)?;
                let valid = (1..=60).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
                valid.then(|| Self(text.to_owned()))
            }

            /// The id as PayPlug writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )+};
}

remote_id! {
    /// PayPlug's id of a payment, `pay_…`.
    PaymentId "pay_",
    /// PayPlug's id of a refund, `re_…`.
    RefundId "re_",
}

/// The card as far as PayPlug tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// `Visa`, `Mastercard`, `CB` …
    pub brand: Option<String>,
    /// Last four digits.
    pub last4: Option<String>,
}

/// Why an attempt did not lead to a payment (`failure.code`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// PayPlug's code, such as `card_declined`.
    pub code: String,
}

impl Failure {
    /// The payment was taken back with the abort request.
    #[must_use]
    pub fn is_abort(&self) -> bool {
        self.code == "aborted"
    }

    /// The customer left the page, or never came: nobody refused anything.
    #[must_use]
    pub fn is_left(&self) -> bool {
        self.code == "timeout"
    }
}

/// One payment as PayPlug reports it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemotePayment {
    /// Its id.
    pub id: PaymentId,
    /// Made with a Live key.
    pub is_live: bool,
    /// Asked amount.
    pub amount: Cents,
    /// ISO 4217.
    pub currency: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// Whether the customer paid.
    pub is_paid: bool,
    /// When.
    pub paid_at: Option<Timestamp>,
    /// Sum of its refunds.
    pub amount_refunded: Cents,
    /// Why it ended without payment.
    pub failure: Option<Failure>,
    /// The card.
    pub card: Option<Card>,
    /// Our pairs, echoed.
    pub metadata: BTreeMap<String, String>,
    /// What the payer is shown.
    pub description: Option<String>,
    /// The page where the customer pays.
    pub payment_url: Option<String>,
    /// From when on a refund is possible.
    pub refundable_after: Option<Timestamp>,
    /// Until when a refund is possible.
    pub refundable_until: Option<Timestamp>,
}

/// Key of our link's UUID in `metadata`.
pub const METADATA_LINK: &str = "acquit_link";
/// Key of our UUID in the `metadata` of a refund that was asked for here.
pub const METADATA_REFUND: &str = "acquit_refund";
/// Key of the invoice's number in `metadata`.
pub const METADATA_INVOICE: &str = "invoice";

impl RemotePayment {
    /// Our UUID, where the payment carries one.
    #[must_use]
    pub fn link_id(&self) -> Option<crate::id::LinkId> {
        self.metadata.get(METADATA_LINK)?.parse().ok()
    }
}

/// One refund as PayPlug reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteRefund {
    /// Its id.
    pub id: RefundId,
    /// The payment it reduces.
    pub payment: PaymentId,
    /// How much.
    pub amount: Cents,
    /// When.
    pub created_at: Timestamp,
    /// Our pairs, echoed; none on a refund made in the portal.
    pub metadata: BTreeMap<String, String>,
}

impl RemoteRefund {
    /// The UUID of our wish, where the refund carries one.
    #[must_use]
    pub fn wish_id(&self) -> Option<crate::id::RefundWishId> {
        self.metadata.get(METADATA_REFUND)?.parse().ok()
    }
}

/// What the account allows (`GET /v1/account`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLimits {
    /// Country of the company.
    pub country: String,
    /// Currencies of the account.
    pub currencies: Vec<String>,
    /// Least amount of a payment.
    pub min_amount: Cents,
    /// Greatest amount of a payment.
    pub max_amount: Cents,
}

impl AccountLimits {
    /// Least amount where the account names none (`payment-links.md` § 1).
    pub const MIN_AMOUNT_DEFAULT: Cents = Cents::new(99);
    /// Greatest amount where the account names none.
    pub const MAX_AMOUNT_DEFAULT: Cents = Cents::new(2_000_000);
}

/// What PayPlug has opened for the account (`permissions` of `GET /v1/account`); `None` where it
/// does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountPermissions {
    /// Real payments: PayPlug has checked the company.
    pub use_live_mode: Option<bool>,
    /// Keeping a card for later.
    pub can_save_cards: Option<bool>,
    /// Payment by instalments with Oney.
    pub can_use_oney: Option<bool>,
    /// Instalment plans.
    pub can_create_installment_plan: Option<bool>,
    /// Authorising now, capturing later.
    pub can_create_deferred_payment: Option<bool>,
    /// Card fields inside a merchant's own page.
    pub can_use_integrated_payments: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::{Failure, METADATA_LINK, PaymentId, RefundId, RemotePayment};
    use crate::id::LinkId;
    use crate::money::Cents;
    use jiff::Timestamp;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
    use std::collections::BTreeMap;

    #[test]
    fn only_the_documented_shape_is_an_id() {
        let longest = format!("pay_{}", "a".repeat(60));
        for good in ["pay_5iHMDxy4ABR4YBVW4UscIn", "pay_1", &longest] {
            assert_eq!(PaymentId::parse(good).unwrap().as_str(), good);
        }
        let too_long = format!("{longest}a");
        for bad in [
            "",
            "pay_",
            "pay",
            "PAY_1",
            "pay-1",
            " pay_1",
            "pay_1 ",
            "pay_1/refunds",
            "pay_../../etc",
            "pay_a?b",
            "pay_a#b",
            "pay_a%2fb",
            "pay_a\u{0}",
            "pay_é",
            "pay_pay_1",
            "re_1",
            &too_long,
        ] {
            assert_eq!(PaymentId::parse(bad), None, "{bad:?}");
        }
        assert_eq!(
            RefundId::parse("re_3NxGqPfSGMHQgLSi").unwrap().to_string(),
            "re_3NxGqPfSGMHQgLSi"
        );
        assert_eq!(RefundId::parse("pay_3NxGqPfSGMHQgLSi"), None);
    }

    #[test]
    fn a_payment_names_its_link_in_the_metadata() {
        let of = |pairs: &[(&str, &str)]| -> Option<LinkId> {
            let pairs = pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            let payment = RemotePayment {
                id: PaymentId::parse("pay_1").unwrap(),
                is_live: true,
                amount: Cents::new(100),
                currency: "EUR".to_owned(),
                created_at: Timestamp::UNIX_EPOCH,
                is_paid: false,
                paid_at: None,
                amount_refunded: Cents::ZERO,
                failure: None,
                card: None,
                metadata: pairs.collect::<BTreeMap<_, _>>(),
                description: None,
                payment_url: None,
                refundable_after: None,
                refundable_until: None,
            };
            payment.link_id()
        };
        let uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        assert_eq!(of(&[(METADATA_LINK, uuid)]), uuid.parse().ok());
        assert!(of(&[(METADATA_LINK, uuid)]).is_some());
        assert_eq!(of(&[("link", uuid)]), None);
        assert_eq!(of(&[(METADATA_LINK, "F-2026-00042")]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn an_abort_is_no_failure_of_the_customer() {
        let is_abort = |code: &str| {
            Failure {
                code: code.to_owned(),
            }
            .is_abort()
        };
        assert!(is_abort("aborted"));
        assert!(!is_abort("card_declined") && !is_abort(""));
        let code = "timeout".to_owned();
        assert!(Failure { code }.is_left() && !is_abort("timeout"));
    }

    proptest! {
        #[test]
        fn an_id_is_kept_as_it_is_and_safe_in_a_path(text in "(pay_|re_|)[a-zA-Z0-9./%_ é-]{0,8}") {
            if let Some(id) = PaymentId::parse(&text) {
                prop_assert_eq!(id.as_str(), &text);
                prop_assert!(text.strip_prefix("pay_").is_some_and(|rest| rest.chars().all(|sign| sign.is_ascii_alphanumeric())));
            }
        }
    }
}
