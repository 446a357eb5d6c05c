use crate::{
    finding::{Help, Member, Out},
    plan::Plan,
};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{source::Span, words::join_names};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for intent in &fabric.cluster.intents {
        let plan = Plan { fabric, intent, sdn: intent.effective() };
        let (with, without) = plan.served();
        // Where no node has it, nobody copied it.
        let ([other, ..], [_, ..]) = (with.as_slice(), without.as_slice()) else { continue };
        let lo = |device: &evpnlint_analysis::fabric::device::Device| {
            device.node.links.values().next().map(|link| link.place())
        };
        out.group(
            &without,
            |device| Member::named(plan.about(format_args!("{} frr", device.node.name)), lo(device)),
            |without, out| {
                let names = join_names(without.iter().map(|device| &device.node.name));
                let have = if without.len() == 1 { "has" } else { "have" };
                let shown: Option<Span> = other.node.frr.as_ref().and_then(|frr| frr.bgp.first()).map(|bgp| bgp.span);
                out.report(format!("{names} {have} no frr.conf, as other nodes have: tunnels there know no other node"))
            .also(without.iter().map(|device| (lo(device), format!("no /etc/frr beside it on {}", device.node.name))))
            .at(shown, format!("that of {}", other.node.name))
            .help(Help::lasting("install frr and frr-pythontools on it, and apply again: Proxmox only warns where /etc/frr is missing"))
            .done();
            },
        );
    }
}
