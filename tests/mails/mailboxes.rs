//! Mailboxes are checked with their server by a real message, and only what works is kept; the password is in the keychain alone.

use std::fs;
use std::path::Path;
use std::time::Duration;

use acquit_app::{NewMailbox, Security, message};
use acquit_domain::link::FileNature;
use acquit_mail::{Login, Patience, Session, words};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use super::desk::Desk;
use super::office::{ADDRESS, Door, PASSWORD, PostOffice, Proof, Tls, email};

/// The password's last word (letters that JSON, SQL and Rust's `Debug` leave as they are), and that word in the base64 of
/// `AUTH PLAIN` and `AUTH LOGIN`, wherever it begins there.
fn disguises() -> [String; 4] {
    let (_, word) = PASSWORD.rsplit_once(' ').unwrap();
    let [first, second, third] = [0, 1, 2].map(|skipped| base64(&word.as_bytes()[skipped..]));
    [word.to_owned(), first, second, third]
}

/// Base64 of as many bytes as make whole letters.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let three = |three: &[u8]| {
        let bits = three
            .iter()
            .fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(LETTERS[bits >> shift & 63]))
    };
    bytes.chunks_exact(3).flat_map(three).collect()
}

fn tells_no_password(what: &str, told: &[u8]) {
    for disguise in disguises() {
        let is_there = told
            .windows(disguise.len())
            .any(|bytes| bytes == disguise.as_bytes());
        assert!(!is_there, "{what} tells the password");
    }
}

/// Nothing in a folder tells the password; how many files were read.
fn files_tell_no_password(folder: &Path) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        tells_no_password(&path.display().to_string(), &fs::read(&path).unwrap());
        count += 1;
    }
    count
}

/// Tries to set a mailbox up; the code of what was wrong, which is told without the password, and after which nothing is kept.
async fn refused(desk: &Desk, mailbox: NewMailbox) -> String {
    let error = desk.acquit().set_mailbox(mailbox).await.unwrap_err();
    let sentence = message::sentence(&error);
    let told = format!("{error:?} {error} {} {}", sentence.fr, sentence.en);
    tells_no_password("an error", told.as_bytes());
    assert!(desk.acquit().mailbox().unwrap().is_none(), "{error:?}");
    assert!(desk.keychain.secrets().is_empty(), "{error:?}");
    assert!(files_tell_no_password(&desk.world.path()) > 0);
    assert_eq!(desk.office.count(), 0, "{error:?}");
    error.code().to_owned()
}

#[tokio::test]
async fn a_mailbox_is_checked_by_a_real_message_to_oneself() {
    for (seed, tls) in (1..).zip([Tls::Implicit, Tls::Explicit, Tls::None]) {
        let desk = Desk::bare(seed, PostOffice::start(tls)).await;
        let set = desk
            .acquit()
            .set_mailbox(desk.office.mailbox())
            .await
            .unwrap();
        assert_eq!(
            (set.address.as_str(), set.checked_at),
            (ADDRESS, desk.now())
        );
        let kept = desk.acquit().mailbox().unwrap().unwrap();
        assert_eq!(
            (&kept.server, kept.login.as_str()),
            (&desk.office.server(), ADDRESS)
        );
        let mail = desk.office.only_mail();
        mail.is_sound();
        let expected =
            json!({ "from": ADDRESS, "to": [ADDRESS], "tls": tls != Tls::None, "user": ADDRESS });
        assert_eq!(mail.envelope, expected);
        assert_eq!(mail.header("Subject"), words::CHECK_SUBJECT);
        assert_eq!(
            mail.header("From"),
            format!("\"Ferrand Plomberie Chauffage\" <{ADDRESS}>").replace('"', "")
        );
        assert_eq!(mail.header("To"), ADDRESS);
        assert!(mail.text().contains("votre messagerie est bien réglée"));
        // The password is in the keychain, with its server, and nowhere else.
        let secrets = desk.keychain.secrets();
        assert_eq!(secrets.len(), 1);
        assert!(secrets[0].contains("127.0.0.1") && secrets[0].contains(disguises()[0].as_str()));
        assert!(files_tell_no_password(&desk.world.path()) > 1);
        tells_no_password("the mailbox", format!("{set:?} {kept:?}").as_bytes());
        tells_no_password("the message", &mail.raw);
    }
}

#[tokio::test]
async fn a_server_that_is_not_who_it_should_be_gets_nothing() {
    let mut seed = 10;
    for tls in [Tls::Implicit, Tls::Explicit] {
        for proof in [Proof::OtherName, Proof::OtherAuthority] {
            seed += 1;
            let office = PostOffice::start_as(tls, proof, Door::Account);
            let desk = Desk::bare(seed, office).await;
            let code = refused(&desk, desk.office.mailbox()).await;
            assert_eq!(code, "mail_bad_certificate", "{tls:?} {proof:?}");
        }
    }
}

