//! Several people at a customer's: who of them gets a mail, and how it addresses them.

use acquit_app::{Error, Proposal};
use acquit_domain::Rule;
use acquit_domain::customer::{Civility, Contact};
use acquit_domain::text::Email;
use acquit_tests::customer;

use super::desk::{CUSTOMER, Desk, recipients};
use super::office::{PostOffice, Tls, email};

const MANAGER: &str = "c.petitjean@syndic.example";
const ACCOUNTS: &str = "compta@syndic.example";
const CARETAKER: &str = "gardien@syndic.example";

fn person(civility: Option<Civility>, name: Option<&str>, address: &str) -> Contact {
    Contact {
        civility,
        name: name.map(str::to_owned),
        role: None,
        email: Some(email(address)),
        phone: None,
        gets_mails: true,
    }
}

/// The manager and the accountant get mails, the caretaker does not.
fn people() -> Vec<Contact> {
    let accounts = Contact {
        role: Some("Comptabilité".to_owned()),
        ..person(Some(Civility::Both), None, ACCOUNTS)
    };
    let caretaker = Contact {
        gets_mails: false,
        ..person(Some(Civility::Mr), Some("Aubry"), CARETAKER)
    };
    vec![
        person(Some(Civility::Mrs), Some("Petitjean"), MANAGER),
        accounts,
        caretaker,
    ]
}

fn set(desk: &Desk, contacts: Vec<Contact>) -> Result<(), Error> {
    let mut changed = customer("Hélène Marchand");
    changed.contacts = contacts;
    desk.acquit().update_customer("CL-0001", changed).map(drop)
}

fn greeting(desk: &Desk, new: &acquit_app::NewMail) -> String {
    let shown = desk.acquit().preview_mail(new).unwrap();
    match shown.blocks.into_iter().next() {
        Some(acquit_app::ShownBlock::Paragraph(text)) => text,
        other => panic!("{other:?}"),
    }
}

fn emails(list: &[&str]) -> Vec<Email> {
    list.iter().map(|text| email(text)).collect()
}

#[tokio::test]
async fn a_mail_goes_to_the_contacts_who_get_mails_and_greets_the_first() {
    let desk = Desk::new(801, PostOffice::start(Tls::Implicit)).await;
    let id = desk.world.issue(200).id;
    assert_eq!(desk.proposed(id).recipients, recipients(&[CUSTOMER], &[]));
    set(&desk, people()).unwrap();
    assert_eq!(desk.acquit().contacts("CL-0001").unwrap(), people());
    let composed = desk.acquit().compose(id).unwrap();
    assert_eq!(
        composed.mail.recipients,
        recipients(&[MANAGER, ACCOUNTS], &[])
    );
    let whose = |proposal: &Proposal| {
        let contact = proposal.contact.clone().unwrap_or_default();
        (proposal.email.clone(), contact.name, contact.role)
    };
    let proposed: Vec<_> = composed.proposals.iter().map(whose).collect();
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(
        proposed,
        [
            (email(MANAGER), said("Petitjean"), None),
            (email(ACCOUNTS), None, said("Comptabilité")),
            (email(CARETAKER), said("Aubry"), None),
            (email(CUSTOMER), None, None),
        ]
    );
    desk.acquit().queue_mail(composed.mail).unwrap();
    desk.post().await;
    let sent = desk.office.only_mail();
    sent.is_sound();
    assert_eq!(sent.header("To"), format!("{MANAGER}, {ACCOUNTS}"));
    assert_eq!(sent.recipients(), [MANAGER, ACCOUNTS]);
    assert!(
        sent.text().contains("Bonjour Madame Petitjean,"),
        "{}",
        sent.text()
    );
    // What was used before is proposed once, however it was typed.
    desk.office.empty();
    desk.queue_to(
        id,
        &["C.Petitjean@Syndic.example", "autre@syndic.example"],
        &[],
    );
    let proposals = desk.acquit().compose(id).unwrap().proposals;
    let addresses: Vec<Email> = proposals.into_iter().map(|one| one.email).collect();
    let once = [
        MANAGER,
        ACCOUNTS,
        CARETAKER,
        CUSTOMER,
        "autre@syndic.example",
    ];
    assert_eq!(addresses, emails(&once));
}

