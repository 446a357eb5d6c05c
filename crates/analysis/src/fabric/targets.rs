//! Route targets, written or automatic, and who imports what of whom.
//!
//! FRR's automatic target is `AS:VNI` with the lower 16 bits of the AS (`form_auto_rt`, bgp_evpn.c); with
//! `rfc8365-compatible` the number bears the VXLAN type in its upper bits. Automatic import asks for the number alone,
//! whoever's AS it is; written targets are compared whole. Writing one takes the automatic one of that direction away.

use super::device::Device;
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::{
    model::{
        Asn, RouteTarget, Sourced, Vni,
        bgp::{AutoTarget, BgpInstance, RouteTargets},
        frr::Frr,
        is_on,
    },
    source::Span,
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

/// What RFC 8365 (section 5.1.2.1) puts into the number of an automatic target: the type "VXLAN" in bits 28 to 30.
const RFC8365_VXLAN: u32 = 1 << 28;

/// What one node does with the routes of a VNI, or of a VRF.
#[derive(Clone)]
pub struct TargetPolicy<'m> {
    /// The node.
    pub node: NodeIndex,
    /// What it exports; empty where `auto-route-target export add-never` stands alone.
    pub exports: BTreeSet<RouteTarget>,
    /// What it imports by whole value.
    pub imports: BTreeSet<RouteTarget>,
    /// The number that its automatic import asks for, where there is one.
    pub auto_import: Option<u32>,
    /// The lines that say so, if any do.
    pub written: Vec<&'m Sourced<RouteTarget>>,
    /// Where the automatic ones come from: the AS, or `autort rfc8365-compatible`; or the line that takes them away.
    pub derived: Option<Span>,
    /// Whether the automatic ones that it exports are those of RFC 8365.
    pub is_rfc8365: bool,
    /// Where that would be written: the EVPN address family of the instance.
    pub family: Option<Span>,
}

impl TargetPolicy<'_> {
    /// Whether it keeps the routes that another exports.
    pub fn imports_from(&self, other: &TargetPolicy) -> bool {
        other.exports.iter().any(|target| {
            self.imports.contains(target)
                || self.imports.contains(&RouteTarget::Any(target.number()))
                || self.auto_import.is_some_and(|number| matches_auto(*target, number))
        })
    }

    /// What it exports, in words.
    pub fn exports_shown(&self) -> String {
        if self.exports.is_empty() { "nothing".to_owned() } else { join_names(&self.exports) }
    }

    /// Whether two parties do the same, so that one can stand for both.
    pub fn class(&self) -> (BTreeSet<u32>, &BTreeSet<RouteTarget>, Option<u32>, bool) {
        // Automatic exports differ by AS alone, which automatic imports ignore.
        let is_auto = self.written.is_empty();
        let exports =
            if is_auto { self.exports.iter().map(|target| target.number()).collect() } else { BTreeSet::new() };
        (exports, &self.imports, self.auto_import, is_auto)
    }
}

/// FRR masks the AS off before it compares with an automatic import; types with a two-octet number hold 16 bits only.
fn matches_auto(target: RouteTarget, number: u32) -> bool {
    match target {
        RouteTarget::As2(_, own) | RouteTarget::Any(own) => own == number,
        RouteTarget::Ipv4(_, own) | RouteTarget::As4(_, own) => u32::from(own) == number,
    }
}

/// Everybody's part in every L2VNI.
pub fn layer2<'m>(devices: &ByNode<Device<'m>>) -> BTreeMap<Vni, Vec<TargetPolicy<'m>>> {
    let mut all: BTreeMap<Vni, Vec<TargetPolicy>> = BTreeMap::new();
    for (node, device) in devices.iter_enumerated() {
        for vni in device.l2vnis() {
            if let Some(party) = of_vni(device, node, vni) {
                all.entry(vni).or_default().push(party);
            }
        }
    }
    all
}

/// Everybody's part in the VRF of every L3VNI.
pub fn layer3<'m>(devices: &ByNode<Device<'m>>) -> BTreeMap<Vni, Vec<TargetPolicy<'m>>> {
    let mut all: BTreeMap<Vni, Vec<TargetPolicy>> = BTreeMap::new();
    for (node, device) in devices.iter_enumerated() {
        for (name, _, vni) in device.node.frr.iter().flat_map(Frr::l3vnis) {
            if let Some(party) = of_vrf(device, node, name, vni.value) {
                all.entry(vni.value).or_default().push(party);
            }
        }
    }
    all
}

