//! axe-core on the page as it stands.

use serde_json::Value;

use super::Desk;

/// A rule of axe-core that the page breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Its id, such as `color-contrast`.
    pub(crate) rule: String,
    /// `minor`, `moderate`, `serious` or `critical`.
    pub(crate) impact: String,
    /// What is wrong where, one line for each place.
    pub(crate) places: Vec<String>,
}

impl Desk {
    /// Runs every rule of axe-core on the page; none broken is an empty list.
    pub(crate) async fn axe(&self) -> Vec<Violation> {
        let there = self
            .script("return Boolean(window.axe);", Vec::new())
            .await
            .unwrap();
        if there != Value::Bool(true) {
            let file = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../ui/node_modules/axe-core/axe.min.js"
            );
            let source = std::fs::read_to_string(file).unwrap();
            self.client.execute(&source, Vec::new()).await.unwrap();
        }
        let run = "const { violations } = await axe.run(document, { resultTypes: ['violations'] });
            return violations.map(({ id, impact, nodes }) => ({ id, impact,
              places: nodes.map((node) => `${node.target.join(' ')}: ${plain(node.failureSummary)} ${node.html}`) }));";
        let found = self.script(run, Vec::new()).await.unwrap();
        found.as_array().unwrap().iter().map(violation).collect()
    }
}

fn violation(found: &Value) -> Violation {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let places = found["places"].as_array().cloned().unwrap_or_default();
    Violation {
        rule: text(&found["id"]),
        impact: text(&found["impact"]),
        places: places.iter().map(text).collect(),
    }
}
