//! The PayPlug account: statement beside books.

use acquit_app::{
    AccountRow, AccountView, ColumnView, Difference, DifferenceCause, EntryLine, Imported, Reason,
    Resolution, RowState, TransferView, UnreadView, VatPeriod,
};
use acquit_domain::Cents;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Money, instant, iso};

/// Balances of a month.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct AccountBalances {
    /// Before its first day.
    pub(crate) opening: Money,
    /// After its last day.
    pub(crate) closing: Money,
}

/// Where a movement stands in statement and books.
#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountState {
    /// In both, to the cent.
    Matched,
    /// An entry is proposed.
    Proposed,
    /// Somebody must decide.
    ToDecide,
    /// A newer statement or another month resolves it.
    Waiting,
    /// Somebody looked at it and left it.
    SetAside,
}

impl From<RowState> for AccountState {
    fn from(state: RowState) -> Self {
        match state {
            RowState::Matched => Self::Matched,
            RowState::Proposed => Self::Proposed,
            RowState::ToDecide => Self::ToDecide,
            RowState::Waiting => Self::Waiting,
            RowState::SetAside => Self::SetAside,
        }
    }
}

/// One movement: statement at the left, books at the right.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct AccountMovement {
    /// Day.
    pub(crate) date: String,
    /// What it is: `payment`, `refund`, `chargeback`, `chargeback_won`, `fee`, `invoice`, `transfer`.
    pub(crate) kind: String,
    /// Who or what it is about.
    pub(crate) label: String,
    /// Identity of the invoice that it is about.
    pub(crate) invoice: Option<String>,
    /// Its number.
    pub(crate) number: Option<String>,
    /// Piece of the fee, invoice or transfer that the books have: it may be reversed.
    pub(crate) piece: Option<String>,
    /// What the statement says, with its sign.
    pub(crate) statement: Option<Money>,
    /// What the books say, with its sign.
    pub(crate) ledger: Option<Money>,
    /// Where it stands.
    pub(crate) state: AccountState,
}

impl From<AccountRow> for AccountMovement {
    fn from(row: AccountRow) -> Self {
        Self {
            date: iso(row.date),
            kind: row.kind.code().to_owned(),
            label: row.label,
            invoice: row.invoice.map(|(id, _)| id.to_string()),
            number: row.invoice.map(|(_, number)| number.to_string()),
            piece: row.movement.map(|(_, piece)| piece),
            statement: row.statement.map(Money::from),
            ledger: row.ledger.map(Money::from),
            state: row.state.into(),
        }
    }
}

/// A line of an entry that is proposed.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ProposedLine {
    /// Account.
    pub(crate) account: String,
    /// Its name.
    pub(crate) label: String,
    /// Debit.
    pub(crate) debit: Money,
    /// Credit.
    pub(crate) credit: Money,
}

impl From<&EntryLine> for ProposedLine {
    fn from(line: &EntryLine) -> Self {
        Self {
            account: line.account.clone(),
            label: line.account_label.clone(),
            debit: line.debit.into(),
            credit: line.credit.into(),
        }
    }
}

/// What resolves a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ResolvedBy {
    /// The entry that is proposed.
    Entry,
    /// Reading PayPlug.
    Pull,
    /// A newer statement.
    NewerStatement,
    /// Nothing: its counterpart is in another month.
    Nothing,
    /// Somebody who looks.
    Decide,
}

/// A difference between statement and books.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct AccountDifference {
    /// The line of a statement; none for what only the books have.
    pub(crate) line: Option<u32>,
    /// Day.
    pub(crate) date: String,
    /// What it is, as in [`AccountMovement`].
    pub(crate) kind: String,
    /// Who or what it is about.
    pub(crate) label: String,
    /// Identity of the invoice that it is about.
    pub(crate) invoice: Option<String>,
    /// Number of the invoice.
    pub(crate) number: Option<String>,
    /// Number of the transaction at PayPlug, where it is a payment without an invoice that one could be chosen for.
    pub(crate) payment: Option<String>,
    /// Statement less books.
    pub(crate) amount: Money,
    /// Where it comes from, such as `fee_not_booked`.
    pub(crate) cause: String,
    /// What resolves it.
    pub(crate) by: ResolvedBy,
    /// The entry that is proposed.
    pub(crate) entry: Vec<ProposedLine>,
    /// Why it was set aside.
    pub(crate) set_aside: Option<String>,
}

