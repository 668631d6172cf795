//! What becomes of a mail when the server refuses, asks to wait, or goes away, at each stage of the exchange.

use acquit_app::MailState;
use acquit_domain::id::MailId;
use serde_json::{Value, json};

use super::desk::Desk;
use super::office::{ADDRESS, PASSWORD, PostOffice, Tls};

const HOUR: i64 = 3_600;

fn answer(text: &str) -> Value {
    json!({ "answer": text })
}

/// The mail is at the server once, and stays so.
async fn is_sent_once(desk: &Desk, mail: MailId, what: &str) {
    for _ in 0..3 {
        desk.post().await;
        assert_eq!(
            (desk.code(mail), desk.arrivals(mail)),
            ("sent", 1),
            "{what}"
        );
    }
    assert_eq!(
        desk.acquit().withdraw_mail(mail).unwrap_err().code(),
        "mail_left",
        "{what}"
    );
    assert_eq!(
        desk.acquit().retry_mail(mail).unwrap_err().code(),
        "mail_left",
        "{what}"
    );
}

#[tokio::test]
async fn what_the_server_puts_off_is_tried_again_and_sent_once() {
    let reasons = [
        (
            "greeting",
            answer("421 4.3.2 Too many connections"),
            "mail_later",
        ),
        ("greeting", json!("cut"), "mail_unreachable"),
        (
            "auth",
            answer("454 4.7.0 Temporary authentication failure"),
            "mail_later",
        ),
        ("auth", json!("cut"), "mail_unreachable"),
        ("mail", answer("451 4.3.0 Try later"), "mail_later"),
        ("mail", answer("421 4.4.2 Closing"), "mail_later"),
        ("mail", json!("cut"), "mail_unreachable"),
        (
            "rcpt",
            answer("450-4.2.0 Greylisted,\n450 4.2.0 come back"),
            "mail_later",
        ),
        ("rcpt", json!("cut"), "mail_unreachable"),
        ("data", answer("452 4.3.1 No space"), "mail_later"),
        ("data", json!("cut"), "mail_unreachable"),
        ("message", answer("451 4.3.0 Try later"), "mail_later"),
        ("message", answer("421 4.3.0 Closing"), "mail_later"),
    ];
    for (seed, tls) in (201..).zip([Tls::Implicit, Tls::Explicit]) {
        let desk = Desk::new(seed, PostOffice::start(tls)).await;
        for (at, action, code) in &reasons {
            let what = format!("{tls:?} {at} {action}");
            let mail = desk.queue(desk.world.issue(200).id);
            desk.office.rule(at, action.clone());
            let report = desk.acquit().post().await.unwrap();
            assert!(report.sent.is_empty(), "{what}");
            assert_eq!(report.errors.len(), 1, "{what}");
            assert_eq!(&report.errors[0].code, code, "{what}");
            assert_eq!(
                report.errors[0].invoice,
                Some(desk.acquit().mail(mail).unwrap().number)
            );
            assert_eq!(
                (desk.code(mail), desk.trouble(mail).as_str()),
                ("queued", *code),
                "{what}"
            );
            assert_eq!(desk.arrivals(mail), 0, "{what}");
            // Not before half a minute, and then at once.
            assert!(
                desk.acquit().post().await.unwrap().sent.is_empty(),
                "{what}"
            );
            desk.advance(29);
            assert!(
                desk.acquit().post().await.unwrap().sent.is_empty(),
                "{what}"
            );
            desk.advance(9);
            assert_eq!(desk.acquit().post().await.unwrap().sent, [mail], "{what}");
            is_sent_once(&desk, mail, &what).await;
        }
    }
}

