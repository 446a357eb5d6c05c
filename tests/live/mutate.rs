//! Changes one line of one node, as a slip of the pen would.

use super::fabric::{Fabric, Kind, Node};
use fastrand::Rng;

/// Lines that somebody might add, with the block in which they stand.
const PLAUSIBLE: &[(&str, &str)] = &[
    ("router bgp", "neighbor {peer} shutdown"),
    ("router bgp", "neighbor {peer} passive"),
    ("router bgp", "neighbor {peer} password other"),
    ("router bgp", "neighbor {peer} ttl-security hops {small}"),
    ("router bgp", "neighbor {peer} ebgp-multihop {small}"),
    ("router bgp", "neighbor {peer} update-source {address}"),
    ("router bgp", "neighbor {peer} update-source {device}"),
    ("router bgp", "neighbor {peer} remote-as {as}"),
    ("router bgp", "neighbor {peer} remote-as internal"),
    ("router bgp", "neighbor {peer} remote-as external"),
    ("router bgp", "neighbor {peer} local-as {as}"),
    ("router bgp", "neighbor {peer} port 1790"),
    ("router bgp", "neighbor {peer} disable-connected-check"),
    ("router bgp", "neighbor {peer} enforce-multihop"),
    ("router bgp", "neighbor {peer} override-capability"),
    ("router bgp", "neighbor {peer} strict-capability-match"),
    ("router bgp", "neighbor {peer} dont-capability-negotiate"),
    ("router bgp", "no neighbor {peer}"),
    ("router bgp", "no neighbor {peer} remote-as"),
    ("router bgp", "no neighbor {peer} password"),
    ("router bgp", "no neighbor {peer} update-source"),
    ("router bgp", "no neighbor {peer} ebgp-multihop"),
    ("router bgp", "bgp router-id {address}"),
    ("router bgp", "bgp cluster-id {address}"),
    ("router bgp", "bgp shutdown"),
    ("router bgp", "bgp ebgp-requires-policy"),
    ("router bgp", "no bgp ebgp-requires-policy"),
    ("router bgp", "bgp default ipv4-unicast"),
    ("router bgp", "no bgp default ipv4-unicast"),
    ("router bgp", "bgp network import-check"),
    ("router bgp", "no bgp client-to-client reflection"),
    ("router bgp", "bgp confederation identifier {as}"),
    ("router bgp", "bgp listen limit 1"),
    ("router bgp", "bgp listen range {address}/32 peer-group {peer}"),
    ("router bgp", "bgp minimum-holdtime 10"),
    ("address-family ipv4", "no neighbor {peer} activate"),
    ("address-family ipv4", "neighbor {peer} activate"),
    ("address-family ipv4", "neighbor {peer} prefix-list NONE in"),
    ("address-family ipv4", "neighbor {peer} route-map NONE out"),
    ("address-family ipv4", "neighbor {peer} maximum-prefix 1"),
    ("address-family ipv4", "neighbor {peer} next-hop-self"),
    ("address-family ipv4", "neighbor {peer} allowas-in"),
    ("address-family ipv4", "neighbor {peer} as-override"),
    ("address-family ipv4", "network {address}/32"),
    ("address-family ipv4", "redistribute connected"),
    ("address-family ipv4", "aggregate-address 10.0.0.0/24 summary-only"),
    ("address-family l2vpn", "no neighbor {peer} activate"),
    ("address-family l2vpn", "neighbor {peer} route-reflector-client"),
    ("address-family l2vpn", "neighbor {peer} route-map NONE in"),
    ("address-family l2vpn", "neighbor {peer} route-map EVPN_OUT out"),
    ("address-family l2vpn", "neighbor {peer} maximum-prefix 1"),
    ("address-family l2vpn", "neighbor {peer} next-hop-self"),
    ("address-family l2vpn", "neighbor {peer} allowas-in"),
    ("address-family l2vpn", "neighbor {peer} allowas-in origin"),
    ("address-family l2vpn", "no advertise-all-vni"),
    ("address-family l2vpn", "advertise-all-vni"),
    ("address-family l2vpn", "autort rfc8365-compatible"),
    ("address-family l2vpn", "flooding disable"),
    ("vni", "route-target import 65000:{vni}"),
    ("vni", "route-target export 65000:{vni}"),
    ("vni", "route-target both 65001:{vni}"),
    ("vni", "no route-target import 65000:{vni}"),
    ("vni", "rd {address}:1"),
    ("interface", "ip ospf area 0.0.0.1"),
    ("interface", "ip ospf passive"),
    ("interface", "ip ospf cost 65535"),
    ("interface", "ip ospf hello-interval 2"),
    ("interface", "ip ospf network point-to-point"),
    ("interface", "ip ospf authentication-key secret"),
    ("interface", "ip ospf authentication"),
    ("interface", "shutdown"),
    ("router ospf", "passive-interface {device}"),
    ("router ospf", "passive-interface default"),
    ("router ospf", "area 0.0.0.0 stub"),
    ("router ospf", "area 0.0.0.0 authentication"),
    ("router ospf", "network 10.0.0.0/24 area 1"),
    ("interface", "isis circuit-type level-1"),
    ("interface", "isis network point-to-point"),
    ("interface", "isis passive"),
    ("interface", "openfabric passive"),
    ("router isis", "is-type level-1"),
    ("router isis", "metric-style narrow"),
    ("router isis", "set-overload-bit"),
    ("router isis", "net 49.0002.0100.0000.0009.00"),
    ("router openfabric", "set-overload-bit"),
    ("router openfabric", "fabric-tier 0"),
    ("router openfabric", "net 49.0002.0100.0000.0009.00"),
    ("route-map", "match interface eth1"),
    ("route-map", "match evpn route-type macip"),
    ("route-map", "match evpn route-type multicast"),
    ("route-map", "match evpn vni 100"),
    ("route-map", "set ip next-hop {address}"),
    ("route-map", "set community no-advertise"),
    ("route-map", "set as-path prepend 65001"),
    ("route-map", "on-match next"),
    ("", "ip prefix-list LOOPBACKS seq 3 deny {address}/32"),
    ("", "ip prefix-list NONE seq 5 permit {address}/32"),
    ("", "route-map LOOPBACK deny 5"),
    ("", "route-map EVPN_IN deny 5"),
    ("", "route-map EVPN_OUT deny 5"),
    ("", "ip route {address}/32 blackhole"),
    ("", "ip route {address}/32 {address}"),
    ("", "ip protocol bgp route-map EVPN_IN"),
];

