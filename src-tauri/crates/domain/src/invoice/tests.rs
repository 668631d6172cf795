//! From a draft to a document, and to the credit note that takes it back.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use uuid::Uuid;

use super::credit::{Issue, Taken, full_credit_note};
use super::{
    Content, Deduction, DeductionKind, DeductionValue, DocumentKind, Draft, Finalised, Item,
    LINES_MAX, finalise, issue_date,
};
use crate::company::Company;
use crate::error::{Error, Rule};
use crate::id::InvoiceId;
use crate::money::Cents;
use crate::numbering::Series;
use crate::tests::{
    DAY, NORMAL, company, content, customer, draft, invoice, line, number, spec_content,
};
use crate::vat::VatTreatment;

fn checked(content: &Content, company: &Company) -> Result<(), (String, Rule)> {
    match content.check(company) {
        Ok(_) => Ok(()),
        Err(Error { field, rule }) => Err((field, rule)),
    }
}

fn refused(field: &str, rule: Rule) -> Result<(), (String, Rule)> {
    Err((field.to_owned(), rule))
}

fn finalised(draft: Draft, company: Company) -> Result<Finalised, Error> {
    let number = number(Series::Invoice, 42);
    finalise(
        draft,
        number,
        DAY,
        company,
        customer(),
        Timestamp::UNIX_EPOCH,
    )
}

fn credited(invoice: &Finalised, notes: &[Finalised]) -> Result<Finalised, Error> {
    let issue = Issue {
        id: InvoiceId::new(Uuid::from_u128(9)),
        number: number(Series::CreditNote, 7),
        date: date(2026, 11, 9),
        at: Timestamp::UNIX_EPOCH,
    };
    full_credit_note(
        invoice,
        Taken {
            notes,
            lost: &[],
            ..Taken::default()
        },
        issue,
    )
}

#[test]
fn a_document_needs_a_charged_line() {
    let remark = Item::Comment {
        text: "À voir sur place".to_owned(),
    };
    let only_words = Content {
        items: vec![remark],
        ..content(Vec::new())
    };
    assert_eq!(
        checked(&only_words, &company()),
        refused("lines", Rule::NoLine)
    );
    assert_eq!(
        checked(&content(Vec::new()), &company()),
        refused("lines", Rule::NoLine)
    );
}

#[test]
fn a_document_has_at_most_two_thousand_items() {
    let full = content(vec![line("1", "1.00", NORMAL); LINES_MAX]);
    assert_eq!(checked(&full, &company()), Ok(()));
    let over = content(vec![line("1", "1.00", NORMAL); LINES_MAX + 1]);
    assert_eq!(
        checked(&over, &company()),
        refused("lines", Rule::TooManyLines { most: 2_000 })
    );
}

#[test]
fn under_the_franchise_no_line_is_taxed() {
    let franchise = Company {
        franchise: true,
        ..company()
    };
    let exempt = content(vec![line("1", "10.00", VatTreatment::Exempt)]);
    assert_eq!(checked(&exempt, &franchise), Ok(()));
    let lines = vec![
        line("1", "10.00", VatTreatment::Exempt),
        line("1", "10.00", NORMAL),
    ];
    assert_eq!(
        checked(&content(lines), &franchise),
        refused("lines[1].vat_rate", Rule::VatUnderFranchise)
    );
}

#[test]
fn a_deduction_takes_something_off() {
    let with = |cents| {
        let value = DeductionValue::Amount(Cents::new(cents));
        let deductions = vec![Deduction::new(DeductionKind::Other, value)];
        Content {
            deductions,
            ..spec_content()
        }
    };
    assert_eq!(checked(&with(1), &company()), Ok(()));
    for cents in [0, -1] {
        assert_eq!(
            checked(&with(cents), &company()),
            refused("deductions[0].amount", Rule::NotPositive)
        );
    }
}

