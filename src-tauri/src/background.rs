//! The pull in the background, and what it makes the window say.

use std::sync::Arc;
use std::time::Duration;

use acquit_app::{NoticeKind, Pace, PostReport, Pulled, Told, UntilAsked, Woken, message};
use acquit_domain::money::french_euros;
use acquit_domain::receipt::Status;
use jiff::{SignedDuration, Timestamp};
use tauri::AppHandle;
use tauri::async_runtime::spawn;
use tauri_plugin_notification::NotificationExt;
use tauri_specta::Event;
use tokio::sync::Notify;

use crate::dto::{Money, Pull, PullState};
use crate::events::{Changed, News, NewsKind, PullChanged, Source};
use crate::state::Session;

/// How often another program's writing is looked for: one pragma, no disk access.
const WATCH: Duration = Duration::from_secs(1);
/// The embedded simulator costs nothing: a demonstration shows its payments at once.
const DEMONSTRATION_PULL: Duration = Duration::from_secs(2);

/// Starts what lives as long as the session.
pub(crate) fn start(app: &AppHandle, session: &Arc<Session>) {
    for task in [
        spawn(pull(app.clone(), Arc::clone(session))),
        spawn(watch(app.clone(), Arc::clone(session))),
        spawn(post(app.clone(), Arc::clone(session))),
    ] {
        session.adopt(task);
    }
}

/// Pulls as long as the session lives; the same loop as `acquit-cli sync --watch`.
async fn pull(app: AppHandle, session: Arc<Session>) {
    let acquit = &session.acquit;
    let mut mark = acquit.event_mark().ok();
    let tell = |told| match told {
        Told::Begins => begins(&app, &session),
        Told::Ended(pulled) => {
            // A link that was made, or a refund that was refused, changes what is shown too.
            let now = session.acquit.event_mark().ok();
            let has_moved = now != mark;
            mark = now;
            ended(&app, &session, &pulled, has_moved);
        }
    };
    if session.is_demonstration() {
        acquit
            .watch(
                &mut Quick {
                    wake: &session.wake,
                },
                tell,
            )
            .await;
    } else {
        let asked = || session.wake.notified();
        let mut pace = UntilAsked::new(acquit, asked, std::future::pending::<()>);
        acquit.watch(&mut pace, tell).await;
    }
}

/// The pace of a demonstration, whose payments are to show at once.
struct Quick<'a> {
    wake: &'a Notify,
}

impl Pace for Quick<'_> {
    async fn rest(&mut self, _wait: Duration) -> Woken {
        let next = tokio::time::sleep(DEMONSTRATION_PULL);
        tokio::select! {
            () = next => {}
            () = self.wake.notified() => {}
        }
        Woken::Asked
    }
}

/// A demonstration asks every other second: its line stays calm.
fn begins(app: &AppHandle, session: &Session) {
    let before = session.pull();
    if before.state == PullState::NotConnected || session.is_demonstration() {
        return;
    }
    let state = match before.state {
        PullState::Waiting => PullState::Waiting,
        _ => PullState::Running,
    };
    say(app, session, Pull { state, ..before });
}

fn ended(app: &AppHandle, session: &Session, pulled: &Pulled, has_moved: bool) {
    let problem = match &pulled.outcome {
        Ok(report) => report
            .errors
            .first()
            .map(|notice| (notice.code.clone(), notice.sentence.fr.clone())),
        Err(error) => Some((error.code().to_owned(), message::sentence(error).fr)),
    };
    let is_first = session.pull().state == PullState::Waiting;
    if tell_news(app, session) || has_moved || is_first {
        tell_changed(app, Source::Pull);
    }
    let state = match &problem {
        None => PullState::Fine,
        Some((code, _)) if code == "not_connected" => PullState::NotConnected,
        Some(_) => PullState::Failed,
    };
    let (code, sentence) = problem.unzip();
    let wait = pulled.next_in;
    say(app, session, line(session, state, code, sentence, wait));
}

