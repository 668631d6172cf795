//! A demonstration file of any size, for measuring: every document, receipt and entry goes through the same services
//! as real work. Only PayPlug's answers are made up here, without a network.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use acquit_domain::id::InvoiceId;
use acquit_domain::link::{FileNature, Hosted, LinkEvent, Mode, transition};
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::remote::{Card, Failure, METADATA_LINK, PaymentId, RemotePayment};
use acquit_domain::{Cents, Error as Broken, Rule};
use acquit_secrets::MemoryKeychain;
use jiff::{SignedDuration, Timestamp};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::content::{self, JOBS};
use crate::context::SetClock;
use crate::view::{NewCompany, NewReceipt};
use crate::{Acquit, Error, Parts};

/// Most invoices: four years of them fit into the numbers of their series.
pub const FILL_MAX: u32 = 300_000;
/// Over how many days they are spread, up to now.
const DAYS: i64 = 4 * 365;
/// So many are put into the file at once.
const LAID_DOWN: u32 = 500;
/// One customer for so many invoices.
const INVOICES_A_CUSTOMER: u32 = 8;

/// Makes a demonstration company with `invoices` invoices in `folder`, whole or not at all. The same seed gives the
/// same customers, amounts and fates, counted back from `now`.
///
/// # Errors
/// [`Rule::TooLarge`] beyond [`FILL_MAX`], a folder that holds a company, a failure of the disk.
pub async fn fill(
    folder: &Path,
    invoices: u32,
    seed: u64,
    now: Timestamp,
) -> Result<Acquit, Error> {
    if invoices > FILL_MAX {
        return Err(Broken::at("invoices", Rule::TooLarge).into());
    }
    if folder.join(acquit_store::FILE_NAME).exists() {
        return Err(acquit_store::Error::Exists(folder.to_owned()).into());
    }
    let place = Unfinished::beside(folder)?;
    let clock = Arc::new(SetClock::at(now - SignedDuration::from_hours(24 * DAYS)));
    let keychain = Arc::new(MemoryKeychain::default());
    let parts = Parts::set(Arc::clone(&clock) as _, seed, keychain, "demonstration");
    let company = NewCompany {
        company: content::company()?,
        logo_path: None,
    };
    let acquit = Acquit::create(&place.folder, company, FileNature::Demonstration, parts)?;
    acquit.file.rush()?;
    let mut years = Years {
        dice: ChaCha20Rng::seed_from_u64(seed),
        acquit: &acquit,
        clock: &clock,
        due: Vec::new(),
    };
    years.play(invoices, now).await?;
    acquit.take_news()?;
    acquit.file.settle()?;
    drop(acquit);
    place.keep_as(folder)?;
    Acquit::open(folder, Parts::system())
}

/// What becomes of an invoice some days after it was issued.
#[derive(Clone, Copy)]
enum Fate {
    Card,
    RefusedThenCard,
    Cheque,
    Transfer,
    PartOfIt,
    Credited,
    Unpaid,
}

struct Years<'a> {
    acquit: &'a Acquit,
    clock: &'a SetClock,
    dice: ChaCha20Rng,
    /// What is still to happen, and when, soonest last.
    due: Vec<(Timestamp, InvoiceId, Fate)>,
}

