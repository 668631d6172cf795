//! What a person does at a desk: clicks and keys, nothing else.

use fantoccini::elements::{Element, ElementRef};
use fantoccini::key::Key;
use serde_json::{Value, json};

use super::{Desk, keys, wait_until};

/// The key under which WebDriver wraps an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A thing on the page by its accessible name; several of one name are told apart.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    name: String,
    nth: Option<u32>,
    within: Option<String>,
}

/// Begins a [`Named`].
pub(crate) fn named(name: &str) -> Named {
    Named {
        name: name.to_owned(),
        nth: None,
        within: None,
    }
}

impl Named {
    /// Of several, this one; the first is 1.
    pub(crate) fn nth(mut self, nth: u32) -> Named {
        self.nth = Some(nth);
        self
    }

    /// Only inside what this CSS selector finds.
    pub(crate) fn within(mut self, css: &str) -> Named {
        self.within = Some(css.to_owned());
        self
    }

    fn query(&self, kind: &str) -> Value {
        json!({ "kind": kind, "name": self.name, "nth": self.nth, "within": self.within })
    }
}

impl From<&str> for Named {
    fn from(name: &str) -> Named {
        named(name)
    }
}

impl Desk {
    /// Clicks the button, link, tab, option or tick box of that name, as soon as it can be clicked.
    pub(crate) async fn click_text(&self, what: impl Into<Named>) {
        let what = what.into();
        self.note(format!("click “{}”", what.name));
        self.click_found(&what.query("press")).await;
    }

    /// Clicks the one thing a CSS selector finds.
    pub(crate) async fn click(&self, css: &str) {
        self.note(format!("click {css}"));
        self.click_found(&json!({ "css": css })).await;
    }

    /// Clicks the first of what a CSS selector finds, such as the first row of a list.
    pub(crate) async fn click_first(&self, css: &str) {
        self.note(format!("click the first {css}"));
        self.click_found(&json!({ "css": css, "nth": 1 })).await;
    }

    /// Writes into the field of that label, over what stands there.
    pub(crate) async fn fill(&self, field: impl Into<Named>, text: &str) {
        let field = field.into();
        self.note(format!("fill “{}” with {text:?}", field.name));
        let element = self.click_found(&field.query("fill")).await;
        // WebKit's own clearing tells the page nothing.
        let empty = format!("{}a{}{}", Key::Control, Key::Null, Key::Backspace);
        element.send_keys(&empty).await.unwrap();
        // Nothing to type is an error to the driver.
        if !text.is_empty() {
            element.send_keys(typeable(text)).await.unwrap();
        }
    }

    /// Picks an option of a list by its label: a native one, or one that opens.
    pub(crate) async fn choose(&self, list: impl Into<Named>, option: &str) {
        let list = list.into();
        self.note(format!("choose {option:?} in “{}”", list.name));
        let element = self.found(&list.query("fill")).await;
        if element.tag_name().await.unwrap() == "select" {
            element.select_by_label(option).await.unwrap();
        } else {
            element.click().await.unwrap();
            self.click_text(option).await;
        }
    }

    /// Presses a key or a chord where the focus is: `Tab`, `Enter`, `Ctrl+s`.
    pub(crate) async fn press(&self, chord: &str) {
        self.note(format!("press {chord}"));
        self.client
            .perform_actions(keys::chord(chord))
            .await
            .unwrap();
    }

    /// Types where the focus is.
    pub(crate) async fn type_text(&self, text: &str) {
        self.note(format!("type {text:?}"));
        let focus = self.client.active_element().await.unwrap();
        focus.send_keys(typeable(text)).await.unwrap();
    }

    /// Presses Tab until the focus is on the thing of that name; once round the page at most.
    pub(crate) async fn tab_to(&self, name: &str) {
        let stops = "return document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]').length + 2;";
        let stops = self
            .script(stops, Vec::new())
            .await
            .unwrap()
            .as_u64()
            .unwrap();
        let mut passed = Vec::new();
        for _ in 0..stops {
            self.press("Tab").await;
            let focus = self.focused().await;
            if focus == name {
                return;
            }
            passed.push(focus);
        }
        panic!("Tab does not reach “{name}”; it passes {passed:?}");
    }

    /// Shows a route without a click: for looking at every page, not for journeys.
    pub(crate) async fn visit(&self, path: &str) {
        self.note(format!("visit {path}"));
        self.script("location.hash = `#${a}`;", vec![json!(path)])
            .await
            .unwrap();
    }

    async fn click_found(&self, query: &Value) -> Element {
        wait_until(self.options.patience, async || {
            let element = self.find(query).await?;
            self.listen_for_a_click(&element).await?;
            element.click().await.map_err(|error| error.to_string())?;
            self.was_heard().await?;
            Ok(element)
        })
        .await
    }

    /// Listens for the next click, wherever it lands.
    async fn listen_for_a_click(&self, element: &Element) -> Result<(), String> {
        let element = json!({ ELEMENT: element.element_id().to_string() });
        self.script("listen(a);", vec![element]).await.map(drop)
    }

    /// While the machine is busy the driver loses a click now and then: one that the page never heard did nothing, and is made
    /// again. A page that went away has heard it. One that fell elsewhere is only noted: what opens as soon as the button goes
    /// down lies under the pointer when it comes up.
    async fn was_heard(&self) -> Result<(), String> {
        let heard = self
            .script("return window.__clicked ?? 'hit';", Vec::new())
            .await;
        match heard.as_ref().ok().and_then(Value::as_str) {
            Some("nothing") => Err("the page did not hear the click".to_owned()),
            Some(elsewhere) if elsewhere != "hit" => {
                self.note(format!("the click fell on {elsewhere}"));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn found(&self, query: &Value) -> Element {
        wait_until(self.options.patience, async || self.find(query).await).await
    }

    async fn find(&self, query: &Value) -> Result<Element, String> {
        let answer = self.script("return find(a);", vec![query.clone()]).await?;
        match answer["element"][ELEMENT].as_str() {
            Some(id) => Ok(Element::from_element_id(
                self.client.clone(),
                ElementRef::from(id.to_owned()),
            )),
            None => Err(answer["why"].as_str().unwrap_or("no answer").to_owned()),
        }
    }
}

/// WebKit's driver drops some characters without a word; a test must not rest on them.
fn typeable(text: &str) -> &str {
    let dropped = text
        .chars()
        .find(|letter| *letter == '\n' || u32::from(*letter) > 0xffff);
    assert_eq!(
        dropped, None,
        "WebKitWebDriver does not type this character"
    );
    text
}
