//! Paper: an invoice, a draft, a credit note, a statement of account or a VAT return as A4 pages, and as a PDF.
//!
//! `invoice`, `statement` and `vat` say what stands where, `layout` breaks it over pages, the result is a display list of
//! [`Page`]s, and `pdf`, `content`, `tags` and `finish` write it. Positions are points from the top left corner;
//! amounts come ready from `acquit_domain`, nothing is computed here.

mod address;
mod cii;
mod content;
mod countries;
mod display;
mod error;
mod file;
mod finish;
mod fonts;
mod invoice;
mod layout;
mod legal;
mod letterhead;
mod logo;
mod mentions;
mod paper;
mod payment_block;
mod pdf;
mod qr;
mod statement;
mod statement_table;
mod subset;
mod svg;
mod table;
mod tags;
mod text;
mod theme;
mod totals_block;
mod vat;
mod vat_words;
mod words;
mod xmp;
mod zlib;

pub use cii::xml;
pub use display::{Area, Item, Modules, Page, Role, Turn};
pub use error::Error;
pub use fonts::{Face, Glyph, Run};
pub use logo::{BYTES_MAX as LOGO_BYTES_MAX, Logo, SIDE_MAX_PX as LOGO_SIDE_MAX_PX};
pub use paper::{Marks, Paper, PaperMovement, PaperReceipt, PaymentBlock, Subject};
pub use statement::{Statement, StatementLine, StatementLink};
pub use svg::{qr_svg, svg};
pub use text::unprintable;
pub use theme::{PAGE_HEIGHT_PT, PAGE_WIDTH_PT, Rgb, Style};
pub use vat::{VatLine, VatPaper, VatSum};

use acquit_domain::rendition::Mark;
use paper::View;

/// What a rendition says of itself: original, *acquittée*, *duplicata* …; never nothing.
#[must_use]
pub fn marks_on(paper: &Paper<'_>) -> Vec<Mark> {
    invoice::said_marks(&View::new(paper))
}

/// Lays a document out on A4 pages.
///
/// # Errors
/// [`Error::LinkUnusable`], [`Error::TooLong`].
pub fn display_list(paper: &Paper<'_>) -> Result<Vec<Page>, Error> {
    invoice::pages(&View::new(paper))
}

/// A document as PDF, an invoice or a credit note with itself as data in it (Factur-X). The same input gives the
/// same bytes.
///
/// # Errors
/// [`Error::LinkUnusable`], [`Error::TooLong`]; [`Error::Writing`] is a defect.
pub fn render(paper: &Paper<'_>) -> Result<Vec<u8>, Error> {
    let view = View::new(paper);
    let pages = invoice::pages(&view)?;
    let document = pdf::document(&pages, paper.logo)?;
    let heading = words::heading(view.kind, view.number);
    let about = finish::About {
        subject: words::pdf_subject(&heading, view.issue_date, &view.buyer.name),
        title: heading,
        author: view.seller.name.clone(),
        made_at: view.made_at,
    };
    let attached = match paper.document {
        Subject::Finalised(document) => Some(xml(document, paper.marks)),
        Subject::Draft { .. } => None,
    };
    finish::finish(document, &pages, &about, attached.as_deref())
}

/// Lays a statement of account out on A4 pages.
///
/// # Errors
/// [`Error::LinkUnusable`], [`Error::TooLong`].
pub fn display_statement(statement: &Statement<'_>) -> Result<Vec<Page>, Error> {
    statement::pages(statement)
}

/// A statement of account as PDF. The same input gives the same bytes.
///
/// # Errors
/// [`Error::LinkUnusable`], [`Error::TooLong`]; [`Error::Writing`] is a defect.
pub fn render_statement(statement: &Statement<'_>) -> Result<Vec<u8>, Error> {
    let pages = statement::pages(statement)?;
    let document = pdf::document(&pages, statement.logo)?;
    let buyer = &statement.customer.name;
    let about = finish::About {
        subject: words::pdf_subject(words::STATEMENT, Some(statement.date), buyer),
        title: words::STATEMENT.to_owned(),
        author: statement.company.name.clone(),
        made_at: statement.made_at,
    };
    finish::finish(document, &pages, &about, None)
}

/// Lays a VAT return out on A4 pages.
///
/// # Errors
/// [`Error::TooLong`].
pub fn display_vat(paper: &VatPaper<'_>) -> Result<Vec<Page>, Error> {
    vat::pages(paper)
}

/// A VAT return as PDF. The same input gives the same bytes.
///
/// # Errors
/// [`Error::TooLong`]; [`Error::Writing`] is a defect.
pub fn render_vat(paper: &VatPaper<'_>) -> Result<Vec<u8>, Error> {
    let pages = vat::pages(paper)?;
    let document = pdf::document(&pages, paper.logo)?;
    let title = vat::heading(paper);
    let about = finish::About {
        subject: words::pdf_subject(&title, Some(paper.date), &paper.company.name),
        title,
        author: paper.company.name.clone(),
        made_at: paper.made_at,
    };
    finish::finish(document, &pages, &about, None)
}
