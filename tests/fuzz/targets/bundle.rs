//! The report of a Proxmox VE node: `cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none bundle`; `TMPDIR` should be in memory.

#![no_main]

#[path = "../examine.rs"]
mod examine;

use std::{env, fs, path::PathBuf, process, sync::LazyLock};

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = env::temp_dir().join(format!("evpnlint-fuzz-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| examine::bundle(bytes, &FOLDER));
