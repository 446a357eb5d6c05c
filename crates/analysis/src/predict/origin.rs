//! Which VNIs a node originates routes for, and why not.
//!
//! zebra makes a VNI of every VXLAN device, and hands it to bgpd when the device is a port of a bridge and has a tunnel
//! address (`zebra_vxlan_if_up`, `zebra_evpn_send_add_to_client`); an L3VNI when it has an interface to route on
//! (`is_l3vni_oper_up`). Measured on FRR 8.4.4 and 10.3: an L3VNI is up even where that interface is not in the VRF.

use super::{fate::Cause, speaker};
use crate::fabric::{
    Fabric, NodeIndex,
    device::{Device, LocalVni},
};
use evpnlint_core::{
    model::{MacAddress, Vni, frr::Frr, is_on},
    source::Span,
};
use std::{collections::BTreeSet, net::IpAddr};

/// A VNI on a node.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'m> {
    /// The node.
    pub node: NodeIndex,
    /// The VNI.
    pub vni: Vni,
    /// The VRF whose L3VNI it is.
    pub layer3: Option<&'m str>,
    /// The VTEP address.
    pub vtep: Option<IpAddr>,
    /// The VTEP address that its type-5 routes name.
    pub prefix_vtep: Option<IpAddr>,
    /// The VRF of the routed interface of an L2VNI, or that of the L3VNI; the default one is empty.
    pub vrf: &'m str,
    /// The router MAC of an L3VNI, where it is written.
    pub router_mac: Option<MacAddress>,
    /// Why bgpd originates no route for it.
    pub lack: Option<Lack>,
    /// Where it is written.
    pub span: Option<Span>,
}

/// Why bgpd originates no route for a VNI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// The node runs no EVPN.
    Evpn,
    /// The file that describes the VXLAN device is never read.
    Unread,
    /// The VXLAN device is in no bridge.
    Bridge,
    /// Its bridge, or the interface that routes for the L3VNI, stays down at boot.
    Down,
    /// It has no tunnel address.
    Tunnel,
    /// ifupdown2 refuses IPv6 tunnel addresses, and so does FRR before 10.6.
    Ipv6Tunnel,
    /// The L3VNI has no interface to route on.
    Svi,
    /// The VRF of the L3VNI is not there.
    Vrf,
    /// No device carries the L3VNI.
    Device,
}

impl Lack {
    /// Whether zebra has the VNI all the same.
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Evpn | Self::Unread | Self::Ipv6Tunnel)
    }

    /// In words.
    pub fn cause(self, fabric: &Fabric, origin: &Origin) -> Cause {
        let (name, vni) = (fabric.name(origin.node), origin.vni);
        let frr = fabric.node(origin.node).frr.as_ref();
        let cause = match self {
            Self::Evpn => {
                let instance = frr.and_then(|frr| frr.instance(None));
                let place = instance.map(|instance| instance.evpn.span.unwrap_or(instance.span));
                let why = format!("{name} does not run EVPN: no instance says `advertise-all-vni`");
                Cause::new(why, "add `advertise-all-vni` under `address-family l2vpn evpn`")
                    .at(place, "no advertise-all-vni")
            }
            Self::Unread => Cause::new(
                format!("no `source` line of {name} leads to the file that describes VNI {vni}"),
                "write `source /etc/network/interfaces.d/*` in /etc/network/interfaces",
            ),
            Self::Bridge => Cause::new(
                format!("the device of VNI {vni} on {name} is a port of no bridge"),
                "add it to `bridge-ports` of its bridge",
            ),
            Self::Down => Cause::new(
                format!("nothing brings up the bridge of VNI {vni} on {name}, or what routes for it"),
                "write an `auto` line above its stanza",
            ),
            Self::Tunnel => Cause::new(
                format!("VNI {vni} on {name} has no tunnel address"),
                "write `vxlan-local-tunnelip` with the VTEP address",
            ),
            Self::Ipv6Tunnel => Cause::new(
                format!("neither ifupdown2 nor FRR before 10.6 takes the IPv6 tunnel address of VNI {vni} on {name}"),
                "use an IPv4 address for the VTEP",
            ),
            Self::Svi => Cause::new(
                format!("L3VNI {vni} on {name} has no bridge or VLAN interface to route on, and stays down"),
                "make one, in the VRF",
            ),
            Self::Vrf => Cause::new(
                format!("{name} has no VRF {} for L3VNI {vni}", origin.vrf),
                "describe the VRF in /etc/network/interfaces",
            ),
            Self::Device => Cause::new(
                format!("no VXLAN device of {name} carries L3VNI {vni}"),
                "describe a VXLAN device with that VNI",
            ),
        };
        cause.at(origin.span, format!("VNI {vni}")).judged_by(self.rule(fabric, origin.node))
    }

    /// The rule that judges it.
    fn rule(self, fabric: &Fabric, node: NodeIndex) -> &'static str {
        match self {
            Self::Evpn if fabric.node(node).frr.as_ref().is_some_and(|frr| !frr.runs("bgpd")) => "daemon-not-started",
            Self::Evpn => "evpn-disabled",
            Self::Unread => "interfaces-unsourced",
            Self::Bridge => "vxlan-without-bridge",
            Self::Down => "interface-not-auto",
            Self::Tunnel => "tunnel-address-missing",
            Self::Ipv6Tunnel => "tunnel-address-ipv6",
            Self::Svi => "l3vni-svi-missing",
            Self::Vrf => "vrf-undefined",
            Self::Device => "l3vni-without-device",
        }
    }
}

