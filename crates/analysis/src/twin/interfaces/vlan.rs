//! The vnets of a vlan zone: one VLAN of a bridge each (`VlanPlugin`).

use super::{
    job::Job,
    shown, simple,
    skip::Skip,
    stanzas::{Lines, Stanzas},
    uplink::{self, Uplink},
};
use evpnlint_core::model::is_on;

/// Writes a vnet.
pub(super) fn write(job: &Job, into: &mut Stanzas) -> Result<(), Skip> {
    let (bridge, uplink) = uplink::of(job)?;
    let vnet = &job.vnet.id.value;
    // Proxmox does not look whether there is a tag.
    let tag = job.vnet.tag.as_ref().map(|tag| tag.to_string()).unwrap_or_default();
    let port = match uplink {
        Uplink::OpenVswitch => open_vswitch(job, bridge, &tag, into),
        Uplink::Aware => format!("{bridge}.{tag}"),
        Uplink::Plain(ports) => plain(job, bridge, &tag, &ports, into),
    };
    let mut lines = Lines::default();
    simple::bridge(job, &port, &mut lines);
    into.put(vnet.clone(), job.about_vnet(), lines);
    Ok(())
}

fn about_tag(job: &Job) -> Option<evpnlint_core::source::Span> {
    job.vnet.tag.as_ref().and_then(|tag| tag.span()).or(job.about_vnet())
}

fn mtu(job: &Job, key: &str, lines: &mut Lines) {
    lines.add_some(job.zone.effective_mtu().map(|mtu| format!("{key} {mtu}")), job.about_mtu());
}

/// A port of the bridge in the VLAN, and the bridge once more: ifupdown2 merges the two.
fn open_vswitch(job: &Job, bridge: &str, tag: &str, into: &mut Stanzas) -> String {
    let port = format!("ln_{}", job.vnet.id);
    let because = job.zone.bridge.as_ref().and_then(|bridge| bridge.span());
    let mut lines = Lines::default();
    lines.add("ovs_type OVSIntPort", because);
    lines.add(format_args!("ovs_bridge {bridge}"), because);
    mtu(job, "ovs_mtu", &mut lines);
    let mode = "vlan_mode=dot1q-tunnel other_config:qinq-ethtype=802.1q ";
    let mode = if is_on(&job.vnet.vlan_aware) { mode } else { "" };
    lines.add(format_args!("ovs_options {mode}tag={tag}"), about_tag(job));
    into.put(port.clone(), job.about_vnet(), lines);
    into.append(bridge, format_args!("ovs_ports {port}"), job.about_vnet());
    port
}

/// A bridge over that VLAN of every physical port, and a veth pair from it to that of the vnet.
fn plain(job: &Job, bridge: &str, tag: &str, ports: &[&str], into: &mut Stanzas) -> String {
    let (near, far) = (format!("ln_{}", job.vnet.id), format!("pr_{}", job.vnet.id));
    for (name, peer) in [(&near, &far), (&far, &near)] {
        let mut lines = Lines::default();
        lines.add("link-type veth", job.about_vnet());
        lines.add(format_args!("veth-peer-name {peer}"), job.about_vnet());
        mtu(job, "mtu", &mut lines);
        into.put(name.clone(), job.about_vnet(), lines);
    }
    let name = format!("{bridge}v{tag}");
    let mut ports: Vec<String> = ports.iter().map(|port| format!("{port}.{tag}")).collect();
    // The kernel lists ports in no order.
    let shown = shown::ports(job.seat, &name);
    ports.sort_by_key(|port| shown.iter().position(|shown| shown == port));
    ports.push(far);
    let mut lines = Lines::default();
    lines.add(format_args!("bridge_ports {}", ports.join(" ")), about_tag(job));
    lines.add("bridge_stp off", about_tag(job));
    lines.add("bridge_fd 0", about_tag(job));
    mtu(job, "mtu", &mut lines);
    into.put(name, about_tag(job), lines);
    near
}
