//! What a single source file may not contain. Each rule returns its faults; each is shown a planted one below.

use crate::source::{self, Kind, Source, Token, is_word};

/// Lines of a file, and of a function, of the product.
const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;

/// Paper places things on a page; everywhere else a number is money, a quantity or a rate.
const MAY_USE_FLOATS: &str = "document";

/// The one file that waits, by asking a condition again and again.
const MAY_SLEEP_IN_TESTS: &str = "tests/src/lib.rs";

/// Names that say nothing about what a type knows.
const VAGUE_NAMES: [&str; 5] = ["Manager", "Service", "Helper", "Util", "Processor"];

/// No SQL and no driver of it outside `store`; the outside view may look into a file.
pub(crate) fn sql_outside_store(source: &Source) -> Vec<String> {
    if source.crate_name().is_none_or(|name| name == "store") {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for token in &source.tokens {
        match &token.kind {
            Kind::Literal(literal) if is_sql(literal) => {
                faults.push(source.fault(token.line, format!("SQL outside store: {literal}")));
            }
            Kind::Identifier(word) if word == "rusqlite" || word == "libsqlite3_sys" => {
                faults.push(source.fault(token.line, format!("{word} outside store")));
            }
            _ => {}
        }
    }
    faults
}

fn is_sql(literal: &str) -> bool {
    let Some((_, content)) = literal.split_once('"') else {
        return false;
    };
    let content = content.trim_start_matches(['\\', ' ', '\n', '\t']);
    let words: Vec<String> = content
        .split_whitespace()
        .take(40)
        .map(str::to_ascii_lowercase)
        .collect();
    let word = |index: usize| words.get(index).map_or("", String::as_str);
    match word(0) {
        // `SELECT 1` is SQL, “select a customer” is not: one is shouted, the other has no table.
        "select" => content.starts_with("SELECT") || words.iter().any(|word| word == "from"),
        "update" => words.iter().any(|word| word == "set"),
        "insert" | "replace" => matches!(word(1), "into" | "or"),
        "delete" => word(1) == "from",
        "create" => matches!(
            word(1),
            "table" | "index" | "unique" | "trigger" | "view" | "virtual" | "temp" | "temporary"
        ),
        "alter" | "drop" => matches!(word(1), "table" | "index" | "trigger" | "view"),
        "pragma" => words.len() > 1,
        "with" => word(2) == "as" && content.to_ascii_lowercase().contains("select "),
        "attach" | "detach" => word(1) == "database",
        _ => false,
    }
}

/// No floating point where money, quantities and rates are. A value that is thrown away unread (`_: f64`) is no number of ours:
/// a JSON reader names it so in order to refuse it; and a test may write `12.5` into a JSON answer that must be refused.
pub(crate) fn floats_in_money(source: &Source) -> Vec<String> {
    if source
        .crate_name()
        .is_none_or(|name| name == MAY_USE_FLOATS)
    {
        return Vec::new();
    }
    let named = source
        .tokens
        .iter()
        .enumerate()
        .filter(|(at, _)| names_a_float(&source.tokens, *at));
    let written = source
        .product
        .iter()
        .filter(|token| matches!(&token.kind, Kind::Literal(literal) if is_float(literal)));
    let tokens = named.map(|(_, token)| token).chain(written);
    tokens
        .map(|token| source.fault(token.line, "floating point"))
        .collect()
}

/// Whether the token names a float type, alone or in a name like `as_f64`.
fn names_a_float(tokens: &[Token], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
    let Kind::Identifier(word) = &tokens[at].kind else {
        return false;
    };
    let floating = word.split('_').any(|part| part == "f32" || part == "f64");
    let discarded = is_word(before(2), "_")
        && before(1).is_some_and(|token| token.kind == Kind::Punctuation(':'));
    let refusal = word.starts_with("visit_") && is_word(before(1), "fn");
    floating && !discarded && !refusal
}

fn is_float(literal: &str) -> bool {
    let number = literal.starts_with(|first: char| first.is_ascii_digit());
    let other_base = ["0x", "0o", "0b"]
        .iter()
        .any(|base| literal.starts_with(base));
    let exponent = literal.replace('_', "");
    let exponent = exponent.trim_start_matches(|digit: char| digit.is_ascii_digit());
    number
        && !other_base
        && (literal.contains('.')
            || literal.contains("f32")
            || literal.contains("f64")
            || exponent.starts_with(['e', 'E']))
}

/// Files and functions a person can hold in the head; tests count apart and may have long functions (a journey is one story).
pub(crate) fn too_long(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    for (lines, what) in [
        (source.product_lines(), "product"),
        (source.test_lines, "tests"),
    ] {
        if lines > FILE_LINES_MAX {
            let what = format!("{lines} lines of {what}, at most {FILE_LINES_MAX}");
            faults.push(source.fault(1, what));
        }
    }
    for (name, line, length) in functions(&source.product) {
        if length > FUNCTION_LINES_MAX {
            let what = format!("fn {name} has {length} lines, at most {FUNCTION_LINES_MAX}");
            faults.push(source.fault(line, what));
        }
    }
    faults
}

/// Name, first line and number of lines of each function that has a body.
fn functions(tokens: &[Token]) -> Vec<(&str, usize, usize)> {
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let Some(Token {
            kind: Kind::Identifier(name),
            ..
        }) = tokens.get(index + 1)
        else {
            continue;
        };
        if !is_word(Some(token), "fn") {
            continue;
        }
        let mut at = index + 2;
        while at < tokens.len() {
            match tokens[at].kind {
                Kind::Punctuation(';') => break,
                Kind::Open('{') => {
                    let end = tokens[source::closing(tokens, at)].line;
                    found.push((name.as_str(), token.line, end - token.line + 1));
                    break;
                }
                Kind::Open(_) => at = source::closing(tokens, at),
                _ => {}
            }
            at += 1;
        }
    }
    found
}

