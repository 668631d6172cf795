//! Typed identifiers: one thing's id cannot be passed for another's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID drawn by `app::context`.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

typed_id! {
    /// One company's file.
    FileId,
    /// A customer.
    CustomerId,
    /// A draft, and the document that it becomes.
    InvoiceId,
    /// A payment link: our UUID, which travels in PayPlug's `metadata`.
    LinkId,
    /// Money received.
    ReceiptId,
    /// An accounting entry.
    EntryId,
    /// A refund that the owner wishes for: our UUID, which travels in PayPlug's `metadata`.
    RefundWishId,
    /// A chargeback, recorded by hand.
    ChargebackId,
    /// A mail: its UUID is in the Message-ID.
    MailId,
    /// A saved text of mails.
    MailTextId,
    /// A file that mails can carry.
    MailFileId,
}
