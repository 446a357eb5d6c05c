//! The indices by which nodes and session ends are named.

/// A node, by its position in [`evpnlint_core::model::Cluster::nodes`] and [`crate::fabric::Fabric::devices`].
pub type NodeIndex = usize;

/// A session end, by its position in [`crate::fabric::sessions::Sessions::ends`].
pub type SessionEndIndex = usize;
