//! The life of a payment link (`payment-links.md` § 1): states, events, and the next step.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Rule};
use crate::id::{InvoiceId, LinkId};
use crate::money::Cents;
use crate::remote::{AccountLimits, PaymentId};

mod replacing;

pub use replacing::{PastLink, is_to_send_again, may_replace_by_itself};

/// With which key a payment was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The embedded simulator of a demonstration file.
    Demo,
    /// A Test key: never touches the books.
    Test,
    /// A Live key: money.
    Live,
}

impl Mode {
    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Test => "test",
            Self::Live => "live",
        }
    }

    /// What `is_live` must say on a payment of this mode.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Live)
    }
}

/// What a company file is for, for ever (`payment-links.md` § 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileNature {
    /// A real company.
    Real,
    /// Connected to a simulator by `--api-base`: everything says ESSAI.
    Trial,
    /// The demonstration company.
    Demonstration,
}

/// Why no link can be made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// Under the account's least amount.
    BelowMinimum,
    /// Over the account's greatest amount.
    AboveMaximum,
    /// No PayPlug account is connected.
    NotConnected,
    /// The account does not take euros.
    NotEur,
    /// Nothing to pay.
    NothingDue,
}

impl RefusalReason {
    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BelowMinimum => "below_minimum",
            Self::AboveMaximum => "above_maximum",
            Self::NotConnected => "not_connected",
            Self::NotEur => "not_eur",
            Self::NothingDue => "nothing_due",
        }
    }
}

/// A payment that exists at PayPlug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hosted {
    /// PayPlug's id.
    pub payment: PaymentId,
    /// The page where the customer pays.
    pub url: String,
    /// With which key it was made.
    pub mode: Mode,
    /// When PayPlug created it.
    pub created_at: Timestamp,
}

/// Where a link stands. Only states from [`LinkState::Open`] on know a payment at PayPlug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LinkState {
    /// Wished for. With an attempt, PayPlug may have created it although no answer came.
    Requested {
        /// First instant a create request was about to leave.
        attempted_at: Option<Timestamp>,
    },
    /// Not possible now.
    Refused {
        /// Why.
        reason: RefusalReason,
    },
    /// The customer can pay.
    Open(Hosted),
    /// To be taken back at PayPlug.
    Aborting(Hosted),
    /// Taken back.
    Aborted(Hosted),
    /// Failed at PayPlug: cannot be paid any more.
    Dead(Hosted),
    /// Paid.
    Paid(Hosted),
    /// Paid with a Test key: not in the books.
    PaidTest(Hosted),
    /// Partly given back.
    PartlyRefunded(Hosted),
    /// Given back in full.
    Refunded(Hosted),
    /// Disputed by the customer's bank.
    Disputed(Hosted),
}

impl LinkState {
    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Refused { .. } => "refused",
            Self::Open(_) => "open",
            Self::Aborting(_) => "aborting",
            Self::Aborted(_) => "aborted",
            Self::Dead(_) => "dead",
            Self::Paid(_) => "paid",
            Self::PaidTest(_) => "paid_test",
            Self::PartlyRefunded(_) => "partly_refunded",
            Self::Refunded(_) => "refunded",
            Self::Disputed(_) => "disputed",
        }
    }

    /// The same state with another address of its page.
    #[must_use]
    pub fn with_page(mut self, url: String) -> Self {
        if let Self::Open(hosted)
        | Self::Aborting(hosted)
        | Self::Aborted(hosted)
        | Self::Dead(hosted)
        | Self::Paid(hosted)
        | Self::PaidTest(hosted)
        | Self::PartlyRefunded(hosted)
        | Self::Refunded(hosted)
        | Self::Disputed(hosted) = &mut self
        {
            hosted.url = url;
        }
        self
    }

    /// The payment at PayPlug, once there is one.
    #[must_use]
    pub const fn hosted(&self) -> Option<&Hosted> {
        match self {
            Self::Requested { .. } | Self::Refused { .. } => None,
            Self::Open(hosted)
            | Self::Aborting(hosted)
            | Self::Aborted(hosted)
            | Self::Dead(hosted)
            | Self::Paid(hosted)
            | Self::PaidTest(hosted)
            | Self::PartlyRefunded(hosted)
            | Self::Refunded(hosted)
            | Self::Disputed(hosted) => Some(hosted),
        }
    }

    /// Whether this link still stands for its invoice: at most one such link per invoice.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        matches!(
            self,
            Self::Requested { .. } | Self::Refused { .. } | Self::Open(_) | Self::Aborting(_)
        )
    }

    /// Whether money came through it (whatever went back since).
    #[must_use]
    pub const fn was_paid(&self) -> bool {
        matches!(
            self,
            Self::Paid(_)
                | Self::PaidTest(_)
                | Self::PartlyRefunded(_)
                | Self::Refunded(_)
                | Self::Disputed(_)
        )
    }
}

