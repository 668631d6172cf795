//! What every event leaves behind in one transaction: entries, letters, the cached standing and what
//! the invoice's link must become.

use std::collections::{BTreeMap, BTreeSet};

use acquit_accounting::closing::{Closed, Dated};
use acquit_accounting::lettering::settles as letters_settle;
use acquit_accounting::payplug::{dispute_moved, still_disputed};
use acquit_accounting::receipts::{vat_due, vat_transfer};
use acquit_accounting::{AuxiliaryAccount, Chart, Entry};
use acquit_domain::adjustment::{Adjusted, sums as adjustment_sums};
use acquit_domain::given_back::{Cause, GivenBack, sums, undecided};
use acquit_domain::id::{InvoiceId, LinkId};
use acquit_domain::invoice::credit::{Taken, creditable};
use acquit_domain::invoice::{EarlierKind, Finalised, NatureTotal};
use acquit_domain::link::{
    LinkEvent, LinkOrigin, LinkState, LinkStep, Mode, PaymentLink, RefusalReason, is_outlived,
    transition, wants_new, wish,
};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::receipt::{Movements, Receipt, Standing, standing};
use acquit_domain::vat::StandardRate;
use acquit_domain::{At, Cents, Error as Broken, Rule};
use acquit_store::{EntryRow, LineRef, Reader, StoredEntry, Writer};
use jiff::civil::Date;

use crate::adjust::tied_to;
use crate::decisions::given_back;
use crate::{Error, Parts};

/// One invoice inside a transaction: its frozen document and what happened since.
pub(crate) struct Account {
    pub(crate) invoice: Finalised,
    pub(crate) credit_notes: Vec<Finalised>,
    pub(crate) movements: Movements,
    pub(crate) standing: Standing,
    /// What went back of its receipts, with what was decided on it.
    pub(crate) back: Vec<GivenBack>,
    /// What was given up as lost, per rate and nature.
    pub(crate) lost: Vec<NatureTotal>,
    /// What was decided on overpayments and small differences, and set off against it.
    pub(crate) adjusted: Vec<Adjusted>,
}

impl Account {
    /// Reads an invoice; credit notes have no account of their own.
    pub(crate) fn read(reader: &Reader<'_>, id: InvoiceId) -> Result<Self, Error> {
        let Some(invoice) = reader.document(id)? else {
            return Err(if reader.draft(id)?.is_some() {
                Error::StillADraft
            } else {
                Error::UnknownInvoice(id.to_string())
            });
        };
        if !invoice.is_invoice() {
            return Err(Broken::at("id", Rule::NotAnInvoice).into());
        }
        let credit_notes = reader.credit_notes(id)?;
        let receipts = reader.receipts_of(id)?;
        let (back, lost) = given_back(reader, id)?;
        let taken = Taken {
            notes: &credit_notes,
            lost: &lost,
            released: Cents::ZERO,
        };
        let release = reader.retention_release(id)?;
        let released = release.map_or(Cents::ZERO, |row| row.amount);
        let (went_back, decided) = sums(&back);
        let rows = reader.adjustments_of(id)?.into_iter();
        let adjusted: Vec<Adjusted> = rows.map(|row| row.adjusted).collect();
        let by_decision = adjustment_sums(id, &adjusted);
        let movements = Movements {
            received: receipts.iter().map(|row| row.receipt.amount).sum(),
            given_back: went_back,
            decided,
            taken_out: by_decision.taken_out,
            brought_in: by_decision.brought_in,
            written_off: taken.written_off(),
            released,
            credited: credit_notes.iter().map(|note| note.totals.net_due).sum(),
            cancelled: taken.cancels(&invoice),
        };
        let standing = standing(invoice.totals.net_due, movements);
        Ok(Self {
            invoice,
            credit_notes,
            movements,
            standing,
            back,
            lost,
            adjusted,
        })
    }

    /// What was taken off the invoice so far.
    pub(crate) fn taken(&self) -> Taken<'_> {
        Taken {
            notes: &self.credit_notes,
            lost: &self.lost,
            released: self.movements.released,
        }
    }

    /// What a credit note for a part could still take.
    pub(crate) fn creditable(&self) -> Cents {
        creditable(&self.invoice, self.taken())
    }

    /// What was given back and waits for a decision.
    pub(crate) fn undecided(&self) -> Cents {
        undecided(&self.back, self.standing.remaining)
    }

    /// VAT of this invoice that has fallen due by what was received so far.
    pub(crate) fn vat_due(&self) -> BTreeMap<StandardRate, Cents> {
        vat_due(&self.invoice, self.taken(), self.movements.settling())
    }
}

