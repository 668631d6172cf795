//! The customer in a real browser: headless Chromium, driven through WebDriver, on the page behind
//! the link of an invoice.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on stops"
)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use acquit_app::Format;
use acquit_domain::link::LinkState;
use acquit_domain::receipt::Status;
use acquit_tests::World;
use fantoccini::{Client, ClientBuilder, Locator};

/// A browser with its driver; both end with the test.
struct Browser {
    driver: Child,
    client: Client,
    _profile: tempfile::TempDir,
}

impl Browser {
    async fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver, from the package chromium-driver");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next().expect("the driver says its port").unwrap();
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
            .expect("a session");
        Self {
            driver,
            client,
            _profile: profile,
        }
    }

    async fn type_into(&self, id: &str, text: &str) {
        let field = self.client.find(Locator::Id(id)).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    async fn pay_with(&self, url: &str, card: &str) -> String {
        self.client.goto(url).await.unwrap();
        self.type_into("card_number", card).await;
        self.type_into("card_expiry", "04/31").await;
        self.type_into("card_code", "123").await;
        self.type_into("card_name", "HELENE MARCHAND").await;
        self.client
            .find(Locator::Id("pay"))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        let outcome = self
            .client
            .wait()
            .for_element(Locator::Id("outcome"))
            .await
            .unwrap();
        outcome.attr("data-outcome").await.unwrap().unwrap()
    }

    async fn stop(mut self) {
        self.client.close().await.unwrap();
        self.driver.kill().unwrap();
        self.driver.wait().unwrap();
    }
}

fn url_of(world: &World, invoice: acquit_domain::id::InvoiceId) -> String {
    let link = world.acquit.invoice(invoice).unwrap().link.unwrap();
    let LinkState::Open(hosted) = link.state else {
        panic!("no page: {:?}", link.state)
    };
    hosted.url
}

#[tokio::test]
async fn a_customer_pays_in_a_browser_and_a_refused_card_settles_nothing() {
    let world = World::demonstration(7).await;
    let (paid, refused) = (world.issue(420), world.issue(180));
    world.acquit.sync().await.unwrap();
    let browser = Browser::start().await;

    let outcome = browser
        .pay_with(&url_of(&world, paid.id), "4242 4242 4242 4242")
        .await;
    assert_eq!(outcome, "paid");
    let outcome = browser
        .pay_with(&url_of(&world, refused.id), "4000 0000 0000 0051")
        .await;
    assert_ne!(outcome, "paid");
    // The paid page cannot be paid twice.
    browser.client.goto(&url_of(&world, paid.id)).await.unwrap();
    assert!(browser.client.find(Locator::Id("pay")).await.is_err());
    browser.stop().await;

    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.settled.len(), 1, "{report:?}");
    let paid = world.acquit.invoice(paid.id).unwrap();
    assert_eq!(paid.standing.status, Status::Settled);
    let refused = world.acquit.invoice(refused.id).unwrap();
    assert_eq!(refused.standing.status, Status::Finalised);
    assert!(refused.receipts.is_empty());
    assert_eq!(refused.attempts[0].outcome, "card_declined");

    let folder = tempfile::tempdir().unwrap();
    let fec = folder.path().join("812345676FEC20261231.txt");
    world
        .acquit
        .export(Format::Fec, world.acquit.today(), None, &fec)
        .unwrap();
    let written = std::fs::read_to_string(fec).unwrap();
    let payment = report.settled[0].payment.to_string();
    let line = written
        .lines()
        .find(|line| line.starts_with("PP\t") && line.contains("512700"))
        .unwrap();
    assert!(line.contains(&payment) && line.contains("462,00"), "{line}");
}
