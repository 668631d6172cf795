//! Many invoices sent at once: what is planned happens, each leaves once or not at all, whatever is clicked twice or stopped.

use std::collections::BTreeSet;
use std::pin::pin;

use acquit_app::{Acquit, BulkOrder, BulkStanding, Foreseen, LeftOut, NewCustomer};
use acquit_domain::id::{InvoiceId, MailId};
use acquit_domain::vat::StandardRate;
use acquit_tests::{customer, invoice};
use serde_json::{Value, json};

use super::desk::Desk;
use super::office::{ADDRESS, PostOffice, Tls, email};

const HOUR: i64 = 3_600;

async fn desk(seed: u64) -> Desk {
    Desk::new(seed, PostOffice::start(Tls::Implicit)).await
}

fn somebody(address: Option<&str>) -> NewCustomer {
    NewCustomer {
        email: address.map(email),
        ..customer("Hélène Marchand")
    }
}

/// A finalised invoice for a customer of its own; the customer's code as well.
fn issued_to(desk: &Desk, address: Option<&str>) -> (InvoiceId, String) {
    let acquit = desk.acquit();
    let code = acquit.add_customer(somebody(address)).unwrap().code;
    let mut draft = invoice(&[("200", StandardRate::Intermediate)]);
    draft.customer.clone_from(&code);
    let id = acquit.add_invoice(draft).unwrap().id;
    (acquit.finalise(id).unwrap().id, code)
}

fn foreseen(desk: &Desk, id: InvoiceId) -> Foreseen {
    let plan = desk.acquit().bulk_plan(&[id]).unwrap();
    plan.invoices[0].foreseen.clone()
}

/// What was agreed to, as the window sends it back.
fn order(acquit: &Acquit, ids: &[InvoiceId], again: bool) -> BulkOrder {
    BulkOrder {
        invoices: ids.to_vec(),
        again,
        mark: acquit.bulk_plan(ids).unwrap().mark,
    }
}

fn no_such_user() -> Value {
    json!({ "at": "rcpt", "do": { "answer": "550 5.1.1 No such user" } })
}

/// Runs a future, and `act` before the first poll at which `is_time`.
async fn once_it_is_time<T>(
    is_time: impl Fn() -> bool,
    act: impl FnOnce(),
    future: impl Future<Output = T>,
) -> T {
    let mut future = pin!(future);
    let mut act = Some(act);
    std::future::poll_fn(|context| {
        if act.is_some()
            && is_time()
            && let Some(act) = act.take()
        {
            act();
        }
        future.as_mut().poll(context)
    })
    .await
}

fn counts(standing: &BulkStanding) -> [usize; 6] {
    [
        standing.sent,
        standing.refused.len(),
        standing.unclear.len(),
        standing.withdrawn,
        standing.waiting,
        standing.leaving,
    ]
}

#[tokio::test]
async fn forty_are_stopped_half_way_and_none_is_lost_or_doubled() {
    let mut desk = desk(701).await;
    let owner = desk.another_handle();
    let mut ids = vec![issued_to(&desk, None).0];
    ids.extend((1..40).map(|number| issued_to(&desk, Some(&format!("c{number}@x.example"))).0));
    let mails = desk
        .acquit()
        .queue_bulk(&order(desk.acquit(), &ids, false))
        .unwrap();
    assert_eq!(mails.len(), 39);
    let standing = desk.acquit().bulk_standing(&mails).unwrap();
    assert_eq!(counts(&standing), [0, 0, 0, 0, 39, 0]);
    let rules = [json!({ "do": "accept" }), no_such_user()];
    desk.office.rules(&json!(rules));
    let report = once_it_is_time(
        || desk.office.has_taken(15),
        || owner.stop_bulk(&mails).unwrap(),
        desk.acquit().post_all(),
    )
    .await
    .unwrap();
    assert_eq!(report.errors.len(), 1, "{:?}", report.errors);
    desk.office.at_rest().await;
    let standing = desk.acquit().bulk_standing(&mails).unwrap();
    let [sent, refused, unclear, withdrawn, waiting, leaving] = counts(&standing);
    // The one that was leaving may have gone.
    assert!((15..=16).contains(&sent), "{sent}");
    assert_eq!([refused, unclear, waiting, leaving], [1, 0, 0, 0]);
    assert_eq!(sent + refused + withdrawn + (ids.len() - mails.len()), 40);
    // Nothing leaves later, and a second “stop” changes nothing.
    owner.stop_bulk(&mails).unwrap();
    desk.advance(HOUR);
    assert!(desk.post().await.sent.is_empty());
    let arrived = desk.office.ids();
    let distinct: BTreeSet<&String> = arrived.iter().collect();
    assert_eq!((arrived.len(), distinct.len()), (sent, sent));
    assert_eq!(
        counts(&desk.acquit().bulk_standing(&mails).unwrap())[0],
        sent
    );
    // What was taken back or refused can be sent with the next batch; what left stays out.
    let plan = desk.acquit().bulk_plan(&ids).unwrap();
    let ready = plan.invoices.iter().map(|planned| &planned.foreseen);
    let ready = ready.filter(|foreseen| matches!(foreseen, Foreseen::Ready { .. }));
    assert_eq!(ready.count(), withdrawn);
}

