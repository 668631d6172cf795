//! Documents and movements that the tests of this crate share.

use acquit_domain::Cents;
use acquit_domain::company::{Address, Company, FiscalYearEnd};
use acquit_domain::customer::{Customer, CustomerKind};
use acquit_domain::id::{ChargebackId, CustomerId, InvoiceId, ReceiptId};
use acquit_domain::invoice::credit::{Issue, Taken, full_credit_note};
use acquit_domain::invoice::{
    Content, Deduction, DeductionKind, DeductionValue, Draft, DraftKind, Finalised, Item, Line,
    Nature, Operation, finalise,
};
use acquit_domain::numbering::{DocumentNumber, Series};
use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
use acquit_domain::receipt::{Chargeback, PaymentMeans, PayplugSource, Receipt, Refund};
use acquit_domain::remote::{PaymentId, RefundId};
use acquit_domain::text::{Country, Siret};
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::option;
use proptest::prelude::{Just, Strategy, any};
use proptest::sample::select;
use uuid::Uuid;

use crate::entry::{AuxiliaryAccount, Entry};

/// The day of the example in `cli.md`.
pub(crate) const DAY: Date = date(2026, 11, 2);

pub(crate) fn account() -> AuxiliaryAccount {
    AuxiliaryAccount {
        code: "CMARCHAND".to_owned(),
        label: "Hélène Marchand".to_owned(),
    }
}

/// Account, customer's account (or nothing), debit and credit of each line.
pub(crate) fn facts(entry: &Entry) -> Vec<(&str, &str, i64, i64)> {
    let mut facts = Vec::new();
    for line in entry.lines() {
        let customer = line
            .auxiliary
            .as_ref()
            .map_or("", |auxiliary| &auxiliary.code);
        facts.push((
            line.account.as_str(),
            customer,
            line.debit.get(),
            line.credit.get(),
        ));
    }
    facts
}

fn address() -> Address {
    Address {
        line1: "3 rue des Lilas".to_owned(),
        line2: None,
        postcode: "44000".to_owned(),
        city: "Nantes".to_owned(),
        country: Country::france(),
    }
}

fn company(vat_basis: VatBasis) -> Company {
    Company {
        name: "Dupont Plomberie".to_owned(),
        siret: Siret::parse("81234567600017").unwrap(),
        address: address(),
        legal_form: Some("SARL".to_owned()),
        vat_number: None,
        email: None,
        phone: None,
        website: None,
        iban: None,
        bic: None,
        vat_basis,
        franchise: false,
        insurance: None,
        capital: None,
        register: None,
        payment_days: 30,
        fiscal_year_end: FiscalYearEnd::default(),
    }
}

pub(crate) fn customer() -> Customer {
    Customer {
        id: CustomerId::new(Uuid::from_u128(1)),
        code: "CL-0001".to_owned(),
        name: "Hélène Marchand".to_owned(),
        kind: CustomerKind::Private,
        address: address(),
        siren: None,
        vat_number: None,
        email: None,
        phone: None,
    }
}

/// A charged line; `quantity` and `price` as in `cli.md`.
pub(crate) fn line(quantity: &str, price: &str, vat: VatTreatment, nature: Nature) -> Line {
    Line {
        progress: None,
        description: "Travaux".to_owned(),
        quantity: Quantity::parse(quantity).unwrap(),
        unit: None,
        unit_price: UnitPrice::parse(price).unwrap(),
        discount: Percent::ZERO,
        vat,
        nature,
    }
}

pub(crate) fn content(operation: Operation, lines: Vec<Line>) -> Content {
    Content {
        earlier: Vec::new(),
        operation,
        title: None,
        site_address: None,
        customer_reference: None,
        notes: None,
        items: lines.into_iter().map(Item::Line).collect(),
        discount: Percent::ZERO,
        deductions: Vec::new(),
    }
}

/// A deduction in per cent of the total incl. VAT.
pub(crate) fn deduction(kind: DeductionKind, percent: &str) -> Deduction {
    Deduction {
        kind,
        value: DeductionValue::Percent(Percent::parse(percent).unwrap()),
    }
}

/// The example of `cli.md`: 2 182.76 incl. VAT, 233.80 of VAT, 109.14 held back.
pub(crate) fn spec_content() -> Content {
    let intermediate = VatTreatment::Standard(StandardRate::Intermediate);
    let normal = VatTreatment::Standard(StandardRate::Normal);
    let mut tiles = line("14.5", "78.40", intermediate, Nature::Works);
    tiles.discount = Percent::parse("5").unwrap();
    let lines = vec![
        line("1", "480.00", intermediate, Nature::Works),
        tiles,
        line("1", "389.00", normal, Nature::Goods),
    ];
    let deductions = vec![deduction(DeductionKind::Retention, "5")];
    Content {
        deductions,
        ..content(Operation::Services, lines)
    }
}

/// Finalises; `None` where a rule of the domain refuses.
fn finalised(content: Content, basis: VatBasis) -> Option<Finalised> {
    finalised_as(DraftKind::Invoice, 42, content, basis)
}

/// Finalises a document of a kind with a counter, which makes its identity too.
pub(crate) fn finalised_as(
    kind: DraftKind,
    counter: u32,
    content: Content,
    basis: VatBasis,
) -> Option<Finalised> {
    let series = kind.series();
    let prefix: u128 = if series == Series::Deposit {
        2_000
    } else {
        1_000
    };
    let draft = Draft {
        kind,
        id: InvoiceId::new(Uuid::from_u128(prefix + u128::from(counter))),
        customer: customer().id,
        issue_date: None,
        due_date: None,
        content,
        created_at: Timestamp::UNIX_EPOCH,
    };
    let number = DocumentNumber {
        series,
        year: 2026,
        counter,
    };
    finalise(
        draft,
        number,
        DAY,
        company(basis),
        customer(),
        Timestamp::UNIX_EPOCH,
    )
    .ok()
}

