//! Any order of sales, card payments that are read late, refunds in the portal, exports and closings leaves books that
//! hold, with nothing dated in what was closed before it was recorded.

use acquit_app::{Format, InvoiceFilter};
use acquit_domain::id::InvoiceId;
use acquit_tests::{World, books};
use jiff::civil::Date;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::{CARD, DAY_S, raw};

/// Entries recorded after a closing and dated in it, counted without the code under test.
fn slipped_in(world: &World) -> u64 {
    count(
        world,
        "SELECT COUNT(*) FROM entries e JOIN closings c ON e.seq > c.after_entry AND e.date <= c.until",
    )
}

fn count(world: &World, sql: &str) -> u64 {
    raw(world).query_row(sql, [], |row| row.get(0)).unwrap()
}

/// The months that are over at most; some are closed already.
fn ends(world: &World) -> Vec<Date> {
    let today = world.acquit.today();
    let last = today.first_of_month().yesterday().unwrap();
    let before = last.first_of_month().yesterday().unwrap();
    vec![before, last]
}

async fn step(world: &World, dice: &mut ChaCha20Rng, folder: &std::path::Path, turn: usize) {
    match dice.random_range(0..8) {
        0 | 1 => {
            world.issue(dice.random_range(50..500));
        }
        2 | 3 => {
            for id in open_links(world) {
                if dice.random_bool(0.8) {
                    // It may be paid already, and not read yet.
                    let _either_is_fine = world.payplug.pay(&world.payment(id), CARD);
                }
            }
        }
        4 => {
            let paid = world.payplug.payments().into_iter().filter(|it| it.is_paid);
            for payment in paid {
                let left = payment.amount - payment.amount_refunded;
                if left > 1_000 && dice.random_bool(0.3) {
                    // PayPlug may refuse one that is too young; nothing is owed then.
                    let _refused_is_fine = world.payplug.refund(&payment.id, 500);
                }
            }
        }
        5 => {
            world.acquit.sync().await.unwrap();
        }
        6 => {
            let ends = ends(world);
            let until = ends[dice.random_range(0..ends.len())];
            let _closed_already_is_fine = world.acquit.close_period(until, u64::MAX);
        }
        _ => {
            let file = folder.join(format!("{turn}.csv"));
            let until = world.acquit.today();
            let _nothing_is_fine = world.acquit.export(Format::Csv, until, None, &file);
        }
    }
    world.advance(dice.random_range(0..9) * DAY_S);
}

/// Invoices whose page can be paid.
fn open_links(world: &World) -> Vec<InvoiceId> {
    let filter = InvoiceFilter {
        asked: acquit_app::Asked::Outstanding,
        words: String::new(),
        limit: 1_000,
        after: None,
    };
    let rows = world.acquit.summaries(&filter).unwrap().into_iter();
    rows.filter(|row| {
        row.link
            .as_ref()
            .is_some_and(|state| state.code() == "open")
    })
    .map(|row| row.id)
    .collect()
}

#[tokio::test]
async fn any_order_of_events_leaves_closed_periods_closed() {
    let (mut closings, mut late) = (0, 0);
    for seed in 0..6 {
        let mut dice = ChaCha20Rng::seed_from_u64(seed);
        let world = World::demonstration(750 + seed).await;
        let folder = tempfile::tempdir().unwrap();
        for turn in 0..40 {
            step(&world, &mut dice, folder.path(), turn).await;
            assert_eq!(slipped_in(&world), 0, "seed {seed}, turn {turn}");
        }
        world.acquit.sync().await.unwrap();
        assert_eq!(slipped_in(&world), 0, "seed {seed}");
        books::holds(&world);
        closings += world.acquit.closings().unwrap().len();
        late += count(&world, "SELECT COUNT(*) FROM late_bookings");
    }
    assert!(closings > 6, "periods were closed: {closings}");
    assert!(late > 0, "payments were read late: {late}");
}
