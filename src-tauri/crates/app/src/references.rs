//! Documents that a draft names: found by number or identity, and read with what became of them each
//! time the draft is looked at or finalised.

use acquit_domain::id::{CustomerId, InvoiceId};
use acquit_domain::invoice::credit::{credited_totals, left};
use acquit_domain::invoice::earlier::{Candidate, chain_of, check_settled, earlier};
use acquit_domain::invoice::{
    DocumentKind, Draft, DraftKind, Earlier, Finalised, NatureTotal, Reference, Totals,
};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::receipt::Status;
use acquit_domain::{Error as Broken, Rule};
use acquit_store::Reader;

use crate::files::company_of;
use crate::ledger::{Account, closed};
use crate::view::{Deductible, Kind, NewKind};
use crate::{Acquit, Error};

impl Acquit {
    /// Deposits and last situations of a customer that nothing takes off yet, oldest first.
    ///
    /// # Errors
    /// [`Error::UnknownCustomer`].
    pub fn deductible(&self, customer_code: &str) -> Result<Vec<Deductible>, Error> {
        self.file.read(|reader| {
            let customer = reader
                .customer_by_code(customer_code)?
                .ok_or_else(|| Error::UnknownCustomer(customer_code.to_owned()))?;
            let ids = reader.deductible(customer.customer.id)?.into_iter();
            ids.map(|id| Ok(free(&Account::read(reader, id)?)))
                .collect()
        })
    }

    /// The document that takes this one off; those cancelled in full do not count.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn deducted_by(&self, id: InvoiceId) -> Result<Option<DocumentNumber>, Error> {
        Ok(self.file.read(|reader| reader.deducted_by(id))?)
    }
}

fn free(account: &Account) -> Deductible {
    let document = &account.invoice;
    let kind = match document.kind {
        DocumentKind::Deposit => Kind::Deposit,
        _ => Kind::Progress,
    };
    let left = left(document, account.taken());
    Deductible {
        id: document.id,
        number: document.number,
        kind,
        issue_date: document.issue_date,
        title: document.content.title.clone(),
        gross: left.iter().map(NatureTotal::gross).sum(),
        settled: is_settled(account),
    }
}

fn is_settled(account: &Account) -> bool {
    account.standing.status == Status::Settled
}

/// What a draft is to become, its references found.
pub(crate) fn resolved(reader: &Reader<'_>, new: &NewKind) -> Result<DraftKind, Error> {
    let broken = |rule| Err(Broken::at("refers_to", rule).into());
    match (new.kind, new.refers_to.len()) {
        (Kind::Invoice | Kind::Deposit, 1..) => return broken(Rule::ReferenceNotHere),
        (Kind::CreditNote, 0 | 2..) => return broken(Rule::OneReference),
        _ => {}
    }
    let mut found: Vec<InvoiceId> = Vec::new();
    for (index, typed) in new.refers_to.iter().enumerate() {
        let field = format!("refers_to[{index}]");
        let document = find(reader, typed.trim())?.ok_or_else(|| {
            let number = typed.trim().to_owned();
            Broken::at(field.clone(), Rule::UnknownReference { number })
        })?;
        if !document.is_invoice() {
            let rule = match new.kind {
                Kind::CreditNote => Rule::NotAnInvoice,
                _ => Rule::NotDeductible {
                    number: document.number,
                },
            };
            return Err(Broken::at(field, rule).into());
        }
        if !found.contains(&document.id) {
            found.push(document.id);
        }
    }
    match new.kind {
        Kind::Invoice => Ok(DraftKind::Invoice),
        Kind::Deposit => Ok(DraftKind::Deposit),
        Kind::Progress => Ok(DraftKind::Progress { follows: found }),
        Kind::Final => Ok(DraftKind::Final { follows: found }),
        Kind::CreditNote => match found.first() {
            Some(credits) => Ok(DraftKind::CreditNote { credits: *credits }),
            None => broken(Rule::OneReference),
        },
    }
}

/// The finalised document with a number or an identity.
fn find(reader: &Reader<'_>, typed: &str) -> Result<Option<Finalised>, Error> {
    let by_number = match typed.parse::<DocumentNumber>() {
        Ok(number) => reader.document_id(number)?,
        Err(_) => None,
    };
    let id = by_number.or_else(|| typed.parse().ok());
    Ok(match id {
        Some(id) => reader.document(id)?,
        None => None,
    })
}

/// What a draft or a document refers to (BG-3), in the order of its content.
pub(crate) fn references_of(
    reader: &Reader<'_>,
    kind: &DraftKind,
) -> Result<Vec<Reference>, Error> {
    let mut references = Vec::new();
    for id in kind.refers_to() {
        let document = reader.document(*id)?;
        references.push(
            document
                .ok_or(Error::Inconsistent("reference"))?
                .reference(),
        );
    }
    Ok(references)
}

