//! The objects of a cluster's store, by their places.

use crate::web;
use evpnlint_core::{
    model::{
        Sourced,
        intent::{Controller, FabricNode, Intent, Sdn, SdnFabric, Subnet, Vnet, Zone},
    },
    source::Span,
};
use std::{collections::BTreeMap, fmt};

/// What kind of thing an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Zone,
    Vnet,
    Subnet,
    Controller,
    Fabric,
    FabricNode,
}

impl Kind {
    /// Where it is edited in Proxmox VE's web interface.
    pub(crate) fn editor(self) -> &'static str {
        match self {
            Self::Zone => web::ZONES,
            Self::Vnet | Self::Subnet => web::VNETS,
            Self::Controller => web::CONTROLLERS,
            Self::Fabric | Self::FabricNode => web::FABRICS,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Zone => "zone",
            Self::Vnet => "vnet",
            Self::Subnet => "subnet",
            Self::Controller => "controller",
            Self::Fabric => "fabric",
            Self::FabricNode => "node of a fabric,",
        })
    }
}

/// An object, and the place of the property that something comes of: in the `.cfg` file where it is there too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin<'m> {
    pub(crate) kind: Kind,
    pub(crate) id: &'m str,
    pub(crate) place: Span,
}

/// An object with its places: first that of its name, then of each property, in an order that its kind has.
struct Object<'m> {
    kind: Kind,
    id: &'m str,
    places: Vec<Option<Span>>,
}

/// The objects of a store.
pub(crate) struct Objects<'m> {
    all: Vec<Object<'m>>,
    /// By the place of the name.
    by_place: BTreeMap<Span, usize>,
    /// What will be applied, by kind and name.
    pending: BTreeMap<(Kind, &'m str), usize>,
}

impl<'m> Objects<'m> {
    pub(crate) fn of(intent: &'m Intent) -> Self {
        let mut all = objects(&intent.pending);
        let pending = all.iter().enumerate().map(|(at, own)| ((own.kind, own.id), at)).collect();
        all.extend(intent.running.iter().flat_map(objects));
        let by_place = all.iter().enumerate().filter_map(|(at, own)| Some(((*own.places.first()?)?, at))).collect();
        Self { all, by_place, pending }
    }

    /// The object in whose text a place is: a store names each object in front of its properties.
    pub(crate) fn origin(&self, place: Span) -> Option<Origin<'m>> {
        let (name, at) = self.by_place.range(..=Span { end: u32::MAX, ..place }).next_back()?;
        if name.file != place.file {
            return None;
        }
        let own = &self.all[*at];
        let same = self.pending.get(&(own.kind, own.id)).map(|at| &self.all[*at]);
        let property = own.places.iter().position(|span| *span == Some(place));
        let written = same.and_then(|same| property.and_then(|property| same.places[property]).or(same.places[0]));
        let place = if same.is_some_and(|same| same.places[0] == Some(*name)) { Some(place) } else { written };
        Some(Origin { kind: own.kind, id: own.id, place: place.unwrap_or(*name) })
    }
}

fn objects(sdn: &Sdn) -> Vec<Object<'_>> {
    fn list<'s, T>(
        of: &'s [T],
        kind: Kind,
        id: impl Fn(&'s T) -> &'s Sourced<String>,
        places: impl Fn(&'s T) -> Vec<Option<Span>>,
    ) -> impl Iterator<Item = Object<'s>> {
        of.iter().map(move |one| {
            let name = id(one);
            let places = std::iter::once(name.span()).chain(places(one)).collect();
            Object { kind, id: &name.value, places }
        })
    }
    let zones = list(&sdn.zones, Kind::Zone, |zone| &zone.id, zone);
    let vnets = list(&sdn.vnets, Kind::Vnet, |vnet| &vnet.id, vnet);
    let subnets = list(&sdn.subnets, Kind::Subnet, |subnet| &subnet.id, subnet);
    let controllers = list(&sdn.controllers, Kind::Controller, |controller| &controller.id, controller);
    let fabrics = list(&sdn.fabrics, Kind::Fabric, |fabric| &fabric.id, fabric);
    let fabric_nodes = list(&sdn.fabric_nodes, Kind::FabricNode, |node| &node.id, fabric_node);
    zones.chain(vnets).chain(subnets).chain(controllers).chain(fabrics).chain(fabric_nodes).collect()
}

fn place<T>(value: &Option<Sourced<T>>) -> Option<Span> {
    value.as_ref().and_then(Sourced::span)
}

fn first<T>(values: &[Sourced<T>]) -> Option<Span> {
    values.first().and_then(Sourced::span)
}

fn zone(zone: &Zone) -> Vec<Option<Span>> {
    vec![
        first(&zone.nodes),
        place(&zone.mtu),
        place(&zone.controller),
        place(&zone.vrf_vxlan),
        place(&zone.mac),
        first(&zone.exit_nodes),
        place(&zone.exit_primary),
        place(&zone.exit_local_routing),
        place(&zone.advertise_subnets),
        first(&zone.rt_import),
        first(&zone.peers),
        place(&zone.fabric),
        place(&zone.vxlan_port),
        place(&zone.bridge),
        place(&zone.tag),
    ]
}

fn vnet(vnet: &Vnet) -> Vec<Option<Span>> {
    vec![place(&vnet.zone), place(&vnet.tag), place(&vnet.vlan_aware), place(&vnet.alias)]
}

fn subnet(subnet: &Subnet) -> Vec<Option<Span>> {
    vec![place(&subnet.network), place(&subnet.vnet), place(&subnet.gateway), place(&subnet.snat)]
}

fn controller(controller: &Controller) -> Vec<Option<Span>> {
    vec![
        place(&controller.asn),
        first(&controller.peers),
        place(&controller.fabric),
        place(&controller.node),
        place(&controller.ebgp),
        place(&controller.ebgp_multihop),
        place(&controller.loopback),
        place(&controller.isis_domain),
        place(&controller.isis_net),
        first(&controller.isis_ifaces),
    ]
}

fn fabric(fabric: &SdnFabric) -> Vec<Option<Span>> {
    vec![place(&fabric.ip_prefix), place(&fabric.ip6_prefix), place(&fabric.area), place(&fabric.hello_interval)]
}

fn fabric_node(node: &FabricNode) -> Vec<Option<Span>> {
    vec![place(&node.ip), place(&node.ip6), place(&node.asn)]
}
