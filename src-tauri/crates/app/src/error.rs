//! One enum of what the services refuse or fail at, each with a stable code.

use std::path::PathBuf;

use acquit_domain::Rule;
use acquit_domain::attach::AttachRule;

/// Why a service did not do what was asked. Nothing was written, where a variant does not say so.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule of the domain is broken.
    #[error(transparent)]
    Broken(#[from] acquit_domain::Error),
    /// No customer has this code.
    #[error("unknown customer {0}")]
    UnknownCustomer(String),
    /// No invoice has this id or number.
    #[error("unknown invoice {0}")]
    UnknownInvoice(String),
    /// Another customer has this code.
    #[error("customer code {0} taken")]
    CustomerCodeTaken(String),
    /// Not a backup of a company, or a damaged one.
    #[error("{0} is not a sound backup")]
    DamagedBackup(PathBuf),
    /// Only a draft can be finalised.
    #[error("not a draft")]
    NotADraft,
    /// A draft whose typed text cannot be read in full.
    #[error("unfinished draft")]
    UnfinishedDraft,
    /// A draft has no receipt, link, refund or PDF for customers.
    #[error("still a draft")]
    StillADraft,
    /// The invoice has no PayPlug receipt to give back.
    #[error("no card receipt")]
    NoCardReceipt,
    /// A refund made elsewhere was just found: look before giving back again.
    #[error("a refund was found at PayPlug")]
    RefundFound,
    /// Whether PayPlug took the refund is not known: the wish stays and is looked for.
    #[error("unclear whether the refund was made")]
    RefundUnclear,
    /// The refund did not leave: the wish stays.
    #[error("the refund waits")]
    RefundWaits,
    /// The refund cannot be made.
    #[error("the refund is refused: {code}")]
    RefundRefused {
        /// Stable code of the reason.
        code: String,
    },
    /// A wish for a refund that cannot be taken back any more.
    #[error("the refund may have left")]
    RefundLeft,
    /// The invoice has no such chargeback.
    #[error("unknown chargeback")]
    UnknownChargeback,
    /// No open anomaly or stranger has this payment.
    #[error("nothing to resolve for {0}")]
    NothingToResolve(String),
    /// The payment cannot be tied to the invoice.
    #[error(transparent)]
    Unattachable(#[from] AttachRule),
    /// No PayPlug account is connected.
    #[error("not connected")]
    NotConnected,
    /// Customers hold Live links, and no Live key is there to read them with.
    #[error("live links without a key")]
    LiveLinksUnread,
    /// Not a secret key.
    #[error("not a secret key")]
    NotAKey,
    /// The key's mode and what the account says differ.
    #[error("the account contradicts the key's mode")]
    ModeMismatch,
    /// `--api-base` takes a literal loopback address.
    #[error("not a loopback address")]
    NotLoopback,
    /// `--api-base` on a file that already lives for real.
    #[error("the file is in real use")]
    FileInUse,
    /// A demonstration or trial file cannot be connected to PayPlug.
    #[error("the file is a demonstration or a trial")]
    NotAReal,
    /// No company account country that PayPlug serves.
    #[error("country {0} not eligible")]
    CountryNotEligible(String),
    /// No mailbox is set up to send through.
    #[error("no mailbox")]
    NoMailbox,
    /// The mailbox's password is not in this computer's keychain.
    #[error("no password of the mailbox")]
    NoMailPassword,
    /// There is no link that a customer may have.
    #[error("no link")]
    NoLink,
    /// No mail has this id.
    #[error("unknown mail")]
    UnknownMail,
    /// No saved text or file of mails has this id.
    #[error("unknown text or file")]
    UnknownMailPart,
    /// A mail that cannot be taken back, tried again or decided upon any more.
    #[error("the mail has left")]
    MailLeft,
    /// The customer has no address to write to.
    #[error("no address to write to")]
    NoAddress,
    /// Nothing, too much at once, or something twice.
    #[error("not a batch")]
    NotABatch,
    /// A mail server.
    #[error("mail")]
    Mail(#[from] acquit_mail::Error),
    /// No invoice of a reminder needs one any more.
    #[error("nothing to remind of")]
    NothingToRemind,
    /// No rendition with this hash left.
    #[error("unknown rendition")]
    UnknownRendition,
    /// The kept bytes of a rendition are not those that left.
    #[error("a kept rendition was changed")]
    ChangedRendition,
    /// The customer has nothing to pay.
    #[error("nothing owed")]
    NothingOwed,
    /// There is nothing new to export.
    #[error("nothing to export")]
    NothingToExport,
    /// No export batch has this number.
    #[error("unknown batch {0}")]
    UnknownBatch(u64),
    /// The export batch was undone.
    #[error("batch {0} was undone")]
    BatchUndone(u64),
    /// Only the latest export batch that stands may be undone.
    #[error("batch {batch} is not the latest: {latest} is")]
    NotLatestBatch {
        /// Which one was asked for.
        batch: u64,
        /// Which one may be undone.
        latest: u64,
    },
    /// An export batch would not be written as it was.
    #[error("batch {0} would differ from what was exported")]
    ExportChanged(u64),
    /// An export batch is recorded, and its file could not get its name.
    #[error("batch {batch} stands without its file {path}: {source}")]
    ExportNotPlaced {
        /// Which batch.
        batch: u64,
        /// Where the file should be.
        path: PathBuf,
        /// Why it is not.
        source: std::io::Error,
    },
    /// Entries of a period to be closed that no export has taken, and that the person was not told of.
    #[error("{count} entries up to {until} were not exported")]
    UnexportedEntries {
        /// Up to which day.
        until: jiff::civil::Date,
        /// How many.
        count: u64,
    },
    /// One name for an export and the ZIP that goes along with it.
    #[error("one file for an export and its ZIP: {0}")]
    OneFileForTwo(PathBuf),
    /// The person stopped an export; nothing is recorded.
    #[error("the export was stopped")]
    ExportStopped,
    /// Accounts or journals that cannot be; every field at fault.
    #[error("wrong chart: {0:?}")]
    WrongChart(Vec<acquit_accounting::chart::ChartFault>),
    /// Not an accountant's chart of accounts.
    #[error("not a plan")]
    NotAPlan(#[source] acquit_accounting::chart::PlanFault),
    /// A file that is no statement.
    #[error("not a statement")]
    NotAStatement(#[source] acquit_accounting::statement::TableFault),
    /// Columns whose meanings do not make a statement.
    #[error("wrong columns: {0:?}")]
    WrongColumns(acquit_accounting::statement::MappingFault),
    /// No transfer has this reference.
    #[error("unknown transfer {0}")]
    UnknownTransfer(String),
    /// No movement of the PayPlug account of this kind has this piece.
    #[error("unknown movement {0}")]
    UnknownMovement(String),
    /// No line of a statement has this sequence.
    #[error("unknown statement line {0}")]
    UnknownStatementLine(u64),
    /// Nothing is proposed for this line of a statement, or no more.
    #[error("no proposal for line {0}")]
    NoProposal(u64),
    /// PayPlug's accounting report is not ready yet.
    #[error("the report is not ready")]
    ReportNotReady,
    /// The account of a Test key has no place in the books.
    #[error("a Test account has no statement")]
    TestAccount,
    /// Another process pulls right now.
    #[error("another process is at it")]
    PullBusy,
    /// The logo cannot be read.
    #[error("unreadable logo")]
    UnreadableLogo(#[source] acquit_document::Error),
    /// The paper cannot be made.
    #[error("paper")]
    Paper(#[source] acquit_document::Error),
    /// The folder of a demonstration holds something else.
    #[error("{0} holds something else")]
    FolderInUse(PathBuf),
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// Which path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The keychain.
    #[error("keychain")]
    Keychain(#[from] acquit_secrets::Error),
    /// PayPlug.
    #[error("payplug")]
    Payplug(#[from] acquit_payplug::Error),
    /// The company file.
    #[error("company file")]
    Store(#[from] acquit_store::Error),
    /// An entry that does not balance: a defect of this program, stopped before it is written.
    #[error("accounting")]
    Accounting(#[from] acquit_accounting::Error),
    /// Something the file should hold is not there: a defect, or a file changed by other hands.
    #[error("inconsistent file: {0}")]
    Inconsistent(&'static str),
}

impl Error {
    /// Stable code, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Broken(broken) => rule_code(&broken.rule),
            Self::UnknownCustomer(_) => "unknown_customer",
            Self::UnknownInvoice(_) => "unknown_invoice",
            Self::CustomerCodeTaken(_) => "customer_code_taken",
            Self::DamagedBackup(_) => "damaged_backup",
            Self::NotADraft => "not_a_draft",
            Self::UnfinishedDraft => "unfinished_draft",
            Self::StillADraft => "still_a_draft",
            Self::NoCardReceipt => "no_card_receipt",
            Self::RefundFound => "refund_found",
            Self::RefundUnclear => "refund_unclear",
            Self::RefundWaits => "refund_waits",
            Self::RefundRefused { .. } => "refund_refused",
            Self::RefundLeft => "refund_left",
            Self::UnknownChargeback => "unknown_chargeback",
            Self::NothingToResolve(_) => "nothing_to_resolve",
            Self::Unattachable(rule) => rule.into(),
            Self::NotConnected => "not_connected",
            Self::LiveLinksUnread => "live_links_unread",
            Self::NotAKey => "not_a_key",
            Self::ModeMismatch => "mode_mismatch",
            Self::NotLoopback => "not_loopback",
            Self::FileInUse => "file_in_use",
            Self::NotAReal => "not_a_real_file",
            Self::CountryNotEligible(_) => "country_not_eligible",
            Self::NoMailbox => "no_mailbox",
            Self::NoMailPassword => "no_mail_password",
            Self::NoLink => "no_link",
            Self::UnknownMail => "unknown_mail",
            Self::UnknownMailPart => "unknown_mail_part",
            Self::MailLeft => "mail_left",
            Self::NoAddress => "no_address",
            Self::NotABatch => "not_a_batch",
            Self::Mail(error) => mail_code(error),
            Self::NothingToRemind => "nothing_to_remind",
            Self::UnknownRendition => "unknown_rendition",
            Self::ChangedRendition => "changed_rendition",
            Self::NothingOwed => "nothing_owed",
            Self::NothingToExport => "nothing_to_export",
            Self::UnknownBatch(_) => "unknown_batch",
            Self::BatchUndone(_) => "batch_undone",
            Self::NotLatestBatch { .. } => "not_the_latest_batch",
            Self::ExportChanged(_) => "export_changed",
            Self::ExportNotPlaced { .. } => "export_not_placed",
            Self::UnexportedEntries { .. } => "unexported_entries",
            Self::OneFileForTwo(_) => "one_file_for_two",
            Self::ExportStopped => "export_stopped",
            Self::WrongChart(_) => "wrong_chart",
            Self::NotAPlan(_) => "not_a_plan",
            Self::NotAStatement(_) => "not_a_statement",
            Self::WrongColumns(_) => "wrong_columns",
            Self::UnknownTransfer(_) => "unknown_transfer",
            Self::UnknownMovement(_) => "unknown_movement",
            Self::UnknownStatementLine(_) => "unknown_statement_line",
            Self::NoProposal(_) => "no_proposal",
            Self::ReportNotReady => "report_not_ready",
            Self::TestAccount => "test_account",
            Self::PullBusy => "pull_busy",
            Self::UnreadableLogo(_) => "unreadable_logo",
            Self::Paper(_) => "paper_failed",
            Self::FolderInUse(_) => "folder_in_use",
            Self::Io { .. } => "file_system",
            Self::Keychain(error) => keychain_code(error),
            Self::Payplug(error) => payplug_code(error),
            Self::Store(error) => store_code(error),
            Self::Accounting(_) | Self::Inconsistent(_) => "internal",
        }
    }

    /// The field at fault, as in the inputs of `cli.md`.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Broken(broken) => Some(&broken.field),
            Self::UnknownCustomer(_) => Some("customer"),
            Self::CustomerCodeTaken(_) => Some("code"),
            Self::UnexportedEntries { .. } => Some("until"),
            Self::OneFileForTwo(_) => Some("pdfs"),
            Self::UnreadableLogo(_) => Some("logo_path"),
            Self::NoAddress => Some("to"),
            Self::Unattachable(AttachRule::NothingLeftToPay { .. }) => Some("invoice"),
            Self::Unattachable(_) => Some("payment"),
            _ => None,
        }
    }
}

fn keychain_code(error: &acquit_secrets::Error) -> &'static str {
    use acquit_secrets::Error as E;
    match error {
        E::NoService => "no_keychain",
        E::Locked => "keychain_locked",
        _ => "keychain_failed",
    }
}

/// Stable code of what a mail server said.
#[must_use]
pub(crate) const fn mail_code(error: &acquit_mail::Error) -> &'static str {
    use acquit_mail::Error as E;
    match error {
        E::Unreachable => "mail_unreachable",
        E::BadCertificate => "mail_bad_certificate",
        E::NoEncryption => "mail_no_encryption",
        E::NotLoopback => "mail_not_encrypted",
        E::LoginRefused => "mail_login_refused",
        E::NoLogin => "mail_no_login",
        E::SenderRefused => "mail_sender_refused",
        E::RecipientRefused(_) => "mail_recipient_refused",
        E::AccentedAddress(_) => "mail_accented_address",
        E::TooLarge => "mail_too_large",
        E::Refused { .. } => "mail_refused",
        E::Later { .. } => "mail_later",
        E::NotUnderstood => "mail_not_understood",
        E::Unclear => "mail_unclear",
        E::NotComposed => "mail_not_composed",
    }
}

/// Stable code of a PayPlug failure.
#[must_use]
pub fn payplug_code(error: &acquit_payplug::Error) -> &'static str {
    use acquit_payplug::Error as E;
    match error {
        E::Unauthorised => "key_refused",
        E::Forbidden => "not_allowed",
        E::NotFound => "payment_not_found",
        E::AlreadyEnded => "payment_ended",
        E::Rejected(_) => "payplug_rejected",
        E::TooManyRequests { .. } => "payplug_busy",
        E::Unavailable { .. } => "payplug_unavailable",
        E::Unreachable => "payplug_unreachable",
        E::Ambiguous(_) => "payplug_unclear",
        _ => "payplug_not_understood",
    }
}

fn store_code(error: &acquit_store::Error) -> &'static str {
    use acquit_store::Error as E;
    match error {
        E::Missing(_) => "no_company_file",
        E::Exists(_) => "company_file_exists",
        E::Busy => "file_busy",
        E::DiskFull => "disk_full",
        E::Damaged(_) | E::Unreadable { .. } => "file_damaged",
        E::TooNew { .. } => "file_too_new",
        E::Io { .. } => "file_system",
        E::Frozen(_) | E::Constraint(_) | E::Sqlite(_) => "internal",
    }
}

/// Stable code of a broken rule.
#[must_use]
pub fn rule_code(rule: &Rule) -> &'static str {
    match rule {
        Rule::Number(rule) => rule.into(),
        rule => rule.into(),
    }
}
