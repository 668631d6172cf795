//! Deposits, situations, final invoices and what they take off, as they stand on paper.

use acquit_document::{Marks, Paper, PaymentBlock, Subject, display_list, render};
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::credit::Taken;
use acquit_domain::invoice::earlier::{Candidate, earlier};
use acquit_domain::invoice::{
    Content, Deduction, DeductionKind, DeductionValue, Draft, DraftKind, Finalised, Item, finalise,
};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::quantity::Percent;
use uuid::Uuid;

use crate::fixtures::*;
use crate::structure::assert_sound;

fn made(kind: DraftKind, counter: u32, content: Content) -> Finalised {
    let series = kind.series();
    let draft = Draft {
        id: InvoiceId::new(Uuid::from_u128(u128::from(counter))),
        customer: customer().id,
        kind,
        ..draft(content)
    };
    let number = DocumentNumber::following(series, 2026, counter - 1).unwrap();
    let at = "2026-11-18T08:12:44Z".parse().unwrap();
    finalise(draft, number, ISSUED, company(), customer(), at).unwrap()
}

fn situation() -> DraftKind {
    DraftKind::Progress {
        follows: Vec::new(),
    }
}

fn last() -> DraftKind {
    DraftKind::Final {
        follows: Vec::new(),
    }
}

/// Works for 10 000.00 in two lines at 10 %.
fn contract() -> Content {
    content(vec![
        line("Gros œuvre", "1", "forfait", "6000", TEN),
        line("Second œuvre", "1", "forfait", "4000", TEN),
    ])
}

fn as_far_as(done: [&str; 2]) -> Content {
    let mut content = contract();
    for (item, done) in content.items.iter_mut().zip(done) {
        if let Item::Line(line) = item {
            line.progress = Some(Percent::parse(done).unwrap());
        }
    }
    content
}

fn after_all(documents: &[&Finalised], content: Content) -> Content {
    let free = |document| Candidate {
        document,
        taken: Taken::default(),
        settled: true,
        deducted_by: None,
    };
    let all: Vec<Candidate<'_>> = documents.iter().copied().map(free).collect();
    Content {
        earlier: earlier(customer().id, &all, &[]).unwrap(),
        ..content
    }
}

/// The text of the pages, after what holds of every page.
fn read(name: &str, document: &Finalised) -> String {
    assert_sound(name, &display_list(&paper(document)).unwrap());
    text_of(name, &render(&paper(document)).unwrap())
}

fn says(text: &str, words: &str) {
    assert!(text.contains(words), "{words:?} is not in: {text}");
}

/// A deposit of 3 000.00, then 40 % and 75 % of the works, then all of them.
fn documents() -> [Finalised; 4] {
    let deposit = made(
        DraftKind::Deposit,
        77,
        content(vec![line(
            "Acompte à la commande",
            "1",
            "forfait",
            "3000",
            TEN,
        )]),
    );
    let first = after_all(&[&deposit], as_far_as(["60", "10"]));
    let first = made(situation(), 148, first);
    let second = Content {
        deductions: vec![Deduction {
            kind: DeductionKind::Retention,
            value: DeductionValue::Percent(Percent::parse("5").unwrap()),
        }],
        ..after_all(&[&first], as_far_as(["100", "37.5"]))
    };
    let second = made(situation(), 149, second);
    let end = made(last(), 150, after_all(&[&first, &second], contract()));
    [deposit, first, second, end]
}

#[test]
fn each_kind_is_its_heading() {
    let [deposit, first, second, end] = documents();
    for (name, document, heading) in [
        ("deposit", &deposit, "Facture d’acompte AC-2026-00077"),
        ("first", &first, "Situation n° 1 – F-2026-00148"),
        ("second", &second, "Situation n° 2 – F-2026-00149"),
        ("end", &end, "Facture de solde F-2026-00150"),
    ] {
        let text = read(name, document);
        says(&text, heading);
        says(&text, &format!("{heading} · page 1/1"));
    }
    says(&read("note", &credit_note(&deposit)), "Avoir A-2026-00001");
}

