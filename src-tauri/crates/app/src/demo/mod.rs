//! The demonstration company: the whole loop on the embedded simulator, through the same services.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use acquit_domain::company::{Address, Company, FiscalYearEnd, Insurance};
use acquit_domain::customer::CustomerKind;
use acquit_domain::invoice::{
    Content, Deduction, DeductionKind, DeductionValue, Item, Line, Nature, Operation,
};
use acquit_domain::link::FileNature;
use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::remote::PaymentId;
use acquit_domain::text::{Bic, Country, Email, Iban, Siret};
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use acquit_domain::{At, Cents, Error as Broken};
use acquit_secrets::MemoryKeychain;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::view::{
    Document, InvoiceView, NewCompany, NewCustomer, NewInvoice, NewReceipt, Verification,
};
use crate::{Acquit, Clock, Error, Format, Parts, fec_file_name};

/// Any key will do for the simulator; this one opens nothing else.
const KEY: &str = "sk_test_demonstration";
/// Folder of the company file below the output.
const FILE_FOLDER: &str = "dossier";

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
    );
    let company = NewCompany {
        company: company()?,
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
    let filter = crate::InvoiceFilter {
        status: None,
        limit: 100,
        after: None,
    };
    Ok(Demonstration {
        invoices: story.acquit.invoices(filter)?,
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
            let ours = path
                .extension()
                .is_some_and(|kind| kind == "pdf" || kind == "txt" || kind == "csv");
            if ours {
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
        let customers = self.customers()?;
        let mut invoices = Vec::new();
        for (job, customer) in JOBS.iter().zip(customers.iter().cycle()) {
            let invoice = self.invoice(job, customer)?;
            let draft = self.acquit.add_invoice(invoice)?;
            invoices.push(self.acquit.finalise(draft.id)?.id);
        }
        self.acquit.sync().await?;
        for id in &invoices {
            self.print(*id, "").await?;
        }
        let [bathroom, boiler, roof, heat_pump, kitchen, wiring] = invoices[..] else {
            return Err(Error::Inconsistent("demonstration"));
        };
        // The bathroom and the heat pump are paid; the boiler's card is refused; the kitchen is paid
        // too, and given back later.
        for id in [bathroom, heat_pump, kitchen] {
            payer.pay(&self.payment(id)?).await;
        }
        payer
            .refuse(&self.payment(boiler)?, "insufficient_funds")
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
        self.export_rest()
    }

    fn payment(&self, id: acquit_domain::id::InvoiceId) -> Result<PaymentId, Error> {
        let link = self
            .acquit
            .invoice(id)?
            .link
            .ok_or(Error::Inconsistent("link"))?;
        let hosted = link.state.hosted().ok_or(Error::Inconsistent("payment"))?;
        Ok(hosted.payment.clone())
    }

    async fn print(&mut self, id: acquit_domain::id::InvoiceId, suffix: &str) -> Result<(), Error> {
        let pdf = self.acquit.pdf(id).await?;
        let Document::Finalised(document) = self.acquit.invoice(id)?.document else {
            return Err(Error::StillADraft);
        };
        let path = self.out.join(format!("{}{suffix}.pdf", document.number));
        fs::write(&path, pdf).map_err(|source| Error::Io {
            path: path.clone(),
            source,
        })?;
        self.files.push(path);
        Ok(())
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

    fn customers(&mut self) -> Result<Vec<String>, Error> {
        let mut people = PEOPLE.to_vec();
        people.shuffle(&mut self.dice);
        let chosen = people.into_iter().take(JOBS.len());
        chosen
            .map(|person| Ok(self.acquit.add_customer(customer(&person)?)?.code))
            .collect()
    }

    fn invoice(&mut self, job: &Job, customer: &str) -> Result<NewInvoice, Error> {
        let mut items = vec![Item::Section {
            title: job.section.to_owned(),
        }];
        for (description, unit, price, rate, nature) in job.lines {
            let (quarters, euros) = (self.dice.random_range(4..40), self.dice.random_range(0..20));
            let quantity = if *unit == "forfait" {
                "1".to_owned()
            } else {
                quarter(quarters)
            };
            items.push(Item::Line(Line {
                description: (*description).to_owned(),
                quantity: Quantity::parse(&quantity).at("quantity")?,
                unit: Some((*unit).to_owned()),
                unit_price: UnitPrice::parse(&format!("{}.50", price + euros)).at("unit_price")?,
                discount: Percent::ZERO,
                vat: VatTreatment::Standard(*rate),
                nature: *nature,
            }));
        }
        let retention = Deduction {
            kind: DeductionKind::Retention,
            value: DeductionValue::Percent(Percent::parse("5").at("percent")?),
        };
        Ok(NewInvoice {
            customer: customer.to_owned(),
            issue_date: None,
            due_date: None,
            content: Content {
                operation: Operation::Services,
                title: Some(job.title.to_owned()),
                site_address: None,
                customer_reference: None,
                notes: None,
                items,
                discount: Percent::ZERO,
                deductions: if job.retention {
                    vec![retention]
                } else {
                    Vec::new()
                },
            },
        })
    }
}

fn quarter(quarters: u32) -> String {
    format!("{}.{:02}", quarters / 4, quarters % 4 * 25)
}

type JobLine = (&'static str, &'static str, u32, StandardRate, Nature);

struct Job {
    title: &'static str,
    section: &'static str,
    lines: &'static [JobLine],
    retention: bool,
}

const TEN: StandardRate = StandardRate::Intermediate;

/// Six jobs whose fates the story tells: paid, refused, part cheque, paid, given back, cancelled.
const JOBS: [Job; 6] = [
    Job {
        title: "Rénovation de la salle de bain",
        section: "Plomberie et appareils",
        lines: &[
            (
                "Dépose baignoire, lavabo et anciennes alimentations",
                "forfait",
                420,
                TEN,
                Nature::Works,
            ),
            (
                "Alimentations multicouche eau froide / eau chaude Ø 16",
                "m",
                38,
                TEN,
                Nature::Works,
            ),
            (
                "Meuble vasque 80 cm, chêne clair, livré",
                "forfait",
                640,
                StandardRate::Normal,
                Nature::Goods,
            ),
        ],
        retention: false,
    },
    Job {
        title: "Remplacement du ballon d’eau chaude",
        section: "Production d’eau chaude",
        lines: &[
            (
                "Ballon thermodynamique 200 l, fourni et posé",
                "forfait",
                1_890,
                StandardRate::Reduced,
                Nature::Works,
            ),
            (
                "Groupe de sécurité et raccordements",
                "forfait",
                145,
                TEN,
                Nature::Works,
            ),
        ],
        retention: false,
    },
    Job {
        title: "Réfection de la toiture de l’appentis",
        section: "Couverture",
        lines: &[
            (
                "Tuiles de terre cuite, pose et faîtage",
                "m²",
                96,
                TEN,
                Nature::Works,
            ),
            ("Gouttière zinc demi-ronde", "m", 54, TEN, Nature::Works),
        ],
        retention: true,
    },
    Job {
        title: "Entretien de la pompe à chaleur",
        section: "Entretien annuel",
        lines: &[(
            "Contrôle, nettoyage et mesure d’étanchéité",
            "forfait",
            185,
            StandardRate::Reduced,
            Nature::Services,
        )],
        retention: false,
    },
    Job {
        title: "Évacuations de la cuisine",
        section: "Plomberie",
        lines: &[
            (
                "Évacuations PVC Ø 40, pentes reprises",
                "m",
                42,
                TEN,
                Nature::Works,
            ),
            (
                "Mitigeur d’évier, fourni et posé",
                "forfait",
                210,
                TEN,
                Nature::Works,
            ),
        ],
        retention: false,
    },
    Job {
        title: "Mise aux normes du tableau électrique",
        section: "Électricité",
        lines: &[(
            "Tableau 3 rangées, différentiels et repérage",
            "forfait",
            980,
            TEN,
            Nature::Works,
        )],
        retention: false,
    },
];

type Person = (&'static str, &'static str, &'static str, &'static str);

/// Name, street, postcode and town, mailbox.
const PEOPLE: [Person; 10] = [
    (
        "Hélène Marchand",
        "8 impasse des Tuiliers",
        "37000 Tours",
        "helene.marchand",
    ),
    (
        "Zoé Lefèvre",
        "21 rue de l’Œillet",
        "37540 Saint-Cyr-sur-Loire",
        "zoe.lefevre",
    ),
    (
        "Ahmed Benali",
        "3 rue des Lilas",
        "37300 Joué-lès-Tours",
        "ahmed.benali",
    ),
    (
        "Françoise Noël",
        "14 quai de la Loire",
        "37210 Rochecorbon",
        "francoise.noel",
    ),
    (
        "Luc Garçon",
        "2 place du Marché",
        "37100 Tours",
        "luc.garcon",
    ),
    (
        "Marie-Ève Dùrand",
        "45 avenue de Grammont",
        "37000 Tours",
        "marie-eve.durand",
    ),
    (
        "Joaquim Pereira",
        "9 chemin des Vignes",
        "37230 Fondettes",
        "joaquim.pereira",
    ),
    (
        "Nadia Cœuret",
        "17 rue Bretonneau",
        "37000 Tours",
        "nadia.coeuret",
    ),
    (
        "Paul Lemaître",
        "6 allée des Châtaigniers",
        "37170 Chambray-lès-Tours",
        "paul.lemaitre",
    ),
    (
        "Inès Hüe",
        "31 rue du Château",
        "37270 Montlouis-sur-Loire",
        "ines.hue",
    ),
];

fn customer((name, street, town, mailbox): &Person) -> Result<NewCustomer, Error> {
    let (postcode, city) = town.split_once(' ').unwrap_or(("", town));
    Ok(NewCustomer {
        code: None,
        name: (*name).to_owned(),
        kind: CustomerKind::Private,
        address: address(street, postcode, city),
        siren: None,
        vat_number: None,
        email: Some(Email::parse(&format!("{mailbox}@client.example")).at("email")?),
        phone: None,
    })
}

fn address(line1: &str, postcode: &str, city: &str) -> Address {
    Address {
        line1: line1.to_owned(),
        line2: None,
        postcode: postcode.to_owned(),
        city: city.to_owned(),
        country: Country::france(),
    }
}

fn company() -> Result<Company, Broken> {
    let siret = Siret::parse("81234567600017").at("siret")?;
    Ok(Company {
        name: "Ferrand Plomberie Chauffage".to_owned(),
        address: address("14 rue du Port-Neuf", "37540", "Saint-Cyr-sur-Loire"),
        legal_form: Some("SARL".to_owned()),
        vat_number: Some(siret.siren().vat_number()),
        email: Some(Email::parse("contact@ferrand-plomberie.example").at("email")?),
        phone: Some("02 61 91 37 14".to_owned()),
        website: None,
        iban: Some(Iban::parse("FR7619999000370051270048175").at("iban")?),
        bic: Some(Bic::parse("EXMPFRPP").at("bic")?),
        vat_basis: VatBasis::OnReceipt,
        franchise: false,
        insurance: Some(Insurance {
            insurer: "Mutuelle Ligérienne du Bâtiment".to_owned(),
            contact: Some("3 quai Paul-Bert, 37100 Tours".to_owned()),
            policy: Some("37-204518".to_owned()),
            area: Some("France métropolitaine".to_owned()),
        }),
        capital: Some("10 000 €".to_owned()),
        register: Some("RCS Tours 812 345 676".to_owned()),
        payment_days: 30,
        fiscal_year_end: FiscalYearEnd::default(),
        siret,
    })
}