/// Words that stand for one another.
const KIN: &[&[&str]] = &[
    &["in", "out"],
    &["permit", "deny"],
    &["internal", "external"],
    &["connected", "static", "kernel", "ospf"],
    &["import", "export", "both"],
    &["activate", "shutdown", "passive"],
    &["le", "ge"],
    &["traditional", "datacenter"],
    &["point-to-point", "broadcast", "point-to-multipoint"],
    &["ebgp-multihop", "ttl-security"],
    &["network", "redistribute"],
    &["lo", "eth0", "eth1", "eth2", "vmbr0"],
];

/// A line of a file.
struct Line<'a> {
    text: &'a str,
    /// What opens the block in which it stands.
    opener: &'a str,
}

/// Changes one thing; what was changed, in words. Once in a while it leaves all as it is.
pub(crate) fn mutate(fabric: &mut Fabric, rng: &mut Rng) -> String {
    let at = rng.usize(..fabric.nodes.len());
    let done = match rng.usize(..100) {
        0..12 => return "nothing".to_owned(),
        12..27 => device(&mut fabric.nodes[at], rng),
        _ => line(fabric, at, rng),
    };
    format!("{}: {done}", fabric.nodes[at].name)
}

/// Changes what the node's interfaces are.
fn device(node: &mut Node, rng: &mut Rng) -> String {
    let which = rng.usize(..node.devices.len());
    let device = &mut node.devices[which];
    let (name, odd) = (device.name.clone(), rng.bool());
    match &mut device.kind {
        Kind::Vxlan { local, .. } if odd => {
            *local =
                [None, Some("10.0.0.1"), Some("192.168.0.1"), Some("10.99.0.1")][rng.usize(..4)].map(str::to_owned);
            format!("{name} sends from {local:?}")
        }
        Kind::Vxlan { vni, .. } if rng.bool() => {
            *vni += [1, 100, 4800][rng.usize(..3)];
            format!("{name} has VNI {vni}")
        }
        Kind::Bridge { ports } if odd && device.addresses.is_empty() => {
            ports.clear();
            ports.push("eth9".to_owned());
            format!("{name} has no port")
        }
        Kind::Vxlan { .. } | Kind::Bridge { .. } if device.addresses.is_empty() => {
            node.devices.remove(which);
            format!("{name} is gone")
        }
        _ => {
            let other = ["10.0.0.77/32", "10.1.101.9/31", "192.168.0.9/24", "10.77.0.1/24"][rng.usize(..4)];
            if odd {
                device.addresses.clear();
            }
            device.addresses.push(other.to_owned());
            format!("{name} has {}", device.addresses.join(" and "))
        }
    }
}

