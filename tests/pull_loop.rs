//! The loop of the window and of `sync --watch`, with clocks that are set instead of waited for: sleep,
//! no network, a PayPlug that asks to be left alone, another program on the file.

use std::time::Duration;

use acquit_app::{InvoiceView, Pace, SyncReport, Told, Woken};
use acquit_domain::id::InvoiceId;
use acquit_domain::receipt::Status;
use acquit_domain::vat::StandardRate;
use acquit_simulator::Fault;
use acquit_tests::{World, invoice};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const CARD: &str = "4242424242424242";

fn view(world: &World, id: InvoiceId) -> InvoiceView {
    world.acquit.invoice(id).unwrap()
}

async fn sync(world: &World) {
    let report = world.acquit.sync().await.unwrap();
    assert!(report.errors.is_empty(), "{:?}", report.errors);
}

/// Lets the clocks of a world run instead of waiting, and says what wakes the loop.
struct Script<'w> {
    world: &'w World,
    /// Seconds of rest until the next of `wakes`.
    left: i64,
    wakes: Vec<(i64, Woken)>,
}

impl<'w> Script<'w> {
    /// `wakes`, in order: after so many seconds of rest, this.
    fn of(world: &'w World, wakes: &[(i64, Woken)]) -> Self {
        let mut wakes = wakes.to_vec();
        wakes.reverse();
        let left = wakes.last().unwrap().0;
        Self { world, left, wakes }
    }
}

impl Pace for Script<'_> {
    async fn rest(&mut self, wait: Duration) -> Woken {
        let wait = i64::try_from(wait.as_secs()).unwrap().max(1);
        if wait < self.left {
            self.world.advance(wait);
            self.left -= wait;
            return Woken::Due;
        }
        self.world.advance(self.left);
        let (_, woken) = self.wakes.pop().unwrap();
        self.left = self.wakes.last().map_or(0, |next| next.0);
        woken
    }
}

/// What the loop told of its runs: how many errors each had, and the wait after it.
async fn watch(world: &World, wakes: &[(i64, Woken)]) -> Vec<(usize, u64, SyncReport)> {
    let mut told = Vec::new();
    let mut pace = Script::of(world, wakes);
    let tell = |one| {
        if let Told::Ended(pulled) = one {
            let report = pulled.outcome.unwrap();
            told.push((report.errors.len(), pulled.next_in.as_secs(), report));
        }
    };
    world.acquit.watch(&mut pace, tell).await;
    told
}

/// The computer sleeps for days; meanwhile the customer pays. Then the program is closed.
struct Sleeper<'w> {
    world: &'w World,
    payment: Option<String>,
}

impl Pace for Sleeper<'_> {
    async fn rest(&mut self, _: Duration) -> Woken {
        let Some(payment) = self.payment.take() else {
            return Woken::Ended;
        };
        self.world.advance(2 * DAY);
        self.world.payplug.pay(&payment, CARD).unwrap();
        self.world.advance(3 * DAY);
        Woken::Slept
    }
}

#[tokio::test]
async fn after_days_of_sleep_everything_is_asked_at_once() {
    let world = World::trial(11, "sk_live_life").await;
    let id = world.issue(200).id;
    sync(&world).await;
    let payment = Some(world.payment(id));
    let mut pace = Sleeper {
        world: &world,
        payment,
    };
    let mut settled = Vec::new();
    let tell = |one| {
        if let Told::Ended(pulled) = one {
            settled.push(pulled.outcome.unwrap().settled.len());
        }
    };
    world.acquit.watch(&mut pace, tell).await;
    assert_eq!(settled, [0, 1]);
    // It was paid on the day it was paid, not on the day it was heard of.
    let view = view(&world, id);
    let day = view.receipts[0].receipt.date;
    assert_eq!(view.standing.status, Status::Settled);
    assert_eq!(day.duration_until(world.acquit.today()).as_hours(), 3 * 24);
}

