//! Evpn controllers: the sessions between VTEPs. Evpn zones: a VRF each, and its routes.

use super::{
    config::{Config, Entry, Line, Router},
    exits, gap,
};
use crate::{
    model::{
        Sourced,
        intent::{Controller, ControllerKind, Zone},
        is_on,
        twin::Gap,
    },
    source::Span,
    twin::{
        generator::Generation,
        seat::{Known, Seat, Vtep},
    },
};
use std::net::IpAddr;

/// How a node speaks for an evpn controller.
pub(super) struct Speaker {
    vtep: Vtep,
    /// The other VTEPs, each with where it is written.
    peers: Vec<(IpAddr, Option<Span>)>,
    /// The AS number of the node's routers.
    pub asn: u32,
    /// What it comes of.
    pub asn_because: Option<Span>,
    /// The AS number of its own sessions, where that is another.
    local_as: Option<u32>,
    /// The AS number that route targets are named after, where that is not the routers'.
    pub targets: Option<u32>,
    is_external: bool,
    pub router_id: Option<String>,
    /// What the router id comes of.
    pub because: Option<Span>,
}

/// What the generator calls the peer group of a controller.
fn group(seat: &Seat, controller: &Controller) -> String {
    match controller.peer_group.as_ref().filter(|_| seat.generation >= Generation::Newest) {
        Some(name) => name.value.clone(),
        None => "VTEP".to_owned(),
    }
}

/// The route-map of a controller in one direction, `IN` or `OUT`.
pub(super) fn map(seat: &Seat, controller: &Controller, direction: &str) -> String {
    match controller.peer_group.as_ref().filter(|_| seat.generation >= Generation::Newest) {
        Some(name) => format!("MAP_VTEP_{direction}_{name}"),
        None => format!("MAP_VTEP_{direction}"),
    }
}

fn is_auto(controller: &Controller) -> bool {
    controller.bgp_mode.as_ref().is_none_or(|mode| mode.value == "auto")
}

/// The node's part in a controller; nothing where the generator gives it up.
fn speaker(seat: &Seat, controller: &Controller, gaps: &mut Vec<Gap>) -> Option<Speaker> {
    let about = format!("controller {}", controller.id);
    let id = controller.id.span();
    let mut vtep = seat.vtep(controller, true);
    let mut peers: Vec<_> = controller.peers.iter().map(|peer| (peer.value, peer.span())).collect();
    let mut because = None;
    if let Some(fabric) = &controller.fabric {
        let nodes = seat.fabric_nodes(fabric);
        peers = nodes.iter().filter_map(|node| node.ip.as_ref()).map(|ip| (ip.value, ip.span())).collect();
        let Some(own) = nodes.iter().find(|node| node.node == seat.node.name && seat.sdn.fabric(fabric).is_some())
        else {
            let why = format!("is left out of frr.conf: this node is not in fabric {fabric}");
            gap(gaps, &about, why, fabric.span());
            return None;
        };
        let Some(ip) = &own.ip else {
            let why = format!("is left out of frr.conf: this node has no IPv4 address in fabric {fabric}");
            gap(gaps, &about, why, own.id.span());
            return None;
        };
        because = ip.span();
    } else if peers.is_empty() {
        gap(gaps, &about, "is left out of frr.conf: it has neither peers nor a fabric", id);
        return None;
    }
    let shown = seat.router_id();
    if vtep.known == Known::Unknown {
        // Of an IPv4 address the router id is the address itself.
        vtep.address = shown.map(IpAddr::V4).filter(|own| vtep.peers.contains(own));
    }
    let own = peers.iter().find(|(peer, _)| Some(*peer) == vtep.address).and_then(|(_, span)| *span);
    let router_id = match vtep.address {
        Some(IpAddr::V4(own)) => Some(own.to_string()),
        Some(IpAddr::V6(own)) if seat.generation <= Generation::Early => Some(own.to_string()),
        _ => shown.map(|own| own.to_string()),
    };
    if router_id.is_none() {
        gap(gaps, &about, "has a router id that no file tells: Proxmox takes it from the kernel", id);
    }
    let own_asn = controller.asn.as_ref()?;
    let is_newest = seat.generation >= Generation::Newest;
    let bgp = seat.bgp.and_then(|bgp| bgp.asn.as_ref()).filter(|_| !is_newest || is_auto(controller));
    let mut session = bgp.filter(|asn| asn.value != 0).unwrap_or(own_asn);
    let is_foreign = bgp.is_some_and(|asn| asn.value != own_asn.value);
    let is_external = match is_newest && !(seat.bgp.is_some() && is_auto(controller)) {
        true => controller.bgp_mode.as_ref().is_some_and(|mode| mode.value == "external"),
        false => is_foreign,
    };
    if session.value == 0 {
        gap(gaps, &about, "is left out of frr.conf: its AS number is 0", session.span());
        return None;
    }
    let own_session = session;
    if is_newest {
        session = default_asn(seat).unwrap_or(session);
    }
    Some(Speaker {
        asn: session.value,
        asn_because: session.span(),
        local_as: (own_session.value != session.value).then_some(own_session.value),
        targets: is_foreign.then_some(own_asn.value),
        is_external,
        router_id,
        because: because.or(own).or(id),
        vtep,
        peers,
    })
}

