//! Situations add up to their contract, deposits are taken off with their VAT, to the cent.

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use uuid::Uuid;

use super::{
    Candidate, Earlier, EarlierKind, chain_of, check_settled, earlier, invoiced, next_situation,
};
use crate::customer::Customer;
use crate::error::Rule;
use crate::id::{CustomerId, InvoiceId};
use crate::invoice::credit::{Issue, Taken, credit_note_of_lines, full_credit_note, stays_within};
use crate::invoice::totals::{by_nature, totals};
use crate::invoice::{Content, DocumentKind, Draft, DraftKind, Finalised, Item, finalise};
use crate::money::Cents;
use crate::numbering::Series;
use crate::quantity::Percent;
use crate::tests::{
    DAY, INTERMEDIATE, NORMAL, any_content, company, content, customer, draft, line, number,
    retention,
};
use crate::vat::{StandardRate, VatTreatment};

fn nothing() -> Taken<'static> {
    Taken::default()
}

fn of(draft_kind: DraftKind, content: Content, counter: u32) -> Finalised {
    let series = draft_kind.series();
    let draft = Draft {
        id: InvoiceId::new(Uuid::from_u128(u128::from(counter))),
        kind: draft_kind,
        ..draft(content)
    };
    let number = number(series, counter);
    let at = Timestamp::UNIX_EPOCH;
    finalise(draft, number, DAY, company(), customer(), at).unwrap()
}

fn candidate(document: &Finalised) -> Candidate<'_> {
    Candidate {
        document,
        taken: nothing(),
        settled: true,
        deducted_by: None,
    }
}

fn deposit(lines: Vec<crate::invoice::Line>) -> Finalised {
    of(DraftKind::Deposit, content(lines), 77)
}

fn percent(hundredths: u32) -> Percent {
    Percent::parse(&format!("{}.{:02}", hundredths / 100, hundredths % 100)).unwrap()
}

/// The contract, each charged line as far as `done` says, in hundredths of a per cent.
fn as_far_as(contract: &Content, done: &[u32]) -> Content {
    let mut content = contract.clone();
    let lines = content.items.iter_mut().filter_map(|item| match item {
        Item::Line(line) => Some(line),
        _ => None,
    });
    for (line, done) in lines.zip(done) {
        line.progress = Some(percent(*done));
    }
    content
}

fn all_of(situations: &[Finalised]) -> Vec<Earlier> {
    let candidates: Vec<Candidate<'_>> = situations.iter().map(candidate).collect();
    earlier(customer().id, &candidates, &[]).unwrap()
}

/// 10 000 at 10 % in two situations of 30 % and 75.5 %, then the rest.
#[test]
fn a_contract_is_asked_for_in_situations() {
    let contract = content(vec![line("1", "10000.00", INTERMEDIATE)]);
    let first = of(
        DraftKind::Progress {
            follows: Vec::new(),
        },
        as_far_as(&contract, &[3_000]),
        1,
    );
    assert_eq!(first.kind, DocumentKind::Progress);
    assert_eq!(first.totals.net_due, Cents::new(330_000));
    let second = Content {
        earlier: all_of(std::slice::from_ref(&first)),
        deductions: vec![retention("5")],
        ..as_far_as(&contract, &[7_550])
    };
    let second = of(
        DraftKind::Progress {
            follows: vec![first.id],
        },
        second,
        2,
    );
    // 7 550.00 − 3 000.00 = 4 550.00; 455.00 VAT; 5 005.00, of which 250.25 are held back.
    assert_eq!(second.totals.net, Cents::new(455_000));
    assert_eq!(second.totals.vat, Cents::new(45_500));
    assert_eq!(second.totals.net_due, Cents::new(475_475));
    assert_eq!(chain_of(&second), [first.id]);
    let last = Content {
        earlier: all_of(&[first, second]),
        ..contract.clone()
    };
    let last = of(
        DraftKind::Final {
            follows: Vec::new(),
        },
        last,
        3,
    );
    assert_eq!(last.totals.net, Cents::new(245_000));
    let going_back = Content {
        earlier: last.content.earlier.clone(),
        ..as_far_as(&contract, &[7_000])
    };
    assert_eq!(totals(&going_back).unwrap_err().rule, Rule::LessThanBefore);
}

/// The example of `accounting.md` § 2: contract 10 000 + 1 000, deposit 3 000 + 300.
#[test]
fn a_deposit_is_taken_off_the_total_with_its_vat() {
    let paid = deposit(vec![line("1", "3000.00", INTERMEDIATE)]);
    assert_eq!(paid.number.to_string(), "AC-2026-00077");
    let contract = content(vec![line("1", "10000.00", INTERMEDIATE)]);
    let with = |deposit: &Finalised, content: &Content| Content {
        earlier: all_of(std::slice::from_ref(deposit)),
        ..content.clone()
    };
    let found = totals(&with(&paid, &contract)).unwrap();
    assert_eq!(
        [found.gross, found.deposits, found.net_due],
        [1_100_000, 330_000, 770_000].map(Cents::new)
    );
    let other_rate = deposit(vec![line("1", "3000.00", NORMAL)]);
    let refused = totals(&with(&other_rate, &contract)).unwrap_err();
    assert_eq!(
        (refused.field.as_str(), refused.rule),
        ("refers_to", Rule::DepositBeyondRate)
    );
    let held = Content {
        deductions: vec![retention("5")],
        ..with(
            &deposit(vec![line("1", "9600.00", INTERMEDIATE)]),
            &contract,
        )
    };
    assert_eq!(totals(&held).unwrap_err().rule, Rule::DeductionsExceedTotal);
}

