//! Strict JSON: an unknown or missing field, a wrong type, a number where a decimal string belongs
//! is refused by the path of the field. The rules themselves are the domain's.

mod fault;
mod fields;
mod invoice;
mod json;
mod party;
pub(crate) mod secret;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use acquit_app::{NewCompany, NewCustomer, NewInvoice};

pub(crate) use fault::{Fault, Refused};
use json::{FILE_BYTES_MAX, Node};

/// Reads a company from a JSON file.
///
/// # Errors
/// A file that cannot be read, or the first field at fault.
pub(crate) fn company(path: &Path) -> Result<NewCompany, Refused> {
    party::company(document(path)?, path.parent().unwrap_or(Path::new("")))
}

/// Reads a customer from a JSON file.
///
/// # Errors
/// A file that cannot be read, or the first field at fault.
pub(crate) fn customer(path: &Path) -> Result<NewCustomer, Refused> {
    party::customer(document(path)?)
}

/// Reads a draft from a JSON file for a seller with or without the franchise.
///
/// # Errors
/// A file that cannot be read, or the first field at fault.
pub(crate) fn invoice(path: &Path, franchise: bool) -> Result<NewInvoice, Refused> {
    invoice::invoice(document(path)?, franchise)
}

/// Reads a file, `-` being standard input; never more than a byte beyond what is accepted.
fn document(path: &Path) -> Result<Node, Refused> {
    let mut bytes = Vec::new();
    let most = FILE_BYTES_MAX as u64 + 1;
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|_| Fault::FileNotReadable {
        path: path.display().to_string(),
    })?;
    Ok(json::parse(&bytes)?)
}
