//! The pull: reads what PayPlug says of every link that may still change, the cheapest way, and
//! settles (`payment-links.md` §§ 2–3). Once a day all that PayPlug has is compared.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::link::{FileNature, Mode, is_outlived};
use acquit_domain::remote::{PaymentId, RemotePayment};
use acquit_domain::schedule::{DAY_S, PageProgress, Reading, Watch, cheaper, due_in_s};
use acquit_domain::settlement::settle;
use acquit_store::{LinkRow, Reader, Stranger, WatchedRow};
use jiff::{SignedDuration, Timestamp};

use super::{Depth, is_a_day_ago, is_current, note_failure};
use crate::message;
use crate::payplug::Remote;
use crate::view::{Notice, SyncReport};
use crate::{Acquit, Error};

/// Payments asked for on one page (PayPlug's own limit rules the real length).
const PAGE: u32 = 100;
/// The comparison looks back over so many pages at most; watched links are looked for further.
const COMPARED_PAGES_MAX: u32 = 200;
/// Dead and aborted links are watched for so long: a late payment settles as usual.
const ENDED_WATCH_DAYS: i64 = 30;
/// Paid links without an end of refunds are watched for so long.
const PAID_WATCH_DAYS: i64 = 400;
/// The embedded simulator costs nothing: a demonstration shows its payments at once.
const DEMONSTRATION_S: i64 = 2;
/// A wish that waits for PayPlug's answer is tried again so soon.
const WISH_S: i64 = 15;

/// Links still to read in this activation, by payment.
type Unseen = BTreeMap<PaymentId, WatchedRow>;

/// What is to be read with one key.
struct Plan {
    mode: Mode,
    unseen: Unseen,
    /// Whether all that PayPlug has is compared.
    compares: bool,
}

impl Acquit {
    /// Reads what is due and records what is new.
    pub(super) async fn pull(
        &self,
        current: &Remote,
        depth: Depth,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        if current.mode == Mode::Test && self.has_live_links_without_key()? {
            note_failure(report, None, &Error::LiveLinksUnread);
        }
        for plan in self.plans(current.mode, depth)? {
            let mode = plan.mode;
            if is_current(current, mode) {
                self.pull_mode(current, plan, report).await?;
                continue;
            }
            let mut own_report = SyncReport::default();
            let payments: Vec<PaymentId> = plan.unseen.keys().cloned().collect();
            match self.own_remote(current, mode).await {
                Ok(own) => {
                    let remote = own.as_ref().unwrap_or(current);
                    self.pull_mode(remote, plan, &mut own_report).await?;
                }
                // Removed from the keychain by other hands: nothing can be read with it.
                Err(Error::NotConnected) => {
                    self.file.write(|writer| writer.forget_key(mode))?;
                }
                Err(error) => {
                    note_failure(&mut own_report, None, &error);
                }
            }
            if mode == Mode::Test && !own_report.errors.is_empty() {
                // Nobody hears of it, so no back-off follows: their turn comes again like any other's.
                for payment in &payments {
                    self.reads.note_payment(payment, self.parts.now());
                }
            }
            take_over(report, own_report, mode);
        }
        Ok(())
    }

    /// Whether customers hold Live links that nobody reads, because their key is gone.
    fn has_live_links_without_key(&self) -> Result<bool, Error> {
        self.file.read(|reader| {
            let kept = reader.connections()?.into_iter().filter(|row| row.is_kept);
            if kept.map(|row| row.mode).any(|mode| mode == Mode::Live) {
                return Ok(false);
            }
            let watched = reader.watched_links(self.parts.now())?;
            let mut hosted = watched.iter().filter_map(|row| row.row.link.state.hosted());
            Ok(hosted.any(|hosted| hosted.mode == Mode::Live))
        })
    }

