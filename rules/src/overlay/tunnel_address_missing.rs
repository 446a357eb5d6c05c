use crate::{
    finding::{Member, Out, Severity},
    shown,
};
use evpnlint_analysis::{fabric::Fabric, predict::origin};
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter_enumerated().filter(|(_, device)| device.runs_evpn()) {
        let is_bare = |own: &&evpnlint_analysis::fabric::device::LocalVni| {
            own.source.is_none() && own.layer3.is_none() && !own.is_static() && own.vxlan.physdev.is_none()
        };
        let bare: Vec<_> = device.local_vnis.iter().filter(is_bare).collect();
        let name = fabric.name(node);
        if bare.is_empty() || device.hooks_mention("local") {
            continue;
        }
        out.group(&bare, |own| Member::new(name, &own.link.name, own.link.place()), |bare, out| {
        let first = bare[0];
        let list = join_names(bare.iter().map(|own| &own.link.name));
        // bgpd names its router-id instead, which others can send to if it is an address of the node.
        let stand_in = origin::stand_in(fabric, node).filter(|id| device.owner(*id).is_some());
        let draft = out.report(match stand_in {
            Some(id) => format!(
                "no tunnel address for {list} on {name}: bgpd names its router-id {id} for vni {}, and packets leave with \
                 whatever address their route has",
                first.vni
            ),
            None => format!("no tunnel address for {list} on {name}: no VTEP learns where vni {} is", first.vni),
        });
        let draft = draft
            .also(
                bare.iter()
                    .take(shown::MANY)
                    .map(|own| (own.link.place(), format!("no `vxlan-local-tunnelip` under {}", own.link.name))),
            )
            .help("write `vxlan-local-tunnelip` with the node's VTEP address, under lo or under each device");
        if stand_in.is_some() { draft.cap_severity(Severity::Warning).done() } else { draft.done() }
});
    }
}
