use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, device::Mtu, overlay::majority};
use evpnlint_core::{model::Vni, source::Span, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

/// The odd nodes, their MTU, and the usual one.
type Cause = (BTreeSet<NodeIndex>, u32, u32);

/// Each node's interface and MTU in a VNI.
type Sizes = Vec<(NodeIndex, String, Mtu)>;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<Cause, Vec<(Vni, Sizes)>> = BTreeMap::new();
    for (vni, members) in &fabric.overlay.vnis {
        let mut sizes: Sizes = vec![];
        for member in members.iter().filter(|member| member.local_vni.layer3.is_none()) {
            let device = &fabric.devices[member.node];
            let bridge = member.local_vni.bridge.and_then(|bridge| Some((bridge, device.mtu(bridge)?)));
            let Some(own) = device.mtu(member.local_vni.link) else { continue };
            // A VXLAN device below its bridge is a fault of that node alone.
            let (link, mtu) = match bridge {
                Some((bridge, mtu)) if !bridge.is_vlan_aware() || mtu.bytes > own.bytes => (bridge, mtu),
                _ => (member.local_vni.link, own),
            };
            if mtu.default.is_none() || !device.is_switch {
                sizes.push((member.node, link.name.clone(), mtu));
            }
        }
        let mut groups: BTreeMap<u32, BTreeSet<NodeIndex>> = BTreeMap::new();
        for (node, _, mtu) in &sizes {
            groups.entry(mtu.bytes).or_default().insert(*node);
        }
        let Some((common, _, others)) = majority(groups) else { continue };
        for (bytes, odd) in others {
            causes.entry((odd, bytes, common)).or_default().push((*vni, sizes.clone()));
        }
    }
    for ((odd, bytes, common), vnis) in causes {
        let all_odd = odd.clone();
        // One member is a VNI of an odd node.
        let things: Vec<(NodeIndex, Vni, Option<Span>)> = vnis
            .iter()
            .flat_map(|(vni, sizes)| {
                sizes.iter().filter(|(node, ..)| odd.contains(node)).map(|(node, _, mtu)| (*node, *vni, Some(mtu.span)))
            })
            .collect();
        out.group(
            &things,
            |(node, vni, span)| Member::new(fabric.name(*node), format_args!("vni {vni}"), *span),
            |things, out| {
                let odd: BTreeSet<NodeIndex> = things.iter().map(|(node, ..)| *node).collect();
                let named: BTreeSet<Vni> = things.iter().map(|(_, vni, _)| *vni).collect();
                let vnis = || vnis.iter().filter(|(vni, _)| named.contains(vni));
                let (mut own, mut theirs) = (vec![], vec![]);
                for (node, name, mtu) in vnis()
                    .flat_map(|(_, sizes)| sizes)
                    .take(shown::MANY)
                    .filter(|(node, ..)| odd.contains(node) || !all_odd.contains(node))
                {
                    let place = (mtu.span, format!("{name} of {}: mtu {}", fabric.name(*node), mtu.bytes));
                    if odd.contains(node) { own.push(place) } else { theirs.push(place) }
                }
                let list = join_names(&named);
                let names = join_names(odd.iter().map(|node| fabric.name(*node)));
                out.report(format!("mtu {bytes} on {names} in vni {list}, but {common} on the other nodes"))
                    .also(own)
                    .also(theirs)
                    .help(format!("write `mtu {common}` under the bridge and the VXLAN device on {names}"))
                    .done();
            },
        );
    }
}