/// The customer's account for entries.
pub(crate) fn auxiliary_of(
    reader: &Reader<'_>,
    document: &Finalised,
) -> Result<AuxiliaryAccount, Error> {
    let row = reader
        .customer(document.buyer.id)?
        .ok_or(Error::Inconsistent("customer"))?;
    Ok(AuxiliaryAccount {
        code: row.auxiliary,
        label: document.buyer.name.clone(),
    })
}

/// The chart that a document was booked under: what meets its entries later goes where they went. That of
/// now where nothing of it was booked.
pub(crate) fn chart_of(reader: &Reader<'_>, invoice: InvoiceId) -> Result<Chart, Error> {
    Ok(match reader.first_entry_of(invoice)? {
        Some(entry) => reader.chart_of_entry(entry)?,
        None => reader.chart_now()?,
    })
}

/// The chart that a card receipt was booked under: its money goes back from where it came in.
pub(crate) fn chart_of_receipt(reader: &Reader<'_>, receipt: &Receipt) -> Result<Chart, Error> {
    let Some(source) = &receipt.payplug else {
        return chart_of(reader, receipt.invoice);
    };
    let entry = reader.entry_of_piece(receipt.invoice, source.payment.as_str())?;
    let entry = entry.ok_or(Error::Inconsistent("entry of a receipt"))?;
    Ok(reader.chart_of_entry(entry)?)
}

/// The charts that the deposits of a document were booked under, by their numbers.
pub(crate) fn charts_of_deposits(
    reader: &Reader<'_>,
    document: &Finalised,
) -> Result<Vec<(DocumentNumber, Chart)>, Error> {
    let earlier = document.content.earlier.iter();
    let deposits = earlier.filter(|one| one.what == EarlierKind::Deposit);
    deposits
        .map(|one| Ok((one.document.number, chart_of(reader, one.document.id)?)))
        .collect()
}

/// Up to which day the books are closed.
pub(crate) fn closed(reader: &Reader<'_>) -> Result<Closed, Error> {
    Ok(Closed::up_to(reader.closed_until()?))
}

/// Lets a day pass that the books are open on; people dated it in that field.
pub(crate) fn open_day(reader: &Reader<'_>, day: Date, field: &str) -> Result<(), Error> {
    closed(reader)?.check(day).at(field)?;
    Ok(())
}

/// Records an entry, if there is one, with the invoice whose account it moves.
pub(crate) fn record(
    writer: &Writer<'_>,
    parts: &Parts,
    invoice: InvoiceId,
    entry: Option<Entry>,
) -> Result<(), Error> {
    store(writer, parts, Some(invoice), entry)
}

/// Stores an entry, if there is one. Every entry comes through here, and none that is dated in a closed
/// period goes on: who comes with one has not asked [`open_day`], nor dated what came by itself.
pub(crate) fn store(
    writer: &Writer<'_>,
    parts: &Parts,
    invoice: Option<InvoiceId>,
    entry: Option<Entry>,
) -> Result<(), Error> {
    let Some(entry) = entry else { return Ok(()) };
    open_day(writer, entry.date(), "date")?;
    let row = EntryRow {
        entry,
        invoice,
        recorded_on: parts.today(),
    };
    writer.insert_entry(&row, parts.now())?;
    Ok(())
}

/// After an event: books the VAT that fell due since `before`, all on the accounts that the document was
/// booked on, moves what is disputed no more, letters what adds up, caches the
/// standing, and turns the link to what may still be asked for.
pub(crate) fn close_event(
    writer: &Writer<'_>,
    parts: &Parts,
    before: &Account,
    date: Date,
) -> Result<Account, Error> {
    // A set-off has no entry of its own to be stopped by.
    open_day(writer, date, "date")?;
    close_dated(writer, parts, before, date.into())
}

