use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric,
    guests::{Port, grouped, names},
};
use evpnlint_core::{
    model::{Sourced, intent::ZoneKind},
    source::Span,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let is_refused = |port: &&Port| {
        let is_there = port.vnet.is_some_and(|(_, zone)| zone.is_on(port.host));
        is_there && place(port).is_some() && !port.is_vlan_aware(&fabric.devices)
    };
    for (_, ports) in grouped(fabric.guests.iter().filter(is_refused), Port::about) {
        let Some((vnet, zone)) = ports[0].vnet else { continue };
        out.group(
            &ports,
            |port| Member::named(format!("{} {}", port.about(), port.name()), port.place()),
            |ports, out| {
                let (names, are_many) = names(ports);
                let (brings, start) = match are_many {
                    true => ("bring VLANs of their own", "starts none of them"),
                    false => ("brings VLANs of its own", "does not start it"),
                };
                let tag = vnet.tag.as_ref().map_or(String::new(), |tag| format!(", and the tag {tag} is its own"));
                let command = ports[0].command(&["tag", "trunks"], None);
                let help = match zone.kind {
                    ZoneKind::Evpn | ZoneKind::Faucet => format!("{command}; each VLAN wants a vnet of its own"),
                    _ => format!("{command}, or write `vlanaware 1` for the vnet and apply"),
                };
                out.report(format!("{names} {brings} to vnet {}, which takes none: Proxmox {start}", vnet.id))
                    .also(
                        ports
                            .iter()
                            .take(shown::SOME)
                            .map(|port| (place(port), format!("{} on {}", port.name(), port.host))),
                    )
                    .at(vnet.id.span(), format!("not VLAN-aware{tag}"))
                    .help(help)
                    .done();
            },
        );
    }
}

/// Where a device says which VLANs it is in.
fn place(port: &Port) -> Option<Span> {
    port.nic.tag.as_ref().and_then(Sourced::span).or(port.nic.trunks)
}
