//! The sentences of the PayPlug account: statements, fees and transfers.

use acquit_accounting::statement::{MappingFault, Meaning, TableFault};
use acquit_domain::Rule;

use super::Sentence;
use crate::Error;

/// What services say about statements and movements of the account.
pub(super) fn service(error: &Error) -> Option<Sentence> {
    Some(match error {
        Error::NotAStatement(TableFault::NoColumns) => Sentence::new(
            "Ce fichier n’a pas de colonnes : exportez le relevé en CSV depuis le portail PayPlug, puis choisissez ce fichier.",
            "This file has no columns: export the statement as CSV from PayPlug’s portal, then choose that file.",
        ),
        Error::NotAStatement(TableFault::TooLong) => Sentence::new(
            "Ce fichier est trop long pour un relevé (20 Mo au plus) : exportez une période plus courte.",
            "This file is too long for a statement (20 MB at most): export a shorter period.",
        ),
        Error::WrongColumns(fault) => columns(*fault),
        Error::UnknownTransfer(reference) => Sentence::new(
            format!(
                "Aucun virement « {reference} » n’est enregistré : enregistrez d’abord son départ."
            ),
            format!("No transfer “{reference}” is recorded: record that it left first."),
        ),
        Error::UnknownMovement(piece) => Sentence::new(
            format!(
                "Aucun mouvement « {piece} » de cette nature n’est enregistré sur le compte PayPlug : relisez sa référence dans Comptabilité › Compte PayPlug."
            ),
            format!(
                "The PayPlug account has no movement “{piece}” of that kind: look up its reference there."
            ),
        ),
        Error::UnknownStatementLine(_) => Sentence::new(
            "Cette ligne de relevé n’existe pas : relisez le compte PayPlug.",
            "There is no such statement line: look at the PayPlug account again.",
        ),
        Error::NoProposal(_) => Sentence::new(
            "Rien n’est plus proposé pour cette ligne de relevé : elle a peut-être été enregistrée entre-temps. Relisez le compte PayPlug ; rien n’a été enregistré.",
            "Nothing is proposed for this statement line any more: it may have been recorded meanwhile. Look at the PayPlug account again; nothing was recorded.",
        ),
        Error::TestAccount => Sentence::new(
            "Le compte d’une clé Test n’entre pas dans les comptes : connectez la clé Live dans Paramètres › Paiement en ligne, puis relevez le compte.",
            "The account of a Test key has no place in the books: connect the Live key in the settings, then fetch the statement.",
        ),
        Error::ReportNotReady => Sentence::new(
            "PayPlug n’a pas encore préparé le relevé : recommencez dans quelques minutes.",
            "PayPlug has not prepared the report yet: try again in a few minutes.",
        ),
        _ => return None,
    })
}

fn columns(fault: MappingFault) -> Sentence {
    match fault {
        MappingFault::OtherColumns => Sentence::new(
            "Ce fichier n’a pas ces colonnes : choisissez-le de nouveau.",
            "This file does not have these columns: choose it again.",
        ),
        MappingFault::NotOne(Meaning::Date) => Sentence::new(
            "Choisissez une colonne, et une seule, pour la date.",
            "Choose one column, and only one, for the date.",
        ),
        MappingFault::NotOne(_) => Sentence::new(
            "Deux colonnes ont le même sens : gardez-en une, et ne retenez pas l’autre.",
            "Two columns have the same meaning: keep one, and leave the other out.",
        ),
        MappingFault::NoAmount => Sentence::new(
            "Choisissez soit une colonne de montant, soit deux colonnes pour le débit et le crédit.",
            "Choose either one column for the amount, or two for debit and credit.",
        ),
        MappingFault::NoKind => Sentence::new(
            "Choisissez une colonne pour le type d’opération ou pour le libellé.",
            "Choose a column for the kind of movement or for the label.",
        ),
    }
}

/// What a movement of the account breaks.
pub(super) fn of_movements(rule: &Rule) -> Option<Sentence> {
    Some(match rule {
        Rule::MovementRecorded => Sentence::new(
            "Un mouvement du compte PayPlug porte déjà cette référence : il n’est pas enregistré une seconde fois.",
            "A movement of the PayPlug account has this reference: it is not recorded twice.",
        ),
        Rule::TransferArrived => Sentence::new(
            "L’arrivée de ce virement est déjà enregistrée.",
            "The arrival of this transfer is recorded already.",
        ),
        Rule::MovementReversed => Sentence::new(
            "Ce mouvement est déjà annulé : il ne peut pas l’être une seconde fois. Saisissez-le de nouveau s’il était juste.",
            "This movement was reversed already: it is not reversed twice. Record it again if it was right.",
        ),
        Rule::VatBeyondAmount => Sentence::new(
            "La TVA dépasse le montant TTC : vérifiez les deux sur la facture de PayPlug.",
            "The VAT exceeds the amount incl. VAT: check both on PayPlug’s invoice.",
        ),
        _ => return None,
    })
}
