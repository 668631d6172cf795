//! Money received and given back, and what it makes of an invoice.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{ChargebackId, InvoiceId, ReceiptId};
use crate::money::Cents;
use crate::remote::{Card, PaymentId, RefundId};

/// How the customer paid (UNTDID 4461).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMeans {
    /// By card through PayPlug; recorded by the pull, never typed.
    CardPayplug,
    /// Cheque.
    Cheque,
    /// Bank transfer.
    Transfer,
    /// Cash.
    Cash,
    /// Direct debit.
    DirectDebit,
    /// Card on a terminal.
    CardTerminal,
    /// Anything else.
    Other,
}

impl PaymentMeans {
    /// Every means.
    pub const ALL: [Self; 7] = [
        Self::CardPayplug,
        Self::Cheque,
        Self::Transfer,
        Self::Cash,
        Self::DirectDebit,
        Self::CardTerminal,
        Self::Other,
    ];

    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CardPayplug => "card_payplug",
            Self::Cheque => "cheque",
            Self::Transfer => "transfer",
            Self::Cash => "cash",
            Self::DirectDebit => "direct_debit",
            Self::CardTerminal => "card_terminal",
            Self::Other => "other",
        }
    }
}

/// Where a card receipt comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayplugSource {
    /// PayPlug's id of the payment: unique over all receipts.
    pub payment: PaymentId,
    /// When PayPlug says it was paid.
    pub paid_at: Timestamp,
    /// Brand and last four digits, where PayPlug tells them.
    pub card: Option<Card>,
}

/// Money received against one invoice (*règlement*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Identity.
    pub id: ReceiptId,
    /// The invoice it settles.
    pub invoice: InvoiceId,
    /// Day received, in France.
    pub date: Date,
    /// How much; always above zero.
    pub amount: Cents,
    /// How.
    pub means: PaymentMeans,
    /// For [`PaymentMeans::CardPayplug`], and only for it.
    pub payplug: Option<PayplugSource>,
}

/// Money of a receipt given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// PayPlug's id of the refund: unique.
    pub id: RefundId,
    /// The receipt it reduces.
    pub receipt: ReceiptId,
    /// Day, in France.
    pub date: Date,
    /// How much; always above zero.
    pub amount: Cents,
}

/// Money of a card receipt that the customer's bank took back. PayPlug's API shows nothing of it
/// (reference § 4.7): the owner records it from PayPlug's notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chargeback {
    /// Identity.
    pub id: ChargebackId,
    /// The receipt it reduces.
    pub receipt: ReceiptId,
    /// Day, in France.
    pub date: Date,
    /// How much; always above zero.
    pub amount: Cents,
}

/// How a dispute ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargebackOutcome {
    /// The money came again.
    Won,
    /// The money is gone.
    Lost,
}

impl ChargebackOutcome {
    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
}

/// What happened to the net due of an invoice since it was issued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Movements {
    /// Receipts of all means.
    pub received: Cents,
    /// Refunds, and chargebacks that were not won, of those receipts.
    pub given_back: Cents,
    /// The part of `given_back` that the owner has decided on.
    pub decided: Cents,
    /// Debts given up after a lost chargeback.
    pub written_off: Cents,
    /// What left the account by the owner's decision: an overpayment returned, kept for the customer or
    /// set off elsewhere, a small difference gained.
    pub taken_out: Cents,
    /// What settles the invoice as money would: credit of other invoices set off against it, small
    /// differences given up.
    pub brought_in: Cents,
    /// The retention, once it is released: due besides what the invoice asked for.
    pub released: Cents,
    /// Credit notes on the invoice, by their own net due.
    pub credited: Cents,
    /// Whether the invoice was cancelled by a full credit note.
    pub cancelled: bool,
}

impl Movements {
    /// R of `accounting.md` § 2, before it is held between its bounds: what settles the invoice.
    #[must_use]
    pub fn settling(&self) -> Cents {
        self.received - self.given_back + self.brought_in - self.taken_out
    }
}

/// Where a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not finalised.
    Draft,
    /// Finalised, nothing received.
    Finalised,
    /// Something received, something still due.
    PartlyPaid,
    /// Nothing due any more (*acquittée*).
    Settled,
    /// Credited in full.
    Cancelled,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Finalised,
        Self::PartlyPaid,
        Self::Settled,
        Self::Cancelled,
    ];

    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Finalised => "finalised",
            Self::PartlyPaid => "partly_paid",
            Self::Settled => "settled",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What is derived from a document and its movements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Status.
    pub status: Status,
    /// Still to pay now, never negative.
    pub remaining: Cents,
    /// What the customer paid too much (*trop-perçu*), never negative.
    pub customer_credit: Cents,
    /// After a refund the owner decides before anything more is asked (`payment-links.md` § 3).
    pub awaits_decision: bool,
}

