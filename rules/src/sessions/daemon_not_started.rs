use crate::{
    finding::{Out, Severity},
    view::View,
};
use evpnlint_core::{
    model::{frr::Frr, is_on},
    source::Span,
};

pub(super) fn check(view: View, out: &mut Out) {
    let Some(frr) = view.frr() else { return };
    for (daemon, place, what) in needed(frr) {
        let Some(switch) = frr.daemons.as_ref().and_then(|daemons| daemons.get(daemon)).filter(|on| !on.value) else {
            continue;
        };
        let name = view.name();
        let draft = out
            .report(format!("frr.conf of {name} has {what}, but /etc/frr/daemons does not start {daemon}"))
            .about(format!("{name} {daemon}"))
            .at(switch.span(), format!("{daemon} is not started"))
            .at(place, what)
            .help(format!("write `{daemon}=yes` in /etc/frr/daemons and restart FRR"));
        // Without bfdd sessions come up, and only a failure is seen late.
        if daemon == "bfdd" { draft.cap_severity(Severity::Warning).done() } else { draft.done() }
    }
}

fn needed(frr: &Frr) -> Vec<(&'static str, Option<Span>, &'static str)> {
    let bfd = frr.bgp.iter().flat_map(|bgp| bgp.neighbors.values().chain(bgp.groups.values())).find_map(|peer| {
        peer.bfd.as_ref().filter(|_| is_on(&peer.bfd)).map(|bfd| ("bfdd", bfd.span(), "neighbours with bfd"))
    });
    let bgp = frr.bgp.first().map(|bgp| ("bgpd", Some(bgp.span), "`router bgp`"));
    let ospf = frr.ospf.first().map(|ospf| ("ospfd", Some(ospf.span), "`router ospf`"));
    let isis = frr.isis.iter().find(|isis| !isis.openfabric).map(|isis| ("isisd", Some(isis.span), "`router isis`"));
    let fabric =
        frr.isis.iter().find(|isis| isis.openfabric).map(|isis| ("fabricd", Some(isis.span), "`router openfabric`"));
    [bgp, ospf, isis, fabric, bfd].into_iter().flatten().collect()
}
