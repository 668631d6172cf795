//! The commands on the PayPlug account.

use std::path::PathBuf;

use acquit_app::{Mapping, Meaning};
use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{BadValue, Data, HELP, Record, Reverse, day};

/// The PayPlug account.
#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// Importe un relevé CSV du portail PayPlug
    #[command(help_template = HELP)]
    Import {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Relevé
        #[arg(value_name = "FICHIER.csv")]
        file: PathBuf,
        /// Ce que contient chaque colonne, dans l’ordre : date,kind,amount,other…
        #[arg(long, value_name = "SENS,SENS…", value_parser = mapping)]
        columns: Option<Mapping>,
    },
    /// Relève le compte chez PayPlug
    #[command(help_template = HELP)]
    Fetch {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Which days.
        #[command(flatten)]
        days: Days,
    },
    /// Relevé et compte côte à côte, avec chaque différence
    #[command(help_template = HELP)]
    Show {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Which days.
        #[command(flatten)]
        days: Days,
    },
    /// Enregistre toutes les écritures proposées
    #[command(help_template = HELP)]
    Accept {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Which days.
        #[command(flatten)]
        days: Days,
    },
    /// Cherche l’arrivée des virements dans un relevé CSV de la banque
    #[command(help_template = HELP)]
    Bank {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Relevé de la banque
        #[arg(value_name = "FICHIER.csv")]
        file: PathBuf,
        /// Ce que contient chaque colonne, dans l’ordre : date,label,debit,credit…
        #[arg(long, value_name = "SENS,SENS…", value_parser = mapping)]
        columns: Option<Mapping>,
    },
    /// Note l’arrivée d’un virement à la banque
    #[command(help_template = HELP)]
    Arrived {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Référence du virement
        #[arg(value_name = "RÉFÉRENCE")]
        transfer: String,
        /// Jour de l’arrivée, AAAA-MM-JJ
        #[arg(long, value_name = "DATE", value_parser = day)]
        date: Date,
    },
    /// Enregistre un mouvement à la main : facture de PayPlug, frais, virement
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Commandes", subcommand_value_name = "COMMANDE")]
    Record(Record),
    /// Annule un mouvement par une écriture inverse ; il peut être enregistré de nouveau
    #[command(help_template = HELP)]
    Reverse(Reverse),
}

/// Days of the account; the month of today where none are given.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Days {
    /// Premier jour, AAAA-MM-JJ
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Option<Date>,
    /// Dernier jour, AAAA-MM-JJ
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: Option<Date>,
}

impl Days {
    /// First and last day: the month of today, as far as nothing else is said.
    pub(crate) fn around(self, today: Date) -> (Date, Date) {
        let to = self.to.unwrap_or(today);
        (self.from.unwrap_or_else(|| to.first_of_month()), to)
    }
}

fn mapping(text: &str) -> Result<Mapping, BadValue> {
    let words = || Meaning::ALL.map(Meaning::code).to_vec();
    let meanings: Option<Vec<Meaning>> = text.split(',').map(Meaning::from_code).collect();
    meanings
        .map(Mapping)
        .ok_or_else(|| BadValue::Choice(words()))
}
