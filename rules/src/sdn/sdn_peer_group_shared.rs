use crate::{finding::Out, plan::Plan};
use evpnlint_core::{model::intent::Controller, words::join_names};
use std::collections::BTreeMap;

/// The peer group of a controller that names none.
const DEFAULT: &str = "VTEP";

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let mut groups: BTreeMap<&str, Vec<&Controller>> = BTreeMap::new();
    for controller in plan.evpn_controllers() {
        let name = controller.peer_group.as_ref().map_or(DEFAULT, |name| name.as_str());
        groups.entry(name).or_default().push(controller);
    }
    for controllers in groups.values() {
        let meet = |a: &&Controller, b: &Controller| {
            a.nodes.is_empty()
                || b.nodes.is_empty()
                || a.nodes.iter().any(|own| b.nodes.iter().any(|other| own.value == other.value))
        };
        let [first, rest @ ..] = controllers.as_slice() else { continue };
        let together: Vec<&&Controller> = rest.iter().filter(|other| meet(other, first)).collect();
        if together.is_empty() {
            continue;
        }
        let all = || std::iter::once(first).chain(together.iter().copied());
        out.report(format!(
            "evpn controllers {} write into one peer group: all their peers get one AS number and one policy",
            join_names(all().map(|controller| &controller.id))
        ))
        .about(plan.about(format_args!("controller {} group", first.id)))
        .also(all().map(|controller| (controller.id.span(), "an evpn controller")))
        .help("let all zones use one of them; where Proxmox has `peer-group-name`, give each its own")
        .done();
    }
}
