use crate::finding::{Out, Severity};
use evpnlint_analysis::{
    change::Change,
    fabric::{Fabric, NodeIndex},
    forward::{
        Forwarding, SMALL,
        end::OUTSIDE,
        host::{Host, HostIndex},
        ping::{Probe, Verdict},
    },
    predict::Prediction,
};
use evpnlint_core::{
    model::surroundings::{Expectation, Selector, Without},
    source::Span,
};
use std::net::IpAddr;

/// How many nodes are taken away at most, one after the other.
const MOST_FAILURES: usize = 64;

/// How many pairs of hosts one expectation asks for at most.
const MOST_PAIRS: usize = 1024;

/// A pair of hosts of which an expectation does not hold.
struct Unmet {
    ends: [String; 2],
    why: Option<String>,
    places: Vec<Option<Span>>,
    without: Option<String>,
}

/// What came of an expectation.
#[derive(Default)]
struct Asked {
    unmet: Vec<Unmet>,
    skipped_pairs: usize,
    skipped_nodes: usize,
}

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let fabric = prediction.fabric;
    let Some(around) = fabric.cluster.surroundings.filter(|around| !around.expectations.is_empty()) else { return };
    let forwarding = Forwarding::new(prediction);
    for expected in &around.expectations {
        let [senders, receivers] = [&expected.from.value, &expected.to.value].map(|own| meant(&forwarding, own));
        for (selector, hosts) in [(&expected.from, &senders), (&expected.to, &receivers)] {
            let is_known = !hosts.is_empty() || selector.value == Selector::Outside;
            if !is_known && fabric.cluster.is_first && !names_any(fabric, &selector.value) {
                out.report(format!("{} names no host that is known, so that nothing is asked", selector.value))
                    .about(format!("expect {}", selector.value))
                    .at(selector.span(), "nobody")
                    .help("write the name of a [[host]] or a guest, `vrf:` and a VRF, or `outside`")
                    .done();
            }
        }
        let mut asked = ask(&forwarding, expected, None);
        let failures = failures(fabric, expected, asked.unmet.is_empty());
        asked.skipped_nodes = failures.len().saturating_sub(MOST_FAILURES);
        for name in failures.into_iter().take(MOST_FAILURES) {
            let change = Change { without: vec![name.clone()], moved: vec![] };
            let Ok(changed) = change.of(fabric) else { continue };
            let left = changed.fabric();
            let prediction = Prediction::new(&left);
            let after = ask(&Forwarding::new(&prediction), expected, Some(&name));
            asked.unmet.extend(after.unmet);
            asked.skipped_pairs = asked.skipped_pairs.max(after.skipped_pairs);
        }
        report(expected, &asked.unmet, out);
        report_skipped(expected, &asked, out);
    }
}

fn report(expected: &Expectation, unmet: &[Unmet], out: &mut Out) {
    let Some(first) = unmet.first() else { return };
    let size = expected.size.map_or("a small packet".to_owned(), |size| format!("a packet of {size} bytes"));
    let without = first.without.as_ref().map(|name| format!(" without {name}")).unwrap_or_default();
    let without_option = first.without.as_ref().map(|name| format!(" --without {name}")).unwrap_or_default();
    let more = match unmet.len() {
        1 => String::new(),
        all => format!("; likewise {} more", all - 1),
    };
    let says = if expected.deny { "arrives, and must not" } else { "does not come back" };
    let why = first.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    let [from, to] = &first.ends;
    out.report(format!("{from} to {to}: {size} {says}{without}{why}{more}"))
        .about(format!("expect {} {}", expected.from.value, expected.to.value))
        .at(expected.from.span(), "what is expected")
        .also(first.places.iter().map(|span| (*span, "on the way".to_owned())))
        .help(format!("`evpnlint ping {from} {to}{without_option}` shows the way, step by step"))
        .done();
}

