//! Interfaces, as `/etc/network/interfaces` and FRR's `interface` blocks describe them.

use super::{InterfaceAddress, MacAddress, Sourced, Switch, Vni, multihoming::Clag, wireguard::WireGuard};
use crate::source::Span;
use std::net::IpAddr;

/// One interface. Values stand as written; what follows from them (who is whose master, which MTU results) is the
/// fabric's to say.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its name, at most 15 bytes on Linux.
    pub name: String,
    /// Where it is first named.
    pub span: Span,
    /// Where `/etc/network/interfaces` describes it: one span for each `iface` stanza header.
    pub stanzas: Vec<Span>,
    /// Where FRR's configuration has an `interface` block for it.
    pub frr: Option<Span>,
    /// Where it is made to come up at boot: `auto`.
    pub auto: Option<Span>,
    /// Where an `auto` stands that does nothing: ifupdown2 3.0 wants it before the first stanza, and of a stanza that
    /// names a range, the same range.
    pub late_auto: Option<Span>,
    /// Where it is only brought up by an event: `allow-hotplug`.
    pub hotplug: Option<Span>,
    /// Stanzas of a family that another stanza of this interface already has.
    pub repeats: Vec<Repeat>,
    /// What it is.
    pub kind: LinkKind,
    /// Addresses, in order.
    pub addresses: Vec<Sourced<InterfaceAddress>>,
    /// Whether an address comes by DHCP or the like, so that the list above is not all.
    pub dynamic: bool,
    /// The MTU, in bytes, as written.
    pub mtu: Option<Sourced<u32>>,
    /// The MAC address, as written.
    pub hwaddress: Option<Sourced<MacAddress>>,
    /// A `vlan-id`, 1 to 4094, that makes no VLAN of it: no `vlan-raw-device` and no dot in its name say what is below.
    pub stray_vlan_id: Option<Sourced<u16>>,
    /// The address at the other end of a point-to-point link, with a route of its own (`pointopoint`).
    pub pointopoint: Option<Sourced<InterfaceAddress>>,
    /// The bond it says it is a member of (`bond-master`); ifupdown2 reads members from the bond alone.
    pub bond_master: Option<Sourced<String>>,
    /// The VRF it is enslaved to.
    pub vrf: Option<Sourced<String>>,
    /// VRR: a shared MAC with shared addresses on top of the interface (`address-virtual`).
    pub virtuals: Vec<Sourced<Virtual>>,
    /// How it behaves as a port of a bridge.
    pub port: BridgePort,
    /// Whether the interface forwards IPv4 (`ip-forward`).
    pub ip_forward: Switch,
    /// Whether the interface forwards IPv6 (`ip6-forward`).
    pub ip6_forward: Switch,
    /// Whether what hosts tell of themselves unasked gets into the neighbour table (`arp-accept`).
    pub arp_accept: Switch,
    /// Whether IPv6 is off, and with it unnumbered peering.
    pub ipv6_disabled: Switch,
    /// Default gateways.
    pub gateways: Vec<Sourced<IpAddr>>,
    /// Hook commands (`post-up` …), whole. They may be conditional: possible facts, never absence.
    pub hooks: Vec<Sourced<String>>,
    /// The system MAC that a bond shows in LACP (`es-sys-mac`, `bond-ad-actor-system`, `bond-ad-sys-mac-addr`, which are
    /// one to ifupdown2); that of its first member unless written.
    pub lacp_system: Option<Sourced<MacAddress>>,
    /// What MLAG is told (`clagd-*`, `clag-id`).
    pub clag: Option<Box<Clag>>,
    /// A default tunnel source for all VXLAN devices of the node (`vxlan-local-tunnelip` on `lo`).
    pub default_tunnel_ip: Option<Sourced<IpAddr>>,
    /// What wg-quick is told of it, where it makes the interface.
    pub wireguard: Option<Box<WireGuard>>,
}

