use crate::{finding::Out, view::View};

pub(super) fn check(view: View, out: &mut Out) {
    let Some(mlag) = view.mlag() else { return };
    let (name, device, link) = (view.name(), view.device(), &mlag.peerlink);
    let bonds = mlag.bonds.values().flatten();
    let Some((port, bridge)) = bonds
        .filter_map(|port| Some((port, device.bridge_of(&port.link.name)?)))
        .find(|(_, bridge)| bridge.is_vlan_aware())
    else {
        return;
    };
    if link.name == mlag.control.name || device.bridge_of(&link.name).is_some() || device.hooks_mention(&link.name) {
        return;
    }
    out.report(format!("{} of {name} is the MLAG peer link, and no port of {}", link.name, bridge.name))
        .about(format!("{name} {}", link.name))
        .at(link.place(), "frames of hosts cannot cross it")
        .at(bridge.ports().first().and_then(|port| port.span()), format!("the ports of {}", bridge.name))
        .at(port.span, format!("{} is one of them", port.link.name))
        .help(format!("write {} among the bridge-ports of {}", link.name, bridge.name))
        .done();
}
