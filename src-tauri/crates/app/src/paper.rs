//! The PDF of an invoice or credit note and its preview, with the link as it stands now.

use acquit_document::{
    Logo, Marks, Paper, PaperMovement, PaperReceipt, PaymentBlock, Subject, display_list, marks_on,
    render, svg, xml,
};
use acquit_domain::adjustment::Adjustment;
use acquit_domain::company::Company;
use acquit_domain::date::paris_day;
use acquit_domain::given_back::Choice;
use acquit_domain::id::InvoiceId;
use acquit_domain::link::{FileNature, LinkState, Mode, PaymentLink};
use acquit_domain::receipt::{PaymentMeans, Status};
use acquit_domain::rendition::Mark;
use acquit_store::{CompanyRow, Reader};

use crate::files::{company_of, company_on};
use crate::view::{AdjustmentView, Document, InvoiceView, Released};
use crate::{Acquit, Error};

impl Acquit {
    /// The PDF of a draft, an invoice or a credit note. The link outbox is tried for it first (10 s
    /// at most): paper carries a link, which then counts as left for the customer, or says that one
    /// is to come.
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`], or [`Error::Paper`].
    pub async fn pdf(&self, id: InvoiceId) -> Result<Vec<u8>, Error> {
        Ok(self.printed(id, false).await?.bytes)
    }

    /// The PDF of what a view shows, and what it says of itself; nothing is asked of PayPlug.
    pub(crate) fn marked_paper(
        &self,
        view: &InvoiceView,
        duplicate: bool,
    ) -> Result<(Vec<u8>, Vec<Mark>), Error> {
        if duplicate && matches!(view.document, Document::Draft { .. }) {
            return Err(Error::StillADraft);
        }
        self.with_paper(view, duplicate, |paper| {
            Ok((render(paper)?, marks_on(paper)))
        })
    }

    /// The pages of a draft, an invoice or a credit note as SVG pictures: what the PDF shows, drawn
    /// from the same display list. Nothing is asked of PayPlug.
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`], or [`Error::Paper`].
    pub fn preview(&self, id: InvoiceId) -> Result<Vec<String>, Error> {
        self.with_paper(&self.invoice(id)?, false, |paper| {
            let pages = display_list(paper)?;
            pages.iter().map(|page| svg(page, paper.logo)).collect()
        })
    }

    /// The Factur-X XML of an invoice or a credit note, as it was issued: nothing that came after is
    /// in it, and no link.
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`]; [`Error::StillADraft`], which has no number yet.
    pub fn invoice_xml(&self, id: InvoiceId) -> Result<Vec<u8>, Error> {
        let view = self.invoice(id)?;
        let Document::Finalised(document) = &view.document else {
            return Err(Error::StillADraft);
        };
        let row = self.file.read(company_of)?;
        Ok(xml(document, marks(&row)).into_bytes())
    }

    fn with_paper<T>(
        &self,
        view: &InvoiceView,
        duplicate: bool,
        draw: impl FnOnce(&Paper<'_>) -> Result<T, acquit_document::Error>,
    ) -> Result<T, Error> {
        let (row, receipts) = self.file.read(|reader| {
            Ok::<_, Error>((self.seller(reader, view)?, movements(reader, view)?))
        })?;
        let logo = logo_of(&row)?;
        let paper = Paper {
            document: subject(view, &row.company),
            logo: logo.as_ref(),
            payment: payment_block(view.link.as_ref()),
            standing: Some(view.standing),
            marks: Marks {
                duplicate,
                ..marks(&row)
            },
            receipts: &receipts,
        };
        draw(&paper).map_err(Error::Paper)
    }
}

impl Acquit {
    /// The company as a document shows it: a draft has the basis of VAT of the day of its issue.
    fn seller(&self, reader: &Reader<'_>, view: &InvoiceView) -> Result<CompanyRow, Error> {
        let asked = match &view.document {
            Document::Draft { draft, .. } => draft.issue_date,
            Document::Finalised(_) => None,
        };
        let company = company_on(reader, asked.unwrap_or(self.parts.today()))?;
        let row = company_of(reader)?;
        Ok(CompanyRow { company, ..row })
    }
}

/// An address as a QR code, in SVG.
///
/// # Errors
/// [`Error::Paper`] when it is too long for a code.
pub fn qr_svg(address: &str) -> Result<String, Error> {
    acquit_document::qr_svg(address).map_err(Error::Paper)
}

fn subject<'a>(view: &'a InvoiceView, seller: &'a Company) -> Subject<'a> {
    match &view.document {
        Document::Draft {
            draft,
            customer,
            totals,
        } => Subject::Draft {
            draft,
            totals,
            seller,
            buyer: customer,
        },
        Document::Finalised(document) => Subject::Finalised(document),
    }
}

/// What the link's state lets the paper offer.
fn payment_block(link: Option<&PaymentLink>) -> PaymentBlock<'_> {
    match link.map(|link| &link.state) {
        Some(LinkState::Open(hosted)) if !hosted.url.is_empty() => PaymentBlock::Link {
            url: &hosted.url,
            test: hosted.mode == Mode::Test,
        },
        Some(LinkState::Requested { .. } | LinkState::Aborting(_) | LinkState::Aborted(_)) => {
            PaymentBlock::Pending
        }
        _ => PaymentBlock::None,
    }
}

/// The logo of the company.
pub(crate) fn logo_of(row: &CompanyRow) -> Result<Option<Logo>, Error> {
    let logo = row.logo.as_deref().map(Logo::read).transpose();
    logo.map_err(Error::UnreadableLogo)
}

pub(crate) fn marks(row: &CompanyRow) -> Marks {
    Marks {
        trial: row.nature == FileNature::Trial,
        demonstration: row.nature == FileNature::Demonstration,
        duplicate: false,
    }
}

/// Receipts and refunds in the order of their days.
fn movements(reader: &Reader<'_>, view: &InvoiceView) -> Result<Vec<PaperReceipt>, Error> {
    let received = view
        .receipts
        .iter()
        .map(|row| PaperReceipt::from(&row.receipt));
    let refunds = reader.refunds_of(view.id)?;
    let chargebacks = reader.chargebacks_of(view.id)?;
    let disputed = chargebacks
        .iter()
        .filter(|row| row.counts())
        .map(|row| PaperReceipt::from(&row.chargeback));
    let mut movements: Vec<PaperReceipt> = received
        .chain(refunds.iter().map(PaperReceipt::from))
        .chain(disputed)
        .chain(taken_off(reader, view)?)
        .chain(released(view))
        .chain(view.adjustments.iter().map(adjusted))
        .collect();
    movements.sort_by_key(|movement| movement.date);
    Ok(movements)
}

/// The retention, once it is released.
fn released(view: &InvoiceView) -> Option<PaperReceipt> {
    let retention = view.retention?;
    let Released { date, due_on } = retention.released?;
    Some(PaperReceipt {
        date,
        amount: retention.amount,
        means: PaymentMeans::Other,
        card: None,
        transaction: None,
        kind: PaperMovement::Released { due_on },
    })
}

/// What was decided on the account.
fn adjusted(row: &AdjustmentView) -> PaperReceipt {
    let adjustment = row.adjusted.adjustment;
    PaperReceipt {
        date: row.adjusted.date,
        amount: row.adjusted.amount,
        means: match adjustment {
            Adjustment::Returned { means } => means,
            _ => PaymentMeans::Other,
        },
        card: None,
        transaction: None,
        kind: PaperMovement::Adjusted {
            adjustment,
            is_incoming: row.is_incoming,
            other: row.other,
        },
    }
}

/// What lowered the net due besides money: credit notes for a part, debts given up.
fn taken_off(reader: &Reader<'_>, view: &InvoiceView) -> Result<Vec<PaperReceipt>, Error> {
    let off = |date, amount, kind| PaperReceipt {
        date,
        amount,
        means: PaymentMeans::Other,
        card: None,
        transaction: None,
        kind,
    };
    let mut rows = Vec::new();
    if view.standing.status != Status::Cancelled {
        for note in reader.credit_notes(view.id)? {
            let kind = PaperMovement::Credited(note.number);
            rows.push(off(note.issue_date, note.totals.net_due, kind));
        }
    }
    for (decision, at) in reader.decisions_of(view.id)? {
        if decision.choice == Choice::WriteOff {
            rows.push(off(
                paris_day(at),
                decision.amount,
                PaperMovement::WrittenOff,
            ));
        }
    }
    Ok(rows)
}
