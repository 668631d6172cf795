//! The life of a link, transition by transition (`payment-links.md` § 1).

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{
    CurrentAccount, Hosted, LinkEvent, LinkOrigin, LinkState, LinkStep, Mode, PaymentLink,
    RefusalReason, next_step, transition, wants_new, wish,
};
use crate::error::{Error, Rule};
use crate::id::{InvoiceId, LinkId};
use crate::money::Cents;
use crate::remote::{AccountLimits, PaymentId};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn hosted(mode: Mode) -> Hosted {
    Hosted {
        payment: PaymentId::parse("pay_5iHMDxy4ABR4YBVW4UscIn").unwrap(),
        url: "https://secure.payplug.com/pay/5iHMDxy4ABR4YBVW4UscIn".to_owned(),
        mode,
        created_at: NOW,
    }
}

/// One of each state, in the order of the table below.
fn states() -> [LinkState; 11] {
    let live = || hosted(Mode::Live);
    let reason = RefusalReason::NotConnected;
    [
        LinkState::Requested { attempted_at: None },
        LinkState::Refused { reason },
        LinkState::Open(live()),
        LinkState::Aborting(live()),
        LinkState::Aborted(live()),
        LinkState::Dead(live()),
        LinkState::Paid(live()),
        LinkState::PaidTest(live()),
        LinkState::PartlyRefunded(live()),
        LinkState::Refunded(live()),
        LinkState::Disputed(live()),
    ]
}

/// One of each event, in the order of the table's columns.
fn events() -> [LinkEvent; 12] {
    [
        LinkEvent::Attempted(NOW),
        LinkEvent::Opened(hosted(Mode::Live)),
        LinkEvent::Refused(RefusalReason::NotConnected),
        LinkEvent::WishedAgain,
        LinkEvent::TakenBack,
        LinkEvent::AbortConfirmed,
        LinkEvent::Failed,
        LinkEvent::Paid,
        LinkEvent::GivenBack { in_full: false },
        LinkEvent::GivenBack { in_full: true },
        LinkEvent::Disputed,
        LinkEvent::DisputeWon,
    ]
}

/// State, then what each event makes of it; `-` where it is impossible.
const TABLE: [&str; 11] = [
    // from          attempted opened  refused wished    taken    confirmed failed  paid part            full     disputed won
    "requested       requested open    refused -         -        -         -       -    -               -        -        -",
    "refused         -         -       refused requested -        -         -       -    -               -        -        -",
    "open            -         -       -       -         aborting aborted   dead    paid -               -        -        -",
    "aborting        -         -       -       -         -        aborted   aborted paid -               -        -        -",
    "aborted         -         -       -       -         -        -         -       paid -               -        -        -",
    "dead            -         -       -       -         -        -         -       paid -               -        -        -",
    "paid            -         -       -       -         -        -         -       -    partly_refunded refunded disputed -",
    "paid_test       -         -       -       -         -        -         -       -    -               -        -        -",
    "partly_refunded -         -       -       -         -        -         -       -    partly_refunded refunded disputed -",
    "refunded        -         -       -       -         -        -         -       -    -               -        -        -",
    "disputed        -         -       -       -         -        -         -       -    disputed        disputed disputed paid",
];

#[test]
fn every_event_in_every_state_does_what_the_table_says() {
    for (state, row) in states().into_iter().zip(TABLE) {
        let words: Vec<&str> = row.split_whitespace().collect();
        assert_eq!((state.code(), words.len()), (words[0], 13));
        for (event, expected) in events().into_iter().zip(&words[1..]) {
            let found = transition(state.clone(), event.clone());
            let what = format!("{} {event:?}", state.code());
            match (found, *expected) {
                (Err(error), "-") => assert_eq!(error.rule, Rule::ImpossibleTransition, "{what}"),
                (found, expected) => {
                    assert_eq!(found.map(|state| state.code()), Ok(expected), "{what}")
                }
            }
        }
    }
}

#[test]
fn the_payment_at_payplug_is_kept_from_state_to_state() {
    for state in states() {
        for event in events() {
            let Ok(next) = transition(state.clone(), event) else {
                continue;
            };
            let expected = state.hosted().cloned().or_else(|| next.hosted().cloned());
            assert_eq!(
                next.hosted().cloned(),
                expected,
                "{} → {}",
                state.code(),
                next.code()
            );
        }
    }
}

