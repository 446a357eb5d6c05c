//! What is asked as if it had happened: a node that is down, a host that has moved.

use crate::{
    fabric::{Fabric, NodeIndex, underlay::Port},
    forward::Forwarding,
    predict::Prediction,
};
use evpnlint_core::{
    model::{
        Cluster, Sourced,
        bgp::PeerName,
        guest::Guest,
        link::LinkKind,
        surroundings::{Attachment, Host},
    },
    options::Completeness,
};
use std::{collections::BTreeSet, str::FromStr};

/// What has happened.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Nodes that are down.
    pub without: Vec<String>,
    /// Hosts that have moved.
    pub moved: Vec<Move>,
}

/// All that was read of a fabric, after a change.
pub struct Changed {
    cluster: Cluster,
    completeness: Completeness,
}

impl Changed {
    /// What is configured now.
    pub fn fabric(&self) -> Fabric<'_> {
        Fabric::new(&self.cluster, self.completeness)
    }
}

/// What a change names and what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A node.
    Node(String),
    /// A host.
    Host(String),
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

    /// Makes it happen to a copy of all that was read of a fabric.
    ///
    /// # Errors
    /// When it names a node or a host that is not there.
    pub fn of(&self, fabric: &Fabric) -> Result<Changed, Missing> {
        let part = &fabric.cluster;
        let mut cluster = Cluster {
            nodes: part.nodes.iter().copied().cloned().collect(),
            intents: part.intents.iter().copied().cloned().collect(),
            guests: part.guests.iter().copied().cloned().collect(),
            faults: part.faults.iter().copied().cloned().collect(),
            allowed: part.allowed.iter().copied().cloned().collect(),
            surroundings: part.surroundings.cloned().unwrap_or_default(),
            ..Cluster::default()
        };
        if !self.moved.is_empty() {
            // Whom its node has met stays in its neighbour table.
            let prediction = Prediction::new(fabric);
            let forwarding = Forwarding::new(&prediction);
            let met: BTreeSet<&str> = forwarding.met().collect();
            let hosts = cluster.surroundings.hosts.iter_mut();
            hosts.filter(|host| met.contains(host.name.value.as_str())).for_each(|host| host.silent = false);
        }
        self.apply(&mut cluster, &self.unplugged(fabric))?;
        // What is taken away must not look like a node that was not read.
        let completeness = if fabric.closed { Completeness::Complete } else { Completeness::Partial };
        Ok(Changed { cluster, completeness })
    }

    /// The ports, by node, that lead to nodes that are down, and to nothing else.
    fn unplugged(&self, fabric: &Fabric) -> Vec<(String, String)> {
        let is_down = |node: NodeIndex| self.without.iter().any(|name| name == fabric.name(node));
        let mut found = vec![];
        for ports in fabric.underlay.subnets.values().filter(|ports| ports.len() > 1) {
            let (down, up): (Vec<&Port>, Vec<&Port>) = ports.iter().partition(|port| is_down(port.node));
            if let ([_, ..], [port]) = (down.as_slice(), up.as_slice()) {
                found.push((fabric.name(port.node).to_owned(), port.link.name.clone()));
            }
        }
        for session_end in fabric.sessions.unnumbered.iter().map(|at| &fabric.sessions.ends[*at]) {
            let PeerName::Interface(port) = &session_end.neighbor.name.value else { continue };
            let far = fabric.sessions.cabling.as_ref().and_then(|cabling| cabling.end(session_end.node, port));
            if far.is_some_and(|(far, _)| is_down(*far)) {
                found.push((fabric.name(session_end.node).to_owned(), port.clone()));
            }
        }
        found
    }

    /// Makes it happen. `unplugged` are the ports that lead to nodes that are down.
    fn apply(&self, cluster: &mut Cluster, unplugged: &[(String, String)]) -> Result<(), Missing> {
        let names: Vec<String> = cluster.nodes.iter().map(|node| node.name.clone()).collect();
        let is_known = |node: &String| match names.contains(node) {
            true => Ok(()),
            false => Err(Missing::Node(node.clone())),
        };
        self.without.iter().try_for_each(is_known)?;
        self.moved.iter().map(|own| &own.node).try_for_each(is_known)?;
        cluster.nodes.retain(|node| !self.without.contains(&node.name));
        for (name, port) in unplugged {
            if let Some(node) = cluster.nodes.iter_mut().find(|node| node.name == *name)
                && let Some(link) = node.links.get_mut(port)
            {
                link.is_unplugged = true;
            }
        }
        for own in &self.moved {
            let hosts = &mut cluster.surroundings.hosts;
            let host = hosts.iter_mut().find(|host| host.name.value == own.host);
            let node = cluster.nodes.iter().find(|node| node.name == own.node);
            let is_bridge = |name: &String| {
                node.and_then(|node| node.link(name)).is_some_and(|link| matches!(link.kind, LinkKind::Bridge { .. }))
            };
            let into_bridge = own.port.as_ref().is_some_and(is_bridge);
            match host {
                Some(host) => own.apply(host, into_bridge),
                None => own.migrate(&mut cluster.guests)?,
            }
        }
        Ok(())
    }
}

impl Move {
    /// Moves a guest, by its name or number; its first device gets another bridge where one is named.
    fn migrate(&self, guests: &mut [Guest]) -> Result<(), Missing> {
        let is_it = |guest: &&mut Guest| {
            let is_called = guest.name.as_ref().is_some_and(|name| name.value == self.host);
            !guest.template && (is_called || guest.id.to_string() == self.host)
        };
        let mut found = false;
        // There are as many copies of it as nodes whose stores hold it.
        for guest in guests.iter_mut().filter(is_it) {
            found = true;
            guest.host = Some(self.node.clone());
            let bridge = guest.nics.first_mut().and_then(|nic| nic.bridge.as_mut());
            if let (Some(bridge), Some(port)) = (bridge, &self.port) {
                bridge.value.clone_from(port);
            }
        }
        if found { Ok(()) } else { Err(Missing::Host(self.host.clone())) }
    }

    fn apply(&self, host: &mut Host, into_bridge: bool) {
        let origin = host.node.origin.clone();
        let here = |value: &String| Sourced { value: value.clone(), origin: origin.clone() };
        host.node = here(&self.node);
        if let Some(port) = &self.port {
            let place = here(port);
            host.attachment = Some(if into_bridge { Attachment::Bridge(place) } else { Attachment::Port(place) });
        }
    }
}
