//! Whole files: golden ones, an outside judge, and whatever a customer may type.

use std::convert::Infallible;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use acquit_accounting::{AuxiliaryAccount, Chart, Entry, Journal, Lines};
use acquit_domain::Cents;
use acquit_domain::invoice::Nature;
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::vat::StandardRate;
use jiff::civil::{Date, date};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};

use crate::{ExportEntry, Format, Letter, Mark, Summary, WriteError, write};

const ISSUED: Date = date(2026, 11, 2);
const PAID: Date = date(2026, 11, 3);

fn customer(name: &str) -> AuxiliaryAccount {
    AuxiliaryAccount {
        code: "CMARCHAND".to_owned(),
        label: name.to_owned(),
    }
}

/// An invoice of 110.00 by 10 %.
fn sale(number: u64, name: &str, label: &str) -> ExportEntry {
    let chart = Chart::default();
    let lines = Lines::new()
        .debit(chart.customers().of(&customer(name)), Cents::new(11_000))
        .credit(chart.sale(Nature::Works), Cents::new(10_000))
        .credit(
            chart.vat_awaiting(StandardRate::Intermediate),
            Cents::new(1_000),
        );
    numbered(number, Journal::Sales, ISSUED, "F-2026-00042", label, lines)
}

/// Its payment by card.
fn payment(number: u64, name: &str, label: &str) -> ExportEntry {
    let chart = Chart::default();
    let (journal, money) = chart.money(PaymentMeans::CardPayplug);
    let lines = Lines::new()
        .debit(money, Cents::new(11_000))
        .credit(chart.customers().of(&customer(name)), Cents::new(11_000));
    numbered(
        number,
        journal,
        PAID,
        "pay_5iHMDxy4ABR4YBVW4UscIn",
        label,
        lines,
    )
}

fn numbered(
    number: u64,
    journal: Journal,
    day: Date,
    piece: &str,
    label: &str,
    lines: Lines,
) -> ExportEntry {
    let entry = Entry::new(journal, day, piece, day, label.to_owned(), lines)
        .unwrap()
        .unwrap();
    let letters = vec![None; entry.lines().len()];
    ExportEntry {
        number,
        journal_code: journal.code().to_owned(),
        entry,
        recorded_on: PAID,
        letters,
    }
}

/// Invoice and payment, lettered with each other.
fn settled() -> Vec<ExportEntry> {
    let letter = || {
        Some(Letter {
            code: "AAA".to_owned(),
            date: PAID,
        })
    };
    let name = "Hélène Marchand";
    let mut entries = vec![
        sale(1, name, "Facture F-2026-00042 Hélène Marchand"),
        payment(
            2,
            name,
            "Règlement carte PayPlug F-2026-00042 Hélène Marchand",
        ),
    ];
    entries[0].letters[0] = letter();
    entries[1].letters[1] = letter();
    entries
}

fn written(format: Format, mark: Mark, entries: Vec<ExportEntry>) -> (String, Summary) {
    let mut out = Vec::new();
    let entries = entries.into_iter().map(Ok::<_, Infallible>);
    let summary = write(format, mark, entries, &mut out).unwrap();
    (String::from_utf8(out).unwrap(), summary)
}

#[test]
fn a_journal_is_written_under_the_code_of_its_time() {
    let mut entry = sale(1, "Hélène Marchand", "Facture");
    entry.journal_code = "VT".to_owned();
    for (format, beginning) in [
        (Format::Fec, "VT\tVentes\t1\t"),
        (Format::Csv, "VT;Ventes;1;"),
    ] {
        let (text, _) = written(format, Mark::None, vec![entry.clone()]);
        assert!(
            text.lines().skip(1).all(|line| line.starts_with(beginning)),
            "{text}"
        );
    }
}

