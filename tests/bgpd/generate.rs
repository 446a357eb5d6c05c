//! Random configurations of BGP: sound ones, and such with faults dropped in. The same seed gives the same text.

use crate::support::one_of;
use fastrand::Rng;

/// Lines of one block, with the lines that open it and the blocks around it.
#[derive(Clone)]
struct Section {
    path: Vec<String>,
    lines: Vec<String>,
}

const ADDRESSES: [&str; 5] = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "2001:db8::2"];
const GROUPS: [&str; 3] = ["SPINES", "LEAVES", "EDGE"];
const VNIS: [&str; 3] = ["100", "200", "300"];

const ROUTER: &[&str] = &[
    "neighbor {peer} remote-as {as}",
    "neighbor {peer} remote-as {as}",
    "neighbor {group} peer-group",
    "neighbor {peer} peer-group {group}",
    "neighbor {peer} peer-group {group}",
    "neighbor swp1 interface remote-as {as}",
    "neighbor swp1 interface peer-group {group}",
    "neighbor swp1 interface v6only remote-as {as}",
    "neighbor {peer} description to the spine",
    "neighbor {peer} update-source {source}",
    "neighbor {peer} ebgp-multihop",
    "neighbor {peer} ebgp-multihop {small}",
    "neighbor {peer} ttl-security hops {small}",
    "neighbor {peer} password hunter2",
    "neighbor {peer} passive",
    "neighbor {peer} bfd",
    "neighbor {peer} shutdown",
    "neighbor {peer} timers {small} {small}",
    "neighbor {peer} timers connect {small}",
    "neighbor {peer} local-as {number}",
    "neighbor {peer} local-as {number} no-prepend",
    "neighbor {peer} local-as {number} no-prepend replace-as",
    "neighbor {peer} port {large}",
    "neighbor {peer} capability extended-nexthop",
    "neighbor {peer} disable-connected-check",
    "neighbor {peer} advertisement-interval {small}",
    "neighbor {peer} strict-capability-match",
    "neighbor {peer} override-capability",
    "neighbor {peer} enforce-first-as",
    "bgp router-id {ip}",
    "bgp cluster-id {ip}",
    "bgp listen range {prefix} peer-group {group}",
    "bgp listen range {prefix} peer-group {group}",
    "bgp listen limit {small}",
    "no bgp default ipv4-unicast",
    "no bgp ebgp-requires-policy",
    "bgp bestpath as-path multipath-relax",
    "bgp default local-preference {large}",
    "timers bgp {small} {small}",
    "bgp confederation identifier {number}",
    "bgp confederation peers {number}",
    "no bgp network import-check",
    "bgp log-neighbor-changes",
    "network {prefix}",
    "redistribute connected",
    "neighbor {peer} allowas-in",
    "neighbor {peer} route-map M in",
];

const FAMILY: &[&str] = &[
    "neighbor {peer} activate",
    "neighbor {peer} activate",
    "no neighbor {peer} activate",
    "neighbor {peer} route-map M {way}",
    "neighbor {peer} prefix-list L {way}",
    "neighbor {peer} filter-list F {way}",
    "neighbor {peer} allowas-in",
    "neighbor {peer} allowas-in {digit}",
    "neighbor {peer} allowas-in origin",
    "neighbor {peer} next-hop-self",
    "neighbor {peer} next-hop-self force",
    "neighbor {peer} route-reflector-client",
    "neighbor {peer} route-server-client",
    "neighbor {peer} soft-reconfiguration inbound",
    "neighbor {peer} maximum-prefix {large}",
    "neighbor {peer} maximum-prefix {large} 80 warning-only",
    "neighbor {peer} default-originate",
    "neighbor {peer} weight {small}",
    "neighbor {peer} as-override",
    "neighbor {peer} attribute-unchanged next-hop",
    "neighbor {peer} peer-group {group}",
    "network {prefix}",
    "network {prefix} route-map M",
    "redistribute {source-of}",
    "redistribute {source-of} route-map M",
    "redistribute {source-of} metric {small}",
    "aggregate-address {prefix} summary-only",
    "maximum-paths {digit}",
    "maximum-paths ibgp {digit}",
];

