//! The customer: who owes and where to reach them; the people there who are written to.

use serde::{Deserialize, Serialize};

use crate::company::Address;
use crate::error::{Error, Rule};
use crate::id::CustomerId;
use crate::limits::CONTACTS_MAX;
use crate::text::{Email, Siren, VatNumber};

/// Whether consumer law or commercial law applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerKind {
    /// A private person (*particulier*).
    Private,
    /// A professional or a public body.
    Business,
}

/// A customer (BG-7). A copy is frozen into each document when it is finalised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Identity in the file.
    pub id: CustomerId,
    /// Code that people use (`CL-0001`), unique in the file.
    pub code: String,
    /// Name (BT-44).
    pub name: String,
    /// Private or professional.
    pub kind: CustomerKind,
    /// Postal address (BG-8).
    pub address: Address,
    /// SIREN (BT-47).
    pub siren: Option<Siren>,
    /// VAT number (BT-48).
    pub vat_number: Option<VatNumber>,
    /// E-mail (BT-58).
    pub email: Option<Email>,
    /// Telephone (BT-57).
    pub phone: Option<String>,
}

/// How a contact is addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Civility {
    /// A woman.
    Mrs,
    /// A man.
    Mr,
    /// A couple, or whoever opens the mail.
    Both,
}

impl Civility {
    /// All of them, in the order in which they are proposed.
    pub const ALL: [Self; 3] = [Self::Mrs, Self::Mr, Self::Both];

    /// The stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mrs => "mrs",
            Self::Mr => "mr",
            Self::Both => "both",
        }
    }

    /// In full, as a letter addresses people.
    #[must_use]
    pub const fn in_full(self) -> &'static str {
        match self {
            Self::Mrs => "Madame",
            Self::Mr => "Monsieur",
            Self::Both => "Madame, Monsieur",
        }
    }

    /// The civility with a stable word.
    ///
    /// # Errors
    /// [`Rule::UnknownChoice`].
    pub fn parse(code: &str) -> Result<Self, Rule> {
        let mut all = Self::ALL.into_iter();
        all.find(|civility| civility.code() == code)
            .ok_or(Rule::UnknownChoice)
    }
}

/// A person at a customer's. No part of [`Customer`]: documents freeze that, and people come and go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// How they are addressed.
    pub civility: Option<Civility>,
    /// Name.
    pub name: Option<String>,
    /// What they do there (*fonction*), such as « Comptabilité ».
    pub role: Option<String>,
    /// E-mail.
    pub email: Option<Email>,
    /// Telephone.
    pub phone: Option<String>,
    /// Whether mails of the customer go to them.
    pub gets_mails: bool,
}

/// What is broken in one of several contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactFault {
    /// Which contact, from 0.
    pub index: usize,
    /// Its field.
    pub field: &'static str,
    /// The rule.
    pub rule: Rule,
}

/// What is broken in the contacts of one customer, in their order.
#[must_use]
pub fn contact_faults(contacts: &[Contact]) -> Vec<ContactFault> {
    let mut faults = Vec::new();
    for (index, contact) in contacts.iter().enumerate() {
        let mut note = |field, rule| faults.push(ContactFault { index, field, rule });
        match &contact.email {
            Some(email) if contact_at(contacts.iter().take(index), email).is_some() => {
                note("email", Rule::EmailOfAnother);
            }
            Some(_) => {}
            None if contact.gets_mails => note("email", Rule::MailsWithoutEmail),
            None if contact.name.is_none() => note("name", Rule::NamelessContact),
            None => {}
        }
    }
    faults
}

/// Whether a customer may have these contacts.
///
/// # Errors
/// The first rule broken, at `contacts` or a field such as `contacts[0].email`.
pub fn check_contacts(contacts: &[Contact]) -> Result<(), Error> {
    if contacts.len() > CONTACTS_MAX {
        let most = CONTACTS_MAX;
        return Err(Error::at("contacts", Rule::TooManyContacts { most }));
    }
    match contact_faults(contacts).into_iter().next() {
        Some(ContactFault { index, field, rule }) => {
            Err(Error::at(format!("contacts[{index}].{field}"), rule))
        }
        None => Ok(()),
    }
}

