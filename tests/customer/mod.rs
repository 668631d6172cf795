//! The customer: headless Chromium, driven through WebDriver, on the page behind a payment link.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use fantoccini::{Client, ClientBuilder, Locator};

/// A browser with its driver; both end with the test.
pub(crate) struct Browser {
    driver: Child,
    pub(crate) client: Client,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one with a profile of its own.
    pub(crate) async fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next().unwrap().unwrap();
            if let Some((_, rest)) = line.split_once("started successfully on port ") {
                break rest.trim_end_matches('.').to_owned();
            }
        };
        let profile = tempfile::tempdir().unwrap();
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--no-proxy-server".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        let capabilities = serde_json::json!({ "goog:chromeOptions": { "args": arguments } });
        let serde_json::Value::Object(capabilities) = capabilities else {
            unreachable!()
        };
        let client = ClientBuilder::rustls()
            .unwrap()
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Self {
            driver,
            client,
            _profile: profile,
        }
    }

    async fn type_into(&self, id: &str, text: &str) {
        // What was sent before may still lead to this page.
        let field = self.client.wait().for_element(Locator::Id(id)).await;
        let field = field.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Types a card into the page behind a link and pays; the outcome that the page tells.
    pub(crate) async fn pay_with(&self, url: &str, card: &str) -> String {
        self.open(url).await;
        self.pay_here(card).await;
        self.outcome().await
    }

    /// Opens the page behind a link and leaves it open.
    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Types a card into the page that is open and pays; what comes then may be another question.
    pub(crate) async fn pay_here(&self, card: &str) {
        self.type_into("card_number", card).await;
        self.type_into("card_expiry", "04/31").await;
        self.type_into("card_code", "123").await;
        self.type_into("card_name", "HELENE MARCHAND").await;
        self.click("pay").await;
    }

    /// Clicks something on the page, as soon as it is there.
    pub(crate) async fn click(&self, id: &str) {
        let element = self.client.wait().for_element(Locator::Id(id)).await;
        element.unwrap().click().await.unwrap();
    }

    /// The outcome that the page tells.
    pub(crate) async fn outcome(&self) -> String {
        let outcome = self
            .client
            .wait()
            .for_element(Locator::Id("outcome"))
            .await
            .unwrap();
        outcome.attr("data-outcome").await.unwrap().unwrap()
    }

    /// Ends the browser.
    pub(crate) async fn stop(mut self) {
        self.client.close().await.unwrap();
        self.driver.kill().unwrap();
        self.driver.wait().unwrap();
    }
}