/// Something that happens to a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// A create request is about to leave.
    Attempted(Timestamp),
    /// PayPlug has it (just created, or found again by our UUID).
    Opened(Hosted),
    /// It cannot be made now.
    Refused(RefusalReason),
    /// The cause of a refusal is gone.
    WishedAgain,
    /// The net due changed, or the invoice was cancelled.
    TakenBack,
    /// PayPlug confirms that it is taken back.
    AbortConfirmed,
    /// PayPlug reports a failure.
    Failed,
    /// PayPlug reports that it was paid; by a Test key it stays out of the books.
    Paid,
    /// Refunds seen; whether they amount to the whole.
    GivenBack {
        /// The whole amount went back.
        in_full: bool,
    },
    /// The customer's bank took the money back.
    Disputed,
    /// The dispute was won: the money came again.
    DisputeWon,
}

/// The next state, or the transition is impossible.
///
/// # Errors
/// [`Rule::ImpossibleTransition`].
pub fn transition(state: LinkState, event: LinkEvent) -> Result<LinkState, Error> {
    use LinkState as S;
    Ok(match (state, event) {
        (S::Requested { attempted_at }, LinkEvent::Attempted(at)) => S::Requested {
            attempted_at: Some(attempted_at.unwrap_or(at)),
        },
        (S::Requested { .. }, LinkEvent::Opened(hosted)) => S::Open(hosted),
        (S::Requested { .. } | S::Refused { .. }, LinkEvent::Refused(reason)) => {
            S::Refused { reason }
        }
        (S::Refused { .. }, LinkEvent::WishedAgain) => S::Requested { attempted_at: None },
        (S::Open(hosted), LinkEvent::TakenBack) => S::Aborting(hosted),
        (S::Open(hosted) | S::Aborting(hosted), LinkEvent::AbortConfirmed) => S::Aborted(hosted),
        (S::Open(hosted), LinkEvent::Failed) => S::Dead(hosted),
        // A refused link that was being taken back cannot be paid: it is as good as aborted.
        (S::Aborting(hosted), LinkEvent::Failed) => S::Aborted(hosted),
        (
            S::Open(hosted) | S::Aborting(hosted) | S::Aborted(hosted) | S::Dead(hosted),
            LinkEvent::Paid,
        ) => {
            if hosted.mode == Mode::Test {
                S::PaidTest(hosted)
            } else {
                S::Paid(hosted)
            }
        }
        (S::Paid(hosted) | S::PartlyRefunded(hosted), LinkEvent::GivenBack { in_full }) => {
            if in_full {
                S::Refunded(hosted)
            } else {
                S::PartlyRefunded(hosted)
            }
        }
        // A second dispute, or a refund beside one, leaves it disputed.
        (
            S::Paid(hosted) | S::PartlyRefunded(hosted) | S::Disputed(hosted),
            LinkEvent::Disputed,
        )
        | (S::Disputed(hosted), LinkEvent::GivenBack { .. }) => S::Disputed(hosted),
        (S::Disputed(hosted), LinkEvent::DisputeWon) => S::Paid(hosted),
        _ => return Err(Error::at("link", Rule::ImpossibleTransition)),
    })
}

