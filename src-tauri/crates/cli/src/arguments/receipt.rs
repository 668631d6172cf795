//! The commands on receipts: what came by other ways than PayPlug, what does not match, cheques for the bank.

use acquit_domain::Cents;
use acquit_domain::id::ReceiptId;
use acquit_domain::receipt::PaymentMeans;
use clap::Subcommand;
use jiff::civil::Date;

use super::{BadValue, Data, HELP, Which, amount, day, means};

/// Receipts.
#[derive(Debug, Subcommand)]
pub(crate) enum Receipt {
    /// Enregistre un règlement
    #[command(help_template = HELP)]
    Add {
        /// Which one.
        #[command(flatten)]
        which: Which,
        /// Montant, par exemple 120.00
        #[arg(long, value_name = "MONTANT", value_parser = amount, allow_negative_numbers = true)]
        amount: Cents,
        /// cheque, transfer, cash, direct_debit, card_terminal ou other
        #[arg(long, value_name = "MOYEN", value_parser = means)]
        means: PaymentMeans,
        /// Date de réception AAAA-MM-JJ (aujourd’hui par défaut)
        #[arg(long, value_name = "DATE", value_parser = day)]
        date: Option<Date>,
        /// Accepte plus que le net à payer
        #[arg(long)]
        overpayment: bool,
    },
    /// Décide d’un trop-perçu, ou solde un petit écart
    #[command(help_template = HELP)]
    Adjust {
        /// Which one.
        #[command(flatten)]
        which: Which,
        /// Trop-perçu : returned (rendu), kept (gardé en avoir), set-off (imputé) ; écart : missing, too-much
        #[arg(long, value_name = "CHOIX", value_parser = decision)]
        decision: Decision,
        /// Montant, par exemple 3.00
        #[arg(long, value_name = "MONTANT", value_parser = amount, allow_negative_numbers = true)]
        amount: Cents,
        /// Pour returned : par quel moyen il est rendu
        #[arg(long, value_name = "MOYEN", value_parser = means)]
        means: Option<PaymentMeans>,
        /// Pour set-off : l’autre facture du client, que le trop-perçu règle
        #[arg(long, value_name = "FACTURE")]
        target: Option<String>,
        /// Date AAAA-MM-JJ (aujourd’hui par défaut)
        #[arg(long, value_name = "DATE", value_parser = day)]
        date: Option<Date>,
    },
    /// Liste les chèques à remettre en banque
    #[command(help_template = HELP)]
    Cheques {
        /// Which file.
        #[command(flatten)]
        data: Data,
    },
    /// Remet des chèques en banque avec un bordereau
    #[command(help_template = HELP)]
    Deposit {
        /// Which file.
        #[command(flatten)]
        data: Data,
        /// Chèques, par l’identifiant de leur règlement (voyez receipt cheques)
        #[arg(value_name = "RÈGLEMENT", required = true, value_parser = receipt)]
        receipts: Vec<ReceiptId>,
        /// Référence du bordereau
        #[arg(long, value_name = "RÉFÉRENCE")]
        reference: String,
        /// Date de remise AAAA-MM-JJ (aujourd’hui par défaut)
        #[arg(long, value_name = "DATE", value_parser = day)]
        date: Option<Date>,
    },
}

/// What is decided on an invoice's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// An overpayment was given back.
    Returned,
    /// It is kept for the customer.
    Kept,
    /// It pays another invoice.
    SetOff,
    /// A small difference that is missing is given up.
    Missing,
    /// A small difference that was paid too much is kept.
    TooMuch,
}

impl Decision {
    const ALL: [Self; 5] = [
        Self::Returned,
        Self::Kept,
        Self::SetOff,
        Self::Missing,
        Self::TooMuch,
    ];

    /// The word typed for it.
    const fn code(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Kept => "kept",
            Self::SetOff => "set-off",
            Self::Missing => "missing",
            Self::TooMuch => "too-much",
        }
    }
}

fn decision(text: &str) -> Result<Decision, BadValue> {
    let mut all = Decision::ALL.into_iter();
    let found = all.find(|decision| decision.code() == text);
    found.ok_or_else(|| BadValue::Choice(Decision::ALL.map(Decision::code).to_vec()))
}

fn receipt(text: &str) -> Result<ReceiptId, BadValue> {
    let unknown = BadValue::Rule(acquit_domain::Rule::NoCheque);
    text.parse().map_err(|_| unknown)
}
