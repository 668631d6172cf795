//! Invoices per second of processor time, and memory of a thousand in one process, beside WeasyPrint and the Python
//! package `factur-x` on the same content, in turns. `cargo xtask measure-paper` runs it.
#![expect(clippy::print_stdout, reason = "a measurement says what it found")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

#[expect(dead_code, reason = "a measurement needs a part of the fixtures")]
#[path = "../tests/paper/fixtures.rs"]
mod fixtures;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use acquit_document::{Marks, Paper, PaymentBlock, Subject};
use acquit_domain::invoice::{Content, Finalised, Item};
use mimalloc::MiMalloc;
use serde_json::{Value, json};

/// That of the programs.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Rounds; each has both programs in turn.
const ROUNDS: usize = 5;
/// Invoices a round.
const OURS: usize = 200;
const THEIRS: usize = 12;
/// Invoices whose memory is told.
const MANY: usize = 1_000;
/// Milliseconds of one of the kernel's ticks (`sysconf(_SC_CLK_TCK)` is 100 on every Linux).
const TICK_MS: u64 = 10;
/// First argument of a process that only makes invoices.
const MAKE: &str = "make";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().position(|one| one == MAKE) {
        Some(place) => make(&arguments[place + 1], arguments[place + 2].parse().unwrap()),
        None => compare(),
    }
}

/// Makes invoices that differ in number and place, and tells what it cost.
fn make(name: &str, count: usize) {
    let logo = fixtures::logo();
    let document = fixtures::invoice(content(name));
    let mut bytes = 0;
    for index in 0..count {
        let mut content = document.content.clone();
        content.site_address = Some(format!("{index} impasse des Tuiliers, 37000 Tours"));
        let document = Finalised {
            content,
            ..document.clone()
        };
        let paper = Paper {
            logo: Some(&logo),
            ..fixtures::paper(&document)
        };
        bytes += acquit_document::render(&paper).unwrap().len();
    }
    let told = json!({ "cpu_ms": cpu_ms(), "peak_kib": peak_kib(), "bytes": bytes / count });
    println!("{told}");
}

fn compare() {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("measure-paper");
    fs::create_dir_all(&place).unwrap();
    let python = std::env::var("ACQUIT_MEASURE_PYTHON").ok();
    for name in ["one", "three"] {
        let input = written(&place, name);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(made(name, OURS));
            if let Some(python) = &python {
                theirs.push(made_by_weasyprint(python, &input, THEIRS));
            }
        }
        tell(name, "Acquit", OURS, &ours);
        if !theirs.is_empty() {
            tell(name, "WeasyPrint + factur-x", THEIRS, &theirs);
            let ratio = best(THEIRS, &theirs).map(|theirs| best(OURS, &ours).unwrap_or(0) / theirs);
            println!("      {name}: ratio {}", ratio.unwrap_or(0));
        }
        let many = made(name, MANY);
        println!(
            "      {name}: {MANY} in one process, {} KiB at most, {} bytes each",
            many["peak_kib"], many["bytes"]
        );
    }
}

fn made(name: &str, count: usize) -> Value {
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new(program);
    command.args([MAKE, name, &count.to_string()]);
    answer(&mut command)
}

fn made_by_weasyprint(python: &str, input: &Path, count: usize) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/weasyprint_paper.py");
    let mut command = Command::new(python);
    command.arg(script).arg(input).arg(count.to_string());
    answer(&mut command)
}

fn answer(command: &mut Command) -> Value {
    let output = command.output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Tenths of invoices per second of processor time in the best round.
fn best(count: usize, rounds: &[Value]) -> Option<u64> {
    let least = rounds.iter().filter_map(|round| round["cpu_ms"].as_u64());
    let least = least.min().filter(|least| *least > 0)?;
    Some(u64::try_from(count).unwrap() * 10_000 / least)
}

fn tell(name: &str, who: &str, count: usize, rounds: &[Value]) {
    let mut costs: Vec<u64> = rounds
        .iter()
        .filter_map(|round| round["cpu_ms"].as_u64())
        .collect();
    costs.sort_unstable();
    let tenths = best(count, rounds).unwrap_or(0);
    println!(
        "      {name}: {who}: {}.{} invoices per second of processor time ({count} in {} to {} ms)",
        tenths / 10,
        tenths % 10,
        costs.first().unwrap(),
        costs.last().unwrap()
    );
}

/// One page, or three.
fn content(name: &str) -> Content {
    let bathroom = fixtures::bathroom();
    if name == "one" {
        return bathroom;
    }
    let lines = bathroom.items.iter().cycle().take(60).cloned();
    Content {
        items: lines.collect(),
        ..bathroom
    }
}

/// What the other program sets: the same words and amounts, and the same XML.
fn written(place: &Path, name: &str) -> PathBuf {
    let document = fixtures::invoice(content(name));
    let paper = fixtures::paper(&document);
    let Subject::Finalised(_) = paper.document else {
        unreachable!()
    };
    let PaymentBlock::Link { url, .. } = paper.payment else {
        unreachable!()
    };
    let mut amounts = document.totals.lines.iter();
    let rows: Vec<Value> = document
        .content
        .items
        .iter()
        .map(|item| match item {
            Item::Line(line) => json!({
                "description": line.description, "quantity": line.quantity.decimal(), "unit": line.unit,
                "price": line.unit_price.decimal(), "rate": line.vat.rate_decimal(),
                "amount": amounts.next().map(|amount| amount.decimal()),
            }),
            Item::Section { title } => json!({ "section": title }),
            Item::Comment { text } => json!({ "section": text }),
        })
        .collect();
    let totals = &document.totals;
    let mut texts = Vec::new();
    for page in acquit_document::display_list(&paper).unwrap() {
        texts.push(page.items.len());
    }
    let whole = json!({
        "number": document.number.to_string(), "seller": document.seller.name, "buyer": document.buyer.name,
        "title": document.content.title, "rows": rows, "url": url, "pages": texts.len(),
        "totals": [["Total HT", totals.net.decimal()], ["TVA", totals.vat.decimal()], ["Net à payer", totals.net_due.decimal()]],
        "xml": acquit_document::xml(&document, Marks::default()),
    });
    let path = place.join(format!("{name}.json"));
    fs::write(&path, whole.to_string()).unwrap();
    path
}

/// Processor time of this process so far, in user and kernel mode.
fn cpu_ms() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name may hold blanks: fields are counted behind it.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|field| field.parse::<u64>().ok())
        .sum::<u64>()
        * TICK_MS
}

/// The most memory so far.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    let number = line.trim().trim_end_matches(" kB");
    number.trim().parse().unwrap_or(0)
}
