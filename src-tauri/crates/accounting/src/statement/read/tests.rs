//! Statements as they are read.
