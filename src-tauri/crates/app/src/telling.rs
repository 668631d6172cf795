//! What the owner was not told yet, and how the last pull fared.

use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_store::{NoticeKind, ReconcilerRow};
use jiff::Timestamp;

use crate::lists::{Summary, summaries_by_id};
use crate::{Acquit, Error};

/// Most notices told in one go.
const AT_ONCE: u32 = 20;

/// Something that happened while nobody looked.
#[derive(Clone, Debug)]
pub struct News {
    /// What.
    pub kind: NoticeKind,
    /// How much money it is about.
    pub amount: Cents,
    /// When.
    pub at: Timestamp,
    /// To which invoice.
    pub invoice: Summary,
}

impl Acquit {
    /// What the owner was not told yet, oldest first. Each is handed out once, to one window.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn take_news(&self) -> Result<Vec<News>, Error> {
        let waiting = self.file.read(|reader| reader.notices_to_show(1))?;
        if waiting.is_empty() {
            return Ok(Vec::new());
        }
        self.file.write(|writer| {
            let mut news = Vec::new();
            for (seq, notice) in writer.notices_to_show(AT_ONCE)? {
                writer.mark_notice_shown(seq, self.parts.now())?;
                let ids: [InvoiceId; 1] = [notice.invoice];
                let invoice = summaries_by_id(writer, &ids)?.pop();
                news.push(News {
                    kind: notice.kind,
                    amount: notice.amount,
                    at: notice.at,
                    invoice: invoice.ok_or(Error::Inconsistent("notice"))?,
                });
            }
            Ok(news)
        })
    }

    /// How the last pull of any process fared; nothing before the first.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn last_pull(&self) -> Result<Option<ReconcilerRow>, Error> {
        Ok(self
            .file
            .read(|reader| reader.reconciler(crate::background::LEASE))?)
    }

    /// A number that changes when another window or program has written to the file.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn foreign_version(&self) -> Result<i64, Error> {
        Ok(self.file.foreign_version()?)
    }
}
