//! The commands on payments at PayPlug that somebody must look at.

use acquit_domain::remote::PaymentId;
use clap::Subcommand;

use super::{Data, HELP, payment};

/// Payments that somebody must look at.
#[derive(Debug, Subcommand)]
pub(crate) enum Payment {
    /// Liste les paiements de PayPlug qui ne sont pas dans ce dossier
    #[command(help_template = HELP)]
    Strangers {
        /// Which file.
        #[command(flatten)]
        data: Data,
    },
    /// Liste les paiements sur lesquels PayPlug et ce dossier ne sont pas d’accord
    #[command(help_template = HELP)]
    Anomalies {
        /// Which file.
        #[command(flatten)]
        data: Data,
    },
    /// Rattache à une facture un paiement fait hors d’Acquit
    #[command(help_template = HELP)]
    Attach {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Transaction PayPlug, par exemple pay_5iHMDxy4ABR4YBVW4UscIn (voyez payment strangers)
        #[arg(value_name = "PAIEMENT", value_parser = payment)]
        payment: PaymentId,
        /// Numéro ou identifiant de la facture qu’il règle
        #[arg(value_name = "FACTURE")]
        invoice: String,
    },
}
