//! Sessions over links whose ends no address tells: unnumbered ones, and those with link-local peers.

use super::{
    agree::agree,
    alone::alone,
    end::End,
    fate::{Cause, SessionFate, State},
    speaker::Speakers,
};
use crate::fabric::{
    Fabric,
    sessions::{SessionEnd, SessionEndIndex, Target},
};
use evpnlint_core::model::{
    bgp::{Family, PeerName},
    is_on,
};
use std::collections::BTreeSet;

/// A session over a link whose other end is in no file. Where the number of ports tells the cables, it is judged with
/// the other end; else it comes up where somebody could be there.
pub(super) fn judge(fabric: &Fabric, speakers: &Speakers, at: SessionEndIndex) -> SessionFate {
    let session_end = &fabric.sessions.ends[at];
    let own = End::of(session_end);
    if matches!(session_end.target, Target::OnLink) {
        let families = own.families().into_iter().collect();
        return SessionFate { state: State::Up, families, with: None, cause: None };
    }
    if let Some(cause) = port_down(fabric, session_end) {
        return SessionFate { state: State::Down, families: vec![], with: None, cause: Some(cause) };
    }
    let meet = |end: &SessionEnd| {
        let far = End::of(end);
        port_down(fabric, end).or_else(|| alone(fabric, &far, Some(&own))).map_or(Ok(()), Err)?;
        same_address(fabric, session_end, end)?;
        agree(fabric, speakers, &own, &far)
    };
    if let Some((node, port)) =
        port(session_end).and_then(|port| fabric.sessions.cabling.as_ref()?.end(session_end.node, port))
    {
        let met = match fabric.sessions.on_port(*node, port) {
            Some(end) => meet(&fabric.sessions.ends[end]),
            None => {
                let cause = Cause::new(
                    format!("{port} of {}, taken to be at the other end, has no BGP neighbour", fabric.name(*node)),
                    format!("add `neighbor {port} interface …` on {}", fabric.name(*node)),
                );
                let place = fabric.node(*node).link(port).map(|link| link.place());
                let cause = cause.at(place, "has no neighbour").at(session_end.neighbor.place(), "calls in vain");
                Err(cause.judged_by("unnumbered-port-idle"))
            }
        };
        let with = Some(*node);
        return match met {
            Ok(families) => SessionFate { state: State::Up, families, with, cause: None },
            Err(cause) => SessionFate { state: State::Down, families: vec![], with, cause: Some(cause) },
        };
    }
    let ends = fabric.sessions.representatives.iter().map(|end| &fabric.sessions.ends[*end]);
    let met: Vec<Result<Vec<Family>, Cause>> =
        ends.filter(|end| fabric.sessions.may_be_wired(session_end, end)).map(meet).collect();
    let families: BTreeSet<Family> = met.iter().flatten().flatten().copied().collect();
    if met.iter().any(Result::is_ok) {
        // With more ports on this side than on the other, some have no other end.
        let is_like = |other: &&SessionEndIndex| {
            let other = &fabric.sessions.ends[**other];
            fabric.sessions.is_same_side(session_end, other) && other.vrf().is_empty() == session_end.vrf().is_empty()
        };
        let all = || fabric.sessions.unnumbered.iter();
        let ours = all().filter(is_like).count();
        let theirs =
            all().filter(|other| fabric.sessions.may_be_wired(session_end, &fabric.sessions.ends[**other])).count();
        if ours > theirs {
            let cause = Cause::new(
                format!("{ours} ports like this one look for {theirs} other ends, and which has none is in no file"),
                "see that every unnumbered port has a neighbour at the other end",
            );
            let families = families.into_iter().collect();
            let cause = Some(cause.at(session_end.neighbor.place(), "may have no other end"));
            return SessionFate { state: State::Unknown, families, with: None, cause };
        }
        return SessionFate { state: State::Up, families: families.into_iter().collect(), with: None, cause: None };
    }
    // The link may lead where no custom says, as between the switches of an MLAG pair; and ends that are alike in BGP
    // may be numbered and not.
    let could_be =
        |end: &&SessionEnd| end.node != session_end.node && end.vrf().is_empty() == session_end.vrf().is_empty();
    let mut all = fabric.sessions.unnumbered.iter().map(|end| &fabric.sessions.ends[*end]).filter(could_be);
    let is_inside = !met.is_empty() && !all.any(|end| meet(end).is_ok());
    let cause = met.into_iter().find_map(Result::err).unwrap_or_else(|| {
        let cause = Cause::new("no node that was read could be at the other end", "read the node at the other end");
        cause.at(session_end.neighbor.place(), "leads to no node")
    });
    let state = if is_inside { State::Down } else { State::Unknown };
    SessionFate { state, families: vec![], with: None, cause: Some(cause) }
}

/// The port of an unnumbered session end.
pub(super) fn port<'m>(session_end: &SessionEnd<'m>) -> Option<&'m str> {
    match &session_end.neighbor.name.value {
        PeerName::Interface(name) => Some(name),
        _ => None,
    }
}

/// Why no packet arrives over the port of an unnumbered session end: it stays down, or has no IPv6, and with it no
/// link-local address.
fn port_down(fabric: &Fabric, session_end: &SessionEnd) -> Option<Cause> {
    let device = &fabric.devices[session_end.node];
    let name = fabric.name(session_end.node);
    let port = port(session_end)?;
    if device.node.unplugged.contains(port) {
        return Some(Cause::new(format!("{port} of {name} is taken to be down"), "bring the link up"));
    }
    let link = device.link(port)?;
    if device.stays_down(link) {
        let cause = Cause::new(
            format!("{} of {name} has no `auto` line, and stays down", link.name),
            format!("write `auto {}` above its stanza", link.name),
        );
        return Some(cause.at(Some(link.place()), "never brought up").judged_by("interface-not-auto"));
    }
    let by_parameter = || device.node.sysctls.lacks_ipv6(&link.name).filter(|_| link.ipv6_disabled.is_none());
    if let Some(off) = link.ipv6_disabled.clone().or_else(by_parameter).filter(|off| off.value) {
        let cause = Cause::new(
            format!("{} of {name} has IPv6 switched off, which unnumbered sessions run over", link.name),
            "leave IPv6 on, or number the link",
        );
        return Some(cause.at(off.span(), "no link-local address"));
    }
    None
}

/// A port with an IPv4 /30 or /31 peers with the other address of it, unless `v6only` is set; one without peers over
/// IPv6 (`bgp_interface_address_add`, bgp_zebra.c). Both ends must do the same.
fn same_address(fabric: &Fabric, one: &SessionEnd, other: &SessionEnd) -> Result<(), Cause> {
    let numbered = |session_end: &SessionEnd| {
        let link = fabric.devices[session_end.node]
            .link(port(session_end)?)
            .filter(|_| !is_on(&session_end.neighbor.v6only))?;
        link.addresses.iter().find(|own| own.ip.is_ipv4() && matches!(own.length, 30 | 31))
    };
    let (a, b) = (numbered(one), numbered(other));
    if a.is_some() == b.is_some() {
        return Ok(());
    }
    let (with, without) = if a.is_some() { (one, other) } else { (other, one) };
    let cause = Cause::new(
        format!(
            "{} peers over the IPv4 subnet of its port, and {} over IPv6",
            fabric.name(with.node),
            fabric.name(without.node)
        ),
        "number both ends of the link, or neither, or add `v6only`",
    );
    Err(cause.at(a.or(b).and_then(|own| own.span()), "numbered").at(without.neighbor.place(), "not numbered"))
}
