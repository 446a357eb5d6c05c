use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric,
    guests::{Port, grouped, names},
};
use evpnlint_core::words::join_names;
use std::{collections::BTreeSet, net::IpAddr};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let routers: BTreeSet<(_, IpAddr)> = fabric
        .guests
        .iter()
        .flat_map(|port| port.nic.addresses.iter().map(|own| (port.local_vni(&fabric.devices), own.ip)))
        .collect();
    let strange = |port: &Port, gateway: IpAddr| {
        let mut known = port.gateways().filter(|own| own.is_ipv4() == gateway.is_ipv4()).peekable();
        known.peek().is_some()
            && known.all(|own| own.value != gateway)
            && !routers.contains(&(port.local_vni(&fabric.devices), gateway))
            && !port.link(&fabric.devices).is_some_and(|link| link.addresses.iter().any(|own| own.ip == gateway))
    };
    let is_odd = |port: &&Port| port.nic.gateways.iter().any(|own| strange(port, own.value));
    for (_, ports) in grouped(fabric.guests.iter().filter(is_odd), Port::about) {
        out.group(
            &ports,
            |port| Member::named(format!("{} {}", port.about(), port.name()), port.place()),
            |ports, out| {
                let port = ports[0];
                let (names, are_many) = names(ports);
                let send = if are_many { "send" } else { "sends" };
                let odd = ports.iter().flat_map(|port| port.nic.gateways.iter().filter(|own| strange(port, own.value)));
                let to: BTreeSet<IpAddr> = odd.map(|own| own.value).collect();
                let gateways: Vec<_> =
                    port.gateways().filter(|own| to.iter().any(|to| to.is_ipv4() == own.is_ipv4())).collect();
                out.report(format!(
                    "{names} {send} what leaves {} to {}, and its gateway is {}",
                    port.wire(),
                    join_names(&to),
                    join_names(gateways.iter().map(|own| own.value))
                ))
                .also(ports.iter().take(shown::SOME).flat_map(|port| {
                    let own = port.nic.gateways.iter().filter(|own| to.contains(&own.value));
                    own.map(|own| (own.span(), format!("{} on {}", port.name(), port.host)))
                }))
                .also(gateways.iter().map(|own| (own.span(), "the gateway, on every node")))
                .help(format!("if no router has that address, write `gw={}` with `pct set`", gateways[0].value))
                .done();
            },
        );
    }
}
