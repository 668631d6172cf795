//! The codes of the XML that no reader of the page sees: addresses of platforms, frames, days of VAT, reasons of exemption, documents before.

use acquit_domain::company::Company;
use acquit_domain::customer::{Customer, CustomerKind};
use acquit_domain::invoice::{Content, DraftKind, EarlierKind, Finalised, Operation};
use acquit_domain::text::{Country, Email};
use acquit_domain::vat::{VatBasis, VatTreatment};

use crate::facturx::{noted, plain, texts};
use crate::fixtures::*;
use crate::invoices::{credited, document, table, taken_off};
use crate::mentions::business;

fn one(vat: VatTreatment, operation: Operation) -> Content {
    Content {
        operation,
        ..content(vec![line("Ouvrage", "2", "u", "100", vat)])
    }
}

fn of(kind: DraftKind, content: Content, seller: &Company, buyer: &Customer) -> Finalised {
    document(kind, ISSUED, content, seller, buyer)
}

/// The inside of the first element with this name, tags and all.
fn inside<'x>(xml: &'x str, name: &str) -> &'x str {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap();
    rest.split_once(&format!("</{name}>")).unwrap().0
}

fn abroad(country: &str) -> Customer {
    let mut buyer = business();
    buyer.address.country = Country::parse(country).unwrap();
    buyer.siren = None;
    buyer
}

#[test]
fn a_buyer_is_found_by_siren_else_by_mail_else_by_its_code() {
    let by_mail = Customer {
        email: Email::parse("helene@marchand.example").ok(),
        ..customer()
    };
    let known_both_ways = Customer {
        email: by_mail.email.clone(),
        ..business()
    };
    let coded = |code: &str| Customer {
        code: code.to_owned(),
        ..customer()
    };
    let far = Customer {
        // Longer than a platform takes (BR-FR-25).
        email: Email::parse(&format!("{}@marchand.example", "h".repeat(120))).ok(),
        ..customer()
    };
    for (buyer, expected) in [
        (customer(), "\"0225\">CL-0001<"),
        (by_mail, "\"EM\">helene@marchand.example<"),
        (business(), "\"0225\">732829320<"),
        (known_both_ways, "\"0225\">732829320<"),
        (far, "\"0225\">CL-0001<"),
        (coded("Été 2026/1_é.b"), "\"0225\">t20261_.b<"),
        (coded("é/è"), "\"0225\">client<"),
    ] {
        let xml = plain(&invoice_of(bathroom(), company(), buyer));
        let buyer = inside(&xml, "ram:BuyerTradeParty");
        let found = inside(buyer, "ram:URIUniversalCommunication");
        assert!(found.contains(expected), "{expected} in {found}");
        let seller = inside(&xml, "ram:SellerTradeParty");
        let ours = inside(seller, "ram:URIUniversalCommunication");
        assert!(ours.contains("\"0225\">812345676<"), "{ours}");
    }
}

#[test]
fn how_platforms_treat_it_follows_the_buyer() {
    let unknown = Customer {
        siren: None,
        ..business()
    };
    let tourist = Customer {
        kind: CustomerKind::Private,
        ..abroad("CH")
    };
    for (buyer, expected) in [
        (customer(), vec!["B2C"]),
        (tourist, vec!["B2C"]),
        (business(), vec!["B2B"]),
        (abroad("BE"), vec!["B2BINT"]),
        (unknown, vec![]),
    ] {
        let found = noted(&plain(&invoice_of(bathroom(), company(), buyer)), "BAR");
        assert_eq!(found, expected);
    }
}

/// Norme XP Z12-012, BR-FR-05: each is spoken of once, whatever the document.
#[test]
fn penalties_fee_and_discount_are_spoken_of_once_on_every_document() {
    for row in table() {
        let xml = plain(&row.document());
        for code in ["PMD", "PMT", "AAB"] {
            assert_eq!(noted(&xml, code).len(), 1, "{row:?}: {code}");
        }
        assert!(noted(&xml, "BAR").len() <= 1, "{row:?}");
    }
}

