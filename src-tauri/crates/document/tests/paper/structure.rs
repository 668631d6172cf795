//! What the pages hold and where it stands, seen on the display list and through lopdf.

use acquit_document::{
    Area, Error, Item, Marks, PAGE_WIDTH_PT, Page, Paper, PaymentBlock, Subject, display_list,
    render,
};
use acquit_domain::Cents;
use acquit_domain::invoice::{Deduction, DeductionKind, DeductionValue, Finalised};
use acquit_domain::quantity::Percent;
use acquit_domain::receipt::{Movements, standing};
use jiff::civil::date;

use crate::fixtures::*;

/// Everything on a page, turned things as they lie.
fn extents(page: &Page) -> Vec<(String, Area)> {
    let name = |item: &Item| match item {
        Item::Text { run, .. } => run.text.clone(),
        other => format!("{other:?}").chars().take(40).collect(),
    };
    page.items
        .iter()
        .filter_map(|item| item.extent().map(|area| (name(item), area)))
        .collect()
}

/// Texts that lie upright, with the box their letters really fill.
fn texts(page: &Page) -> Vec<(String, Area)> {
    let text = |item: &Item| match item {
        Item::Text {
            left,
            baseline,
            run,
        } => {
            let high = run.style.size_pt * 0.72;
            Some((
                run.text.clone(),
                Area::new(*left, baseline - high, run.width_pt, high),
            ))
        }
        _ => None,
    };
    page.items
        .iter()
        .filter_map(text)
        .filter(|(text, _)| !text.trim().is_empty())
        .collect()
}

pub(crate) fn assert_sound(name: &str, pages: &[Page]) {
    for (number, page) in pages.iter().enumerate() {
        for (what, area) in extents(page) {
            assert!(
                area.on_page(),
                "{name}, page {}: {what:?} at {area:?}",
                number + 1
            );
        }
        let texts = texts(page);
        for (index, (one, a)) in texts.iter().enumerate() {
            assert!(
                a.left >= 41.0 && a.right() <= PAGE_WIDTH_PT - 41.0,
                "{name}: {one:?} in the margin"
            );
            for (other, b) in &texts[index + 1..] {
                let across = a.right().min(b.right()) - a.left.max(b.left);
                let down = a.bottom().min(b.bottom()) - a.top.max(b.top);
                assert!(
                    across < 0.3 || down < 0.3,
                    "{name}, page {}: {one:?} over {other:?}",
                    number + 1
                );
            }
        }
    }
    // A table may go on over pages.
    let mut open = 0_usize;
    for item in pages.iter().flat_map(|page| &page.items) {
        match item {
            Item::Open { .. } => open += 1,
            Item::Close => {
                assert!(open > 0, "{name}: closed before opened");
                open -= 1;
            }
            _ => {}
        }
    }
    assert_eq!(open, 0, "{name}: parts that were opened are closed");
}

pub(crate) fn links(pages: &[Page]) -> Vec<String> {
    let url = |item: &Item| match item {
        Item::Link { url, .. } => Some(url.clone()),
        _ => None,
    };
    pages
        .iter()
        .flat_map(|page| page.items.iter().filter_map(url))
        .collect()
}

pub(crate) fn all_text(pages: &[Page]) -> String {
    fn collect(items: &[Item], words: &mut Vec<String>) {
        for item in items {
            match item {
                Item::Text { run, .. } => words.push(run.text.clone()),
                Item::Turned { items, .. } => collect(items, words),
                _ => {}
            }
        }
    }
    let mut words = Vec::new();
    pages
        .iter()
        .for_each(|page| collect(&page.items, &mut words));
    words.join("\n").replace(['\u{a0}', '\u{202f}'], " ")
}

pub(crate) fn long_job() -> Finalised {
    let mut items = Vec::new();
    for lot in 1..=6 {
        items.push(section(&format!("Lot {lot} : plâtrerie, cœur d’été")));
        for place in 1..=10 {
            let text = format!(
                "Ouvrage {lot}.{place} en plaques, bandes et joints, hauteur sous plafond 2,50 m"
            );
            items.push(line(&text, "12.345", "m²", "1234.567", TEN));
        }
        items.push(comment(
            "Accès par la cour ; eau et électricité fournies par le client.",
        ));
    }
    invoice(content(items))
}

