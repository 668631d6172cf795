//! What `verify` holds of the PayPlug account: each movement once, and nothing else on its accounts.

use acquit_accounting::chart::Use;
use acquit_store::Reader;

use crate::bookkeeping::sums_of;
use crate::view::Break;
use crate::{Acquit, Error};

impl Acquit {
    /// 3: the PayPlug account is receipts less refunds less chargebacks plus those that were won, less fees, invoices and
    /// transfers; VAT on fees is that of fees and invoices, and what is on its way is what left and has not arrived.
    pub(crate) fn account_holds(
        &self,
        reader: &Reader<'_>,
        checked: &mut Vec<(&'static str, u64)>,
    ) -> Result<Option<Break>, Error> {
        let (_, received, refunded) = reader.receipt_sums()?;
        let disputed = reader.chargeback_sums()?;
        let moved = reader.movement_sums()?;
        let came = received + disputed.won + moved.came_back;
        let went = refunded + disputed.taken + moved.left;
        if sums_of(reader, Use::Payplug)? != (came, went) {
            return differs(reader, Use::Payplug, "3 PayPlug account", came - went);
        }
        for (account, invariant, expected) in [
            (Use::VatOnFees, "3 VAT on fees", moved.vat),
            (Use::InTransit, "3 transfers", moved.in_transit),
        ] {
            let (debit, credit) = sums_of(reader, account)?;
            if debit - credit != expected {
                return differs(reader, account, invariant, expected);
            }
        }
        checked.push(("account_movements", moved.count));
        Ok(None)
    }
}

fn differs(
    reader: &Reader<'_>,
    account: Use,
    invariant: &'static str,
    expected: acquit_domain::Cents,
) -> Result<Option<Break>, Error> {
    let (debit, credit) = sums_of(reader, account)?;
    let what = format!("{} / {}", (debit - credit).decimal(), expected.decimal());
    Ok(Some(Break { invariant, what }))
}
