//! The vnets of a qinq zone: VLANs inside the one service VLAN of the zone (`QinQPlugin`).

use super::{
    job::Job,
    shown, simple,
    skip::Skip,
    stanzas::{Lines, Stanzas},
    uplink::{self, Uplink},
};
use evpnlint_core::source::Span;

/// Writes a vnet, and what the zone needs with the first one.
pub(super) fn write(job: &Job, into: &mut Stanzas) -> Result<(), Skip> {
    let (bridge, uplink) = uplink::of(job)?;
    let zone = &job.zone.id.value;
    let service = match uplink {
        Uplink::OpenVswitch => open_vswitch(job, bridge, into),
        Uplink::Aware => aware(job, bridge, into),
        Uplink::Plain(ports) => plain(job, &ports, into),
    };
    // For the vnet without a tag.
    let (near, far) = (format!("ln_{zone}"), format!("pr_{zone}"));
    for (name, peer) in [(&near, &far), (&far, &near)] {
        let mut lines = Lines::default();
        lines.add("link-type veth", job.about_zone());
        lines.add(format_args!("veth-peer-name {peer}"), job.about_zone());
        into.put(name.clone(), job.about_zone(), lines);
    }
    let mut lines = Lines::default();
    lines.add_some(job.zone.effective_mtu().map(|mtu| format!("mtu {mtu}")), job.about_mtu());
    lines.add("bridge-stp off", job.about_zone());
    lines.add(format_args!("bridge-ports {service} {near}"), about_tag(job));
    lines.add("bridge-fd 0", job.about_zone());
    lines.add("bridge-vlan-aware yes", job.about_zone());
    lines.add("bridge-vids 2-4094", job.about_zone());
    into.put(format!("z_{zone}"), job.about_zone(), lines);
    let port = job.vnet.tag.as_ref().map_or(far, |tag| format!("z_{zone}.{tag}"));
    let mut lines = Lines::default();
    simple::bridge(job, &port, &mut lines);
    into.put(job.vnet.id.value.clone(), job.about_vnet(), lines);
    Ok(())
}

fn about_tag(job: &Job) -> Option<Span> {
    job.zone.tag.as_ref().and_then(|tag| tag.span()).or(job.about_zone())
}

/// The service VLAN.
fn tag(job: &Job) -> String {
    job.zone.tag.as_ref().map(|tag| tag.to_string()).unwrap_or_default()
}

/// A port of the bridge that tunnels, and the bridge once more: ifupdown2 merges the two.
fn open_vswitch(job: &Job, bridge: &str, into: &mut Stanzas) -> String {
    let port = format!("sv_{}", job.zone.id);
    let because = job.zone.bridge.as_ref().and_then(|bridge| bridge.span());
    let protocol = job.zone.vlan_protocol.as_ref().map_or("802.1q", |protocol| &protocol.value);
    let mut lines = Lines::default();
    lines.add("ovs_type OVSIntPort", because);
    lines.add(format_args!("ovs_bridge {bridge}"), because);
    lines.add_some(job.zone.effective_mtu().map(|mtu| format!("ovs_mtu {mtu}")), job.about_mtu());
    lines.add(
        format_args!("ovs_options vlan_mode=dot1q-tunnel tag={} other_config:qinq-ethtype={protocol}", tag(job)),
        about_tag(job),
    );
    into.put(port.clone(), job.about_zone(), lines);
    into.join(bridge, "ovs_ports", &port, job.about_zone());
    port
}

/// The VLAN device on top of the bridge. A protocol makes it, and the bridge, speak that.
fn aware(job: &Job, bridge: &str, into: &mut Stanzas) -> String {
    let port = format!("{bridge}.{}", tag(job));
    if let Some(protocol) = &job.zone.vlan_protocol {
        for (name, key) in [(bridge, "bridge-vlan-protocol"), (&port, "vlan-protocol")] {
            let mut lines = Lines::default();
            lines.add(format_args!("{key} {protocol}"), protocol.span());
            into.put(name.to_owned(), protocol.span(), lines);
        }
    }
    port
}

/// The VLAN device on top of the first physical port, in whatever order the kernel lists them; none without a port.
fn plain(job: &Job, ports: &[&str], into: &mut Stanzas) -> String {
    let name = format!("sv_{}", job.zone.id);
    let shown = shown::raw_device(job.seat, &name);
    let Some(port) = ports.iter().find(|port| Some(**port) == shown).or(ports.first()) else { return String::new() };
    let mut lines = Lines::default();
    lines.add(format_args!("vlan-raw-device {port}"), job.zone.bridge.as_ref().and_then(|bridge| bridge.span()));
    lines.add(format_args!("vlan-id {}", tag(job)), about_tag(job));
    if let Some(protocol) = &job.zone.vlan_protocol {
        lines.add(format_args!("vlan-protocol {protocol}"), protocol.span());
    }
    into.put(name.clone(), about_tag(job), lines);
    name
}
