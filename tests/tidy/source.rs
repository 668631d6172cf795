//! Source files as a rule sees them: their text, and their tokens with line numbers, comments gone and test code told apart.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One token; a group is an opening and a closing token with its content between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Identifier(String),
    /// As written, quotes included.
    Literal(String),
    Punctuation(char),
    Open(char),
    Close(char),
}

/// A token and the line it stands on, from 1.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) line: usize,
}

/// A source file of ours.
pub(crate) struct Source {
    /// From the root of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    /// Doc comments left out.
    pub(crate) tokens: Vec<Token>,
    /// The same tokens without what is compiled for tests alone.
    pub(crate) product: Vec<Token>,
    /// Lines of the items that are compiled for tests alone.
    pub(crate) test_lines: usize,
}

impl Source {
    /// Reads a source text; Rust that does not lex is a fault of the test's own input.
    pub(crate) fn parse(path: &str, text: &str) -> Source {
        let stream: TokenStream = text
            .parse()
            .unwrap_or_else(|error| panic!("{path} is not Rust: {error}"));
        let mut tokens = Vec::new();
        flatten(stream, &mut tokens);
        let tokens = without_doc_comments(tokens);
        let (product, test_lines) = if is_test_file(path) {
            (Vec::new(), text.lines().count())
        } else {
            without_tests(&tokens)
        };
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
            tokens,
            product,
            test_lines,
        }
    }

    /// The crate's folder name for a file under `src-tauri/crates/`.
    pub(crate) fn crate_name(&self) -> Option<&str> {
        self.path
            .strip_prefix("src-tauri/crates/")?
            .split('/')
            .next()
    }

    /// Lines that reach a user's machine.
    pub(crate) fn product_lines(&self) -> usize {
        self.text.lines().count() - self.test_lines
    }

    /// A fault of this file, as the rules report it.
    pub(crate) fn fault(&self, line: usize, what: impl std::fmt::Display) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("the tests crate lies in the repository")
        .to_owned()
}

/// Every Rust file of the workspace, sorted by path.
pub(crate) fn all_sources() -> Vec<Source> {
    files_under(&["src-tauri", "tests"], "rs")
        .into_iter()
        .map(|path| {
            let text = read(&path);
            Source::parse(&path, &text)
        })
        .collect()
}

