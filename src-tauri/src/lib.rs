//! The window: a thin shell around `acquit-app`.
//!
//! Commands check what they are given and call one service; events tell the window what changed.

mod background;
mod commands;
mod dto;
mod events;
mod failure;
mod form;
mod preferences;
mod state;

use tauri::{AppHandle, Manager, RunEvent, WindowEvent};
use tauri_specta::{Builder, collect_commands, collect_events};
use tracing_subscriber::EnvFilter;

use crate::state::Desk;

/// The list of commands; a macro, because what collects them is one.
macro_rules! every_command {
    () => {
        collect_commands![
            commands::files::start,
            commands::files::usable,
            commands::files::open_demonstration,
            commands::files::leave_demonstration,
            commands::files::create_company,
            commands::files::keep_new_company,
            commands::invoices::home,
            commands::invoices::list_invoices,
            commands::invoices::invoice_counts,
            commands::invoices::invoice,
            commands::invoices::new_draft,
            commands::invoices::draft,
            commands::invoices::save_draft,
            commands::invoices::delete_draft,
            commands::invoices::finalise_invoice,
            commands::invoices::cancel_invoice,
            commands::invoices::preview_invoice,
            commands::invoices::save_invoice_pdf,
            commands::invoices::open_link,
            commands::retention::release_retention,
            commands::retention::open_rendition,
            commands::kinds::deductible,
            commands::kinds::works_so_far,
            commands::kinds::duplicate_invoice,
            commands::kinds::next_situation,
            commands::kinds::final_invoice,
            commands::kinds::correct_invoice,
            commands::receipts::add_receipt,
            commands::receipts::pull_now,
            commands::payments::list_payments,
            commands::payments::payment_counts,
            commands::payments::payments_to_resolve,
            commands::payments::resolve_anomaly,
            commands::payments::dismiss_stranger,
            commands::attach::attach_choices,
            commands::attach::attach_payment,
            commands::attach::draft_of_payment,
            commands::money_back::refund_terms,
            commands::money_back::refund_invoice,
            commands::money_back::withdraw_refund,
            commands::money_back::record_chargeback,
            commands::money_back::close_chargeback,
            commands::money_back::decide_invoice,
            commands::money_back::credit_invoice,
            commands::money_back::link_to_copy,
            commands::money_back::link_carried,
            commands::mailbox::mailbox,
            commands::mailbox::save_mailbox,
            commands::mailbox::forget_mailbox,
            commands::library::mail_library,
            commands::library::save_mail_text,
            commands::library::delete_mail_text,
            commands::library::set_thanks_text,
            commands::library::add_mail_file,
            commands::library::set_mail_file_always,
            commands::library::remove_mail_file,
            commands::mails::compose_mail,
            commands::mails::keep_mail,
            commands::mails::preview_mail,
            commands::mails::send_mail,
            commands::mails::open_mail_elsewhere,
            commands::mails::sms_text,
            commands::mails::mail,
            commands::mails::retry_mail,
            commands::mails::withdraw_mail,
            commands::mails::settle_mail,
            commands::bulk::bulk_plan,
            commands::bulk::send_bulk,
            commands::bulk::bulk_standing,
            commands::bulk::stop_bulk,
            commands::reminders::reminders,
            commands::reminders::preview_reminder,
            commands::reminders::send_reminders,
            commands::reminders::postpone_reminders,
            commands::reminders::reminder_plan,
            commands::reminders::set_reminder_plan,
            commands::reminders::set_reminded,
            commands::customers::list_customers,
            commands::customers::customer,
            commands::customers::add_customer,
            commands::customers::keep_new_customer,
            commands::customers::forget_new_customer,
            commands::customers::save_customer,
            commands::customers::save_statement,
            commands::settings::check_field,
            commands::settings::company,
            commands::settings::save_company,
            commands::numbering::numbering,
            commands::numbering::set_number_pattern,
            commands::numbering::set_first_number,
            commands::settings::connection,
            commands::settings::connect,
            commands::settings::disconnect,
            commands::settings::use_mode,
            commands::settings::set_force_3ds,
            commands::settings::open_page,
            commands::accounting::preview_export,
            commands::accounting::write_export,
            commands::accounting::stop_export,
            commands::accounting::list_exports,
            commands::accounting::rewrite_export,
            commands::accounting::undo_export,
            commands::accounting::open_folder,
            commands::bookkeeping::books,
            commands::bookkeeping::save_books,
            commands::bookkeeping::usual_books,
            commands::bookkeeping::set_vat_basis,
            commands::bookkeeping::import_plan,
            commands::bookkeeping::forget_plan,
            commands::settling::set_off_targets,
            commands::settling::adjust,
            commands::settling::cheques,
            commands::settling::deposit_cheques,
            commands::vat::vat_return,
            commands::vat::save_vat,
            commands::closing::list_entries,
            commands::closing::closing_year,
            commands::closing::close_period,
            commands::account::payplug_account,
            commands::account::import_account_statement,
            commands::account::import_bank_statement,
            commands::account::fetch_account_report,
            commands::account::accept_account_lines,
            commands::account::answer_account_line,
            commands::account::transfer_arrived,
            commands::account::record_account_movement,
            commands::account::reverse_account_movement,
        ]
    };
}

