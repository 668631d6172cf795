//! The company file on a real disk: what opens, what is refused, what cannot be changed any more.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

mod account;
mod attached;
mod backups;
mod batches;
mod contacts;
mod kinds;
mod lists;
mod numbers;
mod owed;
mod settings;
mod turns;

use acquit_domain::Cents;
use acquit_domain::company::{Address, Company, FiscalYearEnd};
use acquit_domain::customer::{Customer, CustomerKind};
use acquit_domain::given_back::{Choice, Decision};
use acquit_domain::id::{
    ChargebackId, CustomerId, FileId, InvoiceId, LinkId, ReceiptId, RefundWishId,
};
use acquit_domain::invoice::{Content, Draft, Finalised, Item, Line, Nature, Operation, finalise};
use acquit_domain::link::{FileNature, Hosted, LinkOrigin, LinkState, Mode, PaymentLink};
use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
use acquit_domain::receipt::{
    Chargeback, ChargebackOutcome, Movements, PaymentMeans, PayplugSource, Receipt, Standing,
    Status, standing,
};
use acquit_domain::refund::{RefundWish, RefundWishState};
use acquit_domain::remote::PaymentId;
use acquit_domain::text::{Country, Siret};
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use acquit_store::{CompanyFile, CompanyRow, CustomerRow, Error, FILE_NAME, FormRow, ListFilter};
use jiff::Timestamp;
use jiff::civil::date;
use numbers::place;
use rusqlite::Connection;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn company() -> Company {
    Company {
        name: "Ferrand".to_owned(),
        siret: Siret::parse("81234567600017").unwrap(),
        address: address(),
        legal_form: None,
        vat_number: None,
        email: None,
        phone: None,
        website: None,
        iban: None,
        bic: None,
        vat_basis: VatBasis::OnReceipt,
        franchise: false,
        insurance: None,
        capital: None,
        register: None,
        payment_days: 30,
        fiscal_year_end: FiscalYearEnd::default(),
    }
}

fn address() -> Address {
    Address {
        line1: "1 rue du Port".to_owned(),
        line2: None,
        postcode: "37000".to_owned(),
        city: "Tours".to_owned(),
        country: Country::france(),
    }
}

fn customer() -> Customer {
    Customer {
        id: CustomerId::new(Uuid::from_u128(1)),
        code: "CL-0001".to_owned(),
        name: "Hélène Œillet".to_owned(),
        kind: CustomerKind::Private,
        address: address(),
        siren: None,
        vat_number: None,
        email: None,
        phone: None,
    }
}

fn draft(number: u128) -> Draft {
    let line = Line {
        progress: None,
        description: "Plomberie".to_owned(),
        quantity: Quantity::parse("1").unwrap(),
        unit: None,
        unit_price: UnitPrice::parse("100").unwrap(),
        discount: Percent::ZERO,
        vat: VatTreatment::Standard(StandardRate::Intermediate),
        nature: Nature::Works,
    };
    Draft {
        kind: acquit_domain::invoice::DraftKind::Invoice,
        id: InvoiceId::new(Uuid::from_u128(number)),
        customer: customer().id,
        issue_date: None,
        due_date: None,
        content: Content {
            earlier: Vec::new(),
            operation: Operation::Services,
            title: None,
            site_address: None,
            customer_reference: None,
            notes: None,
            items: vec![Item::Line(line)],
            discount: Percent::ZERO,
            deductions: Vec::new(),
        },
        created_at: NOW,
    }
}

fn document(counter: u32) -> Finalised {
    let number = format!("F-2026-{counter:05}").parse().unwrap();
    let draft = draft(u128::from(counter) + 1_000_000);
    finalise(
        draft,
        number,
        date(2026, 11, 23),
        company(),
        customer(),
        NOW,
    )
    .unwrap()
}

fn as_draft() -> Standing {
    Standing {
        status: Status::Draft,
        ..standing(Cents::new(11_000), Movements::default())
    }
}

