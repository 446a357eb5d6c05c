use crate::{
    finding::{Help, Member, Out, Severity},
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric,
    guests::{Port, names},
};
use evpnlint_core::{model::Sourced, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

/// Why a guest's bridge is not on its node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// Its zone leaves the node out.
    LeftOut,
    /// It should have been generated, and was not.
    NotGenerated,
    /// It is a vnet that was not applied yet.
    NotApplied,
    /// Nothing describes it.
    Unknown,
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let missing = fabric.guests.iter().filter_map(|port| Some((why(fabric, port)?, port)));
    let mut groups: BTreeMap<(Why, String), Vec<&Port>> = BTreeMap::new();
    for (why, port) in missing {
        groups.entry((why, port.about())).or_default().push(port);
    }
    for ((why, _), ports) in groups {
        // Of one vnet, one node may be left out while another has it not yet.
        let end = if why == Why::LeftOut { " left out" } else { "" };
        let subject = |port: &&Port| Member::named(format!("{} {}{end}", port.about(), port.name()), port.place());
        out.group(&ports, subject, |ports, out| {
            let port = ports[0];
            let (names, are_many) = names(ports);
            let hosts: BTreeSet<&str> = ports.iter().map(|port| port.host).collect();
            let (is, start) = if are_many { ("are", "starts none of them") } else { ("is", "does not start it") };
            let reason = match (why, port.vnet) {
                (Why::LeftOut, Some((_, zone))) => format!("which zone {} leaves out", zone.id),
                (Why::NotGenerated, _) => "whose generated interfaces do not hold it".to_owned(),
                (Why::NotApplied, _) => "where it was not applied yet".to_owned(),
                _ => "which has no such bridge".to_owned(),
            };
            let help = match why {
                Why::LeftOut => {
                    Help::from("move it to a node of the zone, or add the node to the zone's `nodes` and apply")
                }
                Why::NotGenerated | Why::NotApplied => Help::lasting(
                    "apply it under Datacenter, SDN, or with `pvesh set /cluster/sdn`, while all nodes are online",
                ),
                Why::Unknown => "make the bridge on that node, or give the guest another".into(),
            };
            let nodes = port.vnet.filter(|_| why == Why::LeftOut).map(|(_, zone)| zone.nodes.as_slice());
            out.report(format!(
                "{names} {is} attached to {} on {}, {reason}: Proxmox {start}",
                port.wire(),
                join_names(hosts)
            ))
            .also(
                ports.iter().take(shown::SOME).map(|port| (port.place(), format!("{} on {}", port.name(), port.host))),
            )
            .also(nodes.unwrap_or_default().iter().map(|node| (node.span(), "the zone is on this node")))
            .at(
                port.node
                    .and_then(|node| fabric.node(node).interfaces.as_ref()?.sdn)
                    .filter(|_| why == Why::NotGenerated),
                "the generated interfaces",
            )
            .cap_severity(if why == Why::Unknown { Severity::Warning } else { Severity::Error })
            .help(help)
            .done();
        });
    }
}

fn why(fabric: &Fabric, port: &Port) -> Option<Why> {
    if let Some((_, zone)) = port.vnet
        && !zone.is_on(port.host)
    {
        // Where only what is pending was read, a bridge that is there says that the node is still in the zone.
        let is_applied = port.intent.is_some_and(|intent| intent.running.is_some());
        return (is_applied || port.link(&fabric.devices).is_none()).then_some(Why::LeftOut);
    }
    let device = &fabric.devices[port.node?];
    let file = device.node.interfaces.as_ref().filter(|file| file.template.is_none())?;
    let is_whole = device.link("lo").is_some_and(|lo| lo.is_described());
    if !is_whole || port.link(&fabric.devices).is_some() || device.hooks_mention(port.bridge) {
        return None;
    }
    let sdn = port.intent.map(|intent| intent.effective());
    if port.vnet.is_some() {
        // A node that missed an apply is another rule's.
        let applied = port.intent.and_then(|intent| intent.version.as_ref());
        let is_behind = |own: &Sourced<u64>| applied.is_some_and(|applied| own.value < applied.value);
        let is_current = file.sdn.is_some() && !file.sdn_version.as_ref().is_some_and(is_behind);
        return is_current.then_some(Why::NotGenerated);
    }
    let is_lost = |sdn: &evpnlint_core::model::intent::Sdn| sdn.is_lost(port.bridge) || sdn.vnet(port.bridge).is_some();
    let pending = port.intent.map(|intent| &intent.pending);
    if sdn.is_some_and(is_lost) {
        None
    } else if pending.is_some_and(is_lost) {
        Some(Why::NotApplied)
    } else {
        // Where no vnets were read, the bridge may be one.
        let are_known = file.sdn.is_some() || sdn.is_some_and(|sdn| sdn.knows("vnets"));
        are_known.then_some(Why::Unknown)
    }
}
