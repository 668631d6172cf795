//! A company, a customer and contents that the tests of this crate share.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any};
use proptest::sample::select;
use uuid::Uuid;

use crate::company::{Address, Company, FiscalYearEnd, Insurance};
use crate::customer::{Customer, CustomerKind};
use crate::id::{CustomerId, InvoiceId};
use crate::invoice::{
    Content, Deduction, DeductionKind, DeductionValue, Draft, Finalised, Item, Line, Nature,
    Operation, finalise,
};
use crate::money::Cents;
use crate::numbering::{DocumentNumber, Pattern, Series};
use crate::quantity::{Percent, Quantity, UnitPrice};
use crate::text::{Country, Email, Iban, Siren, Siret};
use crate::vat::{StandardRate, VatBasis, VatTreatment};

/// The day of the example in `cli.md`.
pub(crate) const DAY: Date = date(2026, 11, 2);

pub(crate) const NORMAL: VatTreatment = VatTreatment::Standard(StandardRate::Normal);
pub(crate) const INTERMEDIATE: VatTreatment = VatTreatment::Standard(StandardRate::Intermediate);

fn address() -> Address {
    Address {
        line1: "3 rue des Lilas".to_owned(),
        line2: None,
        postcode: "44000".to_owned(),
        city: "Nantes".to_owned(),
        country: Country::france(),
    }
}

/// A company that lacks nothing the law wants.
pub(crate) fn company() -> Company {
    let insurance = Insurance {
        insurer: "Assurances du Bâtiment".to_owned(),
        contact: None,
        policy: None,
        area: None,
    };
    Company {
        name: "Dupont Plomberie".to_owned(),
        siret: Siret::parse("81234567600017").unwrap(),
        address: address(),
        legal_form: Some("SARL".to_owned()),
        vat_number: Some(Siren::parse("812345676").unwrap().vat_number()),
        email: None,
        phone: None,
        website: None,
        iban: Some(Iban::parse("FR7619999000370051270048175").unwrap()),
        bic: None,
        vat_basis: VatBasis::OnReceipt,
        franchise: false,
        insurance: Some(insurance),
        capital: None,
        register: None,
        payment_days: 30,
        fiscal_year_end: FiscalYearEnd::default(),
    }
}

/// A private customer with an e-mail address.
pub(crate) fn customer() -> Customer {
    Customer {
        id: CustomerId::new(Uuid::from_u128(1)),
        code: "CL-0001".to_owned(),
        name: "Hélène Marchand".to_owned(),
        kind: CustomerKind::Private,
        address: address(),
        siren: None,
        vat_number: None,
        email: Some(Email::parse("helene@client.example").unwrap()),
        phone: None,
    }
}

/// A charged line; `quantity` and `price` as in `cli.md`.
pub(crate) fn line(quantity: &str, price: &str, vat: VatTreatment) -> Line {
    Line {
        progress: None,
        description: "Travaux".to_owned(),
        quantity: Quantity::parse(quantity).unwrap(),
        unit: None,
        unit_price: UnitPrice::parse(price).unwrap(),
        discount: Percent::ZERO,
        vat,
        nature: Nature::Works,
    }
}

/// A content of these lines alone.
pub(crate) fn content(lines: Vec<Line>) -> Content {
    Content {
        earlier: Vec::new(),
        operation: Operation::Services,
        title: None,
        site_address: None,
        customer_reference: None,
        notes: None,
        items: lines.into_iter().map(Item::Line).collect(),
        discount: Percent::ZERO,
        deductions: Vec::new(),
    }
}

pub(crate) fn retention(percent: &str) -> Deduction {
    let value = DeductionValue::Percent(Percent::parse(percent).unwrap());
    Deduction::new(DeductionKind::Retention, value)
}

/// The example of `cli.md`.
pub(crate) fn spec_content() -> Content {
    let mut tiles = line("14.5", "78.40", INTERMEDIATE);
    tiles.discount = Percent::parse("5").unwrap();
    let mut tray = line("1", "389.00", NORMAL);
    tray.nature = Nature::Goods;
    let lines = vec![line("1", "480.00", INTERMEDIATE), tiles, tray];
    Content {
        deductions: vec![retention("5")],
        ..content(lines)
    }
}

pub(crate) fn draft(content: Content) -> Draft {
    Draft {
        kind: crate::invoice::DraftKind::Invoice,
        id: InvoiceId::new(Uuid::from_u128(2)),
        customer: customer().id,
        issue_date: None,
        due_date: None,
        content,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

pub(crate) fn number(series: Series, counter: u32) -> DocumentNumber {
    let pattern = Pattern::default_of(series);
    pattern.number(DAY, counter).unwrap()
}

/// A finalised invoice of [`DAY`].
pub(crate) fn invoice(content: Content) -> Finalised {
    let number = number(Series::Invoice, 42);
    let at = Timestamp::UNIX_EPOCH;
    finalise(draft(content), number, DAY, company(), customer(), at).unwrap()
}

/// Any content, also such as the rules refuse.
pub(crate) fn any_content() -> impl Strategy<Value = Content> {
    let deductions = (option::of(0_u32..1_500), option::of(1_i64..50_000));
    (vec(any_line(), 1..8), any_percent(), deductions).prop_map(
        |(lines, discount, (held, prorata))| {
            let held = held.map(|held| retention(&format!("{}.{:02}", held / 100, held % 100)));
            let prorata = prorata.map(|cents| {
                Deduction::new(
                    DeductionKind::Prorata,
                    DeductionValue::Amount(Cents::new(cents)),
                )
            });
            Content {
                discount,
                deductions: held.into_iter().chain(prorata).collect(),
                ..content(lines)
            }
        },
    )
}

fn any_percent() -> impl Strategy<Value = Percent> {
    let some = (0_u32..=10_000).prop_map(|hundredths| {
        let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        Percent::parse(&text).unwrap()
    });
    proptest::prop_oneof![2 => Just(Percent::ZERO), 1 => some]
}

fn any_line() -> impl Strategy<Value = Line> {
    let rate = select(StandardRate::ALL.to_vec()).prop_map(VatTreatment::Standard);
    let untaxed = select(vec![VatTreatment::ReverseCharge, VatTreatment::Exempt]);
    let vat = proptest::prop_oneof![4 => rate, 1 => untaxed];
    let nature = select(vec![Nature::Works, Nature::Services, Nature::Goods]);
    let taken_back = any::<u8>().prop_map(|dice| dice < 32);
    let numbers = (1_u32..500_000, 0_u32..500_000_000);
    (numbers, any_percent(), vat, nature, taken_back).prop_map(
        |((quantity, price), discount, vat, nature, taken_back)| {
            let sign = if taken_back { "-" } else { "" };
            let quantity = format!("{sign}{}.{:04}", quantity / 10_000, quantity % 10_000);
            let price = format!("{}.{:06}", price / 1_000_000, price % 1_000_000);
            Line {
                discount,
                nature,
                ..line(&quantity, &price, vat)
            }
        },
    )
}
