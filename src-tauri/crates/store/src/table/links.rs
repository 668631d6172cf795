//! Links and attempts. At most one active link per invoice, each PayPlug payment at most once.

use acquit_domain::Cents;
use acquit_domain::id::{InvoiceId, LinkId};
use acquit_domain::link::{Hosted, LinkState, Mode, PastLink, PaymentLink};
use acquit_domain::remote::PaymentId;
use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, instant, mistyped, optional_instant, text, to_word, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[
    Step {
        id: "2026-11-23-40-links",
        sql: "CREATE TABLE links (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            invoice_id TEXT NOT NULL REFERENCES documents (id),
            amount INTEGER NOT NULL,
            state TEXT NOT NULL,
            reason TEXT CHECK ((reason IS NOT NULL) = (state = 'refused')),
            attempted_at INTEGER CHECK (attempted_at IS NULL OR state = 'requested'),
            payment TEXT UNIQUE,
            url TEXT,
            mode TEXT,
            remote_created_at INTEGER,
            refundable_until INTEGER,
            wished_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL,
            CHECK ((payment IS NULL) = (state IN ('requested', 'refused'))),
            CHECK ((payment IS NULL) = (url IS NULL)),
            CHECK ((payment IS NULL) = (mode IS NULL)),
            CHECK ((payment IS NULL) = (remote_created_at IS NULL))
          ) STRICT;
          CREATE UNIQUE INDEX one_active_link ON links (invoice_id)
            WHERE state IN ('requested', 'refused', 'open', 'aborting');
          CREATE INDEX links_of_invoice ON links (invoice_id, seq);
          CREATE INDEX links_by_state ON links (state, changed_at);
          CREATE TABLE attempts (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            link_id TEXT NOT NULL REFERENCES links (id),
            at INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            UNIQUE (link_id, outcome)
          ) STRICT;",
    },
    Step {
        id: "2026-11-25-21-refund-window",
        sql: "ALTER TABLE links ADD COLUMN refundable_after INTEGER;",
    },
    Step {
        id: "2026-11-25-40-link-lives",
        sql: "ALTER TABLE links ADD COLUMN carried_at INTEGER;
              ALTER TABLE links ADD COLUMN by_itself INTEGER NOT NULL DEFAULT 0 CHECK (by_itself IN (0, 1));
              ALTER TABLE links ADD COLUMN died_at INTEGER;
              ALTER TABLE links ADD COLUMN attempted_mode TEXT;
              UPDATE links SET died_at = changed_at WHERE state = 'dead';",
    },
    Step {
        id: "2026-11-27-60-attached-payments",
        sql: "ALTER TABLE links ADD COLUMN origin TEXT NOT NULL DEFAULT 'asked' CHECK (origin IN ('asked', 'attached'));",
    },
];

/// A link and what the store knows beside it.
#[derive(Clone, Debug)]
pub struct LinkRow {
    /// The link.
    pub link: PaymentLink,
    /// When its state last changed.
    pub changed_at: Timestamp,
    /// From when on PayPlug takes refunds of it.
    pub refundable_after: Option<Timestamp>,
    /// Until when PayPlug takes refunds of it.
    pub refundable_until: Option<Timestamp>,
    /// When it last left for the customer (copied, on paper, by mail).
    pub carried_at: Option<Timestamp>,
    /// Whether it replaced a dead one although nothing was about to carry it.
    pub by_itself: bool,
    /// When PayPlug was first seen to report a failure.
    pub died_at: Option<Timestamp>,
    /// With which key it was asked for, as long as the outcome of that is unclear.
    pub attempted_mode: Option<Mode>,
}

impl LinkRow {
    /// What the rules of replacement ask of it.
    #[must_use]
    pub fn past(&self) -> PastLink {
        PastLink {
            wished_at: self.link.wished_at,
            by_itself: self.by_itself,
            carried_at: self.carried_at,
            mode: self.link.state.hosted().map(|hosted| hosted.mode),
        }
    }
}

/// A link that is read again and again, with what is known of its receipt.
#[derive(Clone, Debug)]
pub struct WatchedRow {
    /// The link.
    pub row: LinkRow,
    /// Sum of the refunds recorded of its receipt.
    pub refunded: Cents,
}

/// A failed try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// When it was seen.
    pub at: Timestamp,
    /// PayPlug's code.
    pub outcome: String,
}

