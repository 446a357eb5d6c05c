//! What is asked as if it had happened: a node that is down, a host that has moved.

use crate::run::{NotShown, unknown};
use evpnlint_core::model::{
    Cluster, Sourced,
    surroundings::{Attachment, Host},
};
use std::str::FromStr;

/// What has happened.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Nodes that are down.
    pub without: Vec<String>,
    /// Hosts that have moved.
    pub moved: Vec<Move>,
}

/// A host that has moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The host.
    pub host: String,
    /// The node it is attached to now.
    pub node: String,
    /// The port, or the bridge; the same as before without one.
    pub port: Option<String>,
}

impl FromStr for Move {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, place) = text.split_once('=').ok_or("write HOST=NODE or HOST=NODE:PORT")?;
        let (node, port) = match place.split_once(':') {
            Some((node, port)) => (node, Some(port.to_owned())),
            None => (place, None),
        };
        Ok(Self { host: host.to_owned(), node: node.to_owned(), port })
    }
}

impl Change {
    /// Whether nothing has happened.
    pub fn is_none(&self) -> bool {
        self.without.is_empty() && self.moved.is_empty()
    }

    /// Makes it happen.
    ///
    /// # Errors
    /// When it names a node or a host that is not there.
    pub fn apply(&self, cluster: &mut Cluster) -> Result<(), NotShown> {
        let names: Vec<String> = cluster.nodes.iter().map(|node| node.name.clone()).collect();
        let is_known = |node: &String| match names.contains(node) {
            true => Ok(()),
            false => Err(unknown(node, names.iter().map(String::as_str))),
        };
        self.without.iter().try_for_each(is_known)?;
        self.moved.iter().map(|own| &own.node).try_for_each(is_known)?;
        cluster.nodes.retain(|node| !self.without.contains(&node.name));
        for own in &self.moved {
            let hosts = &mut cluster.surroundings.hosts;
            let host = hosts.iter_mut().find(|host| host.name.value == own.host);
            own.apply(host.ok_or_else(|| NotShown::Host { host: own.host.as_str().into() })?);
        }
        Ok(())
    }
}

impl Move {
    fn apply(&self, host: &mut Host) {
        let keeps = |old: &Sourced<String>, value: &String| Sourced { value: value.clone(), origin: old.origin.clone() };
        host.node = keeps(&host.node, &self.node);
        host.attachment = match (host.attachment.take(), &self.port) {
            (Some(Attachment::Port(old)), Some(port)) => Some(Attachment::Port(keeps(&old, port))),
            (Some(Attachment::Bridge(old)), Some(port)) => Some(Attachment::Bridge(keeps(&old, port))),
            (attachment, _) => attachment,
        };
    }
}
