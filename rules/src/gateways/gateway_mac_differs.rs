use crate::{
    finding::{Member, Out},
    shown,
};
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
/// A node, where its address is written, and what that is.
type Place = (NodeIndex, Option<Span>, String);
type Found = (Vni, IpAddr, Vec<Place>, Vec<Place>);

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
                        gateway.node,
                        address.mac_span.or(address.span),
                        format!("{} of {}: {words}", gateway.svi.name, fabric.name(gateway.node)),
                    )
                });
                place.take(if wanted { usize::MAX } else { shown::SOME }).collect()
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
    for ((_, mac, common), found) in causes {
        let things: Vec<(NodeIndex, Vni, Option<Span>)> =
            found.iter().flat_map(|(vni, _, own, _)| own.iter().map(|(node, span, _)| (*node, *vni, *span))).collect();
        out.group(
            &things,
            |(node, vni, span)| Member::new(fabric.name(*node), format_args!("vni {vni}"), *span),
            |things, out| {
                let odd: BTreeSet<NodeIndex> = things.iter().map(|(node, ..)| *node).collect();
                let named: BTreeSet<Vni> = things.iter().map(|(_, vni, _)| *vni).collect();
                let found: Vec<&Found> = found.iter().filter(|(vni, ..)| named.contains(vni)).collect();
                let Some((vni, ip, ..)) = found.first() else { return };
                let names = join_names(odd.iter().map(|node| fabric.name(*node)));
                let words =
                    |mac: Option<MacAddress>| mac.map_or("a MAC address of its own".to_owned(), |mac| mac.to_string());
                let more =
                    if found.len() > 1 { format!(" (and {} more VNIs)", found.len() - 1) } else { String::new() };
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
                    .also(
                        found
                            .iter()
                            .flat_map(|(_, _, own, _)| {
                                own.iter()
                                    .filter(|(node, ..)| odd.contains(node))
                                    .map(|(_, span, text)| (*span, text.clone()))
                            })
                            .take(shown::MANY),
                    )
                    .also(
                        found
                            .iter()
                            .flat_map(|(_, _, _, theirs)| theirs.iter().map(|(_, span, text)| (*span, text.clone())))
                            .take(shown::PLACES),
                    )
                    .help(match common.or(mac) {
                        Some(mac) => format!("write `hwaddress {mac}` under the gateway on every node"),
                        None => "write one `hwaddress` under the gateway on every node".to_owned(),
                    })
                    .done();
            },
        );
    }
}
