use crate::{
    finding::{Help, Out, Severity},
    view::View,
};
use evpnlint_core::{
    model::{frr::Frr, is_on},
    source::Span,
};

pub(super) fn check(view: View, out: &mut Out) {
    let Some(frr) = view.frr() else { return };
    for (daemon, place, what) in needed(frr).into_iter().chain(bfd(view)) {
        let Some(switch) = frr.daemons.as_ref().and_then(|daemons| daemons.get(daemon)).filter(|on| !on.value) else {
            continue;
        };
        let name = view.name();
        let draft = out
            .report(format!("frr.conf of {name} has {what}, but /etc/frr/daemons does not start {daemon}"))
            .about(format!("{name} {daemon}"))
            .at(switch.span(), format!("{daemon} is not started"))
            .at(place, what)
            .help(Help::lasting(format!("write `{daemon}=yes` in /etc/frr/daemons and restart FRR")));
        // Without bfdd sessions come up, and only a failure is seen late.
        if daemon == "bfdd" { draft.cap_severity(Severity::Warning).done() } else { draft.done() }
    }
}

fn needed(frr: &Frr) -> Vec<(&'static str, Option<Span>, &'static str)> {
    let bgp = frr.bgp.first().map(|bgp| ("bgpd", Some(bgp.span), "`router bgp`"));
    let ospf = frr.ospf.first().map(|ospf| ("ospfd", Some(ospf.span), "`router ospf`"));
    let isis = frr.isis.iter().find(|isis| !isis.openfabric).map(|isis| ("isisd", Some(isis.span), "`router isis`"));
    let fabric =
        frr.isis.iter().find(|isis| isis.openfabric).map(|isis| ("fabricd", Some(isis.span), "`router openfabric`"));
    [bgp, ospf, isis, fabric].into_iter().flatten().collect()
}

/// BFD watches a session where both ends want it; where the other one does not, bfdd is not missed.
fn bfd(view: View) -> Option<(&'static str, Option<Span>, &'static str)> {
    let wanted = view.session_ends().iter().filter(|session_end| is_on(&session_end.neighbor.bfd));
    let mut watched =
        wanted.filter(|session_end| view.other_end(session_end).is_none_or(|other| is_on(&other.neighbor.bfd)));
    let switch = watched.next()?.neighbor.bfd.as_ref()?;
    Some(("bfdd", switch.span(), "neighbours with bfd"))
}
