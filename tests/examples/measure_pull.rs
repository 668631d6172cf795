//! What a pull over many open links costs the program: requests, time, processor and memory. PayPlug
//! is a process of its own, so that only ours is counted. `measure_pull [LINKS]`, 10,000 by default.
#![expect(clippy::print_stdout, reason = "a measurement says what it found")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use std::io::{BufRead, BufReader, Read, Write, stdin, stdout};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use acquit_app::{Acquit, Clock, MemoryKeychain, NewCompany, Parts, SyncReport, SystemClock};
use acquit_domain::Cents;
use acquit_domain::link::FileNature;
use acquit_domain::remote::PaymentId;
use acquit_domain::vat::StandardRate;
use acquit_simulator::{Mode, Options, Simulator};
use acquit_tests::measured::{cpu_ms, memory_kib};
use acquit_tests::scale::{document, open_links, put_links};
use acquit_tests::{company, customer, invoice};

const LINKS: u32 = 10_000;
/// First argument of the process that is PayPlug.
const PAYPLUG: &str = "payplug";
/// What each link asks for.
const AMOUNT: Cents = Cents::new(12_000);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some(PAYPLUG) => {
            payplug(arguments[1].parse().unwrap(), arguments[2].parse().unwrap()).await
        }
        Some(count) => measure(count.parse().unwrap()).await,
        None => measure(LINKS).await,
    }
}

/// PayPlug with so many open payments; ends with its standard input.
async fn payplug(links: u32, now_s: i64) {
    let address = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(address, Options::default()).await.unwrap();
    let payments = open_links(links, 1, now_s);
    let payments = payments.iter().map(|link| link.payment(AMOUNT)).collect();
    let made = simulator
        .handle()
        .make_earlier(Mode::Live, payments)
        .unwrap();
    let mut output = stdout().lock();
    writeln!(output, "{}", simulator.base_url()).unwrap();
    for one in made {
        writeln!(output, "{} {}", one.id, one.payment_url).unwrap();
    }
    output.flush().unwrap();
    let until_closed = || stdin().read_to_end(&mut Vec::new());
    tokio::task::spawn_blocking(until_closed)
        .await
        .unwrap()
        .unwrap();
}

/// The other process, ended when dropped.
struct Payplug(Child);

impl Drop for Payplug {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

async fn measure(links: u32) {
    let now_s = SystemClock.now().as_second();
    let mut payplug = Payplug(
        Command::new(std::env::current_exe().unwrap())
            .args([PAYPLUG, &links.to_string(), &now_s.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(payplug.0.stdout.take().unwrap()).lines();
    let base = lines.next().unwrap().unwrap();
    let placed: Vec<_> = open_links(links, 1, now_s)
        .into_iter()
        .map(|link| {
            let line = lines.next().unwrap().unwrap();
            let (id, url) = line.split_once(' ').unwrap();
            (link, PaymentId::parse(id).unwrap(), url.to_owned())
        })
        .collect();

    // On a disk as people have one, not in memory.
    let folder = tempfile::tempdir().unwrap();
    let keychain = Arc::new(MemoryKeychain::default());
    let parts = || Parts::set(Arc::new(SystemClock), 1, keychain.clone(), "measure");
    let path = folder.path().join("file");
    let new = NewCompany {
        company: company(),
        logo_path: None,
    };
    let acquit = Acquit::create(&path, new, FileNature::Real, parts()).unwrap();
    acquit.add_customer(customer("Hélène Marchand")).unwrap();
    acquit
        .connect("sk_live_measure", Some(&base))
        .await
        .unwrap();
    let draft = invoice(&[("30000", StandardRate::Intermediate)]);
    let template = acquit
        .finalise(acquit.add_invoice(draft).unwrap().id)
        .unwrap();
    let mut template = document(&acquit, template.id);
    template.totals.net_due = AMOUNT;
    drop(acquit);
    put_links(&path, &template, &placed);
    drop(placed);

    let acquit = Acquit::open(&path, parts()).unwrap();
    let (resting, _) = memory_kib();
    println!("{links} open links; at rest {resting} KiB");
    told("all, first", || acquit.sync()).await;
    told("all, again", || acquit.sync()).await;
    told("what is due", || acquit.pull_due()).await;
}

/// Runs one pull and tells what it cost.
async fn told<F: Future<Output = Result<SyncReport, acquit_app::Error>>>(
    what: &str,
    pull: impl FnOnce() -> F,
) {
    let (begin, cpu_before) = (Instant::now(), cpu_ms());
    let report = pull().await.unwrap();
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    let (took, cpu) = (begin.elapsed().as_millis(), cpu_ms() - cpu_before);
    let (resident, most) = memory_kib();
    let (requests, checked) = (report.requests, report.checked);
    println!(
        "{what}: {requests} requests, {checked} links compared, {took} ms, processor {cpu} ms, \
         memory {resident} KiB (at most {most} KiB)"
    );
}
