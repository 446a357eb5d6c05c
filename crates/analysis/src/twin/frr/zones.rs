//! Evpn zones: a VRF each, and its routes.

use super::{
    config::{Config, Line, Router},
    exits,
    gaps::gap,
    speaker::speaker,
};
use crate::twin::{generator::Generation, seat::Seat};
use evpnlint_core::model::{
    Sourced,
    intent::{Controller, ControllerKind, Zone},
    is_on,
    twin::Gap,
};

/// The zones of evpn controllers, in byte order of their ids; whether a zone is on the node is not asked.
pub(super) fn write(seat: &Seat, config: &mut Config, gaps: &mut Vec<Gap>) {
    let mut zones: Vec<_> = seat.sdn.zones.iter().collect();
    zones.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    for zone in zones {
        let Some(name) = &zone.controller else { continue };
        let Some(controller) = seat.sdn.controller(name) else {
            gap(gaps, &format!("zone {}", zone.id), format!("is left out: there is no controller {name}"), name.span());
            continue;
        };
        if controller.kind == ControllerKind::Evpn {
            self::zone(seat, zone, controller, config, gaps);
        }
    }
}

fn zone(seat: &Seat, zone: &Zone, controller: &Controller, config: &mut Config, gaps: &mut Vec<Gap>) {
    let Some(vni) = &zone.vrf_vxlan else {
        gap(gaps, &format!("zone {}", zone.id), "is left out of frr.conf: it has no `vrf-vxlan`", zone.id.span());
        return;
    };
    let Some(speaker) = speaker(seat, controller, gaps) else { return };
    let vrf = format!("vrf_{}", zone.id);
    let is_exit = exits::is_exit(seat, zone);
    let lines = config.vrfs.entry(vrf.clone()).or_default();
    lines.push(Line::new(format!("vni {vni}"), vni.span()));
    if is_exit {
        lines.extend(exits::null_routes(seat, zone, gaps));
    }
    let key = format!("bgp {} vrf {vrf}", speaker.asn);
    let mut router = Router { because: zone.id.span(), ..Router::default() };
    let router_id = speaker.router_id.iter().map(|id| format!("bgp router-id {id}"));
    router.say(speaker.because, router_id);
    if seat.generation > Generation::First {
        let quiet = ["no bgp hard-administrative-reset", "no bgp graceful-restart notification"];
        router.say(zone.controller.as_ref().and_then(Sourced::span), quiet.map(str::to_owned));
    }
    let target = speaker.targets.filter(|asn| seat.generation < Generation::Newest || *asn != speaker.asn);
    if let Some(asn) = target {
        let lines = ["import", "export"].map(|way| format!("route-target {way} {asn}:{vni}"));
        router.family("l2vpn evpn", vni.span(), lines);
    }
    let advertises = zone.advertise_subnets.as_ref().filter(|_| is_on(&zone.advertise_subnets));
    if is_exit {
        exits::write(seat, zone, controller, &speaker, &mut router, config);
    } else if let Some(on) = advertises {
        for family in ["ipv4", "ipv6"] {
            router.family(&format!("{family} unicast"), on.span(), ["redistribute connected".to_owned()]);
            router.family("l2vpn evpn", on.span(), [format!("advertise {family} unicast")]);
        }
    }
    for target in &zone.rt_import {
        router.family("l2vpn evpn", target.span(), [format!("route-target import {target}")]);
    }
    config.routers.insert(key, router);
    if seat.generation >= Generation::Newest {
        communities(seat, zone, controller, config, gaps);
    }
}

/// With several evpn controllers, the route targets that each lets out (1.4 and later).
fn communities(seat: &Seat, zone: &Zone, controller: &Controller, config: &mut Config, gaps: &mut Vec<Gap>) {
    if let Some(secondary) = zone.secondary_controllers.first() {
        let why = "has secondary controllers, which are derived without certainty";
        gap(gaps, &format!("zone {}", zone.id), why, secondary.span());
    }
    let is_evpn = |controller: &&Controller| controller.kind == ControllerKind::Evpn;
    if seat.sdn.controllers.iter().filter(is_evpn).count() < 2 {
        return;
    }
    let secondary = zone.secondary_controllers.iter().filter_map(|name| seat.sdn.controller(name));
    for own in std::iter::once(controller).chain(secondary) {
        let mut targets: Vec<_> = zone.rt_import.iter().map(|rt| (rt.to_string(), rt.span())).collect();
        if let (true, Some(asn), Some(vni)) = (targets.is_empty(), &own.asn, &zone.vrf_vxlan) {
            targets.push((format!("{asn}:{vni}"), vni.span()));
        }
        config.communities.extend(targets.into_iter().map(|(target, span)| {
            let name = format!("pve_controller_{}", own.id);
            Line::new(format!("bgp extcommunity-list standard {name} permit rt {target}"), span)
        }));
    }
}
