//! Documents to put on paper, and the programs that read the result.

use std::path::PathBuf;
use std::process::Command;

use acquit_document::{Logo, Marks, Paper, PaperMovement, PaperReceipt, PaymentBlock, Subject};
use acquit_domain::Cents;
use acquit_domain::company::{Address, Company, FiscalYearEnd, Insurance};
use acquit_domain::customer::{Customer, CustomerKind};
use acquit_domain::id::{CustomerId, InvoiceId};
use acquit_domain::invoice::credit::{Issue, Taken, full_credit_note, partial_credit_note};
use acquit_domain::invoice::{
    Content, Deduction, Draft, Finalised, Item, Line, Nature, Operation, finalise,
};
use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
use acquit_domain::receipt::{Movements, PaymentMeans, Standing, standing};
use acquit_domain::remote::Card;
use acquit_domain::text::{Bic, Country, Email, Iban, Siret, VatNumber};
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use jiff::civil::{Date, date};
use uuid::Uuid;

pub(crate) const URL: &str = "https://secure.payplug.com/pay/test/7Qd2mXkV9rTz4LbWcN1hYe";
pub(crate) const TEN: VatTreatment = VatTreatment::Standard(StandardRate::Intermediate);
pub(crate) const TWENTY: VatTreatment = VatTreatment::Standard(StandardRate::Normal);
pub(crate) const REDUCED: VatTreatment = VatTreatment::Standard(StandardRate::Reduced);

pub(crate) fn company() -> Company {
    Company {
        name: "Ferrand Plomberie Chauffage".to_owned(),
        siret: Siret::parse("812 345 676 00017").unwrap(),
        address: address("14 rue du Port-Neuf", "37540", "Saint-Cyr-sur-Loire"),
        legal_form: Some("SARL".to_owned()),
        vat_number: VatNumber::parse("FR19812345676").ok(),
        email: Email::parse("contact@ferrand-plomberie.example").ok(),
        phone: Some("02 61 91 37 14".to_owned()),
        website: None,
        iban: Iban::parse("FR76 1999 9000 3700 5127 0048 175").ok(),
        bic: Bic::parse("EXMPFRPP").ok(),
        vat_basis: VatBasis::OnReceipt,
        franchise: false,
        insurance: Some(Insurance {
            insurer: "Mutuelle Ligérienne du Bâtiment".to_owned(),
            contact: Some("3 quai Paul-Bert, 37100 Tours".to_owned()),
            policy: Some("37-204518".to_owned()),
            area: Some("France métropolitaine".to_owned()),
        }),
        capital: Some("10\u{a0}000\u{a0}€".to_owned()),
        register: Some("RCS Tours 812\u{a0}345\u{a0}676".to_owned()),
        payment_days: 30,
        fiscal_year_end: FiscalYearEnd::default(),
    }
}

pub(crate) fn address(line1: &str, postcode: &str, city: &str) -> Address {
    Address {
        line1: line1.to_owned(),
        line2: None,
        postcode: postcode.to_owned(),
        city: city.to_owned(),
        country: Country::france(),
    }
}

pub(crate) fn customer() -> Customer {
    Customer {
        id: CustomerId::new(Uuid::from_u128(7)),
        code: "CL-0001".to_owned(),
        name: "Mme Hélène Marchand".to_owned(),
        kind: CustomerKind::Private,
        address: address("8 impasse des Tuiliers", "37000", "Tours"),
        siren: None,
        vat_number: None,
        email: None,
        phone: None,
    }
}

pub(crate) fn line(
    description: &str,
    quantity: &str,
    unit: &str,
    price: &str,
    vat: VatTreatment,
) -> Item {
    discounted(description, quantity, unit, price, "0", vat)
}

pub(crate) fn discounted(
    description: &str,
    quantity: &str,
    unit: &str,
    price: &str,
    discount: &str,
    vat: VatTreatment,
) -> Item {
    Item::Line(Line {
        progress: None,
        description: description.to_owned(),
        quantity: Quantity::parse(quantity).unwrap(),
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
        unit_price: UnitPrice::parse(price).unwrap(),
        discount: Percent::parse(discount).unwrap(),
        vat,
        nature: Nature::Works,
    })
}

pub(crate) fn section(title: &str) -> Item {
    Item::Section {
        title: title.to_owned(),
    }
}

pub(crate) fn comment(text: &str) -> Item {
    Item::Comment {
        text: text.to_owned(),
    }
}

pub(crate) fn content(items: Vec<Item>) -> Content {
    Content {
        earlier: Vec::new(),
        operation: Operation::Both,
        title: Some("Rénovation de la salle de bain".to_owned()),
        site_address: Some("8 impasse des Tuiliers, 37000 Tours".to_owned()),
        customer_reference: None,
        notes: None,
        items,
        discount: Percent::ZERO,
        deductions: Vec::<Deduction>::new(),
    }
}

