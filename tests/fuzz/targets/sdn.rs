//! The files of a Proxmox VE cluster: `cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none sdn`.

#![no_main]

#[path = "../examine.rs"]
mod examine;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| examine::bytes(examine::SDN, bytes));
