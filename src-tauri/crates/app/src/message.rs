//! What went wrong, and what to do: one French sentence for each error, with its English twin.

use std::path::Path;

use crate::Error;

mod account;
mod attach;
mod bookkeeping;
mod closing;
mod exports;
mod links;
mod mail;
mod mention;
mod numbers;
mod rules;
mod settling;

pub use bookkeeping::{chart_fault, not_in_plan};
pub(crate) use closing::before_closing;
pub use links::{anomaly, attempt, refund_refusal, refusal, refusal_cause, side};
pub use mail::{advice, trouble};
pub use mention::warning;
pub use rules::rule;

/// The language of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// French, as everywhere a user looks.
    #[default]
    Fr,
    /// English, for those who ask.
    En,
}

/// The same sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

impl Sentence {
    /// A sentence and its twin.
    #[must_use]
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            fr: fr.into(),
            en: en.into(),
        }
    }

    /// The sentence in a language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// The sentence of an error.
#[must_use]
pub fn sentence(error: &Error) -> Sentence {
    match error {
        Error::Broken(broken) => rule(&broken.rule),
        Error::Keychain(error) => keychain(error),
        Error::Payplug(error) => payplug(error),
        Error::Store(error) => store(error),
        Error::Mail(error) => mail::server(error),
        Error::Unattachable(rule) => attach::sentence(rule),
        _ => mail::service(error)
            .or_else(|| exports::service(error))
            .or_else(|| bookkeeping::service(error))
            .or_else(|| account::service(error))
            .or_else(|| closing::service(error))
            .unwrap_or_else(|| service(error)),
    }
}

fn service(error: &Error) -> Sentence {
    let s = |fr: &str, en: &str| Sentence::new(fr, en);
    match error {
        Error::UnknownCustomer(code) => Sentence::new(
            format!("Aucun client n’a le code « {code} » : ajoutez-le d’abord."),
            format!("No customer has the code “{code}”: add them first."),
        ),
        Error::UnknownInvoice(id) => Sentence::new(
            format!("Aucune facture « {id} » dans ce dossier."),
            format!("No invoice “{id}” in this file."),
        ),
        Error::CustomerCodeTaken(code) => Sentence::new(
            format!(
                "Le code « {code} » est déjà celui d’un autre client : choisissez-en un autre."
            ),
            format!("The code “{code}” belongs to another customer: choose another."),
        ),
        Error::DamagedBackup(path) => Sentence::new(
            format!(
                "« {} » n’est pas une sauvegarde d’Acquit, ou elle est abîmée : choisissez-en une autre. Rien n’a été créé.",
                path.display()
            ),
            format!(
                "“{}” is no backup of Acquit, or is damaged: choose another. Nothing was made.",
                path.display()
            ),
        ),
        Error::NotADraft => s(
            "Cette facture est déjà finalisée : elle ne change plus.",
            "This invoice is final already: it no longer changes.",
        ),
        Error::UnfinishedDraft => s(
            "Ce brouillon n’est pas complet : ouvrez-le et corrigez les champs signalés, puis finalisez.",
            "This draft is not complete: open it, mend the fields marked there, then finalise.",
        ),
        Error::StillADraft => s(
            "C’est encore un brouillon : finalisez-le d’abord.",
            "This is still a draft: finalise it first.",
        ),
        Error::LiveLinksUnread => s(
            "Des clients ont encore des liens de paiement réels, et la clé Live n’est plus là : leurs paiements ne sont pas suivis. Reconnectez la clé Live dans Paramètres › Paiement en ligne.",
            "Customers still hold live payment links, and the Live key is gone: their payments are not followed. Connect the Live key again in the settings.",
        ),
        Error::NotConnected => s(
            "Aucun compte PayPlug n’est connecté : connectez-le dans Paramètres › Paiement en ligne.",
            "No PayPlug account is connected: connect it in the settings.",
        ),
        Error::NotAKey => s(
            "Ce n’est pas une clé secrète PayPlug : elle commence par sk_live_ ou sk_test_ et se copie dans le portail PayPlug, rubrique Clés API.",
            "This is not a PayPlug secret key: it starts with sk_live_ or sk_test_.",
        ),
        Error::ModeMismatch => s(
            "PayPlug ne reconnaît pas le mode de cette clé : copiez-la de nouveau depuis le portail.",
            "PayPlug does not confirm the mode of this key: copy it again from the portal.",
        ),
        Error::NotLoopback => s(
            "L’adresse d’essai doit être une adresse locale écrite en chiffres, comme http://127.0.0.1:8080.",
            "The trial address must be a literal loopback address such as http://127.0.0.1:8080.",
        ),
        Error::FileInUse => s(
            "Ce dossier sert déjà pour de vrai : un essai demande un dossier neuf.",
            "This file is in real use: a trial needs a new one.",
        ),
        Error::NotAReal => s(
            "Ce dossier est une démonstration ou un essai, pour toujours : créez un dossier pour votre entreprise.",
            "This file is a demonstration or a trial for ever: make a file for your company.",
        ),
        _ => giving_back(error).unwrap_or_else(|| file(error)),
    }
}