const EVPN: &[&str] = &[
    "neighbor {peer} activate",
    "neighbor {peer} activate",
    "neighbor {peer} route-map M {way}",
    "neighbor {peer} allowas-in",
    "neighbor {peer} next-hop-self",
    "neighbor {peer} route-reflector-client",
    "neighbor {peer} send-community extended",
    "advertise-all-vni",
    "advertise-default-gw",
    "advertise-svi-ip",
    "advertise ipv4 unicast",
    "flooding disable",
    "dup-addr-detection max-moves {digit} time {large}",
    "autort rfc8365-compatible",
];

const VNI: &[&str] = &[
    "rd {rd}",
    "route-target import {rt}",
    "route-target export {rt}",
    "route-target both {rt}",
    "no route-target import {rt}",
    "no rd {rd}",
    "advertise-svi-ip",
    "advertise-default-gw",
    "no rd",
];

const VRF_EVPN: &[&str] = &[
    "advertise ipv4 unicast",
    "advertise ipv4 unicast route-map M",
    "advertise ipv6 unicast",
    "default-originate ipv4",
    "rd {rd}",
    "route-target import {rt}",
    "route-target export {rt}",
    "route-target both {rt}",
    "no route-target both {rt}",
    "no rd {rd}",
];

const TOP: &[&str] = &[
    "ip prefix-list L seq 5 permit {prefix}",
    "ip prefix-list L seq 10 permit {prefix} ge {length} le {length}",
    "ip prefix-list L seq 15 deny {prefix} le {length}",
    "ip prefix-list L seq 20 permit {prefix} ge {length}",
    "ip prefix-list L permit any",
];

fn fill(random: &mut Rng, line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let (name, behind) = behind.split_once('}').expect("a brace is closed");
        rest = behind;
        let word = match name {
            "peer" => match random.usize(..8) {
                0..5 => one_of(random, &ADDRESSES),
                5 | 6 => one_of(random, &GROUPS),
                _ => "swp1",
            },
            "group" => one_of(random, &GROUPS),
            "as" => one_of(random, &["65000", "65001", "65002", "internal", "external", "external"]),
            "number" => one_of(random, &["65000", "65001", "65002", "65010", "4200000000"]),
            "small" => one_of(random, &["1", "3", "9", "30", "90", "180", "254"]),
            "digit" => one_of(random, &["2", "4", "8", "10"]),
            "large" => one_of(random, &["179", "200", "1000", "1800"]),
            "ip" => one_of(random, &["10.0.0.9", "10.0.0.10", "192.0.2.1"]),
            "prefix" => one_of(random, &["10.1.0.0/24", "10.2.0.0/16", "10.0.0.0/8", "192.0.2.0/24"]),
            "length" => one_of(random, &["8", "16", "20", "24", "28", "32"]),
            "source" => one_of(random, &["lo", "10.0.0.9", "eth0"]),
            "source-of" => one_of(random, &["connected", "static", "kernel", "ospf"]),
            "way" => one_of(random, &["in", "out"]),
            "rd" => one_of(
                random,
                &["65000:1", "10.0.0.9:1", "65000:2", "1", "65000", "4200000000:70000", "10.0.0.9:70000"],
            ),
            "rt" => one_of(random, &["65000:1", "65000:2", "10.0.0.9:1", "1", "4200000000:70000", "65000:", "a:b"]),
            other => panic!("no {other}"),
        };
        out.push_str(word);
    }
    out + rest
}

