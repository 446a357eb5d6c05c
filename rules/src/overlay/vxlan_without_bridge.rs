use crate::{finding::Out, interfaces::bridge_port_undefined};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{
    model::{
        FaultKind,
        link::{Link, LinkKind, stem},
    },
    source::Span,
    words::join_names,
};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter().enumerate() {
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
        let Some(first) = alone.first() else { continue };
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
        .about(format!("{name} vxlan {}", join_names(&links)))
        .at(first.link.place(), "in no bridge")
        .also(alone.iter().map(|local_vni| (local_vni.span, format!("VNI {}", local_vni.vni))))
        .also(bridges(fabric, first.link.name.as_str(), name))
        .help(format!("add {} to the bridge-ports of its bridge", first.link.name))
        .done();
    }
}

/// The bridges of the node, of which one lacks a port; of the same name as where others have it, if that can be told.
fn bridges(fabric: &Fabric, port: &str, node: &str) -> Vec<(Span, String)> {
    let others = fabric.devices.iter().filter(|device| device.node.name != node);
    let elsewhere: Vec<&str> =
        others.filter_map(|device| device.bridge_of(port)).map(|bridge| bridge.name.as_str()).collect();
    let Some(own) = fabric.devices.iter().find(|device| device.node.name == node) else { return vec![] };
    // Without the line that lists its ports, what is a bridge elsewhere is none here.
    let links = || own.node.links.values().filter(|link| link.is_described());
    let wanted: Vec<&Link> = links().filter(|link| elsewhere.contains(&link.name.as_str())).collect();
    // What is called as bridges are, and is none, has lost that line.
    let is_bridge = |link: &&Link| matches!(link.kind, LinkKind::Bridge { .. });
    let stems: BTreeSet<&str> = fabric
        .devices
        .iter()
        .flat_map(|device| device.node.links.values().filter(is_bridge))
        .map(|link| stem(&link.name))
        .collect();
    let is_port = |link: &Link| own.bridge_of(&link.name).is_some() || own.bond_of(&link.name).is_some();
    let is_bare =
        |link: &&Link| matches!(link.kind, LinkKind::Physical) && stems.contains(stem(&link.name)) && !is_port(link);
    let bare: Vec<&Link> = links().filter(is_bare).collect();
    let chosen: Vec<&Link> = match (wanted.is_empty(), bare.is_empty()) {
        (false, _) => wanted,
        (true, false) => bare,
        (true, true) => links().filter(is_bridge).collect(),
    };
    chosen
        .into_iter()
        .map(|bridge| {
            let span = bridge.ports().first().and_then(|port| port.span()).unwrap_or(bridge.place());
            (span, format!("{} of {node} has not got it", bridge.name))
        })
        .collect()
}