impl Years<'_> {
    async fn play(&mut self, invoices: u32, now: Timestamp) -> Result<(), Error> {
        let people = (invoices / INVOICES_A_CUSTOMER).clamp(1, 20_000);
        let customers = content::many_customers(self.acquit, people, &mut self.dice)?;
        let step = SignedDuration::from_hours(24 * DAYS)
            / i32::try_from(invoices.max(1)).unwrap_or(i32::MAX);
        let mut at = self.acquit.now();
        for index in 0..invoices {
            if index % LAID_DOWN == 0 {
                self.acquit.file.lay_down()?;
            }
            self.happen_until(at).await?;
            self.clock.set(at);
            let job = &JOBS[self.dice.random_range(0..JOBS.len())];
            let customer = &customers[self.dice.random_range(0..customers.len())];
            let draft = content::invoice(job, customer, &mut self.dice)?;
            let id = self.acquit.new_invoice_id();
            self.acquit.save_draft(id, draft)?;
            self.acquit.finalise(id)?;
            self.foresee(id, at);
            at += step;
        }
        self.happen_until(now).await?;
        self.clock.set(now);
        Ok(())
    }

    fn foresee(&mut self, id: InvoiceId, at: Timestamp) {
        let fate = match self.dice.random_range(0..100) {
            0..64 => Fate::Card,
            64..68 => Fate::RefusedThenCard,
            68..78 => Fate::Cheque,
            78..90 => Fate::Transfer,
            90..93 => Fate::PartOfIt,
            93..95 => Fate::Credited,
            _ => Fate::Unpaid,
        };
        let when = at + SignedDuration::from_mins(self.dice.random_range(30..60 * 24 * 50));
        let place = self.due.partition_point(|(due, _, _)| *due > when);
        self.due.insert(place, (when, id, fate));
    }

    /// Lets everything happen that is due by an instant.
    async fn happen_until(&mut self, instant: Timestamp) -> Result<(), Error> {
        while self.due.last().is_some_and(|(due, _, _)| *due <= instant) {
            let Some((at, id, fate)) = self.due.pop() else {
                break;
            };
            self.clock.set(at);
            self.happen(id, fate, at).await?;
        }
        Ok(())
    }

    async fn happen(&mut self, id: InvoiceId, fate: Fate, at: Timestamp) -> Result<(), Error> {
        match fate {
            Fate::Card => self.pay_by_card(id, at),
            Fate::RefusedThenCard => {
                self.answer(id, at, Some("insufficient_funds"))?;
                self.pay_by_card(id, at)
            }
            Fate::Cheque => self.receive(id, PaymentMeans::Cheque, 1).await,
            Fate::Transfer => self.receive(id, PaymentMeans::Transfer, 1).await,
            Fate::PartOfIt => self.receive(id, PaymentMeans::Cheque, 3).await,
            Fate::Credited => self.acquit.cancel(id).await.map(drop),
            Fate::Unpaid => Ok(()),
        }
    }

    async fn receive(&self, id: InvoiceId, means: PaymentMeans, part: i64) -> Result<(), Error> {
        let remaining = self.acquit.invoice(id)?.standing.remaining;
        let receipt = NewReceipt {
            amount: Cents::new(remaining.get() / part),
            means,
            date: None,
            overpayment: false,
        };
        self.acquit.add_receipt(id, receipt).await.map(drop)
    }

    fn pay_by_card(&mut self, id: InvoiceId, at: Timestamp) -> Result<(), Error> {
        self.answer(id, at, None)
    }

    /// Opens the link of an invoice and takes in what PayPlug would say of it: paid, or refused for good.
    fn answer(&mut self, id: InvoiceId, at: Timestamp, refusal: Option<&str>) -> Result<(), Error> {
        let payment = payment_id(&mut self.dice).ok_or(Error::Inconsistent("payment"))?;
        let hosted = Hosted {
            url: format!(
                "https://secure.payplug.com/pay/test/{}",
                &payment.as_str()[4..]
            ),
            payment,
            mode: Mode::Demo,
            created_at: at,
        };
        let link = self.acquit.file.write(|writer| {
            crate::ledger::replace_dead_link(
                writer,
                &self.acquit.parts,
                &crate::ledger::Account::read(writer, id)?,
                false,
            )?;
            let rows = writer.links_of(id)?;
            let row = rows.into_iter().next_back();
            let mut link = row.ok_or(Error::Inconsistent("link"))?.link;
            for event in [LinkEvent::WishedAgain, LinkEvent::Opened(hosted.clone())] {
                link.state = transition(link.state, event)?;
            }
            writer.update_link(&link, at)?;
            Ok::<_, Error>(link)
        })?;
        let remote = RemotePayment {
            id: hosted.payment,
            is_live: false,
            amount: link.amount,
            currency: "EUR".to_owned(),
            created_at: at,
            is_paid: refusal.is_none(),
            paid_at: refusal.is_none().then_some(at),
            amount_refunded: Cents::ZERO,
            failure: refusal.map(|code| Failure {
                code: code.to_owned(),
            }),
            card: Some(Card {
                brand: Some("CB".to_owned()),
                last4: Some(format!("{:04}", self.dice.random_range(0..10_000))),
            }),
            metadata: [(METADATA_LINK.to_owned(), link.id.to_string())].into(),
            description: None,
            payment_url: Some(hosted.url),
            refundable_after: None,
            refundable_until: None,
        };
        self.acquit.absorb(&remote).map(drop)
    }
}

fn payment_id(dice: &mut ChaCha20Rng) -> Option<PaymentId> {
    PaymentId::parse(&format!(
        "pay_{:016x}{:08x}",
        dice.next_u64(),
        dice.next_u32()
    ))
}

/// Name of the file in an unfinished folder that is locked as long as somebody works on it.
const AT_WORK: &str = "en-cours.lock";

/// A folder that is not whole yet, beside its place; it goes away unless it is kept.
struct Unfinished {
    folder: PathBuf,
    /// Held until the folder is kept, or its maker dies.
    at_work: File,
}

impl Unfinished {
    fn beside(folder: &Path) -> Result<Self, Error> {
        let invalid = || Error::Io {
            path: folder.to_owned(),
            source: std::io::ErrorKind::InvalidInput.into(),
        };
        let name = folder.file_name().ok_or_else(invalid)?;
        remove_abandoned(folder, name);
        let mut unfinished = name.to_owned();
        unfinished.push(format!(".{}.partial", std::process::id()));
        let unfinished = folder.with_file_name(unfinished);
        let io = |source| Error::Io {
            path: unfinished.clone(),
            source,
        };
        fs::create_dir_all(&unfinished).map_err(io)?;
        let at_work = File::create(unfinished.join(AT_WORK)).map_err(io)?;
        at_work.lock().map_err(io)?;
        Ok(Self {
            folder: unfinished,
            at_work,
        })
    }

    fn keep_as(self, folder: &Path) -> Result<(), Error> {
        let io = |source| Error::Io {
            path: folder.to_owned(),
            source,
        };
        // Only an empty folder gives way.
        if folder.exists() {
            fs::remove_dir(folder).map_err(io)?;
        }
        fs::rename(&self.folder, folder).map_err(io)?;
        self.at_work.unlock().map_err(io)?;
        fs::remove_file(folder.join(AT_WORK)).map_err(io)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After keeping it there is nothing to remove.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Removes what earlier runs for the same folder left when they were killed: nobody holds their lock.
/// What cannot be looked at or removed is left alone.
fn remove_abandoned(folder: &Path, name: &OsStr) {
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let other = entry.file_name();
        let is_ours = || {
            let rest = other.to_str()?.strip_prefix(name.to_str()?)?;
            let process = rest.strip_prefix('.')?.strip_suffix(".partial")?;
            process.parse::<u32>().ok()
        };
        if is_ours().is_none() {
            continue;
        }
        let lock = File::open(entry.path().join(AT_WORK));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
