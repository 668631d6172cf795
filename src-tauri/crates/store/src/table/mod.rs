//! Every table's migration steps, in order.

pub(crate) mod account_movements;
pub(crate) mod adjustments;
pub(crate) mod anomalies;
pub(crate) mod audit;
pub(crate) mod batch_pdfs;
pub(crate) mod batches;
pub(crate) mod charts;
pub(crate) mod closings;
pub(crate) mod company;
pub(crate) mod contacts;
pub(crate) mod customers;
pub(crate) mod deposit_slips;
pub(crate) mod entries;
pub(crate) mod forms;
pub(crate) mod given_back;
pub(crate) mod invoice_list;
pub(crate) mod invoices;
pub(crate) mod journal;
pub(crate) mod links;
pub(crate) mod mailbox;
pub(crate) mod mails;
pub(crate) mod movement_reversals;
pub(crate) mod notices;
pub(crate) mod numbers;
pub(crate) mod payments;
pub(crate) mod plans;
pub(crate) mod receipts;
pub(crate) mod refund_wishes;
pub(crate) mod reminders;
pub(crate) mod renditions;
pub(crate) mod retentions;
pub(crate) mod statement_entries;
pub(crate) mod statement_mappings;
pub(crate) mod statements;
pub(crate) mod strangers;
pub(crate) mod taken_off;
pub(crate) mod vat_bases;

use crate::migrate::Step;

/// All steps, sorted by id.
pub(crate) fn steps() -> Vec<Step> {
    let mut steps: Vec<Step> = [
        company::STEPS,
        customers::STEPS,
        contacts::STEPS,
        invoices::STEPS,
        invoice_list::STEPS,
        numbers::STEPS,
        taken_off::STEPS,
        links::STEPS,
        payments::STEPS,
        receipts::STEPS,
        given_back::STEPS,
        adjustments::STEPS,
        deposit_slips::STEPS,
        refund_wishes::STEPS,
        entries::STEPS,
        batches::STEPS,
        batch_pdfs::STEPS,
        charts::STEPS,
        closings::STEPS,
        journal::STEPS,
        plans::STEPS,
        vat_bases::STEPS,
        audit::STEPS,
        anomalies::STEPS,
        notices::STEPS,
        statements::STEPS,
        statement_entries::STEPS,
        statement_mappings::STEPS,
        account_movements::STEPS,
        movement_reversals::STEPS,
        strangers::STEPS,
        mailbox::STEPS,
        mails::STEPS,
        reminders::STEPS,
        renditions::STEPS,
        retentions::STEPS,
        forms::STEPS,
        crate::lease::STEPS,
        crate::search::STEPS,
    ]
    .concat();
    steps.sort_by_key(|step| step.id);
    steps
}
