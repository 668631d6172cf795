//! The key leaves only for a server that proves to be PayPlug: a proxy of the test's own stands
//! where the network is, and whoever stands in the middle gets nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::thread::JoinHandle;

use acquit_payplug::{BaseAddress, Client, Error, ReportUrl, SecretKey, Timeouts, UrlPolicy};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support;

/// Tells a started copy what it is to find: the proxy and the trusted certificates are read from
/// the environment once a process.
const INSIDE: &str = "ACQUIT_TLS_TEST_INSIDE";
const TEST: &str = "tls::only_a_server_that_proves_to_be_payplug_gets_the_key";

/// What the server shows.
#[derive(Clone, Copy, Debug)]
enum Shown {
    Good,
    OtherName,
    LookalikeName,
    SelfSigned,
    OtherAuthority,
    Expired,
    NotYetValid,
    NoTls,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server's TLS, by what it shows.
fn tls(shown: Shown, trusted: &Authority) -> Arc<ServerConfig> {
    let name = match shown {
        Shown::OtherName => "store.example",
        Shown::LookalikeName => "api.payplug.com.store.example",
        _ => "api.payplug.com",
    };
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    match shown {
        Shown::Expired => params.not_after = rcgen::date_time_ymd(2020, 1, 1),
        Shown::NotYetValid => params.not_before = rcgen::date_time_ymd(2200, 1, 1),
        _ => {}
    }
    let key = KeyPair::generate().unwrap();
    let certificate = match shown {
        Shown::SelfSigned => params.self_signed(&key),
        Shown::OtherAuthority => params.signed_by(&key, &authority()),
        _ => params.signed_by(&key, trusted),
    };
    let chain = vec![certificate.unwrap().der().clone()];
    let secret = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, secret);
    Arc::new(config.unwrap())
}

/// A request's first lines.
fn head(reader: &mut impl BufRead) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
    head
}

/// A proxy that leads one connection to a server of its own; gives what the proxy saw and what the
/// server saw.
fn middle(shown: Shown, trusted: &Authority) -> (String, JoinHandle<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let config = tls(shown, trusted);
    let seen = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let asked = head(&mut BufReader::new(&stream));
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let seen = match shown {
            Shown::NoTls => {
                // First of all the client says that it wants TLS.
                let mut bytes = vec![0];
                (&stream).read_exact(&mut bytes).unwrap();
                (&stream).write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
                (&stream).take(4_096).read_to_end(&mut bytes).ok();
                String::from_utf8_lossy(&bytes).into_owned()
            }
            _ => served(config, stream),
        };
        (asked, seen)
    });
    (address, seen)
}

fn served(config: Arc<ServerConfig>, stream: TcpStream) -> String {
    let connection = ServerConnection::new(config).unwrap();
    let mut reader = BufReader::new(StreamOwned::new(connection, stream));
    let seen = head(&mut reader);
    let body = support::account().to_string();
    let length = body.len();
    let answer =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    // A client that does not trust us is gone by now.
    let stream = reader.get_mut();
    stream.write_all(answer.as_bytes()).ok();
    stream.conn.send_close_notify();
    stream.flush().ok();
    seen
}

/// Runs this test again behind the proxy, where only `trusted` is trusted.
fn client_behind(proxy: &str, trusted: &std::path::Path, call: &str) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([TEST, "--exact", "--nocapture"])
        .env(INSIDE, call)
        .env("SSL_CERT_FILE", trusted)
        .env_remove("SSL_CERT_DIR")
        .envs(["HTTPS_PROXY", "https_proxy"].map(|name| (name, proxy)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("1 passed"),
        "{call}: {printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn only_a_server_that_proves_to_be_payplug_gets_the_key() {
    if let Ok(call) = std::env::var(INSIDE) {
        return ask(&call).await;
    }
    let trusted = authority();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, trusted.pem()).unwrap();
    // The test's own network works: with the right certificate the key arrives, inside TLS.
    let (proxy, seen) = middle(Shown::Good, &trusted);
    client_behind(&proxy, &file, "account is told");
    let (asked, seen) = seen.join().unwrap();
    assert!(asked.starts_with("CONNECT api.payplug.com:443 "), "{asked}");
    assert!(!asked.contains("planted"), "{asked}");
    assert!(seen.contains("Bearer sk_live_planted"), "{seen}");
    for shown in [
        Shown::OtherName,
        Shown::LookalikeName,
        Shown::SelfSigned,
        Shown::OtherAuthority,
        Shown::Expired,
        Shown::NotYetValid,
        Shown::NoTls,
    ] {
        for call in ["account is refused", "file is refused"] {
            let (proxy, seen) = middle(shown, &trusted);
            client_behind(&proxy, &file, call);
            let (asked, seen) = seen.join().unwrap();
            let told = format!("{asked}{seen}");
            assert!(!told.contains("planted"), "{shown:?}: {told}");
            assert!(!told.contains("GET /"), "{shown:?}: {told}");
        }
    }
}

/// What the started copy does.
async fn ask(call: &str) {
    let key = SecretKey::parse("sk_live_planted").unwrap();
    let client = Client::new(&BaseAddress::payplug(), key, Timeouts::default()).unwrap();
    match call {
        "account is told" => assert!(client.account().await.is_ok()),
        "account is refused" => assert_eq!(client.account().await, Err(Error::Unreachable)),
        _ => {
            let url = "https://api.payplug.com/r.csv";
            let url = ReportUrl::accept(url, UrlPolicy::Payplug).unwrap();
            let found = client.download(&url, &mut Vec::new()).await;
            assert_eq!(found, Err(Error::Unreachable));
        }
    }
}
