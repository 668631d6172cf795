//! What mails are written with: saved texts (*Bibliothèque de textes*) and files to attach.

use acquit_domain::id::{MailFileId, MailTextId};
use acquit_domain::limits::{ATTACHED_MAX_BYTES, BODY_MAX, FILE_NAME_MAX, NAME_MAX, SUBJECT_MAX};
use acquit_domain::reminder::Level;
use acquit_domain::text::{multi_line, single_line};
use acquit_domain::{At, Rule, template};
use acquit_mail::words::{DEFAULT_TEXTS, DefaultText, for_reminders};
use acquit_store::{MailFileRow, MailTextRow};

use crate::{Acquit, Error};

/// Kinds of files by the end of their name; what is not here travels as it is, unnamed.
const MEDIA_TYPES: [(&str, &str); 8] = [
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("txt", "text/plain; charset=utf-8"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("odt", "application/vnd.oasis.opendocument.text"),
];

impl Acquit {
    /// Saved texts; a company that has none begins with those of every company. One that was made before
    /// there were reminders gets their texts.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn mail_texts(&self) -> Result<Vec<MailTextRow>, Error> {
        let kept = self.file.read(|reader| reader.mail_texts())?;
        if lacking(&kept).next().is_none() {
            return Ok(kept);
        }
        self.file.write(|writer| {
            for (role, name, subject, body) in lacking(&writer.mail_texts()?) {
                writer.keep_mail_text(&MailTextRow {
                    id: MailTextId::new(self.parts.uuid()),
                    role: Some(role.to_owned()),
                    name: name.to_owned(),
                    subject: subject.to_owned(),
                    body: body.to_owned(),
                })?;
            }
            Ok(writer.mail_texts()?)
        })
    }

    /// Subject and body of the text that is proposed for something; the one that every company begins
    /// with, where the owner deleted it.
    pub(crate) fn text_for(&self, role: &str) -> Result<(String, String), Error> {
        let mut kept = self.mail_texts()?.into_iter();
        if let Some(text) = kept.find(|text| text.role.as_deref() == Some(role)) {
            return Ok((text.subject, text.body));
        }
        let mut known = DEFAULT_TEXTS.into_iter();
        known
            .find(|(known, ..)| *known == role)
            .map(|(_, _, subject, body)| (subject.to_owned(), body.to_owned()))
            .ok_or(Error::Inconsistent("text"))
    }

    /// Keeps a saved text, a new one without an id.
    ///
    /// # Errors
    /// A rule, by its field (`name`, `subject`, `body`).
    pub fn keep_mail_text(
        &self,
        id: Option<MailTextId>,
        name: &str,
        subject: &str,
        body: &str,
    ) -> Result<MailTextId, Error> {
        let name = single_line(name, NAME_MAX).at("name")?;
        let (subject, body) = checked_words(subject, body)?;
        // The default texts come first, or a text of one's own would keep them away for ever.
        self.mail_texts()?;
        self.file.write(|writer| {
            let known = writer.mail_texts()?;
            if id.is_some_and(|id| known.iter().all(|text| text.id != id)) {
                return Err(Error::UnknownMailPart);
            }
            let id = id.unwrap_or_else(|| MailTextId::new(self.parts.uuid()));
            writer.keep_mail_text(&MailTextRow {
                id,
                role: None,
                name,
                subject,
                body,
            })?;
            Ok(id)
        })
    }

    /// Deletes a saved text.
    ///
    /// # Errors
    /// [`Error::UnknownMailPart`].
    pub fn delete_mail_text(&self, id: MailTextId) -> Result<(), Error> {
        let deleted = self.file.write(|writer| writer.delete_mail_text(id))?;
        deleted.then_some(()).ok_or(Error::UnknownMailPart)
    }

    /// The text that thanks customers for card payments; none when they are not thanked.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn thanks_text(&self) -> Result<Option<MailTextRow>, Error> {
        Ok(self.file.read(|reader| reader.thanks_text())?)
    }

    /// Chooses the text that thanks customers once their card payment has settled an invoice; none to
    /// thank no more.
    ///
    /// # Errors
    /// [`Error::UnknownMailPart`].
    pub fn set_thanks_text(&self, id: Option<MailTextId>) -> Result<(), Error> {
        self.file.write(|writer| {
            let known = writer.mail_texts()?;
            if id.is_some_and(|id| known.iter().all(|text| text.id != id)) {
                return Err(Error::UnknownMailPart);
            }
            writer.set_thanks_text(id)?;
            self.audit(writer, "thanks_changed", &id)
        })
    }

    /// Files that mails can carry.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn mail_files(&self) -> Result<Vec<MailFileRow>, Error> {
        Ok(self.file.read(|reader| reader.mail_files())?)
    }

    /// Adds a file that mails can carry.
    ///
    /// # Errors
    /// A name that no mail can carry, an empty file, or one that is too heavy.
    pub fn add_mail_file(
        &self,
        name: &str,
        bytes: &[u8],
        is_always: bool,
    ) -> Result<MailFileRow, Error> {
        let name = single_line(name, FILE_NAME_MAX).at("name")?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if size == 0 {
            return Err(acquit_domain::Error::at("files", Rule::Empty).into());
        }
        if size > ATTACHED_MAX_BYTES {
            return Err(too_heavy().into());
        }
        let end = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
        let media_type = MEDIA_TYPES
            .iter()
            .find(|(known, _)| end.as_deref() == Some(known))
            .map_or("application/octet-stream", |(_, media_type)| media_type);
        let row = MailFileRow {
            id: MailFileId::new(self.parts.uuid()),
            name: name.replace(['/', '\\'], "-"),
            media_type: media_type.to_owned(),
            size,
            is_always,
        };
        self.file
            .write(|writer| writer.insert_mail_file(&row, bytes, self.parts.now()))?;
        Ok(row)
    }

    /// Whether a file goes with every invoice.
    ///
    /// # Errors
    /// [`Error::UnknownMailPart`].
    pub fn set_mail_file_always(&self, id: MailFileId, is_always: bool) -> Result<(), Error> {
        let changed = self
            .file
            .write(|writer| writer.set_mail_file_always(id, is_always))?;
        changed.then_some(()).ok_or(Error::UnknownMailPart)
    }

    /// Takes a file away; mails that carry it keep it.
    ///
    /// # Errors
    /// [`Error::UnknownMailPart`].
    pub fn remove_mail_file(&self, id: MailFileId) -> Result<(), Error> {
        let removed = self.file.write(|writer| writer.remove_mail_file(id))?;
        removed.then_some(()).ok_or(Error::UnknownMailPart)
    }
}

