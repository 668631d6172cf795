//! The connection to PayPlug: key and address in the keychain, one client per mode.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use acquit_domain::Cents;
use acquit_domain::id::FileId;
use acquit_domain::link::{FileNature, LinkEvent, LinkState, Mode, RefusalReason};
use acquit_domain::remote::{PaymentId, RemotePayment, RemoteRefund};
use acquit_payplug::{
    Account, BaseAddress, Client, NewPayment, PaymentPage, Report, ReportId, ReportUrl, SecretKey,
    Timeouts, UrlPolicy,
};
use acquit_secrets::Keychain;
use acquit_store::{ConnectionRow, PaymentForm, Reader, Writer};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::files::company_of;
use crate::ledger::Account as Ledger;
use crate::view::Connection;
use crate::{Acquit, Clock, Error};

/// A `Retry-After` up to this is waited out (`cli.md`, `sync`).
const RETRY_AFTER_MAX: Duration = Duration::from_secs(5);

/// Countries whose companies PayPlug serves: the European Economic Area, Monaco and Switzerland (32).
pub const COUNTRIES: [&str; 32] = [
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// One keychain item: the address goes with the key, so that a changed file cannot send a key
/// elsewhere (`payment-links.md` § 5).
#[derive(Serialize, Deserialize)]
struct KeychainItem {
    base: String,
    key: String,
}

/// A client that counts its requests and waits out a short `Retry-After` once.
pub(crate) struct Remote {
    client: Client,
    sent: Arc<AtomicU64>,
    clock: Arc<dyn Clock>,
    pub(crate) mode: Mode,
    pub(crate) policy: UrlPolicy,
}

macro_rules! patiently {
    ($self:ident, $call:expr) => {{
        $self.sent.fetch_add(1, Ordering::Relaxed);
        match $call.await {
            Err(acquit_payplug::Error::TooManyRequests {
                retry_after: Some(delay),
            }) if delay <= RETRY_AFTER_MAX => {
                $self.clock.pause(delay).await;
                $self.sent.fetch_add(1, Ordering::Relaxed);
                $call.await
            }
            outcome => outcome,
        }
    }};
}

type Answer<T> = Result<T, acquit_payplug::Error>;

impl Remote {
    /// Requests sent so far.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Counts its requests together with those of another client.
    pub(crate) fn counted_with(mut self, other: &Self) -> Self {
        self.sent = Arc::clone(&other.sent);
        self
    }

    pub(crate) async fn create(&self, payment: &NewPayment) -> Answer<RemotePayment> {
        patiently!(self, self.client.create_payment(payment))
    }

    pub(crate) async fn payment(&self, id: &PaymentId) -> Answer<RemotePayment> {
        patiently!(self, self.client.payment(id))
    }

    pub(crate) async fn payments(&self, page: u32, per_page: u32) -> Answer<PaymentPage> {
        patiently!(self, self.client.payments(page, per_page))
    }

    pub(crate) async fn abort(&self, id: &PaymentId) -> Answer<RemotePayment> {
        patiently!(self, self.client.abort(id))
    }

    pub(crate) async fn refund(
        &self,
        id: &PaymentId,
        amount: Cents,
        metadata: &[(String, String)],
    ) -> Answer<RemoteRefund> {
        patiently!(self, self.client.refund(id, Some(amount), metadata))
    }

    pub(crate) async fn refunds(&self, id: &PaymentId) -> Answer<Vec<RemoteRefund>> {
        patiently!(self, self.client.refunds(id))
    }

    /// Asks for an accounting report of these days of UTC.
    pub(crate) async fn request_report(&self, from: Date, to: Date) -> Answer<Report> {
        patiently!(self, self.client.request_report(from, to))
    }

    pub(crate) async fn report(&self, id: &ReportId) -> Answer<Report> {
        patiently!(self, self.client.report(id))
    }

    /// The bytes of a report's file.
    pub(crate) async fn download(&self, url: &ReportUrl) -> Answer<Vec<u8>> {
        let mut bytes = Vec::new();
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.client.download(url, &mut bytes).await?;
        Ok(bytes)
    }

    pub(crate) async fn account(&self) -> Answer<Account> {
        patiently!(self, self.client.account())
    }
}

impl Acquit {
    /// Checks a secret key with PayPlug and keeps it in the keychain. With `api_base` (a literal
    /// loopback address) the file becomes a trial for ever. A key of the other mode stays kept: its
    /// links are read with it. Going from Test to Live, open test links are taken back and replaced;
    /// going from Live to Test, live links stay.
    ///
    /// # Errors
    /// Not a key, a key that PayPlug refuses, an account in another mode, a country that PayPlug
    /// does not serve, a file that is in real use, or no keychain. Nothing is kept then.
    pub async fn connect(&self, key: &str, api_base: Option<&str>) -> Result<Connection, Error> {
        let key = SecretKey::parse(key).map_err(|_| Error::NotAKey)?;
        let base = self.base_address(api_base)?;
        let row = self.company_row()?;
        let country = row.company.address.country.as_str();
        if !COUNTRIES.contains(&country) {
            return Err(Error::CountryNotEligible(country.to_owned()));
        }
        let mode = match (row.nature, key.is_live()) {
            (FileNature::Demonstration, _) => Mode::Demo,
            (_, true) => Mode::Live,
            (_, false) => Mode::Test,
        };
        let item = KeychainItem {
            base: base.as_str().to_owned(),
            key: key.reveal_for_keychain().to_owned(),
        };
        let remote = self.build_remote(&base, key, mode)?;
        let account = checked_account(&remote).await?;
        let item = item_text(&item)?;
        let name = keychain_account(&row.file_id, mode);
        self.keychain(move |keychain| keychain.set(&name, &item))
            .await?;
        self.store_connection(mode, &account, api_base.is_some())
    }

    /// Where requests may go, by what the file is.
    fn base_address(&self, api_base: Option<&str>) -> Result<BaseAddress, Error> {
        let nature = self.nature()?;
        let Some(text) = api_base else {
            return if nature == FileNature::Real {
                Ok(BaseAddress::payplug())
            } else {
                Err(Error::NotAReal)
            };
        };
        let base = BaseAddress::loopback(text).map_err(|_| Error::NotLoopback)?;
        if nature == FileNature::Real {
            let in_use = self.file.read(|reader| {
                Ok::<bool, Error>(reader.document_count()? > 0 || !reader.connections()?.is_empty())
            })?;
            if in_use {
                return Err(Error::FileInUse);
            }
        }
        Ok(base)
    }

    fn store_connection(
        &self,
        mode: Mode,
        account: &Account,
        loopback: bool,
    ) -> Result<Connection, Error> {
        let row = ConnectionRow {
            mode,
            limits: account.limits.clone(),
            form: PaymentForm::SentByOther,
            permissions: account.permissions,
            is_current: true,
            is_kept: true,
            connected_at: self.parts.now(),
        };
        self.file.write(|writer| {
            if loopback && company_of(writer)?.nature == FileNature::Real {
                writer.mark_trial()?;
            }
            self.audit(writer, "payplug_connected", &(mode.code(), loopback))?;
            self.make_current(writer, &row)
        })
    }

    /// Goes back to a key that is still kept; PayPlug is asked again whether it is good. What happens
    /// to open links is as for [`Self::connect`].
    ///
    /// # Errors
    /// [`Error::NotConnected`] when no key of that mode is kept, a key that PayPlug refuses, or no
    /// keychain. Nothing changes then.
    pub async fn use_mode(&self, mode: Mode) -> Result<Connection, Error> {
        let kept = self.file.read(|reader| reader.connections())?;
        let row = kept.into_iter().find(|row| row.mode == mode && row.is_kept);
        let row = row.ok_or(Error::NotConnected)?;
        let remote = self.remote(mode).await?;
        let account = checked_account(&remote).await?;
        self.reads.note_account(mode, self.parts.now());
        let row = ConnectionRow {
            limits: account.limits,
            permissions: account.permissions,
            is_current: true,
            ..row
        };
        self.file.write(|writer| {
            self.audit(writer, "payplug_mode_used", &mode.code())?;
            self.make_current(writer, &row)
        })
    }

    /// Makes an account the one for new links: refused wishes are taken up again (`cli.md`), and test
    /// links make place for a Live account.
    fn make_current(&self, writer: &Writer<'_>, row: &ConnectionRow) -> Result<Connection, Error> {
        writer.set_connection(row)?;
        for link in writer.links_to_move(row.mode)? {
            let account = Ledger::read(writer, link.link.invoice)?;
            crate::ledger::turn_link(writer, &self.parts, &account)?;
        }
        Ok(connection_view(row.clone(), writer.force_3ds()?))
    }

    /// The account that new links are made with.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn connection(&self) -> Result<Option<Connection>, Error> {
        let kept = self.connections()?;
        Ok(kept.into_iter().find(|connection| connection.is_current))
    }

    /// Every account whose key is kept, at most one for each mode.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn connections(&self) -> Result<Vec<Connection>, Error> {
        self.file.read(|reader| {
            let force_3ds = reader.force_3ds()?;
            let kept = reader.connections()?.into_iter().filter(|row| row.is_kept);
            Ok(kept.map(|row| connection_view(row, force_3ds)).collect())
        })
    }

    /// Whether 3-D Secure is always asked for from now on, or left to PayPlug. A setting of the file,
    /// for all its modes; links that are open stay as they were asked for.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn set_force_3ds(&self, force: bool) -> Result<(), Error> {
        self.file.write(|writer| {
            if writer.force_3ds()? == force {
                return Ok(());
            }
            writer.set_force_3ds(force)?;
            self.audit(writer, "force_3ds_changed", &force)
        })
    }

    /// Takes the connection back: the key leaves the keychain, links stay payable at PayPlug but
    /// are no longer read.
    ///
    /// # Errors
    /// [`Error::NotConnected`], or a keychain that refuses (then the account stays connected).
    pub async fn disconnect(&self) -> Result<(), Error> {
        let connection = self.connection()?.ok_or(Error::NotConnected)?;
        let name = keychain_account(&self.company_row()?.file_id, connection.mode);
        self.keychain(move |keychain| keychain.delete(&name))
            .await?;
        self.file.write(|writer| {
            for row in writer.links_to_move(connection.mode)? {
                // One that was asked for may exist: it is searched for when a key is there again.
                if row.link.state == (LinkState::Requested { attempted_at: None }) {
                    let event = LinkEvent::Refused(RefusalReason::NotConnected);
                    self.move_link(writer, &row, event)?;
                }
            }
            writer.disconnect()?;
            self.audit(writer, "payplug_disconnected", &connection.mode.code())
        })
    }

    /// The client of the account that new links are made with.
    pub(crate) async fn current_remote(&self) -> Result<Remote, Error> {
        let connection = self
            .file
            .read(|reader: &Reader<'_>| reader.current_connection())?;
        self.remote(connection.ok_or(Error::NotConnected)?.mode)
            .await
    }

    /// The client of one mode: each link is read with the key of its own mode.
    pub(crate) async fn remote(&self, mode: Mode) -> Result<Remote, Error> {
        let row = self.company_row()?;
        let account = keychain_account(&row.file_id, mode);
        let item = self
            .keychain(move |keychain| keychain.get(&account))
            .await?
            .ok_or(Error::NotConnected)?;
        let item: KeychainItem = serde_json::from_str(&item).map_err(|_| Error::NotConnected)?;
        let base = if item.base == BaseAddress::payplug().as_str() && row.nature == FileNature::Real
        {
            BaseAddress::payplug()
        } else if row.nature == FileNature::Real {
            return Err(Error::NotLoopback);
        } else {
            BaseAddress::loopback(&item.base).map_err(|_| Error::NotLoopback)?
        };
        let key = SecretKey::parse(&item.key).map_err(|_| Error::NotAKey)?;
        self.build_remote(&base, key, mode)
    }

    fn build_remote(
        &self,
        base: &BaseAddress,
        key: SecretKey,
        mode: Mode,
    ) -> Result<Remote, Error> {
        let policy = base.policy();
        let client = Client::new(base, key, Timeouts::default())?;
        Ok(Remote {
            client,
            sent: Arc::default(),
            clock: self.parts.clock(),
            mode,
            policy,
        })
    }

    /// The keychain may ask the person to unlock it, so it is asked off the runtime's threads.
    pub(crate) async fn keychain<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Keychain) -> Result<T, acquit_secrets::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let keychain = self.parts.keychain();
        let asked = tokio::task::spawn_blocking(move || ask(keychain.as_ref())).await;
        Ok(asked.map_err(|_| Error::Inconsistent("keychain task"))??)
    }
}