/// The AS number of the default router (1.4 and later, `get_default_router_asn`): the bgp controller's where an evpn
/// controller is in auto mode, else that of an evpn controller, else the bgp controller's.
pub(super) fn default_asn<'m>(seat: &Seat<'m>) -> Option<&'m Sourced<u32>> {
    let is_here = |nodes: &[Sourced<String>]| nodes.is_empty() || nodes.iter().any(|own| own.value == seat.node.name);
    let is_evpn = |controller: &&Controller| controller.kind == ControllerKind::Evpn && is_here(&controller.nodes);
    let bgp = seat.bgp.and_then(|bgp| bgp.asn.as_ref());
    let mut evpn = seat.sdn.controllers.iter().filter(is_evpn);
    let first = evpn.clone().next();
    match bgp {
        Some(asn) if first.is_none() || evpn.any(is_auto) => Some(asn),
        _ => first.and_then(|controller| controller.asn.as_ref()),
    }
}

/// An evpn controller.
pub(super) fn controller(seat: &Seat, controller: &Controller, config: &mut Config, gaps: &mut Vec<Gap>) {
    let is_newest = seat.generation >= Generation::Newest;
    let is_here = controller.nodes.is_empty() || controller.nodes.iter().any(|own| own.value == seat.node.name);
    if is_newest && !is_here {
        return;
    }
    let Some(speaker) = speaker(seat, controller, gaps) else { return };
    let name = group(seat, controller);
    let (on_in, on_out) = (map(seat, controller, "IN"), map(seat, controller, "OUT"));
    let id = controller.id.span();
    let router = router(seat, config, speaker.asn, speaker.asn_because);
    if router.lines.is_empty() {
        let lines = base(seat, speaker.router_id.as_deref(), true);
        router.say(speaker.because, lines);
    }
    router.say(id, [format!("neighbor {name} peer-group")]);
    let remote = match (speaker.is_external, speaker.local_as) {
        (true, _) => "external".to_owned(),
        (false, own) => own.unwrap_or(speaker.asn).to_string(),
    };
    router.say(speaker.asn_because, [format!("neighbor {name} remote-as {remote}")]);
    let local_as = speaker.local_as.map(|asn| format!("neighbor {name} local-as {asn} no-prepend replace-as"));
    router.say(speaker.asn_because, local_as);
    router.say(id, [format!("neighbor {name} bfd")]);
    sources(seat, controller, &speaker, &name, router);
    for (peer, span) in speaker.peers.iter().filter(|(peer, _)| Some(*peer) != speaker.vtep.address) {
        router.say(*span, [format!("neighbor {peer} peer-group {name}")]);
    }
    let is_second = router.families.contains_key("l2vpn evpn");
    let activate = format!("neighbor {name} activate");
    let maps = [format!("neighbor {name} route-map {on_in} in"), format!("neighbor {name} route-map {on_out} out")];
    if !is_second || is_newest {
        router.family("l2vpn evpn", id, std::iter::once(activate).chain(maps));
    }
    if !is_second {
        router.family("l2vpn evpn", id, ["advertise-all-vni".to_owned()]);
    }
    let autort = speaker.targets.map(|asn| format!("autort as {asn}"));
    router.family("l2vpn evpn", controller.asn.as_ref().and_then(Sourced::span), autort);
    route_maps(seat, controller, [on_in, on_out], config);
}

