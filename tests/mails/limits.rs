//! What no mail may be: too many recipients, too heavy, a subject of two lines; and addresses that need care.

use acquit_app::NewMail;
use acquit_domain::mail::addresses;
use acquit_domain::{Rule, limits, text};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::desk::{Desk, recipients};
use super::office::{ADDRESS, PostOffice, Tls, email, texts};

async fn desk(seed: u64) -> Desk {
    Desk::new(seed, PostOffice::start(Tls::Implicit)).await
}

/// A mail that is refused by rule, with nothing written; its code and field.
fn refused(desk: &Desk, mail: NewMail) -> (String, String) {
    let invoice = mail.invoice;
    let preview = desk.acquit().preview_mail(&mail).unwrap_err();
    let error = desk.acquit().queue_mail(mail).unwrap_err();
    assert_eq!(preview.code(), error.code());
    assert!(desk.acquit().mails_of(invoice).unwrap().is_empty());
    (
        error.code().to_owned(),
        error.field().unwrap_or_default().to_owned(),
    )
}

#[tokio::test]
async fn a_subject_is_one_line_and_a_name_as_well() {
    let desk = desk(601).await;
    let id = desk.world.issue(200).id;
    for (subject, code) in [
        (
            "Facture\r\nBcc: voleur@ailleurs.example",
            "control_character",
        ),
        ("Facture\nBcc: voleur@ailleurs.example", "control_character"),
        ("Facture\rfin", "control_character"),
        ("Facture\0", "control_character"),
        ("Facture \u{202e}tnatnom", "control_character"),
        ("  ", "empty"),
        ("{prix}", "unknown_variable"),
        (&"é".repeat(limits::SUBJECT_MAX + 1), "too_long"),
    ] {
        let mut mail = desk.proposed(id);
        subject.clone_into(&mut mail.subject);
        assert_eq!(
            refused(&desk, mail),
            (code.to_owned(), "subject".to_owned()),
            "{subject:?}"
        );
    }
    let hostile = "Hélène\r\nBcc: voleur@ailleurs.example";
    assert_eq!(
        text::single_line(hostile, limits::NAME_MAX),
        Err(Rule::ControlCharacter)
    );
    // A file changed by other hands holds one all the same: the mail stays one message to one customer.
    let customer = acquit_tests::customer(hostile);
    desk.acquit().update_customer("CL-0001", customer).unwrap();
    let mut mail = desk.proposed(desk.world.issue(300).id);
    mail.subject = "{nom}".to_owned();
    desk.acquit().queue_mail(mail).unwrap();
    desk.post().await;
    let sent = desk.office.only_mail();
    sent.is_sound();
    assert_eq!(
        (sent.header("Bcc"), sent.header("To")),
        ("", "client@client.example")
    );
    assert_eq!(sent.recipients(), ["client@client.example"]);
}

#[tokio::test]
async fn a_mail_goes_to_so_many_and_no_more() {
    let desk = desk(602).await;
    let id = desk.world.issue(200).id;
    let hundred: Vec<String> = (0..100)
        .map(|number| format!("client{number}@client.example"))
        .collect();
    let hundred: Vec<&str> = hundred.iter().map(String::as_str).collect();
    let too_many = ("too_many_recipients".to_owned(), "cc".to_owned());
    for (to, cc) in [(100, 0), (1, 99), (limits::RECIPIENTS_MAX, 1)] {
        let mut mail = desk.proposed(id);
        mail.recipients = recipients(&hundred[..to], &hundred[100 - cc..]);
        assert_eq!(refused(&desk, mail), too_many, "{to} {cc}");
    }
    let most = limits::RECIPIENTS_MAX;
    assert_eq!(
        addresses(&hundred.join(", ")),
        Err(Rule::TooManyRecipients { most })
    );
    let mut mail = desk.proposed(id);
    mail.recipients.to.clear();
    let error = desk.acquit().queue_mail(mail).unwrap_err();
    assert_eq!((error.code(), error.field()), ("no_address", Some("to")));
    desk.queue_to(id, &hundred[..most / 2], &hundred[most / 2..most]);
    desk.post().await;
    let sent = desk.office.only_mail();
    sent.is_sound();
    assert_eq!(sent.recipients(), hundred[..most]);
}

