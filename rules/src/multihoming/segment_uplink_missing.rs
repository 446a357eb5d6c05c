use crate::{finding::Out, shown, view::View};
use evpnlint_core::{model::is_on, source::Span};
use std::collections::BTreeSet;

pub(super) fn check(view: View, out: &mut Out) {
    let (name, ports) = (view.name(), view.segment_ports());
    if ports.is_empty() || view.is_misread() {
        return;
    }
    let bonds: BTreeSet<&str> = ports.iter().map(|port| port.link.name.as_str()).collect();
    let links = view.frr().into_iter().flat_map(|frr| &frr.links);
    let tracked: Vec<(&String, Option<Span>)> = links
        .filter(|(_, config)| is_on(&config.uplink))
        .map(|(name, config)| (name, config.uplink.as_ref().and_then(|on| on.span())))
        .collect();
    if tracked.iter().any(|(name, _)| !bonds.contains(name.as_str())) {
        return;
    }
    out.report(format!(
        "{name} has Ethernet segments and tracks no uplink: cut off, it still draws its hosts' traffic"
    ))
    .about(format!("{name} uplink"))
    .also(tracked.into_iter().map(|(link, span)| (span, format!("{link} leads to a host"))))
    .also(ports.iter().take(shown::PLACES).map(|port| (port.span, format!("{} stays up", port.link.name))))
    .help("write `evpn mh uplink` under each interface that leads to the rest of the fabric")
    .done();
}
