//! `address-family l2vpn evpn` and its `vni` blocks.

use super::{
    super::statement::Statement,
    Replay, name_of, neighbor, switch,
    system::{ADDRESS, ASN},
};
use crate::model::{
    RouteDistinguisher, RouteTarget, Sourced, Switch, Vni,
    bgp::{Advertise, AutoTarget, DuplicateDetection, Evpn, EvpnVni, Family, RouteTargets},
    frr::ObjectKind,
    is_on,
    refusal::{Excluded, Needless, Refusal},
};
use evpnlint_grammar::frr::Rule;

const RD: &str = "a route distinguisher, like 65000:100 or 10.0.0.1:100";
pub(super) const RT: &str = "a route target, like 65000:100";

/// A line of the address family.
pub(super) fn family(replay: &mut Replay, line: &Statement) -> bool {
    let Some(at) = replay.context.bgp else { return true };
    match line.rule() {
        Rule::evpn_neighbor | Rule::evpn_neighbor_no => return neighbor::obey(replay, line, Family::Evpn),
        Rule::vni => {
            let Some(vni) = replay.number::<Vni>(line) else { return true };
            let vnis = &mut replay.frr.bgp[at].evpn.vnis;
            let known = vnis.iter().position(|known| *known.vni == *vni);
            if line.negated {
                vnis.retain(|known| *known.vni != *vni);
                return true;
            }
            replay.context.vni = Some(known.unwrap_or_else(|| {
                let (rd, targets) = (None, RouteTargets::default());
                let (advertise_default_gw, advertise_svi_ip, flooding) = (None, None, None);
                vnis.push(EvpnVni { vni, rd, targets, advertise_default_gw, advertise_svi_ip, flooding });
                vnis.len() - 1
            }));
        }
        Rule::evpn_switch => {
            let early = !is_on(&replay.frr.bgp[at].evpn.advertise_all_vni);
            if early && matches!(line.line, "advertise-default-gw" | "advertise-svi-ip") && !line.negated {
                replay.drop_early(at, line.span, line.line);
                return true;
            }
            let other = replay.frr.evpn().filter(|_| !line.negated).map(|other| other.span);
            if line.line == "advertise-all-vni" && other.is_some_and(|other| other != replay.frr.bgp[at].span) {
                return replay.refuse(line.span, Refusal::Excluded(Excluded::EvpnByInstance));
            }
            let evpn = &mut replay.frr.bgp[at].evpn;
            let target = match line.line {
                "advertise-all-vni" => &mut evpn.advertise_all_vni,
                "advertise-default-gw" => &mut evpn.advertise_default_gw,
                "advertise-svi-ip" => &mut evpn.advertise_svi_ip,
                "default-originate ipv4" => &mut evpn.default_originate_ipv4,
                "enable-resolve-overlay-index" => &mut evpn.enable_resolve_overlay_index,
                _ => &mut evpn.default_originate_ipv6,
            };
            *target = switch(line);
        }
        Rule::advertise => {
            let route_map =
                replay.refer(ObjectKind::RouteMap, line, Rule::route_map_name, "filters which routes become type-5");
            let gateway_ip = line.part(Rule::only_gateway_ip).is_some();
            let skip_imported = line.part(Rule::since_10_8_imported).is_some();
            let advertise = Advertise { span: line.span, gateway_ip, skip_imported, route_map };
            let advertise = (!line.negated).then_some(advertise);
            let evpn = &mut replay.frr.bgp[at].evpn;
            match line.word(Rule::advertised).map(|(word, _)| word) {
                Some("ipv6") => evpn.advertise_ipv6 = advertise,
                _ => evpn.advertise_ipv4 = advertise,
            }
        }
        Rule::autort => match line.part(Rule::asn) {
            Some(_) => replay.frr.bgp[at].evpn.autort_as = replay.value(line, Rule::asn, ASN).filter(|_| !line.negated),
            None => set_encoding(line, &mut replay.frr.bgp[at].evpn),
        },
        Rule::auto_target if line.part(Rule::auto_mode).is_none() => set_encoding(line, &mut replay.frr.bgp[at].evpn),
        Rule::auto_target => ask_for_auto(line, &mut replay.frr.bgp[at].evpn.targets),
        Rule::auto_bare => {
            set_encoding(line, &mut replay.frr.bgp[at].evpn);
            ask_for_auto(line, &mut replay.frr.bgp[at].evpn.targets);
        }
        Rule::duplicates => {
            if !is_on(&replay.frr.bgp[at].evpn.advertise_all_vni) {
                replay.drop_early(at, line.span, "dup-addr-detection");
                return true;
            }
            duplicates(line, &mut replay.frr.bgp[at].evpn.duplicates);
        }
        Rule::advertise_pip => {
            let ip = replay.value(line, Rule::ipv4, ADDRESS);
            let mac = replay.value(line, Rule::mac, "a MAC address");
            let evpn = &mut replay.frr.bgp[at].evpn;
            if !line.negated || ip.is_none() {
                evpn.advertise_pip = switch(line);
            }
            (evpn.advertise_pip_ip, evpn.advertise_pip_mac) = if line.negated { (None, None) } else { (ip, mac) };
        }
        Rule::mac_vrf => replay.frr.bgp[at].evpn.soo = name_of(line, Rule::word).filter(|_| !line.negated),
        Rule::evpn_bare if line.line == "mac-vrf soo" => replay.frr.bgp[at].evpn.soo = None,
        Rule::flooding => replay.frr.bgp[at].evpn.flooding = flooding(line),
        Rule::rd => {
            let known = replay.frr.bgp[at].evpn.rd.take();
            replay.frr.bgp[at].evpn.rd = distinguisher(replay, line, known);
        }
        Rule::route_target => {
            let mut targets = std::mem::take(&mut replay.frr.bgp[at].evpn.targets);
            route_target(replay, line, &mut targets);
            replay.frr.bgp[at].evpn.targets = targets;
        }
        _ => return replay.unmodelled(),
    }
    true
}

