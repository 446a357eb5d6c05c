//! An address on a port of a bridge or on a member of a bond.

use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::{Out, Severity},
};
use evpnlint_core::model::link::{Dialect, Link};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes = BTreeMap::<_, Vec<(usize, &Link)>>::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        let Some(file) = &device.node.interfaces else { continue };
        for link in device.node.links.values().filter(|link| !link.addresses.is_empty() && link.is_described()) {
            let Some(master) = device.bridge_of(&link.name).or(device.bond_of(&link.name)) else { continue };
            if file.dialect != Dialect::IfupdownNg && master.is_described() && link.name != master.name {
                let sure = file.dialect == Dialect::Ifupdown2;
                causes.entry((&link.name, &master.name, sure)).or_default().push((node, link));
            }
        }
    }
    for ((port, master, sure), found) in causes {
        let nodes = join_names(found.iter().map(|(node, _)| fabric.name(*node)));
        let addresses = join_names(found.iter().flat_map(|(_, link)| &link.addresses));
        let consequence = if sure { "ifupdown2 does not configure it" } else { "nothing answers there" };
        let draft = out
            .report(format!("{port} on {nodes} is a port of {master} and has an address, {addresses}: {consequence}"))
            .about(format!("{} port {port}", fabric.name(found[0].0)))
            .also(
                found
                    .iter()
                    .flat_map(|(_, link)| link.addresses.iter().map(|own| (own.span(), "an address on a port"))),
            )
            .also(
                found
                    .iter()
                    .filter_map(|(node, _)| fabric.devices[*node].link(master))
                    .map(|link| (link.place(), format!("{master} takes {port}"))),
            )
            .help(format!("move the address to {master}, or take {port} out of it"));
        if sure { draft.done() } else { draft.cap_severity(Severity::Warning).done() }
    }
}
