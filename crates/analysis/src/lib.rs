//! What the nodes of a fabric are together, and what will come of their configuration.
//!
//! [`twin`](mod@twin) → [`fabric`] → [`predict`](mod@predict)

pub mod fabric;
pub mod forward;
pub mod index;
pub mod predict;
pub mod twin;
