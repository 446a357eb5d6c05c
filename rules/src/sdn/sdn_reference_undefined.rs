use crate::{
    finding::{Out, Severity},
    plan::Plan,
};
use evpnlint_core::{
    model::{
        Sourced,
        intent::{ControllerKind, Object},
    },
    near::near,
    source::Span,
};
use std::collections::BTreeMap;

/// What an object refers to, and what happens where that is missing.
struct Reference<'s> {
    store: &'static str,
    what: &'static str,
    to: &'s str,
    place: Option<Span>,
    from: String,
    effect: &'static str,
    severity: Severity,
}

impl<'s> Reference<'s> {
    fn of(
        store: &'static str,
        what: &'static str,
        to: &'s Sourced<String>,
        effect: &'static str,
        severity: Severity,
    ) -> Self {
        Self { store, what, to: to.as_str(), place: to.span(), from: String::new(), effect, severity }
    }
}

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let sdn = plan.sdn;
    let mut references = vec![];
    let mut add = |store, what, to, from: String, effect, severity| {
        references.push(Reference { from, ..Reference::of(store, what, to, effect, severity) });
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
        // A neighbour's map that is missing denies everything (`bgp_input_modifier`); one that is called is skipped.
        let (effect, severity) = match controller.kind {
            ControllerKind::Evpn => ("nothing is filtered", Severity::Warning),
            _ => ("FRR denies every route", Severity::Error),
        };
        for to in controller.route_map_in.iter().chain(&controller.route_map_out) {
            add("route-maps", "route map", to, from.clone(), effect, severity);
        }
    }
    for fabric in &sdn.fabrics {
        let (from, effect) = (format!("fabric {}", fabric.id), "its routes are not filtered as it says");
        if let Some(to) = &fabric.route_filter {
            add("prefix-lists", "prefix list", to, from.clone(), effect, Severity::Warning);
        }
        for to in fabric.route_map_in.iter().chain(&fabric.route_map_out) {
            add("route-maps", "route map", to, from.clone(), effect, Severity::Warning);
        }
    }
    for object in sdn.objects.iter().filter(|object| object.store == "zones") {
        references.extend(plugins(object));
    }
    let mut missing: BTreeMap<(&str, &str), Vec<Reference>> = BTreeMap::new();
    for reference in references {
        let id = reference.to;
        let exists = match reference.store {
            "zones" => sdn.zone(id).is_some(),
            "vnets" => sdn.vnet(id).is_some(),
            "controllers" => sdn.controller(id).is_some(),
            "fabrics" => sdn.fabric(id).is_some(),
            "route-maps" => sdn.route_maps.iter().any(|own| own.value == id),
            "prefix-lists" => sdn.prefix_lists.iter().any(|own| own.value == id),
            // These two are in force at once, and never in `.running-config`.
            store => {
                id == "pve"
                    || plan
                        .intent
                        .pending
                        .objects
                        .iter()
                        .any(|object| object.store == store && object.id.value.eq_ignore_ascii_case(id))
            }
        };
        let knows = |store| plan.intent.pending.knows(store) && !plan.intent.pending.is_lost(id);
        let is_at_once = matches!(reference.store, "ipams" | "dns");
        if !exists && (!is_at_once || knows(reference.store)) && sdn.knows(reference.store) && !sdn.is_lost(id) {
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
        .also(references.iter().map(|reference| (reference.place, "no such id")))
        .help(help)
        .cap_severity(first.severity)
        .done();
    }
}

/// The plugins that a zone names; they have no part in the model, and what names them was read without its case.
fn plugins(zone: &Object) -> Vec<Reference<'_>> {
    let kinds = [
        ("ipam", "ipams", "ipam", "Proxmox gives out no address in it"),
        ("dns", "dns", "dns plugin", "no name is registered"),
        ("reversedns", "dns", "dns plugin", "no name is registered"),
    ];
    let named = kinds.into_iter().flat_map(|(key, store, what, effect)| {
        zone.properties.get(key).into_iter().flatten().map(move |to| (store, what, to.as_str(), effect))
    });
    let reference = |(store, what, to, effect)| {
        let (place, from) = (zone.id.span(), format!("zone {}", zone.id));
        Reference { store, what, to, place, from, effect, severity: Severity::Warning }
    };
    named.map(reference).collect()
}
