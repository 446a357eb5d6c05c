use crate::finding::{Member, Out, Severity};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{source::Span, words::join_names};
use std::{collections::BTreeMap, net::IpAddr};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut sharers: BTreeMap<IpAddr, BTreeMap<NodeIndex, Option<Span>>> = BTreeMap::new();
    for (node, mlag) in &fabric.multihoming.mlags {
        // Where the two of a pair differ, that is the fault.
        let peer = fabric.multihoming.peer(*node).and_then(|peer| fabric.multihoming.mlags.get(&peer)?.anycast);
        if let Some(anycast) = mlag.anycast.filter(|own| peer.is_none_or(|peer| peer.value == own.value)) {
            sharers.entry(anycast.value).or_default().insert(*node, anycast.span());
        }
    }
    for (address, sharers) in sharers {
        let users = fabric.overlay.vteps.get(&address).map_or(&[][..], Vec::as_slice);
        let unmatched_peers: Vec<&str> =
            users.iter().filter(|(node, _)| !sharers.contains_key(node)).map(|(node, _)| fabric.name(*node)).collect();
        let names = join_names(sharers.keys().map(|node| fabric.name(*node)));
        let (message, severity) = if !fabric.multihoming.may_share(sharers.keys().copied()) {
            (format!("{names} are several MLAG pairs, and share one VTEP address, {address}"), Severity::Error)
        } else if !unmatched_peers.is_empty() {
            (
                format!("{names} share {address}, which is the VTEP address of {}", join_names(unmatched_peers)),
                Severity::Error,
            )
        } else if !users.is_empty() {
            let own = join_names(users.iter().map(|(node, _)| fabric.name(*node)));
            (format!("{names} share {address}, which tunnels of {own} start at even without"), Severity::Warning)
        } else {
            continue;
        };
        let things: Vec<_> = sharers.iter().map(|(node, span)| (*node, *span)).collect();
        out.clash(
            &things,
            |(node, span)| Member::new(fabric.name(*node), format_args!("anycast {address}"), *span),
            |sharers, out| {
                out.report(message.clone())
            .also(sharers.iter().map(|(node, span)| (*span, format!("shared by {}", fabric.name(*node)))))
            .also(users.iter().map(|(node, own)| (own.span(), format!("the VTEP address of {}", fabric.name(*node)))))
            .help("let each pair share an address that nobody else has, and give each node a VTEP address of its own")
            .cap_severity(severity)
            .done();
            },
        );
    }
}
