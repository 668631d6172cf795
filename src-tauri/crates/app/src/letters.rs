//! What a mail says, as of now: variables filled in, the payment block, what goes with it.

use acquit_domain::At;
use acquit_domain::company::Company;
use acquit_domain::id::MailFileId;
use acquit_domain::invoice::Finalised;
use acquit_domain::link::{FileNature, LinkState, Mode, PaymentLink};
use acquit_domain::mail::Recipients;
use acquit_domain::money::french_euros;
use acquit_domain::receipt::Status;
use acquit_domain::template::{Piece, fill, fill_line};
use acquit_domain::text::Email;
use acquit_mail::{
    Attached, Attachment, Block, Button, InlineLogo, Letter, Message, PaymentBox, words,
};
use acquit_store::CompanyRow;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::customers::contact_written_to;
use crate::renditions::Printed;
use crate::values::About;
use crate::view::{Document, InvoiceView};
use crate::{Acquit, Error};

/// Content-Id of the logo.
const LOGO: &str = "logo@acquit";
/// Media type of documents.
pub(crate) const PDF: &str = "application/pdf";

/// A piece of a mail as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShownBlock {
    /// Words.
    Paragraph(String),
    /// What is to pay and how.
    Payment {
        /// Which invoice, until when.
        caption: String,
        /// How much.
        amount: String,
        /// The button's words and where it leads.
        button: Option<(String, String)>,
        /// What stands below.
        note: String,
    },
}

/// A mail as the customer sees it; kept from the moment it leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Who sends it: name and address.
    pub from: String,
    /// Subject.
    pub subject: String,
    /// Name of the company.
    pub company: String,
    /// Its place and telephone.
    pub place: String,
    /// A demonstration or trial says so.
    pub banner: Option<String>,
    /// The words.
    pub blocks: Vec<ShownBlock>,
    /// Names and lengths, in bytes, of what is attached.
    pub attached: Vec<(String, u64)>,
    /// Small print.
    pub legal: Vec<String>,
}

/// What a letter is made from besides its invoice.
pub(crate) struct Wording<'a> {
    pub(crate) recipients: &'a Recipients,
    pub(crate) subject: &'a str,
    pub(crate) body: &'a str,
    pub(crate) from: (&'a str, &'a Email),
}

impl Acquit {
    /// What a mail about finalised documents says now. `attached` is what goes with it.
    ///
    /// # Errors
    /// [`Error::StillADraft`], or an unknown variable.
    pub(crate) fn shown(
        &self,
        views: &[InvoiceView],
        wording: &Wording<'_>,
        attached: Vec<(String, u64)>,
    ) -> Result<Shown, Error> {
        let row = self.company_row()?;
        let buyer = views.first().and_then(InvoiceView::buyer);
        let contact = match buyer {
            Some(buyer) => self
                .file
                .read(|reader| contact_written_to(reader, buyer, wording.recipients))?,
            None => None,
        };
        let (today, rate) = (self.parts.today(), self.reminder_plan()?.penalty_rate());
        let about = About::new(views, &row.company, contact.as_ref(), today, rate)?;
        let value = |variable| about.value(variable);
        let subject = fill_line(wording.subject, value).at("subject")?;
        let mut blocks = Vec::new();
        for piece in fill(wording.body, value).at("body")? {
            match piece {
                Piece::Paragraph(text) => blocks.push(ShownBlock::Paragraph(text)),
                Piece::Payment => blocks.extend(payments(&about, wording, &row, today)),
            }
        }
        let button = blocks.iter().find_map(|block| match block {
            ShownBlock::Payment { button, .. } => button.as_ref(),
            ShownBlock::Paragraph(_) => None,
        });
        // Only a real file leads to PayPlug itself.
        let host = button
            .filter(|_| row.nature == FileNature::Real)
            .and_then(|(_, url)| acquit_mail::host_of(url));
        Ok(Shown {
            from: format!("{} <{}>", wording.from.0, wording.from.1),
            subject,
            place: words::place(&row.company),
            banner: match row.nature {
                FileNature::Real => None,
                FileNature::Demonstration => Some(words::DEMONSTRATION.to_owned()),
                FileNature::Trial => Some(words::TRIAL.to_owned()),
            },
            blocks,
            attached,
            legal: words::legal(&row.company, host.as_deref()),
            company: row.company.name,
        })
    }

    /// The message as bytes.
    pub(crate) fn message(
        &self,
        shown: &Shown,
        wording: &Wording<'_>,
        id: &str,
        attachments: &[Attachment],
        is_unsent: bool,
    ) -> Result<Vec<u8>, Error> {
        let logo = self.company_row()?.logo;
        let logo = logo.as_deref().map(|bytes| InlineLogo {
            id: LOGO,
            bytes,
            media_type: if bytes.starts_with(b"\x89PNG") {
                "image/png"
            } else {
                "image/jpeg"
            },
        });
        let (text, html) = renditions(shown, logo.is_some());
        Ok(Message {
            id,
            at: self.parts.now(),
            from: wording.from,
            to: &wording.recipients.to,
            cc: &wording.recipients.cc,
            subject: &shown.subject,
            text: &text,
            html: &html,
            logo,
            attachments,
            is_unsent,
        }
        .bytes()?)
    }

    /// What of a document may leave with a mail: a link made with a Test key goes to the company alone
    /// (`payment-links.md` § 3), in words and on paper.
    pub(crate) fn leaving(
        &self,
        view: InvoiceView,
        wording: &Wording<'_>,
    ) -> Result<InvoiceView, Error> {
        let company = self.company()?;
        let link = view.link.filter(|link| may_leave(link, wording, &company));
        Ok(InvoiceView { link, ..view })
    }

