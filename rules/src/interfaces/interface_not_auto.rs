use crate::{
    finding::{Member, Out},
    view::View,
};
use evpnlint_core::{
    model::{bgp::PeerName, link::Link},
    words::join_names,
};
use std::collections::BTreeSet;

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    let unnumbered: BTreeSet<&str> = view
        .session_ends()
        .iter()
        .filter_map(|session_end| match &session_end.neighbor.name.value {
            PeerName::Interface(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let frr = view.frr();
    let routes = |link: &&Link| {
        let config = frr.and_then(|frr| frr.links.get(&link.name));
        unnumbered.contains(link.name.as_str())
            || config.is_some_and(|config| {
                config.ospf.area.is_some() || config.isis.ipv4.is_some() || config.isis.ipv6.is_some()
            })
    };
    let stays_down = || view.links().filter(|link| device.stays_down(link));
    report(view, &stays_down().filter(routes).collect::<Vec<_>>(), "the sessions over", out);
    // The bridge of a VNI, and what routes for it.
    let serves = |link: &&Link| {
        let is = |own: Option<&Link>| own.is_some_and(|own| own.name == link.name);
        device.local_vnis.iter().any(|local_vni| is(local_vni.bridge) || is(local_vni.svi))
    };
    report(
        view,
        &stays_down().filter(|link| serves(link) && !routes(link)).collect::<Vec<_>>(),
        "the hosts behind",
        out,
    );
}

/// Reports interfaces that stay down, and what goes down with them.
fn report(view: View, down: &[&Link], with: &str, out: &mut Out) {
    if down.is_empty() {
        return;
    }
    let name = view.name();
    out.group(
        down,
        |link| Member::new(name, format_args!("auto {}", link.name), link.place()),
        |down, out| {
            let first = down[0];
            let links = join_names(down.iter().map(|link| &link.name));
            let plural = down.len() > 1;
            let all = |is: fn(&Link) -> bool| down.iter().all(|link| is(link));
            let (what, help) = if all(is_late) {
                ("an `auto` line that comes behind the stanza", "move the `auto` line above its stanza".to_owned())
            } else if all(|link| link.late_auto.is_some() && !is_late(link)) {
                let help = "name the same range in the `auto` line as in the stanza".to_owned();
                ("an `auto` line that is not for the range of its stanza", help)
            } else {
                ("no `auto` line", format!("write `auto {}` above its stanza", first.name))
            };
            out.report(format!(
                "{links} on {name} {} {}: ifupdown2 leaves {} down at boot and at ifreload, and {with} {} \
             with {}",
                if plural { "have" } else { "has" },
                what,
                if plural { "them" } else { "it" },
                if plural { "them" } else { "it" },
                if plural { "them" } else { "it" },
            ))
            .also(down.iter().map(|link| (link.place(), "described here, and never brought up")))
            .also(
                down.iter().map(|link| (link.late_auto, if is_late(link) { "too late" } else { "not for this range" })),
            )
            .help(help)
            .done();
        },
    );
}

/// Whether its `auto` line stands behind it.
fn is_late(link: &Link) -> bool {
    link.late_auto.is_some_and(|auto| auto > link.place())
}
