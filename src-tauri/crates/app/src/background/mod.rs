//! The form of every reconciler: an activation without input that looks at the whole state, moves
//! it one step, and may be repeated or cut off anywhere. No retry loop inside: the next activation
//! is the retry. One at a time across processes, through a lease that ends with its holder.

mod carrying;
mod links;
pub(crate) mod mails;
mod post;
mod pull;
mod reads;
mod refunds;
pub(crate) mod watch;

pub(crate) use reads::Reads;

use std::time::Duration;

use acquit_domain::numbering::DocumentNumber;
use acquit_domain::schedule::DAY_S;
use acquit_store::{TurnLock, Writer};
use jiff::{SignedDuration, Timestamp};

use crate::payplug::{Remote, checked_account};
use crate::view::{Notice, SyncReport};
use crate::{Acquit, Error, message};

/// Name of the lease that both reconcilers run under.
pub(crate) const LEASE: &str = "payplug";
/// A crashed holder blocks others for so long at most.
const LEASE_SECONDS: i64 = 120;
/// A long run renews its lease when it is so old.
const LEASE_RENEWED_AFTER_S: i64 = 60;
/// Even when something is due at once, two pulls are so far apart.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// How long a run waits for its turn, and how often it asks.
const TURN_POLLS: u32 = 200;
const TURN_POLL: Duration = Duration::from_millis(100);
/// How long a request may travel after its connection broke.
const ON_ITS_WAY: Duration = Duration::from_secs(2);
/// How long an action in the foreground waits for PayPlug (`payment-links.md` § 1).
pub(crate) const FOREGROUND_WAIT: Duration = Duration::from_secs(10);

/// Code of a request that PayPlug refused as it was.
const REJECTED: &str = "payplug_rejected";

/// How much a run asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    /// What is due by its age.
    Due,
    /// Every watched link, and the comparison with all that PayPlug has.
    Everything,
}

impl Acquit {
    /// Runs the link outbox, the refund outbox, the pull with its settlements, the link outbox again, and
    /// the mail outbox; everything counts as due, and PayPlug's whole list is compared.
    ///
    /// # Errors
    /// [`Error::NotConnected`], no keychain, [`Error::PullBusy`]; mails leave all the same. What fails on
    /// single links and mails is in the report.
    pub async fn sync(&self) -> Result<SyncReport, Error> {
        let outcome = self.activate(Depth::Everything).await;
        let posted = self.post_all().await;
        let mut report = outcome?;
        let posted = posted?;
        report.mails = posted.sent.len();
        report.mail_errors = posted.errors;
        Ok(report)
    }

    /// The same for every link and refund, without the mails.
    ///
    /// # Errors
    /// As [`Self::sync`].
    pub(crate) async fn pull_all(&self) -> Result<SyncReport, Error> {
        self.activate(Depth::Everything).await
    }

    /// The same for what is due by its age: young links are read more often than old ones, paid ones
    /// and the whole list once a day.
    ///
    /// # Errors
    /// As [`Self::sync`].
    pub async fn pull_due(&self) -> Result<SyncReport, Error> {
        self.activate(Depth::Due).await
    }

    async fn activate(&self, depth: Depth) -> Result<SyncReport, Error> {
        let current = self.current_remote().await?;
        let mut report = SyncReport::default();
        let outcome = self
            .in_turn(async {
                self.reconcile_links(&current, &mut report).await?;
                self.reconcile_refunds(&current, &mut report).await?;
                self.pull(&current, depth, &mut report).await?;
                self.refresh_account(&current, &mut report).await?;
                self.reconcile_links(&current, &mut report).await
            })
            .await;
        report.requests = current.sent();
        let error = match &outcome {
            // Another program has the turn, and tells what comes of it.
            Err(Error::PullBusy) => return Err(Error::PullBusy),
            Err(error) => Some(error.code().to_owned()),
            Ok(()) => report.errors.first().map(|notice| notice.code.clone()),
        };
        let noted = self
            .file
            .write(|writer| writer.set_reconciler(LEASE, self.parts.now(), error.as_deref()));
        outcome.and(noted.map_err(Error::from)).map(|()| report)
    }

    /// A request whose connection broke at `since` may still be on its way: looking for what it made
    /// at once could miss it, and make it a second time.
    async fn let_it_arrive(&self, since: Timestamp) {
        let age = self.parts.now().duration_since(since);
        let age = age.unsigned_abs().min(ON_ITS_WAY);
        self.parts.clock().pause(ON_ITS_WAY - age).await;
    }

