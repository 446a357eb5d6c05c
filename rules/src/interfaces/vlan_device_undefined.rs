use crate::{finding::Out, view::View};
use evpnlint_core::model::link::{Link, LinkKind, stem};
use std::collections::BTreeMap;

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    let (name, links) = (view.name(), &view.node().links);
    let mut lost: BTreeMap<&str, Vec<&Link>> = BTreeMap::new();
    for link in links.values().filter(|link| link.is_described()) {
        if let LinkKind::Vlan { raw: Some(raw), .. } = &link.kind
            && device.link(raw).is_none()
            && !device.hooks_mention(raw)
        {
            lost.entry(&raw.value).or_default().push(link);
        }
    }
    let stray = links.values().filter(|link| link.is_described() && !device.hooks_mention(&link.name));
    for (link, id) in stray.filter_map(|link| Some((link, link.stray_vlan_id.as_ref()?))) {
        out.report(format!(
            "{} on {name} has `vlan-id {id}` and no `vlan-raw-device`: no VLAN is made of it, and it does not come up",
            link.name
        ))
        .about(format!("{name} {} vlan-raw-device", link.name))
        .at(id.span(), "a VLAN of nothing")
        .also([(Some(link.place()), "without `vlan-raw-device`")])
        .help(format!("write `vlan-raw-device` with the bridge or port below {}", link.name))
        .done();
    }
    // What a machine's own ports are called is in no file: only devices that a stanza makes are missed.
    let is_made = |link: &&Link| matches!(link.kind, LinkKind::Bridge { .. } | LinkKind::Bond { .. });
    for (raw, vlans) in lost {
        let close = |link: &&Link| {
            strsim::osa_distance(&link.name, raw) <= 2 && link.name.len() > 3 && stem(&link.name) != stem(raw)
        };
        let Some(meant) = links.values().filter(is_made).find(close) else { continue };
        let (first, count) = (vlans[0], vlans.len());
        let others = if count > 1 { format!(" and {} more are VLANs", count - 1) } else { " is a VLAN".to_owned() };
        out.report(format!("{}{others} of {raw} on {name}, which does not exist; {} does", first.name, meant.name))
            .about(format!("{name} vlan-raw-device {raw}"))
            .also(
                vlans
                    .iter()
                    .map(|link| (written(link).or(Some(link.place())), format!("{} is on top of {raw}", link.name))),
            )
            .at(meant.place(), "nearly that name")
            .help(format!("write {} for {raw}", meant.name))
            .done();
    }
}

fn written(link: &Link) -> Option<evpnlint_core::source::Span> {
    match &link.kind {
        LinkKind::Vlan { raw, .. } => raw.as_ref().and_then(|raw| raw.span()),
        _ => None,
    }
}