#[tokio::test]
async fn what_is_too_heavy_is_not_kept_and_not_queued() {
    let desk = desk(603).await;
    let most = usize::try_from(limits::ATTACHED_MAX_BYTES).unwrap();
    let heavy = vec![b'x'; 20 * 1024 * 1024];
    for (bytes, code) in [
        (&heavy[..], "too_heavy"),
        (&heavy[..=most], "too_heavy"),
        (&[], "empty"),
    ] {
        let error = desk
            .acquit()
            .add_mail_file("plan.pdf", bytes, true)
            .unwrap_err();
        assert_eq!((error.code(), error.field()), (code, Some("files")));
    }
    assert!(desk.acquit().mail_files().unwrap().is_empty());
    for name in ["", "a\r\nb.pdf", &"x".repeat(limits::FILE_NAME_MAX + 1)] {
        assert_eq!(
            desk.acquit()
                .add_mail_file(name, b"x", true)
                .unwrap_err()
                .field(),
            Some("name")
        );
    }
    let [one, two, small] = [&heavy[..most], &heavy[..most], b"x"].map(|bytes| {
        let added = desk
            .acquit()
            .add_mail_file("../plan\\2.pdf", bytes, false)
            .unwrap();
        assert_eq!(added.name, "..-plan-2.pdf", "no folder of anybody's");
        added.id
    });
    let id = desk.world.issue(200).id;
    for files in [vec![one, two], vec![one, small]] {
        let mut mail = desk.proposed(id);
        mail.files = files;
        assert_eq!(
            refused(&desk, mail),
            ("too_heavy".to_owned(), "files".to_owned())
        );
    }
    // As heavy as it may be, it leaves.
    let mut mail = desk.proposed(id);
    mail.files = vec![one];
    desk.acquit().queue_mail(mail).unwrap();
    desk.post().await;
    let sent = desk.office.only_mail();
    sent.is_sound();
    assert_eq!(sent.read["attachments"][1]["size"], json!(most));
}

#[tokio::test]
async fn hosts_with_accents_are_written_as_servers_read_them() {
    let desk = Desk::bare(604, PostOffice::start(Tls::Implicit)).await;
    let mut mailbox = desk.office.mailbox();
    mailbox.address = email("contact@électricité.example");
    desk.acquit().set_mailbox(mailbox).await.unwrap();
    desk.office.only_mail().is_sound();
    desk.office.empty();
    desk.queue_to(
        desk.world.issue(200).id,
        &["accueil@bâtiment-été.example"],
        &["compta@œuvre.example"],
    );
    desk.post().await;
    let sent = desk.office.only_mail();
    sent.is_sound();
    let (from, to, cc) = (
        "contact@xn--lectricit-93aj.example",
        "accueil@xn--btiment-t-b2a8fb.example",
        "compta@xn--uvre-f4a.example",
    );
    let of = |header: &str| {
        let found = sent.read["addresses"][header].as_array().unwrap();
        assert_eq!(found.len(), 1);
        found[0]["address"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        (of("from"), of("to"), of("cc")),
        (from.to_owned(), to.to_owned(), cc.to_owned())
    );
    assert_eq!(sent.envelope["from"], json!(from));
    assert_eq!(texts(&sent.envelope["to"]), [to, cc]);
    assert!(sent.header("Message-ID").ends_with("@acquit.invalid>"));
}

#[tokio::test]
async fn an_accented_name_before_the_at_needs_a_server_that_takes_it() {
    let desk = desk(605).await;
    let accented = "hélène@client.example";
    let id = desk.world.issue(200).id;
    desk.queue_to(id, &["client@client.example", accented], &[]);
    desk.post().await;
    let sent = desk.office.only_mail();
    assert_eq!(sent.recipients(), ["client@client.example", accented]);
    // With SMTPUTF8 headers are UTF-8 (RFC 6532): the one message that is not ASCII.
    let raw = String::from_utf8(sent.raw.clone()).unwrap();
    assert!(
        raw.contains(&format!("To: client@client.example, {accented}\r\n")),
        "{raw}"
    );
    assert_eq!(sent.read["bare_newlines"], json!(0));

    // A server of fewer words.
    let desk = Desk::bare(606, PostOffice::start(Tls::None)).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut mailbox = desk.office.mailbox();
    mailbox.server.port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(plain_server(listener));
    desk.acquit().set_mailbox(mailbox).await.unwrap();
    let id = desk.world.issue(200).id;
    let refused = desk.queue_to(id, &["client@client.example", accented], &[]);
    let sent = desk.queue_to(id, &["client@client.example"], &[]);
    let report = desk.acquit().post_all().await.unwrap();
    assert_eq!(report.sent, [sent]);
    assert_eq!(report.errors[0].code, "mail_accented_address");
    let state = desk.state(refused);
    assert_eq!(state.code(), "refused");
    assert_eq!(state.trouble().unwrap().address.as_deref(), Some(accented));
    serving.abort();
    assert_eq!(ADDRESS, desk.acquit().mailbox().unwrap().unwrap().login);
}

/// A server that takes every message and offers nothing but a login.
async fn plain_server(listener: TcpListener) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 localhost ESMTP\r\n").await.unwrap();
        let (mut line, mut is_message) = (String::new(), false);
        while stream.read_line(&mut line).await.unwrap_or(0) > 0 {
            let answer: &[u8] = match line.trim_end() {
                "." => b"250 OK\r\n",
                _ if is_message => b"",
                said if said.starts_with("EHLO") => b"250-localhost\r\n250 AUTH PLAIN\r\n",
                said if said.starts_with("AUTH") => b"235 OK\r\n",
                "DATA" => b"354 Go on\r\n",
                _ => b"250 OK\r\n",
            };
            is_message = answer.starts_with(b"354") || (is_message && line != ".\r\n");
            line.clear();
            stream.write_all(answer).await.unwrap();
        }
    }
}
