//! `account`: statements of the PayPlug account beside the books, what is proposed, transfers that arrive.

use std::fs;
use std::path::Path;

use acquit_app::{
    AccountView, BankImported, ColumnView, Difference, DifferenceCause, Entry, Imported, LineKind,
    Reason, Resolution, RowState, TransferView,
};
use acquit_domain::Cents;
use acquit_domain::date::french_short;
use acquit_domain::money::french_euros;
use serde::Serialize;

use super::{by_hand, open};
use crate::arguments::{Account, Days};
use crate::error::Error;
use crate::output::{Answer, Form};
use crate::words::pick;

#[derive(Serialize)]
struct ColumnDocument {
    header: String,
    examples: Vec<String>,
    guess: &'static str,
}

/// What importing came to; `columns` are asked for with `--columns`, and nothing was kept then.
#[derive(Default, Serialize)]
struct ImportDocument {
    imported: bool,
    from: Option<String>,
    to: Option<String>,
    lines: u64,
    known: u64,
    not_understood: u64,
    columns: Vec<ColumnDocument>,
}

#[derive(Serialize)]
struct BalancesDocument {
    opening: String,
    closing: String,
}

#[derive(Serialize)]
struct RowDocument {
    line: Option<u64>,
    date: String,
    kind: LineKind,
    label: String,
    invoice: Option<String>,
    /// Piece of the fee, invoice or transfer that the books have: `reverse` takes it.
    piece: Option<String>,
    statement: Option<String>,
    ledger: Option<String>,
    state: &'static str,
}

#[derive(Serialize)]
struct EntryLineDocument {
    account: String,
    debit: String,
    credit: String,
}

#[derive(Serialize)]
struct DifferenceDocument {
    line: Option<u64>,
    piece: Option<String>,
    date: String,
    kind: LineKind,
    label: String,
    amount: String,
    cause: DifferenceCause,
    resolution: &'static str,
    entry: Vec<EntryLineDocument>,
    set_aside: Option<String>,
}

#[derive(Serialize)]
struct UnreadDocument {
    line: u64,
    statement: String,
    place: u32,
    text: String,
    reason: &'static str,
}

