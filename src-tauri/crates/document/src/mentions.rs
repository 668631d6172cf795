//! What the law wants said, decided by content and issue date: one piece that feeds the foot of the
//! page and the notes of the XML.

mod rows;

use acquit_domain::company::Company;
use acquit_domain::customer::CustomerKind;
use acquit_domain::date::{french_long, paris_day};
use acquit_domain::invoice::{DeductionKind, Item, Line, Nature, Operation};
use acquit_domain::money::french_euros;
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use jiff::civil::Date;

use crate::address;
use crate::paper::{Kind, View};
use crate::words;
use rows::ROWS;

/// Which mention; several rows with one id follow each other in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Id {
    BankDetails,
    ElectronicAddresses,
    LegalForm,
    SoleTrader,
    Register,
    Discount,
    DiscountOfCredit,
    VatOnReceipt,
    VatOnInvoice,
    Penalties,
    PenaltiesOfPrivate,
    PenaltiesOfCredit,
    Fee,
    FeeOfPrivate,
    FeeOfCredit,
    Franchise,
    ReverseChargeBuilding,
    ReverseChargeAbroad,
    IntraCommunity,
    Export,
    OutOfScope,
    Exempt,
    Dwelling,
    Energy,
    EnergyToo,
    Deducted,
    Retention,
    Insurance,
}

/// How the XML says a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// As a note (BG-1) with this subject code (BT-21, UNTDID 4451): what it is about, then its text.
    Whole(&'static str),
    /// The same with the text alone: the code says what it is about.
    Text(&'static str),
    /// In fields of its own.
    Elsewhere,
}

/// A mention: what it is about, then what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) id: Id,
    pub(crate) lead: &'static str,
    pub(crate) text: String,
    pub(crate) note: Note,
}

impl Mention {
    /// Subject code and content as a note of the XML.
    pub(crate) fn as_note(&self) -> Option<(&'static str, String)> {
        match self.note {
            Note::Whole(code) if self.text.is_empty() => Some((code, self.lead.to_owned())),
            Note::Whole(code) => Some((code, format!("{}\u{a0}: {}", self.lead, self.text))),
            Note::Text(code) => Some((code, self.text.clone())),
            Note::Elsewhere => None,
        }
    }

    /// Whether it stands in the columns above the foot; the rest is in the foot itself.
    pub(crate) const fn is_in_columns(&self) -> bool {
        !matches!(self.id, Id::LegalForm | Id::SoleTrader | Id::Register)
    }
}

/// Every mention of a document, as the law stands on its issue date.
pub(crate) fn mentions(view: &View<'_>) -> Vec<Mention> {
    let mut wanted = Wanted::new(view.issue_date.unwrap_or(paris_day(view.made_at)));
    if view.kind != Kind::Credit {
        wanted.fill_some(Id::BankDetails, bank_details(view));
    }
    wanted.fill(
        Id::ElectronicAddresses,
        &address::said(view.seller, view.buyer),
    );
    identity(view.seller, &mut wanted);
    terms(view, &mut wanted);
    for rate in &view.totals.by_rate {
        wanted.found.extend(untaxed(view, rate.treatment));
    }
    certifications(view, &mut wanted);
    deductions(view, &mut wanted);
    wanted.fill_some(Id::Insurance, insurance(view.seller));
    wanted.found
}

/// What a professional owes for being late, on a day.
pub(crate) fn late_payment(day: Date) -> Vec<Mention> {
    let mut wanted = Wanted::new(day);
    wanted.add(Id::Penalties);
    wanted.add(Id::Fee);
    wanted.found
}