fn hosted(row: &Row<'_>) -> rusqlite::Result<Hosted> {
    let payment: String = row.get("payment")?;
    Ok(Hosted {
        payment: PaymentId::parse(&payment).ok_or_else(|| mistyped("payment"))?,
        url: row.get("url")?,
        mode: word(row, "mode")?,
        created_at: instant(row, "remote_created_at")?,
    })
}

fn state(row: &Row<'_>) -> rusqlite::Result<LinkState> {
    let code: String = row.get("state")?;
    Ok(match code.as_str() {
        "requested" => LinkState::Requested {
            attempted_at: optional_instant(row, "attempted_at")?,
        },
        "refused" => LinkState::Refused {
            reason: word(row, "reason")?,
        },
        "open" => LinkState::Open(hosted(row)?),
        "aborting" => LinkState::Aborting(hosted(row)?),
        "aborted" => LinkState::Aborted(hosted(row)?),
        "dead" => LinkState::Dead(hosted(row)?),
        "paid" => LinkState::Paid(hosted(row)?),
        "paid_test" => LinkState::PaidTest(hosted(row)?),
        "partly_refunded" => LinkState::PartlyRefunded(hosted(row)?),
        "refunded" => LinkState::Refunded(hosted(row)?),
        "disputed" => LinkState::Disputed(hosted(row)?),
        _ => return Err(mistyped("state")),
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<LinkRow> {
    let link = PaymentLink {
        id: text(row, "id")?,
        invoice: text(row, "invoice_id")?,
        amount: cents(row, "amount")?,
        state: state(row)?,
        wished_at: instant(row, "wished_at")?,
        origin: word(row, "origin")?,
    };
    Ok(LinkRow {
        link,
        changed_at: instant(row, "changed_at")?,
        refundable_after: optional_instant(row, "refundable_after")?,
        refundable_until: optional_instant(row, "refundable_until")?,
        carried_at: optional_instant(row, "carried_at")?,
        by_itself: row.get("by_itself")?,
        died_at: optional_instant(row, "died_at")?,
        attempted_mode: match row.get::<_, Option<String>>("attempted_mode")? {
            Some(_) => Some(word(row, "attempted_mode")?),
            None => None,
        },
    })
}

fn watched(row: &Row<'_>) -> rusqlite::Result<WatchedRow> {
    Ok(WatchedRow {
        row: read(row)?,
        refunded: cents(row, "refunded")?,
    })
}

impl Reader<'_> {
    /// A link.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn link(&self, id: LinkId) -> Result<Option<LinkRow>, Error> {
        self.first("SELECT * FROM links WHERE id = ?1", [id.to_string()], read)
    }

    /// The link of a PayPlug payment.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn link_of_payment(&self, payment: &PaymentId) -> Result<Option<LinkRow>, Error> {
        self.first(
            "SELECT * FROM links WHERE payment = ?1",
            [payment.as_str()],
            read,
        )
    }

    /// All links of an invoice, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn links_of(&self, invoice: InvoiceId) -> Result<Vec<LinkRow>, Error> {
        self.all(
            "SELECT * FROM links WHERE invoice_id = ?1 ORDER BY seq",
            [invoice.to_string()],
            read,
        )
    }

    /// Active links that the outbox may have to move: wishes, refused ones with something to pay,
    /// those being taken back, and open ones that ask for another amount than their invoice, or that
    /// a Test key made before the account went Live.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn links_to_move(&self, current: Mode) -> Result<Vec<LinkRow>, Error> {
        self.all(
            "SELECT k.* FROM links k JOIN invoice_list l ON l.id = k.invoice_id
             WHERE k.state IN ('requested', 'aborting')
                OR (k.state = 'refused' AND (l.remaining > 0 OR k.reason <> 'nothing_due'))
                OR (k.state = 'open' AND (k.amount <> l.remaining OR (k.mode = 'test' AND ?1 = 'live') OR l.status = 'cancelled'
                     OR EXISTS (SELECT 1 FROM receipts r JOIN refunds b ON b.receipt_id = r.id
                                WHERE r.invoice_id = k.invoice_id)))
             ORDER BY k.seq",
            [to_word(&current)?],
            read,
        )
    }

    /// Links that stand for their invoice: requested, refused, open and aborting ones.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn active_links(&self) -> Result<Vec<LinkRow>, Error> {
        self.all(
            "SELECT * FROM links WHERE state IN ('requested', 'refused', 'open', 'aborting') ORDER BY seq",
            [],
            read,
        )
    }

    /// Whether a wish waits for an answer, or a link to be taken back.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn has_links_under_way(&self) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM links WHERE state IN ('requested', 'aborting'))",
            [],
            |row| row.get(0),
        )
    }

    /// Invoices with something to pay whose links all ended: candidates for a new wish.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn due_without_link(&self) -> Result<Vec<InvoiceId>, Error> {
        self.all(
            "SELECT l.id AS id FROM invoice_list l
             WHERE l.status IN ('finalised', 'partly_paid') AND l.remaining > 0
               AND NOT EXISTS (SELECT 1 FROM links k WHERE k.invoice_id = l.id
                               AND k.state IN ('requested', 'refused', 'open', 'aborting'))
             ORDER BY l.seq",
            [],
            |row| text(row, "id"),
        )
    }

    /// Links without payment that may still get one: open and aborting ones, and dead and aborted
    /// ones that changed after `ended_after`. Newest payment first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn watched_links(&self, ended_after: Timestamp) -> Result<Vec<WatchedRow>, Error> {
        self.all(
            "SELECT *, 0 AS refunded FROM links WHERE state IN ('open', 'aborting')
               OR (state IN ('dead', 'aborted') AND changed_at > ?1)
             ORDER BY remote_created_at DESC, seq DESC",
            [ended_after.as_microsecond()],
            watched,
        )
    }

    /// Paid links while refunds are possible at `now` (or, if PayPlug named no end, paid after
    /// `paid_after`), each with what was given back so far. Newest payment first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn refundable_links(
        &self,
        now: Timestamp,
        paid_after: Timestamp,
    ) -> Result<Vec<WatchedRow>, Error> {
        self.all(
            "SELECT k.*, (SELECT COALESCE(SUM(b.amount), 0) FROM receipts r JOIN refunds b ON b.receipt_id = r.id
                          WHERE r.payment = k.payment) AS refunded
             FROM links k WHERE k.state IN ('paid', 'partly_refunded', 'disputed')
               AND COALESCE(k.refundable_until > ?1, k.changed_at > ?2)
             ORDER BY k.remote_created_at DESC, k.seq DESC",
            (now.as_microsecond(), paid_after.as_microsecond()),
            watched,
        )
    }

    /// Invoices with something to pay whose last event at PayPlug is a failed try, with that try,
    /// newest first. A page that was merely left asks for nothing.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn refused_outstanding(&self) -> Result<Vec<(InvoiceId, AttemptRow)>, Error> {
        self.all(
            "SELECT l.id AS id, a.at AS at, a.outcome AS outcome, MAX(a.seq) AS last
             FROM attempts a JOIN links k ON k.id = a.link_id JOIN invoice_list l ON l.id = k.invoice_id
             WHERE l.status IN ('finalised', 'partly_paid') AND a.outcome NOT IN ('timeout', 'aborted')
               AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.invoice_id = l.id AND r.recorded_at > a.at)
             GROUP BY l.id ORDER BY last DESC",
            [],
            |row| {
                let attempt = AttemptRow { at: instant(row, "at")?, outcome: row.get("outcome")? };
                Ok((text(row, "id")?, attempt))
            },
        )
    }

    /// Failed tries on one link, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn attempts_on(&self, link: LinkId) -> Result<Vec<AttemptRow>, Error> {
        self.all(
            "SELECT at, outcome FROM attempts WHERE link_id = ?1 ORDER BY seq",
            [link.to_string()],
            |row| {
                Ok(AttemptRow {
                    at: instant(row, "at")?,
                    outcome: row.get("outcome")?,
                })
            },
        )
    }

    /// Failed tries on the links of an invoice, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn attempts_of(&self, invoice: InvoiceId) -> Result<Vec<AttemptRow>, Error> {
        self.all(
            "SELECT a.at AS at, a.outcome AS outcome FROM attempts a JOIN links l ON l.id = a.link_id
             WHERE l.invoice_id = ?1 ORDER BY a.seq",
            [invoice.to_string()],
            |row| Ok(AttemptRow { at: instant(row, "at")?, outcome: row.get("outcome")? }),
        )
    }
}

