//! Whether a node passes on what others send through it, by all that decides about it: kernel parameters, ifupdown2, and
//! FRR, which come in that order at boot.

use super::{device::Device, mtu};
use evpnlint_core::{
    model::{
        Sourced, Switch,
        link::{Link, LinkKind},
    },
    source::Span,
};

/// What switches forwarding off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switched {
    /// `no ip forwarding`, or `no ipv6 forwarding`.
    Frr,
    /// `ip-forward off` of the interface.
    Attribute,
    /// ifupdown2, of a bridge with neither an address nor anything above it.
    Bare,
    /// A kernel parameter.
    Parameter,
}

/// Why nothing is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Off {
    /// What does it.
    pub by: Switched,
    /// Where that is written.
    pub span: Option<Span>,
}

impl Off {
    fn written(by: Switched, value: &Sourced<bool>) -> Self {
        Self { by, span: value.span() }
    }
}

/// Why a node does not pass on what comes in by an interface; `None` where it does, or where no file says that it does
/// not.
///
/// zebra turns forwarding on or off for all interfaces, once it finds it otherwise for `all`, and else leaves it
/// (`ipforward`, `ipforward_on`; measured on FRR 8.4.4). IPv4 is then decided by the interface that a packet comes in by,
/// and IPv6 by `all` alone (measured on Linux 6.18).
pub fn off(device: &Device, link: &Link, is_v4: bool) -> Option<Off> {
    let by_file = by_parameters(device, is_v4);
    match (switch(device, is_v4), by_file.as_ref().map(|all| all.value)) {
        (Some(own), all) if !own.value && (all != Some(false) || !is_v4) => {
            return Some(Off::written(Switched::Frr, own));
        }
        (Some(own), Some(false)) if own.value => return None,
        _ => {}
    }
    if matches!(link.kind, LinkKind::Bridge { .. }) {
        let above =
            |other: &Link| matches!(&other.kind, LinkKind::Vlan { raw: Some(raw), .. } if raw.value == link.name);
        let is_bare = link.vrf.is_none() && link.addresses.is_empty() && !device.node.links.values().any(above);
        // ifupdown2 also switches it on where there is an address (`_set_bridge_forwarding`, addons/address.py).
        if is_bare {
            return Some(Off { by: Switched::Bare, span: None });
        } else if is_v4 && link.is_described() {
            return None;
        }
    }
    if let Some(own) = link.ip_forward.as_ref().filter(|_| is_v4) {
        return (!own.value).then(|| Off::written(Switched::Attribute, own));
    }
    let own =
        if is_v4 { device.node.sysctls.forwards4(&link.name).filter(|_| !device.switches_forwarding) } else { by_file };
    own.filter(|own| !own.value).map(|own| Off::written(Switched::Parameter, &own))
}

/// Why a node does not pass on tunnel packets between others: none of the interfaces that they could come in by does.
pub fn off_between(device: &Device, is_v4: bool) -> Option<Off> {
    let tenants = mtu::tenants(device);
    let links = device.node.links.values().filter(|link| mtu::carries(link, &tenants));
    let mut found = links.map(|link| off(device, link, is_v4)).peekable();
    if found.peek().is_none() {
        return switch(device, is_v4).filter(|own| !own.value).map(|own| Off::written(Switched::Frr, own));
    }
    let all: Option<Vec<Off>> = found.collect();
    // A bridge that nobody routes through says nothing of the node.
    all?.into_iter().find(|off| off.by != Switched::Bare)
}

/// What FRR is told.
fn switch<'d>(device: &'d Device, is_v4: bool) -> Option<&'d Sourced<bool>> {
    let frr = device.node.frr.as_ref()?;
    let switch: &Switch = if is_v4 { &frr.ip_forwarding } else { &frr.ipv6_forwarding };
    switch.as_ref()
}

