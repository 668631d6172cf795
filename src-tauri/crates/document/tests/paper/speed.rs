//! How fast PDFs are made. Measured alone and optimised:
//! `cargo test --release -p acquit-document --test paper -- --ignored --exact speed::…`.

use acquit_document::{Paper, render};

use crate::fixtures::*;

/// Processor time of this thread, in nanoseconds (Linux).
fn processor_ns() -> u64 {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    said.split(' ').next().unwrap().parse().unwrap()
}

#[test]
#[ignore = "measures: on an idle machine, optimised"]
fn at_least_200_tagged_invoices_of_one_page_in_a_second() {
    let (document, logo) = (invoice(bathroom()), logo());
    let due = Paper {
        logo: Some(&logo),
        ..paper(&document)
    };
    render(&due).unwrap();
    let (count, begun) = (500, processor_ns());
    for _ in 0..count {
        render(&due).unwrap();
    }
    let each = (processor_ns() - begun) / count;
    assert!(each <= 5_000_000, "{each} ns for one");
    eprintln!("{each} ns for one");
}
