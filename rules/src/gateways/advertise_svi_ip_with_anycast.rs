use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, gateway};
use evpnlint_core::{
    model::{
        Switch, Vni,
        bgp::{Evpn, EvpnVni},
        is_on,
    },
    source::Span,
    words::join_names,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    report(fabric, out, "advertise-svi-ip", |evpn| &evpn.advertise_svi_ip, |vni| &vni.advertise_svi_ip);
}

/// Reports every node that sends `keyword` for a gateway that other nodes have too.
pub(super) fn report(
    fabric: &Fabric,
    out: &mut Out,
    keyword: &str,
    everywhere: fn(&Evpn) -> &Switch,
    one: fn(&EvpnVni) -> &Switch,
) {
    let mut shared: BTreeMap<NodeIndex, BTreeMap<Vni, (IpAddr, Option<Span>)>> = BTreeMap::new();
    for (vni, gateways) in &fabric.overlay.gateways {
        for (ip, owners) in gateway::anycast(gateways) {
            for (gateway, own) in owners.into_iter().filter(|(_, own)| !own.is_virtual) {
                shared.entry(gateway.node).or_default().insert(*vni, (ip, own.span));
            }
        }
    }
    let mut found: BTreeMap<NodeIndex, (Option<Span>, Vni, IpAddr, Option<Span>)> = BTreeMap::new();
    for (node, vnis) in &shared {
        let Some(bgp) = fabric.node(*node).frr.as_ref().and_then(|frr| frr.evpn()) else { continue };
        let all = everywhere(&bgp.evpn);
        let own: BTreeMap<Vni, &Switch> = bgp.evpn.vnis.iter().map(|own| (own.vni.value, one(own))).collect();
        for (vni, (ip, span)) in vnis {
            let switch = own.get(vni).copied().filter(|switch| is_on(switch)).unwrap_or(all);
            if is_on(switch) {
                found.entry(*node).or_insert((switch.as_ref().and_then(|switch| switch.span()), *vni, *ip, *span));
            }
        }
    }
    if found.is_empty() {
        return;
    }
    let nodes: Vec<_> = found.into_iter().collect();
    out.group(
        &nodes,
        |(node, (span, ..))| Member::new(fabric.name(*node), keyword, *span),
        |found, out| {
            let (_, (_, vni, ip, _)) = &found[0];
            let nodes: BTreeSet<&str> = found.iter().map(|(node, _)| fabric.name(*node)).collect();
            out.report(format!(
                "{keyword} on {}, but {ip} of vni {vni} is the gateway of other nodes too",
                join_names(nodes)
            ))
            .also(
                found.iter().take(shown::MANY).map(|(node, (span, ..))| (*span, format!("on {}", fabric.name(*node)))),
            )
            .also(
                found
                    .iter()
                    .take(shown::EXAMPLES)
                    .map(|(node, (_, vni, ip, span))| (*span, format!("{ip} of vni {vni} on {}", fabric.name(*node)))),
            )
            .help(format!("write `no {keyword}`: every node answers for the gateway itself"))
            .done();
        },
    );
}
