use crate::{
    finding::{Member, Out},
    shared::in_order,
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::words::join_names;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<BTreeSet<NodeIndex>, Vec<IpAddr>> = BTreeMap::new();
    // `mlag-anycast-taken` judges who takes an address that a pair shares.
    let mlags = fabric.multihoming.mlags.values();
    let shared: BTreeSet<IpAddr> = mlags.filter_map(|mlag| mlag.anycast).map(|anycast| anycast.value).collect();
    for address in fabric.overlay.vteps.keys().filter(|address| !shared.contains(address)) {
        let users = fabric.overlay.vteps[address].iter().map(|(node, _)| *node);
        let nodes: BTreeSet<NodeIndex> = users.chain(fabric.overlay.owners(*address).map(|(node, _)| node)).collect();
        if nodes.len() > 1 && !fabric.multihoming.may_share(nodes.iter().copied()) {
            causes.entry(nodes).or_default().push(*address);
        }
    }
    for (nodes, addresses) in causes {
        let things: Vec<(NodeIndex, IpAddr)> =
            nodes.iter().flat_map(|node| addresses.iter().map(|address| (*node, *address))).collect();
        let place = |node: NodeIndex, address: IpAddr| {
            fabric.overlay.owners(address).find(|(owner, _)| *owner == node).and_then(|(_, at)| at)
        };
        out.clash(
            &things,
            |(node, address)| Member::new(fabric.name(*node), format_args!("vtep {address}"), place(*node, *address)),
            |things, out| {
                let nodes = in_order(things.iter().map(|(node, _)| *node));
                let addresses = in_order(things.iter().map(|(_, address)| *address));
                let (mut own, mut used) = (vec![], vec![]);
                for address in &addresses {
                    own.extend(
                        fabric
                            .overlay
                            .owners(*address)
                            .map(|(node, at)| (at, format!("{address} on {}", fabric.name(node)))),
                    );
                    for node in &nodes {
                        let users = fabric.devices[*node]
                            .local_vnis
                            .iter()
                            .filter_map(|local_vni| local_vni.vxlan.local.as_ref());
                        let users = users.filter(|local| local.value == *address).take(shown::SOME);
                        used.extend(
                            users.map(|local| (local.span(), format!("tunnels of {} start here", fabric.name(*node)))),
                        );
                    }
                }
                let (names, list) = (join_names(nodes.iter().map(|node| fabric.name(*node))), join_names(&addresses));
                out.report(format!("{names} have one VTEP address, {list}"))
                    .also(own)
                    .also(used)
                    .help(
                        "give each node its own loopback, VTEP address and router id; FRR drops routes \
                whose next hop is its own address",
                    )
                    .done();
            },
        );
    }
}
