//! What somebody must look at stays until somebody has, and comes back only when something is new.
#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

use acquit_domain::Cents;
use acquit_domain::link::Mode;
use acquit_domain::remote::PaymentId;
use acquit_store::{AnomalyRow, CompanyFile, Error, Stranger};
use jiff::Timestamp;

const NOW: Timestamp = Timestamp::constant(1_795_424_400, 0);
const LATER: Timestamp = Timestamp::constant(1_795_510_800, 0);

fn file() -> (tempfile::TempDir, CompanyFile) {
    let folder = tempfile::tempdir().unwrap();
    let file = CompanyFile::create(folder.path(), NOW).unwrap();
    (folder, file)
}

fn stranger(is_paid: bool) -> Stranger {
    Stranger {
        payment: PaymentId::parse("pay_elsewhere").unwrap(),
        mode: Mode::Live,
        amount: Cents::new(4_200),
        is_paid,
        created_at: NOW,
        paid_at: is_paid.then_some(LATER),
        description: Some("Acompte".to_owned()),
        seen_at: NOW,
    }
}

#[test]
fn a_stranger_is_noted_once_and_comes_back_only_as_paid() {
    let (_folder, file) = file();
    let note = |one: &Stranger| file.write(|writer| writer.upsert_stranger(one)).unwrap();
    let shown = || file.read(|reader| reader.strangers()).unwrap();
    let id = stranger(false).payment;
    let known = || file.read(|reader| reader.stranger_paid(&id)).unwrap();
    assert_eq!(known(), None);
    note(&stranger(false));
    note(&Stranger {
        seen_at: LATER,
        ..stranger(false)
    });
    assert_eq!((shown(), known()), (vec![stranger(false)], Some(false)));
    let dismiss =
        || -> Result<bool, Error> { file.write(|writer| writer.dismiss_stranger(&id, NOW)) };
    assert!(dismiss().unwrap() && !dismiss().unwrap());
    note(&stranger(false));
    assert!(shown().is_empty());
    note(&stranger(true));
    assert_eq!((shown(), known()), (vec![stranger(true)], Some(true)));
    file.write(|writer| writer.forget_stranger(&id)).unwrap();
    assert!(shown().is_empty() && known().is_none());
}

#[test]
fn an_anomaly_that_was_looked_at_is_open_again_when_a_side_changes() {
    let (_folder, file) = file();
    let anomaly = |theirs: &str| AnomalyRow {
        code: "amount_differs".to_owned(),
        payment: "pay_1".to_owned(),
        invoice: None,
        ours: "12.00 EUR, live".to_owned(),
        theirs: theirs.to_owned(),
        seen_at: NOW,
    };
    let note = |theirs: &str| -> bool {
        let row = anomaly(theirs);
        file.write(|writer| writer.insert_anomaly(&row)).unwrap()
    };
    let open = || file.read(|reader| reader.open_anomalies()).unwrap().len();
    let resolve = || -> Result<bool, Error> {
        file.write(|writer| writer.resolve_anomaly("amount_differs", "pay_1", LATER))
    };
    assert!(!resolve().unwrap(), "there is none yet");
    assert!(note("13.00 EUR, live") && note("13.00 EUR, live"));
    assert_eq!(open(), 1);
    assert!(resolve().unwrap() && !resolve().unwrap());
    assert!(!note("13.00 EUR, live"), "somebody has looked at just that");
    assert_eq!(open(), 0);
    assert!(note("14.00 EUR, live"));
    assert_eq!(open(), 1);
}