/// Reports what was not asked: nobody may take it for met.
fn report_skipped(expected: &Expectation, asked: &Asked, out: &mut Out) {
    let skipped = match (asked.skipped_pairs, asked.skipped_nodes) {
        (0, 0) => return,
        (0, nodes) => format!("{nodes} of the nodes that may fail were not taken away"),
        (pairs, _) => format!("{pairs} pairs of hosts were not asked"),
    };
    let [from, to] = [&expected.from.value, &expected.to.value];
    out.report(format!("{from} to {to}: {skipped}, for one expectation would take too long"))
        .about(format!("expect {from} {to} skipped"))
        .at(expected.from.span(), "what is expected")
        .help("write several expectations, each of fewer hosts, or of one node that fails")
        .cap_severity(Severity::Warning)
        .done();
}

/// The nodes without which an expectation is asked.
fn failures(fabric: &Fabric, expected: &Expectation, is_met: bool) -> Vec<String> {
    match &expected.without {
        Some(Without::Node(name)) => vec![name.clone()],
        Some(Without::AnyNode) if is_met => fabric.nodes().map(|node| fabric.name(node).to_owned()).collect(),
        _ => vec![],
    }
}

/// Asks it of every pair that is meant. With a node gone, its own hosts are not asked for.
fn ask(forwarding: &Forwarding, expected: &Expectation, without: Option<&String>) -> Asked {
    let mut asked = Asked::default();
    let [senders, receivers] = [&expected.from.value, &expected.to.value].map(|own| meant(forwarding, own));
    if matches!(expected.without, Some(Without::Node(_))) && without.is_none() {
        return asked;
    }
    let mut pairs = 0;
    for from in senders {
        let own = &forwarding.hosts[from];
        let mut targets: Vec<(String, IpAddr)> = vec![];
        for is_v4 in [true, false].into_iter().filter(|is_v4| own.address(*is_v4).is_some()) {
            let others = receivers.iter().filter(|to| **to != from).map(|to| &forwarding.hosts[*to]);
            targets.extend(others.filter_map(|to| Some((to.name.to_string(), to.address(is_v4)?))));
            if expected.to.value == Selector::Outside {
                targets
                    .extend(OUTSIDE.into_iter().find(|ip| ip.is_ipv4() == is_v4).map(|ip| ("outside".to_owned(), ip)));
            }
        }
        for (name, to) in targets {
            pairs += 1;
            if pairs > MOST_PAIRS {
                asked.skipped_pairs += 1;
                continue;
            }
            let (size, df) = (expected.size.unwrap_or(SMALL), expected.size.is_some());
            let echo = forwarding.ping(Probe { from: from.into(), to, size, df });
            let is_wrong = match (echo.verdict(), expected.deny) {
                (Verdict::Ok, deny) => deny,
                (Verdict::Lost | Verdict::OneWay, deny) => !deny,
                (Verdict::Partial | Verdict::Unknown, _) => false,
            };
            if is_wrong {
                asked.unmet.push(Unmet {
                    ends: [own.name.to_string(), name],
                    why: forwarding.why_not(&echo),
                    places: echo.out.iter().chain(&echo.home).map(|leg| leg.span).filter(Option::is_some).collect(),
                    without: without.cloned(),
                });
            }
        }
    }
    asked
}

/// The hosts that are meant, those that no node here holds left out.
fn meant(forwarding: &Forwarding, selector: &Selector) -> Vec<HostIndex> {
    let is_meant = |host: &Host| match selector {
        Selector::Named(pattern) => pattern.matches(&host.name),
        Selector::Vrf(vrf) => forwarding.vrf_of(host) == Some(vrf),
        Selector::Outside => false,
    };
    let is_here = |host: &Host| host.segment.is_some() || host.node.is_some();
    let all = forwarding.hosts.iter().enumerate().filter(|(_, host)| is_here(host) && is_meant(host));
    all.map(|(at, _)| at).collect()
}

/// Whether the user tells of any such host, or any node has such a VRF, wherever that is.
fn names_any(fabric: &Fabric, selector: &Selector) -> bool {
    match selector {
        Selector::Named(pattern) => {
            let hosts = fabric.cluster.surroundings.into_iter().flat_map(|around| &around.hosts);
            hosts.map(|host| host.name.value.as_str()).any(|name| pattern.matches(name))
        }
        Selector::Vrf(vrf) => {
            let has = |node: NodeIndex| fabric.node(node).links.values().any(|link| link.vrf_name() == vrf);
            fabric.nodes().any(has)
        }
        Selector::Outside => true,
    }
}