/// A stanza for an interface that already has one. ifupdown2 applies both, in order, so that addresses add up and of
/// two values for one setting the last holds.
#[derive(Clone, Debug)]
pub struct Repeat {
    /// The stanza before it.
    pub first: Span,
    /// The stanza.
    pub second: Span,
    /// Settings that both have, with different values: the place in the first, and in the second.
    pub conflicts: Vec<(Span, Span)>,
    /// An address of each, where both have one.
    pub addresses: Option<(Span, Span)>,
}

/// What an interface is.
#[derive(Clone, Debug, Default)]
pub enum LinkKind {
    /// A port, or something that nothing more is known of.
    #[default]
    Physical,
    /// `lo`.
    Loopback,
    /// A dummy device.
    Dummy,
    /// One end of a veth pair.
    Veth {
        /// The other end.
        peer: Option<Sourced<String>>,
    },
    /// A bridge.
    Bridge {
        /// Its ports, in order; what `regex` and `glob` stand for is expanded over the names that are known.
        ports: Vec<Sourced<String>>,
        /// Whether it filters VLANs.
        vlan_aware: Switch,
        /// Whether ports may come that no file names: a regular expression among the ports.
        open: bool,
    },
    /// A VLAN on top of another interface: over a VLAN-aware bridge, the SVI of that VLAN.
    Vlan {
        /// The interface below.
        raw: Option<Sourced<String>>,
        /// The VLAN, 1 to 4094.
        id: Option<Sourced<u16>>,
    },
    /// A VXLAN device.
    Vxlan(Box<Vxlan>),
    /// A bond.
    Bond {
        /// Its members.
        slaves: Vec<Sourced<String>>,
    },
    /// A VRF.
    Vrf {
        /// Its routing table; `None` for `auto`.
        table: Option<Sourced<u32>>,
    },
    /// Some other made-up device.
    Other(OtherKind),
}

/// Devices of which nothing more is modelled than that they are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherKind {
    /// A tunnel of IP in IP, GRE or WireGuard.
    Tunnel,
    /// An IPsec interface.
    Xfrm,
    /// A bridge or a port of Open vSwitch.
    OpenVswitch,
    /// A device of B.A.T.M.A.N. advanced.
    Batman,
    /// What a hook makes.
    ByHook,
}

/// A VXLAN device.
#[derive(Clone, Debug, Default)]
pub struct Vxlan {
    /// The VNI of a device that carries one.
    pub vni: Option<Sourced<Vni>>,
    /// The VLANs and VNIs of a single VXLAN device (`bridge-vlan-vni-map`), pair by pair.
    pub map: Vec<Sourced<(u16, Vni)>>,
    /// Where the device is made a single VXLAN device.
    pub single: Option<Span>,
    /// Where a hook command makes the device, by `ip link`.
    pub hook: Option<Span>,
    /// The source address of the tunnels.
    pub local: Option<Sourced<IpAddr>>,
    /// Remote VTEPs that are written down instead of learnt (`vxlan-remoteip`, `vxlan-svcnodeip`).
    pub remotes: Vec<Sourced<IpAddr>>,
    /// A multicast group for flooding.
    pub group: Option<Sourced<IpAddr>>,
    /// The UDP port; 4789 unless written.
    pub port: Option<Sourced<u16>>,
    /// The TTL of the outer packet, 1 to 255; 64 unless written, `auto` and 0 included.
    pub ttl: Option<Sourced<u8>>,
    /// Whether the device learns MAC addresses from the data plane; on unless written.
    pub learning: Switch,
    /// The interface it is bound to (`vxlan-physdev`).
    pub physdev: Option<Sourced<String>>,
}

impl Vxlan {
    /// Whether nothing says which VNIs it carries, so that ifupdown2 does not make it (its addon `vxlan`, `_up`).
    pub fn lacks_vni(&self) -> bool {
        self.vni.is_none() && self.map.is_empty() && self.single.is_none() && self.hook.is_none()
    }

