//! The mailbox that mails leave through: checked with its server, its password in the keychain.

use acquit_domain::Rule;
use acquit_domain::id::FileId;
use acquit_domain::link::FileNature;
use acquit_domain::text::Email;
use acquit_mail::{Login, Message, Patience, Security, Server, Session, words};
use acquit_store::MailboxRow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Acquit, Error};

/// How long checking a mailbox may take, so that a typing slip in the server's name is told soon.
const CHECKED_WITHIN: Patience = Patience {
    opening: std::time::Duration::from_secs(20),
    command: std::time::Duration::from_secs(20),
    message: std::time::Duration::from_secs(30),
};

/// A mailbox to set up.
pub struct NewMailbox {
    /// Whose mails it sends.
    pub address: Email,
    /// The name that customers read.
    pub name: String,
    /// The server.
    pub server: Server,
    /// Name of the account.
    pub login: String,
    /// Its password.
    pub password: Zeroizing<String>,
}

/// The mailbox, as far as anybody may know.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Whose mails it sends.
    pub address: Email,
    /// The name that customers read.
    pub name: String,
    /// The server.
    pub server: Server,
    /// Name of the account.
    pub login: String,
    /// When the server last accepted it.
    pub checked_at: Timestamp,
}

/// One keychain item: the server goes with the password, so that a changed file cannot send a password
/// elsewhere.
#[derive(Serialize, Deserialize)]
struct KeychainItem {
    host: String,
    port: u16,
    security: String,
    login: String,
    password: String,
}

/// Who sends, and through what.
pub(crate) struct Sender {
    pub(crate) address: Email,
    pub(crate) name: String,
    pub(crate) server: Server,
    pub(crate) login: Login,
}

impl Acquit {
    /// Checks a mailbox by a message from it to itself, and keeps it; the password goes into the
    /// keychain. Mails that wait are due at once.
    ///
    /// # Errors
    /// What the server said, or the keychain. Nothing is kept then.
    pub async fn set_mailbox(&self, new: NewMailbox) -> Result<Mailbox, Error> {
        if new.server.security == Security::Plain && !new.server.is_loopback() {
            let broken = acquit_domain::Error::at("security", Rule::NotEncrypted);
            return Err(broken.into());
        }
        let row = self.company_row()?;
        if row.nature == FileNature::Demonstration {
            return Err(Error::NotAReal);
        }
        let login = Login {
            user: new.login.clone(),
            password: new.password.clone(),
        };
        let sender = Sender {
            address: new.address.clone(),
            name: new.name.clone(),
            server: new.server.clone(),
            login,
        };
        self.send_to_oneself(&sender).await?;
        let item = KeychainItem {
            host: new.server.host.clone(),
            port: new.server.port,
            security: new.server.security.code().to_owned(),
            login: new.login.clone(),
            password: new.password.to_string(),
        };
        let item = serde_json::to_string(&item)
            .map(Zeroizing::new)
            .map_err(|_| Error::Inconsistent("keychain item"))?;
        let account = keychain_account(&row.file_id);
        self.keychain(move |keychain| keychain.set(&account, &item))
            .await?;
        let kept = MailboxRow {
            address: new.address,
            name: new.name,
            host: new.server.host,
            port: new.server.port,
            security: new.server.security.code().to_owned(),
            login: new.login,
            checked_at: self.parts.now(),
        };
        self.file.write(|writer| {
            writer.set_mailbox(&kept)?;
            self.audit(writer, "mailbox_set", &(kept.address.as_str(), &kept.host))?;
            self.wake_mails(writer)
        })?;
        mailbox(kept)
    }

