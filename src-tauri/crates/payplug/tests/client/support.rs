//! Servers with prepared answers, and samples after the reference (§ 13).

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use acquit_domain::Cents;
use acquit_domain::id::LinkId;
use acquit_domain::remote::PaymentId;
use acquit_payplug::{
    BaseAddress, Buyer, BuyerName, Client, NewPayment, PaymentForm, SecretKey, Timeouts,
};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri};
use serde_json::{Value, json};

pub(crate) const KEY: &str = "sk_test_planted0123456789abcdef";
pub(crate) const PAYMENT: &str = "pay_7Qd2mXkV9rTz4LbWcN1hYe";
pub(crate) const LINK: &str = "0198c0de-0000-7000-8000-000000000042";

/// A request that came in.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A prepared answer.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, body.to_string()).with("content-type", "application/json")
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

#[derive(Default)]
struct Script {
    replies: Vec<Reply>,
    seen: Vec<Seen>,
}

/// Gives its answers in order, the last one for ever.
pub(crate) struct Server {
    pub(crate) address: String,
    script: Arc<Mutex<Script>>,
}

impl Server {
    pub(crate) async fn start(replies: impl Into<Vec<Reply>>) -> Self {
        let script = Script {
            replies: replies.into(),
            seen: Vec::new(),
        };
        let script = Arc::new(Mutex::new(script));
        let router = axum::Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, script }
    }

    pub(crate) async fn json(status: u16, body: &Value) -> Self {
        Self::start([Reply::json(status, body)]).await
    }

    pub(crate) fn client(&self) -> Client {
        client(&self.address)
    }

    /// Every request so far, in order.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.script.lock().unwrap().seen.clone()
    }

    /// The only request.
    pub(crate) fn only(&self) -> Seen {
        let mut seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.remove(0)
    }
}

async fn answer(
    State(script): State<Arc<Mutex<Script>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let mut script = script.lock().unwrap();
    let (method, target) = (method.to_string(), uri.to_string());
    let body = String::from_utf8(body.to_vec()).unwrap();
    script.seen.push(Seen {
        method,
        target,
        headers,
        body,
    });
    let index = script.seen.len().min(script.replies.len()) - 1;
    let reply = script.replies[index].clone();
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}

/// What a server does below HTTP, once it read the request.
pub(crate) enum Raw {
    /// Closes before it read anything, which resets the connection.
    Reset,
    /// Writes this and closes.
    Close(Vec<u8>),
    /// Writes this and then neither writes nor closes.
    Stall(Vec<u8>),
    /// Writes this, and then zeros as one chunk after another as long as anybody listens.
    Endless(Vec<u8>),
}

/// Serves one connection like that; returns its address.
pub(crate) fn raw(behaviour: Raw) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        match behaviour {
            Raw::Reset => {
                // Closing with unread bytes in the buffer sends a reset.
                stream.peek(&mut [0]).unwrap();
            }
            Raw::Close(bytes) => {
                read_request(&mut stream);
                stream.write_all(&bytes).unwrap();
            }
            Raw::Stall(bytes) => {
                read_request(&mut stream);
                stream.write_all(&bytes).unwrap();
                let _ = stream.read_to_end(&mut Vec::new());
            }
            Raw::Endless(bytes) => {
                read_request(&mut stream);
                stream.write_all(&bytes).unwrap();
                let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x1_0000], b"\r\n"].concat();
                while stream.write_all(&chunk).is_ok() {}
            }
        }
    });
    address
}

/// Reads a request whole, so that closing afterwards is no reset.
fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        request.push(byte[0]);
    }
    let head = String::from_utf8(request).unwrap().to_ascii_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    let length = length.map_or(0, |length| length.parse().unwrap());
    stream.read_exact(&mut vec![0; length]).unwrap();
}

pub(crate) fn client(address: &str) -> Client {
    client_with(address, Timeouts::default())
}

pub(crate) fn client_with(address: &str, timeouts: Timeouts) -> Client {
    let base = BaseAddress::loopback(address).unwrap();
    Client::new(&base, SecretKey::parse(KEY).unwrap(), timeouts).unwrap()
}

