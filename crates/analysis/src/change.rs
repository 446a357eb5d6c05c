//! What is asked as if it had happened: a node, a link or a session that is down, a host that has moved.

use crate::{fabric::Fabric, forward::Forwarding, predict::Prediction};
use evpnlint_core::{
    model::{
        Cluster, Sourced,
        guest::Guest,
        link::LinkKind,
        surroundings::{Attachment, Cable, CableEnd, Host},
    },
    options::Completeness,
};
pub use outage::Missing;
use outage::Outage;
use std::{collections::BTreeSet, str::FromStr};

mod outage;

/// What has happened.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// What is down: nodes (`leaf1`), links (`leaf1:swp1`), and the BGP sessions between two nodes (`leaf1~spine1`).
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
    /// When it names what is not there.
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
        let is_known = |node: &str| fabric.index(node).map(|_| ()).ok_or_else(|| Missing::Node(node.to_owned()));
        let outage = Outage::new(fabric, &self.without)?;
        self.moved.iter().try_for_each(|own| is_known(&own.node))?;
        outage.apply(fabric, &mut cluster);
        keep_cabling(fabric, &mut cluster);
        self.move_all(&mut cluster)?;
        // What is taken away must not look like a node that was not read.
        let completeness = if fabric.closed { Completeness::Complete } else { Completeness::Partial };
        Ok(Changed { cluster, completeness })
    }

    /// Moves hosts and guests.
    fn move_all(&self, cluster: &mut Cluster) -> Result<(), Missing> {
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

/// Writes the cables down that follow from the number of ports: without a node, the ports no longer tell.
fn keep_cabling(fabric: &Fabric, cluster: &mut Cluster) {
    let cables = &mut cluster.surroundings.cables;
    if let Some(cabling) = fabric.sessions.cabling.as_ref().filter(|_| cables.is_empty()) {
        let end = |node, port: &str| CableEnd { device: fabric.name(node).to_owned(), port: port.to_owned() };
        let ends = cabling.ends().map(|((node, port), (far, there))| (end(node, port), end(*far, there)));
        cables.extend(ends.filter(|(a, b)| a < b).map(|(a, b)| Cable { a, b, span: None }));
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
