//! What the demonstration company is, sells, and to whom.

use acquit_domain::company::{Address, Company, FiscalYearEnd, Insurance};
use acquit_domain::customer::CustomerKind;
use acquit_domain::invoice::{
    Content, Deduction, DeductionKind, DeductionValue, Item, Line, Nature, Operation,
};
use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
use acquit_domain::text::{Bic, Country, Email, Iban, Siret};
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use acquit_domain::{At, Error as Broken};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha20Rng;

use crate::view::{NewCustomer, NewInvoice, NewKind};
use crate::{Acquit, Error};

/// Adds the people of the demonstration in an order of chance; their codes.
pub(super) fn customers(acquit: &Acquit, dice: &mut ChaCha20Rng) -> Result<Vec<String>, Error> {
    let mut people = PEOPLE.to_vec();
    people.shuffle(dice);
    let chosen = people.into_iter().take(JOBS.len());
    chosen
        .map(|person| Ok(acquit.add_customer(customer(&person)?)?.code))
        .collect()
}

/// The draft of a job, with quantities and prices of chance.
pub(super) fn invoice(
    job: &Job,
    customer: &str,
    dice: &mut ChaCha20Rng,
) -> Result<NewInvoice, Error> {
    let mut items = vec![Item::Section {
        title: job.section.to_owned(),
    }];
    for (description, unit, price, rate, nature) in job.lines {
        let (quarters, euros) = (dice.random_range(4..40), dice.random_range(0..20));
        let quantity = if *unit == "forfait" {
            "1".to_owned()
        } else {
            quarter(quarters)
        };
        items.push(Item::Line(Line {
            progress: None,
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
        kind: NewKind::default(),
        customer: customer.to_owned(),
        issue_date: None,
        due_date: None,
        content: Content {
            earlier: Vec::new(),
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

fn quarter(quarters: u32) -> String {
    format!("{}.{:02}", quarters / 4, quarters % 4 * 25)
}

type JobLine = (&'static str, &'static str, u32, StandardRate, Nature);

pub(super) struct Job {
    title: &'static str,
    section: &'static str,
    lines: &'static [JobLine],
    retention: bool,
}

const TEN: StandardRate = StandardRate::Intermediate;

/// Six jobs whose fates the story tells: paid, refused, part cheque, paid, given back, cancelled.
pub(super) const JOBS: [Job; 6] = [
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
        contacts: Vec::new(),
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

pub(super) fn company() -> Result<Company, Broken> {
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
