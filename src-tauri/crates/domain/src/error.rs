//! One enum of broken rules, and the field at fault.

use jiff::civil::Date;

use crate::money::Cents;
use crate::numbering::{DocumentNumber, NumberRule};

/// A rule that an input or an event breaks. Sentences for people are `app::message`'s business; as
/// `&'static str` it is its stable code (`cli.md`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Rule {
    /// Not a plain decimal such as `1250.00`.
    #[error("not a plain decimal")]
    NotADecimal,
    /// More decimals than the field holds.
    #[error("more than {most} decimals")]
    TooManyDecimals {
        /// Most decimals accepted.
        most: u32,
    },
    /// Beyond any amount that this software handles.
    #[error("too large")]
    TooLarge,
    /// Below zero where that has no meaning.
    #[error("negative")]
    Negative,
    /// Zero or less where something must be there.
    #[error("not positive")]
    NotPositive,
    /// A percentage outside 0 … 100.
    #[error("not a percentage")]
    NotAPercentage,
    /// Nothing but blanks.
    #[error("empty")]
    Empty,
    /// Longer than the field holds.
    #[error("longer than {most} characters")]
    TooLong {
        /// Most characters accepted.
        most: usize,
    },
    /// Control characters that no paper or file can carry.
    #[error("control character")]
    ControlCharacter,
    /// Not a SIREN (nine digits with a valid check digit).
    #[error("not a SIREN")]
    NotASiren,
    /// Not a SIRET (fourteen digits with a valid check digit).
    #[error("not a SIRET")]
    NotASiret,
    /// Not an intra-EU VAT number.
    #[error("not a VAT number")]
    NotAVatNumber,
    /// Not an IBAN (ISO 13616, check digits).
    #[error("not an IBAN")]
    NotAnIban,
    /// Not a BIC (ISO 9362).
    #[error("not a BIC")]
    NotABic,
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    NotAnEmail,
    /// One of several addresses is none.
    #[error("{0} is not an e-mail address")]
    #[strum(serialize = "not_an_email")]
    OneIsNotAnEmail(String),
    /// More recipients than one mail may have.
    #[error("more than {most} recipients")]
    TooManyRecipients {
        /// Most recipients accepted.
        most: usize,
    },
    /// More contacts than a customer may have.
    #[error("more than {most} contacts")]
    TooManyContacts {
        /// Most contacts accepted.
        most: usize,
    },
    /// A contact with neither name nor e-mail address.
    #[error("neither a name nor an e-mail address")]
    NamelessContact,
    /// An e-mail address that another contact of the customer has.
    #[error("another contact has this e-mail address")]
    EmailOfAnother,
    /// A contact that gets mails, without an address to send them to.
    #[error("mails without an e-mail address")]
    MailsWithoutEmail,
    /// Braces around something that is no variable.
    #[error("{0} is no variable")]
    UnknownVariable(String),
    /// More bytes attached than mailboxes take.
    #[error("more than {most} bytes attached")]
    TooHeavy {
        /// Most bytes accepted.
        most: u64,
    },
    /// Not a SHA-256 in hexadecimal.
    #[error("not a SHA-256")]
    NotAHash,
    /// Not a port (1 … 65535).
    #[error("not a port")]
    NotAPort,
    /// Not the name of a server.
    #[error("not a server")]
    NotAServer,
    /// A connection in the clear that would leave this computer.
    #[error("not encrypted")]
    NotEncrypted,
    /// Not a two-letter country code (ISO 3166-1).
    #[error("not a country")]
    NotACountry,
    /// Not one of the accepted words.
    #[error("unknown choice")]
    UnknownChoice,
    /// Not a VAT rate of metropolitan France (20, 10, 5.5, 2.1).
    #[error("unknown VAT rate")]
    UnknownVatRate,
    /// Rate and category contradict each other (BR-S-5, BR-AE-5 …).
    #[error("the VAT rate does not fit its category")]
    RateAgainstCategory,
    /// A VAT rate other than none in a company under the *franchise en base*.
    #[error("no VAT under the franchise")]
    VatUnderFranchise,
    /// A document without a single line.
    #[error("no line")]
    NoLine,
    /// More lines than a document holds.
    #[error("more than {most} lines")]
    TooManyLines {
        /// Most lines accepted.
        most: usize,
    },
    /// Negative quantities exceed the rest of their rate (the base would be negative).
    #[error("the base of a rate is negative")]
    NegativeBase,
    /// A situation says that less is done than the situations before asked for.
    #[error("less than earlier situations asked for")]
    LessThanBefore,
    /// A deposit charged more at one of its rates than the document that takes it off.
    #[error("a deposit exceeds a rate of the document")]
    DepositBeyondRate,
    /// Progress elsewhere than on a situation.
    #[error("progress only on a situation")]
    ProgressNotHere,
    /// A deduction on a deposit or a credit note.
    #[error("no deduction here")]
    DeductionNotHere,
    /// A kind of document that names no other.
    #[error("this kind of document refers to none")]
    ReferenceNotHere,
    /// A credit note names exactly one invoice.
    #[error("a credit note refers to one invoice")]
    OneReference,
    /// No finalised document has this number.
    #[error("no document {number}")]
    UnknownReference {
        /// The number given.
        number: String,
    },
    /// A document of another customer.
    #[error("{number} is of another customer")]
    #[strum(serialize = "reference_of_another_customer")]
    ReferenceOfAnother {
        /// Its number.
        number: DocumentNumber,
    },
    /// Neither situation nor deposit, or cancelled.
    #[error("{number} cannot be taken off")]
    NotDeductible {
        /// Its number.
        number: DocumentNumber,
    },
    /// Taken off by another document.
    #[error("{number} is taken off by {by}")]
    AlreadyDeducted {
        /// Its number.
        number: DocumentNumber,
        /// The document that takes it off.
        by: DocumentNumber,
    },
    /// A deposit that is not settled (`accounting.md` § 2).
    #[error("deposit {number} is not settled")]
    DepositUnpaid {
        /// Its number.
        number: DocumentNumber,
    },
    /// What a later document takes off can no longer be credited.
    #[error("taken off by {by}")]
    DeductedBy {
        /// The document that takes it off.
        by: DocumentNumber,
    },
    /// A credit note that takes back more at a rate than is left of its invoice.
    #[error("more at a rate than is left of the invoice")]
    MoreThanLeftAtRate,
    /// Deductions exceed the total incl. VAT.
    #[error("deductions exceed the total")]
    DeductionsExceedTotal,
    /// A release date or a bond elsewhere than on a retention; a release date where a bond stands.
    #[error("only for a retention")]
    OnlyForRetention,
    /// A retention released before the invoice is issued.
    #[error("released before issue")]
    ReleaseBeforeIssue,
    /// Nothing is held back of the document.
    #[error("no retention")]
    NoRetention,
    /// The retention was released before.
    #[error("already released")]
    AlreadyReleased,
    /// Neither or both of percentage and amount.
    #[error("exactly one of percent and amount")]
    PercentOrAmount,
    /// Due before issued (BT-9 ≥ BT-2).
    #[error("due before issue")]
    DueBeforeIssue,
    /// Issue date later than today.
    #[error("issue date {date} in the future")]
    #[strum(serialize = "date_in_future")]
    IssuedInFuture {
        /// The date asked for.
        date: Date,
    },
    /// Issue date before the last document of the series (CGI ann. II art. 242 nonies A).
    #[error("issue date before {last}")]
    IssuedBeforeLast {
        /// Date of the last document of the series.
        last: Date,
    },
    /// The counter of the series is used up for its period.
    #[error("series exhausted")]
    SeriesExhausted,
    /// A rule of numbers, their patterns and counters.
    #[error(transparent)]
    Number(NumberRule),
    /// The document is not in the state that the action needs.
    #[error("not a finalised invoice")]
    NotAnInvoice,
    /// Already credited in full.
    #[error("already cancelled")]
    AlreadyCancelled,
    /// More than what is still to pay, without saying so.
    #[error("more than the net due {remaining:?}")]
    MoreThanNetDue {
        /// What is still to pay.
        remaining: Cents,
    },
    /// More than what may still be given back.
    #[error("more than refundable {refundable:?}")]
    MoreThanRefundable {
        /// What may still be given back.
        refundable: Cents,
    },
    /// More than what is left of an invoice to credit.
    #[error("more than creditable {creditable:?}")]
    MoreThanCreditable {
        /// What may still be credited.
        creditable: Cents,
    },
    /// More than what is left of a receipt.
    #[error("more than what is left of the receipt {left:?}")]
    MoreThanReceived {
        /// What is left of it.
        left: Cents,
    },
    /// Less than PayPlug gives back.
    #[error("a refund below {least:?}")]
    RefundBelowMinimum {
        /// The least refund.
        least: Cents,
    },
    /// PayPlug gives this payment back only later.
    #[error("no refund before {from}")]
    RefundTooEarly {
        /// First day, in France.
        from: Date,
    },
    /// PayPlug gives this payment back no more.
    #[error("no refund after {until}")]
    RefundTooLate {
        /// Last day, in France.
        until: Date,
    },
    /// A refund of this invoice is under way.
    #[error("a refund is under way")]
    RefundUnderWay,
    /// Nothing was given back that the owner has still to decide on.
    #[error("nothing to decide")]
    NothingToDecide,
    /// No chargeback of this invoice was lost.
    #[error("no lost chargeback")]
    NoLostChargeback,
    /// The chargeback was won or lost before.
    #[error("the chargeback is closed")]
    ChargebackClosed,
    /// A part of the invoice was written off as a lost debt.
    #[error("partly written off")]
    WrittenOff,
    /// Dated before what it follows from.
    #[error("before {earliest}")]
    #[strum(serialize = "date_too_early")]
    BeforeEvent {
        /// The day of what it follows from.
        earliest: Date,
    },
    /// More than what the customer paid too much.
    #[error("more than overpaid {credit:?}")]
    MoreThanOverpaid {
        /// What was paid too much.
        credit: Cents,
    },
    /// More than what is still to pay, where nothing could be left over.
    #[error("more than due {remaining:?}")]
    MoreThanDue {
        /// What is still to pay.
        remaining: Cents,
    },
    /// A difference that is not small any more.
    #[error("no small difference, at most {most:?}")]
    NotSmall {
        /// What may still be written off of the invoice.
        most: Cents,
    },
    /// Not another invoice of the same customer with something to pay.
    #[error("no invoice to set off against")]
    NoSetOff,
    /// Not a cheque that waits to be taken to the bank.
    #[error("no cheque to deposit")]
    NoCheque,
    /// Another deposit slip has this reference.
    #[error("the reference of another slip")]
    SlipReferenceTaken,
    /// A movement of the PayPlug account with this reference is recorded already.
    #[error("a movement that is recorded already")]
    MovementRecorded,
    /// The transfer arrived at the bank before.
    #[error("the transfer arrived already")]
    TransferArrived,
    /// The movement was reversed before, and not recorded again.
    #[error("the movement was reversed already")]
    MovementReversed,
    /// More VAT than the amount that it is part of, or the other way.
    #[error("VAT beyond its amount")]
    VatBeyondAmount,
    /// A date in a period of the books that is closed.
    #[error("the books are closed up to {until}")]
    PeriodClosed {
        /// The last closed day.
        until: Date,
    },
    /// Neither the end of a month nor that of the fiscal year.
    #[error("not the end of a period")]
    NotAPeriodEnd,
    /// The current month, or one to come, cannot be closed.
    #[error("the period is not over before {from}")]
    PeriodNotOver {
        /// The first day that it can be closed on.
        from: Date,
    },
    /// A firmer reminder that would not come after the milder ones.
    #[error("not later than the level before")]
    NotLater,
    /// A link cannot go from its state by that event.
    #[error("impossible transition of a link")]
    ImpossibleTransition,
    /// A date that no calendar has.
    #[error("not a date")]
    NotADate,
}

/// A broken rule and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Error {
    /// What is broken.
    pub rule: Rule,
    /// Path of the field at fault, as in the JSON of `cli.md` (`lines[2].vat_rate`).
    pub field: String,
}

impl Error {
    /// A rule broken at a field.
    pub fn at(field: impl Into<String>, rule: Rule) -> Self {
        Self {
            rule,
            field: field.into(),
        }
    }
}

/// Names the field of a broken rule.
pub trait At<T> {
    /// Adds the path of the field at fault.
    ///
    /// # Errors
    /// The same rule, with its field.
    fn at(self, field: &str) -> Result<T, Error>;
}

impl<T> At<T> for Result<T, Rule> {
    fn at(self, field: &str) -> Result<T, Error> {
        self.map_err(|rule| Error::at(field, rule))
    }
}