/// Cells of a semicolon file, as RFC 4180 reads it.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut signs = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(sign) = signs.next() {
        let row = rows.last_mut().unwrap();
        match sign {
            '"' if quoted && signs.next_if_eq(&'"').is_some() => row.last_mut().unwrap().push('"'),
            '"' => quoted = !quoted,
            ';' if !quoted => row.push(String::new()),
            '\r' if !quoted && signs.next_if_eq(&'\n').is_some() => rows.push(vec![String::new()]),
            other => row.last_mut().unwrap().push(other),
        }
    }
    rows.pop();
    rows
}

#[test]
fn a_fec_has_eighteen_columns_in_tabs() {
    let (text, summary) = written(Format::Fec, Mark::None, settled());
    let expected = [
        "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise",
        "VE|Ventes|1|20261102|411000|Clients|CMARCHAND|Hélène Marchand|F-2026-00042|20261102|Facture F-2026-00042 Hélène Marchand|110,00|0,00|AAA|20261103|20261103||",
        "VE|Ventes|1|20261102|704000|Travaux|||F-2026-00042|20261102|Facture F-2026-00042 Hélène Marchand|0,00|100,00|||20261103||",
        "VE|Ventes|1|20261102|445742|TVA en attente d’encaissement 10 %|||F-2026-00042|20261102|Facture F-2026-00042 Hélène Marchand|0,00|10,00|||20261103||",
        "PP|PayPlug|2|20261103|512700|PayPlug|||pay_5iHMDxy4ABR4YBVW4UscIn|20261103|Règlement carte PayPlug F-2026-00042 Hélène Marchand|110,00|0,00|||20261103||",
        "PP|PayPlug|2|20261103|411000|Clients|CMARCHAND|Hélène Marchand|pay_5iHMDxy4ABR4YBVW4UscIn|20261103|Règlement carte PayPlug F-2026-00042 Hélène Marchand|0,00|110,00|AAA|20261103|20261103||",
        "",
    ];
    assert_eq!(
        text.replace('\t', "|").split("\r\n").collect::<Vec<_>>(),
        expected
    );
    let sum = Cents::new(22_000);
    assert_eq!(
        summary,
        Summary {
            entries: 2,
            lines: 5,
            debit: sum,
            credit: sum
        }
    );
}

#[test]
fn a_csv_reads_as_people_expect() {
    let mut entries = settled();
    entries.truncate(1);
    let (text, summary) = written(Format::Csv, Mark::None, entries);
    let expected = [
        "\u{feff}Journal;Libellé du journal;N° d’écriture;Date;Compte;Libellé du compte;Compte client;Client;Pièce;Libellé;Débit;Crédit;Lettrage;Date de lettrage",
        "VE;Ventes;1;02/11/2026;411000;Clients;CMARCHAND;Hélène Marchand;F-2026-00042;Facture F-2026-00042 Hélène Marchand;110,00;0,00;AAA;03/11/2026",
        "VE;Ventes;1;02/11/2026;704000;Travaux;;;F-2026-00042;Facture F-2026-00042 Hélène Marchand;0,00;100,00;;",
        "VE;Ventes;1;02/11/2026;445742;TVA en attente d’encaissement 10 %;;;F-2026-00042;Facture F-2026-00042 Hélène Marchand;0,00;10,00;;",
        "",
    ];
    assert_eq!(text.split("\r\n").collect::<Vec<_>>(), expected);
    assert_eq!((summary.entries, summary.lines), (1, 3));
}

#[test]
fn a_mark_is_the_first_word_of_each_label_and_nothing_else() {
    for (format, label) in [(Format::Fec, 10), (Format::Csv, 9)] {
        let rows = |mark| -> Vec<Vec<String>> {
            let (text, _) = written(format, mark, settled());
            cells(&text.replace('\t', ";"))
        };
        let real = rows(Mark::None);
        for (mark, word) in [
            (Mark::Demonstration, "DEMONSTRATION"),
            (Mark::Trial, "ESSAI"),
        ] {
            let marked = rows(mark);
            assert_eq!(marked.len(), real.len());
            for (number, (row, other)) in marked.into_iter().zip(&real).enumerate() {
                let mut expected = other.clone();
                if number > 0 {
                    expected[label] = format!("{word} {}", other[label]);
                }
                assert_eq!(row, expected);
            }
        }
    }
}

