//! Why the keychain did not do what was asked.

/// A reason without any text of the keychain's own: nothing secret can slip into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No keychain answers: on Linux no session bus, no Secret Service on it, or no default
    /// collection in it.
    #[error("no keychain service answers")]
    NoService,
    /// The keychain is locked and could not be unlocked.
    #[error("the keychain is locked")]
    Locked,
    /// The user, or the system in their name, said no.
    #[error("access to the keychain was refused")]
    Refused,
    /// The keychain was reached but did not finish in time; a change may still happen.
    #[error("the keychain did not answer in time")]
    TimedOut,
    /// Several items carry the same account name: something else wrote under our service name.
    #[error("the keychain holds this item several times")]
    Ambiguous,
    /// The item is there, but is no UTF-8 text: something else wrote it.
    #[error("the keychain item cannot be read")]
    Unreadable,
    /// The account name is empty, too long, or not printable ASCII.
    #[error("the account name does not fit the keychain")]
    BadAccount,
    /// The secret is empty or longer than [`crate::SECRET_MAX_BYTES`].
    #[error("the secret does not fit the keychain")]
    BadLength,
    /// The keychain failed for a reason of its own.
    #[error("the keychain failed")]
    Failed,
}