/// A node's part in an L2VNI; `None` where it runs no EVPN.
pub fn of_vni<'m>(device: &Device<'m>, node: NodeIndex, vni: Vni) -> Option<TargetPolicy<'m>> {
    let instance = device.node.frr.as_ref()?.evpn()?;
    let written = instance.evpn.vnis.iter().find(|own| own.vni.value == vni).map(|own| &own.targets);
    Some(party(node, instance, instance.asn.value, vni, written))
}

/// A node's part in the VRF of an L3VNI; `None` where it runs no EVPN.
pub fn of_vrf<'m>(device: &Device<'m>, node: NodeIndex, vrf: &str, vni: Vni) -> Option<TargetPolicy<'m>> {
    let frr = device.node.frr.as_ref()?;
    Some(of_instance(node, frr.evpn()?, frr.instance(Some(vrf).filter(|vrf| !vrf.is_empty())), vni))
}

/// A node's part in the VRF of an L3VNI, with the instance that runs EVPN and that of the VRF. Without one of its own,
/// bgpd makes one with the AS of the EVPN instance.
pub fn of_instance<'m>(
    node: NodeIndex,
    evpn: &'m BgpInstance,
    tenant: Option<&'m BgpInstance>,
    vni: Vni,
) -> TargetPolicy<'m> {
    let targets = tenant.map(|tenant| &tenant.evpn.targets);
    party(node, tenant.unwrap_or(evpn), evpn.asn.value, vni, targets)
}

/// What all nodes have in common that write nothing of a VNI: whether RFC 8365 is asked for. The AS is masked off.
pub fn is_plain(device: &Device, vni: Vni) -> Option<bool> {
    let instance = device.node.frr.as_ref()?.evpn()?;
    let evpn = &instance.evpn;
    let is_written = evpn.vnis.iter().any(|own| own.vni.value == vni);
    let [import, export] = [&evpn.rfc8365_import, &evpn.rfc8365_export].map(is_on);
    (!is_written && import == export).then_some(export)
}

/// The number of a VNI's automatic target.
pub fn number(vni: Vni, rfc8365: bool) -> u32 {
    vni.number() | if rfc8365 { RFC8365_VXLAN } else { 0 }
}

/// The VNI whose automatic target has that number, with RFC 8365's type or without.
pub fn vni_of(number: u32, rfc8365: bool) -> Option<Vni> {
    let flag = if rfc8365 { RFC8365_VXLAN } else { 0 };
    let bare = number.checked_sub(flag)?;
    Vni::new(bare)
}

fn party<'m>(
    node: NodeIndex,
    instance: &'m BgpInstance,
    evpn_asn: Asn,
    vni: Vni,
    written: Option<&'m RouteTargets>,
) -> TargetPolicy<'m> {
    let [import_number, export_number] =
        [&instance.evpn.rfc8365_import, &instance.evpn.rfc8365_export].map(|switch| number(vni, is_on(switch)));
    let admin = instance
        .evpn
        .autort_as
        .as_ref()
        .map_or(if instance.vrf.is_some() { instance.asn.value } else { evpn_asn }, |asn| asn.value);
    let auto = RouteTarget::As2((admin.0 & 0xffff) as u16, export_number);
    let none = RouteTargets::default();
    let targets = written.unwrap_or(&none);
    let values = |list: &[Sourced<RouteTarget>]| list.iter().map(|target| target.value).collect::<BTreeSet<_>>();
    let mut exports = values(&targets.export);
    if targets.exports_auto() {
        exports.insert(auto);
    }
    let imports = values(&targets.import);
    let auto_import = targets.imports_auto().then_some(import_number);
    let lines = written.into_iter().flat_map(|targets| targets.import.iter().chain(&targets.export)).collect();
    let switch = instance.evpn.rfc8365_export.as_ref().filter(|switch| switch.value);
    let directions = [&targets.import_auto, &targets.export_auto].into_iter().flatten();
    let never = directions.filter(|asked| asked.value == AutoTarget::Never).find_map(Sourced::span);
    TargetPolicy {
        node,
        exports,
        imports,
        auto_import,
        written: lines,
        derived: never.or(switch.map_or(instance.asn.span(), |switch| switch.span())),
        is_rfc8365: switch.is_some(),
        family: instance.evpn.span.or(Some(instance.span)),
    }
}