/// The contact with an e-mail address.
pub fn contact_at<'a>(
    contacts: impl IntoIterator<Item = &'a Contact>,
    email: &Email,
) -> Option<&'a Contact> {
    let has_it = |contact: &&Contact| contact.email.as_ref().is_some_and(|its| its.is_same(email));
    contacts.into_iter().find(has_it)
}

/// Who gets the mails of a customer: the contacts who are to get them, else the customer's own address.
#[must_use]
pub fn who_gets_mails(contacts: &[Contact], customer: Option<&Email>) -> Vec<Email> {
    let wanted = contacts.iter().filter(|contact| contact.gets_mails);
    let to: Vec<Email> = wanted.filter_map(|contact| contact.email.clone()).collect();
    if to.is_empty() {
        customer.cloned().into_iter().collect()
    } else {
        to
    }
}

#[cfg(test)]
mod tests {
    use super::{Civility, Contact, check_contacts, contact_at, contact_faults, who_gets_mails};
    use crate::error::{Error, Rule};
    use crate::text::Email;

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    fn person(name: &str, address: &str) -> Contact {
        Contact {
            civility: Some(Civility::Mrs),
            name: Some(name.to_owned()),
            email: Some(email(address)),
            gets_mails: true,
            ..Contact::default()
        }
    }

    #[test]
    fn a_civility_is_read_by_its_word() {
        for civility in Civility::ALL {
            assert_eq!(Civility::parse(civility.code()), Ok(civility));
        }
        assert_eq!(Civility::parse("Madame"), Err(Rule::UnknownChoice));
        assert_eq!(Civility::Both.in_full(), "Madame, Monsieur");
    }

    #[test]
    fn a_contact_can_be_named_and_reached() {
        let petitjean = person("Petitjean", "c.petitjean@syndic.example");
        let reached = Contact {
            name: None,
            ..person("", "compta@syndic.example")
        };
        let named = Contact {
            email: None,
            gets_mails: false,
            ..person("Morel", "m@syndic.example")
        };
        let sound = [petitjean.clone(), reached, named.clone()];
        assert_eq!(check_contacts(&sound), Ok(()));
        let unreachable = Contact {
            gets_mails: true,
            ..named
        };
        let again = person("Petitjean", "C.Petitjean@Syndic.example");
        let broken = [petitjean, Contact::default(), unreachable, again];
        let found: Vec<(usize, &str, Rule)> = contact_faults(&broken)
            .into_iter()
            .map(|fault| (fault.index, fault.field, fault.rule))
            .collect();
        assert_eq!(
            found,
            [
                (1, "name", Rule::NamelessContact),
                (2, "email", Rule::MailsWithoutEmail),
                (3, "email", Rule::EmailOfAnother),
            ]
        );
        let first = Error::at("contacts[1].name", Rule::NamelessContact);
        assert_eq!(check_contacts(&broken), Err(first));
    }

    #[test]
    fn a_customer_has_so_many_contacts_and_no_more() {
        let mut contacts: Vec<Contact> = (0..20)
            .map(|number| person("Petitjean", &format!("p{number}@syndic.example")))
            .collect();
        assert_eq!(check_contacts(&contacts), Ok(()));
        contacts.push(person("Morel", "morel@syndic.example"));
        assert_eq!(
            check_contacts(&contacts),
            Err(Error::at("contacts", Rule::TooManyContacts { most: 20 }))
        );
    }

    #[test]
    fn mails_go_to_those_who_are_to_get_them_else_to_the_customer() {
        let (accounts, manager) = (
            person("Morel", "compta@syndic.example"),
            Contact {
                gets_mails: false,
                ..person("Petitjean", "c.petitjean@syndic.example")
            },
        );
        let own = email("contact@syndic.example");
        let both = [manager.clone(), accounts];
        assert_eq!(
            who_gets_mails(&both, Some(&own)),
            [email("compta@syndic.example")]
        );
        assert_eq!(
            who_gets_mails(&[manager], Some(&own)),
            std::slice::from_ref(&own)
        );
        assert_eq!(who_gets_mails(&[], None), []);
        let found = contact_at(&both, &email("COMPTA@syndic.example"));
        assert_eq!(found, both.last());
        assert_eq!(contact_at(&both, &own), None);
    }
}
