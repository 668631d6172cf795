//! Draws the next act from the dice and from what there is.

use acquit_app::InvoiceView;
use acquit_domain::Cents;
use acquit_domain::adjustment::Adjustment;
use acquit_domain::id::InvoiceId;
use acquit_domain::receipt::PaymentMeans;
use acquit_simulator::{Fault, PaymentSnapshot};
use rand::RngExt;
use rand::seq::IndexedRandom;

use crate::acts::{Act, Command, Meanwhile, Shape};
use crate::bench::Setting;
use crate::history::History;
use crate::holds::payable;

/// What the network does.
const FAULTS: [Fault; 6] = [
    Fault::LostAnswer,
    Fault::Reset,
    Fault::ServerError,
    Fault::TooManyRequests,
    Fault::Truncated,
    Fault::Malformed,
];

/// Points that a command may pass, and then some: what waits beyond the end does not happen.
const POINTS: usize = 24;

/// What may be given up of an invoice, and once more.
const A_FEW_CENTS: Cents = Cents::new(300);

/// What may happen while commands are carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Whatever the dice say.
    Any,
    /// Nothing: each point is tried one by one.
    Calm,
}

impl History {
    pub(crate) fn some_euros(&mut self) -> u32 {
        self.plain.dice.random_range(1..900)
    }

    /// The next act; where nothing fits the dice, time passes.
    pub(crate) fn draw(&mut self, weather: Weather) -> Act {
        let roll = self.plain.dice.random_range(0..100);
        let act = match roll {
            0..9 => {
                let euros = self.some_euros();
                let shape = self.some_shape();
                let meanwhile = self.meanwhile(weather);
                Some(Act::Issue {
                    euros,
                    shape,
                    meanwhile,
                })
            }
            9..29 => self.customer_acts(),
            29..37 => Some(self.faults()),
            37..62 => self.command().map(|command| {
                let meanwhile = self.meanwhile(weather);
                Act::Do { command, meanwhile }
            }),
            62..66 => self.some_portal_refund(),
            66..70 => Some(self.time()),
            70..72 => self.open_page().map(|one| Act::WrongMode(one.id)),
            72..74 => Some(Act::RightModes),
            74..76 => self.some_stranger(),
            76..82 => self.aftermath().map(|command| Act::Do {
                command,
                meanwhile: self.meanwhile(weather),
            }),
            82..84 => self.key().map(|command| Act::Do {
                command,
                meanwhile: self.meanwhile(weather),
            }),
            84..88 => self.some_both(weather),
            88..93 => self.on_the_account().map(|command| Act::Do {
                command,
                meanwhile: self.meanwhile(weather),
            }),
            _ => {
                let meanwhile = self.meanwhile(weather);
                let command = Command::Sync;
                Some(Act::Do { command, meanwhile })
            }
        };
        act.unwrap_or_else(|| self.time())
    }

    fn meanwhile(&mut self, weather: Weather) -> Option<(usize, Meanwhile)> {
        let at = self.plain.dice.random_range(0..POINTS);
        let what = match self.plain.dice.random_range(0..100) {
            0..45 => Some(Meanwhile::Crash),
            45..55 => self.open_page().map(|one| Meanwhile::Pays(one.id)),
            55..60 => Some(Meanwhile::FileBusy),
            _ => None,
        };
        what.filter(|_| weather == Weather::Any)
            .map(|what| (at, what))
    }

    fn command(&mut self) -> Option<Command> {
        let id = self.any_invoice()?;
        Some(match self.plain.dice.random_range(0..25) {
            0..9 => self.cheque(id),
            9..13 => Command::Cancel(id),
            13..19 => Command::Paper(id),
            19..22 => self.give_back(id),
            _ => self.credit(id),
        })
    }

    fn give_back(&mut self, invoice: InvoiceId) -> Command {
        let received = self.view(invoice).standing;
        let most = received.remaining.get().max(1_000);
        let in_part = self.plain.dice.random_bool(0.5);
        let part = self.plain.dice.random_range(10..=most);
        Command::GiveBack {
            invoice,
            cents: in_part.then_some(part),
        }
    }

    fn credit(&mut self, invoice: InvoiceId) -> Command {
        let most = self.view(invoice).creditable.get().max(1);
        Command::Credit {
            invoice,
            cents: self.plain.dice.random_range(1..=most),
        }
    }

