//! The journal as it is read: page by page, and what finds an entry.

use acquit_app::{EntryFilter, Format, Journal};
use acquit_tests::World;
use jiff::civil::date;

use super::{DAY_S, entries, received};

fn found(world: &World, filter: EntryFilter) -> Vec<i64> {
    let filter = EntryFilter {
        limit: 1_000,
        ..filter
    };
    let rows = world.acquit.entries(&filter).unwrap();
    rows.iter().map(|row| row.seq).collect()
}

fn by(words: &str) -> EntryFilter {
    EntryFilter {
        words: words.to_owned(),
        ..EntryFilter::default()
    }
}

fn on(account: &str) -> EntryFilter {
    EntryFilter {
        account: account.to_owned(),
        ..EntryFilter::default()
    }
}

/// Three invoices on two days, the first one paid by cheque the day after.
async fn world(seed: u64) -> World {
    let world = World::unconnected(seed, acquit_domain::link::FileNature::Demonstration).await;
    let first = world.issue(200).id;
    world.issue(300);
    world.advance(DAY_S);
    world.issue(400);
    received(&world, first, 22_000, None).await.unwrap();
    world
}

#[tokio::test]
async fn pages_of_any_length_make_up_the_whole_journal_newest_first() {
    let world = world(721).await;
    let all = entries(&world);
    let order: Vec<_> = all.iter().map(|row| (row.entry.date(), row.seq)).collect();
    let mut sorted = order.clone();
    sorted.sort_by(|one, other| other.cmp(one));
    assert_eq!(order, sorted);
    assert_eq!(all.len(), 5, "three sales, a receipt, its VAT");
    for limit in 1..=5 {
        let mut read = Vec::new();
        let mut after = None;
        loop {
            let filter = EntryFilter {
                after,
                limit,
                ..EntryFilter::default()
            };
            let page = world.acquit.entries(&filter).unwrap();
            assert!(page.len() <= usize::try_from(limit).unwrap());
            let Some(last) = page.last() else { break };
            after = Some(last.seq);
            read.extend(page.iter().map(|row| (row.entry.date(), row.seq)));
        }
        assert_eq!(read, order, "{limit} at a time");
    }
}

#[tokio::test]
async fn entries_are_found_by_journal_account_day_text_and_amount() {
    let world = world(722).await;
    let sales = EntryFilter {
        journal: Some(Journal::Sales),
        ..EntryFilter::default()
    };
    assert_eq!(found(&world, sales.clone()).len(), 3);
    let first_day = date(2026, 11, 23);
    let on_first = EntryFilter {
        to: Some(first_day),
        ..sales.clone()
    };
    assert_eq!(found(&world, on_first).len(), 2);
    let later = EntryFilter {
        from: Some(date(2026, 11, 24)),
        ..EntryFilter::default()
    };
    assert_eq!(found(&world, later).len(), 3);

    assert_eq!(found(&world, on("511")).len(), 1);
    assert_eq!(found(&world, on("4457")).len(), 4);
    let auxiliary = entries(&world)[0]
        .entry
        .lines()
        .iter()
        .chain(entries(&world)[4].entry.lines())
        .find_map(|line| line.auxiliary.clone())
        .unwrap();
    assert_eq!(found(&world, on(&auxiliary.code.to_lowercase())).len(), 4);
    assert!(
        found(&world, on("%")).is_empty(),
        "nothing typed is a pattern"
    );

    assert_eq!(found(&world, by("F-2026-00001")).len(), 3);
    assert_eq!(found(&world, by("helene")).len(), 5, "without accents");
    assert_eq!(found(&world, by("330,00")).len(), 1);
    assert!(found(&world, by("personne")).is_empty());
    for typed in ["\"", "\\", "label", "a\"b"] {
        assert!(found(&world, by(typed)).is_empty(), "{typed}");
    }
    assert_eq!(found(&world, by("facture f-2026-00002")).len(), 1);
    let both = EntryFilter {
        journal: Some(Journal::Bank),
        ..by("F-2026-00001")
    };
    assert_eq!(found(&world, both).len(), 1);
}

#[tokio::test]
async fn each_entry_says_its_invoice_its_letters_and_its_batch() {
    let world = world(723).await;
    let before = entries(&world);
    assert!(before.iter().all(|row| row.exported.is_none()));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ecritures.csv");
    let until = date(2026, 11, 23);
    world
        .acquit
        .export(Format::Csv, until, None, &file)
        .unwrap();
    let rows = entries(&world);
    let mut numbers = Vec::new();
    for row in &rows {
        let is_first_day = row.entry.date() == until;
        assert_eq!(row.exported.is_some(), is_first_day);
        numbers.extend(row.exported);
        let (id, number) = row.document.clone().unwrap();
        assert_eq!(world.acquit.resolve(&number).unwrap(), id);
        assert_eq!(row.letters.len(), row.entry.lines().len());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, [(1, 1), (1, 2)]);
    let lettered: Vec<&str> = rows
        .iter()
        .flat_map(|row| row.letters.iter().flatten().map(String::as_str))
        .collect();
    assert_eq!(lettered, ["AAA", "AAA"], "the invoice and its cheque");
}
