//! What a FEC of many lines costs: lines per second of processor time and memory, beside writing the same bytes and beside
//! Tryton's FEC, in turns, each in a process of its own. `measure_fec [LINES]`, 1,000,000 by default.
#![expect(clippy::print_stdout, reason = "a measurement says what it found")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use acquit_accounting::{AuxiliaryAccount, Chart, Entry, Journal, Lines};
use acquit_app::{Acquit, Format, MemoryKeychain, NewCompany, Parts, SystemClock};
use acquit_domain::Cents;
use acquit_domain::invoice::Nature;
use acquit_domain::link::FileNature;
use acquit_domain::vat::{StandardRate, VatTreatment};
use acquit_store::{CompanyFile, EntryRow};
use acquit_tests::company;
use acquit_tests::measured::{cpu_ms, memory_kib};
use jiff::Timestamp;
use jiff::civil::date;
use serde_json::{Value, json};

const LINES: u32 = 1_000_000;
/// Lines of one entry: a customer, a retention, what was sold, its VAT.
const ENTRY_LINES: u32 = 4;
/// Lines of the other program, which is slow: its pace is compared, not its time.
const THEIR_LINES: u32 = 20_000;
/// Turns; each has all programs.
const ROUNDS: usize = 3;
const RATE: StandardRate = StandardRate::Intermediate;
/// First arguments of the processes that are measured.
const EXPORT: &str = "export";
const COPY: &str = "copy";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [EXPORT, data, file] => export(Path::new(data), Path::new(file)),
        [COPY, from, to] => copy(Path::new(from), Path::new(to)),
        [lines] => compare(lines.parse().unwrap()),
        _ => compare(LINES),
    }
}

fn parts() -> Parts {
    let keychain = Arc::new(MemoryKeychain::default());
    Parts::set(Arc::new(SystemClock), 1, keychain, "measure")
}

/// A file with entries of so many lines; making it is not what is measured.
fn fill(data: &Path, lines: u32) {
    let new = NewCompany {
        company: company(),
        logo_path: None,
    };
    drop(Acquit::create(data, new, FileNature::Real, parts()).unwrap());
    let file = CompanyFile::open(data, Timestamp::UNIX_EPOCH).unwrap();
    let filled = file.write(|writer| {
        for index in 1..=lines / ENTRY_LINES {
            writer.insert_entry(&entry(index), Timestamp::UNIX_EPOCH)?;
        }
        Ok::<_, acquit_store::Error>(())
    });
    filled.unwrap();
}

/// Sales of a year, each to a customer of its own among a thousand.
fn entry(index: u32) -> EntryRow {
    let chart = Chart::default();
    let day = date(2026, 1, 1).saturating_add(jiff::Span::new().days(index % 365));
    let piece = format!("F-2026-{index:06}");
    let customer = AuxiliaryAccount {
        code: format!("CMARCHAND{}", index % 1_000),
        label: format!("Hélène Marchand {}", index % 1_000),
    };
    let works = chart.sale_at(Nature::Works, VatTreatment::Standard(RATE));
    let lines = Lines::new()
        .debit(chart.customers().of(&customer), Cents::new(104_500))
        .debit(chart.retention().of(&customer), Cents::new(5_500))
        .credit(works, Cents::new(100_000))
        .credit(chart.vat_awaiting(RATE), Cents::new(10_000));
    let label = format!("Facture {piece} {}", customer.label);
    let entry = Entry::new(Journal::Sales, day, &piece, day, label, lines);
    EntryRow {
        entry: entry.unwrap().unwrap(),
        invoice: None,
        recorded_on: day,
    }
}

fn compare(lines: u32) {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).display().to_string();
    let few = lines.min(THEIR_LINES);
    // Twice as many lines must not need more memory; beyond a few, SQLite's own cache is full.
    for (name, lines) in [("many", lines), ("half", lines / 2), ("few", few)] {
        fill(Path::new(&path(name)), lines);
    }
    let program = std::env::current_exe().unwrap();
    let ours = |arguments: &[&str]| answer(Command::new(&program).args(arguments));
    let python = std::env::var("ACQUIT_MEASURE_PYTHON").ok();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tryton_fec.py");
    let [mut many, mut half, mut short, mut copied, mut theirs] = [const { Vec::new() }; 5];
    for round in 0..ROUNDS {
        // A batch is taken once: each turn has a copy of the file.
        for (name, told) in [
            ("few", &mut short),
            ("half", &mut half),
            ("many", &mut many),
        ] {
            let data = path(&format!("{name}-{round}"));
            fs::create_dir(&data).unwrap();
            for entry in fs::read_dir(path(name)).unwrap() {
                let entry = entry.unwrap();
                fs::copy(entry.path(), Path::new(&data).join(entry.file_name())).unwrap();
            }
            told.push(ours(&[EXPORT, &data, &path("fec.txt")]));
            fs::remove_dir_all(&data).unwrap();
        }
        copied.push(ours(&[COPY, &path("fec.txt"), &path("copy.txt")]));
        if let Some(python) = &python {
            let (count, to) = (few.to_string(), path("theirs.txt"));
            let mut command = Command::new(python);
            theirs.push(answer(command.arg(&script).args([&count, &to])));
        }
    }
    told("Acquit", &many);
    told("Acquit, half of them", &half);
    told("Acquit, few lines", &short);
    told("the same bytes, written", &copied);
    told("Tryton", &theirs);
}

fn answer(command: &mut Command) -> Value {
    let output = command.output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The best turn, the slowest, and the most memory of any.
fn told(who: &str, turns: &[Value]) {
    let of = |name: &str| turns.iter().filter_map(|turn| turn[name].as_u64()).max();
    let costs = || turns.iter().filter_map(|turn| turn["cpu_ms"].as_u64());
    let (Some(lines), Some(least), Some(most)) = (of("lines"), costs().min(), costs().max()) else {
        println!("      {who}: not measured");
        return;
    };
    println!(
        "      {who}: {lines} lines in {least} to {most} ms of processor, {} lines a second, {} KiB at most ({} before)",
        lines * 1_000 / least.max(1),
        of("peak_kib").unwrap_or(0),
        of("rest_kib").unwrap_or(0)
    );
}

fn export(data: &Path, file: &Path) {
    let acquit = Acquit::open(data, parts()).unwrap();
    let (rest, _) = memory_kib();
    let before = cpu_ms();
    let summary = acquit
        .export(Format::Fec, date(2026, 12, 31), None, file)
        .unwrap();
    tell(summary.lines, cpu_ms() - before, Some(rest));
}

/// Writes the bytes of a file again, a piece at a time.
fn copy(from: &Path, to: &Path) {
    let before = cpu_ms();
    let (mut from, mut to) = (File::open(from).unwrap(), File::create(to).unwrap());
    let mut piece = vec![0; 64 * 1024];
    let mut lines = 0;
    loop {
        let read = from.read(&mut piece).unwrap();
        if read == 0 {
            break;
        }
        lines += piece[..read].iter().filter(|byte| **byte == b'\n').count() as u64;
        to.write_all(&piece[..read]).unwrap();
    }
    to.sync_all().unwrap();
    tell(lines - 1, cpu_ms() - before, None);
}

fn tell(lines: u64, cpu_ms: u64, rest_kib: Option<u64>) {
    let (_, peak) = memory_kib();
    let told = json!({ "lines": lines, "cpu_ms": cpu_ms, "peak_kib": peak, "rest_kib": rest_kib });
    println!("{told}");
}
