//! A company file that somebody changed with other tools: no key goes elsewhere, and no customer is
//! led elsewhere.

use std::io::ErrorKind;
use std::net::TcpListener;

use acquit_tests::World;
use rusqlite::Connection;

/// The database, with everything that guards it taken away.
fn unguarded(world: &World) -> Connection {
    let database = Connection::open(world.path().join("acquit.sqlite")).unwrap();
    for trigger in names(
        &database,
        "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    ) {
        database
            .execute_batch(&format!("DROP TRIGGER {trigger}"))
            .unwrap();
    }
    database
        .execute_batch("PRAGMA ignore_check_constraints = ON")
        .unwrap();
    database
}

fn names(database: &Connection, query: &str) -> Vec<String> {
    let mut statement = database.prepare(query).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Puts `new` in place of `old` in every text of every table; how many values changed.
fn replace_everywhere(database: &Connection, old: &str, new: &str) -> usize {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'";
    let mut changed = 0;
    for table in names(database, tables) {
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        for column in names(database, &columns) {
            let update = format!(
                "UPDATE {table} SET {column} = replace({column}, ?1, ?2)
                 WHERE typeof({column}) = 'text' AND instr({column}, ?1) > 0"
            );
            changed += database.execute(&update, (old, new)).unwrap();
        }
    }
    changed
}

#[tokio::test]
async fn a_changed_file_sends_no_key_elsewhere() {
    for key in ["sk_live_planted", "sk_test_planted"] {
        let mut world = World::trial(51, key).await;
        let id = world.issue(200).id;
        world.acquit.sync().await.unwrap();
        let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
        elsewhere.set_nonblocking(true).unwrap();
        let ours = world.base_url();
        let theirs = format!("http://{}", elsewhere.local_addr().unwrap());
        assert!(replace_everywhere(&unguarded(&world), &ours, &theirs) > 0);
        let before: u64 = world.payplug.requests().values().sum();
        world.restart();
        world.acquit.sync().await.unwrap();
        world.acquit.pdf(id).await.unwrap();
        world.acquit.cancel(id).await.unwrap();
        let knocked = elsewhere.accept().map(|_| ()).map_err(|error| error.kind());
        assert_eq!(
            knocked,
            Err(ErrorKind::WouldBlock),
            "somebody else was asked"
        );
        let after: u64 = world.payplug.requests().values().sum();
        assert!(after > before, "the keychain's own address was asked");
    }
}

#[tokio::test]
async fn a_file_that_changes_its_nature_or_its_id_finds_no_key() {
    for (change, code) in [
        ("UPDATE company SET nature = 'real'", "not_loopback"),
        (
            "UPDATE company SET file_id = '0198c0de-0000-7000-8000-000000000042'",
            "not_connected",
        ),
        ("UPDATE connections SET mode = 'test'", "not_connected"),
    ] {
        let mut world = World::trial(52, "sk_live_planted").await;
        world.issue(200);
        world.acquit.sync().await.unwrap();
        unguarded(&world).execute_batch(change).unwrap();
        let before = world.payplug.requests();
        world.restart();
        let refused = world.acquit.sync().await.unwrap_err();
        assert_eq!(refused.code(), code, "{change}");
        assert_eq!(world.payplug.requests(), before, "{change}");
    }
}

#[tokio::test]
async fn a_changed_address_of_a_page_is_neither_shown_nor_printed() {
    let mut without: Option<Vec<String>> = None;
    for address in [
        "https://secure.payplug.com.evil.example/pay/x",
        "http://127.0.0.1.evil.example/pay/x",
        "https://evil.example/pay/x",
        "javascript:alert(document.domain)",
        "file:///etc/passwd",
        // A trial's page is on this machine, even where PayPlug's own would be.
        "https://secure.payplug.com/pay/x",
    ] {
        let mut world = World::demonstration(53).await;
        let id = world.issue(200).id;
        world.acquit.sync().await.unwrap();
        let page = |world: &World| {
            let link = world.acquit.invoice(id).unwrap().link.unwrap();
            link.state.hosted().unwrap().url.clone()
        };
        assert!(page(&world).starts_with(&world.base_url()));
        let good = world.acquit.preview(id).unwrap();
        unguarded(&world)
            .execute("UPDATE links SET url = ?1", [address])
            .unwrap();
        world.restart();
        assert_eq!(page(&world), "", "{address}");
        let listed = &world
            .acquit
            .invoices(&acquit_app::InvoiceFilter::default())
            .unwrap()[0];
        let hosted = listed.link.as_ref().unwrap().state.hosted().unwrap();
        assert_eq!(hosted.url, "");
        // The pictures show the address as text and as a QR code, as the PDF does: without it,
        // they are the same whatever the file says.
        let printed = world.acquit.preview(id).unwrap();
        assert_ne!(printed, good, "{address}");
        assert_eq!(
            *without.get_or_insert_with(|| printed.clone()),
            printed,
            "{address}"
        );
        world.acquit.pdf(id).await.unwrap();
    }
}
