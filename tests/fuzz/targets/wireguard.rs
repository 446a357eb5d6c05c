//! WireGuard's files: `cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none wireguard`.

#![no_main]

#[path = "../examine.rs"]
mod examine;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| examine::bytes(examine::WIREGUARD, bytes));
