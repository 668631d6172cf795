//! What one customer owes.

use acquit_domain::Cents;
use acquit_domain::customer::Customer;
use acquit_domain::id::CustomerId;
use acquit_domain::receipt::{Movements, standing};
use acquit_store::{CustomerRow, Error};
use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::numbers::place;
use crate::{NOW, customer, document, filled};

#[test]
fn what_one_customer_owes_is_listed_soonest_due_first() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let enlist = |counter: u32, due: Date, buyer: CustomerId, received: i64| {
        let mut document = document(counter);
        document.due_date = due;
        document.buyer.id = buyer;
        let movements = Movements {
            received: Cents::new(received),
            ..Movements::default()
        };
        let stands = standing(document.totals.net_due, movements);
        let written: Result<_, Error> =
            file.write(|writer| writer.insert_document(&document, place(counter), &stands, ""));
        written.unwrap();
        document.id
    };
    let owner = customer().id;
    let second = Customer {
        id: CustomerId::new(Uuid::from_u128(2)),
        code: "CL-0002".to_owned(),
        ..customer()
    };
    let row = CustomerRow {
        customer: second.clone(),
        auxiliary: "CSECOND".to_owned(),
    };
    let added: Result<_, Error> = file.write(|writer| writer.insert_customer(&row, NOW));
    added.unwrap();
    let late = enlist(2, date(2026, 11, 25), owner, 0);
    let partly = enlist(3, date(2026, 12, 1), owner, 4_000);
    enlist(4, date(2026, 11, 24), owner, 11_000);
    let theirs = enlist(5, date(2026, 11, 24), second.id, 0);
    let owed = |id| {
        let found: Result<_, Error> = file.read(|reader| reader.due_of_customer(id));
        found.unwrap()
    };
    // The document that the file began with is due at the end of thirty days.
    assert_eq!(owed(owner), [late, partly, document(1).id]);
    assert_eq!(owed(second.id), [theirs]);
}
