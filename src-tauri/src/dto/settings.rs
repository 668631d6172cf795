//! What the window opens with, and the settings.

use acquit_app::{COUNTRIES, Connection, PaymentForm};
use acquit_domain::company::Company;
use acquit_domain::remote::AccountPermissions;
use acquit_domain::vat::VatBasis;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Money, instant};
use crate::failure::Failure;

/// Where the window starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Opening {
    /// No company yet.
    FirstStart,
    /// A company is open.
    Company,
}

/// The tape across the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tape {
    /// Real money.
    None,
    /// Connected with a Test key: no money moves.
    Test,
    /// A trial file, for ever.
    Trial,
    /// The demonstration company.
    Demonstration,
}

/// How the background check of payments fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PullState {
    /// Not asked yet.
    #[default]
    Waiting,
    /// Asking now.
    Running,
    /// Up to date.
    Fine,
    /// The last try failed; it will be tried again.
    Failed,
    /// No account is connected.
    NotConnected,
}

/// The status line of the background check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Type)]
pub(crate) struct Pull {
    /// How it fares.
    pub(crate) state: PullState,
    /// When it last succeeded.
    pub(crate) succeeded_at: Option<String>,
    /// What failed, in French.
    pub(crate) sentence: Option<String>,
    /// Stable code of what failed.
    pub(crate) code: Option<String>,
    /// When it is tried next.
    pub(crate) next_at: Option<String>,
}

/// What the window needs to start.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct Start {
    /// Where it starts.
    pub(crate) opening: Opening,
    /// Name of the company.
    pub(crate) company: Option<String>,
    /// Town of the company.
    pub(crate) city: Option<String>,
    /// The tape.
    pub(crate) tape: Tape,
    /// Today in France.
    pub(crate) today: String,
    /// The status line.
    pub(crate) pull: Pull,
    /// Invoices with something to pay.
    pub(crate) outstanding: u32,
    /// Payments that do not agree with PayPlug, or are not here.
    pub(crate) to_resolve: u32,
    /// Why the company could not be opened.
    pub(crate) failure: Option<Failure>,
    /// Whether the demonstration can be left for a company of one's own.
    pub(crate) has_company: bool,
    /// What was typed of a new company before.
    pub(crate) new_company: Option<CompanyForm>,
}

/// A company as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub(crate) struct CompanyForm {
    /// Name.
    pub(crate) name: String,
    /// SIRET.
    pub(crate) siret: String,
    /// First line of the address.
    pub(crate) line1: String,
    /// Second line.
    pub(crate) line2: String,
    /// Postcode.
    pub(crate) postcode: String,
    /// Town.
    pub(crate) city: String,
    /// Legal form.
    pub(crate) legal_form: String,
    /// VAT number; derived from the SIRET when empty.
    pub(crate) vat_number: String,
    /// E-mail.
    pub(crate) email: String,
    /// Telephone.
    pub(crate) phone: String,
    /// Web site.
    pub(crate) website: String,
    /// IBAN.
    pub(crate) iban: String,
    /// BIC.
    pub(crate) bic: String,
    /// `on_receipt` or `on_invoice`.
    pub(crate) vat_basis: String,
    /// Whether no VAT is charged.
    pub(crate) franchise: bool,
    /// Insurer.
    pub(crate) insurer: String,
    /// How to reach the insurer.
    pub(crate) insurance_contact: String,
    /// Contract number.
    pub(crate) insurance_policy: String,
    /// Geographic cover.
    pub(crate) insurance_area: String,
    /// Share capital.
    pub(crate) capital: String,
    /// Register.
    pub(crate) register: String,
    /// Days from issue to due date.
    pub(crate) payment_days: String,
    /// End of the fiscal year, `31/12`.
    pub(crate) fiscal_year_end: String,
}

