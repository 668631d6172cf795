//! The accountant's plan: read as their programs write it, chosen from, and held against exports.

use acquit_app::Error;
use acquit_app::chart::{Chart, ChartProposal, Use};
use acquit_domain::link::FileNature;
use acquit_tests::World;

use super::{all, collective, holds, with};

/// The usual accounts but for the bank, as a program of Windows writes them.
fn of_windows() -> Vec<u8> {
    let mut bytes = b"N\xb0 de compte;Intitul\xe9 du compte\r\n".to_vec();
    for (one, account) in Chart::default().accounts() {
        if one != Use::Bank {
            bytes.extend(account.number.as_str().as_bytes());
            bytes.extend(b";Cr\xe9ances et d\xe9p\xf4ts\r\n");
        }
    }
    bytes.extend(b"512100;Cr\xe9dit Agricole\r\nDURAND;Durand Paul\r\n");
    bytes
}

#[tokio::test]
async fn accounts_are_chosen_from_the_plan_and_named_by_it() {
    let world = World::unconnected(831, FileNature::Demonstration).await;
    let import = world.acquit.import_plan(&of_windows()).unwrap();
    let lines: Vec<_> = import
        .not_understood
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(lines, ["DURAND;Durand Paul"]);
    assert_eq!(import.accounts, Chart::default().accounts().count());
    let missing: Vec<_> = import
        .missing
        .iter()
        .map(|fault| fault.field.code())
        .collect();
    assert_eq!(missing, ["bank"]);
    assert_eq!(world.acquit.bookkeeping().unwrap().faults, import.missing);

    let usual = ChartProposal::from(Chart::default());
    let refused = world.acquit.set_bookkeeping(&collective(usual.clone()));
    assert!(matches!(refused, Err(Error::WrongChart(faults)) if faults == import.missing));
    let chosen = with(usual.clone(), Use::Bank, "512100");
    world.acquit.set_bookkeeping(&chosen).unwrap();
    let books = world.acquit.bookkeeping().unwrap();
    assert_eq!(books.faults, []);
    assert_eq!(
        books.chart.account(Use::Bank).unwrap().label,
        "Crédit Agricole"
    );

    world.acquit.forget_plan().unwrap();
    assert!(world.acquit.bookkeeping().unwrap().plan.is_none());
    world.acquit.set_bookkeeping(&usual).unwrap();
    holds(&world);
}

#[tokio::test]
async fn an_account_that_the_plan_does_not_have_is_told_before_an_export() {
    let world = World::unconnected(832, FileNature::Demonstration).await;
    world.issue(100);
    let anomalies = || {
        let preview = world.acquit.export_preview(all(), None).unwrap();
        let sentences = preview.anomalies.into_iter();
        sentences.map(|sentence| sentence.fr).collect::<Vec<_>>()
    };
    assert_eq!(anomalies(), Vec::<String>::new(), "nothing to hold against");
    let plan = "Compte,Libellé\n411000,Clients\n445742,TVA en attente 10 %\n";
    world.acquit.import_plan(plan.as_bytes()).unwrap();
    let told = anomalies();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("704000"), "{told:?}");
    let whole = format!("{plan}704000,\"Travaux, pose\"\n");
    world.acquit.import_plan(whole.as_bytes()).unwrap();
    assert_eq!(anomalies(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_no_plan_is_refused_and_the_one_before_stays() {
    let world = World::unconnected(833, FileNature::Demonstration).await;
    world
        .acquit
        .import_plan("411000\tClients".as_bytes())
        .unwrap();
    for bytes in [&b"%PDF-1.7 \xe2\xe3"[..], b"", b"Nom;Prenom\nDurand;Paul\n"] {
        let refused = world.acquit.import_plan(bytes).unwrap_err();
        assert_eq!(refused.code(), "not_a_plan");
    }
    let (plan, _) = world.acquit.bookkeeping().unwrap().plan.unwrap();
    assert!(plan.holds("411000"));
}
