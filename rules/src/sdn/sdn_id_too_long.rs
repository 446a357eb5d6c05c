use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::{
    Sourced,
    intent::{Zone, ZoneKind},
};

/// The longest name of an interface, in bytes (Linux, IFNAMSIZ less the closing zero).
const LONGEST: usize = 15;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let mut judge = |what: &str, id: &Sourced<String>, prefix: &str| {
        let name = format!("{prefix}{}", id.value);
        if name.len() <= LONGEST {
            return;
        }
        out.report(format!("{what} {id} needs an interface {name}, and a name has {LONGEST} characters at most"))
            .about(plan.about(format_args!("{what} {id}")))
            .at(id.span(), format!("makes {name}"))
            .help(format!("shorten it; Proxmox's own limit is 8, and {} fit", LONGEST - prefix.len()))
            .done();
    };
    for zone in &plan.sdn.zones {
        judge("zone", &zone.id, if zone.kind == ZoneKind::Evpn { "vrfbr_" } else { "" });
    }
    for vnet in &plan.sdn.vnets {
        let overlay = plan.sdn.zone_of(vnet).is_some_and(Zone::is_overlay);
        judge("vnet", &vnet.id, if overlay { "vxlan_" } else { "" });
    }
}