#[test]
fn a_test_payment_is_paid_in_test_and_a_demonstration_like_a_real_one() {
    let paid = |mode| transition(LinkState::Open(hosted(mode)), LinkEvent::Paid);
    assert_eq!(
        paid(Mode::Test),
        Ok(LinkState::PaidTest(hosted(Mode::Test)))
    );
    assert_eq!(paid(Mode::Demo), Ok(LinkState::Paid(hosted(Mode::Demo))));
    assert_eq!(paid(Mode::Live), Ok(LinkState::Paid(hosted(Mode::Live))));
    let late = transition(LinkState::Aborted(hosted(Mode::Test)), LinkEvent::Paid);
    assert_eq!(late, Ok(LinkState::PaidTest(hosted(Mode::Test))));
}

#[test]
fn the_first_attempt_dates_the_search() -> Result<(), Error> {
    let later = NOW + SignedDuration::from_secs(60);
    let first = transition(
        LinkState::Requested { attempted_at: None },
        LinkEvent::Attempted(NOW),
    )?;
    let second = transition(first, LinkEvent::Attempted(later))?;
    assert_eq!(
        second,
        LinkState::Requested {
            attempted_at: Some(NOW)
        }
    );
    Ok(())
}

#[test]
fn a_refusal_keeps_its_latest_reason_and_a_new_wish_starts_afresh() -> Result<(), Error> {
    let refused = LinkState::Refused {
        reason: RefusalReason::NotConnected,
    };
    let again = transition(refused, LinkEvent::Refused(RefusalReason::BelowMinimum))?;
    assert_eq!(
        again,
        LinkState::Refused {
            reason: RefusalReason::BelowMinimum
        }
    );
    let wished = transition(again, LinkEvent::WishedAgain)?;
    assert_eq!(wished, LinkState::Requested { attempted_at: None });
    Ok(())
}

fn account() -> AccountLimits {
    AccountLimits {
        country: "FR".to_owned(),
        currencies: vec!["EUR".to_owned()],
        min_amount: AccountLimits::MIN_AMOUNT_DEFAULT,
        max_amount: AccountLimits::MAX_AMOUNT_DEFAULT,
    }
}

#[test]
fn a_link_is_wished_for_within_the_bounds_of_the_account() {
    use LinkStep::{Create, Refuse};
    let no_euro = AccountLimits {
        currencies: vec!["CHF".to_owned()],
        ..account()
    };
    for (payable, account, expected) in [
        (0, Some(account()), Refuse(RefusalReason::NothingDue)),
        (-500, Some(account()), Refuse(RefusalReason::NothingDue)),
        (0, None, Refuse(RefusalReason::NothingDue)),
        (500, None, Refuse(RefusalReason::NotConnected)),
        (500, Some(no_euro), Refuse(RefusalReason::NotEur)),
        (98, Some(account()), Refuse(RefusalReason::BelowMinimum)),
        (99, Some(account()), Create(Cents::new(99))),
        (2_000_000, Some(account()), Create(Cents::new(2_000_000))),
        (
            2_000_001,
            Some(account()),
            Refuse(RefusalReason::AboveMaximum),
        ),
    ] {
        assert_eq!(
            wish(Cents::new(payable), account.as_ref()),
            expected,
            "{payable} {account:?}"
        );
    }
}

fn step(state: LinkState, payable: i64, account: Option<&AccountLimits>) -> LinkStep {
    step_with(Mode::Live, state, payable, account)
}

fn step_with(
    mode: Mode,
    state: LinkState,
    payable: i64,
    account: Option<&AccountLimits>,
) -> LinkStep {
    let link = PaymentLink {
        id: LinkId::new(Uuid::from_u128(1)),
        invoice: InvoiceId::new(Uuid::from_u128(2)),
        amount: Cents::new(500),
        state,
        wished_at: NOW,
        origin: LinkOrigin::Asked,
    };
    let current = account.map(|limits| CurrentAccount { mode, limits });
    next_step(&link, Cents::new(payable), current)
}

#[test]
fn test_gives_way_to_live_and_live_to_nothing() {
    let account = account();
    let modes = [Mode::Demo, Mode::Test, Mode::Live];
    for (current, of) in modes.iter().flat_map(|one| modes.map(|two| (*one, two))) {
        let found = step_with(current, LinkState::Open(hosted(of)), 500, Some(&account));
        let expected = if (current, of) == (Mode::Live, Mode::Test) {
            LinkStep::TakeBack
        } else {
            LinkStep::Rest
        };
        assert_eq!(found, expected, "{of:?} under {current:?}");
        let paid = LinkState::PaidTest(hosted(of));
        assert_eq!(
            wants_new(Some(&paid), Some(current)),
            (current, of) == (Mode::Live, Mode::Test)
        );
    }
}

