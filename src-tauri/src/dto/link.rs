//! The payment link of an invoice, and those before it that PayPlug closed.

use acquit_app::{LinkHistory, message};
use acquit_domain::link::{LinkState, Mode, PaymentLink};
use serde::Serialize;
use specta::Type;

use super::{Money, french, instant};

/// A payment link.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct Link {
    /// Its state, as in `cli.md`.
    pub(crate) state: String,
    /// Why there is none.
    pub(crate) reason: Option<String>,
    /// How much it asks for.
    pub(crate) amount: Money,
    /// The page where the customer pays, while it can be paid.
    pub(crate) url: Option<String>,
    /// The page's address as a QR code, in SVG.
    pub(crate) qr_svg: Option<String>,
    /// Whether it was made with a Test key.
    pub(crate) is_test: bool,
    /// Whether it takes the place of one that the customer holds: theirs does not work any more.
    pub(crate) to_send_again: bool,
}

impl Link {
    pub(crate) fn of(link: &PaymentLink, history: &LinkHistory) -> Self {
        let hosted = match &link.state {
            LinkState::Open(hosted) => Some(hosted),
            _ => None,
        };
        let reason = match link.state {
            LinkState::Refused { reason } => Some(french(message::refusal(reason))),
            _ => None,
        };
        Self {
            state: link.state.code().to_owned(),
            reason,
            amount: link.amount.into(),
            url: hosted.map(|hosted| hosted.url.clone()),
            qr_svg: hosted.and_then(|hosted| acquit_app::qr_svg(&hosted.url).ok()),
            is_test: link
                .state
                .hosted()
                .is_some_and(|hosted| hosted.mode == Mode::Test),
            to_send_again: hosted.is_some() && history.to_send_again,
        }
    }
}

/// A link that PayPlug closed before it was paid.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct DeadLink {
    /// When it was made.
    pub(crate) made_at: String,
    /// When it was seen dead.
    pub(crate) died_at: String,
}

impl From<&acquit_app::DeadLink> for DeadLink {
    fn from(dead: &acquit_app::DeadLink) -> Self {
        Self {
            made_at: instant(dead.made_at),
            died_at: instant(dead.died_at),
        }
    }
}