#[tokio::test]
async fn a_password_leaves_encrypted_or_for_this_computer_alone() {
    // A server that does not encrypt, asked to.
    let desk = Desk::bare(21, PostOffice::start(Tls::None)).await;
    let mut mailbox = desk.office.mailbox();
    mailbox.server.security = Security::StartTls;
    assert_eq!(refused(&desk, mailbox).await, "mail_no_encryption");
    // In the clear to a name or to another computer: nobody is even asked.
    for host in [
        "localhost",
        "192.0.2.1",
        "smtp.ferrand.example",
        "::ffff:192.0.2.1",
        "",
    ] {
        let mut mailbox = desk.office.mailbox();
        host.clone_into(&mut mailbox.server.host);
        assert_eq!(refused(&desk, mailbox).await, "not_encrypted", "{host}");
    }
    let mut server = desk.office.server();
    "localhost".clone_into(&mut server.host);
    let opened = Session::open(&server, &login(), &desk.office.roots(), Patience::default()).await;
    assert_eq!(opened.err(), Some(acquit_mail::Error::NotLoopback));
}

fn login() -> Login {
    Login {
        user: ADDRESS.to_owned(),
        password: Zeroizing::new(PASSWORD.to_owned()),
    }
}

#[tokio::test]
async fn what_the_server_refuses_is_told_by_its_reason() {
    let answers = [
        (
            "greeting",
            json!({ "answer": "421 4.3.2 Too many connections" }),
            "mail_later",
        ),
        ("greeting", json!("cut"), "mail_unreachable"),
        (
            "auth",
            json!({ "answer": "535 5.7.8 Authentication failed" }),
            "mail_login_refused",
        ),
        (
            "auth",
            json!({ "answer": "534 5.7.9 Application-specific password required" }),
            "mail_login_refused",
        ),
        (
            "auth",
            json!({ "answer": "454 4.7.0 Temporary failure" }),
            "mail_later",
        ),
        ("auth", json!("cut"), "mail_unreachable"),
        (
            "mail",
            json!({ "answer": "553 5.7.1 Sender not owned by user" }),
            "mail_sender_refused",
        ),
        (
            "rcpt",
            json!({ "answer": "550 5.1.1 No such user" }),
            "mail_recipient_refused",
        ),
        (
            "message",
            json!({ "answer": "554 5.7.1 Spam" }),
            "mail_refused",
        ),
        ("message", json!("cut"), "mail_unclear"),
    ];
    for (seed, tls) in (31..).zip([Tls::Implicit, Tls::Explicit]) {
        let desk = Desk::bare(seed, PostOffice::start(tls)).await;
        let mut wrong = desk.office.mailbox();
        wrong.password = Zeroizing::new(format!("{PASSWORD}!"));
        assert_eq!(refused(&desk, wrong).await, "mail_login_refused", "{tls:?}");
        for (at, action, code) in &answers {
            desk.office.rule(at, action.clone());
            let found = refused(&desk, desk.office.mailbox()).await;
            assert_eq!(&found, code, "{tls:?} {at} {action}");
        }
        // Nothing of all this stands in the way of the right one.
        desk.acquit()
            .set_mailbox(desk.office.mailbox())
            .await
            .unwrap();
        assert_eq!(desk.office.count(), 1);
    }
}

#[tokio::test]
async fn a_server_that_is_no_mail_server_is_told_by_what_it_lacks() {
    let desk = Desk::bare(
        41,
        PostOffice::start_as(Tls::Implicit, Proof::Good, Door::NoLogin),
    )
    .await;
    assert_eq!(refused(&desk, desk.office.mailbox()).await, "mail_no_login");
    // Nobody listens there.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mut mailbox = desk.office.mailbox();
    mailbox.server.port = port;
    assert_eq!(refused(&desk, mailbox).await, "mail_unreachable");
    let mut mailbox = desk.office.mailbox();
    "smtp.nulle-part.invalid".clone_into(&mut mailbox.server.host);
    assert_eq!(refused(&desk, mailbox).await, "mail_unreachable");
    // A port that encrypts only when asked, taken for one that always does.
    let desk = Desk::bare(42, PostOffice::start(Tls::Explicit)).await;
    let mut mailbox = desk.office.mailbox();
    mailbox.server.security = Security::Tls;
    assert_eq!(refused(&desk, mailbox).await, "mail_not_understood");
}

#[tokio::test]
async fn a_web_server_is_not_taken_for_a_mail_server() {
    let desk = Desk::bare(43, PostOffice::start(Tls::None)).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut mailbox = desk.office.mailbox();
    mailbox.server.port = listener.local_addr().unwrap().port();
    let answering = async {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        let mut line = String::new();
        while stream.read_line(&mut line).await.unwrap_or(0) > 0 {}
    };
    let (code, ()) = tokio::join!(refused(&desk, mailbox), answering);
    assert_eq!(code, "mail_not_understood");
}

