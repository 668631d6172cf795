//! The mail outbox: what waits is sent, each mail once. The state that a mail's content may have left is
//! committed before it does; what a crash or a broken connection leaves unclear is the owner's to decide.

use std::time::Duration;

use std::path::PathBuf;

use acquit_domain::Cents;
use acquit_domain::id::{InvoiceId, LinkId, MailId};
use acquit_domain::link::{LinkState, Mode, RefusalReason, is_outlived};
use acquit_domain::mail::{
    GIVE_UP_AFTER, LINK_PATIENCE, Mail, MailEvent, MailState, Trouble, next_try, tries_in,
};
use acquit_domain::receipt::Status;
use acquit_mail::Error as E;
use acquit_store::{TurnLock, Writer};
use jiff::{SignedDuration, Timestamp};

use super::SHORTEST_WAIT;
use super::post::{Post, Ready};
use crate::error::mail_code;
use crate::ledger::Account;
use crate::letters::{Wording, listed};
use crate::mailbox::message_id;
use crate::renditions::keep_with_mail;
use crate::sending::keep_shown;
use crate::view::{Document, InvoiceView, Notice};
use crate::{Acquit, Error, message};

/// Name of the turn of this outbox.
const TURN: &str = "mail";
/// While it waits, the outbox looks so often.
const POST_LOOK: Duration = Duration::from_secs(15);
/// No try is put off so far: a time beyond it was set by a clock that has been set back since.
const FAR: SignedDuration = SignedDuration::from_mins(90);
/// Where the disk keeps no locks: a mail that has been leaving for so long has nobody who sends it.
const FORSAKEN_AFTER: SignedDuration = SignedDuration::from_mins(15);
/// A mail that waits for its link looks again so soon.
const LINK_LOOK: SignedDuration = SignedDuration::from_secs(15);
/// A mailbox that needs its owner is asked again so seldom.
const OWNER_DELAY: SignedDuration = SignedDuration::from_hours(1);

/// What one run of the outbox did.
#[derive(Clone, Debug, Default)]
pub struct PostReport {
    /// Mails that the server accepted.
    pub sent: Vec<MailId>,
    /// What failed.
    pub errors: Vec<Notice>,
    /// What the folder of a demonstration got.
    pub files: Vec<PathBuf>,
}

/// What one try of one mail came to.
enum Tried {
    /// It left, or somebody else moved it.
    Done,
    /// It did not; the others can be tried.
    Failed(Error),
    /// Every other one would fail alike.
    AllFail(Error),
}

impl Acquit {
    /// Sends the mails whose time has come. Another program that is at it goes on alone.
    ///
    /// # Errors
    /// A failure of the file. What fails on single mails is in the report.
    pub async fn post(&self) -> Result<PostReport, Error> {
        self.post_until(self.parts.now()).await
    }

    /// Sends all mails that wait, whatever their time.
    ///
    /// # Errors
    /// As [`Self::post`].
    pub async fn post_all(&self) -> Result<PostReport, Error> {
        self.post_until(Timestamp::MAX).await
    }

    /// How long until the next waiting mail is due, a second at least; nothing when none waits.
    #[must_use]
    pub fn next_mail_in(&self) -> Option<Duration> {
        let next = self.file.read(|reader| reader.next_mail_at()).ok()??;
        let wait = Duration::try_from(next.duration_since(self.parts.now())).unwrap_or_default();
        Some(wait.max(SHORTEST_WAIT))
    }

