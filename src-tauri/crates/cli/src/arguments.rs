//! The commands and options of `cli.md`.

mod account;
mod by_hand;
mod close;
mod export;
mod mailbox;
mod numbering;
mod payment;
mod receipt;
mod vat;

use std::net::SocketAddr;
use std::path::PathBuf;

use acquit_app::message::Lang;
use acquit_domain::given_back::Choice;
use acquit_domain::receipt::{ChargebackOutcome, PaymentMeans, Status};
use acquit_domain::remote::PaymentId;
use acquit_domain::rendition::Sha256Hex;
use acquit_domain::text::Email;
use acquit_domain::{Cents, Rule, date, mail};
use clap::{Args, Parser, Subcommand};
use jiff::civil::Date;

pub(crate) use account::{Account, Days};
pub(crate) use by_hand::{Record, Reverse};
pub(crate) use close::Close;
pub(crate) use export::Export;
pub(crate) use mailbox::{Mailbox, MailboxToSet};
pub(crate) use numbering::Numbering;
pub(crate) use payment::Payment;
pub(crate) use receipt::{Decision, Receipt};
pub(crate) use vat::Vat;

/// How help is laid out, in French.
const HELP: &str = "{about-with-newline}\nUsage : {usage}\n\n{all-args}{after-help}";

/// What was typed.
#[derive(Debug, Parser)]
#[command(
    name = "acquit-cli",
    version,
    about = "Acquit sans fenêtre : facturer, encaisser par PayPlug, exporter pour le comptable.",
    help_template = HELP,
    subcommand_help_heading = "Commandes",
    subcommand_value_name = "COMMANDE",
    next_help_heading = "Options",
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    propagate_version = true
)]
pub(crate) struct Arguments {
    /// Un seul document JSON sur la sortie standard
    #[arg(long, global = true, help_heading = "Options communes")]
    pub(crate) json: bool,
    /// Langue des phrases : fr (par défaut) ou en
    #[arg(long, global = true, help_heading = "Options communes", value_name = "LANGUE", default_value = "fr", hide_default_value = true, value_parser = language)]
    pub(crate) lang: Lang,
    /// Détaille le déroulement sur la sortie d’erreur
    #[arg(long, short = 'v', global = true, help_heading = "Options communes")]
    pub(crate) verbose: bool,
    /// Affiche cette aide
    #[arg(long, short = 'h', global = true, help_heading = "Options communes", action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// Affiche la version
    #[arg(long, short = 'V', help_heading = "Options communes", action = clap::ArgAction::Version)]
    version: Option<bool>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The folder of a company file.
#[derive(Debug, Args)]
pub(crate) struct Data {
    /// Dossier de l’entreprise
    #[arg(long = "data", value_name = "DOSSIER")]
    pub(crate) folder: PathBuf,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Déroule toute la boucle sur le simulateur intégré
    #[command(help_template = HELP)]
    Demo {
        /// Dossier des fichiers produits
        #[arg(long, value_name = "DOSSIER")]
        out: PathBuf,
        /// Graine : d’autres clients et montants
        #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true)]
        seed: u64,
    },
    /// Crée un dossier de démonstration de N factures, pour mesurer
    #[command(help_template = HELP)]
    Fill {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Nombre de factures
        #[arg(long, value_name = "N")]
        invoices: u32,
        /// Graine : d’autres clients, montants et sorts
        #[arg(long, value_name = "S")]
        seed: u64,
    },
    /// Lance le simulateur de PayPlug seul
    #[command(help_template = HELP)]
    Simulator {
        /// Adresse locale d’écoute, par exemple 127.0.0.1:8080 (port 0 : n’importe lequel)
        #[arg(long, value_name = "127.0.0.1:PORT", value_parser = loopback)]
        listen: SocketAddr,
        /// Graine des identifiants
        #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true)]
        seed: u64,
        /// Ouvre les routes de commande
        #[arg(long)]
        control: bool,
    },
    /// Crée le dossier d’une entreprise
    #[command(help_template = HELP)]
    Init {
        /// Where.
        #[command(flatten)]
        data: Data,
        /// Entreprise, en JSON
        #[arg(long, value_name = "FICHIER.json")]
        company: PathBuf,
    },
    /// Connecte PayPlug ; la clé secrète est lue sur l’entrée standard
    #[command(help_template = HELP)]
    Connect {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Adresse locale d’un simulateur (le dossier devient un essai, pour toujours)
        #[arg(long, value_name = "URL")]
        api_base: Option<String>,
    },
    /// Clients
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Commandes", subcommand_value_name = "COMMANDE")]
    Customer(Customer),
    /// Factures
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Commandes", subcommand_value_name = "COMMANDE")]
    Invoice(Invoice),
    /// Messagerie d’où partent les e-mails
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Commandes", subcommand_value_name = "COMMANDE")]
    Mailbox(Mailbox),
    /// Montre ou change la numérotation des documents
    #[command(help_template = HELP)]
    Numbering(Numbering),
    /// Paiements à examiner chez PayPlug
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Commandes", subcommand_value_name = "COMMANDE")]
    Payment(Payment),
    /// Réglages du dossier
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Commandes", subcommand_value_name = "COMMANDE")]
    Settings(Settings),
    /// Règlements reçus autrement que par PayPlug, trop-perçus et remises de chèques
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Commandes", subcommand_value_name = "COMMANDE")]
    Receipt(Receipt),
    /// Met à jour liens et règlements avec PayPlug, et envoie les e-mails qui attendent
    #[command(help_template = HELP)]
    Sync {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Continue jusqu’à Ctrl-C, au rythme de la fenêtre ; sous --json, un compte rendu par ligne
        #[arg(long)]
        watch: bool,
    },
    /// Écrit les écritures pour le comptable, par lots
    #[command(help_template = HELP)]
    Export(Export),
    /// Clôt la comptabilité jusqu’à la fin d’un mois ou de l’exercice : plus aucune écriture n’y sera datée
    #[command(help_template = HELP)]
    Close(Close),
    /// TVA exigible d’une période, par taux, avec son détail
    #[command(help_template = HELP)]
    Vat(Vat),
    /// Compte PayPlug : relevés, différences avec les comptes, virements
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Commandes", subcommand_value_name = "COMMANDE")]
    Account(Account),
    /// Écrit une sauvegarde de tout le dossier dans un seul fichier, même pendant qu’Acquit est ouvert
    #[command(help_template = HELP)]
    Backup {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Fichier à écrire
        #[arg(long, short = 'o', value_name = "FICHIER")]
        output: PathBuf,
    },
    /// Recrée un dossier à partir d’une sauvegarde
    #[command(help_template = HELP)]
    Restore {
        /// Sauvegarde
        #[arg(value_name = "FICHIER")]
        backup: PathBuf,
        /// Which file.
        #[command(flatten)]
        data: Data,
    },
    /// Contrôle tout le dossier, sans réseau
    #[command(help_template = HELP)]
    Verify {
        /// Which file.
        #[command(flatten)]
        data: Data,
    },
}

/// Customers.
#[derive(Debug, Subcommand)]
pub(crate) enum Customer {
    /// Ajoute un client
    #[command(help_template = HELP)]
    Add {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Client, en JSON (- : entrée standard)
        #[arg(value_name = "FICHIER.json")]
        file: PathBuf,
    },
    /// Liste les clients
    #[command(help_template = HELP)]
    List {
        /// Which file.
        #[command(flatten)]
        data: Data,
    },
    /// Écrit le relevé de compte d’un client : ses factures à régler, en PDF
    #[command(help_template = HELP)]
    Statement {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Code du client
        #[arg(value_name = "CODE")]
        code: String,
        /// Fichier à écrire
        #[arg(long, short = 'o', value_name = "FICHIER.pdf")]
        output: PathBuf,
    },
}

/// One invoice of a file.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Which file.
    #[command(flatten)]
    pub(crate) data: Data,
    /// Identifiant ou numéro de la facture
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}

