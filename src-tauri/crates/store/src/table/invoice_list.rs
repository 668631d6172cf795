//! The list of drafts and documents with its derived statuses, apart from the frozen rows.

use acquit_domain::Cents;
use acquit_domain::id::{CustomerId, InvoiceId};
use acquit_domain::receipt::{Standing, Status};
use jiff::civil::Date;
use rusqlite::{Row, ToSql};

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, text, to_word, word};
use crate::search;
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-24-20-due-dates",
    sql: "ALTER TABLE invoice_list ADD COLUMN kind TEXT NOT NULL DEFAULT 'invoice';
          ALTER TABLE invoice_list ADD COLUMN due_date TEXT;
          UPDATE invoice_list SET
            kind = COALESCE((SELECT d.kind FROM documents d WHERE d.id = invoice_list.id), 'invoice'),
            due_date = (SELECT json_extract(d.body, '$.due_date') FROM documents d
                        WHERE d.id = invoice_list.id AND d.kind = 'invoice');
          CREATE INDEX documents_of_customer ON documents (customer_id);
          CREATE INDEX invoice_list_due ON invoice_list (kind, status, due_date, remaining);",
}];

/// Which part of the list is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// Everything.
    #[default]
    All,
    /// Drafts, invoices and credit notes of one status.
    Status(Status),
    /// Finalised invoices with something to pay.
    Outstanding,
    /// Those of them whose due date is before a day.
    Late(Date),
    /// Invoices with nothing to pay any more.
    Settled,
    /// Credit notes.
    CreditNotes,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// Which invoice.
    pub id: InvoiceId,
    /// Status as cached.
    pub status: Status,
    /// Still to pay, as cached.
    pub remaining: Cents,
    /// Customer's credit, as cached.
    pub customer_credit: Cents,
}

/// A page of the list, newest first.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// Which part.
    pub asked: Asked,
    /// Only those whose number, customer or title hold this text.
    pub words: String,
    /// Those after this one.
    pub after: Option<InvoiceId>,
    /// At most so many.
    pub limit: u32,
}

/// How many rows each part of the list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListCounts {
    /// Everything.
    pub all: u32,
    /// Drafts.
    pub drafts: u32,
    /// With something to pay.
    pub outstanding: u32,
    /// Those of them past their due date.
    pub late: u32,
    /// Invoices with nothing to pay any more.
    pub settled: u32,
    /// Credit notes.
    pub credit_notes: u32,
}

/// What customers have still to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outstanding {
    /// Sum of what is still to pay.
    pub due: Cents,
    /// Count of invoices with something to pay.
    pub due_count: u32,
    /// The part past its due date.
    pub late: Cents,
    /// Count of invoices past their due date.
    pub late_count: u32,
    /// The earliest missed due date.
    pub oldest_due: Option<Date>,
}

/// A row to put into the list, or to bring up to date there.
pub(crate) struct Enlisted<'a> {
    pub(crate) id: InvoiceId,
    /// `invoice` for all that asks for money, `credit_note` for what gives back.
    pub(crate) kind: &'static str,
    pub(crate) due_date: Option<Date>,
    pub(crate) standing: &'a Standing,
    pub(crate) searchable: &'a str,
}

impl<'a> Enlisted<'a> {
    pub(crate) const fn draft(id: InvoiceId, standing: &'a Standing, searchable: &'a str) -> Self {
        Self {
            id,
            kind: "invoice",
            due_date: None,
            standing,
            searchable,
        }
    }
}

const OUTSTANDING: &str = "kind = 'invoice' AND status IN ('finalised', 'partly_paid')";

impl Asked {
    fn condition(self) -> String {
        match self {
            Self::All => "TRUE".to_owned(),
            Self::Status(_) => "status = :asked".to_owned(),
            Self::Outstanding => OUTSTANDING.to_owned(),
            Self::Late(_) => format!("{OUTSTANDING} AND due_date < :asked"),
            Self::Settled => "kind = 'invoice' AND status = 'settled'".to_owned(),
            Self::CreditNotes => "kind = 'credit_note'".to_owned(),
        }
    }

