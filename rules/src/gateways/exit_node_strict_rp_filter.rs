use crate::{
    finding::{Member, Out, Severity},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, mtu};
use evpnlint_core::{source::Span, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

/// An interface of a node that takes packets only from where it would send the answer.
type Strict<'m> = (&'m str, Option<Span>);

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut exits: BTreeMap<&str, BTreeSet<NodeIndex>> = BTreeMap::new();
    for exit in &fabric.exits {
        exits.entry(exit.vrf).or_default().insert(exit.node);
    }
    let mut found: BTreeMap<NodeIndex, (Strict, &str)> = BTreeMap::new();
    for (vrf, nodes) in exits.iter().filter(|(_, nodes)| nodes.len() > 1) {
        for node in nodes {
            found.extend(strict(fabric, *node).map(|own| (*node, (own, *vrf))));
        }
    }
    let found: Vec<(NodeIndex, (Strict, &str))> = found.into_iter().collect();
    out.group(
        &found,
        |(node, ((_, span), _))| Member::new(fabric.name(*node), "rp_filter", *span),
        |found, out| {
            let vrf = found[0].1.1;
            let names =
                join_names(found.iter().map(|(node, ((link, _), _))| format!("{link} of {}", fabric.name(*node))));
            out.report(format!(
                "packets come in by {names} only where their answers would leave, and VRF {vrf} has several exit nodes: \
                 what comes back by another one than it went may be dropped"
            ))
            .cap_severity(Severity::Info)
            .also(found.iter().take(shown::MANY).map(|(node, ((_, span), _))| {
                (*span, format!("strict on {}", fabric.name(*node)))
            }))
            .help(
                "write `net.ipv4.conf.all.rp_filter = 0` and `net.ipv4.conf.default.rp_filter = 0`, or 2 for both, on \
                 exit nodes",
            )
            .done();
        },
    );
}

/// The first interface of a node outside VRFs that has an IPv4 address, leads out, and is strict by what files say.
fn strict<'m>(fabric: &Fabric<'m>, node: NodeIndex) -> Option<Strict<'m>> {
    let device = &fabric.devices[node];
    if device.node.links.values().flat_map(|link| &link.hooks).any(|hook| hook.value.contains("rp_filter")) {
        return None;
    }
    let tenants = mtu::tenants(device);
    let mut links = device.node.links.values().filter(|link| {
        mtu::carries(link, &tenants) && link.addresses.iter().any(|own| own.ip.is_ipv4() && !own.is_host())
    });
    links.find_map(|link| {
        let strict = device.node.sysctls.is_strict(&link.name).filter(|strict| strict.value)?;
        Some((link.name.as_str(), strict.span()))
    })
}
