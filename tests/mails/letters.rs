//! What a customer gets: both renditions, the link, the PDF and what goes with it, in a message that any server takes.

use std::fs;
use std::process::Command;

use acquit_app::{NewCompany, Recipients};
use acquit_domain::text::Email;
use acquit_domain::vat::StandardRate;
use acquit_mail::{Attachment, Message};
use acquit_tests::{company, customer, invoice};
use jiff::Timestamp;
use serde_json::json;

use super::desk::{CUSTOMER, Desk, recipients};
use super::office::{ADDRESS, Mail, PostOffice, Tls, email};

/// The text of a PDF, as a customer's reader shows it.
pub(crate) fn text_of_pdf(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("facture.pdf");
    fs::write(&path, pdf).unwrap();
    let output = Command::new("pdftotext")
        .arg(&path)
        .arg("-")
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The address of an invoice's open link.
pub(crate) fn url(desk: &Desk, id: acquit_domain::id::InvoiceId) -> String {
    let link = desk.invoice(id).link.unwrap();
    link.state.hosted().unwrap().url.clone()
}

#[tokio::test]
async fn an_invoice_arrives_whole_with_its_link_and_its_pdf() {
    let desk = Desk::connected(101, PostOffice::start(Tls::Implicit), "sk_live_mails").await;
    let id = desk.world.issue(200).id;
    let mut new = desk.proposed(id);
    new.subject = "Facture {numéro}, {objet}".to_owned();
    new.recipients = recipients(
        &[CUSTOMER, "associe@client.example"],
        &["comptable@cabinet.example"],
    );
    let mail = desk.acquit().queue_mail(new).unwrap();
    // The link was only wished for: it is made for the mail.
    let report = desk.post().await;
    assert_eq!((report.sent, desk.code(mail)), (vec![mail], "sent"));
    let sent = desk.office.only_mail();
    sent.is_sound();
    assert_eq!(
        sent.header("From"),
        format!("Ferrand Plomberie Chauffage <{ADDRESS}>")
    );
    assert_eq!(
        sent.header("To"),
        format!("{CUSTOMER}, associe@client.example")
    );
    assert_eq!(sent.header("Cc"), "comptable@cabinet.example");
    assert_eq!(sent.header("Bcc"), "");
    assert_eq!(
        sent.header("Subject"),
        "Facture F-2026-00001, Rénovation de la salle de bain"
    );
    assert_eq!(
        sent.header("Message-ID"),
        format!("<{}>", Desk::message_id(mail))
    );
    assert_eq!(sent.header("Date"), "Mon, 23 Nov 2026 09:00:00 +0000");
    assert_eq!(sent.header("X-Unsent"), "");
    let everybody = [
        CUSTOMER,
        "associe@client.example",
        "comptable@cabinet.example",
    ];
    assert_eq!(sent.recipients(), everybody);
    assert_eq!(sent.envelope["from"], json!(ADDRESS));
    // A file beside a simulator says so first.
    assert!(sent.text().starts_with("*** ESSAI"));
    // Both renditions lead to the page that PayPlug has open.
    let page = url(&desk, id);
    assert!(
        sent.text().contains(&page) && sent.links().contains(&page.as_str()),
        "{page}"
    );
    for words in [
        "Bonjour Hélène Marchand,",
        "220,00\u{a0}€",
        "Ferrand Plomberie Chauffage",
    ] {
        assert!(sent.text().contains(words), "{words} in {}", sent.text());
    }
    assert_eq!(
        sent.read["structure"],
        json!([
            "multipart/mixed",
            ["multipart/alternative", "text/plain", "text/html"],
            "application/pdf"
        ])
    );
    let name = "Facture F-2026-00001.pdf";
    assert_eq!(sent.attached(), [[name, "application/pdf", "attachment"]]);
    let pdf = sent.attachment(name);
    assert!(pdf.starts_with(b"%PDF"));
    assert!(text_of_pdf(&pdf).contains("F-2026-00001"));
    // What left is kept, byte for byte.
    let left = desk.acquit().renditions_of(id).unwrap();
    let [left] = left.as_slice() else {
        panic!("{left:?}");
    };
    assert_eq!(left.way, acquit_app::Way::Mail);
    assert_eq!(desk.acquit().rendition(&left.sha256).unwrap(), pdf);
    // The link has left, and what the customer saw is kept.
    assert!(!desk.invoice(id).link_history.to_send_again);
    let kept = desk.acquit().mail(mail).unwrap();
    let shown = kept.shown.unwrap();
    assert_eq!(
        (shown.subject.as_str(), kept.number.to_string().as_str()),
        (sent.header("Subject"), "F-2026-00001")
    );
    assert_eq!(shown.attached, [(name.to_owned(), pdf.len() as u64)]);
}

#[tokio::test]
async fn a_copy_to_oneself_is_in_the_envelope_alone() {
    let desk = Desk::new(102, PostOffice::start(Tls::Explicit)).await;
    let mut new = desk.proposed(desk.world.issue(200).id);
    new.recipients = Recipients {
        copy_to_self: true,
        ..recipients(&[CUSTOMER], &["compta@ferrand.example"])
    };
    desk.acquit().queue_mail(new).unwrap();
    desk.post().await;
    let sent = desk.office.only_mail();
    sent.is_sound();
    assert_eq!(
        sent.recipients(),
        [CUSTOMER, "compta@ferrand.example", ADDRESS]
    );
    let raw = String::from_utf8_lossy(&sent.raw).into_owned();
    // Sender alone: no header names the copy.
    assert_eq!((sent.header("To"), sent.header("Bcc")), (CUSTOMER, ""));
    let (headers, _) = raw.split_once("\r\n\r\n").unwrap();
    assert_eq!(
        headers.matches(&format!("<{ADDRESS}>")).count(),
        1,
        "{headers}"
    );
    // Whoever is written to anyway gets it once.
    desk.office.empty();
    let mut new = desk.proposed(desk.world.issue(300).id);
    new.recipients = Recipients {
        copy_to_self: true,
        ..recipients(&[ADDRESS, CUSTOMER], &[CUSTOMER])
    };
    desk.acquit().queue_mail(new).unwrap();
    desk.post().await;
    assert_eq!(desk.office.only_mail().recipients(), [ADDRESS, CUSTOMER]);
}

#[tokio::test]
async fn accents_emoji_and_long_words_arrive_as_they_were_written() {
    let desk = Desk::bare(103, PostOffice::start(Tls::Implicit)).await;
    let mut mailbox = desk.office.mailbox();
    "Ferrand & Fils, “Plomberie–Chauffage” 🛠\u{fe0f} Île-de-France".clone_into(&mut mailbox.name);
    let name = mailbox.name.clone();
    desk.acquit().set_mailbox(mailbox).await.unwrap();
    desk.office.only_mail().is_sound();
    desk.office.empty();
    let customer = desk
        .acquit()
        .add_customer(customer("Société Œuvre & Cie, “Les Ébénistes” 🪚"));
    let code = customer.unwrap().code;
    let mut draft = invoice(&[("200", StandardRate::Intermediate)]);
    draft.customer = code;
    draft.content.title = Some("Réfection – 3ᵉ étage, côté cour 🚿".to_owned());
    let id = desk.acquit().add_invoice(draft).unwrap().id;
    desk.acquit().finalise(id).unwrap();
    let long_word = "é".repeat(2_000);
    let long_line = "À l’été, l’œuvre ".repeat(200);
    let mut new = desk.proposed(id);
    new.subject = "Facture {numéro} {objet} 🎉 à régler — {nom}".to_owned();
    new.body = format!(
        "Bonjour {{nom}},\n\n{long_word}\n\n{long_line}\n\n.\n..\n.fin <b>&amp;</b>\n\n{{lien de paiement}}"
    );
    desk.acquit().queue_mail(new).unwrap();
    desk.post().await;
    let sent = desk.office.only_mail();
    sent.is_sound();
    assert_eq!(
        sent.header("Subject"),
        "Facture F-2026-00001 Réfection – 3ᵉ étage, côté cour 🚿 🎉 à régler — Société Œuvre & Cie, “Les Ébénistes” 🪚"
    );
    assert_eq!(sent.sender(), format!("{name} <{ADDRESS}>"));
    let words = [
        "Bonjour Société Œuvre & Cie, “Les Ébénistes” 🪚,",
        &long_word,
        long_line.trim_end(),
        ".\n..\n.fin <b>&amp;</b>",
    ];
    for said in words {
        assert!(sent.text().contains(said), "{said} in {}", sent.text());
    }
    let html = sent.read["html"].as_str().unwrap();
    assert!(html.contains("&lt;b&gt;&amp;amp;&lt;/b&gt;") && html.contains("🪚"));
    assert!(html.replace("<wbr\n>", "").contains(&long_word));
}

#[tokio::test]
async fn general_conditions_and_other_files_go_along_unchanged() {
    let desk = Desk::new(104, PostOffice::start(Tls::Implicit)).await;
    let conditions =
        "Conditions générales de vente – édition d’été 2026 (façade, isolation, plomberie).pdf";
    let every_byte: Vec<u8> = (0..=255).cycle().take(5_000).collect();
    // Unix and old Mac line ends, a long line, a lone dot, and nothing but ASCII: no server may touch them.
    let notice = b"Notice\n.\n..\rfin\r\n\nFrom ici".to_vec();
    let files: [(&str, &str, &[u8], bool); 4] = [
        (conditions, "application/pdf", &every_byte, true),
        ("notice.txt", "text/plain", &notice, true),
        (
            "Plan d'accès \"chantier\"; v2.PNG",
            "image/png",
            b"\x89PNG",
            true,
        ),
        ("sans-fin", "application/octet-stream", b"x", false),
    ];
    for (name, _, bytes, is_always) in files {
        desk.acquit().add_mail_file(name, bytes, is_always).unwrap();
    }
    let id = desk.world.issue(200).id;
    let mut new = desk.proposed(id);
    assert_eq!(
        new.files.len(),
        3,
        "what goes with every invoice is proposed"
    );
    let library = desk.acquit().mail_files().unwrap();
    new.files = files
        .map(|(name, ..)| library.iter().find(|row| row.name == name).unwrap().id)
        .to_vec();
    let mail = desk.acquit().queue_mail(new.clone()).unwrap();
    // Taken off the library, it still goes with the mail that was written.
    desk.acquit().remove_mail_file(new.files[0]).unwrap();
    assert_eq!(desk.acquit().mail_files().unwrap().len(), 3);
    desk.post().await;
    assert_eq!(desk.code(mail), "sent");
    let sent = desk.office.only_mail();
    sent.is_sound();
    let mut attached = sent.attached();
    assert_eq!(attached.remove(0)[0], "Facture F-2026-00001.pdf");
    attached.sort_unstable();
    let mut expected = files.map(|(name, kind, ..)| [name, kind, "attachment"]);
    expected.sort_unstable();
    assert_eq!(attached, expected);
    for (name, _, bytes, _) in files {
        assert_eq!(sent.attachment(name), bytes, "{name}");
    }
}

#[tokio::test]
async fn a_logo_is_inside_the_message() {
    let desk = Desk::new(105, PostOffice::start(Tls::Implicit)).await;
    let logo = concat!(env!("CARGO_MANIFEST_DIR"), "/../icons/32x32.png");
    let changed = NewCompany {
        company: company(),
        logo_path: Some(logo.into()),
    };
    desk.acquit().update_company(changed).unwrap();
    desk.queue(desk.world.issue(200).id);
    desk.post().await;
    let sent = desk.office.only_mail();
    sent.is_sound();
    let words = json!([
        "multipart/alternative",
        "text/plain",
        ["multipart/related", "text/html", "image/png"]
    ]);
    assert_eq!(
        sent.read["structure"],
        json!(["multipart/mixed", words, "application/pdf"])
    );
    let html = sent.read["html"].as_str().unwrap();
    assert!(
        html.contains("src=\"cid:logo@acquit\"") && !html.contains("http"),
        "{html}"
    );
    assert!(String::from_utf8_lossy(&sent.raw).contains("Content-ID: <logo@acquit>\r\n"));
}

#[tokio::test]
async fn a_credit_note_asks_for_nothing() {
    let desk = Desk::connected(106, PostOffice::start(Tls::Implicit), "sk_live_mails").await;
    let id = desk.world.issue(200).id;
    desk.acquit().sync().await.unwrap();
    let credit = desk.acquit().cancel(id).await.unwrap();
    let mail = desk.queue(credit.id);
    desk.post().await;
    assert_eq!(desk.code(mail), "sent");
    let sent = desk.office.only_mail();
    sent.is_sound();
    assert!(sent.header("Subject").contains("A-2026-00001"));
    assert_eq!(sent.attached()[0][0], "Avoir A-2026-00001.pdf");
    assert!(
        sent.links().is_empty() && !sent.text().contains("Payer"),
        "{}",
        sent.text()
    );
}

#[tokio::test]
async fn a_message_for_ones_own_program_is_the_same_and_not_sent() {
    let desk = Desk::connected(107, PostOffice::start(Tls::Implicit), "sk_live_mails").await;
    let id = desk.world.issue(200).id;
    let prepared = desk
        .acquit()
        .mail_elsewhere(desk.proposed(id))
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let opened = Mail::opened(folder.path(), &prepared.bytes);
    opened.is_sound();
    assert_eq!(
        (opened.header("X-Unsent"), opened.header("To")),
        ("1", CUSTOMER)
    );
    assert!(opened.links().contains(&url(&desk, id).as_str()));
    // Nothing is recorded before a program has opened it.
    assert_eq!(desk.acquit().mails_of(id).unwrap().len(), 0);
    desk.acquit().opened_elsewhere(prepared).unwrap();
    let mails = desk.acquit().mails_of(id).unwrap();
    assert_eq!((mails.len(), mails[0].mail.state.code()), (1, "elsewhere"));
    desk.post().await;
    assert_eq!(desk.office.count(), 0);
}

/// A message of few words.
fn typed(from: &Email) -> Message<'_> {
    Message {
        id: "0@ferrand.example",
        at: Timestamp::UNIX_EPOCH,
        from: ("Ferrand", from),
        to: &[],
        cc: &[],
        subject: "Facture",
        text: "Bonjour",
        html: "<p>Bonjour</p>",
        logo: None,
        attachments: &[],
        is_unsent: false,
    }
}

