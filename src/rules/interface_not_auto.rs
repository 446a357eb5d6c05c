//! An interface that a routing protocol runs on and that nothing brings up.

use crate::{
    fabric::{Fabric, device::Device, few},
    finding::Out,
    model::{
        bgp::PeerName,
        link::{Dialect, InterfacesFile, Link, LinkKind},
    },
};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter().enumerate() {
        // Where nothing at all is brought up, the file is a part of something.
        if device.node.links.values().all(|link| link.auto.is_none()) {
            continue;
        }
        let unnumbered: BTreeSet<&str> = fabric
            .sessions
            .of(node)
            .iter()
            .filter_map(|half| match &half.neighbor.name.value {
                PeerName::Interface(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let frr = device.node.frr.as_ref();
        let routes = |link: &&Link| {
            let own = frr.and_then(|frr| frr.links.get(&link.name));
            unnumbered.contains(link.name.as_str())
                || own.is_some_and(|own| own.ospf.area.is_some() || own.isis.ipv4.is_some() || own.isis.ipv6.is_some())
        };
        let down: Vec<&Link> =
            device.node.links.values().filter(routes).filter(|link| stays_down(device, link)).collect();
        let Some(first) = down.first() else { continue };
        let name = &device.node.name;
        let links = few(down.iter().map(|link| &link.name));
        let plural = down.len() > 1;
        let all = |is: fn(&Link) -> bool| down.iter().all(|link| is(link));
        let (what, help) = if all(is_late) {
            ("an `auto` line that comes behind the stanza", "move the `auto` line above its stanza".to_owned())
        } else if all(|link| link.late_auto.is_some() && !is_late(link)) {
            let help = "name the same range in the `auto` line as in the stanza".to_owned();
            ("an `auto` line that is not for the range of its stanza", help)
        } else {
            ("no `auto` line", format!("write `auto {}` above its stanza", first.name))
        };
        out.report(format!(
            "{links} on {name} {} {}: ifupdown2 leaves {} down at boot and at ifreload, and the sessions over {} \
             with {}",
            if plural { "have" } else { "has" },
            what,
            if plural { "them" } else { "it" },
            if plural { "them" } else { "it" },
            if plural { "them" } else { "it" },
        ))
        .about(format!("{name} auto {links}"))
        .also(down.iter().map(|link| (link.place(), "described here, and never brought up")))
        .also(down.iter().map(|link| (link.late_auto, if is_late(link) { "too late" } else { "not for this range" })))
        .help(help)
        .done();
    }
}

/// Whether its `auto` line stands behind it.
fn is_late(link: &Link) -> bool {
    link.late_auto.is_some_and(|auto| auto > link.place())
}

/// Whether neither an `auto` line nor an interface above brings a link up.
fn stays_down(device: &Device, link: &Link) -> bool {
    let above = device.node.links.values().any(|other| match &other.kind {
        LinkKind::Vlan { raw: Some(raw), .. } => raw.value == link.name && other.auto.is_some(),
        _ => false,
    });
    // Only ifupdown2 minds the order.
    let is_no_matter = |file: &InterfacesFile| link.late_auto.is_some() && file.dialect != Dialect::Ifupdown2;
    link.is_described()
        && !device.node.interfaces.as_ref().is_some_and(is_no_matter)
        && link.auto.is_none()
        && link.hotplug.is_none()
        && !matches!(link.kind, LinkKind::Loopback)
        && device.bridge_of(&link.name).is_none()
        && device.bond_of(&link.name).is_none()
        && !above
}
