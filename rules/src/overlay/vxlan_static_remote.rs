use crate::{finding::Out, shown, view::View};
use evpnlint_core::words::join_names;

pub(super) fn check(view: View, out: &mut Out) {
    if !view.device().runs_evpn() {
        return;
    }
    let device = view.device();
    let mut found = vec![];
    for local_vni in &device.local_vnis {
        found.extend(
            local_vni.vxlan.remotes.iter().map(|remote| (remote.span(), local_vni.link.name.as_str(), remote.value)),
        );
    }
    let Some((_, link, _)) = found.first() else { return };
    let name = view.name();
    out.report(format!(
        "{link} on {name} floods to {} beside what EVPN tells it",
        join_names(found.iter().map(|(_, _, ip)| ip))
    ))
    .about(format!("{name} {link}"))
    .also(found.iter().take(shown::MANY).map(|(span, link, ip)| (*span, format!("{link} to {ip}"))))
    .help("take the remote addresses away: EVPN's type-3 routes fill the flood list")
    .done();
}
