//! Malformed files, drafts, keys and options are refused by name in plain French, and change nothing.

use crate::common::{Office, RunningSimulator, real, real_json, run, run_with};
use serde_json::Value;

/// The bytes of a case of `refused.json`: a text, or a real document with a change.
fn malformed(case: &Value) -> Vec<u8> {
    if let Some(text) = case["text"].as_str() {
        return text.as_bytes().to_vec();
    }
    let mut base = match case["input"].as_str().unwrap() {
        "company" => real_json("company.json"),
        "customer" => real_json("customers.json")[0].clone(),
        "franchise_invoice" => real_json("04-franchise-en-base.json"),
        _ => real_json("01-salle-de-bain.json"),
    };
    for (pointer, value) in case["set"].as_object().into_iter().flatten() {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match base.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[name.parse::<usize>().unwrap()] = value.clone(),
            parent => parent[name] = value.clone(),
        }
    }
    if let Some((parent, name)) = case["remove"]
        .as_str()
        .and_then(|path| path.rsplit_once('/'))
    {
        base.pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove(name)
            .unwrap();
    }
    base.to_string().into_bytes()
}

#[test]
fn every_malformed_file_is_refused_by_name_and_changes_nothing() {
    let office = Office::of("company.json");
    let franchise = Office::of("company-franchise.json");
    let before = (office.contents(), franchise.contents());
    let cases: Value = serde_json::from_str(include_str!("refused.json")).unwrap();
    let new = office.folder.path().join("nouveau");
    let new_data = new.display().to_string();
    for case in cases.as_array().unwrap() {
        let file = office.file("malformed.json", &malformed(case));
        let arguments = match case["input"].as_str().unwrap() {
            "company" => vec!["init", "--data", &new_data, "--company", &file],
            "customer" => vec!["customer", "add", "--data", &office.data, &file],
            "franchise_invoice" => vec!["invoice", "add", "--data", &franchise.data, &file],
            _ => vec!["invoice", "add", "--data", &office.data, &file],
        };
        let refused = run(&[&arguments[..], &["--json"]].concat());
        assert_eq!(refused.code, 1, "{case}: {refused:?}");
        let (code, field) = refused.refusal();
        assert_eq!(Some(code.as_str()), case["code"].as_str(), "{case}");
        assert_eq!(field.as_deref(), case["field"].as_str(), "{case}");
        assert!(!new.exists(), "a folder was left behind: {case}");
        assert_eq!(refused.errors.trim().lines().count(), 1, "{refused:?}");
        assert_eq!(
            refused.errors.trim(),
            refused.json()["error"]["sentence"].as_str().unwrap()
        );
    }
    assert_eq!((office.contents(), franchise.contents()), before);
}