    /// What follows money that went back: a decision where one is awaited, a dispute, its end.
    fn aftermath(&mut self) -> Option<Command> {
        let ids: Vec<InvoiceId> = self.plain.model.invoices.keys().copied().collect();
        let mut choices = Vec::new();
        for id in ids {
            let view = self.view(id);
            if view.undecided.is_positive() {
                choices.extend([
                    Command::CollectAgain(id),
                    Command::CreditGivenBack(id),
                    Command::WriteOff(id),
                ]);
            }
            for one in view.chargebacks.iter().filter(|one| one.outcome.is_none()) {
                let (chargeback, cents) = (one.chargeback.id, one.chargeback.amount.get());
                choices.extend([true, false].map(|won| Command::CloseChargeback {
                    invoice: id,
                    chargeback,
                    cents,
                    won,
                }));
            }
            choices.extend(self.dispute(&view));
        }
        choices.choose(&mut self.plain.dice).cloned()
    }

    /// The bank takes back what is left of a card payment of which nothing else is under way.
    fn dispute(&self, view: &InvoiceView) -> Option<Command> {
        let row = view
            .receipts
            .iter()
            .find(|row| row.receipt.payplug.is_some())?;
        let payment = row.receipt.payplug.as_ref()?.payment.to_string();
        let there = self.world.payplug.payment(&payment).ok()?;
        let is_quiet = view.chargebacks.is_empty()
            && view.refund_wishes.is_empty()
            && there.amount_refunded == row.refunded.get();
        let cents = (row.receipt.amount - row.refunded).get();
        (is_quiet && cents > 0).then_some(Command::Chargeback {
            invoice: view.id,
            cents,
        })
    }

    /// What the owner decides on accounts: overpayments, a few cents, what was held back, cheques.
    fn on_the_account(&mut self) -> Option<Command> {
        let ids: Vec<InvoiceId> = self.plain.model.invoices.keys().copied().collect();
        let (mut choices, mut little, mut due) = (Vec::new(), Vec::new(), Vec::new());
        let views: Vec<InvoiceView> = ids.into_iter().map(|id| self.view(id)).collect();
        let all = views.iter();
        due.extend(all.filter(|view| view.standing.payable().is_positive()));
        for view in &views {
            let (invoice, standing) = (view.id, view.standing);
            let mut decide = |adjustment, most: Cents| {
                choices.push(Command::Adjust {
                    invoice,
                    adjustment,
                    cents: self.plain.dice.random_range(1..=most.get()),
                });
            };
            let means = PaymentMeans::Transfer;
            if standing.customer_credit.is_positive() {
                decide(Adjustment::Kept, standing.customer_credit);
                decide(Adjustment::Returned { means }, standing.customer_credit);
                decide(
                    Adjustment::TooMuch,
                    standing.customer_credit.min(A_FEW_CENTS),
                );
                for other in due.iter().filter(|other| other.id != invoice) {
                    let most = standing.customer_credit.min(other.standing.remaining);
                    decide(Adjustment::SetOff { target: other.id }, most);
                }
            }
            if standing.remaining.is_positive() {
                let most = standing.remaining.min(A_FEW_CENTS).get();
                little.push(Command::Adjust {
                    invoice,
                    adjustment: Adjustment::Missing,
                    cents: self.plain.dice.random_range(1..=most),
                });
            }
            if view.retention.is_some_and(|retention| retention.is_held()) {
                choices.push(Command::Release(invoice));
            }
        }
        let drawer = self.sure(self.acquit().cheques_to_deposit());
        if !drawer.is_empty() {
            choices.push(Command::Deposit {
                slip: format!("REM-{}", self.plain.log.len()),
                cheques: drawer.iter().map(|cheque| cheque.receipt).collect(),
            });
        }
        // Something is always missing somewhere: it gives way to the rest.
        let all = if choices.is_empty() { little } else { choices };
        all.choose(&mut self.plain.dice).cloned()
    }

    fn some_shape(&mut self) -> Shape {
        match self.plain.dice.random_range(0..10) {
            0..6 => Shape::Plain,
            6..8 => Shape::HeldBack,
            _ => Shape::WithGoods,
        }
    }

    /// A key of the other mode, or the same again; a demonstration keeps its own.
    fn key(&mut self) -> Option<Command> {
        let keys = ["sk_test_history", "sk_live_history"];
        let key = *keys.choose(&mut self.plain.dice)?;
        let base = self.world.base().to_owned();
        (self.plain.setting != Setting::Demonstration).then_some(Command::Connect { key, base })
    }

