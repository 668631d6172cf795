//! Sentences about exports and their batches.

use super::Sentence;
use crate::Error;

/// What services say about exports.
pub(super) fn service(error: &Error) -> Option<Sentence> {
    let (fr, en) = match error {
        Error::NothingToExport => (
            "Rien de nouveau à exporter jusqu’à cette date.".to_owned(),
            "Nothing new to export up to this date.".to_owned(),
        ),
        Error::UnknownBatch(batch) => (
            format!("Il n’y a pas de lot n° {batch} dans ce dossier : voyez la liste des lots."),
            format!("There is no batch {batch} in this file: see the list of batches."),
        ),
        Error::BatchUndone(batch) => (
            format!(
                "Le lot n° {batch} a été annulé : ses écritures sont reprises par l’export suivant."
            ),
            format!("Batch {batch} was undone: the export after it takes its entries."),
        ),
        Error::NotLatestBatch { batch, latest } => (
            format!(
                "Le lot n° {batch} n’est pas le dernier, et les numéros d’écriture se suivent d’un lot à l’autre : annulez d’abord le lot n° {latest}."
            ),
            format!(
                "Batch {batch} is not the latest, and entry numbers go on from batch to batch: undo batch {latest} first."
            ),
        ),
        Error::ExportChanged(batch) => (
            format!(
                "Le lot n° {batch} ne peut pas être récrit à l’identique : une autre version d’Acquit l’a écrit, ou le dossier a été modifié. Rien n’a été écrit ; demandez au cabinet le fichier qu’il a reçu."
            ),
            format!(
                "Batch {batch} cannot be written as it was: another version of Acquit wrote it, or the file was changed. Nothing was written; ask the accountant for the file they have."
            ),
        ),
        Error::ExportNotPlaced {
            batch,
            path,
            source,
        } => (
            format!(
                "Le lot n° {batch} est enregistré, mais son fichier n’a pas pu être mis à sa place ({}) : récrivez-le, ses écritures ne seront pas exportées deux fois.",
                path.display()
            ),
            format!(
                "Batch {batch} is recorded, but its file could not be put in its place ({}: {source}): write it again; its entries will not be exported twice.",
                path.display()
            ),
        ),
        Error::OneFileForTwo(path) => (
            format!(
                "L’export et le ZIP des factures ne peuvent pas s’appeler tous deux {} : donnez un autre nom au ZIP.",
                path.display()
            ),
            format!(
                "The export and the ZIP of invoices cannot both be {}: give the ZIP another name.",
                path.display()
            ),
        ),
        Error::ExportStopped => (
            "Export arrêté : aucun fichier n’a été créé, et rien n’a changé dans le dossier."
                .to_owned(),
            "Export stopped: no file was made, and nothing changed in the books.".to_owned(),
        ),
        _ => return None,
    };
    Some(Sentence { fr, en })
}
