use super::applied;
use crate::{
    fabric::Fabric,
    finding::{Out, Severity},
    model::Sourced,
    settle::near,
};
use std::collections::BTreeMap;

/// What an object refers to, and what happens where that is missing.
struct Reference<'s> {
    store: &'static str,
    what: &'static str,
    to: &'s Sourced<String>,
    from: String,
    effect: &'static str,
    severity: Severity,
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    applied::each(fabric, out, |plan, out| {
        let sdn = plan.sdn;
        let mut references = vec![];
        let mut add = |store, what, to, from: String, effect, severity| {
            references.push(Reference { store, what, to, from, effect, severity });
        };
        for vnet in &sdn.vnets {
            let from = format!("vnet {}", vnet.id);
            let effect = "Proxmox generates no bridge for it";
            vnet.zone.iter().for_each(|to| add("zones", "zone", to, from.clone(), effect, Severity::Error));
        }
        for subnet in &sdn.subnets {
            let from = format!("subnet {}", subnet.id);
            let effect = "no node gets its gateway";
            subnet.vnet.iter().for_each(|to| add("vnets", "vnet", to, from.clone(), effect, Severity::Warning));
        }
        for zone in &sdn.zones {
            let from = format!("zone {}", zone.id);
            let effect = "Proxmox generates neither its vnets nor its VRF";
            for to in zone.controller.iter().chain(&zone.secondary_controllers) {
                add("controllers", "controller", to, from.clone(), effect, Severity::Error);
            }
            let effect = "Proxmox generates none of its vnets";
            zone.fabric.iter().for_each(|to| add("fabrics", "fabric", to, from.clone(), effect, Severity::Error));
        }
        for controller in &sdn.controllers {
            let from = format!("controller {}", controller.id);
            let effect = "Proxmox generates no EVPN sessions";
            controller.fabric.iter().for_each(|to| add("fabrics", "fabric", to, from.clone(), effect, Severity::Error));
        }
        let mut missing: BTreeMap<(&str, &str), Vec<Reference>> = BTreeMap::new();
        for reference in references {
            let id = reference.to.as_str();
            let exists = match reference.store {
                "zones" => sdn.zone(id).is_some(),
                "vnets" => sdn.vnet(id).is_some(),
                "controllers" => sdn.controller(id).is_some(),
                _ => sdn.fabric(id).is_some(),
            };
            if !exists && sdn.knows(reference.store) && !sdn.is_lost(id) {
                missing.entry((reference.store, id)).or_default().push(reference);
            }
        }
        for ((store, id), references) in missing {
            let first = &references[0];
            let known = sdn.objects.iter().filter(|object| object.store == store).map(|object| object.id.as_str());
            let help = match near(id, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add {} `{id}` to {store}.cfg, or refer to one that exists", first.what),
            };
            let more = match references.len() {
                1 => String::new(),
                n => format!(" and {} more", n - 1),
            };
            out.report(format!(
                "{}{more} refers to {} {id}, which does not exist: {}",
                first.from, first.what, first.effect
            ))
            .about(plan.about(format_args!("{} {id}", first.what)))
            .also(references.iter().map(|reference| (reference.to.span(), "no such id")))
            .help(help)
            .at_most(first.severity)
            .done();
        }
    });
}
