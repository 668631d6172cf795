//! What is put on paper, and what follows from it before anything is laid out.

use acquit_domain::Cents;
use acquit_domain::adjustment::Adjustment;
use acquit_domain::company::Company;
use acquit_domain::customer::Customer;
use acquit_domain::date;
use acquit_domain::invoice::{
    Content, DocumentKind, Draft, DraftKind, EarlierKind, Finalised, Reference, Totals,
};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::receipt::{Chargeback, PaymentMeans, Receipt, Refund, Standing, Status};
use acquit_domain::remote::Card;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::logo::Logo;

/// One rendition of a document.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    /// The document.
    pub document: Subject<'a>,
    /// The seller's logo.
    pub logo: Option<&'a Logo>,
    /// How the customer can pay. Only used while something may be asked: a draft, a credit note, a
    /// settled or cancelled invoice never carries a link.
    pub payment: PaymentBlock<'a>,
    /// Where the invoice stands; none means that nothing happened since it was issued.
    pub standing: Option<Standing>,
    /// What every page must say about the file.
    pub marks: Marks,
    /// Money received and given back, oldest first.
    pub receipts: &'a [PaperReceipt],
}

/// A draft or a finalised document.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// No number yet; every page says *provisoire*.
    Draft {
        /// The draft.
        draft: &'a Draft,
        /// Its totals, from [`Content::check`].
        totals: &'a Totals,
        /// The seller.
        seller: &'a Company,
        /// The buyer.
        buyer: &'a Customer,
    },
    /// An invoice or a credit note.
    Finalised(&'a Finalised),
}

/// How the customer can pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentBlock<'a> {
    /// A payment page exists.
    Link {
        /// Its address: `http` or `https`, ASCII.
        url: &'a str,
        /// Made with a Test key: the block reads *LIEN DE TEST* (`payment-links.md` § 3).
        test: bool,
    },
    /// A link is wished for but not there yet: *lien de paiement à venir*, and bank details.
    Pending,
    /// Bank details alone.
    None,
}

/// What every page must say about the file that it comes from, and about the copy that it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// A file connected to something else than PayPlug: *ESSAI* (`cli.md`, `--api-base`).
    pub trial: bool,
    /// The demonstration company: *DÉMONSTRATION*.
    pub demonstration: bool,
    /// Printed again for somebody who had it: *DUPLICATA*.
    pub duplicate: bool,
}

/// One movement of money as it is listed on paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperReceipt {
    /// Day, in France.
    pub date: Date,
    /// How much, above zero.
    pub amount: Cents,
    /// How.
    pub means: PaymentMeans,
    /// The card, for payments by card.
    pub card: Option<Card>,
    /// PayPlug's transaction number.
    pub transaction: Option<String>,
    /// Which way it went.
    pub kind: PaperMovement,
}

/// What a listed movement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperMovement {
    /// Money received.
    Received,
    /// Given back to the customer.
    Refunded,
    /// Taken back by the customer's bank.
    ChargedBack,
    /// Taken off by a credit note for a part.
    Credited(DocumentNumber),
    /// Given up as a lost debt.
    WrittenOff,
    /// Decided on the account: an overpayment given back, kept or set off, a small difference given up.
    Adjusted {
        /// What was decided.
        adjustment: Adjustment,
        /// Of a set-off: whether it is the credit of the other invoice that pays this one.
        is_incoming: bool,
        /// Of a set-off: the invoice at its other end.
        other: Option<DocumentNumber>,
    },
    /// The retention was released: it raises what is due.
    Released {
        /// When what is due since then is to be paid.
        due_on: Date,
    },
}