    fn argument(self) -> Result<Option<String>, Error> {
        Ok(match self {
            Self::Status(status) => Some(to_word(&status)?),
            Self::Late(today) => Some(today.to_string()),
            _ => None,
        })
    }
}

fn list_row(row: &Row<'_>) -> rusqlite::Result<ListRow> {
    Ok(ListRow {
        id: text(row, "id")?,
        status: word(row, "status")?,
        remaining: cents(row, "remaining")?,
        customer_credit: cents(row, "customer_credit")?,
    })
}

impl Reader<'_> {
    /// A page of the list by keyset: no page costs more than its own length.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn list(&self, filter: &ListFilter) -> Result<Vec<ListRow>, Error> {
        let before: i64 = match filter.after {
            None => i64::MAX,
            Some(id) => self
                .first(
                    "SELECT seq FROM invoice_list WHERE id = ?1",
                    [id.to_string()],
                    |row| row.get(0),
                )?
                .unwrap_or(0),
        };
        let argument = filter.asked.argument()?;
        let words = search::condition(&filter.words);
        let mut sql = format!(
            "SELECT id, status, remaining, customer_credit FROM invoice_list WHERE seq < :before AND {}",
            filter.asked.condition()
        );
        let mut arguments: Vec<(&str, &dyn ToSql)> =
            vec![(":before", &before), (":limit", &filter.limit)];
        if let Some(argument) = &argument {
            arguments.push((":asked", argument));
        }
        if let Some((condition, phrase)) = &words {
            sql.push_str(" AND ");
            sql.push_str(condition);
            arguments.push((":words", phrase));
        }
        sql.push_str(" ORDER BY seq DESC LIMIT :limit");
        self.all(&sql, arguments.as_slice(), list_row)
    }

    /// Finalised invoices with something to pay whose number, customer or title hold `words`: those that ask for just
    /// `amount` first, then the newest; `limit` at most.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn owing(&self, amount: Cents, words: &str, limit: u32) -> Result<Vec<ListRow>, Error> {
        let (amount, words) = (amount.get(), search::condition(words));
        let mut sql = format!(
            "SELECT id, status, remaining, customer_credit FROM invoice_list WHERE {OUTSTANDING} AND remaining > 0"
        );
        let mut arguments: Vec<(&str, &dyn ToSql)> = vec![(":amount", &amount), (":limit", &limit)];
        if let Some((condition, phrase)) = &words {
            sql.push_str(" AND ");
            sql.push_str(condition);
            arguments.push((":words", phrase));
        }
        sql.push_str(" ORDER BY remaining = :amount DESC, seq DESC LIMIT :limit");
        self.all(&sql, arguments.as_slice(), list_row)
    }

    /// The rows of one customer, newest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn list_of_customer(&self, customer: CustomerId) -> Result<Vec<ListRow>, Error> {
        self.all(
            "SELECT id, status, remaining, customer_credit FROM invoice_list
             WHERE id IN (SELECT id FROM documents WHERE customer_id = ?1
                          UNION ALL SELECT id FROM drafts WHERE customer_id = ?1)
             ORDER BY seq DESC",
            [customer.to_string()],
            list_row,
        )
    }

    /// The outstanding invoices of one customer, soonest due first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn due_of_customer(&self, customer: CustomerId) -> Result<Vec<InvoiceId>, Error> {
        // `CROSS JOIN` begins with the few documents of the customer, never with all that is due.
        self.all(
            "SELECT l.id AS id FROM documents d CROSS JOIN invoice_list l ON l.id = d.id
             WHERE d.customer_id = ?1 AND l.kind = 'invoice' AND l.status IN ('finalised', 'partly_paid')
             ORDER BY l.due_date, l.seq",
            [customer.to_string()],
            |row| text(row, "id"),
        )
    }

    /// The cached standing of one invoice.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn listed(&self, id: InvoiceId) -> Result<Option<ListRow>, Error> {
        self.first(
            "SELECT id, status, remaining, customer_credit FROM invoice_list WHERE id = ?1",
            [id.to_string()],
            list_row,
        )
    }

    /// Invoices of the list that are no document, or whose due date is another than that of the document or, once its retention
    /// is released, of the release (there must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn list_against_documents(&self) -> Result<Vec<InvoiceId>, Error> {
        self.all(
            "SELECT l.id FROM invoice_list l
             LEFT JOIN documents d ON d.id = l.id LEFT JOIN retention_releases r ON r.invoice_id = l.id
             WHERE l.kind = 'invoice' AND l.status <> 'draft'
               AND (d.id IS NULL OR l.due_date IS NOT COALESCE(r.due_on, json_extract(d.body, '$.due_date')))
             LIMIT 1",
            [],
            |row| text(row, "id"),
        )
    }

    /// How many rows each part of the list has today.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn list_counts(&self, today: Date) -> Result<ListCounts, Error> {
        let count = |asked: Asked| {
            let sql = format!(
                "SELECT COUNT(*) FROM invoice_list WHERE {}",
                asked.condition()
            );
            match asked.argument()? {
                Some(argument) => self.one(&sql, &[(":asked", &argument)], |row| row.get(0)),
                None => self.one(&sql, [], |row| row.get(0)),
            }
        };
        Ok(ListCounts {
            all: count(Asked::All)?,
            drafts: count(Asked::Status(Status::Draft))?,
            outstanding: count(Asked::Outstanding)?,
            late: count(Asked::Late(today))?,
            settled: count(Asked::Settled)?,
            credit_notes: count(Asked::CreditNotes)?,
        })
    }

    /// What customers have still to pay today.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn outstanding(&self, today: Date) -> Result<Outstanding, Error> {
        self.one(
            &format!(
                "SELECT COUNT(*) AS due_count, COALESCE(SUM(remaining), 0) AS due,
                   COUNT(*) FILTER (WHERE due_date < ?1) AS late_count,
                   COALESCE(SUM(remaining) FILTER (WHERE due_date < ?1), 0) AS late,
                   MIN(due_date) FILTER (WHERE due_date < ?1) AS oldest
                 FROM invoice_list WHERE {OUTSTANDING}"
            ),
            [today.to_string()],
            |row| {
                Ok(Outstanding {
                    due: cents(row, "due")?,
                    due_count: row.get("due_count")?,
                    late: cents(row, "late")?,
                    late_count: row.get("late_count")?,
                    oldest_due: crate::rows::optional_text(row, "oldest")?,
                })
            },
        )
    }

    /// Outstanding invoices due from `first` to `last`, soonest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn due_between(
        &self,
        first: Date,
        last: Date,
        limit: u32,
    ) -> Result<Vec<InvoiceId>, Error> {
        self.all(
            &format!(
                "SELECT id FROM invoice_list WHERE {OUTSTANDING} AND due_date BETWEEN ?1 AND ?2
                 ORDER BY due_date, seq LIMIT ?3"
            ),
            (first.to_string(), last.to_string(), limit),
            |row| text(row, "id"),
        )
    }
}

