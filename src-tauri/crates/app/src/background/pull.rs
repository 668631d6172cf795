//! The pull: reads what PayPlug says of every link that may still change, the cheapest way, and
//! settles (`payment-links.md` §§ 2–3).

use std::collections::BTreeMap;

use acquit_domain::link::Mode;
use acquit_domain::remote::{PaymentId, RemotePayment};
use acquit_domain::schedule::{PageProgress, Reading, cheaper};
use acquit_store::LinkRow;
use jiff::{SignedDuration, Timestamp};

use super::{is_current, note_failure};
use crate::message;
use crate::payplug::Remote;
use crate::view::{Notice, SyncReport};
use crate::{Acquit, Error};

/// Payments asked for on one page (PayPlug's own limit rules the real length).
const PAGE: u32 = 100;
/// Dead and aborted links are watched for so long: a late payment settles as usual.
const ENDED_WATCH_DAYS: i64 = 30;
/// Paid links without an end of refunds are watched for so long.
const PAID_WATCH_DAYS: i64 = 400;
const DAY_S: i64 = 86_400;

/// Links still to read in this activation, by payment.
type Unseen = BTreeMap<PaymentId, LinkRow>;

impl Acquit {
    /// Reads every watched link once and records what is new.
    pub(super) async fn pull(
        &self,
        current: &Remote,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        let mut by_mode: BTreeMap<&'static str, (Mode, Unseen)> = BTreeMap::new();
        for row in self.watched()? {
            let Some(hosted) = row.link.state.hosted().cloned() else {
                continue;
            };
            let (_, unseen) = by_mode
                .entry(hosted.mode.code())
                .or_insert_with(|| (hosted.mode, Unseen::new()));
            unseen.insert(hosted.payment, row);
        }
        for (mode, unseen) in by_mode.into_values() {
            if is_current(current, mode) {
                self.pull_mode(current, unseen, report).await?;
                continue;
            }
            match self.remote(mode).await {
                Ok(remote) => {
                    self.pull_mode(&remote, unseen, report).await?;
                    report.requests += remote.sent();
                }
                Err(error) => {
                    note_failure(report, None, &error);
                }
            }
        }
        Ok(())
    }

    fn watched(&self) -> Result<Vec<LinkRow>, Error> {
        let now = self.parts.now();
        let ago = |days: i64| now - SignedDuration::from_secs(days * DAY_S);
        Ok(self.file.read(|reader| {
            reader.watched_links(now, ago(ENDED_WATCH_DAYS), ago(PAID_WATCH_DAYS))
        })?)
    }

    /// Pages while they are cheaper, then single reads for what they did not show.
    async fn pull_mode(
        &self,
        remote: &Remote,
        mut unseen: Unseen,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        let oldest = unseen.values().filter_map(created_at).min();
        let mut progress = None;
        while cheaper(unseen.len(), progress) == Reading::Page {
            let page = match remote
                .payments(
                    progress.map_or(0, |progress: PageProgress| progress.pages),
                    PAGE,
                )
                .await
            {
                Ok(page) => page,
                Err(error) => {
                    note_failure(report, None, &error.into());
                    return Ok(());
                }
            };
            let payments: Vec<&RemotePayment> = page
                .payments
                .iter()
                .filter_map(|one| one.as_ref().ok())
                .collect();
            progress = Some(advance(progress, &payments, oldest, page.has_more));
            for payment in payments {
                if unseen.remove(&payment.id).is_some() || self.is_second(payment)? {
                    self.take_in(remote, payment, report).await?;
                }
            }
        }
        for (payment, row) in unseen {
            let outcome = match remote.payment(&payment).await {
                Ok(answer) => self.take_in(remote, &answer, report).await,
                Err(error) => Err(error.into()),
            };
            if let Err(error) = outcome {
                let number = self
                    .file
                    .read(|reader| reader.document(row.link.invoice))?
                    .map(|found| found.number);
                if note_failure(report, number, &error) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whether an unknown payment carries the UUID of one of our links.
    fn is_second(&self, payment: &RemotePayment) -> Result<bool, Error> {
        let Some(id) = payment.link_id() else {
            return Ok(false);
        };
        self.file.read(|reader| {
            let unknown = reader.link_of_payment(&payment.id)?.is_none();
            Ok(unknown && reader.link(id)?.is_some())
        })
    }

    /// Records what one payment tells, and its refunds where there are new ones.
    async fn take_in(
        &self,
        remote: &Remote,
        payment: &RemotePayment,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        let absorbed = self.absorb(payment)?;
        report.checked += 1;
        report.settled.extend(absorbed.settled);
        if let Some((number, anomaly)) = absorbed.anomaly {
            report.anomalies.push(Notice {
                invoice: Some(number),
                code: anomaly.code().to_owned(),
                sentence: message::anomaly(&anomaly),
            });
        }
        if absorbed.refunds_to_read {
            match remote.refunds(&payment.id).await {
                Ok(refunds) => report
                    .refunds
                    .extend(self.absorb_refunds(payment, &refunds)?),
                Err(error) => {
                    note_failure(report, None, &error.into());
                }
            }
        }
        Ok(())
    }
}

fn created_at(row: &LinkRow) -> Option<Timestamp> {
    row.link.state.hosted().map(|hosted| hosted.created_at)
}

/// What the pages read so far tell about those still to come.
fn advance(
    before: Option<PageProgress>,
    payments: &[&RemotePayment],
    oldest_watched: Option<Timestamp>,
    has_more: bool,
) -> PageProgress {
    let seconds = |from: Timestamp, to: Timestamp| from.duration_since(to).as_secs();
    let newest = payments.first().map(|payment| payment.created_at);
    let oldest = payments.last().map(|payment| payment.created_at);
    let covered = match (newest, oldest) {
        (Some(newest), Some(oldest)) => seconds(newest, oldest),
        _ => 0,
    };
    PageProgress {
        pages: before.map_or(0, |before| before.pages) + 1,
        covered_s: before.map_or(0, |before| before.covered_s) + covered,
        uncovered_s: match (oldest, oldest_watched) {
            (Some(oldest), Some(watched)) => seconds(oldest, watched),
            _ => 0,
        },
        has_more: has_more && !payments.is_empty(),
    }
}
