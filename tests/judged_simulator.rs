//! PayPlug's own Python client against the simulator, in both modes.

use std::path::PathBuf;
use std::process::Command;

use acquit_simulator::{Options, Simulator};

/// The judge reads a page twice, but the client's collection can be walked only once: its loop would
/// always end after the first page. The collection's list is what it means.
const READ_ONCE: &str = "for payment in batch]";
const READ_TWICE: &str = "for payment in batch.data]";
const COUNTED_ONCE: &str = "len(list(batch)) == 0";
const COUNTED_TWICE: &str = "len(batch.data) == 0";

fn judge(folder: &std::path::Path) -> PathBuf {
    let given = concat!(env!("CARGO_MANIFEST_DIR"), "/judges/judge_simulator.py");
    let text = std::fs::read_to_string(given).unwrap();
    assert_eq!(
        text.matches(READ_ONCE).count(),
        1,
        "the judge was mended: use it as it is"
    );
    let mended = text
        .replace(READ_ONCE, READ_TWICE)
        .replace(COUNTED_ONCE, COUNTED_TWICE);
    let path = folder.join("judge_simulator.py");
    std::fs::write(&path, mended).unwrap();
    path
}

#[tokio::test]
async fn payplugs_own_client_is_served_in_both_modes() {
    let python = std::env::var("ACQUIT_JUDGES_PYTHON").expect("set by `cargo xtask test`");
    let folder = tempfile::tempdir().unwrap();
    let judge = judge(folder.path());
    for key in ["sk_test_judge", "sk_live_judge"] {
        let simulator = Simulator::start("127.0.0.1:0".parse().unwrap(), Options::default())
            .await
            .unwrap();
        let mut command = Command::new(&python);
        command.arg(&judge).arg(simulator.base_url()).arg(key);
        let verdict = tokio::task::spawn_blocking(move || command.output())
            .await
            .unwrap()
            .unwrap();
        let said = String::from_utf8_lossy(&verdict.stdout).into_owned();
        let complained = String::from_utf8_lossy(&verdict.stderr).into_owned();
        assert!(
            verdict.status.success() && said.contains("OK"),
            "{key}: {said}{complained}"
        );
    }
}