    /// Every VNI the device carries.
    pub fn vnis(&self) -> impl Iterator<Item = Sourced<Vni>> + '_ {
        let mapped = self.map.iter().map(|pair| pair.clone().map(|(_, vni)| vni));
        self.vni.iter().cloned().chain(mapped)
    }
}

/// How an interface behaves as a port of a bridge.
#[derive(Clone, Debug, Default)]
pub struct BridgePort {
    /// The one VLAN it carries, untagged (`bridge-access`).
    pub access: Option<Sourced<u16>>,
    /// The VLANs it carries (`bridge-vids`); on a bridge, those of its ports without their own.
    pub vids: Vec<Sourced<(u16, u16)>>,
    /// The VLAN of untagged frames (`bridge-pvid`).
    pub pvid: Option<Sourced<u16>>,
    /// Whether the port learns MAC addresses; on unless written.
    pub learning: Switch,
    /// Whether the bridge answers ARP and ND for this port from what EVPN told it.
    pub suppress: Switch,
}

/// A shared MAC with shared addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Virtual {
    /// The MAC.
    pub mac: MacAddress,
    /// The addresses, with their prefix lengths.
    pub addresses: Vec<InterfaceAddress>,
}

/// Whose language `/etc/network/interfaces` is written in, as far as its words tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Nothing in it is one tool's alone.
    #[default]
    Any,
    /// ifupdown2: interfaces without a family, VXLAN, VRFs, VLAN-aware bridges.
    Ifupdown2,
    /// Debian's ifupdown.
    Ifupdown,
    /// Alpine's ifupdown-ng.
    IfupdownNg,
}

/// What ifupdown2's policy files say holds where a stanza says nothing.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The MTU, in bytes; 1500 without it.
    pub mtu: Option<Sourced<u32>>,
    /// Whether a VXLAN device that is a port of a bridge learns MAC addresses; it does without it.
    pub learning: Option<Sourced<bool>>,
}

/// How the interfaces of a node were put together from files.
#[derive(Clone, Debug)]
pub struct InterfacesFile {
    /// `etc/network/interfaces` itself, or the file that was found in its place.
    pub main: crate::source::FileId,
    /// Whose language it is.
    pub dialect: Dialect,
    /// The defaults of this node.
    pub policy: Policy,
    /// Where a template engine would have to run first, or ranges stand for more than is expanded, so that not every
    /// interface is known.
    pub template: Option<Span>,
    /// `source` lines with a relative path and `source-directory` lines, which ifupdown2 3.0 does not follow
    /// (measured). Their files are read all the same.
    pub unfollowed: Vec<Sourced<String>>,
    /// Files below `etc/network/interfaces.d` that no `source` line reaches. They are read all the same, so that one
    /// missing line is one finding.
    pub unsourced: Vec<Sourced<String>>,
    /// Files that ifupdown2 does not read, for want of a line that it follows; what they describe is not set up.
    pub unread: std::collections::BTreeSet<crate::source::FileId>,
    /// The number in `#version:` of the file that Proxmox's SDN generates, with its place.
    pub sdn_version: Option<Sourced<u64>>,
    /// The first line of that file, whether or not it bears a version.
    pub sdn: Option<Span>,
}

impl Link {
    /// An interface of which nothing is known but its name.
    pub fn new(name: &str, span: Span) -> Self {
        Self {
            name: name.to_owned(),
            span,
            stanzas: vec![],
            frr: None,
            auto: None,
            late_auto: None,
            hotplug: None,
            repeats: vec![],
            kind: if name == "lo" { LinkKind::Loopback } else { LinkKind::Physical },
            addresses: vec![],
            dynamic: false,
            mtu: None,
            hwaddress: None,
            bond_master: None,
            stray_vlan_id: None,
            pointopoint: None,
            vrf: None,
            virtuals: vec![],
            port: BridgePort::default(),
            ip_forward: None,
            ip6_forward: None,
            arp_accept: None,
            ipv6_disabled: None,
            gateways: vec![],
            hooks: vec![],
            lacp_system: None,
            clag: None,
            default_tunnel_ip: None,
            wireguard: None,
        }
    }

