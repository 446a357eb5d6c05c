//! What to change where a packet is lost.

use super::{
    Forwarding,
    blame::Obstacle,
    host::HostIndex,
    journey::{Event, Leg, Sent},
    loss::{Doubt, Fate, Loss},
    machine::DomainIndex,
};
use crate::fabric::{NodeIndex, device::Mtu, forwarding::Switched, guests::Port, overhead::overhead, tenants::title};
use evpnlint_core::{
    model::{guest::GuestKind, link::LinkKind},
    source::Span,
};
use std::net::IpAddr;

/// Where Proxmox keeps what it generates interfaces from.
const ZONES: &str = "Datacenter → SDN → Zones";

/// What to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// In words, without a full stop.
    pub what: String,
    /// The line that decides it, where there is one.
    pub span: Option<Span>,
}

impl<'m> Forwarding<'_, 'm> {
    /// What to change where a packet does not arrive.
    pub fn remedy(&self, fate: &Fate<'_>, sent: Sent<'_, '_>) -> Option<Remedy> {
        match fate {
            Fate::Host(_) | Fate::Node(..) | Fate::Outside(_) => None,
            Fate::Lost(loss) | Fate::Partial(loss) => {
                let places = self.decides(loss, sent.legs).places;
                Some(Remedy { what: self.cure(loss, sent), span: places.first().map(|(span, _)| *span) })
            }
            Fate::Unknown(doubt) => {
                let name = |node: &NodeIndex| self.fabric().name(*node);
                let what = match doubt {
                    Doubt::Link(node) => {
                        format!("tell in evpnlint.toml where the ports of {} lead, with [[link]]", name(node))
                    }
                    Doubt::Assumed(node) => format!("read what stands behind {}, too", name(node)),
                    Doubt::Mtu(node) => format!("write the MTU of the interfaces of {}", name(node)),
                    Doubt::NoHost => "ask in the other family, with -4 or -6".to_owned(),
                };
                Some(Remedy { what, span: None })
            }
        }
    }

    pub(super) fn cure(&self, loss: &Loss<'_>, sent: Sent<'_, '_>) -> String {
        let size = sent.size;
        let name = |node: &NodeIndex| self.fabric().name(*node);
        match loss {
            Loss::Detached(host) if self.hosts[*host].is_unplugged => {
                format!("plug {} in again", self.hosts[*host].name)
            }
            Loss::Detached(host) => self.attach(*host),
            Loss::HostRoute(host) => format!("give {} a default gateway", self.hosts[*host].name),
            Loss::HostMtu(host) => {
                let host = &self.hosts[*host];
                let bridge =
                    host.port_mtu.is_some_and(|mtu| mtu <= host.mtu) && (host.guest.is_some() || host.is_made_up);
                match self.base(host).filter(|_| bridge) {
                    Some((node, link)) => {
                        format!("send no more than {} bytes, or {}", host.mtu, self.raise(node, link, size))
                    }
                    None => format!("send no more than {} bytes, or raise the MTU of {}", host.mtu, host.name),
                }
            }
            Loss::HostPort(host, mtu) => {
                let host = &self.hosts[*host];
                let how = self.lowered(host, *mtu).map_or_else(String::new, |command| format!(" with {command}"));
                let lower = format!("lower the MTU of {} to {mtu}{how}", host.name);
                match self.base(host) {
                    Some((node, link)) => format!("{lower}, or {}", self.raise(node, link, size)),
                    None => lower,
                }
            }
            Loss::NoAnswer(_, Some(why)) => self.cure(why, sent),
            Loss::NoAnswer(ip, None) => self.meet(*ip, sent.legs),
            Loss::NobodyTakes(ip) => format!("write one MAC address for {ip} on all nodes that have it"),
            Loss::NotForHost(host) => format!("send by another next hop than {}", self.hosts[*host].name),
            Loss::NotForwarding(node, off) => match off.by {
                Switched::Parameter => format!(
                    "set net.ipv4.ip_forward and net.ipv6.conf.all.forwarding to 1 in the last file of {} that sets them, or \
                     write `ip forwarding` and `ipv6 forwarding` into its frr.conf",
                    name(node)
                ),
                Switched::Frr | Switched::Attribute | Switched::Bare => format!(
                    "turn forwarding on: no `no ip forwarding` in frr.conf of {0}, and `ip-forward on` where it is off",
                    name(node)
                ),
            },
            Loss::NoRoute(node, vrf) | Loss::Refused(node, vrf) => match self.home_of(sent.to) {
                Some(far) if far != *node && !vrf.is_empty() => {
                    let (own, far) = (name(node), name(&far));
                    format!(
                        "let {own} learn it from {far}: `evpnlint why {own} {far} --vrf {vrf}` says what is missing"
                    )
                }
                None if self.is_generated(*node, vrf) => {
                    format!("choose an exit node for the zone of VRF {vrf} in {ZONES}, and apply")
                }
                _ => format!("bring a route to it into VRF {} of {}", title(vrf), name(node)),
            },
            Loss::SourceNotLocal(node, ip) => {
                format!("give {ip} to the loopback of {}, or correct `vxlan-local-tunnelip`", name(node))
            }
            Loss::Swallowed(node, _) => format!("write the loopback's address of {} with /32", name(node)),
            Loss::NoWay(node, ip) => match self.obstacle(*node, *ip).0 {
                Obstacle::Drops => format!("take the route of {} out that drops what is for {ip}", name(node)),
                Obstacle::LeadsNowhere => {
                    format!("give that route of {} a next hop that it reaches, or take the route out", name(node))
                }
                Obstacle::NoOwner => format!("give {ip} to an interface of the node that has it as its VTEP address"),
                Obstacle::Narrow => format!("write the prefix length of the others there on {}", name(node)),
                Obstacle::NoRoute => format!("announce {ip} in the underlay, so that {} learns it", name(node)),
            },
            Loss::NoVni(node, vni) => match self.generates(*node) {
                true => format!("add {} to the nodes of the zone of VNI {vni} in {ZONES}, and apply", name(node)),
                false => format!("make VNI {vni} on {}, as a port of a bridge", name(node)),
            },
            Loss::Port(node, vni) => {
                format!("write the same `vxlan-port` for VNI {vni} on {} and the others", name(node))
            }
            Loss::RouterMac(node, vni) => {
                format!("let the interface of VNI {vni} on {} have the MAC address that it tells", name(node))
            }
            Loss::Silent(node, link, mtu) => match self.is_underlay(*node, link) {
                true => {
                    let over = self.tunnel_overhead(*node);
                    let fits = mtu.saturating_sub(over);
                    format!(
                        "{}, or lower that of the overlay and its hosts to {fits}",
                        self.raise(*node, link, size + over)
                    )
                }
                false => format!("{}, or send no more than {mtu} bytes", self.raise(*node, link, size)),
            },
            Loss::TooBig(node, link, left) => {
                let own = self.mtu_of(*node, link).map_or(*left, |mtu| mtu.bytes);
                let more = self.raise(*node, link, own + size.saturating_sub(*left));
                match own == *left {
                    true => format!("{more}, or send no more than {left} bytes"),
                    false => format!("{more}, or lower that of the overlay and its hosts to {left}"),
                }
            }
            Loss::Switch(at, _) => match self.wiring.switches.get(*at) {
                Some(switch) => format!("raise the MTU of switch {}", switch.name),
                None => "raise the MTU of the switch".to_owned(),
            },
            Loss::Loop(node) => format!("see where {} sends it: two routes lead to each other", name(node)),
            Loss::Ttl(node) => {
                format!("raise `vxlan-ttl`: the tunnel passes more routers than that up to {}", name(node))
            }
        }
    }

    /// How to attach a host whose port leads nowhere.
    fn attach(&self, host: HostIndex) -> String {
        let host = &self.hosts[host];
        let node = host.node.map_or("its node", |node| self.fabric().name(node));
        match (host.guest, host.node) {
            (Some((id, key)), Some(at)) if self.generates(at) => format!(
                "connect {key} of guest {id} to a vnet that {node} has; if its vnet is new, apply it in Datacenter → SDN"
            ),
            (Some((id, key)), _) => format!("connect {key} of guest {id} to a bridge that {node} has"),
            (None, _) => format!("add the port to `bridge-ports` of a bridge of {node}, in the VLAN of {}", host.name),
        }
    }

    /// The command that gives a guest's device the MTU of its bridge.
    fn lowered(&self, host: &super::Host<'m>, mtu: u32) -> Option<String> {
        let (id, key) = host.guest?;
        let is_it = |port: &&Port<'m>| port.guest.id == id && *port.nic.key == *key && port.node == host.node;
        let port = self.fabric().guests.iter().find(is_it)?;
        let mtu = match port.guest.kind {
            GuestKind::Machine => "mtu=1".to_owned(),
            GuestKind::Container => format!("mtu={mtu}"),
        };
        Some(port.command(&["mtu"], Some(&mtu)))
    }

    /// How to make an interface take packets of that size.
    fn raise(&self, node: NodeIndex, link: &str, size: u32) -> String {
        match self.is_generated(node, link) {
            true => format!("set `mtu {size}` on the zone in {ZONES}, and apply, if the underlay takes 50 bytes more"),
            false => format!("raise the MTU of {link} of {} to {size}", self.fabric().name(node)),
        }
    }

    /// The bridge, or the port, that a host is attached to.
    pub(super) fn base(&self, host: &super::Host<'m>) -> Option<(NodeIndex, &'m str)> {
        match host.segment? {
            super::Segment::Domain(node, domain) => Some((node, &self.machines[node].domains[domain].base.name)),
            super::Segment::Switch(..) => None,
        }
    }

    pub(super) fn mtu_place(&self, node: NodeIndex, link: &str) -> Option<Span> {
        self.mtu_of(node, link).map(|mtu| mtu.span)
    }

    fn mtu_of(&self, node: NodeIndex, link: &str) -> Option<Mtu> {
        let device = &self.fabric().devices[node];
        device.mtu(device.link(link)?)
    }

    fn is_generated(&self, node: NodeIndex, link: &str) -> bool {
        let device = &self.fabric().devices[node];
        device.link(link).is_some_and(|link| device.is_generated(link))
    }

    /// Whether Proxmox's SDN writes interfaces of a node.
    fn generates(&self, node: NodeIndex) -> bool {
        self.fabric().node(node).interfaces.as_ref().is_some_and(|file| file.sdn.is_some())
    }

    /// Whether a node sends tunnels' packets by an interface.
    fn is_underlay(&self, node: NodeIndex, link: &str) -> bool {
        let is_overlay = || {
            let device = &self.fabric().devices[node];
            device.link(link).is_some_and(|link| matches!(link.kind, LinkKind::Vxlan(_)))
        };
        self.ports.all.iter().any(|port| port.node == node && port.link.name == link) && !is_overlay()
    }

    /// Bytes that a node's tunnels add.
    fn tunnel_overhead(&self, node: NodeIndex) -> u32 {
        let vteps = self.fabric().devices[node].vteps();
        overhead(vteps.into_keys().next().unwrap_or(IpAddr::from([0; 4])))
    }

    /// How to get an answer for an address.
    fn meet(&self, ip: IpAddr, legs: &[Leg<'_>]) -> String {
        let Some((far, domain)) = self.owner_of(ip) else { return format!("give {ip} to somebody on that wire") };
        let name = |node: NodeIndex| self.fabric().name(node);
        let asker = legs.last().and_then(|leg| match leg.event {
            Event::Sends(host, _) => self.hosts[host].node,
            Event::Takes(node, ..) | Event::Routes(node, ..) | Event::Hops(node, ..) => Some(node),
            Event::Crosses(_) => None,
        });
        let tunnels = domain.map(|domain| &self.machines[far].domains[domain].tunnels);
        let shared = |node: NodeIndex| {
            let mut vnis = tunnels.into_iter().flatten().map(|own| own.vni);
            vnis.find(|vni| node != far && self.machines[node].of_vni(*vni, None).is_some())
        };
        match asker.and_then(|node| Some((node, shared(node)?))) {
            Some((node, vni)) => format!(
                "{ip} is in VNI {vni} on {1}, and {0} does not reach it: `evpnlint why {0} {1} --vni {vni}` says what is missing",
                name(node),
                name(far)
            ),
            None => format!("{ip} is on {}: bring it into the same VLAN or VNI, or route to it", name(far)),
        }
    }

    /// The node behind which somebody has an address, or that has it itself.
    fn home_of(&self, ip: IpAddr) -> Option<NodeIndex> {
        self.owner_of(ip).map(|(node, _)| node)
    }

    /// The same, with the domain that the address is in.
    fn owner_of(&self, ip: IpAddr) -> Option<(NodeIndex, Option<DomainIndex>)> {
        let near = self
            .hosts
            .owners(ip)
            .next()
            .and_then(|host| self.homes(host).first().map(|(node, domain)| (*node, Some(*domain))));
        let own =
            || self.addresses.get(&ip)?.first().map(|(node, own)| (*node, self.machines[*node].routed[*own].domain));
        near.or_else(own)
    }
}
