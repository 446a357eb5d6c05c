use crate::{finding::Out, plan::Plan};
use evpnlint_core::{
    model::{
        Sourced,
        intent::{Controller, ControllerKind},
    },
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for evpn in plan.evpn_controllers().filter(|controller| controller.bgp_mode.is_none()) {
        let Some(asn) = &evpn.asn else { continue };
        judge(plan, evpn, asn, out);
    }
}

/// Proxmox lets a node whose bgp controller has another AS number than the evpn controller call its peers with
/// `remote-as external`, and every other node with `remote-as` of the evpn controller.
fn judge(plan: &Plan, evpn: &Controller, asn: &Sourced<u32>, out: &mut Out) {
    let serves = |name: &str| {
        let listed = evpn.nodes.is_empty() || evpn.nodes.iter().any(|own| own.as_str() == name);
        listed && plan.zones_of(&evpn.id).any(|zone| zone.is_on(name))
    };
    let own: BTreeMap<&str, &Sourced<u32>> = (plan.node_controllers(ControllerKind::Bgp))
        .filter_map(|(node, controller)| Some((node, controller.asn.as_ref()?)))
        .filter(|(node, own)| serves(node) && own.value > 0 && own.value != asn.value)
        .collect();
    let Some((external, number)) = own.first_key_value() else { return };
    let Some(members) = plan.members() else { return };
    let internal: BTreeSet<&str> = members.into_iter().filter(|name| serves(name) && !own.contains_key(name)).collect();
    let mut groups: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    own.iter().for_each(|(node, number)| groups.entry(number.value).or_default().push(node));
    let alike = groups.into_iter().find(|(_, nodes)| nodes.len() > 1);
    let (message, help) = if let Some(first) = internal.first() {
        let expect = if internal.len() == 1 { "expects" } else { "expect" };
        let help = format!(
            "give every node a bgp controller with an AS number of its own, {first} too, or none another than {asn}"
        );
        (
            format!(
                "{} {expect} AS {asn} of all peers of controller {}, and {external} runs AS {number}: no session to it comes up",
                join_names(&internal),
                evpn.id
            ),
            help,
        )
    } else if let Some((number, nodes)) = alike {
        let message = format!(
            "{} run AS {number} and expect another AS of each peer of controller {}: no session between them comes up",
            join_names(&nodes),
            evpn.id
        );
        (
            message,
            format!("write `asn {number}` for controller {} as well, or give each node its own AS number", evpn.id),
        )
    } else {
        return;
    };
    out.report(message)
        .about(plan.about(format_args!("controller {} as numbers", evpn.id)))
        .at(asn.span(), format!("AS {asn}, of controller {}", evpn.id))
        .also(own.iter().map(|(node, number)| (number.span(), format!("AS {number}, of {node}"))))
        .help(help)
        .done();
}