impl From<&Company> for CompanyForm {
    fn from(company: &Company) -> Self {
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let insurance = company.insurance.as_ref();
        Self {
            name: company.name.clone(),
            siret: company.siret.as_str().to_owned(),
            line1: company.address.line1.clone(),
            line2: text(company.address.line2.as_deref()),
            postcode: company.address.postcode.clone(),
            city: company.address.city.clone(),
            legal_form: text(company.legal_form.as_deref()),
            vat_number: text(company.vat_number.as_ref().map(|number| number.as_str())),
            email: text(company.email.as_ref().map(|email| email.as_str())),
            phone: text(company.phone.as_deref()),
            website: text(company.website.as_deref()),
            iban: text(company.iban.as_ref().map(|iban| iban.as_str())),
            bic: text(company.bic.as_ref().map(|bic| bic.as_str())),
            vat_basis: match company.vat_basis {
                VatBasis::OnReceipt => "on_receipt",
                VatBasis::OnInvoice => "on_invoice",
            }
            .to_owned(),
            franchise: company.franchise,
            insurer: text(insurance.map(|insurance| insurance.insurer.as_str())),
            insurance_contact: text(insurance.and_then(|insurance| insurance.contact.as_deref())),
            insurance_policy: text(insurance.and_then(|insurance| insurance.policy.as_deref())),
            insurance_area: text(insurance.and_then(|insurance| insurance.area.as_deref())),
            capital: text(company.capital.as_deref()),
            register: text(company.register.as_deref()),
            payment_days: company.payment_days.to_string(),
            fiscal_year_end: format!(
                "{:02}/{:02}",
                company.fiscal_year_end.day, company.fiscal_year_end.month
            ),
        }
    }
}

/// Something that PayPlug has opened for the account, or not.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct Permission {
    /// PayPlug's own word for it.
    pub(crate) code: String,
    /// Whether it is open.
    pub(crate) is_allowed: bool,
}

/// *Paramètres › Paiement en ligne*.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ConnectionPage {
    /// `live`, `test` or `demo`; nothing when not connected.
    pub(crate) mode: Option<String>,
    /// Least amount of a link.
    pub(crate) min_amount: Money,
    /// Greatest amount of a link.
    pub(crate) max_amount: Money,
    /// Country of the account.
    pub(crate) country: String,
    /// Currencies of the account.
    pub(crate) currencies: Vec<String>,
    /// What PayPlug has opened for the account, as far as it says.
    pub(crate) permissions: Vec<Permission>,
    /// Whether the account takes only links that PayPlug may close early.
    pub(crate) is_hosted: bool,
    /// Whether 3-D Secure is asked for each payment.
    pub(crate) force_3ds: bool,
    /// Modes whose keys are kept, the one in use among them.
    pub(crate) kept_modes: Vec<String>,
    /// When it was connected.
    pub(crate) connected_at: Option<String>,
    /// Links that customers can pay now.
    pub(crate) open_links: u32,
    /// Whether this file can be connected at all: a demonstration already is.
    pub(crate) is_demonstration: bool,
    /// Countries whose companies PayPlug serves, two letters each.
    pub(crate) countries: Vec<String>,
    /// The status line.
    pub(crate) pull: Pull,
}

impl ConnectionPage {
    pub(crate) fn of(
        connections: &[Connection],
        open_links: u32,
        is_demonstration: bool,
        pull: Pull,
    ) -> Self {
        let current = connections.iter().find(|connection| connection.is_current);
        let limits = current.map(|connection| &connection.limits);
        Self {
            mode: current.map(|connection| connection.mode.code().to_owned()),
            min_amount: Money(limits.map_or(0, |limits| limits.min_amount.get())),
            max_amount: Money(limits.map_or(0, |limits| limits.max_amount.get())),
            country: limits.map_or_else(String::new, |limits| limits.country.clone()),
            currencies: limits.map_or_else(Vec::new, |limits| limits.currencies.clone()),
            permissions: current
                .map_or_else(Vec::new, |connection| permissions(&connection.permissions)),
            is_hosted: current.is_some_and(|connection| connection.form == PaymentForm::Hosted),
            force_3ds: current.is_some_and(|connection| connection.force_3ds),
            kept_modes: connections
                .iter()
                .map(|connection| connection.mode.code().to_owned())
                .collect(),
            connected_at: current.map(|connection| instant(connection.connected_at)),
            open_links,
            is_demonstration,
            countries: COUNTRIES.map(str::to_owned).to_vec(),
            pull,
        }
    }
}

fn permissions(given: &AccountPermissions) -> Vec<Permission> {
    let named = [
        ("use_live_mode", given.use_live_mode),
        ("can_save_cards", given.can_save_cards),
        ("can_use_oney", given.can_use_oney),
        (
            "can_create_installment_plan",
            given.can_create_installment_plan,
        ),
        (
            "can_create_deferred_payment",
            given.can_create_deferred_payment,
        ),
        (
            "can_use_integrated_payments",
            given.can_use_integrated_payments,
        ),
    ];
    let told = named.into_iter().filter_map(|(code, allowed)| {
        Some(Permission {
            code: code.to_owned(),
            is_allowed: allowed?,
        })
    });
    told.collect()
}
