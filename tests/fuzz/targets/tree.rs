//! A tree of everything, with all that the program can say of it: `cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none tree`.
//! `TMPDIR` should be in memory.

#![no_main]

#[path = "../examine.rs"]
mod examine;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| examine::tree(bytes, &examine::FOLDER));
