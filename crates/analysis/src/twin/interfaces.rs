//! `interfaces.d/sdn`: the interfaces of zones and vnets, then those of fabrics.
//!
//! As pve-network does it (`PVE::Network::SDN::Zones::generate_etc_network_config`): vnet by vnet in the order of their
//! ids, each by the plugin of its zone; of two stanzas for one interface, the first stays. A plugin that gives up leaves
//! out that one vnet, with a warning in the log of the task.
//!
//! | file | what it does |
//! |---|---|
//! | `ground.rs` | what all vnets of the node share |
//! | `job.rs` | one vnet, and all that the plugin of its zone goes by |
//! | `skip.rs` | why a vnet is left out |
//! | `stanzas.rs` | stanzas by name, until they are written |
//! | `evpn.rs`, `simple.rs`, `vxlan.rs`, `vlan.rs`, `qinq.rs` | one type of zone each |
//! | `gateways.rs` | the subnets of a vnet: gateways, source NAT, routes |
//! | `endpoint.rs` | where the tunnels of a zone come from |
//! | `uplink.rs` | the bridge below a vlan or qinq zone |
//! | `shown.rs` | what the node's own generated file shows of what the kernel told the generator |
//! | `fabrics.rs` | the interfaces of fabrics |

use super::{draft::Drafts, seat::Seat};
use evpnlint_core::model::{
    intent::{Vnet, ZoneKind},
    twin::{Gap, INTERFACES},
};
use ground::Ground;
use job::Job;
use skip::Skip;
use stanzas::Stanzas;

mod endpoint;
mod evpn;
mod fabrics;
mod gateways;
mod ground;
mod job;
mod qinq;
mod shown;
mod simple;
mod skip;
mod stanzas;
#[cfg(test)]
mod tests;
mod uplink;
mod vlan;
mod vxlan;

/// Writes the file for a node.
pub(super) fn write(seat: &Seat, into: &mut Drafts) {
    let mut vnets: Vec<&Vnet> = seat.sdn.vnets.iter().collect();
    vnets.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    let mut stanzas = Stanzas::default();
    let ground = Ground::new(seat, &mut stanzas.gaps);
    for vnet in vnets {
        if let Err(Skip { why, span }) = draw(&ground, vnet, &mut stanzas) {
            stanzas.gaps.push(Gap { file: INTERFACES, about: format!("vnet {}", vnet.id), why, span });
        }
    }
    if let Some(version) = &seat.intent.version {
        into.interfaces.line(format_args!("#version:{version}"), version.span());
    }
    stanzas.finish(into);
    fabrics::write(seat, into);
    into.gaps.extend(unread(seat));
}

/// The interfaces of one vnet.
fn draw(ground: &Ground, vnet: &Vnet, into: &mut Stanzas) -> Result<(), Skip> {
    let place = vnet.id.span();
    let Some(id) = &vnet.zone else { return Err(Skip::new("names no zone", place)) };
    let seat = ground.seat;
    let zone = ground
        .zones
        .get(id.as_str())
        .ok_or_else(|| Skip::new(format!("is of zone {id}, which there is not"), id.span()))?;
    if !zone.is_on(&seat.node.name) {
        return Ok(());
    }
    let job = Job { ground, seat, zone, vnet };
    match zone.kind {
        ZoneKind::Simple => {
            simple::write(&job, into);
            Ok(())
        }
        ZoneKind::Vlan => vlan::write(&job, into),
        ZoneKind::Qinq => qinq::write(&job, into),
        ZoneKind::Vxlan => vxlan::write(&job, into),
        ZoneKind::Evpn => evpn::write(&job, into),
        ZoneKind::Faucet => Err(Skip::new("is of a faucet zone, of which nothing is derived", id.span())),
    }
}

/// What of the store could not be read, or not whole, so that lines may be missing.
fn unread(seat: &Seat) -> Vec<Gap> {
    let why = || "has a property that could not be read".to_owned();
    seat.sdn
        .lost
        .iter()
        .map(|lost| Gap { file: INTERFACES, about: lost.value.clone(), why: why(), span: lost.span() })
        .collect()
}
