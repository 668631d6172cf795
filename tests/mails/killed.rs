//! The real thing: a process that sends is killed with `kill -9` again and again until nothing waits any more.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use acquit_app::{Acquit, Parts, Roots, SetClock};
use acquit_domain::id::MailId;
use acquit_tests::START_S;
use jiff::Timestamp;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::crashes::holds;
use super::desk::{Desk, FolderKeychain};
use super::office::{PostOffice, Tls};

/// Tells a started copy of this test that it is the one to be killed, and where its file, its keychain and the authority are.
const INSIDE: &str = "ACQUIT_MAILS_TEST_INSIDE";
const TEST: &str = "mails::killed::a_process_killed_again_and_again_sends_no_mail_twice";

const MAILS: usize = 500;
/// A process is killed after it has sent so many at most …
const SENT_MAX: usize = 24;
/// … and so long after the last of them.
const AFTER_MAX_US: u64 = 20_000;

#[tokio::test]
async fn a_process_killed_again_and_again_sends_no_mail_twice() {
    if let Ok(places) = std::env::var(INSIDE) {
        return send_all(&places).await;
    }
    let desk = Desk::connected(511, PostOffice::start(Tls::Implicit), "sk_live_mails").await;
    let invoices = [200, 300, 400, 500, 600].map(|euros| desk.world.issue(euros).id);
    // Links are open before: the processes have no keychain item to ask PayPlug with, and need none.
    desk.acquit().sync().await.unwrap();
    let mails: Vec<MailId> = (0..MAILS)
        .map(|number| desk.queue(invoices[number % invoices.len()]))
        .collect();
    let authority = desk.world.path().with_file_name("authority.pem");
    std::fs::write(&authority, desk.office.authority()).unwrap();
    let places: [PathBuf; 3] = [desk.world.path(), desk.secrets().to_owned(), authority];
    let places = serde_json::to_string(&places).unwrap();
    let mut dice = ChaCha20Rng::seed_from_u64(511);
    let mut kills = 0;
    loop {
        let mut sender = Command::new(std::env::current_exe().unwrap())
            .args([TEST, "--exact", "--nocapture"])
            .env(INSIDE, &places)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let wanted = desk.office.count() + dice.random_range(0..=SENT_MAX);
        let mut ended = None;
        super::until("the sender sends, or has nothing to send", || {
            ended = sender.try_wait().unwrap();
            ended.is_some() || desk.office.has_taken(wanted)
        })
        .await;
        if let Some(status) = ended {
            assert!(status.success(), "{status}");
            break;
        }
        // At the very moment when the server has one more, or at any moment of the next ones.
        let after = dice.random_range(0..AFTER_MAX_US) * dice.random_range(0..=1);
        let moment = Instant::now() + Duration::from_micros(after);
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        sender.kill().unwrap();
        sender.wait().unwrap();
        kills += 1;
    }
    let [sent, unclear, queued] = holds(&desk, &mails).await;
    assert_eq!((sent + unclear, queued), (MAILS, 0));
    assert!(
        kills > 10 && sent > unclear,
        "{kills} kills: {sent} sent, {unclear} unclear"
    );
}

/// What the process to be killed does.
async fn send_all(places: &str) {
    let [file, secrets, authority]: [PathBuf; 3] = serde_json::from_str(places).unwrap();
    let clock = Arc::new(SetClock::at(Timestamp::from_second(START_S).unwrap()));
    let keychain = Arc::new(FolderKeychain(secrets));
    let seed = u64::from(std::process::id());
    let parts = Parts::set(clock, seed, keychain, "test");
    let parts = parts.trusting(Roots::with(std::fs::read(authority).unwrap()));
    let acquit = Acquit::open(&file, parts).unwrap();
    let report = acquit.post_all().await.unwrap();
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    assert!(acquit.next_mail_in().is_none());
}