impl PaperReceipt {
    /// What it takes off what is due: below zero where money went back.
    pub(crate) fn signed(&self) -> Cents {
        match self.kind {
            PaperMovement::Refunded
            | PaperMovement::ChargedBack
            | PaperMovement::Released { .. } => -self.amount,
            PaperMovement::Received | PaperMovement::Credited(_) | PaperMovement::WrittenOff => {
                self.amount
            }
            PaperMovement::Adjusted {
                adjustment,
                is_incoming,
                ..
            } => {
                if is_incoming || adjustment == Adjustment::Missing {
                    self.amount
                } else {
                    -self.amount
                }
            }
        }
    }

    /// Whether it pays the document: money, or the credit of another invoice.
    pub(crate) fn pays(&self) -> bool {
        matches!(
            self.kind,
            PaperMovement::Received
                | PaperMovement::Adjusted {
                    is_incoming: true,
                    ..
                }
        )
    }

    /// Whether it is no money: it changes what is asked for, and pays nothing.
    fn is_no_money(&self) -> bool {
        match self.kind {
            PaperMovement::Credited(_) | PaperMovement::Released { .. } => true,
            PaperMovement::Adjusted { adjustment, .. } => adjustment.is_small_difference(),
            _ => false,
        }
    }
}

impl From<&Receipt> for PaperReceipt {
    fn from(receipt: &Receipt) -> Self {
        let source = receipt.payplug.as_ref();
        Self {
            date: receipt.date,
            amount: receipt.amount,
            means: receipt.means,
            card: source.and_then(|source| source.card.clone()),
            transaction: source.map(|source| source.payment.to_string()),
            kind: PaperMovement::Received,
        }
    }
}

impl From<&Refund> for PaperReceipt {
    fn from(refund: &Refund) -> Self {
        Self {
            date: refund.date,
            amount: refund.amount,
            means: PaymentMeans::CardPayplug,
            card: None,
            transaction: Some(refund.id.to_string()),
            kind: PaperMovement::Refunded,
        }
    }
}

impl From<&Chargeback> for PaperReceipt {
    fn from(chargeback: &Chargeback) -> Self {
        Self {
            date: chargeback.date,
            amount: chargeback.amount,
            means: PaymentMeans::CardPayplug,
            card: None,
            transaction: None,
            kind: PaperMovement::ChargedBack,
        }
    }
}

/// What a document is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Invoice,
    Deposit,
    /// Which of its contract, from 1.
    Progress(usize),
    Final,
    Credit,
}

impl Kind {
    fn of(kind: &DocumentKind, content: &Content) -> Self {
        match kind {
            DocumentKind::Invoice => Self::Invoice,
            DocumentKind::Deposit => Self::Deposit,
            DocumentKind::Progress => Self::Progress(ordinal(content)),
            DocumentKind::Final => Self::Final,
            DocumentKind::CreditNote { .. } => Self::Credit,
        }
    }

    fn of_draft(kind: &DraftKind, content: &Content) -> Self {
        match kind {
            DraftKind::Invoice => Self::Invoice,
            DraftKind::Deposit => Self::Deposit,
            DraftKind::Progress { .. } => Self::Progress(ordinal(content)),
            DraftKind::Final { .. } => Self::Final,
            DraftKind::CreditNote { .. } => Self::Credit,
        }
    }
}

/// A situation comes after those that it takes off.
fn ordinal(content: &Content) -> usize {
    let before = content.earlier.iter();
    before
        .filter(|one| one.what == EarlierKind::Situation)
        .count()
        + 1
}

/// What the layout reads: a draft and a finalised document look alike from here on.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) paper: &'a Paper<'a>,
    pub(crate) seller: &'a Company,
    pub(crate) buyer: &'a Customer,
    pub(crate) content: &'a Content,
    pub(crate) totals: &'a Totals,
    pub(crate) kind: Kind,
    pub(crate) number: Option<DocumentNumber>,
    pub(crate) issue_date: Option<Date>,
    pub(crate) due_date: Option<Date>,
    pub(crate) credits: Option<&'a Reference>,
    /// Dates the PDF itself.
    pub(crate) made_at: Timestamp,
}

