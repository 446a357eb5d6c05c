//! A tree of everything, with all that the program can say of it: `cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none tree`; `TMPDIR` should be in memory.

#![no_main]

#[path = "../examine.rs"]
mod examine;

use std::{env, fs, path::PathBuf, process, sync::LazyLock};

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = env::temp_dir().join(format!("evpnlint-fuzz-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| examine::tree(bytes, &FOLDER));
