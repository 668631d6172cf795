//! Mails: the mailbox, saved texts and files, the composer, and what became of what was sent.

use acquit_app::message;
use acquit_app::{
    MailFileRow, MailState as Stands, MailTextRow, MailView, Mailbox, PRESETS, Preset, Proposal,
    Security, Shown, ShownBlock,
};
use acquit_domain::company::Company;
use acquit_domain::template::Variable;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{FieldError, InvoiceRow, french, instant};

/// How a mailbox is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailSecurity {
    /// Encrypted from the first byte.
    Tls,
    /// Encrypted after a first word.
    Starttls,
    /// Not at all: only to this computer.
    Plain,
}

impl From<Security> for MailSecurity {
    fn from(security: Security) -> Self {
        match security {
            Security::Tls => Self::Tls,
            Security::StartTls => Self::Starttls,
            Security::Plain => Self::Plain,
        }
    }
}

impl From<MailSecurity> for Security {
    fn from(security: MailSecurity) -> Self {
        match security {
            MailSecurity::Tls => Self::Tls,
            MailSecurity::Starttls => Self::StartTls,
            MailSecurity::Plain => Self::Plain,
        }
    }
}

/// A mailbox as typed. The password only ever comes in.
#[derive(Clone, Serialize, Deserialize, Type)]
pub(crate) struct MailboxForm {
    /// Address.
    pub(crate) address: String,
    /// The name that customers read.
    pub(crate) name: String,
    /// Name of the account; the address when empty.
    pub(crate) login: String,
    /// The server.
    pub(crate) host: String,
    /// Its port.
    pub(crate) port: String,
    /// How the connection is encrypted.
    pub(crate) security: MailSecurity,
    /// Its password; empty on its way out.
    pub(crate) password: String,
}

/// What is known of a mail provider.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MailPreset {
    /// Stable word.
    pub(crate) key: String,
    /// Its name.
    pub(crate) label: String,
    /// What its addresses end with.
    pub(crate) domains: Vec<String>,
    /// Its server.
    pub(crate) host: String,
    /// The server's port.
    pub(crate) port: String,
    /// How the connection is encrypted.
    pub(crate) security: MailSecurity,
    /// What to know before.
    pub(crate) help: Option<String>,
    /// Whether programs may send with a password.
    pub(crate) takes_passwords: bool,
}

impl MailPreset {
    fn of(preset: &Preset) -> Self {
        Self {
            key: preset.key.to_owned(),
            label: preset.label.to_owned(),
            domains: preset
                .domains
                .iter()
                .map(|&domain| domain.to_owned())
                .collect(),
            host: preset.host.to_owned(),
            port: preset.port.to_string(),
            security: preset.security.into(),
            help: preset
                .advice
                .filter(|_| preset.takes_passwords())
                .map(|advice| french(message::advice(advice))),
            takes_passwords: preset.takes_passwords(),
        }
    }

    /// Any other provider.
    fn other() -> Self {
        Self {
            key: "other".to_owned(),
            label: "Autre fournisseur".to_owned(),
            domains: Vec::new(),
            host: String::new(),
            port: "465".to_owned(),
            security: MailSecurity::Tls,
            help: None,
            takes_passwords: true,
        }
    }
}

/// *Paramètres › Messagerie*.
#[derive(Clone, Serialize, Type)]
pub(crate) struct MailboxPage {
    /// The address of the kept mailbox.
    pub(crate) address: Option<String>,
    /// When its server last accepted it.
    pub(crate) checked_at: Option<String>,
    /// As it can be typed again.
    pub(crate) form: MailboxForm,
    /// Known providers; the last is any other.
    pub(crate) presets: Vec<MailPreset>,
}

impl MailboxPage {
    /// The page; without a mailbox it proposes the company's own address and name.
    pub(crate) fn of(mailbox: Option<&Mailbox>, company: &Company) -> Self {
        let presets = PRESETS.iter().map(MailPreset::of);
        let email = company.email.as_ref().map(ToString::to_string);
        let form = match mailbox {
            Some(mailbox) => MailboxForm {
                address: mailbox.address.to_string(),
                name: mailbox.name.clone(),
                login: mailbox.login.clone(),
                host: mailbox.server.host.clone(),
                port: mailbox.server.port.to_string(),
                security: mailbox.server.security.into(),
                password: String::new(),
            },
            None => MailboxForm {
                address: email.unwrap_or_default(),
                name: company.name.clone(),
                login: String::new(),
                host: String::new(),
                port: "465".to_owned(),
                security: MailSecurity::Tls,
                password: String::new(),
            },
        };
        Self {
            address: mailbox.map(|mailbox| mailbox.address.to_string()),
            checked_at: mailbox.map(|mailbox| instant(mailbox.checked_at)),
            form,
            presets: presets.chain([MailPreset::other()]).collect(),
        }
    }
}

/// What became of a mailbox that was typed.
#[derive(Clone, Serialize, Type)]
pub(crate) struct MailboxAnswer {
    /// What cannot be read.
    pub(crate) errors: Vec<FieldError>,
    /// The page as it is now.
    pub(crate) page: MailboxPage,
}

