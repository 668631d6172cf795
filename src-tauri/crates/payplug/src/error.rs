//! What goes wrong with PayPlug, without keys, addresses or PayPlug's own words.

use std::time::Duration;

/// Why PayPlug did not do what was asked, or was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no secret key.
    #[error("not a PayPlug secret key")]
    NotAKey,
    /// An address that may not be asked, shown or downloaded.
    #[error("an address that is not allowed")]
    Address,
    /// The HTTP client cannot be built on this machine (no certificates, for one).
    #[error("the HTTP client cannot be built")]
    Setup,
    /// The key is wrong or was revoked (401).
    #[error("PayPlug does not know the key")]
    Unauthorised,
    /// The account may not do this (403).
    #[error("the account may not do this")]
    Forbidden,
    /// PayPlug does not know the id with this key: unknown, or of the other mode (404).
    #[error("PayPlug does not know this")]
    NotFound,
    /// The payment had already been paid, failed or been aborted: read it to know which.
    #[error("the payment had already ended")]
    AlreadyEnded,
    /// PayPlug understood and said no (other 4xx).
    #[error("PayPlug rejected the request: {0}")]
    Rejected(Rejected),
    /// Too many requests (429); nothing was done.
    #[error("too many requests")]
    TooManyRequests {
        /// How long PayPlug asks to wait.
        retry_after: Option<Duration>,
    },
    /// PayPlug is in trouble (5xx), and nothing was to be changed.
    #[error("PayPlug is unavailable ({status})")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// How long PayPlug asks to wait.
        retry_after: Option<Duration>,
    },
    /// The request did not reach PayPlug; or it only asked to read, and no whole answer came.
    #[error("PayPlug cannot be reached")]
    Unreachable,
    /// The request left and no usable answer came: it may have been carried out. Look before asking
    /// again.
    #[error("it is not known whether PayPlug did it: {0}")]
    Ambiguous(Doubt),
    /// The answer does not have the documented shape.
    #[error("PayPlug's answer was not understood: {field}")]
    NotUnderstood {
        /// The field at fault, or `body`, `status`.
        field: &'static str,
    },
    /// The answer is longer than anything documented could be.
    #[error("PayPlug's answer is too long")]
    TooLarge,
    /// What was downloaded could not be written.
    #[error("cannot write what was downloaded ({0})")]
    Sink(std::io::ErrorKind),
}

/// Why it is not known whether a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// No answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke, or the answer stopped in its middle.
    #[error("the connection broke")]
    Interrupted,
    /// PayPlug failed (5xx).
    #[error("PayPlug failed ({status})")]
    Failed {
        /// The HTTP status.
        status: u16,
        /// How long PayPlug asks to wait.
        retry_after: Option<Duration>,
    },
    /// The answer says yes, in another shape than documented.
    #[error("the answer was not understood: {field}")]
    NotUnderstood {
        /// The field at fault, or `body`, `status`.
        field: &'static str,
    },
}

/// A request that PayPlug refused for what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("status {status}, fields {fields:?}")]
pub struct Rejected {
    /// The HTTP status.
    pub status: u16,
    /// The fields at fault as paths, such as `billing.postcode`; a name that the reference does not
    /// know is `other`, so that nothing an answer makes up gets further.
    pub fields: Vec<String>,
}

impl Rejected {
    /// Whether a field, or something in it, is at fault: `names("billing")` holds for
    /// `billing.postcode`, `names("sent_by")` for `hosted_payment.sent_by`.
    #[must_use]
    pub fn names(&self, field: &str) -> bool {
        let wanted: Vec<&str> = field.split('.').collect();
        self.fields.iter().any(|path| {
            let segments: Vec<&str> = path.split('.').collect();
            segments
                .windows(wanted.len())
                .any(|window| window == wanted)
        })
    }
}

impl Error {
    /// Whether PayPlug may hold a change that we do not know: look for it before asking again.
    #[must_use]
    pub const fn is_ambiguous(&self) -> bool {
        matches!(self, Self::Ambiguous(_))
    }

    /// Whether PayPlug rejected the request and [`Rejected::names`] this field.
    #[must_use]
    pub fn names(&self, field: &str) -> bool {
        matches!(self, Self::Rejected(rejected) if rejected.names(field))
    }

    /// Whether the same request, unchanged, may succeed later. Never true of an ambiguous outcome.
    #[must_use]
    pub const fn should_retry(&self) -> bool {
        matches!(
            self,
            Self::TooManyRequests { .. } | Self::Unavailable { .. } | Self::Unreachable
        )
    }

    /// How long PayPlug asks to wait before anything else is asked.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after }
            | Self::Unavailable { retry_after, .. }
            | Self::Ambiguous(Doubt::Failed { retry_after, .. }) => *retry_after,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Doubt, Error, Rejected};

    #[test]
    fn a_rejection_names_fields_by_whole_segments() {
        let fields = vec![
            "hosted_payment.sent_by".to_owned(),
            "billing.postcode".to_owned(),
        ];
        let rejected = Rejected {
            status: 400,
            fields,
        };
        for named in [
            "sent_by",
            "hosted_payment",
            "hosted_payment.sent_by",
            "billing",
            "postcode",
        ] {
            assert!(rejected.names(named), "{named}");
        }
        for other in [
            "sent",
            "billing.city",
            "payment.sent_by",
            "",
            "sent_by.billing",
        ] {
            assert!(!rejected.names(other), "{other}");
        }
    }

    #[test]
    fn what_is_in_doubt_is_never_simply_sent_again() {
        let doubt = Error::Ambiguous(Doubt::TimedOut);
        assert!(doubt.is_ambiguous() && !doubt.should_retry());
        assert!(Error::Unreachable.should_retry() && !Error::Unreachable.is_ambiguous());
        assert!(!Error::Unauthorised.should_retry());
    }
}