impl Standing {
    /// What a link may ask for now.
    #[must_use]
    pub fn payable(&self) -> Cents {
        if self.awaits_decision || self.status == Status::Cancelled {
            Cents::ZERO
        } else {
            self.remaining
        }
    }
}

/// Derives the standing of a document that asked for `asked` (its net due).
#[must_use]
pub fn standing(asked: Cents, movements: Movements) -> Standing {
    let kept = movements.settling();
    let asked = asked + movements.released;
    let balance = asked - movements.credited - movements.written_off - kept;
    let status = if movements.cancelled {
        Status::Cancelled
    } else if !balance.is_positive() {
        Status::Settled
    } else if kept.is_positive() {
        Status::PartlyPaid
    } else {
        Status::Finalised
    };
    Standing {
        status,
        remaining: balance.at_least_zero(),
        customer_credit: (-balance).at_least_zero(),
        awaits_decision: movements.given_back > movements.decided && balance.is_positive(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Movements, Standing, Status, standing};
    use crate::money::Cents;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    fn after(received: i64, given_back: i64, credited: i64, cancelled: bool) -> Standing {
        let cents = Cents::new;
        standing(
            cents(1000),
            Movements {
                received: cents(received),
                given_back: cents(given_back),
                credited: cents(credited),
                cancelled,
                ..Movements::default()
            },
        )
    }

    #[test]
    fn statuses_follow_the_money() {
        assert_eq!(after(0, 0, 0, false).status, Status::Finalised);
        assert_eq!(after(400, 0, 0, false).status, Status::PartlyPaid);
        assert_eq!(after(1000, 0, 0, false).status, Status::Settled);
        assert_eq!(after(1200, 0, 0, false).customer_credit, Cents::new(200));
        assert_eq!(after(0, 0, 1000, true).status, Status::Cancelled);
        assert_eq!(after(1000, 0, 1000, true).customer_credit, Cents::new(1000));
        let zero = standing(Cents::ZERO, Movements::default());
        assert_eq!(zero.status, Status::Settled);
    }

    #[test]
    fn after_a_refund_nothing_is_asked_until_somebody_decides() {
        let refunded = after(1000, 1000, 0, false);
        assert_eq!(
            (refunded.status, refunded.remaining),
            (Status::Finalised, Cents::new(1000))
        );
        assert_eq!(refunded.payable(), Cents::ZERO);
        let overpaid_and_given_back = after(1200, 200, 0, false);
        assert!(!overpaid_and_given_back.awaits_decision);
    }

    #[test]
    fn a_decision_makes_what_is_left_payable_again() {
        let movements = Movements {
            received: Cents::new(1000),
            given_back: Cents::new(400),
            ..Movements::default()
        };
        let after = |decided, credited, written_off| {
            standing(
                Cents::new(1000),
                Movements {
                    decided: Cents::new(decided),
                    credited: Cents::new(credited),
                    written_off: Cents::new(written_off),
                    ..movements
                },
            )
        };
        assert!(after(0, 0, 0).awaits_decision && after(399, 0, 0).awaits_decision);
        let again = after(400, 0, 0);
        assert_eq!(
            (again.status, again.payable()),
            (Status::PartlyPaid, Cents::new(400))
        );
        for nothing_left in [after(400, 400, 0), after(400, 0, 400), after(0, 100, 300)] {
            assert_eq!(nothing_left.status, Status::Settled);
            assert_eq!(nothing_left.payable(), Cents::ZERO);
            assert!(!nothing_left.awaits_decision);
        }
    }

    #[test]
    fn a_released_retention_is_due_besides() {
        let after = |received: i64, released: i64, credited: i64| {
            let movements = Movements {
                received: Cents::new(received),
                released: Cents::new(released),
                credited: Cents::new(credited),
                ..Movements::default()
            };
            let found = standing(Cents::new(207_362), movements);
            (found.status, found.payable().get())
        };
        assert_eq!(after(207_362, 0, 0), (Status::Settled, 0));
        assert_eq!(after(207_362, 10_914, 0), (Status::PartlyPaid, 10_914));
        assert_eq!(after(0, 10_914, 0), (Status::Finalised, 218_276));
        assert_eq!(after(218_276, 10_914, 0), (Status::Settled, 0));
        assert_eq!(after(207_362, 10_914, 10_914), (Status::Settled, 0));
    }

    proptest! {
        #[test]
        fn due_and_credit_exclude_each_other(asked in 0_i64..100_000, received in 0_i64..200_000, back in 0_i64..200_000, credited in 0_i64..100_000) {
            let movements = Movements { received: Cents::new(received), given_back: Cents::new(back.min(received)), credited: Cents::new(credited), ..Movements::default() };
            let found = standing(Cents::new(asked), movements);
            prop_assert!(found.remaining.is_zero() || found.customer_credit.is_zero());
            prop_assert_eq!(found.remaining - found.customer_credit, Cents::new(asked - credited - received + back.min(received)));
        }
    }
}