    /// Sends what waits for as long as the future lives: at once when somebody asks, else when the next
    /// mail is due. `asked` is called for a future that ends when somebody asks. Every run that did
    /// something is told.
    pub async fn keep_posting<F: Future<Output = ()>>(
        &self,
        asked: impl Fn() -> F,
        mut tell: impl FnMut(&PostReport),
    ) {
        loop {
            match self.post().await {
                Ok(report) if report.sent.is_empty() && report.errors.is_empty() => {}
                Ok(report) => tell(&report),
                Err(error) => tracing::warn!(%error, "the mail outbox waits"),
            }
            // Another program may queue something, and the computer may sleep.
            let wait = self.next_mail_in().unwrap_or(POST_LOOK).min(POST_LOOK);
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = asked() => {}
            }
        }
    }

    async fn post_until(&self, until: Timestamp) -> Result<PostReport, Error> {
        let mut report = PostReport::default();
        let turn = Turn(self.file.lock_turn(TURN));
        let now = self.parts.now();
        let forsaken = match turn.0 {
            TurnLock::Taken => return Ok(report),
            TurnLock::Ours(_) => Timestamp::MAX,
            TurnLock::Unknown => now - FORSAKEN_AFTER,
        };
        for id in self
            .file
            .read(|reader| reader.mails_handing_over(forsaken))?
        {
            self.move_if(
                id,
                |state| *state == MailState::HandingOver,
                MailEvent::Lost,
            )?;
        }
        let far = now + FAR;
        let due = self.file.read(|reader| reader.due_mails(until, far))?;
        if due.is_empty() {
            return Ok(report);
        }
        let mut post = match Post::open(self).await {
            Ok(post) => post,
            Err(error) => {
                self.postpone_all(&due, &error)?;
                if let Some(id) = due.first() {
                    self.note_mail(&mut report, *id, &error)?;
                }
                return Ok(report);
            }
        };
        for id in &due {
            match self.try_mail(&mut post, *id, &mut report).await? {
                Tried::Done => {}
                Tried::Failed(error) => self.note_mail(&mut report, *id, &error)?,
                Tried::AllFail(error) => {
                    self.note_mail(&mut report, *id, &error)?;
                    self.postpone_all(&due, &error)?;
                    break;
                }
            }
        }
        post.close().await;
        drop(turn);
        Ok(report)
    }

    async fn try_mail(
        &self,
        post: &mut Post<'_>,
        id: MailId,
        report: &mut PostReport,
    ) -> Result<Tried, Error> {
        let Some(mail) = self.waiting(id)? else {
            return Ok(Tried::Done);
        };
        let ready = match self.ready_mail(&mail, post).await {
            Ok(Some(ready)) => ready,
            Ok(None) => return Ok(Tried::Done),
            Err(error @ (Error::Store(_) | Error::Keychain(_))) => return Err(error),
            Err(error) => {
                tracing::warn!(code = error.code(), "a mail cannot be composed");
                self.refuse_mail(id, mail_code(&E::NotComposed), None)?;
                return Ok(Tried::Failed(error));
            }
        };
        if let Err(error) = post.connect().await {
            // Whatever it is, it is about no mail in particular.
            self.failed(id, &error)?;
            return Ok(Tried::AllFail(error.into()));
        }
        match post.send(&mail, &ready, &mut report.files).await {
            Ok(false) => Ok(Tried::Done),
            Ok(true) => {
                self.move_if(id, |_| true, MailEvent::Accepted)?;
                self.all_left_with(&ready.views)?;
                report.sent.push(id);
                Ok(Tried::Done)
            }
            Err(Error::Mail(error)) => {
                if error == E::Unclear {
                    // It may have arrived, and its link with it.
                    self.all_left_with(&ready.views)?;
                }
                self.failed(id, &error)?;
                let ends = error.ends_the_run();
                let error = Error::Mail(error);
                Ok(if ends {
                    Tried::AllFail(error)
                } else {
                    Tried::Failed(error)
                })
            }
            Err(error) => Err(error),
        }
    }

    /// A mail that still waits.
    fn waiting(&self, id: MailId) -> Result<Option<Mail>, Error> {
        let row = self.file.read(|reader| reader.mail(id))?;
        let mail = row.map(|row| row.mail);
        Ok(mail.filter(|mail| matches!(mail.state, MailState::Queued { .. })))
    }

    fn all_left_with(&self, views: &[InvoiceView]) -> Result<(), Error> {
        views.iter().try_for_each(|view| self.left_with(view))
    }

    /// Puts a mail together as of now; nothing yet while it waits for its link, and nothing at all when it
    /// reminds of what is paid.
    async fn ready_mail(&self, mail: &Mail, post: &mut Post<'_>) -> Result<Option<Ready>, Error> {
        let mut views = self.subjects(mail)?;
        let mode = self.connection()?.map(|connection| connection.mode);
        let reminds = self.file.read(|reader| reader.is_reminder(mail.id))?;
        for view in &mut views {
            if reminds && post.has_links {
                post.has_links = self.look_at_link(view).await?;
                *view = self.invoice(view.id)?;
            }
            if lacks_link(view, mode) && post.has_links {
                *view = self.prepare_link(view.id).await?;
                post.has_links = !lacks_link(view, mode);
            }
        }
        if reminds {
            // PayPlug may just have told of a payment, or of money that went back.
            views.retain(|view| view.standing.payable().is_positive());
        }
        if views.is_empty() {
            self.move_if(mail.id, is_queued, MailEvent::Withdrawn)?;
            return Ok(None);
        }
        let now = self.parts.now();
        let lacks_any = views.iter().any(|view| lacks_link(view, mode));
        if lacks_any && !has_waited_for_link(&mail.state, now) {
            let next_at = now + LINK_LOOK;
            let event = MailEvent::WaitsForLink { now, next_at };
            self.move_if(mail.id, is_queued, event)?;
            return Ok(None);
        }
        let asks = views.iter().map(|view| (view.id, asks(view))).collect();
        let from = post.from();
        let files = self.file.read(|reader| reader.files_of_mail(mail.id))?;
        let wording = Wording {
            recipients: &mail.recipients,
            subject: &mail.subject,
            body: &mail.body,
            from,
        };
        let views = views.into_iter().map(|view| self.leaving(view, &wording));
        let views: Vec<InvoiceView> = views.collect::<Result<_, _>>()?;
        let (carried, mut attachments) = self.attachments(&views, &files)?;
        attachments.extend(self.statement_with_mail(mail.id, &views)?);
        let shown = self.shown(&views, &wording, listed(&attachments))?;
        let row = self.file.read(|reader| reader.mail(mail.id))?;
        let first = row.and_then(|row| row.message_id);
        let id = first.unwrap_or_else(|| message_id(&mail.id.to_string(), from.1));
        let bytes = self.message(&shown, &wording, &id, &attachments, false)?;
        Ok(Some(Ready {
            views,
            asks,
            shown,
            id,
            bytes,
            carried,
        }))
    }

    /// What a failure means for a mail.
    fn failed(&self, id: MailId, error: &E) -> Result<(), Error> {
        let address = match error {
            E::RecipientRefused(email) | E::AccentedAddress(email) => Some(email.to_string()),
            _ => None,
        };
        let code = mail_code(error);
        if *error == E::Unclear {
            return self.move_if(id, |_| true, MailEvent::Lost);
        }
        let Some(row) = self.file.read(|reader| reader.mail(id))? else {
            return Ok(());
        };
        let now = self.parts.now();
        // One that left and came back: since when it is tried is not known any more, but when it was written.
        let (tries, since) = match row.mail.state {
            MailState::Queued { tries, since, .. } => (tries, since),
            _ => (
                tries_in(now.duration_since(row.mail.written_at)),
                row.mail.written_at,
            ),
        };
        let age = now.duration_since(since);
        let asks_for_ever = matches!(error, E::Later { .. }) && age >= GIVE_UP_AFTER;
        if asks_for_ever || !(error.may_pass() || error.concerns_the_server()) {
            return self.refuse_mail(id, code, address);
        }
        let next_at = if error.may_pass() {
            next_try(now, tries, self.parts.jitter())
        } else {
            now + OWNER_DELAY
        };
        let trouble = Trouble {
            code: code.to_owned(),
            address,
        };
        self.postpone(id, trouble, next_at)
    }

    /// What keeps one mail from leaving keeps all: each waits with the same reason, so that none asks
    /// again at once.
    fn postpone_all(&self, due: &[MailId], error: &Error) -> Result<(), Error> {
        let now = self.parts.now();
        let (is_owners, code) = match error {
            // What is unclear for one mail is a server that stalls, for the others.
            Error::Mail(E::Unclear) => (false, mail_code(&E::Unreachable)),
            Error::Mail(error) => (!error.may_pass(), mail_code(error)),
            error => (true, error.code()),
        };
        self.file.write(|writer| {
            for id in due {
                let Some(row) = writer.mail(*id)? else {
                    continue;
                };
                let MailState::Queued { tries, next_at, .. } = row.mail.state else {
                    continue;
                };
                // Put off already, and not by a clock that has been set back since.
                if next_at > now && next_at <= now + FAR {
                    continue;
                }
                let next_at = if is_owners {
                    now + OWNER_DELAY
                } else {
                    next_try(now, tries, self.parts.jitter())
                };
                let trouble = Trouble {
                    code: code.to_owned(),
                    address: None,
                };
                self.move_mail(writer, &row.mail, MailEvent::Postponed { trouble, next_at })?;
            }
            Ok(())
        })
    }

    fn postpone(&self, id: MailId, trouble: Trouble, next_at: Timestamp) -> Result<(), Error> {
        self.move_if(
            id,
            |state| matches!(state, MailState::Queued { .. } | MailState::HandingOver),
            MailEvent::Postponed { trouble, next_at },
        )
    }

    fn refuse_mail(&self, id: MailId, code: &str, address: Option<String>) -> Result<(), Error> {
        let trouble = Trouble {
            code: code.to_owned(),
            address,
        };
        self.move_if(
            id,
            |state| matches!(state, MailState::Queued { .. } | MailState::HandingOver),
            MailEvent::Refused(trouble),
        )
    }

    /// Moves a mail if it still is where it is thought to be.
    fn move_if(
        &self,
        id: MailId,
        is_there: impl Fn(&MailState) -> bool,
        event: MailEvent,
    ) -> Result<(), Error> {
        self.file.write(|writer| match writer.mail(id)? {
            Some(row) if is_there(&row.mail.state) => self.move_mail(writer, &row.mail, event),
            _ => Ok(()),
        })
    }

    /// Commits that a mail's content is about to leave; `false` when somebody took it back meanwhile, or
    /// when what it asks for is not so any more: then it is composed again.
    pub(super) fn hands_over(&self, mail: MailId, ready: &Ready) -> Result<bool, Error> {
        self.file.write(|writer| {
            let Some(row) = writer.mail(mail)? else {
                return Ok(false);
            };
            if !is_queued(&row.mail.state) {
                return Ok(false);
            }
            for (invoice, asks) in &ready.asks {
                if asked_now(writer, *invoice)? != *asks {
                    return Ok(false);
                }
            }
            for row in writer.reminders_of_mail(mail)? {
                if ready
                    .asks
                    .iter()
                    .all(|(invoice, _)| *invoice != row.invoice)
                {
                    writer.void_reminder(mail, row.invoice)?;
                }
            }
            self.move_mail(writer, &row.mail, MailEvent::HandingOver)?;
            keep_shown(writer, mail, &ready.shown, &ready.id)?;
            keep_with_mail(writer, mail, &ready.carried)?;
            Ok(true)
        })
    }

    fn note_mail(&self, report: &mut PostReport, id: MailId, error: &Error) -> Result<(), Error> {
        let number = self.file.read(|reader| {
            let row = reader.mail(id)?;
            let document = row
                .map(|row| reader.document(row.mail.invoice))
                .transpose()?;
            Ok::<_, Error>(document.flatten().map(|document| document.number))
        })?;
        report.errors.push(Notice {
            invoice: number,
            code: error.code().to_owned(),
            sentence: message::sentence(error),
        });
        Ok(())
    }
}

