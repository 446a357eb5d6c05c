//! Builds the graph of one address family: which line takes what from where to where.

use super::{
    graph::{Class, Graph, How, Step},
    meeting::Meetings,
    tables::{Tables, named},
};
use crate::{
    fabric::{
        device::Device,
        overlay::Overlay,
        policy::{Decision, Route, decide},
        targets,
    },
    index::{ByNode, NodeIndex},
};
use evpnlint_core::{
    model::{
        RouteTarget, Sourced, Vni,
        bgp::{BgpInstance, Evpn, Family, FamilyConfig, RouteTargets},
        frr::{Frr, Vrf},
        is_on,
    },
    source::Span,
};
use petgraph::graph::NodeIndex as Vertex;
use std::collections::{BTreeMap, BTreeSet};

/// The ways of one address family, off the configuration of all nodes.
pub(super) fn graph(devices: &ByNode<Device>, overlay: &Overlay, tables: &Tables, family: Family) -> Graph {
    let mut graph = Graph::new(tables.all.len());
    let mut evpn = Meetings::default();
    for (node, device) in devices.iter_enumerated() {
        let Some(frr) = &device.node.frr else { continue };
        let mut builder = Builder { graph: &mut graph, tables, node, device, frr, family };
        frr.bgp.iter().for_each(|instance| builder.instance(instance));
        builder.statics();
        builder.vpn();
        builder.evpn(&mut evpn);
    }
    evpn.connect(&mut graph);
    bridges((devices, overlay), tables, family, &mut graph);
    graph
}

struct Builder<'b, 'm> {
    graph: &'b mut Graph,
    tables: &'b Tables<'m>,
    node: NodeIndex,
    device: &'b Device<'m>,
    frr: &'m Frr,
    family: Family,
}

