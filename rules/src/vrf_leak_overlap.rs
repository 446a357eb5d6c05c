//! Leaking brings overlapping subnets into one table.

use evpnlint_analysis::{
    fabric::{
        Fabric, NodeIndex,
        gateway::is_link_local,
        join_names,
        policy::{Decision, Route, decide},
        tenants::{named, title},
    },
    finding::{Out, Severity},
};
use evpnlint_core::{
    model::{
        Prefix, Sourced,
        bgp::{BgpInstance, Family},
        frr::Frr,
        link::Link,
    },
    source::Span,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut found: BTreeMap<Clash, Vec<Meeting>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        let Some(frr) = &device.node.frr else { continue };
        let leaks = |own: &&BgpInstance| own.families.values().any(|family| !family.import_vrf.is_empty());
        // Of what Proxmox generates, its store tells, and a rule on that.
        let is_told = |link: &Link| !fabric.cluster.intents.is_empty() && device.is_generated(link);
        for instance in frr.bgp.iter().filter(leaks) {
            let vrf = instance.vrf.as_ref().map_or("", |vrf| vrf.as_str());
            for (clash, labels) in clashes(frr, instance, vrf, device.node.links.values(), is_told) {
                found.entry(clash).or_default().push(Meeting { node, vrf, labels });
            }
        }
    }
    for ([(one, of_one), (other, of_other)], meetings) in found {
        let nodes = join_names(meetings.iter().map(|own| fabric.name(own.node)).collect::<BTreeSet<_>>());
        let vrfs = join_names(meetings.iter().map(|own| title(own.vrf)).collect::<BTreeSet<_>>());
        let loses = if one == other {
            "one of them cannot be reached from there".to_owned()
        } else {
            format!("packets for {other} go to VRF {}, whoever they are for", title(of_other))
        };
        let (of_one, of_other) = (title(of_one), title(of_other));
        let places = meetings.iter().flat_map(|own| own.labels.iter().map(move |(span, text)| (own.node, span, text)));
        let draft = out
            .report(format!(
                "{one} of VRF {of_one} and {other} of VRF {of_other} meet in VRF {vrfs} on {nodes}: {loses}"
            ))
            .about(format!("{nodes} {vrfs} {one} {other}"))
            .also(places.map(|(node, span, text)| (*span, format!("{text} on {}", fabric.name(node)))))
            .help("give one of them another subnet, or keep it out with `import vrf route-map`");
        // Within the tenants all is well: it is an exit that reaches one of them only.
        let is_exit = one == other && meetings.iter().all(|own| own.vrf.is_empty());
        if is_exit { draft.cap_severity(Severity::Info).done() } else { draft.done() }
    }
}

/// Two subnets with the VRFs that they are of, the larger first.
type Clash<'m> = [(Prefix, &'m str); 2];

type Label = (Option<Span>, String);

/// A table that has both.
struct Meeting<'m> {
    node: NodeIndex,
    vrf: &'m str,
    labels: Vec<Label>,
}

/// The subnets in the table of an instance that overlap and are of different VRFs: its own, and those that leak into it.
fn clashes<'m>(
    frr: &'m Frr,
    instance: &'m BgpInstance,
    vrf: &str,
    links: impl Iterator<Item = &'m Link>,
    is_told: impl Fn(&Link) -> bool,
) -> Vec<(Clash<'m>, Vec<Label>)> {
    let mut imports: BTreeMap<(&str, bool), &Sourced<String>> = BTreeMap::new();
    for (family, config) in &instance.families {
        imports.extend(config.import_vrf.iter().map(|own| ((named(own), *family == Family::Ipv4Unicast), own)));
    }
    let mut subnets: Vec<(Prefix, &str, bool, Vec<Label>)> = vec![];
    for link in links {
        for own in link.addresses.iter().filter(|own| !own.is_host() && !is_link_local(own.ip)) {
            let (prefix, of) = (own.prefix(), link.vrf_name());
            let mut labels = vec![(own.span(), format!("{prefix} on {}", link.name))];
            if of != vrf {
                let Some(import) = imports.get(&(of, own.ip.is_ipv4())) else { continue };
                if !leaks(frr, instance, of, prefix, &link.name) {
                    continue;
                }
                labels.push((import.span(), format!("VRF {} leaks here", title(of))));
            }
            subnets.push((prefix, of, is_told(link), labels));
        }
    }
    // A prefix covers what follows it in order, up to the first that it does not. One clash for each is enough.
    subnets.sort_by_key(|(prefix, of, ..)| (prefix.network(), prefix.length(), *of));
    let mut found = vec![];
    for (at, (one, of_one, reported, own)) in subnets.iter().enumerate() {
        let mut covered = subnets[at + 1..].iter().take_while(|(other, ..)| one.covers(*other));
        let meets = covered.find(|(_, of_other, too, _)| of_other != of_one && !(*reported && *too));
        if let Some((other, of_other, _, theirs)) = meets {
            found.push(([(*one, *of_one), (*other, *of_other)], [own.as_slice(), theirs].concat()));
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
    let own = frr.instance(Some(of).filter(|of| !of.is_empty())).and_then(|own| own.families.get(&family));
    let connected = own.and_then(|own| own.redistribute.iter().find(|own| own.protocol.value == "connected"));
    connected.is_some_and(|own| passes(&own.route_map, Route::Connected(prefix, link)))
        && into.families.get(&family).is_some_and(|own| passes(&own.vpn.import_map, Route::Prefix(prefix)))
}
