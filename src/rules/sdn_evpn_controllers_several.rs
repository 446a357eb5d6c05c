use super::applied;
use crate::{
    fabric::{Fabric, few},
    finding::Out,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    applied::each(fabric, out, |plan, out| {
        // Proxmox writes `frr version` by itself: 10.4 up to pve-network 1.3, the last that has one evpn controller.
        let versions: Vec<_> =
            (plan.devices()).filter_map(|device| device.node.frr.as_ref()?.version.as_ref()).collect();
        let controllers: Vec<_> =
            plan.evpn_controllers().filter(|own| plan.zones_of(&own.id).next().is_some()).collect();
        let is_old = !versions.is_empty() && versions.iter().all(|version| !version.at_least(10, 5));
        if controllers.len() < 2 || !is_old {
            return;
        }
        out.report(format!(
            "there are {} evpn controllers, {}, and this Proxmox knows one: it writes all into one peer group",
            controllers.len(),
            few(controllers.iter().map(|controller| &controller.id))
        ))
        .about(plan.about("evpn controllers"))
        .also(controllers.iter().map(|controller| (controller.id.span(), "an evpn controller")))
        .at(versions[0].span(), "written by Proxmox before there could be several")
        .help("let all zones use one of them")
        .done();
    });
}