/// A line of a `vni` block.
pub(super) fn vni(replay: &mut Replay, line: &Statement) -> bool {
    let (Some(at), Some(position)) = (replay.context.bgp, replay.context.vni) else { return true };
    if replay.frr.bgp[at].evpn.vnis.get(position).is_none() {
        return true;
    }
    let early = !is_on(&replay.frr.bgp[at].evpn.advertise_all_vni) && !line.negated;
    if early && matches!(line.rule(), Rule::rd | Rule::vni_target | Rule::vni_auto) {
        replay.drop_early(at, line.span, line.keyword(0));
        return true;
    }
    match line.rule() {
        Rule::rd => {
            let known = replay.frr.bgp[at].evpn.vnis[position].rd.take();
            replay.frr.bgp[at].evpn.vnis[position].rd = distinguisher(replay, line, known);
        }
        Rule::vni_target => {
            let mut targets = std::mem::take(&mut replay.frr.bgp[at].evpn.vnis[position].targets);
            route_target(replay, line, &mut targets);
            replay.frr.bgp[at].evpn.vnis[position].targets = targets;
        }
        Rule::vni_auto | Rule::auto_bare => ask_for_auto(line, &mut replay.frr.bgp[at].evpn.vnis[position].targets),
        Rule::vni_bare if line.line == "rd" => replay.frr.bgp[at].evpn.vnis[position].rd = None,
        Rule::vni_bare => forget_targets(line, &mut replay.frr.bgp[at].evpn.vnis[position].targets),
        Rule::evpn_switch_vni => match line.line {
            "advertise-default-gw" => replay.frr.bgp[at].evpn.vnis[position].advertise_default_gw = switch(line),
            "advertise-svi-ip" => replay.frr.bgp[at].evpn.vnis[position].advertise_svi_ip = switch(line),
            _ => return replay.unmodelled(),
        },
        Rule::vni_flooding => replay.frr.bgp[at].evpn.vnis[position].flooding = flooding(line),
        _ => return replay.unmodelled(),
    }
    true
}

/// `no` of either word brings head-end replication back (`bgp_evpn_flood_control`).
fn flooding(line: &Statement) -> Switch {
    Some(Sourced::written(line.negated || line.last_keyword() != "disable", line.span))
}

