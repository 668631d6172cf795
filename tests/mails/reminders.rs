//! Reminders: a month of mornings beside a table worked out by hand, and the mails that leave.

use std::fmt::Write as _;

use acquit_app::{Acquit, Chosen, NewReceipt, ProposedMail};
use acquit_domain::Cents;
use acquit_domain::customer::CustomerKind;
use acquit_domain::id::InvoiceId;
use acquit_domain::quantity::Percent;
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::reminder::{Level, ReminderPlan};
use acquit_domain::text::Email;
use acquit_domain::vat::StandardRate;
use acquit_tests::{World, customer, invoice};
use jiff::civil::{Date, date};
use serde_json::json;

use super::desk::Desk;
use super::office::{PostOffice, Tls};

const DAY_S: i64 = 86_400;
const CARD: &str = "4242424242424242";

/// Three days before, then 2, 9, 16 and 23 days after the due date.
fn brisk() -> ReminderPlan {
    let steps = [(true, 3), (true, 2), (true, 9), (true, 16), (true, 23)];
    ReminderPlan::new(steps, None).unwrap()
}

fn chosen(mail: &ProposedMail) -> Chosen {
    Chosen {
        customer: mail.customer.code.clone(),
        level: mail.level,
        invoices: mail.invoices.iter().map(|row| row.summary.id).collect(),
    }
}

fn cheque(amount: i64) -> NewReceipt {
    NewReceipt {
        amount: Cents::new(amount),
        means: PaymentMeans::Cheque,
        date: None,
        overpayment: false,
    }
}

/// Ten customers and their eleven invoices of 220 €, all issued on 23 November, by due date.
struct Month {
    world: World,
    invoices: Vec<InvoiceId>,
    today: Date,
}

impl Month {
    async fn new() -> Self {
        let world = World::demonstration(501).await;
        let acquit = &world.acquit;
        acquit.set_reminder_plan(&brisk()).unwrap();
        for number in 2..=10 {
            let mut new = customer("Hélène Marchand");
            if number == 5 {
                new.email = None;
            }
            acquit.add_customer(new).unwrap();
        }
        let due = [
            (1, date(2026, 11, 30)),
            (2, date(2026, 11, 29)),
            (2, date(2026, 12, 12)),
            (3, date(2026, 11, 26)),
            (4, date(2026, 11, 25)),
            (5, date(2026, 11, 30)),
            (6, date(2026, 12, 2)),
            (7, date(2026, 11, 25)),
            (8, date(2026, 12, 1)),
            (9, date(2026, 11, 24)),
            (10, date(2026, 12, 21)),
        ];
        let mut invoices = Vec::new();
        for (customer, due) in due {
            let mut new = invoice(&[("200", StandardRate::Intermediate)]);
            new.customer = format!("CL-{customer:04}");
            new.due_date = Some(due);
            let draft = acquit.add_invoice(new).unwrap();
            invoices.push(acquit.finalise(draft.id).unwrap().id);
        }
        acquit.set_reminded("CL-0004", false).unwrap();
        world.acquit.sync().await.unwrap();
        Self {
            world,
            invoices,
            today: date(2026, 11, 23),
        }
    }

    fn acquit(&self) -> &Acquit {
        &self.world.acquit
    }

    /// Invoice of a number.
    fn id(&self, number: usize) -> InvoiceId {
        self.invoices[number - 1]
    }

    fn day(&mut self, today: Date) {
        let days = today.since(self.today).unwrap().get_days();
        self.world.advance(i64::from(days) * DAY_S);
        self.today = today;
        assert_eq!(self.acquit().today(), today);
    }

    /// What the owner sees in the morning: `!` marks who has no address.
    fn seen(&self, table: &mut String) -> Vec<ProposedMail> {
        let proposals = self.acquit().proposed_reminders().unwrap();
        assert!(!proposals.has_more);
        for mail in &proposals.mails {
            let mark = if mail.to.is_empty() { "!" } else { "" };
            write!(table, "{} {}{mark}", self.today, mail.customer.code).unwrap();
            for row in &mail.invoices {
                let number = row.summary.number.unwrap().to_string();
                let number = number.trim_start_matches("F-2026-000");
                write!(table, " {}:{number}", row.level.code()).unwrap();
            }
            writeln!(table, " {}", mail.total.get() / 100).unwrap();
        }
        proposals.mails
    }

