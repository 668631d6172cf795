//! VAT due and what was cashed, over a real file: each row with its cause, and the ledger's sums to the
//! cent, read from the FEC of everything.

use std::collections::BTreeMap;

use acquit_accounting::{Entry, Journal, Lines, Place};
use acquit_app::{
    CashedRow, Cause, Document, Format, InvoiceView, Kind, Listed, NewChargeback, NewInvoice,
    NewKind, NewReceipt, VatPeriod, VatReturn,
};
use acquit_domain::Cents;
use acquit_domain::adjustment::Adjustment;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::{Item, Nature, Operation};
use acquit_domain::receipt::{ChargebackOutcome, PaymentMeans};
use acquit_domain::vat::StandardRate;
use acquit_store::{CompanyFile, EntryRow};
use acquit_tests::{START_S, World, invoice};
use jiff::Timestamp;
use jiff::civil::{Date, date};

const CARD: &str = "4242424242424242";
const DAY_S: i64 = 86_400;
const NORMAL: StandardRate = StandardRate::Normal;
const INTERMEDIATE: StandardRate = StandardRate::Intermediate;

fn cents(amount: i64) -> Cents {
    Cents::new(amount)
}

fn issued(world: &World, draft: NewInvoice) -> InvoiceView {
    let id = world.acquit.add_invoice(draft).unwrap().id;
    world.acquit.finalise(id).unwrap()
}

fn number(view: &InvoiceView) -> String {
    match &view.document {
        Document::Finalised(document) => document.number.to_string(),
        Document::Draft { .. } => panic!("still a draft"),
    }
}

/// Lines at 10 % of works and at 20 % of goods, whose VAT falls due with the invoice.
fn with_goods(works: &str, goods: &str) -> NewInvoice {
    let mut draft = invoice(&[(works, INTERMEDIATE), (goods, NORMAL)]);
    draft.content.operation = Operation::Both;
    if let Some(Item::Line(line)) = draft.content.items.last_mut() {
        line.nature = Nature::Goods;
    }
    draft
}

/// A document of a kind of one line at 10 %, that names another one.
fn of_kind(kind: Kind, price: &str, refers_to: &[&InvoiceView]) -> NewInvoice {
    let refers_to = refers_to.iter().map(|view| number(view)).collect();
    NewInvoice {
        kind: NewKind { kind, refers_to },
        ..invoice(&[(price, INTERMEDIATE)])
    }
}

async fn by_cheque(world: &World, id: InvoiceId, amount: i64) {
    let cheque = NewReceipt {
        amount: cents(amount),
        means: PaymentMeans::Cheque,
        date: None,
        overpayment: true,
    };
    world.acquit.add_receipt(id, cheque).await.unwrap();
}

/// The customer pays the open link.
async fn by_card(world: &World, id: InvoiceId) {
    world.acquit.sync().await.unwrap();
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.acquit.sync().await.unwrap();
}

fn due(world: &World, period: &str) -> VatReturn {
    let period = VatPeriod::parse(period).unwrap();
    world.acquit.vat_return(period).unwrap()
}

/// Cause, rate, base and VAT of each row about one invoice.
fn rows_of(found: &VatReturn, number: &str) -> Vec<(Cause, StandardRate, i64, i64)> {
    let rows = found.rows.iter();
    rows.filter(|listed| listed.document.to_string() == number)
        .map(|listed| &listed.row)
        .map(|row| (row.cause, row.rate, row.base.get(), row.vat.get()))
        .collect()
}

fn cashed(world: &World) -> Vec<Listed<CashedRow>> {
    let days = (date(2026, 1, 1), date(2027, 12, 31));
    world.acquit.payments_to_report(days.0, days.1).unwrap()
}

/// What was cashed of one invoice per rate, with its cause.
fn cashed_of(world: &World, number: &str) -> Vec<(Cause, Vec<(StandardRate, i64)>)> {
    let all = cashed(world);
    let rows = all.iter();
    rows.filter(|listed| listed.document.to_string() == number)
        .map(|listed| {
            let by_rate = listed.row.by_rate.iter();
            let amounts = by_rate.map(|(rate, amount)| (*rate, amount.get()));
            (listed.row.cause, amounts.collect())
        })
        .collect()
}

