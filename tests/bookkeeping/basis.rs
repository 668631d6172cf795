//! The basis of VAT that changes on a day: documents and their credit notes keep that of their issue.

use acquit_app::{Kind, NewCompany};
use acquit_domain::link::FileNature;
use acquit_domain::vat::VatBasis;
use acquit_tests::World;
use jiff::Span;

use super::{DAY_S, books, by_cheque, expected, holds, issued};

#[tokio::test]
async fn an_invoice_and_its_credit_note_keep_the_basis_of_its_day() {
    let world = World::unconnected(811, FileNature::Demonstration).await;
    let tomorrow = world
        .acquit
        .today()
        .checked_add(Span::new().days(1))
        .unwrap();
    world
        .acquit
        .set_vat_basis(VatBasis::OnInvoice, tomorrow)
        .unwrap();
    let (before, settled) = (world.issue(100).id, world.issue(300).id);
    assert_eq!(
        world.acquit.company().unwrap().vat_basis,
        VatBasis::OnReceipt
    );
    world.advance(DAY_S);
    assert_eq!(
        world.acquit.company().unwrap().vat_basis,
        VatBasis::OnInvoice
    );
    world.issue(200);
    // Deposits always wait.
    issued(&world, Kind::Deposit, "50", &[]).await;
    let now = books(&world);
    assert_eq!((now["445742"], now["445712"]), (-4_500, -2_000));
    world.acquit.undo_export(1).unwrap();
    world.acquit.cancel(before).await.unwrap();
    by_cheque(&world, settled, 33_000).await;
    holds(&world);
    let left = [
        ("411000", 27_500),
        ("419100", -5_000),
        ("445712", -5_000),
        ("445742", -500),
        ("511200", 33_000),
        ("704000", -50_000),
    ];
    assert_eq!(books(&world), expected(&left));
}

#[tokio::test]
async fn a_change_is_dated_from_today_on_and_shown_with_what_was_before() {
    let world = World::unconnected(812, FileNature::Demonstration).await;
    let today = world.acquit.today();
    let yesterday = today.checked_sub(Span::new().days(1)).unwrap();
    let refused = world.acquit.set_vat_basis(VatBasis::OnInvoice, yesterday);
    let refused = refused.unwrap_err();
    assert_eq!(
        (refused.code(), refused.field()),
        ("date_too_early", Some("from"))
    );
    // What is so already needs no row.
    world
        .acquit
        .set_vat_basis(VatBasis::OnReceipt, today)
        .unwrap();
    assert!(world.acquit.bookkeeping().unwrap().bases.is_empty());

    // The company's own form changes it from today on.
    let mut company = world.acquit.company().unwrap();
    company.vat_basis = VatBasis::OnInvoice;
    let new = NewCompany {
        company,
        logo_path: None,
    };
    world.acquit.update_company(new).unwrap();
    let books = world.acquit.bookkeeping().unwrap();
    assert_eq!(
        (books.basis, books.basis_from),
        (VatBasis::OnInvoice, today)
    );
    let bases: Vec<_> = books.bases.iter().map(|row| row.basis).collect();
    assert_eq!(bases, [VatBasis::OnReceipt, VatBasis::OnInvoice]);
    assert_eq!(books.bases[1].from, today);
    // What was to come is taken back by the same day.
    let later = today.checked_add(Span::new().days(40)).unwrap();
    world
        .acquit
        .set_vat_basis(VatBasis::OnReceipt, later)
        .unwrap();
    world
        .acquit
        .set_vat_basis(VatBasis::OnInvoice, later)
        .unwrap();
    world.advance(41 * DAY_S);
    assert_eq!(
        world.acquit.company().unwrap().vat_basis,
        VatBasis::OnInvoice
    );
    holds(&world);
}
