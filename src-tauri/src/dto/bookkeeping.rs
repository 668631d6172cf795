//! The settings of the books.

use std::collections::BTreeMap;

use acquit_app::chart::{AuxiliaryMode, Chart, ChartFault, ChartProposal, Plan, Use};
use acquit_app::{Bookkeeping, Journal, PlanImport, message};
use acquit_domain::vat::VatBasis;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{FieldError, instant, iso};

/// When VAT on services falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BasisWord {
    /// When the customer pays.
    OnReceipt,
    /// When the invoice is issued.
    OnInvoice,
}

impl From<VatBasis> for BasisWord {
    fn from(basis: VatBasis) -> Self {
        match basis {
            VatBasis::OnReceipt => Self::OnReceipt,
            VatBasis::OnInvoice => Self::OnInvoice,
        }
    }
}

impl From<BasisWord> for VatBasis {
    fn from(basis: BasisWord) -> Self {
        match basis {
            BasisWord::OnReceipt => Self::OnReceipt,
            BasisWord::OnInvoice => Self::OnInvoice,
        }
    }
}

/// An account as it is typed.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
pub(crate) struct BooksAccount {
    /// What it is for: `customers`, `sale_works_10`, `vat_due_20` …
    pub(crate) code: String,
    /// Its number; empty where there is none.
    pub(crate) number: String,
    /// Its name; empty for the plan's or the usual one.
    pub(crate) label: String,
}

/// A journal as it is typed.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
pub(crate) struct BooksJournal {
    /// Which one, by its usual code.
    pub(crate) journal: String,
    /// Its code.
    pub(crate) code: String,
}

/// The settings of the books as they are typed.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
pub(crate) struct BooksForm {
    /// One for each use.
    pub(crate) accounts: Vec<BooksAccount>,
    /// One for each journal.
    pub(crate) journals: Vec<BooksJournal>,
    /// One account per customer, or one for all.
    pub(crate) per_customer: bool,
}

impl From<&Chart> for BooksForm {
    fn from(chart: &Chart) -> Self {
        let account = |one: Use| {
            let set = chart.account(one);
            BooksAccount {
                code: one.code(),
                number: set.map_or_else(String::new, |set| set.number.as_str().to_owned()),
                label: set.map_or_else(String::new, |set| set.label.clone()),
            }
        };
        let journal = |journal: Journal| BooksJournal {
            journal: journal.code().to_owned(),
            code: chart.journal_code(journal).to_owned(),
        };
        Self {
            accounts: Use::all().into_iter().map(account).collect(),
            journals: Journal::ALL.into_iter().map(journal).collect(),
            per_customer: chart.auxiliaries() == AuxiliaryMode::PerCustomer,
        }
    }
}

impl BooksForm {
    /// What is typed, to be checked; `None` for a use or journal that there is not.
    pub(crate) fn proposal(self) -> Option<ChartProposal> {
        let account = |typed: BooksAccount| {
            let one = Use::from_code(&typed.code)?;
            Some((one, (typed.number, typed.label)))
        };
        let journal = |typed: BooksJournal| Some((Journal::from_code(&typed.journal)?, typed.code));
        let accounts: Option<BTreeMap<_, _>> = self.accounts.into_iter().map(account).collect();
        let journals: Option<BTreeMap<_, _>> = self.journals.into_iter().map(journal).collect();
        Some(ChartProposal {
            accounts: accounts?,
            journals: journals?,
            auxiliaries: if self.per_customer {
                AuxiliaryMode::PerCustomer
            } else {
                AuxiliaryMode::Collective
            },
        })
    }
}

/// An account of the accountant's plan.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct PlanAccount {
    /// Its number.
    pub(crate) number: String,
    /// Its name.
    pub(crate) label: String,
}

/// The accountant's plan.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct BooksPlan {
    /// When it was imported.
    pub(crate) imported_at: String,
    /// Its accounts that some use can take.
    pub(crate) accounts: Vec<PlanAccount>,
    /// Count of all its accounts.
    pub(crate) count: u32,
}

/// A basis of VAT from a day on.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct BasisLine {
    /// The basis.
    pub(crate) basis: BasisWord,
    /// The first day; nothing for that from the beginning on.
    pub(crate) from: Option<String>,
}

/// *Paramètres › Comptabilité*.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct BooksPage {
    /// The settings as they stand.
    pub(crate) form: BooksForm,
    /// Whether they are the usual ones.
    pub(crate) is_usual: bool,
    /// Since when they hold; nothing where none were ever set.
    pub(crate) since: Option<String>,
    /// What of them the plan does not have.
    pub(crate) faults: Vec<FieldError>,
    /// The accountant's plan.
    pub(crate) plan: Option<BooksPlan>,
    /// The basis of VAT today.
    pub(crate) basis: BasisWord,
    /// The first day that it can change on.
    pub(crate) basis_from: String,
    /// Its history, oldest first.
    pub(crate) bases: Vec<BasisLine>,
}

impl From<Bookkeeping> for BooksPage {
    fn from(books: Bookkeeping) -> Self {
        let line = |row: acquit_app::VatBasisRow| BasisLine {
            basis: row.basis.into(),
            from: (row.from.year() > 1).then(|| iso(row.from)),
        };
        Self {
            form: BooksForm::from(&books.chart),
            is_usual: books.chart == Chart::default(),
            since: books.since.map(instant),
            faults: chart_errors(&books.faults),
            plan: books.plan.map(|(plan, at)| BooksPlan {
                imported_at: instant(at),
                count: count(plan.accounts().count()),
                accounts: choices(&plan),
            }),
            basis: books.basis.into(),
            basis_from: iso(books.basis_from),
            bases: books.bases.into_iter().map(line).collect(),
        }
    }
}

/// The accounts of a plan that some use can take.
fn choices(plan: &Plan) -> Vec<PlanAccount> {
    let uses = Use::all();
    let taken = |number: &str| {
        let mut classes = uses.iter().flat_map(|one| one.classes());
        classes.any(|class| number.starts_with(class))
    };
    plan.accounts()
        .filter(|(number, _)| taken(number))
        .map(|(number, label)| PlanAccount {
            number: number.to_owned(),
            label: label.to_owned(),
        })
        .collect()
}

/// What is wrong with a chart, field by field.
pub(crate) fn chart_errors(faults: &[ChartFault]) -> Vec<FieldError> {
    faults
        .iter()
        .map(|fault| FieldError {
            field: fault.field.code(),
            code: "wrong_chart".to_owned(),
            sentence: message::chart_fault(fault).fr,
        })
        .collect()
}

/// What saving came to.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct BooksAnswer {
    /// What is refused; nothing when all was kept.
    pub(crate) errors: Vec<FieldError>,
    /// The settings as they stand then.
    pub(crate) page: BooksPage,
}

/// What importing a plan came to.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct PlanAnswer {
    /// Count of its accounts.
    pub(crate) accounts: u32,
    /// Lines that were not understood: `12 : texte`.
    pub(crate) not_understood: Vec<String>,
    /// The settings as they stand then.
    pub(crate) page: BooksPage,
}

impl PlanAnswer {
    pub(crate) fn of(import: PlanImport, page: BooksPage) -> Self {
        let lines = import.not_understood.into_iter();
        Self {
            accounts: count(import.accounts),
            not_understood: lines
                .map(|line| format!("{}\u{a0}: {}", line.line, line.text))
                .collect(),
            page,
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
