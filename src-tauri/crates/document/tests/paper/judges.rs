//! Outside programs read the PDFs: qpdf, poppler, zbar. They must be there (Debian: qpdf,
//! poppler-utils, zbar-tools).

use acquit_document::{Logo, Marks, Paper, PaymentBlock, Subject, display_list, render};
use jiff::civil::date;

use crate::fixtures::*;
use crate::tagging;

fn check(name: &str, paper: &Paper<'_>) -> String {
    sound_text(name, &render(paper).unwrap())
}

/// The text of a PDF in which qpdf finds no fault.
pub(crate) fn sound_text(name: &str, pdf: &[u8]) -> String {
    let path = saved(name, pdf);
    let said = run("qpdf", &["--check", path.to_str().unwrap()]);
    assert!(
        said.contains("No syntax or stream encoding errors found"),
        "{said}"
    );
    text_of(name, pdf)
}

/// What zbar sees on the last page as poppler draws it at 110 dots an inch.
fn scanned(name: &str, paper: &Paper<'_>) -> String {
    let path = saved(name, &render(paper).unwrap());
    let picture = path.with_extension("");
    let (path, picture) = (path.to_str().unwrap(), picture.to_str().unwrap());
    let last = display_list(paper).unwrap().len().to_string();
    run(
        "pdftoppm",
        &[
            "-r",
            "110",
            "-png",
            "-singlefile",
            "-f",
            &last,
            path,
            picture,
        ],
    );
    run("zbarimg", &["--quiet", "--raw", &format!("{picture}.png")])
        .trim()
        .to_owned()
}