/// The text of a file given from the root.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Files with this extension under these folders, from the root, sorted; build output and hidden folders left out.
pub(crate) fn files_under(folders: &[&str], extension: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting: Vec<String> = folders.iter().map(|folder| (*folder).to_owned()).collect();
    while let Some(folder) = waiting.pop() {
        let entries =
            fs::read_dir(root().join(&folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
        for entry in entries {
            let entry = entry.expect("a folder can be listed");
            let name = entry.file_name().into_string().expect("names are UTF-8");
            let path = format!("{folder}/{name}");
            if entry.path().is_dir() {
                if name != "target" && name != "node_modules" && !name.starts_with('.') {
                    waiting.push(path);
                }
            } else if Path::new(&name)
                .extension()
                .is_some_and(|found| found == extension)
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Whether the whole file is compiled for tests alone: `tests/…` of the workspace or of a crate, or a `tests.rs` beside its rule.
pub(crate) fn is_test_file(path: &str) -> bool {
    path.split('/')
        .any(|part| part == "tests" || part == "tests.rs")
}

/// The index of the token that closes the group opened at `open`.
pub(crate) fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::Open(_) => depth += 1,
            Kind::Close(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    panic!("groups are balanced in what lexes")
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    for tree in stream {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Ident(word) => {
                tokens.push(Token {
                    kind: Kind::Identifier(word.to_string()),
                    line,
                });
            }
            TokenTree::Literal(literal) => {
                tokens.push(Token {
                    kind: Kind::Literal(literal.to_string()),
                    line,
                });
            }
            TokenTree::Punct(sign) => {
                tokens.push(Token {
                    kind: Kind::Punctuation(sign.as_char()),
                    line,
                });
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ('(', ')'),
                    Delimiter::Brace => ('{', '}'),
                    Delimiter::Bracket | Delimiter::None => ('[', ']'),
                };
                tokens.push(Token {
                    kind: Kind::Open(open),
                    line,
                });
                flatten(group.stream(), tokens);
                let line = group.span_close().end().line;
                tokens.push(Token {
                    kind: Kind::Close(close),
                    line,
                });
            }
        }
    }
}

/// `///` and `//!` reach us as `#[doc = "…"]`: words for people, no code.
fn without_doc_comments(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut index = 0;
    while index < tokens.len() {
        if let Some(open) = attribute_at(&tokens, index)
            && is_word(tokens.get(open + 1), "doc")
        {
            index = closing(&tokens, open) + 1;
        } else {
            kept.push(tokens[index].clone());
            index += 1;
        }
    }
    kept
}

/// Leaves out every item under `#[cfg(test)]`; also says how many lines these items take.
fn without_tests(tokens: &[Token]) -> (Vec<Token>, usize) {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut lines = 0;
    let mut index = 0;
    while index < tokens.len() {
        if is_cfg_test(tokens, index) {
            let end = end_of_item(tokens, index);
            lines += tokens[end].line - tokens[index].line + 1;
            index = end + 1;
        } else {
            kept.push(tokens[index].clone());
            index += 1;
        }
    }
    (kept, lines)
}

fn is_cfg_test(tokens: &[Token], at: usize) -> bool {
    attribute_at(tokens, at).is_some_and(|open| {
        is_word(tokens.get(open + 1), "cfg")
            && is_word(tokens.get(open + 3), "test")
            && closing(tokens, open) == open + 5
    })
}

/// Where the bracket of an attribute that starts here opens.
pub(crate) fn attribute_at(tokens: &[Token], at: usize) -> Option<usize> {
    if tokens.get(at)?.kind != Kind::Punctuation('#') {
        return None;
    }
    let inner = tokens.get(at + 1)?.kind == Kind::Punctuation('!');
    let open = if inner { at + 2 } else { at + 1 };
    (tokens.get(open)?.kind == Kind::Open('[')).then_some(open)
}

/// The last token of the item whose attributes start here: a `;`, or the end of its braces.
fn end_of_item(tokens: &[Token], start: usize) -> usize {
    let mut index = start;
    while let Some(open) = attribute_at(tokens, index) {
        index = closing(tokens, open) + 1;
    }
    while index < tokens.len() {
        match tokens[index].kind {
            Kind::Open(sign) => {
                index = closing(tokens, index);
                let followed = tokens.get(index + 1).map(|token| &token.kind);
                if sign == '{' && followed != Some(&Kind::Punctuation(';')) {
                    return index;
                }
            }
            Kind::Punctuation(';') => return index,
            Kind::Close(_) => return index - 1,
            _ => {}
        }
        index += 1;
    }
    tokens.len() - 1
}

/// Whether a token is this word.
pub(crate) fn is_word(token: Option<&Token>, word: &str) -> bool {
    matches!(token, Some(Token { kind: Kind::Identifier(found), .. }) if found == word)
}

mod tests {
    use super::*;

    const MIXED: &str = r#"//! Words: f64, SELECT.
/// Says f64.
fn product() -> u8 { 1 }

#[cfg(test)]
mod tests {
    fn inner() { let _text = "f64 }"; }
}

#[cfg(test)]
use std::{fmt, fs};

fn after() {}
"#;

    fn words(tokens: &[Token]) -> Vec<&str> {
        let words = tokens.iter().filter_map(|token| match &token.kind {
            Kind::Identifier(word) => Some(word.as_str()),
            _ => None,
        });
        words.collect()
    }

    #[test]
    fn comments_are_no_tokens_and_test_items_no_product() {
        let source = Source::parse("src-tauri/crates/domain/src/money.rs", MIXED);
        assert_eq!(
            words(&source.product),
            ["fn", "product", "u8", "fn", "after"]
        );
        assert!(words(&source.tokens).contains(&"inner"));
        assert!(!words(&source.tokens).contains(&"f64"));
        assert_eq!(source.test_lines, 6);
        assert_eq!(source.product_lines(), 7);
        assert_eq!(source.crate_name(), Some("domain"));
    }

    #[test]
    fn a_file_of_tests_has_no_product() {
        for path in ["tests/cli.rs", "src-tauri/crates/cli/src/input/tests.rs"] {
            assert!(
                Source::parse(path, "fn one() {}").product.is_empty(),
                "{path}"
            );
        }
        assert!(
            !Source::parse("src-tauri/crates/cli/src/input.rs", "fn one() {}")
                .product
                .is_empty()
        );
    }
}
