//! The report of a Proxmox VE node: `cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none bundle`.
//! `TMPDIR` should be in memory.

#![no_main]

#[path = "../examine.rs"]
mod examine;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| examine::bundle(bytes, &examine::FOLDER));
