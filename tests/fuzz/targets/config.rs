//! evpnlint.toml: `cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none config`.

#![no_main]

#[path = "../examine.rs"]
mod examine;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| examine::config(bytes));