#[test]
fn dates_of_a_series_never_go_back_and_never_ahead() {
    let (yesterday, today, tomorrow) = (date(2026, 11, 1), DAY, date(2026, 11, 3));
    let rule = |asked: Option<Date>, last: Option<Date>| {
        issue_date(asked, today, last).map_err(|error| (error.field, error.rule))
    };
    assert_eq!(rule(None, None), Ok(today));
    assert_eq!(rule(None, Some(today)), Ok(today));
    assert_eq!(rule(Some(yesterday), None), Ok(yesterday));
    assert_eq!(rule(Some(yesterday), Some(yesterday)), Ok(yesterday));
    let field = || "issue_date".to_owned();
    assert_eq!(
        rule(Some(tomorrow), None),
        Err((field(), Rule::IssuedInFuture { date: tomorrow }))
    );
    let before_last = |last| Err((field(), Rule::IssuedBeforeLast { last }));
    assert_eq!(rule(Some(yesterday), Some(today)), before_last(today));
    // A clock that was set back makes no earlier document.
    assert_eq!(rule(None, Some(tomorrow)), before_last(tomorrow));
}

#[test]
fn a_document_is_its_draft_with_number_dates_and_parties() {
    let document = finalised(draft(spec_content()), company()).unwrap();
    assert_eq!(document.id, draft(spec_content()).id);
    assert!(document.is_invoice());
    assert_eq!(document.kind.code(), "invoice");
    assert_eq!(document.number.to_string(), "F-2026-00042");
    assert_eq!(
        (document.issue_date, document.due_date),
        (DAY, date(2026, 12, 2))
    );
    assert_eq!(
        (&document.seller, &document.buyer),
        (&company(), &customer())
    );
    let mut said = spec_content();
    said.deductions[0].release_on = Some(date(2027, 11, 2));
    assert_eq!(document.content, said);
    assert_eq!(document.totals.net_due, Cents::new(207_362));
}

#[test]
fn a_document_is_never_due_before_it_is_issued() {
    let due = |asked| {
        finalised(
            Draft {
                due_date: Some(asked),
                ..draft(spec_content())
            },
            company(),
        )
    };
    assert_eq!(due(DAY).unwrap().due_date, DAY);
    assert_eq!(
        due(date(2026, 11, 1)),
        Err(Error::at("due_date", Rule::DueBeforeIssue))
    );
    let at_once = Company {
        payment_days: 0,
        ..company()
    };
    assert_eq!(
        finalised(draft(spec_content()), at_once).unwrap().due_date,
        DAY
    );
}

#[test]
fn a_draft_that_breaks_a_rule_is_not_finalised() {
    let outcome = finalised(draft(content(Vec::new())), company());
    assert_eq!(outcome, Err(Error::at("lines", Rule::NoLine)));
}

#[test]
fn a_stored_document_reads_back() {
    for document in [
        invoice(spec_content()),
        credited(&invoice(spec_content()), &[]).unwrap(),
    ] {
        let text = serde_json::to_string(&document).unwrap();
        assert_eq!(serde_json::from_str::<Finalised>(&text).unwrap(), document);
    }
}

#[test]
fn a_credit_note_gives_back_what_its_invoice_asked() {
    let invoice = invoice(spec_content());
    let note = credited(&invoice, &[]).unwrap();
    assert!(!note.is_invoice());
    assert_eq!(
        note.kind,
        DocumentKind::CreditNote {
            credits: invoice.reference(),
            of_deposit: false,
        }
    );
    assert_eq!(
        (note.kind.code(), note.number.to_string().as_str()),
        ("credit_note", "A-2026-00007")
    );
    assert_eq!(
        (note.issue_date, note.due_date),
        (date(2026, 11, 9), date(2026, 11, 9))
    );
    assert_ne!(note.id, invoice.id);
    assert_eq!(
        (&note.totals, &note.content),
        (&invoice.totals, &invoice.content)
    );
    assert_eq!(
        (&note.seller, &note.buyer),
        (&invoice.seller, &invoice.buyer)
    );
}

#[test]
fn an_invoice_is_credited_once_and_a_credit_note_never() {
    let invoice = invoice(spec_content());
    let already = Err(Error::at("id", Rule::AlreadyCancelled));
    let note = credited(&invoice, &[]).unwrap();
    assert_eq!(credited(&invoice, std::slice::from_ref(&note)), already);
    assert_eq!(
        credited(&note, &[]),
        Err(Error::at("id", Rule::NotAnInvoice))
    );
}
