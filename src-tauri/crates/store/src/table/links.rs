//! Links and attempts. At most one active link per invoice, each PayPlug payment at most once.

use acquit_domain::id::{InvoiceId, LinkId};
use acquit_domain::link::{Hosted, LinkState, PaymentLink};
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
    };
    Ok(LinkRow {
        link,
        changed_at: instant(row, "changed_at")?,
        refundable_after: optional_instant(row, "refundable_after")?,
        refundable_until: optional_instant(row, "refundable_until")?,
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

    /// Links that the outbox may have to move: requested, refused, open and aborting ones.
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

    /// Links whose payment may still change at PayPlug: open and aborting ones; dead and aborted
    /// ones that changed after `ended_after`; paid ones while refunds are possible at `now` (or, if
    /// PayPlug named no end, paid after `paid_after`). Newest payment first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn watched_links(
        &self,
        now: Timestamp,
        ended_after: Timestamp,
        paid_after: Timestamp,
    ) -> Result<Vec<LinkRow>, Error> {
        self.all(
            "SELECT * FROM links WHERE state IN ('open', 'aborting')
               OR (state IN ('dead', 'aborted') AND changed_at > ?2)
               OR (state IN ('paid', 'partly_refunded', 'disputed') AND COALESCE(refundable_until > ?1, changed_at > ?3))
             ORDER BY remote_created_at DESC, seq DESC",
            (now.as_microsecond(), ended_after.as_microsecond(), paid_after.as_microsecond()),
            read,
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
    /// Adds a wish.
    ///
    /// # Errors
    /// A constraint `links.invoice_id` when the invoice has an active link already.
    pub fn insert_link(&self, link: &PaymentLink) -> Result<(), Error> {
        self.execute(
            "INSERT INTO links (id, invoice_id, amount, state, reason, attempted_at, wished_at, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            (
                link.id.to_string(),
                link.invoice.to_string(),
                link.amount.get(),
                link.state.code(),
                reason(&link.state)?,
                attempted_at(&link.state),
                link.wished_at.as_microsecond(),
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
               mode = ?8, remote_created_at = ?9, changed_at = ?10 WHERE id = ?1",
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
