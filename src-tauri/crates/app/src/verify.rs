//! The invariants of `payment-links.md` § 4 that a real file can be held to, offline.

use acquit_accounting::chart::Use;
use acquit_domain::Cents;
use acquit_domain::chain::{AuditRecord, ChainWalk};
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::Finalised;
use acquit_domain::invoice::credit::{stays_within, totals_follow};
use acquit_domain::numbering::{Place, first_gap};
use acquit_store::Reader;
use sha2::{Digest, Sha256};

use crate::adjust::adjustments_follow;
use crate::bookkeeping::sums_of;
use crate::closing::ChainedClosings;
use crate::decisions::decisions_follow;
use crate::invoicing::DOCUMENT_FINALISED;
use crate::ledger::Account;
use crate::numbering::{first_of, missing_number};
use crate::renditions::rendition_fault;
use crate::retention::{held_back, retention_follows};
use crate::vat_return::vat_follows;
use crate::view::{Break, Verification};
use crate::{Acquit, Error};

/// Rows read at a time.
const PAGE: u32 = 500;

type Checked = Vec<(&'static str, u64)>;
type Check = fn(&Acquit, &Reader<'_>, &mut Checked) -> Result<Option<Break>, Error>;

impl Acquit {
    /// Checks the whole file. A broken invariant is a result, not an error.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn verify(&self) -> Result<Verification, Error> {
        self.file.read(|reader| {
            let mut checked = Checked::new();
            let broken = self.first_break(reader, &mut checked)?;
            Ok(Verification { checked, broken })
        })
    }

    fn first_break(
        &self,
        reader: &Reader<'_>,
        checked: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        if let Some(fault) = reader.integrity_fault()? {
            return Ok(Some(Break {
                invariant: "0 database",
                what: fault,
            }));
        }
        let checks: [Check; 11] = [
            Self::receipts_hold,
            Self::given_back_holds,
            Self::standings_hold,
            Self::taken_off_holds,
            Self::entries_hold,
            Self::batches_hold,
            Self::account_holds,
            Self::settlements_hold,
            Self::numbers_hold,
            Self::chain_holds,
            Self::renditions_hold,
        ];
        for check in checks {
            if let Some(found) = check(self, reader, checked)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// 1 and 2: allocations within receipts; each paid link has exactly one receipt of its amount.
    fn receipts_hold(
        &self,
        reader: &Reader<'_>,
        checked: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        if let Some(receipt) = reader.overallocated_receipts()?.first() {
            return Ok(Some(Break {
                invariant: "1 allocations",
                what: receipt.to_string(),
            }));
        }
        if let Some(payment) = reader.paid_links_without_receipt()?.first() {
            return Ok(Some(Break {
                invariant: "2 payments",
                what: payment.clone(),
            }));
        }
        let (receipts, _, _) = reader.receipt_sums()?;
        checked.push(("receipts", receipts));
        Ok(None)
    }

    /// 2: what went back is known once, its link says so, and wishes have their refunds. Decisions
    /// are held against what was given back with each invoice's standing.
    fn given_back_holds(
        &self,
        reader: &Reader<'_>,
        checked: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        let receipts = reader.receipts_given_back_twice()?.into_iter();
        let links = reader.links_against_movements()?.into_iter();
        let wishes = reader.wishes_without_refund()?.into_iter();
        let first = receipts
            .map(|receipt| ("2 given back", receipt.to_string()))
            .chain(links.map(|payment| ("2 link states", payment)))
            .chain(wishes.map(|wish| ("2 refund wishes", wish.to_string())))
            .next();
        if let Some((invariant, what)) = first {
            return Ok(Some(Break { invariant, what }));
        }
        checked.push(("chargebacks", reader.chargeback_sums()?.count));
        checked.push(("decisions", reader.decision_count()?));
        Ok(None)
    }

    /// 1 and 4: each document's totals follow from its content, and the cached standing and due date from facts: what the home
    /// screen adds up.
    fn standings_hold(
        &self,
        reader: &Reader<'_>,
        checked: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        let (mut count, mut held) = (0, Cents::ZERO);
        let mut after: Option<InvoiceId> = None;
        loop {
            let page = reader.documents_after(after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for document in &page {
                count += 1;
                held += held_back(document);
                if let Some(what) = document_fault(reader, document)? {
                    return Ok(Some(Break {
                        invariant: "1 net due",
                        what,
                    }));
                }
            }
        }
        if let Some(id) = reader.list_against_documents()?.first() {
            let document = reader.document(*id)?;
            let what = document.map_or_else(|| id.to_string(), |one| one.number.to_string());
            return Ok(Some(Break {
                invariant: "1 net due",
                what,
            }));
        }
        checked.push(("documents", count));
        self.retentions_hold(reader, held, checked)
    }

    /// 3: the account of retentions is what documents hold back less what was released.
    fn retentions_hold(
        &self,
        reader: &Reader<'_>,
        held: Cents,
        checked: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        let (debit, credit) = sums_of(reader, Use::Retention)?;
        let (count, released) = reader.release_sums()?;
        checked.push(("releases", count));
        let (booked, expected) = (debit - credit, held - released);
        Ok((booked != expected).then(|| Break {
            invariant: "3 retentions",
            what: format!("{} / {}", booked.decimal(), expected.decimal()),
        }))
    }

    /// 4: what left of the documents is kept as it left.
    fn renditions_hold(
        &self,
        reader: &Reader<'_>,
        checked: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        checked.push(("renditions", reader.rendition_count()?));
        rendition_fault(reader)
    }

    /// 1: nothing is taken off by two documents that do not follow each other.
    fn taken_off_holds(
        &self,
        reader: &Reader<'_>,
        _: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        let Some(id) = reader.taken_off_twice()?.into_iter().next() else {
            return Ok(None);
        };
        let document = reader.document(id)?;
        Ok(Some(Break {
            invariant: "1 taken off",
            what: document.map_or_else(|| id.to_string(), |document| document.number.to_string()),
        }))
    }

    /// 3: every entry balances, letters add up to zero, the numbers given at export are continuous.
    fn entries_hold(
        &self,
        reader: &Reader<'_>,
        checked: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        if let Some(entry) = reader.unbalanced_entries()?.first() {
            return Ok(Some(Break {
                invariant: "3 entries",
                what: format!("entry {entry}"),
            }));
        }
        if let Some(code) = reader.unbalanced_letters()?.first() {
            return Ok(Some(Break {
                invariant: "3 letters",
                what: format!("letter {code}"),
            }));
        }
        let (entries, exported, last) = reader.entry_counts()?;
        if exported != last {
            return Ok(Some(Break {
                invariant: "3 export numbers",
                what: format!("{exported} / {last}"),
            }));
        }
        let mut after = 0;
        loop {
            let page = reader.entries_after(after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            if let Some(stored) = page.iter().find(|stored| !stored.entry.is_balanced()) {
                return Ok(Some(Break {
                    invariant: "3 entries",
                    what: format!("entry {}", stored.seq),
                }));
            }
        }
        checked.push(("entries", entries));
        Ok(None)
    }

    /// 3: each batch holds exactly the entries it was made with, and one that was undone holds none.
    fn batches_hold(
        &self,
        reader: &Reader<'_>,
        checked: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        if let Some(batch) = reader.batches_against_entries()?.first() {
            return Ok(Some(Break {
                invariant: "3 export batches",
                what: format!("batch {batch}"),
            }));
        }
        checked.push(("batches", reader.batches()?.len() as u64));
        Ok(None)
    }

    /// 3: adjustments and slips are what their accounts say, and each slip is its cheques.
    fn settlements_hold(
        &self,
        reader: &Reader<'_>,
        checked: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        if let Some(seq) = reader.adjustments_against_bodies()?.first() {
            return Ok(Some(Break {
                invariant: "3 adjustments",
                what: format!("adjustment {seq}"),
            }));
        }
        if let Some(reference) = reader.slips_against_cheques()?.first() {
            return Ok(Some(Break {
                invariant: "3 deposit slips",
                what: reference.clone(),
            }));
        }
        let (adjusted, cheques) = (reader.adjustment_totals()?, reader.cheque_sums()?);
        let drawer = cheques.received - cheques.deposited;
        for (account, expected) in [
            (Use::CustomerCredit, -adjusted.kept),
            (Use::SmallLosses, adjusted.missing),
            (Use::SmallGains, -adjusted.too_much),
            (Use::Cheques, drawer),
        ] {
            let (debit, credit) = sums_of(reader, account)?;
            let booked = debit - credit;
            if booked != expected {
                return Ok(Some(Break {
                    invariant: "3 settlements",
                    what: format!("{account:?}: {} / {}", booked.decimal(), expected.decimal()),
                }));
            }
        }
        checked.push(("adjustments", adjusted.count));
        checked.push(("deposit_slips", cheques.slips));
        Ok(None)
    }

    /// 4: no number is missing or doubled, from where each counter begins.
    fn numbers_hold(
        &self,
        reader: &Reader<'_>,
        checked: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        let mut count = 0;
        for (series, period) in reader.numbered_periods()? {
            let counters = reader.counters(series, period)?;
            count += counters.len() as u64;
            if let Some(gap) = first_gap(first_of(reader, series, period)?, counters) {
                let place = Place {
                    series,
                    period,
                    counter: gap,
                };
                let what = missing_number(reader, place)?;
                return Ok(Some(Break {
                    invariant: "4 numbers",
                    what,
                }));
            }
        }
        checked.push(("numbers", count));
        Ok(None)
    }

    /// 4: the chain verifies, every document is the one whose hash it holds, and the closings are those it tells of.
    fn chain_holds(
        &self,
        reader: &Reader<'_>,
        checked: &mut Checked,
    ) -> Result<Option<Break>, Error> {
        let (mut walk, mut unsigned, mut documents) = (ChainWalk::default(), 0, 0);
        let mut closings = ChainedClosings::default();
        loop {
            let page = reader.audit_after(walk.head().0, PAGE)?;
            if page.is_empty() {
                break;
            }
            for (record, stored) in &page {
                if let Err(found) = walk.follow(record, stored) {
                    return Ok(Some(Break {
                        invariant: "4 audit chain",
                        what: found.to_string(),
                    }));
                }
                unsigned += u64::from(record.signature.is_none());
                if !closings.follow(record) {
                    return Ok(Some(Break {
                        invariant: "3 closings",
                        what: format!("record {}", record.sequence),
                    }));
                }
                if record.kind == DOCUMENT_FINALISED {
                    documents += 1;
                    if let Some(what) = frozen_fault(reader, record)? {
                        return Ok(Some(Break {
                            invariant: "4 frozen documents",
                            what,
                        }));
                    }
                }
            }
        }
        if documents != reader.document_count()? {
            let what = format!("{documents} / {}", reader.document_count()?);
            return Ok(Some(Break {
                invariant: "4 frozen documents",
                what,
            }));
        }
        checked.push(("audit_records", walk.head().0));
        checked.push(("unsigned", unsigned));
        checked.push(("closings", reader.closings()?.len() as u64));
        closings.fault(reader)
    }
}

/// Whether the file knows of what a document takes off, as its body says, and each of them is there as
/// it is named. A credit note takes nothing off.
fn takes_off_as_it_says(reader: &Reader<'_>, document: &Finalised) -> Result<bool, Error> {
    let mut said = Vec::new();
    for earlier in document.content.earlier.iter() {
        let reference = &earlier.document;
        let found = reader.document(reference.id)?;
        if found.is_none_or(|found| found.reference() != *reference) {
            return Ok(false);
        }
        said.push((reference.id, earlier.what));
    }
    if !document.is_invoice() {
        said.clear();
    }
    said.sort_unstable();
    Ok(said == reader.taken_off_by(document.id)?)
}

/// Totals that do not follow from the content, credit notes and lost debts beyond the invoice,
/// decisions without cause, a retention or release that is not the document's, VAT due (44571x) that its
/// events do not come to, or a cached standing that does not follow from facts.
fn document_fault(reader: &Reader<'_>, document: &Finalised) -> Result<Option<String>, Error> {
    let number = document.number.to_string();
    if !totals_follow(document) || !takes_off_as_it_says(reader, document)? {
        return Ok(Some(number));
    }
    if !document.is_invoice() {
        return Ok(None);
    }
    let account = Account::read(reader, document.id)?;
    let decided = decisions_follow(reader, &account)?;
    let held = retention_follows(reader, document)?;
    let adjusted = adjustments_follow(reader, &account)?;
    let due = vat_follows(reader, document)?;
    if !decided || !held || !adjusted || !due || !stays_within(document, account.taken()) {
        return Ok(Some(number));
    }
    let standing = account.standing;
    let listed = reader
        .listed(document.id)?
        .ok_or(Error::Inconsistent("list"))?;
    let same = (listed.status, listed.remaining, listed.customer_credit)
        == (
            standing.status,
            standing.remaining,
            standing.customer_credit,
        );
    Ok((!same).then_some(number))
}

/// A stored document that is not the one that was finalised.
fn frozen_fault(reader: &Reader<'_>, record: &AuditRecord) -> Result<Option<String>, Error> {
    let Ok((id, number, hash)) =
        serde_json::from_slice::<(InvoiceId, String, String)>(&record.body)
    else {
        return Ok(Some(format!("record {}", record.sequence)));
    };
    let bytes = reader.document_bytes(id)?.unwrap_or_default();
    let found = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    Ok((found != hash).then_some(number))
}
