//! Several mails, several programs, and an owner who takes one back meanwhile: each mail leaves once or not at all.

use std::pin::pin;
use std::task::{Context, Waker};

use acquit_app::NewReceipt;
use acquit_domain::Cents;
use acquit_domain::id::MailId;
use acquit_domain::receipt::PaymentMeans;
use serde_json::json;

use super::desk::Desk;
use super::office::{PostOffice, Tls};

async fn desk(seed: u64) -> Desk {
    Desk::new(seed, PostOffice::start(Tls::Implicit)).await
}

/// Runs a future, and `act` before the poll of that number (the first has number 0), if it comes to that.
async fn meanwhile<T>(poll: u32, act: impl FnOnce(), future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let (mut polls, mut act) = (0, Some(act));
    std::future::poll_fn(|context| {
        if polls == poll
            && let Some(act) = act.take()
        {
            act();
        }
        polls += 1;
        future.as_mut().poll(context)
    })
    .await
}

#[tokio::test]
async fn many_mails_leave_over_one_connection_in_their_order() {
    let desk = desk(401).await;
    let id = desk.world.issue(200).id;
    let mails: Vec<MailId> = (0..12).map(|_| desk.queue(id)).collect();
    // A rule for a greeting waits for a new connection: the second one would be cut.
    desk.office
        .rules(&json!([{ "do": "accept" }, { "at": "greeting", "do": "cut" }]));
    assert_eq!(desk.post().await.sent, mails);
    let expected: Vec<String> = mails.iter().map(|mail| Desk::message_id(*mail)).collect();
    assert_eq!(desk.office.ids(), expected);
}

#[tokio::test]
async fn a_mail_taken_back_while_it_waits_never_leaves() {
    let desk = desk(402).await;
    let id = desk.world.issue(200).id;
    let [first, second] = [1, 2].map(|_| desk.queue(id));
    desk.acquit().withdraw_mail(first).unwrap();
    assert_eq!(desk.post().await.sent, [second]);
    assert_eq!((desk.code(first), desk.arrivals(first)), ("withdrawn", 0));
    for refused in [
        desk.acquit().retry_mail(first),
        desk.acquit().withdraw_mail(first),
        desk.acquit().settle_mail(first, false),
    ] {
        assert_eq!(refused.unwrap_err().code(), "mail_left");
    }
}

#[tokio::test]
async fn a_mail_can_be_taken_back_at_any_moment_until_it_leaves() {
    let mut desk = desk(403).await;
    let id = desk.world.issue(200).id;
    let owner = desk.another_handle();
    let mut taken_back = 0;
    // One mail for each number of polls, until a run comes to its end before.
    for poll in 0.. {
        let mail = desk.queue(id);
        let mut outcome = None;
        let withdraw = || outcome = Some(owner.withdraw_mail(mail));
        let report = meanwhile(poll, withdraw, desk.acquit().post()).await;
        assert!(report.unwrap().errors.is_empty());
        desk.office.at_rest().await;
        let found = (desk.code(mail), desk.arrivals(mail));
        match outcome {
            Some(Ok(())) => {
                taken_back += 1;
                assert_eq!(found, ("withdrawn", 0), "{poll}");
            }
            Some(Err(error)) => {
                assert_eq!((error.code(), found), ("mail_left", ("sent", 1)), "{poll}");
            }
            None => {
                assert_eq!(found, ("sent", 1));
                break;
            }
        }
    }
    assert!(taken_back > 5, "{taken_back}");
    // The server has it and has not answered yet: too late.
    let mail = desk.queue(id);
    desk.office.rule("after", json!("hang"));
    tokio::select! {
        _ = desk.acquit().post() => panic!("answered"),
        () = super::until("it is leaving", || desk.code(mail) == "handing_over") => {}
    }
    assert_eq!(owner.withdraw_mail(mail).unwrap_err().code(), "mail_left");
}

#[tokio::test]
async fn a_mail_says_what_is_due_at_the_moment_it_leaves_and_not_a_moment_before() {
    let mut desk = desk(405).await;
    let owner = desk.another_handle();
    let mut written_again = 0;
    // One invoice for each number of polls, settled there, until a run comes to its end before.
    for poll in 0.. {
        let id = desk.world.issue(200).id;
        let mail = desk.queue(id);
        let mut had_left = None;
        let settle = || {
            had_left = Some(desk.code(mail) != "queued");
            let cheque = NewReceipt {
                amount: Cents::new(22_000),
                means: PaymentMeans::Cheque,
                date: None,
                overpayment: false,
            };
            // There is no link to take back: nothing to wait for.
            let mut received = pin!(owner.add_receipt(id, cheque));
            let received = received
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
            assert!(received.is_ready());
        };
        let report = meanwhile(poll, settle, desk.acquit().post()).await;
        assert!(report.unwrap().errors.is_empty());
        // What was not right any more was left where it was.
        written_again += u32::from(desk.code(mail) == "queued");
        desk.post().await;
        let sent = desk.office.only_mail();
        desk.office.empty();
        let is_settled = sent.text().contains("est acquittée");
        assert_eq!(
            is_settled,
            had_left == Some(false),
            "{poll}: {}",
            sent.text()
        );
        assert_eq!(
            sent.text().contains("220,00\u{a0}€\nPar virement"),
            !is_settled
        );
        if had_left.is_none() {
            break;
        }
    }
    assert!(written_again > 5, "{written_again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_on_one_file_send_each_mail_once() {
    let mut desk = desk(404).await;
    let id = desk.world.issue(200).id;
    let mails: Vec<MailId> = (0..30).map(|_| desk.queue(id)).collect();
    let (one, other) = (desk.another_handle(), desk.another_handle());
    let run = |acquit: acquit_app::Acquit| {
        tokio::spawn(async move {
            let (mut sent, mut idle) = (Vec::new(), 0);
            // The one whose turn it is not has nothing to do, and asks again.
            while acquit.next_mail_in().is_some() {
                let report = acquit.post_all().await.unwrap();
                assert!(report.errors.is_empty(), "{:?}", report.errors);
                idle += u32::from(report.sent.is_empty());
                sent.extend(report.sent);
                tokio::task::yield_now().await;
            }
            (sent, idle)
        })
    };
    let (one, other) = (run(one), run(other));
    let ((mut sent, waited), (of_other, other_waited)) = (one.await.unwrap(), other.await.unwrap());
    assert!(waited + other_waited > 0, "both had the turn at once");
    sent.extend(of_other);
    let (mut sent, mut mails) = (sent, mails);
    sent.sort_unstable();
    mails.sort_unstable();
    assert_eq!(sent, mails);
    for mail in mails {
        assert_eq!((desk.code(mail), desk.arrivals(mail)), ("sent", 1));
    }
}
