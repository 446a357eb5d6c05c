use crate::{
    finding::{Member, Out, Severity},
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric,
    device::Mtu,
    guests::{Port, grouped, names},
};
use evpnlint_core::model::guest::GuestKind;

/// What a guest takes for its MTU where nothing tells it another (RFC 894).
const ETHERNET: u32 = 1500;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let above = |port: &&Port| {
        let written = port.nic.mtu.as_ref().filter(|_| port.nic.takes_mtu(port.guest.kind));
        written.is_some_and(|own| port.mtu(&fabric.devices).is_some_and(|most| own.value > most.bytes))
    };
    for (_, ports) in grouped(fabric.guests.iter().filter(above), Port::about) {
        out.group(
            &ports,
            |port| Member::named(format!("{} {}", port.about(), port.name()), port.place()),
            |ports, out| {
                let Some((port, most)) = ports.first().and_then(|port| Some((port, port.mtu(&fabric.devices)?))) else {
                    return;
                };
                let wire = port.wire();
                let message = match (names(ports), &port.nic.mtu) {
                    ((name, false), Some(own)) => {
                        let bytes = most.bytes;
                        format!(
                            "{name} wants an MTU of {own} on {wire}, which carries {bytes}: Proxmox does not start it"
                        )
                    }
                    ((names, _), _) => {
                        format!(
                            "{names} want a larger MTU than {wire} carries, {}: Proxmox starts none of them",
                            most.bytes
                        )
                    }
                };
                let help = match port.guest.kind {
                    GuestKind::Machine => {
                        format!("{}, which stands for that of the bridge", port.command(&["mtu"], Some("mtu=1")))
                    }
                    GuestKind::Container => format!("{}, for that of the bridge", port.command(&["mtu"], None)),
                };
                out.report(message)
                    .also(ports.iter().take(shown::SOME).filter_map(|port| {
                        let own = port.nic.mtu.as_ref()?;
                        Some((own.span(), format!("{} on {}", port.name(), port.host)))
                    }))
                    .at(most.span, carries(&most))
                    .help(help)
                    .done();
            },
        );
    }
    let may_be_above = |port: &&Port| {
        !port.nic.link_down
            && port.guest.kind == GuestKind::Machine
            && (!port.nic.is_virtio() || port.nic.mtu.is_none() && is_before_9(fabric, port))
            && port.mtu(&fabric.devices).is_some_and(|most| most.bytes < ETHERNET)
    };
    for (_, ports) in grouped(fabric.guests.iter().filter(may_be_above), Port::about) {
        out.group(&ports, |port| Member::named(format!("{} {} default", port.about(), port.name()), port.place()), |ports, out| {
        let Some((port, most)) = ports.first().and_then(|port| Some((port, port.mtu(&fabric.devices)?))) else {
            return;
        };
        let (names, are_many) = names(ports);
        let sends = if are_many { "send" } else { "sends" };
        let help = match ports.iter().find(|port| port.nic.is_virtio()) {
            Some(port) => {
                format!("{}, which tells the guest the MTU of the bridge", port.command(&["mtu"], Some("mtu=1")))
            }
            None => "make it a virtio device, or set the MTU in the guest or by DHCP option 26".to_owned(),
        };
        out.report(format!(
            "unless told otherwise inside, {names} {sends} packets of up to {ETHERNET} bytes on {}, which carries {} and \
             drops larger ones without a word",
            port.wire(),
            most.bytes
        ))
        .also(ports.iter().take(shown::SOME).map(|port| {
            let why = if port.nic.is_virtio() {
                "virtio without an MTU, which is 1500 before Proxmox VE 9".to_owned()
            } else {
                let model = port.nic.model.as_ref().map_or("this model", |model| model.as_str());
                format!("{model} cannot tell the guest an MTU")
            };
            (port.nic.key.span(), format!("{}: {why}", port.name()))
        }))
        .at(most.span, carries(&most))
        .help(help)
        .cap_severity(Severity::Info)
        .done();
});
    }
}

fn carries(most: &Mtu) -> String {
    let whose = most.default.map_or(String::new(), |whose| format!(", {whose} default"));
    format!("carries {}{whose}", most.bytes)
}

/// Whether the node of a device was set up before Proxmox VE 9, which is the first to write `frr version 10`, a constant
/// of its own. Since 9 a virtio device without `mtu` has that of the bridge.
fn is_before_9(fabric: &Fabric, port: &Port) -> bool {
    let frr = port.node.and_then(|node| fabric.node(node).frr.as_ref());
    frr.and_then(|frr| frr.version.as_ref()).is_some_and(|version| !version.at_least(10, 0))
}
