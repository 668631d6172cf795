//! The life of a mail, from the outbox to the server's acceptance: states, events, delays, recipients.

use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, Rule};
use crate::id::{InvoiceId, MailId};
use crate::limits::RECIPIENTS_MAX;
use crate::text::Email;

/// Delay after the first failed try, in seconds; it doubles with each.
const FIRST_DELAY_S: i64 = 30;
/// Longest delay between two tries.
const LONGEST_DELAY_S: i64 = 3_600;
/// A mail that nobody took for so long is refused: the owner must know while it matters.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(48);
/// A mail waits for its payment link for so long at most.
pub const LINK_PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// Code of a mail that waits for its payment link.
pub const LINK_PENDING: &str = "link_pending";

/// Why a try failed: a stable code, and the address at fault where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Stable code.
    pub code: String,
    /// The address that the server does not take.
    pub address: Option<String>,
}

/// Where a mail stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailState {
    /// It waits for its turn, or for another try.
    Queued {
        /// Tries that failed so far.
        tries: u32,
        /// Not before.
        next_at: Timestamp,
        /// Since when it is tried: it was written, somebody wanted another try, or it first missed its link.
        since: Timestamp,
        /// Why the last try failed.
        trouble: Option<Trouble>,
    },
    /// Its content was about to go to the server: it may have arrived although no answer came.
    HandingOver,
    /// The server accepted it.
    Sent,
    /// Refused for good.
    Refused(Trouble),
    /// Whether it arrived is not known: the owner decides.
    Unclear,
    /// Taken back before it left.
    Withdrawn,
    /// Opened in the person's own mail program.
    Elsewhere,
}

/// What can happen to a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailEvent {
    /// A try failed before the content left, or the server asks to come back later.
    Postponed {
        /// Why.
        trouble: Trouble,
        /// When to try again.
        next_at: Timestamp,
    },
    /// Its payment link is still to come: no try that failed.
    WaitsForLink {
        /// When that was seen.
        now: Timestamp,
        /// When to look again.
        next_at: Timestamp,
    },
    /// The content is about to leave.
    HandingOver,
    /// The server has accepted it.
    Accepted,
    /// The server will never accept it as it is.
    Refused(Trouble),
    /// The connection broke, or the program ended, after the content began to leave.
    Lost,
    /// The owner takes it back.
    Withdrawn,
    /// The owner wants another try now.
    TriedAgain(Timestamp),
    /// The owner knows that it arrived.
    Arrived,
}

impl MailState {
    /// A mail that has just been written.
    #[must_use]
    pub const fn written(now: Timestamp) -> Self {
        Self::Queued {
            tries: 0,
            next_at: now,
            since: now,
            trouble: None,
        }
    }

    /// The stable word of the state.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "queued",
            Self::HandingOver => "handing_over",
            Self::Sent => "sent",
            Self::Refused(_) => "refused",
            Self::Unclear => "unclear",
            Self::Withdrawn => "withdrawn",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// Why the last try failed.
    #[must_use]
    pub const fn trouble(&self) -> Option<&Trouble> {
        match self {
            Self::Queued { trouble, .. } => trouble.as_ref(),
            Self::Refused(trouble) => Some(trouble),
            _ => None,
        }
    }

    /// Whether it waits for its payment link.
    #[must_use]
    pub fn waits_for_link(&self) -> bool {
        matches!(self, Self::Queued { .. })
            && self.trouble().is_some_and(|why| why.code == LINK_PENDING)
    }

    /// The state after an event.
    ///
    /// # Errors
    /// [`Rule::ImpossibleTransition`].
    pub fn after(&self, event: MailEvent) -> Result<Self, Error> {
        use MailEvent as E;
        Ok(match (self, event) {
            (Self::Queued { tries, since, .. }, E::Postponed { trouble, next_at }) => {
                Self::Queued {
                    tries: tries.saturating_add(1),
                    next_at,
                    since: *since,
                    trouble: Some(trouble),
                }
            }
            (Self::Queued { tries, since, .. }, E::WaitsForLink { now, next_at }) => Self::Queued {
                tries: *tries,
                next_at,
                since: if self.waits_for_link() { *since } else { now },
                trouble: Some(Trouble {
                    code: LINK_PENDING.to_owned(),
                    address: None,
                }),
            },
            // A 4xx after the content: the server says itself that it did not keep it.
            (Self::HandingOver, E::Postponed { trouble, next_at }) => Self::Queued {
                tries: 1,
                next_at,
                // Since when is not known any more: it left in between.
                since: next_at,
                trouble: Some(trouble),
            },
            (Self::Queued { .. }, E::HandingOver) => Self::HandingOver,
            (Self::HandingOver | Self::Unclear, E::Accepted) => Self::Sent,
            (Self::Queued { .. } | Self::HandingOver, E::Refused(trouble)) => {
                Self::Refused(trouble)
            }
            (Self::HandingOver, E::Lost) => Self::Unclear,
            (Self::Queued { .. } | Self::Refused(_), E::Withdrawn) => Self::Withdrawn,
            (Self::Queued { .. } | Self::Refused(_) | Self::Unclear, E::TriedAgain(now)) => {
                Self::written(now)
            }
            (Self::Unclear, E::Arrived) => Self::Sent,
            _ => return Err(Error::at("state", Rule::ImpossibleTransition)),
        })
    }
}

/// When a mail is tried again after `tries` failures: longer and longer, spread by `jitter` (0 … 999)
/// so that not all come back together.
#[must_use]
pub fn next_try(now: Timestamp, tries: u32, jitter: u16) -> Timestamp {
    let doubled = FIRST_DELAY_S.saturating_mul(1_i64 << tries.min(20));
    let delay = doubled.min(LONGEST_DELAY_S);
    let spread = delay * i64::from(jitter) / 4_000;
    now + SignedDuration::from_secs(delay + spread)
}

