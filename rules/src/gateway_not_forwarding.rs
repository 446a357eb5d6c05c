use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut found = vec![];
    for gateway in fabric.overlay.gateways.values().flatten().filter(|gateway| !gateway.addresses.is_empty()) {
        if let Some(switch) = gateway.svi.ip_forward.as_ref().filter(|switch| !switch.value)
            && gateway.addresses.iter().any(|own| own.ip.is_ipv4())
        {
            found.push((gateway, switch.span()));
        }
    }
    found.sort_by_key(|(gateway, _)| gateway.node);
    let Some((first, _)) = found.first() else { return };
    let names =
        join_names(found.iter().map(|(gateway, _)| format!("{} of {}", gateway.svi.name, fabric.name(gateway.node))));
    out.report(format!("no forwarding on {names}, which hosts have as their gateway"))
        .about(format!("{} {}", fabric.name(first.node), first.svi.name))
        .also(
            found
                .iter()
                .take(50)
                .map(|(gateway, span)| (*span, format!("{} of {}", gateway.svi.name, fabric.name(gateway.node)))),
        )
        .help("write `ip-forward on`, or take the line away")
        .done();
}
