//! Leaves that nothing but a slip of the pen tells apart: it is found where it is, and without it nothing is said.

use crate::support::{files, number};
use evpnlint::{
    check,
    finding::{Finding, Severity},
    options::Completeness,
    settle::Selection,
    source::Sources,
};
use fastrand::Rng;
use std::fmt::Write as _;

const SPINES: usize = 4;
const TENANTS: usize = 12;

/// The texts of a node: `frr.conf` and `interfaces`.
struct Texts {
    node: String,
    files: [(&'static str, String); 2],
}

/// Leaves with tenants here and there and hosts on some ports, and spines.
fn fabric(leaves: usize, rng: &mut Rng) -> Vec<Texts> {
    let mut nodes: Vec<Texts> = (1..=leaves).map(|leaf| self::leaf(leaf, rng)).collect();
    nodes.extend((1..=SPINES).map(|spine| self::spine(spine, leaves)));
    nodes
}

fn bgp(asn: usize, own: &str, ports: usize, unicast: &str, evpn: &str) -> String {
    let mut text = format!(
        "router bgp {asn}\n bgp router-id {own}\n bgp log-neighbor-changes\n no bgp default ipv4-unicast\n \
         bgp bestpath as-path multipath-relax\n neighbor FABRIC peer-group\n neighbor FABRIC remote-as external\n \
         neighbor FABRIC bfd\n neighbor FABRIC timers 3 9\n neighbor FABRIC advertisement-interval 0\n"
    );
    for port in 1..=ports {
        let _ = writeln!(text, " neighbor swp{port} interface peer-group FABRIC");
    }
    text + &format!(
        " !\n address-family ipv4 unicast\n  neighbor FABRIC activate\n  redistribute connected route-map OWN\n  \
         maximum-paths 8\n{unicast} exit-address-family\n !\n address-family l2vpn evpn\n  neighbor FABRIC activate\n{evpn} \
         exit-address-family\nexit\n!\nroute-map OWN permit 10\n match interface lo\nexit\n!\n"
    )
}

fn head(name: &str) -> String {
    format!("frr version 10.3\nfrr defaults datacenter\nhostname {name}\nservice integrated-vtysh-config\n!\n")
}

fn ports(own: &str, ports: usize) -> String {
    let mut text = format!("auto lo\niface lo inet loopback\n    address {own}/32\n");
    for port in 1..=ports {
        let _ = write!(text, "\nauto swp{port}\niface swp{port}\n    mtu 9216\n");
    }
    text
}

fn spine(spine: usize, leaves: usize) -> Texts {
    let (node, own) = (format!("spine{spine}"), format!("10.2.0.{spine}"));
    let frr = head(&node) + &bgp(65000, &own, leaves, "", "");
    Texts { node, files: [("etc/frr/frr.conf", frr), ("etc/network/interfaces", ports(&own, leaves))] }
}

fn leaf(leaf: usize, rng: &mut Rng) -> Texts {
    let (node, own, asn) = (format!("leaf{leaf:02}"), format!("10.1.0.{leaf}"), 65100 + leaf);
    let mut tenants: Vec<usize> = (1..=TENANTS).collect();
    rng.shuffle(&mut tenants);
    tenants.truncate(rng.usize(1..=TENANTS));
    tenants.sort_unstable();
    let mut frr = head(&node);
    for tenant in &tenants {
        let _ = write!(frr, "vrf T{tenant}\n vni {}\nexit-vrf\n!\n", 50000 + tenant);
    }
    frr += &bgp(asn, &own, SPINES, "", "  advertise-all-vni\n");
    for tenant in &tenants {
        let _ = write!(
            frr,
            "router bgp {asn} vrf T{tenant}\n bgp router-id {own}\n !\n address-family ipv4 unicast\n  \
             redistribute connected\n exit-address-family\n !\n address-family l2vpn evpn\n  advertise ipv4 unicast\n \
             exit-address-family\nexit\n!\n"
        );
    }
    let mut text = ports(&own, SPINES);
    let (mut vids, mut members) = (vec![], vec![]);
    for host in 0..rng.usize(0..=6) {
        let vlan = 100 + tenants[host % tenants.len()];
        let _ = write!(
            text,
            "\nauto bond{host}\niface bond{host}\n    bond-slaves swp{}\n    bond-mode 802.3ad\n    bond-lacp-rate slow\n    \
             bridge-access {vlan}\n    mtu {}\n    mstpctl-bpduguard yes\n    mstpctl-portadminedge yes\n",
            10 + host,
            if rng.bool() { 9000 } else { 1500 }
        );
        members.push(format!("bond{host}"));
    }
    for tenant in &tenants {
        let (vlan, l3) = (100 + tenant, 3000 + tenant);
        let _ = write!(text, "\nauto T{tenant}\niface T{tenant}\n    vrf-table auto\n");
        for (vni, vlan) in [(10000 + tenant, vlan), (50000 + tenant, l3)] {
            let _ = write!(
                text,
                "\nauto vni{vni}\niface vni{vni}\n    vxlan-id {vni}\n    vxlan-local-tunnelip {own}\n    \
                 bridge-access {vlan}\n    bridge-learning off\n    bridge-arp-nd-suppress on\n    \
                 mstpctl-bpduguard yes\n    mstpctl-portbpdufilter yes\n    mtu 9000\n"
            );
            members.push(format!("vni{vni}"));
            vids.push(vlan.to_string());
        }
        let _ = write!(
            text,
            "\nauto vlan{vlan}\niface vlan{vlan}\n    address 10.10.{tenant}.1/24\n    \
             hwaddress 44:38:39:ff:00:{tenant:02x}\n    vlan-id {vlan}\n    vlan-raw-device bridge\n    vrf T{tenant}\n    \
             mtu 9000\n    ip-forward on\n    arp-accept on\n\nauto vlan{l3}\niface vlan{l3}\n    \
             hwaddress 44:38:39:00:{leaf:02x}:{tenant:02x}\n    vlan-id {l3}\n    vlan-raw-device bridge\n    vrf T{tenant}\n    \
             mtu 9000\n"
        );
    }
    let _ = write!(
        text,
        "\nauto bridge\niface bridge\n    bridge-ports {}\n    bridge-vlan-aware yes\n    bridge-vids {}\n    \
         bridge-pvid 1\n    bridge-stp on\n    mstpctl-treeprio 32768\n    mtu 9000\n",
        members.join(" "),
        vids.join(" ")
    );
    Texts { node, files: [("etc/frr/frr.conf", frr), ("etc/network/interfaces", text)] }
}

fn said(nodes: &[Texts]) -> (Vec<Finding>, Sources) {
    let texts = nodes.iter().flat_map(|own| own.files.iter().map(|(inner, text)| (&own.node, inner, text)));
    let mut sources = files::sources(texts);
    let outcome = check(&mut sources, &Selection::default(), &Completeness::Inferred.into());
    let loud = outcome.findings.into_iter().filter(|finding| finding.severity > Severity::Info);
    (loud.collect(), sources)
}

#[test]
fn what_only_placement_tells_apart_is_no_finding() {
    for (leaves, seed) in [(6, 0), (6, 1), (8, 2), (8, 3), (12, 4), (12, 5), (40, 6), (40, 7)] {
        let (found, _) = said(&fabric(leaves, &mut Rng::with_seed(seed)));
        assert!(found.is_empty(), "{leaves} leaves, {seed}: {found:#?}");
    }
}

/// A line that says something, and nothing of a node's own.
fn is_shared(line: &str) -> bool {
    const OWN: [&str; 26] = [
        "frr version",
        "hostname",
        "router",
        "exit",
        "!",
        "auto",
        "iface",
        "vrf ",
        "vni ",
        "vxlan-id",
        "vlan-id",
        "address ",
        "hwaddress",
        "bond-slaves",
        "bridge-access",
        "bridge-ports",
        "bridge-vids",
        "address-family",
        "bgp router-id",
        "route-map",
        "vxlan-local",
        "vlan-raw",
        "neighbor swp",
        "match",
        "service",
        "vrf-table",
    ];
    let line = line.trim();
    !line.is_empty() && !OWN.iter().any(|own| line.starts_with(own))
}

/// Removes a line of a leaf, or changes its last number or switch; returns the node, the line and what is there now.
fn slip(nodes: &mut [Texts], rng: &mut Rng) -> (String, String, Option<String>) {
    let leaf = rng.usize(0..nodes.len() - SPINES);
    let leaf = &mut nodes[leaf];
    let (_, text) = &mut leaf.files[rng.usize(0..2)];
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let shared: Vec<usize> = (0..lines.len()).filter(|at| is_shared(&lines[*at])).collect();
    let at = shared[rng.usize(0..shared.len())];
    let was = lines[at].clone();
    let (rest, last) = was.rsplit_once(' ').unwrap();
    let other = match last {
        "on" | "yes" => Some(if last == "on" { "off" } else { "no" }.to_owned()),
        "off" => Some("on".to_owned()),
        number => number.parse::<u32>().ok().map(|number| (number / 2 + 1).to_string()),
    };
    let now = other.filter(|_| rng.bool()).map(|other| format!("{rest} {other}"));
    match &now {
        Some(now) => lines[at].clone_from(now),
        None => drop(lines.remove(at)),
    }
    *text = lines.join("\n") + "\n";
    (leaf.node.clone(), was, now)
}

/// How many slips on a leaf among so many are found on it, how many of those by comparison, and how many have more than
/// one finding.
fn found(leaves: usize, runs: u64) -> (u64, u64, u64) {
    let (mut found, mut compared, mut several) = (0, 0, 0);
    for seed in 0..runs {
        let mut rng = Rng::with_seed(seed);
        let mut nodes = fabric(leaves, &mut rng);
        let (node, was, now) = slip(&mut nodes, &mut rng);
        let (said, sources) = said(&nodes);
        let is_right = |finding: &&Finding| sources[finding.primary.span.file].node == node;
        let right: Vec<&Finding> = said.iter().filter(is_right).collect();
        let told: Vec<String> = said.iter().map(|own| format!("{}: {}", own.rule, own.message)).collect();
        let ours: Vec<_> = said.iter().filter(|finding| finding.rule == "differs-from-siblings").collect();
        assert!(ours.iter().all(is_right) && ours.len() < 2, "{seed} {node} {was}: {told:?}");
        if right.is_empty() || said.len() > 1 {
            eprintln!("{leaves} {seed} {node} {was:?} -> {now:?}: {told:?}");
        }
        found += u64::from(!right.is_empty());
        compared += u64::from(!ours.is_empty());
        several += u64::from(said.len() > 1);
    }
    eprintln!("{leaves} leaves: {found} of {runs} found, {compared} by comparison; more than one finding in {several}");
    (found, compared, several)
}

#[test]
fn a_slip_is_found_where_it_is() {
    let runs = number("EVPNLINT_SLIPS").unwrap_or(30);
    let (all, compared, _) = found(40, runs);
    assert!(all * 10 >= runs * 9 && compared * 2 >= runs);
    let (few, ..) = found(8, runs);
    assert!(few * 10 >= runs * 8);
}