/// Every file says first what it is for, and no file lets itself off documenting its public items.
pub(crate) fn undocumented(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    if !source.text.starts_with("//!") {
        faults.push(source.fault(1, "a file begins with `//!` and says what it is for"));
    }
    for token in &source.tokens {
        if is_word(Some(token), "missing_docs") {
            faults.push(source.fault(token.line, "missing_docs is never relaxed"));
        }
    }
    faults
}

/// No I/O, no clock, no randomness and nothing to wait for in the rules.
pub(crate) fn impure_rules(source: &Source) -> Vec<String> {
    if source
        .crate_name()
        .is_none_or(|name| name != "domain" && name != "accounting")
    {
        return Vec::new();
    }
    const BANNED: [&str; 12] = [
        "SystemTime",
        "Instant",
        "rand",
        "getrandom",
        "thread_rng",
        "new_v4",
        "now_v7",
        "async",
        "await",
        "tokio",
        "println",
        "eprintln",
    ];
    const BANNED_MODULES: [&str; 7] = ["fs", "net", "env", "io", "process", "thread", "time"];
    let tokens = &source.product;
    let mut faults = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let Kind::Identifier(word) = &token.kind else {
            continue;
        };
        let called = tokens
            .get(index + 1)
            .is_some_and(|next| next.kind == Kind::Open('('));
        let of_std = index >= 3 && is_word(tokens.get(index - 3), "std");
        if BANNED.contains(&word.as_str())
            || (word == "now" && called)
            || (of_std && BANNED_MODULES.contains(&word.as_str()))
        {
            faults.push(source.fault(token.line, format!("`{word}` in a pure crate")));
        }
    }
    faults
}

/// Nothing switched off, left out or left for later.
pub(crate) fn escapes(source: &Source) -> Vec<String> {
    let tokens = &source.tokens;
    let mut faults = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if let Some(open) = source::attribute_at(tokens, index) {
            let end = source::closing(tokens, open);
            for banned in ["allow", "ignore", "should_panic"] {
                if tokens[open..end]
                    .iter()
                    .any(|token| is_word(Some(token), banned))
                {
                    faults.push(source.fault(token.line, format!("#[{banned}]")));
                }
            }
        }
        let called = tokens
            .get(index + 1)
            .is_some_and(|next| next.kind == Kind::Punctuation('!'));
        for banned in ["todo", "unimplemented"] {
            if called && is_word(Some(token), banned) {
                faults.push(source.fault(token.line, format!("{banned}!")));
            }
        }
    }
    faults
}

/// A type and a file are named by what they know.
pub(crate) fn vague_names(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    for pair in source.tokens.windows(2) {
        let Kind::Identifier(name) = &pair[1].kind else {
            continue;
        };
        let type_word = ["struct", "enum", "trait", "type", "union"]
            .iter()
            .any(|keyword| is_word(Some(&pair[0]), keyword));
        if type_word && capitalised_words(name).iter().any(|word| is_vague(word)) {
            faults.push(source.fault(pair[1].line, format!("{name} is a vague name")));
        }
    }
    let file = source
        .path
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".rs");
    if file.split('_').any(is_vague) {
        faults.push(source.fault(1, "a vague file name"));
    }
    faults
}

fn is_vague(word: &str) -> bool {
    VAGUE_NAMES.iter().any(|vague| {
        let word = word.to_ascii_lowercase();
        let vague = vague.to_ascii_lowercase();
        word == vague || word == format!("{vague}s")
    })
}

fn capitalised_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for letter in name.chars() {
        match words.last_mut() {
            Some(word) if !letter.is_uppercase() => word.push(letter),
            _ => words.push(letter.to_string()),
        }
    }
    words
}

/// No crate knows the window's framework.
pub(crate) fn tauri_in_a_crate(source: &Source) -> Vec<String> {
    let in_a_crate = source.crate_name().is_some();
    let named = source.tokens.iter().filter(|token| {
        matches!(&token.kind, Kind::Identifier(word) if word.to_ascii_lowercase().starts_with("tauri"))
    });
    let faults = named
        .filter(|_| in_a_crate)
        .map(|token| source.fault(token.line, "names Tauri"));
    faults.collect()
}

/// A test waits for what it wants to see, never for a while.
pub(crate) fn sleeping_tests(source: &Source) -> Vec<String> {
    if source.path == MAY_SLEEP_IN_TESTS {
        return Vec::new();
    }
    let sleeps = |tokens: &[Token]| -> Vec<usize> {
        let sleeping = tokens.iter().filter(|token| {
            ["sleep", "sleep_until", "sleep_ms"]
                .iter()
                .any(|word| is_word(Some(token), word))
        });
        sleeping.map(|token| token.line).collect()
    };
    let product = sleeps(&source.product);
    let mut tests = sleeps(&source.tokens);
    tests.retain(|line| !product.contains(line));
    tests
        .into_iter()
        .map(|line| source.fault(line, "a test sleeps"))
        .collect()
}

/// `mod tests` is compiled for tests alone, so that a file called `tests.rs` is never product.
pub(crate) fn tests_in_the_product(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    for pair in source.product.windows(2) {
        if is_word(Some(&pair[0]), "mod") && is_word(Some(&pair[1]), "tests") {
            faults.push(source.fault(pair[0].line, "`mod tests` without #[cfg(test)]"));
        }
    }
    faults
}
