//! What goes into the keychain, and that nothing stands in for it.

use std::fs;
use std::sync::{Arc, Mutex};

use acquit_app::{Acquit, Keychain, MemoryKeychain, NewCompany, Parts, SystemClock};
use acquit_domain::link::FileNature;
use acquit_secrets::Error;
use acquit_simulator::{Options, Simulator};
use acquit_tests::{company, fast_folder};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::root;

/// A keychain that tells what it was given.
#[derive(Default)]
struct Told {
    inside: MemoryKeychain,
    kept: Mutex<Vec<(String, String)>>,
}

impl Keychain for Told {
    fn get(&self, account: &str) -> Result<Option<zeroize::Zeroizing<String>>, Error> {
        self.inside.get(account)
    }

    fn set(&self, account: &str, secret: &str) -> Result<(), Error> {
        let one = (account.to_owned(), secret.to_owned());
        self.kept.lock().unwrap().push(one);
        self.inside.set(account, secret)
    }

    fn delete(&self, account: &str) -> Result<(), Error> {
        self.inside.delete(account)
    }
}

#[tokio::test]
async fn address_and_key_are_one_item_named_by_file_and_mode() {
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, Options::default()).await.unwrap();
    let keychain = Arc::new(Told::default());
    for (nature, key, mode) in [
        (FileNature::Real, "sk_live_planted", "live"),
        (FileNature::Real, "sk_test_planted", "test"),
        (FileNature::Demonstration, "sk_test_planted", "demo"),
    ] {
        let folder = fast_folder();
        let parts = Parts::set(Arc::new(SystemClock), 7, keychain.clone(), "test");
        let new = NewCompany {
            company: company(),
            logo_path: None,
        };
        let path = folder.path().join("file");
        let acquit = Acquit::create(&path, new, nature, parts).unwrap();
        let base = simulator.base_url();
        acquit.connect(key, Some(&base)).await.unwrap();
        let database = Connection::open(path.join("acquit.sqlite")).unwrap();
        let query = "SELECT file_id FROM company";
        let file: String = database.query_row(query, [], |row| row.get(0)).unwrap();
        let kept = std::mem::take(&mut *keychain.kept.lock().unwrap());
        let [(account, item)] = kept.as_slice() else {
            panic!("{} items", kept.len());
        };
        assert_eq!(*account, format!("{file}:{mode}"));
        let item: Value = serde_json::from_str(item).unwrap();
        assert_eq!(item, json!({ "base": base, "key": key }));
    }
    assert_eq!(acquit_secrets::SERVICE, "fr.acquit");
}

/// The libraries that could keep a secret somewhere else are not there to be chosen, and the one
/// that could choose by itself is never asked to.
#[test]
fn nothing_can_stand_in_for_the_keychain() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let packages: Vec<&str> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .collect();
    assert!(packages.contains(&"zbus-secret-service-keyring-store"));
    for package in packages {
        let stands_in = package.contains("keyutils")
            || package == "keyring"
            || package.contains("file-keyring")
            || package.contains("db-keystore");
        assert!(!stands_in, "{package}");
    }
    let folder = root().join("src-tauri/crates/secrets/src");
    let source = fs::read_to_string(folder.join("system.rs")).unwrap();
    for word in [
        "mock",
        "sample",
        "set_default_store",
        "std::fs",
        "MemoryKeychain",
    ] {
        assert!(!source.contains(word), "{word}");
    }
    // The one in memory is chosen by name: by the demonstration and by what fills a file, and by nothing else.
    let mut users = Vec::new();
    for crate_name in ["app", "cli"] {
        collect(
            &root().join("src-tauri/crates").join(crate_name).join("src"),
            &mut users,
        );
    }
    collect(&root().join("src-tauri/src"), &mut users);
    users.sort();
    assert_eq!(users, ["fill.rs", "furnish.rs", "lib.rs", "mod.rs"]);
}

/// Names of the files below a folder that name the keychain in memory.
fn collect(folder: &std::path::Path, users: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, users);
        } else if fs::read_to_string(&path).is_ok_and(|text| text.contains("MemoryKeychain")) {
            users.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
}
