//! The subnets of a vnet on its bridge: gateways, source NAT, routes to single hosts.

use super::{
    job::Job,
    stanzas::{Lines, Stanzas},
};
use evpnlint_core::{
    model::{
        intent::{Subnet, ZoneKind},
        is_on,
        twin::{Gap, INTERFACES},
    },
    source::Span,
};
use std::{collections::BTreeSet, net::IpAddr};

/// What the subnets of a vnet have, each by the first place that shows it.
#[derive(Default)]
pub(super) struct Families {
    /// A subnet.
    pub(super) any: Option<Option<Span>>,
    /// An IPv4 gateway.
    pub(super) ipv4: Option<Option<Span>>,
    /// An IPv6 gateway.
    pub(super) ipv6: Option<Option<Span>>,
}

impl Families {
    /// The lines by which the bridge forwards what it has a gateway for.
    pub(super) fn forward(&self, lines: &mut Lines) {
        for (family, line) in [(self.ipv4, "ip-forward on"), (self.ipv6, "ip6-forward on")] {
            if let Some(because) = family {
                lines.add(line, because);
            }
        }
    }
}

/// The lines of all subnets of a vnet. `translates` is whether the node does source NAT for the zone.
pub(super) fn write(job: &Job, translates: bool, lines: &mut Lines, into: &mut Stanzas) -> Families {
    let subnets = job.ground.subnets.get(job.vnet.id.as_str());
    let (mut families, mut seen) = (Families::default(), BTreeSet::new());
    for subnet in subnets.into_iter().flatten() {
        let Some((cidr, length)) = cidr(subnet) else {
            let why = "has an id that is no `zone-network-length`".to_owned();
            into.gaps.push(Gap {
                file: INTERFACES,
                about: format!("subnet {}", subnet.id),
                why,
                span: subnet.id.span(),
            });
            continue;
        };
        families.any.get_or_insert(subnet.id.span());
        if let Some(gateway) = &subnet.gateway {
            if seen.insert(gateway.value) {
                lines.add(format_args!("address {gateway}/{length}"), gateway.span());
            }
            let family = if gateway.is_ipv6() { &mut families.ipv6 } else { &mut families.ipv4 };
            family.get_or_insert(gateway.span());
        }
        // Without a gateway a subnet is one of IPv4 to Proxmox, whatever its prefix.
        let is_ipv6 = subnet.gateway.as_ref().is_some_and(|gateway| gateway.is_ipv6());
        if job.zone.kind == ZoneKind::Simple && !is_ipv6 && length == "32" {
            lines.add(format_args!("up ip route add {cidr} dev {}", job.vnet.id), subnet.id.span());
        }
        if translates && is_on(&subnet.snat) {
            translate(job, subnet, &cidr, if is_ipv6 { "ip6tables" } else { "iptables" }, lines, into);
        }
    }
    families
}

/// The network of a subnet as it is written, host bits and all, and the length of its prefix.
fn cidr(subnet: &Subnet) -> Option<(String, &str)> {
    let mut parts = subnet.id.value.split('-').skip(1);
    let (network, length) = (parts.next()?, parts.next()?);
    network.parse::<IpAddr>().ok()?;
    length.parse::<u8>().ok()?;
    Some((format!("{network}/{length}"), length))
}

/// The rules of source NAT. The generator writes none where the kernel has no route to the Internet.
fn translate(job: &Job, subnet: &Subnet, cidr: &str, tool: &'static str, lines: &mut Lines, into: &mut Stanzas) {
    let because = subnet.snat.as_ref().and_then(|snat| snat.span());
    let Some(out) = job.ground.ways.of(&job.vnet.id, tool) else {
        let why = "asks for SNAT, out of whatever interface the kernel's routes told, and no file shows it".to_owned();
        into.gaps.push(Gap { file: INTERFACES, about: format!("subnet {}", subnet.id), why, span: because });
        return;
    };
    let (interface, address) = (out.interface, out.address);
    for (hook, action) in [("post-up", "-A"), ("post-down", "-D")] {
        let rule = format!("-s '{cidr}' -o {interface} -j SNAT --to-source {address}");
        lines.add(format_args!("{hook} {tool} -t nat {action} POSTROUTING {rule}"), because);
    }
    for (hook, action) in [("post-up", "-I"), ("post-down", "-D")] {
        lines.add(format_args!("{hook} {tool} -t raw {action} PREROUTING -i fwbr+ -j CT --zone 1"), because);
    }
}