#[tokio::test]
async fn what_the_server_refuses_for_good_is_told_with_its_reason() {
    let reasons = [
        ("mail", answer("552 5.3.4 Too big"), "mail_too_large"),
        (
            "data",
            answer("554 5.5.1 No valid recipients"),
            "mail_refused",
        ),
        ("data", answer("552 5.3.4 Too big"), "mail_too_large"),
        ("message", answer("554 5.7.1 Spam"), "mail_refused"),
        ("message", answer("550 5.7.1 Policy"), "mail_refused"),
        (
            "message",
            answer("552 5.3.4 Message size exceeds limit"),
            "mail_too_large",
        ),
    ];
    let desk = Desk::new(211, PostOffice::start(Tls::Implicit)).await;
    for (at, action, code) in &reasons {
        let what = format!("{at} {action}");
        let mail = desk.queue(desk.world.issue(200).id);
        desk.office.rule(at, action.clone());
        assert_eq!(desk.post_badly().await, [*code], "{what}");
        for _ in 0..10 {
            desk.post().await;
            assert_eq!(
                (desk.code(mail), desk.trouble(mail).as_str()),
                ("refused", *code),
                "{what}"
            );
            desk.advance(HOUR);
        }
        assert_eq!(desk.arrivals(mail), 0, "{what}");
        // The owner may try it again all the same.
        desk.acquit().retry_mail(mail).unwrap();
        desk.post().await;
        is_sent_once(&desk, mail, &what).await;
    }
}

#[tokio::test]
async fn an_account_that_may_not_send_keeps_its_mails() {
    let desk = Desk::new(213, PostOffice::start(Tls::Implicit)).await;
    let mails = [200, 300].map(|amount| desk.queue(desk.world.issue(amount).id));
    desk.office.rule("mail", answer("553 5.7.1 Not yours"));
    assert_eq!(desk.post_badly().await, ["mail_sender_refused"]);
    for mail in mails {
        assert_eq!(
            (desk.code(mail), desk.trouble(mail).as_str()),
            ("queued", "mail_sender_refused")
        );
    }
    desk.acquit()
        .set_mailbox(desk.office.mailbox())
        .await
        .unwrap();
    assert_eq!(desk.acquit().post().await.unwrap().sent, mails);
}

#[tokio::test]
async fn a_refused_recipient_is_named_and_nobody_gets_the_mail() {
    let desk = Desk::new(212, PostOffice::start(Tls::Explicit)).await;
    let others = [
        "bonne@client.example",
        "mauvaise@client.example",
        "tiers@client.example",
    ];
    for refusal in [
        "550 5.1.1 No such user",
        "551 5.1.6 Moved",
        "553 5.1.3 Bad syntax",
        "521 5.3.2 No mail here",
    ] {
        let mail = desk.queue_to(desk.world.issue(200).id, &others[..1], &others[1..]);
        desk.office
            .rules(&json!([{ "at": "rcpt", "to": others[1], "do": answer(refusal) }]));
        assert_eq!(desk.post_badly().await, ["mail_recipient_refused"]);
        let MailState::Refused(trouble) = desk.state(mail) else {
            panic!("{:?}", desk.state(mail));
        };
        assert_eq!(trouble.address.as_deref(), Some(others[1]), "{refusal}");
        let sentence = acquit_app::message::trouble(&trouble);
        assert!(sentence.fr.contains(others[1]), "{}", sentence.fr);
        assert_eq!(desk.office.count(), 0, "{refusal}");
    }
}

#[tokio::test]
async fn one_mail_that_is_refused_keeps_no_other_back() {
    let desk = Desk::new(213, PostOffice::start(Tls::Implicit)).await;
    let id = desk.world.issue(200).id;
    let mails = [1, 2, 3, 4].map(|_| desk.queue(id));
    desk.office.rules(&json!([
        { "do": "accept" },
        { "at": "rcpt", "do": answer("550 5.1.1 No such user") },
        { "at": "message", "do": answer("451 4.3.0 Try later") },
    ]));
    let report = desk.acquit().post().await.unwrap();
    assert_eq!(report.sent, [mails[0], mails[3]]);
    let codes: Vec<&str> = report
        .errors
        .iter()
        .map(|error| error.code.as_str())
        .collect();
    assert_eq!(codes, ["mail_recipient_refused", "mail_later"]);
    assert_eq!(
        mails.map(|mail| desk.code(mail)),
        ["sent", "refused", "queued", "sent"]
    );
}

/// What cuts the exchange after the content began to leave, and how often the message is at the server then.
const CUTS: [(&str, usize); 2] = [("message", 0), ("after", 1)];

