use crate::finding::Out;
use evpnlint_analysis::fabric::Fabric;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for exit in fabric.exits.iter().filter(|exit| exit.originates() && !exit.has_better_default()) {
        let Some(link) = fabric.devices[exit.node].link(exit.vrf) else { continue };
        let adds = |hook: &&evpnlint_core::model::Sourced<String>| {
            let words: Vec<&str> = hook.split_whitespace().collect();
            words.starts_with(&["ip", "route", "add"]) && words.contains(&"unreachable") && words.contains(&"default")
        };
        let Some(hook) = link.hooks.iter().find(adds) else { continue };
        let (name, vrf) = (fabric.name(exit.node), exit.vrf);
        let switch = exit.instance.evpn.default_originate_ipv4.as_ref();
        out.report(format!("{name} draws the default route of VRF {vrf} to itself, and then has it unreachable"))
            .about(format!("{name} vrf {vrf}"))
            .at(hook.span(), "packets that leave the VRF end here")
            .at(switch.and_then(|switch| switch.span()), "and are drawn here")
            .help(
                "reload the network configuration on the exit node, or write `ip route del …` in \
                the hook as on other exit nodes",
            )
            .done();
    }
}
