//! Customers: the list, the page of one.

use acquit_app::{Error, FormOf, PaymentFilter};
use acquit_domain::Cents;
use serde_json::Value;
use tauri::{AppHandle, State};

use super::{Answer, at_the_desk, write_below};
use crate::background::tell_changed;
use crate::dto::{
    CustomerForm, CustomerPage, CustomerRow, FieldError, InvoiceRow, MailRow, Money, OnlinePayment,
};
use crate::events::Source;
use crate::failure::Failure;
use crate::form;
use crate::state::{Desk, Session};

/// Folder of statements of account below the person's documents.
pub(super) const STATEMENTS: &str = "Relevés";
/// Online payments shown on the page of a customer.
const PAYMENTS_SHOWN: u32 = 50;

/// All customers by name, with what they have still to pay.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_customers(desk: State<'_, Desk>) -> Answer<Vec<CustomerRow>> {
    at_the_desk(&desk.session()?, |session| {
        let due = session.acquit.due_by_customer()?;
        let mut rows: Vec<CustomerRow> = session
            .acquit
            .customers()?
            .into_iter()
            .map(|customer| {
                let owed = due.get(&customer.id).copied().unwrap_or(Cents::ZERO);
                CustomerRow::of(customer, Money::from(owed))
            })
            .collect();
        rows.sort_by_cached_key(|row| row.name.to_lowercase());
        Ok(rows)
    })
    .await
}

/// A customer's page; without a code, an empty one with what was typed before.
#[tauri::command]
#[specta::specta]
pub(crate) async fn customer(desk: State<'_, Desk>, code: Option<String>) -> Answer<CustomerPage> {
    at_the_desk(&desk.session()?, move |session| {
        let kept = session
            .acquit
            .kept_form(&form_of(code.as_deref()))?
            .and_then(|body| kept_form(&body));
        let Some(code) = code else {
            let blank = CustomerForm {
                kind: "private".to_owned(),
                country: "FR".to_owned(),
                ..CustomerForm::default()
            };
            return Ok(CustomerPage {
                code: None,
                form: kept.unwrap_or(blank),
                invoices: Vec::new(),
                payments: Vec::new(),
                due: Money(0),
                mails: Vec::new(),
                is_reminded: true,
            });
        };
        let customer = session.acquit.customer(&code)?;
        let contacts = session.acquit.contacts(&code)?;
        let today = session.acquit.today();
        let invoices: Vec<InvoiceRow> = session
            .acquit
            .summaries_of(&code)?
            .into_iter()
            .map(|summary| InvoiceRow::of(summary, today))
            .collect();
        let payments = session.acquit.payments(&PaymentFilter {
            customer: Some(code),
            limit: PAYMENTS_SHOWN,
            ..PaymentFilter::default()
        })?;
        let due = session.acquit.due_by_customer()?;
        let mails = session.acquit.mails_of_customer(&customer.code)?;
        let is_reminded = session.acquit.is_reminded(&customer.code)?;
        Ok(CustomerPage {
            form: kept.unwrap_or_else(|| CustomerForm::of(&customer, &contacts)),
            due: Money::from(due.get(&customer.id).copied().unwrap_or(Cents::ZERO)),
            code: Some(customer.code),
            invoices,
            payments: payments.into_iter().map(OnlinePayment::of).collect(),
            mails: mails.iter().map(MailRow::from).collect(),
            is_reminded,
        })
    })
    .await
}

/// What was typed before; what was kept before customers had contacts names none.
fn kept_form(body: &str) -> Option<CustomerForm> {
    let mut typed: Value = serde_json::from_str(body).ok()?;
    let fields = typed.as_object_mut()?;
    fields
        .entry("contacts")
        .or_insert_with(|| Value::Array(Vec::new()));
    serde_json::from_value(typed).ok()
}

fn form_of(code: Option<&str>) -> FormOf {
    code.map_or(FormOf::NewCustomer, |code| {
        FormOf::Customer(code.to_owned())
    })
}

