//! What both ends of a session must agree on, and does not depend on routes.

use super::{end::End, fate::Cause, speaker::Speakers, terms};
use crate::fabric::Fabric;
use evpnlint_core::model::{
    bgp::{Family, PeerName},
    is_on,
};

/// What does not depend on routes: AS numbers, router-ids, families, passwords, TTLs.
pub(super) fn agree(fabric: &Fabric, speakers: &Speakers, one: &End, other: &End) -> Result<Vec<Family>, Cause> {
    let name = |end: &End| fabric.name(end.node);
    for (end, far) in [(one, other), (other, one)] {
        if !end.takes(far) {
            let wanted = end.neighbor.remote_as.as_ref();
            let cause = Cause::new(
                format!(
                    "{} expects AS {} and {} shows AS {}",
                    name(end),
                    wanted.map_or_else(String::new, |wanted| wanted.to_string()),
                    name(far),
                    far.shows
                ),
                format!("write `remote-as {}` on {}, or correct the AS of {}", far.shows, name(end), name(far)),
            );
            let shown = far.neighbor.local_as.as_ref().map_or(far.instance.asn.span(), |local| local.span());
            let cause = cause.at(wanted.and_then(|wanted| wanted.span()), "expected").at(shown, "shown");
            return Err(cause.judged_by("asn-mismatch"));
        }
    }
    router_ids(fabric, speakers, one, other)?;
    let families: Vec<Family> = one.families().intersection(&other.families()).copied().collect();
    if families.is_empty() && !is_on(&one.neighbor.override_capability) && !is_on(&other.neighbor.override_capability) {
        let cause = Cause::new(
            format!("{} and {} have no address family in common", name(one), name(other)),
            "activate the same address family on both ends",
        );
        let rule = (one.asks_for_evpn() || other.asks_for_evpn()).then_some("evpn-one-sided");
        return Err(cause.at(one.place(), "one end").at(other.place(), "the other").judged_by(rule));
    }
    for end in [one, other] {
        if let Some(strict) = end.neighbor.strict_capability.as_ref().filter(|strict| strict.value)
            && one.families() != other.families()
        {
            let cause = Cause::new(
                format!("{} takes no peer that offers other address families than its own", name(end)),
                "activate the same address families on both ends, or remove `strict-capability-match`",
            );
            return Err(cause.at(strict.span(), "asked for").at(one.place(), "one end").at(other.place(), "the other"));
        }
    }
    let secret = |end: &End<'_, '_>| end.neighbor.password.as_ref().map(|word| word.value.clone());
    if secret(one) != secret(other) {
        let span = |end: &End| end.neighbor.password.as_ref().map_or(end.place(), |word| word.span());
        let cause = Cause::new(
            format!("the passwords of {} and {} differ", name(one), name(other)),
            "write the same password on both ends",
        );
        let rule = matches!(one.neighbor.name.value, PeerName::Address(_)).then_some("password-mismatch");
        return Err(cause.at(span(one), "one end").at(span(other), "the other").judged_by(rule));
    }
    terms::agree(fabric, one, other)?;
    Ok(families)
}

fn router_ids(fabric: &Fabric, speakers: &Speakers, one: &End, other: &End) -> Result<(), Cause> {
    let ids = [one, other].map(|end| speakers.router_id(end.node, end.instance));
    for (end, id) in [one, other].into_iter().zip(ids) {
        let node = fabric.node(end.node);
        let by_hand = node.links.values().any(|link| link.dynamic) || fabric.devices[end.node].hooks_mention("ip");
        let is_known = node.interfaces.is_some() && !by_hand;
        if id.is_none() && is_known {
            let cause = Cause::new(
                format!("{} has no IPv4 address to take a router-id from, and sends 0.0.0.0", node.name),
                "add `bgp router-id`",
            );
            return Err(cause.at(Some(end.instance.span), "no router-id"));
        }
    }
    if let [Some(a), Some(b)] = ids
        && a == b
        && !one.is_external(other)
    {
        let cause = Cause::new(
            format!(
                "{} and {} both have the router-id {a}, and refuse each other (RFC 4271 section 6.2)",
                fabric.name(one.node),
                fabric.name(other.node)
            ),
            "give each node its own `bgp router-id`",
        );
        let span = |end: &End| end.instance.router_id.as_ref().map_or(Some(end.instance.span), |id| id.span());
        let is_written = |end: &End| {
            let frr = fabric.node(end.node).frr.as_ref();
            end.instance.vrf.is_none()
                && (end.instance.router_id.is_some() || frr.is_some_and(|frr| frr.router_id.is_some()))
        };
        let rule = (is_written(one) && is_written(other)).then_some("router-id-duplicate");
        return Err(cause.at(span(one), "one end").at(span(other), "the other").judged_by(rule));
    }
    Ok(())
}