/// The commands that a block of that depth and kind has.
fn pool(path: &[String]) -> &'static [&'static str] {
    match path {
        [] => TOP,
        [_] => ROUTER,
        [vrf, family] if vrf.contains(" vrf ") && family.ends_with("evpn") => VRF_EVPN,
        [_, family] if family.ends_with("evpn") => EVPN,
        [_, _] => FAMILY,
        _ => VNI,
    }
}

/// A configuration without faults: what is named has been made before, in the order in which FRR wants it.
fn sound(random: &mut Rng) -> Vec<Section> {
    let router = "router bgp 65000".to_owned();
    let mut lines = vec![];
    if random.u8(..3) > 0 {
        lines.push("no bgp default ipv4-unicast".to_owned());
    }
    lines.push(format!("bgp router-id {}", one_of(random, &["10.0.0.9", "192.0.2.1"])));
    let groups = &GROUPS[..1 + random.usize(..2)];
    let mut peers: Vec<String> = vec![];
    for group in groups {
        lines.push(format!("neighbor {group} peer-group"));
        if random.u8(..3) > 0 {
            lines.push(format!("neighbor {group} remote-as external"));
        }
        peers.push((*group).to_owned());
    }
    for address in &ADDRESSES[..2 + random.usize(..4)] {
        lines.push(match random.usize(..2) {
            0 => format!("neighbor {address} remote-as 6500{}", random.usize(..3)),
            _ => format!("neighbor {address} peer-group {}", one_of(random, groups)),
        });
        peers.push((*address).to_owned());
    }
    let of_peers = |random: &mut Rng, from: &[&str], count: usize| -> Vec<String> {
        let from: Vec<&&str> = from.iter().filter(|line| !line.contains("group") && !line.contains("swp1")).collect();
        let lines = (0..count).map(|_| {
            let line = from[random.usize(..from.len())];
            let peer = peers[random.usize(..peers.len())].clone();
            fill(random, &line.replace("{peer}", &peer))
        });
        lines.collect()
    };
    let count = 2 + random.usize(..5);
    lines.extend(of_peers(random, &ROUTER[8..], count));
    let section = |path: &[&str], lines: Vec<String>| Section {
        path: [vec![router.clone()], path.iter().map(|word| (*word).to_owned()).collect()].concat(),
        lines,
    };
    let count = 1 + random.usize(..5);
    let ipv4 = section(&["address-family ipv4 unicast"], of_peers(random, FAMILY, count));
    let mut evpn: Vec<String> = peers.iter().map(|peer| format!("neighbor {peer} activate")).collect();
    evpn.push("advertise-all-vni".to_owned());
    let count = random.usize(..4);
    evpn.extend(of_peers(random, EVPN, count));
    let evpn = section(&["address-family l2vpn evpn"], evpn);
    let mut all = vec![
        Section { path: vec![], lines: vec!["ip prefix-list L seq 5 permit 10.0.0.0/8 ge 16 le 24".to_owned()] },
        section(&[], lines),
        ipv4,
        evpn,
    ];
    for vni in &VNIS[..random.usize(..3)] {
        let lines = vec![format!("rd 10.0.0.9:{vni}"), format!("route-target both 65000:{vni}")];
        all.push(section(&["address-family l2vpn evpn", &format!("vni {vni}")], lines));
    }
    if random.u8(..3) > 0 {
        let lines = vec!["advertise ipv4 unicast".to_owned(), "route-target import 65000:1".to_owned()];
        let path = vec!["router bgp 65000 vrf red".to_owned(), "address-family l2vpn evpn".to_owned()];
        all.push(Section { path, lines });
    }
    all
}

/// A word in place of which another stands that is none of its kind, or not that one.
fn spoil(random: &mut Rng, line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let bad = ["10.0.0.300", "10.0.0.0/33", "0", "99999999999", "nothing", "10.0.0", "fe80:::1", "-1", "65536:1:1"];
    let bad = one_of(random, &bad);
    let at = random.usize(..words.len());
    words.iter().enumerate().map(|(own, word)| if own == at { bad } else { word }).collect::<Vec<_>>().join(" ")
}

