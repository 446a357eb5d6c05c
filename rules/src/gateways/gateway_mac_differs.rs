use crate::{finding::Out, shown};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, gateway, overlay::majority};
use evpnlint_core::{
    model::{MacAddress, Vni},
    source::Span,
    words::join_names,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

type Cause = (BTreeSet<NodeIndex>, Option<MacAddress>, Option<MacAddress>);
type Found = (Vni, IpAddr, Vec<(Option<Span>, String)>, Vec<(Option<Span>, String)>);

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<Cause, Vec<Found>> = BTreeMap::new();
    for (vni, gateways) in &fabric.overlay.gateways {
        for (ip, owners) in gateway::anycast(gateways) {
            let mut groups: BTreeMap<Option<MacAddress>, BTreeSet<NodeIndex>> = BTreeMap::new();
            for (gateway, address) in &owners {
                groups.entry(address.mac).or_default().insert(gateway.node);
            }
            let places = |odd: &BTreeSet<NodeIndex>, wanted: bool| -> Vec<_> {
                let owners = owners.iter().filter(|(gateway, _)| odd.contains(&gateway.node) == wanted);
                let place = owners.map(|(gateway, address)| {
                    let words = address.mac.map_or("no hwaddress".to_owned(), |mac| mac.to_string());
                    (
                        address.mac_span.or(address.span),
                        format!("{} of {}: {words}", gateway.svi.name, fabric.name(gateway.node)),
                    )
                });
                place.take(shown::SOME).collect()
            };
            let Some((common, usual, others)) = majority(groups) else { continue };
            if others.is_empty() && common.is_none() {
                let own = places(&usual, true);
                causes.entry((usual, None, None)).or_default().push((*vni, ip, own, vec![]));
            }
            for (mac, odd) in others {
                let (own, theirs) = (places(&odd, true), places(&odd, false));
                causes.entry((odd, mac, common)).or_default().push((*vni, ip, own, theirs));
            }
        }
    }
    for ((odd, mac, common), found) in causes {
        let (Some(first), (vni, ip, ..)) = (odd.first(), &found[0]) else { continue };
        let names = join_names(odd.iter().map(|node| fabric.name(*node)));
        let words = |mac: Option<MacAddress>| mac.map_or("a MAC address of its own".to_owned(), |mac| mac.to_string());
        let more = if found.len() > 1 { format!(" (and {} more VNIs)", found.len() - 1) } else { String::new() };
        let message = if mac.is_none() && common.is_none() {
            format!("gateway {ip} of vni {vni} has another, random MAC address on each of {names}{more}")
        } else {
            format!(
                "gateway {ip} of vni {vni} has {} on {names}, but {} on the other nodes{more}",
                words(mac),
                words(common)
            )
        };
        out.report(message)
            .about(format!("{} vni {vni}", fabric.name(*first)))
            .also(found.iter().flat_map(|(_, _, own, _)| own.clone()).take(shown::MANY))
            .also(found.iter().flat_map(|(_, _, _, theirs)| theirs.clone()).take(shown::PLACES))
            .help(match common.or(mac) {
                Some(mac) => format!("write `hwaddress {mac}` under the gateway on every node"),
                None => "write one `hwaddress` under the gateway on every node".to_owned(),
            })
            .done();
    }
}