/// A message that holds what somebody typed wherever it may stand, read back.
fn read_back(typed_text: &str) -> Mail {
    let (from, to) = (email(ADDRESS), email(CUSTOMER));
    let attachments = [Attachment {
        name: typed_text.to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: b"%PDF".to_vec(),
    }];
    let message = Message {
        from: (typed_text, &from),
        to: &[to],
        subject: typed_text,
        attachments: &attachments,
        ..typed(&from)
    };
    let folder = tempfile::tempdir().unwrap();
    Mail::opened(folder.path(), &message.bytes().unwrap())
}

#[test]
fn nothing_that_is_typed_can_begin_a_header() {
    for hostile in [
        "Ferrand\r\nBcc: voleur@ailleurs.example",
        "Ferrand\nBcc: voleur@ailleurs.example\n\n<p>Payez ici</p>",
        "Ferrand\rBcc: voleur@ailleurs.example",
        "\" <voleur@ailleurs.example>, \"",
        "voleur@ailleurs.example, Ferrand",
        "=?utf-8?q?=0D=0ABcc:_voleur@ailleurs.example?=",
        "Ferrand\\\" <voleur@ailleurs.example>",
        "a\u{2028}Bcc: voleur@ailleurs.example",
        "\0Bcc: voleur@ailleurs.example",
        " \t ",
        "",
    ] {
        let read = read_back(hostile);
        let of_one = |header: &str| -> Vec<String> {
            let found = read.read["addresses"][header].as_array().unwrap().iter();
            found
                .map(|one| one["address"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(of_one("from"), [ADDRESS], "{hostile:?}");
        assert_eq!(of_one("to"), [CUSTOMER], "{hostile:?}");
        assert_eq!(
            (read.header("Bcc"), read.header("Cc")),
            ("", ""),
            "{hostile:?}"
        );
        assert_eq!(read.read["bare_newlines"], json!(0), "{hostile:?}");
        assert_eq!(read.read["is_ascii_headers"], json!(true), "{hostile:?}");
        assert_eq!(read.text(), "Bonjour", "{hostile:?}");
        let raw = String::from_utf8_lossy(&read.raw).into_owned();
        let (headers, _) = raw.split_once("\r\n\r\n").unwrap();
        assert!(
            headers.split("\r\n").all(|line| !line.starts_with("Bcc")),
            "{hostile:?}"
        );
        assert!(raw.lines().all(|line| line.len() <= 998), "{hostile:?}");
    }
}

#[test]
fn an_address_is_one_address_or_none() {
    let mut written = 0;
    for hostile in [
        "a,b@client.example",
        "a>b@client.example",
        "<a@client.example>",
        "a@client.example>,<voleur@ailleurs.example",
        "\"a b\"@client.example",
        "\"a\\\"@client.example",
        "a(b)@client.example",
        "a;b@client.example",
        "a:b@client.example;",
        "a@b@client.example",
        "a@client.example\r\nBcc:voleur@ailleurs.example",
        "a@client.example%0d%0aBcc:b",
        "a@[127.0.0.1]",
        "=?utf-8?q?a?=@client.example",
        "a%voleur@client.example",
        "a!voleur@client.example",
        "a+b.c-d_e@client.example",
        "o'brien@client.example",
    ] {
        let Ok(address) = Email::parse(hostile) else {
            continue;
        };
        let from = email(ADDRESS);
        let message = Message {
            to: std::slice::from_ref(&address),
            ..typed(&from)
        };
        let Ok(bytes) = message.bytes() else {
            continue;
        };
        written += 1;
        let folder = tempfile::tempdir().unwrap();
        let read = Mail::opened(folder.path(), &bytes);
        let found = read.read["addresses"]["to"].as_array().unwrap();
        assert_eq!(found.len(), 1, "{hostile}");
        let raw = String::from_utf8(read.raw.clone()).unwrap();
        assert!(raw.contains(&format!("\r\nTo: {address}\r\n")), "{raw}");
        assert_eq!(read.header("Bcc"), "", "{hostile}");
        assert_eq!(read.read["bare_newlines"], json!(0), "{hostile}");
    }
    assert!(written > 1);
}