/// A configuration, with that many faults.
pub(crate) fn configuration(random: &mut Rng, faults: usize) -> String {
    let mut sections = sound(random);
    let mut last = None;
    for _ in 0..faults {
        let at = random.usize(..sections.len());
        let other = random.usize(..sections.len());
        let kind = random.usize(..12);
        let section = &mut sections[at];
        let line = random.usize(..section.lines.len().max(1));
        match kind {
            0 if !section.lines.is_empty() => drop(section.lines.remove(line)),
            1 | 2 if !section.lines.is_empty() => {
                let moved = section.lines.remove(line);
                let to = random.usize(..section.lines.len() + 1);
                section.lines.insert(to, moved);
            }
            3 if !section.lines.is_empty() => section.lines[line] = spoil(random, &section.lines[line].clone()),
            4 if !section.lines.is_empty() => {
                let line = section.lines[line].clone();
                let line = line.strip_prefix("no ").map_or(format!("no {line}"), str::to_owned);
                let to = random.usize(..section.lines.len() + 1);
                section.lines.insert(to, line);
            }
            5 => sections.swap(at, other),
            6 if at > 0 => {
                let path = vec![format!("router bgp {}", one_of(random, &["65000", "65001"]))];
                last = Some(Section { path, lines: vec!["neighbor 10.0.0.9 remote-as 65009".to_owned()] });
            }
            7 => {
                let peer = one_of(random, &["10.0.0.300", "10.0.0", "10.0.0.1/24", "fe80:::1", "swp9", "OTHER"]);
                let line = one_of(random, pool(&section.path)).replace("{peer}", peer);
                let line = fill(random, &line);
                section.lines.push(line);
            }
            8 => {
                let bare = [
                    "no neighbor {peer}",
                    "no neighbor {peer} remote-as {as}",
                    "no neighbor {group} peer-group",
                    "no neighbor {peer} peer-group {group}",
                    "no neighbor {peer} local-as",
                    "no neighbor {peer} update-source",
                    "no neighbor {peer} timers",
                    "no neighbor {peer} password",
                    "no neighbor {peer} ebgp-multihop",
                    "no bgp router-id",
                    "no timers bgp",
                    "no bgp listen range {prefix} peer-group {group}",
                ];
                let line = one_of(random, &bare);
                let line = fill(random, line);
                let router = sections.iter_mut().find(|section| section.path.len() == 1);
                router.into_iter().for_each(|router| router.lines.push(line.clone()));
            }
            _ => {
                let line = one_of(random, pool(&section.path));
                let line = fill(random, line);
                let to = random.usize(..section.lines.len() + 1);
                section.lines.insert(to, line);
            }
        }
    }
    sections.extend(last);
    write(&sections)
}

/// The text: a block is closed where the next line stands outside it, and not at the very end.
fn write(sections: &[Section]) -> String {
    let mut text = String::new();
    let mut open: Vec<String> = vec![];
    for section in sections {
        let common = open.iter().zip(&section.path).take_while(|(a, b)| a == b).count();
        // What a block says itself stands before the blocks inside it; else it is opened again.
        let keep = if common == section.path.len() && common < open.len() { 0 } else { common };
        while open.len() > keep {
            let closer = match open.pop() {
                Some(own) if own.starts_with("address-family") => "exit-address-family",
                Some(own) if own.starts_with("vni") => "exit-vni",
                _ => "exit",
            };
            text.push_str(&format!("{:1$}{closer}\n", "", open.len()));
        }
        for opener in &section.path[keep..] {
            text.push_str(&format!("{:1$}{opener}\n", "", open.len()));
            open.push(opener.clone());
        }
        section.lines.iter().for_each(|line| text.push_str(&format!("{:1$}{line}\n", "", open.len())));
    }
    text
}
