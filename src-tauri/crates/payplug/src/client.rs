//! What Acquit asks of PayPlug.

use std::fmt;
use std::time::Duration;

use acquit_domain::Cents;
use acquit_domain::id::LinkId;
use acquit_domain::remote::{PaymentId, RemotePayment, RemoteRefund};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::transport::{Call, LIST_MAX_BYTES, Transport, not_understood};
use crate::{Account, BaseAddress, Error, PaymentPage, SecretKey, convert, wire};

/// How long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the whole answer is there; a report's file may take twelve times as long.
    pub total: Duration,
}

impl Default for Timeouts {
    /// 5 s and 10 s.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            total: Duration::from_secs(10),
        }
    }
}

/// A payment to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// Our UUID: after an unclear outcome the payment is searched for by it.
    pub link: LinkId,
    /// How much.
    pub amount: Cents,
    /// The invoice's number.
    pub invoice_number: String,
    /// Shown to the payer; cut after 80 characters.
    pub description: String,
    /// Who is to pay.
    pub buyer: Buyer,
    /// Asks for 3-D Secure whatever the amount.
    pub force_3ds: bool,
    /// In which form.
    pub form: PaymentForm,
    /// Whether to say who is to pay at all.
    pub with_billing: bool,
}

/// Who is to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer {
    /// E-mail address.
    pub email: Option<String>,
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Name.
    pub name: BuyerName,
}

/// A name, by what bears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuyerName {
    /// A private person, sent as last name.
    Private(String),
    /// A business, sent as company name.
    Business(String),
}

/// The form of a payment (`payment-links.md` § 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentForm {
    /// A link that we send ourselves.
    SentByOther,
    /// A plain payment page, for accounts that do not take the other form.
    Hosted {
        /// Where the payer goes afterwards, paid or not.
        return_url: String,
    },
}

/// A client with the key of one account, for one API address.
pub struct Client {
    pub(crate) transport: Transport,
}

/// Most pages of refunds that one payment may have.
const REFUND_PAGES_MAX: u32 = 20;