pub(crate) fn hostile() -> Finalised {
    let word = "anticonstitutionnellement".repeat(12);
    let mut seller = company();
    seller.name =
        "Établissements Ferrand, Père, Fils, Gendres & Associés — Plomberie-Chauffage-Œuvre"
            .to_owned();
    seller.phone = None;
    seller.email = None;
    seller.vat_number = None;
    seller.bic = None;
    seller.iban = None;
    seller.capital = None;
    seller.register = None;
    seller.legal_form = None;
    seller.insurance = None;
    let mut buyer = customer();
    buyer.name = format!("SCI {}", "Château-".repeat(20));
    let mut said = content(vec![
        line(
            &word,
            "99999999.1234",
            &"unité-très-longue".repeat(3),
            "0.000001",
            TEN,
        ),
        line(
            "漢字 עברית العربية 🛠️ Ελληνικά кириллица",
            "-1.5",
            "",
            "0",
            TWENTY,
        ),
        line("Offert", "1", "u", "0", TEN),
        line(
            &format!(
                "Phrase.\n{}",
                "Mot après mot, la description ne finit pas. ".repeat(160)
            ),
            "1",
            "u",
            "9999999.99",
            REDUCED,
        ),
        comment(&word),
        section(&word),
        line("Dernière", "1", "", "1", REDUCED),
    ]);
    said.notes = Some("Une remarque par ligne.\n\nEt une autre. ".repeat(60));
    said.title = None;
    said.site_address = None;
    said.customer_reference = Some(word);
    said.deductions = vec![Deduction::new(
        DeductionKind::Other,
        DeductionValue::Amount(Cents::new(5)),
    )];
    invoice_of(said, seller, buyer)
}

/// Every state that an invoice can be in, and its credit note.
fn assert_sound_in_every_state(name: &str, document: &Finalised) {
    let logo = logo();
    let due = Paper {
        logo: Some(&logo),
        ..paper(document)
    };
    let asked = document.totals.net_due;
    let third = asked.get() / 3;
    let receipts = [
        cheque(date(2026, 10, 12), third),
        card(date(2026, 11, 23), asked.get() - third),
    ];
    let paid = |cents: i64| Paper {
        standing: Some(after(document, cents)),
        receipts: if cents < asked.get() {
            &receipts[..1]
        } else {
            &receipts
        },
        ..due
    };
    let cancelled = Movements {
        cancelled: true,
        credited: asked,
        ..Movements::default()
    };
    let credit = credit_note(document);
    let marks = Marks {
        trial: true,
        demonstration: true,
        duplicate: false,
    };
    let test = PaymentBlock::Link {
        url: URL,
        test: true,
    };
    let renditions = [
        ("due", due),
        (
            "pending",
            Paper {
                payment: PaymentBlock::Pending,
                ..due
            },
        ),
        (
            "bare",
            Paper {
                payment: PaymentBlock::None,
                logo: None,
                ..due
            },
        ),
        (
            "test",
            Paper {
                payment: test,
                marks,
                ..due
            },
        ),
        ("partly", paid(third)),
        ("settled", paid(asked.get())),
        ("overpaid", paid(asked.get() + 1)),
        (
            "cancelled",
            Paper {
                standing: Some(standing(asked, cancelled)),
                ..due
            },
        ),
        (
            "credit",
            Paper {
                document: Subject::Finalised(&credit),
                ..due
            },
        ),
    ];
    for (state, paper) in renditions {
        assert_sound(&format!("{name} {state}"), &display_list(&paper).unwrap());
    }
}

#[test]
fn nothing_leaves_the_page_and_no_text_lies_over_another() {
    assert_sound_in_every_state("bathroom", &invoice(bathroom()));
    assert_sound_in_every_state("long", &long_job());
    assert_sound_in_every_state("hostile", &hostile());
    // As wide as a number can be.
    for (name, content) in [
        ("widest number", bathroom()),
        ("widest hostile", hostile().content),
    ] {
        let widest = Finalised {
            number: "W".repeat(35).parse().unwrap(),
            ..invoice(content)
        };
        assert_sound_in_every_state(name, &widest);
    }
}

#[test]
fn many_receipts_are_summed_up_and_still_fit() {
    let document = invoice(bathroom());
    let receipts: Vec<_> = (1..=28)
        .map(|day| cheque(date(2026, 2, day), 10_000))
        .collect();
    let pages = display_list(&Paper {
        standing: Some(after(&document, 280_000)),
        receipts: &receipts,
        ..paper(&document)
    });
    let pages = pages.unwrap();
    assert_sound("many receipts", &pages);
    let text = all_text(&pages);
    assert!(
        text.contains("17 mouvements du 01/02/2026 au 17/02/2026") && text.contains("1 700,00"),
        "{text}"
    );
}