#[test]
fn what_only_the_file_knows_is_refused_too() {
    let office = Office::of("company.json");
    let mut draft = real_json("01-salle-de-bain.json");
    draft["customer"] = "CL-9999".into();
    let unknown = office.file("draft.json", draft.to_string().as_bytes());
    let taken = office.file(
        "taken.json",
        real_json("customers.json")[0].to_string().as_bytes(),
    );
    let company = real("company.json").display().to_string();
    let large = office.file("large.json", &vec![b' '; 5_000_001]);
    let latin = office.file("latin.json", b"{\"name\":\"H\xe9l\xe8ne\"}");
    let deep = office.file("deep.json", "[".repeat(1000).as_bytes());
    let before = office.contents();
    let data = office.data.as_str();
    let elsewhere = office.folder.path().join("ailleurs").display().to_string();
    let cases: [(&[&str], &str, Option<&str>); 17] = [
        (
            &["invoice", "add", "--data", data, &unknown],
            "unknown_customer",
            Some("customer"),
        ),
        (
            &["customer", "add", "--data", data, &taken],
            "customer_code_taken",
            Some("code"),
        ),
        (
            &["customer", "add", "--data", data, &large],
            "file_too_large",
            None,
        ),
        (
            &["customer", "add", "--data", data, &latin],
            "not_utf8",
            None,
        ),
        (&["invoice", "add", "--data", data, &deep], "too_deep", None),
        (
            &["invoice", "add", "--data", data, "absent.json"],
            "file_not_readable",
            None,
        ),
        (
            &["invoice", "add", "--data", data, data],
            "file_not_readable",
            None,
        ),
        (
            &["init", "--data", data, "--company", &company],
            "company_file_exists",
            None,
        ),
        (
            &["invoice", "list", "--data", &elsewhere],
            "no_company_file",
            None,
        ),
        (
            &["invoice", "show", "--data", data, "F-2026-00001"],
            "unknown_invoice",
            None,
        ),
        (
            &["invoice", "finalise", "--data", data, "n’importe quoi"],
            "unknown_invoice",
            None,
        ),
        (
            &["invoice", "cancel", "--data", data, "A-2026-00001"],
            "unknown_invoice",
            None,
        ),
        (
            &["invoice", "send", "--data", data, "F-2026-00001"],
            "unknown_invoice",
            None,
        ),
        (&["mailbox", "forget", "--data", data], "no_mailbox", None),
        (
            &[
                "mailbox",
                "set",
                "--data",
                data,
                "--address",
                "a@outlook.fr",
            ],
            "no_passwords_taken",
            Some("address"),
        ),
        (&["sync", "--data", data], "not_connected", None),
        (
            &[
                "export",
                "fec",
                "--data",
                data,
                "--until",
                "2099-12-31",
                "-o",
                &elsewhere,
            ],
            "nothing_to_export",
            None,
        ),
    ];
    for (arguments, code, field) in cases {
        let refused = run(&[arguments, &["--json"]].concat());
        assert_eq!(refused.code, 1, "{arguments:?}: {refused:?}");
        assert_eq!(
            refused.refusal(),
            (code.to_owned(), field.map(str::to_owned)),
            "{refused:?}"
        );
        let english = run(&[arguments, &["--lang", "en"]].concat());
        assert_eq!((english.code, english.output.as_str()), (1, ""));
        assert_ne!(english.errors, refused.errors);
    }
    assert_eq!(office.contents(), before);
    assert!(!std::path::Path::new(&elsewhere).exists());
}

