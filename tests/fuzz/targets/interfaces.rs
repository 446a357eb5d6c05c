//! /etc/network/interfaces and what it sources: `cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none interfaces`.

#![no_main]

#[path = "../examine.rs"]
mod examine;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| examine::bytes(examine::INTERFACES, bytes));
