//! The script beside the fixtures works the same year out, without a line of this program.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::Year;
use crate::year::found::Found;

impl Year {
    /// What the events so far come to, by the script.
    fn worked_out(&self) -> Value {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/year");
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, value: &Value| {
            std::fs::write(folder.path().join(name), value.to_string()).unwrap();
        };
        let mut written = self.written.clone();
        written["events"] = json!(self.events);
        write("events.json", &written);
        for variant in ["events-on-invoice.json", "events-basis-changes.json"] {
            write(variant, &json!({ "like": "events.json" }));
        }
        let script = folder.path().join("worked_out.py");
        std::fs::copy(fixtures.join("worked_out.py"), &script).unwrap();
        let worked_out = Command::new("python3")
            .arg("-B")
            .arg(script)
            .output()
            .unwrap();
        if !worked_out.status.success() {
            let said = String::from_utf8_lossy(&worked_out.stderr);
            self.fail(&format!("the script stops: {said}"));
        }
        let text = std::fs::read_to_string(folder.path().join("expected.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// The file holds what the script works out, to the cent.
    pub(super) fn agrees(&self, when: &str) {
        let found = Found::read(&self.player);
        if let Some(difference) = found.first_difference(&self.worked_out()) {
            self.fail(&format!("{when}: {difference}"));
        }
    }
}
