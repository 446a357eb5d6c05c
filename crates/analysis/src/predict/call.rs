//! Whether one end of a session calls the other and is heard: who waits, who has a route, how far packets live.

use super::{
    alone::no_source,
    end::End,
    fate::Cause,
    lost::lost,
    ribs::{Reach, Ribs, Way},
};
use crate::fabric::{Fabric, sessions};
use evpnlint_core::{model::is_on, source::Span};
use std::{net::IpAddr, rc::Rc};

/// Whether somebody calls and is heard.
pub(super) fn calls<'m>(
    fabric: &Fabric<'m>,
    ribs: &mut Ribs<'m>,
    one: &End<'_, 'm>,
    other: &End<'_, 'm>,
) -> Result<(), Cause> {
    let name = |end: &End| fabric.name(end.node);
    let port = |end: &End| end.neighbor.port.as_ref().map_or(179, |port| port.value);
    let waits = |end: &End| end.listens || is_on(&end.neighbor.passive);
    let address = |end: &End, far: &End| -> Option<IpAddr> {
        end.session_end
            .and_then(|session_end| session_end.peer_address())
            .or_else(|| far.session_end.and_then(|session_end| session_end.source_address()))
    };
    let vrf = one.instance.vrf.as_ref().map_or("", |vrf| vrf.value.as_str());
    let connects = |ribs: &Ribs<'m>, end: &End, peer: IpAddr| match vrf {
        "" => ribs.connects(end.node, peer),
        _ => fabric.node(end.node).links.values().any(|link| link.vrf_name() == vrf && link.connects(peer)),
    };
    let reach = |ribs: &mut Ribs<'m>, peer: Option<IpAddr>| -> Option<Rc<Reach>> {
        peer.filter(|_| vrf.is_empty()).map(|peer| ribs.reach(fabric, peer))
    };
    let peers = [address(one, other), address(other, one)];
    let reaches = peers.map(|peer| reach(ribs, peer));
    let mut no_calls: Vec<NoCall> = vec![];
    for (at, (end, far)) in [(one, other), (other, one)].into_iter().enumerate() {
        let place = end.place();
        let near = peers[at].is_none_or(|peer| connects(ribs, end, peer));
        let is_lost = reaches[at].as_ref().is_some_and(|reach| !near && !reach.resolved.contains(end.node));
        if waits(end) {
            no_calls.push(NoCall::Waits(end.neighbor.passive.as_ref().map_or(place, |passive| passive.span())));
        } else if !near && !end.calls_far(far) {
            no_calls.push(NoCall::Near);
        } else if let Some(cause) = no_source(fabric, end) {
            no_calls.push(NoCall::For(cause));
        } else if is_lost {
            no_calls.push(NoCall::For(no_route(fabric, [end, far], peers[at], reaches[at].as_deref())));
        } else if port(end) != 179 {
            let span = end.neighbor.port.as_ref().and_then(|port| port.span());
            let cause = Cause::new(
                format!("{} calls port {}, where nobody listens", name(end), port(end)),
                "remove `port`, or start the other bgpd with the same one",
            );
            no_calls.push(NoCall::For(cause.at(span, "not 179")));
        } else if end
            .session_end
            .zip(far.session_end)
            .is_some_and(|(own, far)| !sessions::calls(own, far, &fabric.underlay))
        {
            let cause = Cause::new(
                format!("{} calls {} from an address that it does not know", name(end), name(far)),
                format!("give {} the `update-source` that {} has as its neighbour", name(end), name(far)),
            );
            let cause = cause.at(place, "calls from elsewhere").at(far.place(), "takes calls from another address");
            no_calls.push(NoCall::For(cause));
        }
    }
    if let [a, b] = no_calls.as_slice() {
        return Err(nobody_calls(fabric, [(one, a), (other, b)]));
    }
    let mut hops = 1;
    for (at, (end, far)) in [(one, other), (other, one)].into_iter().enumerate() {
        match reaches[at].as_ref().map(|reach| reach.ways[end.node]) {
            Some(Way::None) => return Err(no_route(fabric, [end, far], peers[at], reaches[at].as_deref())),
            Some(Way::Hops(links)) => hops = hops.max(links),
            Some(Way::Assumed) | None => {}
        }
    }
    ttls(fabric, one, other, hops)
}

