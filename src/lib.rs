//! Reads the configuration of every node of an EVPN-VXLAN fabric, and says where that network will not work.
//!
//! A text takes one straight line; each word is a module, and no module imports one behind it:
//!
//! paths → [`discover`] → [`source`] → [`lang`] → [`model`] → [`twin`](mod@twin) → [`fabric`] → [`predict`](mod@predict) →
//! [`rules`] → [`settle`] → [`report`]
//!
//! 1. [`discover`] walks the paths and knows a file by where it lies: which node's, in which language.
//! 2. [`source`] reads each file once and makes it safe to print.
//! 3. [`lang`] reads texts as FRR, ifupdown2 and Proxmox do, by the grammars in `grammar/`, and replays them in order
//!    into the model. It never fails and never judges: text that it cannot interpret becomes a [`model::Fault`].
//! 4. [`model`] is what each node is configured to do, in words that no vendor owns; every value knows where it was written.
//! 5. [`twin`](mod@twin) derives what Proxmox would generate for a node, and reads it beside what the node has.
//! 6. [`fabric`] puts the nodes together: graphs of BGP sessions, of VNIs and of links.
//! 7. [`predict`](mod@predict) says what will come of them: sessions, routes, flood lists.
//! 8. [`rules`] ask both and judge. A rule is a page in `rules/` that says why, and a function that says when.
//! 9. [`settle`] keeps the findings that the user asked for; [`report`] writes them down.
//!
//! Beside the line, [`collect`](mod@collect) gathers such files from the nodes themselves, and [`options`] is what the user
//! says of the whole fabric. `docs/architecture.md` shows the packages, the types at each border and the words.

pub mod baseline;
pub mod cli;
pub mod collect;
pub mod config;
pub mod discover;
pub mod report;
mod run;
pub mod settle;

pub use evpnlint_analysis::{fabric, forward, index, predict, twin};
pub use evpnlint_core::{date, lang, model, near, options, source};
pub use evpnlint_rules::{self as rules, finding};

pub use run::{NotShown, check, effective, find_node, predict, twin};
