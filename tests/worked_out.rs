//! What was worked out apart from the program is still what its inputs come to: expected files are never touched up by hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// Runs the script of a folder; it leaves no compiled copy beside it.
fn script(folder: &Path, arguments: &[&str]) -> Output {
    let mut python = Command::new("python3");
    python.arg("-B").arg(folder.join("worked_out.py"));
    python.args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_year_comes_to_what_is_expected_of_it() {
    let checked = script(&fixtures("year"), &["--check"]);
    assert!(checked.status.success(), "{}", said(&checked));
}

#[test]
fn the_real_invoices_come_to_what_is_expected_of_them() {
    let folder = fixtures("real");
    let found = script(&folder, &[]);
    assert!(found.status.success(), "{}", said(&found));
    let expected = fs::read(folder.join("expected.json")).unwrap();
    assert!(found.stdout == expected, "expected.json is another");
}

#[test]
fn a_cent_changed_in_either_is_found() {
    for (name, from, to) in [
        (
            "events.json",
            r#""unit_price": "389.00""#,
            r#""unit_price": "389.01""#,
        ),
        (
            "expected.json",
            r#""gross": "2182.76""#,
            r#""gross": "2182.77""#,
        ),
    ] {
        let copy = tempfile::tempdir().unwrap();
        for file in fs::read_dir(fixtures("year")).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        let untouched = script(copy.path(), &["--check"]);
        assert!(untouched.status.success(), "{}", said(&untouched));
        let path = copy.path().join(name);
        let text = fs::read_to_string(&path).unwrap();
        let changed = text.replacen(from, to, 1);
        assert_ne!(text, changed, "{name}");
        fs::write(&path, changed).unwrap();
        assert!(
            !script(copy.path(), &["--check"]).status.success(),
            "{name}"
        );
    }
}
