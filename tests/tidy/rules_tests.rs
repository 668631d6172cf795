//! Each rule of `rules.rs` before a planted fault, and before its harmless neighbour.

use crate::rules;
use crate::source::Source;

type Rule = fn(&Source) -> Vec<String>;

fn check(rule: Rule, path: &str, text: &str) -> Vec<String> {
    rule(&Source::parse(path, text))
}

/// The rule finds a fault in each text when it stands in a file at this path.
fn refuses(rule: Rule, path: &str, texts: &[&str]) {
    for text in texts {
        assert!(
            !check(rule, path, text).is_empty(),
            "not seen in {path}: {text}"
        );
    }
}

/// The rule finds nothing in any of the texts.
fn accepts(rule: Rule, path: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(
            check(rule, path, text),
            Vec::<String>::new(),
            "in {path}: {text}"
        );
    }
}

const APP: &str = "src-tauri/crates/app/src/settle.rs";
const DOMAIN: &str = "src-tauri/crates/domain/src/money.rs";

#[test]
fn sql_is_seen_outside_store_and_nowhere_else() {
    let sql = [
        r#"fn a() { run("SELECT 1") }"#,
        r#"fn a() { run("select name from customer") }"#,
        r##"fn a() { run(r#" INSERT INTO link VALUES (1)"#) }"##,
        "fn a() { run(\"\\\n    UPDATE link SET state = 1\") }",
        r#"fn a() { run("DELETE FROM link") }"#,
        r#"fn a() { run("CREATE TABLE link (id)") }"#,
        r#"fn a() { run("PRAGMA user_version") }"#,
        r#"fn a() { run("DROP TRIGGER frozen") }"#,
        r#"fn a() { log!("with x as (select 1) select 2") }"#,
        "use rusqlite::Connection;",
    ];
    refuses(rules::sql_outside_store, APP, &sql);
    refuses(
        rules::sql_outside_store,
        "src-tauri/crates/app/tests/settle.rs",
        &sql,
    );
    accepts(
        rules::sql_outside_store,
        "src-tauri/crates/store/src/open.rs",
        &sql,
    );
    accepts(rules::sql_outside_store, "tests/store_upgrade.rs", &sql);
    let prose = [
        r#"fn a() { say("select a customer first") }"#,
        r#"fn a() { say("update the address") }"#,
        r#"fn a() { say("create a new file") }"#,
        "/// SELECT is what store does.\nfn a() {}",
        "// SELECT 1\nfn a() {}",
    ];
    accepts(rules::sql_outside_store, APP, &prose);
}

#[test]
fn a_float_is_seen_where_money_is() {
    let floats = [
        "fn a(amount: f64) {}",
        "const RATE: f32 = RATES[0];",
        "fn a() { let half = 0.5; }",
        "fn a() { let big = 1e9; }",
        "fn a() { let one = 1f64; }",
        "fn a() { value.as_f64() }",
        "#[cfg(test)]\nmod tests { fn a(amount: f64) {} }",
    ];
    refuses(rules::floats_in_money, DOMAIN, &floats);
    refuses(rules::floats_in_money, APP, &floats);
    refuses(
        rules::floats_in_money,
        "src-tauri/crates/simulator/src/state.rs",
        &floats,
    );
    accepts(
        rules::floats_in_money,
        "src-tauri/crates/document/src/layout.rs",
        &floats,
    );
    let harmless = [
        "fn visit_f64<E>(self, _: f64) -> Result<Node, E> { refuse() }",
        r#"fn a() { rate("5.5"); pair.0; 0xE5; 0..10; 1_000 }"#,
        "/// Never an f64.\nfn a() {}",
        "#[cfg(test)]\nmod tests { fn a() { refused(json!(12.5)) } }",
    ];
    accepts(rules::floats_in_money, DOMAIN, &harmless);
}

#[test]
fn a_file_of_601_lines_and_a_function_of_71_are_too_long() {
    let file = |lines: usize| "const A: u8 = 1;\n".repeat(lines);
    refuses(rules::too_long, APP, &[&file(601)]);
    accepts(rules::too_long, APP, &[&file(600)]);
    refuses(rules::too_long, "tests/cli.rs", &[&file(601)]);
    let function = |lines: usize| format!("fn a()\n{{\n{}}}\n", "    b();\n".repeat(lines - 3));
    refuses(rules::too_long, APP, &[&function(71)]);
    accepts(rules::too_long, APP, &[&function(70)]);
    accepts(rules::too_long, "tests/cli.rs", &[&function(300)]);
    let with_tests = |lines| {
        format!(
            "{}#[cfg(test)]\nmod tests {{\n{}}}\n",
            file(500),
            file(lines)
        )
    };
    accepts(rules::too_long, APP, &[&with_tests(500)]);
    refuses(rules::too_long, APP, &[&with_tests(600)]);
    let method = format!("impl A {{ #[must_use]\n{} }}", function(71));
    refuses(rules::too_long, APP, &[&method]);
}

