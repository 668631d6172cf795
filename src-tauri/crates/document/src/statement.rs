//! A statement of account (*relevé de compte*): every invoice that a customer has still to pay, what
//! they come to, and how to pay.

use acquit_domain::company::Company;
use acquit_domain::customer::{Customer, CustomerKind};
use acquit_domain::date::french_long;
use acquit_domain::money::french_euros;
use acquit_domain::statement::{Owed, Sums, sums};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::display::{Page, Role};
use crate::error::Error;
use crate::layout::{Canvas, Flow};
use crate::legal;
use crate::letterhead::{self, Letterhead};
use crate::logo::Logo;
use crate::mentions::{self, Mention};
use crate::paper::Marks;
use crate::payment_block::{LEFT, SAID_WIDTH, asked, bank_details, panel, test_notice};
use crate::statement_table;
use crate::theme::{ASKING, BODY, CAPTION, LATE};
use crate::words;

/// What a customer has still to pay, on one day.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// The seller.
    pub company: &'a Company,
    /// The seller's logo.
    pub logo: Option<&'a Logo>,
    /// The customer.
    pub customer: &'a Customer,
    /// The day that it speaks of.
    pub date: Date,
    /// Dates the PDF itself.
    pub made_at: Timestamp,
    /// What every page must say about the file.
    pub marks: Marks,
    /// The invoices, in the order in which they are printed.
    pub lines: &'a [StatementLine],
}

/// An invoice on a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// What is owed.
    pub owed: Owed,
    /// Where it can be paid by card.
    pub link: Option<StatementLink>,
}

/// The payment page of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLink {
    /// Its address: `http` or `https`, ASCII.
    pub url: String,
    /// Made with a Test key: the statement reads *LIEN DE TEST* (`payment-links.md` § 3).
    pub test: bool,
}

impl Statement<'_> {
    fn shows_test_link(&self) -> bool {
        self.links().any(|link| link.test)
    }

    fn links(&self) -> impl Iterator<Item = &StatementLink> {
        self.lines.iter().filter_map(|line| line.link.as_ref())
    }
}

/// Lays the whole statement out.
pub(crate) fn pages(statement: &Statement<'_>) -> Result<Vec<Page>, Error> {
    let test = [(statement.shows_test_link(), words::TEST_LINK)];
    let letterhead = Letterhead {
        seller: statement.company,
        logo: statement.logo,
        buyer: Some(statement.customer),
        heading: words::STATEMENT,
        marks: letterhead::marks(statement.marks, &test),
        reissue: None,
    };
    let sums = sums(statement.lines.iter().map(|line| &line.owed));
    let counted = words::to_settle(sums.count, sums.late_count);
    let about = letterhead::subject(words::YOUR_ACCOUNT, &[&counted, words::MAY_HAVE_CROSSED]);
    let mut flow = letterhead.begin(&[words::made_on(statement.date)], about)?;
    let block = due(statement, sums);
    statement_table::flow(statement.lines, &mut flow, 12.0 + block.height)?;
    close(&mut flow, block, &mentions(statement, sums));
    Ok(letterhead.finish(flow))
}

/// What is due in all and how to pay it.
fn due(statement: &Statement<'_>, sums: Sums) -> Canvas {
    let mut said = Canvas::default();
    let day = french_long(statement.date);
    asked(&mut said, words::TOTAL_DUE_ON, Some(&day), sums.due);
    if sums.late.is_positive() {
        let style = BODY.bold().in_color(LATE);
        let late = words::late_part(&french_euros(sums.late));
        let top = said.height + 1.0;
        said.part(Role::Paragraph, |said| {
            said.line(LEFT, top, style, &late);
        });
    }
    if statement.shows_test_link() {
        let top = said.height + 3.0;
        test_notice(&mut said, top);
    }
    let has_iban = statement.company.iban.is_some();
    let how = match (statement.links().next(), has_iban) {
        (Some(_), _) => Some(words::PAY_EACH),
        (None, true) => None,
        (None, false) => Some(words::AS_ON_INVOICES),
    };
    if let Some(how) = how {
        let top = said.height + 4.0;
        said.part(Role::Paragraph, |said| {
            said.text(LEFT, top, SAID_WIDTH, CAPTION, how);
        });
    }
    let quoted = Some(words::QUOTE_NUMBERS.to_owned());
    panel(ASKING, said, bank_details(statement.company, quoted))
}

/// What a professional owes for being late (C. com. art. L441-10).
fn mentions(statement: &Statement<'_>, sums: Sums) -> Vec<Mention> {
    let is_business = statement.customer.kind == CustomerKind::Business;
    if is_business && sums.late.is_positive() {
        mentions::late_payment(statement.date)
    } else {
        Vec::new()
    }
}

/// The block below the last line, the mentions at the foot.
fn close(flow: &mut Flow, block: Canvas, mentions: &[Mention]) {
    flow.need(12.0 + block.height);
    flow.gap(12.0);
    flow.put(block);
    let mentions = legal::draw(mentions);
    flow.need(mentions.height + 9.0);
    flow.put_at_bottom(mentions);
}