impl<'m> Builder<'_, 'm> {
    fn step(&self, span: Option<Span>, how: How) -> Step {
        Step { node: self.node, span, how, sure: true }
    }

    /// The same step with a route-map in the way; `None` where it lets nothing through.
    fn filtered(&self, step: Step, map: Option<&Sourced<String>>, out_of: Option<&str>) -> Option<Step> {
        let decision = map.map_or(Decision::Permit, |map| decide(self.frr, map, Route::Leaked(out_of)));
        (!matches!(decision, Decision::Deny(_))).then_some(Step { sure: decision == Decision::Permit, ..step })
    }

    /// An edge between two VRFs of the node, or two classes of one.
    fn add(&mut self, (from, of): (&str, Class), (to, into): (&str, Class), step: Option<Step>) {
        let (from, to) = (self.tables.at(self.node, from), self.tables.at(self.node, to));
        if let (Some(from), Some(to), Some(step)) = (from, to, step) {
            self.graph.add(Graph::vertex(from, of), Graph::vertex(to, into), step);
        }
    }

    /// What BGP of a VRF has of itself, and takes of other VRFs of the node.
    fn instance(&mut self, instance: &'m BgpInstance) {
        let vrf = instance.vrf.as_ref().map_or("", |vrf| vrf.as_str());
        let none = FamilyConfig::default();
        let config = instance.families.get(&self.family).unwrap_or(&none);
        let mut of_others = vec![];
        for own in &config.redistribute {
            let how = if own.protocol.value == "static" { How::Redistribute } else { How::Originate };
            let step = self.filtered(self.step(own.protocol.span(), how), own.route_map.as_ref(), None);
            self.add((vrf, Class::Here), (vrf, Class::Own), step.map(|step| Step { how: How::Originate, ..step }));
            of_others.extend(step.filter(|_| how == How::Redistribute));
        }
        let lines = config.networks.iter().chain(&config.aggregates).map(Sourced::span);
        let neighbors = instance.neighbors.values().filter(|own| own.is_active(self.family)).map(|own| own.place());
        let own = lines.chain(neighbors).next().map(|span| self.step(span, How::Originate));
        self.add((vrf, Class::Here), (vrf, Class::Own), own);
        if let Some(redistributed) = of_others.into_iter().max_by_key(|step| step.sure) {
            self.add((vrf, Class::Static), (vrf, Class::Own), Some(redistributed));
        }
        for import in &config.import_vrf {
            let other = named(import);
            if other == vrf {
                continue;
            }
            let step = self.step(import.span(), How::ImportVrf);
            let step = self.filtered(step, config.vpn.import_map.as_ref(), Some(import));
            self.add((other, Class::Own), (vrf, Class::Leaked), step);
            self.add((other, Class::Evpn), (vrf, Class::Again), step);
        }
    }

    /// Static routes through another VRF. An interface alone does not do: it is looked up in the route's own VRF
    /// (`static_install_nexthop`).
    fn statics(&mut self) {
        for route in &self.frr.statics {
            let is_own = route.prefix.network().is_ipv4() == (self.family == Family::Ipv4Unicast);
            let (Some(other), true) = (&route.nexthop_vrf, is_own && !route.blackhole) else { continue };
            let (other_vrf, vrf) = (named(other), named(route.vrf.as_deref().unwrap_or("")));
            if other_vrf != vrf {
                let step = self.step(other.span(), How::Static(route.prefix.value));
                self.add((other_vrf, Class::Here), (vrf, Class::Static), Some(step));
            }
        }
    }

    /// `export vpn` and `import vpn`, which meet in the VPN table of the node; a VRF does not take its own routes back.
    fn vpn(&mut self) {
        let mut meetings = Meetings::default();
        for instance in &self.frr.bgp {
            let vrf = instance.vrf.as_ref().map_or("", |vrf| vrf.as_str());
            let (Some(config), Some(table)) = (instance.families.get(&self.family), self.tables.at(self.node, vrf))
            else {
                continue;
            };
            let vpn = &config.vpn;
            for (of, into) in [(Class::Own, Class::Leaked), (Class::Evpn, Class::Again)] {
                for target in vpn.targets.export.iter().filter(|_| is_on(&vpn.export)) {
                    let step = self.step(target.span(), How::ToVpn(target.value));
                    if let Some(step) = self.filtered(step, vpn.export_map.as_ref(), None) {
                        meetings.originate((target.value, into), table, Graph::vertex(table, of), step);
                    }
                }
                for target in vpn.targets.import.iter().filter(|_| is_on(&vpn.import)) {
                    let step = self.step(target.span(), How::FromVpn(target.value));
                    if let Some(step) = self.filtered(step, vpn.import_map.as_ref(), None) {
                        meetings.receive((target.value, into), table, Graph::vertex(table, into), step);
                    }
                }
            }
        }
        meetings.connect(self.graph);
    }

    /// What the VRFs that have an L3VNI send over EVPN, and receive.
    fn evpn(&mut self, meetings: &mut Meetings<Wanted, NodeIndex>) {
        let Some(evpn) = self.frr.evpn() else { return };
        let hosts = self.hosts();
        let name = |instance: &'m BgpInstance| instance.vrf.as_ref().map_or("", |vrf| vrf.as_str());
        let instances: BTreeMap<&str, &BgpInstance> = self.frr.bgp.iter().map(|own| (name(own), own)).collect();
        for (vrf, own, vni) in self.frr.l3vnis() {
            let Some(table) = self.tables.at(self.node, vrf) else { continue };
            let instance = instances.get(vrf).copied();
            let party = targets::of_instance(self.node, evpn, instance, vni.value);
            let written = |target: RouteTarget, list: &[Sourced<RouteTarget>]| {
                list.iter().find(|own| own.value == target).and_then(Sourced::span)
            };
            self.reported(vrf, instance.map(|instance| &instance.evpn), (own, vni), hosts.contains(vrf));
            let none = RouteTargets::default();
            let lines = instance.map_or(&none, |instance| &instance.evpn.targets);
            let reported = Graph::vertex(table, Class::Reported);
            for target in &party.exports {
                let step = self.step(written(*target, &lines.export).or(vni.span()), How::Export(*target));
                meetings.originate(Wanted::Whole(*target), self.node, reported, step);
                meetings.originate(Wanted::Number(target.number()), self.node, reported, step);
            }
            let received = Graph::vertex(table, Class::Evpn);
            for target in &party.imports {
                let step = self.step(written(*target, &lines.import).or(vni.span()), How::Import(*target));
                let wanted = match target {
                    RouteTarget::Any(number) => Wanted::Number(*number),
                    target => Wanted::Whole(*target),
                };
                meetings.receive(wanted, self.node, received, step);
            }
            if let Some(number) = party.auto_import {
                meetings.receive(
                    Wanted::Number(number),
                    self.node,
                    received,
                    self.step(vni.span(), How::ImportAuto(number)),
                );
            }
        }
    }

    /// What of a VRF goes out over EVPN.
    fn reported(&mut self, vrf: &str, evpn: Option<&Evpn>, (own, vni): (&Vrf, &Sourced<Vni>), has_hosts: bool) {
        let is_v4 = self.family == Family::Ipv4Unicast;
        if has_hosts && own.prefix_routes_only.is_none() {
            self.add((vrf, Class::Here), (vrf, Class::Reported), Some(self.step(vni.span(), How::Hosts)));
        }
        let Some(evpn) = evpn else { return };
        let default = if is_v4 { &evpn.default_originate_ipv4 } else { &evpn.default_originate_ipv6 };
        if let Some(default) = default.as_ref().filter(|on| on.value) {
            self.add((vrf, Class::Here), (vrf, Class::Reported), Some(self.step(default.span(), How::Default)));
        }
        let advertise = if is_v4 { &evpn.advertise_ipv4 } else { &evpn.advertise_ipv6 };
        let Some(advertise) = advertise else { return };
        let step = self.step(Some(advertise.span), How::Advertise);
        let step = self.filtered(step, advertise.route_map.as_ref(), None);
        self.add((vrf, Class::Own), (vrf, Class::Reported), step);
        self.add((vrf, Class::Leaked), (vrf, Class::Reported), step);
        self.add((vrf, Class::Again), (vrf, Class::Reported), step.filter(|_| !advertise.skip_imported));
    }

    /// The VRFs that have hosts in L2VNIs: a routed interface with an address.
    fn hosts(&self) -> BTreeSet<&'m str> {
        let is_v4 = self.family == Family::Ipv4Unicast;
        let bridged = self.device.local_vnis.iter().filter(|local_vni| local_vni.layer3.is_none());
        let svis = bridged.filter_map(|local_vni| local_vni.svi);
        svis.filter(|svi| svi.addresses.iter().any(|own| own.ip.is_ipv4() == is_v4)).map(|svi| svi.vrf_name()).collect()
    }
}