    /// Where it is described in `/etc/network/interfaces`, else where it is first named.
    pub fn place(&self) -> Span {
        self.stanzas.first().copied().unwrap_or(self.span)
    }

    /// Whether `/etc/network/interfaces` describes it.
    pub fn is_described(&self) -> bool {
        !self.stanzas.is_empty()
    }

    /// Whether a file says that it is made: `/etc/network/interfaces`, or wg-quick's.
    pub fn is_made(&self) -> bool {
        self.is_described() || self.wireguard.is_some()
    }

    /// The VRF it is in; the default one has the empty name.
    pub fn vrf_name(&self) -> &str {
        self.vrf.as_ref().map_or("", |vrf| vrf.value.as_str())
    }

    /// Whether an address is directly connected through it: in one of its subnets, or the other end (`pointopoint`).
    pub fn connects(&self, ip: IpAddr) -> bool {
        self.pointopoint.as_ref().is_some_and(|other| other.ip == ip)
            || self.addresses.iter().any(|own| !own.is_host() && own.prefix().contains(ip))
    }

    /// The VXLAN device, if it is one.
    pub fn vxlan(&self) -> Option<&Vxlan> {
        match &self.kind {
            LinkKind::Vxlan(vxlan) => Some(vxlan),
            _ => None,
        }
    }

    /// The ports, if it is a bridge.
    pub fn ports(&self) -> &[Sourced<String>] {
        match &self.kind {
            LinkKind::Bridge { ports, .. } => ports,
            _ => &[],
        }
    }

    /// Whether it is a bridge that filters VLANs.
    pub fn is_vlan_aware(&self) -> bool {
        matches!(&self.kind, LinkKind::Bridge { vlan_aware, .. } if super::is_on(vlan_aware))
    }

    /// The VLAN of untagged frames of a bridge that keeps VLANs apart; 1 unless written (`br_vlan_init`).
    pub fn pvid(&self) -> u16 {
        self.port.pvid.as_ref().map_or(1, |pvid| pvid.value)
    }

    /// The VLAN of untagged frames of a port of such a bridge; the bridge's unless written.
    pub fn pvid_in(&self, bridge: &Link) -> u16 {
        self.port.pvid.as_ref().map_or(bridge.pvid(), |pvid| pvid.value)
    }
}

impl Vxlan {
    /// The UDP port that its tunnels go to: that of RFC 7348 unless written.
    pub fn udp_port(&self) -> u16 {
        self.port.as_ref().map_or(4789, |port| port.value)
    }
}

/// A rule of source NAT as Proxmox's SDN writes it into a hook: what the node's routes were when the file was generated is
/// frozen in it (pve-network, `SimplePlugin` and `EvpnPlugin`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceNat<'h> {
    /// `iptables`, or `ip6tables`.
    pub tool: &'h str,
    /// What is translated.
    pub subnet: &'h str,
    /// The interface that it leaves by.
    pub interface: &'h str,
    /// The address that it gets.
    pub address: &'h str,
}

impl<'h> SourceNat<'h> {
    /// Reads the command of a hook that adds such a rule.
    pub fn parse(hook: &'h str) -> Option<Self> {
        let words: Vec<&str> = hook.split_ascii_whitespace().collect();
        let (tool, rest) = words.split_first()?;
        match rest {
            ["-t", "nat", "-A", "POSTROUTING", "-s", subnet, "-o", interface, "-j", "SNAT", "--to-source", address] => {
                Some(Self { tool, subnet: subnet.trim_matches('\''), interface, address })
            }
            _ => None,
        }
    }
}

/// The name of an interface without the number at the end: ports of one kind share it.
pub fn stem(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit())
}