    /// The PDFs as they stand now, as renditions and as what is attached, and the files that go with
    /// them.
    pub(crate) fn attachments(
        &self,
        views: &[InvoiceView],
        files: &[MailFileId],
    ) -> Result<(Vec<Printed>, Vec<Attachment>), Error> {
        let mut carried = Vec::with_capacity(views.len());
        let mut attachments = Vec::with_capacity(views.len() + files.len());
        for view in views {
            let printed = self.printed_of(view, false)?;
            attachments.push(Attachment {
                name: pdf_name(view)?,
                media_type: PDF.to_owned(),
                bytes: printed.bytes.clone(),
            });
            carried.push(printed);
        }
        self.file.read(|reader| {
            for id in files {
                let row = reader.mail_file(*id)?.ok_or(Error::UnknownMailPart)?;
                let bytes = reader.mail_file_bytes(*id)?;
                attachments.push(Attachment {
                    name: row.name,
                    media_type: row.media_type,
                    bytes: bytes.ok_or(Error::UnknownMailPart)?,
                });
            }
            Ok::<_, Error>(())
        })?;
        Ok((carried, attachments))
    }
}

/// Names and lengths of what is attached.
pub(crate) fn listed(attachments: &[Attachment]) -> Vec<(String, u64)> {
    let length = |bytes: &Vec<u8>| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    attachments
        .iter()
        .map(|file| (file.name.clone(), length(&file.bytes)))
        .collect()
}

/// Name of a document's PDF.
pub(crate) fn pdf_name(view: &InvoiceView) -> Result<String, Error> {
    match &view.document {
        Document::Draft { .. } => Err(Error::StillADraft),
        Document::Finalised(document) => {
            Ok(words::pdf_name(document.number, !document.is_invoice()))
        }
    }
}

/// What stands where the text names the link: what each document asks for.
fn payments<'a>(
    about: &'a About<'_>,
    wording: &'a Wording<'_>,
    row: &'a CompanyRow,
    today: Date,
) -> impl Iterator<Item = ShownBlock> + 'a {
    let documents = about.documents().iter();
    documents.filter_map(move |(document, view)| payment(view, document, wording, row, today))
}

fn payment(
    view: &InvoiceView,
    document: &Finalised,
    wording: &Wording<'_>,
    row: &CompanyRow,
    today: Date,
) -> Option<ShownBlock> {
    if !document.is_invoice() {
        return None;
    }
    let number = document.number;
    match view.standing.status {
        Status::Cancelled => return Some(ShownBlock::Paragraph(words::cancelled(number))),
        Status::Settled => return Some(ShownBlock::Paragraph(words::settled(number))),
        _ => {}
    }
    let payable = view.standing.payable();
    // Money went back, and the owner has not decided yet: nothing is asked for.
    if !payable.is_positive() {
        return None;
    }
    let button = open_link(view, wording, row).map(|url| (words::button(payable), url));
    let note = match button {
        Some(_) => words::CARD_NOTE.to_owned(),
        None => words::transfer_note(&row.company, number),
    };
    Some(ShownBlock::Payment {
        caption: words::caption(number, view.due_date(document), today),
        amount: french_euros(payable),
        button,
        note,
    })
}

/// Whether a link was made with a Test key.
pub(crate) fn is_test(link: &PaymentLink) -> bool {
    link.state
        .hosted()
        .is_some_and(|hosted| hosted.mode == Mode::Test)
}

/// Whether a link may leave to these recipients.
pub(crate) fn may_leave(link: &PaymentLink, wording: &Wording<'_>, company: &Company) -> bool {
    let is_ours = |email: &Email| email == wording.from.1 || Some(email) == company.email.as_ref();
    !is_test(link) || wording.recipients.seen().all(is_ours)
}

/// The address of a link that can be paid and asks for what is due.
pub(crate) fn usable_url<'a>(link: &'a PaymentLink, view: &InvoiceView) -> Option<&'a str> {
    let LinkState::Open(hosted) = &link.state else {
        return None;
    };
    let is_right = link.amount == view.standing.payable() && !hosted.url.is_empty();
    is_right.then_some(hosted.url.as_str())
}

/// The address of the link, if it may leave to these recipients.
fn open_link(view: &InvoiceView, wording: &Wording<'_>, row: &CompanyRow) -> Option<String> {
    let link = view.link.as_ref()?;
    let url = usable_url(link, view)?;
    may_leave(link, wording, &row.company).then(|| url.to_owned())
}

fn renditions(shown: &Shown, has_logo: bool) -> (String, String) {
    let blocks: Vec<Block> = shown.blocks.iter().map(block).collect();
    let attached: Vec<Attached> = shown
        .attached
        .iter()
        .map(|(name, bytes)| Attached {
            name: name.clone(),
            size: words::size(*bytes),
        })
        .collect();
    let letter = Letter {
        company: &shown.company,
        place: &shown.place,
        logo: has_logo.then_some(LOGO),
        banner: shown.banner.as_deref(),
        blocks: &blocks,
        attached: &attached,
        legal: &shown.legal,
    };
    (letter.text(), letter.html())
}

fn block(block: &ShownBlock) -> Block {
    match block {
        ShownBlock::Paragraph(text) => Block::Paragraph(text.clone()),
        ShownBlock::Payment {
            caption,
            amount,
            button,
            note,
        } => Block::Payment(PaymentBox {
            caption: caption.clone(),
            amount: amount.clone(),
            button: button.as_ref().map(|(label, url)| Button {
                label: label.clone(),
                url: url.clone(),
            }),
            note: note.clone(),
        }),
    }
}
