//! Statements as they are read: hand-made files of each shape, and any lines at all.

use acquit_domain::Cents;
use jiff::civil::date;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};

use super::{Break, Reason, Source, Statement, amount_of, day_of, kind_of, read};
use crate::statement::{LineKind, Mapping, MappingFault, Meaning, Table, guess};
use crate::text_file::decoded;

const FRENCH: &[u8] = include_bytes!("../../../../../../tests/fixtures/statements/francais.csv");
const REPORT: &[u8] = include_bytes!("../../../../../../tests/fixtures/statements/report.csv");
const ITALIAN: &[u8] = include_bytes!("../../../../../../tests/fixtures/statements/italiano.csv");
const TWO_COLUMNS: &[u8] =
    include_bytes!("../../../../../../tests/fixtures/statements/deux-colonnes.csv");
const UNKNOWN: &[u8] = include_bytes!("../../../../../../tests/fixtures/statements/inconnu.csv");

fn table(bytes: &[u8]) -> Table {
    Table::read(&decoded(bytes)).unwrap()
}

fn statement(bytes: &[u8], source: Source) -> Statement {
    let table = table(bytes);
    let mapping = guess(&table.headers);
    assert_eq!(mapping.check(table.headers.len(), false), Ok(()));
    read(&table, &mapping, source)
}

/// Day of the month, kind, cents and id of each line.
fn facts(statement: &Statement) -> Vec<(i8, LineKind, i64, Option<&str>)> {
    let lines = statement.lines.iter();
    lines
        .map(|line| {
            let id = line.id.as_deref();
            (line.date.day(), line.kind, line.amount.get(), id)
        })
        .collect()
}

fn reasons(statement: &Statement) -> Vec<(u32, Reason)> {
    let unread = statement.unread.iter();
    unread.map(|line| (line.place, line.reason)).collect()
}

#[test]
fn a_french_statement_of_the_portal() {
    let statement = statement(FRENCH, Source::Portal);
    assert_eq!(
        facts(&statement),
        [
            (1, LineKind::Invoice, -8_984, Some("INV-2026-09")),
            (2, LineKind::Payment, 64_000, Some("pay_A1")),
            (5, LineKind::Transfer, -250_000, None),
            (14, LineKind::Refund, -12_000, Some("re_B1")),
            (15, LineKind::Chargeback, -52_000, Some("cb_1")),
            (15, LineKind::Fee, -1_800, Some("cb_2")),
            (20, LineKind::ChargebackWon, 52_000, Some("cb_3")),
        ]
    );
    assert_eq!(
        reasons(&statement),
        [
            (1, Reason::BeforeHeader),
            (2, Reason::BeforeHeader),
            (11, Reason::UnknownKind)
        ]
    );
    let gift = &statement.unread[2];
    assert_eq!(
        (gift.date, gift.amount),
        (Some(date(2026, 10, 21)), Some(Cents::new(500)))
    );
    assert_eq!(
        statement.opening,
        Some((date(2026, 10, 1), Cents::new(241_860)))
    );
    assert_eq!(statement.breaks, []);
    assert_eq!(statement.lines[1].payment.as_deref(), Some("pay_A1"));
}

#[test]
fn a_report_of_the_api_counts_days_of_utc() {
    let statement = statement(REPORT, Source::Report);
    assert_eq!(
        facts(&statement),
        [
            (3, LineKind::Payment, 64_000, Some("pay_A1")),
            (14, LineKind::Refund, -12_000, Some("re_B1")),
            (15, LineKind::Chargeback, -52_000, Some("mv_C1")),
            (15, LineKind::Fee, -1_800, Some("mv_C2")),
            (19, LineKind::Transfer, -100, Some("mv_T1")),
            (1, LineKind::Invoice, -952, Some("mv_I1")),
        ]
    );
    assert_eq!(reasons(&statement), [(8, Reason::OtherCurrency)]);
    assert_eq!(statement.lines[2].payment.as_deref(), Some("pay_A1"));
    assert_eq!(statement.opening, None, "it tells no balances");
}

