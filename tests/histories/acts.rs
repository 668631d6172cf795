//! What can happen in a history, as plain values: printed, they tell how it went.

use std::sync::{Arc, Mutex};

use acquit_app::{Acquit, Error, NewChargeback, NewReceipt};
use acquit_domain::Cents;
use acquit_domain::adjustment::Adjustment;
use acquit_domain::id::{ChargebackId, InvoiceId, ReceiptId};
use acquit_domain::receipt::{ChargebackOutcome, PaymentMeans};
use acquit_simulator::{Fault, Handle};
use rusqlite::Connection;

use crate::bench::sql;
use crate::points::Surprise;
use crate::world::World;

/// A card that is accepted.
pub(crate) const GOOD_CARD: &str = "4242424242424242";

/// What a process is asked to do.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    /// Finalise a draft.
    Finalise(InvoiceId),
    /// A cheque of so many cents, perhaps more than is due.
    Cheque {
        invoice: InvoiceId,
        cents: i64,
        overpayment: bool,
    },
    /// A full credit note.
    Cancel(InvoiceId),
    /// Paper is made: a dead link is replaced.
    Paper(InvoiceId),
    /// So many cents of the card payment, or all that is left, are given back.
    GiveBack {
        invoice: InvoiceId,
        cents: Option<i64>,
    },
    /// A credit note for so many cents.
    Credit { invoice: InvoiceId, cents: i64 },
    /// The customer's bank took so many cents back.
    Chargeback { invoice: InvoiceId, cents: i64 },
    /// How a dispute about so many cents ended.
    CloseChargeback {
        invoice: InvoiceId,
        chargeback: ChargebackId,
        cents: i64,
        won: bool,
    },
    /// What went back is asked for again.
    CollectAgain(InvoiceId),
    /// What went back is credited.
    CreditGivenBack(InvoiceId),
    /// What was lost is given up.
    WriteOff(InvoiceId),
    /// So many cents that were paid too much, or are missing, are decided on.
    Adjust {
        invoice: InvoiceId,
        adjustment: Adjustment,
        cents: i64,
    },
    /// What was held back is released.
    Release(InvoiceId),
    /// Cheques are taken to the bank.
    Deposit {
        slip: String,
        cheques: Vec<ReceiptId>,
    },
    /// A key is entered: from now on new links are made with it.
    Connect { key: &'static str, base: String },
    /// Everything is compared with PayPlug.
    Sync,
}

impl Command {
    /// Does it.
    pub(crate) async fn perform(&self, acquit: &Acquit) -> Result<Vec<String>, Error> {
        match self.clone() {
            Self::Finalise(id) => acquit.finalise(id).map(|_| Vec::new()),
            Self::Cheque {
                invoice,
                cents,
                overpayment,
            } => {
                let new = NewReceipt {
                    amount: Cents::new(cents),
                    means: PaymentMeans::Cheque,
                    date: None,
                    overpayment,
                };
                acquit.add_receipt(invoice, new).await.map(|_| Vec::new())
            }
            Self::Cancel(id) => acquit.cancel(id).await.map(|_| Vec::new()),
            Self::Paper(id) => acquit.pdf(id).await.map(|_| Vec::new()),
            Self::GiveBack { invoice, cents } => {
                let outcome = acquit.refund(invoice, cents.map(Cents::new)).await;
                outcome.map(|_| Vec::new())
            }
            Self::Credit { invoice, cents } => {
                let outcome = acquit.credit(invoice, Cents::new(cents)).await;
                outcome.map(|_| Vec::new())
            }
            Self::Chargeback { invoice, cents } => {
                let new = NewChargeback {
                    amount: Some(Cents::new(cents)),
                    ..NewChargeback::default()
                };
                acquit.record_chargeback(invoice, new).map(|_| Vec::new())
            }
            Self::CloseChargeback {
                invoice,
                chargeback,
                won,
                ..
            } => {
                let outcome = if won {
                    ChargebackOutcome::Won
                } else {
                    ChargebackOutcome::Lost
                };
                let closed = acquit.close_chargeback(invoice, chargeback, outcome, None);
                closed.map(|_| Vec::new())
            }
            Self::CollectAgain(id) => acquit.collect_again(id).map(|_| Vec::new()),
            Self::CreditGivenBack(id) => acquit.credit_given_back(id).map(|_| Vec::new()),
            Self::WriteOff(id) => acquit.write_off_lost(id).map(|_| Vec::new()),
            Self::Adjust {
                invoice,
                adjustment,
                cents,
            } => {
                let adjusted = acquit.adjust(invoice, adjustment, Cents::new(cents), None);
                adjusted.await.map(|_| Vec::new())
            }
            Self::Release(id) => acquit.release_retention(id, None).map(|_| Vec::new()),
            Self::Deposit { slip, cheques } => {
                let deposited = acquit.deposit_cheques(&slip, &cheques, None);
                deposited.map(|_| Vec::new())
            }
            Self::Connect { key, base } => {
                acquit.connect(key, Some(&base)).await.map(|_| Vec::new())
            }
            Self::Sync => {
                let report = acquit.sync().await?;
                let errors = report.errors.into_iter();
                let anomalies = report.anomalies.into_iter();
                Ok(errors.chain(anomalies).map(|notice| notice.code).collect())
            }
        }
    }
}

