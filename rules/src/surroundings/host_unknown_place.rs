use super::places::{devices, is_vnet, lacks, ports};
use crate::{finding::Out, shown};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{
    model::{
        Sourced,
        surroundings::{Attachment, Host},
    },
    near::near,
    words::join_names,
};
use std::collections::BTreeMap;

/// The most names that are nowhere for each of which one is looked for that was meant.
const MOST_LIKENED: usize = 100;

/// What is unknown: a device, or an interface of a node.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Unknown<'m> {
    Device(&'m str),
    Interface(NodeIndex, &'m str, &'static str),
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut groups: BTreeMap<Unknown, Vec<(&Host, &Sourced<String>)>> = BTreeMap::new();
    for host in fabric.cluster.surroundings.into_iter().flat_map(|around| &around.hosts) {
        if let Some((unknown, place)) = unknown(fabric, host) {
            groups.entry(unknown).or_default().push((host, place));
        }
    }
    for (count, (unknown, hosts)) in groups.into_iter().enumerate() {
        let (names, are) =
            (join_names(hosts.iter().map(|(host, _)| &host.name)), ["is", "are"][hosts.len().min(2) - 1]);
        let likened = |name: &str, known: &mut dyn Iterator<Item = &str>| {
            if count < MOST_LIKENED { near(name, known) } else { None }
        };
        let (message, about, meant, other) = match unknown {
            Unknown::Device(device) => (
                format!("{names} {are} attached to {device}, which is neither a node nor a switch"),
                format!("host on {device}"),
                likened(device, &mut devices(fabric)),
                "name the node as its folder is called; a switch that is not read has a [[switch]] entry",
            ),
            Unknown::Interface(node, place, what) => (
                format!("{names} {are} attached to {place} of {}, whose files have no such {what}", fabric.name(node)),
                format!("host on {} {place}", fabric.name(node)),
                likened(place, &mut ports(fabric, node)),
                "name an interface of the node; where ports are made when guests start, their `bridge`",
            ),
        };
        out.report(message)
            .about(about)
            .also(hosts.iter().take(shown::SOME).map(|(host, place)| (place.span(), host.name.value.clone())))
            .help(meant.map_or(other.to_owned(), |meant| format!("did you mean {meant}?")))
            .done();
    }
}

/// What is unknown of where a host is attached, and where it is written.
fn unknown<'m>(fabric: &Fabric<'m>, host: &'m Host) -> Option<(Unknown<'m>, &'m Sourced<String>)> {
    let Some(node) = fabric.index(&host.node) else {
        // Without every node, it may be one of those that are not here.
        let is_unknown_device =
            fabric.closed && fabric.cluster.is_first && fabric.cluster.unknown_devices.contains(host.node.as_str());
        return is_unknown_device.then_some((Unknown::Device(&host.node), &host.node));
    };
    let (place, what, is_coming) = match host.attachment.as_ref()? {
        Attachment::Port(port) => (port, "interface", false),
        Attachment::Bridge(bridge) => (bridge, "bridge", is_vnet(fabric, bridge)),
    };
    let is_unknown = lacks(fabric, node, place) && !is_coming;
    is_unknown.then_some((Unknown::Interface(node, place, what), place))
}
