//! Mails from the outbox to a real SMTP server behind TLS: what arrives, what fails at which stage, and that no crash sends one
//! twice.

mod browser;
mod bulk;
mod contacts;
mod crashes;
mod desk;
mod killed;
mod letters;
mod limits;
mod mailboxes;
mod moments;
mod office;
mod outcomes;
mod reminders;
mod turns;

use std::time::Duration;

/// Waits until something is true.
pub(crate) async fn until(what: &str, mut is_true: impl FnMut() -> bool) {
    let waiting = async {
        let mut tick = tokio::time::interval(Duration::from_millis(1));
        while !is_true() {
            tick.tick().await;
        }
    };
    let patience = Duration::from_secs(60);
    let waited = tokio::time::timeout(patience, waiting).await;
    assert!(waited.is_ok(), "waited in vain: {what}");
}