/// What goes wrong with refunds and chargebacks.
fn giving_back(error: &Error) -> Option<Sentence> {
    let s = |fr: &str, en: &str| Sentence::new(fr, en);
    Some(match error {
        Error::NoCardReceipt => s(
            "Cette facture n’a aucun règlement par carte à rembourser.",
            "This invoice has no card receipt to refund.",
        ),
        Error::RefundFound => s(
            "Un remboursement fait ailleurs vient d’être retrouvé chez PayPlug et enregistré : vérifiez la facture avant d’en faire un autre.",
            "A refund made elsewhere was just found at PayPlug and recorded: look at the invoice before making another.",
        ),
        Error::RefundUnclear => s(
            "PayPlug n’a pas confirmé le remboursement. La demande est gardée : Acquit la recherchera chez PayPlug avant de la refaire, jamais deux fois. Actualisez dans quelques minutes.",
            "PayPlug did not confirm the refund. The request is kept: Acquit looks for it at PayPlug before asking again, never twice. Refresh in a few minutes.",
        ),
        Error::RefundWaits => s(
            "PayPlug ne répond pas : le remboursement n’est pas parti. La demande est gardée et Acquit la fera dès que la connexion revient ; d’ici là vous pouvez la retirer de la facture.",
            "PayPlug does not answer: the refund has not left. The request is kept and Acquit makes it as soon as the connection is back; until then you can withdraw it on the invoice.",
        ),
        Error::RefundRefused { code } => refund_refusal(code),
        Error::RefundLeft => s(
            "Cette demande de remboursement ne peut plus être retirée : elle est partie chez PayPlug ou elle est close. Actualisez pour savoir ce qu’il en est.",
            "This refund request can no longer be withdrawn: it has left for PayPlug or it has ended. Refresh to see where it stands.",
        ),
        Error::UnknownChargeback => s(
            "Cette facture n’a aucune contestation à clore : enregistrez-la d’abord.",
            "This invoice has no chargeback to close: record it first.",
        ),
        _ => return None,
    })
}

/// What goes wrong with connections, files and paper.
fn file(error: &Error) -> Sentence {
    let s = |fr: &str, en: &str| Sentence::new(fr, en);
    match error {
        Error::CountryNotEligible(country) => Sentence::new(
            format!("PayPlug n’ouvre pas de compte aux entreprises de ce pays ({country})."),
            format!("PayPlug does not serve companies of this country ({country})."),
        ),
        Error::NothingToResolve(payment) => Sentence::new(
            format!(
                "Rien n’est à examiner pour le paiement « {payment} » : quelqu’un l’a peut-être déjà fait."
            ),
            format!(
                "Nothing is to be looked at for the payment “{payment}”: somebody may have done it."
            ),
        ),
        Error::NothingToRemind => s(
            "Cette relance n’a plus lieu d’être : la facture a été réglée, reportée ou déjà relancée entre-temps.",
            "This reminder is not needed any more: the invoice was paid, put off or reminded of meanwhile.",
        ),
        Error::UnknownRendition => s(
            "Aucun exemplaire remis ne porte cette empreinte : « invoice renditions » donne celles d’une facture.",
            "No rendition that left has this hash: “invoice renditions” lists those of an invoice.",
        ),
        Error::ChangedRendition => s(
            "L’exemplaire conservé n’est plus celui qui a été remis : le fichier de l’entreprise a été modifié ou abîmé. Restaurez une sauvegarde.",
            "The kept rendition is not the one that left any more: the company file was changed or damaged. Restore a backup.",
        ),
        Error::NothingOwed => s(
            "Ce client n’a aucune facture à régler pour le moment : il n’y a pas de relevé à établir. Une facture remboursée n’y figure qu’après votre décision.",
            "This customer has no invoice to pay right now: there is no statement to make. An invoice that was given back appears only after your decision.",
        ),
        Error::PullBusy => s(
            "Acquit interroge déjà PayPlug dans une autre fenêtre : réessayez dans un instant.",
            "Acquit is asking PayPlug in another window: try again in a moment.",
        ),
        Error::UnreadableLogo(_) => s(
            "Le logo ne peut pas être lu : choisissez une image PNG ou JPEG de moins de 5 Mo.",
            "The logo cannot be read: choose a PNG or JPEG picture under 5 MB.",
        ),
        Error::Paper(_) => s(
            "Le PDF n’a pas pu être préparé, la facture est intacte : réessayez ; si cela se répète, redémarrez Acquit.",
            "The PDF could not be made, the invoice is intact: try again; should it happen again, restart Acquit.",
        ),
        Error::FolderInUse(path) => Sentence::new(
            format!(
                "Le dossier {} contient autre chose : choisissez un dossier vide.",
                path.display()
            ),
            format!(
                "The folder {} holds something else: choose an empty one.",
                path.display()
            ),
        ),
        Error::Io { path, source } => unreachable_file(path, source),
        _ => internal(),
    }
}