    /// What is to be read, one plan for each key that is kept and has something to read.
    fn plans(&self, current: Mode, depth: Depth) -> Result<Vec<Plan>, Error> {
        let now = self.parts.now();
        let kept = self.file.read(|reader| reader.connections())?;
        let mut plans: Vec<Plan> = kept
            .into_iter()
            .filter(|row| row.is_kept)
            .map(|row| Plan {
                mode: row.mode,
                unseen: Unseen::new(),
                compares: self.compares(row.mode, current, depth, now),
            })
            .collect();
        let daily = plans.iter().any(|plan| plan.compares);
        let is_eager = depth == Depth::Everything || self.nature()? == FileNature::Demonstration;
        for (due, row) in self.watched(now, current, daily)? {
            let Some(hosted) = row.row.link.state.hosted() else {
                continue;
            };
            let (mode, payment) = (hosted.mode, hosted.payment.clone());
            if let Some(plan) = plans.iter_mut().find(|plan| plan.mode == mode)
                && (plan.compares || is_eager || due <= 0)
            {
                plan.unseen.insert(payment, row);
            }
        }
        plans.retain(|plan| plan.compares || !plan.unseen.is_empty());
        Ok(plans)
    }

    /// Whether all that PayPlug has of a mode is compared now: money, or what is current.
    fn compares(&self, mode: Mode, current: Mode, depth: Depth, now: Timestamp) -> bool {
        let matters = mode == current || mode == Mode::Live;
        let at = self.reads.compared_at(mode);
        matters && (depth == Depth::Everything || at.is_none_or(|at| is_a_day_ago(at, now)))
    }

