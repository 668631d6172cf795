//! What a file and PayPlug have come to, without ids: two runs that ought to have reached the same are compared by it.

use acquit_app::{Document, InvoiceView};
use acquit_domain::link::{LinkState, PaymentLink};

use crate::history::History;
use crate::holds::payable;

/// Whether two runs that are compared saw the same things in the same order.
#[derive(Clone, Copy)]
pub(crate) enum Order {
    /// They did.
    Same,
    /// A customer's payment and a command of the owner may have changed places: a command that died is asked again only after
    /// the payment was seen.
    Either,
}

impl History {
    /// One line for each thing that a person could tell apart.
    pub(crate) fn summary(&self, order: Order) -> Vec<String> {
        let mut lines = Vec::new();
        let payments = self.world.payplug.payments();
        for (id, expected) in &self.plain.model.invoices {
            let view = self.view(*id);
            let Document::Finalised(document) = &view.document else {
                self.fail("not finalised")
            };
            let mut receipts: Vec<String> = view
                .receipts
                .iter()
                .map(|row| {
                    let receipt = &row.receipt;
                    let (means, cents) = (receipt.means.code(), receipt.amount.get());
                    format!("{means} {cents} less {}", row.refunded.get())
                })
                .collect();
            receipts.sort();
            let standing = view.standing;
            lines.push(format!(
                "{}: {:?}, asked {}, remaining {}, credit {}, undecided {}, {receipts:?}, credited by {:?}",
                document.number,
                standing.status,
                document.totals.net_due.get(),
                standing.remaining.get(),
                standing.customer_credit.get(),
                standing.awaits_decision,
                view.credited_by,
            ));
            lines.push(format!("{}: {}", document.number, link_word(&view)));
            let of_it = payments
                .iter()
                .filter(|one| one.metadata.get("invoice") == Some(&expected.number));
            let mut pages: Vec<String> = of_it
                .filter(|one| one.is_paid || payable(one))
                .map(|one| {
                    format!(
                        "{} of {} less {}",
                        one.is_paid, one.amount, one.amount_refunded
                    )
                })
                .collect();
            pages.sort();
            lines.push(format!("{}: at PayPlug {pages:?}", document.number));
        }
        lines.extend(self.accounts(order));
        lines.extend(self.notices(order));
        lines.sort();
        lines
    }

    /// What is on each account; where the order is the same, both sides of it.
    fn accounts(&self, order: Order) -> Vec<String> {
        self.rows(match order {
            Order::Same => "SELECT account || ' ' || SUM(debit) || ' ' || SUM(credit) FROM entry_lines GROUP BY account",
            Order::Either => {
                "SELECT account || ' ' || (SUM(debit) - SUM(credit)) FROM entry_lines GROUP BY account
                 HAVING SUM(debit) <> SUM(credit)"
            }
        })
    }

    /// What the owner was told, and how often. Whether a payment is too much depends on what came first.
    fn notices(&self, order: Order) -> Vec<String> {
        self.rows(match order {
            Order::Same => "SELECT kind || ' ' || amount || ' x' || COUNT(*) FROM notices GROUP BY kind, amount",
            Order::Either => {
                "SELECT REPLACE(kind, 'paid_too_much', 'paid') || ' ' || amount || ' x' || COUNT(*) FROM notices
                 GROUP BY REPLACE(kind, 'paid_too_much', 'paid'), amount"
            }
        })
    }

    fn rows(&self, query: &str) -> Vec<String> {
        let mut statement = self.world.file.prepare(query).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

/// State and amount of the latest link. Where nothing is to be paid, how an unpaid link came to its end makes no difference;
/// neither does the amount that could not be asked for.
fn link_word(view: &InvoiceView) -> String {
    match &view.link {
        Some(link)
            if link.state.was_paid()
                || (!is_refused(link) && view.standing.payable().is_positive()) =>
        {
            format!("link {} {}", link.state.code(), link.amount.get())
        }
        Some(link) if link.state.is_active() && link.state.hosted().is_some() => {
            format!("link {}", link.state.code())
        }
        Some(link) if view.standing.payable().is_positive() => {
            format!("link {}", link.state.code())
        }
        _ => "no link".to_owned(),
    }
}

fn is_refused(link: &PaymentLink) -> bool {
    matches!(link.state, LinkState::Refused { .. })
}
