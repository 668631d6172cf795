//! Statements of account: short and long, private and professional, as a real file and as a
//! demonstration.

use acquit_document::{
    Error, Marks, Statement, StatementLine, StatementLink, display_statement, render_statement,
};
use acquit_domain::Cents;
use acquit_domain::company::Company;
use acquit_domain::customer::{Customer, CustomerKind};
use acquit_domain::money::french_amount;
use acquit_domain::statement::Owed;
use acquit_domain::text::{Siren, VatNumber};
use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::fixtures::*;
use crate::judges::sound_text;
use crate::structure::{all_text, assert_sound, links};

const TODAY: Date = date(2026, 11, 22);

/// An invoice in cents incl. VAT, of which something was received, due so many days ago.
fn line(counter: u32, title: &str, (gross, received): (i64, i64), days_ago: i32) -> StatementLine {
    let due_date = TODAY - days_ago.days();
    let owed = Owed {
        number: format!("F-2026-{counter:05}").parse().unwrap(),
        issue_date: due_date - 30.days(),
        due_date,
        title: (!title.is_empty()).then(|| title.to_owned()),
        gross: Cents::new(gross),
        lowered: Cents::new(received),
        deducted: Cents::ZERO,
        remaining: Cents::new(gross - received),
        days_late: days_ago.max(0),
    };
    StatementLine { owed, link: None }
}

fn payable(line: StatementLine, url: &str, test: bool) -> StatementLine {
    let url = url.to_owned();
    StatementLine {
        link: Some(StatementLink { url, test }),
        ..line
    }
}

/// What is left after a retention or a credit note of so many cents.
fn less(line: StatementLine, cents: i64) -> StatementLine {
    let off = Cents::new(cents);
    let owed = Owed {
        lowered: line.owed.lowered + off,
        deducted: off,
        remaining: line.owed.remaining - off,
        ..line.owed
    };
    StatementLine { owed, ..line }
}

fn three() -> Vec<StatementLine> {
    vec![
        payable(
            line(
                112,
                "Réfection de la toiture de l’appentis",
                (406_690, 120_000),
                15,
            ),
            "https://secure.payplug.com/pay/toiture",
            false,
        ),
        less(
            line(131, "Remplacement du ballon d’eau chaude", (223_850, 0), 1),
            11_193,
        ),
        payable(
            line(147, "Rénovation de la salle de bain", (286_690, 0), -26),
            URL,
            false,
        ),
    ]
}

pub(crate) fn sixty() -> Vec<StatementLine> {
    let lines = (1..=60).map(|counter| {
        let days_ago = 40 - i32::try_from(counter).unwrap();
        let title = format!("Entretien de la chaufferie, bâtiment {counter}, cœur d’îlot");
        payable(line(counter, &title, (123_456, 0), days_ago), URL, false)
    });
    lines.collect()
}

fn business() -> Customer {
    Customer {
        name: "SCI Les Tuiliers".to_owned(),
        kind: CustomerKind::Business,
        siren: Siren::parse("732829320").ok(),
        vat_number: VatNumber::parse("FR44732829320").ok(),
        ..customer()
    }
}

pub(crate) fn statement<'a>(
    company: &'a Company,
    customer: &'a Customer,
    lines: &'a [StatementLine],
) -> Statement<'a> {
    Statement {
        company,
        logo: None,
        customer,
        date: TODAY,
        made_at: "2026-11-22T19:14:00Z".parse().unwrap(),
        marks: Marks::default(),
        lines,
    }
}