#[tokio::test]
async fn a_batch_that_is_asked_for_twice_leaves_once() {
    let mut desk = desk(702).await;
    let another = desk.another_handle();
    let ids = [1, 2, 3].map(|number| issued_to(&desk, Some(&format!("c{number}@x.example"))).0);
    let first = order(desk.acquit(), &ids, false);
    let mails = desk.acquit().queue_bulk(&first).unwrap();
    assert_eq!(mails.len(), 3);
    let nothing = Vec::<MailId>::new();
    assert_eq!(desk.acquit().queue_bulk(&first).unwrap(), nothing);
    assert_eq!(another.queue_bulk(&first).unwrap(), nothing);
    let anyhow = BulkOrder {
        again: true,
        ..first.clone()
    };
    assert_eq!(another.queue_bulk(&anyhow).unwrap(), nothing);
    assert_eq!(desk.post().await.sent, mails);
    // What was agreed to before it left does not count any more.
    for old in [&first, &anyhow] {
        assert_eq!(another.queue_bulk(old).unwrap(), nothing);
    }
    let later = order(desk.acquit(), &ids, true);
    let again = another.queue_bulk(&later).unwrap();
    assert_eq!(again.len(), 3);
    assert_eq!(desk.acquit().queue_bulk(&later).unwrap(), nothing);
    assert_eq!(desk.post().await.sent, again);
    // Unless it is wanted, what left stays out.
    let once = order(desk.acquit(), &ids, false);
    assert_eq!(desk.acquit().queue_bulk(&once).unwrap(), nothing);
    assert_eq!(desk.office.count(), 6);
}

#[tokio::test]
async fn a_mail_that_is_written_after_the_plan_leaves_its_invoice_out() {
    let desk = desk(703).await;
    let ids = [1, 2].map(|number| issued_to(&desk, Some(&format!("c{number}@x.example"))).0);
    let agreed = order(desk.acquit(), &ids, true);
    let by_hand = desk.queue(ids[0]);
    desk.acquit().withdraw_mail(by_hand).unwrap();
    let mails = desk.acquit().queue_bulk(&agreed).unwrap();
    let of = |mail: &MailId| desk.acquit().mail(*mail).unwrap().mail.invoice;
    assert_eq!(mails.iter().map(of).collect::<Vec<_>>(), [ids[1]]);
    assert_eq!(desk.post().await.sent, mails);
}

#[tokio::test]
async fn the_plan_says_why_an_invoice_stays_out() {
    let desk = desk(704).await;
    let left_out = |id| match foreseen(&desk, id) {
        Foreseen::LeftOut(why) => why,
        other => panic!("{other:?}"),
    };
    let (plain, _) = issued_to(&desk, Some("a@x.example"));
    let to = vec![email("a@x.example")];
    assert_eq!(foreseen(&desk, plain), Foreseen::Ready { to: to.clone() });
    let mail = desk.queue(plain);
    assert_eq!(left_out(plain), LeftOut::Waiting);
    desk.post().await;
    assert_eq!(desk.code(mail), "sent");
    assert_eq!(foreseen(&desk, plain), Foreseen::Again { to });

    let (nobody, code) = issued_to(&desk, None);
    assert_eq!(left_out(nobody), LeftOut::NoAddress);
    let mended = somebody(Some("b@x.example"));
    desk.acquit().update_customer(&code, mended).unwrap();
    let to = vec![email("b@x.example")];
    assert_eq!(foreseen(&desk, nobody), Foreseen::Ready { to });

    let (cancelled, _) = issued_to(&desk, Some("c@x.example"));
    desk.acquit().cancel(cancelled).await.unwrap();
    assert_eq!(left_out(cancelled), LeftOut::Cancelled);

    let (unclear, _) = issued_to(&desk, Some("d@x.example"));
    let mail = desk.queue(unclear);
    desk.office.rule("after", json!("cut"));
    desk.post_badly().await;
    assert_eq!(desk.code(mail), "unclear");
    assert_eq!(left_out(unclear), LeftOut::Unclear);
    let all = order(desk.acquit(), &[unclear, cancelled], true);
    assert!(desk.acquit().queue_bulk(&all).unwrap().is_empty());
}