impl<'a> View<'a> {
    pub(crate) fn new(paper: &'a Paper<'a>) -> Self {
        match paper.document {
            Subject::Draft {
                draft,
                totals,
                seller,
                buyer,
            } => {
                let follows = |issue| date::due_date(issue, seller.payment_days).ok();
                Self {
                    paper,
                    seller,
                    buyer,
                    content: &draft.content,
                    totals,
                    kind: Kind::of_draft(&draft.kind, &draft.content),
                    number: None,
                    issue_date: draft.issue_date,
                    due_date: draft
                        .due_date
                        .or_else(|| draft.issue_date.and_then(follows)),
                    credits: None,
                    made_at: draft.created_at,
                }
            }
            Subject::Finalised(document) => Self {
                paper,
                seller: &document.seller,
                buyer: &document.buyer,
                content: &document.content,
                totals: &document.totals,
                kind: Kind::of(&document.kind, &document.content),
                number: Some(document.number),
                issue_date: Some(document.issue_date),
                due_date: Some(document.due_date),
                credits: document.kind.credits(),
                made_at: document.finalised_at,
            },
        }
    }

    /// What the customer is asked, told or given.
    pub(crate) fn situation(&self) -> Situation<'a> {
        if let Some(credits) = self.credits {
            return Situation::Credit { credits };
        }
        if self.number.is_none() {
            return Situation::Provisional;
        }
        let standing = self.paper.standing;
        if standing.is_some_and(|standing| standing.status == Status::Cancelled) {
            return Situation::Cancelled;
        }
        let remaining = standing.map_or(self.totals.net_due, |standing| standing.remaining);
        if !remaining.is_positive() {
            return Situation::Settled;
        }
        let payable = standing.is_none_or(|standing| standing.payable().is_positive());
        Situation::Due {
            remaining,
            link: self.link().filter(|_| payable),
        }
    }

    fn link(&self) -> Option<Link<'a>> {
        match self.paper.payment {
            PaymentBlock::Link { url, test } => Some(Link { url, test }),
            PaymentBlock::Pending | PaymentBlock::None => None,
        }
    }

    /// Whether money settled it: what went back again, was credited or was given up is no payment.
    pub(crate) fn was_paid(&self) -> bool {
        let receipts = self.paper.receipts;
        let money = receipts.iter().filter(|one| !one.is_no_money());
        let kept: Cents = money.map(PaperReceipt::signed).sum();
        let given_up = receipts
            .iter()
            .any(|one| one.kind == PaperMovement::WrittenOff);
        kept.is_positive() && !given_up
    }

    /// When what is asked for is to be paid: a released retention later than the invoice was.
    pub(crate) fn asked_until(&self) -> Option<Date> {
        let mut receipts = self.paper.receipts.iter();
        let released = receipts.find_map(|one| match one.kind {
            PaperMovement::Released { due_on } => Some(due_on),
            _ => None,
        });
        released.or(self.due_date)
    }

    /// Whether a link made with a Test key is shown.
    pub(crate) fn shows_test_link(&self) -> bool {
        matches!(self.situation(), Situation::Due { link: Some(link), .. } if link.test)
    }

    /// Whether any line is charged at a rate.
    pub(crate) fn charges_vat(&self) -> bool {
        self.totals
            .by_rate
            .iter()
            .any(|rate| rate.treatment.rate().is_some())
    }
}

/// The page where the customer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link<'a> {
    pub(crate) url: &'a str,
    pub(crate) test: bool,
}

/// What the block at the foot of the document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Situation<'a> {
    /// A draft: an amount, nothing to pay it with.
    Provisional,
    /// A credit note.
    Credit {
        /// The invoice that it credits.
        credits: &'a Reference,
    },
    /// Cancelled by a credit note.
    Cancelled,
    /// Nothing is due any more.
    Settled,
    /// Something is due.
    Due {
        /// How much.
        remaining: Cents,
        /// Where it can be paid by card.
        link: Option<Link<'a>>,
    },
}
