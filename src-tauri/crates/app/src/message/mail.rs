//! Sentences about mails: what went wrong and what to do.

use acquit_domain::limits::BULK_MAX;
use acquit_domain::mail::Trouble;
use acquit_mail::{Advice, Error as E};

use super::Sentence;
use crate::Error;
use crate::error::mail_code;

/// A French sentence and its English twin.
type Twin = (&'static str, &'static str);

const NO_PASSWORD: Twin = (
    "Le mot de passe de votre messagerie n’est pas sur cet ordinateur : saisissez-le de nouveau dans Paramètres › Messagerie.",
    "The mailbox’s password is not on this computer: type it again in the settings.",
);

/// What services say about mails.
pub(super) fn service(error: &Error) -> Option<Sentence> {
    let (fr, en) = match error {
        Error::NoMailbox => (
            "Aucune messagerie n’est réglée : réglez-la dans Paramètres › Messagerie, ou ouvrez le message dans votre propre messagerie.",
            "No mailbox is set up: set it up in the settings.",
        ),
        Error::NoMailPassword => NO_PASSWORD,
        Error::NoLink => (
            "Cette facture n’a pas de lien de paiement que votre client puisse utiliser.",
            "This invoice has no payment link that a customer may have.",
        ),
        Error::UnknownMail => (
            "Ce message n’existe pas dans ce dossier.",
            "No such mail in this file.",
        ),
        Error::UnknownMailPart => (
            "Ce texte ou ce fichier n’existe plus.",
            "This text or file does not exist any more.",
        ),
        Error::MailLeft => (
            "Ce message a changé d’état entre-temps : regardez où il en est.",
            "This mail has moved on meanwhile: look where it stands.",
        ),
        Error::NoAddress => (
            "Le client n’a pas d’adresse e-mail : ajoutez-la dans sa fiche, ou indiquez un destinataire.",
            "The customer has no e-mail address: add it, or name a recipient.",
        ),
        Error::NotABatch => {
            return Some(Sentence::new(
                format!("Choisissez entre 1 et {BULK_MAX} factures, chacune une seule fois."),
                format!("Choose between 1 and {BULK_MAX} invoices, each once."),
            ));
        }
        _ => return None,
    };
    Some(Sentence::new(fr, en))
}

/// What a mail server said, and what to do.
pub(super) fn server(error: &E) -> Sentence {
    let address = match error {
        E::RecipientRefused(email) | E::AccentedAddress(email) => Some(email.as_str().to_owned()),
        _ => None,
    };
    trouble(&Trouble {
        code: mail_code(error).to_owned(),
        address,
    })
}

/// Why a mail did not leave, and what to do.
#[must_use]
pub fn trouble(trouble: &Trouble) -> Sentence {
    let address = trouble.address.as_deref().unwrap_or("?");
    match trouble.code.as_str() {
        "mail_recipient_refused" => Sentence::new(
            format!(
                "L’adresse {address} est refusée : elle n’existe sans doute pas. Demandez la bonne à votre client et renvoyez la facture."
            ),
            format!("The address {address} is refused."),
        ),
        "mail_accented_address" => Sentence::new(
            format!(
                "Votre messagerie ne sait pas écrire à {address}, à cause des accents avant le @ : demandez une autre adresse."
            ),
            format!("The server cannot write to {address}."),
        ),
        code => {
            let (fr, en) = of_code(code);
            Sentence::new(fr, en)
        }
    }
}

