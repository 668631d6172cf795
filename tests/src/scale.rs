//! Thousands of open links in a file and at the simulator, without thousands of requests; and what a
//! file holds, to tell whether anything was written.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use acquit_app::{Acquit, Document};
use acquit_domain::Cents;
use acquit_domain::id::{InvoiceId, LinkId};
use acquit_domain::invoice::Finalised;
use acquit_domain::link::{Hosted, LinkOrigin, LinkState, Mode, PaymentLink};
use acquit_domain::numbering::{Period, Place, Series};
use acquit_domain::receipt::{Movements, standing};
use acquit_domain::remote::{METADATA_INVOICE, METADATA_LINK, PaymentId};
use acquit_simulator::EarlierPayment;
use acquit_store::CompanyFile;
use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

/// One payment that the merchant made long ago, and the link that waits for it.
#[derive(Clone, Debug)]
pub struct OpenLink {
    /// Place among its like, from 0.
    pub place: u32,
    /// When PayPlug created it, Unix seconds.
    pub created_at: i64,
}

impl OpenLink {
    /// Our UUID.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        Uuid::from_u128((0x51 << 96) | u128::from(self.place))
    }

    /// The counter of its invoice.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.place + 2
    }

    /// The number of its invoice.
    fn invoice(&self) -> String {
        format!("F-2026-{:05}", self.number())
    }

    /// The payment as it was asked for.
    #[must_use]
    pub fn payment(&self, amount: Cents) -> EarlierPayment {
        let number = self.invoice();
        EarlierPayment {
            created_at: self.created_at,
            amount: amount.get(),
            description: Some(format!("Facture {number} – Ferrand Plomberie Chauffage")),
            metadata: BTreeMap::from([
                (METADATA_LINK.to_owned(), self.uuid().to_string()),
                (METADATA_INVOICE.to_owned(), number),
            ]),
        }
    }
}

/// `count` links, oldest first, evenly over the 80 days before `now_s`; `together` of them share a
/// second.
#[must_use]
pub fn open_links(count: u32, together: u32, now_s: i64) -> Vec<OpenLink> {
    let span_s = 80 * 86_400;
    let groups = i64::from(count.div_ceil(together));
    let created_at = |place: u32| now_s - span_s + i64::from(place / together) * span_s / groups;
    let places = 0..count;
    places
        .map(|place| OpenLink {
            place,
            created_at: created_at(place),
        })
        .collect()
}

/// Puts links into a file as if each had been asked for: a document like `template` (the first of its
/// series), and an open link. Entries and audit records of those documents are left out, so `verify`
/// has no opinion on such a file.
pub fn put_links(path: &Path, template: &Finalised, links: &[(OpenLink, PaymentId, String)]) {
    let file = CompanyFile::open(path, Timestamp::UNIX_EPOCH).unwrap();
    let owed = standing(template.totals.net_due, Movements::default());
    let put = file.write(|writer| {
        for (open, payment, url) in links {
            let created_at = Timestamp::from_second(open.created_at).unwrap();
            let mut document = template.clone();
            document.id = InvoiceId::new(Uuid::from_u128((0xD0 << 96) | u128::from(open.place)));
            document.number = open.invoice().parse().unwrap();
            let place = Place {
                series: Series::Invoice,
                period: Period::Year(2026),
                counter: open.number(),
            };
            writer.insert_document(&document, place, &owed, document.number.as_str())?;
            let mut link = PaymentLink {
                id: LinkId::new(open.uuid()),
                invoice: document.id,
                amount: template.totals.net_due,
                state: LinkState::Requested { attempted_at: None },
                wished_at: created_at,
                origin: LinkOrigin::Asked,
            };
            writer.insert_link(&link)?;
            link.state = LinkState::Open(Hosted {
                payment: payment.clone(),
                url: url.clone(),
                mode: Mode::Live,
                created_at,
            });
            writer.update_link(&link, created_at)?;
        }
        Ok::<(), acquit_store::Error>(())
    });
    put.unwrap();
}

/// The document of a finalised invoice.
#[must_use]
pub fn document(acquit: &Acquit, id: InvoiceId) -> Finalised {
    match acquit.invoice(id).unwrap().document {
        Document::Finalised(document) => *document,
        Document::Draft { .. } => unreachable!("a finalised invoice"),
    }
}

/// A hash of all rows of each table.
#[must_use]
pub fn tables(path: &Path) -> BTreeMap<String, u64> {
    let database = path.join(acquit_store::FILE_NAME);
    let connection =
        Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut names = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .unwrap();
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    names
        .into_iter()
        .map(|name| {
            let hash = rows_hash(&connection, &name);
            (name, hash)
        })
        .collect()
}

fn rows_hash(connection: &Connection, table: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut statement = connection
        .prepare(&format!("SELECT * FROM \"{table}\""))
        .unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        for column in 0..columns {
            match row.get_ref(column).unwrap() {
                ValueRef::Null => 0_u8.hash(&mut hasher),
                ValueRef::Integer(value) => value.hash(&mut hasher),
                ValueRef::Real(value) => value.to_bits().hash(&mut hasher),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.hash(&mut hasher),
            }
        }
    }
    hasher.finish()
}