/// The mail's outcome is not known, and it is not sent again by itself.
async fn stays_unclear(desk: &Desk, mail: MailId, arrivals: usize) {
    for _ in 0..10 {
        desk.post().await;
        assert_eq!(
            (desk.code(mail), desk.arrivals(mail)),
            ("unclear", arrivals)
        );
        desk.advance(6 * HOUR);
    }
    for refused in [
        desk.acquit().retry_mail(mail),
        desk.acquit().withdraw_mail(mail),
    ] {
        assert_eq!(refused.unwrap_err().code(), "mail_left");
    }
}

#[tokio::test]
async fn a_mail_cut_off_while_it_leaves_is_its_owners_to_settle() {
    let desk = Desk::new(221, PostOffice::start(Tls::Implicit)).await;
    // More than fits between the two: what is cut in its middle is still being written.
    let plan = vec![b'x'; 5 * 1024 * 1024];
    desk.acquit()
        .add_mail_file("plan.pdf", &plan, true)
        .unwrap();
    for (at, arrivals) in CUTS {
        for has_arrived in [true, false] {
            let mail = desk.queue(desk.world.issue(200).id);
            desk.office.rule(at, json!("cut"));
            assert_eq!(desk.post_badly().await, ["mail_unclear"], "{at}");
            stays_unclear(&desk, mail, arrivals).await;
            desk.acquit().settle_mail(mail, has_arrived).unwrap();
            if has_arrived {
                assert_eq!(desk.code(mail), "sent");
                desk.post().await;
                assert_eq!(desk.arrivals(mail), arrivals, "{at}");
            } else {
                assert_eq!(desk.code(mail), "queued");
                assert_eq!(desk.acquit().post().await.unwrap().sent, [mail]);
                desk.post().await;
                assert_eq!(
                    (desk.code(mail), desk.arrivals(mail)),
                    ("sent", arrivals + 1),
                    "{at}"
                );
            }
            assert_eq!(
                desk.acquit().settle_mail(mail, true).unwrap_err().code(),
                "mail_left"
            );
        }
    }
}

#[tokio::test]
async fn a_server_that_never_answers_after_the_message_leaves_it_unclear() {
    let mut desk = Desk::new(222, PostOffice::start(Tls::Implicit)).await;
    for (at, arrivals) in CUTS {
        let mail = desk.queue(desk.world.issue(200).id);
        desk.office.rule(at, json!("hang"));
        // The five minutes that a large message may take end for whoever closes the program meanwhile, too.
        tokio::select! {
            _ = desk.acquit().post() => panic!("{at}: answered"),
            () = super::until("the content has left", || desk.code(mail) == "handing_over") => {}
        }
        if arrivals > 0 {
            super::until("the content has arrived", || {
                desk.arrivals(mail) == arrivals
            })
            .await;
        }
        desk.reopen();
        stays_unclear(&desk, mail, arrivals).await;
        desk.acquit().settle_mail(mail, true).unwrap();
    }
}

#[tokio::test]
async fn a_password_that_is_no_longer_right_keeps_all_mails_until_there_is_a_good_one() {
    let desk = Desk::new(231, PostOffice::start(Tls::Explicit)).await;
    let ids = [200, 300, 400].map(|euros| desk.world.issue(euros).id);
    let mails = ids.map(|id| desk.queue(id));
    // Each try to log in would use up one rule: a second one would be let in.
    desk.office
        .rule("auth", answer("535 5.7.8 Authentication failed"));
    let report = desk.acquit().post().await.unwrap();
    assert_eq!((report.sent.len(), report.errors.len()), (0, 1));
    assert_eq!(report.errors[0].code, "mail_login_refused");
    for mail in mails {
        assert_eq!(
            (desk.code(mail), desk.trouble(mail).as_str()),
            ("queued", "mail_login_refused")
        );
    }
    // Nobody asks again before long: a provider locks an account after a few wrong passwords.
    desk.advance(HOUR - 1);
    assert!(desk.acquit().post().await.unwrap().sent.is_empty());
    assert_eq!(desk.office.count(), 0);
    let set = desk
        .acquit()
        .set_mailbox(desk.office.mailbox())
        .await
        .unwrap();
    assert_eq!(set.login, ADDRESS);
    assert_eq!(desk.acquit().post().await.unwrap().sent, mails);
    assert_eq!(desk.office.count(), 1 + mails.len());
    for mail in mails {
        is_sent_once(&desk, mail, PASSWORD).await;
    }
}

