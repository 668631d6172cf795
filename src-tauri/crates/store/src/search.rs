//! Search as you type: trigrams over number, customer, title and site.

use acquit_domain::id::InvoiceId;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::text;
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-23-80-search",
    sql: "CREATE VIRTUAL TABLE invoice_search USING fts5 (text, tokenize = 'trigram remove_diacritics 1');",
}];

impl Reader<'_> {
    /// Invoices whose texts hold `words`, newest first. Fewer than three characters find nothing: a
    /// trigram is three characters long.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn search(&self, words: &str, limit: u32) -> Result<Vec<InvoiceId>, Error> {
        let words = words.trim();
        if words.chars().count() < 3 {
            return Ok(Vec::new());
        }
        // A quoted string is one literal phrase: no operator of the query language gets through.
        let phrase = format!("\"{}\"", words.replace('"', "\"\""));
        self.all(
            "SELECT l.id AS id FROM invoice_search s JOIN invoice_list l ON l.seq = s.rowid
             WHERE s.text MATCH ?1 ORDER BY s.rowid DESC LIMIT ?2",
            (phrase, limit),
            |row| text(row, "id"),
        )
    }
}

impl Writer<'_> {
    /// Sets what an invoice is found by.
    ///
    /// # Errors
    /// A failure of the database.
    pub(crate) fn set_searchable(&self, id: InvoiceId, searchable: &str) -> Result<(), Error> {
        let id = id.to_string();
        self.execute(
            "DELETE FROM invoice_search WHERE rowid = (SELECT seq FROM invoice_list WHERE id = ?1)",
            [&id],
        )?;
        self.execute(
            "INSERT INTO invoice_search (rowid, text) SELECT seq, ?2 FROM invoice_list WHERE id = ?1",
            (&id, searchable),
        )?;
        Ok(())
    }
}