#[derive(Serialize)]
struct SpanDocument {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct TransferDocument {
    reference: String,
    date: String,
    amount: String,
    arrived: Option<String>,
}

#[derive(Serialize)]
struct AccountDocument {
    account: String,
    from: String,
    to: String,
    statement: Option<BalancesDocument>,
    ledger: BalancesDocument,
    rows: Vec<RowDocument>,
    differences: Vec<DifferenceDocument>,
    not_understood: Vec<UnreadDocument>,
    missing_days: Vec<SpanDocument>,
    in_transit: Vec<TransferDocument>,
}

/// Runs a command on the account.
pub(super) async fn run(command: Account, form: Form) -> Result<Answer, Error> {
    match command {
        Account::Import {
            data,
            file,
            columns,
        } => {
            let (acquit, bytes) = (open(&data)?, bytes_of(&file)?);
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            Ok(imported(
                acquit.import_statement(&bytes, &name, columns)?,
                form,
            ))
        }
        Account::Fetch { data, days } => {
            let acquit = open(&data)?;
            let (from, to) = days.around(acquit.today());
            Ok(imported(acquit.fetch_report(from, to).await?, form))
        }
        Account::Show { data, days } => {
            let acquit = open(&data)?;
            let (from, to) = days.around(acquit.today());
            Ok(shown(&acquit.account(from, to)?, form))
        }
        Account::Accept { data, days } => accept(&open(&data)?, days, form),
        Account::Bank {
            data,
            file,
            columns,
        } => {
            let (acquit, bytes) = (open(&data)?, bytes_of(&file)?);
            Ok(match acquit.import_bank_statement(&bytes, columns)? {
                BankImported::Columns(columns) => asked(columns, form),
                BankImported::Done(arrived) => transfers(arrived, form),
            })
        }
        Account::Arrived {
            data,
            transfer,
            date,
        } => {
            let arrived = open(&data)?.record_transfer_arrival(&transfer, date)?;
            Ok(transfers(vec![arrived], form))
        }
        Account::Record(command) => by_hand::record(command, form),
        Account::Reverse(command) => by_hand::reverse(&command, form),
    }
}

fn bytes_of(file: &Path) -> Result<Vec<u8>, Error> {
    let path = file.to_owned();
    Ok(fs::read(file).map_err(|source| acquit_app::Error::Io { path, source })?)
}

/// Books what is proposed, again as long as one proposal makes room for the next: a dispute, then its end.
fn accept(acquit: &acquit_app::Acquit, days: Days, form: Form) -> Result<Answer, Error> {
    #[derive(Serialize)]
    struct Document {
        accepted: usize,
    }
    let (from, to) = days.around(acquit.today());
    let mut accepted = 0;
    loop {
        let differences = acquit.account(from, to)?.differences;
        let proposed = differences.iter().filter(|one| !entries(one).is_empty());
        let lines: Vec<u64> = proposed.filter_map(|one| one.line).collect();
        if lines.is_empty() {
            break;
        }
        accepted += acquit.accept_proposals(&lines)?;
    }
    let document = Document { accepted };
    let said = pick(form.lang, "Lignes enregistrées :", "Lines booked:");
    Ok(Answer::new(form, &document, || {
        format!("{said} {accepted}")
    }))
}

fn imported(imported: Imported, form: Form) -> Answer {
    let done = match imported {
        Imported::Columns(columns) => return asked(columns, form),
        Imported::AlreadyThere { .. } => {
            let known = pick(
                form.lang,
                "Ce relevé est déjà là : rien n’a changé.",
                "This statement is there already: nothing changed.",
            );
            return Answer::new(form, &ImportDocument::default(), || known.to_owned());
        }
        Imported::Done(done) => done,
    };
    let document = ImportDocument {
        imported: true,
        from: Some(done.from.to_string()),
        to: Some(done.to.to_string()),
        lines: done.lines,
        known: done.known,
        not_understood: done.not_understood,
        columns: Vec::new(),
    };
    Answer::new(form, &document, || {
        let said = pick(form.lang, "lignes", "lines");
        let known = pick(form.lang, "déjà connues", "known already");
        let unread = pick(form.lang, "non comprises", "not understood");
        format!(
            "{} {said}, {} {known}, {} {unread}",
            done.lines, done.known, done.not_understood
        )
    })
}

/// The columns are not sure: they are to be said.
fn asked(columns: Vec<ColumnView>, form: Form) -> Answer {
    let columns = columns.into_iter().map(|column| ColumnDocument {
        header: column.header,
        examples: column.examples,
        guess: column.guess.code(),
    });
    let document = ImportDocument {
        columns: columns.collect(),
        ..ImportDocument::default()
    };
    let said = pick(
        form.lang,
        "Dites ce que contient chaque colonne avec --columns :",
        "Say what each column holds with --columns:",
    );
    Answer::new(form, &document, || {
        let columns = document.columns.iter();
        let lines = columns.map(|one| {
            format!(
                "  {:<24} {:<10} {}",
                one.header,
                one.guess,
                one.examples.join(" · ")
            )
        });
        std::iter::once(said.to_owned())
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    })
    .failed()
}

fn transfers(arrived: Vec<TransferView>, form: Form) -> Answer {
    let documents: Vec<TransferDocument> = arrived.into_iter().map(transfer).collect();
    let none = pick(form.lang, "Aucun virement trouvé.", "No transfer found.");
    Answer::new(form, &documents, || {
        let lines = documents.iter().map(|one| {
            let on = one.arrived.as_deref().unwrap_or("–");
            format!("{} {} → {on}", one.reference, one.amount)
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        if text.is_empty() {
            none.to_owned()
        } else {
            text
        }
    })
}

fn transfer(of: TransferView) -> TransferDocument {
    TransferDocument {
        reference: of.reference,
        date: of.date.to_string(),
        amount: of.amount.decimal(),
        arrived: of.arrived.map(|day| day.to_string()),
    }
}

fn entries(difference: &Difference) -> &[Entry] {
    match &difference.resolution {
        Resolution::Entries(entries) => entries,
        _ => &[],
    }
}

fn shown(view: &AccountView, form: Form) -> Answer {
    let balances = |of: acquit_app::Balances| BalancesDocument {
        opening: of.opening.decimal(),
        closing: of.closing.decimal(),
    };
    let spans = view.missing_days.iter();
    let rows = view.rows.iter().map(|row| RowDocument {
        line: row.line,
        date: row.date.to_string(),
        kind: row.kind,
        label: row.label.clone(),
        invoice: row.invoice.map(|(_, number)| number.to_string()),
        piece: row.movement.as_ref().map(|(_, piece)| piece.clone()),
        statement: row.statement.map(Cents::decimal),
        ledger: row.ledger.map(Cents::decimal),
        state: match row.state {
            RowState::Matched => "matched",
            RowState::Proposed => "proposed",
            RowState::ToDecide => "to_decide",
            RowState::Waiting => "waiting",
            RowState::SetAside => "set_aside",
        },
    });
    let unread = view.not_understood.iter().map(|one| UnreadDocument {
        line: one.line,
        statement: one.statement.clone(),
        place: one.place,
        text: one.text.clone(),
        reason: reason_word(one.reason),
    });
    let document = AccountDocument {
        account: view.account.clone(),
        from: view.from.to_string(),
        to: view.to.to_string(),
        statement: view.statement.map(balances),
        ledger: balances(view.ledger),
        rows: rows.collect(),
        differences: view.differences.iter().map(difference).collect(),
        not_understood: unread.collect(),
        missing_days: spans
            .map(|(from, to)| SpanDocument {
                from: from.to_string(),
                to: to.to_string(),
            })
            .collect(),
        in_transit: view.in_transit.iter().cloned().map(transfer).collect(),
    };
    Answer::new(form, &document, || text(view, form))
}

fn difference(one: &Difference) -> DifferenceDocument {
    let lines = entries(one).iter().flat_map(Entry::lines);
    DifferenceDocument {
        line: one.line,
        piece: one.piece.clone(),
        date: one.date.to_string(),
        kind: one.kind,
        label: one.label.clone(),
        amount: one.amount.decimal(),
        cause: one.cause,
        resolution: match &one.resolution {
            Resolution::Entries(_) => "entry",
            Resolution::Pull => "pull",
            Resolution::NewerStatement => "newer_statement",
            Resolution::Nothing => "nothing",
            Resolution::Decide => "decide",
        },
        entry: lines
            .map(|line| EntryLineDocument {
                account: line.account.clone(),
                debit: line.debit.decimal(),
                credit: line.credit.decimal(),
            })
            .collect(),
        set_aside: one.set_aside.clone(),
    }
}

const fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::BeforeHeader => "before_header",
        Reason::NoDate => "no_date",
        Reason::NoAmount => "no_amount",
        Reason::Zero => "zero",
        Reason::UnknownKind => "unknown_kind",
        Reason::OtherCurrency => "other_currency",
        Reason::Doubled { .. } => "doubled",
    }
}

/// For people who read a terminal: both balances, then each difference.
fn text(view: &AccountView, form: Form) -> String {
    let (statement, ledger) = (pick(form.lang, "Relevé", "Statement"), &view.account);
    let none = pick(form.lang, "aucun relevé", "no statement");
    let told = view
        .statement
        .map_or_else(|| none.to_owned(), |of| french_euros(of.closing));
    let mut lines = vec![
        format!("{} – {}", french_short(view.from), french_short(view.to)),
        format!("{statement} : {told}"),
        format!("{ledger} : {}", french_euros(view.ledger.closing)),
    ];
    lines.extend(view.differences.iter().map(|one| {
        let accepts = pick(form.lang, "proposé", "proposed");
        let mark = if entries(one).is_empty() { "" } else { accepts };
        format!(
            "  {} {:<14} {} · {} {mark}",
            french_short(one.date),
            one.kind.code(),
            one.label,
            french_euros(one.amount),
        )
        .trim_end()
        .to_owned()
    }));
    let unread = pick(form.lang, "Lignes non comprises :", "Lines not understood:");
    if !view.not_understood.is_empty() {
        lines.push(format!("{unread} {}", view.not_understood.len()));
    }
    lines.join("\n")
}