/// What an import asks of a route target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    /// All of it.
    Whole(RouteTarget),
    /// Its number, whoever's it is: automatic imports, and `*:N`.
    Number(u32),
}

/// The VNIs in each bridge, and VLAN of one that knows VLANs; each with the line that puts it there.
type Domains<'m> = BTreeMap<(&'m str, Option<u16>), BTreeMap<Vni, Option<Span>>>;

/// Broadcast domains: the tenants that route one VNI, or VNIs that a node bridges together. What is outside any VRF may
/// be a mere host there.
fn bridges((devices, overlay): (&ByNode<Device>, &Overlay), tables: &Tables, family: Family, graph: &mut Graph) {
    let is_v4 = family == Family::Ipv4Unicast;
    let mut bridged: BTreeMap<Vni, Vertex> = BTreeMap::new();
    for (node, device) in devices.iter_enumerated() {
        let mut domains = Domains::new();
        for local_vni in device.local_vnis.iter().filter(|local_vni| local_vni.layer3.is_none()) {
            let vlan = local_vni.vlan.as_ref().map(|vlan| vlan.value);
            let Some(bridge) = local_vni.bridge.filter(|bridge| vlan.is_some() || !bridge.is_vlan_aware()) else {
                continue;
            };
            let port = || device.port_span(&bridge.name, &local_vni.link.name);
            let span = local_vni.vlan.as_ref().and_then(Sourced::span).or_else(port);
            domains.entry((&bridge.name, vlan)).or_default().insert(local_vni.vni, span);
        }
        for vnis in domains.into_values() {
            let vnis: Vec<(Vni, Option<Span>)> = vnis.into_iter().collect();
            for pair in vnis.windows(2) {
                let [(one, _), (other, span)] = [pair[0], pair[1]];
                let [a, b] = [one, other].map(|vni| *bridged.entry(vni).or_insert_with(|| graph.between()));
                for (from, to) in [(a, b), (b, a)] {
                    graph.add(from, to, Step { node, span, how: How::Join(one, other), sure: true });
                }
            }
        }
    }
    for (vni, gateways) in &overlay.gateways {
        for gateway in gateways.iter().filter(|own| own.addresses.iter().any(|own| own.ip.is_ipv4() == is_v4)) {
            let Some(table) = gateway.vrf().and_then(|vrf| tables.at(gateway.node, vrf)) else { continue };
            let vertex = *bridged.entry(*vni).or_insert_with(|| graph.between());
            let step = Step { node: gateway.node, span: Some(gateway.place()), how: How::Bridge(*vni), sure: true };
            graph.add(Graph::vertex(table, Class::Here), vertex, step);
            graph.add(vertex, Graph::vertex(table, Class::Bridged), step);
        }
    }
}
