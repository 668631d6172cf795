//! Search as you type: trigrams over number, customer, title and site.

use acquit_domain::id::InvoiceId;

use crate::Writer;
use crate::error::Error;
use crate::migrate::Step;

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-23-80-search",
    sql: "CREATE VIRTUAL TABLE invoice_search USING fts5 (text, tokenize = 'trigram remove_diacritics 1');",
}];

/// The condition on `invoice_list.seq` and its argument for what was typed: every word of three or
/// more characters must be there (a trigram is that long); a lone shorter text is looked for row by
/// row.
pub(crate) fn condition(typed: &str) -> Option<(&'static str, String)> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    // A quoted word is a literal: no operator of the query language gets through.
    let words: Vec<String> = typed
        .split_whitespace()
        .filter(|word| word.chars().count() >= 3)
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect();
    if words.is_empty() {
        let literal = typed.replace(['%', '_'], " ");
        return Some((
            "seq IN (SELECT rowid FROM invoice_search WHERE text LIKE :words)",
            format!("%{literal}%"),
        ));
    }
    Some((
        "seq IN (SELECT rowid FROM invoice_search WHERE text MATCH :words)",
        words.join(" AND "),
    ))
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