    /// The owner sends everything that can be sent; nothing of it is proposed again.
    async fn send(&self, mails: &[ProposedMail]) {
        let wanted: Vec<Chosen> = mails
            .iter()
            .filter(|mail| !mail.to.is_empty())
            .map(chosen)
            .collect();
        let sent = self.acquit().send_reminders(&wanted).unwrap();
        assert_eq!((sent.mails.len(), sent.left_out), (wanted.len(), 0));
        let again = self.acquit().send_reminders(&wanted).unwrap();
        assert!(again.mails.is_empty(), "sent twice");
        let posted = self.acquit().post_all().await.unwrap();
        assert_eq!(posted.sent.len(), wanted.len(), "{:?}", posted.errors);
        let left = self.acquit().proposed_reminders().unwrap().mails;
        assert!(left.iter().all(|mail| mail.to.is_empty()), "{left:?}");
    }
}

/// Worked out by hand. The owner looks on working days and is away from 7 to 11 December.
/// `customer level:invoice … euros`.
const TABLE: &str = "\
2026-11-30 CL-0003 first:04 220
2026-11-30 CL-0001 before_due:01 220
2026-11-30 CL-0005! before_due:06 220
2026-11-30 CL-0008 before_due:09 220
2026-11-30 CL-0006 before_due:07 220
2026-12-01 CL-0002 first:02 220
2026-12-02 CL-0005! first:06 220
2026-12-03 CL-0005! first:06 220
2026-12-04 CL-0005! first:06 220
2026-12-14 CL-0002 second:02 first:03 440
2026-12-14 CL-0001 first:01 220
2026-12-14 CL-0005 first:06 220
2026-12-14 CL-0008 first:09 220
2026-12-14 CL-0006 first:07 120
2026-12-16 CL-0007 first:08 220
2026-12-18 CL-0010 before_due:11 220
2026-12-21 CL-0002 third:02 220
2026-12-21 CL-0001 second:01 220
2026-12-21 CL-0005 second:06 220
2026-12-21 CL-0008 second:09 220
2026-12-21 CL-0006 second:07 120
2026-12-21 CL-0002 second:03 220
2026-12-23 CL-0007 second:08 220
2026-12-28 CL-0002 formal_notice:02 220
2026-12-28 CL-0001 third:01 220
2026-12-28 CL-0005 third:06 220
2026-12-28 CL-0008 third:09 220
2026-12-28 CL-0006 third:07 120
2026-12-28 CL-0002 third:03 220
2026-12-28 CL-0010 first:11 220
";

#[tokio::test]
async fn a_month_of_mornings_is_as_worked_out_by_hand() {
    let mut month = Month::new().await;
    // Paid by card and given back in the portal: the owner has to decide (`payment-links.md` § 3).
    let payment = month.world.payment(month.id(8));
    month.world.payplug.pay(&payment, CARD).unwrap();
    month.acquit().sync().await.unwrap();
    month.world.payplug.refund(&payment, 22_000).unwrap();
    month.acquit().sync().await.unwrap();
    let mornings = [
        [24, 25, 26, 27, 30].map(|day| date(2026, 11, day)).to_vec(),
        [1, 2, 3, 4, 14, 15, 16, 17, 18, 21, 22, 23, 24, 28]
            .map(|day| date(2026, 12, day))
            .to_vec(),
    ]
    .concat();
    let mut table = String::new();
    for today in mornings {
        month.day(today);
        if today == date(2026, 12, 14) {
            let mut found = customer("Hélène Marchand");
            found.email = Some(Email::parse("trouve@client.example").unwrap());
            month.acquit().update_customer("CL-0005", found).unwrap();
        }
        let mut mails = month.seen(&mut table);
        if today == date(2026, 11, 30) {
            month.acquit().postpone_reminders(&[month.id(9)]).unwrap();
            mails.retain(|mail| mail.customer.code != "CL-0008");
        }
        month.send(&mails).await;
        let (acquit, id) = (month.acquit(), |number| month.id(number));
        match (today.month(), today.day()) {
            (11, 25) => drop(acquit.cancel(id(10)).await.unwrap()),
            (12, 2) => drop(acquit.add_receipt(id(4), cheque(22_000)).await.unwrap()),
            (12, 3) => drop(acquit.add_receipt(id(7), cheque(10_000)).await.unwrap()),
            (12, 15) => drop(acquit.collect_again(id(8)).unwrap()),
            _ => {}
        }
    }
    assert_eq!(table, TABLE);
}

async fn desk(seed: u64) -> Desk {
    Desk::connected(seed, PostOffice::start(Tls::Implicit), "sk_live_reminders").await
}

/// Days after the issue of invoices that are due in thirty.
fn later(desk: &Desk, days: i64) {
    desk.advance(days * DAY_S);
}

fn send_all(desk: &Desk) -> acquit_app::RemindersSent {
    let mails = desk.acquit().proposed_reminders().unwrap().mails;
    let wanted: Vec<Chosen> = mails.iter().map(chosen).collect();
    desk.acquit().send_reminders(&wanted).unwrap()
}

fn professional(desk: &Desk) {
    let mut changed = customer("Syndic Val de Loire");
    changed.kind = CustomerKind::Business;
    desk.acquit().update_customer("CL-0001", changed).unwrap();
}

