//! What the outside tests share: a company file beside a simulator, crashes, and short words for
//! what people do.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on stops"
)]

pub mod books;
pub mod measured;
pub mod scale;
pub mod zipped;

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use acquit_app::{
    Acquit, Clock, InvoiceView, MemoryKeychain, NewCompany, NewCustomer, NewInvoice, Parts,
    SetClock,
};
use acquit_domain::company::{Address, Company, FiscalYearEnd};
use acquit_domain::customer::CustomerKind;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::{Content, Deduction, Item, Line, Nature, Operation};
use acquit_domain::link::{FileNature, PaymentLink};
use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
use acquit_domain::text::{Country, Email, Siret};
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use acquit_payplug::{
    BaseAddress, Buyer, BuyerName, Client, NewPayment, PaymentForm, SecretKey, Timeouts,
};
use acquit_simulator::{ClockSource, Handle, Options, Simulator};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

/// When histories start: 23 November 2026, 10:00 in France.
pub const START_S: i64 = 1_795_424_400;

/// A demonstration or trial file beside a simulator; both clocks stand still until moved.
pub struct World {
    /// The open file; taken out and put back by a crash.
    pub acquit: Acquit,
    /// The pretended PayPlug.
    pub payplug: Handle,
    simulator: Simulator,
    clock: Arc<SetClock>,
    keychain: Arc<MemoryKeychain>,
    folder: TempDir,
    seed: u64,
    openings: u64,
}

impl World {
    /// A connected demonstration file with one customer.
    pub async fn demonstration(seed: u64) -> Self {
        let world = Self::unconnected(seed, FileNature::Demonstration).await;
        world.connect("sk_test_history").await;
        world
    }

    /// A trial file with one customer, connected with a key of either mode.
    pub async fn trial(seed: u64, key: &str) -> Self {
        let world = Self::unconnected(seed, FileNature::Real).await;
        world.connect(key).await;
        world
    }

    /// A file with one customer that knows no PayPlug account yet.
    pub async fn unconnected(seed: u64, nature: FileNature) -> Self {
        Self::beside(seed, nature, Options::default()).await
    }

    /// The same beside a PayPlug that behaves as `options` say (seed and clock apart).
    pub async fn beside(seed: u64, nature: FileNature, options: Options) -> Self {
        let options = Options { seed, ..options };
        let world = Self::founded(company(), nature, START_S, options).await;
        world
            .acquit
            .add_customer(customer("Hélène Marchand"))
            .unwrap();
        world
    }

    /// A file of this company without customers, beside a PayPlug that behaves as `options` say; both
    /// clocks stand at `start_s`, in Unix seconds.
    pub async fn founded(
        company: Company,
        nature: FileNature,
        start_s: i64,
        options: Options,
    ) -> Self {
        let seed = options.seed;
        let options = Options {
            clock: ClockSource::Fixed(start_s),
            ..options
        };
        let address = "127.0.0.1:0".parse().unwrap();
        let simulator = Simulator::start(address, options).await.unwrap();
        let clock = Arc::new(SetClock::at(Timestamp::from_second(start_s).unwrap()));
        let keychain = Arc::new(MemoryKeychain::default());
        let folder = fast_folder();
        let parts = Parts::set(clock.clone(), seed, keychain.clone(), "test");
        let company = NewCompany {
            company,
            logo_path: None,
        };
        let acquit = Acquit::create(&folder.path().join("file"), company, nature, parts).unwrap();
        Self {
            acquit,
            payplug: simulator.handle(),
            simulator,
            clock,
            keychain,
            folder,
            seed,
            openings: 0,
        }
    }

    /// Connects the file to the simulator.
    pub async fn connect(&self, key: &str) {
        let base = self.base_url();
        self.acquit.connect(key, Some(&base)).await.unwrap();
    }