    fn cheque(&mut self, invoice: InvoiceId) -> Command {
        let remaining = self.view(invoice).standing.remaining.get();
        let overpayment = self.plain.dice.random_bool(0.4);
        let beyond = if overpayment { 20_000 } else { 300 };
        Command::Cheque {
            invoice,
            cents: self.plain.dice.random_range(1..=remaining.max(1) + beyond),
            overpayment,
        }
    }

    /// Where every point is tried, one of the two is a comparison: two wishes of an owner about one invoice may end in as many
    /// ways as they can follow each other.
    fn some_both(&mut self, weather: Weather) -> Option<Act> {
        let first = self.one_of_both()?;
        let second = match (weather, &first) {
            (Weather::Any, _) | (Weather::Calm, Command::Sync) => self.one_of_both()?,
            (Weather::Calm, _) => Command::Sync,
        };
        Some(Act::Both {
            first,
            second,
            at: self.plain.dice.random_range(0..POINTS / 2),
            first_dies: self.plain.dice.random_bool(0.25),
        })
    }

    fn one_of_both(&mut self) -> Option<Command> {
        if self.plain.dice.random_bool(0.5) {
            Some(Command::Sync)
        } else {
            self.command()
        }
    }

    fn customer_acts(&mut self) -> Option<Act> {
        if self.plain.dice.random_bool(0.1) {
            return self.ended_page().map(|one| Act::PaysLate(one.id));
        }
        let id = self.open_page()?.id;
        Some(match self.plain.dice.random_range(0..10) {
            0..6 => Act::Pays(id),
            6 => Act::Leaves(id),
            roll => Act::Refused {
                payment: id,
                is_final: roll > 7,
            },
        })
    }

    fn faults(&mut self) -> Act {
        let count = self.plain.dice.random_range(1..4);
        let faults = (0..count).filter_map(|_| FAULTS.choose(&mut self.plain.dice).copied());
        Act::Faults(faults.collect())
    }

    fn some_portal_refund(&mut self) -> Option<Act> {
        let mut paid = self.world.payplug.payments();
        paid.retain(|one| one.is_paid && one.amount - one.amount_refunded >= 10);
        paid.retain(|one| !self.plain.model.strangers.contains(&one.id));
        paid.retain(|one| !self.is_disputed(one));
        let one = paid.choose(&mut self.plain.dice)?;
        let left = one.amount - one.amount_refunded;
        Some(Act::PortalRefund {
            payment: one.id.clone(),
            cents: self.plain.dice.random_range(10..=left),
        })
    }

    /// What a bank took back is not given back once more.
    fn is_disputed(&self, payment: &PaymentSnapshot) -> bool {
        let ids = self.plain.model.invoices.keys();
        let mut views = ids.map(|id| self.view(*id));
        views.any(|view| {
            let sources = view
                .receipts
                .iter()
                .filter_map(|row| row.receipt.payplug.as_ref());
            !view.chargebacks.is_empty()
                && sources
                    .into_iter()
                    .any(|one| one.payment.as_str() == payment.id)
        })
    }

    fn time(&mut self) -> Act {
        let steps = [60, 3_600, 86_400, 3 * 86_400];
        Act::Time(*steps.choose(&mut self.plain.dice).unwrap())
    }

    /// A payment of ours that is settled or open is imitated.
    fn some_stranger(&mut self) -> Option<Act> {
        let ids: Vec<InvoiceId> = self.plain.model.invoices.keys().copied().collect();
        let links = ids.into_iter().filter_map(|id| self.view(id).link);
        let known: Vec<String> = links
            .filter_map(|link| Some(link.state.hosted()?.payment.to_string()))
            .collect();
        Some(Act::Stranger {
            like: known.choose(&mut self.plain.dice)?.clone(),
            same_mode: self.plain.dice.random_bool(0.5),
        })
    }

    /// A page where somebody can pay, perhaps one kept from long ago.
    fn open_page(&mut self) -> Option<PaymentSnapshot> {
        let mut open = self.world.payplug.payments();
        open.retain(payable);
        open.choose(&mut self.plain.dice).cloned()
    }

    /// A page of the last days that was taken back or has failed: it is still watched.
    fn ended_page(&mut self) -> Option<PaymentSnapshot> {
        let since = self.world.payplug.now() - 5 * 86_400;
        let mut ended = self.world.payplug.payments();
        ended.retain(|one| one.created_at > since && !one.is_paid && !payable(one));
        ended.choose(&mut self.plain.dice).cloned()
    }

    fn any_invoice(&mut self) -> Option<InvoiceId> {
        let ids: Vec<InvoiceId> = self.plain.model.invoices.keys().copied().collect();
        ids.choose(&mut self.plain.dice).copied()
    }
}