/// The same after what came by itself, on the day that it is booked on.
pub(crate) fn close_dated(
    writer: &Writer<'_>,
    parts: &Parts,
    before: &Account,
    dated: Dated,
) -> Result<Account, Error> {
    let id = before.invoice.id;
    let chart = chart_of(writer, id)?;
    let after = Account::read(writer, id)?;
    let transfer = vat_transfer(
        &after.invoice,
        &before.vat_due(),
        &after.vat_due(),
        dated.happened,
        &chart,
    )?;
    record(writer, parts, id, late(transfer, dated))?;
    move_dispute(writer, parts, &chart, &after, dated)?;
    letter(writer, id)?;
    writer.set_standing(id, &after.standing)?;
    turn_link(writer, parts, &after)?;
    Ok(after)
}

/// An entry on the day that it is booked on.
pub(crate) fn late(entry: Option<Entry>, dated: Dated) -> Option<Entry> {
    entry.map(|entry| entry.booked(dated))
}

/// Brings the account of disputed debts (416000), where there is one, to what is still disputed.
fn move_dispute(
    writer: &Writer<'_>,
    parts: &Parts,
    chart: &Chart,
    after: &Account,
    dated: Dated,
) -> Result<(), Error> {
    let (disputed, customers) = (chart.disputed(), chart.customers());
    if disputed == customers {
        return Ok(());
    }
    let entries = writer.entries_of(after.invoice.id)?;
    let holds = balance(&entries, disputed.account());
    let owed = holds + balance(&entries, customers.account());
    let is_chargeback =
        |back: &&GivenBack| back.counts() && matches!(back.cause, Cause::Chargeback(_));
    let charged = after.back.iter().filter(is_chargeback);
    let should = still_disputed(charged.map(|back| back.amount).sum(), owed);
    let customer = auxiliary_of(writer, &after.invoice)?;
    let entry = dispute_moved(
        &after.invoice,
        holds,
        should,
        dated.happened,
        chart,
        &customer,
    )?;
    record(writer, parts, after.invoice.id, late(entry, dated))
}

/// What entries leave on an account.
fn balance(entries: &[StoredEntry], account: &str) -> Cents {
    let lines = entries.iter().flat_map(|stored| stored.entry.lines());
    lines
        .filter(|line| line.account == account)
        .map(|line| line.debit - line.credit)
        .sum()
}

/// Letters the customer lines of an invoice when they add up to zero, on each account that it was booked
/// on; takes the letter off when they no longer do. What an export already says stays (`accounting.md` § 2).
/// Invoices that set-offs tie together are lettered together: a set-off has no line of its own.
pub(crate) fn letter(writer: &Writer<'_>, invoice: InvoiceId) -> Result<(), Error> {
    let chart = chart_of(writer, invoice)?;
    let (customers, disputed) = (chart.customers(), chart.disputed());
    letter_on(writer, invoice, customers.account())?;
    if disputed != customers {
        letter_on(writer, invoice, disputed.account())?;
    }
    Ok(())
}

fn letter_on(writer: &Writer<'_>, invoice: InvoiceId, account: &str) -> Result<(), Error> {
    let Loose {
        lines,
        sides,
        codes,
        is_whole,
        last,
    } = loose_lines(writer, account, invoice)?;
    let settles = letters_settle(sides.iter().copied());
    if codes.len() == 1 && is_whole && settles {
        return Ok(());
    }
    for code in codes {
        writer.unletter(code)?;
    }
    if let (true, Some(date)) = (settles, last) {
        writer.letter(&lines, date)?;
    }
    Ok(())
}

/// Customer lines whose letter no export says.
#[derive(Default)]
struct Loose {
    lines: Vec<LineRef>,
    sides: Vec<(Cents, Cents)>,
    /// The codes that some of them have.
    codes: BTreeSet<u64>,
    /// Whether all of them have one.
    is_whole: bool,
    /// The latest day among them.
    last: Option<Date>,
}

fn loose_lines(writer: &Writer<'_>, account: &str, invoice: InvoiceId) -> Result<Loose, Error> {
    let mut loose = Loose {
        is_whole: true,
        ..Loose::default()
    };
    for tied in tied_to(writer, invoice)? {
        let rows = writer.letters_of(tied)?.into_iter();
        let letters: BTreeMap<LineRef, u64> = rows.map(|row| (row.at, row.code)).collect();
        for stored in writer.entries_of(tied)? {
            for (line, content) in (0_i64..).zip(stored.entry.lines()) {
                let entry = stored.seq;
                let at = LineRef { entry, line };
                if content.account != account {
                    continue;
                }
                let code = letters.get(&at);
                if let Some(code) = code {
                    if writer.is_letter_exported(*code)? {
                        continue;
                    }
                    loose.codes.insert(*code);
                }
                loose.is_whole &= code.is_some();
                loose.lines.push(at);
                loose.sides.push((content.debit, content.credit));
                loose.last = loose.last.max(Some(stored.entry.date()));
            }
        }
    }
    Ok(loose)
}

