//! What the node's own generated file shows of what the kernel told the generator. Only what stands in that file counts:
//! the same interface may be described elsewhere too.

use crate::twin::seat::Seat;
use evpnlint_core::{
    model::{
        Sourced,
        link::{LinkKind, SourceNat},
    },
    source::FileId,
};
use std::{collections::BTreeMap, net::IpAddr};

/// The generated file, if the node has one.
pub(super) fn file(seat: &Seat) -> Option<FileId> {
    Some(seat.node.interfaces.as_ref()?.sdn?.file)
}

fn is_shown<T>(seat: &Seat, value: &Sourced<T>) -> bool {
    value.span().is_some_and(|span| Some(span.file) == file(seat))
}

/// The source address of a VXLAN device.
pub(super) fn local(seat: &Seat, device: &str) -> Option<IpAddr> {
    let local = seat.node.link(device)?.vxlan()?.local.as_ref()?;
    is_shown(seat, local).then_some(local.value)
}

/// The remote endpoints of a VXLAN device; `None` where the file does not describe it.
pub(super) fn remotes(seat: &Seat, device: &str) -> Option<Vec<IpAddr>> {
    let vxlan = seat.node.link(device)?.vxlan()?;
    let is_there = vxlan.vni.as_ref().is_some_and(|vni| is_shown(seat, vni));
    let remotes = vxlan.remotes.iter().filter(|remote| is_shown(seat, remote));
    is_there.then(|| remotes.map(|remote| remote.value).collect())
}

/// The ports of a bridge, in their order.
pub(super) fn ports<'m>(seat: &Seat<'m>, bridge: &str) -> Vec<&'m str> {
    let ports = seat.node.link(bridge).map_or(&[][..], |link| link.ports());
    ports.iter().filter(|port| is_shown(seat, port)).map(|port| port.value.as_str()).collect()
}

/// The interface below a VLAN device.
pub(super) fn raw_device<'m>(seat: &Seat<'m>, device: &str) -> Option<&'m str> {
    match &seat.node.link(device)?.kind {
        LinkKind::Vlan { raw: Some(raw), .. } if is_shown(seat, raw) => Some(&raw.value),
        _ => None,
    }
}

/// Whether the file gives an interface an address.
pub(super) fn is_addressed(seat: &Seat, name: &str) -> bool {
    let link = seat.node.link(name);
    link.is_some_and(|link| link.addresses.iter().any(|address| is_shown(seat, address)))
}

/// The rules of source NAT in the file: each tool's by the bridge that has it, and its first one.
#[derive(Default)]
pub(super) struct WaysOut<'m> {
    by_bridge: BTreeMap<(&'m str, &'m str), SourceNat<'m>>,
    first: BTreeMap<&'m str, SourceNat<'m>>,
}

impl<'m> WaysOut<'m> {
    /// The rule that a tool translates by, on a vnet's bridge if there it does, else on any: the generator asks the kernel
    /// for the way out anew for each subnet, and gets the same answer.
    pub(super) fn of(&self, vnet: &'m str, tool: &'m str) -> Option<SourceNat<'m>> {
        self.by_bridge.get(&(vnet, tool)).or_else(|| self.first.get(tool)).copied()
    }
}

/// All that the file shows of the way out.
pub(super) fn ways_out<'m>(seat: &Seat<'m>) -> WaysOut<'m> {
    let mut ways = WaysOut::default();
    for link in seat.node.links.values() {
        let hooks = link.hooks.iter().filter(|hook| is_shown(seat, hook));
        for rule in hooks.filter_map(|hook| SourceNat::parse(&hook.value)) {
            ways.by_bridge.entry((&link.name, rule.tool)).or_insert(rule);
            ways.first.entry(rule.tool).or_insert(rule);
        }
    }
    ways
}
