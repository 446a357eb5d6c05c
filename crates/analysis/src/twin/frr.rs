//! `frr.conf`: first what the controllers say, then the user's own lines, then the fabrics, in the generator's order.
//!
//! | file | what it does |
//! |---|---|
//! | `config.rs` | the file before it is text: routers, lists and route-maps by name |
//! | `speaker.rs` | how the node speaks for an evpn controller: its address, its peers, its AS numbers |
//! | `evpn.rs` | evpn controllers |
//! | `zones.rs` | the VRFs of evpn zones |
//! | `exits.rs` | exit nodes |
//! | `uplink.rs` | the node's own bgp and isis controllers |
//! | `fabrics.rs` | openfabric and ospf fabrics |
//! | `bgp_fabrics.rs` | bgp fabrics |
//! | `shared.rs` | what all fabrics of a node share |
//! | `gaps.rs` | notes of what could not be derived |

use super::{draft::Drafts, generator::Generation, local, seat::Seat};
use config::Config;
use evpnlint_core::{
    model::intent::{Controller, ControllerKind},
    source::Span,
};
pub use fabrics::net;
use gaps::gap;

mod bgp_fabrics;
pub(super) mod config;
mod evpn;
mod exits;
mod fabrics;
mod gaps;
mod shared;
mod speaker;
#[cfg(test)]
mod tests;
mod uplink;
mod zones;

/// Writes the file for a node; nothing where the generator would leave it alone.
pub(super) fn write(seat: &Seat, local: Option<(Span, &str)>, into: &mut Drafts) {
    if !is_written(seat, local.is_some()) {
        return;
    }
    let gaps = &mut into.gaps;
    let mut config = Config::default();
    for controller in by_id(seat) {
        match controller.kind {
            ControllerKind::Evpn => evpn::controller(seat, controller, &mut config, gaps),
            ControllerKind::Bgp => uplink::bgp(seat, controller, &mut config, gaps),
            ControllerKind::Isis => uplink::isis(seat, controller, &mut config),
            ControllerKind::Faucet => {}
        }
    }
    zones::write(seat, &mut config, gaps);
    if let Some((place, text)) = local {
        into.local = local::merge(seat.generation, place, text, &mut config);
    }
    if seat.generation >= Generation::Fabrics {
        fabrics::write(seat, &mut config, gaps);
    }
    if !seat.sdn.route_maps.is_empty() || !seat.sdn.prefix_lists.is_empty() {
        let lists = seat.sdn.route_maps.iter().chain(&seat.sdn.prefix_lists);
        let span = lists.filter_map(|name| name.span()).next();
        gap(gaps, "frr.conf", "lacks the route-maps and prefix lists of the store", span);
    }
    into.frr = Some(config.render(seat));
}

/// Whether the generator touches the file: before 1.0 the evpn controller alone wrote it, and `frr.conf.local` is reason
/// enough since 1.2.2.
fn is_written(seat: &Seat, has_local: bool) -> bool {
    let controllers = &seat.sdn.controllers;
    match seat.generation {
        Generation::First | Generation::Early | Generation::Late => {
            controllers.iter().any(|controller| controller.kind == ControllerKind::Evpn)
        }
        Generation::Fabrics => !controllers.is_empty() || !seat.sdn.fabrics.is_empty(),
        Generation::Templates | Generation::Newest => {
            !controllers.is_empty() || !seat.sdn.fabrics.is_empty() || has_local
        }
    }
}

/// The controllers in byte order of their ids, which is the generator's.
fn by_id<'m>(seat: &Seat<'m>) -> Vec<&'m Controller> {
    let mut controllers: Vec<_> = seat.sdn.controllers.iter().collect();
    controllers.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    controllers
}