fn filled(folder: &std::path::Path) -> CompanyFile {
    let file = CompanyFile::create(folder, NOW).unwrap();
    let company = CompanyRow {
        file_id: FileId::new(Uuid::nil()),
        nature: FileNature::Real,
        company: company(),
        logo: None,
    };
    file.write(|writer| {
        writer.insert_company(&company, NOW)?;
        let row = CustomerRow {
            customer: customer(),
            auxiliary: "CHELENE".to_owned(),
        };
        writer.insert_customer(&row, NOW)?;
        let document = document(1);
        let due = standing(document.totals.net_due, Movements::default());
        writer.insert_document(&document, place(1), &due, "F-2026-00001 Hélène Œillet")?;
        writer.append_audit("test", "made", b"body".to_vec(), NOW)
    })
    .unwrap();
    file
}

fn link(number: u128, state: LinkState) -> PaymentLink {
    PaymentLink {
        id: LinkId::new(Uuid::from_u128(number)),
        invoice: document(1).id,
        amount: Cents::new(11_000),
        state,
        wished_at: NOW,
        origin: LinkOrigin::Asked,
    }
}

fn card_receipt(number: u128) -> Receipt {
    Receipt {
        id: ReceiptId::new(Uuid::from_u128(number)),
        invoice: document(1).id,
        date: date(2026, 11, 23),
        amount: Cents::new(500),
        means: PaymentMeans::CardPayplug,
        payplug: Some(PayplugSource {
            payment: PaymentId::parse("pay_a").unwrap(),
            paid_at: NOW,
            card: None,
        }),
    }
}

fn hosted(payment: &str) -> Hosted {
    Hosted {
        payment: PaymentId::parse(payment).unwrap(),
        url: "https://secure.payplug.com/pay/x".to_owned(),
        mode: Mode::Live,
        created_at: NOW,
    }
}

#[test]
fn a_file_is_made_once_and_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("dossier");
    assert!(matches!(
        CompanyFile::open(&place, NOW),
        Err(Error::Missing(_))
    ));
    drop(CompanyFile::create(&place, NOW).unwrap());
    assert!(matches!(
        CompanyFile::create(&place, NOW),
        Err(Error::Exists(_))
    ));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&place), mode(&place.join(FILE_NAME))), (0o700, 0o600));
    }
    assert!(CompanyFile::open(&place, NOW).is_ok());
}

#[test]
fn damaged_and_newer_files_are_refused_and_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    std::fs::write(&path, vec![0x5a; 8_192]).unwrap();
    assert!(matches!(
        CompanyFile::open(folder.path(), NOW),
        Err(Error::Damaged(_))
    ));
    assert_eq!(std::fs::read(&path).unwrap(), vec![0x5a; 8_192]);

    let newer = tempfile::tempdir().unwrap();
    drop(filled(newer.path()));
    let raw = Connection::open(newer.path().join(FILE_NAME)).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    assert!(matches!(
        CompanyFile::open(newer.path(), NOW),
        Err(Error::TooNew { found: 99, .. })
    ));
}

#[test]
fn an_older_file_is_copied_before_its_form_changes_and_a_failed_step_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path()));
    let raw = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    // As if the leases had come later, in a file whose table is in the way.
    raw.execute("DELETE FROM migrations WHERE id LIKE '%leases'", [])
        .unwrap();
    assert!(CompanyFile::open(folder.path(), NOW).is_err());
    let recorded: u32 = raw
        .query_row(
            "SELECT COUNT(*) FROM migrations WHERE id LIKE '%leases'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(recorded, 0);
    raw.execute("DROP TABLE leases", []).unwrap();
    drop(raw);
    let file = CompanyFile::open(folder.path(), NOW).unwrap();
    let taken: Result<bool, Error> = file.write(|writer| writer.take_lease("x", "me", NOW, NOW));
    assert!(taken.unwrap());
    let copies = std::fs::read_dir(folder.path()).unwrap();
    let is_copy = |name: &str| name.starts_with("acquit-before-");
    assert!(
        copies
            .flatten()
            .any(|entry| entry.file_name().to_str().is_some_and(is_copy))
    );
}