#[test]
fn a_file_without_its_purpose_is_seen() {
    refuses(
        rules::undocumented,
        APP,
        &["use a::b;", "/// Not the file's.\nfn a() {}"],
    );
    refuses(
        rules::undocumented,
        APP,
        &["//! Purpose.\n#![expect(missing_docs)]"],
    );
    accepts(rules::undocumented, APP, &["//! Purpose.\nfn a() {}"]);
}

#[test]
fn the_clock_and_chance_are_seen_in_the_rules() {
    let impure = [
        "fn a() { Timestamp::now(); }",
        "fn a() { std::time::SystemTime::UNIX_EPOCH; }",
        "use std::time::Instant;",
        "async fn a() {}",
        "fn a() { rand::random() }",
        "fn a() { Uuid::new_v4() }",
        "use std::fs;",
        "fn a() { std::env::var(\"TZ\") }",
    ];
    refuses(rules::impure_rules, DOMAIN, &impure);
    refuses(
        rules::impure_rules,
        "src-tauri/crates/accounting/src/sales.rs",
        &impure,
    );
    accepts(rules::impure_rules, APP, &impure);
    let pure = [
        "fn a(now: Timestamp) { due(now) }",
        "use std::fmt;",
        "/// Not now().\nfn a() {}",
    ];
    accepts(rules::impure_rules, DOMAIN, &pure);
}

#[test]
fn what_is_switched_off_is_seen() {
    let escapes = [
        "#[allow(dead_code)]\nfn a() {}",
        "#![allow(unused)]",
        "#[cfg_attr(test, allow(unused))]\nfn a() {}",
        "#[test]\n#[ignore = \"slow\"]\nfn a() {}",
        "#[test]\n#[should_panic]\nfn a() {}",
        "fn a() { todo!() }",
        "fn a() { unimplemented!(\"later\") }",
    ];
    refuses(rules::escapes, APP, &escapes);
    refuses(rules::escapes, "tests/cli.rs", &escapes);
    accepts(
        rules::escapes,
        APP,
        &["#[expect(dead_code, reason = \"allow\")]\nfn allow() {}"],
    );
}

#[test]
fn vague_names_are_seen() {
    let vague = [
        "struct LinkManager;",
        "pub trait Service {}",
        "enum DateUtils {}",
        "type A = B; struct HelperOf;",
    ];
    refuses(rules::vague_names, APP, &vague);
    refuses(
        rules::vague_names,
        "src-tauri/crates/app/src/date_utils.rs",
        &["fn a() {}"],
    );
    accepts(
        rules::vague_names,
        APP,
        &["struct Utility;", "fn a() { SecretService::connect() }"],
    );
}

#[test]
fn the_window_framework_is_seen_in_a_crate() {
    let named = ["use tauri::AppHandle;", "fn a() { tauri_build::build() }"];
    refuses(rules::tauri_in_a_crate, APP, &named);
    accepts(rules::tauri_in_a_crate, "src-tauri/src/main.rs", &named);
    accepts(
        rules::tauri_in_a_crate,
        APP,
        &["const FOLDER: &str = \"src-tauri\";"],
    );
}

#[test]
fn a_sleeping_test_is_seen() {
    let sleeping = [
        "fn a() { std::thread::sleep(second) }",
        "use tokio::time::sleep;",
    ];
    refuses(rules::sleeping_tests, "tests/journeys.rs", &sleeping);
    refuses(
        rules::sleeping_tests,
        "src-tauri/crates/secrets/tests/system_keychain.rs",
        &sleeping,
    );
    refuses(
        rules::sleeping_tests,
        APP,
        &["#[cfg(test)]\nmod tests {\n fn a() { sleep(second) }\n}"],
    );
    accepts(rules::sleeping_tests, "tests/src/lib.rs", &sleeping);
    accepts(rules::sleeping_tests, APP, &sleeping);
}

#[test]
fn a_module_of_tests_in_the_product_is_seen() {
    refuses(
        rules::tests_in_the_product,
        APP,
        &["mod tests;", "mod tests { fn a() {} }"],
    );
    accepts(
        rules::tests_in_the_product,
        APP,
        &["#[cfg(test)]\nmod tests;"],
    );
}
