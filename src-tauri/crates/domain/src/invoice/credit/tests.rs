//! Parts of an invoice, taken off by credit notes and lost debts, to the cent.

use jiff::Timestamp;
use jiff::civil::date;
use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use uuid::Uuid;

use super::{
    Issue, Taken, creditable, full_credit_note, left, partial_credit_note, split, stays_within,
    totals_follow,
};
use crate::error::{Error, Rule};
use crate::id::InvoiceId;
use crate::invoice::totals::by_nature;
use crate::invoice::{Content, Finalised, Item, Nature, NatureTotal, finalise};
use crate::money::Cents;
use crate::numbering::Series;
use crate::tests::{
    DAY, INTERMEDIATE, NORMAL, any_content, company, content, customer, draft, invoice, line,
    number, spec_content,
};
use crate::vat::VatTreatment;

fn issue() -> Issue {
    Issue {
        id: InvoiceId::new(Uuid::from_u128(9)),
        number: number(Series::CreditNote, 7),
        date: date(2026, 11, 9),
        at: Timestamp::UNIX_EPOCH,
    }
}

fn of(notes: &[Finalised]) -> Taken<'_> {
    Taken {
        notes,
        lost: &[],
        ..Taken::default()
    }
}

fn part(invoice: &Finalised, notes: &[Finalised], cents: i64) -> Result<Finalised, Rule> {
    partial_credit_note(invoice, of(notes), Cents::new(cents), issue()).map_err(|error| error.rule)
}

/// Treatment and nature with base and VAT in cents.
fn cells(parts: &[NatureTotal]) -> Vec<(VatTreatment, Nature, i64, i64)> {
    let cell = |part: &NatureTotal| (part.treatment, part.nature, part.base.get(), part.vat.get());
    parts.iter().map(cell).collect()
}

/// 1 716.00 at 10 % and 466.80 at 20 % (2 182.76 incl. VAT): 500.00 of it.
#[test]
fn a_part_is_split_over_the_rates_by_what_is_left_of_them() {
    let invoice = invoice(spec_content());
    let note = part(&invoice, &[], 50_000).unwrap();
    // 500 × 1715.96 ÷ 2182.76 = 393.07 and 500 × 466.80 ÷ 2182.76 = 106.93;
    // 156.00 × 393.07 ÷ 1715.96 = 35.73 and 77.80 × 106.93 ÷ 466.80 = 17.82.
    let expected = [
        (INTERMEDIATE, Nature::Works, 35_734, 3_573),
        (NORMAL, Nature::Goods, 8_911, 1_782),
    ];
    assert_eq!(cells(&by_nature(&note.content, &note.totals)), expected);
    let totals = &note.totals;
    let sums = [
        totals.net,
        totals.vat,
        totals.gross,
        totals.net_due,
        totals.deducted,
    ];
    assert_eq!(sums, [44_645, 5_355, 50_000, 50_000, 0].map(Cents::new));
    let described: Vec<&str> = note
        .content
        .items
        .iter()
        .filter_map(Item::line)
        .map(|line| line.description.as_str())
        .collect();
    assert_eq!(described, ["Avoir partiel sur la facture F-2026-00042"; 2]);
    assert!(note.content.deductions.is_empty() && note.content.discount.is_zero());
    assert!(totals_follow(&note) && totals_follow(&invoice));
    assert_eq!(creditable(&invoice, of(&[note])), Cents::new(157_362));
}

#[test]
fn cancelling_credits_exactly_the_rest_with_the_deductions() {
    let invoice = invoice(spec_content());
    let first = part(&invoice, &[], 50_000).unwrap();
    let second = part(&invoice, std::slice::from_ref(&first), 33_333).unwrap();
    let notes = [first, second];
    let rest = full_credit_note(&invoice, of(&notes), issue()).unwrap();
    assert_eq!(rest.totals.gross, Cents::new(218_276 - 83_333));
    assert_eq!(rest.totals.retention(), Cents::new(10_914));
    assert_eq!(rest.totals.net_due, Cents::new(207_362 - 83_333));
    assert!(totals_follow(&rest));
    let [first, second] = notes;
    let all = [first, second, rest];
    assert!(of(&all).cancels(&invoice) && stays_within(&invoice, of(&all)));
    let nothing = left(&invoice, of(&all));
    assert!(
        nothing
            .iter()
            .all(|cell| cell.base.is_zero() && cell.vat.is_zero())
    );
    let again = full_credit_note(&invoice, of(&all), issue());
    assert_eq!(again, Err(Error::at("id", Rule::AlreadyCancelled)));
}

