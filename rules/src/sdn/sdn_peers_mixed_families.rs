use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::intent::ZoneKind;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let controllers = plan.evpn_controllers().map(|controller| ("controller", &controller.id, &controller.peers));
    let zones = plan.sdn.zones.iter().filter(|zone| zone.kind == ZoneKind::Vxlan);
    for (what, id, peers) in controllers.chain(zones.map(|zone| ("zone", &zone.id, &zone.peers))) {
        let (v4, v6): (Vec<_>, Vec<_>) = peers.iter().partition(|peer| peer.is_ipv4());
        let ([one, ..], [other, ..]) = (v4.as_slice(), v6.as_slice()) else { continue };
        out.report(format!(
            "the peers of {what} {id} are IPv4 and IPv6, {one} and {other}: a tunnel has one family at both ends"
        ))
        .about(plan.about(format_args!("{what} {id} families")))
        .at(one.span(), "IPv4")
        .at(other.span(), "IPv6")
        .help("name one address of each node, all of one family")
        .done();
    }
}