#[tokio::test]
async fn several_invoices_of_a_customer_leave_in_one_mail_each_with_its_live_link() {
    let desk = desk(502).await;
    professional(&desk);
    let rate = Percent::parse("10").ok();
    let steps = [(false, 0), (false, 0), (false, 0), (true, 1), (false, 0)];
    let plan = ReminderPlan::new(steps, rate).unwrap();
    desk.acquit().set_reminder_plan(&plan).unwrap();
    let ids = [200, 100].map(|euros| desk.world.issue(euros).id);
    later(&desk, 30);
    assert!(desk.acquit().proposed_reminders().unwrap().mails.is_empty());
    later(&desk, 73);
    let proposed = desk.acquit().proposed_reminders().unwrap().mails;
    assert_eq!(proposed.len(), 1);
    let shown = desk
        .acquit()
        .preview_reminder(&chosen(&proposed[0]))
        .unwrap();
    assert_eq!(shown.attached.len(), 3);
    assert_eq!(
        desk.acquit().home().unwrap().reminders.total,
        Cents::new(33_000)
    );
    let sent = send_all(&desk);
    assert_eq!((sent.mails.len(), sent.invoices, sent.left_out), (1, 2, 0));
    assert_eq!(desk.acquit().home().unwrap().reminders.mails, 0);
    desk.post().await;
    let mail = desk.office.only_mail();
    mail.is_sound();
    assert_eq!(
        mail.header("Subject"),
        "Dernier rappel : 330,00\u{a0}€ à régler, F-2026-00001 et F-2026-00002"
    );
    let text = mail.text();
    for words in [
        "330,00\u{a0}€ nous restent dus pour les factures F-2026-00001 et F-2026-00002",
        "un retard de 73\u{a0}jours",
        "Facture F-2026-00001, échue le",
        "Facture F-2026-00002, échue le",
        // 330 € at 10 % for a fifth of a year, and 40 € for each.
        "6,60\u{a0}€ de pénalités de retard à ce jour (trois fois l’intérêt légal, soit 10\u{a0}% par an) et 80,00\u{a0}€ d’indemnité",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    for id in ids {
        let view = desk.invoice(id);
        let link = view.link.unwrap();
        let url = link.state.hosted().unwrap().url.clone();
        assert!(mail.links().contains(&url.as_str()), "{url}");
        assert!(desk.acquit().summary(id).unwrap().has_left);
        // Its history knows the mail, whichever of them it was written about first.
        assert_eq!(desk.acquit().mails_of(id).unwrap().len(), 1);
    }
    let names: Vec<[&str; 3]> = mail.attached();
    let names: Vec<&str> = names.iter().map(|file| file[0]).collect();
    assert_eq!(
        names,
        [
            "Facture F-2026-00001.pdf",
            "Facture F-2026-00002.pdf",
            "Relevé de compte.pdf"
        ]
    );
    assert!(mail.attachment("Relevé de compte.pdf").starts_with(b"%PDF"));
}

#[tokio::test]
async fn a_private_person_is_asked_for_neither_penalties_nor_costs() {
    let desk = desk(503).await;
    let steps = [(false, 0), (false, 0), (false, 0), (true, 1), (false, 0)];
    let plan = ReminderPlan::new(steps, Percent::parse("10").ok()).unwrap();
    desk.acquit().set_reminder_plan(&plan).unwrap();
    desk.world.issue(200);
    later(&desk, 60);
    send_all(&desk);
    desk.post().await;
    let mail = desk.office.only_mail();
    for word in ["pénalités", "indemnité", "L441-10"] {
        assert!(!mail.text().contains(word), "{}", mail.text());
    }
    assert_eq!(mail.attached().len(), 1);
}

#[tokio::test]
async fn what_is_paid_before_the_mail_leaves_is_not_in_it() {
    let desk = desk(504).await;
    let ids = [200, 100].map(|euros| desk.world.issue(euros).id);
    later(&desk, 40);
    send_all(&desk);
    let paid = cheque(22_000);
    desk.acquit().add_receipt(ids[0], paid).await.unwrap();
    desk.post().await;
    let mail = desk.office.only_mail();
    assert!(mail.text().contains("la facture F-2026-00002 du"));
    assert!(!mail.text().contains("F-2026-00001"), "{}", mail.text());
    assert!(!mail.header("Subject").contains("00001"));
    desk.office.empty();
    // The other one is paid before the next reminder leaves: nothing leaves.
    later(&desk, 10);
    let second = send_all(&desk).mails[0];
    desk.acquit()
        .add_receipt(ids[1], cheque(11_000))
        .await
        .unwrap();
    desk.post().await;
    assert_eq!(desk.office.count(), 0);
    assert_eq!(desk.code(second), "withdrawn");
}

#[tokio::test]
async fn a_reminder_that_is_taken_back_is_proposed_again_and_one_that_left_is_not() {
    let desk = desk(505).await;
    let id = desk.world.issue(200).id;
    later(&desk, 40);
    let mail = send_all(&desk).mails[0];
    assert!(desk.acquit().proposed_reminders().unwrap().mails.is_empty());
    desk.acquit().withdraw_mail(mail).unwrap();
    let again = desk.acquit().proposed_reminders().unwrap().mails;
    assert_eq!(again[0].invoices[0].summary.id, id);
    let mail = send_all(&desk).mails[0];
    // Refused for good: the level stays taken until the owner takes the mail back.
    desk.office
        .rule("rcpt", json!({ "answer": "550 5.1.1 unknown" }));
    assert_eq!(desk.post_badly().await, ["mail_recipient_refused"]);
    assert_eq!(desk.code(mail), "refused");
    // Its words are for no other mail, and nothing firmer follows what never arrived.
    assert!(!desk.proposed(id).subject.contains("Rappel"));
    later(&desk, 20);
    assert!(desk.acquit().proposed_reminders().unwrap().mails.is_empty());
    desk.office.rules(&json!([]));
    desk.acquit().retry_mail(mail).unwrap();
    desk.post().await;
    assert_eq!(desk.arrivals(mail), 1);
    assert!(desk.acquit().proposed_reminders().unwrap().mails.is_empty());
}

#[tokio::test]
async fn two_programs_propose_the_same_and_send_it_once() {
    let mut desk = desk(506).await;
    for euros in [200, 100, 300] {
        desk.world.issue(euros);
    }
    later(&desk, 40);
    let other = desk.another_handle();
    let ours = desk.acquit().proposed_reminders().unwrap().mails;
    let theirs = other.proposed_reminders().unwrap().mails;
    let wanted = |mails: &[ProposedMail]| mails.iter().map(chosen).collect::<Vec<_>>();
    let sent = desk.acquit().send_reminders(&wanted(&ours)).unwrap();
    assert_eq!((sent.mails.len(), sent.invoices), (1, 3));
    let sent = other.send_reminders(&wanted(&theirs)).unwrap();
    assert_eq!((sent.mails.len(), sent.left_out), (0, 3));
    let gone = other.preview_reminder(&wanted(&theirs)[0]).unwrap_err();
    assert_eq!(gone.code(), "nothing_to_remind");
    desk.post().await;
    assert_eq!(desk.office.count(), 1);
}

#[tokio::test]
async fn who_pays_while_the_mail_waits_is_not_reminded() {
    let desk = desk(507).await;
    let id = desk.world.issue(200).id;
    desk.acquit().sync().await.unwrap();
    later(&desk, 40);
    let mail = send_all(&desk).mails[0];
    // Nobody has read that at PayPlug yet.
    let payment = desk.world.payment(id);
    desk.world.payplug.pay(&payment, CARD).unwrap();
    desk.post().await;
    assert_eq!((desk.office.count(), desk.code(mail)), (0, "withdrawn"));
    assert_eq!(desk.invoice(id).receipts.len(), 1);
}

#[tokio::test]
async fn what_waits_is_followed_by_nothing_firmer() {
    let desk = desk(508).await;
    desk.world.issue(200);
    later(&desk, 40);
    let mail = send_all(&desk).mails[0];
    for _ in 0..10 {
        later(&desk, 10);
        assert!(desk.acquit().proposed_reminders().unwrap().mails.is_empty());
    }
    desk.post().await;
    assert_eq!(desk.arrivals(mail), 1);
    // A week counts from the day it left.
    later(&desk, 6);
    assert!(desk.acquit().proposed_reminders().unwrap().mails.is_empty());
    later(&desk, 1);
    let next = desk.acquit().proposed_reminders().unwrap().mails;
    assert_eq!(next[0].level, Level::Second);
}

#[tokio::test]
async fn what_was_due_soon_and_is_late_now_leaves_no_more() {
    let desk = desk(509).await;
    desk.acquit().set_reminder_plan(&brisk()).unwrap();
    desk.world.issue(200);
    later(&desk, 30);
    let mail = send_all(&desk).mails[0];
    later(&desk, 1);
    desk.post().await;
    assert_eq!((desk.office.count(), desk.code(mail)), (0, "withdrawn"));
    later(&desk, 1);
    let next = desk.acquit().proposed_reminders().unwrap().mails;
    assert_eq!(next[0].level, Level::First);
    // What was read on one level does not leave on another.
    let other = Chosen {
        level: Level::Second,
        ..chosen(&next[0])
    };
    let sent = desk.acquit().send_reminders(&[other]).unwrap();
    assert_eq!((sent.mails.len(), sent.left_out), (0, 1));
}