#[test]
fn an_italian_statement_without_signs_and_with_fees_taken_off() {
    let statement = statement(ITALIAN, Source::Portal);
    assert_eq!(
        facts(&statement),
        [
            (2, LineKind::Payment, 10_000, Some("pay_A1")),
            (2, LineKind::Fee, -145, Some("pay_A1-FRAIS")),
            (3, LineKind::Refund, -2_000, Some("re_B1")),
            (5, LineKind::Transfer, -105_000, None),
            (6, LineKind::Fee, -1_800, Some("mv_1")),
        ]
    );
    assert_eq!(statement.lines[1].vat, Some(Cents::new(24)));
    assert_eq!(statement.lines[3].date, date(2026, 10, 5));
    assert_eq!(
        reasons(&statement),
        [(6, Reason::NoDate), (7, Reason::NoAmount)]
    );
}

#[test]
fn two_columns_newest_first_with_a_doubled_and_a_missing_line() {
    let statement = statement(TWO_COLUMNS, Source::Portal);
    assert_eq!(
        facts(&statement),
        [
            (20, LineKind::Transfer, -100_000, None),
            (12, LineKind::Payment, 120_000, None),
            (2, LineKind::Payment, 4_000, None),
            (1, LineKind::Fee, -1_000, None),
        ]
    );
    assert_eq!(reasons(&statement), [(4, Reason::Doubled { of: 3 })]);
    // 50.00 + 40.00 = 90.00, then 1 240.00 after 1 200.00 came in: −50.00 is missing.
    let missing = Break {
        date: date(2026, 10, 12),
        amount: Cents::new(-5_000),
    };
    assert_eq!(statement.breaks, [missing]);
    assert_eq!(
        statement.opening,
        Some((date(2026, 10, 1), Cents::new(6_000)))
    );
}

#[test]
fn columns_that_nobody_knows_are_read_as_they_are_told() {
    let table = table(UNKNOWN);
    let guessed = guess(&table.headers);
    let refused = MappingFault::NotOne(Meaning::Date);
    assert_eq!(guessed.check(4, false), Err(refused));
    let told = Mapping(vec![
        Meaning::Date,
        Meaning::Kind,
        Meaning::Amount,
        Meaning::Id,
    ]);
    let statement = read(&table, &told, Source::Portal);
    assert_eq!(
        facts(&statement),
        [
            (2, LineKind::Payment, 64_000, Some("pay_A1")),
            (5, LineKind::Transfer, -50_000, None)
        ]
    );
    assert_eq!(statement.unread, []);
}

#[test]
fn what_comes_into_the_bank_may_be_a_transfer() {
    let text =
        "Date;Libellé;Montant\n21/10/2026;VIR SEPA PAYPLUG;4000,00\n22/10/2026;LOYER;-900,00\n";
    let statement = statement(text.as_bytes(), Source::Bank);
    assert_eq!(
        facts(&statement),
        [
            (21, LineKind::Transfer, 400_000, None),
            (22, LineKind::Transfer, -90_000, None)
        ]
    );
}

#[test]
fn amounts_of_all_hands_are_read_and_others_are_not() {
    let cents = |text| amount_of(text).map(Cents::get);
    for (text, expected) in [
        ("1250", 125_000),
        ("1 250,5", 125_050),
        ("1\u{202f}250,50 €", 125_050),
        ("1.250,50", 125_050),
        ("1,250.50", 125_050),
        ("-12.00", -1_200),
        ("−12,00", -1_200),
        ("12,00-", -1_200),
        ("(12,00)", -1_200),
        ("+12,00 EUR", 1_200),
        ("1.250.000", 125_000_000),
        ("1'250.00", 125_000),
    ] {
        assert_eq!(cents(text), Some(expected), "{text}");
    }
    for text in [
        "",
        "abc",
        "1,234",
        "1.234",
        "12,",
        "1,2,3",
        "1.25.000",
        "1234,567.00",
        "99999999999999",
    ] {
        assert_eq!(cents(text), None, "{text}");
    }
}