/// The lines of a file, with the blocks around them.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut open: Vec<&str> = vec![];
    let mut all = vec![];
    for raw in text.lines() {
        let depth = raw.len() - raw.trim_start().len();
        open.truncate(depth);
        all.push(Line { text: raw, opener: open.last().copied().unwrap_or("") });
        open.resize(depth, "");
        open.push(raw.trim());
    }
    all
}

/// What makes a laboratory quick is left alone, and so is what says nothing. When two routers of an interior protocol
/// have one id, chance decides.
fn is_fair(line: &str) -> bool {
    let idle = ["!", "frr version", "hostname", "service", "line vty"];
    let fixed =
        [" connect", " throttle", "timers lsa", "retransmit-", "lsp-gen-", "spf-", "csnp-", "ospf router-id", " net "];
    !idle.iter().any(|begin| line.trim().starts_with(begin)) && !fixed.iter().any(|part| line.contains(part))
}

/// Changes a line of the node's `frr.conf`.
fn line(fabric: &mut Fabric, at: usize, rng: &mut Rng) -> String {
    let text = fabric.nodes[at].config.clone();
    let all = lines(&text);
    // What closes a block is a fourth of the file.
    let closes = rng.usize(..4) == 0;
    let fits = |text: &str| is_fair(text) && (closes || !text.trim().starts_with("exit"));
    let fair: Vec<usize> = (0..all.len()).filter(|line| fits(all[*line].text)).collect();
    let which = fair[rng.usize(..fair.len())];
    let own = all[which].text;
    let mut written: Vec<String> = text.lines().map(str::to_owned).collect();
    let said = match rng.usize(..100) {
        0..22 => {
            written.remove(which);
            format!("without line {}: {}", which + 1, own.trim())
        }
        22..28 => {
            let to = rng.usize(..=written.len());
            written.insert(to, own.to_owned());
            format!("at line {} again: {}", to + 1, own.trim())
        }
        28..34 => {
            let to = rng.usize(..written.len());
            let moved = written.remove(which);
            written.insert(to, moved);
            format!("line {} moved to {}: {}", which + 1, to + 1, own.trim())
        }
        34..64 => {
            let other = change(fabric, own, rng);
            written[which].clone_from(&other);
            format!("line {} `{}` is now: {}", which + 1, own.trim(), other.trim())
        }
        _ => {
            let (block, line) = PLAUSIBLE[rng.usize(..PLAUSIBLE.len())];
            let line = fill(&text, fabric, line, rng);
            let fits =
                |line: &Line| if block.is_empty() { line.opener.is_empty() } else { line.opener.starts_with(block) };
            let places: Vec<usize> = (0..all.len()).filter(|line| fits(&all[*line])).collect();
            let Some(place) = (!places.is_empty()).then(|| places[rng.usize(..places.len())]) else {
                return self::line(fabric, at, rng);
            };
            let old = all[place].text;
            let depth = old.len() - old.trim_start().len();
            written.insert(place, format!("{:depth$}{line}", ""));
            format!("new line {}: {line}", place + 1)
        }
    };
    fabric.nodes[at].config = written.join("\n") + "\n";
    said
}