/// How a payment came to stand for its invoice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkOrigin {
    /// It was asked for here, with our UUID.
    #[default]
    Asked,
    /// It was made elsewhere, and somebody tied it to the invoice once it was paid.
    Attached,
}

/// One PayPlug payment for one invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentLink {
    /// Our UUID, in PayPlug's `metadata` where the payment was asked for here.
    pub id: LinkId,
    /// The invoice that it asks money for.
    pub invoice: InvoiceId,
    /// How much it asks for.
    pub amount: Cents,
    /// Where it stands.
    pub state: LinkState,
    /// When it was wished for, or tied to the invoice.
    pub wished_at: Timestamp,
    /// How it came to stand for the invoice.
    pub origin: LinkOrigin,
}

/// What the link outbox does next for one link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStep {
    /// Nothing to do.
    Rest,
    /// Record that it is not possible now.
    Refuse(RefusalReason),
    /// Ask PayPlug for a payment of this amount.
    Create(Cents),
    /// Look whether an earlier attempt created it, before anything else.
    Search,
    /// The net due changed: take it back.
    TakeBack,
    /// Ask PayPlug to abort it.
    Abort,
}

/// The account that new links are made with.
#[derive(Clone, Copy, Debug)]
pub struct CurrentAccount<'a> {
    /// Mode of its key.
    pub mode: Mode,
    /// What it allows.
    pub limits: &'a AccountLimits,
}

/// Decides the next step of an active link from what its invoice may ask for now (`payable`) and
/// the connected account (`None`: not connected).
#[must_use]
pub fn next_step(
    link: &PaymentLink,
    payable: Cents,
    current: Option<CurrentAccount<'_>>,
) -> LinkStep {
    match &link.state {
        LinkState::Requested {
            attempted_at: Some(_),
        } => match current {
            Some(_) => LinkStep::Search,
            // Refused now and wished for again later, it could be created a second time unseen.
            None => LinkStep::Rest,
        },
        LinkState::Requested { .. } | LinkState::Refused { .. } => {
            wish(payable, current.map(|account| account.limits))
        }
        LinkState::Open(hosted)
            if payable != link.amount
                || is_outlived(hosted.mode, current.map(|account| account.mode)) =>
        {
            LinkStep::TakeBack
        }
        LinkState::Aborting(_) => LinkStep::Abort,
        _ => LinkStep::Rest,
    }
}

/// Whether a link of `mode` makes place for one of the current account: Test gives way to Live. A
/// Live link stays whatever comes, because a customer may hold it.
#[must_use]
pub const fn is_outlived(mode: Mode, current: Option<Mode>) -> bool {
    matches!((mode, current), (Mode::Test, Some(Mode::Live)))
}

/// Whether a link of `payable` can be made now.
#[must_use]
pub fn wish(payable: Cents, account: Option<&AccountLimits>) -> LinkStep {
    if !payable.is_positive() {
        return LinkStep::Refuse(RefusalReason::NothingDue);
    }
    match account {
        None => LinkStep::Refuse(RefusalReason::NotConnected),
        Some(account) if !account.currencies.iter().any(|currency| currency == "EUR") => {
            LinkStep::Refuse(RefusalReason::NotEur)
        }
        Some(account) if payable < account.min_amount => {
            LinkStep::Refuse(RefusalReason::BelowMinimum)
        }
        Some(account) if payable > account.max_amount => {
            LinkStep::Refuse(RefusalReason::AboveMaximum)
        }
        Some(_) => LinkStep::Create(payable),
    }
}

/// Whether an invoice with something to pay gets a new link at once, given its latest one and the
/// mode of the current account. A dead link has a rule of its own ([`may_replace_by_itself`]), and a
/// test payment is asked for again only once the account is Live.
#[must_use]
pub const fn wants_new(latest: Option<&LinkState>, current: Option<Mode>) -> bool {
    match latest {
        None => true,
        Some(LinkState::Dead(_)) => false,
        Some(LinkState::PaidTest(hosted)) => is_outlived(hosted.mode, current),
        Some(state) => !state.is_active(),
    }
}

#[cfg(test)]
mod tests;
