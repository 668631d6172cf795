//! Documents of every kind for Factur-X: named ones, and a table in which every pair of what may differ
//! comes together.

use acquit_domain::Cents;
use acquit_domain::company::Company;
use acquit_domain::customer::Customer;
use acquit_domain::date::due_date;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::credit::{Issue, Taken, full_credit_note};
use acquit_domain::invoice::{
    Content, Deduction, DeductionKind, DeductionValue, Draft, DraftKind, Earlier, EarlierKind,
    Finalised, Item, Operation, finalise,
};
use acquit_domain::numbering::{DocumentNumber, Series};
use acquit_domain::quantity::Percent;
use acquit_domain::text::{Country, Email};
use acquit_domain::vat::{VatBasis, VatTreatment};
use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::fixtures::*;
use crate::mentions::business;

fn number(series: Series, year: i16, counter: u32) -> DocumentNumber {
    let prefix = match series {
        Series::Invoice => "F",
        Series::CreditNote => "A",
        Series::Deposit => "AC",
    };
    format!("{prefix}-{year}-{counter:05}").parse().unwrap()
}

/// A finalised document of a kind that asks for money.
pub(crate) fn document(
    kind: DraftKind,
    day: Date,
    content: Content,
    seller: &Company,
    buyer: &Customer,
) -> Finalised {
    let number = number(kind.series(), day.year(), 147);
    let draft = Draft {
        kind,
        due_date: due_date(day, 30).ok(),
        ..draft(content)
    };
    let at = "2026-11-18T08:12:44Z".parse().unwrap();
    finalise(draft, number, day, seller.clone(), buyer.clone(), at).unwrap()
}

fn numbered(mut document: Finalised, series: Series, counter: u32, id: u128) -> Finalised {
    document.id = InvoiceId::new(Uuid::from_u128(id));
    document.number = number(series, 2026, counter);
    document
}

/// An earlier document as it is taken off.
pub(crate) fn taken_off(document: &Finalised, what: EarlierKind) -> Earlier {
    Earlier {
        document: document.reference(),
        what,
        parts: acquit_domain::invoice::totals::by_nature(&document.content, &document.totals),
    }
}

fn percent(text: &str) -> Percent {
    Percent::parse(text).unwrap()
}

/// A content as far as the works have come.
pub(crate) fn done(mut content: Content, so_far: &str) -> Content {
    for item in &mut content.items {
        if let Item::Line(line) = item {
            line.progress = Some(percent(so_far));
        }
    }
    content
}

/// What a whole document is: a word for the table, and the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Direct,
    Deposit,
    FirstSituation,
    NextSituation,
    AfterDeposit,
    AfterSituation,
    CreditNote,
    CreditOfDeposit,
    CreditForPart,
}

const WHATS: [What; 9] = [
    What::Direct,
    What::Deposit,
    What::FirstSituation,
    What::NextSituation,
    What::AfterDeposit,
    What::AfterSituation,
    What::CreditNote,
    What::CreditOfDeposit,
    What::CreditForPart,
];

/// VAT of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vat {
    Normal,
    Lowered,
    Several,
    Franchise,
    ReverseCharge,
    Exempt,
    IntraCommunity,
    Export,
    OutOfScope,
    OutOfScopeBeside,
}

const VATS: [Vat; 10] = [
    Vat::Normal,
    Vat::Lowered,
    Vat::Several,
    Vat::Franchise,
    Vat::ReverseCharge,
    Vat::Exempt,
    Vat::IntraCommunity,
    Vat::Export,
    Vat::OutOfScope,
    Vat::OutOfScopeBeside,
];

impl Vat {
    fn treatments(self) -> Vec<VatTreatment> {
        match self {
            Self::Normal => vec![TWENTY],
            Self::Lowered => vec![TEN],
            Self::Several => vec![TWENTY, TEN, REDUCED],
            Self::Franchise | Self::Exempt => vec![VatTreatment::Exempt],
            Self::ReverseCharge => vec![VatTreatment::ReverseCharge],
            Self::IntraCommunity => vec![VatTreatment::IntraCommunity],
            Self::Export => vec![VatTreatment::Export],
            Self::OutOfScope => vec![VatTreatment::OutOfScope],
            Self::OutOfScopeBeside => {
                vec![TWENTY, VatTreatment::OutOfScope, VatTreatment::Exempt]
            }
        }
    }
}

/// What is held back.
const DEDUCTIONS: [&[DeductionKind]; 4] = [
    &[],
    &[DeductionKind::Retention],
    &[DeductionKind::Prorata, DeductionKind::Other],
    &[DeductionKind::Retention, DeductionKind::Prorata],
];

/// Whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buyer {
    Private,
    PrivateByMail,
    PrivateAbroad,
    Business,
    BusinessUnknown,
    BusinessAbroad,
}

