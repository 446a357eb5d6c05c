use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter().enumerate().filter(|(_, device)| device.runs_evpn()) {
        let mut found = vec![];
        for segment in &device.segments {
            found.extend(
                segment.vxlan.remotes.iter().map(|remote| (remote.span(), segment.link.name.as_str(), remote.value)),
            );
        }
        let Some((_, link, _)) = found.first() else { continue };
        let name = fabric.name(node);
        out.report(format!(
            "{link} on {name} floods to {} beside what EVPN tells it",
            join_names(found.iter().map(|(_, _, ip)| ip))
        ))
        .about(format!("{name} {link}"))
        .also(found.iter().take(50).map(|(span, link, ip)| (*span, format!("{link} to {ip}"))))
        .help("take the remote addresses away: EVPN's type-3 routes fill the flood list")
        .done();
    }
}