#[tokio::test]
async fn a_server_that_refuses_everybody_refuses_no_mail() {
    let desk = Desk::new(232, PostOffice::start(Tls::Implicit)).await;
    let mails = [200, 300].map(|euros| desk.queue(desk.world.issue(euros).id));
    for (at, text) in [
        ("greeting", "554 5.7.1 Your address is on a list"),
        ("greeting", "521 5.3.2 No service"),
        ("greeting", "450 4.3.2 Overloaded"),
        ("auth", "454 4.7.0 Temporary authentication failure"),
    ] {
        // One rule: a second connection of the same run would be served.
        desk.office.rule(at, answer(text));
        assert_eq!(desk.post_badly().await.len(), 1, "{text}");
        assert_eq!(mails.map(|mail| desk.code(mail)), ["queued"; 2], "{text}");
    }
    desk.post().await;
    assert_eq!(
        mails.map(|mail| (desk.code(mail), desk.arrivals(mail))),
        [("sent", 1); 2]
    );
}

#[tokio::test]
async fn a_clock_that_is_set_back_sends_what_waits_and_asks_no_more_often() {
    let desk = Desk::new(235, PostOffice::start(Tls::Implicit)).await;
    desk.advance(10 * HOUR);
    let mails = [200, 300, 400].map(|euros| desk.queue(desk.world.issue(euros).id));
    desk.set_back(10 * HOUR);
    // One login for all of them: each try would use up one rule, and the next be let in.
    desk.office
        .rule("auth", answer("535 5.7.8 Authentication failed"));
    let report = desk.acquit().post().await.unwrap();
    assert_eq!((report.sent.len(), report.errors.len()), (0, 1));
    assert!(desk.acquit().post().await.unwrap().sent.is_empty());
    for mail in mails {
        assert_eq!(desk.trouble(mail), "mail_login_refused");
    }
    desk.advance(HOUR);
    assert_eq!(desk.acquit().post().await.unwrap().sent, mails);
}

#[tokio::test]
async fn a_mail_that_nobody_takes_for_two_days_is_refused() {
    let desk = Desk::new(233, PostOffice::start(Tls::Implicit)).await;
    let mail = desk.queue(desk.world.issue(200).id);
    let (mut tries, mut waited) = (0, 0);
    while desk.code(mail) == "queued" {
        desk.office.rule("rcpt", answer("451 4.7.1 Greylisted"));
        let report = desk.acquit().post().await.unwrap();
        tries += report.errors.len();
        assert!(report.sent.is_empty() && waited <= 49 * HOUR);
        desk.advance(30);
        waited += 30;
    }
    assert_eq!(
        (desk.code(mail), desk.trouble(mail).as_str()),
        ("refused", "mail_later")
    );
    assert!((47 * HOUR..=49 * HOUR).contains(&waited), "{waited}");
    // Ever more seldom, once an hour at last.
    assert!((45..=60).contains(&tries), "{tries}");
}

#[tokio::test]
async fn a_message_that_is_put_off_after_it_was_read_is_not_sent_every_half_minute() {
    let desk = Desk::new(234, PostOffice::start(Tls::Implicit)).await;
    let mail = desk.queue(desk.world.issue(200).id);
    let mut delays = Vec::new();
    for _ in 0..6 {
        desk.office.rule("message", answer("451 4.7.1 Greylisted"));
        assert_eq!(desk.post_badly().await, ["mail_later"]);
        let MailState::Queued { next_at, .. } = desk.state(mail) else {
            panic!("{:?}", desk.state(mail));
        };
        delays.push(next_at.duration_since(desk.now()).as_secs());
        desk.advance(delays[delays.len() - 1]);
    }
    assert!(delays.is_sorted() && delays[5] > 600, "{delays:?}");
}
