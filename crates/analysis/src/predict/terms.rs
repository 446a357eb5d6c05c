//! What both ends of a session must agree on once they know each other: hold times, roles, BFD, capabilities. `agree` asks
//! first who they are.

use super::{end::End, fate::Cause};
use crate::fabric::Fabric;
use evpnlint_core::model::{bgp::Role, is_on};

/// Whether two ends come to terms.
///
/// # Errors
/// The first thing that they do not agree on.
pub fn agree(fabric: &Fabric, one: &End, other: &End) -> Result<(), Cause> {
    for (end, far) in [(one, other), (other, one)] {
        hold_time(fabric, end, far)?;
        role(fabric, end, far)?;
        strict_bfd(fabric, end, far)?;
    }
    Ok(())
}

/// A peer's hold time must be 0 or 3 seconds and more (RFC 4271 section 6.2), and at least `bgp minimum-holdtime`
/// (`bgp_open_receive`, bgp_packet.c). Unless written it is 180 s, or 9 s in the datacenter profile.
fn hold_time(fabric: &Fabric, end: &End, far: &End) -> Result<(), Cause> {
    let timers = far.neighbor.timers.as_ref().or(far.instance.timers.as_ref());
    let is_datacenter = fabric.node(far.node).frr.as_ref().is_some_and(|frr| frr.is_datacenter());
    let hold = timers.map_or(if is_datacenter { 9 } else { 180 }, |timers| timers.value.1);
    let least = end.instance.minimum_holdtime.as_ref();
    let wanted = least.map_or(3, |least| least.value.max(3));
    if hold >= wanted || hold == 0 && least.is_none() {
        return Ok(());
    }
    let (name, peer) = (fabric.name(end.node), fabric.name(far.node));
    let cause = Cause::new(
        format!("{peer} offers a hold time of {hold} s, and {name} takes none below {wanted} s"),
        format!("raise the hold time of {peer} in `timers`"),
    );
    let offered = timers.map_or(far.neighbor.place(), |timers| timers.span());
    Err(cause.at(offered, "offered").at(least.and_then(|least| least.span()), "asked for"))
}

/// Roles must be two sides of one relation, where both are set, or one end is strict (RFC 9234 section 4.2).
fn role(fabric: &Fabric, end: &End, far: &End) -> Result<(), Cause> {
    let Some(own) = &end.neighbor.local_role else { return Ok(()) };
    let theirs = far.neighbor.local_role.as_ref();
    let fits = match theirs.map(|role| role.value) {
        None => !is_on(&end.neighbor.strict_role),
        Some(role) => matches!(
            (own.value, role),
            (Role::Provider, Role::Customer)
                | (Role::Customer, Role::Provider)
                | (Role::RsServer, Role::RsClient)
                | (Role::RsClient, Role::RsServer)
                | (Role::Peer, Role::Peer)
        ),
    };
    if fits {
        return Ok(());
    }
    let (name, peer) = (fabric.name(end.node), fabric.name(far.node));
    let cause = Cause::new(
        format!("the BGP roles of {name} and {peer} do not fit each other"),
        "give the two ends roles that belong together: provider and customer, peer and peer",
    );
    Err(cause.at(own.span(), "one role").at(theirs.map_or(far.neighbor.place(), |role| role.span()), "the other"))
}

/// `bfd strict` holds the session until BFD is up, which takes both ends.
fn strict_bfd(fabric: &Fabric, end: &End, far: &End) -> Result<(), Cause> {
    let Some(strict) = end.neighbor.bfd_strict.as_ref().filter(|strict| strict.value) else { return Ok(()) };
    if is_on(&far.neighbor.bfd) || is_on(&far.neighbor.bfd_strict) {
        return Ok(());
    }
    let (name, peer) = (fabric.name(end.node), fabric.name(far.node));
    let cause = Cause::new(
        format!("{name} waits for BFD, which {peer} does not run towards it"),
        format!("add `bfd` to the neighbour on {peer}, or remove `strict`"),
    );
    Err(cause.at(strict.span(), "waits for BFD").at(far.neighbor.place(), "no bfd"))
}