fn contains_all(text: &str, all: &[&str]) {
    for words in all {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn poppler_reads_every_word_of_a_statement() {
    let (company, customer, lines, logo) = (company(), customer(), three(), logo());
    let statement = Statement {
        logo: Some(&logo),
        ..statement(&company, &customer, &lines)
    };
    let pdf = render_statement(&statement).unwrap();
    assert_eq!(render_statement(&statement).unwrap(), pdf);
    let text = sound_text("statement", &pdf);
    contains_all(
        &text,
        &[
            "Relevé de compte",
            "établi le 22 novembre 2026",
            "Mme Hélène Marchand",
            "3 factures à régler, dont 2 en retard",
            "Numéro Date Échéance Objet TTC Réglé, déduit Reste dû",
            "F-2026-00112",
            "Réfection de la toiture",
            "08/10/2026 07/11/2026",
            "15 jours de retard",
            "4 066,90 1 200,00 2 866,90",
            "1 jour de retard",
            "2 238,50 111,93 2 126,57",
            "dont 111,93 € déduits",
            "Payer par carte",
            "Total dû au 22 novembre 2026",
            // 2 866,90 + 2 126,57 + 2 866,90; the first two are late.
            "7 860,37 €",
            "dont 4 993,47 € en retard",
            "IBAN FR76 1999 9000 3700 5127 0048 175",
            "BIC EXMPFRPP",
            "en rappelant les numéros des factures",
            "Relevé de compte · page 1/1",
        ],
    );
    for absent in ["L441-10", "DÉMONSTRATION", "LIEN DE TEST"] {
        assert!(!text.contains(absent), "{absent} in {text}");
    }
    let pages = display_statement(&statement).unwrap();
    assert_sound("statement", &pages);
    assert_eq!(
        links(&pages),
        ["https://secure.payplug.com/pay/toiture", URL]
    );
    let file = lopdf::Document::load_mem(&pdf).unwrap();
    let annotations = file.page_iter().flat_map(|id| {
        let annotations = file.get_page_annotations(id).unwrap();
        annotations.into_iter().cloned().collect::<Vec<_>>()
    });
    assert_eq!(annotations.count(), 2);
}

#[test]
fn a_professional_who_is_late_is_told_what_the_law_says() {
    let (company, customer, lines) = (company(), business(), three());
    let late = render_statement(&statement(&company, &customer, &lines)).unwrap();
    let text = sound_text("statement-business", &late);
    contains_all(&text, &["L441-10", "40 €", "SIREN 732 829 320"]);
    let on_time = [line(147, "Salle de bain", (286_690, 0), 0)];
    let pages = display_statement(&statement(&company, &customer, &on_time)).unwrap();
    let text = all_text(&pages);
    contains_all(&text, &["1 facture à régler", "Réglé"]);
    for absent in ["L441-10", "en retard", "déduit", "Payer par carte"] {
        assert!(!text.contains(absent), "{absent} in {text}");
    }
}

#[test]
fn a_long_statement_carries_its_sum_from_page_to_page() {
    let (company, customer, lines) = (company(), business(), sixty());
    let statement = statement(&company, &customer, &lines);
    let pages = display_statement(&statement).unwrap();
    assert_sound("long statement", &pages);
    assert_eq!(links(&pages).len(), 60);
    let count = pages.len();
    assert!(count >= 3, "{count} pages");
    let mut shown = 0;
    for (index, page) in pages.iter().enumerate() {
        let text = all_text(std::slice::from_ref(page));
        assert!(text.contains(&format!("Relevé de compte · page {}/{count}", index + 1)));
        assert!(text.contains("Échéance"), "the head is repeated");
        let carried =
            |count: i64| french_amount(Cents::new(123_456 * count)).replace('\u{202f}', " ");
        if index > 0 {
            assert!(
                text.contains(&format!("{}\nReport", carried(shown))),
                "{text}"
            );
        }
        shown += i64::try_from(text.matches("F-2026-").count()).unwrap();
        let goes_on = text.contains(&format!("{}\nÀ reporter", carried(shown)));
        assert_eq!(goes_on, index + 1 < count, "page {}: {text}", index + 1);
    }
    assert_eq!(shown, 60);
    let pdf = render_statement(&statement).unwrap();
    let text = sound_text("statement-long", &pdf);
    // 60 and 39 times 1 234,56.
    contains_all(&text, &["74 073,60 €", "dont 48 147,84 € en retard"]);
}

#[test]
fn what_is_due_never_stands_alone_on_a_page() {
    let (company, customer) = (company(), business());
    for count in 8..40 {
        let lines = &sixty()[..count];
        let pages = display_statement(&statement(&company, &customer, lines)).unwrap();
        assert_sound(&format!("{count} lines"), &pages);
        let last = pages
            .iter()
            .map(|page| all_text(std::slice::from_ref(page)))
            .find(|text| text.contains("Total dû"));
        assert!(last.unwrap().contains("F-2026-"), "{count} lines");
    }
}

#[test]
fn every_page_says_what_kind_of_file_a_statement_comes_from() {
    let (company, customer) = (company(), customer());
    let lines: Vec<_> = sixty()
        .into_iter()
        .map(|line| payable(line, URL, true))
        .collect();
    let marked = Statement {
        marks: Marks {
            trial: true,
            demonstration: true,
            duplicate: false,
        },
        ..statement(&company, &customer, &lines)
    };
    let pages = display_statement(&marked).unwrap();
    assert_sound("marked", &pages);
    for page in pages {
        let text = all_text(&[page]);
        for mark in ["ESSAI", "DÉMONSTRATION", "LIEN DE TEST"] {
            assert!(text.matches(mark).count() >= 2, "{mark} in {text}");
        }
    }
    sound_text("statement-marked", &render_statement(&marked).unwrap());
}

#[test]
fn strange_and_enormous_things_still_fit() {
    let (mut company, mut customer) = (company(), business());
    company.iban = None;
    customer.name = format!("SCI {}", "Château-".repeat(20));
    let lines = [
        line(
            1,
            &"anticonstitutionnellement".repeat(8),
            (99_999_999_999, 12_345_678_901),
            4_000,
        ),
        less(line(2, "漢字 🛠️ Ελληνικά", (9_999_999_999, 0), 3), 99),
        line(3, "", (1, 0), -3),
    ];
    let bare = statement(&company, &customer, &lines);
    assert_sound("hostile statement", &display_statement(&bare).unwrap());
    let text = sound_text("statement-hostile", &render_statement(&bare).unwrap());
    contains_all(&text, &["Réglez comme indiqué sur chaque facture", "0,01"]);
    // As wide as a number can be.
    let mut wide = line(5, "Salle de bain", (9_999_999_999, 1), 5);
    wide.owed.number = "W".repeat(35).parse().unwrap();
    let wide = [payable(wide, URL, false)];
    let wide = display_statement(&statement(&company, &customer, &wide)).unwrap();
    assert_sound("widest number", &wide);
    let bad = [payable(
        line(4, "Tampon", (100, 0), 0),
        "javascript:alert(1)",
        false,
    )];
    assert_eq!(
        render_statement(&statement(&company, &customer, &bad)),
        Err(Error::LinkUnusable)
    );
}