/// Why an end does not call.
enum NoCall {
    /// It waits, as this line says.
    Waits(Option<Span>),
    /// The peer is on no subnet of its own, and eBGP calls no other.
    Near,
    /// Something else.
    For(Cause),
}

/// What both ends have to do with it: one that waits is no fault until the other cannot call.
fn nobody_calls(fabric: &Fabric, ends: [(&End, &NoCall); 2]) -> Cause {
    let [(one, a), (other, b)] = ends;
    let names = [fabric.name(one.node), fabric.name(other.node)];
    let near = |end: &End, name: &str| {
        let why =
            format!("{} is on no subnet of {name}, and eBGP without ebgp-multihop does not call it", end.neighbor.name);
        let cause = Cause::new(why, "add `ebgp-multihop` on both ends, or peer with the address of the link");
        cause.at(end.place(), "no ebgp-multihop")
    };
    match (a, b) {
        (NoCall::Waits(a), NoCall::Waits(b)) => {
            let why = format!("both {} and {} wait for the other to call", names[0], names[1]);
            let cause = Cause::new(why, "remove `passive` from one end, or give a listen range neighbours that call");
            cause.at(*a, "waits").at(*b, "waits")
        }
        (NoCall::Near, NoCall::Near) => near(one, names[0]).judged_by("ebgp-multihop-missing"),
        (NoCall::Near, NoCall::Waits(span)) => near(one, names[0]).at(*span, "waits"),
        (NoCall::Waits(span), NoCall::Near) => near(other, names[1]).at(*span, "waits"),
        (NoCall::For(cause), NoCall::Waits(span)) => cause.clone().at(*span, "waits"),
        (NoCall::Waits(span), NoCall::For(cause)) => cause.clone().at(*span, "waits"),
        (NoCall::For(cause), _) | (_, NoCall::For(cause)) => cause.clone(),
    }
}

/// Why a node has no route to its peer.
fn no_route(fabric: &Fabric, [end, far]: [&End; 2], peer: Option<IpAddr>, reach: Option<&Reach>) -> Cause {
    let name = fabric.name(end.node);
    let cause = match peer {
        Some(peer) => lost(fabric, [end.node, far.node], peer, reach),
        None => Cause::new(format!("{name} has no route to {}", end.neighbor.name), "announce the peer's address"),
    };
    // That rule looks at the node alone, and knows nothing of a line elsewhere that decides.
    let rule = cause.rule.or((!cause.is_definite()).then_some("peer-unreachable"));
    cause.at(end.neighbor.place(), format!("needed by {name}")).judged_by(rule)
}

fn ttls(fabric: &Fabric, one: &End, other: &End, hops: u8) -> Result<(), Cause> {
    for (end, far) in [(one, other), (other, one)] {
        let (name, peer) = (fabric.name(end.node), fabric.name(far.node));
        let ttl = end.ttl(far);
        if ttl < hops {
            let span = end.neighbor.ebgp_multihop.as_ref().map_or(end.place(), |hops| hops.span());
            let cause = Cause::new(
                format!("{peer} is {hops} hops from {name}, whose packets live for {ttl}"),
                format!("write `ebgp-multihop {hops}` or more on {name}"),
            );
            return Err(cause.at(span, "too short"));
        }
        // Callers of a listen range are not held to it (measured on FRR 8.4.4).
        let Some(security) = far.neighbor.ttl_security.as_ref().filter(|_| !far.listens) else { continue };
        if u16::from(ttl) + 1 - u16::from(hops.max(1)) < 256 - u16::from(security.value) {
            let cause = Cause::new(
                format!(
                    "{peer} drops packets with a TTL below {}, and those of {name} come with {}",
                    256 - u16::from(security.value),
                    u16::from(ttl) + 1 - u16::from(hops.max(1))
                ),
                format!("add the same `ttl-security hops` on {name}"),
            );
            let cause = cause.at(security.span(), "wants packets from near by").at(end.place(), "sends others");
            let is_one_sided = ttl < 255 && end.session_end.is_some();
            return Err(cause.judged_by(is_one_sided.then_some("ttl-security-one-sided")));
        }
    }
    Ok(())
}