/// Where the sessions come from, and over how many hops.
fn sources(seat: &Seat, controller: &Controller, speaker: &Speaker, name: &str, router: &mut Router) {
    let (is_newest, is_external) = (seat.generation >= Generation::Newest, speaker.is_external);
    let of = [seat.bgp, seat.isis].into_iter().flatten().find_map(|own| own.loopback.as_ref());
    let because = controller.fabric.as_ref().or(of).and_then(Sourced::span);
    if is_newest && !is_auto(controller) {
        let hops = controller.ebgp_multihop.as_ref().filter(|hops| is_external && hops.value > 0);
        router.say(hops.and_then(Sourced::span), hops.map(|hops| format!("neighbor {name} ebgp-multihop {hops}")));
        return;
    }
    let Some(loopback) = &speaker.vtep.loopback else { return };
    if is_external {
        router.say(because, [format!("neighbor {name} ebgp-multihop 10")]);
    }
    if is_external || seat.generation >= Generation::Late {
        router.say(because, [format!("neighbor {name} update-source {loopback}")]);
    }
}

/// The route-maps of a controller: an entry that lets everything through, which stays the last one that is generated.
fn route_maps(seat: &Seat, controller: &Controller, [on_in, on_out]: [String; 2], config: &mut Config) {
    let id = controller.id.span();
    if seat.generation < Generation::Newest {
        for name in [on_in, on_out] {
            config.maps.entry(name).or_default().push(Entry::new("permit", id, None));
        }
        return;
    }
    let call = |map: &Option<Sourced<String>>| {
        map.as_ref().map(|map| Entry::new("permit", map.span(), [format!("call {map}")]))
    };
    let open = || Entry::new("permit", id, None);
    config.maps.entry(on_in).or_insert_with(|| vec![call(&controller.route_map_in).unwrap_or_else(open)]);
    let evpn = seat.sdn.controllers.iter().filter(|other| other.kind == ControllerKind::Evpn);
    let is_alone = evpn.count() < 2;
    let out = call(&controller.route_map_out).unwrap_or_else(|| match is_alone {
        true => open(),
        false => Entry::new("permit", id, [format!("match extcommunity pve_controller_{} any", controller.id)]),
    });
    config.maps.entry(on_out).or_insert_with(|| vec![out]);
}

/// The default router; since 1.3 there is one whatever AS number is asked for.
pub(super) fn router<'c>(seat: &Seat, config: &'c mut Config, asn: u32, because: Option<Span>) -> &'c mut Router {
    let known = config.default_router().filter(|_| seat.generation >= Generation::Templates);
    let key = known.map_or_else(|| format!("bgp {asn}"), str::to_owned);
    config.routers.entry(key).or_insert_with(|| Router { because, ..Router::default() })
}

/// What a router begins with.
pub(super) fn base(seat: &Seat, router_id: Option<&str>, is_evpn: bool) -> Vec<String> {
    let mut lines: Vec<String> = router_id.map(|id| format!("bgp router-id {id}")).into_iter().collect();
    let is_quiet = is_evpn && seat.generation > Generation::First;
    lines.extend(is_quiet.then(|| "no bgp hard-administrative-reset".to_owned()));
    lines.extend(["no bgp default ipv4-unicast".to_owned(), "coalesce-time 1000".to_owned()]);
    lines.extend(is_quiet.then(|| "no bgp graceful-restart notification".to_owned()));
    lines
}

/// The zones of evpn controllers, in byte order of their ids; whether a zone is on the node is not asked.
pub(super) fn zones(seat: &Seat, config: &mut Config, gaps: &mut Vec<Gap>) {
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