impl Client {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Setup`] when this machine has no certificates to verify PayPlug with.
    pub fn new(base: &BaseAddress, key: SecretKey, timeouts: Timeouts) -> Result<Self, Error> {
        Ok(Self {
            transport: Transport::new(base, key, timeouts)?,
        })
    }

    /// Whether payments made with its key move money.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.transport.is_live()
    }

    /// What the account is and allows.
    ///
    /// # Errors
    /// Any but the ambiguous ones.
    pub async fn account(&self) -> Result<Account, Error> {
        let object = self.transport.call(Call::read(&["account"])).await?;
        convert::account(&object).map_err(|field| not_understood(field, false))
    }

    /// Creates a payment, in one request. Whether the answer is what was asked for is the domain's
    /// to compare; only the page's address must be acceptable.
    ///
    /// # Errors
    /// [`Error::Rejected`] names the fields that the account does not take. After an ambiguous
    /// error the payment may exist: search for its UUID before asking again.
    pub async fn create_payment(&self, request: &NewPayment) -> Result<RemotePayment, Error> {
        let call = Call::change(
            Method::POST,
            &["payments"],
            Some(wire::new_payment(request)),
        );
        let created = self.read_payment(&self.transport.call(call).await?, true)?;
        if created.payment_url.is_none() {
            return Err(not_understood("hosted_payment.payment_url", true));
        }
        Ok(created)
    }

    /// Reads a payment.
    ///
    /// # Errors
    /// Any but the ambiguous ones.
    pub async fn payment(&self, id: &PaymentId) -> Result<RemotePayment, Error> {
        let object = self
            .transport
            .call(Call::read(&["payments", id.as_str()]))
            .await?;
        self.read_payment(&object, false)
            .and_then(|payment| same(payment, id, false))
    }

    /// Reads a page of the payments made through the API, newest first; the first page is 0.
    ///
    /// # Errors
    /// Any but the ambiguous ones; a payment that cannot be read is in the page.
    pub async fn payments(&self, page: u32, per_page: u32) -> Result<PaymentPage, Error> {
        let query = [
            ("page", page.to_string()),
            ("per_page", per_page.to_string()),
        ];
        let call = Call {
            query: &query,
            max_bytes: LIST_MAX_BYTES,
            ..Call::read(&["payments"])
        };
        let object = self.transport.call(call).await?;
        convert::payment_page(&object, self.transport.policy(), page, per_page)
            .map_err(|field| not_understood(field, false))
    }

    /// Takes a payment back, and returns it as it stands then.
    ///
    /// # Errors
    /// [`Error::AlreadyEnded`] when PayPlug refuses because it was paid, failed or taken back
    /// before; after an ambiguous error, read it.
    pub async fn abort(&self, id: &PaymentId) -> Result<RemotePayment, Error> {
        let body = json!({ "aborted": true });
        let segments = ["payments", id.as_str()];
        let call = Call::change(Method::PATCH, &segments, Some(body));
        match self.transport.call(call).await {
            Ok(object) => self
                .read_payment(&object, true)
                .and_then(|payment| same(payment, id, true)),
            // The documents name neither one status nor one text for it: the payment itself tells.
            Err(Error::Rejected(rejected)) if matches!(rejected.status, 400 | 409) => {
                let payment = self.payment(id).await?;
                let ended = payment.is_paid || payment.failure.is_some();
                Err(if ended {
                    Error::AlreadyEnded
                } else {
                    Error::Rejected(rejected)
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Gives money back: the whole of what is left, or this much.
    ///
    /// # Errors
    /// After an ambiguous error the refund may exist: read the refunds before asking again.
    pub async fn refund(
        &self,
        id: &PaymentId,
        amount: Option<Cents>,
        metadata: &[(String, String)],
    ) -> Result<RemoteRefund, Error> {
        let body = wire::new_refund(amount, metadata);
        let segments = ["payments", id.as_str(), "refunds"];
        let call = Call::change(Method::POST, &segments, body);
        let object = self.transport.call(call).await?;
        let refund = convert::refund(&object, id, self.is_live())
            .map_err(|field| not_understood(field, true))?;
        if amount.is_some_and(|amount| amount != refund.amount) {
            return Err(not_understood("amount", true));
        }
        Ok(refund)
    }

    /// All refunds of a payment. One that cannot be read is an error of the whole: a sum that lacks
    /// it would be wrong.
    ///
    /// # Errors
    /// Any but the ambiguous ones.
    pub async fn refunds(&self, id: &PaymentId) -> Result<Vec<RemoteRefund>, Error> {
        let mut refunds: Vec<RemoteRefund> = Vec::new();
        for page in 0..REFUND_PAGES_MAX {
            // No client asks for a page of refunds; it is done only where the first says that more
            // follow.
            let query = [("page", page.to_string())];
            let query = if page == 0 { &query[..0] } else { &query[..] };
            let segments = ["payments", id.as_str(), "refunds"];
            let call = Call {
                query,
                max_bytes: LIST_MAX_BYTES,
                ..Call::read(&segments)
            };
            let object = self.transport.call(call).await?;
            let fault = |field| not_understood(field, false);
            let (items, has_more) = convert::list(&object, page, u32::MAX).map_err(fault)?;
            for item in items {
                let object = item.as_object().ok_or_else(|| fault("data"))?;
                let refund = convert::refund(object, id, self.is_live()).map_err(fault)?;
                if !refunds.iter().any(|known| known.id == refund.id) {
                    refunds.push(refund);
                }
            }
            if !has_more {
                return Ok(refunds);
            }
        }
        Err(not_understood("has_more", false))
    }

    fn read_payment(
        &self,
        object: &Map<String, Value>,
        changes: bool,
    ) -> Result<RemotePayment, Error> {
        convert::payment(object, self.transport.policy())
            .map_err(|field| not_understood(field, changes))
    }
}

fn same(payment: RemotePayment, id: &PaymentId, changes: bool) -> Result<RemotePayment, Error> {
    if payment.id == *id {
        Ok(payment)
    } else {
        Err(not_understood("id", changes))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("is_live", &self.is_live())
            .finish_non_exhaustive()
    }
}