/// Invoices.
#[derive(Debug, Subcommand)]
pub(crate) enum Invoice {
    /// Ajoute un brouillon
    #[command(help_template = HELP)]
    Add {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Facture, en JSON (- : entrée standard)
        #[arg(value_name = "FICHIER.json")]
        file: PathBuf,
    },
    /// Finalise un brouillon : numéro, écritures, demande de lien
    #[command(help_template = HELP)]
    Finalise(Which),
    /// Montre une facture ou un avoir
    #[command(help_template = HELP)]
    Show(Which),
    /// Annule une facture par un avoir total
    #[command(help_template = HELP)]
    Cancel(Which),
    /// Copie une facture dans un nouveau brouillon
    #[command(help_template = HELP)]
    Duplicate(Which),
    /// Corrige une facture : avoir total, et un brouillon qui la reprend
    #[command(help_template = HELP)]
    Correct(Which),
    /// Prépare la situation suivante
    #[command(help_template = HELP)]
    Next(Which),
    /// Prépare la facture de solde après une situation ou un acompte
    #[command(help_template = HELP)]
    Final(Which),
    /// Liste factures et avoirs, les plus récents d’abord
    #[command(help_template = HELP)]
    List {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// draft, finalised, partly_paid, settled ou cancelled
        #[arg(long, value_name = "ÉTAT", value_parser = status)]
        status: Option<Status>,
        /// Nombre de lignes, de 1 à 1000 (100 par défaut)
        #[arg(long, value_name = "N", default_value_t = 100, hide_default_value = true, value_parser = limit)]
        limit: u32,
        /// Reprend après cette facture
        #[arg(long, value_name = "ID")]
        after: Option<String>,
    },
    /// Écrit le PDF
    #[command(help_template = HELP)]
    Pdf {
        /// Which one.
        #[command(flatten)]
        which: Which,
        /// Fichier à écrire
        #[arg(long, short = 'o', value_name = "FICHIER.pdf")]
        output: PathBuf,
        /// Imprime DUPLICATA sur chaque page
        #[arg(long)]
        duplicate: bool,
        /// Un exemplaire déjà remis, tel qu’il est parti : son empreinte, comme la donne « renditions »
        #[arg(long, value_name = "SHA256", value_parser = sha256, conflicts_with = "duplicate")]
        rendition: Option<Sha256Hex>,
    },
    /// Liste les exemplaires remis : quand, comment, avec quelles mentions et quelle empreinte
    #[command(help_template = HELP)]
    Renditions(Which),
    /// Libère la retenue de garantie : elle est à payer, et un lien est demandé
    #[command(help_template = HELP)]
    Release {
        /// Which one.
        #[command(flatten)]
        which: Which,
        /// Date AAAA-MM-JJ (aujourd’hui par défaut)
        #[arg(long, value_name = "DATE", value_parser = day)]
        date: Option<Date>,
    },
    /// Écrit le XML Factur-X d’une facture finalisée ou d’un avoir
    #[command(help_template = HELP)]
    Xml {
        /// Which one.
        #[command(flatten)]
        which: Which,
        /// Fichier à écrire
        #[arg(long, short = 'o', value_name = "FICHIER.xml")]
        output: PathBuf,
    },
    /// Envoie la facture ou l’avoir par e-mail, avec le lien de paiement
    #[command(help_template = HELP)]
    Send {
        /// Which one.
        #[command(flatten)]
        which: Which,
        /// Destinataires, séparés par des virgules (l’adresse du client par défaut)
        #[arg(long, value_name = "ADRESSE", value_parser = addresses)]
        to: Option<Addresses>,
    },
    /// Rembourse le règlement PayPlug
    #[command(help_template = HELP)]
    Refund {
        /// Which one.
        #[command(flatten)]
        which: Which,
        /// Montant, par exemple 120.00 (tout par défaut)
        #[arg(long, value_name = "MONTANT", value_parser = amount, allow_negative_numbers = true)]
        amount: Option<Cents>,
        /// Retire la demande de remboursement qui n’est pas encore partie
        #[arg(long, conflicts_with = "amount")]
        withdraw: bool,
    },
    /// Crédite une partie d’une facture par un avoir partiel
    #[command(help_template = HELP)]
    Credit {
        /// Which one.
        #[command(flatten)]
        which: Which,
        /// Montant TTC, par exemple 120.00
        #[arg(long, value_name = "MONTANT", value_parser = amount, allow_negative_numbers = true)]
        amount: Cents,
    },
    /// Enregistre une contestation : la banque du client a repris un paiement par carte
    #[command(help_template = HELP)]
    Chargeback {
        /// Which one.
        #[command(flatten)]
        which: Which,
        /// Numéro de la transaction, pay_… (le dernier paiement par carte par défaut)
        #[arg(long, value_name = "TRANSACTION", value_parser = payment)]
        payment: Option<PaymentId>,
        /// Montant repris, par exemple 120.00 (tout ce qui n’a pas été remboursé par défaut)
        #[arg(long, value_name = "MONTANT", value_parser = amount, allow_negative_numbers = true)]
        amount: Option<Cents>,
        /// Date AAAA-MM-JJ (aujourd’hui par défaut)
        #[arg(long, value_name = "DATE", value_parser = day)]
        date: Option<Date>,
    },
    /// Clôt la contestation la plus ancienne qui soit en cours
    #[command(help_template = HELP)]
    ChargebackClose {
        /// Which one.
        #[command(flatten)]
        which: Which,
        /// won (gagnée) ou lost (perdue)
        #[arg(value_name = "ISSUE", value_parser = outcome)]
        outcome: ChargebackOutcome,
        /// Date AAAA-MM-JJ (aujourd’hui par défaut)
        #[arg(long, value_name = "DATE", value_parser = day)]
        date: Option<Date>,
    },
    /// Décide de ce qui a été rendu : à encaisser de nouveau, avoir, ou perte
    #[command(help_template = HELP)]
    Decide {
        /// Which one.
        #[command(flatten)]
        which: Which,
        /// collect-again, credit ou write-off
        #[arg(value_name = "CHOIX", value_parser = choice)]
        choice: Choice,
    },
}

