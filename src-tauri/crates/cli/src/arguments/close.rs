//! The command on closings of the books: up to a day, for ever; and those there were.

use clap::Args;
use jiff::civil::Date;

use super::{Data, day};

/// A closing.
#[derive(Debug, Args)]
pub(crate) struct Close {
    /// Which file.
    #[command(flatten)]
    pub(crate) data: Data,
    /// Dernier jour à clore, fin d’un mois ou de l’exercice, AAAA-MM-JJ ; c’est définitif
    #[arg(long, value_name = "DATE", value_parser = day, required_unless_present = "list")]
    pub(crate) until: Option<Date>,
    /// Clôt même si des écritures de la période n’ont pas encore été exportées
    #[arg(long)]
    pub(crate) unexported: bool,
    /// Liste les clôtures, la plus ancienne d’abord
    #[arg(long, conflicts_with_all = ["until", "unexported"])]
    pub(crate) list: bool,
}