const BUYERS: [Buyer; 6] = [
    Buyer::Private,
    Buyer::PrivateByMail,
    Buyer::PrivateAbroad,
    Buyer::Business,
    Buyer::BusinessUnknown,
    Buyer::BusinessAbroad,
];

impl Buyer {
    fn customer(self) -> Customer {
        let mut buyer = match self {
            Self::Private | Self::PrivateByMail | Self::PrivateAbroad => customer(),
            _ => business(),
        };
        match self {
            Self::Private | Self::Business => {}
            Self::PrivateByMail => buyer.email = Email::parse("helene@marchand.example").ok(),
            Self::PrivateAbroad => buyer.address.country = Country::parse("CH").unwrap(),
            Self::BusinessUnknown => (buyer.siren, buyer.vat_number) = (None, None),
            Self::BusinessAbroad => {
                buyer.siren = None;
                buyer.vat_number = acquit_domain::text::VatNumber::parse("BE0477472701").ok();
                buyer.address.country = Country::parse("BE").unwrap();
            }
        }
        buyer
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) what: What,
    pub(crate) vat: Vat,
    deductions: usize,
    pub(crate) buyer: Buyer,
    operation: Operation,
    debits: bool,
    discounted: bool,
}

/// Every pair of kind, VAT, deduction and customer, in 360 rows; the rest turns with the row.
pub(crate) fn table() -> Vec<Row> {
    let mut rows = Vec::new();
    for (first, what) in WHATS.into_iter().enumerate() {
        for (second, vat) in VATS.into_iter().enumerate() {
            for third in 0..DEDUCTIONS.len() {
                let turn = rows.len();
                let operations = [Operation::Services, Operation::Goods, Operation::Both];
                rows.push(Row {
                    what,
                    vat,
                    deductions: third,
                    buyer: BUYERS[(first + second + third + turn / 24) % BUYERS.len()],
                    operation: operations[(first + third) % 3],
                    debits: turn % 2 == 0,
                    discounted: turn % 3 == 0,
                });
            }
        }
    }
    rows
}

impl Row {
    /// Its four columns, for the pairs.
    pub(crate) fn columns(&self) -> [String; 4] {
        [
            format!("{:?}", self.what),
            format!("{:?}", self.vat),
            format!("{:?}", DEDUCTIONS[self.deductions]),
            format!("{:?}", self.buyer),
        ]
    }

    fn seller(&self) -> Company {
        let franchise = self.vat == Vat::Franchise;
        Company {
            franchise,
            vat_number: company().vat_number.filter(|_| !franchise),
            vat_basis: if self.debits {
                VatBasis::OnInvoice
            } else {
                VatBasis::OnReceipt
            },
            ..company()
        }
    }

    fn content(&self) -> Content {
        let mut items = vec![section("1. Ouvrages"), comment("Accès par la cour.")];
        for (index, vat) in self.vat.treatments().into_iter().enumerate() {
            let name = format!("Ouvrage {index}\nfourni et posé");
            items.push(discounted(&name, "12.345", "m²", "78.4051", "7.5", vat));
            items.push(line("Reprise", "-1", "botte", "12.34", vat));
            items.push(line("Finition offerte", "1", "", "0", vat));
        }
        items.push(comment("Merci."));
        let discount = if self.discounted { "3.33" } else { "0" };
        Content {
            operation: self.operation,
            discount: percent(discount),
            customer_reference: self.debits.then(|| "BC 2026/17".to_owned()),
            ..content(items)
        }
    }

    /// Deductions, on kinds that may have them.
    fn deducted(&self, content: Content) -> Content {
        let deductions = DEDUCTIONS[self.deductions].iter().map(|kind| {
            let value = match kind {
                DeductionKind::Retention => DeductionValue::Percent(percent("5")),
                _ => DeductionValue::Amount(Cents::new(1_234)),
            };
            Deduction::new(*kind, value)
        });
        Content {
            deductions: deductions.collect(),
            ..content
        }
    }

