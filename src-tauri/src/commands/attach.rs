//! Payments that no link asked for: the invoice that one settles is chosen, or made.

use acquit_domain::Cents;
use acquit_domain::attach::net_within;
use acquit_domain::date::french_short;
use acquit_domain::remote::PaymentId;
use acquit_domain::vat::VatTreatment;
use tauri::{AppHandle, State};

use super::invoices::save;
use super::{Answer, at_the_desk, invoice_id};
use crate::background::tell_changed;
use crate::dto::{AttachPage, InvoiceForm, LineForm, PaymentDraft};
use crate::events::Source;
use crate::failure::Failure;
use crate::form;
use crate::state::Desk;

/// Longest text that is searched for.
const WORDS_MAX: usize = 200;

/// Invoices shown to choose from; who looks for another one types a part of its name.
const CHOICES_MAX: u32 = 50;

/// A payment that no link asked for, and the invoices that it could settle.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attach_choices(
    desk: State<'_, Desk>,
    payment: String,
    words: String,
) -> Answer<AttachPage> {
    let payment = payment_id(&payment)?;
    at_the_desk(&desk.session()?, move |session| {
        let words: String = words.chars().take(WORDS_MAX).collect();
        let found = session.acquit.attachable(&payment, &words, CHOICES_MAX)?;
        Ok(AttachPage::from(found))
    })
    .await
}

/// Ties a payment that no link asked for to an invoice, and records its receipt there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attach_payment(
    app: AppHandle,
    desk: State<'_, Desk>,
    payment: String,
    invoice: String,
) -> Answer<()> {
    let (payment, invoice) = (payment_id(&payment)?, invoice_id(&invoice)?);
    let session = desk.session()?;
    session.acquit.attach_payment(&payment, invoice).await?;
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    Ok(())
}

/// Makes a draft of one line whose total incl. VAT is what a payment brought; its customer is chosen in the editor.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_of_payment(
    app: AppHandle,
    desk: State<'_, Desk>,
    payment: String,
) -> Answer<PaymentDraft> {
    let payment = payment_id(&payment)?;
    let made = at_the_desk(&desk.session()?, move |session| {
        let acquit = &session.acquit;
        let found = acquit.attachable(&payment, "", 0)?;
        let words = found
            .description
            .unwrap_or_else(|| format!("Paiement par carte du {}", french_short(found.paid_on)));
        let (line, total) = line(form::new_line(&acquit.company()?), words, found.amount)?;
        let draft = InvoiceForm {
            kind: "invoice".to_owned(),
            operation: "services".to_owned(),
            lines: vec![line],
            ..InvoiceForm::default()
        };
        let id = acquit.new_invoice_id();
        save(session, id, &draft)?;
        Ok(PaymentDraft {
            id: id.to_string(),
            amount: found.amount.into(),
            total: total.into(),
        })
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(made)
}

/// The line of such a draft and its total incl. VAT, at the VAT of any new line.
fn line(new: LineForm, words: String, amount: Cents) -> Answer<(LineForm, Cents)> {
    let vat = match VatTreatment::new(None, Some(&new.vat)) {
        Ok(vat) => vat,
        Err(_) => {
            VatTreatment::new(Some(&new.vat), None).map_err(|_| Failure::unknown_word("vat"))?
        }
    };
    let net = net_within(amount, vat);
    let line = LineForm {
        description: words,
        quantity: "1".to_owned(),
        unit_price: form::comma(&net.decimal()),
        ..new
    };
    Ok((line, net + vat.vat_on(net)))
}

fn payment_id(text: &str) -> Answer<PaymentId> {
    PaymentId::parse(text).ok_or_else(|| Failure::unknown_word("payment"))
}

#[cfg(test)]
mod tests {
    use super::line;
    use crate::dto::LineForm;
    use acquit_domain::Cents;

    #[test]
    fn a_line_comes_to_what_was_paid_at_the_vat_of_a_new_line() {
        for (vat, price, total) in [
            ("20", "220,00", 26_400),
            ("10", "240,00", 26_400),
            ("E", "264,00", 26_400),
        ] {
            let new = LineForm {
                vat: vat.to_owned(),
                ..LineForm::default()
            };
            let made = line(new, "Dépannage".to_owned(), Cents::new(26_400)).unwrap();
            assert_eq!((made.0.unit_price.as_str(), made.1.get()), (price, total));
            assert_eq!((made.0.vat.as_str(), made.0.quantity.as_str()), (vat, "1"));
        }
    }
}