/// The line with another word in one place.
fn change(fabric: &Fabric, line: &str, rng: &mut Rng) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let mut words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let numbers = |word: &String| word.starts_with(|c: char| c.is_ascii_digit());
    let values: Vec<usize> = (0..words.len()).filter(|at| numbers(&words[*at])).collect();
    let which = if values.is_empty() || rng.usize(..3) == 0 {
        rng.usize(..words.len())
    } else {
        values[rng.usize(..values.len())]
    };
    let word = &words[which];
    let kin = KIN.iter().find(|kin| kin.contains(&word.as_str()));
    words[which] = if let Some(kin) = kin {
        let others: Vec<&&str> = kin.iter().filter(|other| *other != word).collect();
        (*others[rng.usize(..others.len())]).to_owned()
    } else if numbers(word) && rng.bool() {
        // What stands in such a place elsewhere.
        let others = &fabric.nodes[rng.usize(..fabric.nodes.len())].config;
        let shape = |word: &str| word.replace(|c: char| c.is_ascii_digit(), "");
        let alike: Vec<&str> =
            others.split_whitespace().filter(|other| shape(other) == shape(word) && other != word).collect();
        if alike.is_empty() { format!("{word}0") } else { alike[rng.usize(..alike.len())].to_owned() }
    } else if numbers(word) {
        let cut = word.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
        let number: u64 = word[cut..].parse().unwrap_or(0);
        let others = [number + 1, number.saturating_sub(1), number * 10, 0, 1, 32, 4_200_000_001];
        format!("{}{}", &word[..cut], others[rng.usize(..others.len())])
    } else if rng.bool() {
        "OTHER".to_owned()
    } else {
        word[..word.len() - 1].to_owned()
    };
    format!("{indent}{}", words.join(" "))
}

/// A line with something sensible in every place.
fn fill(text: &str, fabric: &Fabric, line: &str, rng: &mut Rng) -> String {
    let pick = |all: Vec<String>, rng: &mut Rng| {
        if all.is_empty() { "eth0".to_owned() } else { all[rng.usize(..all.len())].clone() }
    };
    let peers = || text.lines().filter_map(|line| line.trim().strip_prefix("neighbor ")?.split(' ').next());
    let devices = || fabric.nodes.iter().flat_map(|node| &node.devices);
    let addresses = || devices().flat_map(|device| &device.addresses).filter_map(|address| address.split('/').next());
    let systems =
        || fabric.nodes.iter().filter_map(|node| node.config.lines().find_map(|line| line.strip_prefix("router bgp ")));
    let own = |all: &mut dyn Iterator<Item = &str>| all.map(str::to_owned).collect::<Vec<_>>();
    line.split(' ')
        .map(|word| {
            let (open, rest) = word.split_once('{').unwrap_or((word, ""));
            let Some((what, close)) = rest.split_once('}') else { return word.to_owned() };
            let value = match what {
                "peer" => pick(own(&mut peers()), rng),
                "address" => pick(own(&mut addresses()), rng),
                "device" => pick(own(&mut devices().map(|device| device.name.as_str())), rng),
                "as" => pick(own(&mut systems()), rng),
                "vni" => pick(own(&mut ["100", "200", "5000"].into_iter()), rng),
                _ => (1 + rng.usize(..3)).to_string(),
            };
            format!("{open}{value}{close}")
        })
        .collect::<Vec<_>>()
        .join(" ")
}
