//! The settings of the books (`accounting.md` § 1): accounts, journals, customers' own accounts, the
//! accountant's plan, and the basis of VAT with the day it changes.
//!
//! Every chart that was set stays, so that what meets an earlier entry goes where that went.

use acquit_accounting::Chart;
use acquit_accounting::chart::{ChartFault, ChartProposal, Plan, PlanLine, Use, against_earlier};
use acquit_domain::numbering::Series;
use acquit_domain::vat::VatBasis;
use acquit_domain::{Cents, Error as Broken, Rule};
use acquit_store::{Reader, VatBasisRow, Writer};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::files::company_on;
use crate::{Acquit, Error};

/// Before every document: from when the basis of a company counts that was never dated.
const EVER: Date = jiff::civil::date(1, 1, 1);

/// How the books are kept as of now.
#[derive(Clone, Debug)]
pub struct Bookkeeping {
    /// The chart for the entries to come.
    pub chart: Chart,
    /// Since when it holds; none for the usual one, if no other was ever set.
    pub since: Option<Timestamp>,
    /// What of it the accountant's plan does not have.
    pub faults: Vec<ChartFault>,
    /// The accountant's plan with the moment of its import.
    pub plan: Option<(Plan, Timestamp)>,
    /// The basis of documents that are issued today.
    pub basis: VatBasis,
    /// Every basis that was set, oldest first; the first from ever on.
    pub bases: Vec<VatBasisRow>,
    /// The first day that the basis can change on.
    pub basis_from: Date,
}

/// What importing the accountant's plan came to.
#[derive(Clone, Debug)]
pub struct PlanImport {
    /// Count of its accounts.
    pub accounts: usize,
    /// Lines that were not understood, in order.
    pub not_understood: Vec<PlanLine>,
    /// What of the chart the plan does not have: to be chosen anew.
    pub missing: Vec<ChartFault>,
}

impl Acquit {
    /// How the books are kept.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn bookkeeping(&self) -> Result<Bookkeeping, Error> {
        let today = self.parts.today();
        self.file.read(|reader| {
            let row = reader.charts()?.into_iter().next_back();
            let since = row.as_ref().map(|row| row.set_at);
            let chart = row.map_or_else(Chart::default, |row| row.chart);
            let plan = reader.plan()?;
            Ok(Bookkeeping {
                faults: not_in(&chart, plan.as_ref().map(|(plan, _)| plan)),
                chart,
                since,
                plan,
                basis: company_on(reader, today)?.vat_basis,
                bases: reader.vat_bases()?,
                basis_from: basis_from(reader, today)?,
            })
        })
    }

    /// Sets the accounts and journals for the entries to come. What is booked stays, and what settles,
    /// corrects or gives it back goes on to meet it where it is. The same once more changes nothing.
    ///
    /// # Errors
    /// [`Error::WrongChart`] with every field at fault; nothing is kept then.
    pub fn set_bookkeeping(&self, proposal: &ChartProposal) -> Result<(), Error> {
        self.file.write(|writer| {
            let plan = writer.plan()?.map(|(plan, _)| plan);
            let chart = Chart::new(proposal, plan.as_ref()).map_err(Error::WrongChart)?;
            let faults = against_earlier(&chart, &booked_under(writer)?);
            if !faults.is_empty() {
                return Err(Error::WrongChart(faults));
            }
            if chart == writer.chart_now()? {
                return Ok(());
            }
            writer.insert_chart(&chart, self.parts.now())?;
            self.audit(writer, "bookkeeping_changed", &chart)
        })
    }

    /// Imports the accountant's plan: from now on accounts are chosen from it. Accounts that are set and
    /// not in it stay until they are chosen anew, and are told.
    ///
    /// # Errors
    /// [`Error::NotAPlan`].
    pub fn import_plan(&self, bytes: &[u8]) -> Result<PlanImport, Error> {
        let read = Plan::read(bytes).map_err(Error::NotAPlan)?;
        let accounts = read.plan.accounts().count();
        let missing = self.file.write(|writer| {
            writer.insert_plan(Some(&read.plan), self.parts.now())?;
            self.audit(writer, "plan_imported", &accounts)?;
            Ok::<_, Error>(not_in(&writer.chart_now()?, Some(&read.plan)))
        })?;
        Ok(PlanImport {
            accounts,
            not_understood: read.not_understood,
            missing,
        })
    }

    /// Goes without the accountant's plan from now on.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn forget_plan(&self) -> Result<(), Error> {
        self.file.write(|writer| {
            if writer.plan()?.is_none() {
                return Ok(());
            }
            writer.insert_plan(None, self.parts.now())?;
            self.audit(writer, "plan_forgotten", &())
        })
    }

    /// Changes when VAT on services falls due, for documents that are issued from a day on. Those before
    /// keep their basis, and so do their credit notes; deposits always wait for the money. What was set
    /// before for that day or a later one is replaced.
    ///
    /// # Errors
    /// [`Rule::BeforeEvent`] at `from` for a day before today or before the last document.
    pub fn set_vat_basis(&self, basis: VatBasis, from: Date) -> Result<(), Error> {
        self.file
            .write(|writer| self.date_vat_basis(writer, basis, from))
    }

    pub(crate) fn date_vat_basis(
        &self,
        writer: &Writer<'_>,
        basis: VatBasis,
        from: Date,
    ) -> Result<(), Error> {
        let (now, today) = (self.parts.now(), self.parts.today());
        let earliest = basis_from(writer, today)?;
        if from < earliest {
            return Err(Broken::at("from", Rule::BeforeEvent { earliest }).into());
        }
        let bases = writer.vat_bases()?;
        let pending = bases.iter().any(|row| row.from >= from);
        if company_on(writer, from)?.vat_basis == basis && !pending {
            return Ok(());
        }
        let row = |basis, from| VatBasisRow {
            basis,
            from,
            set_at: now,
        };
        if bases.is_empty() {
            let until_now = company_on(writer, today)?.vat_basis;
            writer.insert_vat_basis(&row(until_now, EVER))?;
        }
        writer.insert_vat_basis(&row(basis, from))?;
        self.audit(writer, "vat_basis_set", &(basis, from))
    }
}

