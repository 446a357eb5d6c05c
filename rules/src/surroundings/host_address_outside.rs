use super::attached::{Attached, Segment};
use crate::{
    finding::{Out, Severity},
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric,
    gateway::{self, is_link_local},
};
use evpnlint_core::{
    model::{InterfaceAddress, Prefix, Sourced, Vni, link::Link, surroundings::Host},
    source::Span,
    words::join_names,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// What routes for a segment.
#[derive(Default)]
struct Routers {
    /// The addresses that hosts may use as their gateway.
    addresses: BTreeSet<IpAddr>,
    /// The subnets, each with a place.
    subnets: BTreeMap<Prefix, Option<Span>>,
    /// Whether there may be more, which no file says.
    is_open: bool,
}

impl Routers {
    fn add(&mut self, svi: &Link) {
        let usable = |own: &InterfaceAddress| !own.is_host() && !is_link_local(own.ip);
        for own in svi.addresses.iter().filter(|own| usable(own)) {
            self.addresses.insert(own.ip);
            self.subnets.entry(own.prefix()).or_insert(own.span());
        }
        for shared in gateway::addresses(svi, None) {
            self.addresses.insert(shared.ip);
            self.subnets.entry(shared.prefix()).or_insert(shared.span);
        }
        self.is_open |= svi.dynamic || !svi.hooks.is_empty();
    }
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut vnis: BTreeMap<Vni, Routers> = BTreeMap::new();
    for host in fabric.cluster.surroundings.into_iter().flat_map(|around| &around.hosts) {
        let Some(Attached { segment, svi }) = Attached::of(fabric, host) else { continue };
        if matches!(segment, Segment::Switch(..)) && !fabric.cluster.is_first {
            continue;
        }
        own_gateways(host, out);
        let mut own = Routers::default();
        let routers = match segment {
            Segment::Vni(vni) => vnis.entry(vni).or_insert_with(|| of_vni(fabric, vni)),
            _ => {
                svi.into_iter().for_each(|svi| own.add(svi));
                &mut own
            }
        };
        if !routers.is_open
            && let Some(svi) = svi
        {
            host.addresses.iter().for_each(|own| of_gateway(host, own, svi, routers, out));
        }
    }
}

/// What routes for a VNI, on whatever nodes.
fn of_vni(fabric: &Fabric, vni: Vni) -> Routers {
    let mut routers = Routers::default();
    for member in fabric.overlay.vnis.get(&vni).into_iter().flatten() {
        member.local_vni.svi.into_iter().for_each(|svi| routers.add(svi));
    }
    routers
}

/// A gateway that the host itself does not reach.
fn own_gateways(host: &Host, out: &mut Out) {
    for gateway in host.gateways.iter().filter(|gateway| !is_link_local(gateway.value)) {
        let own = host.addresses.iter().filter(|own| own.ip.is_ipv4() == gateway.is_ipv4() && !own.is_host());
        let subnets: Vec<Prefix> = own.clone().map(|own| own.prefix()).collect();
        if subnets.is_empty() || subnets.iter().any(|subnet| subnet.contains(gateway.value)) {
            continue;
        }
        out.report(format!(
            "{} has the gateway {gateway}, which is not in its subnet {}",
            host.name,
            join_names(&subnets)
        ))
        .about(format!("host {} gateway {gateway}", host.name))
        .at(gateway.span(), "out of reach")
        .also(own.take(shown::EXAMPLES).map(|own| (own.span(), format!("{} has {}", host.name, own.value))))
        .help("mend the gateway, or the address and the length of its prefix")
        .done();
    }
}

/// An address that the gateway does not reach.
fn of_gateway(host: &Host, own: &Sourced<InterfaceAddress>, svi: &Link, routers: &Routers, out: &mut Out) {
    let mut subnets = routers.subnets.iter().filter(|(subnet, _)| subnet.network().is_ipv4() == own.ip.is_ipv4());
    let gateway = host.gateways.iter().find(|gateway| gateway.is_ipv4() == own.ip.is_ipv4());
    // Another router in the segment may have the host's subnet.
    let is_of_others = gateway.is_some_and(|gateway| !routers.addresses.contains(&gateway.value));
    if own.is_host()
        || is_link_local(own.ip)
        || is_of_others
        || subnets.clone().next().is_none()
        || subnets.any(|(subnet, _)| subnet.contains(own.ip))
    {
        return;
    }
    let known: Vec<(&Prefix, &Option<Span>)> =
        routers.subnets.iter().filter(|(subnet, _)| subnet.network().is_ipv4() == own.ip.is_ipv4()).collect();
    let list = join_names(known.iter().map(|(subnet, _)| subnet));
    let draft = out
        .report(format!(
            "{} has {}, and {} of {}, which routes for it, has {list}",
            host.name, own.value, svi.name, *host.node
        ))
        .about(format!("host {} {}", host.name, own.ip))
        .at(own.span(), "in none of them")
        .also(known.iter().take(shown::EXAMPLES).map(|(subnet, span)| (**span, subnet.to_string())))
        .help("mend the address, or where the host is attached");
    // Without a gateway, its subnet may be one that nobody is to route.
    if gateway.is_some() { draft.done() } else { draft.cap_severity(Severity::Info).done() }
}
