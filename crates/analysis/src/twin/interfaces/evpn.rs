//! The vnets of an evpn zone, and its VRF with the device of the L3VNI (`EvpnPlugin`).

use super::{
    endpoint::Endpoint,
    gateways::{self, Families},
    job::Job,
    simple,
    skip::Skip,
    stanzas::{Lines, Stanzas},
};
use crate::twin::generator::Generation;
use evpnlint_core::{model::is_on, source::Span};
use std::fmt::Display;

/// Writes a vnet, and what the zone needs with the first one.
pub(super) fn write(job: &Job, into: &mut Stanzas) -> Result<(), Skip> {
    let Some(tag) = &job.vnet.tag else { return Err(Skip::new("has no tag", job.about_vnet())) };
    let endpoint = job.endpoint()?;
    let (vnet, zone) = (&job.vnet.id.value, &job.zone.id.value);
    let device = format!("vxlan_{vnet}");
    into.put(device.clone(), job.about_vnet(), tunnel(job, tag, tag.span(), endpoint));
    let mut lines = Lines::default();
    let families = gateways::write(job, exit(job).is_some(), &mut lines, into);
    bridge(job, &device, &families, &mut lines);
    into.put(vnet.clone(), job.about_vnet(), lines);
    into.put(format!("vrf_{zone}"), job.about_zone(), vrf(job));
    if let Some(vni) = &job.zone.vrf_vxlan {
        let number = vni.number();
        into.put(format!("vrfvx_{zone}"), vni.span(), tunnel(job, number, vni.span(), endpoint));
        let mut lines = Lines::default();
        lines.add(format_args!("bridge-ports vrfvx_{zone}"), vni.span());
        lines.add("bridge_stp off", vni.span());
        lines.add("bridge_fd 0", vni.span());
        lines.add_some(job.zone.effective_mtu().map(|mtu| format!("mtu {mtu}")), job.about_mtu());
        lines.add(format_args!("vrf vrf_{zone}"), vni.span());
        into.put(format!("vrfbr_{zone}"), vni.span(), lines);
    }
    if exit(job).is_some() && is_on(&job.zone.exit_local_routing) {
        local_routing(job, &families, into);
    }
    Ok(())
}

/// Where the node is made an exit node of the zone.
fn exit(job: &Job) -> Option<Option<Span>> {
    let own = job.zone.exit_nodes.iter().find(|node| node.value == job.seat.node.name);
    own.map(|node| node.span())
}

/// A VXLAN device.
fn tunnel(job: &Job, vni: impl Display, because: Option<Span>, endpoint: &Endpoint) -> Lines {
    let zone = job.zone;
    let mut lines = Lines::default();
    lines.add(format_args!("vxlan-id {vni}"), because);
    lines.add_some(endpoint.address.map(|ip| format!("vxlan-local-tunnelip {ip}")), endpoint.because);
    if let Some(port) = &zone.vxlan_port {
        lines.add(format_args!("vxlan-port {port}"), port.span());
    }
    lines.add("bridge-learning off", job.about_zone());
    if !is_on(&zone.suppression_disabled) {
        lines.add("bridge-arp-nd-suppress on", job.about_zone());
    }
    lines.add_some(zone.effective_mtu().map(|mtu| format!("mtu {mtu}")), job.about_mtu());
    lines
}

/// The bridge of the vnet, behind its addresses. `vlanaware` is nothing to this plugin.
fn bridge(job: &Job, device: &str, families: &Families, lines: &mut Lines) {
    let zone = job.zone;
    if let Some(mac) = &zone.mac {
        lines.add(format_args!("hwaddress {mac}"), mac.span());
    }
    lines.add(format_args!("bridge_ports {device}"), job.about_vnet());
    lines.add("bridge_stp off", job.about_vnet());
    lines.add("bridge_fd 0", job.about_vnet());
    simple::mtu_and_alias(job, lines);
    families.forward(lines);
    if let Some(because) = families.any {
        lines.add("arp-accept on", because);
    }
    lines.add(format_args!("vrf vrf_{}", zone.id), job.vnet.zone.as_ref().and_then(|zone| zone.span()));
}

/// The VRF. Its default route is the kernel's documented unreachable one of the highest metric; on exit nodes it is taken
/// away, so that what the VRF does not know is looked up in the main table.
fn vrf(job: &Job) -> Lines {
    let exit = exit(job);
    let action = if exit.is_some() { "del" } else { "add" };
    let because = exit.unwrap_or(job.about_zone());
    let mut lines = Lines::default();
    lines.add("vrf-table auto", job.about_zone());
    lines.add(
        format_args!("post-up ip route {action} vrf vrf_{} unreachable default metric 4278198272", job.zone.id),
        because,
    );
    lines
}

/// The veth pair between the VRF and the main table. It is drawn with the zone's first vnet, and has IPv6 only if that
/// has.
fn local_routing(job: &Job, families: &Families, into: &mut Stanzas) {
    let zone = &job.zone.id.value;
    let because = job.zone.exit_local_routing.as_ref().and_then(|switch| switch.span());
    let ipv6 = families.ipv6.filter(|_| job.seat.generation >= Generation::Templates);
    let mtu = job.zone.effective_mtu().map(|mtu| u64::from(mtu) + 50);
    let ends = [
        (format!("xvrf_{zone}"), format!("xvrfp_{zone}"), 1, None),
        (format!("xvrfp_{zone}"), format!("xvrf_{zone}"), 2, Some(format!("vrf vrf_{zone}"))),
    ];
    for (name, peer, host, vrf) in ends {
        let mut lines = Lines::default();
        lines.add("link-type veth", because);
        lines.add(format_args!("address 10.255.255.{host}/30"), because);
        lines.add_some(ipv6.map(|_| format!("address fe80::{host}/126")), ipv6.flatten());
        lines.add(format_args!("veth-peer-name {peer}"), because);
        lines.add_some(vrf, because);
        lines.add_some(mtu.map(|mtu| format!("mtu {mtu}")), job.about_mtu());
        into.put(name, because, lines);
    }
}