#[test]
fn only_what_is_free_and_of_the_same_customer_is_taken_off() {
    let paid = deposit(vec![line("1", "300.00", INTERMEDIATE)]);
    let direct = of(
        DraftKind::Invoice,
        content(vec![line("1", "300.00", INTERMEDIATE)]),
        5,
    );
    let refusal = |named: &[Candidate<'_>], customer: CustomerId| {
        let error = earlier(customer, named, &[]).unwrap_err();
        (error.field, error.rule)
    };
    let me: Customer = customer();
    let stranger = CustomerId::new(Uuid::from_u128(99));
    let number = paid.number;
    assert_eq!(
        refusal(&[candidate(&paid)], stranger),
        ("refers_to[0]".into(), Rule::ReferenceOfAnother { number })
    );
    let pair = [candidate(&paid), candidate(&direct)];
    assert_eq!(
        refusal(&pair, me.id),
        (
            "refers_to[1]".into(),
            Rule::NotDeductible {
                number: direct.number
            }
        )
    );
    let by = direct.number;
    let used = Candidate {
        deducted_by: Some(by),
        ..candidate(&paid)
    };
    assert_eq!(
        refusal(&[used], me.id).1,
        Rule::AlreadyDeducted { number, by }
    );
    let note = full_credit_note(&paid, nothing(), issue()).unwrap();
    assert_eq!(note.kind.type_code(), "503");
    let notes = [note];
    let cancelled = Candidate {
        taken: Taken {
            notes: &notes,
            lost: &[],
            ..Taken::default()
        },
        ..candidate(&paid)
    };
    assert_eq!(
        refusal(&[cancelled], me.id).1,
        Rule::NotDeductible { number }
    );
    let unpaid = Candidate {
        settled: false,
        ..candidate(&paid)
    };
    assert_eq!(
        check_settled(&[unpaid]).unwrap_err().rule,
        Rule::DepositUnpaid { number }
    );
    assert_eq!(check_settled(&[candidate(&direct)]), Ok(()));
}

#[test]
fn a_kind_has_only_what_belongs_to_it() {
    let contract = content(vec![line("1", "100.00", NORMAL)]);
    let half = as_far_as(&contract, &[5_000]);
    let refused = DraftKind::Invoice.check(&half).unwrap_err();
    assert_eq!(
        (refused.field.as_str(), refused.rule),
        ("lines[0].progress", Rule::ProgressNotHere)
    );
    let held = Content {
        deductions: vec![retention("5")],
        ..contract
    };
    let refused = DraftKind::Deposit.check(&held).unwrap_err();
    assert_eq!(refused.rule, Rule::DeductionNotHere);
    assert_eq!(DraftKind::Invoice.check(&held), Ok(()));
}

#[test]
fn the_next_situation_starts_where_this_one_ended() {
    let contract = content(vec![line("1", "100.00", NORMAL)]);
    let kind = DraftKind::Progress {
        follows: Vec::new(),
    };
    let situation = of(kind, as_far_as(&contract, &[4_000]), 3);
    let next = next_situation(&situation, draft(contract));
    assert_eq!(next.kind.refers_to(), [situation.id]);
    assert_eq!(next.content.items, situation.content.items);
}