/// What happens while a command is carried out.
#[derive(Clone, Debug)]
pub(crate) enum Meanwhile {
    /// The process dies.
    Crash,
    /// The customer pays.
    Pays(String),
    /// Another program keeps the file's write lock to the end of the command.
    FileBusy,
}

/// What an invoice is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One line of works at 10 %.
    Plain,
    /// The same, and a twentieth is held back.
    HeldBack,
    /// Works at 10 % and goods at 20 %, whose VAT waits for nothing.
    WithGoods,
}

/// One step of a history.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// A draft of so many euros is added and finalised, perhaps with something happening.
    Issue {
        euros: u32,
        shape: Shape,
        meanwhile: Option<(usize, Meanwhile)>,
    },
    /// A command, perhaps with something happening at one of its points.
    Do {
        command: Command,
        meanwhile: Option<(usize, Meanwhile)>,
    },
    /// Two processes: the second begins at a point of the first.
    Both {
        first: Command,
        second: Command,
        at: usize,
        first_dies: bool,
    },
    /// The customer pays.
    Pays(String),
    /// A page that was taken back or had failed is paid all the same, late.
    PaysLate(String),
    /// A card is refused.
    Refused { payment: String, is_final: bool },
    /// The customer leaves the page.
    Leaves(String),
    /// What the next requests meet.
    Faults(Vec<Fault>),
    /// A refund in the portal.
    PortalRefund { payment: String, cents: i64 },
    /// Seconds pass.
    Time(i64),
    /// PayPlug says the wrong mode of a payment that the customer then pays.
    WrongMode(String),
    /// PayPlug says the right modes again.
    RightModes,
    /// Another program makes a payment with the UUID of one of our links, in the same mode or the other, and it is paid.
    Stranger { like: String, same_mode: bool },
}

/// The write lock of the file in another program's hands.
pub(crate) type Lock = Arc<Mutex<Option<Connection>>>;

impl Meanwhile {
    /// As something that waits at a point. The lock, if it is taken, is kept in `lock`.
    pub(crate) fn surprise(&self, world: &World, lock: &Lock) -> Surprise {
        match self.clone() {
            Self::Crash => Surprise::Crash,
            Self::Pays(payment) => {
                let payplug = world.payplug.clone();
                Surprise::World(Box::new(move || pay(&payplug, &payment)))
            }
            Self::FileBusy => {
                let (lock, folder) = (lock.clone(), world.folder().to_owned());
                Surprise::World(Box::new(move || {
                    let connection = sql(&folder);
                    if connection.execute_batch("BEGIN IMMEDIATE").is_ok() {
                        *lock.lock().unwrap() = Some(connection);
                    }
                }))
            }
        }
    }
}

/// The customer pays, if the page still takes it.
pub(crate) fn pay(payplug: &Handle, payment: &str) {
    // Paid, failed or aborted meanwhile: then the page says so, and nothing happens.
    payplug.pay(payment, GOOD_CARD).ok();
}