#[tokio::test]
async fn a_silent_server_is_given_up_at_every_stage() {
    const SHORT: Duration = Duration::from_millis(300);
    let to = [email(ADDRESS)];
    for tls in [Tls::Implicit, Tls::Explicit] {
        let office = PostOffice::start(tls);
        let (server, roots) = (office.server(), office.roots());
        for at in ["greeting", "auth"] {
            office.rule(at, json!("hang"));
            let patience = Patience {
                opening: SHORT,
                ..Patience::default()
            };
            let opened = Session::open(&server, &login(), &roots, patience).await;
            assert_eq!(
                opened.err(),
                Some(acquit_mail::Error::Unreachable),
                "{tls:?} {at}"
            );
        }
        for at in ["mail", "rcpt", "data"] {
            office.rule(at, json!("hang"));
            let patience = Patience {
                command: SHORT,
                ..Patience::default()
            };
            let mut session = Session::open(&server, &login(), &roots, patience)
                .await
                .unwrap();
            let announced = session.announce(&to[0], &to).await;
            assert_eq!(
                announced.err(),
                Some(acquit_mail::Error::Unreachable),
                "{tls:?} {at}"
            );
            assert!(!session.is_usable(), "{tls:?} {at}");
        }
        for at in ["message", "after"] {
            office.rule(at, json!("hang"));
            let patience = Patience {
                message: SHORT,
                ..Patience::default()
            };
            let mut session = Session::open(&server, &login(), &roots, patience)
                .await
                .unwrap();
            let outgoing = session.announce(&to[0], &to).await.unwrap();
            let given = outgoing
                .hand_over(b"Message-ID: <silence@ferrand.example>\r\n\r\nBonjour\r\n")
                .await;
            assert_eq!(given, Err(acquit_mail::Error::Unclear), "{tls:?} {at}");
            assert!(!session.is_usable(), "{tls:?} {at}");
        }
    }
}

#[tokio::test]
async fn a_mailbox_that_fails_its_check_leaves_the_earlier_one_in_place() {
    let desk = Desk::new(51, PostOffice::start(Tls::Implicit)).await;
    let before = desk.keychain.secrets();
    let mut wrong = desk.office.mailbox();
    "autre@ferrand.example".clone_into(&mut wrong.login);
    let error = desk.acquit().set_mailbox(wrong).await.unwrap_err();
    assert_eq!(error.code(), "mail_login_refused");
    assert_eq!(desk.acquit().mailbox().unwrap().unwrap().login, ADDRESS);
    assert_eq!(desk.keychain.secrets(), before);
    // Taken back, nothing is left of it, and mails wait.
    let mail = desk.queue(desk.world.issue(200).id);
    desk.acquit().forget_mailbox().await.unwrap();
    assert!(desk.keychain.secrets().is_empty() && desk.acquit().mailbox().unwrap().is_none());
    assert_eq!(
        desk.acquit().forget_mailbox().await.unwrap_err().code(),
        "no_mailbox"
    );
    assert_eq!(desk.post_badly().await, ["no_mailbox"]);
    assert_eq!(
        (desk.code(mail), desk.trouble(mail)),
        ("queued", "no_mailbox".to_owned())
    );
    desk.acquit()
        .set_mailbox(desk.office.mailbox())
        .await
        .unwrap();
    assert_eq!(desk.acquit().post().await.unwrap().sent, [mail]);
}

#[tokio::test]
async fn a_changed_file_sends_no_password_elsewhere() {
    let desk = Desk::new(52, PostOffice::start(Tls::Implicit)).await;
    let mail = desk.queue(desk.world.issue(200).id);
    let elsewhere = PostOffice::start(Tls::None);
    let file = rusqlite::Connection::open(desk.world.path().join("acquit.sqlite")).unwrap();
    for change in [
        format!(
            "UPDATE mailbox SET port = {}, security = 'plain'",
            elsewhere.port()
        ),
        "UPDATE mailbox SET login = 'autre@ferrand.example'".to_owned(),
        "UPDATE mailbox SET host = 'localhost'".to_owned(),
    ] {
        file.execute_batch(&format!("SAVEPOINT change; {change}; RELEASE change"))
            .unwrap();
        assert_eq!(desk.post_badly().await, ["no_mail_password"], "{change}");
        assert_eq!((desk.code(mail), desk.office.count()), ("queued", 0));
        file.execute_batch(&format!(
            "UPDATE mailbox SET port = {}, security = 'tls', login = '{ADDRESS}', host = '127.0.0.1'",
            desk.office.port()
        ))
        .unwrap();
    }
    desk.post().await;
    assert_eq!(
        (desk.code(mail), desk.office.count(), elsewhere.count()),
        ("sent", 1, 0)
    );
}

#[tokio::test]
async fn a_demonstration_has_no_mailbox() {
    let desk = Desk::of(
        53,
        PostOffice::start(Tls::Implicit),
        FileNature::Demonstration,
    )
    .await;
    assert_eq!(
        refused(&desk, desk.office.mailbox()).await,
        "not_a_real_file"
    );
}
