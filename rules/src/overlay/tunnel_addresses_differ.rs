use crate::{finding::Out, shown, view::View};
use evpnlint_core::words::join_names;
use std::{collections::BTreeMap, net::IpAddr};

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    let mut groups: BTreeMap<IpAddr, Vec<_>> = BTreeMap::new();
    for local_vni in device.local_vnis.iter().filter(|local_vni| !local_vni.is_static()) {
        if let Some(local) = &local_vni.vxlan.local {
            groups.entry(local.value).or_default().push((local_vni, local));
        }
    }
    if groups.len() < 2 || groups.keys().any(|address| device.owner(*address).is_none()) || !device.runs_evpn() {
        return;
    }
    let name = view.name();
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, users)| users.len());
    let (odd, users) = &groups[0];
    let rest = join_names(groups[1..].iter().map(|(address, _)| address));
    out.report(format!(
        "tunnels of {name} start at {odd} for {}, and at {rest} for others",
        join_names(users.iter().map(|(local_vni, _)| &local_vni.link.name))
    ))
    .about(format!("{name} vtep {odd}"))
    .also(groups.iter().flat_map(|(address, users)| {
        users
            .iter()
            .take(shown::SOME)
            .map(move |(local_vni, local)| (local.span(), format!("{} from {address}", local_vni.link.name)))
    }))
    .help("give all VXLAN devices of a node one `vxlan-local-tunnelip`, or set it once under lo")
    .done();
}