#[tokio::test]
async fn civility_and_name_are_those_of_the_first_recipient() {
    let desk = Desk::new(802, PostOffice::start(Tls::Implicit)).await;
    let id = desk.world.issue(200).id;
    let plain = person(None, Some("Morel"), "morel@syndic.example");
    let mut all = people();
    all.push(plain);
    set(&desk, all).unwrap();
    let mut new = desk.proposed(id);
    for (to, said) in [
        (vec![MANAGER, ACCOUNTS], "Bonjour Madame Petitjean,"),
        (vec![CARETAKER, MANAGER], "Bonjour Monsieur Aubry,"),
        (
            vec!["C.PETITJEAN@syndic.example"],
            "Bonjour Madame Petitjean,",
        ),
        // A contact without a name has the customer's; one without a civility has none.
        (vec![ACCOUNTS], "Bonjour Madame, Monsieur Hélène Marchand,"),
        (vec!["morel@syndic.example"], "Bonjour Morel,"),
        // Whoever is no contact is greeted as before there were any.
        (vec![CUSTOMER, MANAGER], "Bonjour Hélène Marchand,"),
        (vec!["autre@ailleurs.example"], "Bonjour Hélène Marchand,"),
        (vec![], "Bonjour Hélène Marchand,"),
    ] {
        new.recipients = recipients(&to, &[]);
        assert_eq!(greeting(&desk, &new), said, "{to:?}");
    }
    new.recipients = recipients(&[MANAGER], &[]);
    new.subject = "Pour {civilité} {nom} : {numéro}".to_owned();
    let shown = desk.acquit().preview_mail(&new).unwrap();
    assert_eq!(shown.subject, "Pour Madame Petitjean : F-2026-00001");
    // The paper names the customer, whoever is written to.
    let view = desk.invoice(id);
    let acquit_app::Document::Finalised(document) = view.document else {
        panic!("{view:?}");
    };
    assert_eq!(document.buyer.name, "Hélène Marchand");
}

#[tokio::test]
async fn without_a_contact_who_gets_mails_the_customer_gets_them() {
    let desk = Desk::new(803, PostOffice::start(Tls::Implicit)).await;
    let id = desk.world.issue(200).id;
    let nobody = people().into_iter().map(|contact| Contact {
        gets_mails: false,
        ..contact
    });
    set(&desk, nobody.collect()).unwrap();
    assert_eq!(desk.proposed(id).recipients, recipients(&[CUSTOMER], &[]));
    set(&desk, Vec::new()).unwrap();
    assert_eq!(desk.acquit().contacts("CL-0001").unwrap(), []);
    assert_eq!(desk.proposed(id).recipients, recipients(&[CUSTOMER], &[]));
}

#[tokio::test]
async fn broken_contacts_change_nothing_of_their_customer() {
    let desk = Desk::new(804, PostOffice::start(Tls::Implicit)).await;
    set(&desk, people()).unwrap();
    let mut twice = people();
    twice.push(person(None, None, MANAGER));
    let mut changed = customer("Quelqu’un d’autre");
    changed.contacts = twice.clone();
    let refused = desk.acquit().update_customer("CL-0001", changed);
    match refused {
        Err(Error::Broken(broken)) => {
            assert_eq!(broken.field, "contacts[3].email");
            assert_eq!(broken.rule, Rule::EmailOfAnother);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(desk.acquit().contacts("CL-0001").unwrap(), people());
    let kept = desk.acquit().customer("CL-0001").unwrap();
    assert_ne!(kept.name, "Quelqu’un d’autre");
    let mut new = customer("Syndic du Quai");
    new.contacts = twice;
    assert!(desk.acquit().add_customer(new.clone()).is_err());
    assert_eq!(desk.acquit().customers().unwrap().len(), 1);
    // The same people can be known at two customers.
    new.contacts = people();
    let code = desk.acquit().add_customer(new).unwrap().code;
    assert_eq!(desk.acquit().contacts(&code).unwrap(), people());
}

#[tokio::test]
async fn whoever_gets_the_mails_of_a_customer_is_thanked() {
    let desk = Desk::connected(805, PostOffice::start(Tls::Implicit), "sk_live_mails").await;
    set(&desk, people()).unwrap();
    let texts = desk.acquit().mail_texts().unwrap();
    let settled = texts
        .iter()
        .find(|text| text.role.as_deref() == Some("settled"));
    desk.acquit()
        .set_thanks_text(settled.map(|text| text.id))
        .unwrap();
    let id = desk.world.issue(200).id;
    desk.acquit().sync().await.unwrap();
    let payment = desk.world.payment(id);
    desk.world
        .payplug
        .pay(&payment, "4242424242424242")
        .unwrap();
    desk.acquit().sync().await.unwrap();
    let mails = desk.acquit().mails_of(id).unwrap();
    let [thanks] = mails.as_slice() else {
        panic!("{mails:?}");
    };
    assert_eq!(
        thanks.mail.recipients,
        recipients(&[MANAGER, ACCOUNTS], &[])
    );
    desk.post().await;
    let sent = desk.office.only_mail();
    assert!(
        sent.text().contains("Bonjour Madame Petitjean,"),
        "{}",
        sent.text()
    );
}
