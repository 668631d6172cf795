//! Statement beside books.
