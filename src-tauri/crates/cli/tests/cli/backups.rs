//! `backup` and `restore`: a company in one file, and back.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::common::{Office, binary, done, real, run};
use serde_json::json;

fn path_in(office: &Office, name: &str) -> String {
    office.folder.path().join(name).display().to_string()
}

#[test]
fn a_company_is_backed_up_and_restored_with_all_it_holds() {
    let office = Office::of("company.json");
    let draft = real("01-salle-de-bain.json").display().to_string();
    let added = done(&["invoice", "add", "--data", &office.data, &draft]);
    let id = added["id"].as_str().unwrap().to_owned();
    let backup = path_in(&office, "ferrand.acquit");
    let written = done(&["backup", "--data", &office.data, "-o", &backup]);
    assert_eq!(written["file"], json!(backup));
    assert_eq!(written["sha256"].as_str().unwrap().len(), 64);

    let place = path_in(&office, "restored");
    let restored = done(&["restore", &backup, "--data", &place]);
    assert_eq!(restored["sha256"], written["sha256"]);
    assert!(Path::new(restored["file"].as_str().unwrap()).is_file());
    let show = |data: &str| done(&["invoice", "show", "--data", data, &id]);
    assert_eq!(show(&place), show(&office.data));
    assert_eq!(done(&["verify", "--data", &place])["ok"], json!(true));

    // Neither over a company, nor over itself, nor from anything else.
    let refused = |arguments: &[&str]| {
        let run = run(&[arguments, &["--json"]].concat());
        assert_eq!(run.code, 1, "{run:?}");
        run.refusal().0
    };
    let again = ["restore", &backup, "--data", &place];
    assert_eq!(refused(&again), "company_file_exists");
    let database = restored["file"].as_str().unwrap();
    let over = ["backup", "--data", &place, "-o", database];
    assert_eq!(refused(&over), "company_file_exists");
    let other = office.file("note.txt", b"ceci n'est pas une sauvegarde");
    let nowhere = path_in(&office, "nowhere");
    let foreign = ["restore", &other, "--data", &nowhere];
    assert_eq!(refused(&foreign), "damaged_backup");
    assert!(!Path::new(&nowhere).exists());
}

#[test]
fn a_file_of_any_size_is_made_whole_and_passes_every_check() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("grand").display().to_string();
    let fill = ["fill", "--data", &place, "--invoices", "120", "--seed", "7"];
    let made = done(&fill);
    assert_eq!(
        (&made["invoices"], &made["data"]),
        (&json!(120), &json!(place))
    );
    assert_eq!(done(&["verify", "--data", &place])["ok"], json!(true));
    let list = done(&["invoice", "list", "--limit", "1000", "--data", &place]);
    let count = |status: &str| {
        let all = list.as_array().unwrap().iter();
        all.filter(|one| one["status"] == status && one["kind"] == "invoice")
            .count()
    };
    assert_eq!(
        ["finalised", "partly_paid", "settled", "cancelled"]
            .map(count)
            .iter()
            .sum::<usize>(),
        120
    );
    assert!(count("settled") > 80 && count("finalised") > 1, "{list}");
    // A second one gives way to the first; the same seed makes the same amounts.
    let again = run(&[&fill[..], &["--json"]].concat());
    assert_eq!(
        (again.code, again.refusal().0.as_str()),
        (1, "company_file_exists")
    );
    let other = folder.path().join("autre").display().to_string();
    done(&["fill", "--data", &other, "--invoices", "120", "--seed", "7"]);
    let amounts = |data: &str| {
        let list = done(&["invoice", "list", "--limit", "1000", "--data", data]);
        let all = list.as_array().unwrap().iter();
        all.map(|one| one["totals"]["gross"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(amounts(&place), amounts(&other));
}

#[test]
fn what_a_killed_fill_left_goes_away_with_the_next_and_what_is_at_work_stays() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("dossier").display().to_string();
    let fill = |invoices: &str| {
        let mut fill = binary();
        fill.args([
            "fill",
            "--data",
            &place,
            "--invoices",
            invoices,
            "--seed",
            "7",
        ]);
        fill
    };
    let mut killed = fill("100000").stdout(Stdio::null()).spawn().unwrap();
    let left = folder
        .path()
        .join(format!("dossier.{}.partial", killed.id()));
    let began = left.join("acquit.sqlite");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !began.exists() {
        assert!(Instant::now() < deadline, "{} never began", began.display());
        std::thread::yield_now();
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(left.exists());
    let other = folder.path().join("dossier.1.partial");
    std::fs::create_dir(&other).unwrap();
    let at_work = std::fs::File::create(other.join("en-cours.lock")).unwrap();
    at_work.lock().unwrap();
    let foreign = folder.path().join("dossier.2.partial");
    std::fs::create_dir(&foreign).unwrap();

    assert!(fill("5").output().unwrap().status.success());
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["dossier", "dossier.1.partial", "dossier.2.partial"]);
    let mut held: Vec<String> = std::fs::read_dir(&place)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    held.sort();
    assert_eq!(held, ["acquit.sqlite"]);
}
