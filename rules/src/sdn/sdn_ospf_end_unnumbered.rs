use crate::{
    finding::{Help, Out, Severity},
    plan::Plan,
};
use evpnlint_core::{
    model::{InterfaceAddress, Prefix, Sourced, intent::FabricPort},
    source::Span,
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

/// An interface of a node in a fabric.
struct End<'p> {
    node: &'p str,
    name: &'p str,
    port: &'p Sourced<FabricPort>,
}

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for fabric in plan.sdn.fabrics.iter().filter(|fabric| fabric.protocol == "ospf") {
        let id = &fabric.id.value;
        let nodes = plan.sdn.fabric_nodes.iter().filter(|own| own.fabric == *id && !own.external);
        let ends: Vec<End> = nodes
            .flat_map(|own| own.interfaces.iter().map(|(name, port)| End { node: &own.node, name, port }))
            .collect();
        let bare: Vec<&End> = ends.iter().filter(|end| end.port.ip.is_none()).collect();
        let lonely: Vec<(&End, &InterfaceAddress)> = ends
            .iter()
            .filter_map(|end| Some((end, end.port.ip.as_ref()?)))
            .filter(|(end, own)| end.port.network_type.is_none() && is_alone(plan, &ends, end, own.prefix()))
            .collect();
        let is_apart = lonely.iter().any(|(end, _)| bare.iter().any(|other| other.node != end.node));
        if !is_apart || may_pair(&bare) {
            continue;
        }
        let of = |ends: &[&End]| join_names(ends.iter().map(|end| format!("{} of {}", end.name, end.node)));
        let (have, are) = (if bare.len() == 1 { "has" } else { "have" }, if lonely.len() == 1 { "is" } else { "are" });
        let numbered: Vec<&End> = lonely.iter().map(|(end, _)| *end).collect();
        let subnets: BTreeSet<String> = lonely.iter().map(|(_, own)| own.prefix().to_string()).collect();
        out.report(format!(
            "{} in fabric {id} {have} no address, and {} {are} alone in {}: OSPF is point-to-point at one end and \
                broadcast at the other, and no adjacency forms",
            of(&bare),
            of(&numbered),
            join_names(&subnets),
        ))
        .about(plan.about(format_args!("fabric {id} unnumbered")))
        .also(bare.iter().map(|end| (end.port.span(), format!("no `ip`, {} of {}", end.name, end.node))))
        .also(numbered.iter().map(|end| (end.port.span(), format!("alone, {} of {}", end.name, end.node))))
        .also(bare.iter().flat_map(|end| generated(plan, end)))
        .help(Help::lasting(format!(
            "give {} an address of the same subnet, or take that of {} away, in Datacenter → SDN → Fabrics",
            of(&bare),
            of(&numbered)
        )))
        .cap_severity(Severity::Warning)
        .done();
    }
}

/// Whether no other end of the fabric, and no other node that was read, is in a subnet.
fn is_alone(plan: &Plan, ends: &[End], end: &End, prefix: Prefix) -> bool {
    let is_in = |other: &End| other.port.ip.as_ref().is_some_and(|own| own.prefix().overlaps(prefix));
    let others = plan.fabric.underlay.subnets.get(&prefix).into_iter().flatten();
    !ends.iter().any(|other| other.node != end.node && is_in(other))
        && others.into_iter().all(|port| plan.fabric.name(port.node) == end.node)
}

/// Whether ends without addresses may be each other's: those of one node are not.
fn may_pair(ends: &[&End]) -> bool {
    let mut nodes: BTreeMap<&str, usize> = BTreeMap::new();
    ends.iter().for_each(|end| *nodes.entry(end.node).or_default() += 1);
    ends.len().is_multiple_of(2) && nodes.values().all(|own| own * 2 <= ends.len())
}

/// What Proxmox has generated for an end.
fn generated(plan: &Plan, end: &End) -> Vec<(Option<Span>, &'static str)> {
    let Some(device) = plan.fabric.index(end.node).map(|at| &plan.fabric.devices[at]) else { return vec![] };
    let Some(link) = device.link(end.name) else { return vec![] };
    let stanza = link.stanzas.last().map(|stanza| (Some(*stanza), "the node's own address, as /32"));
    let block = link.frr.map(|block| (Some(block), "point-to-point for want of an address"));
    stanza.into_iter().chain(block).collect()
}
