//! `receipt add`.

use acquit_app::NewReceipt;

use super::invoice::shown;
use super::open;
use crate::arguments::Receipt;
use crate::error::Error;
use crate::output::{Answer, Form};

/// Runs a command on receipts.
pub(super) async fn run(command: Receipt, form: Form) -> Result<Answer, Error> {
    let Receipt::Add {
        which,
        amount,
        means,
        date,
        overpayment,
    } = command;
    let acquit = open(&which.data)?;
    let receipt = NewReceipt {
        amount,
        means,
        date,
        overpayment,
    };
    let view = acquit
        .add_receipt(acquit.resolve(&which.id)?, receipt)
        .await?;
    shown(&acquit, &view, form)
}
