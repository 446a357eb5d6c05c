use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric,
    guests::{Port, names},
};
use evpnlint_core::source::Span;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut owners: BTreeMap<_, Vec<(&Port, Option<Span>)>> = BTreeMap::new();
    for port in fabric.guests.iter().filter(|port| !port.nic.link_down) {
        for own in &port.nic.addresses {
            owners.entry((port.local_vni(&fabric.devices), own.ip)).or_default().push((port, own.span()));
        }
    }
    for ((_, ip), mut owners) in owners {
        // Copies of one guest that nothing joins are no two guests.
        let mut seen = BTreeSet::new();
        owners.retain(|(port, _)| seen.insert((port.guest.id, port.nic.key.as_str())));
        out.clash(&owners, |(port, span)| Member::named(format!("{} {} {ip}", port.about(), port.name()), *span), |owners, out| {
        let ports: Vec<&Port> = owners.iter().map(|(port, _)| *port).collect();
        let port = ports[0];
        let (names, are_many) = names(&ports);
        let gateway = gateway(fabric, port, ip);
        if !are_many && gateway.is_none() {
            return;
        }
        let has = if are_many { "have" } else { "has" };
        let whose = match gateway {
            Some(_) => {
                ", which is the gateway's: neighbours send it what is to leave, and nothing from outside arrives"
            }
            None => ": peers reach now the one, now the other",
        };
        out.report(format!("{names} {has} the address {ip} on {}{whose}", port.wire()))
            .also(
                owners
                    .iter()
                    .take(shown::SOME)
                    .map(|(port, span)| (*span, format!("{} on {}", port.name(), port.host))),
            )
            .at(gateway, "the gateway, on every node")
            .help("give each of them an address of its own, with `pct set`")
            .done();
});
    }
}

/// Where the gateway of a device's bridge has that address.
fn gateway(fabric: &Fabric, port: &Port, ip: IpAddr) -> Option<Span> {
    let on_link = port.link(&fabric.devices).and_then(|link| link.addresses.iter().find(|own| own.ip == ip)?.span());
    on_link.or_else(|| port.gateways().find(|own| own.value == ip)?.span())
}
