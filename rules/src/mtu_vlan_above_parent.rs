use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use evpnlint_core::model::link::LinkKind;
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<(&str, u32, &str, u32), Vec<_>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        for link in device.node.links.values() {
            let (Some((written, below)), LinkKind::Vlan { raw: Some(raw), .. }) =
                (device.mtu_refused(link), &link.kind)
            else {
                continue;
            };
            let cause = (link.name.as_str(), written.value, raw.value.as_str(), below.bytes);
            causes.entry(cause).or_default().push((node, written, below));
        }
    }
    for ((vlan, wanted, raw, bytes), found) in causes {
        let names = join_names(found.iter().map(|(node, ..)| fabric.name(*node)));
        out.report(format!(
            "{vlan} on {names} is reported mtu {wanted}, but {raw} below it has {bytes}: the kernel refuses, and {vlan} stays \
             at {bytes}"
        ))
        .about(format!("{} {vlan}", fabric.name(found[0].0)))
        .also(found.iter().take(50).map(|(node, written, _)| (written.span(), format!("{vlan} of {}", fabric.name(*node)))))
        .also(found.iter().take(50).map(|(node, _, below)| {
            let whose = below.default.map(|whose| format!(", {whose} default")).unwrap_or_default();
            (below.span, format!("{raw} of {}: mtu {bytes}{whose}", fabric.name(*node)))
        }))
        .help(format!("write `mtu {wanted}` under {raw} and whatever is below it, or take the line from {vlan}"))
        .done();
    }
}
