//! What a route-map lets through, as far as configuration alone can say.

use evpnlint_core::model::{
    Prefix, Sourced, Vni,
    frr::Frr,
    policy::{Match, RouteMapEntry},
};
use evpnlint_core::source::Span;

/// A route whose way through a policy is asked.
#[derive(Clone, Copy, Debug)]
pub enum Route<'r> {
    /// An EVPN route of that type, in that VNI if it is in one.
    Evpn(u8, Option<Vni>),
    /// A connected prefix, on that interface.
    Connected(Prefix, &'r str),
    /// A prefix on its way through BGP.
    Prefix(Prefix),
    /// Whatever leaks out of that VRF into another, or is told by a VRF where none is named.
    Leaked(Option<&'r str>),
}

/// What a policy does with a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It lets it through.
    Permit,
    /// It drops it, at this entry; without one, at its end or because it does not exist.
    Deny(Option<Span>),
    /// It depends on what no file says: communities, metrics, who sent it.
    Unknown,
}

/// How many maps deep bgpd follows `call` (`RMAP_RECURSION_LIMIT`, lib/routemap.h).
const CALLS: usize = 10;

/// What a route-map does with a route (`route_map_apply`): the first entry whose every match holds decides, and what no
/// entry matches is denied. A map that does not exist denies everything (measured on FRR 8.4.4 and 10.3).
pub fn decide(frr: &Frr, map: &str, route: Route) -> Decision {
    let mut map = map;
    let mut goes_on = false;
    for _ in 0..=CALLS {
        let Some(entries) = frr.route_maps.get(map).map(|map| &map.entries) else { return Decision::Deny(None) };
        let mut judged = entries.iter().map(|entry| (entry, matches(frr, entry, route)));
        let entry = match judged.find(|(_, matches)| *matches != Some(false)) {
            None => return Decision::Deny(None),
            Some((_, None)) => return Decision::Unknown,
            Some((entry, Some(_))) => entry,
        };
        if !entry.permit {
            return Decision::Deny(Some(entry.span));
        }
        // What comes behind the entry counts only where the map that it calls permits the route.
        goes_on |= entry.on_match.is_some();
        match &entry.call {
            Some(call) => map = &call.value,
            None if goes_on => return Decision::Unknown,
            None => return Decision::Permit,
        }
    }
    Decision::Unknown
}

/// Whether every match of an entry holds; `None` where that cannot be said.
fn matches(frr: &Frr, entry: &RouteMapEntry, route: Route) -> Option<bool> {
    let mut all = Some(true);
    let asks = |condition: &&Sourced<Match>| !is_idle(&condition.value, route);
    if !entry.matches.is_empty() && !entry.matches.iter().any(|condition| asks(&condition)) {
        return Some(false);
    }
    for condition in entry.matches.iter().filter(asks) {
        match holds(frr, &condition.value, route) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// Whether a match asks nothing of such a route (`RMAP_NOOP`). `match evpn vni` asks routes that bear a label, which types 3
/// and 4 do not (`route_match_vni`); an entry that asks nothing else does not match them (measured on FRR 8.4.4).
fn is_idle(condition: &Match, route: Route) -> bool {
    matches!((condition, route), (Match::EvpnVni(_), Route::Evpn(3 | 4, _)))
}

fn holds(frr: &Frr, condition: &Match, route: Route) -> Option<bool> {
    match (condition, route) {
        (Match::EvpnRouteType(wanted), Route::Evpn(kind, _)) => Some(*wanted == kind),
        (Match::EvpnVni(wanted), Route::Evpn(_, Some(vni))) => Some(*wanted == vni),
        (Match::EvpnRouteType(_), Route::Connected(..) | Route::Prefix(_)) => Some(false),
        // Of other routes it asks nothing (measured on FRR 8.4.4).
        (Match::EvpnVni(_), Route::Connected(..) | Route::Prefix(_)) => Some(true),
        (Match::Interface(wanted), Route::Connected(_, link)) => Some(wanted == link),
        (Match::PrefixList(name), Route::Connected(prefix, _) | Route::Prefix(prefix))
            if prefix.network().is_ipv4() =>
        {
            Some(frr.prefix_lists.get(name).is_some_and(|list| list.permits(prefix)))
        }
        (Match::PrefixList6(name), Route::Connected(prefix, _) | Route::Prefix(prefix))
            if prefix.network().is_ipv6() =>
        {
            Some(frr.prefix_lists6.get(name).is_some_and(|list| list.permits(prefix)))
        }
        (Match::AccessList(name), Route::Connected(prefix, _) | Route::Prefix(prefix))
            if prefix.network().is_ipv4() =>
        {
            frr.access_lists.get(name).map_or(Some(false), |list| list.permits(prefix))
        }
        (Match::AccessList6(name), Route::Connected(prefix, _) | Route::Prefix(prefix))
            if prefix.network().is_ipv6() =>
        {
            frr.access_lists6.get(name).map_or(Some(false), |list| list.permits(prefix))
        }
        (Match::PrefixLength(length), Route::Connected(prefix, _) | Route::Prefix(prefix)) => {
            Some(prefix.network().is_ipv4() && prefix.length() == *length)
        }
        (Match::PrefixLength6(length), Route::Connected(prefix, _) | Route::Prefix(prefix)) => {
            Some(prefix.network().is_ipv6() && prefix.length() == *length)
        }
        (Match::SourceProtocol(protocol), Route::Connected(..)) => Some(protocol == "connected"),
        (Match::SourceVrf(wanted), Route::Leaked(Some(vrf))) => Some(wanted == vrf),
        // A prefix list asks type-5 routes for their prefix; types 2 and 3 have none to match (bgp_routemap.c).
        _ => None,
    }
}
