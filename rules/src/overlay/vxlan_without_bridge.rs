use crate::{
    finding::{Member, Out},
    interfaces::bridge_port_undefined,
};
use evpnlint_analysis::fabric::{Fabric, device::Device};
use evpnlint_core::{
    model::{
        FaultKind,
        link::{Link, LinkKind, stem},
    },
    source::Span,
    words::join_names,
};
use std::{
    cell::LazyCell,
    collections::{BTreeMap, BTreeSet},
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let bridges = LazyCell::new(|| Bridges::of(fabric));
    for (node, device) in fabric.devices.iter_enumerated() {
        let name = &device.node.name;
        let missed = bridge_port_undefined::missed(device);
        // `bridge-port` for `bridge-ports` has been said already.
        let misspelt = fabric.faults_of(node).iter().any(|fault| {
            matches!(&fault.kind, FaultKind::UnknownProperty { suggestion: Some(meant), .. } if meant == "bridge-ports")
        });
        if !device.runs_evpn() || misspelt {
            continue;
        }
        let by_hand =
            |port: &str| device.node.links.values().flat_map(|link| &link.hooks).any(|hook| hook.contains(port));
        let mut alone = vec![];
        for local_vni in
            device.local_vnis.iter().filter(|local_vni| local_vni.bridge.is_none() && !local_vni.is_static())
        {
            let link = local_vni.link;
            let is_told = missed.iter().any(|(_, _, meant)| meant.is_some_and(|meant| meant.name == link.name));
            if link.addresses.is_empty() && !is_told && !by_hand(&link.name) {
                alone.push(local_vni);
            }
        }
        out.group(
            &alone,
            |own| Member::new(name, format_args!("vxlan {}", own.link.name), own.link.place()),
            |alone, out| {
                let first = alone[0];
                let mut links: Vec<&str> = alone.iter().map(|local_vni| local_vni.link.name.as_str()).collect();
                links.dedup();
                let vnis = join_names(alone.iter().map(|local_vni| local_vni.vni));
                let plural = alone.len() > 1;
                out.report(format!(
            "{} on {name} is a port of no bridge: VNI{} {vnis} bridge{} nothing there, and zebra does not take {} up",
            join_names(&links),
            if plural { "s" } else { "" },
            if plural { "" } else { "s" },
            if plural { "them" } else { "it" },
        ))
        .at(first.link.place(), "in no bridge")
        .also(alone.iter().map(|local_vni| (local_vni.span, format!("VNI {}", local_vni.vni))))
        .also(bridges.lacking(device, &first.link.name))
        .help(match first.layer3 {
            Some(_) => format!(
                "give {} a bridge of its own, with `bridge-ports {}` and without an address, and put that into the VRF with `vrf`",
                first.link.name, first.link.name
            ),
            None => format!("add {} to the bridge-ports of its bridge", first.link.name),
        })
        .done();
            },
        );
    }
}

/// The bridges of all nodes.
struct Bridges<'m> {
    /// By port, what they are called that have it.
    by_port: BTreeMap<&'m str, BTreeSet<&'m str>>,
    /// What their names begin with.
    stems: BTreeSet<&'m str>,
}

impl<'m> Bridges<'m> {
    fn of(fabric: &Fabric<'m>) -> Self {
        let mut all = Self { by_port: BTreeMap::new(), stems: BTreeSet::new() };
        for bridge in fabric.devices.iter().flat_map(|device| device.node.links.values()).filter(is_bridge) {
            all.stems.insert(stem(&bridge.name));
            for port in bridge.ports() {
                all.by_port.entry(port.as_str()).or_default().insert(&bridge.name);
            }
        }
        all
    }

    /// The bridges of a node, of which one lacks a port; of the same name as where others have it, if that can be told.
    fn lacking(&self, device: &Device<'m>, port: &str) -> Vec<(Span, String)> {
        // Without the line that lists its ports, what is a bridge elsewhere is none here.
        let links = || device.node.links.values().filter(|link| link.is_described());
        let elsewhere = self.by_port.get(port);
        let wanted = links().filter(|link| elsewhere.is_some_and(|names| names.contains(link.name.as_str())));
        // What is called as bridges are, and is none, has lost that line.
        let is_port = |link: &Link| device.bridge_of(&link.name).is_some() || device.bond_of(&link.name).is_some();
        let is_bare = |link: &&Link| {
            matches!(link.kind, LinkKind::Physical) && self.stems.contains(stem(&link.name)) && !is_port(link)
        };
        let found = [wanted.collect(), links().filter(is_bare).collect(), links().filter(is_bridge).collect()];
        let chosen: Option<Vec<&Link>> = found.into_iter().find(|found: &Vec<&Link>| !found.is_empty());
        let label = |bridge: &Link| {
            let span = bridge.ports().first().and_then(|port| port.span()).unwrap_or(bridge.place());
            (span, format!("{} of {} has not got it", bridge.name, device.node.name))
        };
        chosen.into_iter().flatten().map(label).collect()
    }
}

fn is_bridge(link: &&Link) -> bool {
    matches!(link.kind, LinkKind::Bridge { .. })
}