impl From<Difference> for AccountDifference {
    fn from(of: Difference) -> Self {
        let by = match &of.resolution {
            Resolution::Entries(_) => ResolvedBy::Entry,
            Resolution::Pull => ResolvedBy::Pull,
            Resolution::NewerStatement => ResolvedBy::NewerStatement,
            Resolution::Nothing => ResolvedBy::Nothing,
            Resolution::Decide => ResolvedBy::Decide,
        };
        let entries = match of.resolution {
            Resolution::Entries(entries) => entries,
            _ => Vec::new(),
        };
        let lines = entries.iter().flat_map(acquit_app::Entry::lines);
        Self {
            line: of.line.map(short),
            date: iso(of.date),
            kind: of.kind.code().to_owned(),
            label: of.label,
            invoice: of.invoice.map(|(id, _)| id.to_string()),
            number: of.invoice.map(|(_, number)| number.to_string()),
            payment: of.unasked.map(|payment| payment.to_string()),
            amount: of.amount.into(),
            cause: cause_word(of.cause).to_owned(),
            by,
            entry: lines.map(Into::into).collect(),
            set_aside: of.set_aside,
        }
    }
}

/// A line that was not understood.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct UnreadLine {
    /// Its sequence.
    pub(crate) line: u32,
    /// Name of the statement's file.
    pub(crate) statement: String,
    /// Its line there, from 1.
    pub(crate) place: u32,
    /// What it says.
    pub(crate) text: String,
    /// Why: `before_header`, `no_date`, `no_amount`, `zero`, `unknown_kind`, `other_currency`, `doubled`.
    pub(crate) reason: String,
    /// Day that was read, as it is typed.
    pub(crate) date: Option<String>,
    /// Amount that was read.
    pub(crate) amount: Option<Money>,
}

impl From<UnreadView> for UnreadLine {
    fn from(of: UnreadView) -> Self {
        let reason = match of.reason {
            Reason::BeforeHeader => "before_header",
            Reason::NoDate => "no_date",
            Reason::NoAmount => "no_amount",
            Reason::Zero => "zero",
            Reason::UnknownKind => "unknown_kind",
            Reason::OtherCurrency => "other_currency",
            Reason::Doubled { .. } => "doubled",
        };
        Self {
            line: short(of.line),
            statement: of.statement,
            place: of.place,
            text: of.text,
            reason: reason.to_owned(),
            date: of.date.map(iso),
            amount: of.amount.map(Money::from),
        }
    }
}

/// A transfer on its way to the bank.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct TransferLine {
    /// Its reference.
    pub(crate) reference: String,
    /// Day it left.
    pub(crate) date: String,
    /// How much.
    pub(crate) amount: Money,
    /// Day it arrived.
    pub(crate) arrived: Option<String>,
}

impl From<TransferView> for TransferLine {
    fn from(of: TransferView) -> Self {
        Self {
            reference: of.reference,
            date: iso(of.date),
            amount: of.amount.into(),
            arrived: of.arrived.map(iso),
        }
    }
}

/// Days that no statement covers.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct DaySpan {
    /// First day.
    pub(crate) from: String,
    /// Last day.
    pub(crate) to: String,
}

/// A balance of a statement that does not follow.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct BalanceBreak {
    /// Day of the line.
    pub(crate) date: String,
    /// What is missing before it.
    pub(crate) amount: Money,
}

/// *Comptabilité › Compte PayPlug*: a month.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct AccountPage {
    /// The month: `2026-10`.
    pub(crate) month: String,
    /// The month in French.
    pub(crate) label: String,
    /// The month before.
    pub(crate) previous: String,
    /// The month after; none in the month of today.
    pub(crate) next: Option<String>,
    /// First day.
    pub(crate) from: String,
    /// Last day.
    pub(crate) to: String,
    /// Today.
    pub(crate) today: String,
    /// Number of the account.
    pub(crate) account: String,
    /// What the statements say.
    pub(crate) statement: Option<AccountBalances>,
    /// What the books say.
    pub(crate) ledger: AccountBalances,
    /// Statement less books at the beginning.
    pub(crate) opening_gap: Money,
    /// Statement less books at the end.
    pub(crate) gap: Money,
    /// When the latest statement of the month was imported.
    pub(crate) received_at: Option<String>,
    /// All movements by day.
    pub(crate) rows: Vec<AccountMovement>,
    /// Count of those that match.
    pub(crate) matched: u32,
    /// What differs.
    pub(crate) differences: Vec<AccountDifference>,
    /// Lines that entries are proposed for.
    pub(crate) proposed: Vec<u32>,
    /// Lines that were not understood, of all months.
    pub(crate) not_understood: Vec<UnreadLine>,
    /// Days of the month without a statement.
    pub(crate) missing_days: Vec<DaySpan>,
    /// Balances that do not follow.
    pub(crate) breaks: Vec<BalanceBreak>,
    /// Transfers on their way.
    pub(crate) in_transit: Vec<TransferLine>,
}