/// A finalised invoice of a company that pays VAT on receipts.
pub(crate) fn invoice(content: Content) -> Finalised {
    invoice_on(content, VatBasis::OnReceipt)
}

pub(crate) fn invoice_on(content: Content, basis: VatBasis) -> Finalised {
    finalised(content, basis).expect("the content keeps the rules")
}

/// The credit note that takes an invoice back in full.
pub(crate) fn credit_note(invoice: &Finalised) -> Finalised {
    full_credit_note(invoice, Taken::default(), issue()).unwrap()
}

/// What makes a document of a credit note.
pub(crate) fn issue() -> Issue {
    let id = InvoiceId::new(Uuid::from_u128(3));
    let number = DocumentNumber {
        series: Series::CreditNote,
        year: 2026,
        counter: 7,
    };
    let day = date(2026, 11, 9);
    let at = Timestamp::UNIX_EPOCH;
    Issue {
        id,
        number,
        date: day,
        at,
    }
}

/// A receipt of that day, typed by hand.
pub(crate) fn receipt_of(invoice: &Finalised, cents: i64, means: PaymentMeans) -> Receipt {
    Receipt {
        id: ReceiptId::new(Uuid::from_u128(4)),
        invoice: invoice.id,
        date: DAY,
        amount: Cents::new(cents),
        means,
        payplug: None,
    }
}

/// A receipt by card through PayPlug.
pub(crate) fn card_receipt(invoice: &Finalised, cents: i64) -> Receipt {
    let source = PayplugSource {
        payment: PaymentId::parse("pay_5iHMDxy4ABR4YBVW4UscIn").unwrap(),
        paid_at: Timestamp::UNIX_EPOCH,
        card: None,
    };
    Receipt {
        payplug: Some(source),
        ..receipt_of(invoice, cents, PaymentMeans::CardPayplug)
    }
}

pub(crate) fn refund_of(receipt: &Receipt, cents: i64, date: Date) -> Refund {
    let id = RefundId::parse("re_5iHMDxy4ABR4YBVW4UscIn").unwrap();
    Refund {
        id,
        receipt: receipt.id,
        date,
        amount: Cents::new(cents),
    }
}

pub(crate) fn chargeback_of(receipt: &Receipt, cents: i64, date: Date) -> Chargeback {
    Chargeback {
        id: ChargebackId::new(Uuid::from_u128(5)),
        receipt: receipt.id,
        date,
        amount: Cents::new(cents),
    }
}

/// Any invoice that the rules of the domain let through.
pub(crate) fn any_invoice() -> impl Strategy<Value = Finalised> {
    let deductions = (option::of(0_u32..1_000), option::of(1_i64..50_000));
    let operation = select(vec![Operation::Services, Operation::Goods, Operation::Both]);
    let basis = select(vec![
        VatBasis::OnReceipt,
        VatBasis::OnReceipt,
        VatBasis::OnInvoice,
    ]);
    let lines = proptest::collection::vec(any_line(), 1..7);
    let discount = any_percent();
    (lines, discount, operation, basis, deductions).prop_filter_map(
        "refused by the domain",
        |(lines, discount, operation, basis, (retention, prorata))| {
            let hundredths =
                |value: u32| Percent::parse(&format!("{}.{:02}", value / 100, value % 100)).ok();
            let retention = retention.and_then(hundredths).map(|percent| Deduction {
                kind: DeductionKind::Retention,
                value: DeductionValue::Percent(percent),
            });
            let prorata = prorata.map(|cents| Deduction {
                kind: DeductionKind::Prorata,
                value: DeductionValue::Amount(Cents::new(cents)),
            });
            let deductions = retention.into_iter().chain(prorata).collect();
            finalised(
                Content {
                    discount,
                    deductions,
                    ..content(operation, lines)
                },
                basis,
            )
        },
    )
}

fn any_percent() -> impl Strategy<Value = Percent> {
    proptest::prop_oneof![
        3 => Just(Percent::ZERO),
        1 => (0_u32..=100).prop_map(|percent| Percent::parse(&percent.to_string()).unwrap()),
    ]
}

pub(crate) fn any_line() -> impl Strategy<Value = Line> {
    let rate = select(StandardRate::ALL.to_vec()).prop_map(VatTreatment::Standard);
    let vat = proptest::prop_oneof![6 => rate, 1 => Just(VatTreatment::ReverseCharge), 1 => Just(VatTreatment::Exempt)];
    let nature = select(vec![Nature::Works, Nature::Services, Nature::Goods]);
    let taken_back = any::<u8>().prop_map(|dice| dice < 24);
    (
        1_u32..500,
        1_u32..200_000,
        any_percent(),
        vat,
        nature,
        taken_back,
    )
        .prop_map(|(tenths, cents, discount, vat, nature, taken_back)| {
            let sign = if taken_back { "-" } else { "" };
            let quantity = format!("{sign}{}.{}", tenths / 10, tenths % 10);
            let price = format!("{}.{:02}", cents / 100, cents % 100);
            Line {
                discount,
                ..line(&quantity, &price, vat, nature)
            }
        })
}
