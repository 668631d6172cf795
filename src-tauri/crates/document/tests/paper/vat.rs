//! VAT returns on paper: short, long and empty, as a real file and as a demonstration.

use acquit_document::{Marks, VatLine, VatPaper, VatSum, display_vat, render_vat};
use acquit_domain::Cents;
use acquit_domain::company::Company;
use acquit_domain::vat::{StandardRate, VatBasis};
use jiff::civil::date;

use crate::fixtures::*;
use crate::judges::sound_text;
use crate::structure::{all_text, assert_sound};

const fn sum(rate: StandardRate, base: i64, vat: i64) -> VatSum {
    VatSum {
        rate,
        base: Cents::new(base),
        vat: Cents::new(vat),
    }
}

fn line(counter: u32, piece: &str, cause: &'static str, sum: VatSum) -> VatLine {
    VatLine {
        date: date(2026, 11, 2),
        document: format!("F-2026-{counter:05}").parse().unwrap(),
        piece: (!piece.is_empty()).then(|| piece.to_owned()),
        customer: "Mme Hélène Marchand".to_owned(),
        cause,
        sum,
    }
}

fn paper<'a>(company: &'a Company, rates: &'a [VatSum], lines: &'a [VatLine]) -> VatPaper<'a> {
    VatPaper {
        company,
        logo: None,
        period: "novembre 2026",
        basis: VatBasis::OnReceipt,
        date: date(2026, 12, 3),
        made_at: "2026-12-03T19:14:00Z".parse().unwrap(),
        marks: Marks::default(),
        rates,
        lines,
    }
}

#[test]
fn poppler_reads_every_figure_of_a_return() {
    let company = company();
    let receipt = sum(StandardRate::Intermediate, 148_196, 14_820);
    let note = sum(StandardRate::Normal, -36_955, -7_391);
    let rates = [note, receipt];
    let lines = [
        line(42, "pay_5iHMDxy4ABR4YBVW4UscIn", "Règlement", receipt),
        line(43, "A-2026-00007", "Avoir", note),
    ];
    let paper = paper(&company, &rates, &lines);
    let pdf = render_vat(&paper).unwrap();
    assert_eq!(render_vat(&paper).unwrap(), pdf);
    let text = sound_text("vat", &pdf);
    for words in [
        "TVA exigible – novembre 2026",
        "établi le 3 décembre 2026",
        "TVA sur les encaissements",
        "Taux Base HT TVA exigible",
        "20 % −369,55 −73,91",
        "10 % 1 481,96 148,20",
        "Total 1 112,41 74,29",
        "Date Facture Client Cause Taux Base HT TVA",
        "F-2026-00042",
        "pay_5iHMDxy4ABR4YBVW4UscIn",
        "Règlement",
        "A-2026-00007",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn a_long_list_goes_on_with_what_is_carried_over() {
    let company = company();
    let rates = [sum(StandardRate::Normal, 60_000, 12_000)];
    let lines: Vec<VatLine> = (1..=120)
        .map(|counter| {
            let sum = sum(StandardRate::Normal, 500, 100);
            line(counter, "", "Règlement", sum)
        })
        .collect();
    let mut paper = paper(&company, &rates, &lines);
    paper.marks.demonstration = true;
    let pages = display_vat(&paper).unwrap();
    assert!(pages.len() > 2);
    assert_sound("a long return", &pages);
    for page in &pages {
        assert!(all_text(std::slice::from_ref(page)).contains("DÉMONSTRATION"));
    }
    let text = all_text(&pages);
    assert!(text.contains("À reporter") && text.contains("Report"));
    assert!(text.contains("F-2026-00120"));
}

#[test]
fn a_period_without_vat_says_so() {
    let company = company();
    let pages = display_vat(&paper(&company, &[], &[])).unwrap();
    assert_eq!(pages.len(), 1);
    assert_sound("an empty return", &pages);
    assert!(all_text(&pages).contains("Aucune TVA n’est devenue exigible"));
}