impl Writer<'_> {
    /// Adds a wish, or a payment that somebody tied to its invoice.
    ///
    /// # Errors
    /// A constraint `links.invoice_id` when the invoice has an active link already, `links.payment` when another link
    /// has that payment.
    pub fn insert_link(&self, link: &PaymentLink) -> Result<(), Error> {
        let hosted = link.state.hosted();
        self.execute(
            "INSERT INTO links (id, invoice_id, amount, state, reason, attempted_at, wished_at, changed_at,
               payment, url, mode, remote_created_at, origin)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10, ?11, ?12)",
            (
                link.id.to_string(),
                link.invoice.to_string(),
                link.amount.get(),
                link.state.code(),
                reason(&link.state)?,
                attempted_at(&link.state),
                link.wished_at.as_microsecond(),
                hosted.map(|hosted| hosted.payment.as_str()),
                hosted.map(|hosted| hosted.url.as_str()),
                hosted.map(|hosted| hosted.mode.code()),
                hosted.map(|hosted| hosted.created_at.as_microsecond()),
                to_word(&link.origin)?,
            ),
        )?;
        Ok(())
    }

    /// Records where a link stands now (state and amount).
    ///
    /// # Errors
    /// A constraint `links.payment` when another link has that payment.
    pub fn update_link(&self, link: &PaymentLink, now: Timestamp) -> Result<(), Error> {
        let hosted = link.state.hosted();
        self.execute(
            "UPDATE links SET amount = ?2, state = ?3, reason = ?4, attempted_at = ?5, payment = ?6, url = ?7,
               mode = ?8, remote_created_at = ?9, changed_at = ?10,
               died_at = CASE WHEN ?3 = 'dead' THEN COALESCE(died_at, ?10) ELSE died_at END,
               attempted_mode = CASE WHEN ?5 IS NULL THEN NULL ELSE attempted_mode END
             WHERE id = ?1",
            (
                link.id.to_string(),
                link.amount.get(),
                link.state.code(),
                reason(&link.state)?,
                attempted_at(&link.state),
                hosted.map(|hosted| hosted.payment.as_str()),
                hosted.map(|hosted| hosted.url.as_str()),
                hosted.map(|hosted| hosted.mode.code()),
                hosted.map(|hosted| hosted.created_at.as_microsecond()),
                now.as_microsecond(),
            ),
        )?;
        Ok(())
    }

    /// Records that a link took the place of a dead one although nothing was about to carry it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mark_made_by_itself(&self, link: LinkId) -> Result<(), Error> {
        self.execute(
            "UPDATE links SET by_itself = 1 WHERE id = ?1",
            [link.to_string()],
        )?;
        Ok(())
    }

    /// Records with which key a link is about to be asked for.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_attempted_mode(&self, link: LinkId, mode: Mode) -> Result<(), Error> {
        self.execute(
            "UPDATE links SET attempted_mode = ?2 WHERE id = ?1",
            (link.to_string(), to_word(&mode)?),
        )?;
        Ok(())
    }

    /// Records that a link has left for the customer.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_carried(&self, link: LinkId, at: Timestamp) -> Result<(), Error> {
        self.execute(
            "UPDATE links SET carried_at = ?2 WHERE id = ?1",
            (link.to_string(), at.as_microsecond()),
        )?;
        Ok(())
    }

    /// Records from when and until when PayPlug takes refunds of a link, where it says so.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_refund_window(
        &self,
        link: LinkId,
        after: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<(), Error> {
        self.execute(
            "UPDATE links SET refundable_after = ?2, refundable_until = ?3 WHERE id = ?1",
            (
                link.to_string(),
                after.map(Timestamp::as_microsecond),
                until.map(Timestamp::as_microsecond),
            ),
        )?;
        Ok(())
    }

    /// Records a failed try, once.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_attempt(&self, link: LinkId, attempt: &AttemptRow) -> Result<(), Error> {
        self.execute(
            "INSERT INTO attempts (link_id, at, outcome) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            (link.to_string(), attempt.at.as_microsecond(), &attempt.outcome),
        )?;
        Ok(())
    }
}

fn reason(state: &LinkState) -> Result<Option<String>, Error> {
    match state {
        LinkState::Refused { reason } => to_word(reason).map(Some),
        _ => Ok(None),
    }
}

fn attempted_at(state: &LinkState) -> Option<i64> {
    match state {
        LinkState::Requested { attempted_at } => attempted_at.map(Timestamp::as_microsecond),
        _ => None,
    }
}