/// Addresses of a mail, at least one.
#[derive(Clone, Debug)]
pub(crate) struct Addresses(pub(crate) Vec<Email>);

/// Settings of a file.
#[derive(Debug, Subcommand)]
pub(crate) enum Settings {
    /// Authentification 3-D Secure des prochains liens
    #[command(help_template = HELP)]
    ThreeDSecure {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// always (toujours) ou payplug (PayPlug décide)
        #[arg(value_name = "CHOIX", value_parser = three_d_secure)]
        choice: ThreeDSecure,
    },
}

/// When a payer has to authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThreeDSecure {
    /// Always.
    Always,
    /// Where PayPlug sees fit.
    Payplug,
}

impl ThreeDSecure {
    /// The word typed for it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Payplug => "payplug",
        }
    }
}

/// Why a value is refused: a rule of the domain, or a list of words.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum BadValue {
    /// A rule of the domain.
    #[error("{0}")]
    Rule(Rule),
    /// Not one of these words.
    #[error("not one of {}", .0.join(", "))]
    Choice(Vec<&'static str>),
    /// A format of later versions.
    #[error("not in this version")]
    LaterFormat,
    /// Not a whole number within these bounds.
    #[error("not between {least} and {most}")]
    OutOfRange {
        /// Least.
        least: u32,
        /// Greatest.
        most: u32,
    },
    /// Not `address:port` on the loopback interface.
    #[error("not a loopback address")]
    NotLoopback,
}