/// Why a treatment charges no VAT, with the text of the law (CGI ann. II art. 242 nonies A, I-12° and
/// 13°).
pub(crate) fn untaxed(view: &View<'_>, treatment: VatTreatment) -> Option<Mention> {
    let mut wanted = Wanted::new(view.issue_date.unwrap_or(paris_day(view.made_at)));
    let seller = view
        .seller
        .vat_number
        .as_ref()
        .map(|number| number.as_str());
    let buyer = view.buyer.vat_number.as_ref().map(|number| number.as_str());
    let both = words::both_vat_numbers(seller, buyer);
    let french = view.buyer.address.country.as_str() == "FR";
    match treatment {
        VatTreatment::Standard(_) => {}
        VatTreatment::Exempt if view.seller.franchise => wanted.add(Id::Franchise),
        VatTreatment::Exempt => wanted.add(Id::Exempt),
        VatTreatment::ReverseCharge if french => wanted.fill(Id::ReverseChargeBuilding, &both),
        VatTreatment::ReverseCharge => wanted.fill(Id::ReverseChargeAbroad, &both),
        VatTreatment::IntraCommunity => wanted.fill(Id::IntraCommunity, &both),
        VatTreatment::Export => wanted.add(Id::Export),
        VatTreatment::OutOfScope => wanted.add(Id::OutOfScope),
    }
    wanted.found.pop()
}

/// The sentence on what is deducted, for the terms of payment (BT-20): BT-115 is before deductions.
pub(crate) fn deducted(view: &View<'_>) -> Option<String> {
    let found = mentions(view).into_iter();
    let mut of_terms = found.filter(|mention| mention.id == Id::Deducted);
    of_terms.next().map(|mention| mention.text)
}

/// Mentions that were found, and the day that they are for.
struct Wanted {
    day: Date,
    found: Vec<Mention>,
}

impl Wanted {
    const fn new(day: Date) -> Self {
        let found = Vec::new();
        Self { day, found }
    }

    fn add(&mut self, id: Id) {
        self.fill(id, "");
    }

    /// What the law did not ask for on that day has no row and is left out.
    fn fill(&mut self, id: Id, detail: &str) {
        let row = ROWS.iter().find(|row| row.id == id && row.is_for(self.day));
        self.found.extend(row.map(|row| Mention {
            id,
            lead: row.lead,
            text: row.text.replace("{}", detail),
            note: row.note,
        }));
    }

    fn fill_some(&mut self, id: Id, detail: Option<String>) {
        if let Some(detail) = detail {
            self.fill(id, &detail);
        }
    }
}

/// IBAN, BIC and what to quote; none without an IBAN.
fn bank_details(view: &View<'_>) -> Option<String> {
    let iban = view.seller.iban.as_ref()?;
    let mut parts = vec![format!("IBAN\u{a0}{}", words::grouped(iban.as_str(), &[4]))];
    let bic = view.seller.bic.as_ref();
    parts.extend(bic.map(|bic| format!("BIC\u{a0}{bic}")));
    parts.extend(view.number.map(words::bank_reference));
    Some(format!("{}.", parts.join(", ")))
}

/// Legal form, capital and register (C. com. art. R123-237 and R123-238).
fn identity(seller: &Company, wanted: &mut Wanted) {
    if words::is_sole_trader(seller) && seller.capital.is_none() {
        wanted.add(Id::SoleTrader);
    } else {
        wanted.fill_some(Id::LegalForm, words::legal_form(seller));
    }
    wanted.fill_some(Id::Register, seller.register.clone());
}

/// Terms of payment (C. com. art. L441-9) and when VAT falls due. The rules of e-invoicing want
/// discount, penalties and fee spoken of on every document (BR-FR-05).
fn terms(view: &View<'_>, wanted: &mut Wanted) {
    if view.kind == Kind::Credit {
        wanted.add(Id::DiscountOfCredit);
        wanted.add(Id::PenaltiesOfCredit);
        wanted.add(Id::FeeOfCredit);
        return;
    }
    wanted.add(Id::Discount);
    if view.charges_vat() && view.content.operation != Operation::Goods {
        wanted.add(match view.seller.vat_basis {
            VatBasis::OnReceipt => Id::VatOnReceipt,
            VatBasis::OnInvoice => Id::VatOnInvoice,
        });
    }
    match view.buyer.kind {
        CustomerKind::Business => {
            wanted.add(Id::Penalties);
            wanted.add(Id::Fee);
        }
        CustomerKind::Private => {
            wanted.add(Id::PenaltiesOfPrivate);
            wanted.add(Id::FeeOfPrivate);
        }
    }
}

