//! Mails about an invoice and the mailbox that they leave through, as JSON and as text.

use acquit_app::message::{self, Lang, Sentence};
use acquit_app::{MailState, MailView, Mailbox};
use acquit_domain::date::{in_paris, paris_iso};
use acquit_domain::mail::Trouble;
use acquit_domain::text::Email;
use jiff::Timestamp;
use serde::Serialize;

use crate::words::{self, pick};

/// A mail about an invoice.
#[derive(Debug, Serialize)]
pub(crate) struct MailDocument<'a> {
    id: String,
    at: String,
    to: Vec<&'a str>,
    cc: Vec<&'a str>,
    subject: &'a str,
    state: &'static str,
    sentence: Option<String>,
}

/// The mailbox, without its password.
#[derive(Debug, Serialize)]
pub(crate) struct MailboxDocument<'a> {
    address: &'a str,
    host: &'a str,
    port: u16,
    security: &'static str,
    login: &'a str,
    checked_at: String,
}

/// A mail as JSON.
pub(crate) fn mail(view: &MailView, lang: Lang) -> MailDocument<'_> {
    let mail = &view.mail;
    MailDocument {
        id: mail.id.to_string(),
        at: paris_iso(at(view)),
        to: mail.recipients.to.iter().map(Email::as_str).collect(),
        cc: mail.recipients.cc.iter().map(Email::as_str).collect(),
        subject: subject(view),
        state: mail.state.code(),
        sentence: sentence(&mail.state).map(|sentence| sentence.in_lang(lang).to_owned()),
    }
}

/// A mail on one line.
pub(crate) fn mail_text(view: &MailView, lang: Lang) -> String {
    let to: Vec<&str> = view.mail.recipients.seen().map(Email::as_str).collect();
    let line = format!(
        "{}  {} {} : {} ({})",
        moment(at(view)),
        pick(lang, "E-mail à", "Mail to"),
        to.join(", "),
        words::mail_state(view.mail.state.code(), lang),
        subject(view)
    );
    match sentence(&view.mail.state) {
        Some(sentence) => format!("{line}\n! {}", sentence.in_lang(lang)),
        None => line,
    }
}

/// The subject as the customer reads it, where it is known.
fn subject(view: &MailView) -> &str {
    let shown = view.shown.as_ref();
    shown.map_or(&view.mail.subject, |shown| &shown.subject)
}

/// Why a mail did not leave, or may not have.
pub(crate) fn trouble(state: &MailState) -> Option<Trouble> {
    match state {
        MailState::Unclear => Some(Trouble {
            code: "mail_unclear".to_owned(),
            address: None,
        }),
        state => state.trouble().cloned(),
    }
}

/// The same for people, and what to do.
pub(crate) fn sentence(state: &MailState) -> Option<Sentence> {
    trouble(state).map(|trouble| message::trouble(&trouble))
}

/// When a mail ended where it stands; while it waits, when it was written.
fn at(view: &MailView) -> Timestamp {
    match view.mail.state {
        MailState::Queued { .. } => view.mail.written_at,
        _ => view.changed_at,
    }
}

/// The mailbox as JSON.
pub(crate) fn mailbox(mailbox: &Mailbox) -> MailboxDocument<'_> {
    MailboxDocument {
        address: mailbox.address.as_str(),
        host: &mailbox.server.host,
        port: mailbox.server.port,
        security: mailbox.server.security.code(),
        login: &mailbox.login,
        checked_at: paris_iso(mailbox.checked_at),
    }
}

/// The mailbox for people.
pub(crate) fn mailbox_text(mailbox: &Mailbox, lang: Lang) -> String {
    let server = &mailbox.server;
    let (host, port, security) = (&server.host, server.port, server.security.code());
    let checked = moment(mailbox.checked_at);
    match lang {
        Lang::Fr => format!(
            "Messagerie {} : serveur {host}, port {port}, {security}, identifiant {}, vérifiée le {checked}",
            mailbox.address, mailbox.login
        ),
        Lang::En => format!(
            "Mailbox {}: server {host}, port {port}, {security}, login {}, checked {checked}",
            mailbox.address, mailbox.login
        ),
    }
}

fn moment(at: Timestamp) -> String {
    in_paris(at).strftime("%d/%m/%Y %H:%M").to_string()
}
