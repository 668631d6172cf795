//! A mail says what is true when it leaves: amount and link of that moment, not of the moment it was written.

use acquit_app::NewReceipt;
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::link::LinkState;
use acquit_domain::receipt::{PaymentMeans, Status};

use super::desk::{CUSTOMER, Desk, IBAN_SHOWN};
use super::letters::{text_of_pdf, url};
use super::office::{ADDRESS, Mail, PostOffice, Tls};

async fn receive(desk: &Desk, id: InvoiceId, cents: i64) {
    let cheque = NewReceipt {
        amount: Cents::new(cents),
        means: PaymentMeans::Cheque,
        date: None,
        overpayment: false,
    };
    desk.acquit().add_receipt(id, cheque).await.unwrap();
}

async fn desk(seed: u64, key: &str) -> Desk {
    Desk::connected(seed, PostOffice::start(Tls::Implicit), key).await
}

/// Sends the one mail that waits, and reads it.
async fn sent(desk: &Desk) -> Mail {
    desk.post().await;
    let mail = desk.office.only_mail();
    mail.is_sound();
    desk.office.empty();
    mail
}

/// No way to pay by card, but by transfer.
fn asks_for_a_transfer(mail: &Mail, amount: &str) {
    assert!(mail.links().is_empty(), "{:?}", mail.links());
    assert!(
        !mail.names("http") && !mail.text().contains("par carte"),
        "{}",
        mail.text()
    );
    assert!(mail.text().contains(amount), "{}", mail.text());
    let transfer = format!("Par virement : IBAN {IBAN_SHOWN}, en rappelant F-2026-00001.");
    assert!(mail.text().contains(&transfer), "{}", mail.text());
}

#[tokio::test]
async fn an_amount_that_changed_while_a_mail_waited_is_the_new_one_with_its_new_link() {
    let desk = desk(301, "sk_live_mails").await;
    let id = desk.world.issue(200).id;
    desk.acquit().sync().await.unwrap();
    let before = url(&desk, id);
    let mut new = desk.proposed(id);
    new.body.push_str("\n\nReste {net à payer} sur {montant}.");
    desk.acquit().queue_mail(new).unwrap();
    receive(&desk, id, 10_000).await;
    let mail = sent(&desk).await;
    let after = url(&desk, id);
    assert_ne!(before, after);
    assert!(mail.links().contains(&after.as_str()) && !mail.names(&before));
    let button = format!("Payer 120,00\u{a0}€ par carte\u{a0}: {after}");
    assert!(mail.text().contains(&button), "{}", mail.text());
    assert!(
        mail.text()
            .contains("Reste 120,00\u{a0}€ sur 220,00\u{a0}€."),
        "{}",
        mail.text()
    );
    let paper = text_of_pdf(&mail.attachment("Facture F-2026-00001.pdf"));
    assert!(paper.contains("120,00"), "{paper}");
    // The customer holds the link that can be paid.
    let link = desk.invoice(id).link.unwrap();
    assert_eq!(
        (link.state.code(), link.amount),
        ("open", Cents::new(12_000))
    );
    assert!(!desk.invoice(id).link_history.to_send_again);
}

#[tokio::test]
async fn an_invoice_settled_while_its_mail_waited_has_no_button() {
    let desk = desk(302, "sk_live_mails").await;
    let id = desk.world.issue(200).id;
    desk.acquit().sync().await.unwrap();
    let before = url(&desk, id);
    desk.queue(id);
    receive(&desk, id, 22_000).await;
    let mail = sent(&desk).await;
    assert_eq!(desk.invoice(id).standing.status, Status::Settled);
    assert!(mail.links().is_empty() && !mail.names(&before));
    let settled = "La facture F-2026-00001 est acquittée : vous n’avez plus rien à payer.";
    assert!(mail.text().contains(settled), "{}", mail.text());
}

#[tokio::test]
async fn an_invoice_cancelled_while_its_mail_waited_asks_for_nothing() {
    let desk = desk(303, "sk_live_mails").await;
    let id = desk.world.issue(200).id;
    desk.acquit().sync().await.unwrap();
    let before = url(&desk, id);
    let waiting = desk.queue(id);
    desk.acquit().cancel(id).await.unwrap();
    desk.post().await;
    assert_eq!((desk.code(waiting), desk.office.count()), ("withdrawn", 0));
    // What is written about it afterwards is meant, and says so.
    desk.queue(id);
    let mail = sent(&desk).await;
    assert!(mail.links().is_empty() && !mail.names(&before));
    assert!(mail.text().contains("est annulée"), "{}", mail.text());
}