/// What PayPlug says of the account behind a key, if it is of the mode that the key's form says.
pub(crate) async fn checked_account(remote: &Remote) -> Result<Account, Error> {
    let account = remote.account().await?;
    if account.is_live == remote.mode.is_live() {
        Ok(account)
    } else {
        Err(Error::ModeMismatch)
    }
}

fn connection_view(row: ConnectionRow, force_3ds: bool) -> Connection {
    Connection {
        mode: row.mode,
        limits: row.limits,
        permissions: row.permissions,
        form: row.form,
        is_current: row.is_current,
        force_3ds,
        connected_at: row.connected_at,
    }
}

/// One item for each file and mode.
fn keychain_account(file_id: &FileId, mode: Mode) -> String {
    format!("{file_id}:{}", mode.code())
}

/// Where the payment pages of a file may be.
pub(crate) const fn policy(nature: FileNature) -> UrlPolicy {
    match nature {
        FileNature::Real => UrlPolicy::Payplug,
        FileNature::Demonstration | FileNature::Trial => UrlPolicy::Loopback,
    }
}

fn item_text(item: &KeychainItem) -> Result<Zeroizing<String>, Error> {
    serde_json::to_string(item)
        .map(Zeroizing::new)
        .map_err(|_| Error::Inconsistent("keychain item"))
}