/// The turn of this outbox, given back when it ends. To close its file is not enough: a program that is just
/// being started has a copy of it for a moment, and with it the lock.
struct Turn(TurnLock);

impl Drop for Turn {
    fn drop(&mut self) {
        if let TurnLock::Ours(file) = &self.0
            && let Err(error) = file.unlock()
        {
            tracing::warn!(%error, "the turn ends with its file");
        }
    }
}

/// What a document asks for: how much, and by which link.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Asks {
    payable: Cents,
    status: Option<Status>,
    link: Option<(LinkId, &'static str)>,
}

fn asks(view: &InvoiceView) -> Asks {
    match &view.document {
        Document::Finalised(document) if document.is_invoice() => Asks {
            payable: view.standing.payable(),
            status: Some(view.standing.status),
            link: view.link.as_ref().map(|link| (link.id, link.state.code())),
        },
        _ => Asks::default(),
    }
}

/// What a document asks for in this transaction.
fn asked_now(writer: &Writer<'_>, invoice: InvoiceId) -> Result<Asks, Error> {
    let document = writer.document(invoice)?;
    let document = document.ok_or(Error::Inconsistent("mail"))?;
    if !document.is_invoice() {
        return Ok(Asks::default());
    }
    let account = Account::read(writer, invoice)?;
    let link = writer.links_of(invoice)?.pop();
    Ok(Asks {
        payable: account.standing.payable(),
        status: Some(account.standing.status),
        link: link.map(|row| (row.link.id, row.link.state.code())),
    })
}

fn is_queued(state: &MailState) -> bool {
    matches!(state, MailState::Queued { .. })
}

/// Whether a link is wanted that is not there: with an account of this `mode` one is to come.
fn lacks_link(view: &InvoiceView, mode: Option<Mode>) -> bool {
    let (Some(mode), true) = (mode, view.standing.payable().is_positive()) else {
        return false;
    };
    let Some(link) = &view.link else {
        return false;
    };
    match &link.state {
        LinkState::Open(hosted) => {
            is_outlived(hosted.mode, Some(mode)) || link.amount != view.standing.payable()
        }
        LinkState::Refused { reason } => *reason == RefusalReason::NotConnected,
        LinkState::Requested { .. }
        | LinkState::Aborting(_)
        | LinkState::Aborted(_)
        | LinkState::Dead(_) => true,
        _ => false,
    }
}

/// Whether a mail has waited long enough for its link. A clock that was set back makes it so.
fn has_waited_for_link(state: &MailState, now: Timestamp) -> bool {
    let MailState::Queued { since, .. } = state else {
        return false;
    };
    let waited = now.duration_since(*since);
    state.waits_for_link() && (waited >= LINK_PATIENCE || waited.is_negative())
}
