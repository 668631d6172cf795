//! A company file with a mailbox at the post office, and short words for what its owner does.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use acquit_app::{
    Acquit, Clock, InvoiceView, Keychain, MailState, NewCompany, NewMail, Parts, PostReport,
    Recipients, SetClock,
};
use acquit_domain::id::{InvoiceId, MailId};
use acquit_domain::link::FileNature;
use acquit_domain::text::Iban;
use acquit_tests::{START_S, World, company, fast_folder};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::office::{ADDRESS, PostOffice, email};

/// Address of the customer that every file begins with.
pub(crate) const CUSTOMER: &str = "client@client.example";
/// How the company is paid by transfer, and as a mail prints it.
const IBAN: &str = "FR7619999000370051270048175";
pub(crate) const IBAN_SHOWN: &str = "FR76 1999 9000 3700 5127 0048 175";

/// Secrets as files of a folder, so that another process finds them as well.
pub(crate) struct FolderKeychain(pub(crate) PathBuf);

impl FolderKeychain {
    /// Every secret that is kept.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        entries
            .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
            .collect()
    }
}

impl Keychain for FolderKeychain {
    fn get(&self, account: &str) -> Result<Option<Zeroizing<String>>, acquit_secrets::Error> {
        Ok(fs::read_to_string(self.0.join(account))
            .ok()
            .map(Zeroizing::new))
    }

    fn set(&self, account: &str, secret: &str) -> Result<(), acquit_secrets::Error> {
        fs::write(self.0.join(account), secret).unwrap();
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), acquit_secrets::Error> {
        fs::remove_file(self.0.join(account)).ok();
        Ok(())
    }
}

/// The company file beside PayPlug and the post office.
pub(crate) struct Desk {
    pub(crate) world: World,
    pub(crate) office: PostOffice,
    pub(crate) keychain: Arc<FolderKeychain>,
    clock: Arc<SetClock>,
    secrets: TempDir,
    seed: u64,
    openings: u64,
}

impl Desk {
    /// A file that knows neither PayPlug nor a mailbox.
    pub(crate) async fn bare(seed: u64, office: PostOffice) -> Self {
        Self::of(seed, office, FileNature::Real).await
    }

    pub(crate) async fn of(seed: u64, office: PostOffice, nature: FileNature) -> Self {
        let world = World::unconnected(seed, nature).await;
        let secrets = fast_folder();
        let now = Timestamp::from_second(START_S).unwrap();
        let mut desk = Self {
            world,
            office,
            keychain: Arc::new(FolderKeychain(secrets.path().to_owned())),
            clock: Arc::new(SetClock::at(now)),
            secrets,
            seed,
            openings: 0,
        };
        desk.reopen();
        let mut company = company();
        company.email = Some(email("bureau@ferrand.example"));
        company.phone = Some("02 47 00 00 00".to_owned());
        company.iban = Some(Iban::parse(IBAN).unwrap());
        let changed = NewCompany {
            company,
            logo_path: None,
        };
        desk.acquit().update_company(changed).unwrap();
        desk
    }

    /// A file with a mailbox that was just checked; what the check sent is thrown away.
    pub(crate) async fn new(seed: u64, office: PostOffice) -> Self {
        let desk = Self::bare(seed, office).await;
        desk.acquit()
            .set_mailbox(desk.office.mailbox())
            .await
            .unwrap();
        desk.office.empty();
        desk
    }

    /// The same, connected to PayPlug.
    pub(crate) async fn connected(seed: u64, office: PostOffice, key: &str) -> Self {
        let desk = Self::new(seed, office).await;
        desk.world.connect(key).await;
        desk
    }

    pub(crate) fn acquit(&self) -> &Acquit {
        &self.world.acquit
    }

    /// Another handle on the file, as another process would have.
    pub(crate) fn another_handle(&mut self) -> Acquit {
        self.openings += 1;
        let seed = self.seed ^ (self.openings << 32);
        let parts = Parts::set(self.clock.clone(), seed, self.keychain.clone(), "test");
        let parts = parts.trusting(self.office.roots());
        Acquit::open(&self.world.path(), parts).unwrap()
    }

    /// The process dies and comes back.
    pub(crate) fn reopen(&mut self) {
        self.world.acquit = self.another_handle();
    }

    /// Folder of the keychain.
    pub(crate) fn secrets(&self) -> &std::path::Path {
        self.secrets.path()
    }

    /// Moves all clocks.
    pub(crate) fn advance(&self, seconds: i64) {
        self.world.advance(seconds);
        self.clock
            .set(self.clock.now() + SignedDuration::from_secs(seconds));
    }

    /// Sets our clock back; PayPlug's goes on.
    pub(crate) fn set_back(&self, seconds: i64) {
        self.clock
            .set(self.clock.now() - SignedDuration::from_secs(seconds));
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn invoice(&self, id: InvoiceId) -> InvoiceView {
        self.acquit().invoice(id).unwrap()
    }

    /// The mail that is proposed for an invoice.
    pub(crate) fn proposed(&self, invoice: InvoiceId) -> NewMail {
        self.acquit().compose(invoice).unwrap().mail
    }

    /// Queues the mail that is proposed.
    pub(crate) fn queue(&self, invoice: InvoiceId) -> MailId {
        self.acquit().queue_mail(self.proposed(invoice)).unwrap()
    }

    /// Queues the mail that is proposed, to others.
    pub(crate) fn queue_to(&self, invoice: InvoiceId, to: &[&str], cc: &[&str]) -> MailId {
        let mut mail = self.proposed(invoice);
        mail.recipients = recipients(to, cc);
        self.acquit().queue_mail(mail).unwrap()
    }

    /// Sends everything that waits; no mail failed.
    pub(crate) async fn post(&self) -> PostReport {
        let report = self.acquit().post_all().await.unwrap();
        assert!(report.errors.is_empty(), "{:?}", report.errors);
        report
    }

    /// Sends everything that waits; the codes of what failed.
    pub(crate) async fn post_badly(&self) -> Vec<String> {
        let report = self.acquit().post_all().await.unwrap();
        assert!(report.sent.is_empty(), "{:?}", report.sent);
        report.errors.into_iter().map(|error| error.code).collect()
    }

    pub(crate) fn state(&self, mail: MailId) -> MailState {
        self.acquit().mail(mail).unwrap().mail.state
    }

    pub(crate) fn code(&self, mail: MailId) -> &'static str {
        self.state(mail).code()
    }

    /// Why a mail did not leave: the stable code.
    pub(crate) fn trouble(&self, mail: MailId) -> String {
        let state = self.state(mail);
        state
            .trouble()
            .map_or_else(String::new, |trouble| trouble.code.clone())
    }

    /// Message-ID of a mail, without brackets.
    pub(crate) fn message_id(mail: MailId) -> String {
        let (_, host) = ADDRESS.split_once('@').unwrap();
        format!("{mail}@{host}")
    }

    /// How often a mail is at the server.
    pub(crate) fn arrivals(&self, mail: MailId) -> usize {
        let id = Self::message_id(mail);
        self.office
            .ids()
            .iter()
            .filter(|found| **found == id)
            .count()
    }
}

pub(crate) fn recipients(to: &[&str], cc: &[&str]) -> Recipients {
    let read = |list: &[&str]| list.iter().map(|text| email(text)).collect();
    Recipients {
        to: read(to),
        cc: read(cc),
        copy_to_self: false,
    }
}