fn issue() -> Issue {
    Issue {
        id: InvoiceId::new(Uuid::from_u128(9)),
        number: number(Series::CreditNote, 7),
        date: DAY,
        at: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn a_note_with_lines_takes_back_at_most_what_is_left() {
    let invoice = of(
        DraftKind::Invoice,
        content(vec![
            line("1", "100.05", INTERMEDIATE),
            line("1", "50.00", NORMAL),
        ]),
        6,
    );
    let note = |lines, notes: &[Finalised]| {
        let taken = Taken {
            notes,
            lost: &[],
            ..Taken::default()
        };
        let kind = DraftKind::CreditNote {
            credits: invoice.id,
        };
        let draft = Draft {
            kind,
            ..draft(content(lines))
        };
        credit_note_of_lines(draft, &invoice, taken, issue())
    };
    let first = note(vec![line("1", "33.35", INTERMEDIATE)], &[]).unwrap();
    assert_eq!(first.totals.gross, Cents::new(3_669));
    let notes = [first];
    let taken = Taken {
        notes: &notes,
        lost: &[],
        ..Taken::default()
    };
    assert!(stays_within(&invoice, taken));
    let more = note(vec![line("1", "66.71", INTERMEDIATE)], &notes).unwrap_err();
    assert_eq!(more.rule, Rule::MoreThanLeftAtRate);
    // 10.01 of VAT in all, 3.34 of it given back before.
    let rest = note(vec![line("1", "66.70", INTERMEDIATE)], &notes).unwrap();
    assert_eq!(rest.totals.vat, Cents::new(667));
    let both = [notes[0].clone(), rest];
    let taken = Taken {
        notes: &both,
        lost: &[],
        ..Taken::default()
    };
    assert!(stays_within(&invoice, taken));
}

/// 5.5 % of 2 292.81 are 126.10; a part of 2 418.91 incl. VAT split off 10 482.01 would have 126.11.
#[test]
fn one_line_given_back_rounds_for_itself_though_it_looks_like_a_part() {
    let reduced = VatTreatment::Standard(StandardRate::Reduced);
    let works = content(vec![line("14.5", "685.21", reduced)]);
    let invoice = of(DraftKind::Invoice, works, 6);
    let kind = DraftKind::CreditNote {
        credits: invoice.id,
    };
    let draft = Draft {
        kind,
        ..draft(content(vec![line("1", "2292.81", reduced)]))
    };
    let note = credit_note_of_lines(draft, &invoice, Taken::default(), issue()).unwrap();
    assert_eq!(note.totals.vat, Cents::new(12_610));
    let notes = [note];
    let taken = Taken {
        notes: &notes,
        ..Taken::default()
    };
    assert!(stays_within(&invoice, taken));
}

/// A contract and how far its lines are in each of a few situations, never less than before.
fn any_works() -> impl Strategy<Value = (Content, Vec<Vec<u32>>)> {
    let steps = vec(vec(0_u32..3_000, 8), 1..5);
    (any_content(), steps).prop_map(|(mut contract, steps)| {
        contract.deductions.clear();
        let mut done = vec![0_u32; 8];
        let situations = steps.into_iter().map(|step| {
            for (done, more) in done.iter_mut().zip(step) {
                *done = (*done + more).min(10_000);
            }
            done.clone()
        });
        let situations = situations.collect();
        (contract, situations)
    })
}

proptest! {
    #[test]
    fn situations_and_the_final_invoice_add_up_to_the_contract((contract, situations) in any_works()) {
        let Ok(whole) = totals(&contract) else { return Ok(()) };
        let mut made: Vec<Finalised> = Vec::new();
        let asks = |kind: DraftKind, content: Content, before: &[Finalised]| {
            let content = Content { earlier: all_of(before), ..content };
            totals(&content).is_ok().then(|| of(kind, content, u32::try_from(before.len()).unwrap() + 1))
        };
        for done in &situations {
            let kind = DraftKind::Progress { follows: Vec::new() };
            // Lines taken back may make a situation smaller than the one before: it is refused.
            if let Some(situation) = asks(kind, as_far_as(&contract, done), &made) {
                made.push(situation);
            }
        }
        let kind = DraftKind::Final { follows: Vec::new() };
        let Some(last) = asks(kind, contract.clone(), &made) else { return Ok(()) };
        made.push(last);
        let sum = |of: fn(&Finalised) -> Cents| made.iter().map(of).sum::<Cents>();
        prop_assert_eq!(sum(|one| one.totals.net), whole.net);
        prop_assert_eq!(sum(|one| one.totals.vat), whole.vat);
        prop_assert_eq!(sum(|one| one.totals.net_due), whole.net_due);
        for rate in &whole.by_rate {
            let (base, vat) = invoiced(&all_of(&made[..made.len() - 1])).get(&rate.treatment).copied().unwrap_or_default();
            let last = made[made.len() - 1].totals.by_rate.iter().find(|one| one.treatment == rate.treatment);
            let (rest, rest_vat) = last.map(|one| (one.base, one.vat)).unwrap_or_default();
            prop_assert_eq!((base + rest, vat + rest_vat), (rate.base, rate.vat));
        }
        for one in &made {
            let parts = by_nature(&one.content, &one.totals);
            prop_assert_eq!(parts.iter().map(|part| part.gross()).sum::<Cents>(), one.totals.gross);
            prop_assert!(parts.iter().all(|part| !part.base.is_negative() && !part.vat.is_negative()));
        }
    }

    #[test]
    fn a_deposit_comes_off_to_the_cent(contract in any_content(), share in 1_u32..10_000) {
        let Ok(whole) = totals(&contract) else { return Ok(()) };
        let lines: Vec<_> = whole.by_rate.iter().filter_map(|rate| {
            let part = percent(share).of(rate.base);
            part.is_positive().then(|| line("1", &part.decimal(), rate.treatment))
        }).collect();
        if lines.is_empty() { return Ok(()) }
        let paid = deposit(lines);
        let content = Content { earlier: all_of(std::slice::from_ref(&paid)), ..contract };
        let Ok(found) = totals(&content) else { return Ok(()) };
        prop_assert_eq!(found.net_due + found.deposits + found.deducted, found.gross);
        prop_assert_eq!(found.deposits, paid.totals.gross);
        prop_assert_eq!((found.net, found.vat), (whole.net, whole.vat));
        let vat: Cents = content.earlier.iter().filter(|one| one.what == EarlierKind::Deposit).map(Earlier::vat).sum();
        prop_assert_eq!(vat, paid.totals.vat);
    }
}