#[test]
fn every_exemption_has_its_code_and_its_reason() {
    let small = Company {
        franchise: true,
        vat_number: None,
        ..company()
    };
    let unknown = Customer {
        vat_number: None,
        ..abroad("BE")
    };
    use VatTreatment::{Exempt, Export, IntraCommunity, OutOfScope, ReverseCharge};
    for (treatment, seller, buyer, category, code) in [
        (Exempt, small, customer(), "E", Some("VATEX-FR-FRANCHISE")),
        (Exempt, company(), customer(), "E", None),
        (
            ReverseCharge,
            company(),
            business(),
            "AE",
            Some("VATEX-EU-AE"),
        ),
        (
            IntraCommunity,
            company(),
            abroad("BE"),
            "K",
            Some("VATEX-EU-IC"),
        ),
        (Export, company(), abroad("CH"), "G", Some("VATEX-EU-G")),
        (OutOfScope, company(), abroad("BE"), "O", Some("VATEX-EU-O")),
        // Without the numbers that a category asks for, the sale is exempt for the same reason.
        (IntraCommunity, company(), unknown.clone(), "E", None),
        (ReverseCharge, company(), unknown, "E", None),
    ] {
        let content = one(treatment, Operation::Services);
        let document = of(DraftKind::Invoice, content, &seller, &buyer);
        let xml = plain(&document);
        let (_, breakdown) = xml
            .split_once("<ram:ApplicableHeaderTradeSettlement>")
            .unwrap();
        let breakdown = inside(breakdown, "ram:ApplicableTradeTax");
        let found = texts(breakdown, "ram:CategoryCode");
        assert_eq!(found, [category], "{treatment:?}");
        let found = texts(breakdown, "ram:ExemptionReasonCode");
        assert_eq!(found.first().map(String::as_str), code, "{treatment:?}");
        assert_eq!(texts(breakdown, "ram:ExemptionReason").len(), 1);
        assert!(!breakdown.contains("DueDateTypeCode"), "{breakdown}");
    }
}

/// CGI art. 269, 2: services by their receipts unless debits were chosen, goods by the invoice,
/// deposits by their receipts even for goods.
#[test]
fn the_day_of_vat_follows_operation_basis_and_kind() {
    use Operation::{Both, Goods, Services};
    use VatBasis::{OnInvoice, OnReceipt};
    for (operation, basis, whole, deposit) in [
        (Services, OnReceipt, "72", "72"),
        (Both, OnReceipt, "72", "72"),
        (Goods, OnReceipt, "5", "72"),
        (Services, OnInvoice, "5", "5"),
        (Both, OnInvoice, "5", "5"),
        (Goods, OnInvoice, "5", "72"),
    ] {
        let seller = Company {
            vat_basis: basis,
            ..company()
        };
        for (kind, expected) in [(DraftKind::Invoice, whole), (DraftKind::Deposit, deposit)] {
            let document = of(kind, one(TEN, operation), &seller, &customer());
            for document in [credited(&document), document] {
                let found = texts(&plain(&document), "ram:DueDateTypeCode");
                assert_eq!(
                    found,
                    [expected],
                    "{operation:?} {basis:?} {:?}",
                    document.kind
                );
            }
        }
    }
}

#[test]
fn the_frame_says_what_is_sold_and_whether_deposits_are_taken_off() {
    let seller = company();
    for (operation, whole, after, subcontracted) in [
        (Operation::Services, "S1", "S4", "S5"),
        (Operation::Goods, "B1", "B4", "B1"),
        (Operation::Both, "M1", "M4", "M1"),
    ] {
        let frame = |document: &Finalised| texts(&plain(document), "ram:ID")[0].clone();
        let content = one(TEN, operation);
        let direct = of(DraftKind::Invoice, content.clone(), &seller, &customer());
        assert_eq!(frame(&direct), whole);
        let part = Content {
            operation,
            ..self::content(vec![line("Acompte", "1", "u", "50", TEN)])
        };
        let deposit = of(DraftKind::Deposit, part, &seller, &customer());
        assert_eq!(frame(&deposit), whole);
        let last = Content {
            earlier: vec![taken_off(&deposit, EarlierKind::Deposit)],
            ..content
        };
        let follows = Vec::new();
        let last = of(DraftKind::Final { follows }, last, &seller, &customer());
        assert_eq!(frame(&last), after);
        let charged = one(VatTreatment::ReverseCharge, operation);
        let charged = of(DraftKind::Invoice, charged, &seller, &business());
        assert_eq!(frame(&charged), subcontracted);
    }
}

/// BG-3: number and day of what is credited, and of every document that is taken off.
#[test]
fn documents_before_are_named_with_their_day() {
    let seller = company();
    let direct = of(DraftKind::Invoice, bathroom(), &seller, &customer());
    assert!(!plain(&direct).contains("InvoiceReferencedDocument"));
    let deposit = of(
        DraftKind::Deposit,
        one(TEN, Operation::Services),
        &seller,
        &customer(),
    );
    let last = Content {
        earlier: vec![taken_off(&deposit, EarlierKind::Deposit)],
        ..bathroom()
    };
    let follows = Vec::new();
    let last = of(DraftKind::Final { follows }, last, &seller, &customer());
    for (document, before) in [(credited(&direct), &direct), (last, &deposit)] {
        let xml = plain(&document);
        let named = inside(&xml, "ram:InvoiceReferencedDocument");
        assert_eq!(
            texts(named, "ram:IssuerAssignedID"),
            [before.number.to_string()]
        );
        assert!(named.contains(">20261118<"), "{named}");
    }
}
