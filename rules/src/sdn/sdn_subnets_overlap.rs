use crate::{
    finding::{Out, Severity},
    plan::Plan,
};
use evpnlint_core::model::intent::{Subnet, Zone, ZoneKind};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let zone = |subnet: &Subnet| {
        let vnet = plan.sdn.vnet(subnet.vnet.as_ref()?)?;
        plan.sdn.zone_of(vnet)
    };
    let subnets: Vec<(&Subnet, &Zone)> =
        plan.sdn.subnets.iter().filter_map(|subnet| Some((subnet, zone(subnet)?))).collect();
    for (at, &a) in subnets.iter().enumerate() {
        for &b in &subnets[at + 1..] {
            let (Some(own), Some(other)) = (a.0.prefix(), b.0.prefix()) else { continue };
            if !own.overlaps(other) || own == other && a.0.vnet.as_deref() == b.0.vnet.as_deref() {
                continue;
            }
            let Some((severity, why)) = judge(a, b) else { continue };
            out.report(format!("subnets {} and {} overlap: {why}", a.0.id, b.0.id))
                .about(plan.about(format_args!("subnet {} subnet {}", a.0.id, b.0.id)))
                .at(a.0.id.span(), format!("{own} of vnet {}, zone {}", vnet(a.0), a.1.id))
                .at(b.0.id.span(), format!("{other} of vnet {}, zone {}", vnet(b.0), b.1.id))
                .help("give one of them addresses that no other subnet has")
                .cap_severity(severity)
                .done();
        }
    }
}

fn vnet(subnet: &Subnet) -> &str {
    subnet.vnet.as_ref().map_or("", |vnet| vnet.as_str())
}

/// How bad an overlap is, and what a packet experiences.
fn judge(a: (&Subnet, &Zone), b: (&Subnet, &Zone)) -> Option<(Severity, String)> {
    let ((one, own), (two, other)) = (a, b);
    let meet = plan_nodes_meet(own, other);
    match (own.kind, other.kind) {
        (ZoneKind::Evpn, ZoneKind::Evpn) if own.id.value == other.id.value => {
            let why = if one.vnet.as_deref() == two.vnet.as_deref() {
                return None;
            } else {
                format!(
                    "the VRF of zone {} has both as connected routes, and sends packets for one into the other",
                    own.id
                )
            };
            Some((Severity::Error, why))
        }
        (ZoneKind::Simple, ZoneKind::Simple) if meet && vnet(one) != vnet(two) => {
            Some((Severity::Error, "each node has both as connected routes, and uses one".to_owned()))
        }
        (ZoneKind::Evpn, _) | (_, ZoneKind::Evpn) if own.id.value != other.id.value => {
            // On an exit node, the VRF of its zone has a null route for each subnet of every other zone; one that is
            // more specific than an own subnet beats it, an equal one does not (distance 1 against 0).
            let swallows = |(subnet, zone): (&Subnet, &Zone), (foreign, _): (&Subnet, &Zone)| {
                let (Some(own), Some(foreign)) = (subnet.prefix(), foreign.prefix()) else { return false };
                zone.kind == ZoneKind::Evpn && !zone.exit_nodes.is_empty() && own.covers(foreign) && own != foreign
            };
            for (victim, cause) in [(a, b), (b, a)] {
                if swallows(victim, cause) {
                    let why = format!(
                        "on exit nodes of zone {} a null route for the smaller one drops a part of the larger",
                        victim.1.id
                    );
                    return Some((Severity::Error, why));
                }
            }
            // An exit node has the routes of its zones, and those of simple zones, in one table.
            let shares = |exit: &Zone, zone: &Zone, node: &str| match zone.kind {
                ZoneKind::Evpn => zone.exit_nodes.iter().any(|own| own.value == node),
                ZoneKind::Simple => exit.kind == ZoneKind::Evpn && zone.is_on(node),
                _ => false,
            };
            let both = own.exit_nodes.iter().filter(|node| shares(own, other, node));
            let node = both.chain(other.exit_nodes.iter().filter(|node| shares(other, own, node))).next()?;
            let why = format!(
                "exit node {node} has both in its main table, and sends what comes in for one of them to the other"
            );
            Some((Severity::Warning, why))
        }
        _ => None,
    }
}

/// Whether there can be a node with both zones.
fn plan_nodes_meet(a: &Zone, b: &Zone) -> bool {
    a.nodes.is_empty() || b.nodes.is_empty() || a.nodes.iter().any(|node| b.is_on(node))
}