#[test]
fn the_next_step_follows_from_state_and_net_due() {
    use LinkStep::{Abort, Create, Refuse, Rest, Search, TakeBack};
    let account = account();
    let connected = Some(&account);
    let requested = || LinkState::Requested { attempted_at: None };
    let attempted = || LinkState::Requested {
        attempted_at: Some(NOW),
    };
    let refused = || LinkState::Refused {
        reason: RefusalReason::BelowMinimum,
    };
    let open = || LinkState::Open(hosted(Mode::Live));
    let aborting = || LinkState::Aborting(hosted(Mode::Live));
    let nothing_due = || Refuse(RefusalReason::NothingDue);
    let not_connected = || Refuse(RefusalReason::NotConnected);
    for (state, payable, connected, expected) in [
        (requested(), 500, connected, Create(Cents::new(500))),
        (requested(), 400, connected, Create(Cents::new(400))),
        (requested(), 0, connected, nothing_due()),
        (requested(), 500, None, not_connected()),
        (refused(), 500, connected, Create(Cents::new(500))),
        (refused(), 0, connected, nothing_due()),
        (refused(), 500, None, not_connected()),
        (attempted(), 500, connected, Search),
        (attempted(), 0, connected, Search),
        (open(), 500, connected, Rest),
        (open(), 500, None, Rest),
        (open(), 400, connected, TakeBack),
        (open(), 600, connected, TakeBack),
        (open(), 0, None, TakeBack),
        (aborting(), 500, connected, Abort),
        (aborting(), 0, connected, Abort),
    ] {
        let what = format!("{state:?} {payable} {}", connected.is_some());
        assert_eq!(step(state, payable, connected), expected, "{what}");
    }
    for state in states().into_iter().filter(|state| !state.is_active()) {
        let code = state.code();
        assert_eq!(step(state, 400, connected), Rest, "{code}");
    }
}

/// Refused and wished again, it would be created a second time without a look for the first.
#[test]
fn an_attempt_of_unknown_outcome_is_never_forgotten() {
    let attempted = LinkState::Requested {
        attempted_at: Some(NOW),
    };
    for payable in [0, 500] {
        assert_eq!(
            step(attempted.clone(), payable, None),
            LinkStep::Rest,
            "{payable}"
        );
    }
}

#[test]
fn one_link_stands_for_an_invoice_until_it_is_over() {
    let active: Vec<&str> = states()
        .iter()
        .filter(|state| state.is_active())
        .map(LinkState::code)
        .collect();
    assert_eq!(active, ["requested", "refused", "open", "aborting"]);
    let paid: Vec<&str> = states()
        .iter()
        .filter(|state| state.was_paid())
        .map(LinkState::code)
        .collect();
    assert_eq!(
        paid,
        [
            "paid",
            "paid_test",
            "partly_refunded",
            "refunded",
            "disputed"
        ]
    );
    let replaced: Vec<&str> = states()
        .iter()
        .filter(|state| wants_new(Some(state), Some(Mode::Test)))
        .map(LinkState::code)
        .collect();
    assert_eq!(
        replaced,
        ["aborted", "paid", "partly_refunded", "refunded", "disputed"]
    );
    assert!(wants_new(None, None));
}

#[test]
fn only_a_live_key_moves_money() {
    let modes = [Mode::Demo, Mode::Test, Mode::Live];
    assert_eq!(modes.map(Mode::is_live), [false, false, true]);
    assert_eq!(modes.map(Mode::code), ["demo", "test", "live"]);
}

#[test]
fn a_stored_state_reads_back() {
    for state in states() {
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<LinkState>(&text).unwrap(), state);
        assert!(
            text.contains(&format!("\"state\":\"{}\"", state.code())),
            "{text}"
        );
    }
}

#[test]
fn another_address_of_the_page_changes_nothing_else() {
    for state in states() {
        let changed = state.clone().with_page("https://other.example".to_owned());
        assert_eq!(changed.code(), state.code());
        match (changed.hosted(), state.hosted()) {
            (Some(changed), Some(before)) => {
                assert_eq!(changed.url, "https://other.example");
                assert_eq!(changed.payment, before.payment);
            }
            (changed, before) => assert_eq!(changed, before),
        }
    }
}