#[test]
fn a_part_takes_from_the_net_due_alone() {
    let invoice = invoice(spec_content());
    let creditable = Cents::new(207_362);
    let refused = Err(Rule::MoreThanCreditable { creditable });
    assert_eq!(part(&invoice, &[], 207_363), refused);
    let whole_net_due = part(&invoice, &[], 207_362).unwrap();
    let notes = [whole_net_due];
    assert!(!of(&notes).cancels(&invoice), "the retention stays");
    let creditable = Cents::ZERO;
    let refused = Err(Rule::MoreThanCreditable { creditable });
    assert_eq!(part(&invoice, &notes, 1), refused);
    let rest = full_credit_note(&invoice, of(&notes), issue()).unwrap();
    assert_eq!(
        (rest.totals.gross, rest.totals.net_due),
        (Cents::new(10_914), Cents::ZERO)
    );
    for nothing in [0, -1] {
        assert_eq!(part(&invoice, &[], nothing), Err(Rule::NotPositive));
    }
    assert_eq!(part(&notes[0], &[], 1), Err(Rule::NotAnInvoice));
}

#[test]
fn the_whole_at_once_is_the_full_credit_note() {
    let invoice = invoice(content(vec![line("3", "99.99", NORMAL)]));
    let whole = part(&invoice, &[], invoice.totals.gross.get()).unwrap();
    assert_eq!(
        (&whole.content, &whole.totals),
        (&invoice.content, &invoice.totals)
    );
    assert!(of(&[whole]).cancels(&invoice));
}

#[test]
fn natures_of_one_rate_are_told_apart() {
    let goods = |mut line: crate::invoice::Line| {
        line.nature = Nature::Goods;
        line
    };
    let lines = vec![
        line("1", "100.00", NORMAL),
        goods(line("1", "50.00", NORMAL)),
    ];
    let invoice = invoice(content(lines));
    let note = part(&invoice, &[], 10_000).unwrap();
    let expected = [
        (NORMAL, Nature::Works, 5_555, 1_111),
        (NORMAL, Nature::Goods, 2_778, 556),
    ];
    assert_eq!(cells(&note.totals.by_nature), expected);
    let words: Vec<&str> = note
        .content
        .items
        .iter()
        .filter_map(Item::line)
        .map(|line| line.description.as_str())
        .collect();
    assert_eq!(
        words,
        [
            "Avoir partiel sur la facture F-2026-00042 – travaux",
            "Avoir partiel sur la facture F-2026-00042 – fournitures"
        ]
    );
}

#[test]
fn what_was_written_off_is_not_credited_too() {
    let invoice = invoice(content(vec![line("1", "1000.00", NORMAL)]));
    let lost = split(&invoice, Taken::default(), Cents::new(40_000)).unwrap();
    assert_eq!(cells(&lost), [(NORMAL, Nature::Works, 33_333, 6_667)]);
    let taken = Taken {
        notes: &[],
        lost: &lost,
        ..Taken::default()
    };
    assert_eq!(creditable(&invoice, taken), Cents::new(80_000));
    assert!(stays_within(&invoice, taken));
    assert_eq!(
        full_credit_note(&invoice, taken, issue()).map_err(|error| error.rule),
        Err(Rule::WrittenOff)
    );
    let note = partial_credit_note(&invoice, taken, Cents::new(80_000), issue()).unwrap();
    assert_eq!(
        cells(&note.totals.by_nature),
        [(NORMAL, Nature::Works, 66_667, 13_333)]
    );
    let both = Taken {
        notes: &[note],
        lost: &lost,
        ..Taken::default()
    };
    assert!(stays_within(&invoice, both) && !both.cancels(&invoice));
}