/// The first day that the basis can change on: today, or the day of the last document.
pub(crate) fn basis_from(reader: &Reader<'_>, today: Date) -> Result<Date, Error> {
    let mut earliest = today;
    for series in Series::ALL {
        earliest = earliest.max(reader.last_issue_date(series)?.unwrap_or(today));
    }
    Ok(earliest)
}

/// What of a chart the accountant's plan does not have.
fn not_in(chart: &Chart, plan: Option<&Plan>) -> Vec<ChartFault> {
    Chart::new(&chart.clone().into(), plan)
        .err()
        .unwrap_or_default()
}

/// Every chart that something was booked under.
fn booked_under(reader: &Reader<'_>) -> Result<Vec<Chart>, Error> {
    let mut charts = vec![(0, Chart::default())];
    charts.extend(
        reader
            .charts()?
            .into_iter()
            .map(|row| (row.after_entry, row.chart)),
    );
    let ends: Vec<i64> = charts.iter().skip(1).map(|(after, _)| *after).collect();
    let ends = ends.into_iter().chain([reader.last_entry()?]);
    let spans = charts.into_iter().zip(ends);
    Ok(spans
        .filter(|((after, _), end)| end > after)
        .map(|((_, chart), _)| chart)
        .collect())
}

/// Debits and credits of a use over the whole file, whatever account it had when.
pub(crate) fn sums_of(reader: &Reader<'_>, of: Use) -> Result<(Cents, Cents), Error> {
    let (mut debits, mut credits) = (Cents::ZERO, Cents::ZERO);
    for account in accounts_of(reader, of)? {
        let (debit, credit) = reader.account_sums(&account)?;
        debits += debit;
        credits += credit;
    }
    Ok((debits, credits))
}

/// Debits less credits of a use up to a day, whatever account it had when.
pub(crate) fn balance_of(reader: &Reader<'_>, of: Use, until: Date) -> Result<Cents, Error> {
    let mut balance = Cents::ZERO;
    for account in accounts_of(reader, of)? {
        balance += reader.account_balance(&account, until)?;
    }
    Ok(balance)
}

/// Every account that a use had when something was booked.
fn accounts_of(reader: &Reader<'_>, of: Use) -> Result<Vec<String>, Error> {
    let mut accounts: Vec<String> = Vec::new();
    for chart in booked_under(reader)? {
        let number = chart.account(of).map(|account| account.number.as_str());
        if let Some(number) = number
            && !accounts.iter().any(|known| known == number)
        {
            accounts.push(number.to_owned());
        }
    }
    Ok(accounts)
}
