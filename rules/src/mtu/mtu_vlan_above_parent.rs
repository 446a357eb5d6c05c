use crate::{
    finding::{Member, Out},
    shown,
    view::{Nodes, names},
};
use evpnlint_core::model::link::LinkKind;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let causes = nodes.by_cause(|view| {
        let device = view.device();
        view.links().filter_map(move |link| {
            let (written, below) = device.mtu_refused(link)?;
            let LinkKind::Vlan { raw: Some(raw), .. } = &link.kind else { return None };
            Some(((link.name.as_str(), written.value, raw.value.as_str(), below.bytes), (written, below)))
        })
    });
    for ((vlan, wanted, raw, bytes), found) in causes {
        out.group(&found, |(view, (written, _))| Member::new(view.name(), vlan, written.span()), |found, out| {
        let names = names(found);
        out.report(format!(
            "{vlan} on {names} is told mtu {wanted}, but {raw} below it has {bytes}: the kernel refuses, and {vlan} stays \
             at {bytes}"
        ))
        .also(found.iter().take(shown::MANY).map(|(view, (written, _))| (written.span(), format!("{vlan} of {}", view.name()))))
        .also(found.iter().take(shown::MANY).map(|(view, (_, below))| {
            let whose = below.default.map(|whose| format!(", {whose} default")).unwrap_or_default();
            (below.span, format!("{raw} of {}: mtu {bytes}{whose}", view.name()))
        }))
        .help(format!("write `mtu {wanted}` under {raw} and whatever is below it, or take the line from {vlan}"))
        .done();
});
    }
}
