//! Reads a mailbox and a mail.

use acquit_app::{NewMail, NewMailbox, Recipients, Security, Server};
use acquit_domain::Rule;
use acquit_domain::id::{InvoiceId, MailFileId};
use acquit_domain::limits::{BODY_MAX, NAME_MAX, SUBJECT_MAX};
use acquit_domain::mail::addresses;
use acquit_domain::template::check;
use acquit_domain::text::{Email, multi_line, single_line};
use zeroize::Zeroizing;

use super::Errors;
use crate::dto::{FieldError, MailForm, MailboxForm};

/// Longest name of a server.
const HOST_MAX: usize = 253;
/// Longest password that a keychain takes beside its server.
const PASSWORD_MAX: usize = 500;

/// Reads a mailbox.
pub(crate) fn mailbox(form: &MailboxForm) -> Result<NewMailbox, Vec<FieldError>> {
    let mut errors = Errors::default();
    let address = errors.take(
        "address",
        single_line(&form.address, NAME_MAX).and_then(|typed| Email::parse(&typed)),
    );
    let name = errors.take("name", single_line(&form.name, NAME_MAX));
    let host = errors.take("host", host(&form.host));
    let port = errors.take("port", port(&form.port));
    let password = match form.password.len() {
        0 => Err(Rule::Empty),
        length if length > PASSWORD_MAX => Err(Rule::TooLong { most: PASSWORD_MAX }),
        _ => Ok(Zeroizing::new(form.password.clone())),
    };
    let password = errors.take("password", password);
    let login = if form.login.trim().is_empty() {
        &form.address
    } else {
        &form.login
    };
    let login = errors.take("login", single_line(login, NAME_MAX));
    let read = (|| {
        let server = Server {
            host: host?,
            port: port?,
            security: form.security.into(),
        };
        Some(NewMailbox {
            address: address?,
            name: name?,
            server,
            login: login?,
            password: password?,
        })
    })();
    if let Some(read) = &read
        && read.server.security == Security::Plain
        && !read.server.is_loopback()
    {
        errors.note("security", &Rule::NotEncrypted);
    }
    errors.judge(read)
}

fn host(typed: &str) -> Result<String, Rule> {
    let host = single_line(typed, HOST_MAX)?.to_lowercase();
    let is_name = host
        .chars()
        .all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | ':'));
    if is_name {
        Ok(host)
    } else {
        Err(Rule::NotAServer)
    }
}

fn port(typed: &str) -> Result<u16, Rule> {
    let port: u16 = typed.trim().parse().map_err(|_| Rule::NotAPort)?;
    if port == 0 {
        Err(Rule::NotAPort)
    } else {
        Ok(port)
    }
}

/// What could be read of a mail, and what could not.
pub(crate) struct ReadMail {
    /// As far as it could be read; what could not is empty.
    pub(crate) mail: NewMail,
    /// What could not.
    pub(crate) errors: Vec<FieldError>,
}

/// Reads a mail. What is readable is there in any case: a preview shows it.
pub(crate) fn mail(invoice: InvoiceId, form: &MailForm) -> ReadMail {
    let mut errors = Errors::default();
    let to = match addresses(&form.to) {
        Ok(to) if to.is_empty() => Err(Rule::Empty),
        read => read,
    };
    let to = errors.take_saying_when_empty(to);
    let cc = errors.take("cc", addresses(&form.cc));
    let subject = single_line(&form.subject, SUBJECT_MAX);
    let subject = errors.take("subject", subject.and_then(checked));
    let body = multi_line(&form.body, BODY_MAX);
    let body = errors.take("body", body.and_then(checked));
    let known: Result<Vec<MailFileId>, Rule> = form
        .files
        .iter()
        .map(|id| id.parse().map_err(|_| Rule::UnknownChoice))
        .collect();
    let files = errors.take("files", known);
    ReadMail {
        mail: NewMail {
            invoice,
            recipients: Recipients {
                to: to.unwrap_or_default(),
                cc: cc.unwrap_or_default(),
                copy_to_self: form.copy_to_self,
            },
            subject: subject.unwrap_or_else(|| "…".to_owned()),
            body: body.unwrap_or_else(|| "…".to_owned()),
            files: files.unwrap_or_default(),
        },
        errors: errors.0,
    }
}

impl Errors {
    /// The recipients; that there is none is said as people would.
    fn take_saying_when_empty(&mut self, to: Result<Vec<Email>, Rule>) -> Option<Vec<Email>> {
        match to {
            Err(Rule::Empty) => {
                self.take_saying("to", Err(Rule::Empty), "Indiquez à qui envoyer ce message.")
            }
            to => self.take("to", to),
        }
    }
}

fn checked(text: String) -> Result<String, Rule> {
    check(&text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{Security, mail, mailbox};
    use crate::dto::{MailForm, MailboxForm};
    use acquit_domain::id::InvoiceId;

    fn typed() -> MailboxForm {
        MailboxForm {
            address: " contact@orange.fr ".to_owned(),
            name: "Ferrand".to_owned(),
            login: String::new(),
            host: "SMTP.orange.fr".to_owned(),
            port: " 465".to_owned(),
            security: Security::Tls.into(),
            password: "secret".to_owned(),
        }
    }

    fn fields(form: &MailboxForm) -> Vec<String> {
        let errors = mailbox(form).err().unwrap_or_default();
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_mailbox_is_read_or_refused_at_its_fields() {
        let read = mailbox(&typed()).unwrap_or_else(|errors| panic!("{errors:?}"));
        assert_eq!(read.login, "contact@orange.fr");
        assert_eq!(
            (read.server.host.as_str(), read.server.port),
            ("smtp.orange.fr", 465)
        );
        let wrong = MailboxForm {
            address: "contact".to_owned(),
            name: " ".to_owned(),
            host: "smtp orange".to_owned(),
            port: "70000".to_owned(),
            password: String::new(),
            ..typed()
        };
        assert_eq!(
            fields(&wrong),
            ["address", "name", "host", "port", "password"]
        );
        let clear = MailboxForm {
            security: Security::Plain.into(),
            ..typed()
        };
        assert_eq!(fields(&clear), ["security"]);
        let here = MailboxForm {
            host: "127.0.0.1".to_owned(),
            ..clear
        };
        assert_eq!(fields(&here), Vec::<String>::new());
    }

    #[test]
    fn a_mail_names_each_field_that_cannot_be_read() {
        let id: InvoiceId = "00000000-0000-0000-0000-000000000000".parse().unwrap();
        let wrong = MailForm {
            to: " ".to_owned(),
            cc: "paul".to_owned(),
            subject: "{prix}".to_owned(),
            files: vec!["x".to_owned()],
            ..MailForm::default()
        };
        let read = mail(id, &wrong);
        let fields: Vec<&str> = read
            .errors
            .iter()
            .map(|error| error.field.as_str())
            .collect();
        assert_eq!(fields, ["to", "cc", "subject", "body", "files"]);
        assert!(read.errors[0].sentence.contains("à qui"));
        let good = MailForm {
            to: "a@b.fr; c@d.fr".to_owned(),
            subject: "Facture {numéro}".to_owned(),
            body: "Bonjour".to_owned(),
            ..MailForm::default()
        };
        let read = mail(id, &good);
        assert_eq!(read.errors, []);
        assert_eq!(read.mail.recipients.to.len(), 2);
    }
}
