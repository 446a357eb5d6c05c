//! Texts to a model: what every node of a fabric is configured to do.
//!
//! [`source`] → [`lang`] → [`model`]

pub mod date;
pub mod lang;
pub mod model;
pub mod near;
pub mod options;
pub mod source;
pub mod words;
