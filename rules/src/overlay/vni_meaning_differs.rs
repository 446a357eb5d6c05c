use crate::{finding::Out, shown};
use evpnlint_analysis::fabric::{Fabric, meaning};
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for conflict in meaning::conflicts(fabric) {
        let (Some(node), Some(vni)) = (conflict.odd.first(), conflict.vnis.first()) else { continue };
        let more = match conflict.what.len() {
            1 => String::new(),
            n => format!(" (and {} more)", n - 1),
        };
        let names = join_names(conflict.odd.iter().map(|node| fabric.name(*node)));
        let carried = conflict.odd.iter().flat_map(|node| {
            let own = fabric.devices[*node].local_vnis.iter().filter(|own| conflict.vnis.contains(&own.vni));
            own.map(|own| (own.span, format!("VNI {} of {}", own.vni, fabric.name(*node))))
        });
        out.report(format!("{}{more}", conflict.what[0]))
            .about(format!("{} vni {vni}", fabric.name(*node)))
            .also(conflict.places.into_iter().take(shown::MANY))
            .also(carried.take(shown::SOME))
            .help(format!(
                "compare {names} with the other nodes: a VNI is one broadcast domain and has one \
                subnet, one VRF and one purpose everywhere"
            ))
            .done();
    }
}
