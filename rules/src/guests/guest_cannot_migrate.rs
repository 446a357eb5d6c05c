use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric,
    guests::{Port, grouped, names},
};
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let is_bound = |port: &&Port| port.vnet.is_some_and(|(_, zone)| !zone.nodes.is_empty() && zone.is_on(port.host));
    for (_, ports) in grouped(fabric.guests.iter().filter(is_bound), Port::about) {
        let port = ports[0];
        let (Some((vnet, zone)), Some(intent)) = (port.vnet, port.intent) else { continue };
        let members = || intent.members.iter().map(|member| member.as_str());
        let left: Vec<&str> = members().filter(|member| !zone.is_on(member)).collect();
        // Names that are no members' say nothing of those that are.
        if left.is_empty() || !members().any(|member| zone.is_on(member)) {
            continue;
        }
        out.group(&ports, |port| Member::named(format!("{} {}", port.about(), port.name()), port.place()), |ports, out| {
        out.report(format!("{} cannot move to {}: vnet {} is not there", names(ports).0, join_names(&left), vnet.id))
            .also(ports.iter().take(shown::SOME).map(|port| (port.place(), format!("{} on {}", port.name(), port.host))))
            .also(zone.nodes.iter().map(|node| (node.span(), format!("zone {} is on this node", zone.id))))
            .help(format!(
                "add them to the `nodes` of zone {} and apply, or keep the guests off them, as with a node affinity rule of HA",
                zone.id
            ))
            .done();
});
    }
}