/// About how many tries a mail had that has been tried for so long, with the delays of [`next_try`].
#[must_use]
pub fn tries_in(age: SignedDuration) -> u32 {
    let delays = age.as_secs().max(0) / FIRST_DELAY_S;
    (delays + 1).ilog2()
}

/// Who gets a mail.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Recipients {
    /// To whom it is written.
    pub to: Vec<Email>,
    /// Who gets a copy.
    pub cc: Vec<Email>,
    /// Whether the sender gets a copy that the others do not see.
    pub copy_to_self: bool,
}

impl Recipients {
    /// All addresses that people see, `to` first.
    pub fn seen(&self) -> impl Iterator<Item = &Email> {
        self.to.iter().chain(&self.cc)
    }
}

/// Reads addresses as people type them: separated by commas, semicolons, blanks or line ends; each
/// once.
///
/// # Errors
/// [`Rule::OneIsNotAnEmail`], [`Rule::TooManyRecipients`].
pub fn addresses(typed: &str) -> Result<Vec<Email>, Rule> {
    let mut read: Vec<Email> = Vec::new();
    let parts = typed.split(|letter: char| matches!(letter, ',' | ';') || letter.is_whitespace());
    for part in parts.filter(|part| !part.is_empty()) {
        let shown = || part.chars().take(60).collect();
        let address = Email::parse(part).map_err(|_| Rule::OneIsNotAnEmail(shown()))?;
        if !read.contains(&address) {
            read.push(address);
        }
        if read.len() > RECIPIENTS_MAX {
            return Err(Rule::TooManyRecipients {
                most: RECIPIENTS_MAX,
            });
        }
    }
    Ok(read)
}

/// A mail in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Identity; part of the Message-ID, which is fixed before anything leaves.
    pub id: MailId,
    /// Of which invoice.
    pub invoice: InvoiceId,
    /// To whom.
    pub recipients: Recipients,
    /// Subject, with variables.
    pub subject: String,
    /// Body, with variables.
    pub body: String,
    /// Where it stands.
    pub state: MailState,
    /// When it was written.
    pub written_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::{MailEvent as E, MailState, Trouble, addresses, next_try, tries_in};
    use crate::error::Rule;
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::{Just, Strategy, prop_oneof};
    use proptest::{collection, proptest};

    fn trouble() -> Trouble {
        Trouble {
            code: "smtp_later".to_owned(),
            address: None,
        }
    }

    #[test]
    fn delays_grow_to_an_hour_and_are_spread() {
        let now = Timestamp::UNIX_EPOCH;
        let after = |tries, jitter| next_try(now, tries, jitter).duration_since(now).as_secs();
        assert_eq!((after(0, 0), after(1, 0), after(2, 0)), (30, 60, 120));
        assert_eq!(after(30, 0), 3_600);
        assert_eq!(after(30, 999), 3_600 + 899);
    }

    #[test]
    fn tries_are_known_by_their_time() {
        let (mut tries, mut age) = (0, 0);
        while tries < 8 {
            assert_eq!(tries_in(SignedDuration::from_secs(age)), tries);
            age += next_try(Timestamp::UNIX_EPOCH, tries, 0).as_second();
            tries += 1;
        }
        assert_eq!(tries_in(SignedDuration::from_secs(-1)), 0);
    }

    #[test]
    fn addresses_are_read_as_people_type_them() {
        let read = addresses("a@b.fr; c@d.fr,\n a@b.fr  é@électricité.fr").unwrap();
        let read: Vec<&str> = read.iter().map(crate::text::Email::as_str).collect();
        assert_eq!(read, ["a@b.fr", "c@d.fr", "é@électricité.fr"]);
        assert_eq!(addresses("  "), Ok(Vec::new()));
        assert_eq!(
            addresses("a@b.fr, paul"),
            Err(Rule::OneIsNotAnEmail("paul".to_owned()))
        );
        let hundred: String = (0..100).map(|number| format!("a{number}@b.fr,")).collect();
        assert_eq!(
            addresses(&hundred),
            Err(Rule::TooManyRecipients { most: 20 })
        );
    }

    /// What the owner and the server can do, in any order.
    fn events() -> impl Strategy<Value = Vec<E>> {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1);
        let postponed = E::Postponed {
            trouble: trouble(),
            next_at: now,
        };
        let any = prop_oneof![
            Just(postponed),
            Just(E::WaitsForLink { now, next_at: now }),
            Just(E::HandingOver),
            Just(E::Accepted),
            Just(E::Refused(trouble())),
            Just(E::Lost),
            Just(E::Withdrawn),
            Just(E::TriedAgain(now)),
            Just(E::Arrived),
        ];
        collection::vec(any, 0..40)
    }

    proptest! {
        /// The content leaves only from `Queued`; a mail that was accepted or taken back stays so; one
        /// whose outcome is unclear leaves again only when the owner says so.
        #[test]
        fn no_order_of_events_sends_twice_unasked(events in events()) {
            let mut state = MailState::written(Timestamp::UNIX_EPOCH);
            let mut may_leave = true;
            for event in events {
                let Ok(after) = state.after(event.clone()) else { continue };
                match (&state, &event) {
                    (MailState::Sent | MailState::Withdrawn | MailState::Elsewhere, _) => panic!("{state:?} ended"),
                    (_, E::HandingOver) => {
                        assert!(may_leave, "left twice");
                        may_leave = false;
                    }
                    // The server said no, or the owner asks for it.
                    (_, E::Postponed { .. } | E::TriedAgain(_)) => may_leave = true,
                    _ => {}
                }
                state = after;
            }
        }
    }
}
