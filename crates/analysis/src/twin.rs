//! What Proxmox VE's SDN would generate for a node: `interfaces.d/sdn` and `frr.conf`, from the cluster's applied
//! configuration and the node's own files. A pure function of the model to texts; `reading.rs` has them read like
//! any others, so that what should be and what is are compared by meaning.
//!
//! | file | what it does |
//! |---|---|
//! | `generate.rs` | which cluster a node runs by, and the texts that the generator would write for it |
//! | `draft.rs` | a text while it is written, each line with its reason |
//! | `seat.rs` | what the generator knows of the node: its VTEP address, controllers, AS number |
//! | `generator.rs` | which generation of the generator wrote what is on disk |
//! | `interfaces.rs` | `interfaces.d/sdn` |
//! | `frr.rs` | `frr.conf`, up to the user's own lines |
//! | `local.rs` | `frr.conf.local`, merged into it |
//! | `reading.rs` | both, and what the node has, read by [`lang`](evpnlint_core::lang) |
//!
//! Where the generator asks the kernel (`ip route get`), no file has the answer: the node's own generated files are
//! taken at their word.

pub mod draft;
mod drift;
mod frr;
pub mod generate;
pub mod generator;
mod interfaces;
mod local;
mod reading;
pub mod seat;

pub use draft::{Draft, Drafts};
pub use drift::{Drift, drift};
pub use frr::net;
pub use generate::{Texts, cluster_of, drafts};
pub use reading::attach;
