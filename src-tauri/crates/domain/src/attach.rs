//! Tying a payment that no link asked for to an invoice, as somebody decides: what may be tied, what follows from it,
//! and the price of an invoice that such a payment is to settle.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::date::{at_noon, paris_day};
use crate::id::LinkId;
use crate::link::{Hosted, Mode};
use crate::money::Cents;
use crate::numbering::DocumentNumber;
use crate::receipt::PayplugSource;
use crate::remote::{PaymentId, RemotePayment};
use crate::vat::VatTreatment;

/// Why a payment cannot be tied to an invoice. As `&'static str` it is its stable code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AttachRule {
    /// PayPlug does not know it, and no statement shows it.
    #[error("unknown payment")]
    UnknownPayment,
    /// It is the receipt of an invoice already.
    #[error("already received on {number}")]
    AlreadyReceived {
        /// Number of that invoice.
        number: DocumentNumber,
    },
    /// It was asked for here, by the link of an invoice: it is recorded there by itself.
    #[error("asked for by {number}")]
    AskedForHere {
        /// Number of that invoice.
        number: DocumentNumber,
    },
    /// Nobody has paid it.
    #[error("not paid")]
    NotPaidYet,
    /// A Test key made it: it brought no money, and never touches the books.
    #[error("a test payment")]
    TestPayment,
    /// PayPlug says another mode than that of the key.
    #[error("another mode")]
    AnotherMode,
    /// Not in euros.
    #[error("in {currency}")]
    AnotherCurrency {
        /// ISO 4217.
        currency: String,
    },
    /// Paid, but PayPlug gives no date.
    #[error("paid without a date")]
    NoPaidDate,
    /// The invoice has nothing to pay.
    #[error("{number} has nothing to pay")]
    NothingLeftToPay {
        /// Its number.
        number: DocumentNumber,
    },
}

/// A payment that brought money and that no link asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unasked {
    /// How much it brought.
    pub amount: Cents,
    /// Where its receipt comes from.
    pub source: PayplugSource,
    /// The payment as a link has it; without a page where none is known.
    pub hosted: Hosted,
    /// The link whose UUID it carries, where it carries one.
    pub names: Option<LinkId>,
    /// From when on PayPlug takes refunds of it, where it says so.
    pub refundable_after: Option<Timestamp>,
    /// Until when PayPlug takes refunds of it, where it says so.
    pub refundable_until: Option<Timestamp>,
}

impl Unasked {
    /// As PayPlug tells it now, read with a key of `mode`: the checks of `payment-links.md` § 2 that need no link.
    ///
    /// # Errors
    /// What keeps it from being a receipt.
    pub fn of_remote(remote: &RemotePayment, mode: Mode) -> Result<Self, AttachRule> {
        if mode == Mode::Test {
            return Err(AttachRule::TestPayment);
        }
        if remote.is_live != mode.is_live() {
            return Err(AttachRule::AnotherMode);
        }
        if remote.currency != "EUR" {
            return Err(AttachRule::AnotherCurrency {
                currency: remote.currency.clone(),
            });
        }
        if !remote.is_paid || !remote.amount.is_positive() {
            return Err(AttachRule::NotPaidYet);
        }
        let paid_at = remote.paid_at.ok_or(AttachRule::NoPaidDate)?;
        Ok(Self {
            amount: remote.amount,
            source: PayplugSource {
                payment: remote.id.clone(),
                paid_at,
                card: remote.card.clone(),
            },
            hosted: Hosted {
                payment: remote.id.clone(),
                url: remote.payment_url.clone().unwrap_or_default(),
                mode,
                created_at: remote.created_at,
            },
            names: remote.link_id(),
            refundable_after: remote.refundable_after,
            refundable_until: remote.refundable_until,
        })
    }

