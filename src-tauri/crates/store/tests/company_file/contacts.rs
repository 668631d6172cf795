//! Contacts of a customer: kept in their order, replaced as a whole, gone with their customer.

use acquit_domain::customer::{Civility, Contact, Customer};
use acquit_domain::id::CustomerId;
use acquit_domain::text::Email;
use acquit_store::{CompanyFile, CustomerRow, Error, FILE_NAME};
use rusqlite::Connection;
use uuid::Uuid;

use crate::{NOW, customer, filled};

fn person(name: &str, email: Option<&str>) -> Contact {
    Contact {
        civility: Some(Civility::Mrs),
        name: Some(name.to_owned()),
        role: Some("Comptabilité".to_owned()),
        email: email.map(|text| Email::parse(text).unwrap()),
        phone: None,
        gets_mails: email.is_some(),
    }
}

fn keep(file: &CompanyFile, customer: CustomerId, contacts: &[Contact]) -> Result<(), Error> {
    file.write(|writer| writer.set_contacts(customer, contacts))
}

fn kept(file: &CompanyFile, customer: CustomerId) -> Vec<Contact> {
    let kept: Result<Vec<Contact>, Error> = file.read(|reader| reader.contacts_of(customer));
    kept.unwrap()
}

#[test]
fn contacts_keep_their_order_and_are_replaced_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let id = customer().id;
    assert_eq!(kept(&file, id), []);
    let reached = Contact {
        email: Some(Email::parse("syndic@client.example").unwrap()),
        phone: Some("02 47 00 00 00".to_owned()),
        ..Contact::default()
    };
    let first = [
        person("Petitjean", Some("c.petitjean@client.example")),
        person("Morel", None),
        reached,
        person("Aubry", None),
    ];
    keep(&file, id, &first).unwrap();
    drop(file);
    let file = CompanyFile::open(folder.path(), NOW).unwrap();
    assert_eq!(kept(&file, id), first);
    let [petitjean, morel, ..] = first;
    let then = [morel, petitjean];
    keep(&file, id, &then).unwrap();
    assert_eq!(kept(&file, id), then);
    keep(&file, id, &[]).unwrap();
    assert_eq!(kept(&file, id), []);
}

#[test]
fn contacts_that_are_refused_leave_the_ones_before() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let id = customer().id;
    let before = [person("Petitjean", Some("c.petitjean@client.example"))];
    keep(&file, id, &before).unwrap();
    let twice = [
        person("Morel", Some("compta@client.example")),
        person("Aubry", Some("Compta@Client.example")),
    ];
    let refused = keep(&file, id, &twice).unwrap_err();
    let constraint = "contacts.customer_id, contacts.email";
    assert!(refused.is_constraint(constraint), "{refused:?}");
    assert!(keep(&file, id, &[Contact::default()]).is_err());
    let unreachable = Contact {
        gets_mails: true,
        ..person("Morel", None)
    };
    assert!(keep(&file, id, &[unreachable]).is_err());
    assert_eq!(kept(&file, id), before);
    // The same address at another customer is another matter.
    let other = Customer {
        id: CustomerId::new(Uuid::from_u128(2)),
        code: "CL-0002".to_owned(),
        ..customer()
    };
    let row = CustomerRow {
        customer: other.clone(),
        auxiliary: "CHELENE2".to_owned(),
    };
    let done: Result<(), Error> = file.write(|writer| {
        writer.insert_customer(&row, NOW)?;
        writer.set_contacts(other.id, &before)
    });
    done.unwrap();
    assert_eq!(kept(&file, other.id), before);
    assert!(keep(&file, CustomerId::new(Uuid::from_u128(3)), &before).is_err());
    // Contacts go with their customer, and no others.
    let raw = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    raw.pragma_update(None, "foreign_keys", "ON").unwrap();
    raw.execute("DELETE FROM customers WHERE code = 'CL-0002'", [])
        .unwrap();
    assert_eq!(kept(&file, other.id), []);
    assert_eq!(kept(&file, id), before);
}

#[test]
fn a_file_from_before_contacts_gets_their_table() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path()));
    let raw = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    raw.execute("DELETE FROM migrations WHERE id LIKE '%contacts'", [])
        .unwrap();
    raw.execute("DROP TABLE contacts", []).unwrap();
    drop(raw);
    let file = CompanyFile::open(folder.path(), NOW).unwrap();
    let contacts = [person("Petitjean", None)];
    keep(&file, customer().id, &contacts).unwrap();
    assert_eq!(kept(&file, customer().id), contacts);
}
