//! The form of every reconciler: an activation without input that looks at the whole state, moves
//! it one step, and may be repeated or cut off anywhere. No retry loop inside: the next activation
//! is the retry. One at a time across processes, through a lease.

mod links;
mod pull;

use std::time::Duration;

use acquit_domain::numbering::DocumentNumber;
use acquit_domain::schedule::patience_s;
use acquit_store::Writer;
use jiff::{SignedDuration, Timestamp};

use crate::payplug::Remote;
use crate::view::{Notice, SyncReport};
use crate::{Acquit, Error, message};

/// Name of the lease that both reconcilers run under.
pub(crate) const LEASE: &str = "payplug";
/// A crashed holder blocks others for so long at most.
const LEASE_SECONDS: i64 = 120;
/// How long a run waits for its turn, and how often it asks.
const TURN_POLLS: u32 = 200;
const TURN_POLL: Duration = Duration::from_millis(100);
/// How long an action in the foreground waits for PayPlug (`payment-links.md` § 1).
pub(crate) const FOREGROUND_WAIT: Duration = Duration::from_secs(10);

impl Acquit {
    /// Runs the link outbox, the pull with its settlements, and the link outbox again; everything
    /// counts as due.
    ///
    /// # Errors
    /// [`Error::NotConnected`], no keychain, [`Error::PullBusy`]. What fails on single links is in
    /// the report.
    pub async fn sync(&self) -> Result<SyncReport, Error> {
        let current = self.current_remote().await?;
        let mut report = SyncReport::default();
        self.in_turn(async {
            self.reconcile_links(&current, &mut report).await?;
            self.pull(&current, &mut report).await?;
            self.reconcile_links(&current, &mut report).await
        })
        .await?;
        report.requests += current.sent();
        let error = report.errors.first().map(|notice| notice.code.clone());
        self.file
            .write(|writer| writer.set_reconciler(LEASE, self.parts.now(), error.as_deref()))?;
        Ok(report)
    }

    /// How long until the next pull is worth its requests: the youngest link decides.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn next_pull_in(&self) -> Result<Duration, Error> {
        let now = self.parts.now();
        let links = self.file.read(|reader| reader.active_links())?;
        let age = links
            .iter()
            .map(|row| now.duration_since(row.link.wished_at).as_secs())
            .min();
        let seconds = patience_s(age.unwrap_or(i64::MAX));
        Ok(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
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
            self.file
                .write(|writer| writer.take_lease(LEASE, &holder, now, until))
        };
        let mut polls = 0;
        while !take()? {
            polls += 1;
            if polls == TURN_POLLS {
                return Err(Error::PullBusy);
            }
            self.parts.clock().sleep(TURN_POLL).await;
        }
        let _turn = Turn {
            acquit: self,
            holder: &holder,
        };
        work.await
    }
}

/// A turn that is given back when it ends, also when a time-out cuts it short.
struct Turn<'a> {
    acquit: &'a Acquit,
    holder: &'a str,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
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
    matches!(
        error,
        Error::Payplug(
            E::Unauthorised
                | E::Forbidden
                | E::Unreachable
                | E::Unavailable { .. }
                | E::TooManyRequests { .. }
        ) | Error::Keychain(_)
            | Error::Store(_)
    )
}

/// What a reconciler needs of a mode's client besides its answers.
pub(crate) fn is_current(remote: &Remote, mode: acquit_domain::link::Mode) -> bool {
    remote.mode == mode
}
