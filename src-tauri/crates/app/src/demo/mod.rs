//! The demonstration company: the whole loop on the embedded simulator, through the same services.

mod content;
mod fill;
mod furnish;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use acquit_domain::Cents;
use acquit_domain::id::{InvoiceId, MailId};
use acquit_domain::link::FileNature;
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::remote::PaymentId;
use acquit_secrets::MemoryKeychain;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use crate::sending::MailView;
use crate::view::{Document, InvoiceView, NewCompany, NewReceipt, Verification};
use crate::{Acquit, Clock, Error, Format, Parts, Way, fec_file_name};
use content::JOBS;

pub use fill::{FILL_MAX, fill};
pub use furnish::{AGE, MAIL_FOLDER, furnish};

/// Any key will do for the simulator; this one opens nothing else.
const KEY: &str = "sk_test_demonstration";
/// Folder of the company file below the output.
const FILE_FOLDER: &str = "dossier";
/// Saved texts for customers who got the invoice before, by their names.
const NEW_LINK: &str = "Nouveau lien de paiement";
const SETTLED: &str = "Facture acquittée";

/// The customers of the demonstration at the simulated payment page.
pub trait Payer {
    /// Pays a link with a card that is accepted.
    fn pay(&self, payment: &PaymentId) -> impl Future<Output = ()> + Send;
    /// Tries a card that is refused for good.
    fn refuse(&self, payment: &PaymentId, code: &str) -> impl Future<Output = ()> + Send;
}

/// What the demonstration left behind.
#[derive(Clone, Debug)]
pub struct Demonstration {
    /// Every invoice and credit note, newest first.
    pub invoices: Vec<InvoiceView>,
    /// The mails about them, the newest of each first.
    pub mails: Vec<MailView>,
    /// Every file that was written, in order.
    pub files: Vec<PathBuf>,
    /// Outcome of the final check.
    pub verification: Verification,
}

/// Plays the whole loop into `out`: the same seed gives the same customers, amounts and states.
///
/// # Errors
/// [`Error::FolderInUse`] when `out` holds something else, or what a service refuses.
pub async fn run(
    out: &Path,
    seed: u64,
    simulator: &str,
    clock: Arc<dyn Clock>,
    payer: &impl Payer,
) -> Result<Demonstration, Error> {
    clear(out)?;
    let parts = Parts::set(
        clock,
        seed,
        Arc::new(MemoryKeychain::default()),
        "demonstration",
    )
    .mailing_to(out);
    let company = NewCompany {
        company: content::company()?,
        logo_path: None,
    };
    let acquit = Acquit::create(
        &out.join(FILE_FOLDER),
        company,
        FileNature::Demonstration,
        parts,
    )?;
    acquit.connect(KEY, Some(simulator)).await?;
    let mut story = Story {
        acquit,
        out,
        files: Vec::new(),
        dice: ChaCha20Rng::seed_from_u64(seed),
    };
    story.play(payer).await?;
    let invoices = story.acquit.invoices(&crate::InvoiceFilter::default())?;
    let mut mails = Vec::new();
    for view in &invoices {
        mails.extend(story.acquit.mails_of(view.id)?);
    }
    Ok(Demonstration {
        invoices,
        mails,
        verification: story.acquit.verify()?,
        files: story.files,
    })
}

/// An earlier demonstration is replaced; anything else is left alone.
fn clear(out: &Path) -> Result<(), Error> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Io { path, source }
    };
    fs::create_dir_all(out).map_err(io(out))?;
    let file = out.join(FILE_FOLDER);
    if file.join(acquit_store::FILE_NAME).exists() {
        let parts = Parts::system();
        if Acquit::open(&file, parts)?.nature()? != FileNature::Demonstration {
            return Err(Error::FolderInUse(out.to_owned()));
        }
        fs::remove_dir_all(&file).map_err(io(&file))?;
        for entry in fs::read_dir(out).map_err(io(out))? {
            let path = entry.map_err(io(out))?.path();
            let kind = path.extension().and_then(|kind| kind.to_str());
            if kind.is_some_and(|kind| ["pdf", "txt", "csv", "eml"].contains(&kind)) {
                fs::remove_file(&path).map_err(io(&path))?;
            }
        }
    }
    match fs::read_dir(out).map_err(io(out))?.next() {
        None => Ok(()),
        Some(_) => Err(Error::FolderInUse(out.to_owned())),
    }
}

struct Story<'a> {
    acquit: Acquit,
    out: &'a Path,
    files: Vec<PathBuf>,
    dice: ChaCha20Rng,
}

