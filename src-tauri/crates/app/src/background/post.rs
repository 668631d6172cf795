//! The way of mails out of here: one connection for a whole run, or a folder.

use std::path::{Path, PathBuf};

use acquit_domain::id::InvoiceId;
use acquit_domain::link::FileNature;
use acquit_domain::mail::{Mail, Recipients};
use acquit_domain::text::Email;
use acquit_mail::{Error as E, Patience, Session};

use super::mails::Asks;
use crate::letters::Shown;
use crate::mailbox::Sender;
use crate::renditions::Printed;
use crate::view::InvoiceView;
use crate::{Acquit, Error};

/// Folder of a demonstration's mails beside its file, where nothing else is said.
const BESIDE: &str = "mails";
/// Letters of a subject that name a demonstration's mail: disks take 255 bytes at most.
const FILE_NAME_LETTERS: usize = 60;

/// A mail that is ready to leave.
pub(super) struct Ready {
    /// The documents that it is about, with the links that it carries.
    pub(super) views: Vec<InvoiceView>,
    /// What each of them asks for: it leaves only while that is still so.
    pub(super) asks: Vec<(InvoiceId, Asks)>,
    pub(super) id: String,
    pub(super) shown: Shown,
    pub(super) bytes: Vec<u8>,
    /// The renditions that it carries.
    pub(super) carried: Vec<Printed>,
}

/// One run's way to the server: connected for the first mail, used for all, connected again when it
/// broke. A demonstration's mails fall into a folder.
pub(super) struct Post<'a> {
    acquit: &'a Acquit,
    way: Way,
    /// Whether asking for links is worth the wait: PayPlug did not fail to make one in this run.
    pub(super) has_links: bool,
}

enum Way {
    Folder {
        folder: PathBuf,
        from: (String, Email),
    },
    Server {
        sender: Sender,
        session: Option<Box<Session>>,
    },
}

impl<'a> Post<'a> {
    pub(super) async fn open(acquit: &'a Acquit) -> Result<Self, Error> {
        // Whoever opens a demonstration: its mails never reach a server.
        let way = if acquit.nature()? == FileNature::Demonstration {
            let beside = acquit.path().with_file_name(BESIDE);
            Way::Folder {
                folder: acquit.parts.sink().map_or(beside, Path::to_owned),
                from: acquit.company_address()?,
            }
        } else {
            Way::Server {
                sender: acquit.sender().await?,
                session: None,
            }
        };
        let has_links = true;
        Ok(Self {
            acquit,
            way,
            has_links,
        })
    }

    pub(super) fn from(&self) -> (&str, &Email) {
        match &self.way {
            Way::Folder { from, .. } => (&from.0, &from.1),
            Way::Server { sender, .. } => (&sender.name, &sender.address),
        }
    }

    /// Connects, unless there is a connection that can be used.
    pub(super) async fn connect(&mut self) -> Result<(), E> {
        let Way::Server { sender, session } = &mut self.way else {
            return Ok(());
        };
        if session.as_ref().is_none_or(|open| !open.is_usable()) {
            let (roots, patience) = (self.acquit.parts.roots(), Patience::default());
            let opened = Session::open(&sender.server, &sender.login, roots, patience);
            *session = Some(Box::new(opened.await?));
        }
        Ok(())
    }

    /// Sends a mail; `false` when it was taken back meanwhile. A demonstration's becomes one of `files`.
    pub(super) async fn send(
        &mut self,
        mail: &Mail,
        ready: &Ready,
        files: &mut Vec<PathBuf>,
    ) -> Result<bool, Error> {
        let acquit = self.acquit;
        match &mut self.way {
            Way::Folder { folder, .. } => {
                if !acquit.hands_over(mail.id, ready)? {
                    return Ok(false);
                }
                files.push(keep(folder, ready)?);
                Ok(true)
            }
            Way::Server { sender, session } => {
                let Some(open) = session else {
                    return Ok(false);
                };
                let to = envelope(&mail.recipients, &sender.address);
                let outgoing = match open.announce(&sender.address, &to).await {
                    Ok(outgoing) => outgoing,
                    Err(error) => {
                        *session = None;
                        return Err(error.into());
                    }
                };
                if !acquit.hands_over(mail.id, ready)? {
                    *session = None;
                    return Ok(false);
                }
                let given = outgoing.hand_over(&ready.bytes).await;
                given.map(|()| true).map_err(Error::from)
            }
        }
    }

    pub(super) async fn close(self) {
        if let Way::Server {
            session: Some(session),
            ..
        } = self.way
            && session.is_usable()
        {
            session.close().await;
        }
    }
}

/// Everybody who gets a mail, each once.
fn envelope(recipients: &Recipients, own: &Email) -> Vec<Email> {
    let copy = recipients.copy_to_self.then_some(own);
    let mut to: Vec<Email> = Vec::new();
    for email in recipients.seen().chain(copy) {
        if !to.contains(email) {
            to.push(email.clone());
        }
    }
    to
}

/// Writes a demonstration's mail, whole or not at all, under a name of its own.
fn keep(folder: &Path, ready: &Ready) -> Result<PathBuf, Error> {
    let io = |source| Error::Io {
        path: folder.to_owned(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(io)?;
    let name: String = ready
        .shown
        .subject
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() || letter == '-' {
                letter
            } else {
                ' '
            }
        })
        .collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = name.chars().take(FILE_NAME_LETTERS).collect();
    let name = name.trim_end();
    let mut path = folder.join(format!("{name}.eml"));
    let mut count = 1;
    while path.exists() {
        count += 1;
        path = folder.join(format!("{name} ({count}).eml"));
    }
    let draft = path.with_extension("tmp");
    std::fs::write(&draft, &ready.bytes).map_err(io)?;
    std::fs::rename(&draft, &path).map_err(io)?;
    Ok(path)
}