/// Everything that crosses between the window and Rust; `ui/src/ipc/bindings.ts` is written from it.
#[must_use]
pub(crate) fn ipc() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        .disable_serde_phases()
        .commands(every_command!())
        .events(collect_events![
            events::Changed,
            events::PullChanged,
            events::ExportProgress,
            events::News
        ])
}

/// Opens the window and returns when it is closed; the process's exit code.
#[must_use]
pub fn run(api_base: Option<String>) -> i32 {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("ACQUIT_LOG").unwrap_or_else(|_| EnvFilter::new("warn")),
        )
        .with_writer(std::io::stderr)
        .init();
    let ipc = ipc();
    let built = tauri::Builder::default()
        // Must be the first plugin: a second start hands over here and ends.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| show(app)))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_notification::init())
        .invoke_handler(ipc.invoke_handler())
        .setup(move |app| {
            ipc.mount_events(app);
            let paths = app.path();
            let data = paths.app_local_data_dir()?;
            let documents = paths.document_dir().or_else(|_| paths.home_dir())?;
            let desk = Desk::new(data, documents, api_base);
            if desk.has_company()
                && let Err(failure) = commands::files::open_company(app.handle(), &desk)
            {
                desk.set_failure(failure);
            }
            app.manage(desk);
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => app.run_return(on_event),
        Err(error) => {
            // Without a window there is nowhere else to say it.
            tracing::error!(%error, "the window cannot open");
            1
        }
    }
}

/// Coming back to the window asks for news at once: the person looks for a payment.
fn on_event(app: &AppHandle, event: RunEvent) {
    if let RunEvent::WindowEvent {
        event: WindowEvent::Focused(true),
        ..
    } = event
        && let Some(desk) = app.try_state::<Desk>()
        && let Some(session) = desk.open_session()
    {
        session.wake.notify_one();
    }
}

/// Brings the window that is open already to the front.
fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let shown = window.unminimize().and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window stays where it is");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use specta_typescript::Typescript;

    /// What the window believes of Rust is what Rust says. `UPDATE_BINDINGS=1` writes the file anew.
    #[test]
    fn the_windows_types_are_those_of_rust() {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/ipc/bindings.ts");
        let folder = tempfile::tempdir().unwrap();
        let written = folder.path().join("bindings.ts");
        let language = Typescript::default()
            .header("// @ts-nocheck: written by a test from the commands of src-tauri.\n");
        super::ipc().export(language, &written).unwrap();
        let written = std::fs::read_to_string(written).unwrap();
        if std::env::var_os("UPDATE_BINDINGS").is_some() {
            std::fs::write(&kept, &written).unwrap();
        }
        let kept = std::fs::read_to_string(&kept).unwrap_or_default();
        assert!(
            kept == written,
            "ui/src/ipc/bindings.ts is stale: run this test once with UPDATE_BINDINGS=1"
        );
    }
}
