//! The vnets of a simple zone: bridges without ports (`SimplePlugin`).

use super::{
    gateways,
    job::Job,
    stanzas::{Lines, Stanzas},
};
use evpnlint_core::model::is_on;

/// Writes a vnet.
pub(super) fn write(job: &Job, into: &mut Stanzas) {
    let name = &job.vnet.id.value;
    // It may be that a stanza of another vnet has the name; then nothing of this one is asked for.
    if into.has(name) {
        return;
    }
    let mut lines = Lines::default();
    // Every node translates for itself.
    let families = gateways::write(job, true, &mut lines, into);
    bridge(job, "none", &mut lines);
    families.forward(&mut lines);
    into.put(name.clone(), job.about_vnet(), lines);
}

/// The lines that the bridges of simple, vlan, qinq and vxlan zones share.
pub(super) fn bridge(job: &Job, ports: &str, lines: &mut Lines) {
    let vnet = job.vnet;
    lines.add(format_args!("bridge_ports {ports}"), job.about_vnet());
    lines.add("bridge_stp off", job.about_vnet());
    lines.add("bridge_fd 0", job.about_vnet());
    if is_on(&vnet.vlan_aware) {
        let because = vnet.vlan_aware.as_ref().and_then(|switch| switch.span());
        lines.add("bridge-vlan-aware yes", because);
        lines.add("bridge-vids 2-4094", because);
    }
    mtu_and_alias(job, lines);
}

/// The lines at the end of every vnet's bridge.
pub(super) fn mtu_and_alias(job: &Job, lines: &mut Lines) {
    lines.add_some(job.zone.effective_mtu().map(|mtu| format!("mtu {mtu}")), job.about_mtu());
    if let Some(alias) = &job.vnet.alias {
        lines.add(format_args!("alias {alias}"), alias.span());
    }
}