impl Writer<'_> {
    /// Puts a row into the list, or brings it up to date there.
    pub(crate) fn enlist(&self, row: &Enlisted<'_>) -> Result<(), Error> {
        self.execute(
            "INSERT INTO invoice_list (id, kind, due_date, status, remaining, customer_credit)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET kind = ?2, due_date = ?3, status = ?4, remaining = ?5, customer_credit = ?6",
            (
                row.id.to_string(),
                row.kind,
                row.due_date.map(|date| date.to_string()),
                to_word(&row.standing.status)?,
                row.standing.remaining.get(),
                row.standing.customer_credit.get(),
            ),
        )?;
        self.set_searchable(row.id, row.searchable)
    }

    /// Takes a row off the list.
    pub(crate) fn delist(&self, id: InvoiceId) -> Result<(), Error> {
        self.set_searchable(id, "")?;
        self.execute("DELETE FROM invoice_list WHERE id = ?1", [id.to_string()])?;
        Ok(())
    }

    /// Caches the standing of an invoice.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_standing(&self, id: InvoiceId, standing: &Standing) -> Result<(), Error> {
        self.execute(
            "UPDATE invoice_list SET status = ?2, remaining = ?3, customer_credit = ?4 WHERE id = ?1",
            (id.to_string(), to_word(&standing.status)?, standing.remaining.get(), standing.customer_credit.get()),
        )?;
        Ok(())
    }
}
