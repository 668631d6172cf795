//! Settlement as a pure function: what a link knows and what PayPlug says give facts to record, or
//! an anomaly (`payment-links.md` §§ 2–3). Seeing the same answer again gives nothing.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::date::paris_day;
use crate::link::{LinkOrigin, LinkState, PaymentLink};
use crate::money::Cents;
use crate::receipt::PayplugSource;
use crate::remote::{Failure, PaymentId, RemotePayment, RemoteRefund};

/// What must be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The customer paid: a receipt of the link's amount on that day.
    Received {
        /// Day of `paid_at` in France.
        date: Date,
        /// Where it comes from.
        source: PayplugSource,
    },
    /// Paid with a Test key: the link says so, the books do not.
    ReceivedInTest,
    /// PayPlug reports a failure: an attempt, and the link is dead.
    Failed(Failure),
    /// PayPlug reports that the payment was aborted.
    Aborted,
    /// More was given back than is recorded: read the refunds one by one.
    RefundsToRead,
}

/// Two accounts of the same payment that do not agree: somebody must look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anomaly {
    /// Another amount than the link's.
    AmountDiffers {
        /// The link's.
        ours: Cents,
        /// PayPlug's.
        theirs: Cents,
    },
    /// Not in euros.
    CurrencyDiffers {
        /// PayPlug's.
        theirs: String,
    },
    /// Made in the other mode.
    ModeDiffers {
        /// Whether PayPlug says Live.
        theirs_live: bool,
    },
    /// Without our UUID, or with another.
    MetadataDiffers,
    /// Paid, but PayPlug gives no date.
    PaidWithoutDate,
    /// More given back than was received.
    RefundExceedsPayment {
        /// What was received.
        received: Cents,
        /// What PayPlug says was given back.
        refunded: Cents,
    },
    /// A second payment carries the UUID of a link.
    SecondPayment {
        /// The other payment.
        other: PaymentId,
    },
}

impl Anomaly {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AmountDiffers { .. } => "amount_differs",
            Self::CurrencyDiffers { .. } => "currency_differs",
            Self::ModeDiffers { .. } => "mode_differs",
            Self::MetadataDiffers => "metadata_differs",
            Self::PaidWithoutDate => "paid_without_date",
            Self::RefundExceedsPayment { .. } => "refund_exceeds_payment",
            Self::SecondPayment { .. } => "second_payment",
        }
    }
}

/// Compares a link that has a payment at PayPlug with what PayPlug says of that payment.
/// `refunded_here` is the sum of the refunds already recorded for it.
///
/// # Errors
/// The anomaly, when an identity check fails: nothing is recorded then.
pub fn settle(
    link: &PaymentLink,
    remote: &RemotePayment,
    refunded_here: Cents,
) -> Result<Vec<Fact>, Anomaly> {
    let Some(hosted) = link.state.hosted() else {
        return Ok(Vec::new());
    };
    identify(link, hosted.mode.is_live(), remote)?;
    let mut facts = Vec::new();
    if remote.is_paid {
        let paid_at = remote.paid_at.ok_or(Anomaly::PaidWithoutDate)?;
        if !link.state.was_paid() {
            facts.push(received(
                hosted.mode == crate::link::Mode::Test,
                remote,
                paid_at,
            ));
        }
        let in_books = hosted.mode != crate::link::Mode::Test;
        if in_books && remote.amount_refunded > link.amount {
            let refunded = remote.amount_refunded;
            return Err(Anomaly::RefundExceedsPayment {
                received: link.amount,
                refunded,
            });
        }
        if in_books && remote.amount_refunded > refunded_here {
            facts.push(Fact::RefundsToRead);
        }
    } else if let Some(failure) = &remote.failure {
        match &link.state {
            LinkState::Open(_) | LinkState::Aborting(_) if failure.is_abort() => {
                facts.push(Fact::Aborted)
            }
            LinkState::Open(_) | LinkState::Aborting(_) => {
                facts.push(Fact::Failed(failure.clone()));
            }
            _ => {}
        }
    }
    Ok(facts)
}

/// All identity checks of `payment-links.md` § 2.
fn identify(link: &PaymentLink, ours_live: bool, remote: &RemotePayment) -> Result<(), Anomaly> {
    // What somebody tied to the invoice was never asked for with our UUID.
    if link.origin == LinkOrigin::Asked && remote.link_id() != Some(link.id) {
        return Err(Anomaly::MetadataDiffers);
    }
    if remote.is_live != ours_live {
        return Err(Anomaly::ModeDiffers {
            theirs_live: remote.is_live,
        });
    }
    if remote.currency != "EUR" {
        return Err(Anomaly::CurrencyDiffers {
            theirs: remote.currency.clone(),
        });
    }
    if remote.amount != link.amount {
        return Err(Anomaly::AmountDiffers {
            ours: link.amount,
            theirs: remote.amount,
        });
    }
    Ok(())
}

fn received(in_test: bool, remote: &RemotePayment, paid_at: Timestamp) -> Fact {
    if in_test {
        return Fact::ReceivedInTest;
    }
    let source = PayplugSource {
        payment: remote.id.clone(),
        paid_at,
        card: remote.card.clone(),
    };
    Fact::Received {
        date: paris_day(paid_at),
        source,
    }
}

/// The refunds not yet recorded, oldest first. `known` tells which ids are.
#[must_use]
pub fn new_refunds(
    remote: &[RemoteRefund],
    known: impl Fn(&RemoteRefund) -> bool,
) -> Vec<&RemoteRefund> {
    let mut new: Vec<&RemoteRefund> = remote.iter().filter(|refund| !known(refund)).collect();
    new.sort_by(|a, b| {
        a.created_at
            .cmp(&b.created_at)
            .then_with(|| a.id.cmp(&b.id))
    });
    new
}

#[cfg(test)]
mod tests;