#[tokio::test]
async fn an_hour_without_network_costs_little_and_ends_when_the_network_is_back() {
    let world = World::trial(12, "sk_live_life").await;
    let id = world.issue(200).id;
    sync(&world).await;
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.advance(60);
    world.payplug.push_faults(vec![Fault::Reset; 500]);
    let told = watch(&world, &[(HOUR, Woken::Ended)]).await;
    assert!(told.iter().all(|one| one.0 > 0), "every run failed");
    let waits: Vec<u64> = told.iter().map(|one| one.1).collect();
    for (number, wait) in waits.iter().enumerate() {
        let least = 10 << number.min(4);
        assert!((least..=least * 3 / 2).contains(wait), "{waits:?}");
    }
    assert!((10..30).contains(&waits.len()), "{waits:?}");
    let last = world.acquit.last_pull().unwrap().unwrap();
    assert_eq!(last.last_error.as_deref(), Some("payplug_unreachable"));
    assert_eq!(view(&world, id).receipts.len(), 0);
    // The network is back: the page says so, and nobody waits for the back-off.
    world.payplug.clear_faults();
    let told = watch(&world, &[(0, Woken::Asked), (0, Woken::Ended)]).await;
    assert_eq!(told[0].2.settled.len() + told[1].2.settled.len(), 1);
    assert_eq!(view(&world, id).standing.status, Status::Settled);
}

#[tokio::test]
async fn payplugs_wish_to_be_left_alone_holds_for_the_loop_and_not_for_a_person() {
    let world = World::trial(13, "sk_live_life").await;
    let id = world.issue(200).id;
    sync(&world).await;
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.advance(60);
    world.payplug.set_retry_after(7_200);
    world.payplug.push_faults(vec![Fault::TooManyRequests]);
    let report = world.acquit.pull_due().await.unwrap();
    assert_eq!(report.errors[0].code, "payplug_busy");
    assert_eq!(report.retry_after, Some(Duration::from_secs(7_200)));
    // In the loop: at least as long as that, however often it looks up meanwhile.
    world.payplug.push_faults(vec![Fault::TooManyRequests]);
    let before = world.payplug.requests().values().sum::<u64>();
    let told = watch(&world, &[(2 * HOUR - 1, Woken::Ended)]).await;
    assert_eq!((told.len(), told[0].0), (1, 1));
    assert!(told[0].1 >= 7_200, "{}", told[0].1);
    assert_eq!(world.payplug.requests().values().sum::<u64>(), before + 1);
    // A person asks: at once.
    world.payplug.push_faults(vec![Fault::TooManyRequests]);
    let told = watch(&world, &[(30, Woken::Asked), (0, Woken::Ended)]).await;
    assert_eq!(told.len(), 2);
    assert_eq!((told[1].0, told[1].2.settled.len()), (0, 1));
}

#[tokio::test]
async fn the_loop_finds_what_another_program_gave_it_to_do() {
    let mut world = World::trial(14, "sk_live_life").await;
    sync(&world).await;
    let other = world.another_handle();
    let draft = other
        .add_invoice(invoice(&[("100", StandardRate::Normal)]))
        .unwrap();
    let mut issued = None;
    // An hour into a rest that would last the day, the other program finalises.
    let mut pace = Script::of(&world, &[(HOUR, Woken::Ended)]);
    let mut runs = 0;
    let tell = |one| {
        if let Told::Ended(pulled) = one {
            runs += 1;
            if runs == 1 {
                assert!(
                    pulled.next_in > Duration::from_secs(3_600),
                    "{:?}",
                    pulled.next_in
                );
                issued = Some(other.finalise(draft.id).unwrap().id);
            }
        }
    };
    world.acquit.watch(&mut pace, tell).await;
    assert_eq!(
        view(&world, issued.unwrap()).link.unwrap().state.code(),
        "open"
    );
}