/// `dup-addr-detection`. Whatever is asked of it turns it on, and without arguments `no` turns it off and takes all back
/// (`no_dup_addr_detection`).
fn duplicates(line: &Statement, detection: &mut DuplicateDetection) {
    let number = |rule| line.word(rule).and_then(|(text, _)| text.parse::<u16>().ok());
    let limit = number(Rule::number_2_1000).zip(number(Rule::number_2_1800));
    let freeze = number(Rule::number_30_3600).or((line.last_keyword() == "permanent").then_some(0));
    match (line.negated, limit, freeze) {
        (true, None, None) => *detection = DuplicateDetection { on: switch(line), ..DuplicateDetection::default() },
        (true, Some(_), _) => detection.limit = None,
        (true, ..) => detection.freeze = None,
        (false, ..) => {
            detection.on = switch(line);
            detection.limit = limit.map(|limit| Sourced::written(limit, line.span)).or(detection.limit.take());
            detection.freeze = freeze.map(|freeze| Sourced::written(freeze, line.span)).or(detection.freeze.take());
        }
    }
}

/// The route distinguisher behind a line; to be taken away, it must be the one that is there.
fn distinguisher(
    replay: &mut Replay,
    line: &Statement,
    known: Option<Sourced<RouteDistinguisher>>,
) -> Option<Sourced<RouteDistinguisher>> {
    let written: Option<Sourced<RouteDistinguisher>> = replay.value(line, Rule::word, RD);
    match (&written, &known) {
        (None, _) => known,
        (Some(_), _) if !line.negated => written,
        (Some(written), Some(known)) if written.value == known.value => None,
        _ => {
            replay.refuse_harmlessly(Needless::OtherDistinguisher);
            known
        }
    }
}

/// `no route-target DIRECTION`: all written ones of that direction.
fn forget_targets(line: &Statement, targets: &mut RouteTargets) {
    if line.last_keyword() == "import" {
        targets.import.clear();
        targets.import_auto = None;
    }
    if line.last_keyword() == "export" {
        targets.export.clear();
        targets.export_auto = None;
    }
}

/// Whether a line is about what is imported, and about what is exported.
fn directions(line: &Statement) -> (bool, bool) {
    let of = line.word(Rule::targets_of).map_or("both", |(word, _)| word);
    (of != "export", of != "import")
}

/// `autort rfc8365-compatible`, and `auto-route-target DIRECTION rfc8365-compatible`.
fn set_encoding(line: &Statement, evpn: &mut Evpn) {
    let (import, export) = directions(line);
    if import {
        evpn.rfc8365_import = switch(line);
    }
    if export {
        evpn.rfc8365_export = switch(line);
    }
}

/// `auto-route-target DIRECTION MODE` and `route-target DIRECTION auto`. Behind `no`, a mode must be the one that is set.
fn ask_for_auto(line: &Statement, targets: &mut RouteTargets) {
    let mode = line.word(Rule::auto_mode).map_or("add-always", |(word, _)| word);
    let wanted = match mode {
        "add-always" => Some(AutoTarget::Always),
        "add-never" => Some(AutoTarget::Never),
        _ => None,
    };
    let set = |asked: &mut Option<Sourced<AutoTarget>>| {
        if !line.negated {
            *asked = wanted.map(|wanted| Sourced::written(wanted, line.span));
        } else if line.rule() == Rule::auto_bare || asked.as_ref().map(|asked| asked.value) == wanted {
            *asked = None;
        }
    };
    let (import, export) = directions(line);
    if import {
        set(&mut targets.import_auto);
    }
    if export {
        set(&mut targets.export_auto);
    }
}

fn route_target(replay: &mut Replay, line: &Statement, targets: &mut RouteTargets) {
    if line.last_keyword() == "auto" {
        return ask_for_auto(line, targets);
    }
    let (import, export) = directions(line);
    let known = |list: &[Sourced<RouteTarget>], text: &str| list.iter().any(|known| text.parse() == Ok(known.value));
    let is_there = |pair: &str| import && known(&targets.import, pair) || export && known(&targets.export, pair);
    if line.negated && !line.all(Rule::target).all(|pair| is_there(pair.as_str())) {
        replay.refuse_harmlessly(Needless::NoTarget);
        return;
    }
    for pair in line.all(Rule::target).collect::<Vec<_>>() {
        let Some(target) = replay.parse::<RouteTarget>(pair.as_str(), line.place(&pair), RT) else { continue };
        for (wanted, list) in [(import, &mut targets.import), (export, &mut targets.export)] {
            if wanted {
                list.retain(|known| known.value != target.value);
                if !line.negated {
                    list.push(target.clone());
                }
            }
        }
    }
}