    /// Watched links that there is a key for, with the seconds until each is due; paid ones only
    /// where the day's comparison reads them, and some weeks beyond the end of refunds: nobody may
    /// have looked since the last one was made. What a Test key made and cannot be paid any more
    /// concerns nobody once the account is Live.
    fn watched(
        &self,
        now: Timestamp,
        current: Mode,
        daily: bool,
    ) -> Result<Vec<(i64, WatchedRow)>, Error> {
        let ago = |days: i64| now - SignedDuration::from_secs(days * DAY_S);
        let (rows, kept) = self.file.read(|reader| {
            let mut rows = reader.watched_links(ago(ENDED_WATCH_DAYS))?;
            if daily {
                let (until, paid_after) = (ago(ENDED_WATCH_DAYS), ago(PAID_WATCH_DAYS));
                rows.extend(reader.refundable_links(until, paid_after)?);
            }
            Ok::<_, Error>((rows, reader.connections()?))
        })?;
        let is_kept = |mode: Mode| kept.iter().any(|row| row.is_kept && row.mode == mode);
        let hosted = |row: &WatchedRow| row.row.link.state.hosted().cloned();
        let ids: Vec<PaymentId> = rows
            .iter()
            .filter_map(|row| hosted(row).map(|hosted| hosted.payment))
            .collect();
        let read = self.reads.payments_of(ids.iter());
        let seconds = |at: Timestamp| now.duration_since(at).as_secs();
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let hosted = row.row.link.state.hosted()?;
                let watch = Watch::of(&row.row.link.state)?;
                let is_over = watch == Watch::Ended && is_outlived(hosted.mode, Some(current));
                if is_over || !is_kept(hosted.mode) {
                    return None;
                }
                let since_read = read.get(&hosted.payment).map(|at| seconds(*at));
                let age = seconds(aged_from(watch, &row, hosted.created_at));
                Some((due_in_s(watch, age, since_read), row))
            })
            .collect())
    }

    /// Seconds until something is due: a watched link, a wish, the day's comparison.
    pub(super) fn due_in_s(&self) -> Result<i64, Error> {
        let now = self.parts.now();
        let (under_way, connection) = self.file.read(|reader| {
            let under_way = reader.has_links_under_way()?;
            Ok::<_, Error>((under_way, reader.current_connection()?))
        })?;
        let Some(connection) = connection else {
            return Ok(DAY_S);
        };
        if connection.mode == Mode::Demo {
            return Ok(DEMONSTRATION_S);
        }
        let compared = self.reads.compared_at(connection.mode);
        let comparison = compared.map_or(0, |at| {
            let since = now.duration_since(at).as_secs();
            if since < 0 { 0 } else { (DAY_S - since).max(0) }
        });
        let watched = self.watched(now, connection.mode, false)?;
        let links = watched.into_iter().map(|(due, _)| due);
        let wish = under_way.then_some(WISH_S);
        Ok(links.chain(wish).min().unwrap_or(DAY_S).min(comparison))
    }

    /// Pages while they are cheaper, or to the end for a comparison; then single reads for what they
    /// did not show.
    async fn pull_mode(
        &self,
        remote: &Remote,
        plan: Plan,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        let mut unseen = plan.unseen;
        let oldest = unseen.values().filter_map(created_at).min();
        let mut progress = None;
        while goes_on(plan.compares, unseen.len(), progress) {
            self.keep_turn()?;
            let number = progress.map_or(0, |progress: PageProgress| progress.pages);
            let page = match remote.payments(number, PAGE).await {
                Ok(page) => page,
                Err(error) => {
                    note_failure(report, None, &error.into());
                    return Ok(());
                }
            };
            let has_more = page.has_more && !page.payments.is_empty();
            let payments: Vec<RemotePayment> = page.payments.into_iter().flatten().collect();
            progress = Some(advance(progress, &payments, oldest, has_more));
            let reached = self
                .take_page(remote, payments, &mut unseen, plan.compares, report)
                .await?;
            if !reached {
                return Ok(());
            }
        }
        if self.read_singly(remote, unseen, report).await? && plan.compares {
            self.reads.note_comparison(plan.mode, self.parts.now());
        }
        Ok(())
    }

    /// Reads each payment by itself; whether PayPlug could be reached to the end.
    async fn read_singly(
        &self,
        remote: &Remote,
        unseen: Unseen,
        report: &mut SyncReport,
    ) -> Result<bool, Error> {
        for (payment, row) in unseen {
            self.keep_turn()?;
            let outcome = match remote.payment(&payment).await {
                Ok(answer) => self.take_in(remote, &row, &answer, report).await,
                Err(error) => Err(error.into()),
            };
            if !self.looked_at(&payment, &row, outcome, report)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A watched payment was looked at, perhaps to no avail: that is an error on it alone, and its
    /// turn comes again like any other's. `false` when PayPlug is out of reach.
    fn looked_at(
        &self,
        payment: &PaymentId,
        row: &WatchedRow,
        outcome: Result<(), Error>,
        report: &mut SyncReport,
    ) -> Result<bool, Error> {
        if let Err(error) = outcome {
            let number = self
                .file
                .read(|reader| reader.document(row.row.link.invoice))?
                .map(|found| found.number);
            if note_failure(report, number, &error) {
                return Ok(false);
            }
        }
        self.reads.note_payment(payment, self.parts.now());
        Ok(true)
    }

    /// Takes in the watched payments of a page, and looks at the others; whether PayPlug could be
    /// reached to the end.
    async fn take_page(
        &self,
        remote: &Remote,
        payments: Vec<RemotePayment>,
        unseen: &mut Unseen,
        compares: bool,
        report: &mut SyncReport,
    ) -> Result<bool, Error> {
        let mut others = Vec::new();
        for payment in payments {
            match unseen.remove(&payment.id) {
                Some(row) => {
                    let outcome = self.take_in(remote, &row, &payment, report).await;
                    if !self.looked_at(&payment.id, &row, outcome, report)? {
                        return Ok(false);
                    }
                }
                None => others.push(payment),
            }
        }
        if others.is_empty() {
            return Ok(true);
        }
        let others = self
            .file
            .read(|reader| Others::sort(reader, others, compares))?;
        self.note_strangers(remote.mode, others.strange)?;
        for (payment, invoice) in others.late {
            if let Err(error) = self.record(remote, &payment, report).await {
                let found = self.file.read(|reader| reader.document(invoice))?;
                if note_failure(report, found.map(|found| found.number), &error) {
                    return Ok(false);
                }
            }
        }
        for payment in others.seconds {
            let outcome = match self.take_back_second(remote, payment).await {
                Ok(payment) => self.record(remote, &payment, report).await,
                Err(error) => Err(error),
            };
            if let Err(error) = outcome
                && note_failure(report, None, &error)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A second payment for one link is taken back while nobody has paid it: there is one payable
    /// page for an invoice at most.
    async fn take_back_second(
        &self,
        remote: &Remote,
        second: RemotePayment,
    ) -> Result<RemotePayment, Error> {
        if second.is_paid || second.failure.is_some() {
            return Ok(second);
        }
        match remote.abort(&second.id).await {
            Err(acquit_payplug::Error::AlreadyEnded) => Ok(remote.payment(&second.id).await?),
            answer => Ok(answer?),
        }
    }

    fn note_strangers(&self, mode: Mode, strange: Vec<Strange>) -> Result<(), Error> {
        if strange.is_empty() {
            return Ok(());
        }
        let seen_at = self.parts.now();
        self.file.write(|writer| {
            for one in strange {
                match one {
                    Strange::Ended(payment) => writer.forget_stranger(&payment)?,
                    Strange::Seen(payment) => writer.upsert_stranger(&Stranger {
                        payment: payment.id,
                        mode,
                        amount: payment.amount,
                        is_paid: payment.is_paid,
                        created_at: payment.created_at,
                        paid_at: payment.paid_at,
                        description: payment.description,
                        seen_at,
                    })?,
                }
            }
            Ok(())
        })
    }

    /// Looks at what one watched payment tells; only what is new opens a transaction.
    async fn take_in(
        &self,
        remote: &Remote,
        row: &WatchedRow,
        payment: &RemotePayment,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        let is_known =
            settle(&row.row.link, payment, row.refunded).is_ok_and(|facts| facts.is_empty());
        if is_known {
            report.checked += 1;
            return Ok(());
        }
        self.record(remote, payment, report).await
    }

    /// Records what one payment tells, and its refunds where there are new ones.
    pub(super) async fn record(
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
            let refunds = remote.refunds(&payment.id).await?;
            let recorded = self.absorb_refunds(payment, &refunds)?;
            report.refunds.extend(recorded);
        }
        Ok(())
    }
}

/// Payments of a page that nobody watches.
#[derive(Default)]
struct Others {
    /// Of a link that is watched no more, with money that is not recorded; with their invoices.
    late: Vec<(RemotePayment, InvoiceId)>,
    /// Of a link that has another payment.
    seconds: Vec<RemotePayment>,
    /// Not ours.
    strange: Vec<Strange>,
}

impl Others {
    fn sort(
        reader: &Reader<'_>,
        payments: Vec<RemotePayment>,
        compares: bool,
    ) -> Result<Self, Error> {
        let mut sorted = Self::default();
        for payment in payments {
            if let Some(row) = reader.link_of_payment(&payment.id)? {
                if tells_something_new(reader, &row, &payment)? {
                    sorted.late.push((payment, row.link.invoice));
                }
                continue;
            }
            let named = match payment.link_id() {
                Some(id) => reader.link(id)?,
                None => None,
            };
            match named {
                Some(row) if row.link.state.hosted().is_some() => sorted.seconds.push(payment),
                // The outbox will adopt it.
                Some(_) => {}
                None if compares => {
                    let known = reader.stranger_paid(&payment.id)?;
                    sorted.strange.extend(Strange::of(payment, known));
                }
                None => {}
            }
        }
        Ok(sorted)
    }
}

/// Whether a payment of a link that is no longer watched tells what is not recorded.
fn tells_something_new(
    reader: &Reader<'_>,
    row: &LinkRow,
    payment: &RemotePayment,
) -> Result<bool, Error> {
    let receipt = reader.receipt_of_payment(&payment.id)?;
    let refunded = receipt.map_or(Cents::ZERO, |row| row.refunded);
    Ok(!settle(&row.link, payment, refunded).is_ok_and(|facts| facts.is_empty()))
}

/// What is new about a payment that is not here.
enum Strange {
    /// It waits to be paid, or was paid.
    Seen(Box<RemotePayment>),
    /// It was noted, and ended without money.
    Ended(PaymentId),
}

impl Strange {
    /// `known`: whether it is noted already, and if so whether as paid.
    fn of(payment: RemotePayment, known: Option<bool>) -> Option<Self> {
        let ended = !payment.is_paid && payment.failure.is_some();
        match known {
            None if ended => None,
            Some(_) if ended => Some(Self::Ended(payment.id)),
            Some(was_paid) if was_paid == payment.is_paid => None,
            _ => Some(Self::Seen(Box::new(payment))),
        }
    }
}

/// Adds what was read with the key of another mode. Of a Test key that is no longer current nobody
/// needs to hear that it fails.
fn take_over(report: &mut SyncReport, own: SyncReport, mode: Mode) {
    report.checked += own.checked;
    report.settled.extend(own.settled);
    report.refunds.extend(own.refunds);
    report.anomalies.extend(own.anomalies);
    report.retry_after = report.retry_after.max(own.retry_after);
    if mode == Mode::Test {
        for error in own.errors {
            tracing::warn!(code = error.code, "test links not read");
        }
    } else {
        report.errors.extend(own.errors);
    }
}

/// From when the age of a link counts: the later of made and last sent; for one that ended, its end.
fn aged_from(watch: Watch, row: &WatchedRow, created_at: Timestamp) -> Timestamp {
    match watch {
        Watch::Payable => row
            .row
            .carried_at
            .map_or(created_at, |at| at.max(created_at)),
        Watch::Ended | Watch::Refundable => row.row.changed_at,
    }
}

fn created_at(row: &WatchedRow) -> Option<Timestamp> {
    row.row.link.state.hosted().map(|hosted| hosted.created_at)
}

/// Whether another page is read. A comparison goes to the end, or so far back that only watched links
/// are of interest.
fn goes_on(compares: bool, unseen: usize, progress: Option<PageProgress>) -> bool {
    if !compares {
        return cheaper(unseen, progress) == Reading::Page;
    }
    progress.is_none_or(|progress| {
        let is_deep = progress.pages >= COMPARED_PAGES_MAX;
        progress.has_more && (!is_deep || cheaper(unseen, Some(progress)) == Reading::Page)
    })
}

/// What the pages read so far tell about those still to come. Without a link to watch, and after a
/// page that names no instant, nothing is left to cover.
fn advance(
    before: Option<PageProgress>,
    payments: &[RemotePayment],
    oldest_watched: Option<Timestamp>,
    has_more: bool,
) -> PageProgress {
    let seconds = |from: Timestamp, to: Timestamp| from.duration_since(to).as_secs();
    let newest = payments.first().map(|payment| payment.created_at);
    let oldest = payments.last().map(|payment| payment.created_at);
    let uncovered = |oldest: Option<Timestamp>| match (oldest, oldest_watched) {
        (Some(oldest), Some(watched)) => seconds(oldest, watched),
        (None, Some(_)) => before.map_or(0, |before| before.uncovered_s),
        (_, None) => -1,
    };
    let uncovered_s = uncovered(oldest);
    // Since the page before: the gap between the two counts as well.
    let covered = match (before, newest, oldest) {
        (Some(before), _, Some(_)) => before.uncovered_s - uncovered_s,
        (None, Some(newest), Some(oldest)) => seconds(newest, oldest),
        _ => 0,
    };
    let count = u32::try_from(payments.len()).unwrap_or(u32::MAX);
    PageProgress {
        pages: before.map_or(0, |before| before.pages) + 1,
        seen: before.map_or(0, |before| before.seen).saturating_add(count),
        covered_s: before.map_or(0, |before| before.covered_s) + covered.max(0),
        uncovered_s,
        has_more,
    }
}
