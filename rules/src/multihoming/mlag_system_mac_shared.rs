use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, multihoming::Mlag};
use evpnlint_core::{model::MacAddress, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut users: BTreeMap<MacAddress, Vec<(NodeIndex, &Mlag)>> = BTreeMap::new();
    for (node, mlag) in &fabric.multihoming.mlags {
        if let Some(mac) = &mlag.clag.system_mac {
            users.entry(mac.value).or_default().push((*node, mlag));
        }
    }
    for (mac, users) in users {
        let pairs: BTreeSet<NodeIndex> =
            users.iter().filter_map(|(node, _)| Some(fabric.multihoming.peer(*node)?.min(*node))).collect();
        if pairs.len() < 2 {
            continue;
        }
        let place = |mlag: &Mlag| mlag.clag.system_mac.as_ref().and_then(|mac| mac.span());
        out.clash(
            &users,
            |(node, mlag)| Member::new(fabric.name(*node), "clagd-sys-mac", place(mlag)),
            |users, out| {
                let names = join_names(users.iter().map(|(node, _)| fabric.name(*node)));
                out.report(format!("{names} are several MLAG pairs, and have one system MAC, {mac}"))
                    .also(users.iter().map(|(node, mlag)| {
                        (mlag.clag.system_mac.as_ref().and_then(|mac| mac.span()), fabric.name(*node))
                    }))
                    .help("give each pair one of its own")
                    .done();
            },
        );
    }
}
