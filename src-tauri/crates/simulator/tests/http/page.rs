//! The payment page, form by form.

use acquit_simulator::Options;
use reqwest::Method;
use serde_json::{Value, json};

use crate::bench::{Bench, Reply, START, asked, id_of, options, send};

struct Page<'b> {
    bench: &'b Bench,
    id: String,
    url: String,
}

impl Page<'_> {
    async fn open(bench: &Bench, request: Value) -> Page<'_> {
        let payment = bench.post("/v1/payments", request).await.json();
        let url = payment["hosted_payment"]["payment_url"]
            .as_str()
            .unwrap()
            .to_owned();
        Page {
            bench,
            id: id_of(&payment),
            url,
        }
    }

    async fn of(bench: &Bench, amount: i64) -> Page<'_> {
        Page::open(bench, asked(amount)).await
    }

    async fn show(&self) -> Reply {
        send(self.bench.client.get(&self.url)).await
    }

    /// Sends a form; spaces in values are written as `+`.
    async fn send(&self, form: &str) -> Reply {
        let request = self.bench.client.request(Method::POST, &self.url);
        let kind = "application/x-www-form-urlencoded";
        send(request.header("Content-Type", kind).body(form.to_owned())).await
    }

    async fn pay(&self, number: &str) -> Reply {
        self.send(&format!(
            "action=pay&card_number={number}&card_expiry=04+%2F+31&card_code=123&card_name=HELENE"
        ))
        .await
    }

    async fn read(&self) -> Value {
        self.bench.read(&self.id).await
    }
}

/// The form was taken: the browser is sent back to the page.
#[track_caller]
fn is_taken(reply: &Reply, page: &Page<'_>) {
    assert_eq!(reply.status, 303, "{}", reply.text);
    assert_eq!(reply.headers["Location"], page.url.as_str());
}

#[track_caller]
fn shows(reply: &Reply, texts: &[&str]) {
    for text in texts {
        assert!(
            reply.text.contains(text),
            "{text} is missing in {}",
            reply.text
        );
    }
}

#[tokio::test]
async fn the_page_says_who_is_paid_how_much_and_for_what() {
    let company = Some("Ferrand & Fils".to_owned());
    let city = Some("Tours".to_owned());
    let bench = Bench::with(Options {
        accept_company: company,
        company_city: city,
        ..options()
    })
    .await;
    let reply = Page::of(&bench, 286_690).await.show().await;
    assert_eq!(reply.status, 200);
    shows(
        &reply,
        &[
            "<html lang=\"fr\">",
            "Ferrand &amp; Fils",
            "Tours",
            "Facture F-2026-00147",
            "Mme Hélène Marchand",
            "2\u{202f}866,90\u{a0}€",
            "Payer 2\u{202f}866,90\u{a0}€ (simulation)",
            "SIMULATION",
        ],
    );
    for id in [
        "card_number",
        "card_expiry",
        "card_code",
        "card_name",
        "refuse_code",
    ] {
        shows(&reply, &[&format!("id=\"{id}\""), &format!("for=\"{id}\"")]);
    }
    shows(
        &reply,
        &[
            "id=\"pay\"",
            "id=\"refuse\"",
            "id=\"leave\"",
            "id=\"refuse_final\"",
        ],
    );
}

