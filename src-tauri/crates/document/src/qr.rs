//! The QR code of a payment page.

use std::sync::Arc;

use fast_qr::{ECL, QRBuilder};

use crate::display::Modules;
use crate::error::Error;

/// Longest address: keeps the modules large enough for a phone held over paper.
const URL_LENGTH_MAX: usize = 300;

/// Refuses an address that the button and the code could not carry exactly.
pub(crate) fn check_url(url: &str) -> Result<(), Error> {
    let schemed = url.starts_with("https://") || url.starts_with("http://");
    let plain = url.bytes().all(|byte| byte.is_ascii_graphic());
    if schemed && plain && url.len() <= URL_LENGTH_MAX {
        Ok(())
    } else {
        Err(Error::LinkUnusable)
    }
}

/// The code of an address; 15 % of it may be lost to dirt and folds (level M).
pub(crate) fn modules(url: &str) -> Result<Arc<Modules>, Error> {
    check_url(url)?;
    let code = QRBuilder::new(url).ecl(ECL::M).build();
    let code = code.map_err(|_| Error::LinkUnusable)?;
    let rows = (0..code.size).flat_map(|row| &code[row][..code.size]);
    let dark = rows.map(|module| module.value()).collect();
    Ok(Arc::new(Modules {
        side: code.size,
        dark,
    }))
}

/// Horizontal runs of dark modules: row, first column, how many.
pub(crate) fn dark_runs(modules: &Modules) -> Vec<(usize, usize, usize)> {
    let mut runs = Vec::new();
    for (row, cells) in modules.dark.chunks(modules.side).enumerate() {
        let mut column = 0;
        while column < cells.len() {
            let length = cells[column..].iter().take_while(|dark| **dark).count();
            if length > 0 {
                runs.push((row, column, length));
            }
            column += length.max(1);
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::{check_url, dark_runs, modules};
    use crate::error::Error;

    #[test]
    fn only_addresses_that_paper_can_carry_are_accepted() {
        assert_eq!(
            check_url("https://secure.payplug.com/pay/test/7Qd2mXkV9rTz4LbWcN1hYe"),
            Ok(())
        );
        for bad in [
            "",
            "javascript:alert(1)",
            "https://é.fr",
            "https://a b",
            "https://a\n",
            "file:///etc",
        ] {
            assert_eq!(check_url(bad), Err(Error::LinkUnusable), "{bad}");
        }
        assert_eq!(
            check_url(&format!("https://{}", "a".repeat(300))),
            Err(Error::LinkUnusable)
        );
    }

    #[test]
    fn runs_cover_exactly_the_dark_modules() {
        let code = modules("https://secure.payplug.com/pay/abc").unwrap();
        let mut drawn = vec![false; code.dark.len()];
        for (row, column, length) in dark_runs(&code) {
            drawn[row * code.side + column..][..length].fill(true);
        }
        assert_eq!(drawn, code.dark);
    }
}
