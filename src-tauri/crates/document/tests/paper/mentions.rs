//! What the law wants, decided by the content.

use acquit_document::display_list;
use acquit_document::{Item, Paper, PaperMovement, PaperReceipt, Subject};
use acquit_domain::Cents;
use acquit_domain::company::Company;
use acquit_domain::customer::{Customer, CustomerKind};
use acquit_domain::invoice::{Content, Deduction, DeductionKind, DeductionValue, Operation};
use acquit_domain::money::french_amount;
use acquit_domain::quantity::Percent;
use acquit_domain::receipt::{Movements, standing};
use acquit_domain::text::{Country, Siren, VatNumber};
use acquit_domain::vat::{VatBasis, VatTreatment};
use jiff::civil::date;

use crate::fixtures::*;

/// Everything on paper in one line, every kind of space an ordinary one.
fn said(paper: &Paper<'_>) -> String {
    let text = |item: &Item| match item {
        Item::Text { run, .. } => Some(run.text.clone()),
        _ => None,
    };
    let pages = display_list(paper).unwrap();
    let words: Vec<String> = pages
        .iter()
        .flat_map(|page| page.items.iter().filter_map(text))
        .collect();
    words
        .join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn told(content: Content, seller: Company, buyer: Customer) -> String {
    said(&paper(&invoice_of(content, seller, buyer)))
}

pub(crate) fn business() -> Customer {
    Customer {
        kind: CustomerKind::Business,
        name: "Bâti-Loire SAS".to_owned(),
        siren: Siren::parse("732829320").ok(),
        vat_number: VatNumber::parse("FR44732829320").ok(),
        ..customer()
    }
}

fn one(vat: VatTreatment) -> Content {
    content(vec![line("Ouvrage", "1", "u", "100", vat)])
}

#[test]
fn who_sells_can_be_identified() {
    let text = told(bathroom(), company(), customer());
    for words in [
        "Ferrand Plomberie Chauffage",
        "14 rue du Port-Neuf, 37540 Saint-Cyr-sur-Loire",
        "SIRET 812 345 676 00017",
        "TVA FR19 812345676",
        "SARL au capital de 10 000 €, RCS Tours 812 345 676",
        "IBAN FR76 1999 9000 3700 5127 0048 175",
        "BIC EXMPFRPP",
        "en rappelant F-2026-00147",
        "Assurance décennale : Mutuelle Ligérienne du Bâtiment, contrat 37-204518",
        "garantie : France métropolitaine",
        "prestations de services et livraison de biens",
        "émise le 18 novembre 2026",
        "échéance le 18 décembre 2026",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn a_sole_trader_says_so_beside_the_name() {
    let seller = Company {
        legal_form: Some("EI".to_owned()),
        name: "Paul Martin".to_owned(),
        ..company()
    };
    assert!(told(bathroom(), seller, customer()).contains("Paul Martin, EI"));
}

#[test]
fn penalties_are_for_professionals_only() {
    let private = told(bathroom(), company(), customer());
    assert!(
        !private.contains("40 €") && !private.contains("pénalités"),
        "{private}"
    );
    let professional = told(bathroom(), company(), business());
    assert!(
        professional.contains("40 €") && professional.contains("pénalités"),
        "{professional}"
    );
    assert!(private.contains("Pas d’escompte pour paiement anticipé."));
    assert!(professional.contains("SIREN 732 829 320"));
}

#[test]
fn a_private_client_certifies_works_at_a_lower_rate() {
    let ten = told(bathroom(), company(), customer());
    assert!(
        ten.contains("TVA 10 % : le client certifie, en qualité de preneur"),
        "{ten}"
    );
    assert!(!ten.contains("rénovation énergétique"));
    let energy = told(one(REDUCED), company(), customer());
    assert!(
        energy.contains("TVA 5,5 % : le client certifie")
            && energy.contains("rénovation énergétique")
    );
    let certified = |content, buyer| told(content, company(), buyer).contains("certifie");
    assert!(!certified(bathroom(), business()));
    assert!(!certified(one(TWENTY), customer()));
}

#[test]
fn vat_on_services_falls_due_as_the_seller_chose() {
    let on_receipt = told(bathroom(), company(), customer());
    assert!(on_receipt.contains("TVA acquittée sur les encaissements."));
    let opted = Company {
        vat_basis: VatBasis::OnInvoice,
        ..company()
    };
    let on_invoice = told(bathroom(), opted.clone(), customer());
    assert!(on_invoice.contains("Option pour le paiement de la taxe d’après les débits."));
    let goods = Content {
        operation: Operation::Goods,
        ..bathroom()
    };
    let goods = told(goods, opted, customer());
    assert!(!goods.contains("débits") && !goods.contains("encaissements"));
}

#[test]
fn under_the_franchise_no_vat_is_spoken_of_but_its_article() {
    let seller = Company {
        franchise: true,
        vat_number: None,
        ..company()
    };
    let text = told(one(VatTreatment::Exempt), seller, customer());
    assert!(text.contains("TVA non applicable, art. 293 B du CGI"));
    assert!(
        !text.contains("Base HT") && !text.contains("encaissements"),
        "{text}"
    );
}

#[test]
fn reverse_charge_names_both_vat_numbers_and_no_amount() {
    let text = told(one(VatTreatment::ReverseCharge), company(), business());
    for words in [
        "Autoliquidation",
        "art. 283, 2 nonies du CGI",
        "FR19812345676",
        "FR44732829320",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains(" 0,00"), "{text}");
}

#[test]
fn sales_abroad_cite_their_article_and_name_the_country() {
    let mut abroad = business();
    abroad.address.country = Country::parse("BE").unwrap();
    for (treatment, law) in [
        (VatTreatment::IntraCommunity, "art. 262 ter, I du CGI"),
        (VatTreatment::Export, "art. 262, I du CGI"),
        (VatTreatment::OutOfScope, "art. 259, 1° du CGI"),
        (VatTreatment::Exempt, "art. 261 du CGI"),
        (
            VatTreatment::ReverseCharge,
            "art. 196 de la directive 2006/112/CE",
        ),
    ] {
        let text = told(one(treatment), company(), abroad.clone());
        assert!(
            text.contains(law) && text.contains("Belgique") && text.contains("France"),
            "{text}"
        );
    }
}

#[test]
fn a_retention_says_when_it_is_released() {
    let five = DeductionValue::Percent(Percent::parse("5").unwrap());
    let mut content = bathroom();
    content.deductions = vec![Deduction::new(DeductionKind::Retention, five)];
    let draft = draft(content.clone());
    let document = invoice(content);
    let (seller, buyer) = (company(), customer());
    let frozen = paper(&document);
    assert!(said(&frozen).contains("à libérer le 18/11/2027"));
    let provisional = Paper {
        document: Subject::Draft {
            draft: &draft,
            totals: &document.totals,
            seller: &seller,
            buyer: &buyer,
        },
        ..frozen
    };
    let text = said(&provisional);
    assert!(
        text.contains("à libérer un an après la réception des travaux"),
        "{text}"
    );
}

#[test]
fn a_credit_note_refers_to_its_invoice_and_asks_for_nothing() {
    let credit = credit_note(&invoice(bathroom()));
    let text = said(&paper(&credit));
    for words in [
        "Avoir A-2026-00001",
        "sur la facture F-2026-00147 du 18 novembre 2026",
        "Net à votre crédit",
        "émis le 2 décembre 2026",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    for words in ["Net à payer", "Payer", "IBAN", "escompte", "certifie"] {
        assert!(!text.contains(words), "{words} in {text}");
    }
}

#[test]
fn a_credit_note_for_a_part_says_of_what_and_how_much() {
    let invoice = invoice(bathroom());
    let note = part_of(&invoice, 50_000);
    let said = said(&paper(&note));
    assert!(said.contains("Avoir A-2026-00001"), "{said}");
    assert!(
        said.contains("Avoir partiel sur la facture F-2026-00147"),
        "{said}"
    );
    for rate in &note.totals.by_rate {
        for amount in [rate.base, rate.vat] {
            assert!(said.contains(&french_amount(amount)), "{said}");
        }
    }
    assert!(said.contains("500,00"), "{said}");
    assert!(!said.contains("Retenue"), "{said}");
}

#[test]
fn what_went_back_or_was_taken_off_is_listed_and_earns_no_stamp() {
    let document = invoice(bathroom());
    let asked = document.totals.net_due;
    let back = |kind, amount| PaperReceipt {
        kind,
        amount,
        ..card(date(2026, 12, 4), 0)
    };
    let said_with = |receipts: &[PaperReceipt], written_off: Cents| {
        let movements = Movements {
            received: asked,
            given_back: asked,
            decided: asked,
            credited: asked - written_off,
            written_off,
            ..Movements::default()
        };
        said(&Paper {
            standing: Some(standing(asked, movements)),
            receipts,
            ..paper(&document)
        })
    };
    let note = "A-2026-00009".parse().unwrap();
    let paid = card(date(2026, 12, 1), asked.get());
    let credited = [
        paid.clone(),
        back(PaperMovement::Refunded, asked),
        back(PaperMovement::Credited(note), asked),
    ];
    let text = said_with(&credited, Cents::ZERO);
    assert!(
        text.contains("Avoir A-2026-00009") && text.contains("rien à régler"),
        "{text}"
    );
    assert!(
        !text.contains("réglée en totalité") && !text.contains("Réédition acquittée"),
        "{text}"
    );
    let partly = Paper {
        standing: Some(after(&document, 100)),
        receipts: &credited[2..],
        ..paper(&document)
    };
    let text = said(&partly);
    assert!(
        text.contains("Depuis l’émission") && !text.contains("Déjà réglé"),
        "{text}"
    );
    let lost = [
        paid.clone(),
        back(PaperMovement::ChargedBack, asked),
        back(PaperMovement::WrittenOff, asked),
    ];
    let text = said_with(&lost, asked);
    assert!(
        text.contains("repris par la banque") && text.contains("passé en perte"),
        "{text}"
    );
    assert!(
        !text.contains("réglée en totalité") && !text.contains("Réédition acquittée"),
        "{text}"
    );
    let settled = Paper {
        standing: Some(after(&document, asked.get())),
        receipts: &[paid],
        ..paper(&document)
    };
    assert!(said(&settled).contains("réglée en totalité"));
}
