//! The commands on the mailbox that mails leave through.

use acquit_app::Security;
use acquit_domain::Rule;
use acquit_domain::limits::NAME_MAX;
use acquit_domain::text::{Email, single_line};
use clap::{Args, Subcommand};

use super::{BadValue, Data, HELP};

/// Longest name of a server.
const HOST_MAX: usize = 253;

/// The mailbox that mails leave through.
#[derive(Debug, Subcommand)]
pub(crate) enum Mailbox {
    /// Règle la messagerie, par un message à soi-même ; le mot de passe est lu sur l’entrée standard
    #[command(help_template = HELP)]
    Set(Box<MailboxToSet>),
    /// Montre la messagerie
    #[command(help_template = HELP)]
    Show {
        /// Which file.
        #[command(flatten)]
        data: Data,
    },
    /// Retire la messagerie ; son mot de passe quitte le trousseau
    #[command(help_template = HELP)]
    Forget {
        /// Which file.
        #[command(flatten)]
        data: Data,
    },
}

/// A mailbox to set up, all but its password.
#[derive(Debug, Args)]
pub(crate) struct MailboxToSet {
    /// Which file.
    #[command(flatten)]
    pub(crate) data: Data,
    /// Adresse d’où partent les e-mails
    #[arg(long, value_name = "ADRESSE", value_parser = address)]
    pub(crate) address: Email,
    /// Nom que lisent les clients (celui de l’entreprise par défaut)
    #[arg(long, value_name = "NOM", value_parser = name)]
    pub(crate) name: Option<String>,
    /// Serveur d’envoi (celui du fournisseur de l’adresse par défaut)
    #[arg(long, value_name = "SERVEUR", value_parser = host, requires = "port", requires = "security")]
    pub(crate) host: Option<String>,
    /// Port du serveur, le plus souvent 465 ou 587
    #[arg(long, value_name = "PORT", value_parser = port, requires = "host")]
    pub(crate) port: Option<u16>,
    /// tls, starttls, ou plain (sans chiffrement, vers cet ordinateur seulement)
    #[arg(long, value_name = "SÉCURITÉ", value_parser = security, requires = "host")]
    pub(crate) security: Option<Security>,
    /// Identifiant du compte (l’adresse par défaut)
    #[arg(long, value_name = "IDENTIFIANT", value_parser = name)]
    pub(crate) login: Option<String>,
}

fn address(text: &str) -> Result<Email, BadValue> {
    Email::parse(text).map_err(BadValue::Rule)
}

fn name(text: &str) -> Result<String, BadValue> {
    single_line(text, NAME_MAX).map_err(BadValue::Rule)
}

fn host(text: &str) -> Result<String, BadValue> {
    let host = single_line(text, HOST_MAX).map_err(BadValue::Rule)?;
    let is_name = host
        .chars()
        .all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | ':'));
    if is_name {
        Ok(host.to_lowercase())
    } else {
        Err(BadValue::Rule(Rule::NotAServer))
    }
}

fn port(text: &str) -> Result<u16, BadValue> {
    let number = text.parse::<u16>().ok().filter(|number| *number > 0);
    number.ok_or(BadValue::Rule(Rule::NotAPort))
}

fn security(text: &str) -> Result<Security, BadValue> {
    let all = Security::ALL;
    let found = all.into_iter().find(|security| security.code() == text);
    found.ok_or_else(|| BadValue::Choice(all.map(Security::code).to_vec()))
}