/// What kernel parameters say for all interfaces, where no hook command may change that.
fn by_parameters(device: &Device, is_v4: bool) -> Option<Sourced<bool>> {
    let sysctls = &device.node.sysctls;
    let all = if is_v4 { sysctls.forwards4_at_all() } else { sysctls.forwards6() };
    all.filter(|_| !device.switches_forwarding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use evpnlint_core::{
        lang,
        model::Node,
        options::Options,
        source::{File, Sources},
    };

    const LINKS: &str = "auto lo\niface lo inet loopback\n\nauto eth0\niface eth0\n address 10.0.0.1/24\n\n\
                         auto br0\niface br0\n bridge-ports none\n bridge-vlan-aware yes\n\n\
                         auto br1\niface br1\n bridge-ports none\n address 10.1.0.1/24\n\n\
                         auto vlan10\niface vlan10\n vlan-raw-device br0\n vlan-id 10\n address 10.2.0.1/24\n";

    fn node(frr: &str, sysctl: &str, more: &str) -> Node {
        let mut sources = Sources::default();
        let files = [("etc/frr/frr.conf", frr), ("etc/sysctl.conf", sysctl)];
        for (inner, text) in files {
            sources.add(File::new(inner, "n", inner, text));
        }
        let inner = "etc/network/interfaces";
        sources.add(File::new(inner, "n", inner, format!("{LINKS}{more}")));
        lang::read(&sources, &Options::default()).nodes.remove(0)
    }

    /// What switches IPv4 off for what comes in by three interfaces, and IPv4 and IPv6 for what passes between others.
    fn offs(node: &Node) -> [Option<Switched>; 5] {
        let device = Device::new(node);
        let by = |off: Option<Off>| off.map(|off| off.by);
        let [port, bridge, vlan] =
            ["eth0", "br1", "vlan10"].map(|name| by(off(&device, node.link(name).unwrap(), true)));
        [port, bridge, vlan, by(off_between(&device, true)), by(off_between(&device, false))]
    }

    #[test]
    fn what_no_file_says_is_on() {
        assert_eq!(offs(&node("", "", "")), [None; 5]);
        assert_eq!(offs(&node("ip forwarding\n", "net.ipv4.tcp_ecn = 1\n", "")), [None; 5]);
    }

    #[test]
    fn parameters_come_first_then_ifupdown2_then_frr() {
        use Switched::{Attribute, Frr, Parameter};
        let off = "net.ipv4.ip_forward = 0\n";
        let both = "net.ipv4.ip_forward = 0\nnet.ipv6.conf.all.forwarding = 0\n";
        let parameter = Some(Parameter);
        for (frr, sysctl, more, wanted) in [
            // ifupdown2 turns it on for the bridge with an address, which tunnel packets may come in by, too.
            ("", off, "", [parameter, None, parameter, None, None]),
            ("", both, "", [parameter, None, parameter, None, parameter]),
            ("ip forwarding\n", both, "", [None, None, None, None, parameter]),
            ("ipv6 forwarding\n", both, "", [parameter, None, parameter, None, None]),
            ("no ip forwarding\n", "", "", [Some(Frr), Some(Frr), Some(Frr), Some(Frr), None]),
            ("no ipv6 forwarding\n", "", "", [None, None, None, None, Some(Frr)]),
            ("no ip forwarding\n", "net.ipv4.ip_forward = 1\n", "", [Some(Frr), Some(Frr), Some(Frr), Some(Frr), None]),
            // zebra finds it off, and does nothing.
            ("no ip forwarding\n", off, "", [parameter, None, parameter, None, None]),
            ("", "net.ipv4.conf.vlan10.forwarding = 0\n", "", [None, None, parameter, None, None]),
            ("", off, "\nauto eth1\niface eth1\n post-up sysctl -w net.ipv4.ip_forward=1\n", [None; 5]),
            ("", off, " ip-forward on\n", [parameter, None, None, None, None]),
            ("", "", " ip-forward off\n", [None, None, Some(Attribute), None, None]),
            ("", "", " ip6-forward off\n", [None; 5]),
        ] {
            assert_eq!(offs(&node(frr, sysctl, more)), wanted, "{frr}{sysctl}{more}");
        }
    }

    #[test]
    fn a_tunnel_of_wireguard_has_80_bytes_less() {
        let mtu = |interfaces: &str, tunnel: &str| {
            let mut sources = Sources::default();
            for (inner, text) in [("etc/network/interfaces", interfaces), ("etc/wireguard/wg0.conf", tunnel)] {
                sources.add(File::new(inner, "n", inner, text));
            }
            let node = lang::read(&sources, &Options::default()).nodes.remove(0);
            let device = Device::new(&node);
            device.mtu(node.link("wg0").unwrap()).map(|mtu| mtu.bytes)
        };
        let eth0 =
            "auto lo\niface lo inet loopback\n\nauto eth0\niface eth0\n address 192.0.2.1/24\n gateway 192.0.2.9\n";
        let jumbo = format!("{eth0} mtu 9000\n");
        let own = "[Interface]\nAddress = 10.9.0.1/24\n";
        let peer = |endpoint: &str| format!("{own}[Peer]\nEndpoint = {endpoint}:51820\n");
        assert_eq!(mtu(eth0, own), Some(1420));
        assert_eq!(mtu(eth0, &format!("{own}MTU = 1380\n")), Some(1380));
        assert_eq!(mtu(&jumbo, &peer("192.0.2.2")), Some(8920));
        assert_eq!(mtu(&jumbo, &peer("203.0.113.2")), Some(8920));
        // A name is found where no file tells; the default route is no witness of an address of another family.
        assert_eq!(mtu(&jumbo, &peer("[2001:db8::2]")), None);
        assert_eq!(mtu(eth0, &peer("[2001:db8::2]")), Some(1420));
        assert_eq!(mtu(eth0, &format!("{own}PostUp = ip link set mtu 1300 dev wg0\n")), None);
    }
}
