//! What works in a fabric and what does not, by the prediction.

use evpnlint::{forward::expected, model::Prefix, options::Options, predict::fate::State, source::Sources};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// What works and what does not.
#[derive(Default)]
pub(super) struct Outcomes {
    /// Each session with its families, and each node that a VNI knows.
    works: BTreeSet<String>,
    /// Where each subnet is known.
    subnets: BTreeMap<String, BTreeSet<Prefix>>,
    /// Between which access points packets are lost.
    fails: BTreeSet<String>,
}

impl Outcomes {
    pub(super) fn of(sources: &Sources, options: &Options) -> Self {
        let mut all = Self::default();
        evpnlint::predict(&mut sources.clone(), options, |prediction, _| {
            let fabric = prediction.fabric;
            for (end, fate) in fabric.sessions.ends.iter().zip(&prediction.sessions) {
                if fate.state == State::Up {
                    let name = format!("{} {} {}", fabric.name(end.node), end.vrf(), end.neighbor.name);
                    all.works.extend(fate.families.iter().map(|family| format!("session {name} {family}")));
                }
            }
            let members = || prediction.floods.vnis.values().flatten().chain(&prediction.floods.vrfs);
            // A VTEP under another address is the same.
            let mut owners: BTreeMap<IpAddr, BTreeSet<&str>> = BTreeMap::new();
            for member in members() {
                if let Some(vtep) = member.origin.vtep {
                    owners.entry(vtep).or_default().insert(fabric.name(member.origin.node));
                }
            }
            for member in members() {
                let name = format!("{} vni {}", fabric.name(member.origin.node), member.origin.vni);
                let remotes = prediction.floods.remotes(member);
                let names = remotes.iter().filter_map(|vtep| owners.get(vtep)).flatten();
                all.works.extend(names.map(|remote| format!("{name} knows {remote}")));
            }
            for unmet in expected::ask(prediction).unmet {
                let nodes = unmet.nodes.map(|node| fabric.name(node));
                all.fails.insert(format!("{:?} between {nodes:?}", unmet.expected));
            }
            for route in prediction.routes() {
                let name = format!("{} vrf {}", fabric.name(route.node), route.vrf);
                all.subnets.entry(name).or_default().insert(route.prefix);
            }
            for gateway in fabric.overlay.gateways.values().flatten() {
                let node = fabric.name(gateway.node);
                if !fabric.devices[gateway.node].stays_down(gateway.svi) {
                    // A subnet that a VRF has itself is known there. Where it has none, the gateway of another node
                    // answers: that packets get there is asked above.
                    let name = format!("{node} vrf {}", gateway.vrf().unwrap_or_default());
                    all.subnets.entry(name).or_default().extend(gateway.prefixes.iter().copied());
                }
            }
        });
        all
    }

    /// What is lost since. A subnet is not lost where another that overlaps it has its place.
    pub(super) fn lost_in(&self, after: &Self) -> Vec<String> {
        let none = BTreeSet::new();
        let subnets = self.subnets.iter().flat_map(|(name, subnets)| {
            let left = after.subnets.get(name).unwrap_or(&none);
            let gone =
                subnets.iter().filter(|own| !left.contains(own) && !left.iter().any(|other| other.overlaps(**own)));
            gone.map(move |subnet| format!("{name} {subnet}"))
        });
        let works = self.works.difference(&after.works).cloned();
        works.chain(subnets).chain(after.fails.difference(&self.fails).map(|pair| format!("packets {pair}"))).collect()
    }
}
