//! Electronic addresses (BT-34, BT-49): where platforms find seller and buyer.

use acquit_domain::company::Company;
use acquit_domain::customer::{Customer, CustomerKind};

/// Scheme of French platform addresses.
const FRENCH: &str = "0225";
/// Scheme of e-mail addresses.
const EMAIL: &str = "EM";
/// Longest address that the French rules take (BR-FR-25).
const LONGEST: usize = 125;

/// An address and its scheme (EAS).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ElectronicAddress {
    pub(crate) scheme: &'static str,
    pub(crate) text: String,
}

/// BT-34: the SIREN.
pub(crate) fn of_seller(seller: &Company) -> ElectronicAddress {
    let siren = seller.siren();
    let (scheme, text) = (FRENCH, siren.as_str().to_owned());
    ElectronicAddress { scheme, text }
}

/// BT-49: a business by its SIREN, else by e-mail, else by the code that the seller knows it by.
pub(crate) fn of_buyer(buyer: &Customer) -> ElectronicAddress {
    let siren = buyer.siren.as_ref();
    if let Some(siren) = siren.filter(|_| buyer.kind == CustomerKind::Business) {
        let (scheme, text) = (FRENCH, siren.as_str().to_owned());
        return ElectronicAddress { scheme, text };
    }
    let email = buyer.email.as_ref().map(ToString::to_string);
    match email.filter(|text| text.chars().count() <= LONGEST) {
        Some(text) => ElectronicAddress {
            scheme: EMAIL,
            text,
        },
        None => ElectronicAddress {
            scheme: FRENCH,
            text: cleaned(&buyer.code),
        },
    }
}

/// Only what an address of the scheme may hold (BR-FR-23).
fn cleaned(code: &str) -> String {
    let fits = |character: &char| {
        character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')
    };
    let kept: String = code.chars().filter(fits).take(LONGEST).collect();
    if kept.is_empty() {
        "client".to_owned()
    } else {
        kept
    }
}

/// Both as they are printed.
pub(crate) fn said(seller: &Company, buyer: &Customer) -> String {
    format!(
        "vendeur\u{a0}{}, client\u{a0}{}.",
        of_seller(seller).text,
        of_buyer(buyer).text
    )
}