#[test]
fn poppler_reads_every_word_of_an_invoice() {
    let document = invoice(bathroom());
    let logo = logo();
    let text = check(
        "invoice",
        &Paper {
            logo: Some(&logo),
            ..paper(&document)
        },
    );
    for words in [
        "Facture F-2026-00147",
        "Mme Hélène Marchand",
        "Évacuations PVC Ø 40 et Ø 100, pentes reprises",
        "Receveur extra-plat 90 × 120, bonde, étanchéité",
        "2 399,00",
        "3 639,00",
        "427,90",
        "4 066,90 €",
        "Payer en ligne par carte",
        "Pas d’escompte pour paiement anticipé",
        "page 1/1",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn a_phone_reads_the_address_of_the_payment_page() {
    let document = invoice(bathroom());
    assert_eq!(scanned("scanned", &paper(&document)), URL);
    let long = format!(
        "http://127.0.0.1:45678/pay/{}?token={}",
        "a1B2".repeat(12),
        "f0".repeat(32)
    );
    let marks = Marks {
        trial: true,
        demonstration: true,
        duplicate: false,
    };
    let payment = PaymentBlock::Link {
        url: &long,
        test: true,
    };
    assert_eq!(
        scanned(
            "scanned-long",
            &Paper {
                marks,
                payment,
                ..paper(&document)
            }
        ),
        long
    );
}

#[test]
fn a_settled_invoice_says_how_it_was_paid() {
    let document = invoice(bathroom());
    let receipts = [
        cheque(date(2026, 10, 12), 120_000),
        card(date(2026, 11, 23), 286_690),
    ];
    let standing = Some(after(&document, 406_690));
    let text = check(
        "settled",
        &Paper {
            standing,
            receipts: &receipts,
            ..paper(&document)
        },
    );
    for words in [
        "0,00 €",
        "réglée en totalité",
        "12/10/2026",
        "Chèque",
        "1 200,00",
        "Carte Mastercard •• 0927",
        "2 866,90",
        "transaction PayPlug pay_7Qd2mXkV9rTz4LbWcN1hYe",
        "Réédition acquittée",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("Payer en ligne"));
}

#[test]
fn a_partly_paid_invoice_asks_for_the_rest() {
    let document = invoice(bathroom());
    let receipts = [cheque(date(2026, 10, 12), 120_000)];
    let standing = Some(after(&document, 120_000));
    let paper = Paper {
        standing,
        receipts: &receipts,
        ..paper(&document)
    };
    let text = check("partly", &paper);
    for words in [
        "Reste à payer avant le 18 décembre 2026",
        "2 866,90 €",
        "Déjà réglé",
        "1 200,00",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(scanned("partly-scanned", &paper), URL);
}

#[test]
fn accents_signs_and_strange_letters_come_out_as_they_went_in() {
    let strange =
        "Cœur d’été à 5 € – « l’Œillet », ½ m², Ø 16, Ελληνικά, кириллица, 90 x 120, fi fl";
    let document = invoice(content(vec![
        line(strange, "1234.567", "m²", "0.125", TEN),
        line("Offert : finition", "1", "u", "0", TWENTY),
        line("漢字 🛠️ fin", "-2", "u", "1.5", TEN),
    ]));
    let mut named = document.clone();
    named.seller.name =
        "Établissements Ferrand, Père, Fils, Gendres & Associés — Plomberie-Chauffage-Œuvre"
            .to_owned();
    named.totals = document.totals.clone();
    let text = check("strange", &paper(&named));
    for words in [
        "Cœur d’été à 5 € – « l’Œillet », ½ m², Ø 16, Ελληνικά",
        "кириллица",
        "90 x 120, fi fl",
        "1 234,567",
        "0,125",
        "0,00",
        "?? ? fin",
        "−3,00",
        "Plomberie-Chauffage-Œuvre",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn documents_of_every_kind_are_sound_files() {
    let mut long = content(
        (0..60)
            .map(|index| line(&format!("Poste {index}"), "1", "u", "10", TEN))
            .collect(),
    );
    long.notes = Some("Merci de votre confiance.".to_owned());
    let long = invoice(long);
    let text = check("sixty", &paper(&long));
    assert!(
        text.contains("Poste 59") && text.contains("À reporter") && text.contains("page 3/3"),
        "{text}"
    );
    let credit = credit_note(&long);
    assert!(check("credit", &paper(&credit)).contains("Avoir A-2026-00001"));
    let marks = Marks {
        trial: true,
        demonstration: false,
        duplicate: false,
    };
    assert!(
        check(
            "trial",
            &Paper {
                marks,
                ..paper(&long)
            }
        )
        .contains("ESSAI · Facture F-2026-00147")
    );
    let pending = Paper {
        payment: PaymentBlock::Pending,
        ..paper(&long)
    };
    let text = check("pending", &pending);
    assert!(
        text.contains("Lien de paiement à venir") && text.contains("IBAN FR76 1999"),
        "{text}"
    );
}

#[test]
fn a_draft_is_a_sound_file_without_number_and_link() {
    let (draft, seller, buyer) = (draft(bathroom()), company(), customer());
    let totals = draft.content.check(&seller).unwrap();
    let document = Subject::Draft {
        draft: &draft,
        totals: &totals,
        seller: &seller,
        buyer: &buyer,
    };
    let other = invoice(bathroom());
    let text = check(
        "draft",
        &Paper {
            document,
            ..paper(&other)
        },
    );
    for words in [
        "Facture provisoire",
        "à 30 jours",
        "4 066,90 €",
        "PROVISOIRE · ",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(
        !text.contains("F-2026") && !text.contains("Payer en ligne"),
        "{text}"
    );
}

#[test]
fn a_photograph_serves_as_logo() {
    let document = invoice(bathroom());
    let path = saved("photographed", &render(&paper(&document)).unwrap());
    let stem = path.with_extension("");
    let (path, picture) = (path.to_str().unwrap(), stem.to_str().unwrap());
    run(
        "pdftoppm",
        &["-r", "20", "-jpeg", "-singlefile", path, picture],
    );
    let logo = Logo::read(&std::fs::read(format!("{picture}.jpg")).unwrap()).unwrap();
    check(
        "photograph",
        &Paper {
            logo: Some(&logo),
            ..paper(&document)
        },
    );
    let photographed = stem.with_file_name("photograph.pdf");
    let listed = run("pdfimages", &["-list", photographed.to_str().unwrap()]);
    let expected = format!("{} {}", logo.width_px(), logo.height_px());
    let listed = listed.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        listed.contains(&expected) && listed.contains("jpeg"),
        "{listed}"
    );
}

#[test]
fn an_outside_walker_finds_the_tags_whole() {
    tagging::the_outside_walker_finds_no_fault();
}

#[test]
fn the_outside_walker_sees_planted_faults() {
    tagging::the_outside_walker_sees_planted_faults();
}