    /// Folder of the company file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("file")
    }

    /// Address of the simulator.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.simulator.base_url()
    }

    /// Another handle on the same file, as another process would have.
    #[must_use]
    pub fn another_handle(&mut self) -> Acquit {
        self.openings += 1;
        let seed = self.seed ^ (self.openings << 32);
        let parts = Parts::set(self.clock.clone(), seed, self.keychain.clone(), "test");
        Acquit::open(&self.path(), parts).unwrap()
    }

    /// The process dies and comes back: everything in memory is dropped, the file is opened again,
    /// and enough time passes for the dead one's lease to end.
    pub fn restart(&mut self) {
        self.acquit = self.another_handle();
        self.advance(180);
    }

    /// Moves both clocks.
    pub fn advance(&self, seconds: i64) {
        self.payplug.advance_clock(seconds).unwrap();
        self.clock
            .set(self.clock.now() + SignedDuration::from_secs(seconds));
    }

    /// Adds and finalises an invoice of one line at 10 %.
    pub fn issue(&self, euros: u32) -> InvoiceView {
        let draft = self
            .acquit
            .add_invoice(invoice(&[(&euros.to_string(), StandardRate::Intermediate)]))
            .unwrap();
        self.acquit.finalise(draft.id).unwrap()
    }

    /// Makes a second payment with the UUID of a link, as a request does whose first one was carried
    /// out as well; its id.
    pub async fn twin(&self, link: &PaymentLink, key: &str) -> String {
        let base = BaseAddress::loopback(&self.base_url()).unwrap();
        let key = SecretKey::parse(key).unwrap();
        let client = Client::new(&base, key, Timeouts::default()).unwrap();
        let twin = NewPayment {
            link: link.id,
            amount: link.amount,
            invoice_number: "F-2026-00001".to_owned(),
            description: "Facture F-2026-00001".to_owned(),
            buyer: Buyer {
                email: None,
                country: "FR".to_owned(),
                name: BuyerName::Private("Hélène Marchand".to_owned()),
            },
            force_3ds: false,
            form: PaymentForm::SentByOther,
            with_billing: true,
        };
        client.create_payment(&twin).await.unwrap().id.to_string()
    }

    /// PayPlug's id of an invoice's latest link.
    pub fn payment(&self, invoice: InvoiceId) -> String {
        let link = self.acquit.invoice(invoice).unwrap().link.unwrap();
        link.state.hosted().unwrap().payment.to_string()
    }
}

/// Runs a future for so many polls, then drops it as a crash would. `None`: it was cut off.
pub async fn crash_after<T>(polls: u32, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// A folder in memory where the system has one: the histories write a lot.
#[must_use]
pub fn fast_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    }
    .unwrap()
}

/// A plain company.
#[must_use]
pub fn company() -> Company {
    let siret = Siret::parse("81234567600017").unwrap();
    Company {
        name: "Ferrand Plomberie Chauffage".to_owned(),
        address: address(),
        legal_form: Some("SARL".to_owned()),
        vat_number: Some(siret.siren().vat_number()),
        email: None,
        phone: None,
        website: None,
        iban: None,
        bic: None,
        vat_basis: VatBasis::OnReceipt,
        franchise: false,
        insurance: None,
        capital: None,
        register: None,
        payment_days: 30,
        fiscal_year_end: FiscalYearEnd::default(),
        siret,
    }
}

/// A private customer.
#[must_use]
pub fn customer(name: &str) -> NewCustomer {
    NewCustomer {
        code: None,
        name: name.to_owned(),
        kind: CustomerKind::Private,
        address: address(),
        siren: None,
        vat_number: None,
        email: Some(Email::parse("client@client.example").unwrap()),
        phone: None,
        contacts: Vec::new(),
    }
}

fn address() -> Address {
    Address {
        line1: "14 rue du Port-Neuf".to_owned(),
        line2: None,
        postcode: "37540".to_owned(),
        city: "Saint-Cyr-sur-Loire".to_owned(),
        country: Country::france(),
    }
}

/// An invoice for the first customer with one line for each price and rate.
#[must_use]
pub fn invoice(lines: &[(&str, StandardRate)]) -> NewInvoice {
    NewInvoice {
        kind: acquit_app::NewKind::default(),
        customer: "CL-0001".to_owned(),
        issue_date: None,
        due_date: None,
        content: Content {
            earlier: Vec::new(),
            operation: Operation::Services,
            title: Some("Rénovation de la salle de bain".to_owned()),
            site_address: None,
            customer_reference: None,
            notes: None,
            items: lines
                .iter()
                .map(|(price, rate)| Item::Line(line(price, *rate)))
                .collect(),
            discount: Percent::ZERO,
            deductions: Vec::<Deduction>::new(),
        },
    }
}

fn line(price: &str, rate: StandardRate) -> Line {
    Line {
        progress: None,
        description: "Plomberie".to_owned(),
        quantity: Quantity::parse("1").unwrap(),
        unit: None,
        unit_price: UnitPrice::parse(price).unwrap(),
        discount: Percent::ZERO,
        vat: VatTreatment::Standard(rate),
        nature: Nature::Works,
    }
}