/// VAT collected per day and account, in cents, from the FEC of everything.
fn ledger(world: &World) -> BTreeMap<(Date, String), i64> {
    let folder = tempfile::tempdir().unwrap();
    let fec = folder.path().join("812345676FEC20261231.txt");
    let until = "2099-12-31".parse().unwrap();
    world.acquit.export(Format::Fec, until, None, &fec).unwrap();
    let mut sums = BTreeMap::new();
    for line in std::fs::read_to_string(fec).unwrap().lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let amount = |column: usize| -> i64 { columns[column].replace(',', "").parse().unwrap() };
        if columns[4].starts_with("44571") {
            let day = Date::strptime("%Y%m%d", columns[3]).unwrap();
            *sums.entry((day, columns[4].to_owned())).or_insert(0) += amount(12) - amount(11);
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// The same from the rows of a return.
fn told(found: &VatReturn) -> BTreeMap<(Date, String), i64> {
    let mut sums = BTreeMap::new();
    for listed in &found.rows {
        let row = &listed.row;
        let account = match row.rate {
            StandardRate::Normal => "445711",
            StandardRate::Intermediate => "445712",
            StandardRate::Reduced => "445713",
            StandardRate::Special => "445714",
        };
        *sums.entry((row.date, account.to_owned())).or_insert(0) += row.vat.get();
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// Nothing is broken, checked offline; and all rows of all years are what the ledger holds.
fn holds(world: &World) {
    let found = world.acquit.verify().unwrap();
    assert!(found.broken.is_none(), "{:?}", found.broken);
    let all = due(world, "2026-01-01..2027-12-31");
    assert_eq!(told(&all), ledger(world));
    let total: i64 = ledger_total(&told(&all));
    assert_eq!(all.total().get(), total);
}

fn ledger_total(sums: &BTreeMap<(Date, String), i64>) -> i64 {
    sums.values().sum()
}

#[tokio::test]
async fn a_receipt_a_refund_and_a_credit_note_have_rows_with_their_causes() {
    let world = World::demonstration(301).await;
    let lines = [("1000", INTERMEDIATE), ("500", NORMAL)];
    let sold = issued(&world, invoice(&lines));
    let (id, name) = (sold.id, number(&sold));
    assert!(due(&world, "2026-11").rates.is_empty(), "VAT waits");
    by_card(&world, id).await;
    let payment = world.payment(id);
    world.advance(10 * DAY_S);
    // A fifth of 1 700.00 goes back on 3 December, and is credited.
    world.payplug.refund(&payment, 34_000).unwrap();
    world.acquit.sync().await.unwrap();
    world.acquit.credit_given_back(id).unwrap();
    let (november, december) = (due(&world, "2026-11"), due(&world, "2026-12"));
    assert_eq!(
        rows_of(&november, &name),
        [
            (Cause::Receipt, INTERMEDIATE, 100_000, 10_000),
            (Cause::Receipt, NORMAL, 50_000, 10_000),
        ]
    );
    assert_eq!(november.rows[0].row.piece, payment);
    assert_eq!(november.rows[0].customer, "Hélène Marchand");
    assert_eq!(
        rows_of(&december, &name),
        [
            (Cause::Refund, INTERMEDIATE, -20_000, -2_000),
            (Cause::Refund, NORMAL, -10_000, -2_000),
        ],
        "the credit note takes off what was no more due"
    );
    assert_eq!(due(&world, "2026-T4").total(), cents(16_000));
    assert_eq!(
        cashed_of(&world, &name),
        [
            (
                Cause::Receipt,
                vec![(INTERMEDIATE, 110_000), (NORMAL, 60_000)]
            ),
            (
                Cause::Refund,
                vec![(INTERMEDIATE, -22_000), (NORMAL, -12_000)]
            ),
        ]
    );
    holds(&world);
}

#[tokio::test]
async fn goods_are_due_with_the_invoice_and_are_given_back_with_its_credit_note() {
    let world = World::demonstration(302).await;
    let sold = issued(&world, with_goods("280", "341.67"));
    let (id, name) = (sold.id, number(&sold));
    world.advance(10 * DAY_S);
    by_cheque(&world, id, 71_800).await;
    let cancelled = issued(&world, with_goods("100", "200"));
    let note = world.acquit.cancel(cancelled.id).await.unwrap();
    assert_eq!(
        rows_of(&due(&world, "2026-11"), &name),
        [(Cause::Issued, NORMAL, 34_167, 6_833)]
    );
    let december = due(&world, "2026-12");
    assert_eq!(
        rows_of(&december, &name),
        [(Cause::Receipt, INTERMEDIATE, 28_000, 2_800)]
    );
    assert_eq!(
        rows_of(&december, &number(&cancelled)),
        [
            (Cause::Issued, NORMAL, 20_000, 4_000),
            (Cause::CreditNote, NORMAL, -20_000, -4_000),
        ]
    );
    let mut rows = december.rows.iter();
    let credited = rows.find(|listed| listed.row.cause == Cause::CreditNote);
    assert_eq!(credited.unwrap().row.piece, number(&note));
    assert_eq!(
        cashed_of(&world, &name),
        [(Cause::Receipt, vec![(INTERMEDIATE, 30_800)])],
        "goods do not wait for the money"
    );
    assert!(cashed_of(&world, &number(&cancelled)).is_empty());
    holds(&world);
}

#[tokio::test]
async fn a_deposit_is_due_with_its_money_and_not_again_with_its_invoice() {
    let world = World::demonstration(303).await;
    let deposit = issued(&world, of_kind(Kind::Deposit, "3000", &[]));
    by_cheque(&world, deposit.id, 330_000).await;
    world.advance(10 * DAY_S);
    let last = issued(&world, of_kind(Kind::Final, "10000", &[&deposit]));
    by_cheque(&world, last.id, 770_000).await;
    assert_eq!(
        rows_of(&due(&world, "2026-11"), &number(&deposit)),
        [(Cause::Receipt, INTERMEDIATE, 300_000, 30_000)]
    );
    assert_eq!(
        rows_of(&due(&world, "2026-12"), &number(&last)),
        [(Cause::Receipt, INTERMEDIATE, 700_000, 70_000)]
    );
    let quarter = due(&world, "2026-T4");
    assert_eq!(
        (quarter.rates[0].base, quarter.total()),
        (cents(1_000_000), cents(100_000)),
        "the contract, to the cent"
    );
    holds(&world);
}

#[tokio::test]
async fn set_offs_and_small_differences_make_vat_due() {
    let world = World::demonstration(304).await;
    let overpaid = issued(&world, invoice(&[("500", NORMAL)]));
    by_cheque(&world, overpaid.id, 70_000).await;
    let target = issued(&world, invoice(&[("1000", NORMAL)]));
    let set_off = Adjustment::SetOff { target: target.id };
    let adjust = world
        .acquit
        .adjust(overpaid.id, set_off, cents(10_000), None);
    adjust.await.unwrap();
    by_cheque(&world, target.id, 109_997).await;
    let missing = world
        .acquit
        .adjust(target.id, Adjustment::Missing, cents(3), None);
    missing.await.unwrap();
    let found = due(&world, "2026");
    assert_eq!(
        rows_of(&found, &number(&overpaid)),
        [(Cause::Receipt, NORMAL, 50_000, 10_000)],
        "what was too much stands above the invoice"
    );
    let vat: Vec<(Cause, i64)> = rows_of(&found, &number(&target))
        .iter()
        .map(|row| (row.0, row.3))
        .collect();
    // All clocks stand still: causes of one instant come in an order of their own.
    assert_eq!(vat.iter().map(|row| row.1).sum::<i64>(), 20_000);
    assert!(vat.iter().any(|row| row.0 == Cause::SetOff), "{vat:?}");
    let by_cause: i64 = cashed_of(&world, &number(&target))
        .iter()
        .flat_map(|row| row.1.iter().map(|amount| amount.1))
        .sum();
    assert_eq!(by_cause, 120_000);
    holds(&world);
}

#[tokio::test]
async fn disputes_take_their_vat_back_and_give_it_again() {
    let world = World::demonstration(305).await;
    for outcome in [ChargebackOutcome::Won, ChargebackOutcome::Lost] {
        let sold = issued(&world, with_goods("1000", "500"));
        by_card(&world, sold.id).await;
        world.advance(DAY_S);
        world.payplug.chargeback(&world.payment(sold.id)).unwrap();
        let disputed = world
            .acquit
            .record_chargeback(sold.id, NewChargeback::default())
            .unwrap();
        world.advance(DAY_S);
        let chargeback = disputed.chargebacks[0].chargeback.id;
        world
            .acquit
            .close_chargeback(sold.id, chargeback, outcome, None)
            .unwrap();
        if outcome == ChargebackOutcome::Lost {
            world.acquit.write_off_lost(sold.id).unwrap();
        }
        let found = due(&world, "2026");
        let mut expected = vec![
            (Cause::Issued, NORMAL, 50_000, 10_000),
            (Cause::Receipt, INTERMEDIATE, 100_000, 10_000),
            (Cause::Chargeback, INTERMEDIATE, -100_000, -10_000),
        ];
        expected.push(match outcome {
            ChargebackOutcome::Won => (Cause::ChargebackWon, INTERMEDIATE, 100_000, 10_000),
            ChargebackOutcome::Lost => (Cause::LostDebt, NORMAL, -50_000, -10_000),
        });
        assert_eq!(rows_of(&found, &number(&sold)), expected, "{outcome:?}");
    }
    holds(&world);
}

#[tokio::test]
async fn the_files_say_what_they_come_from() {
    let world = World::demonstration(306).await;
    let sold = issued(&world, with_goods("280", "341.67"));
    by_cheque(&world, sold.id, 71_800).await;
    let found = due(&world, "2026-11");
    let csv = String::from_utf8(world.acquit.vat_csv(&found).unwrap()).unwrap();
    assert!(
        csv.contains(";DEMONSTRATION Règlement;10;280,00;28,00\r\n"),
        "{csv}"
    );
    let rows = cashed(&world);
    let csv = String::from_utf8(world.acquit.payments_csv(&rows).unwrap()).unwrap();
    assert!(csv.contains(";0,00;308,00;0,00;0,00;308,00\r\n"), "{csv}");
    let pdf = world.acquit.vat_pdf(&found).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    assert_eq!(world.acquit.vat_pdf(&found).unwrap(), pdf);
}

#[tokio::test]
async fn vat_that_no_event_made_due_is_found() {
    let world = World::demonstration(307).await;
    let sold = issued(&world, invoice(&[("500", NORMAL)]));
    holds_offline(&world);
    let file = CompanyFile::open(&world.path(), Timestamp::UNIX_EPOCH).unwrap();
    let day = date(2026, 11, 23);
    let lines = Lines::new()
        .debit(
            Place::new("445741", "TVA en attente d’encaissement 20 %"),
            cents(1),
        )
        .credit(Place::new("445711", "TVA collectée 20 %"), cents(1));
    let entry = Entry::new(
        Journal::Miscellaneous,
        day,
        "F",
        day,
        "Écriture sans événement".to_owned(),
        lines,
    );
    let row = EntryRow {
        entry: entry.unwrap().unwrap(),
        invoice: Some(sold.id),
        recorded_on: day,
    };
    let now = Timestamp::from_second(START_S).unwrap();
    file.write(|writer| writer.insert_entry(&row, now)).unwrap();
    let broken = world.acquit.verify().unwrap().broken.unwrap();
    assert_eq!(
        (broken.invariant, broken.what),
        ("1 net due", number(&sold))
    );
}

fn holds_offline(world: &World) {
    let found = world.acquit.verify().unwrap();
    assert!(found.broken.is_none(), "{:?}", found.broken);
}
