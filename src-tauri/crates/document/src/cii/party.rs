//! Seller and buyer (BG-4, BG-7).

use acquit_domain::company::{Address, Company};
use acquit_domain::invoice::Finalised;

use super::writer::X;
use super::{named, vat::Category};
use crate::address::{self, ElectronicAddress};
use crate::words;

/// Scheme of SIREN numbers (ISO 6523).
const SIREN: &str = "0002";
/// Scheme of SIRET numbers.
const SIRET: &str = "0009";

/// BG-4.
pub(super) fn seller(x: &mut X, document: &Finalised) {
    let seller = &document.seller;
    x.within("ram:SellerTradeParty", |x| {
        x.with("ram:GlobalID", ("schemeID", SIRET), seller.siret.as_str());
        x.element("ram:Name", &named(&words::seller_name(seller)));
        organisation(x, Some(seller.siren().as_str()));
        contact(x, seller);
        postal(x, &seller.address);
        electronic(x, &address::of_seller(seller));
        let siren = seller.siren();
        let number = seller.vat_number.as_ref();
        match number {
            _ if is_out_of_scope(document) => {}
            Some(number) => registration(x, "VA", number.as_str()),
            // BR-S-02, BR-E-02: without a VAT number, the number that the tax office knows.
            None => registration(x, "FC", siren.as_str()),
        }
    });
}

/// BG-7.
pub(super) fn buyer(x: &mut X, document: &Finalised) {
    let buyer = &document.buyer;
    x.within("ram:BuyerTradeParty", |x| {
        x.element("ram:Name", &named(&buyer.name));
        organisation(x, buyer.siren.as_ref().map(|siren| siren.as_str()));
        postal(x, &buyer.address);
        electronic(x, &address::of_buyer(buyer));
        if let Some(number) = buyer.vat_number.as_ref()
            && !is_out_of_scope(document)
        {
            registration(x, "VA", number.as_str());
        }
    });
}

/// Outside the scope of VAT no VAT number may stand (BR-O-02).
fn is_out_of_scope(document: &Finalised) -> bool {
    let mut rates = document.totals.by_rate.iter();
    rates.any(|rate| Category::of(document, rate.treatment).code == "O")
}

fn organisation(x: &mut X, siren: Option<&str>) {
    if let Some(siren) = siren {
        x.within("ram:SpecifiedLegalOrganization", |x| {
            x.with("ram:ID", ("schemeID", SIREN), siren);
        });
    }
}

/// BG-6.
fn contact(x: &mut X, seller: &Company) {
    if seller.phone.is_none() && seller.email.is_none() {
        return;
    }
    x.within("ram:DefinedTradeContact", |x| {
        if let Some(phone) = &seller.phone {
            x.within("ram:TelephoneUniversalCommunication", |x| {
                x.element("ram:CompleteNumber", phone);
            });
        }
        if let Some(email) = &seller.email {
            x.within("ram:EmailURIUniversalCommunication", |x| {
                x.element("ram:URIID", email.as_str());
            });
        }
    });
}

/// BG-5, BG-8.
fn postal(x: &mut X, address: &Address) {
    x.within("ram:PostalTradeAddress", |x| {
        x.element("ram:PostcodeCode", &address.postcode);
        x.element("ram:LineOne", &address.line1);
        if let Some(line2) = &address.line2 {
            x.element("ram:LineTwo", line2);
        }
        x.element("ram:CityName", &address.city);
        x.element("ram:CountryID", address.country.as_str());
    });
}

fn electronic(x: &mut X, address: &ElectronicAddress) {
    x.within("ram:URIUniversalCommunication", |x| {
        x.with("ram:URIID", ("schemeID", address.scheme), &address.text);
    });
}

fn registration(x: &mut X, scheme: &str, number: &str) {
    x.within("ram:SpecifiedTaxRegistration", |x| {
        x.with("ram:ID", ("schemeID", scheme), number);
    });
}
