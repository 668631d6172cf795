//! throw-away

use crate::fixtures::*;
use acquit_document::*;
use acquit_domain::Cents;
use acquit_domain::receipt::*;
use jiff::civil::date;
#[test]
fn pictures() {
    let logo = logo();
    let doc = invoice(bathroom());
    let mut p = paper(&doc);
    p.logo = Some(&logo);
    saved("v-due", &render(&p).unwrap());
    let receipts = [
        cheque(date(2026, 10, 12), 120_000),
        card(date(2026, 11, 23), 286_690 + 0),
    ];
    let p2 = Paper {
        standing: Some(after(&doc, 406_690)),
        receipts: &receipts,
        ..p
    };
    saved("v-settled", &render(&p2).unwrap());
    let p3 = Paper {
        standing: Some(after(&doc, 120_000)),
        receipts: &receipts[..1],
        ..p
    };
    saved("v-partly", &render(&p3).unwrap());
    let credit = credit_note(&doc);
    saved(
        "v-credit",
        &render(&Paper {
            logo: Some(&logo),
            ..paper(&credit)
        })
        .unwrap(),
    );
    let d = draft(bathroom());
    let (s, b) = (company(), customer());
    let p4 = Paper {
        document: Subject::Draft {
            draft: &d,
            totals: &doc.totals,
            seller: &s,
            buyer: &b,
        },
        logo: Some(&logo),
        payment: PaymentBlock::None,
        standing: None,
        marks: Marks::default(),
        receipts: &[],
    };
    saved("v-draft", &render(&p4).unwrap());
    let p5 = Paper {
        payment: PaymentBlock::Link {
            url: URL,
            test: true,
        },
        marks: Marks {
            trial: true,
            demonstration: false,
        },
        ..p
    };
    saved("v-test", &render(&p5).unwrap());
    let p6 = Paper {
        payment: PaymentBlock::Pending,
        marks: Marks {
            trial: false,
            demonstration: true,
        },
        ..p
    };
    saved("v-pending", &render(&p6).unwrap());
    let cancelled = standing(
        doc.totals.net_due,
        Movements {
            cancelled: true,
            credited: doc.totals.net_due,
            ..Movements::default()
        },
    );
    saved(
        "v-cancelled",
        &render(&Paper {
            standing: Some(cancelled),
            ..p
        })
        .unwrap(),
    );
    let _ = Cents::ZERO;
    let long = crate::structure::long_job();
    saved(
        "w-long",
        &render(&Paper {
            logo: Some(&logo),
            ..paper(&long)
        })
        .unwrap(),
    );
    let h = crate::structure::hostile();
    saved(
        "w-hostile",
        &render(&Paper {
            logo: Some(&logo),
            payment: PaymentBlock::Pending,
            ..paper(&h)
        })
        .unwrap(),
    );
    let mut c = content(vec![
        line(
            "Pose de cloisons en sous-traitance",
            "120.5",
            "m²",
            "38.9",
            acquit_domain::vat::VatTreatment::ReverseCharge,
        ),
        comment("Accès par la cour."),
    ]);
    c.notes = Some("Merci de votre confiance.\nGarantie de parfait achèvement d’un an.".into());
    c.customer_reference = Some("BC-2026-889".into());
    c.discount = acquit_domain::quantity::Percent::parse("5").unwrap();
    c.deductions = vec![acquit_domain::invoice::Deduction {
        kind: acquit_domain::invoice::DeductionKind::Retention,
        value: acquit_domain::invoice::DeductionValue::Percent(
            acquit_domain::quantity::Percent::parse("5").unwrap(),
        ),
    }];
    let b = invoice_of(c, company(), crate::mentions::business());
    saved("w-business", &render(&paper(&b)).unwrap());
    let mut s = company();
    s.franchise = true;
    s.vat_number = None;
    s.legal_form = Some("EI".into());
    s.capital = None;
    s.name = "Paul Martin".into();
    s.register = None;
    let f = invoice_of(
        content(vec![line(
            "Entretien chaudière",
            "1",
            "",
            "120",
            acquit_domain::vat::VatTreatment::Exempt,
        )]),
        s,
        customer(),
    );
    saved("w-franchise", &render(&paper(&f)).unwrap());
}
