//! The list of online payments: one row for each link, by what became of it, newest event first.

use acquit_domain::id::{CustomerId, LinkId};
use rusqlite::ToSql;

use crate::Reader;
use crate::error::Error;
use crate::migrate::Step;
use crate::rows::text;
use crate::search;
use crate::table::links::{AttemptRow, LinkRow};
use crate::table::receipts::ReceiptRow;

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-25-60-links-by-change",
    sql: "CREATE INDEX links_by_change ON links (changed_at, seq);",
}];

/// Which online payments are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaymentPart {
    /// Everything, links that were taken back or never possible included.
    #[default]
    All,
    /// The customer can pay, or soon will.
    Pending,
    /// The customer's last try was refused.
    Refused,
    /// The customer left the page.
    Abandoned,
    /// Paid; with a Test key too.
    Paid,
    /// Given back, wholly or in part.
    Refunded,
    /// Disputed by the customer's bank.
    Disputed,
}

/// A page of online payments.
#[derive(Clone, Debug, Default)]
pub struct PaymentFilter {
    /// Which part.
    pub part: PaymentPart,
    /// Only those whose invoice, customer, card or transaction holds this text.
    pub words: String,
    /// Only those of one customer.
    pub customer: Option<CustomerId>,
    /// Those after this one.
    pub after: Option<LinkId>,
    /// At most so many.
    pub limit: u32,
}

/// One online payment with what is known of it.
#[derive(Clone, Debug)]
pub struct PaymentRow {
    /// The link.
    pub link: LinkRow,
    /// Failed tries on it, oldest first.
    pub attempts: Vec<AttemptRow>,
    /// The money that came through it.
    pub receipt: Option<ReceiptRow>,
}

/// How many online payments each part has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaymentCounts {
    /// Everything.
    pub all: u32,
    /// The customer can pay, or soon will.
    pub pending: u32,
    /// The customer's last try was refused.
    pub refused: u32,
    /// The customer left the page.
    pub abandoned: u32,
    /// Paid.
    pub paid: u32,
    /// Given back.
    pub refunded: u32,
    /// Disputed.
    pub disputed: u32,
}

/// What became of a link, in the words of [`PaymentPart`]. A failed try says more than the state of
/// a link that was taken back after it.
const PART: &str = "CASE
   WHEN k.state IN ('paid', 'paid_test') THEN 'paid'
   WHEN k.state IN ('partly_refunded', 'refunded') THEN 'refunded'
   WHEN k.state = 'disputed' THEN 'disputed'
   WHEN EXISTS (SELECT 1 FROM attempts a WHERE a.link_id = k.id AND a.outcome NOT IN ('timeout', 'aborted')) THEN 'refused'
   WHEN EXISTS (SELECT 1 FROM attempts a WHERE a.link_id = k.id) THEN 'abandoned'
   WHEN k.state IN ('requested', 'open', 'aborting') THEN 'pending'
   ELSE 'ended' END";

impl PaymentPart {
    const fn word(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::Pending => Some("pending"),
            Self::Refused => Some("refused"),
            Self::Abandoned => Some("abandoned"),
            Self::Paid => Some("paid"),
            Self::Refunded => Some("refunded"),
            Self::Disputed => Some("disputed"),
        }
    }
}

/// What a card or a transaction is looked for by: `Visa •• 4242` as it is shown.
fn plain(typed: &str) -> String {
    let spaced = typed.replace('•', " ").to_lowercase();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Reader<'_> {
    /// A page of online payments, the one that changed last first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn payments(&self, filter: &PaymentFilter) -> Result<Vec<PaymentRow>, Error> {
        let customer = filter.customer.map(|customer| customer.to_string());
        let after = filter.after.map(|link| link.to_string());
        let typed = plain(&filter.words);
        let (part, words) = (filter.part.word(), search::condition(&filter.words));
        let mut sql = "SELECT k.id AS id FROM links k WHERE TRUE".to_owned();
        let mut arguments: Vec<(&str, &dyn ToSql)> = vec![(":limit", &filter.limit)];
        if let Some(part) = &part {
            sql.push_str(&format!(" AND {PART} = :part"));
            arguments.push((":part", part));
        }
        if let Some(customer) = &customer {
            sql.push_str(
                " AND k.invoice_id IN (SELECT id FROM documents WHERE customer_id = :customer)",
            );
            arguments.push((":customer", customer));
        }
        if let Some(after) = &after {
            sql.push_str(
                " AND (k.changed_at, k.seq) < (SELECT changed_at, seq FROM links WHERE id = :after)",
            );
            arguments.push((":after", after));
        }
        if let Some((condition, phrase)) = &words {
            sql.push_str(&format!(
                " AND (k.invoice_id IN (SELECT id FROM invoice_list WHERE {condition})
                   OR instr(lower(k.payment), :typed) > 0
                   OR EXISTS (SELECT 1 FROM receipts r WHERE r.payment = k.payment
                      AND instr(lower(COALESCE(r.card_brand, '') || ' ' || COALESCE(r.card_last4, '')), :typed) > 0))"
            ));
            arguments.push((":words", phrase));
            arguments.push((":typed", &typed));
        }
        sql.push_str(" ORDER BY k.changed_at DESC, k.seq DESC LIMIT :limit");
        let ids: Vec<LinkId> = self.all(&sql, arguments.as_slice(), |row| text(row, "id"))?;
        ids.into_iter().map(|id| self.payment_row(id)).collect()
    }

    fn payment_row(&self, id: LinkId) -> Result<PaymentRow, Error> {
        let link = self.link(id)?.ok_or(Error::Unreadable { what: "link" })?;
        let receipt = match link.link.state.hosted() {
            Some(hosted) => self.receipt_of_payment(&hosted.payment)?,
            None => None,
        };
        Ok(PaymentRow {
            attempts: self.attempts_on(id)?,
            receipt,
            link,
        })
    }

    /// Changes whenever a link changed, something did not agree, a payment was found that is not here,
    /// or something was audited: cheap enough to be asked often.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn event_mark(&self) -> Result<[i64; 4], Error> {
        self.one(
            "SELECT COALESCE((SELECT MAX(changed_at) FROM links), 0) AS links,
               COALESCE((SELECT MAX(seen_at) FROM anomalies), 0) AS anomalies,
               COALESCE((SELECT MAX(seen_at) FROM strangers), 0) AS strangers,
               COALESCE((SELECT MAX(sequence) FROM audit), 0) AS audited",
            [],
            |row| {
                Ok([
                    row.get("links")?,
                    row.get("anomalies")?,
                    row.get("strangers")?,
                    row.get("audited")?,
                ])
            },
        )
    }

    /// How many online payments each part has.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn payment_counts(&self) -> Result<PaymentCounts, Error> {
        let mut counts = PaymentCounts::default();
        let parts: Vec<(String, u32)> = self.all(
            &format!("SELECT {PART} AS part, COUNT(*) AS count FROM links k GROUP BY part"),
            [],
            |row| Ok((row.get("part")?, row.get("count")?)),
        )?;
        for (part, count) in parts {
            counts.all = counts.all.saturating_add(count);
            match part.as_str() {
                "pending" => counts.pending = count,
                "refused" => counts.refused = count,
                "abandoned" => counts.abandoned = count,
                "paid" => counts.paid = count,
                "refunded" => counts.refunded = count,
                "disputed" => counts.disputed = count,
                _ => {}
            }
        }
        Ok(counts)
    }
}
