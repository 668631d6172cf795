//! What a rendition says of itself: duplicata, acquittée with what settled it, and the retention.

use acquit_document::{
    Item, Marks, Paper, PaperMovement, PaperReceipt, PaymentBlock, Subject, display_list, marks_on,
};
use acquit_domain::Cents;
use acquit_domain::adjustment::Adjustment;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::{Deduction, DeductionKind, DeductionValue, Finalised};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::quantity::Percent;
use acquit_domain::receipt::{Movements, PaymentMeans, standing};
use acquit_domain::rendition::Mark;
use jiff::civil::date;
use uuid::Uuid;

use crate::fixtures::*;

/// What stands on each page, every kind of space an ordinary one.
fn said(paper: &Paper<'_>) -> Vec<String> {
    fn texts(items: &[Item], all: &mut Vec<String>) {
        for item in items {
            match item {
                Item::Text { run, .. } => all.push(run.text.clone()),
                Item::Turned { items, .. } => texts(items, all),
                _ => {}
            }
        }
    }
    let pages = display_list(paper).unwrap();
    let page = |items: &[Item]| {
        let mut all = Vec::new();
        texts(items, &mut all);
        let words = all.join(" ");
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    pages.iter().map(|one| page(&one.items)).collect()
}

/// With 5 % held back.
fn held(change: impl Fn(&mut Deduction)) -> Finalised {
    let five = DeductionValue::Percent(Percent::parse("5").unwrap());
    let mut deduction = Deduction::new(DeductionKind::Retention, five);
    change(&mut deduction);
    let mut content = bathroom();
    content.deductions = vec![deduction];
    invoice(content)
}

#[test]
fn every_page_of_a_duplicate_says_so() {
    let document = invoice(bathroom());
    let marks = Marks {
        duplicate: true,
        ..Marks::default()
    };
    let duplicate = Paper {
        marks,
        ..paper(&document)
    };
    for page in said(&duplicate) {
        assert!(page.matches("DUPLICATA").count() >= 2, "{page}");
    }
    assert!(!said(&paper(&document)).concat().contains("DUPLICATA"));
    assert_eq!(marks_on(&duplicate), [Mark::Duplicate]);
    assert_eq!(marks_on(&paper(&document)), [Mark::Original]);
}

#[test]
fn what_is_said_of_a_rendition_is_what_it_shows() {
    let document = invoice(bathroom());
    let asked = document.totals.net_due.get();
    let receipts = [card(date(2026, 11, 26), asked)];
    let settled = Paper {
        standing: Some(after(&document, asked)),
        receipts: &receipts,
        ..paper(&document)
    };
    assert_eq!(marks_on(&settled), [Mark::Settled]);
    assert!(said(&settled).concat().contains("ACQUITTÉE"));
    let test = Paper {
        payment: PaymentBlock::Link {
            url: URL,
            test: true,
        },
        marks: Marks {
            trial: true,
            ..Marks::default()
        },
        ..paper(&document)
    };
    assert_eq!(
        marks_on(&test),
        [Mark::Original, Mark::Trial, Mark::TestLink]
    );
    let (draft, seller, buyer) = (draft(bathroom()), company(), customer());
    let provisional = Paper {
        document: Subject::Draft {
            draft: &draft,
            totals: &document.totals,
            seller: &seller,
            buyer: &buyer,
        },
        ..paper(&document)
    };
    assert_eq!(marks_on(&provisional), [Mark::Provisional]);
    assert!(said(&provisional).concat().contains("PROVISOIRE"));
}

#[test]
fn a_settled_invoice_tells_date_means_and_transaction_of_each_receipt() {
    let document = invoice(bathroom());
    let asked = document.totals.net_due.get();
    let second = PaperReceipt {
        transaction: Some("pay_5iHMDxy4ABR4YBVW4UscIn".to_owned()),
        ..card(date(2026, 11, 30), 50_000)
    };
    let receipts = [
        cheque(date(2026, 11, 20), 20_000),
        card(date(2026, 11, 26), asked - 70_000),
        second,
    ];
    let text = said(&Paper {
        standing: Some(after(&document, asked)),
        receipts: &receipts,
        ..paper(&document)
    })
    .concat();
    for words in [
        "ACQUITTÉE",
        "le 30 novembre 2026, par carte",
        "20/11/2026 Chèque",
        "26/11/2026 Carte Mastercard •• 0927",
        "transaction PayPlug pay_7Qd2mXkV9rTz4LbWcN1hYe",
        "30/11/2026 Carte Mastercard •• 0927",
        "transaction PayPlug pay_5iHMDxy4ABR4YBVW4UscIn",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

/// The rows of the list come to what is due, and what is no money pays nothing.
#[test]
fn what_was_decided_on_the_account_is_listed() {
    let document = invoice(bathroom());
    let asked = document.totals.net_due.get();
    let other: DocumentNumber = "F-2026-00012".parse().unwrap();
    let decided = |cents, adjustment, is_incoming, other| PaperReceipt {
        kind: PaperMovement::Adjusted {
            adjustment,
            is_incoming,
            other,
        },
        means: match adjustment {
            Adjustment::Returned { means } => means,
            _ => PaymentMeans::Other,
        },
        ..cheque(date(2026, 12, 4), cents)
    };
    let target = InvoiceId::new(Uuid::from_u128(7));
    let set_off = Adjustment::SetOff { target };
    let back = Adjustment::Returned {
        means: PaymentMeans::Transfer,
    };
    let shown = |receipts: &[PaperReceipt]| {
        said(&Paper {
            standing: Some(after(&document, asked)),
            receipts,
            ..paper(&document)
        })
        .concat()
    };
    let by_credit = shown(&[
        cheque(date(2026, 11, 20), asked - 9_303),
        decided(9_300, set_off, true, Some(other)),
        decided(3, Adjustment::Missing, false, None),
    ]);
    for words in [
        "ACQUITTÉE",
        "le 4 décembre 2026, par compensation",
        "Trop-perçu de la facture F-2026-00012 93,00",
        "Écart de règlement abandonné 0,03",
    ] {
        assert!(by_credit.contains(words), "{words} in {by_credit}");
    }
    let too_much = shown(&[
        cheque(date(2026, 11, 20), asked + 700),
        decided(300, back, false, None),
        decided(250, set_off, false, Some(other)),
        decided(100, Adjustment::Kept, false, None),
        decided(50, Adjustment::TooMuch, false, None),
    ]);
    for words in [
        "ACQUITTÉE",
        "le 20 novembre 2026, par chèque",
        "Trop-perçu rendu : virement \u{2212}3,00",
        "Trop-perçu imputé sur la facture F-2026-00012 \u{2212}2,50",
        "Trop-perçu gardé en avoir à valoir \u{2212}1,00",
        "Écart de règlement soldé \u{2212}0,50",
    ] {
        assert!(too_much.contains(words), "{words} in {too_much}");
    }
    let given_up = shown(&[decided(3, Adjustment::Missing, false, None)]);
    assert!(!given_up.contains("ACQUITTÉE"), "{given_up}");
}

#[test]
fn a_retention_tells_its_day_and_a_bond_that_nothing_is_held() {
    let dated = held(|one| one.release_on = Some(date(2027, 6, 30)));
    let text = said(&paper(&dated)).concat();
    let released = text.contains("à libérer le 30/06/2027");
    assert!(
        released && text.contains("Retenue de garantie 5 %"),
        "{text}"
    );
    let usual = said(&paper(&held(|_| {}))).concat();
    assert!(usual.contains("à libérer le 18/11/2027"), "{usual}");
    let bonded = held(|one| one.bond = true);
    let text = said(&paper(&bonded)).concat();
    assert!(
        text.contains("remplacée par une caution bancaire"),
        "{text}"
    );
    assert!(!text.contains("à libérer"), "{text}");
    assert_eq!(bonded.totals.net_due, bonded.totals.gross);
    let note = said(&paper(&credit_note(&dated))).concat();
    assert!(!note.contains("à libérer"), "{note}");
}

#[test]
fn a_released_retention_is_asked_for_by_its_own_date() {
    let document = held(|_| {});
    let (asked, retained) = (document.totals.net_due, document.totals.retention());
    let release = PaperReceipt {
        date: date(2027, 11, 18),
        amount: retained,
        means: PaymentMeans::Other,
        card: None,
        transaction: None,
        kind: PaperMovement::Released {
            due_on: date(2027, 12, 18),
        },
    };
    let receipts = [card(date(2026, 11, 26), asked.get()), release];
    let movements = Movements {
        received: asked,
        released: retained,
        ..Movements::default()
    };
    let text = said(&Paper {
        standing: Some(standing(asked, movements)),
        receipts: &receipts,
        ..paper(&document)
    })
    .concat();
    for words in [
        "18 décembre 2027",
        "18/11/2027 Retenue de garantie libérée",
        "Reste à payer",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let paid = [
        receipts[0].clone(),
        receipts[1].clone(),
        card(date(2027, 12, 1), retained.get()),
    ];
    let all = Movements {
        received: asked + retained,
        ..movements
    };
    let settled = Paper {
        standing: Some(standing(asked, all)),
        receipts: &paid,
        ..paper(&document)
    };
    assert_eq!(marks_on(&settled), [Mark::Settled]);
    assert_ne!(retained, Cents::ZERO);
}