/// A saved text.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MailText {
    /// Identity.
    pub(crate) id: String,
    /// What the owner calls it.
    pub(crate) name: String,
    /// Subject, with variables.
    pub(crate) subject: String,
    /// Body, with variables.
    pub(crate) body: String,
}

impl From<MailTextRow> for MailText {
    fn from(row: MailTextRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            subject: row.subject,
            body: row.body,
        }
    }
}

/// A saved text as typed.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct MailTextForm {
    /// What the owner calls it.
    pub(crate) name: String,
    /// Subject, with variables.
    pub(crate) subject: String,
    /// Body, with variables.
    pub(crate) body: String,
}

/// A file that mails can carry.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MailFile {
    /// Identity.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its length in bytes.
    #[specta(type = specta_typescript::Number)]
    pub(crate) size: u64,
    /// Goes with every invoice, such as general conditions.
    pub(crate) is_always: bool,
}

impl From<MailFileRow> for MailFile {
    fn from(row: MailFileRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            size: row.size,
            is_always: row.is_always,
        }
    }
}

/// A variable of subject and body.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MailVariable {
    /// As written in a text, such as `{numéro}`.
    pub(crate) token: String,
    /// As a list names it.
    pub(crate) label: String,
}

/// What mails are written with.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MailLibrary {
    /// Saved texts.
    pub(crate) texts: Vec<MailText>,
    /// Variables.
    pub(crate) variables: Vec<MailVariable>,
    /// Files.
    pub(crate) files: Vec<MailFile>,
    /// Id of the text that thanks customers for card payments.
    pub(crate) thanks: Option<String>,
}

impl MailLibrary {
    pub(crate) fn of(
        texts: Vec<MailTextRow>,
        files: Vec<MailFileRow>,
        thanks: Option<&MailTextRow>,
    ) -> Self {
        let variables = Variable::ALL.into_iter().map(|variable| MailVariable {
            token: variable.token(),
            label: capital(variable.word()),
        });
        Self {
            texts: texts.into_iter().map(MailText::from).collect(),
            variables: variables.collect(),
            files: files.into_iter().map(MailFile::from).collect(),
            thanks: thanks.map(|text| text.id.to_string()),
        }
    }
}

/// A word with a capital.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// What became of a saved text.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MailTextAnswer {
    /// What cannot be kept.
    pub(crate) errors: Vec<FieldError>,
    /// The library as it is now.
    pub(crate) library: MailLibrary,
}

/// A mail as typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Type)]
pub(crate) struct MailForm {
    /// Addresses, separated by commas.
    pub(crate) to: String,
    /// Who gets a copy.
    pub(crate) cc: String,
    /// Whether the sender gets one.
    pub(crate) copy_to_self: bool,
    /// Subject, with variables.
    pub(crate) subject: String,
    /// Body, with variables.
    pub(crate) body: String,
    /// Ids of the files that go with it, besides the PDF.
    pub(crate) files: Vec<String>,
}

/// The composer as it opens.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct Composer {
    /// The document.
    pub(crate) row: InvoiceRow,
    /// As typed before, or as proposed.
    pub(crate) form: MailForm,
    /// Addresses to propose.
    pub(crate) proposals: Vec<MailProposal>,
    /// What mails are written with.
    pub(crate) library: MailLibrary,
    /// Name of the PDF.
    pub(crate) pdf: String,
    /// The mailbox that sends.
    pub(crate) from: Option<String>,
    /// Why no link goes with it.
    pub(crate) no_link: Option<String>,
    /// Whether mails reach nobody.
    pub(crate) is_demonstration: bool,
}

/// An address to propose for a mail.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MailProposal {
    /// The address.
    pub(crate) address: String,
    /// Whose it is.
    pub(crate) name: Option<String>,
    /// What they do at the customer's.
    pub(crate) role: Option<String>,
}

impl From<Proposal> for MailProposal {
    fn from(proposal: Proposal) -> Self {
        let contact = proposal.contact.unwrap_or_default();
        Self {
            address: proposal.email.to_string(),
            name: contact.name,
            role: contact.role,
        }
    }
}

/// A piece of a mail as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum MailBlock {
    /// Words.
    Paragraph {
        /// The words.
        text: String,
    },
    /// What is to pay and how.
    Payment {
        /// Which invoice, until when.
        caption: String,
        /// How much.
        amount: String,
        /// The words on the button.
        button: Option<String>,
        /// What stands below.
        note: String,
    },
}

impl From<ShownBlock> for MailBlock {
    fn from(block: ShownBlock) -> Self {
        match block {
            ShownBlock::Paragraph(text) => Self::Paragraph { text },
            ShownBlock::Payment {
                caption,
                amount,
                button,
                note,
            } => Self::Payment {
                caption,
                amount,
                button: button.map(|(label, _)| label),
                note,
            },
        }
    }
}

