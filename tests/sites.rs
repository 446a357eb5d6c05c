//! What crosses the border between two sites: the healthy fabric of `tests/corpus/two-sites`, with one thing changed at a
//! time, gets one finding, of one rule, that names the line.

use crate::support::files;
use evpnlint::{
    check,
    options::Completeness,
    settle::Selection,
    source::{File, Sources},
};

const FRR: &str = "etc/frr/frr.conf";
const INTERFACES: &str = "etc/network/interfaces";

/// A change: in a file of some nodes, every occurrence of one text becomes another.
type Change<'c> = (&'c [&'c str], &'c str, &'c str, &'c str);

/// What is changed; the rule that speaks; and where, in one of its places.
const CASES: [(&[Change], &str, &str); 11] = [
    (
        &[(&["b1", "b2"], FRR, "  advertise-all-vni\n", "  advertise-all-vni\n  autort rfc8365-compatible\n")],
        "route-target-unmatched",
        "b1/etc/frr/frr.conf",
    ),
    (
        &[(
            &["b1", "b2"],
            FRR,
            "  advertise-all-vni\n",
            "  advertise-all-vni\n  vni 100\n   route-target both 65002:7100\n  exit-vni\n",
        )],
        "route-target-unmatched",
        "b1/etc/frr/frr.conf",
    ),
    (
        &[(&["b1", "b2"], FRR, " vni 4001\n", " vni 4002\n"), (&["b1", "b2"], INTERFACES, "4001", "4002")],
        "l3vni-differs",
        "b1/etc/frr/frr.conf",
    ),
    (
        &[(&["br"], FRR, "  network 10.0.2.1/32\n  network 10.0.2.2/32\n", "")],
        "evpn-routes-lost",
        "b1/etc/network/interfaces",
    ),
    (&[(&["ar", "br"], FRR, " redistribute bgp\n", "")], "evpn-routes-lost", "b1/etc/network/interfaces"),
    (
        &[(&["ar"], INTERFACES, "172.16.9.0/31\n    mtu 9216", "172.16.9.0/31\n    mtu 1500")],
        "mtu-overlay-exceeds-underlay",
        "ar/etc/network/interfaces",
    ),
    (
        &[(&["b1", "b2"], INTERFACES, "10.1.100.1/24", "10.2.100.1/24")],
        "vni-meaning-differs",
        "b1/etc/network/interfaces",
    ),
    (
        &[(&["b1", "b2"], INTERFACES, "02:00:00:00:01:00", "02:00:00:00:02:00")],
        "gateway-mac-differs",
        "b2/etc/network/interfaces",
    ),
    (
        &[(&["b1"], INTERFACES, "02:00:00:02:00:01", "02:00:00:01:00:01")],
        "router-mac-duplicate",
        "b1/etc/network/interfaces",
    ),
    (&[(&["b1"], FRR, "router-id 10.0.2.1\n", "router-id 10.0.1.1\n")], "router-id-duplicate", "b1/etc/frr/frr.conf"),
    (
        &[
            (&["ar"], FRR, "  neighbor 172.16.9.1 activate\n exit-address-family\nexit", " exit-address-family\nexit"),
            (&["br"], FRR, "  neighbor 172.16.9.0 activate\n exit-address-family\nexit", " exit-address-family\nexit"),
        ],
        "sites-apart",
        "br/etc/frr/frr.conf",
    ),
];

#[test]
fn what_crosses_a_border_is_checked() {
    let whole = files::load("tests/corpus/two-sites");
    let mut wrong = vec![];
    for (changes, rule, place) in CASES {
        let mut sources = Sources::default();
        let mut used = vec![0; changes.len()];
        for (_, file) in whole.iter() {
            let mut text = file.text.clone();
            for (change, used) in changes.iter().zip(&mut used) {
                let (nodes, path, from, to) = *change;
                if nodes.contains(&file.node.as_str()) && file.inner == path && text.contains(from) {
                    *used += 1;
                    text = text.replace(from, to);
                }
            }
            sources.add(File::new(file.path.clone(), file.node.clone(), file.inner.clone(), text));
        }
        for ((nodes, .., from, _), used) in changes.iter().zip(used) {
            assert_eq!(used, nodes.len(), "{from:?} is not on all of {nodes:?}");
        }
        let outcome = check(&mut sources, &Selection::default(), &Completeness::Inferred.into());
        // That each site hangs on one node is no change.
        let new = || outcome.findings.iter().filter(|finding| finding.rule != "underlay-single-path");
        let rules: Vec<&str> = new().map(|finding| finding.rule).collect();
        let places = new().flat_map(|finding| finding.labels());
        let is_there = places.map(|label| &sources[label.span.file].path).any(|path| path.ends_with(place));
        if rules != [rule] || !is_there {
            wrong.push(format!(
                "{rule} at {place}: {:?}",
                new().map(|own| (own.rule, &own.message)).collect::<Vec<_>>()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