    /// As it was last seen at PayPlug, where no key is there to read it again.
    ///
    /// # Errors
    /// What keeps it from being a receipt.
    pub fn as_seen(
        payment: &PaymentId,
        mode: Mode,
        amount: Cents,
        created_at: Timestamp,
        paid_at: Option<Timestamp>,
    ) -> Result<Self, AttachRule> {
        if mode == Mode::Test {
            return Err(AttachRule::TestPayment);
        }
        let paid_at = paid_at.ok_or(AttachRule::NotPaidYet)?;
        Ok(Self {
            amount,
            source: PayplugSource {
                payment: payment.clone(),
                paid_at,
                card: None,
            },
            hosted: Hosted {
                payment: payment.clone(),
                url: String::new(),
                mode,
                created_at,
            },
            names: None,
            refundable_after: None,
            refundable_until: None,
        })
    }

    /// As a line of a statement tells it: a day and an amount, and no hour; noon in France stands for it.
    ///
    /// # Errors
    /// [`AttachRule::NoPaidDate`] beyond the calendar.
    pub fn of_line(
        payment: &PaymentId,
        mode: Mode,
        amount: Cents,
        date: Date,
    ) -> Result<Self, AttachRule> {
        let noon = at_noon(date).ok_or(AttachRule::NoPaidDate)?;
        Self::as_seen(payment, mode, amount, noon, Some(noon))
    }

    /// The day it was paid on, in France.
    #[must_use]
    pub fn date(&self) -> Date {
        paris_day(self.source.paid_at)
    }
}

/// What tying a payment to an invoice comes to, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// The part that settles the invoice.
    pub settles: Cents,
    /// What is then still to pay.
    pub left: Cents,
    /// What was paid too much: it stays the customer's.
    pub credit: Cents,
}

/// What a payment of `amount` makes of an invoice with `remaining` to pay; neither is below zero.
#[must_use]
pub fn foresee(amount: Cents, remaining: Cents) -> Foreseen {
    let settles = amount.min(remaining);
    Foreseen {
        settles,
        left: remaining - settles,
        credit: amount - settles,
    }
}