/// What a private client stands for where works are charged at a lower rate.
fn certifications(view: &View<'_>, wanted: &mut Wanted) {
    if view.buyer.kind != CustomerKind::Private || view.kind == Kind::Credit {
        return;
    }
    let works_at = |rate| {
        let lowered =
            |line: &Line| line.nature == Nature::Works && line.vat == VatTreatment::Standard(rate);
        let mut lines = view.content.items.iter().filter_map(Item::line);
        lines.any(lowered)
    };
    let ten = works_at(StandardRate::Intermediate);
    if ten {
        wanted.add(Id::Dwelling);
    }
    if works_at(StandardRate::Reduced) {
        wanted.add(if ten { Id::EnergyToo } else { Id::Energy });
    }
}

/// What is held back, how much, until when.
fn deductions(view: &View<'_>, wanted: &mut Wanted) {
    let totals = view.totals;
    if view.kind == Kind::Credit || totals.deductions.is_empty() {
        return;
    }
    let named = totals.deductions.iter().enumerate().map(|(index, one)| {
        let typed = view.content.deductions.get(index);
        let name = words::deduction(one.kind, typed.map(|deduction| deduction.value));
        format!("{name} {}", french_euros(one.amount))
    });
    let named: Vec<String> = named.collect();
    let until = view
        .due_date
        .map(|day| format!(" avant le {}", french_long(day)));
    let asked = totals.net_due + totals.deducted;
    let text = format!(
        "{} à payer{} sur {}, déduction faite de\u{a0}: {}.",
        french_euros(totals.net_due),
        until.unwrap_or_default(),
        french_euros(asked),
        named.join(", "),
    );
    wanted.fill(Id::Deducted, &text);
    let held_back = totals.deductions_of(DeductionKind::Retention);
    if held_back.is_positive() {
        let typed = view.content.deductions.iter();
        let release = typed
            .filter(|one| one.kind == DeductionKind::Retention)
            .filter_map(|one| one.release_on)
            .max();
        let released = release.map_or_else(
            || words::RELEASED_AFTER_A_YEAR.to_owned(),
            words::to_release,
        );
        let text = format!("{}{released}", french_euros(held_back));
        wanted.fill(Id::Retention, &text);
    }
}

/// Loi 96-603 art. 22-2: insurance, insurer's address, area covered.
fn insurance(company: &Company) -> Option<String> {
    let insurance = company.insurance.as_ref()?;
    let mut text = insurance.insurer.clone();
    if let Some(policy) = &insurance.policy {
        text.push_str(&format!(", contrat\u{a0}{policy}"));
    }
    if let Some(contact) = &insurance.contact {
        text.push_str(&format!(", {contact}"));
    }
    if let Some(area) = &insurance.area {
        text.push_str(&format!("\u{a0}; garantie\u{a0}: {area}"));
    }
    text.push('.');
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::rows::ROWS;

    #[test]
    fn no_day_has_two_texts_for_one_mention() {
        for (index, row) in ROWS.iter().enumerate() {
            assert!(!row.law.is_empty());
            assert!(
                row.from
                    .zip(row.until)
                    .is_none_or(|(from, until)| from <= until)
            );
            for other in ROWS
                .iter()
                .skip(index + 1)
                .filter(|other| other.id == row.id)
            {
                let ends = [row.from, row.until, other.from, other.until];
                for day in ends.into_iter().flatten() {
                    assert!(
                        !(row.is_for(day) && other.is_for(day)),
                        "{:?} on {day}",
                        row.id
                    );
                }
            }
        }
    }
}
