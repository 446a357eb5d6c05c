use crate::finding::{Member, Out, Severity};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for [a, b] in fabric.multihoming.sides() {
        let lacking = || [&a, &b].into_iter().filter(|(_, mlag)| mlag.clag.backup.is_none());
        if lacking().next().is_some() {
            let sides: Vec<_> = lacking().copied().collect();
            out.group(
                &sides,
                |(node, mlag)| Member::new(fabric.name(*node), "no clagd-backup-ip", mlag.clag.span),
                |sides, out| {
                    let names = join_names(sides.iter().map(|(node, _)| fabric.name(*node)));
                    out.report(format!(
                        "no clagd-backup-ip on {names}: nothing but the peer link leads to the MLAG peer"
                    ))
                    .also(sides.iter().map(|(node, mlag)| (mlag.clag.span, format!("MLAG of {}", fabric.name(*node)))))
                    .help("write `clagd-backup-ip` with the loopback or management address of the peer")
                    .cap_severity(Severity::Info)
                    .done();
                },
            );
        }
        for ((node, mlag), (other, theirs)) in [(a, b), (b, a)] {
            let (name, peer) = (fabric.name(node), fabric.name(other));
            let Some(backup) = &mlag.clag.backup else { continue };
            let device = &fabric.devices[other];
            let on_peerlink = theirs.control.addresses.iter().any(|own| own.ip == backup.value);
            let message = match mlag.backs(device) {
                Some(true) if on_peerlink => {
                    format!("the backup of {name} to its MLAG peer {peer} is the peer link itself")
                }
                Some(false) => format!("{name} has {backup} as its backup; its MLAG peer {peer} has no such address"),
                _ => continue,
            };
            let is_shared = |ip| device.node.shared_vtep().is_some_and(|shared| shared.value == ip);
            let lo = device.link("lo").map_or(&[][..], |lo| &lo.addresses).iter().filter(|own| !is_shared(own.ip));
            let such = lo.clone().next().map_or(String::new(), |own| format!(", such as {}", own.ip));
            out.report(message)
                .about(format!("{name} clagd-backup-ip"))
                .at(backup.span(), "should be the peer's, and not on the peer link")
                .also(theirs.control.addresses.iter().map(|own| (own.span(), format!("the peer link of {peer}"))))
                .also(lo.map(|own| (own.span(), format!("lo of {peer}"))))
                .help(format!("write `clagd-backup-ip` with an address of {peer}{such}"))
                .done();
        }
    }
}