    /// The document of the row.
    pub(crate) fn document(&self) -> Finalised {
        let (seller, buyer, content) = (self.seller(), self.buyer.customer(), self.content());
        let of = |kind, content| document(kind, ISSUED, content, &seller, &buyer);
        let follows = Vec::new;
        let situation = || {
            let kind = DraftKind::Progress { follows: follows() };
            let content = done(self.content(), "30");
            numbered(of(kind, content), Series::Invoice, 3, 31)
        };
        let mut third = self.content();
        for item in &mut third.items {
            if let Item::Line(line) = item {
                line.quantity = acquit_domain::quantity::Quantity::parse("0.3").unwrap();
            }
        }
        third.discount = Percent::ZERO;
        let deposit = || {
            numbered(
                of(DraftKind::Deposit, third.clone()),
                Series::Deposit,
                2,
                32,
            )
        };
        let after = |earlier: Earlier| Content {
            earlier: vec![earlier],
            ..self.deducted(content.clone())
        };
        let whole = || of(DraftKind::Invoice, self.deducted(content.clone()));
        match self.what {
            What::Direct => whole(),
            What::Deposit => of(DraftKind::Deposit, content.clone()),
            What::FirstSituation => {
                let content = done(self.deducted(content.clone()), "45");
                of(DraftKind::Progress { follows: follows() }, content)
            }
            What::NextSituation => {
                let earlier = taken_off(&situation(), EarlierKind::Situation);
                let content = done(after(earlier), "66.67");
                of(DraftKind::Progress { follows: follows() }, content)
            }
            What::AfterDeposit => {
                let earlier = taken_off(&deposit(), EarlierKind::Deposit);
                of(DraftKind::Final { follows: follows() }, after(earlier))
            }
            What::AfterSituation => {
                let earlier = taken_off(&situation(), EarlierKind::Situation);
                of(DraftKind::Final { follows: follows() }, after(earlier))
            }
            What::CreditNote => credited(&whole()),
            What::CreditOfDeposit => credited(&deposit()),
            What::CreditForPart => part_of(&whole(), 12_345),
        }
    }
}

/// The note that credits all of a document.
pub(crate) fn credited(document: &Finalised) -> Finalised {
    let issue = Issue {
        id: InvoiceId::new(Uuid::from_u128(2)),
        number: number(Series::CreditNote, 2026, 1),
        date: date(2026, 12, 2),
        at: "2026-12-02T08:12:44Z".parse().unwrap(),
    };
    full_credit_note(document, Taken::default(), issue).unwrap()
}

/// Documents that are kept word for word, by name.
pub(crate) fn golden() -> Vec<(&'static str, Finalised)> {
    let (seller, private, pro) = (company(), customer(), business());
    let retained = Content {
        deductions: vec![Deduction::new(
            DeductionKind::Retention,
            DeductionValue::Percent(percent("5")),
        )],
        discount: percent("5"),
        notes: Some("Merci de votre confiance.".to_owned()),
        customer_reference: Some("BC-2026/17".to_owned()),
        ..bathroom()
    };
    let small = Company {
        franchise: true,
        vat_number: None,
        legal_form: Some("EI".to_owned()),
        capital: None,
        register: None,
        ..company()
    };
    let of = |kind, content: Content, seller: &Company, buyer: &Customer| {
        document(kind, ISSUED, content, seller, buyer)
    };
    let one = |vat| Content {
        operation: Operation::Services,
        ..content(vec![line("Ouvrage", "2.5", "m2", "100.10", vat)])
    };
    let progress = || DraftKind::Progress {
        follows: Vec::new(),
    };
    let first = of(progress(), done(one(TEN), "30"), &seller, &private);
    let first = numbered(first, Series::Invoice, 3, 31);
    let second = Content {
        earlier: vec![taken_off(&first, EarlierKind::Situation)],
        ..done(one(TEN), "75.5")
    };
    let two = || Content {
        operation: Operation::Services,
        discount: percent("5"),
        ..content(vec![
            line("Ouvrage", "2.5", "m2", "100.10", TEN),
            line("Appareillage", "1", "u", "390", TWENTY),
        ])
    };
    let before = of(progress(), done(two(), "30"), &seller, &private);
    let before = numbered(before, Series::Invoice, 4, 33);
    let discounted = Content {
        earlier: vec![taken_off(&before, EarlierKind::Situation)],
        ..done(two(), "75.5")
    };
    let deposit = of(
        DraftKind::Deposit,
        content(vec![line("Acompte de 30 %", "1", "u", "75", TEN)]),
        &seller,
        &private,
    );
    let last = Content {
        earlier: vec![taken_off(&deposit, EarlierKind::Deposit)],
        ..one(TEN)
    };
    let last_kind = DraftKind::Final {
        follows: Vec::new(),
    };
    let direct = of(DraftKind::Invoice, bathroom(), &seller, &private);
    vec![
        ("consumer", direct.clone()),
        (
            "business-retention",
            of(DraftKind::Invoice, retained, &seller, &pro),
        ),
        (
            "subcontractor",
            of(
                DraftKind::Invoice,
                one(VatTreatment::ReverseCharge),
                &seller,
                &pro,
            ),
        ),
        (
            "franchise",
            of(
                DraftKind::Invoice,
                one(VatTreatment::Exempt),
                &small,
                &private,
            ),
        ),
        ("deposit", deposit.clone()),
        ("after-deposit", of(last_kind, last, &seller, &private)),
        (
            "second-situation",
            of(progress(), second, &seller, &private),
        ),
        (
            "discounted-situation",
            of(progress(), discounted, &seller, &private),
        ),
        ("credit-note", credited(&direct)),
        ("credit-of-deposit", credited(&deposit)),
    ]
}
