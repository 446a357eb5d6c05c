use crate::{
    finding::{Out, Severity},
    shown,
    view::View,
};
use evpnlint_core::words::join_names;
use std::collections::BTreeSet;

pub(super) fn check(view: View, out: &mut Out) {
    let (name, ports) = (view.name(), view.segment_ports());
    let leftovers: Vec<_> = view.links().filter_map(|link| Some((link, link.clag.as_deref()?))).collect();
    if ports.is_empty() || leftovers.is_empty() {
        return;
    }
    let bonds: BTreeSet<&str> = ports.iter().map(|port| port.link.name.as_str()).collect();
    let both: Vec<&str> =
        leftovers.iter().map(|(link, _)| link.name.as_str()).filter(|name| bonds.contains(name)).collect();
    let draft = match both.as_slice() {
        [] => out.report(format!("{name} has Ethernet segments and MLAG, which exclude each other")),
        both => out.report(format!("{} of {name} is in an Ethernet segment and in MLAG at once", join_names(both))),
    };
    let draft = draft
        .about(format!("{name} mlag"))
        .also(leftovers.iter().take(shown::PLACES).map(|(link, clag)| (clag.span, format!("MLAG on {}", link.name))))
        .also(ports.iter().take(shown::PLACES).map(|port| (port.span, format!("the segment of {}", port.link.name))))
        .help("remove clag-id, clagd-vxlan-anycast-ip and the clagd lines of the peer link, or the evpn mh lines");
    if both.is_empty() { draft.cap_severity(Severity::Warning).done() } else { draft.done() }
}