#[test]
fn wrong_usage_exits_2_and_says_what_to_write() {
    let cases: [(&str, &str, Option<&str>); 50] = [
        ("", "missing_command", None),
        ("invoice", "missing_command", None),
        ("facture", "unknown_command", None),
        ("invoice delete", "unknown_command", None),
        ("backup --data d", "missing_option", Some("output")),
        ("restore --data d", "missing_option", Some("fichier")),
        ("fill --data d --seed 1", "missing_option", Some("invoices")),
        ("invoice send --data d", "missing_option", Some("id")),
        (
            "invoice send --data d F-1 --to a@b.fr,paul",
            "not_an_email",
            Some("to"),
        ),
        ("invoice send --data d F-1 --to ,", "empty", Some("to")),
        ("mailbox", "missing_command", None),
        ("mailbox forget", "missing_option", Some("data")),
        ("mailbox set --data d", "missing_option", Some("address")),
        (
            "mailbox set --data d --address paul",
            "not_an_email",
            Some("address"),
        ),
        (
            "mailbox set --data d --address paul@dupont.example",
            "missing_option",
            Some("host"),
        ),
        (
            "mailbox set --data d --address a@orange.fr --port 465 --security tls",
            "missing_option",
            Some("host"),
        ),
        (
            "mailbox set --data d --address a@orange.fr --host smtp.b.fr --security tls",
            "missing_option",
            Some("port"),
        ),
        (
            "mailbox set --data d --address a@orange.fr --host https://b.fr --port 1 --security tls",
            "not_a_server",
            Some("host"),
        ),
        (
            "mailbox set --data d --address a@orange.fr --host b.fr --port 65536 --security tls",
            "not_a_port",
            Some("port"),
        ),
        (
            "mailbox set --data d --address a@orange.fr --host b.fr --port 465 --security ssl",
            "unknown_choice",
            Some("security"),
        ),
        (
            "export --again 1 --data d",
            "missing_option",
            Some("output"),
        ),
        ("export --undo deux --data d", "out_of_range", Some("undo")),
        ("export --list", "missing_option", Some("data")),
        (
            "export cegid --data d --until 2026-12-31 -o f",
            "not_in_this_version",
            None,
        ),
        (
            "export sage --data d --until 2026-12-31 -o f",
            "not_in_this_version",
            None,
        ),
        (
            "export excel --data d --until 2026-12-31 -o f",
            "unknown_choice",
            Some("format"),
        ),
        (
            "export fec --data d --until 31/12/2026 -o f",
            "not_a_date",
            Some("until"),
        ),
        (
            "export fec --data d --until 2026-02-30 -o f",
            "not_a_date",
            Some("until"),
        ),
        (
            "export fec --data d --until 2026-12-31 -o f --journal XX",
            "unknown_choice",
            Some("journal"),
        ),
        (
            "export fec --data d --until 2026-12-31",
            "missing_option",
            Some("output"),
        ),
        (
            "receipt add --data d F-1 --amount 12,50 --means cheque",
            "not_a_decimal",
            Some("amount"),
        ),
        (
            "receipt add --data d F-1 --amount 12.505 --means cheque",
            "too_many_decimals",
            Some("amount"),
        ),
        (
            "receipt add --data d F-1 --amount -5 --means cheque",
            "not_positive",
            Some("amount"),
        ),
        (
            "receipt add --data d F-1 --amount 0 --means cheque",
            "not_positive",
            Some("amount"),
        ),
        (
            "receipt add --data d F-1 --amount 5 --means card_payplug",
            "unknown_choice",
            Some("means"),
        ),
        (
            "receipt add --data d F-1 --amount 5 --means chèque",
            "unknown_choice",
            Some("means"),
        ),
        (
            "receipt add --data d F-1 --amount 5 --means cash --date hier",
            "not_a_date",
            Some("date"),
        ),
        (
            "invoice refund --data d F-1 --amount tout",
            "not_a_decimal",
            Some("amount"),
        ),
        (
            "invoice refund --data d F-1 --amount 5 --withdraw",
            "conflicting_options",
            Some("amount"),
        ),
        ("payment", "missing_command", None),
        ("payment strangers", "missing_option", Some("data")),
        (
            "settings three-d-secure --data d never",
            "unknown_choice",
            Some("choix"),
        ),
        (
            "invoice list --data d --status payée",
            "unknown_choice",
            Some("status"),
        ),
        (
            "invoice list --data d --limit 0",
            "out_of_range",
            Some("limit"),
        ),
        (
            "invoice list --data d --limit 1001",
            "out_of_range",
            Some("limit"),
        ),
        (
            "invoice list --data d --data e",
            "option_twice",
            Some("data"),
        ),
        ("invoice list", "missing_option", Some("data")),
        ("verify --data d --lang de", "unknown_choice", Some("lang")),
        ("verify --data d --colour", "unknown_option", Some("colour")),
        (
            "simulator --listen 0.0.0.0:0",
            "not_loopback",
            Some("listen"),
        ),
    ];
    for (typed, code, field) in cases {
        let typed: Vec<&str> = typed.split_whitespace().collect();
        let refused = run(&[&["--json"], &typed[..]].concat());
        assert_eq!(refused.code, 2, "{typed:?}: {refused:?}");
        assert_eq!(
            refused.refusal(),
            (code.to_owned(), field.map(str::to_owned)),
            "{refused:?}"
        );
        let plain = run(&typed);
        assert_eq!((plain.code, plain.output.as_str()), (2, ""), "{typed:?}");
        assert_eq!(plain.errors, refused.errors);
        assert_eq!(plain.errors.trim().lines().count(), 1, "{plain:?}");
    }
}

#[test]
fn malformed_and_refused_keys_are_told_apart_and_never_repeated() {
    let office = Office::of("company.json");
    let simulator = RunningSimulator::start();
    let before = office.contents();
    let long = format!("sk_test_{}", "a".repeat(300));
    let cases: [(&[u8], &str); 9] = [
        (b"", "no_key"),
        (b"\n", "no_key"),
        (b"\xff\xfe\xfd", "no_key"),
        (long.as_bytes(), "no_key"),
        (b"motdepasse", "not_a_key"),
        (b"pk_test_publiable0123", "not_a_key"),
        (b"sk_test_avec espace", "not_a_key"),
        (b"sk_test_wrongPlantedKey42", "key_refused"),
        (b"sk_live_revokedPlantedKey42\n", "key_refused"),
    ];
    for (key, code) in cases {
        let arguments = [
            "connect",
            "--data",
            &office.data,
            "--api-base",
            &simulator.base,
            "--json",
        ];
        let refused = run_with(&arguments, key);
        assert_eq!(
            (refused.code, refused.refusal().0.as_str()),
            (1, code),
            "{refused:?}"
        );
        assert!(
            !format!("{refused:?}").contains("PlantedKey"),
            "{refused:?}"
        );
    }
    for base in [
        "https://api.payplug.com",
        "http://localhost:1",
        "http://10.0.0.1",
        "http://u:p@127.0.0.1:1",
        "x",
    ] {
        let arguments = [
            "connect",
            "--data",
            &office.data,
            "--api-base",
            base,
            "--json",
        ];
        let refused = run_with(&arguments, b"sk_test_PlantedKey42");
        assert_eq!(refused.code, 2, "{refused:?}");
        assert_eq!(
            refused.refusal(),
            ("not_loopback".to_owned(), Some("api_base".to_owned()))
        );
    }
    let typed = run(&[
        "connect",
        "--data",
        &office.data,
        "sk_live_PlantedKey42",
        "--json",
    ]);
    assert_eq!(typed.code, 2);
    assert!(!format!("{typed:?}").contains("PlantedKey"), "{typed:?}");
    assert_eq!(office.contents(), before);
}