/// Turns the active link to what may be asked for now. Never makes a new one (see [`renew_link`]).
pub(crate) fn turn_link(
    writer: &Writer<'_>,
    parts: &Parts,
    account: &Account,
) -> Result<(), Error> {
    let payable = account.standing.payable();
    let current = current_mode(writer)?;
    let links = writer.links_of(account.invoice.id)?;
    let Some(row) = links
        .into_iter()
        .rev()
        .find(|row| row.link.state.is_active())
    else {
        return Ok(());
    };
    let mut link = row.link;
    match &link.state {
        LinkState::Open(hosted) if link.amount != payable || is_outlived(hosted.mode, current) => {
            link.state = transition(link.state, LinkEvent::TakenBack)?;
        }
        LinkState::Requested { attempted_at: None } | LinkState::Refused { .. } => {
            let turned = wished(writer, payable)?;
            if link.amount == payable && turned == link.state {
                return Ok(());
            }
            link.amount = payable;
            link.state = turned;
        }
        _ => return Ok(()),
    }
    writer.update_link(&link, parts.now())?;
    Ok(())
}

/// The mode of the account that new links are made with.
fn current_mode(reader: &Reader<'_>) -> Result<Option<Mode>, Error> {
    Ok(reader.current_connection()?.map(|row| row.mode))
}

/// Whether an invoice has something to pay, and no link stands for it although one should.
pub(crate) fn lacks_link(reader: &Reader<'_>, account: &Account) -> Result<bool, Error> {
    let links = reader.links_of(account.invoice.id)?;
    let latest = links.last().map(|row| &row.link.state);
    let stands = links.iter().any(|row| row.link.state.is_active());
    let wanted = latest.is_none() || account.standing.payable().is_positive();
    Ok(!stands && wanted && wants_new(latest, current_mode(reader)?))
}

/// Wishes for a link where the invoice has something to pay and no link stands for it.
pub(crate) fn renew_link(
    writer: &Writer<'_>,
    parts: &Parts,
    account: &Account,
) -> Result<(), Error> {
    if lacks_link(writer, account)? {
        insert_wish(writer, parts, account)?;
    }
    Ok(())
}

/// Wishes for the link that takes the place of a dead one; `by_itself`: nothing is about to carry it.
pub(crate) fn replace_dead_link(
    writer: &Writer<'_>,
    parts: &Parts,
    account: &Account,
    by_itself: bool,
) -> Result<(), Error> {
    let links = writer.links_of(account.invoice.id)?;
    let dead = matches!(
        links.last().map(|row| &row.link.state),
        Some(LinkState::Dead(_))
    );
    if dead && account.standing.payable().is_positive() {
        let id = insert_wish(writer, parts, account)?;
        if by_itself {
            writer.mark_made_by_itself(id)?;
        }
    }
    Ok(())
}

fn insert_wish(writer: &Writer<'_>, parts: &Parts, account: &Account) -> Result<LinkId, Error> {
    let payable = account.standing.payable();
    let id = LinkId::new(parts.uuid());
    writer.insert_link(&PaymentLink {
        id,
        invoice: account.invoice.id,
        amount: payable,
        state: wished(writer, payable)?,
        wished_at: parts.now(),
        origin: LinkOrigin::Asked,
    })?;
    Ok(id)
}

/// The state of a wish as far as no request is needed to know it (`cli.md`): the account's bounds
/// are left to the outbox.
fn wished(reader: &Reader<'_>, payable: Cents) -> Result<LinkState, Error> {
    use RefusalReason::{NotConnected, NotEur, NothingDue};
    let connection = reader.current_connection()?;
    Ok(
        match wish(payable, connection.as_ref().map(|row| &row.limits)) {
            LinkStep::Refuse(reason @ (NotConnected | NotEur | NothingDue)) => {
                LinkState::Refused { reason }
            }
            _ => LinkState::Requested { attempted_at: None },
        },
    )
}
