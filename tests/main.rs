//! All tests but those that stand beside what they test. They are one program: it is linked once, and each part of it has
//! its name in front of its tests', so that `cargo test -- cli::` runs that part alone.
//!
//! They run side by side, in this folder's parent: no test changes the directory or the environment of this process.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "the paths of tests are plain")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what was measured, or why nothing was, is told")]

mod advice;
mod agree;
#[cfg(target_os = "linux")]
mod bgpd;
#[cfg(unix)]
mod cli;
#[cfg(unix)]
mod collect;
#[path = "fuzz/examine.rs"]
mod examine;
mod fabric;
mod formats;
#[cfg(target_os = "linux")]
mod hostile;
mod ifquery;
mod imports;
mod lab;
#[cfg(target_os = "linux")]
mod live;
mod mtu;
mod mutilated;
mod order;
mod packets;
mod page;
mod pairs;
mod readme;
mod report;
mod resilience;
#[cfg(unix)]
mod secrets;
mod siblings;
mod sites;
mod support;
mod sweep;
mod tenants;
mod total;
mod twin;
mod vtysh;