#[tokio::test]
async fn an_address_that_was_refused_is_not_written_to_again() {
    let desk = desk(705).await;
    let (id, code) = issued_to(&desk, Some("old@x.example"));
    desk.queue(id);
    desk.office.rules(&json!([no_such_user()]));
    desk.post_badly().await;
    let refused = LeftOut::AddressRefused("old@x.example".to_owned());
    assert_eq!(foreseen(&desk, id), Foreseen::LeftOut(refused));
    let mended = somebody(Some("new@x.example"));
    desk.acquit().update_customer(&code, mended).unwrap();
    let mails = desk
        .acquit()
        .queue_bulk(&order(desk.acquit(), &[id], false))
        .unwrap();
    assert_eq!(desk.post().await.sent, mails);
    assert_eq!(desk.office.only_mail().recipients(), ["new@x.example"]);
}

#[tokio::test]
async fn a_test_link_keeps_its_invoice_out_but_for_the_company_itself() {
    let office = PostOffice::start(Tls::Implicit);
    let desk = Desk::connected(706, office, "sk_test_bulk").await;
    let (theirs, _) = issued_to(&desk, Some("a@x.example"));
    let (ours, _) = issued_to(&desk, Some(ADDRESS));
    desk.acquit().sync().await.unwrap();
    assert_eq!(
        foreseen(&desk, theirs),
        Foreseen::LeftOut(LeftOut::TestLink)
    );
    let to = vec![email(ADDRESS)];
    assert_eq!(foreseen(&desk, ours), Foreseen::Ready { to });
}

#[tokio::test]
async fn a_server_out_of_reach_lets_the_batch_wait_with_its_reason() {
    let desk = desk(707).await;
    let ids = [1, 2, 3].map(|number| issued_to(&desk, Some(&format!("c{number}@x.example"))).0);
    let agreed = order(desk.acquit(), &ids, false);
    let mails = desk.acquit().queue_bulk(&agreed).unwrap();
    desk.office.rule("greeting", json!("cut"));
    assert_eq!(desk.post_badly().await, ["mail_unreachable"]);
    let standing = desk.acquit().bulk_standing(&mails).unwrap();
    assert_eq!(counts(&standing), [0, 0, 0, 0, 3, 0]);
    assert_eq!(standing.trouble.unwrap().code, "mail_unreachable");
    desk.acquit().stop_bulk(&mails[..2]).unwrap();
    desk.advance(HOUR);
    assert_eq!(desk.post().await.sent, mails[2..]);
    let standing = desk.acquit().bulk_standing(&mails).unwrap();
    assert_eq!(counts(&standing), [1, 0, 0, 2, 0, 0]);
    assert!(standing.trouble.is_none());
}

#[tokio::test]
async fn what_is_no_batch_is_refused_and_nothing_is_written() {
    let desk = desk(708).await;
    let acquit = desk.acquit();
    let id = desk.world.issue(200).id;
    let draft = acquit.add_invoice(invoice(&[("200", StandardRate::Intermediate)]));
    let draft = draft.unwrap().id;
    let unknown: InvoiceId = "018f3c2a-0000-7000-8000-000000000000".parse().unwrap();
    let many = vec![id; 501];
    for (ids, code) in [
        (vec![], "not_a_batch"),
        (vec![id, id], "not_a_batch"),
        (many, "not_a_batch"),
        (vec![id, unknown], "unknown_invoice"),
        (vec![id, draft], "still_a_draft"),
    ] {
        assert_eq!(acquit.bulk_plan(&ids).unwrap_err().code(), code);
        let refused = BulkOrder {
            invoices: ids,
            again: false,
            mark: 0,
        };
        assert_eq!(acquit.queue_bulk(&refused).unwrap_err().code(), code);
    }
    let unknown: MailId = "018f3c2a-0000-7000-8000-000000000000".parse().unwrap();
    for (mails, code) in [
        (vec![], "not_a_batch"),
        (vec![unknown, unknown], "not_a_batch"),
        (vec![unknown], "unknown_mail"),
    ] {
        assert_eq!(acquit.bulk_standing(&mails).unwrap_err().code(), code);
        assert_eq!(acquit.stop_bulk(&mails).unwrap_err().code(), code);
    }
    assert!(acquit.mails_of(id).unwrap().is_empty());
}

#[tokio::test]
async fn without_a_mailbox_nothing_is_queued() {
    let desk = Desk::bare(709, PostOffice::start(Tls::Implicit)).await;
    let id = desk.world.issue(200).id;
    assert!(!desk.acquit().bulk_plan(&[id]).unwrap().has_mailbox);
    let refused = desk
        .acquit()
        .queue_bulk(&order(desk.acquit(), &[id], false));
    assert_eq!(refused.unwrap_err().code(), "no_mailbox");
    assert!(desk.acquit().mails_of(id).unwrap().is_empty());
}
