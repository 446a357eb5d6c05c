use crate::{
    finding::{Member, Out, Severity},
    view::{Nodes, View},
};
use evpnlint_analysis::fabric::{
    gateway::is_link_local,
    policy::{Decision, Route, decide},
    tenants::{named, title},
};
use evpnlint_core::{
    model::{
        Prefix, Sourced,
        bgp::{BgpInstance, Family},
        frr::Frr,
        link::Link,
    },
    source::Span,
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    for ([(one, of_one), (other, of_other)], found) in nodes.by_cause(meetings) {
        let subject = |(view, table): &(View, Table)| {
            let what = format!("{} {one} {other}", title(table.vrf));
            Member::new(view.name(), what, table.labels.first().and_then(|(span, _)| *span))
        };
        out.group(&found, subject, |found, out| {
            let nodes = join_names(found.iter().map(|(view, _)| view.name()).collect::<BTreeSet<_>>());
            let vrfs = join_names(found.iter().map(|(_, table)| title(table.vrf)).collect::<BTreeSet<_>>());
            let loses = if one == other {
                "one of them cannot be reached from there".to_owned()
            } else {
                format!("packets for {other} go to VRF {}, whoever they are for", title(of_other))
            };
            let (of_one, of_other) = (title(of_one), title(of_other));
            let places = found.iter().flat_map(|(view, table)| {
                table.labels.iter().map(|(span, text)| (*span, format!("{text} on {}", view.name())))
            });
            let draft = out
                .report(format!(
                    "{one} of VRF {of_one} and {other} of VRF {of_other} meet in VRF {vrfs} on {nodes}: {loses}"
                ))
                .also(places)
                .help("give one of them another subnet, or keep it out with `import vrf route-map`");
            // Within the tenants all is well: it is an exit that reaches one of them only.
            let is_exit = one == other && found.iter().all(|(_, table)| table.vrf.is_empty());
            if is_exit { draft.cap_severity(Severity::Info).done() } else { draft.done() }
        });
    }
}

/// Two subnets with the VRFs that they are of, the larger first.
type Clash<'m> = [(Prefix, &'m str); 2];

type Label = (Option<Span>, String);

/// The VRF in whose table both are, and where that is written.
#[derive(Clone)]
struct Table<'m> {
    vrf: &'m str,
    labels: Vec<Label>,
}

/// The subnets that overlap in the tables of a node.
fn meetings<'m>(view: View<'_, 'm>) -> Vec<(Clash<'m>, Table<'m>)> {
    let Some(frr) = view.frr() else { return vec![] };
    let imports = |instance: &&BgpInstance| instance.families.values().any(|family| !family.import_vrf.is_empty());
    let tables = frr.bgp.iter().filter(imports).flat_map(|instance| {
        let vrf = instance.vrf.as_ref().map_or("", |vrf| vrf.as_str());
        // What Proxmox generates is in its store, of which another rule speaks.
        let clashes = clashes(frr, instance, vrf, view.links(), |link| view.is_of_store(link));
        clashes.into_iter().map(move |(clash, labels)| (clash, Table { vrf, labels }))
    });
    tables.collect()
}

/// The subnets in the table of an instance that overlap and are of different VRFs: its own, and those that leak into it.
fn clashes<'m>(
    frr: &'m Frr,
    instance: &'m BgpInstance,
    vrf: &str,
    links: impl Iterator<Item = &'m Link>,
    is_reported: impl Fn(&Link) -> bool,
) -> Vec<(Clash<'m>, Vec<Label>)> {
    let mut imports: BTreeMap<(&str, bool), &Sourced<String>> = BTreeMap::new();
    for (family, config) in &instance.families {
        imports.extend(config.import_vrf.iter().map(|vrf| ((named(vrf), *family == Family::Ipv4Unicast), vrf)));
    }
    let mut subnets: Vec<(Prefix, &str, bool, Vec<Label>)> = vec![];
    for link in links {
        for address in link.addresses.iter().filter(|address| !address.is_host() && !is_link_local(address.ip)) {
            let (prefix, of) = (address.prefix(), link.vrf_name());
            let mut labels = vec![(address.span(), format!("{prefix} on {}", link.name))];
            if of != vrf {
                let Some(import) = imports.get(&(of, address.ip.is_ipv4())) else { continue };
                if !leaks(frr, instance, of, prefix, &link.name) {
                    continue;
                }
                labels.push((import.span(), format!("VRF {} leaks here", title(of))));
            }
            subnets.push((prefix, of, is_reported(link), labels));
        }
    }
    // A prefix covers what follows it in order, up to the first that it does not. One clash for each is enough.
    subnets.sort_by_key(|(prefix, of, ..)| (prefix.network(), prefix.length(), *of));
    let mut found = vec![];
    for (at, (one, of_one, reported, labels)) in subnets.iter().enumerate() {
        let mut covered = subnets[at + 1..].iter().take_while(|(other, ..)| one.covers(*other));
        // A subnet of the store against what the node is in itself is the store's fault too.
        let is_stores = |of: &str, is: bool, too: bool, other: &str| {
            is && too || vrf.is_empty() && (is && other.is_empty() || too && of.is_empty())
        };
        let meets =
            covered.find(|(_, of_other, too, _)| of_other != of_one && !is_stores(of_one, *reported, *too, of_other));
        if let Some((other, of_other, _, theirs)) = meets {
            found.push(([(*one, *of_one), (*other, *of_other)], [labels.as_slice(), theirs].concat()));
        }
    }
    found
}

/// Whether a connected subnet surely gets from its VRF into the instance that imports it.
fn leaks(frr: &Frr, into: &BgpInstance, of: &str, prefix: Prefix, link: &str) -> bool {
    let family = if prefix.network().is_ipv4() { Family::Ipv4Unicast } else { Family::Ipv6Unicast };
    let passes = |map: &Option<Sourced<String>>, route| {
        map.as_ref().is_none_or(|map| decide(frr, &map.value, route) == Decision::Permit)
    };
    let origin = frr.instance(Some(of).filter(|of| !of.is_empty())).and_then(|bgp| bgp.families.get(&family));
    let connected =
        origin.and_then(|origin| origin.redistribute.iter().find(|source| source.protocol.value == "connected"));
    connected.is_some_and(|source| passes(&source.route_map, Route::Connected(prefix, link)))
        && into.families.get(&family).is_some_and(|family| passes(&family.vpn.import_map, Route::Prefix(prefix)))
}