#[test]
fn a_long_job_carries_its_totals_from_page_to_page() {
    let document = long_job();
    let pages = display_list(&paper(&document)).unwrap();
    assert!(pages.len() >= 3, "{} pages", pages.len());
    let count = pages.len();
    let mut carried = None;
    for (index, page) in pages.iter().enumerate() {
        let text = all_text(std::slice::from_ref(page));
        assert!(text.contains(&format!(
            "Facture F-2026-00147 · page {}/{count}",
            index + 1
        )));
        let amount_beside = |word: &str| {
            let lines: Vec<&str> = text.lines().collect();
            lines
                .iter()
                .position(|line| *line == word)
                .map(|at| lines[at - 1].to_owned())
        };
        let report = amount_beside("Report");
        assert_eq!(report.is_some(), carried.is_some(), "page {}", index + 1);
        assert_eq!(report, carried, "page {}", index + 1);
        assert!(text.contains("Désignation"), "the head is repeated");
        carried = amount_beside("À reporter");
        assert_eq!(carried.is_some(), index + 1 < count, "page {}", index + 1);
    }
}

#[test]
fn totals_never_stand_alone_on_a_page() {
    for count in 15..40 {
        let items = (0..count)
            .map(|index| line(&format!("Ligne {index}"), "1", "u", "10", TEN))
            .collect();
        let document = invoice(content(items));
        let pages = display_list(&paper(&document)).unwrap();
        assert_sound(&format!("{count} lines"), &pages);
        let page = pages
            .iter()
            .find(|page| all_text(std::slice::from_ref(page)).contains("Total TTC"));
        let text = page
            .map(|page| all_text(std::slice::from_ref(page)))
            .unwrap();
        assert!(
            text.contains("Ligne "),
            "{count} lines: totals without a line"
        );
    }
}

#[test]
fn only_an_invoice_that_asks_for_money_carries_a_link() {
    let document = invoice(bathroom());
    let due = paper(&document);
    assert_eq!(links(&display_list(&due).unwrap()), [URL, URL]);
    let partly = Paper {
        standing: Some(after(&document, 100)),
        ..due
    };
    assert_eq!(links(&display_list(&partly).unwrap()).len(), 2);
    let asked = document.totals.net_due;
    let cancelled = Movements {
        cancelled: true,
        credited: asked,
        ..Movements::default()
    };
    let refunded = Movements {
        received: asked,
        given_back: asked,
        ..Movements::default()
    };
    for (name, movements) in [("cancelled", cancelled), ("refunded", refunded)] {
        let silent = Paper {
            standing: Some(standing(asked, movements)),
            ..due
        };
        assert_eq!(
            links(&display_list(&silent).unwrap()),
            Vec::<String>::new(),
            "{name}"
        );
    }
    let settled = Paper {
        standing: Some(after(&document, asked.get())),
        ..due
    };
    assert_eq!(
        links(&display_list(&settled).unwrap()),
        Vec::<String>::new()
    );
    let credit = credit_note(&document);
    assert_eq!(
        links(&display_list(&paper(&credit)).unwrap()),
        Vec::<String>::new()
    );
    let (draft, seller, buyer) = (draft(bathroom()), company(), customer());
    let totals = &document.totals;
    let subject = Subject::Draft {
        draft: &draft,
        totals,
        seller: &seller,
        buyer: &buyer,
    };
    let pages = display_list(&Paper {
        document: subject,
        ..due
    })
    .unwrap();
    assert_eq!(links(&pages), Vec::<String>::new());
    let text = all_text(&pages);
    assert!(
        text.contains("PROVISOIRE") && !text.contains("F-2026"),
        "{text}"
    );
}

#[test]
fn an_address_that_paper_cannot_carry_is_refused() {
    let document = invoice(bathroom());
    let payment = PaymentBlock::Link {
        url: "javascript:alert(1)",
        test: false,
    };
    let refused = render(&Paper {
        payment,
        ..paper(&document)
    });
    assert_eq!(refused, Err(Error::LinkUnusable));
}

#[test]
fn every_page_says_what_kind_of_file_it_comes_from() {
    let document = long_job();
    let marks = Marks {
        trial: true,
        demonstration: true,
        duplicate: false,
    };
    let payment = PaymentBlock::Link {
        url: URL,
        test: true,
    };
    for page in display_list(&Paper {
        marks,
        payment,
        ..paper(&document)
    })
    .unwrap()
    {
        let text = all_text(&[page]);
        for mark in ["ESSAI", "DÉMONSTRATION", "LIEN DE TEST"] {
            assert!(
                text.matches(mark).count() >= 2,
                "{mark} across the page and at its foot"
            );
        }
    }
}