/// What the customer sees.
#[derive(Clone, Debug, Default, Serialize, Type)]
pub(crate) struct MailPreview {
    /// What cannot be sent like that.
    pub(crate) errors: Vec<FieldError>,
    /// Who sends it.
    pub(crate) from: String,
    /// Subject.
    pub(crate) subject: String,
    /// Name of the company.
    pub(crate) company: String,
    /// Its place and telephone.
    pub(crate) place: String,
    /// The words.
    pub(crate) blocks: Vec<MailBlock>,
    /// What is attached.
    pub(crate) attached: Vec<MailFile>,
    /// Small print.
    pub(crate) legal: Vec<String>,
    /// A demonstration or trial says so.
    pub(crate) banner: Option<String>,
}

impl MailPreview {
    pub(crate) fn of(shown: Shown, errors: Vec<FieldError>) -> Self {
        let attached = shown.attached.into_iter().map(|(name, size)| MailFile {
            id: name.clone(),
            name,
            size,
            is_always: false,
        });
        Self {
            errors,
            from: shown.from,
            subject: shown.subject,
            company: shown.company,
            place: shown.place,
            blocks: shown.blocks.into_iter().map(MailBlock::from).collect(),
            attached: attached.collect(),
            legal: shown.legal,
            banner: shown.banner,
        }
    }
}

/// What became of a mail that was typed.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MailAnswer {
    /// What cannot be sent like that.
    pub(crate) errors: Vec<FieldError>,
    /// Whether it is on its way.
    pub(crate) is_done: bool,
}

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MailState {
    /// It waits for its turn, or for another try.
    Queued,
    /// It is leaving right now.
    HandingOver,
    /// The server accepted it.
    Sent,
    /// Refused for good.
    Refused,
    /// It may have arrived.
    Unclear,
    /// Taken back before it left.
    Withdrawn,
    /// Opened in the person's own mail program.
    Elsewhere,
}

impl From<&Stands> for MailState {
    fn from(state: &Stands) -> Self {
        match state {
            Stands::Queued { .. } => Self::Queued,
            Stands::HandingOver => Self::HandingOver,
            Stands::Sent => Self::Sent,
            Stands::Refused(_) => Self::Refused,
            Stands::Unclear => Self::Unclear,
            Stands::Withdrawn => Self::Withdrawn,
            Stands::Elsewhere => Self::Elsewhere,
        }
    }
}

/// A mail in a history.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MailRow {
    /// Identity.
    pub(crate) id: String,
    /// Of which document.
    pub(crate) invoice: String,
    /// Its number.
    pub(crate) number: String,
    /// When it ended where it stands; while it waits, when it was written.
    pub(crate) at: String,
    /// To whom.
    pub(crate) to: Vec<String>,
    /// Subject.
    pub(crate) subject: String,
    /// Where it stands.
    pub(crate) state: MailState,
    /// What went wrong and what to do.
    pub(crate) sentence: Option<String>,
    /// When it is tried again.
    pub(crate) next_at: Option<String>,
}

impl From<&MailView> for MailRow {
    fn from(view: &MailView) -> Self {
        let mail = &view.mail;
        let subject = view.shown.as_ref().map(|shown| shown.subject.clone());
        let (at, next_at) = match &mail.state {
            Stands::Queued {
                next_at, trouble, ..
            } => (mail.written_at, trouble.as_ref().map(|_| instant(*next_at))),
            _ => (view.changed_at, None),
        };
        Self {
            id: mail.id.to_string(),
            invoice: mail.invoice.to_string(),
            number: view.number.to_string(),
            at: instant(at),
            to: mail.recipients.seen().map(ToString::to_string).collect(),
            subject: subject.unwrap_or_else(|| mail.subject.clone()),
            state: MailState::from(&mail.state),
            sentence: sentence(&mail.state),
            next_at,
        }
    }
}

/// What a mail's state asks of the owner.
pub(super) fn sentence(state: &Stands) -> Option<String> {
    match state {
        Stands::Unclear => {
            let trouble = acquit_domain::mail::Trouble {
                code: "mail_unclear".to_owned(),
                address: None,
            };
            Some(french(message::trouble(&trouble)))
        }
        state => state
            .trouble()
            .map(|trouble| french(message::trouble(trouble))),
    }
}

/// One mail.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MailPage {
    /// As in the history.
    pub(crate) row: MailRow,
    /// Who got a copy.
    pub(crate) cc: Vec<String>,
    /// As the customer sees it.
    pub(crate) preview: MailPreview,
}

impl From<MailView> for MailPage {
    fn from(view: MailView) -> Self {
        Self {
            row: MailRow::from(&view),
            cc: view
                .mail
                .recipients
                .cc
                .iter()
                .map(ToString::to_string)
                .collect(),
            preview: view.shown.map_or_else(MailPreview::default, |shown| {
                MailPreview::of(shown, Vec::new())
            }),
        }
    }
}

/// Names a file on this computer after a mail's PDF.
pub(crate) fn eml_name(pdf: &str) -> String {
    format!("{}.eml", pdf.trim_end_matches(".pdf"))
}