fn amount(text: &str) -> Result<Cents, BadValue> {
    match Cents::parse(text).map_err(BadValue::Rule)? {
        amount if amount.is_positive() => Ok(amount),
        _ => Err(BadValue::Rule(Rule::NotPositive)),
    }
}

fn language(text: &str) -> Result<Lang, BadValue> {
    match text {
        "fr" => Ok(Lang::Fr),
        "en" => Ok(Lang::En),
        _ => Err(BadValue::Choice(vec!["fr", "en"])),
    }
}

fn limit(text: &str) -> Result<u32, BadValue> {
    let (least, most) = (1, 1_000);
    let number = text
        .parse::<u32>()
        .ok()
        .filter(|number| (least..=most).contains(number));
    number.ok_or(BadValue::OutOfRange { least, most })
}

fn payment(text: &str) -> Result<PaymentId, BadValue> {
    PaymentId::parse(text).ok_or(BadValue::Rule(Rule::UnknownChoice))
}

fn sha256(text: &str) -> Result<Sha256Hex, BadValue> {
    Sha256Hex::parse(text).map_err(BadValue::Rule)
}

fn day(text: &str) -> Result<Date, BadValue> {
    date::parse(text).map_err(BadValue::Rule)
}

fn status(text: &str) -> Result<Status, BadValue> {
    let found = Status::ALL.into_iter().find(|status| status.code() == text);
    found.ok_or_else(|| BadValue::Choice(Status::ALL.iter().map(|status| status.code()).collect()))
}

fn means(text: &str) -> Result<PaymentMeans, BadValue> {
    // Card payments by PayPlug are recorded by the pull, never typed.
    let typed = || {
        PaymentMeans::ALL
            .into_iter()
            .filter(|means| *means != PaymentMeans::CardPayplug)
    };
    let found = typed().find(|means| means.code() == text);
    found.ok_or_else(|| BadValue::Choice(typed().map(PaymentMeans::code).collect()))
}

fn outcome(text: &str) -> Result<ChargebackOutcome, BadValue> {
    let all = [ChargebackOutcome::Won, ChargebackOutcome::Lost];
    let found = all.into_iter().find(|outcome| outcome.code() == text);
    found.ok_or_else(|| BadValue::Choice(all.map(ChargebackOutcome::code).to_vec()))
}

fn choice(text: &str) -> Result<Choice, BadValue> {
    let all = [Choice::CollectAgain, Choice::Credit, Choice::WriteOff];
    let found = all.into_iter().find(|choice| choice.code() == text);
    found.ok_or_else(|| BadValue::Choice(all.map(Choice::code).to_vec()))
}

fn three_d_secure(text: &str) -> Result<ThreeDSecure, BadValue> {
    let all = [ThreeDSecure::Always, ThreeDSecure::Payplug];
    let found = all.into_iter().find(|choice| choice.code() == text);
    found.ok_or_else(|| BadValue::Choice(all.map(ThreeDSecure::code).to_vec()))
}

fn addresses(text: &str) -> Result<Addresses, BadValue> {
    match mail::addresses(text).map_err(BadValue::Rule)? {
        none if none.is_empty() => Err(BadValue::Rule(Rule::Empty)),
        some => Ok(Addresses(some)),
    }
}

fn loopback(text: &str) -> Result<SocketAddr, BadValue> {
    match text.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(address),
        _ => Err(BadValue::NotLoopback),
    }
}
