//! The journal as it is read on a screen: entries page by page, newest first, with what is known of each beside it.

use acquit_accounting::Journal;
use acquit_domain::Cents;
use jiff::civil::Date;
use rusqlite::ToSql;

use super::entries::{LetterRow, StoredEntry, letter, stored};
use crate::error::Error;
use crate::migrate::Step;
use crate::rows::to_json;
use crate::{Reader, search};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-27-63-entries-in-order",
    sql: "CREATE INDEX entries_in_order ON entries (date, seq);",
}];

/// Which entries are asked for.
#[derive(Clone, Debug, Default)]
pub struct JournalFilter {
    /// Of one journal, or of all.
    pub journal: Option<Journal>,
    /// With a line on an account, or on a customer's own account, whose number or code begins so.
    pub account: String,
    /// Dated on this day or later.
    pub from: Option<Date>,
    /// Dated on this day or earlier.
    pub to: Option<Date>,
    /// Whose label or piece holds this text, or whose invoice is found by it.
    pub words: String,
    /// With a line of this amount; looked for beside `words`.
    pub amount: Option<Cents>,
    /// Those after the entry with this sequence.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// An entry with what stands beside it.
#[derive(Clone, Debug)]
pub struct JournalRow {
    /// The entry.
    pub stored: StoredEntry,
    /// Batch and number of its export.
    pub exported: Option<(u64, u64)>,
    /// Number of the document that it belongs to.
    pub document: Option<String>,
}

/// Named arguments of a query.
type Arguments = Vec<(&'static str, Box<dyn ToSql>)>;

/// Text that `LIKE` takes as it is.
fn literal(typed: &str) -> String {
    let mut escaped = String::with_capacity(typed.len());
    for letter in typed.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

impl JournalFilter {
    /// The conditions, with the arguments that they name.
    fn conditions(&self) -> Result<(String, Arguments), Error> {
        let mut sql = String::from("TRUE");
        let mut arguments = Arguments::new();
        if let Some(journal) = self.journal {
            sql.push_str(" AND e.journal = :journal");
            arguments.push((":journal", Box::new(journal.code())));
        }
        if let Some(from) = self.from {
            sql.push_str(" AND e.date >= :from");
            arguments.push((":from", Box::new(from.to_string())));
        }
        if let Some(to) = self.to {
            sql.push_str(" AND e.date <= :to");
            arguments.push((":to", Box::new(to.to_string())));
        }
        let account = self.account.trim();
        if !account.is_empty() {
            sql.push_str(
                " AND EXISTS (SELECT 1 FROM entry_lines a WHERE a.entry = e.seq
                   AND (a.account LIKE :account ESCAPE '\\' OR a.auxiliary LIKE :account ESCAPE '\\'))",
            );
            arguments.push((":account", Box::new(format!("{}%", literal(account)))));
        }
        if let Some((condition, phrase)) = search::condition(&self.words) {
            // The whole body is looked through first: it is read as JSON only where the text is somewhere in it.
            sql.push_str(&format!(
                " AND (e.invoice_id IN (SELECT id FROM invoice_list WHERE {condition})
                   OR (e.body LIKE :inside ESCAPE '\\' AND (json_extract(e.body, '$.label') LIKE :typed ESCAPE '\\'
                                                          OR json_extract(e.body, '$.piece') LIKE :typed ESCAPE '\\'))"
            ));
            let typed = self.words.trim();
            arguments.push((":words", Box::new(phrase)));
            arguments.push((":typed", Box::new(format!("%{}%", literal(typed)))));
            let inside = literal(to_json(&typed)?.trim_matches('"'));
            arguments.push((":inside", Box::new(format!("%{inside}%"))));
            if let Some(amount) = self.amount {
                sql.push_str(
                    " OR EXISTS (SELECT 1 FROM entry_lines a WHERE a.entry = e.seq AND :amount IN (a.debit, a.credit))",
                );
                arguments.push((":amount", Box::new(amount.get())));
            }
            sql.push(')');
        }
        Ok((sql, arguments))
    }
}

impl Reader<'_> {
    /// A page of the journal by keyset, the latest date first; of one date, what was recorded last.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn journal(&self, filter: &JournalFilter) -> Result<Vec<JournalRow>, Error> {
        let (mut sql, mut arguments) = filter.conditions()?;
        if let Some(after) = filter.after {
            sql.push_str(
                " AND (e.date, e.seq) < ((SELECT date FROM entries WHERE seq = :after), :after)",
            );
            arguments.push((":after", Box::new(after)));
        }
        arguments.push((":limit", Box::new(filter.limit)));
        let sql = format!(
            "SELECT e.*, x.batch AS batch, x.number AS number, d.number AS document FROM entries e
             LEFT JOIN exported_entries x ON x.entry = e.seq LEFT JOIN documents d ON d.id = e.invoice_id
             WHERE {sql} ORDER BY e.date DESC, e.seq DESC LIMIT :limit"
        );
        let arguments: Vec<(&str, &dyn ToSql)> = arguments
            .iter()
            .map(|(name, value)| (*name, value.as_ref()))
            .collect();
        self.all(&sql, arguments.as_slice(), |row| {
            let batch: Option<u64> = row.get("batch")?;
            let number: Option<u64> = row.get("number")?;
            Ok(JournalRow {
                stored: stored(row)?,
                exported: batch.zip(number),
                document: row.get("document")?,
            })
        })
    }

    /// The letters of an entry as they are now.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn letters_of_entry(&self, entry: i64) -> Result<Vec<LetterRow>, Error> {
        self.all(
            "SELECT * FROM letters WHERE entry = ?1 ORDER BY line",
            [entry],
            letter,
        )
    }
}
