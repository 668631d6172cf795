//! What a person sees at a desk, and what the page complains about.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Desk, evidence, wait_until};

impl Desk {
    /// The visible text of the page, as written: with its no-break spaces.
    pub(crate) async fn text(&self) -> String {
        let text = self
            .script("return document.body.innerText;", Vec::new())
            .await;
        text.unwrap().as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows a text; every kind of space counts as a space.
    pub(crate) async fn wait_text(&self, text: &str) {
        self.note(format!("wait for “{text}”"));
        wait_until(self.options.patience, async || {
            match self.shows(text).await? {
                true => Ok(()),
                false => Err(format!("the page does not show “{text}”")),
            }
        })
        .await;
    }

    /// Waits until the page shows a text no more.
    pub(crate) async fn wait_gone(&self, text: &str) {
        self.note(format!("wait until “{text}” is gone"));
        wait_until(self.options.patience, async || {
            match self.shows(text).await? {
                false => Ok(()),
                true => Err(format!("the page still shows “{text}”")),
            }
        })
        .await;
    }

    async fn shows(&self, text: &str) -> Result<bool, String> {
        let found = "return plain(document.body.innerText).includes(plain(a));";
        let found = self.script(found, vec![json!(text)]).await?;
        found.as_bool().ok_or_else(|| "no answer".to_owned())
    }

    /// Waits until the field of that label holds a text; every kind of space counts as a space.
    pub(crate) async fn wait_value(&self, label: &str, text: &str) {
        self.note(format!("wait until “{label}” holds “{text}”"));
        let values = "return [...document.querySelectorAll(KINDS.fill)].filter((field) => nameOf(field) === plain(a))\
            .map((field) => plain(field.value ?? field.innerText));";
        wait_until(self.options.patience, async || {
            let values = self.script(values, vec![json!(label)]).await?;
            match values.as_array().map(Vec::as_slice) {
                Some([Value::String(value)]) if *value == plain(text) => Ok(()),
                _ => Err(format!("“{label}” holds {values}, not “{text}”")),
            }
        })
        .await;
    }

    /// How many things that can be seen a CSS selector finds.
    pub(crate) async fn count(&self, css: &str) -> u64 {
        let count = "return [...document.querySelectorAll(a)].filter(shown).length;";
        self.script(count, vec![json!(css)])
            .await
            .unwrap()
            .as_u64()
            .unwrap()
    }

    /// Accessible name of what has the focus; empty when nothing has.
    pub(crate) async fn focused(&self) -> String {
        let name = "return document.activeElement === document.body ? '' : nameOf(document.activeElement);";
        let name = self.script(name, Vec::new()).await.unwrap();
        name.as_str().unwrap_or_default().to_owned()
    }

    /// The tooltip of the one thing a CSS selector finds: what is cut on the screen stands there whole.
    pub(crate) async fn title_of(&self, css: &str) -> String {
        let title = self
            .script("return document.querySelector(a).title;", vec![json!(css)])
            .await
            .unwrap();
        title.as_str().unwrap_or_default().to_owned()
    }

    /// Parts of the page that are wider than their place.
    pub(crate) async fn overflows(&self) -> Vec<String> {
        let wide = "return [document.documentElement, ...document.querySelectorAll('main, .page, .left, .right, .side, .body')]\
            .filter((part) => part.scrollWidth > part.clientWidth + 1)\
            .map((part) => `${describe(part)} ${part.scrollWidth} > ${part.clientWidth}`);";
        strings(&self.script(wide, Vec::new()).await.unwrap())
    }

    /// Waits until nothing is being loaded any more.
    pub(crate) async fn wait_no_skeleton(&self) {
        wait_until(self.options.patience, async || {
            let loading = "return document.querySelectorAll('.sk').length + (document.querySelector('h1') ? 0 : 1);";
            match self.script(loading, Vec::new()).await? {
                Value::Number(count) if count.as_u64() == Some(0) => Ok(()),
                other => Err(format!("{other} skeletons")),
            }
        })
        .await;
    }

    /// Waits until another route is shown than this one; its path.
    pub(crate) async fn wait_address_leaves(&self, path: &str) -> String {
        wait_until(self.options.patience, async || {
            let hash = self.script("return location.hash;", Vec::new()).await?;
            match hash.as_str().and_then(|hash| hash.strip_prefix('#')) {
                Some(now) if now != path => Ok(now.to_owned()),
                _ => Err(format!("still on {path}")),
            }
        })
        .await
    }

    /// Keeps a picture of the window, once it has come to rest, as `target/tmp/window/<test>/<name>.png`.
    pub(crate) async fn screenshot(&self, name: &str) -> PathBuf {
        self.script("await document.fonts.ready;", Vec::new())
            .await
            .unwrap();
        let last = std::cell::RefCell::new(Vec::new());
        let picture = wait_until(self.options.patience, async || {
            let picture = self.screen.picture()?;
            let before = last.replace(picture.clone());
            if before == picture {
                Ok(picture)
            } else {
                Err("the window does not come to rest".to_owned())
            }
        })
        .await;
        let file = evidence::folder().join(format!("{name}.png"));
        std::fs::write(&file, picture).unwrap();
        file
    }

    /// Listens to what the page complains about from here on. The driver is let in only when the document stands: what was
    /// forbidden before that is heard by [`Desk::violations_while_loading`] alone.
    pub(super) async fn listen(&self) {
        let listen = format!(
            "if (!window.__heard) {{ window.__heard = {{ forbidden: [], errors: [] }}; {LISTENERS} }}"
        );
        self.script(&listen, Vec::new()).await.unwrap();
    }

    /// What the content security policy has forbidden since the window opened.
    pub(crate) async fn csp_violations(&self) -> Vec<String> {
        self.heard("forbidden").await
    }

    /// Errors that no code of the page has caught since the window opened.
    pub(crate) async fn page_errors(&self) -> Vec<String> {
        self.heard("errors").await
    }

    async fn heard(&self, what: &str) -> Vec<String> {
        let heard = self
            .script("return window.__heard[a];", vec![json!(what)])
            .await
            .unwrap();
        strings(&heard)
    }

    /// What the policy forbids while the page loads: a page, as a rule [`built_page`], is written into the window under the same
    /// policy, by a document that listens before the first tag. Restart the desk before going on.
    pub(crate) async fn violations_while_loading(&self, page: &str) -> Vec<String> {
        self.note("load the page again, listening");
        let again = format!(
            "document.open(); window.__heard = {{ forbidden: [], errors: [] }}; {LISTENERS} document.write(a); document.close();"
        );
        self.script(&again, vec![json!(page)]).await.unwrap();
        wait_until(self.options.patience, async || {
            let ready = "return document.readyState === 'complete';";
            match self.script(ready, Vec::new()).await? {
                Value::Bool(true) => Ok(()),
                _ => Err("the page does not load again".to_owned()),
            }
        })
        .await;
        self.csp_violations().await
    }
}

/// The page as the window is built with it.
pub(crate) fn built_page() -> String {
    std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../ui/dist/index.html"
    ))
    .unwrap()
}

const LISTENERS: &str = "
  addEventListener('securitypolicyviolation', (event) => window.__heard.forbidden.push(
    `${event.effectiveDirective} forbids ${event.blockedURI} ${event.sample} at ${event.sourceFile}:${event.lineNumber}`), true);
  addEventListener('error', (event) => window.__heard.errors.push(`${event.message ?? event.target} at ${event.filename}:${event.lineno}`));
  addEventListener('unhandledrejection', (event) => window.__heard.errors.push(`unhandled: ${event.reason}`));
";

fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|text| text.as_str().unwrap_or_default().to_owned())
        .collect()
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