fn line(
    session: &Session,
    state: PullState,
    code: Option<String>,
    sentence: Option<String>,
    wait: Duration,
) -> Pull {
    let last = session.acquit.last_pull().ok().flatten();
    let next_at = last.as_ref().and_then(|last| {
        SignedDuration::try_from(wait)
            .ok()
            .map(|wait| last.last_run_at + wait)
    });
    Pull {
        state,
        succeeded_at: last
            .and_then(|last| last.last_success_at)
            .map(|at: Timestamp| at.to_string()),
        sentence,
        code,
        next_at: next_at
            .filter(|_| !session.is_demonstration())
            .map(|at| at.to_string()),
    }
}

/// Sends what waits in the mail outbox as long as the session lives.
async fn post(app: AppHandle, session: Arc<Session>) {
    let asked = || session.post.notified();
    let tell = |_: &PostReport| tell_changed(&app, Source::Pull);
    session.acquit.keep_posting(asked, tell).await;
}

/// Looks for what other windows and programs wrote.
async fn watch(app: AppHandle, session: Arc<Session>) {
    let mut seen = session.acquit.foreign_version().ok();
    loop {
        tokio::time::sleep(WATCH).await;
        let now = session.acquit.foreign_version().ok();
        if now != seen {
            seen = now;
            tell_changed(&app, Source::Elsewhere);
            tell_news(&app, &session);
        }
    }
}

/// Changes the status line where it says something else.
fn say(app: &AppHandle, session: &Session, pull: Pull) {
    if session.set_pull(pull.clone()) {
        emit(PullChanged { pull }.emit(app));
    }
}

/// Tells the window that what it shows may be old.
pub(crate) fn tell_changed(app: &AppHandle, source: Source) {
    emit(Changed { source }.emit(app));
}

/// Tells what happened while nobody looked: a toast in the window and a notification of the system.
/// Whether there was anything to tell.
fn tell_news(app: &AppHandle, session: &Session) -> bool {
    let taken = session.acquit.take_news();
    let news = match taken {
        Ok(news) => news,
        Err(error) => {
            tracing::warn!(%error, "news wait for the next look");
            return false;
        }
    };
    let told = !news.is_empty();
    for one in news {
        let number = one.invoice.number.map(|number| number.to_string());
        let one_told = News {
            kind: kind(one.kind),
            invoice: one.invoice.id.to_string(),
            number: number.unwrap_or_default(),
            customer: one.invoice.customer,
            amount: Money::from(one.amount),
            is_settled: one.invoice.status == Status::Settled,
        };
        notify(app, &one_told, &french_euros(one.amount));
        emit(one_told.emit(app));
    }
    told
}

const fn kind(kind: NoticeKind) -> NewsKind {
    match kind {
        NoticeKind::Paid => NewsKind::Paid,
        NoticeKind::PaidTooMuch => NewsKind::PaidTooMuch,
        NoticeKind::Refunded => NewsKind::Refunded,
        NoticeKind::Refused => NewsKind::Refused,
        NoticeKind::PaidInTest => NewsKind::PaidInTest,
        NoticeKind::ChargedBack => NewsKind::ChargedBack,
        NoticeKind::RefundRefused => NewsKind::RefundRefused,
    }
}

fn notify(app: &AppHandle, news: &News, amount: &str) {
    let (title, what) = match news.kind {
        NewsKind::Paid | NewsKind::PaidTooMuch => ("Paiement reçu", format!("{amount} de")),
        NewsKind::PaidInTest => ("Paiement de test", format!("{amount} de")),
        NewsKind::Refunded => ("Remboursement", format!("{amount} à")),
        NewsKind::Refused => ("Carte refusée", "Le paiement de".to_owned()),
        NewsKind::ChargedBack => ("Paiement contesté", format!("{amount} de")),
        NewsKind::RefundRefused => ("Remboursement refusé", format!("{amount} à")),
    };
    let body = match news.kind {
        NewsKind::Refused => format!(
            "{what} {} n’a pas abouti, facture {}.",
            news.customer, news.number
        ),
        _ => format!("{what} {}, facture {}.", news.customer, news.number),
    };
    let shown = app.notification().builder().title(title).body(body).show();
    // No notification service on this desktop: the toast in the window says the same.
    if let Err(error) = shown {
        tracing::debug!(%error, "no notification of the system");
    }
}

fn emit(outcome: tauri::Result<()>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "the window was not told");
    }
}
