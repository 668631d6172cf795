//! The demonstration company as the window opens it: some weeks of its life, up to now.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::link::FileNature;
use acquit_domain::receipt::PaymentMeans;
use acquit_secrets::MemoryKeychain;
use jiff::SignedDuration;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use super::content::{self, JOBS};
use super::{KEY, Payer, payment_of, write_to_customer};
use crate::context::LateClock;
use crate::view::{NewCompany, NewInvoice, NewReceipt};
use crate::{Acquit, Error, Parts};

/// How long ago the demonstration starts: the simulator's clock has to start then too.
pub const AGE: SignedDuration = SignedDuration::from_hours(40 * 24);
/// Always the same people and prices, so that help and pictures agree with it.
const SEED: u64 = 2026;
/// Folder of the mails inside the demonstration's own.
pub const MAIL_FOLDER: &str = "mails";

/// Makes the demonstration company in `folder` (an earlier one is replaced) and lets it live up to
/// now: paid, partly paid, late and refused invoices, one that is still to be sent, and a draft.
/// `advance` moves the simulator's clock along, in seconds; it must start [`AGE`] ago.
///
/// # Errors
/// [`Error::FolderInUse`] when `folder` holds another company, or what a service refuses.
pub async fn furnish(
    folder: &Path,
    simulator: &str,
    payer: &impl Payer,
    advance: impl Fn(i64),
) -> Result<Acquit, Error> {
    clear(folder)?;
    let clock = Arc::new(LateClock::new(AGE));
    let keychain = Arc::new(MemoryKeychain::default());
    let parts = Parts::late(Arc::clone(&clock), keychain, "demonstration")
        .mailing_to(&folder.join(MAIL_FOLDER));
    let company = NewCompany {
        company: content::company()?,
        logo_path: None,
    };
    let acquit = Acquit::create(folder, company, FileNature::Demonstration, parts)?;
    acquit.connect(KEY, Some(simulator)).await?;
    let mut dice = ChaCha20Rng::seed_from_u64(SEED);
    let customers = content::customers(&acquit, &mut dice)?;
    let drafts: Result<Vec<_>, Error> = JOBS
        .iter()
        .zip(customers.iter().cycle())
        .map(|(job, customer)| content::invoice(job, customer, &mut dice))
        .collect();
    let Ok([bathroom, boiler, roof, heat_pump, kitchen, wiring]) = <[_; 6]>::try_from(drafts?)
    else {
        return Err(Error::Inconsistent("demonstration"));
    };
    let wait = |days: i64| {
        let seconds = days * 86_400;
        clock.catch_up(SignedDuration::from_secs(seconds));
        advance(seconds);
    };
    let roof = issue(&acquit, roof).await?;
    wait(4);
    let bathroom = issue(&acquit, bathroom).await?;
    wait(2);
    payer.pay(&payment_of(&acquit, bathroom)?).await;
    acquit.sync().await?;
    wait(14);
    let third = Cents::new(acquit.invoice(roof)?.standing.remaining.get() / 3);
    let cheque = NewReceipt {
        amount: third,
        means: PaymentMeans::Cheque,
        date: None,
        overpayment: false,
    };
    acquit.add_receipt(roof, cheque).await?;
    let boiler = issue(&acquit, boiler).await?;
    wait(13);
    let heat_pump = issue(&acquit, heat_pump).await?;
    wait(5);
    payer.pay(&payment_of(&acquit, heat_pump)?).await;
    acquit.sync().await?;
    wait(1);
    let refused = payment_of(&acquit, boiler)?;
    payer.refuse(&refused, "insufficient_funds").await;
    acquit.sync().await?;
    // The owner may send this one.
    acquit.finalise(acquit.add_invoice(kitchen)?.id)?;
    acquit.sync().await?;
    acquit.add_invoice(wiring)?;
    wait(1);
    acquit.sync().await?;
    // What happened before the window opened is no news.
    acquit.take_news()?;
    Ok(acquit)
}

/// Finalises a draft and mails it to its customer, with its link.
async fn issue(acquit: &Acquit, draft: NewInvoice) -> Result<InvoiceId, Error> {
    let id = acquit.finalise(acquit.add_invoice(draft)?.id)?.id;
    write_to_customer(acquit, id, None)?;
    acquit.sync().await?;
    Ok(id)
}

/// An earlier demonstration goes; another company's file is left alone.
fn clear(folder: &Path) -> Result<(), Error> {
    if !folder.join(acquit_store::FILE_NAME).exists() {
        return Ok(());
    }
    // A file that a crash left half-made has no company yet and is no loss.
    let nature = Acquit::open(folder, Parts::system()).and_then(|acquit| acquit.nature());
    match nature {
        Ok(FileNature::Demonstration) | Err(Error::Inconsistent(_)) => {}
        Ok(_) => return Err(Error::FolderInUse(folder.to_owned())),
        Err(error) => return Err(error),
    }
    fs::remove_dir_all(folder).map_err(|source| Error::Io {
        path: folder.to_owned(),
        source,
    })
}