#[tokio::test]
async fn a_test_link_leaves_to_the_company_alone() {
    let desk = desk(304, "sk_test_mails").await;
    let id = desk.world.issue(200).id;
    desk.acquit().sync().await.unwrap();
    let test = url(&desk, id);
    let name = "Facture F-2026-00001.pdf";
    for (to, cc) in [
        (vec![CUSTOMER], vec![]),
        (vec![ADDRESS, CUSTOMER], vec![]),
        (vec![ADDRESS], vec![CUSTOMER]),
    ] {
        desk.queue_to(id, &to, &cc);
        let mail = sent(&desk).await;
        asks_for_a_transfer(&mail, "220,00\u{a0}€");
        let pdf = mail.attachment(name);
        let paper = text_of_pdf(&pdf);
        assert!(!paper.contains("LIEN DE TEST"), "{to:?} {cc:?}: {paper}");
        assert!(!annotations(&pdf).contains(&test), "{to:?} {cc:?}");
    }
    assert!(desk.invoice(id).link.unwrap().state.hosted().is_some());
    for own in [ADDRESS, "bureau@ferrand.example"] {
        desk.queue_to(id, &[own], &[]);
        let mail = sent(&desk).await;
        assert!(mail.links().contains(&test.as_str()), "{own}");
        assert!(annotations(&mail.attachment(name)).contains(&test));
    }
    let elsewhere = desk
        .acquit()
        .mail_elsewhere(desk.proposed(id))
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    asks_for_a_transfer(
        &Mail::opened(folder.path(), &elsewhere.bytes),
        "220,00\u{a0}€",
    );
}

/// The PDF with its streams unpacked: links stand there in clear.
fn annotations(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("facture.pdf");
    std::fs::write(&path, pdf).unwrap();
    let unpacked = std::process::Command::new("qpdf")
        .args(["--qdf", "--object-streams=disable"])
        .arg(&path)
        .arg("-")
        .output()
        .unwrap();
    assert!(unpacked.status.success());
    String::from_utf8_lossy(&unpacked.stdout).into_owned()
}

#[tokio::test]
async fn without_payplug_a_mail_says_how_to_transfer() {
    let desk = Desk::new(305, PostOffice::start(Tls::Implicit)).await;
    let id = desk.world.issue(200).id;
    desk.queue(id);
    let mail = sent(&desk).await;
    asks_for_a_transfer(&mail, "220,00\u{a0}€");
}

#[tokio::test]
async fn a_dead_link_is_replaced_before_it_leaves() {
    let desk = desk(306, "sk_live_mails").await;
    let id = desk.world.issue(200).id;
    desk.acquit().sync().await.unwrap();
    // The first is replaced by itself; the second stays dead as long as nothing carries it.
    for _ in 0..2 {
        desk.world.payplug.leave(&desk.world.payment(id)).unwrap();
        desk.acquit().sync().await.unwrap();
    }
    let link = desk.invoice(id).link.unwrap();
    let LinkState::Dead(dead) = link.state else {
        panic!("{:?}", link.state);
    };
    desk.queue(id);
    let mail = sent(&desk).await;
    let page = url(&desk, id);
    assert!(page != dead.url && mail.links().contains(&page.as_str()) && !mail.names(&dead.url));
    assert_eq!(desk.invoice(id).link.unwrap().state.code(), "open");
    assert!(!desk.invoice(id).link_history.to_send_again);
}

#[tokio::test]
async fn a_mail_waits_for_its_link_and_leaves_without_it_after_an_hour() {
    let desk = desk(307, "sk_live_mails").await;
    desk.world.payplug.revoke_keys(true);
    let id = desk.world.issue(200).id;
    let mail = desk.queue(id);
    for _ in 0..3 {
        let report = desk.acquit().post().await.unwrap();
        assert!(
            report.sent.is_empty() && report.errors.is_empty(),
            "{report:?}"
        );
        assert_eq!(
            (desk.code(mail), desk.trouble(mail).as_str()),
            ("queued", "link_pending")
        );
        desk.advance(15);
    }
    desk.world.payplug.revoke_keys(false);
    assert!(sent(&desk).await.links().contains(&url(&desk, id).as_str()));
    // The next one waits in vain.
    desk.world.payplug.revoke_keys(true);
    let id = desk.world.issue(300).id;
    desk.queue(id);
    desk.post().await;
    desk.advance(3_599);
    desk.post().await;
    assert_eq!(desk.office.count(), 0);
    desk.advance(1);
    let mail = sent(&desk).await;
    assert!(
        mail.links().is_empty() && mail.text().contains(IBAN_SHOWN),
        "{}",
        mail.text()
    );
    // Once there is a link, the customer is to get it.
    desk.world.payplug.revoke_keys(false);
    desk.acquit().sync().await.unwrap();
    assert_eq!(desk.invoice(id).link.unwrap().state.code(), "open");
}

#[tokio::test]
async fn a_sync_sends_what_waits() {
    let desk = desk(308, "sk_live_mails").await;
    let mails = [200, 300].map(|euros| desk.queue(desk.world.issue(euros).id));
    let report = desk.acquit().sync().await.unwrap();
    assert_eq!((report.mails, report.mail_errors.len()), (2, 0));
    assert_eq!(mails.map(|mail| desk.code(mail)), ["sent"; 2]);
    // PayPlug out of reach keeps no mail back that needs nothing of it.
    let again = desk.queue(desk.world.acquit.mail(mails[0]).unwrap().mail.invoice);
    desk.world.payplug.revoke_keys(true);
    desk.acquit().sync().await.unwrap();
    assert_eq!((desk.code(again), desk.arrivals(again)), ("sent", 1));
}
