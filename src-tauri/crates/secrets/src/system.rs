//! The keychain of the operating system: Secret Service, Keychain, Credential Manager.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error as Failure};
use zeroize::{Zeroize, Zeroizing};

use crate::{Error, Keychain, SERVICE, check};

/// How long to wait for the keychain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until a service answers at all.
    pub connect: Duration,
    /// For the rest, in which the user may have to type a password.
    pub answer: Duration,
}

impl Default for Patience {
    /// A service starts within a second or two; two minutes suffice to type a password.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(120),
        }
    }
}

/// Items of service [`SERVICE`] in the user's keychain.
///
/// Each call opens a connection of its own, so that a service that starts late or restarts is
/// found, and runs on a thread of its own: a service that hangs must not hang the caller, and the
/// D-Bus library may block on a runtime, which panics inside another one.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemKeychain {
    patience: Patience,
}

impl SystemKeychain {
    /// The keychain, with the usual patience.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The keychain, with another patience.
    #[must_use]
    pub const fn with_patience(patience: Patience) -> Self {
        Self { patience }
    }

    fn run<T: Send + 'static>(
        &self,
        account: &str,
        operation: impl FnOnce(&Entry) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Error> {
        let account = account.to_owned();
        // The senders never wait: a caller that gave up leaves the thread free to end.
        let (opened, opening) = sync_channel(1);
        let (done, doing) = sync_channel(1);
        thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                let entry = open(&account);
                let _ = opened.send(entry.as_ref().map(|_| ()).map_err(|error| *error));
                if let Ok(entry) = entry {
                    let _ = done.send(operation(&entry).map_err(reason));
                }
            })
            .map_err(|_| Error::Failed)?;
        wait(&opening, self.patience.connect, Error::NoService)??;
        wait(&doing, self.patience.answer, Error::TimedOut)?
    }
}

fn wait<T>(channel: &Receiver<T>, patience: Duration, late: Error) -> Result<T, Error> {
    channel.recv_timeout(patience).map_err(|error| match error {
        RecvTimeoutError::Timeout => late,
        RecvTimeoutError::Disconnected => Error::Failed,
    })
}

impl Keychain for SystemKeychain {
    fn get(&self, account: &str) -> Result<Option<Zeroizing<String>>, Error> {
        check(account, None)?;
        let found = self.run(account, |entry| match entry.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Failure::NoEntry) => Ok(None),
            Err(failure) => Err(failure),
        })?;
        let Some(mut bytes) = found else {
            return Ok(None);
        };
        String::from_utf8(std::mem::take(&mut *bytes)).map_or_else(
            |error| {
                error.into_bytes().zeroize();
                Err(Error::Unreadable)
            },
            |text| Ok(Some(Zeroizing::new(text))),
        )
    }

    fn set(&self, account: &str, secret: &str) -> Result<(), Error> {
        check(account, Some(secret))?;
        let secret = Zeroizing::new(secret.as_bytes().to_vec());
        self.run(account, move |entry| entry.set_secret(&secret))
    }

    fn delete(&self, account: &str) -> Result<(), Error> {
        check(account, None)?;
        self.run(account, |entry| match entry.delete_credential() {
            Err(Failure::NoEntry) => Ok(()),
            other => other,
        })
    }
}

/// Reaches the keychain; whatever fails here means that none answers.
fn open(account: &str) -> Result<Entry, Error> {
    let store = store().map_err(|_| Error::NoService)?;
    store.build(SERVICE, account, None).map_err(reason)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn store() -> Result<Arc<CredentialStore>, Failure> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn store() -> Result<Arc<CredentialStore>, Failure> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(target_os = "windows")]
fn store() -> Result<Arc<CredentialStore>, Failure> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// The store's error in our words; its own text stays behind.
fn reason(failure: Failure) -> Error {
    match failure {
        Failure::NoStorageAccess(cause) => platform(&*cause, Error::NoService),
        Failure::PlatformFailure(cause) => platform(&*cause, Error::Failed),
        Failure::BadEncoding(mut bytes) | Failure::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            Error::Unreadable
        }
        Failure::Ambiguous(_) => Error::Ambiguous,
        Failure::TooLong(..) => Error::BadLength,
        Failure::Invalid(..) => Error::BadAccount,
        _ => Error::Failed,
    }
}

type Cause = dyn std::error::Error + Send + Sync + 'static;

#[cfg(all(unix, not(target_os = "macos")))]
fn platform(cause: &Cause, otherwise: Error) -> Error {
    use secret_service::Error as Service;
    match cause.downcast_ref() {
        Some(Service::Locked) => Error::Locked,
        Some(Service::Prompt | Service::PromptDisconnected) => Error::Refused,
        // `NoResult`: the service has no default collection to keep the item in.
        Some(Service::Unavailable | Service::NoResult) => Error::NoService,
        _ => otherwise,
    }
}

#[cfg(target_os = "macos")]
fn platform(cause: &Cause, otherwise: Error) -> Error {
    let code = cause
        .downcast_ref()
        .map(|status: &security_framework::base::Error| status.code());
    match code {
        // errSecInteractionNotAllowed: locked, and no window may ask for the password.
        Some(-25_308) => Error::Locked,
        // userCanceledErr, errSecAuthFailed.
        Some(-128 | -25_293) => Error::Refused,
        _ => otherwise,
    }
}

#[cfg(target_os = "windows")]
fn platform(_cause: &Cause, otherwise: Error) -> Error {
    otherwise
}