#[test]
fn a_tampered_part_is_seen() {
    let invoice = invoice(spec_content());
    let note = part(&invoice, &[], 50_000).unwrap();
    let mut shifted = note.clone();
    let two = Cents::new(2);
    shifted.totals.by_nature[0].vat += two;
    assert!(!totals_follow(&shifted));
    let mut consistent = shifted;
    consistent.totals.by_rate[0].vat += two;
    consistent.totals.vat += two;
    consistent.totals.gross += two;
    consistent.totals.net_due += two;
    assert!(totals_follow(&consistent));
    assert!(!stays_within(&invoice, of(&[consistent])));
    let mut line_gone = note;
    line_gone.content.items.pop();
    assert!(!totals_follow(&line_gone));
}

/// An invoice that the rules let through, with shares of its net due in thousandths.
fn any_credits() -> impl Strategy<Value = (Finalised, Vec<i64>)> {
    let finalised = |content: Content| {
        let number = number(Series::Invoice, 42);
        let at = Timestamp::UNIX_EPOCH;
        finalise(draft(content), number, DAY, company(), customer(), at).ok()
    };
    let invoices = any_content()
        .prop_filter_map("refused by the domain", finalised)
        .prop_filter("nothing to credit", |found| {
            found.totals.net_due.is_positive()
        });
    (invoices, vec(0_i64..1_000, 1..7))
}

proptest! {
    /// Notes and lost debts in any mix stay within the invoice, cell by cell; the last one brings
    /// exactly the rest.
    #[test]
    fn parts_never_go_beyond_and_the_last_brings_the_rest((invoice, shares) in any_credits()) {
        let (mut notes, mut lost): (Vec<Finalised>, Vec<NatureTotal>) = (Vec::new(), Vec::new());
        for (place, share) in shares.iter().enumerate() {
            let taken = Taken { notes: &notes, lost: &lost, ..Taken::default() };
            let amount = creditable(&invoice, taken).share(*share, 1_000);
            if !amount.is_positive() {
                continue;
            }
            let parts = split(&invoice, taken, amount).unwrap();
            let sum: Cents = parts.iter().map(NatureTotal::gross).sum();
            prop_assert_eq!(sum, amount);
            prop_assert!(parts.iter().all(|part| !part.base.is_negative() && !part.vat.is_negative()));
            if place % 3 == 2 {
                lost.extend(parts);
            } else {
                let note = partial_credit_note(&invoice, taken, amount, issue()).unwrap();
                prop_assert_eq!(note.totals.net_due, amount);
                prop_assert!(totals_follow(&note));
                notes.push(note);
            }
            let taken = Taken { notes: &notes, lost: &lost, ..Taken::default() };
            prop_assert!(stays_within(&invoice, taken));
        }
        let rest = creditable(&invoice, Taken { notes: &notes, lost: &lost, ..Taken::default() });
        if lost.is_empty() {
            if !of(&notes).cancels(&invoice) {
                let last = full_credit_note(&invoice, of(&notes), issue()).unwrap();
                prop_assert_eq!(last.totals.net_due, rest);
                prop_assert_eq!(last.totals.deducted, invoice.totals.deducted);
                prop_assert!(totals_follow(&last));
                notes.push(last);
            }
            prop_assert!(of(&notes).cancels(&invoice));
            let nothing = left(&invoice, of(&notes));
            prop_assert!(nothing.iter().all(|cell| cell.base.is_zero() && cell.vat.is_zero()));
        } else if rest.is_positive() {
            let last = partial_credit_note(&invoice, Taken { notes: &notes, lost: &lost, ..Taken::default() }, rest, issue()).unwrap();
            notes.push(last);
            let all = Taken { notes: &notes, lost: &lost, ..Taken::default() };
            prop_assert!(creditable(&invoice, all).is_zero() && stays_within(&invoice, all));
        }
    }

    /// A document is stored as JSON and hashed: a note for a part reads back as it was.
    #[test]
    fn a_stored_part_reads_back((invoice, shares) in any_credits()) {
        let amount = invoice.totals.net_due.share(shares[0], 1_000).max(Cents::new(1));
        let note = partial_credit_note(&invoice, Taken::default(), amount, issue()).unwrap();
        let text = serde_json::to_string(&note).unwrap();
        prop_assert_eq!(serde_json::from_str::<Finalised>(&text).unwrap(), note);
    }
}
