//! The customer: who owes and where to reach them.

use serde::{Deserialize, Serialize};

use crate::company::Address;
use crate::id::CustomerId;
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