impl AccountPage {
    pub(crate) fn of(view: AccountView, month: VatPeriod, today: Date) -> Self {
        let none = Cents::ZERO;
        let gap = |of: fn(acquit_app::Balances) -> Cents| {
            view.statement
                .map_or(none, |told| of(told) - of(view.ledger))
        };
        let matched = view
            .rows
            .iter()
            .filter(|row| row.state == RowState::Matched);
        let matched = u32::try_from(matched.count()).unwrap_or(u32::MAX);
        let balances = |of: acquit_app::Balances| AccountBalances {
            opening: of.opening.into(),
            closing: of.closing.into(),
        };
        let (opening_gap, gap) = (gap(|one| one.opening), gap(|one| one.closing));
        let differences: Vec<AccountDifference> =
            view.differences.into_iter().map(Into::into).collect();
        let proposed = differences.iter().filter(|one| one.by == ResolvedBy::Entry);
        let spans = view.missing_days.into_iter();
        let breaks = view.breaks.into_iter();
        Self {
            month: month.code(),
            label: month.french(),
            previous: month.previous().code(),
            next: (view.to < today).then(|| month.next().code()),
            from: iso(view.from),
            to: iso(view.to),
            today: iso(today),
            account: view.account,
            statement: view.statement.map(balances),
            ledger: balances(view.ledger),
            opening_gap: opening_gap.into(),
            gap: gap.into(),
            received_at: view.received_at.map(instant),
            rows: view.rows.into_iter().map(Into::into).collect(),
            matched,
            proposed: proposed.filter_map(|one| one.line).collect(),
            differences,
            not_understood: view.not_understood.into_iter().map(Into::into).collect(),
            missing_days: spans
                .map(|(from, to)| DaySpan {
                    from: iso(from),
                    to: iso(to),
                })
                .collect(),
            breaks: breaks
                .map(|(date, amount)| BalanceBreak {
                    date: iso(date),
                    amount: amount.into(),
                })
                .collect(),
            in_transit: view.in_transit.into_iter().map(Into::into).collect(),
        }
    }
}

/// A column whose meaning is asked for.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct StatementColumn {
    /// Its header.
    pub(crate) header: String,
    /// Its first values.
    pub(crate) examples: Vec<String>,
    /// What it seems to be: `date`, `kind`, `amount` … or `other`.
    pub(crate) guess: String,
}

impl From<ColumnView> for StatementColumn {
    fn from(column: ColumnView) -> Self {
        Self {
            header: column.header,
            examples: column.examples,
            guess: column.guess.code().to_owned(),
        }
    }
}

/// What importing a statement came to.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct StatementImport {
    /// Columns to say the meaning of; then nothing was kept.
    pub(crate) columns: Vec<StatementColumn>,
    /// The file was there already.
    pub(crate) is_known: bool,
    /// Count of lines that no statement had shown before.
    pub(crate) lines: u32,
    /// Count of lines that were not understood.
    pub(crate) not_understood: u32,
    /// Month of its last line.
    pub(crate) month: Option<String>,
}

impl From<Imported> for StatementImport {
    fn from(imported: Imported) -> Self {
        let mut import = Self {
            columns: Vec::new(),
            is_known: false,
            lines: 0,
            not_understood: 0,
            month: None,
        };
        match imported {
            Imported::Columns(columns) => {
                import.columns = columns.into_iter().map(Into::into).collect();
            }
            Imported::AlreadyThere { .. } => import.is_known = true,
            Imported::Done(done) => {
                import.lines = short(done.lines - done.known);
                import.not_understood = short(done.not_understood);
                import.is_known = import.lines == 0;
                import.month = Some(VatPeriod::month_of(done.to).code());
            }
        }
        import
    }
}

/// What importing a statement of the bank came to.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct BankImport {
    /// Columns to say the meaning of; then nothing was recorded.
    pub(crate) columns: Vec<StatementColumn>,
    /// Transfers that arrived.
    pub(crate) arrived: Vec<TransferLine>,
}

/// What somebody says about a line, as typed.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct LineAnswerForm {
    /// What it is, as in [`AccountMovement`]; `set_aside` to leave it.
    pub(crate) choice: String,
    /// Day.
    pub(crate) date: String,
    /// Amount with its sign.
    pub(crate) amount: String,
    /// Why it is left.
    pub(crate) reason: String,
}

/// The word of a cause, for the window.
const fn cause_word(cause: DifferenceCause) -> &'static str {
    use DifferenceCause as C;
    match cause {
        C::InvoiceNotBooked => "invoice_not_booked",
        C::FeeNotBooked => "fee_not_booked",
        C::TransferNotBooked => "transfer_not_booked",
        C::ChargebackNotBooked => "chargeback_not_booked",
        C::ChargebackWonNotBooked => "chargeback_won_not_booked",
        C::NotPulled => "not_pulled",
        C::PaymentWithoutInvoice => "payment_without_invoice",
        C::BackWithoutInvoice => "back_without_invoice",
        C::WrongWay => "wrong_way",
        C::AmountDiffers => "amount_differs",
        C::OtherPeriod => "other_period",
        C::NotCovered => "not_covered",
        C::NotOnStatement => "not_on_statement",
    }
}

fn short(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