#[tokio::test]
async fn the_page_loads_nothing_foreign_and_is_not_kept() {
    let bench = Bench::start().await;
    let reply = Page::of(&bench, 1_000).await.show().await;
    let policy = reply.headers["Content-Security-Policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(reply.headers["Cache-Control"], "no-store");
    assert_eq!(reply.headers["Referrer-Policy"], "no-referrer");
    assert_eq!(reply.headers["X-Frame-Options"], "DENY");
    for foreign in ["http://", "https://", "<script", " style="] {
        assert!(!reply.text.contains(foreign), "{foreign}");
    }
    let style = bench.get("/assets/page.css").await;
    assert_eq!(style.headers["Content-Type"], "text/css; charset=utf-8");
    assert!(style.text.contains("--accent-fill") && !style.text.contains("url("));
}

#[tokio::test]
async fn a_page_without_its_token_does_not_exist() {
    let bench = Bench::start().await;
    let page = Page::of(&bench, 1_000).await;
    let other = Page::of(&bench, 1_000).await;
    let bare = page.url.split_once('?').unwrap().0;
    let token_of_other = other.url.split_once('?').unwrap().1;
    let as_live = page.url.replace("/pay/test/", "/pay/");
    for wrong in [
        bare.to_owned(),
        format!("{bare}?t=x"),
        format!("{bare}?{token_of_other}"),
        as_live,
    ] {
        let reply = send(bench.client.get(&wrong)).await;
        assert_eq!(reply.status, 404, "{wrong}");
        shows(&reply, &["Page de paiement introuvable"]);
        let form = bench
            .client
            .post(&wrong)
            .header("Content-Type", "application/x-www-form-urlencoded");
        assert_eq!(send(form.body("action=leave")).await.status, 404);
    }
    assert_eq!(page.read().await["failure"], Value::Null);
}

#[tokio::test]
async fn a_card_pays_once() {
    let bench = Bench::start().await;
    let page = Page::of(&bench, 286_690).await;
    is_taken(&page.pay("4242+4242+4242+4242").await, &page);
    shows(
        &page.show().await,
        &["Paiement accepté", "data-outcome=\"paid\"", "Visa", "4242"],
    );
    let payment = page.read().await;
    assert_eq!(payment["is_paid"], true);
    assert_eq!(
        (&payment["card"]["exp_month"], &payment["card"]["exp_year"]),
        (&json!(4), &json!(2031))
    );
    let again = page.pay("5017670000001800").await;
    assert_eq!(again.status, 409);
    shows(&again, &["Paiement accepté"]);
    for action in ["leave", "refuse&refuse_code=card_declined&refuse_final=1"] {
        assert_eq!(page.send(&format!("action={action}")).await.status, 409);
    }
    assert_eq!(page.read().await, payment);
    assert_eq!(
        bench
            .handle
            .account(acquit_simulator::Mode::Test)
            .movements
            .len(),
        1
    );
}

#[tokio::test]
async fn a_live_page_pays_in_the_live_world() {
    let bench = Bench::start().await;
    let address = format!("{}/v1/payments", bench.simulator.base_url());
    let request = bench
        .client
        .post(address)
        .bearer_auth("sk_live_bench")
        .json(&asked(1_000));
    let payment = send(request).await.json();
    let url = payment["hosted_payment"]["payment_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let page = Page {
        bench: &bench,
        id: id_of(&payment),
        url,
    };
    assert_eq!(page.show().await.status, 200);
    is_taken(&page.pay("4242424242424242").await, &page);
    assert!(bench.handle.payment(&page.id).unwrap().is_paid);
}

#[tokio::test]
async fn the_refused_card_ends_the_payment() {
    let bench = Bench::start().await;
    let page = Page::of(&bench, 1_000).await;
    is_taken(&page.pay("4000000000000051").await, &page);
    shows(
        &page.show().await,
        &["Paiement refusé", "Carte refusée par la banque"],
    );
    assert_eq!(page.read().await["failure"]["code"], "card_declined");
    assert_eq!(page.pay("4242424242424242").await.status, 409);
}

#[tokio::test]
async fn a_card_in_3d_secure_pays_after_its_holder_confirmed() {
    let bench = Bench::start().await;
    let page = Page::of(&bench, 1_000).await;
    is_taken(&page.pay("3787+0081+0990+001").await, &page);
    assert_eq!(
        page.read().await["is_paid"],
        false,
        "not before the confirmation"
    );
    shows(
        &page.show().await,
        &["Authentification 3-D Secure", "id=\"confirm\"", "0001"],
    );
    is_taken(&page.send("action=confirm").await, &page);
    let payment = page.read().await;
    assert_eq!(
        (&payment["is_paid"], &payment["is_3ds"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(payment["card"]["brand"], "American Express");
}

#[tokio::test]
async fn a_holder_who_declines_3d_secure_may_try_again() {
    let bench = Bench::start().await;
    let page = Page::of(&bench, 1_000).await;
    page.pay("378700810990001").await;
    is_taken(&page.send("action=decline").await, &page);
    shows(
        &page.show().await,
        &["Vous pouvez réessayer", "id=\"card_number\""],
    );
    assert_eq!(
        bench.handle.payment(&page.id).unwrap().attempts[0].code,
        "3ds_declined"
    );
    assert_eq!(page.read().await["failure"], Value::Null);
    is_taken(&page.send("action=confirm").await, &page);
    assert_eq!(
        page.read().await["is_paid"],
        false,
        "there is nothing left to confirm"
    );
}

#[tokio::test]
async fn a_merchant_can_ask_for_3d_secure_on_any_card() {
    let bench = Bench::start().await;
    let mut request = asked(1_000);
    request["force_3ds"] = json!(true);
    let page = Page::open(&bench, request).await;
    page.pay("4242424242424242").await;
    assert_eq!(page.read().await["is_paid"], false);
    page.send("action=confirm").await;
    assert_eq!(page.read().await["is_3ds"], true);
}

#[tokio::test]
async fn a_field_at_fault_is_explained_beside_it_and_nothing_happens() {
    let bench = Bench::start().await;
    let page = Page::of(&bench, 1_000).await;
    let reply = page.pay("4111111111111111").await;
    assert_eq!(reply.status, 422);
    shows(
        &reply,
        &[
            "id=\"card_number_error\"",
            "aria-invalid=\"true\"",
            "cartes d’essai",
        ],
    );
    shows(&reply, &["value=\"4111111111111111\"", "value=\"04 / 31\""]);
    assert!(
        !reply.text.contains("value=\"123\""),
        "the security code is not sent back"
    );
    let reply = page
        .send("action=pay&card_number=4242424242424242&card_expiry=01%2F20&card_code=12")
        .await;
    shows(
        &reply,
        &["Cette carte est expirée.", "id=\"card_code_error\""],
    );
    let reply = page
        .send("action=pay&card_number=%3Cb%3E&card_expiry=&card_code=")
        .await;
    shows(&reply, &["value=\"&lt;b&gt;\""]);
    let payment = bench.handle.payment(&page.id).unwrap();
    assert!(!payment.is_paid && payment.attempts.is_empty());
}

#[tokio::test]
async fn each_documented_refusal_can_be_simulated_for_good() {
    let bench = Bench::start().await;
    let first = Page::of(&bench, 1_000).await.show().await;
    for code in [
        "processing_error",
        "card_declined",
        "insufficient_funds",
        "3ds_declined",
        "incorrect_number",
        "fraud_suspected",
        "method_unsupported",
        "card_scheme_mismatch",
        "card_expiration_date_prior_to_last_installment_date",
        "aborted",
        "timeout",
    ] {
        shows(&first, &[&format!("<option value=\"{code}\">")]);
        let page = Page::of(&bench, 1_000).await;
        let form = format!("action=refuse&refuse_code={code}&refuse_final=1");
        is_taken(&page.send(&form).await, &page);
        assert_eq!(page.read().await["failure"]["code"], code);
        shows(
            &page.show().await,
            &["id=\"outcome\"", "Rien n’a été débité"],
        );
    }
}

#[tokio::test]
async fn a_refusal_that_is_not_final_leaves_the_same_page_payable() {
    let bench = Bench::start().await;
    let page = Page::of(&bench, 1_000).await;
    is_taken(
        &page
            .send("action=refuse&refuse_code=insufficient_funds")
            .await,
        &page,
    );
    shows(
        &page.show().await,
        &["provision insuffisante", "Vous pouvez réessayer"],
    );
    assert_eq!(page.read().await["failure"], Value::Null);
    is_taken(&page.pay("4242424242424242").await, &page);
    assert_eq!(page.read().await["is_paid"], true);
    let attempts = bench.handle.payment(&page.id).unwrap().attempts;
    assert_eq!((attempts.len(), attempts[0].at), (1, START));
}

#[tokio::test]
async fn leaving_ends_the_payment() {
    let bench = Bench::start().await;
    let page = Page::of(&bench, 1_000).await;
    is_taken(&page.send("action=leave").await, &page);
    shows(&page.show().await, &["Paiement abandonné"]);
    assert_eq!(page.read().await["failure"]["code"], "timeout");
    assert_eq!(page.pay("4242424242424242").await.status, 409);
}

#[tokio::test]
async fn an_aborted_link_says_so_and_takes_no_card() {
    let bench = Bench::start().await;
    let page = Page::of(&bench, 1_000).await;
    bench
        .patch(
            &format!("/v1/payments/{}", page.id),
            json!({ "aborted": true }),
        )
        .await;
    shows(&page.show().await, &["Lien de paiement annulé"]);
    let reply = page.pay("4242424242424242").await;
    assert_eq!(reply.status, 409);
    shows(&reply, &["Lien de paiement annulé"]);
    assert_eq!(page.send("action=pay&card_number=1").await.status, 409);
    assert_eq!(page.read().await["is_paid"], false);
}

#[tokio::test]
async fn after_the_page_the_payer_can_go_where_the_merchant_said() {
    let bench = Bench::start().await;
    let mut request = asked(1_000);
    request["hosted_payment"] = json!({
        "return_url": "https://ferrand.example/merci?a=1&b=%22",
        "cancel_url": "https://ferrand.example/annule",
    });
    let paid = Page::open(&bench, request.clone()).await;
    paid.pay("4242424242424242").await;
    shows(
        &paid.show().await,
        &["href=\"https://ferrand.example/merci?a=1&amp;b=%22\""],
    );
    let left = Page::open(&bench, request).await;
    left.send("action=leave").await;
    shows(
        &left.show().await,
        &["href=\"https://ferrand.example/annule\""],
    );
}

#[tokio::test]
async fn what_the_merchant_wrote_cannot_become_markup() {
    let bench = Bench::start().await;
    let mut request = asked(1_000);
    request["description"] = json!("<script>alert(1)</script>");
    request["billing"]["last_name"] = json!("\"><img src=x>");
    let reply = Page::open(&bench, request).await.show().await;
    shows(&reply, &["&lt;script&gt;", "&quot;&gt;&lt;img"]);
    assert!(!reply.text.contains("<script") && !reply.text.contains("<img"));
}

#[tokio::test]
async fn an_unknown_form_changes_nothing() {
    let bench = Bench::start().await;
    let page = Page::of(&bench, 1_000).await;
    is_taken(&page.send("action=explode").await, &page);
    is_taken(&page.send("action=confirm").await, &page);
    let json = bench
        .client
        .post(&page.url)
        .json(&json!({ "action": "leave" }));
    assert_eq!(send(json).await.status, 400);
    let payment = bench.handle.payment(&page.id).unwrap();
    assert!(payment.failure_code.is_none() && payment.attempts.is_empty());
}
