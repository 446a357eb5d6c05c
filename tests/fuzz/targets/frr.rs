//! FRR's files, and the name of the node: `cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none frr`.

#![no_main]

#[path = "../examine.rs"]
mod examine;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| examine::bytes(examine::FRR, bytes));