impl Story<'_> {
    async fn play(&mut self, payer: &impl Payer) -> Result<(), Error> {
        let customers = content::customers(&self.acquit, &mut self.dice)?;
        let mut invoices = Vec::new();
        for (job, customer) in JOBS.iter().zip(customers.iter().cycle()) {
            let invoice = content::invoice(job, customer, &mut self.dice)?;
            let draft = self.acquit.add_invoice(invoice)?;
            invoices.push(self.acquit.finalise(draft.id)?.id);
        }
        self.acquit.sync().await?;
        for id in &invoices {
            self.print(*id, "").await?;
        }
        self.mail(&invoices, None).await?;
        let [bathroom, boiler, roof, heat_pump, kitchen, wiring] = invoices[..] else {
            return Err(Error::Inconsistent("demonstration"));
        };
        // The bathroom and the heat pump are paid; the boiler's card is refused; the kitchen is paid
        // too, and given back later.
        for id in [bathroom, heat_pump, kitchen] {
            payer.pay(&payment_of(&self.acquit, id)?).await;
        }
        payer
            .refuse(&payment_of(&self.acquit, boiler)?, "insufficient_funds")
            .await;
        self.acquit.sync().await?;
        self.acquit.refund(kitchen, None).await?;
        let note = self.acquit.cancel(wiring).await?.id;
        self.export_fec()?;
        // After the accountant's file, a cheque for a part of the roof: the link follows the amount.
        let remaining = self.acquit.invoice(roof)?.standing.remaining;
        let cheque = Cents::new(remaining.get() / 3);
        let receipt = NewReceipt {
            amount: cheque,
            means: PaymentMeans::Cheque,
            date: None,
            overpayment: false,
        };
        self.acquit.add_receipt(roof, receipt).await?;
        self.acquit.sync().await?;
        // The refused card and the changed amount have new links now.
        for id in [boiler, roof] {
            self.print(id, "-nouveau-lien").await?;
        }
        for id in [bathroom, heat_pump] {
            self.print(id, "-acquittee").await?;
        }
        self.print(note, "").await?;
        self.mail(&[boiler, roof], Some(NEW_LINK)).await?;
        self.mail(&[bathroom, heat_pump], Some(SETTLED)).await?;
        self.mail(&[note], None).await?;
        self.export_rest()
    }

    async fn print(&mut self, id: InvoiceId, suffix: &str) -> Result<(), Error> {
        let printed = self.acquit.printed(id, false).await?;
        let Document::Finalised(document) = self.acquit.invoice(id)?.document else {
            return Err(Error::StillADraft);
        };
        let path = self
            .out
            .join(format!("{}{suffix}.pdf", document.number.in_file_name()));
        fs::write(&path, &printed.bytes).map_err(|source| Error::Io {
            path: path.clone(),
            source,
        })?;
        self.acquit.rendition_left(&printed, Way::File)?;
        self.files.push(path);
        Ok(())
    }

    /// Mails documents to their customers: with the text that is proposed, or another saved one.
    async fn mail(&mut self, ids: &[InvoiceId], text: Option<&str>) -> Result<(), Error> {
        let mut written = Vec::new();
        for id in ids {
            written.push(write_to_customer(&self.acquit, *id, text)?);
        }
        let posted = self.acquit.post_all().await?;
        self.files.extend(posted.files);
        if written.iter().all(|mail| posted.sent.contains(mail)) {
            Ok(())
        } else {
            Err(Error::Inconsistent("mail"))
        }
    }

    /// The accountant's file of everything so far.
    fn export_fec(&mut self) -> Result<(), Error> {
        let company = self.acquit.company()?;
        let today = self.acquit.today();
        let name = fec_file_name(&company.siren(), company.fiscal_year_end.holding(today));
        let path = self.out.join(name);
        self.acquit.export(Format::Fec, today, None, &path)?;
        self.files.push(path);
        Ok(())
    }

    /// What came after it, for a spreadsheet.
    fn export_rest(&mut self) -> Result<(), Error> {
        let path = self.out.join("ecritures-suivantes.csv");
        self.acquit
            .export(Format::Csv, self.acquit.today(), None, &path)?;
        self.files.push(path);
        Ok(())
    }
}

/// Puts a mail to the customer into the outbox.
fn write_to_customer(acquit: &Acquit, id: InvoiceId, text: Option<&str>) -> Result<MailId, Error> {
    let mut mail = acquit.compose(id)?.mail;
    if let Some(name) = text {
        let mut texts = acquit.mail_texts()?.into_iter();
        let text = texts.find(|text| text.name == name);
        let text = text.ok_or(Error::UnknownMailPart)?;
        (mail.subject, mail.body) = (text.subject, text.body);
    }
    acquit.queue_mail(mail)
}

/// The payment behind an invoice's link.
fn payment_of(acquit: &Acquit, id: InvoiceId) -> Result<PaymentId, Error> {
    let link = acquit
        .invoice(id)?
        .link
        .ok_or(Error::Inconsistent("link"))?;
    let hosted = link.state.hosted().ok_or(Error::Inconsistent("payment"))?;
    Ok(hosted.payment.clone())
}
