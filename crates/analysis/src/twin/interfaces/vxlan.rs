//! The vnets of a vxlan zone: a VXLAN device with every other node as a remote, below a bridge (`VxlanPlugin`).

use super::{
    endpoint::Endpoint,
    job::Job,
    shown, simple,
    skip::Skip,
    stanzas::{Lines, Stanzas},
};
use evpnlint_core::model::{
    Sourced,
    twin::{Gap, INTERFACES},
};
use std::net::IpAddr;

/// Writes a vnet.
pub(super) fn write(job: &Job, into: &mut Stanzas) -> Result<(), Skip> {
    let (zone, vnet) = (job.zone, job.vnet);
    let Some(tag) = &vnet.tag else { return Err(Skip::new("has no tag", job.about_vnet())) };
    let endpoint = job.endpoint()?;
    let device = format!("vxlan_{}", vnet.id);
    let mut lines = Lines::default();
    lines.add(format_args!("vxlan-id {tag}"), tag.span());
    for remote in remotes(job, &device, endpoint, into) {
        lines.add(format_args!("vxlan_remoteip {remote}"), remote.span());
    }
    if let Some(port) = &zone.vxlan_port {
        lines.add(format_args!("vxlan-port {port}"), port.span());
    }
    lines.add_some(zone.effective_mtu().map(|mtu| format!("mtu {mtu}")), job.about_mtu());
    into.put(device.clone(), job.about_vnet(), lines);
    let mut lines = Lines::default();
    simple::bridge(job, &device, &mut lines);
    into.put(vnet.id.value.clone(), job.about_vnet(), lines);
    Ok(())
}

/// The other nodes. Where the generator asked the kernel which of the peers it is itself, it left out that one: the file
/// shows which, as long as one alone is missing from it.
fn remotes(job: &Job, device: &str, endpoint: &Endpoint, into: &mut Stanzas) -> Vec<Sourced<IpAddr>> {
    let mut peers = endpoint.peers.clone();
    if let Some(own) = endpoint.address {
        peers.retain(|peer| peer.value != own);
        return peers;
    }
    let shown = shown::remotes(job.seat, device);
    let is_lacking = |peer: &&Sourced<IpAddr>| shown.as_ref().is_none_or(|shown| !shown.contains(&peer.value));
    let lacking = peers.iter().filter(is_lacking).count();
    if lacking > 1 {
        let why = "floods to every peer but the one that the kernel's routes told is the node, and no file shows which";
        let span = job.zone.peers.first().and_then(|peer| peer.span());
        into.gaps.push(Gap { file: INTERFACES, about: format!("vnet {}", job.vnet.id), why: why.to_owned(), span });
    }
    peers.retain(|peer| shown.as_ref().is_some_and(|shown| shown.contains(&peer.value)));
    peers
}
