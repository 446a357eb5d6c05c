use super::applied;
use crate::{
    fabric::Fabric,
    finding::{Out, Severity},
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    applied::each(fabric, out, |plan, out| {
        for controller in &plan.sdn.controllers {
            let (Some(loopback), Some(name)) = (&controller.loopback, &controller.node) else { continue };
            let Some(at) = plan.fabric.index(name) else { continue };
            let node = plan.fabric.node(at);
            let link = node.link(loopback);
            if node.interfaces.is_none() || link.is_some_and(|link| link.dynamic || !link.addresses.is_empty()) {
                continue;
            }
            // What `lo` has may come from elsewhere; Proxmox's own tests leave it bare.
            let severity = if loopback.value == "lo" { Severity::Info } else { Severity::Error };
            let draft = out
                .report(format!(
                    "controller {} sources its sessions from {loopback} on {name}, which has no address there",
                    controller.id
                ))
                .about(plan.about(format_args!("controller {}", controller.id)))
                .at(loopback.span(), "no address");
            match link {
                Some(link) => draft.at(link.place(), "described here, without an address"),
                None => draft,
            }
            .help(format!("give {loopback} its address in /etc/network/interfaces of {name}"))
            .at_most(severity)
            .done();
        }
    });
}
