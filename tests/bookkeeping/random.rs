//! Random months: accounts change at any moment between invoices, receipts and credit notes; once all is
//! settled, only sales, collected VAT and money are left on any account of any chart.

use acquit_app::chart::Use;
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::link::FileNature;
use acquit_tests::World;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::{books, by_cheque, collective, holds, moved, with};

fn remaining(world: &World, id: InvoiceId) -> i64 {
    world.acquit.invoice(id).unwrap().standing.remaining.get()
}

async fn a_month(seed: u64) {
    let mut dice = ChaCha20Rng::seed_from_u64(seed);
    let world = World::unconnected(seed, FileNature::Demonstration).await;
    let mut issued = Vec::new();
    for _ in 0..40 {
        match dice.random_range(0..4) {
            0 => issued.push(world.issue(dice.random_range(1..900)).id),
            1 => {
                let mut chart = moved(dice.random_range(0..10));
                if dice.random_range(0..3) == 0 {
                    chart = with(chart, Use::Disputed, "416000");
                }
                if dice.random_range(0..3) == 0 {
                    chart = collective(chart);
                }
                world.acquit.set_bookkeeping(&chart).unwrap();
            }
            what if !issued.is_empty() => {
                let id = issued[dice.random_range(0..issued.len())];
                let left = remaining(&world, id);
                if left <= 1 {
                    continue;
                }
                let part = dice.random_range(1..left);
                if what == 2 {
                    by_cheque(&world, id, part).await;
                } else {
                    world.acquit.credit(id, Cents::new(part)).await.unwrap();
                }
            }
            _ => {}
        }
    }
    for id in issued {
        let left = remaining(&world, id);
        if left > 0 {
            by_cheque(&world, id, left).await;
        }
    }
    holds(&world);
    for (account, balance) in books(&world) {
        let stays = ["70", "44571", "511"];
        let fits = stays.iter().any(|class| account.starts_with(class));
        assert!(fits, "seed {seed}: {balance} left on {account}");
    }
}

#[tokio::test]
async fn nothing_is_left_behind_whenever_accounts_change() {
    for seed in 0..12 {
        a_month(seed).await;
    }
}