/// The system's own words are English: only the English sentence has them.
fn unreachable_file(path: &Path, source: &std::io::Error) -> Sentence {
    let path = path.display();
    Sentence::new(
        format!(
            "Impossible de lire ou d’écrire {path} : vérifiez vos droits et que le disque est branché, puis réessayez."
        ),
        format!(
            "Cannot read or write {path} ({source}): check your rights and that the disk is plugged in, then try again."
        ),
    )
}

fn internal() -> Sentence {
    Sentence::new(
        "Une erreur interne a été arrêtée avant d’écrire quoi que ce soit. Vos données sont intactes : réessayez ; si cela se répète, redémarrez Acquit.",
        "An internal error was stopped before anything was written. Your data are intact: try again; should it happen again, restart Acquit.",
    )
}

fn keychain(error: &acquit_secrets::Error) -> Sentence {
    use acquit_secrets::Error as E;
    match error {
        E::NoService => Sentence::new(
            "Aucun trousseau de clés ne répond sur cet ordinateur : installez « gnome-keyring » ou « kwalletmanager », ouvrez votre session de nouveau, puis reconnectez PayPlug. Tout le reste fonctionne.",
            "No keychain service answers on this computer: install “gnome-keyring” or “kwalletmanager”, log in again, then connect PayPlug. Everything else works.",
        ),
        E::Locked => Sentence::new(
            "Le trousseau de clés est verrouillé : déverrouillez-le, puis réessayez.",
            "The keychain is locked: unlock it, then try again.",
        ),
        _ => Sentence::new(
            "Le trousseau de clés a refusé : vérifiez qu’il est ouvert, puis réessayez.",
            "The keychain refused: check that it is open, then try again.",
        ),
    }
}

fn payplug(error: &acquit_payplug::Error) -> Sentence {
    use acquit_payplug::Error as E;
    let s = |fr: &str, en: &str| Sentence::new(fr, en);
    match error {
        E::Unauthorised => s(
            "PayPlug refuse cette clé : elle est fausse ou a été révoquée. Vos factures sont intactes. Copiez la clé secrète depuis le portail PayPlug, rubrique Clés API, et collez-la dans Paramètres › Paiement en ligne.",
            "PayPlug refuses this key: it is wrong or was revoked. Your invoices are intact. Copy the secret key from PayPlug’s portal and paste it in the settings.",
        ),
        E::Forbidden => s(
            "Le compte PayPlug n’a pas droit à cette opération : voyez son contrat dans le portail PayPlug.",
            "The PayPlug account is not allowed to do this: see its contract in PayPlug’s portal.",
        ),
        E::NotFound => s(
            "PayPlug ne connaît pas ce paiement avec cette clé : cherchez-le dans le portail PayPlug et vérifiez que le bon compte est connecté dans Paramètres › Paiement en ligne.",
            "PayPlug does not know this payment with this key: look for it in PayPlug’s portal, and check that the right account is connected in the settings.",
        ),
        E::AlreadyEnded => s(
            "Ce paiement est déjà terminé chez PayPlug : actualisez pour savoir ce qu’il est devenu.",
            "This payment has already ended at PayPlug: refresh to see what became of it.",
        ),
        E::Rejected(_) => s(
            "PayPlug a refusé la demande. La facture est intacte ; le paiement par virement reste possible.",
            "PayPlug rejected the request. The invoice is intact.",
        ),
        E::TooManyRequests { .. } => s(
            "PayPlug demande de patienter : Acquit réessaiera tout seul.",
            "PayPlug asks to wait: Acquit will try again by itself.",
        ),
        E::Unavailable { .. } | E::Unreachable => s(
            "PayPlug ne répond pas. Rien n’est perdu : Acquit réessaiera tout seul dès que la connexion revient.",
            "PayPlug does not answer. Nothing is lost: Acquit will try again by itself.",
        ),
        E::Ambiguous(_) => s(
            "La réponse de PayPlug s’est perdue. Acquit vérifiera avant de recommencer : rien ne sera fait deux fois.",
            "PayPlug’s answer was lost. Acquit will check before trying again: nothing happens twice.",
        ),
        _ => s(
            "La réponse de PayPlug n’a pas été comprise. Rien n’a été changé ; Acquit réessaiera.",
            "PayPlug’s answer was not understood. Nothing was changed; Acquit will try again.",
        ),
    }
}

