//! Why a mail did not leave, by what can be done about it.

use acquit_domain::text::Email;

/// Why a server was not reached, or did not take a message. No text of a server's own: only its code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No such name, no connection, or no answer in time.
    #[error("the server is out of reach")]
    Unreachable,
    /// Its certificate is not one that this computer trusts, or not for that name.
    #[error("the server's certificate is not trusted")]
    BadCertificate,
    /// It does not offer to encrypt.
    #[error("the server does not offer STARTTLS")]
    NoEncryption,
    /// Only this computer may be reached in the clear.
    #[error("not encrypted, and not this computer")]
    NotLoopback,
    /// Name or password are wrong, or the provider wants another kind of password.
    #[error("the login is refused")]
    LoginRefused,
    /// It offers no way of logging in that is known here.
    #[error("the server takes no password")]
    NoLogin,
    /// It does not let this account send in the name of this address.
    #[error("the sender is refused")]
    SenderRefused,
    /// It does not take mails for an address.
    #[error("a recipient is refused")]
    RecipientRefused(Email),
    /// An address that this server cannot write to.
    #[error("the server cannot write to an address with accents")]
    AccentedAddress(Email),
    /// The message is larger than it takes.
    #[error("the message is too large")]
    TooLarge,
    /// It will not take this message.
    #[error("the message is refused ({code})")]
    Refused {
        /// The server's three digits.
        code: u16,
    },
    /// It asks to come back later.
    #[error("the server asks to come back later ({code})")]
    Later {
        /// The server's three digits.
        code: u16,
    },
    /// It does not speak as an SMTP server does.
    #[error("the server's answers are not understood")]
    NotUnderstood,
    /// The connection broke, or nothing was answered, after the message began to leave.
    #[error("unclear whether the message arrived")]
    Unclear,
    /// The message cannot be put together.
    #[error("the message cannot be composed")]
    NotComposed,
}

impl Error {
    /// Whether the same message may be taken later, without anything being changed.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Later { .. } | Self::NotUnderstood
        )
    }

    /// Whether to leave the server alone for now: it says so, or it stalls over contents.
    #[must_use]
    pub const fn ends_the_run(&self) -> bool {
        self.concerns_the_server() || matches!(self, Self::Unclear | Self::Later { code: 421 })
    }

    /// Whether every other message would meet the same.
    #[must_use]
    pub const fn concerns_the_server(&self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::BadCertificate
                | Self::NoEncryption
                | Self::NotLoopback
                | Self::LoginRefused
                | Self::NoLogin
                | Self::NotUnderstood
                | Self::SenderRefused
        )
    }
}
