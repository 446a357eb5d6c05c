use crate::{finding::Out, plan::Plan};
use evpnlint_core::{
    model::{
        InterfaceAddress, Sourced,
        intent::{FabricNode, SdnFabric},
    },
    source::Span,
};
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
};

/// What is wrong, the subject, and the places with what stands there.
type Flaw = (String, String, Vec<(Option<Span>, String)>);

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let mut flaws = vec![];
    for fabric in &plan.sdn.fabrics {
        for node in plan.sdn.fabric_nodes.iter().filter(|node| node.fabric == fabric.id.value && !node.external) {
            address(fabric, node, &fabric.ip_prefix, &node.ip, "ip", &mut flaws);
            address(fabric, node, &fabric.ip6_prefix, &node.ip6, "ip6", &mut flaws);
        }
    }
    families(plan, &mut flaws);
    prefixes(plan, &mut flaws);
    nodes(plan, &mut flaws);
    for (message, about, places) in flaws {
        out.report(format!("{message}: Proxmox refuses the whole of fabrics.cfg"))
            .about(plan.about(about))
            .also(places)
            .help("correct it; until then no change to any fabric can be applied")
            .done();
    }
}

/// A node's address and the prefix of its fabric, in one family.
fn address(
    fabric: &SdnFabric,
    node: &FabricNode,
    prefix: &Option<Sourced<InterfaceAddress>>,
    ip: &Option<Sourced<IpAddr>>,
    key: &str,
    flaws: &mut Vec<Flaw>,
) {
    let (name, id) = (&node.node, &fabric.id);
    let about = format!("fabric {id} node {name} {key}");
    match (prefix, ip) {
        (Some(prefix), Some(ip)) if !prefix.prefix().contains(ip.value) => flaws.push((
            format!("address {ip} of {name} lies outside {prefix}, the prefix of fabric {id}"),
            about,
            vec![(ip.span(), "outside".to_owned()), (prefix.span(), "the prefix".to_owned())],
        )),
        (Some(prefix), None) => flaws.push((
            format!("{name} has no `{key}` in fabric {id}, which has a prefix for it"),
            about,
            vec![(node.id.span(), format!("no `{key}`")), (prefix.span(), "the prefix".to_owned())],
        )),
        (None, Some(ip)) => flaws.push((
            format!("{name} has an `{key}` in fabric {id}, which has no prefix for it"),
            about,
            vec![(ip.span(), "in no prefix".to_owned()), (id.span(), format!("no `{key}_prefix`"))],
        )),
        _ => {}
    }
}

/// The prefixes that each protocol needs or forbids.
fn families(plan: &Plan, flaws: &mut Vec<Flaw>) {
    for fabric in plan.sdn.fabrics.iter().filter(|fabric| !plan.sdn.is_lost(&fabric.id)) {
        let id = &fabric.id;
        let (message, place) = match (fabric.protocol.as_str(), &fabric.ip_prefix, &fabric.ip6_prefix) {
            ("ospf", _, Some(six)) => {
                (format!("the ospf fabric {id} has an `ip6_prefix`, and OSPF is for IPv4"), six.span())
            }
            ("ospf", None, None) => (format!("the ospf fabric {id} has no `ip_prefix`"), id.span()),
            ("openfabric" | "bgp", None, None) => {
                (format!("fabric {id} has neither `ip_prefix` nor `ip6_prefix`"), id.span())
            }
            _ => continue,
        };
        flaws.push((message, format!("fabric {id} prefix"), vec![(place, format!("{} fabric", fabric.protocol))]));
    }
}

/// Prefixes and areas, between fabrics.
fn prefixes(plan: &Plan, flaws: &mut Vec<Flaw>) {
    let fabrics = &plan.sdn.fabrics;
    for (at, a) in fabrics.iter().enumerate() {
        for b in &fabrics[at + 1..] {
            if let (Some(one), Some(two)) = (&a.area, &b.area)
                && number(one) == number(two)
            {
                let places = vec![(one.span(), format!("fabric {}", a.id)), (two.span(), format!("fabric {}", b.id))];
                let message = format!("fabrics {} and {} have one OSPF area, {one}", a.id, b.id);
                flaws.push((message, format!("fabric {} fabric {} area", a.id, b.id), places));
            }
            let own = || a.ip_prefix.iter().chain(&a.ip6_prefix);
            let other = || b.ip_prefix.iter().chain(&b.ip6_prefix);
            let both = own().flat_map(|own| other().map(move |other| (own, other)));
            for (one, two) in both.filter(|(one, two)| one.prefix().overlaps(two.prefix())) {
                let places = vec![(one.span(), format!("fabric {}", a.id)), (two.span(), format!("fabric {}", b.id))];
                let message = format!("the prefixes of fabrics {} and {} overlap", a.id, b.id);
                flaws.push((message, format!("fabric {} fabric {}", a.id, b.id), places));
            }
        }
    }
}

/// An area as a number: `0` and `0.0.0.0` are one.
fn number(area: &str) -> Option<u32> {
    area.parse().ok().or(area.parse::<Ipv4Addr>().ok().map(Ipv4Addr::to_bits))
}

/// Nodes of fabrics that do not exist, and addresses and interfaces that are used twice.
fn nodes(plan: &Plan, flaws: &mut Vec<Flaw>) {
    let sdn = plan.sdn;
    let mut addresses: BTreeMap<IpAddr, (&FabricNode, Option<Span>)> = BTreeMap::new();
    let mut interfaces: BTreeMap<(&str, &str), (&FabricNode, Option<Span>)> = BTreeMap::new();
    for node in &sdn.fabric_nodes {
        let fabric = &node.fabric;
        if sdn.fabric(fabric).is_none() && !sdn.is_lost(fabric) {
            let message = format!("{} is a node of fabric {fabric}, which does not exist", node.node);
            let places = vec![(node.id.span(), "no such fabric".to_owned())];
            flaws.push((message, format!("fabric {fabric} node {}", node.node), places));
        }
        for ip in node.ip.iter().chain(&node.ip6) {
            if let Some((other, place)) = addresses.insert(ip.value, (node, ip.span())) {
                let message = format!("{} and {} have the same address {ip} in fabrics", other.node, node.node);
                let places = vec![(ip.span(), node.id.value.clone()), (place, other.id.value.clone())];
                flaws.push((message, format!("address {ip}"), places));
            }
        }
        for (name, interface) in &node.interfaces {
            let taken = interfaces.insert((&node.node, name), (node, interface.span()));
            if let Some((other, place)) = taken.filter(|(other, _)| other.fabric != *fabric) {
                let message = format!("{name} of {} is in fabrics {} and {fabric}", node.node, other.fabric);
                let places = vec![(interface.span(), fabric.clone()), (place, other.fabric.clone())];
                flaws.push((message, format!("node {} interface {name}", node.node), places));
            }
        }
    }
}