fn store(error: &acquit_store::Error) -> Sentence {
    use acquit_store::Error as E;
    match error {
        E::Missing(path) => Sentence::new(
            format!("Aucun dossier d’entreprise ici ({}).", path.display()),
            format!("No company file here ({}).", path.display()),
        ),
        E::Exists(path) => Sentence::new(
            format!(
                "Il y a déjà un dossier d’entreprise ici ({}) : choisissez un autre emplacement.",
                path.display()
            ),
            format!(
                "There is a company file here already ({}): choose another place.",
                path.display()
            ),
        ),
        E::Busy => Sentence::new(
            "Le dossier est occupé par une autre fenêtre : réessayez dans un instant.",
            "The file is busy in another window: try again in a moment.",
        ),
        E::DiskFull => Sentence::new(
            "Le disque est plein : libérez de la place. Rien n’a été écrit à moitié.",
            "The disk is full: make room. Nothing was half-written.",
        ),
        E::Damaged(_) | E::Unreadable { .. } => Sentence::new(
            "Le dossier d’entreprise est abîmé : fermez Acquit et remettez à sa place la dernière copie que vous avez de ce dossier, sans rien y changer d’autre.",
            "The company file is damaged: close Acquit and put the last copy that you have of this folder in its place, changing nothing else in it.",
        ),
        E::TooNew { .. } => Sentence::new(
            "Ce dossier a été écrit par une version plus récente d’Acquit : mettez Acquit à jour.",
            "This file was written by a newer Acquit: update Acquit.",
        ),
        E::Io { path, source } => unreachable_file(path, source),
        E::Frozen(_) | E::Constraint(_) | E::Sqlite(_) => internal(),
    }
}

#[cfg(test)]
mod tests {
    use super::{refusal, sentence, side};
    use crate::Error;
    use acquit_domain::link::RefusalReason;
    use std::io;
    use std::path::PathBuf;

    #[test]
    fn a_file_that_cannot_be_reached_is_told_without_the_systems_english() {
        let denied = |path: PathBuf| Error::Io {
            path,
            source: io::Error::other("Permission denied"),
        };
        let said = sentence(&denied(PathBuf::from("/media/cle/dossier")));
        assert_eq!(
            said.fr,
            "Impossible de lire ou d’écrire /media/cle/dossier : vérifiez vos droits et que le disque est branché, puis réessayez."
        );
        assert!(said.en.contains("(Permission denied)"), "{said:?}");
    }

    #[test]
    fn both_sides_of_a_difference_are_said_in_french() {
        assert_eq!(
            side("1250.50 EUR, live").fr,
            "1\u{202f}250,50\u{a0}€ en réel"
        );
        assert_eq!(side("0.99 EUR, test").fr, "0,99\u{a0}€ en test");
        assert_eq!(side("1250.50 USD, live").fr, "1250.50 USD, live");
    }

    #[test]
    fn no_link_always_says_why() {
        use RefusalReason::{AboveMaximum, BelowMinimum, NotConnected, NotEur, NothingDue};
        for (reason, why) in [
            (BelowMinimum, "sous le minimum"),
            (AboveMaximum, "dépasse le maximum"),
            (NotConnected, "aucun compte PayPlug"),
            (NotEur, "n’accepte pas l’euro"),
            (NothingDue, "rien à payer"),
        ] {
            let said = refusal(reason);
            assert!(
                said.fr.starts_with("Pas de lien de paiement : "),
                "{said:?}"
            );
            assert!(said.fr.contains(why) && said.fr.ends_with('.'), "{said:?}");
            assert!(said.en.starts_with("No link: "), "{said:?}");
        }
    }
}