/// The bathroom of the design.
pub(crate) fn bathroom() -> Content {
    content(vec![
        section("1. Dépose et préparation"),
        line(
            "Dépose baignoire, lavabo et anciennes alimentations",
            "1",
            "forfait",
            "420",
            TEN,
        ),
        line(
            "Évacuation et mise en décharge agréée",
            "1",
            "forfait",
            "180",
            TEN,
        ),
        section("2. Plomberie et appareils"),
        line(
            "Alimentations multicouche eau froide / eau chaude Ø 16",
            "14",
            "m",
            "38.5",
            TEN,
        ),
        line(
            "Évacuations PVC Ø 40 et Ø 100, pentes reprises",
            "6.5",
            "m",
            "42",
            TEN,
        ),
        line(
            "Receveur extra-plat 90 × 120, bonde, étanchéité\nfourni et posé",
            "1",
            "u",
            "690",
            TEN,
        ),
        discounted(
            "Paroi de douche fixe 90 cm, verre 8 mm",
            "1",
            "u",
            "650",
            "10",
            TEN,
        ),
        line(
            "Mitigeur thermostatique, barre et douchette",
            "1",
            "u",
            "312",
            TEN,
        ),
        section("3. Mobilier"),
        line(
            "Meuble vasque 80 cm, chêne clair, livré",
            "1",
            "u",
            "640",
            TWENTY,
        ),
    ])
}

pub(crate) const ISSUED: Date = date(2026, 11, 18);

pub(crate) fn draft(content: Content) -> Draft {
    Draft {
        kind: acquit_domain::invoice::DraftKind::Invoice,
        id: InvoiceId::new(Uuid::from_u128(1)),
        customer: CustomerId::new(Uuid::from_u128(7)),
        issue_date: None,
        due_date: None,
        content,
        created_at: "2026-11-18T08:12:44Z".parse().unwrap(),
    }
}

pub(crate) fn invoice_of(content: Content, seller: Company, buyer: Customer) -> Finalised {
    let number = "F-2026-00147".parse().unwrap();
    let at = "2026-11-18T08:12:44Z".parse().unwrap();
    finalise(draft(content), number, ISSUED, seller, buyer, at).unwrap()
}

pub(crate) fn invoice(content: Content) -> Finalised {
    invoice_of(content, company(), customer())
}

pub(crate) fn credit_note(invoice: &Finalised) -> Finalised {
    let number = "A-2026-00001".parse().unwrap();
    let at = "2026-12-02T08:12:44Z".parse().unwrap();
    let id = InvoiceId::new(Uuid::from_u128(2));
    let issue = Issue {
        id,
        number,
        date: date(2026, 12, 2),
        at,
    };
    full_credit_note(invoice, Taken::default(), issue).unwrap()
}

/// The credit note for a part of an invoice, in cents incl. VAT.
pub(crate) fn part_of(invoice: &Finalised, cents: i64) -> Finalised {
    let whole = credit_note(invoice);
    let issue = Issue {
        id: whole.id,
        number: whole.number,
        date: whole.issue_date,
        at: whole.finalised_at,
    };
    partial_credit_note(invoice, Taken::default(), Cents::new(cents), issue).unwrap()
}

pub(crate) fn paper(document: &Finalised) -> Paper<'_> {
    Paper {
        document: Subject::Finalised(document),
        logo: None,
        payment: PaymentBlock::Link {
            url: URL,
            test: false,
        },
        standing: None,
        marks: Marks::default(),
        receipts: &[],
    }
}

pub(crate) fn after(document: &Finalised, received: i64) -> Standing {
    let received = Cents::new(received);
    standing(
        document.totals.net_due,
        Movements {
            received,
            ..Movements::default()
        },
    )
}

pub(crate) fn card(day: Date, cents: i64) -> PaperReceipt {
    PaperReceipt {
        date: day,
        amount: Cents::new(cents),
        means: PaymentMeans::CardPayplug,
        card: Some(Card {
            brand: Some("Mastercard".to_owned()),
            last4: Some("0927".to_owned()),
        }),
        transaction: Some("pay_7Qd2mXkV9rTz4LbWcN1hYe".to_owned()),
        kind: PaperMovement::Received,
    }
}

pub(crate) fn cheque(day: Date, cents: i64) -> PaperReceipt {
    let (amount, means) = (Cents::new(cents), PaymentMeans::Cheque);
    PaperReceipt {
        date: day,
        amount,
        means,
        card: None,
        transaction: None,
        kind: PaperMovement::Received,
    }
}

/// A logo with a transparent corner.
pub(crate) fn logo() -> Logo {
    let side = 128_usize;
    let pixels = (0..side * side).flat_map(|at| {
        let (x, y) = (at % side, at / side);
        let letter = (36..52).contains(&x) && (32..96).contains(&y)
            || (36..90).contains(&x) && ((32..46).contains(&y) || (58..70).contains(&y));
        let outside = x.min(side - 1 - x) + y.min(side - 1 - y) < 18;
        let [red, green, blue] = if letter {
            [255, 255, 255]
        } else {
            [0x7c, 0x3f, 0x1d]
        };
        [red, green, blue, if outside { 0 } else { 255 }]
    });
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 128, 128);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().unwrap();
    writer
        .write_image_data(&pixels.collect::<Vec<u8>>())
        .unwrap();
    drop(writer);
    Logo::read(&bytes).unwrap()
}

/// Writes a PDF where the outside programs can read it.
pub(crate) fn saved(name: &str, pdf: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.pdf"));
    std::fs::write(&path, pdf).unwrap();
    path
}

/// Runs a program that must succeed; gives back what it printed.
pub(crate) fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {printed}{complaint}"
    );
    printed
}

/// The text of a PDF as poppler reads it, every kind of space an ordinary one.
pub(crate) fn text_of(name: &str, pdf: &[u8]) -> String {
    let path = saved(name, pdf);
    let text = run("pdftotext", &["-layout", path.to_str().unwrap(), "-"]);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
