use super::attached::{Attached, Segment};
use crate::finding::Out;
use evpnlint_analysis::fabric::{Fabric, gateway::is_link_local};
use evpnlint_core::model::{InterfaceAddress, Sourced, surroundings::Host};
use std::{collections::BTreeMap, net::IpAddr};

/// Who has an address, and where it is written.
type Owners<'m> = Vec<(&'m Host, &'m Sourced<InterfaceAddress>)>;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut owners: BTreeMap<(Segment, IpAddr), Owners> = BTreeMap::new();
    for host in fabric.cluster.surroundings.into_iter().flat_map(|around| &around.hosts) {
        let Some(Attached { segment, .. }) = Attached::of(fabric, host) else { continue };
        if matches!(segment, Segment::Switch(..)) && !fabric.cluster.is_first {
            continue;
        }
        for own in host.addresses.iter().filter(|own| !is_link_local(own.ip)) {
            owners.entry((segment.clone(), own.ip)).or_default().push((host, own));
        }
    }
    for ((segment, ip), owners) in owners {
        let [(first, one), (second, other), ..] = owners.as_slice() else { continue };
        // An address that several machines take over from each other, or that each has for itself, stands alone.
        if first.name.value == second.name.value || owners.iter().all(|(_, own)| own.is_host()) {
            continue;
        }
        let place = match &segment {
            Segment::Vni(vni) => format!("VNI {vni}"),
            Segment::Local(node, link, None) => format!("{link} of {}", fabric.name(*node)),
            Segment::Local(node, link, Some(vlan)) => format!("VLAN {vlan} of {link} of {}", fabric.name(*node)),
            Segment::Switch(name, _) => (*name).to_owned(),
        };
        out.report(format!("{} and {} both have {ip}, in {place}", first.name, second.name))
            .about(format!("host {} {ip}", first.name))
            .at(other.span(), format!("{} has it", second.name))
            .at(one.span(), format!("{} has it", first.name))
            .help("give one of them another address; an address that they share is written without a length")
            .done();
    }
}