#[test]
fn days_of_all_hands_are_read_and_others_are_not() {
    for text in [
        "2026-10-02",
        "02/10/2026",
        "2/10/2026",
        "02-10-26",
        "02.10.2026",
        "2026-10-02T09:00",
        "02/10/2026 09:00",
    ] {
        assert_eq!(day_of(text), Some(date(2026, 10, 2)), "{text}");
    }
    for text in [
        "",
        "31/02/2026",
        "10/2026",
        "2026",
        "12,50",
        "1250.00",
        "octobre",
        "02/10/1999",
    ] {
        assert_eq!(day_of(text), None, "{text}");
    }
}

#[test]
fn a_movement_is_known_by_its_words() {
    for (words, kind) in [
        ("Paiement CB", LineKind::Payment),
        ("chargeback_fee", LineKind::Fee),
        ("Impayé", LineKind::Chargeback),
        ("Litige gagné", LineKind::ChargebackWon),
        ("Frais mensuels", LineKind::Invoice),
        ("Payout", LineKind::Transfer),
        ("Rimborso", LineKind::Refund),
    ] {
        assert_eq!(kind_of(words), Some(kind), "{words}");
    }
    assert_eq!(kind_of("Geste commercial"), None);
}

/// Cells that statements have, right and wrong.
fn any_record() -> impl Strategy<Value = String> {
    let day = prop_oneof![
        Just("2026-10-02"),
        Just("31/12/2026"),
        Just("30/02/2026"),
        Just("")
    ];
    let kind = prop_oneof![
        Just("Paiement"),
        Just("Virement"),
        Just("Frais"),
        Just("Autre")
    ];
    let amount = prop_oneof![
        Just("10,00"),
        Just("-3.50"),
        Just("0"),
        Just("?"),
        Just("1,234")
    ];
    (day, kind, amount, 0_u8..3)
        .prop_map(|(day, kind, amount, id)| format!("{day};{kind};{amount};mv_{id}"))
}

proptest! {
    #[test]
    fn every_record_is_a_line_or_is_listed(records in proptest::collection::vec(any_record(), 0..30)) {
        let text = format!("Date;Type;Montant;Référence\n{}\n", records.join("\n"));
        let table = Table::read(&text).unwrap();
        prop_assert_eq!(table.records.len(), records.len());
        let read = read(&table, &guess(&table.headers), Source::Portal);
        let mut places: Vec<u32> = read.lines.iter().map(|line| line.place).collect();
        places.extend(read.unread.iter().map(|line| line.place));
        places.sort_unstable();
        let expected: Vec<u32> = table.records.iter().map(|record| record.place).collect();
        prop_assert_eq!(places, expected);
        let mut keys: Vec<&str> = read.lines.iter().map(|line| line.key.as_str()).collect();
        keys.extend(read.unread.iter().map(|line| line.key.as_str()));
        keys.sort_unstable();
        let count = keys.len();
        keys.dedup();
        prop_assert_eq!(keys.len(), count, "no two lines are taken for one");
    }

    #[test]
    fn no_text_stops_the_reader(text in any::<String>()) {
        if let Ok(table) = Table::read(&text) {
            let mapping = guess(&table.headers);
            let read = read(&table, &mapping, Source::Portal);
            let lines = read.lines.iter().filter(|line| !line.key.starts_with("fee_of:")).count();
            prop_assert_eq!(lines + read.unread.len(), table.before.len() + table.records.len());
        }
    }

    #[test]
    fn what_is_written_is_read_again(cents in -10_000_000_i64..10_000_000) {
        let amount = Cents::new(cents);
        prop_assert_eq!(amount_of(&amount.decimal()), Some(amount));
        prop_assert_eq!(amount_of(&acquit_domain::money::french_euros(amount)), Some(amount));
    }
}