#[test]
fn what_is_final_cannot_be_changed_even_with_other_tools() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let receipt = Receipt {
        id: ReceiptId::new(Uuid::from_u128(9)),
        invoice: document(1).id,
        date: date(2026, 11, 23),
        amount: Cents::new(500),
        means: PaymentMeans::Cheque,
        payplug: None,
    };
    let done: Result<(), Error> =
        file.write(|writer| writer.insert_receipt(&receipt, Cents::new(500), NOW));
    done.unwrap();
    let raw = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    for change in [
        "UPDATE documents SET net_due = 1",
        "DELETE FROM documents",
        "UPDATE receipts SET amount = 1",
        "DELETE FROM receipts",
        "UPDATE audit SET body = x'00'",
        "DELETE FROM audit",
        "UPDATE company SET nature = 'demonstration'",
    ] {
        let refused = raw.execute(change, []).unwrap_err().to_string();
        assert!(refused.contains("frozen"), "{change}: {refused}");
    }
}

#[test]
fn one_active_link_an_invoice_and_one_link_and_receipt_a_payment() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let requested = || LinkState::Requested { attempted_at: None };
    let insert =
        |link: PaymentLink| -> Result<(), Error> { file.write(|writer| writer.insert_link(&link)) };
    insert(link(1, requested())).unwrap();
    assert!(
        insert(link(2, requested()))
            .unwrap_err()
            .is_constraint("links.invoice_id")
    );
    let update = |link: PaymentLink| -> Result<(), Error> {
        file.write(|writer| writer.update_link(&link, NOW))
    };
    update(link(1, LinkState::Aborted(hosted("pay_a")))).unwrap();
    insert(link(2, requested())).unwrap();
    let twice = update(link(2, LinkState::Open(hosted("pay_a"))));
    assert!(twice.unwrap_err().is_constraint("links.payment"));

    let pay = |number| -> Result<(), Error> {
        file.write(|writer| writer.insert_receipt(&card_receipt(number), Cents::ZERO, NOW))
    };
    pay(1).unwrap();
    assert!(pay(2).unwrap_err().is_constraint("receipts.payment"));
}

#[test]
fn what_goes_back_is_recorded_once_and_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let (invoice, amount) = (document(1).id, Cents::new(500));
    let receipt = card_receipt(7);
    let wish = |number: u128| RefundWish {
        id: RefundWishId::new(Uuid::from_u128(number)),
        invoice,
        receipt: receipt.id,
        amount,
        state: RefundWishState::Requested,
        wished_at: NOW,
    };
    let chargeback = Chargeback {
        id: ChargebackId::new(Uuid::from_u128(8)),
        receipt: receipt.id,
        date: date(2026, 11, 24),
        amount,
    };
    let decision = Decision {
        choice: Choice::CollectAgain,
        amount,
        movements: vec![chargeback.id.to_string()],
        lost: Vec::new(),
    };
    let day = date(2026, 11, 25);
    let end = |outcome| -> Result<(), Error> {
        let id = chargeback.id;
        file.write(|writer| writer.insert_chargeback_outcome(id, outcome, day, NOW))
    };
    let filled: Result<(), Error> = file.write(|writer| {
        writer.insert_receipt(&receipt, amount, NOW)?;
        writer.insert_refund_wish(&wish(1))?;
        writer.insert_chargeback(&chargeback, NOW)?;
        writer.insert_decision(invoice, &decision, NOW)
    });
    filled.unwrap();
    end(ChargebackOutcome::Lost).unwrap();
    let again = end(ChargebackOutcome::Won).unwrap_err();
    assert!(again.is_constraint("chargeback_outcomes.chargeback_id"));
    let second: Result<(), Error> = file.write(|writer| writer.insert_refund_wish(&wish(2)));
    assert!(
        second
            .unwrap_err()
            .is_constraint("refund_wishes.invoice_id")
    );
    let ended = RefundWishState::Refused {
        code: "payplug_rejected".to_owned(),
    };
    let next: Result<(), Error> = file.write(|writer| {
        writer.set_refund_wish(wish(1).id, &ended, None, NOW)?;
        writer.insert_refund_wish(&wish(2))
    });
    next.unwrap();
    let wishes = file
        .read(|reader| reader.refund_wishes_of(invoice))
        .unwrap();
    assert_eq!((&wishes[0].wish.state, wishes.len()), (&ended, 2));
    let decided = file.read(|reader| reader.decisions_of(invoice));
    assert_eq!(decided.unwrap(), [(decision, NOW)]);
    let row = &file.read(|reader| reader.chargebacks_of(invoice)).unwrap()[0];
    assert_eq!(row.chargeback, chargeback);
    assert_eq!(row.outcome, Some((ChargebackOutcome::Lost, day)));

    let raw = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    for change in [
        "UPDATE chargebacks SET amount = 1",
        "DELETE FROM chargebacks",
        "DELETE FROM chargeback_outcomes",
        "UPDATE decisions SET amount = 1",
        "UPDATE refund_wishes SET amount = 1",
        "DELETE FROM refund_wishes",
    ] {
        let refused = raw.execute(change, []).unwrap_err().to_string();
        assert!(refused.contains("frozen"), "{change}: {refused}");
    }
}

