use crate::{finding::Out, view::View};
use evpnlint_analysis::fabric::cabling;
use evpnlint_core::{
    model::{
        bgp::PeerName,
        link::{Link, LinkKind},
    },
    words::join_names,
};
use std::collections::BTreeSet;

pub(super) fn check(view: View, out: &mut Out) {
    let (device, Some(file)) = (view.device(), &view.node().interfaces) else { return };
    if file.template.is_some() || !file.unread.is_empty() || view.is_misread() {
        return;
    }
    let is_described = |name: &str| device.link(name).is_some_and(Link::is_described);
    let neighbors = view.session_ends().iter().filter(|end| end.vrf().is_empty());
    let ports = neighbors.filter_map(|end| match &end.neighbor.name.value {
        PeerName::Interface(name) => Some((name.as_str(), end.neighbor.place())),
        PeerName::Address(_) | PeerName::Group(_) => None,
    });
    let (described, undescribed): (Vec<_>, Vec<_>) = ports.partition(|(name, _)| is_described(name));
    let described: BTreeSet<&str> = described.into_iter().map(|(name, _)| name).collect();
    // A file that describes some of the ports of the fabric describes all.
    let idle = cabling::alike(device, &described);
    let [(port, place)] = undescribed.as_slice() else { return };
    if idle.is_empty() || device.hooks_mention(port) || device.node.links.values().any(is_open) {
        return;
    }
    let name = view.name();
    let meant = join_names(idle.iter().map(|link| &link.name));
    let (has, them) = if idle.len() == 1 { ("has", "it") } else { ("have", "one of them") };
    out.report(format!(
        "{name} has a BGP neighbour on {port}, which no file describes, and {meant}, described like the other fabric ports, \
         {has} none"
    ))
    .about(format!("{name} neighbor {port}"))
    .at(*place, "no such interface")
    .also(idle.iter().map(|link| (link.place(), format!("{} has no neighbour", link.name))))
    .help(format!("if {port} is not there, write `neighbor {} interface …` for {them}", idle[0].name))
    .done();
}

/// Whether ports may be there that no file names.
fn is_open(link: &Link) -> bool {
    matches!(&link.kind, LinkKind::Bridge { open: true, .. })
}
