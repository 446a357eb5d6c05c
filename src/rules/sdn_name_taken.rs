use super::applied;
use crate::{
    fabric::{Fabric, NodeIndex, device::Device, few, intent::Plan},
    finding::Out,
    model::{
        intent::{Vnet, Zone, ZoneKind},
        link::LinkKind,
    },
    source::Span,
    twin,
};
use std::collections::{BTreeMap, BTreeSet};

/// Who has a name, in words, and where that is written.
type Owner = (String, Option<Span>);

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    applied::each(fabric, out, |plan, out| {
        let mut described: BTreeMap<&str, (&Vnet, Vec<(NodeIndex, Owner)>)> = BTreeMap::new();
        let mut generated: BTreeMap<(String, Vec<Owner>), Vec<NodeIndex>> = BTreeMap::new();
        for (node, device) in fabric.devices.iter().enumerate().filter(|(_, device)| follows(plan, device)) {
            let here = |zone: &Zone| zone.is_on(&device.node.name);
            let vnets = plan.sdn.vnets.iter().filter_map(|vnet| Some((vnet, plan.sdn.zone_of(vnet)?)));
            let mut vnets: Vec<_> = vnets.filter(|(_, zone)| here(zone)).collect();
            // Proxmox goes by the order of their ids.
            vnets.sort_by(|(a, _), (b, _)| a.id.value.cmp(&b.id.value));
            let mut names: BTreeMap<String, Vec<Owner>> = BTreeMap::new();
            for (vnet, zone) in &vnets {
                if let Some(owner) = taken(device, &vnet.id) {
                    described.entry(&vnet.id).or_insert((vnet, vec![])).1.push((node, owner));
                }
                for (name, owner) in made_for(device, vnet, zone) {
                    let owners = names.entry(name).or_default();
                    if owners.iter().all(|(known, _)| *known != owner.0) {
                        owners.push(owner);
                    }
                }
            }
            for (name, owners) in names.into_iter().filter(|(_, owners)| owners.len() > 1) {
                generated.entry((name, owners)).or_default().push(node);
            }
        }
        for (vnet, nodes) in described.into_values() {
            told_by_files(plan, vnet, &nodes, out);
        }
        for ((name, owners), nodes) in &generated {
            told_by_store(plan, name, owners, nodes, out);
        }
    });
}

/// Whether a node generates its files from this store.
fn follows(plan: &Plan, device: &Device) -> bool {
    let intents = &plan.fabric.cluster.intents;
    twin::cluster_of(device.node, intents).is_some_and(|at| std::ptr::eq(&intents[at], plan.intent))
}

/// What a node's own files make of the interface of that name. A stanza may add to a vnet on purpose, an address or a
/// port; that is no other interface.
fn taken(device: &Device, name: &str) -> Option<Owner> {
    let sdn = device.node.interfaces.as_ref()?.sdn.map(|sdn| sdn.file);
    // What a hook does may be conditional.
    let links = || device.node.links.values();
    let hooks: BTreeSet<Span> = links().flat_map(|link| &link.hooks).filter_map(|hook| hook.span()).collect();
    let is_own = |span: &Span| Some(span.file) != sdn && !hooks.contains(span);
    let link = device.link(name);
    let itself = link.and_then(|link| match &link.kind {
        LinkKind::Loopback => Some(("the loopback interface".to_owned(), link.stanzas.first().copied())),
        LinkKind::Bond { slaves } => {
            let span = slaves.iter().filter_map(|slave| slave.span()).find(is_own)?;
            Some(("a bond".to_owned(), Some(span)))
        }
        LinkKind::Vxlan(vxlan) => {
            let span = vxlan.vni.as_ref()?.span().filter(is_own)?;
            Some(("a VXLAN device".to_owned(), Some(span)))
        }
        LinkKind::Vlan { raw: Some(raw), .. } => {
            let span = raw.span().filter(is_own)?;
            Some((format!("a VLAN of {raw}"), Some(span)))
        }
        LinkKind::Bridge { .. } => {
            let span = link.gateways.iter().filter_map(|gateway| gateway.span()).find(is_own)?;
            Some(("the bridge to the default gateway".to_owned(), Some(span)))
        }
        _ => None,
    });
    itself.or_else(|| {
        links().find_map(|link| {
            let parts = match &link.kind {
                LinkKind::Bridge { ports, open: false, .. } => ports,
                LinkKind::Bond { slaves } => slaves,
                _ => return None,
            };
            let span = parts.iter().find(|part| part.value == name)?.span().filter(is_own)?;
            Some((format!("a port of {}", link.name), Some(span)))
        })
    })
}

/// The interfaces that are generated for a vnet under names that others may come to as well: what the zone makes of the
/// bridge below it (`VlanPlugin`, `QinQPlugin`).
fn made_for(device: &Device, vnet: &Vnet, zone: &Zone) -> Vec<(String, Owner)> {
    let own = (format!("vnet {}", vnet.id), vnet.id.span());
    let mut names = vec![(vnet.id.value.clone(), own.clone())];
    let bridge = zone.bridge.as_ref().and_then(|bridge| device.link(bridge));
    let Some(bridge) = bridge.filter(|bridge| bridge.is_described()) else { return names };
    match (zone.kind, &bridge.kind) {
        (ZoneKind::Vlan, kind) if !bridge.is_vlan_aware() => {
            names.push((format!("ln_{}", vnet.id), own.clone()));
            if let (LinkKind::Bridge { .. }, Some(tag)) = (kind, &vnet.tag) {
                names.push((format!("{}v{tag}", bridge.name), own));
            }
        }
        (ZoneKind::Qinq, _) => names.push((format!("ln_{}", zone.id), (format!("zone {}", zone.id), zone.id.span()))),
        _ => {}
    }
    names
}

fn told_by_files(plan: &Plan, vnet: &Vnet, nodes: &[(NodeIndex, Owner)], out: &mut Out) {
    let Some((_, (what, _))) = nodes.first() else { return };
    let names = few(nodes.iter().map(|(node, _)| plan.fabric.name(*node)));
    out.report(format!("vnet {} is called like {what} on {names}: ifupdown2 makes one interface of the two", vnet.id))
        .about(plan.about(format_args!("vnet {}", vnet.id)))
        .at(vnet.id.span(), "a bridge of this name on every node of the zone")
        .also(nodes.iter().map(|(node, (what, span))| (*span, format!("{what} on {}", plan.fabric.name(*node)))))
        .help("make a vnet of another name, and move the guests to it")
        .done();
}

fn told_by_store(plan: &Plan, name: &str, owners: &[Owner], nodes: &[NodeIndex], out: &mut Out) {
    let [(first, _), rest @ ..] = owners else { return };
    let others = few(rest.iter().map(|(owner, _)| owner));
    let names = few(nodes.iter().map(|node| plan.fabric.name(*node)));
    out.report(format!(
        "{first} and {others} both need {name} on {names}, and Proxmox generates that of {first} alone"
    ))
    .about(plan.about(format_args!("interface {name}")))
    .also(rest.iter().map(|(owner, span)| (*span, format!("{owner} goes without"))))
    .also(owners.iter().take(1).map(|(owner, span)| (*span, format!("{owner} has it"))))
    .help("give one of them another name or tag, or make the bridge VLAN-aware on every node")
    .done();
}
