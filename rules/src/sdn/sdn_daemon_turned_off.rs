use crate::{finding::Out, plan::Plan};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{model::frr::Frr, source::Span};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for intent in &fabric.cluster.intents {
        // Proxmox writes frr.conf, and looks after the daemons, only where there is something to write.
        let Some(running) =
            intent.running.as_ref().filter(|own| !own.controllers.is_empty() || !own.fabrics.is_empty())
        else {
            continue;
        };
        let plan = Plan { fabric, intent, sdn: running };
        for device in plan.devices() {
            let (name, Some(frr)) = (&device.node.name, &device.node.frr) else { continue };
            // The version is Proxmox's own word: 10.3 came with fabrics, and with them the daemons.
            if !frr.version.as_ref().is_some_and(|version| version.at_least(10, 3)) {
                continue;
            }
            for (daemon, protocol, place) in own(frr) {
                let is_fabric = |id: &str| running.fabric(id).is_some_and(|own| own.protocol == protocol);
                let is_managed = running.fabric_nodes.iter().any(|own| own.node == *name && is_fabric(&own.fabric));
                let switch = frr.daemons.as_ref().and_then(|all| all.get(daemon)).filter(|on| on.value);
                let Some(switch) = switch.filter(|_| !is_managed) else { continue };
                out.report(format!(
                    "{name} runs `router {protocol}` and is in no {protocol} fabric: the next apply writes `{daemon}=no`, \
                    and its routes are gone"
                ))
                .about(plan.about(format_args!("{name} {daemon}")))
                .at(switch.span(), "turned off by every apply")
                .at(place, "not by a fabric of SDN")
                .help(format!("make it an {protocol} fabric of SDN, or turn {daemon} on again after each apply"))
                .done();
            }
        }
    }
}

/// The daemons that Proxmox turns on and off, where a node uses them.
fn own(frr: &Frr) -> Vec<(&'static str, &'static str, Span)> {
    let ospf = frr.ospf.first().map(|own| ("ospfd", "ospf", own.span));
    let openfabric = frr.isis.iter().find(|own| own.openfabric).map(|own| ("fabricd", "openfabric", own.span));
    ospf.into_iter().chain(openfabric).collect()
}
