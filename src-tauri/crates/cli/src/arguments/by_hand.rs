//! What is recorded on the PayPlug account by hand, and what is reversed there.

use acquit_app::{MovementKind, NewMovement, NewPayplugInvoice, NewStatementFee, NewTransfer};
use acquit_domain::Cents;
use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{BadValue, Data, HELP, amount, day};

/// A movement to record.
#[derive(Debug, Subcommand)]
pub(crate) enum Record {
    /// Enregistre la facture mensuelle de PayPlug
    #[command(help_template = HELP)]
    Invoice {
        /// Where and when.
        #[command(flatten)]
        which: NewPiece,
        /// Montant HT, par exemple 74.38
        #[arg(long, value_name = "MONTANT", value_parser = cents, allow_negative_numbers = true)]
        net: Cents,
        /// TVA de la facture, par exemple 14.88
        #[arg(long, value_name = "MONTANT", value_parser = cents, allow_negative_numbers = true)]
        vat: Cents,
    },
    /// Enregistre des frais isolés ; un montant négatif : des frais rendus
    #[command(help_template = HELP)]
    Fee {
        /// Where and when.
        #[command(flatten)]
        which: NewPiece,
        /// Montant TTC, par exemple 18.00
        #[arg(long, value_name = "MONTANT", value_parser = cents, allow_negative_numbers = true)]
        amount: Cents,
        /// TVA comprise dans ce montant, par exemple 3.00
        #[arg(long, value_name = "MONTANT", value_parser = cents, allow_negative_numbers = true)]
        vat: Cents,
    },
    /// Enregistre un virement parti vers la banque
    #[command(help_template = HELP)]
    Transfer {
        /// Where and when.
        #[command(flatten)]
        which: NewPiece,
        /// Montant, par exemple 500.00
        #[arg(long, value_name = "MONTANT", value_parser = amount, allow_negative_numbers = true)]
        amount: Cents,
    },
}

/// The piece of a movement, and its day.
#[derive(Debug, Args)]
pub(crate) struct NewPiece {
    /// Which file.
    #[command(flatten)]
    pub(crate) data: Data,
    /// Numéro de la facture, ou référence
    #[arg(value_name = "PIÈCE")]
    pub(crate) piece: String,
    /// Date AAAA-MM-JJ (aujourd’hui par défaut)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) date: Option<Date>,
    /// Montre l’écriture sans l’enregistrer
    #[arg(long)]
    pub(crate) preview: bool,
}

impl Record {
    /// Where, and whether it is only shown.
    pub(crate) const fn which(&self) -> &NewPiece {
        match self {
            Self::Invoice { which, .. }
            | Self::Fee { which, .. }
            | Self::Transfer { which, .. } => which,
        }
    }

    /// The movement, of today where no day is given.
    pub(crate) fn movement(self, today: Date) -> NewMovement {
        let day = self.which().date.unwrap_or(today);
        match self {
            Self::Invoice { which, net, vat } => NewMovement::Invoice(NewPayplugInvoice {
                number: which.piece,
                date: day,
                net,
                vat,
            }),
            Self::Fee { which, amount, vat } => NewMovement::Fee(NewStatementFee {
                line: which.piece,
                date: day,
                amount,
                vat,
            }),
            Self::Transfer { which, amount } => NewMovement::Transfer(NewTransfer {
                reference: which.piece,
                date: day,
                amount,
            }),
        }
    }
}

/// A movement to reverse.
#[derive(Debug, Args)]
pub(crate) struct Reverse {
    /// Which file.
    #[command(flatten)]
    pub(crate) data: Data,
    /// invoice, fee ou transfer
    #[arg(value_name = "NATURE", value_parser = kind)]
    pub(crate) kind: MovementKind,
    /// Numéro ou référence du mouvement
    #[arg(value_name = "PIÈCE")]
    pub(crate) piece: String,
    /// Pourquoi il est annulé
    #[arg(long, value_name = "RAISON")]
    pub(crate) reason: String,
}

fn cents(text: &str) -> Result<Cents, BadValue> {
    Cents::parse(text).map_err(BadValue::Rule)
}

fn kind(text: &str) -> Result<MovementKind, BadValue> {
    let words = || MovementKind::ALL.map(MovementKind::code).to_vec();
    MovementKind::from_code(text).ok_or_else(|| BadValue::Choice(words()))
}