/// What a finalised document takes off or credits.
pub(crate) fn references_in(document: &Finalised) -> Vec<Reference> {
    match document.kind.credits() {
        Some(credits) => vec![credits.clone()],
        None => {
            let earlier = document.content.earlier.iter();
            earlier.map(|one| one.document.clone()).collect()
        }
    }
}

/// The documents that a draft continues, read from the file.
#[derive(Default)]
pub(crate) struct Named {
    named: Vec<(Account, Option<DocumentNumber>)>,
    chain: Vec<Account>,
}

impl Named {
    pub(crate) fn read(reader: &Reader<'_>, kind: &DraftKind) -> Result<Self, Error> {
        let (DraftKind::Progress { follows } | DraftKind::Final { follows }) = kind else {
            return Ok(Self::default());
        };
        let mut read = Self::default();
        for id in follows {
            let account = Account::read(reader, *id)?;
            for before in chain_of(&account.invoice) {
                read.chain.push(Account::read(reader, before)?);
            }
            read.named.push((account, reader.deducted_by(*id)?));
        }
        Ok(read)
    }

    /// What is taken off them now.
    pub(crate) fn earlier(&self, customer: CustomerId) -> Result<Vec<Earlier>, Broken> {
        let chain: Vec<Candidate<'_>> = self
            .chain
            .iter()
            .map(|account| candidate(account, None))
            .collect();
        earlier(customer, &self.candidates(), &chain)
    }

    /// Every deposit among them that is not settled yet, as what stops finalising.
    pub(crate) fn unpaid(&self) -> Vec<Broken> {
        let candidates = self.candidates();
        let of_each = candidates.iter().enumerate().filter_map(|(index, one)| {
            let unpaid = check_settled(std::slice::from_ref(one)).err()?;
            Some(Broken::at(format!("refers_to[{index}]"), unpaid.rule))
        });
        of_each.collect()
    }

    fn candidates(&self) -> Vec<Candidate<'_>> {
        let named = self.named.iter();
        named.map(|(account, by)| candidate(account, *by)).collect()
    }
}

fn candidate(account: &Account, deducted_by: Option<DocumentNumber>) -> Candidate<'_> {
    Candidate {
        document: &account.invoice,
        taken: account.taken(),
        settled: is_settled(account),
        deducted_by,
    }
}

/// A draft as the file stands now.
pub(crate) struct Current {
    /// With what earlier documents ask for at this moment.
    pub(crate) draft: Draft,
    pub(crate) totals: Totals,
    /// What would stop finalising.
    pub(crate) obstacles: Vec<Broken>,
}

/// Brings a draft up to date; a rule that it breaks is an error.
pub(crate) fn refreshed(reader: &Reader<'_>, mut draft: Draft) -> Result<Current, Error> {
    let named = Named::read(reader, &draft.kind)?;
    draft.content.earlier = named.earlier(draft.customer)?;
    draft.kind.check(&draft.content)?;
    let totals = match &draft.kind {
        DraftKind::CreditNote { credits } => {
            let account = credited(reader, &draft, *credits)?;
            credited_totals(&draft.content, &account.invoice, account.taken())?
        }
        _ => draft.content.check(&company_of(reader)?.company)?,
    };
    let mut obstacles = named.unpaid();
    if let Some(date) = draft.issue_date
        && let Err(rule) = closed(reader)?.check(date)
    {
        obstacles.push(Broken::at("issue_date", rule));
    }
    Ok(Current {
        draft,
        totals,
        obstacles,
    })
}

/// Brings a draft up to date as far as that is possible: one that no longer fits what it refers to stays
/// as it was accepted, and says what is wrong.
pub(crate) fn current(reader: &Reader<'_>, draft: Draft) -> Result<Current, Error> {
    match refreshed(reader, draft.clone()) {
        Err(Error::Broken(broken)) => Ok(Current {
            totals: draft.content.check(&company_of(reader)?.company)?,
            draft,
            obstacles: vec![broken],
        }),
        read => read,
    }
}

/// The invoice that a draft credits.
pub(crate) fn credited(
    reader: &Reader<'_>,
    draft: &Draft,
    credits: InvoiceId,
) -> Result<Account, Error> {
    let field = "refers_to[0]";
    let account = Account::read(reader, credits)?;
    let number = account.invoice.number;
    if account.invoice.buyer.id != draft.customer {
        return Err(Broken::at(field, Rule::ReferenceOfAnother { number }).into());
    }
    refuse_deducted(reader, credits, field)?;
    Ok(account)
}

/// What a later document takes off is no more to be credited: the later one would ask for too little.
pub(crate) fn refuse_deducted(
    reader: &Reader<'_>,
    id: InvoiceId,
    field: &str,
) -> Result<(), Error> {
    match reader.deducted_by(id)? {
        Some(by) => Err(Broken::at(field, Rule::DeductedBy { by }).into()),
        None => Ok(()),
    }
}
