use crate::finding::Out;
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for [a, b] in fabric.multihoming.sides() {
        for ((node, mlag), (other, theirs)) in [(a, b), (b, a)] {
            let addresses = &theirs.control.addresses;
            let Some(peer) = mlag.peer().filter(|_| !addresses.is_empty() && !theirs.control.dynamic) else { continue };
            if addresses.iter().any(|own| own.ip == peer.value) {
                continue;
            }
            let (name, other) = (fabric.name(node), fabric.name(other));
            let control = &theirs.control.name;
            out.report(format!(
                "{name} looks for its MLAG peer at {}; {other} has {} there",
                peer.value,
                join_names(addresses.iter().map(|own| own.ip))
            ))
            .about(format!("{name} clagd-peer-ip"))
            .at(peer.span(), "nobody is there")
            .also(addresses.iter().map(|own| (own.span(), format!("{control} of {other}"))))
            .help(format!("write `clagd-peer-ip {}`, or `clagd-peer-ip linklocal`", addresses[0].ip))
            .done();
        }
    }
}