pub(crate) fn impatient(address: &str) -> Client {
    let short = Duration::from_millis(200);
    client_with(
        address,
        Timeouts {
            connect: short,
            total: short,
        },
    )
}

pub(crate) fn payment_id() -> PaymentId {
    PaymentId::parse(PAYMENT).unwrap()
}

pub(crate) fn link() -> LinkId {
    LINK.parse().unwrap()
}

pub(crate) fn new_payment() -> NewPayment {
    NewPayment {
        link: link(),
        amount: Cents::new(124_850),
        invoice_number: "F-2026-00042".to_owned(),
        description: "Facture F-2026-00042 – Dupont Plomberie".to_owned(),
        buyer: Buyer {
            email: Some("odile.marchais@client.example".to_owned()),
            country: "FR".to_owned(),
            name: BuyerName::Private("Odile Marchais".to_owned()),
        },
        force_3ds: false,
        form: PaymentForm::SentByOther,
        with_billing: true,
    }
}

/// A payment that is open.
pub(crate) fn payment() -> Value {
    json!({
        "id": PAYMENT, "object": "payment", "is_live": false, "amount": 124_850,
        "amount_refunded": 0, "currency": "EUR", "created_at": 1_790_755_200,
        "description": "Facture F-2026-00042 – Dupont Plomberie", "is_paid": false,
        "paid_at": null, "is_refunded": false, "is_3ds": null, "save_card": false,
        "card": { "last4": null, "country": null, "exp_year": null, "exp_month": null,
            "brand": null, "id": null, "metadata": null },
        "hosted_payment": { "payment_url": "http://127.0.0.1:4242/pay/x?token=y",
            "return_url": null, "cancel_url": null, "paid_at": null, "sent_by": "OTHER" },
        "notification": { "url": null, "response_code": null },
        "metadata": { "acquit_link": LINK, "invoice": "F-2026-00042" },
        "failure": null, "installment_plan_id": null, "authorization": null,
        "refundable_after": null, "refundable_until": null, "integration": null,
        "billing": { "last_name": "Odile Marchais", "country": "FR" },
    })
}

/// The same once paid and partly given back.
pub(crate) fn paid() -> Value {
    let changes = json!({
        "is_paid": true, "paid_at": 1_790_784_613, "is_3ds": true, "amount_refunded": 15_000,
        "card": { "last4": "4242", "country": "FR", "exp_year": 2031, "exp_month": 4,
            "brand": "Visa", "id": null, "metadata": null },
        "refundable_after": 1_790_784_613, "refundable_until": 1_806_336_613,
    });
    merged(payment(), &changes)
}

pub(crate) fn refund() -> Value {
    json!({ "id": "re_2HsPq8ZvBnK5xRyJt0LcWm", "payment_id": PAYMENT, "object": "refund",
        "is_live": false, "amount": 15_000, "currency": "EUR", "created_at": 1_790_870_000,
        "metadata": { "reason": "Remise commerciale" } })
}

pub(crate) fn account() -> Value {
    json!({ "is_live": false, "object": "account", "id": "123456", "country": "FR",
        "secret_keys": { "test": "sk_test_planted", "live": "sk_live_planted" },
        "configuration": { "currencies": ["EUR"], "min_amounts": { "EUR": 30 },
            "max_amounts": { "EUR": 1_500_000 }, "oney": { "min_amounts": { "EUR": 10_000 } } },
        "permissions": { "use_live_mode": false, "can_save_cards": true },
        "payment_methods": {} })
}

/// `sample` with the fields of `changes` in place of its own.
pub(crate) fn merged(mut sample: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        sample[name] = value.clone();
    }
    sample
}

/// `sample` with one value at a path such as `card.last4`; `None` takes the field away.
pub(crate) fn with(sample: &Value, path: &str, value: Option<Value>) -> Value {
    let mut sample = sample.clone();
    let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
    let parent = parents
        .split('.')
        .filter(|segment| !segment.is_empty())
        .fold(&mut sample, |object, segment| &mut object[segment]);
    match value {
        Some(value) => parent[name] = value,
        None => {
            parent.as_object_mut().unwrap().remove(name).unwrap();
        }
    }
    sample
}
