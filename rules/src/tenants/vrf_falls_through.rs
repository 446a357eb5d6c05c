use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, device::Device};
use evpnlint_core::{
    model::{
        Prefix,
        bgp::{BgpInstance, Family},
        frr::Frr,
        is_on,
        link::{Link, LinkKind},
    },
    words::join_names,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let reported: BTreeSet<&str> = fabric.devices.iter().flat_map(defaults_told).collect();
    let mut found: BTreeMap<&str, Vec<(NodeIndex, &Link)>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter_enumerated() {
        // Without a default route, the main table leads to the underlay alone. A hook may bring a route to a VRF.
        if device.node.frr.is_none() || !has_default(device, "") || device.hooks_mention("route") {
            continue;
        }
        let tenants: BTreeSet<&str> = device
            .local_vnis
            .iter()
            .filter_map(|local_vni| Some(local_vni.svi?.vrf.as_ref()?.value.as_str()))
            .collect();
        let is_vrf = |link: &&Link| matches!(link.kind, LinkKind::Vrf { .. }) && tenants.contains(link.name.as_str());
        for link in device.node.links.values().filter(is_vrf) {
            if !reported.contains(link.name.as_str()) && !has_default(device, &link.name) {
                found.entry(&link.name).or_default().push((node, link));
            }
        }
    }
    let things: Vec<(&str, NodeIndex, &Link)> = found
        .into_iter()
        .flat_map(|(vrf, nodes)| nodes.into_iter().map(move |(node, link)| (vrf, node, link)))
        .collect();
    let subject = |(vrf, node, link): &(&str, NodeIndex, &Link)| {
        Member::new(fabric.name(*node), format_args!("vrf {vrf} default route"), link.place())
    };
    out.group(&things, subject, |things, out| {
    let mut found: BTreeMap<&str, Vec<(NodeIndex, &Link)>> = BTreeMap::new();
    for (vrf, node, link) in things {
        found.entry(*vrf).or_default().push((*node, *link));
    }
    let Some((first, nodes)) = found.iter().next() else { return };
    let names = join_names(nodes.iter().map(|(node, _)| fabric.name(*node)));
    let vrfs = join_names(found.keys());
    let (noun, verb) = if found.len() == 1 { ("VRF", "has") } else { ("VRFs", "have") };
    out.report(format!(
        "{noun} {vrfs} {verb} no default route on {names}: what a tenant sends to an address that the VRF does not know leaves \
         by that of the main table"
    ))
    .also(found.iter().flat_map(|(vrf, nodes)| {
        nodes.iter().take(shown::EXAMPLES).map(move |(node, link)| (link.place(), format!("{vrf} of {}", fabric.name(*node))))
    }))
    .help(format!(
        "write `ip route add vrf {first} unreachable default metric 4278198272` as a `post-up` of the VRF, or `ip route \
         0.0.0.0/0 blackhole 255` under `vrf {first}` in frr.conf, on every node"
    ))
    .done();
});
}

/// The VRFs whose default route a node tells the others, or may hear from a peer.
fn defaults_told<'m>(device: &Device<'m>) -> impl Iterator<Item = &'m str> {
    let instances = device.node.frr.iter().flat_map(|frr| &frr.bgp);
    instances.filter(|own| brings_default(own)).filter_map(|own| Some(own.vrf.as_ref()?.value.as_str()))
}

fn brings_default(instance: &BgpInstance) -> bool {
    let whole = Prefix::new(Ipv4Addr::UNSPECIFIED.into(), 0);
    let unicast = instance.families.get(&Family::Ipv4Unicast);
    is_on(&instance.evpn.default_originate_ipv4)
        || !instance.neighbors.is_empty()
        || unicast.is_some_and(|own| !own.import_vrf.is_empty() || own.networks.iter().any(|own| own.value == whole))
}

/// Whether the node itself gives a VRF a default route; the default one is empty.
fn has_default(device: &Device, vrf: &str) -> bool {
    let is_default = |frr: &Frr| {
        frr.statics.iter().any(|route| {
            route.vrf.as_deref().unwrap_or_default() == vrf
                && route.prefix.length() == 0
                && route.prefix.network().is_ipv4()
        })
    };
    let gateway = |link: &Link| link.vrf_name() == vrf && (!link.gateways.is_empty() || link.dynamic);
    device.node.frr.as_ref().is_some_and(is_default) || device.node.links.values().any(gateway)
}
