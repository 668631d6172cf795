//! The command on the VAT return.

use std::path::PathBuf;

use acquit_app::VatPeriod;
use clap::Args;

use super::{BadValue, Data};

/// A VAT return.
#[derive(Debug, Args)]
pub(crate) struct Vat {
    /// Which file.
    #[command(flatten)]
    pub(crate) data: Data,
    /// 2026-11 (mois), 2026-T4 (trimestre), 2026 (année) ou 2026-01-01..2026-03-31
    #[arg(long, value_name = "PÉRIODE", value_parser = period)]
    pub(crate) period: VatPeriod,
    /// Écrit la TVA exigible et son détail en CSV
    #[arg(long, value_name = "FICHIER.csv")]
    pub(crate) csv: Option<PathBuf>,
    /// Écrit la TVA exigible et son détail en PDF
    #[arg(long, value_name = "FICHIER.pdf")]
    pub(crate) pdf: Option<PathBuf>,
    /// Écrit en CSV les encaissements à déclarer, TTC par taux
    #[arg(long, value_name = "FICHIER.csv")]
    pub(crate) payments: Option<PathBuf>,
}

fn period(text: &str) -> Result<VatPeriod, BadValue> {
    let forms = vec!["AAAA-MM", "AAAA-T4", "AAAA", "AAAA-MM-JJ..AAAA-MM-JJ"];
    VatPeriod::parse(text).map_err(|_| BadValue::Choice(forms))
}
