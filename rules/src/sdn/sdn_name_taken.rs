use crate::{finding::Out, plan::Plan};
use evpnlint_analysis::{
    fabric::{NodeIndex, device::Device},
    twin,
};
use evpnlint_core::{
    model::{
        Sourced,
        intent::{Vnet, Zone, ZoneKind},
        link::{Link, LinkKind},
    },
    source::{FileId, Span},
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

/// Who has a name, in words, and where that is written.
type Owner = (String, Option<Span>);

/// A vnet, and who has its name on which nodes.
type Taken<'p> = (&'p Vnet, Vec<(NodeIndex, Owner)>);

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let zones: BTreeMap<&str, &Zone> = plan.sdn.zones.iter().map(|zone| (zone.id.as_str(), zone)).collect();
    let mut described: BTreeMap<&str, Taken> = BTreeMap::new();
    let mut generated: BTreeMap<(String, Vec<Owner>), Vec<NodeIndex>> = BTreeMap::new();
    for (node, device) in plan.fabric.devices.iter_enumerated().filter(|(_, device)| follows(plan, device)) {
        let own = Own::new(device);
        let here = |zone: &Zone| zone.is_on(&device.node.name);
        let vnets = plan.sdn.vnets.iter().filter_map(|vnet| Some((vnet, *zones.get(vnet.zone.as_ref()?.as_str())?)));
        let mut vnets: Vec<_> = vnets.filter(|(_, zone)| here(zone)).collect();
        // Proxmox goes by the order of their ids.
        vnets.sort_by(|(a, _), (b, _)| a.id.value.cmp(&b.id.value));
        let mut names: BTreeMap<String, Vec<Owner>> = BTreeMap::new();
        for (vnet, zone) in &vnets {
            if let Some(owner) = own.taken(&vnet.id) {
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
}

/// Whether a node generates its files from this store.
fn follows(plan: &Plan, device: &Device) -> bool {
    let own = twin::cluster_of(device.node, &plan.fabric.cluster.intents);
    own.is_some_and(|own| std::ptr::eq(own, plan.intent))
}

/// What a node's own files say of interfaces, without the generated one and without what hooks may do.
struct Own<'f> {
    device: &'f Device<'f>,
    sdn: Option<FileId>,
    hooks: BTreeSet<Span>,
    /// The bridge or bond that an interface is in.
    masters: BTreeMap<&'f str, (&'f str, Span)>,
}

impl<'f> Own<'f> {
    fn new(device: &'f Device<'f>) -> Self {
        let links = || device.node.links.values();
        let sdn = device.node.interfaces.as_ref().and_then(|file| file.sdn).map(|sdn| sdn.file);
        let hooks = links().flat_map(|link| &link.hooks).filter_map(|hook| hook.span()).collect();
        let mut own = Self { device, sdn, hooks, masters: BTreeMap::new() };
        for link in links() {
            let ports = match &link.kind {
                LinkKind::Bridge { ports, open: false, .. } => ports,
                LinkKind::Bond { slaves } => slaves,
                _ => continue,
            };
            for port in ports {
                if let Some(span) = own.place(port) {
                    own.masters.entry(&port.value).or_insert((&link.name, span));
                }
            }
        }
        own
    }

    fn place<T>(&self, value: &Sourced<T>) -> Option<Span> {
        value.span().filter(|span| Some(span.file) != self.sdn && !self.hooks.contains(span))
    }

    /// What the interface of that name is. A stanza may add to a vnet on purpose, an address or a port; that is no other
    /// interface.
    fn taken(&self, name: &str) -> Option<Owner> {
        let of_link = |link: &Link| match &link.kind {
            LinkKind::Loopback => Some(("the loopback interface".to_owned(), link.stanzas.first().copied())),
            LinkKind::Bond { slaves } => {
                Some(("a bond".to_owned(), Some(slaves.iter().find_map(|slave| self.place(slave))?)))
            }
            LinkKind::Vxlan(vxlan) => Some(("a VXLAN device".to_owned(), Some(self.place(vxlan.vni.as_ref()?)?))),
            LinkKind::Vlan { raw: Some(raw), .. } => Some((format!("a VLAN of {raw}"), Some(self.place(raw)?))),
            LinkKind::Bridge { .. } => {
                let span = link.gateways.iter().find_map(|gateway| self.place(gateway))?;
                Some(("the bridge to the default gateway".to_owned(), Some(span)))
            }
            _ => None,
        };
        let port = || self.masters.get(name).map(|(master, span)| (format!("a port of {master}"), Some(*span)));
        self.device.link(name).and_then(of_link).or_else(port)
    }
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
    let names = join_names(nodes.iter().map(|(node, _)| plan.fabric.name(*node)));
    out.report(format!("vnet {} is called like {what} on {names}: ifupdown2 makes one interface of the two", vnet.id))
        .about(plan.about(format_args!("vnet {}", vnet.id)))
        .at(vnet.id.span(), "a bridge of this name on every node of the zone")
        .also(nodes.iter().map(|(node, (what, span))| (*span, format!("{what} on {}", plan.fabric.name(*node)))))
        .help("make a vnet of another name, and move the guests to it")
        .done();
}

fn told_by_store(plan: &Plan, name: &str, owners: &[Owner], nodes: &[NodeIndex], out: &mut Out) {
    let all = join_names(owners.iter().map(|(owner, _)| owner));
    let names = join_names(nodes.iter().map(|node| plan.fabric.name(*node)));
    out.report(format!("{all} each need {name} on {names}, and there is but one: one of them gets no uplink"))
        .about(plan.about(format_args!("interface {name}")))
        .also(owners.iter().map(|(owner, span)| (*span, format!("{owner} needs it"))))
        .help("give one of them another name or tag, or make the bridge VLAN-aware on every node")
        .done();
}
