//! French words of a VAT return on paper.

use acquit_domain::vat::VatBasis;

pub(crate) const DUE: &str = "TVA exigible";
pub(crate) const ABOUT: &str = "TVA collectée";
pub(crate) const LEDGER: &str =
    "Soldes des comptes de TVA collectée (44571) sur la période, hors TVA déductible.";
pub(crate) const RATE: &str = "Taux";
pub(crate) const TOTAL: &str = "Total";
pub(crate) const DATE: &str = "Date";
pub(crate) const INVOICE: &str = "Facture";
pub(crate) const CUSTOMER: &str = "Client";
pub(crate) const CAUSE: &str = "Cause";
pub(crate) const NOTHING: &str = "Aucune TVA n’est devenue exigible sur la période.";
pub(crate) const BEHIND: &str = "Détail";

/// `TVA exigible – novembre 2026`.
pub(crate) fn heading(period: &str) -> String {
    format!("{DUE} – {period}")
}

/// When VAT on services falls due for what is issued now.
pub(crate) const fn basis(basis: VatBasis) -> &'static str {
    match basis {
        VatBasis::OnReceipt => "Prestations\u{a0}: TVA sur les encaissements.",
        VatBasis::OnInvoice => "Prestations\u{a0}: TVA sur les débits.",
    }
}
