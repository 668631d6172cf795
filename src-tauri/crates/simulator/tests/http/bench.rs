//! A running simulator and a client that knows nothing of it but its address.

use acquit_simulator::{ClockSource, Handle, Options, Simulator};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

/// 2026-11-22, 20:14 in Paris.
pub(crate) const START: i64 = 1_795_374_840;
pub(crate) const VISA: &str = "4242424242424242";

pub(crate) struct Bench {
    pub(crate) simulator: Simulator,
    pub(crate) handle: Handle,
    pub(crate) client: Client,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect(&self.text)
    }

    /// An error as PayPlug writes it, with this status.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16) -> Value {
        let body = self.json();
        assert_eq!(self.status, status, "{body}");
        assert_eq!(body["object"], "error");
        assert!(
            body["message"]
                .as_str()
                .is_some_and(|message| !message.is_empty()),
            "{body}"
        );
        assert!(
            body["details"].is_object() || body["details"].is_string(),
            "{body}"
        );
        body
    }
}

/// Time stands still; control routes are served.
pub(crate) fn options() -> Options {
    Options {
        control: true,
        clock: ClockSource::Fixed(START),
        ..Options::default()
    }
}

impl Bench {
    pub(crate) async fn start() -> Bench {
        Bench::with(options()).await
    }

    pub(crate) async fn with(options: Options) -> Bench {
        let address = "127.0.0.1:0".parse().unwrap();
        let simulator = Simulator::start(address, options).await.unwrap();
        let handle = simulator.handle();
        let redirect = reqwest::redirect::Policy::none();
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect)
            .build()
            .unwrap();
        Bench {
            simulator,
            handle,
            client,
        }
    }

    /// With the test key and the current version.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address = format!("{}{path}", self.simulator.base_url());
        self.client
            .request(method, address)
            .bearer_auth("sk_test_bench")
            .header("PayPlug-Version", "2019-08-06")
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        send(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        send(self.request(Method::PATCH, path).json(&body)).await
    }

    /// Creates a payment through the API; gives its object.
    pub(crate) async fn create(&self, amount: i64) -> Value {
        let reply = self.post("/v1/payments", asked(amount)).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json()
    }

    /// The same; gives its id.
    pub(crate) async fn id(&self, amount: i64) -> String {
        id_of(&self.create(amount).await)
    }

    pub(crate) async fn read(&self, id: &str) -> Value {
        let reply = self.get(&format!("/v1/payments/{id}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Reply {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Reply {
        status,
        headers,
        text: answer.text().await.unwrap(),
    }
}

pub(crate) fn asked(amount: i64) -> Value {
    json!({
        "amount": amount,
        "currency": "EUR",
        "description": "Facture F-2026-00147",
        "hosted_payment": { "sent_by": "OTHER" },
        "billing": { "title": "mrs", "first_name": "Hélène", "last_name": "Marchand",
                     "email": "helene@client.example", "country": "FR", "postcode": "37000" },
        "metadata": { "invoice": "F-2026-00147", "tenant": 7, "urgent": true },
    })
}

pub(crate) fn id_of(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}
