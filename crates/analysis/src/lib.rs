//! What the nodes of a fabric are together, and what will come of their configuration.
//!
//! [`twin`](mod@twin) → [`fabric`] → [`predict`](mod@predict) → [`forward`] → [`change`], which asks all of it again, and
//! [`compare`], which asks it of two trees

pub mod change;
pub mod compare;
pub mod fabric;
pub mod forward;
pub mod index;
pub mod predict;
pub mod twin;
