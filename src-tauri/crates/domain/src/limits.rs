//! How long typed texts may be, whoever reads them: the command line and the window agree.

/// Name of a company or a customer, in characters.
pub const NAME_MAX: usize = 200;
/// One line of an address, or a town.
pub const ADDRESS_LINE_MAX: usize = 120;
/// Postcode.
pub const POSTCODE_MAX: usize = 16;
/// Telephone.
pub const PHONE_MAX: usize = 40;
/// A printed mention such as the legal form or the register.
pub const MENTION_MAX: usize = 200;
/// Contacts of one customer; a mail to all of them is still one mail ([`RECIPIENTS_MAX`]).
pub const CONTACTS_MAX: usize = 20;
/// What a contact does in the customer's house.
pub const ROLE_MAX: usize = 100;
/// Code of a customer.
pub const CODE_MAX: usize = 20;
/// Title of a document.
pub const TITLE_MAX: usize = 200;
/// Address of the site.
pub const SITE_MAX: usize = 300;
/// The customer's reference.
pub const REFERENCE_MAX: usize = 100;
/// Reference of a deposit slip: banks print shorter ones, and it is the piece of an entry.
pub const SLIP_REFERENCE_MAX: usize = 40;
/// Cheques of one deposit slip.
pub const SLIP_CHEQUES_MAX: usize = 200;
/// A description, a comment or notes.
pub const TEXT_MAX: usize = 4_000;
/// A heading.
pub const HEADING_MAX: usize = 300;
/// A unit.
pub const UNIT_MAX: usize = 20;
/// Reference of a movement of the PayPlug account: the piece of its entry.
pub const PIECE_MAX: usize = 80;
/// Why a line of a statement was set aside.
pub const REASON_MAX: usize = 200;
/// Count of deductions.
pub const DEDUCTIONS_MAX: usize = 20;
/// Days from issue to due date where nothing else is said.
pub const PAYMENT_DAYS_DEFAULT: u16 = 30;
/// Most days from issue to due date.
pub const PAYMENT_DAYS_MAX: u16 = 365;
/// Recipients of one mail, all together.
pub const RECIPIENTS_MAX: usize = 20;
/// Invoices that are sent at once.
pub const BULK_MAX: usize = 500;
/// Subject of a mail.
pub const SUBJECT_MAX: usize = 200;
/// Body of a mail.
pub const BODY_MAX: usize = 10_000;
/// What a mail carries besides its words, in bytes: many mailboxes refuse more than 20 MB, and what is
/// attached grows by a third on its way.
pub const ATTACHED_MAX_BYTES: u64 = 10 * 1024 * 1024;
/// Name of an attached file.
pub const FILE_NAME_MAX: usize = 120;