#[test]
fn a_pdf_has_its_fonts_its_links_and_its_names_in_it() {
    let document = long_job();
    let logo = logo();
    let paper = Paper {
        logo: Some(&logo),
        ..paper(&document)
    };
    let bytes = render(&paper).unwrap();
    assert_eq!(
        render(&paper).unwrap(),
        bytes,
        "the same input gives the same bytes"
    );
    let pdf = lopdf::Document::load_mem(&bytes).unwrap();
    assert_eq!(pdf.get_pages().len(), display_list(&paper).unwrap().len());
    let catalog = pdf.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"fr-FR");
    let metadata = pdf
        .get_object(catalog.get(b"Metadata").unwrap().as_reference().unwrap())
        .unwrap();
    let packet = String::from_utf8_lossy(&metadata.as_stream().unwrap().content).into_owned();
    assert!(
        packet.contains("Facture F-2026-00147") && packet.contains("2026-11-18T09:12:44+01:00")
    );
    let identity = pdf.trailer.get(b"ID").unwrap().as_array().unwrap();
    assert!(identity.len() == 2 && identity[0].as_str().unwrap().len() == 16);

    let mut annotations = Vec::new();
    for id in pdf.page_iter() {
        for annotation in pdf.get_page_annotations(id).unwrap() {
            assert_eq!(annotation.get(b"F").unwrap().as_i64().unwrap(), 4);
            assert!(annotation.get(b"Contents").unwrap().as_str().unwrap().len() > 10);
            let action = annotation.get(b"A").unwrap().as_dict().unwrap();
            let url = action.get(b"URI").unwrap().as_str().unwrap();
            annotations.push(String::from_utf8(url.to_vec()).unwrap());
        }
    }
    assert_eq!(annotations, [URL, URL]);

    let descriptors = pdf
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dictionary| {
            dictionary.get(b"Type").and_then(|name| name.as_name()).ok() == Some(b"FontDescriptor")
        });
    let embedded: Vec<bool> = descriptors
        .map(|descriptor| descriptor.has(b"FontFile3"))
        .collect();
    assert!(
        embedded.len() >= 2 && embedded.iter().all(|has| *has),
        "{embedded:?}"
    );
    assert!(bytes.len() < 150_000, "{} bytes", bytes.len());
}

#[test]
fn renditions_that_differ_have_different_identities() {
    let document = invoice(bathroom());
    let identity = |paper: &Paper<'_>| {
        let pdf = lopdf::Document::load_mem(&render(paper).unwrap()).unwrap();
        pdf.trailer.get(b"ID").unwrap().clone()
    };
    let due = paper(&document);
    let settled = Paper {
        standing: Some(after(&document, document.totals.net_due.get())),
        ..due
    };
    assert_ne!(identity(&due), identity(&settled));
    let other = Paper {
        payment: PaymentBlock::Link {
            url: "https://secure.payplug.com/pay/b",
            test: false,
        },
        ..due
    };
    assert_ne!(identity(&due), identity(&other));
}

#[test]
fn every_amount_of_the_totals_stands_on_paper() {
    let mut said = bathroom();
    said.discount = Percent::parse("5").unwrap();
    said.deductions = vec![
        Deduction::new(
            DeductionKind::Retention,
            DeductionValue::Percent(Percent::parse("5").unwrap()),
        ),
        Deduction::new(
            DeductionKind::Prorata,
            DeductionValue::Amount(Cents::new(4_321)),
        ),
    ];
    let document = invoice(said);
    let text = all_text(&display_list(&paper(&document)).unwrap());
    let totals = &document.totals;
    let mut amounts = vec![
        totals.net,
        totals.vat,
        totals.gross,
        totals.net_due,
        -totals.discount,
    ];
    amounts.extend(totals.lines.iter().copied());
    amounts.extend(totals.by_rate.iter().flat_map(|rate| [rate.base, rate.vat]));
    amounts.extend(totals.deductions.iter().map(|deduction| -deduction.amount));
    for amount in amounts {
        let shown = acquit_domain::money::french_amount(amount).replace('\u{202f}', " ");
        assert!(text.contains(&shown), "{shown} in {text}");
    }
    for words in [
        "Retenue de garantie 5 %",
        "Compte prorata",
        "Remise 5 %",
        "remise 10 %",
        "Net à payer",
    ] {
        assert!(text.contains(words), "{words}");
    }
}