fn of_code(code: &str) -> Twin {
    match code {
        "mail_unreachable" => (
            "Le serveur de messagerie ne répond pas : vérifiez votre connexion, ou le nom du serveur dans Paramètres › Messagerie. Le message est gardé et repart tout seul.",
            "The mail server is out of reach. The mail is kept and tried again.",
        ),
        "mail_bad_certificate" => (
            "Le serveur de messagerie n’a pas pu prouver son identité : rien n’a été envoyé. Vérifiez le nom du serveur dans Paramètres › Messagerie.",
            "The mail server’s certificate is not trusted: nothing was sent.",
        ),
        "mail_no_encryption" | "mail_not_encrypted" => (
            "Le serveur de messagerie ne propose pas de connexion chiffrée : votre mot de passe n’a pas été envoyé. Choisissez TLS, port 465, dans Paramètres › Messagerie.",
            "The mail server does not encrypt: the password was not sent.",
        ),
        "mail_login_refused" => (
            "Votre messagerie refuse le mot de passe : saisissez-le de nouveau dans Paramètres › Messagerie. Les messages attendent et partiront ensuite.",
            "The mail server refuses the password: type it again in the settings.",
        ),
        "mail_no_login" => (
            "Ce serveur n’accepte pas de mot de passe : vérifiez le serveur et le port dans Paramètres › Messagerie.",
            "This server takes no password: check server and port.",
        ),
        "mail_sender_refused" => (
            "Votre messagerie n’accepte pas d’envoyer au nom de cette adresse : l’adresse et l’identifiant doivent être ceux du même compte.",
            "The server refuses this sender: address and login must belong to one account.",
        ),
        "mail_too_large" => (
            "Le message est trop lourd pour la messagerie : retirez des pièces jointes et renvoyez-le.",
            "The message is too large: remove attachments.",
        ),
        "mail_refused" => (
            "Le serveur de messagerie a refusé ce message : vérifiez l’adresse du client, ou envoyez-le depuis votre propre messagerie.",
            "The mail server refused this message.",
        ),
        "mail_later" => (
            "Le serveur de messagerie demande d’attendre : le message est gardé et repart tout seul.",
            "The mail server asks to wait: the mail is kept and tried again.",
        ),
        "mail_not_understood" => (
            "Le serveur de messagerie ne répond pas comme prévu : vérifiez le serveur et le port dans Paramètres › Messagerie.",
            "The mail server’s answers are not understood: check server and port.",
        ),
        "mail_unclear" => (
            "La connexion s’est coupée pendant l’envoi : le message est peut-être arrivé. Demandez à votre client, ou regardez vos messages envoyés.",
            "The connection broke while the message was sent: it may have arrived.",
        ),
        "mail_not_composed" => (
            "Ce message n’a pas pu être composé : vérifiez les adresses et les pièces jointes.",
            "The message could not be composed.",
        ),
        "no_mailbox" => (
            "Aucune messagerie n’est réglée : réglez-la dans Paramètres › Messagerie, le message attend.",
            "No mailbox is set up: the mail waits.",
        ),
        "no_mail_password" => NO_PASSWORD,
        "no_keychain" | "keychain_locked" | "keychain_failed" => (
            "Le trousseau de l’ordinateur ne donne pas le mot de passe de votre messagerie : déverrouillez-le. Le message attend et partira ensuite.",
            "The keychain does not give the mailbox’s password: unlock it. The mail waits.",
        ),
        "link_pending" => (
            "Le message attend le lien de paiement, encore en création chez PayPlug.",
            "The mail waits for its payment link.",
        ),
        _ => (
            "L’envoi n’a pas abouti : le message est gardé et repart tout seul.",
            "Sending failed: the mail is kept and tried again.",
        ),
    }
}

/// What to know of a provider before.
#[must_use]
pub fn advice(advice: Advice) -> Sentence {
    let (fr, en) = match advice {
        Advice::ApplicationPassword => (
            "Gmail demande un mot de passe d’application : dans votre compte Google, Sécurité, activez la validation en deux étapes, puis créez un mot de passe d’application et collez-le ici. Celui de votre compte ne marche pas.",
            "Gmail wants an application password, made in the Google account’s security settings.",
        ),
        Advice::SwitchOn => (
            "Autorisez d’abord l’envoi par un logiciel (SMTP authentifié) dans les réglages de votre messagerie, sur le site du fournisseur.",
            "Switch on sending by programs (authenticated SMTP) in the provider’s settings first.",
        ),
        Advice::MailboxPassword => (
            "Le mot de passe est celui de la boîte aux lettres, pas celui de votre espace client.",
            "The password is that of the mailbox, not of the customer account.",
        ),
        Advice::NoPasswords => (
            "Outlook.com et Microsoft 365 n’acceptent plus de mot de passe venant d’un logiciel. Acquit prépare chaque message et l’ouvre dans votre messagerie : vous n’avez plus qu’à l’envoyer.",
            "Outlook.com and Microsoft 365 take no passwords from programs: each mail is opened in the person’s own mail program.",
        ),
    };
    Sentence::new(fr, en)
}
