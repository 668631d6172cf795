//! The program dies at any moment while it sends: nothing is sent twice, and nothing is taken for sent that is not.

use acquit_domain::id::MailId;
use acquit_tests::crash_after;

use super::desk::Desk;
use super::office::{PostOffice, Tls};

/// What every mail of a desk must be, whatever died: known, and at the server at most once.
pub(crate) async fn holds(desk: &Desk, mails: &[MailId]) -> [usize; 3] {
    desk.office.at_rest().await;
    let mut ids = desk.office.ids();
    let arrived = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), arrived, "a mail was sent twice");
    let mut counts = [0; 3];
    for mail in mails {
        let is_there = ids.binary_search(&Desk::message_id(*mail)).is_ok();
        let code = desk.code(*mail);
        let place = match (code, is_there) {
            ("sent", true) => 0,
            ("unclear", _) => 1,
            ("queued", false) => 2,
            _ => panic!("{code}, at the server: {is_there}"),
        };
        counts[place] += 1;
    }
    assert!(desk.acquit().verify().unwrap().broken.is_none());
    counts
}

#[tokio::test]
async fn a_run_dropped_at_any_await_sends_no_mail_twice() {
    let mut desk = Desk::new(501, PostOffice::start(Tls::Implicit)).await;
    let id = desk.world.issue(200).id;
    let mut mails = Vec::new();
    // One mail for each number of polls, until a run comes to its end.
    for polls in 0.. {
        let mail = desk.queue(id);
        mails.push(mail);
        let report = crash_after(polls, desk.acquit().post_all()).await;
        desk.reopen();
        // Whoever opens the file next sends what waits, and decides nothing about the rest.
        let found = desk.code(mail);
        assert!(
            ["queued", "handing_over", "sent"].contains(&found),
            "{found}"
        );
        desk.post().await;
        let after = desk.code(mail);
        assert_eq!(
            after,
            if found == "handing_over" {
                "unclear"
            } else {
                "sent"
            },
            "{found}"
        );
        if report.is_some() {
            break;
        }
    }
    let [sent, unclear, queued] = holds(&desk, &mails).await;
    assert_eq!((sent + unclear, queued), (mails.len(), 0));
    assert!(sent > 5, "{sent} sent, {unclear} unclear");
}

#[tokio::test]
async fn a_batch_dropped_again_and_again_is_sent_to_its_end() {
    let mut desk = Desk::new(502, PostOffice::start(Tls::Explicit)).await;
    let id = desk.world.issue(200).id;
    let mails: Vec<MailId> = (0..60).map(|_| desk.queue(id)).collect();
    for polls in 0.. {
        let report = crash_after(polls, desk.acquit().post_all()).await;
        desk.reopen();
        holds_meanwhile(&desk, &mails);
        if report.is_some_and(|report| report.unwrap().errors.is_empty()) {
            break;
        }
    }
    let [sent, unclear, queued] = holds(&desk, &mails).await;
    assert_eq!((sent + unclear, queued), (mails.len(), 0));
    assert!(sent > unclear, "{sent} sent, {unclear} unclear");
}

/// Right after a crash, with content that may still be on its way: what is told as sent is there, once.
fn holds_meanwhile(desk: &Desk, mails: &[MailId]) {
    let ids = desk.office.ids();
    for mail in mails {
        let id = Desk::message_id(*mail);
        let arrivals = ids.iter().filter(|found| **found == id).count();
        match desk.code(*mail) {
            "sent" => assert_eq!(arrivals, 1),
            "queued" => assert_eq!(arrivals, 0),
            _ => assert!(arrivals <= 1),
        }
    }
}