/// Default texts of which a company has none of their kind: a single one that is gone was deleted.
fn lacking(kept: &[MailTextRow]) -> impl Iterator<Item = DefaultText> {
    let has_any = !kept.is_empty();
    let is_reminder = |role: &str| {
        Level::ALL
            .into_iter()
            .any(|level| for_reminders(level) == role)
    };
    let has_reminders = kept
        .iter()
        .any(|text| text.role.as_deref().is_some_and(is_reminder));
    DEFAULT_TEXTS.into_iter().filter(move |(role, ..)| {
        if is_reminder(role) {
            !has_reminders
        } else {
            !has_any
        }
    })
}

/// A subject and a body as they can be kept.
///
/// # Errors
/// A rule at `subject` or `body`.
pub(crate) fn checked_words(
    subject: &str,
    body: &str,
) -> Result<(String, String), acquit_domain::Error> {
    let subject = single_line(subject, SUBJECT_MAX).at("subject")?;
    template::check(&subject).at("subject")?;
    let body = multi_line(body, BODY_MAX).at("body")?;
    template::check(&body).at("body")?;
    Ok((subject, body))
}

pub(crate) fn too_heavy() -> acquit_domain::Error {
    let most = ATTACHED_MAX_BYTES;
    acquit_domain::Error::at("files", Rule::TooHeavy { most })
}