/// The price excl. VAT of the one line of an invoice whose total incl. VAT is to be `gross`. VAT is rounded to the cent,
/// so that not every total can be reached (at 20 % one in six cannot): then the total is a cent below, never above.
#[must_use]
pub fn net_within(gross: Cents, vat: VatTreatment) -> Cents {
    let hundredths = i64::from(vat.basis_points());
    let net = gross.share(10_000, 10_000 + hundredths);
    if net + vat.vat_on(net) > gross {
        net - Cents::new(1)
    } else {
        net
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;
    use jiff::civil::date;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
    use proptest::sample::select;

    use super::{AttachRule, Unasked, foresee, net_within};
    use crate::link::Mode;
    use crate::money::Cents;
    use crate::remote::{METADATA_LINK, PaymentId, RemotePayment};
    use crate::vat::{StandardRate, VatTreatment};

    fn id() -> PaymentId {
        PaymentId::parse("pay_5iHMDxy4ABR4YBVW4UscIn").unwrap()
    }

    fn paid() -> RemotePayment {
        RemotePayment {
            id: id(),
            is_live: true,
            amount: Cents::new(26_400),
            currency: "EUR".to_owned(),
            created_at: "2026-11-02T10:00:00Z".parse().unwrap(),
            is_paid: true,
            paid_at: Some("2026-11-02T23:30:00Z".parse().unwrap()),
            amount_refunded: Cents::ZERO,
            failure: None,
            card: None,
            metadata: BTreeMap::new(),
            description: Some("Dépannage".to_owned()),
            payment_url: None,
            refundable_after: None,
            refundable_until: None,
        }
    }

    #[test]
    fn what_brought_money_can_be_tied_on_its_day_in_france() {
        let found = Unasked::of_remote(&paid(), Mode::Live).unwrap();
        assert_eq!(found.amount, Cents::new(26_400));
        assert_eq!(found.date(), date(2026, 11, 3));
        assert_eq!(
            (found.hosted.mode, found.hosted.payment),
            (Mode::Live, id())
        );
        assert_eq!(found.names, None);
        let uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        let named = RemotePayment {
            metadata: BTreeMap::from([(METADATA_LINK.to_owned(), uuid.to_owned())]),
            ..paid()
        };
        let named = Unasked::of_remote(&named, Mode::Live).unwrap();
        assert_eq!(named.names, uuid.parse().ok());
        let pretended = RemotePayment {
            is_live: false,
            ..paid()
        };
        assert!(Unasked::of_remote(&pretended, Mode::Demo).is_ok());
    }

    #[test]
    fn what_brought_none_cannot() {
        let refused = |remote: RemotePayment, mode| Unasked::of_remote(&remote, mode).unwrap_err();
        assert_eq!(refused(paid(), Mode::Test), AttachRule::TestPayment);
        assert_eq!(refused(paid(), Mode::Demo), AttachRule::AnotherMode);
        let of_test = RemotePayment {
            is_live: false,
            ..paid()
        };
        assert_eq!(refused(of_test, Mode::Live), AttachRule::AnotherMode);
        let swiss = RemotePayment {
            currency: "CHF".to_owned(),
            ..paid()
        };
        assert!(matches!(
            refused(swiss, Mode::Live),
            AttachRule::AnotherCurrency { currency } if currency == "CHF"
        ));
        let waiting = RemotePayment {
            is_paid: false,
            paid_at: None,
            ..paid()
        };
        assert_eq!(refused(waiting, Mode::Live), AttachRule::NotPaidYet);
        let undated = RemotePayment {
            paid_at: None,
            ..paid()
        };
        assert_eq!(refused(undated, Mode::Live), AttachRule::NoPaidDate);
        let amount = Cents::new(100);
        let seen = |mode, paid_at: Option<Timestamp>| {
            Unasked::as_seen(&id(), mode, amount, Timestamp::UNIX_EPOCH, paid_at).map(|_| ())
        };
        assert_eq!(seen(Mode::Live, None), Err(AttachRule::NotPaidYet));
        let at = Some(Timestamp::UNIX_EPOCH);
        assert_eq!(seen(Mode::Test, at), Err(AttachRule::TestPayment));
        assert_eq!(seen(Mode::Live, at), Ok(()));
    }

    #[test]
    fn a_line_is_paid_on_its_day_whatever_the_season() {
        for day in [date(2026, 3, 29), date(2026, 7, 1), date(2026, 12, 31)] {
            let found = Unasked::of_line(&id(), Mode::Live, Cents::new(100), day).unwrap();
            assert_eq!(found.date(), day);
        }
    }

    #[test]
    fn a_price_comes_to_the_total_where_there_is_one() {
        let normal = VatTreatment::Standard(StandardRate::Normal);
        let works = VatTreatment::Standard(StandardRate::Intermediate);
        assert_eq!(net_within(Cents::new(26_400), works), Cents::new(24_000));
        assert_eq!(net_within(Cents::new(26_400), normal), Cents::new(22_000));
        assert_eq!(
            net_within(Cents::new(26_400), VatTreatment::Exempt),
            Cents::new(26_400)
        );
        // 0.02 + 0.00 and 0.03 + 0.01: nothing comes to 0.03.
        assert_eq!(net_within(Cents::new(3), normal), Cents::new(2));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_between_payment_and_invoice(amount in 1_i64..10_000_000, remaining in 0_i64..10_000_000) {
            let (amount, remaining) = (Cents::new(amount), Cents::new(remaining));
            let found = foresee(amount, remaining);
            prop_assert_eq!(found.settles + found.credit, amount);
            prop_assert_eq!(found.settles + found.left, remaining);
            prop_assert!(found.left.is_zero() || found.credit.is_zero());
        }

        #[test]
        fn the_total_is_the_payment_or_a_cent_below(gross in 1_i64..10_000_000, rate in select(StandardRate::ALL.to_vec())) {
            let (gross, vat) = (Cents::new(gross), VatTreatment::Standard(rate));
            let net = net_within(gross, vat);
            let missing = (gross - net - vat.vat_on(net)).get();
            prop_assert!((0..=1).contains(&missing), "{}", missing);
            // Where a cent is missing, no price comes to the total.
            let next = net + Cents::new(1);
            prop_assert!(missing == 0 || next + vat.vat_on(next) > gross);
        }
    }
}
