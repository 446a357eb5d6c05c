//! Routes of one tenant get into the VRF of another, and nobody wants that.

use crate::{
    fabric::{
        Fabric, connected, few,
        tenants::{Hop, Leak, TenantIndex},
    },
    finding::{Out, Severity},
    source::Span,
};
use std::collections::BTreeSet;

/// The most leaks of one finding whose ways are shown.
const MOST_SHOWN: usize = 5;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let declares = !fabric.cluster.allowed.is_empty();
    let leaks = if declares { undeclared(fabric) } else { unmeant(fabric) };
    for group in connected(leaks.into_iter().map(|leak| (keys(&leak), leak)).collect()) {
        report(fabric, out, &group, declares);
    }
}

/// Whether neither end is the default VRF, which is nobody's: exits leak into it and out of it by design.
fn is_between_tenants(fabric: &Fabric, leak: &Leak) -> bool {
    ![leak.from, leak.to].iter().any(|tenant| fabric.tenants.all[*tenant].is_default())
}

/// What no entry of the user's list allows. What follows from that is not told once more.
fn undeclared<'m>(fabric: &Fabric<'m>) -> Vec<Leak<'m>> {
    let tenants = &fabric.tenants;
    let is_fine = |from: TenantIndex, to: TenantIndex| {
        [from, to].iter().any(|tenant| tenants.all[*tenant].is_default())
            || tenants.allowed(&fabric.cluster.allowed, from, to).is_some()
    };
    let mut found = vec![];
    tenants.each_leak(is_fine, |leak| {
        let is_root = || leak.legs.windows(2).all(|leg| leg[0] == leak.from || is_fine(leg[0], leg[1]));
        if !is_fine(leak.from, leak.to) && is_root() {
            found.push(leak);
        }
    });
    found
}

/// What no single line says: two tenants that each meet a third, and two that are on one bridge. A VNI by which nodes
/// mean different VRFs, and routes that go round, are other rules'.
fn unmeant<'m>(fabric: &Fabric<'m>) -> Vec<Leak<'m>> {
    let tenants = &fabric.tenants;
    let loops = tenants.loops(fabric);
    let go_round = |from, to| loops.iter().any(|own| own.tenants.contains(&from) && own.tenants.contains(&to));
    let mut found = vec![];
    tenants.each_leak(
        |from, reached| !go_round(from, reached),
        |leak| {
            let is_bridged = leak.hops.iter().any(Hop::joins);
            let is_far = leak.legs.len() > 2 && !leak.legs.iter().any(|tenant| tenants.all[*tenant].is_default());
            if leak.sure && is_between_tenants(fabric, &leak) && (is_bridged || is_far && !go_round(leak.from, leak.to))
            {
                found.push(leak);
            }
        },
    );
    found
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Into(TenantIndex),
    At(Option<Span>),
}

/// Leaks into one tenant are one finding, and so are those by one line.
fn keys(leak: &Leak) -> Vec<Key> {
    let cause = cause(leak).and_then(|hop| hop.span);
    [Key::Into(leak.to), Key::At(cause)].into_iter().filter(|key| *key != Key::At(None)).collect()
}

/// The step that is to be looked at first: the bridge that joins two, else the last one.
fn cause<'l, 'm>(leak: &'l Leak<'m>) -> Option<&'l Hop<'m>> {
    leak.hops.iter().find(|hop| hop.joins()).or(leak.hops.iter().rfind(|hop| hop.span.is_some()))
}

fn report(fabric: &Fabric, out: &mut Out, group: &[Leak], declares: bool) {
    let tenants = &fabric.tenants.all;
    let Some(first) = group.first() else { return };
    let to = tenants[first.to].title();
    let titles = |of: &[TenantIndex]| few(of.iter().map(|tenant| tenants[*tenant].title()).collect::<BTreeSet<_>>());
    let from: Vec<TenantIndex> = group.iter().filter(|leak| leak.to == first.to).map(|leak| leak.from).collect();
    let from = titles(&from);
    let message = match (declares, first.legs.get(1..first.legs.len() - 1)) {
        (true, Some([])) | (true, None) => {
            format!("routes of tenant {from} get into VRF {to}, which no [[allow-leak]] of evpnlint.toml allows")
        }
        (true, Some(through)) => format!(
            "routes of tenant {from} get into VRF {to} through {}, which no [[allow-leak]] of evpnlint.toml allows",
            titles(through)
        ),
        (false, Some(through)) if !through.is_empty() => {
            format!("routes of tenant {from} get into VRF {to} through {}: no line joins the two", titles(through))
        }
        (false, _) => format!("tenants {from} and {to} are in one broadcast domain"),
    };
    let steps = group.iter().take(MOST_SHOWN).flat_map(|leak| &leak.hops);
    let draft = out
        .report(message)
        .about(format!("{to} {from} tenant leak"))
        .also(cause(first).into_iter().chain(steps).map(|hop| (hop.span, hop.text(fabric))))
        .help(if declares {
            "take the way out, or allow it: [[allow-leak]] with from, to and a reason"
        } else {
            "take the way out; if it is wanted, say so in evpnlint.toml: [[allow-leak]] with from, to and a reason"
        });
    if group.iter().any(|leak| leak.sure) { draft.done() } else { draft.at_most(Severity::Info).done() }
}