    async fn send_to_oneself(&self, sender: &Sender) -> Result<(), Error> {
        let roots = self.parts.roots();
        let mut session =
            Session::open(&sender.server, &sender.login, roots, CHECKED_WITHIN).await?;
        let to = std::slice::from_ref(&sender.address);
        let id = message_id(&self.parts.uuid().to_string(), &sender.address);
        let paragraphs = words::CHECK_BODY.split("\n\n").map(str::to_owned);
        let blocks: Vec<_> = paragraphs.map(acquit_mail::Block::Paragraph).collect();
        let letter = acquit_mail::Letter {
            company: &sender.name,
            place: sender.address.as_str(),
            logo: None,
            banner: None,
            blocks: &blocks,
            attached: &[],
            legal: &[],
        };
        let message = Message {
            id: &id,
            at: self.parts.now(),
            from: (&sender.name, &sender.address),
            to,
            cc: &[],
            subject: words::CHECK_SUBJECT,
            text: &letter.text(),
            html: &letter.html(),
            logo: None,
            attachments: &[],
            is_unsent: false,
        }
        .bytes()?;
        session
            .announce(&sender.address, to)
            .await?
            .hand_over(&message)
            .await?;
        session.close().await;
        Ok(())
    }

    /// The mailbox.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn mailbox(&self) -> Result<Option<Mailbox>, Error> {
        let row = self.file.read(|reader| reader.mailbox())?;
        row.map(mailbox).transpose()
    }

    /// Takes the mailbox back: its password leaves the keychain. Mails that wait go on waiting.
    ///
    /// # Errors
    /// [`Error::NoMailbox`], or a keychain that refuses (then the mailbox stays).
    pub async fn forget_mailbox(&self) -> Result<(), Error> {
        let mailbox = self.mailbox()?.ok_or(Error::NoMailbox)?;
        let account = keychain_account(&self.company_row()?.file_id);
        self.keychain(move |keychain| keychain.delete(&account))
            .await?;
        self.file.write(|writer| {
            writer.drop_mailbox()?;
            self.audit(writer, "mailbox_forgotten", &mailbox.address.as_str())
        })
    }

    /// The mailbox with its password. A file that names another server than the keychain's item was
    /// changed by other hands: nothing is sent there.
    pub(crate) async fn sender(&self) -> Result<Sender, Error> {
        let mailbox = self.mailbox()?.ok_or(Error::NoMailbox)?;
        let account = keychain_account(&self.company_row()?.file_id);
        let item = self
            .keychain(move |keychain| keychain.get(&account))
            .await?
            .ok_or(Error::NoMailPassword)?;
        let item: KeychainItem = serde_json::from_str(&item).map_err(|_| Error::NoMailPassword)?;
        let server = &mailbox.server;
        let named = (
            &server.host,
            server.port,
            server.security.code(),
            &mailbox.login,
        );
        if named != (&item.host, item.port, item.security.as_str(), &item.login) {
            return Err(Error::NoMailPassword);
        }
        Ok(Sender {
            address: mailbox.address,
            name: mailbox.name,
            login: Login {
                user: item.login,
                password: Zeroizing::new(item.password),
            },
            server: mailbox.server,
        })
    }
}

/// A Message-ID in the domain of its sender (RFC 5322, 3.6.4).
pub(crate) fn message_id(unique: &str, sender: &Email) -> String {
    let host = sender
        .as_str()
        .rsplit_once('@')
        .map_or("", |(_, host)| host);
    let host = if host.is_ascii() {
        host
    } else {
        "acquit.invalid"
    };
    format!("{unique}@{host}")
}

fn mailbox(row: MailboxRow) -> Result<Mailbox, Error> {
    let security = Security::ALL
        .into_iter()
        .find(|security| security.code() == row.security)
        .ok_or(Error::Inconsistent("mailbox"))?;
    Ok(Mailbox {
        address: row.address,
        name: row.name,
        server: Server {
            host: row.host,
            port: row.port,
            security,
        },
        login: row.login,
        checked_at: row.checked_at,
    })
}

fn keychain_account(file_id: &FileId) -> String {
    format!("{file_id}:smtp")
}