/// The VNIs of all nodes, in order of nodes and VNIs; of one that a node has twice, the first.
pub fn all<'m>(fabric: &Fabric<'m>) -> Vec<Origin<'m>> {
    let mut found = vec![];
    for (node, device) in fabric.devices.iter_enumerated() {
        let first = found.len();
        let lack = missing(device);
        let mut carried: BTreeSet<Vni> = BTreeSet::new();
        for local_vni in &device.local_vnis {
            if carried.insert(local_vni.vni) {
                found.push(origin(fabric, node, local_vni, lack));
            }
        }
        for (vrf, _, vni) in device.node.frr.iter().flat_map(Frr::l3vnis) {
            if !carried.contains(&vni.value) {
                found.push(Origin {
                    node,
                    vni: vni.value,
                    layer3: Some(vrf),
                    vtep: None,
                    prefix_vtep: None,
                    vrf,
                    router_mac: None,
                    lack: Some(lack.unwrap_or(Lack::Device)),
                    span: vni.span(),
                });
            }
        }
        found[first..].sort_by_key(|origin| origin.vni);
    }
    found
}

/// Why a node originates routes for no VNI at all.
fn missing(device: &Device) -> Option<Lack> {
    let runs = device.node.frr.as_ref().is_some_and(|frr| frr.runs("bgpd"));
    // Measured on FRR 8.4.4: in the instance of a tenant's VRF `advertise-all-vni` finds none of the devices outside
    // it.
    let frr = device.node.frr.as_ref();
    let is_read = |span| frr.is_some_and(|frr| !frr.is_unread(span));
    let instance = frr.and_then(Frr::evpn).filter(|instance| instance.vrf.is_none() && is_read(instance.span));
    (!runs || instance.is_none()).then_some(Lack::Evpn)
}

fn origin<'m>(fabric: &Fabric<'m>, node: NodeIndex, local_vni: &LocalVni<'m>, lack: Option<Lack>) -> Origin<'m> {
    let device = &fabric.devices[node];
    let svi = local_vni.svi;
    let vrf = local_vni.layer3.or(svi.map(|svi| svi.vrf_name())).unwrap_or("");
    let vtep = local_vni.tunnel_address().map(|source| source.value).or_else(|| stand_in(fabric, node));
    let unread = device.is_unread(local_vni.link).then_some(Lack::Unread);
    let needed = local_vni.bridge.or(svi.filter(|_| local_vni.layer3.is_some()));
    let down = needed.is_some_and(|link| device.stays_down(link)).then_some(Lack::Down);
    let lack = lack.or(unread).or(down).or(match (local_vni.layer3, vtep) {
        (_, Some(IpAddr::V6(_))) if !device.takes_ipv6_tunnel(local_vni.vxlan) => Some(Lack::Ipv6Tunnel),
        (_, None) if local_vni.vxlan.physdev.is_none() && !device.hooks_mention("local") => Some(Lack::Tunnel),
        (Some(vrf), _) if !vrf.is_empty() && !device.may_have_vrf(vrf) => Some(Lack::Vrf),
        (Some(_), _) => svi.is_none().then_some(Lack::Svi),
        (None, _) => local_vni.bridge.is_none().then_some(Lack::Bridge),
    });
    let router_mac = svi.and_then(|svi| svi.hwaddress.as_ref()).map(|mac| mac.value);
    let prefix_vtep = primary(fabric, node, local_vni).or(vtep);
    let LocalVni { vni, layer3, span, .. } = *local_vni;
    Origin { node, vni, layer3, vtep, prefix_vtep, vrf, router_mac, lack, span }
}

