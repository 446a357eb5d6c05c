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
        let is_bare =
            link.vrf.is_none() && link.addresses.is_empty() && !device.node.links.values().any(above);
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
    let own = if is_v4 { device.node.sysctls.forwards4(&link.name).filter(|_| !may_differ(device)) } else { by_file };
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
    all.filter(|_| !may_differ(device))
}

/// Whether a hook command may switch forwarding: `sysctl -w net.ipv4.ip_forward=1`.
fn may_differ(device: &Device) -> bool {
    !device.node.sysctls.is_empty()
        && device.node.links.values().flat_map(|link| &link.hooks).any(|hook| hook.value.contains("forward"))
}