#[test]
fn a_format_is_known_by_its_word() {
    for format in Format::ALL {
        assert_eq!(Format::from_code(format.code()), Some(format));
    }
    assert_eq!(Format::from_code("FEC"), None);
}

#[test]
fn an_entry_that_cannot_be_had_stops_the_file() {
    let entries = settled().into_iter().map(Ok).chain([Err("lost")]);
    let outcome = write(Format::Fec, Mark::None, entries, &mut Vec::new());
    assert!(matches!(outcome, Err(WriteError::Source("lost"))));
}

#[test]
fn a_full_disk_is_told() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let entries = settled().into_iter().map(Ok::<_, Infallible>);
    let outcome = write(Format::Csv, Mark::None, entries, &mut Full);
    assert!(
        matches!(outcome, Err(WriteError::Output(error)) if error.kind() == io::ErrorKind::StorageFull)
    );
}

/// What the repository's own judge says of a FEC with this text.
fn judge(text: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("812345676FEC20261231.txt");
    std::fs::write(&file, text).unwrap();
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/judges/judge_fec.py");
    let output = Command::new("python3")
        .arg(judge)
        .arg(file)
        .output()
        .unwrap();
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

#[test]
fn the_judge_accepts_a_fec_whatever_names_contain() {
    let nasty = "Zoë\tO’Brien\u{2028}|\u{85}\u{b}=1;\"\r\nVE\tVentes\t9";
    let mut entries = settled();
    entries.push(sale(3, nasty, nasty));
    entries.push(payment(4, nasty, nasty));
    let (text, _) = written(Format::Fec, Mark::Demonstration, entries);
    let (accepted, words) = judge(&text);
    assert!(accepted, "{words}");
    let (accepted, _) = judge(&text.replace("110,00\t0,00\tAAA", "110,01\t0,00\tAAA"));
    assert!(!accepted, "a judge that accepts everything judges nothing");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_stays_in_its_field(texts in proptest::collection::vec(any_text(), 1..4)) {
        let entries = || -> Vec<ExportEntry> {
            (1..).zip(&texts).map(|(number, text)| sale(number, text, text)).collect()
        };
        let (fec, _) = written(Format::Fec, Mark::None, entries());
        let (csv, _) = written(Format::Csv, Mark::None, entries());
        let rows: Vec<Vec<String>> = fec.split_terminator("\r\n").map(|row| row.split('\t').map(str::to_owned).collect()).collect();
        for (rows, columns, amounts) in [(rows, 18, 11..13), (cells(&csv), 14, 10..12)] {
            prop_assert_eq!(rows.len(), 1 + 3 * texts.len());
            for row in &rows {
                prop_assert_eq!(row.len(), columns, "{:?}", row);
                prop_assert!(row.iter().all(|field| !field.chars().any(char::is_control)));
            }
            let sides: Vec<&[String]> = rows[1..].iter().map(|row| &row[amounts.clone()]).collect();
            for three in sides.chunks(3) {
                prop_assert_eq!(three, [["110,00", "0,00"], ["0,00", "100,00"], ["0,00", "10,00"]]);
            }
        }
        let runs = |field: &String| field.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
        prop_assert!(!cells(&csv).iter().flatten().any(runs));
    }
}

/// Texts in which the signs of the layouts are frequent.
fn any_text() -> impl Strategy<Value = String> {
    let sign = proptest::prop_oneof![
        proptest::sample::select(
            "=+-@＝\t\r\n;\"'| \u{a0}\u{2028}\u{85}\u{200b}a"
                .chars()
                .collect::<Vec<_>>()
        ),
        any::<char>(),
    ];
    proptest::collection::vec(sign, 1..12).prop_map(String::from_iter)
}