/// Adds a customer; its code, or what cannot be read.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_customer(
    app: AppHandle,
    desk: State<'_, Desk>,
    form: CustomerForm,
) -> Answer<AddedCustomer> {
    let added = at_the_desk(&desk.session()?, move |session| {
        match form::customer(&form) {
            Ok(new) => {
                let customer = session.acquit.add_customer(new)?;
                session.acquit.drop_form(&FormOf::NewCustomer)?;
                Ok(AddedCustomer {
                    code: Some(customer.code),
                    errors: Vec::new(),
                })
            }
            Err(errors) => {
                keep(session, &FormOf::NewCustomer, &form)?;
                Ok(AddedCustomer { code: None, errors })
            }
        }
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(added)
}

/// What adding a customer came to.
#[derive(Clone, Debug, serde::Serialize, specta::Type)]
pub(crate) struct AddedCustomer {
    /// Its code.
    pub(crate) code: Option<String>,
    /// What cannot be read.
    pub(crate) errors: Vec<FieldError>,
}

/// Keeps what is typed of a new customer; what cannot be read yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_new_customer(
    desk: State<'_, Desk>,
    form: CustomerForm,
) -> Answer<Vec<FieldError>> {
    at_the_desk(&desk.session()?, move |session| {
        keep(session, &FormOf::NewCustomer, &form)?;
        Ok(form::customer(&form).err().unwrap_or_default())
    })
    .await
}

/// Gives up a new customer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_new_customer(desk: State<'_, Desk>) -> Answer<()> {
    at_the_desk(&desk.session()?, |session| {
        Ok(session.acquit.drop_form(&FormOf::NewCustomer)?)
    })
    .await
}

/// Changes a customer when all of it can be read; until then the text is kept as typed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_customer(
    app: AppHandle,
    desk: State<'_, Desk>,
    code: String,
    form: CustomerForm,
) -> Answer<Vec<FieldError>> {
    let errors = at_the_desk(&desk.session()?, move |session| {
        let of = FormOf::Customer(code.clone());
        match form::customer(&form) {
            Ok(new) => {
                session.acquit.update_customer(&code, new)?;
                session.acquit.drop_form(&of)?;
                Ok(Vec::new())
            }
            Err(errors) => {
                session.acquit.customer(&code)?;
                keep(session, &of, &form)?;
                Ok(errors)
            }
        }
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(errors)
}

/// Writes a customer's statement of account as a PDF below the person's documents; its path.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_statement(desk: State<'_, Desk>, code: String) -> Answer<String> {
    let folder = desk.documents(STATEMENTS);
    at_the_desk(&desk.session()?, move |session| {
        let (name, pdf) = session.acquit.statement(&code)?;
        write_below(&folder, &name, &pdf)
    })
    .await
}

fn keep(session: &Session, of: &FormOf, form: &CustomerForm) -> Answer<()> {
    let body =
        serde_json::to_string(form).map_err(|_| Failure::from(Error::Inconsistent("form")))?;
    Ok(session.acquit.keep_form(of, &body)?)
}

#[cfg(test)]
mod tests {
    use super::kept_form;
    use crate::dto::{ContactForm, CustomerForm};

    #[test]
    fn what_was_kept_before_there_were_contacts_is_still_read() {
        let mut form = CustomerForm {
            name: "Syndic".to_owned(),
            ..CustomerForm::default()
        };
        let older = serde_json::to_string(&form).unwrap();
        let older = older.replace(",\"contacts\":[]", "");
        assert!(!older.contains("contacts"), "{older}");
        assert_eq!(kept_form(&older), Some(form.clone()));
        form.contacts.push(ContactForm {
            name: "Petitjean".to_owned(),
            ..ContactForm::default()
        });
        let body = serde_json::to_string(&form).unwrap();
        assert_eq!(kept_form(&body), Some(form));
        assert_eq!(kept_form("[]"), None);
    }
}