#[test]
fn a_mailbox_needs_a_password_and_an_encrypted_way() {
    let office = Office::of("company.json");
    let before = office.contents();
    let long = "a".repeat(501);
    let set = ["mailbox", "set", "--data", &office.data, "--json"];
    let orange = [&set[..], &["--address", "contact@Orange.fr"]].concat();
    for password in [&b""[..], b"\n", b"\r\n", b"\xff\xfe", long.as_bytes()] {
        let refused = run_with(&orange, password);
        assert_eq!(refused.code, 1, "{refused:?}");
        assert_eq!(refused.refusal(), ("no_password".to_owned(), None));
    }
    let outlook = [&set[..], &["--address", "contact@hotmail.com"]].concat();
    let refused = run_with(&outlook, b"PlantedPassword42");
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.errors.contains("Outlook.com"), "{refused:?}");
    let plain = [
        "--address",
        "contact@dupont.example",
        "--host",
        "smtp.dupont.example",
        "--port",
        "25",
        "--security",
        "plain",
    ];
    let refused = run_with(&[&set[..], &plain].concat(), b"PlantedPassword42\n");
    assert_eq!(refused.code, 2, "{refused:?}");
    assert_eq!(
        refused.refusal(),
        ("not_encrypted".to_owned(), Some("security".to_owned()))
    );
    let typed = run(&[&orange[..], &["--password", "PlantedPassword42"]].concat());
    assert_eq!(
        (typed.code, typed.refusal().0.as_str()),
        (2, "unknown_option")
    );
    assert!(
        !format!("{typed:?}").contains("PlantedPassword"),
        "{typed:?}"
    );
    let shown = run(&["mailbox", "show", "--data", &office.data, "--json"]);
    assert_eq!((shown.code, shown.output.as_str()), (0, "null\n"));
    assert_eq!(office.contents(), before);
}

/// Files below a folder that hold a text.
#[cfg(target_os = "linux")]
fn files_with(folder: &std::path::Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path)
            .unwrap()
            .windows(text.len())
            .any(|bytes| bytes == text.as_bytes())
        {
            found.push(path.display().to_string());
        }
    }
    found
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_keychain_the_key_is_kept_nowhere() {
    use std::io::Write as _;
    let office = Office::of("company.json");
    let simulator = RunningSimulator::start();
    let before = office.contents();
    let home = tempfile::tempdir().unwrap();
    let mut child = crate::common::binary()
        .args(["connect", "--data", &office.data, "--json"])
        .args(["--api-base", &simulator.base])
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_CONFIG_HOME", home.path().join("config"))
        .env("TMPDIR", home.path())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"sk_live_PlantedKey42\n").unwrap();
    drop(input);
    let ended = child.wait_with_output().unwrap();
    let printed = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(printed.contains("\"no_keychain\""), "{printed}");
    assert!(!format!("{ended:?}").contains("PlantedKey"), "{printed}");
    let nowhere: Vec<String> = Vec::new();
    assert_eq!(files_with(home.path(), "PlantedKey42"), nowhere);
    assert_eq!(files_with(office.folder.path(), "PlantedKey42"), nowhere);
    // Linux keeps its kernel keyrings readable for their owner.
    let kernel = std::fs::read_to_string("/proc/keys").unwrap_or_default();
    assert!(!kernel.contains("fr.acquit"), "{kernel}");
    assert_eq!(office.contents(), before);
    let sync = run(&["sync", "--data", &office.data, "--json"]);
    assert_eq!(sync.refusal().0, "not_connected");
}
