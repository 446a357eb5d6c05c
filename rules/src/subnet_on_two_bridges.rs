use evpnlint_analysis::{
    fabric::{Fabric, join_names, meaning},
    finding::Out,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        let tenants: BTreeSet<&str> =
            device.segments.iter().filter_map(|segment| segment.svi).map(|svi| svi.name.as_str()).collect();
        for ((vrf, prefix), links) in meaning::doubles(device) {
            let carries_tenants = links.iter().any(|link| tenants.contains(link.name.as_str()));
            if carries_tenants && links.iter().all(|link| link.is_described()) {
                let names: Vec<&str> = links.iter().map(|link| link.name.as_str()).collect();
                causes.entry((vrf, prefix, names)).or_default().push((node, links));
            }
        }
    }
    for ((vrf, prefix, names), found) in causes {
        let nodes = join_names(found.iter().map(|(node, _)| fabric.name(*node)));
        let place = if vrf.is_empty() { String::new() } else { format!(" in VRF {vrf}") };
        out.report(format!(
            "{prefix} is on {} of {nodes}{place}: packets leave through one of them only",
            join_names(&names)
        ))
        .about(format!("{} {prefix}", fabric.name(found[0].0)))
        .also(found.iter().take(20).flat_map(|(node, links)| {
            links.iter().flat_map(move |link| {
                link.addresses
                    .iter()
                    .filter(move |own| own.prefix() == prefix)
                    .map(move |own| (own.span(), format!("{} of {}", link.name, fabric.name(*node))))
            })
        }))
        .help("give each bridge a subnet of its own, or put them in different VRFs")
        .done();
    }
}
