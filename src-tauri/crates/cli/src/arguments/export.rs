//! The command on exports: a new one, an earlier one again, the latest one undone, all of them listed.

use std::path::PathBuf;

use acquit_app::{Format, Journal};
use clap::Args;
use jiff::civil::Date;

use super::{BadValue, Data, day};

/// The highest number that a batch is asked for by.
const BATCH_MAX: u32 = 999_999;

/// An export.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Which file.
    #[command(flatten)]
    pub(crate) data: Data,
    /// fec ou csv
    #[arg(value_name = "FORMAT", value_parser = crate::usage::format, required_unless_present_any = ["again", "undo", "list"])]
    pub(crate) format: Option<Format>,
    /// Dernier jour exporté, AAAA-MM-JJ
    #[arg(long, value_name = "DATE", value_parser = day, required_unless_present_any = ["again", "undo", "list"])]
    pub(crate) until: Option<Date>,
    /// Un seul journal : VE, PP, BQ, CA ou OD
    #[arg(long, value_name = "JOURNAL", value_parser = crate::usage::journal)]
    pub(crate) journal: Option<Journal>,
    /// Fichier à écrire
    #[arg(long, short = 'o', value_name = "FICHIER", required_unless_present_any = ["undo", "list"])]
    pub(crate) output: Option<PathBuf>,
    /// Écrit aussi les PDF des factures et avoirs du lot, en un seul ZIP
    #[arg(long, value_name = "FICHIER.zip", conflicts_with_all = ["undo", "list"])]
    pub(crate) pdfs: Option<PathBuf>,
    /// Récrit le fichier d’un lot, à l’octet près
    #[arg(long, value_name = "LOT", value_parser = batch, conflicts_with_all = ["format", "until", "journal", "undo", "list"])]
    pub(crate) again: Option<u64>,
    /// Annule le dernier lot : l’export suivant reprend ses écritures
    #[arg(long, value_name = "LOT", value_parser = batch, conflicts_with_all = ["format", "until", "journal", "output", "list"])]
    pub(crate) undo: Option<u64>,
    /// Liste les lots, le plus récent d’abord
    #[arg(long, conflicts_with_all = ["format", "until", "journal", "output"])]
    pub(crate) list: bool,
}

fn batch(text: &str) -> Result<u64, BadValue> {
    let number = text.parse::<u32>().ok();
    let number = number.filter(|number| (1..=BATCH_MAX).contains(number));
    number.map(u64::from).ok_or(BadValue::OutOfRange {
        least: 1,
        most: BATCH_MAX,
    })
}
