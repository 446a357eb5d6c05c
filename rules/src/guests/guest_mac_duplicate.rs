use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric,
    guests::{Port, grouped, names},
};
use evpnlint_core::{
    model::{MacAddress, Sourced},
    source::Span,
    words::join_names,
};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let plugged = || fabric.guests.iter().filter(|port| !port.nic.link_down);
    let own = |port: &Port| port.nic.mac.as_ref().map(|mac| mac.value);
    let by_mac =
        grouped(plugged().filter(|port| port.nic.mac.is_some()), |port| (port.local_vni(&fabric.devices), own(port)));
    for ((_, mac), mut ports) in by_mac {
        // Copies of one guest that nothing joins are no two guests.
        let mut seen = BTreeSet::new();
        ports.retain(|port| seen.insert((port.guest.id, port.nic.key.as_str())));
        let (Some(mac), [_, _, ..]) = (mac, ports.as_slice()) else { continue };
        out.clash(
            &ports,
            |port| Member::named(format!("{} {} address", port.about(), port.name()), port.place()),
            |ports, out| {
                let port = ports[0];
                out.report(format!(
            "{} have the MAC address {mac} on {}: each gets some of the other's packets",
            names(ports).0,
            port.wire()
        ))
        .also(places(ports))
        .help("give all but one of them another: take the address out of its `netN`, and Proxmox makes up a new one")
        .done();
            },
        );
    }
    let of_gateway = |port: &&Port| gateway(fabric, port).is_some();
    for (_, ports) in grouped(plugged().filter(of_gateway), Port::about) {
        let Some((mac, span)) = gateway(fabric, ports[0]) else { continue };
        out.group(
            &ports,
            |port| Member::named(format!("{} {} gateway", port.about(), port.name()), port.place()),
            |ports, out| {
                let (names, are_many) = names(ports);
                out.report(format!(
            "{names} {} the MAC address {mac} of the gateway of {}: every node keeps the frames to it for itself",
            if are_many { "have" } else { "has" },
            ports[0].wire()
        ))
        .also(places(ports))
        .at(span, "the gateway's, on every node")
        .help(format!(
            "take the address out of the `netN` of {}, and Proxmox makes up a new one",
            join_names([ports[0].guest])
        ))
        .done();
            },
        );
    }
}

fn places<'p>(ports: &'p [&Port]) -> impl Iterator<Item = (Option<Span>, String)> + 'p {
    ports.iter().take(shown::SOME).map(|port| {
        let span = port.nic.mac.as_ref().and_then(Sourced::span);
        (span, format!("{} on {}", port.name(), port.host))
    })
}

/// The MAC address of the gateway on a device's bridge, if it is the device's own.
fn gateway(fabric: &Fabric, port: &Port) -> Option<(MacAddress, Option<Span>)> {
    let own = port.nic.mac.as_ref()?.value;
    let link = port.link(&fabric.devices);
    let on_link = link.and_then(|link| link.hwaddress.as_ref()).map(|mac| (mac.value, mac.span()));
    let of_zone = port.vnet.and_then(|(_, zone)| zone.mac.as_ref()).map(|mac| (mac.value, mac.span()));
    let shared = link.into_iter().flat_map(|link| &link.virtuals).map(|own| (own.value.mac, own.span()));
    on_link.into_iter().chain(of_zone).chain(shared).find(|(mac, _)| *mac == own)
}
