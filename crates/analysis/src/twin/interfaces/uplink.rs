//! The bridge that a vlan or qinq zone is on. The generator asks the kernel about it; a node's own files say the same of
//! a bridge that they describe.

use super::{job::Job, shown, skip::Skip};
use crate::twin::generator::Generation;
use evpnlint_core::model::{
    Sourced,
    intent::ZoneKind,
    link::{Link, LinkKind},
};

/// A kind of bridge.
pub(super) enum Uplink<'m> {
    /// A Linux bridge that filters VLANs.
    Aware,
    /// A Linux bridge that does not, with its physical ports.
    Plain(Vec<&'m str>),
    /// A bridge of Open vSwitch.
    OpenVswitch,
}

/// The name of the bridge, and its kind.
pub(super) fn of<'m>(job: &Job<'m>) -> Result<(&'m Sourced<String>, Uplink<'m>), Skip> {
    let zone = &job.zone.id;
    let Some(bridge) = &job.zone.bridge else {
        return Err(Skip::new(format!("is of zone {zone}, which names no bridge"), zone.span()));
    };
    let link = job.seat.node.link(bridge);
    let why = || format!("is of zone {zone}, whose bridge {bridge} no file of this node describes");
    let uplink = link.and_then(|link| described(job, link)).or_else(|| by_file(job, bridge));
    Ok((bridge, uplink.ok_or_else(|| Skip::new(why(), bridge.span()))?))
}

/// The kind of a bridge that files describe. Whatever is no Linux bridge Proxmox takes for one of Open vSwitch; the
/// generated file describes only those, and gives Linux bridges a VLAN protocol.
fn described<'m>(job: &Job<'m>, link: &'m Link) -> Option<Uplink<'m>> {
    let is_written = link.stanzas.iter().any(|span| Some(span.file) != shown::file(job.seat));
    match &link.kind {
        LinkKind::Bridge { .. } if link.is_vlan_aware() => Some(Uplink::Aware),
        LinkKind::Bridge { ports, .. } => {
            let ports = ports.iter().map(|port| port.value.as_str());
            Some(Uplink::Plain(ports.filter(|port| is_physical(job, &link.name, port)).collect()))
        }
        LinkKind::Other(_) if link.is_described() => Some(Uplink::OpenVswitch),
        _ if is_written => Some(Uplink::OpenVswitch),
        _ => None,
    }
}

/// The kind of a bridge that only the kernel knew, as what was generated on top of it shows.
fn by_file<'m>(job: &Job<'m>, bridge: &str) -> Option<Uplink<'m>> {
    let (seat, zone) = (job.seat, &job.zone.id);
    let (top, tag) = match job.zone.kind {
        ZoneKind::Qinq => (format!("z_{zone}"), job.zone.tag.as_ref()?),
        _ => (job.vnet.id.value.clone(), job.vnet.tag.as_ref()?),
    };
    if shown::ports(seat, &top).contains(&format!("{bridge}.{tag}").as_str()) {
        return Some(Uplink::Aware);
    }
    let raw = shown::raw_device(seat, &format!("sv_{zone}"));
    let tagged = shown::ports(seat, &format!("{bridge}v{tag}")).into_iter();
    let ports: Vec<&str> = tagged.filter_map(|port| port.strip_suffix(&format!(".{tag}"))).chain(raw).collect();
    (!ports.is_empty()).then_some(Uplink::Plain(ports))
}

/// Whether the generator takes a port for a physical one. Until 1.1.8 it went by the name alone; since then it asks the
/// kernel about other names too, and what it was told the file shows.
fn is_physical(job: &Job, bridge: &str, port: &str) -> bool {
    if has_known_name(port) {
        return true;
    }
    let seat = job.seat;
    let tagged = job.vnet.tag.as_ref().map(|tag| (format!("{bridge}v{tag}"), format!("{port}.{tag}")));
    let is_port = tagged.is_some_and(|(bridge, port)| shown::ports(seat, &bridge).contains(&port.as_str()));
    let is_raw = || shown::raw_device(seat, &format!("sv_{}", job.zone.id)) == Some(port);
    seat.generation >= Generation::Fabrics && (is_port || is_raw())
}

/// `eth0`, `bond0`, `eno1`, or a VLAN of such: what `PVE::Network::SDN::Zones::Plugin::get_bridge_ifaces` matches.
fn has_known_name(port: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (name, vlan) = port.split_once('.').map_or((port, None), |(name, vlan)| (name, Some(vlan)));
    let by_number = ["eth", "bond"].into_iter().filter_map(|stem| name.strip_prefix(stem)).any(is_number);
    let by_place = name.strip_prefix("en").is_some_and(|rest| !rest.is_empty());
    (by_number || by_place) && vlan.is_none_or(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_told_by_their_names() {
        for port in ["eth0", "bond12", "eno1", "enp3s0f1np1", "eth0.5", "enx0011.20"] {
            assert!(has_known_name(port), "{port}");
        }
        for port in ["eth", "tap100i0", "nic0", "en", "bond", "eth0.5.6", "eth0.a", "ethx0", "fwpr100p0", "ib0"] {
            assert!(!has_known_name(port), "{port}");
        }
    }
}
