use crate::{finding::Out, view::View};
use evpnlint_analysis::fabric::device::Device;
use evpnlint_core::model::link::{Link, LinkKind};

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    let name = view.name();
    for bond in view.links().filter(|link| link.is_described()) {
        let LinkKind::Bond { slaves } = &bond.kind else { continue };
        for slave in slaves {
            if device.link(slave).is_some_and(Link::is_described) || device.hooks_mention(slave) {
                continue;
            }
            let Some(meant) = view.links().find(|link| is_typo(&link.name, slave) && is_idle(device, link)) else {
                continue;
            };
            out.report(format!(
                "bond {} on {name} has a slave {slave} that nothing describes, and {} is in no bond: \
                     the bond comes up without that port",
                bond.name, meant.name
            ))
            .about(format!("{name} bond {} slave {slave}", bond.name))
            .at(slave.span(), format!("nothing describes it on {name}"))
            .at(meant.place(), "nearly that name, and of no use")
            .help(format!("write {} in place of {slave}", meant.name))
            .done();
        }
    }
}

/// Whether two names are one slip apart and no two ports of one machine: those differ in the value of a number alone.
fn is_typo(name: &str, written: &str) -> bool {
    strsim::osa_distance(name, written) == 1 && shape(name) != shape(written)
}

/// A name with every number in it as one sign.
fn shape(name: &str) -> String {
    let mut shape = String::with_capacity(name.len());
    for c in name.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }) {
        if c != '#' || !shape.ends_with('#') {
            shape.push(c);
        }
    }
    shape
}

/// A port of the machine that is described and that nothing stands on: no address, bridge, bond or VLAN.
fn is_idle(device: &Device, port: &Link) -> bool {
    port.is_described()
        && port.name != "lo"
        && matches!(port.kind, LinkKind::Physical)
        && port.addresses.is_empty()
        && !port.dynamic
        && device.bridge_of(&port.name).is_none()
        && device.node.links.values().all(|other| match &other.kind {
            LinkKind::Bond { slaves } => slaves.iter().all(|slave| slave.value != port.name),
            LinkKind::Vlan { raw, .. } => raw.as_ref().is_none_or(|raw| raw.value != port.name),
            _ => true,
        })
}
