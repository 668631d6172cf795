//! What PayPlug says of a payment, and what must be recorded of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::date;
use proptest::option;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;
use uuid::Uuid;

use super::{Anomaly, Fact, new_refunds, settle};
use crate::id::{InvoiceId, LinkId};
use crate::link::{
    Hosted, LinkEvent, LinkOrigin, LinkState, Mode, PaymentLink, RefusalReason, transition,
};
use crate::money::Cents;
use crate::receipt::PayplugSource;
use crate::remote::{
    Card, Failure, METADATA_LINK, PaymentId, RefundId, RemotePayment, RemoteRefund,
};

const AMOUNT: Cents = Cents::new(207_362);

fn payment_id() -> PaymentId {
    PaymentId::parse("pay_5iHMDxy4ABR4YBVW4UscIn").unwrap()
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn hosted(mode: Mode) -> Hosted {
    let url = "https://secure.payplug.com/pay/5iHMDxy4ABR4YBVW4UscIn".to_owned();
    Hosted {
        payment: payment_id(),
        url,
        mode,
        created_at: instant("2026-11-02T10:00:00Z"),
    }
}

fn link(state: LinkState) -> PaymentLink {
    PaymentLink {
        id: LinkId::new(Uuid::from_u128(7)),
        invoice: InvoiceId::new(Uuid::from_u128(8)),
        amount: AMOUNT,
        state,
        wished_at: instant("2026-11-02T09:59:00Z"),
        origin: LinkOrigin::Asked,
    }
}

fn open(mode: Mode) -> PaymentLink {
    link(LinkState::Open(hosted(mode)))
}

/// The payment of [`open`] as PayPlug reports it before anything happens.
fn waiting(mode: Mode) -> RemotePayment {
    let uuid = Uuid::from_u128(7).to_string();
    RemotePayment {
        id: payment_id(),
        is_live: mode.is_live(),
        amount: AMOUNT,
        currency: "EUR".to_owned(),
        created_at: instant("2026-11-02T10:00:00Z"),
        is_paid: false,
        paid_at: None,
        amount_refunded: Cents::ZERO,
        failure: None,
        card: None,
        metadata: BTreeMap::from([(METADATA_LINK.to_owned(), uuid)]),
        description: None,
        payment_url: None,
        refundable_after: None,
        refundable_until: None,
    }
}

/// Paid half an hour after midnight in France, when it was still the day before in UTC.
fn paid(mode: Mode) -> RemotePayment {
    let card = Card {
        brand: Some("Visa".to_owned()),
        last4: Some("4242".to_owned()),
    };
    RemotePayment {
        is_paid: true,
        paid_at: Some(instant("2026-11-02T23:30:00Z")),
        card: Some(card),
        ..waiting(mode)
    }
}

fn failed(code: &str) -> RemotePayment {
    RemotePayment {
        failure: Some(Failure {
            code: code.to_owned(),
        }),
        ..waiting(Mode::Live)
    }
}

fn settled(link: &PaymentLink, remote: &RemotePayment) -> Result<Vec<Fact>, Anomaly> {
    settle(link, remote, Cents::ZERO)
}

#[test]
fn a_payment_is_received_on_its_day_in_france() {
    for mode in [Mode::Live, Mode::Demo] {
        let remote = paid(mode);
        let source = PayplugSource {
            payment: payment_id(),
            paid_at: instant("2026-11-02T23:30:00Z"),
            card: remote.card.clone(),
        };
        let expected = vec![Fact::Received {
            date: date(2026, 11, 3),
            source,
        }];
        assert_eq!(settled(&open(mode), &remote), Ok(expected), "{mode:?}");
    }
}

#[test]
fn a_test_payment_never_reaches_the_books() {
    let expected = Ok(vec![Fact::ReceivedInTest]);
    assert_eq!(settled(&open(Mode::Test), &paid(Mode::Test)), expected);
    let refunded = RemotePayment {
        amount_refunded: AMOUNT,
        ..paid(Mode::Test)
    };
    assert_eq!(settled(&open(Mode::Test), &refunded), expected);
    let known = link(LinkState::PaidTest(hosted(Mode::Test)));
    assert_eq!(settled(&known, &refunded), Ok(Vec::new()));
}

/// Somebody tied it to the invoice: nothing else of it may differ for all that.
#[test]
fn an_attached_payment_carries_no_uuid_of_ours() {
    let attached = PaymentLink {
        origin: LinkOrigin::Attached,
        ..link(LinkState::Paid(hosted(Mode::Live)))
    };
    let bare = RemotePayment {
        metadata: BTreeMap::new(),
        ..paid(Mode::Live)
    };
    assert_eq!(settled(&attached, &bare), Ok(Vec::new()));
    let of_ours = link(LinkState::Paid(hosted(Mode::Live)));
    assert_eq!(settled(&of_ours, &bare), Err(Anomaly::MetadataDiffers));
    let refunded = RemotePayment {
        amount_refunded: Cents::new(100),
        ..bare.clone()
    };
    assert_eq!(settled(&attached, &refunded), Ok(vec![Fact::RefundsToRead]));
    let other = RemotePayment {
        amount: AMOUNT + Cents::new(1),
        ..bare
    };
    assert!(matches!(
        settled(&attached, &other),
        Err(Anomaly::AmountDiffers { .. })
    ));
}

#[test]
fn a_payment_that_waits_changes_nothing() {
    assert_eq!(
        settled(&open(Mode::Live), &waiting(Mode::Live)),
        Ok(Vec::new())
    );
}

#[test]
fn a_payment_that_slipped_through_is_received_whatever_became_of_its_link() {
    for state in [LinkState::Aborting, LinkState::Aborted, LinkState::Dead] {
        let link = link(state(hosted(Mode::Live)));
        let facts = settled(&link, &paid(Mode::Live)).unwrap();
        assert!(
            matches!(facts[..], [Fact::Received { .. }]),
            "{} {facts:?}",
            link.state.code()
        );
    }
}

#[test]
fn a_failure_is_an_attempt_and_an_abort_is_none() {
    let aborting = link(LinkState::Aborting(hosted(Mode::Live)));
    for link in [open(Mode::Live), aborting] {
        let declined = Fact::Failed(Failure {
            code: "card_declined".to_owned(),
        });
        assert_eq!(settled(&link, &failed("card_declined")), Ok(vec![declined]));
        assert_eq!(settled(&link, &failed("aborted")), Ok(vec![Fact::Aborted]));
    }
    for state in [
        LinkState::Aborted,
        LinkState::Dead,
        LinkState::Paid,
        LinkState::Refunded,
    ] {
        let link = link(state(hosted(Mode::Live)));
        assert_eq!(
            settled(&link, &failed("card_declined")),
            Ok(Vec::new()),
            "{}",
            link.state.code()
        );
    }
}

#[test]
fn refunds_are_read_when_more_went_back_than_is_known() {
    let given_back = |cents| RemotePayment {
        amount_refunded: Cents::new(cents),
        ..paid(Mode::Live)
    };
    let known = link(LinkState::Paid(hosted(Mode::Live)));
    let facts = |remote: &RemotePayment, here| settle(&known, remote, Cents::new(here));
    assert_eq!(facts(&given_back(500), 0), Ok(vec![Fact::RefundsToRead]));
    assert_eq!(facts(&given_back(500), 499), Ok(vec![Fact::RefundsToRead]));
    assert_eq!(facts(&given_back(500), 500), Ok(Vec::new()));
    let all = given_back(AMOUNT.get());
    assert_eq!(facts(&all, 500), Ok(vec![Fact::RefundsToRead]));
    // An answer from before the last refund, come late.
    assert_eq!(facts(&given_back(500), 900), Ok(Vec::new()));
    let both = settled(&open(Mode::Live), &given_back(500)).unwrap();
    assert!(
        matches!(both[..], [Fact::Received { .. }, Fact::RefundsToRead]),
        "{both:?}"
    );
}

#[test]
fn a_link_without_payment_at_payplug_settles_nothing() {
    let reason = RefusalReason::BelowMinimum;
    for state in [
        LinkState::Requested { attempted_at: None },
        LinkState::Refused { reason },
    ] {
        assert_eq!(settled(&link(state), &paid(Mode::Live)), Ok(Vec::new()));
    }
}

#[test]
fn each_difference_is_an_anomaly_and_nothing_is_recorded() {
    let other_uuid = Uuid::from_u128(99).to_string();
    let with_metadata = |pairs: &[(&str, &str)]| {
        let metadata = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        RemotePayment {
            metadata: metadata.collect(),
            ..paid(Mode::Live)
        }
    };
    let refunded = AMOUNT + Cents::new(1);
    for (remote, expected, code) in [
        (
            with_metadata(&[]),
            Anomaly::MetadataDiffers,
            "metadata_differs",
        ),
        (
            with_metadata(&[(METADATA_LINK, &other_uuid)]),
            Anomaly::MetadataDiffers,
            "metadata_differs",
        ),
        (
            with_metadata(&[(METADATA_LINK, "7")]),
            Anomaly::MetadataDiffers,
            "metadata_differs",
        ),
        (
            RemotePayment {
                is_live: false,
                ..paid(Mode::Live)
            },
            Anomaly::ModeDiffers { theirs_live: false },
            "mode_differs",
        ),
        (
            RemotePayment {
                currency: "USD".to_owned(),
                ..paid(Mode::Live)
            },
            Anomaly::CurrencyDiffers {
                theirs: "USD".to_owned(),
            },
            "currency_differs",
        ),
        (
            RemotePayment {
                amount: Cents::new(207_361),
                ..paid(Mode::Live)
            },
            Anomaly::AmountDiffers {
                ours: AMOUNT,
                theirs: Cents::new(207_361),
            },
            "amount_differs",
        ),
        (
            RemotePayment {
                paid_at: None,
                ..paid(Mode::Live)
            },
            Anomaly::PaidWithoutDate,
            "paid_without_date",
        ),
        (
            RemotePayment {
                amount_refunded: refunded,
                ..paid(Mode::Live)
            },
            Anomaly::RefundExceedsPayment {
                received: AMOUNT,
                refunded,
            },
            "refund_exceeds_payment",
        ),
    ] {
        assert_eq!(expected.code(), code);
        assert_eq!(settled(&open(Mode::Live), &remote), Err(expected));
    }
    let second = Anomaly::SecondPayment {
        other: payment_id(),
    };
    assert_eq!(second.code(), "second_payment");
}

#[test]
fn a_live_payment_never_settles_a_test_or_demonstration_link() {
    for mode in [Mode::Test, Mode::Demo] {
        let differs = Err(Anomaly::ModeDiffers { theirs_live: true });
        assert_eq!(settled(&open(mode), &paid(Mode::Live)), differs, "{mode:?}");
    }
}

fn refund(id: &str, at: &str) -> RemoteRefund {
    let id = RefundId::parse(id).unwrap();
    RemoteRefund {
        id,
        payment: payment_id(),
        amount: Cents::new(100),
        created_at: instant(at),
        metadata: std::collections::BTreeMap::new(),
    }
}

#[test]
fn new_refunds_come_oldest_first_and_known_ones_not_at_all() {
    let remote = [
        refund("re_c", "2026-11-05T10:00:00Z"),
        refund("re_b", "2026-11-04T10:00:00Z"),
        refund("re_a", "2026-11-05T10:00:00Z"),
        refund("re_d", "2026-11-03T10:00:00Z"),
    ];
    let ids = |known: &[&str]| -> Vec<String> {
        let new = new_refunds(&remote, |refund| known.contains(&refund.id.as_str()));
        new.into_iter()
            .map(|refund| refund.id.to_string())
            .collect()
    };
    assert_eq!(ids(&[]), ["re_d", "re_b", "re_a", "re_c"]);
    assert_eq!(ids(&["re_b", "re_c"]), ["re_d", "re_a"]);
    assert_eq!(ids(&["re_a", "re_b", "re_c", "re_d"]), [""; 0]);
}

/// What a file keeps of a link: its state, receipts by payment, refunds seen.
struct Ledger {
    link: PaymentLink,
    receipts: Vec<PaymentId>,
    refunded: Cents,
}

impl Ledger {
    /// Records facts as the application does.
    fn apply(&mut self, facts: Vec<Fact>, remote: &RemotePayment) {
        for fact in facts {
            let event = match fact {
                Fact::Received { source, .. } => {
                    self.receipts.push(source.payment);
                    LinkEvent::Paid
                }
                Fact::ReceivedInTest => LinkEvent::Paid,
                Fact::Failed(_) => LinkEvent::Failed,
                Fact::Aborted => LinkEvent::AbortConfirmed,
                Fact::RefundsToRead => {
                    self.refunded = remote.amount_refunded;
                    LinkEvent::GivenBack {
                        in_full: self.refunded == self.link.amount,
                    }
                }
            };
            self.link.state = transition(self.link.state.clone(), event).unwrap();
        }
    }
}

/// Any answer on the payment of [`link`], true or not.
fn any_remote(mode: Mode) -> impl Strategy<Value = RemotePayment> {
    let failure = option::of(select(vec!["aborted", "card_declined", "timeout"]));
    let refunded = select(vec![0, 0, 1, 500, 207_361, 207_362, 207_363]);
    let amount = select(vec![207_362, 207_362, 207_362, 207_362, 99]);
    (any::<bool>(), any::<bool>(), failure, refunded, amount).prop_map(
        move |(is_paid, is_dated, failure, refunded, amount)| RemotePayment {
            is_paid,
            paid_at: is_dated.then(|| instant("2026-11-03T09:00:00Z")),
            amount: Cents::new(amount),
            amount_refunded: if is_paid {
                Cents::new(refunded)
            } else {
                Cents::ZERO
            },
            failure: failure.map(|code| Failure {
                code: code.to_owned(),
            }),
            ..waiting(mode)
        },
    )
}

fn any_history() -> impl Strategy<Value = (Mode, LinkState, Vec<RemotePayment>)> {
    let states = [
        LinkState::Open,
        LinkState::Aborting,
        LinkState::Aborted,
        LinkState::Dead,
    ];
    let modes = select(vec![Mode::Live, Mode::Demo, Mode::Test]);
    proptest::strategy::Strategy::prop_flat_map((modes, 0..states.len()), move |(mode, state)| {
        let answers = proptest::collection::vec(any_remote(mode), 1..12);
        answers.prop_map(move |answers| (mode, states[state](hosted(mode)), answers))
    })
}

proptest! {
    #[test]
    fn whatever_answers_come_in_whatever_order_a_payment_is_recorded_once((mode, state, answers) in any_history()) {
        let mut ledger = Ledger { link: link(state), receipts: Vec::new(), refunded: Cents::ZERO };
        let mut was_told_paid = false;
        for remote in &answers {
            let before = ledger.link.state.clone();
            match settle(&ledger.link, remote, ledger.refunded) {
                Ok(facts) => {
                    was_told_paid |= remote.is_paid;
                    ledger.apply(facts, remote);
                    prop_assert_eq!(settle(&ledger.link, remote, ledger.refunded), Ok(Vec::new()), "seen again");
                }
                Err(_) => prop_assert_eq!(&ledger.link.state, &before),
            }
        }
        let in_books = was_told_paid && mode != Mode::Test;
        prop_assert_eq!(ledger.receipts.len(), usize::from(in_books));
        prop_assert_eq!(ledger.link.state.was_paid(), was_told_paid);
        prop_assert_eq!(ledger.link.state.code() == "paid_test", was_told_paid && mode == Mode::Test);
        let most = answers.iter().map(|remote| remote.amount_refunded).filter(|refunded| *refunded <= AMOUNT).max();
        prop_assert!(ledger.refunded <= most.unwrap_or_default());
    }

    #[test]
    fn no_refund_is_new_twice(known in proptest::collection::btree_set(0_usize..12, 0..12)) {
        let remote: Vec<RemoteRefund> =
            (0..12).map(|place| refund(&format!("re_{place}"), &format!("2026-11-{:02}T10:00:00Z", 20 - place / 2))).collect();
        let mut recorded: BTreeSet<RefundId> = known.iter().map(|place| remote[*place].id.clone()).collect();
        let new = new_refunds(&remote, |refund| recorded.contains(&refund.id));
        prop_assert_eq!(new.len(), remote.len() - known.len());
        prop_assert!(new.is_sorted_by_key(|refund| (refund.created_at, &refund.id)));
        recorded.extend(new.into_iter().map(|refund| refund.id.clone()));
        prop_assert!(new_refunds(&remote, |refund| recorded.contains(&refund.id)).is_empty());
    }
}