/// The primary address of a node of an MLAG pair, which it names in type-5 routes instead of the one that the pair shares,
/// where the L3VNI's interface has an anycast MAC, unless `no advertise-pip` (`update_evpn_type5_route`, bgpd/bgp_evpn.c).
fn primary(fabric: &Fabric, node: NodeIndex, local_vni: &LocalVni) -> Option<IpAddr> {
    local_vni.shared?;
    let vrf = local_vni.layer3?;
    local_vni.svi.filter(|svi| !svi.virtuals.is_empty())?;
    let evpn = &fabric.node(node).frr.as_ref()?.instance(Some(vrf).filter(|vrf| !vrf.is_empty()))?.evpn;
    if !evpn.advertise_pip.as_ref().is_none_or(|on| on.value) {
        return None;
    }
    let written = evpn.advertise_pip_ip.as_ref().map(|ip| IpAddr::V4(ip.value));
    written.or_else(|| stand_in(fabric, node))
}

/// What bgpd names as the VTEP of a device without a tunnel address: its router-id (measured on FRR 8.4.4).
pub fn stand_in(fabric: &Fabric, node: NodeIndex) -> Option<IpAddr> {
    let frr = fabric.node(node).frr.as_ref()?;
    speaker::router_id(fabric, node, frr, frr.evpn()?).map(IpAddr::V4)
}

impl Origin<'_> {
    /// Whether its node asks others to flood to it: with `flooding disable` it does not.
    pub fn floods(&self, fabric: &Fabric) -> bool {
        let frr = fabric.node(self.node).frr.as_ref();
        let switch = frr.and_then(Frr::evpn).and_then(|instance| instance.evpn.flooding.as_ref());
        self.lack.is_none() && switch.is_none_or(|on| on.value)
    }

    /// The VTEP addresses of the L2VNIs that route into the VRF of an L3VNI: their type-2 routes bear its targets too.
    /// With `prefix-routes-only` they do not.
    pub fn host_vteps(&self, fabric: &Fabric) -> BTreeSet<IpAddr> {
        let device = &fabric.devices[self.node];
        let own = device.node.frr.as_ref().and_then(|frr| frr.vrfs.get(self.vrf));
        let routed = |local_vni: &&LocalVni| {
            local_vni.layer3.is_none() && local_vni.svi.is_some_and(|svi| svi.vrf_name() == self.vrf)
        };
        let bears = own.is_none_or(|own| own.prefix_routes_only.is_none());
        let local_vnis = device.local_vnis.iter().filter(routed).filter(|_| bears);
        local_vnis.filter_map(LocalVni::tunnel_address).map(|source| source.value).collect()
    }

    /// Whether anything puts type-5 routes of an L3VNI's VRF on their way.
    pub fn tells_prefixes(&self, fabric: &Fabric) -> bool {
        let Some(frr) = &fabric.devices[self.node].node.frr else { return false };
        let vrf = Some(self.vrf).filter(|vrf| !vrf.is_empty());
        frr.instance(vrf).map(|instance| &instance.evpn).is_some_and(|evpn| {
            evpn.advertise_ipv4.is_some()
                || evpn.advertise_ipv6.is_some()
                || is_on(&evpn.default_originate_ipv4)
                || is_on(&evpn.default_originate_ipv6)
        })
    }
}
