//! Where routes to an address end: of two neighbours one has a route and the other has none.

use super::{
    super::{
        fate::Cause,
        igp,
        ribs::{Reach, Way},
    },
    Asked,
    interior::{process, speaks},
};
use crate::fabric::{Fabric, NodeIndex, sessions::SessionEnd, underlay::Port};
use evpnlint_core::model::bgp::{Family, FamilyConfig};
use std::fmt;

/// Two neighbours of which one has a route and the other has none.
struct Border {
    /// The one that has it.
    has: NodeIndex,
    /// The one that has none.
    lacks: NodeIndex,
}

/// Where the routes to the address end: at a session of unicast BGP, or where an interior protocol begins. The border of the
/// node that asks comes first.
pub(super) fn end_of_routes(fabric: &Fabric, asked: &Asked, reach: &Reach) -> Option<Cause> {
    let has = |node: NodeIndex| reach.ways[node] != Way::None;
    let family = Family::of(asked.ip);
    let ends = fabric.sessions.ends.iter();
    let tells = ends.filter(|end| end.vrf().is_empty() && end.is_active(family) && has(end.node));
    let borders = tells.filter_map(|end| Some((end, end.peer().filter(|peer| !has(*peer))?)));
    let nearest = borders.min_by_key(|(_, lacks)| *lacks != asked.from);
    let by_bgp = nearest.map(|(end, lacks)| untold_by_bgp(fabric, asked, end, lacks));
    by_bgp.or_else(|| untold_by_igp(fabric, asked, &has))
}

fn untold_by_bgp(fabric: &Fabric, asked: &Asked, end: &SessionEnd, lacks: NodeIndex) -> Cause {
    let border = Border { has: end.node, lacks };
    let none = FamilyConfig::default();
    let config = end.instance.families.get(&Family::of(asked.ip)).unwrap_or(&none);
    let near = config.networks.iter().find(|network| !network.is_host() && network.contains(asked.ip));
    let cause = untold(fabric, asked, &border, "BGP")
        .at(near.and_then(|network| network.span()), "not the prefix that is in its routing table")
        .at(config.span.or(end.instance.span.into()), "nothing here announces it");
    cause.at(end.neighbor.place(), "not told here")
}

fn untold_by_igp(fabric: &Fabric, asked: &Asked, has: &dyn Fn(NodeIndex) -> bool) -> Option<Cause> {
    let asking = igp::links(&fabric.devices[asked.from], "").flat_map(|link| {
        link.addresses.iter().filter(|own| !own.is_host()).map(move |address| Port { node: asked.from, link, address })
    });
    for own in asking {
        let Some((protocol, _)) = speaks(fabric, &own) else { continue };
        let far = fabric.underlay.subnets.get(&own.address.prefix()).into_iter().flatten();
        let tells = |far: &&Port| {
            far.node != own.node
                && has(far.node)
                && hears_by_bgp(fabric, asked, far.node, has)
                && speaks(fabric, far).is_some_and(|(theirs, _)| theirs == protocol)
        };
        if let Some(far) = far.into_iter().find(tells) {
            let border = Border { has: far.node, lacks: asked.from };
            let place = process(fabric, far.node, protocol);
            let label = "does not redistribute what brings the route";
            return Some(untold(fabric, asked, &border, protocol).at(place, label));
        }
    }
    None
}

/// Whether a node may have its route of a BGP peer.
fn hears_by_bgp(fabric: &Fabric, asked: &Asked, node: NodeIndex, has: &dyn Fn(NodeIndex) -> bool) -> bool {
    let mut ends = fabric.sessions.of(node).iter();
    ends.any(|end| end.vrf().is_empty() && end.is_active(Family::of(asked.ip)) && end.peer().is_some_and(has))
}

fn untold(fabric: &Fabric, asked: &Asked, border: &Border, protocol: impl fmt::Display) -> Cause {
    let (from, ip) = (fabric.name(asked.from), asked.ip);
    let (has, lacks) = (fabric.name(border.has), fabric.name(border.lacks));
    let why = format!("{from} has no route to {ip}: {has} has one, and tells {lacks} nothing of it by {protocol}");
    // The session or the adjacency between them may be what fails, and has its own finding then.
    Cause::new(why, format!("announce {ip} from {has} to {lacks}")).of_all().vague(true)
}