#[test]
fn a_failed_change_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let failed: Result<(), Error> = file.write(|writer| {
        writer.append_audit("test", "half", Vec::new(), NOW)?;
        Err(Error::DiskFull)
    });
    assert!(failed.is_err());
    let head: Result<(u64, _), Error> = file.read(|reader| reader.audit_head());
    assert_eq!(head.unwrap().0, 1);
}

#[test]
fn a_form_is_kept_until_it_is_dropped_and_a_draft_can_change_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let form = |body: &str| FormRow {
        subject: "invoice:1".to_owned(),
        label: "Sans client".to_owned(),
        body: body.to_owned(),
        saved_at: NOW,
    };
    let told: Result<(), Error> = file.write(|writer| {
        writer.keep_form(&form("a"))?;
        writer.keep_form(&form("b"))?;
        assert_eq!(writer.forms_of("invoice:")?, [form("b")]);
        assert_eq!(writer.forms_of("customer:")?, []);
        assert!(writer.drop_form("invoice:1")?);
        assert!(!writer.drop_form("invoice:1")?);
        assert_eq!(writer.form("invoice:1")?, None);

        let mut changed = draft(7);
        writer.insert_draft(&changed, &as_draft(), "before")?;
        changed.content.title = Some("after".to_owned());
        writer.update_draft(&changed, &as_draft(), "after")?;
        assert_eq!(writer.draft(changed.id)?, Some(changed.clone()));
        let after = ListFilter {
            words: "after".to_owned(),
            limit: 9,
            ..ListFilter::default()
        };
        assert_eq!(writer.list(&after)?.len(), 1);
        assert!(writer.delete_draft(changed.id)?);
        assert!(!writer.delete_draft(changed.id)?);
        assert_eq!(writer.listed(changed.id)?, None);
        assert_eq!(writer.list(&after)?, []);
        Ok(())
    });
    told.unwrap();
}

#[test]
fn what_is_outstanding_is_summed_by_due_date() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let sums = |today| {
        let sums: Result<_, Error> = file.read(|reader| reader.outstanding(today));
        sums.unwrap()
    };
    let (before, after) = (sums(date(2026, 1, 1)), sums(date(2199, 1, 1)));
    assert_eq!((before.due_count, before.late_count), (1, 0));
    assert_eq!((before.late, before.oldest_due), (Cents::ZERO, None));
    assert_eq!((after.late, after.late_count), (before.due, 1));
    assert!(after.oldest_due.is_some());
}

#[test]
fn another_handle_that_writes_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let other = CompanyFile::open(folder.path(), NOW).unwrap();
    let before = file.foreign_version().unwrap();
    assert_eq!(file.foreign_version().unwrap(), before);
    let write = |file: &CompanyFile, name: &str| {
        let written: Result<(), Error> =
            file.write(|writer| writer.set_reconciler(name, NOW, None));
        written.unwrap();
    };
    write(&file, "mine");
    assert_eq!(file.foreign_version().unwrap(), before);
    write(&other, "theirs");
    assert_ne!(file.foreign_version().unwrap(), before);
}

#[test]
fn what_another_handle_made_searchable_is_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let other = CompanyFile::open(folder.path(), NOW).unwrap();
    let fault = |file: &CompanyFile| -> Option<String> {
        let found: Result<_, Error> = file.read(|reader| reader.integrity_fault());
        found.unwrap()
    };
    assert_eq!(fault(&file), None);
    let made: Result<_, Error> = other.write(|writer| {
        let document = document(2);
        let due = standing(document.totals.net_due, Movements::default());
        writer.insert_document(&document, place(2), &due, "F-2026-00002 Hélène Œillet")
    });
    made.unwrap();
    assert_eq!(fault(&file), None);
}
