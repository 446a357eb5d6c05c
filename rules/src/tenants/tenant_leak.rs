use crate::finding::{Member, Out, Severity};
use evpnlint_analysis::fabric::{
    Fabric, connected, meaning,
    tenants::{Hop, Leak, TenantIndex},
};
use evpnlint_core::{model::Vni, source::Span, words::join_names};
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
    let loops = tenants.loops(&fabric.devices);
    let go_round = |from, to| loops.iter().any(|own| own.tenants.contains(&from) && own.tenants.contains(&to));
    let muddled: BTreeSet<Vni> = meaning::conflicts(fabric).into_iter().flat_map(|own| own.vnis).collect();
    let mut found = vec![];
    tenants.each_leak(
        |from, reached| !go_round(from, reached),
        |leak| {
            let joined: Vec<Vni> = leak.hops.iter().filter_map(Hop::joins).flatten().collect();
            let is_bridged = !joined.is_empty() && !joined.iter().any(|vni| muddled.contains(vni));
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
    Through(Vec<TenantIndex>),
    At(Span),
}

/// One finding are the leaks into one tenant, those through the same others, and those by one line.
fn keys(leak: &Leak) -> Vec<Key> {
    let through = Some(through(leak).to_vec()).filter(|through| !through.is_empty()).map(Key::Through);
    let cause = cause(leak).and_then(|hop| hop.span).map(Key::At);
    [Some(Key::Into(leak.to)), through, cause].into_iter().flatten().collect()
}

/// The tenants on the way.
fn through<'l>(leak: &'l Leak) -> &'l [TenantIndex] {
    leak.legs.get(1..leak.legs.len() - 1).unwrap_or_default()
}

/// The step that is to be looked at first: the bridge that joins two, else the last one.
fn cause<'l, 'm>(leak: &'l Leak<'m>) -> Option<&'l Hop<'m>> {
    leak.hops.iter().find(|hop| hop.joins().is_some()).or(leak.hops.iter().rfind(|hop| hop.span.is_some()))
}

fn report(fabric: &Fabric, out: &mut Out, group: &[Leak], declares: bool) {
    let subject = |leak: &Leak| {
        let [from, to] = [leak.from, leak.to].map(|tenant| fabric.tenants.all[tenant].title());
        Member::named(format!("{from} {to} tenant leak"), cause(leak).and_then(|hop| hop.span))
    };
    out.group(group, subject, |group, out| {
        let Some(first) = group.first() else { return };
        let titles = |of: &mut dyn Iterator<Item = TenantIndex>| {
            join_names(of.map(|tenant| fabric.tenants.all[tenant].title()).collect::<BTreeSet<_>>())
        };
        let from = titles(&mut group.iter().map(|leak| leak.from));
        let to = titles(&mut group.iter().map(|leak| leak.to));
        let how = match through(first) {
            [] => String::new(),
            tenants => format!(" through {}", titles(&mut tenants.iter().copied())),
        };
        let what = if from == to {
            format!("tenants {to} reach each other{how}")
        } else {
            format!("routes of tenant {from} get into VRF {to}{how}")
        };
        let message = match (declares, first.hops.iter().any(|hop| hop.joins().is_some())) {
            (true, _) => format!("{what}, which no [[allow-leak]] of evpnlint.toml allows"),
            (false, true) => format!("tenants {to} are in one broadcast domain"),
            (false, false) => format!("{what}, though no line joins them"),
        };
        let steps = group.iter().take(MOST_SHOWN).flat_map(|leak| &leak.hops);
        let draft = out
            .report(message)
            .also(cause(first).into_iter().chain(steps).map(|hop| (hop.span, hop.text(&fabric.devices))))
            .help(if declares {
                "take the way out, or allow it: [[allow-leak]] with from, to and a reason"
            } else {
                "take the way out; if it is wanted, say so in evpnlint.toml: [[allow-leak]] with from, to and a reason"
            });
        if group.iter().any(|leak| leak.sure) { draft.done() } else { draft.cap_severity(Severity::Info).done() }
    });
}