    /// Reads once a day what the account allows, so that changed bounds take effect; at once when
    /// PayPlug refused a request, as they may be the reason. Left for later while PayPlug is out of
    /// reach.
    async fn refresh_account(
        &self,
        current: &Remote,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        let now = self.parts.now();
        let Some(row) = self.file.read(|reader| reader.current_connection())? else {
            return Ok(());
        };
        let read_at = self.reads.account_at(row.mode).max(Some(row.connected_at));
        let is_due = read_at.is_none_or(|at| is_a_day_ago(at, now))
            || report.errors.iter().any(|error| error.code == REJECTED);
        if row.mode != current.mode || report.is_cut_short || !is_due {
            return Ok(());
        }
        match checked_account(current).await {
            Ok(account) => {
                self.reads.note_account(row.mode, now);
                if (&account.limits, &account.permissions) == (&row.limits, &row.permissions) {
                    return Ok(());
                }
                self.file.write(|writer| {
                    writer.set_account(row.mode, &account.limits, &account.permissions)?;
                    let told = (row.mode.code(), &account.limits, &account.permissions);
                    self.audit(writer, "payplug_account_changed", &told)
                })
            }
            Err(error) => {
                note_failure(report, None, &error);
                Ok(())
            }
        }
    }

    /// How long until the next pull is worth its requests.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn next_pull_in(&self) -> Result<Duration, Error> {
        let seconds = self.due_in_s()?;
        Ok(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)).max(SHORTEST_WAIT))
    }

    /// Runs `work` while holding the lease, so that two processes on one file take turns.
    pub(crate) async fn in_turn<T>(
        &self,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let holder = self.parts.uuid().to_string();
        let take = || {
            let now = self.parts.now();
            let until: Timestamp = now + SignedDuration::from_secs(LEASE_SECONDS);
            let lock = self.file.lock_turn(LEASE);
            let taken: Result<bool, acquit_store::Error> = match &lock {
                TurnLock::Taken => Ok(false),
                TurnLock::Ours(_) => self
                    .file
                    .write(|writer| writer.take_over_lease(LEASE, &holder, until))
                    .map(|()| true),
                TurnLock::Unknown => self
                    .file
                    .write(|writer| writer.take_lease(LEASE, &holder, now, until)),
            };
            Ok::<_, Error>(taken?.then_some(lock))
        };
        let mut polls = 0;
        let lock = loop {
            if let Some(lock) = take()? {
                break lock;
            }
            polls += 1;
            if polls == TURN_POLLS {
                return Err(Error::PullBusy);
            }
            self.parts.clock().pause(TURN_POLL).await;
        };
        self.reads
            .set_turn(Some((holder.clone(), self.parts.now())));
        let _turn = Turn {
            acquit: self,
            holder: &holder,
            _lock: lock,
        };
        work.await
    }

    /// Renews the lease of a run that takes long. Somebody who found it expired has the turn now:
    /// then this run ends.
    fn keep_turn(&self) -> Result<(), Error> {
        let now = self.parts.now();
        let Some((holder, since)) = self.reads.turn() else {
            return Ok(());
        };
        if now.duration_since(since).as_secs() < LEASE_RENEWED_AFTER_S {
            return Ok(());
        }
        let until = now + SignedDuration::from_secs(LEASE_SECONDS);
        let kept = self
            .file
            .write(|writer| writer.take_lease(LEASE, &holder, now, until))?;
        if !kept {
            return Err(Error::PullBusy);
        }
        self.reads.set_turn(Some((holder, now)));
        Ok(())
    }
}

/// A turn that is given back when it ends, also when a time-out cuts it short; the system's lock
/// goes last.
struct Turn<'a> {
    acquit: &'a Acquit,
    holder: &'a str,
    _lock: TurnLock,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.acquit.reads.set_turn(None);
        let release = |writer: &Writer<'_>| writer.release_lease(LEASE, self.holder);
        if let Err(error) = self.acquit.file.write(release) {
            tracing::warn!(%error, "the lease ends by itself");
        }
    }
}

/// Adds what failed on one invoice to a report; `true` when PayPlug as a whole is out of reach and
/// going on would only repeat it.
fn note_failure(report: &mut SyncReport, invoice: Option<DocumentNumber>, error: &Error) -> bool {
    report.errors.push(Notice {
        invoice,
        code: error.code().to_owned(),
        sentence: message::sentence(error),
    });
    use acquit_payplug::Error as E;
    if let Error::Payplug(error) = error {
        report.retry_after = report.retry_after.max(error.retry_after());
    }
    let is_out_of_reach = matches!(
        error,
        Error::Payplug(
            E::Unauthorised
                | E::Forbidden
                | E::Unreachable
                | E::Unavailable { .. }
                | E::TooManyRequests { .. }
        ) | Error::Keychain(_)
            | Error::Store(_)
    );
    report.is_cut_short |= is_out_of_reach;
    is_out_of_reach
}

/// Whether something of a daily kind is due again; a clock that was set back makes it so.
fn is_a_day_ago(at: Timestamp, now: Timestamp) -> bool {
    let since = now.duration_since(at).as_secs();
    !(0..DAY_S).contains(&since)
}

/// What a reconciler needs of a mode's client besides its answers.
pub(crate) fn is_current(remote: &Remote, mode: acquit_domain::link::Mode) -> bool {
    remote.mode == mode
}