#[test]
fn a_situation_says_how_far_the_works_have_come() {
    let [_, first, second, _] = documents();
    let text = read("first", &first);
    says(&text, "Cumul HT");
    says(&text, "réalisé à 60 % sur 6 000,00 HT");
    says(&text, "3 600,00");
    says(&text, "réalisé à 10 % sur 4 000,00 HT");
    // 4 000.00 + 400.00, less the deposit.
    says(&text, "Acompte AC-2026-00077 du 18/11/2026, TTC,");
    says(&text, "300,00");
    says(&text, "\u{2212}3 300,00");
    says(&text, "Net à payer 1 100,00");
    let text = read("second", &second);
    says(&text, "réalisé à 37,5 % sur 4 000,00 HT");
    // 7 500.00 altogether, 4 000.00 of them before: 3 500.00 + 350.00, 192.50 held back.
    says(&text, "Travaux réalisés à ce jour HT 7 500,00");
    says(&text, "Situation F-2026-00148 du 18/11/2026");
    says(&text, "\u{2212}4 000,00");
    says(&text, "Total HT 3 500,00");
    says(&text, "Total TTC 3 850,00");
    says(&text, "Net à payer 3 657,50");
    assert!(!text.contains("Acompte AC"), "{text}");
}

#[test]
fn a_final_invoice_lists_the_situations_that_it_takes_off() {
    let [deposit, _, _, end] = documents();
    let text = read("end", &end);
    says(&text, "Travaux réalisés à ce jour HT 10 000,00");
    says(&text, "Situation F-2026-00149 du 18/11/2026");
    says(&text, "Total HT 2 500,00");
    assert!(!text.contains("réalisé à"), "all is done: {text}");
    let at_once = made(last(), 151, after_all(&[&deposit], contract()));
    let text = read("at_once", &at_once);
    says(&text, "Total TTC 11 000,00");
    says(&text, "\u{2212}3 300,00");
    says(&text, "Net à payer 7 700,00");
    let note = read("note_of_end", &credit_note(&at_once));
    says(&note, "Net à votre crédit 7 700,00");
}

#[test]
fn many_situations_stay_on_the_page() {
    let mut before: Vec<Finalised> = Vec::new();
    for (counter, done) in (1..=12).zip([
        "5", "10", "15", "20", "25", "30", "35", "40", "45", "50", "55", "60",
    ]) {
        let so_far = as_far_as([done, done]);
        let all: Vec<&Finalised> = before.iter().collect();
        before.push(made(situation(), counter, after_all(&all, so_far)));
    }
    let text = read("twelfth", &before[11]);
    says(&text, "Situation n° 12 – F-2026-00012");
    says(&text, "Situation F-2026-00011 du");
}

#[test]
fn a_draft_is_provisional_under_its_name() {
    for (kind, heading) in [
        (DraftKind::Deposit, "Facture d’acompte provisoire"),
        (situation(), "Situation n° 1 provisoire"),
        (last(), "Facture de solde provisoire"),
        (
            DraftKind::CreditNote {
                credits: InvoiceId::new(Uuid::from_u128(9)),
            },
            "Avoir provisoire",
        ),
    ] {
        let (seller, buyer) = (company(), customer());
        let draft = Draft {
            kind,
            ..draft(contract())
        };
        let totals = draft.content.check(&seller).unwrap();
        let paper = Paper {
            document: Subject::Draft {
                draft: &draft,
                totals: &totals,
                seller: &seller,
                buyer: &buyer,
            },
            logo: None,
            payment: PaymentBlock::None,
            standing: None,
            marks: Marks::default(),
            receipts: &[],
        };
        says(&text_of("provisional", &render(&paper).unwrap()), heading);
    }
}
