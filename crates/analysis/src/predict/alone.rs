//! What keeps a session down by the configuration of one of its ends, whatever the other says.

use super::{end::End, fate::Cause};
use crate::fabric::Fabric;
use evpnlint_core::model::bgp::UpdateSource;

/// What keeps a session down whatever the other end says, which is there only to tell whose finding that is.
pub(super) fn alone(fabric: &Fabric, end: &End, far: Option<&End>) -> Option<Cause> {
    let name = fabric.name(end.node);
    let n = end.neighbor;
    // Other rules look at neighbours, and not at the groups that callers join.
    let of_session_end = |rule| end.session_end.map(|_| rule);
    for switch in [&n.shutdown, &end.instance.shutdown] {
        if let Some(on) = switch.as_ref().filter(|on| on.value) {
            let cause = Cause::new(format!("{name} keeps it shut"), "remove the line when the maintenance is over");
            return Some(cause.at(on.span(), "shut here").judged_by(of_session_end("session-shut")).meant(true));
        }
    }
    if n.remote_as.is_none() {
        let cause = Cause::new(format!("{name} is not told the peer's AS"), "add `remote-as`");
        return Some(cause.at(end.place(), "no remote-as").judged_by(of_session_end("remote-as-missing")));
    }
    if end.families().is_empty() {
        let cause = Cause::new(
            format!("{name} has {} active in no address family, and does not connect", n.name),
            "activate the peer in the address families that it is for",
        );
        let rule = far.filter(|far| far.asks_for_evpn()).map(|_| "evpn-one-sided");
        return Some(cause.at(end.place(), "active in no address family").judged_by(rule));
    }
    if fabric.node(end.node).frr.as_ref().is_some_and(|frr| !frr.runs("bgpd")) {
        let switch = fabric.node(end.node).frr.as_ref().and_then(|frr| frr.daemons.as_ref()?.get("bgpd")?.span());
        let cause = Cause::new(format!("bgpd is not started on {name}"), "write `bgpd=yes` in /etc/frr/daemons");
        return Some(cause.at(switch, "not started").judged_by("daemon-not-started"));
    }
    // Callers of a listen range are answered all the same.
    let stops = fabric.node(end.node).frr.as_ref().and_then(|frr| frr.stops);
    if let Some(stop) = stops.filter(|_| !end.listens) {
        let why = format!(
            "{name} leaves its configuration at an \"exit\" outside every block, and bgpd waits in vain for the end of it"
        );
        return Some(
            Cause::new(why, "remove the line")
                .at(Some(stop), "there is no block to leave here")
                .judged_by("exit-at-top"),
        );
    }
    // From an interface without an address it takes no call either (measured on FRR 8.4.4).
    let is_interface = n.update_source.as_ref().is_some_and(|own| matches!(own.value, UpdateSource::Interface(_)));
    if let Some(cause) = no_source(fabric, end).filter(|_| is_interface) {
        return Some(cause);
    }
    let vrf = end.instance.vrf.as_ref();
    if let Some(vrf) = vrf.filter(|vrf| !fabric.devices[end.node].may_have_vrf(&vrf.value)) {
        let cause = Cause::new(format!("{name} has no VRF {vrf}"), "describe the VRF in /etc/network/interfaces");
        return Some(cause.at(vrf.span(), "the instance of a VRF that is not there").judged_by("vrf-undefined"));
    }
    None
}

/// Whether `update-source` names what the node has not got, so that bgpd cannot bind to it and calls nobody.
pub(super) fn no_source(fabric: &Fabric, end: &End) -> Option<Cause> {
    let source = end.neighbor.update_source.as_ref()?;
    let device = &fabric.devices[end.node];
    let vrf = end.instance.vrf.as_ref().map_or("", |vrf| vrf.value.as_str());
    let links = || device.node.links.values().filter(|link| link.vrf_name() == vrf || link.name == vrf);
    let is_known = device.node.interfaces.is_some() && !links().any(|link| link.dynamic) && !device.hooks_mention("ip");
    let has = match &source.value {
        UpdateSource::Address(address) => links().flat_map(|link| &link.addresses).any(|own| own.ip == *address),
        UpdateSource::Interface(name) => {
            let is_v4 = end.session_end.and_then(|session_end| session_end.peer_address())?.is_ipv4();
            let own = device.link(name).filter(|link| link.is_made() || link.frr.is_some());
            own.is_some_and(|link| link.addresses.iter().any(|own| own.ip.is_ipv4() == is_v4))
        }
    };
    if has || !is_known || fabric.is_unread(end.node) {
        return None;
    }
    let name = fabric.name(end.node);
    Some(match &source.value {
        UpdateSource::Address(address) => Cause::new(
            format!("{name} has no interface with {address}, its update-source"),
            "name an address of the node in `update-source`, or an interface that has one",
        )
        .at(source.span(), "not its own"),
        UpdateSource::Interface(link) => Cause::new(
            format!("{link}, the update-source of {name}, has no address of the peer's family"),
            format!("give {link} of {name} the address that its peers call"),
        )
        .at(source.span(), "sends from there")
        .at(device.link(link).map(|link| link.place()), "no such address"),
    })
}
