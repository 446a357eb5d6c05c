//! Evpn controllers: the sessions between VTEPs.

use super::{
    config::{Config, Entry, Router},
    speaker::{self, Speaker, group, is_auto},
};
use crate::twin::{generator::Generation, seat::Seat};
use evpnlint_core::{
    model::{
        Sourced,
        intent::{Controller, ControllerKind},
        twin::Gap,
    },
    source::Span,
};

/// An evpn controller.
pub(super) fn controller(seat: &Seat, controller: &Controller, config: &mut Config, gaps: &mut Vec<Gap>) {
    let is_newest = seat.generation >= Generation::Newest;
    let is_here = controller.nodes.is_empty() || controller.nodes.iter().any(|own| own.value == seat.node.name);
    if is_newest && !is_here {
        return;
    }
    let Some(speaker) = speaker::speaker(seat, controller, gaps) else { return };
    let name = group(seat, controller);
    let (on_in, on_out) = (speaker::map(seat, controller, "IN"), speaker::map(seat, controller, "OUT"));
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
