use super::places::{devices, lacks, ports};
use crate::{finding::Out, shown};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{
    model::surroundings::{Cable, CableEnd},
    near::{near, slip},
    source::Span,
};
use std::collections::BTreeMap;

/// The most ends that are nowhere for each of which a name is looked for that was meant.
const MOST_LIKENED: usize = 1_000;

/// What is unknown: a device, or an interface of a node.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Unknown<'m> {
    Device(&'m str),
    Interface(NodeIndex, &'m str),
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let Some(around) = fabric.cluster.surroundings else { return };
    let mut groups: BTreeMap<Unknown, Vec<Option<Span>>> = BTreeMap::new();
    for cable in &around.cables {
        for end in [&cable.a, &cable.b] {
            if let Some(unknown) = unknown(fabric, end) {
                groups.entry(unknown).or_default().push(cable.span);
            }
        }
    }
    for (count, (unknown, spans)) in groups.into_iter().enumerate() {
        let is_own = spans.iter().flatten().any(|span| around.is_own(*span));
        // In files that other programs read, servers and ports that nobody has set up yet are usual: only slips are told.
        let meant = |name: &str, known: &mut dyn Iterator<Item = &str>| match is_own {
            _ if count >= MOST_LIKENED => None,
            true => near(name, known),
            false => slip(name, known),
        };
        let (message, about, meant) = match unknown {
            Unknown::Device(device) => (
                format!("a cable ends at {device}, which is neither a node nor a switch"),
                format!("cable {device}"),
                meant(device, &mut devices(fabric)),
            ),
            Unknown::Interface(node, port) => (
                format!("a cable ends at {port} of {}, whose files have no such interface", fabric.name(node)),
                format!("cable {} {port}", fabric.name(node)),
                meant(port, &mut ports(fabric, node)),
            ),
        };
        if !is_own && meant.is_none() {
            continue;
        }
        let other = "mend the name; a switch that is not read has a [[switch]] entry";
        out.report(message)
            .about(about)
            .also(spans.into_iter().take(shown::SOME).map(|span| (span, "a cable to it")))
            .help(meant.map_or(other.to_owned(), |meant| format!("did you mean {meant}?")))
            .done();
    }
    twice(fabric, &around.cables, out);
}

/// What is unknown of an end.
fn unknown<'m>(fabric: &Fabric<'m>, end: &'m CableEnd) -> Option<Unknown<'m>> {
    match fabric.index(&end.device) {
        Some(node) => lacks(fabric, node, &end.port).then_some(Unknown::Interface(node, &end.port)),
        // Without every node, it may be one of those that are not here.
        None => {
            (fabric.closed && fabric.cluster.is_first && fabric.cluster.unknown_devices.contains(end.device.as_str()))
                .then_some(Unknown::Device(&end.device))
        }
    }
}

/// Ports of nodes in which two cables and more end.
fn twice(fabric: &Fabric, cables: &[Cable], out: &mut Out) {
    let mut ends: BTreeMap<&CableEnd, Vec<(&Cable, &CableEnd)>> = BTreeMap::new();
    for cable in cables {
        for (end, other) in [(&cable.a, &cable.b), (&cable.b, &cable.a)] {
            // A switch is one segment, and its ports are labels.
            if fabric.index(&end.device).is_some() {
                ends.entry(end).or_default().push((cable, other));
            }
        }
    }
    for (end, cables) in ends {
        let [(_, one), (_, other), ..] = cables.as_slice() else { continue };
        out.report(format!("{} of {} has two cables: to {one} and to {other}", end.port, end.device))
            .about(format!("cable {end} twice"))
            .also(cables.iter().rev().take(shown::SOME).map(|(cable, other)| (cable.span, format!("to {other}"))))
            .help("take out the cable that is not there")
            .done();
    }
}
