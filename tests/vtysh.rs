//! FRR's own `vtysh -C`, where it is installed, as the judge of which lines there are. Its version is asked, and lines that
//! only a later one knows are left out.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use evpnlint::{
    check,
    settle::{Completeness, Selection},
    source::{File, Sources},
};
use std::{
    fs,
    process::{Command, Output},
};

/// For each mode: the lines that open it, lines that stand in it, and lines that do not.
const MODES: &[(&str, &[&str], &[&str])] = &[
    (
        "",
        &[
            "hostname leaf1",
            "frr defaults datacenter",
            "no ip forwarding",
            "vni 4001 prefix-routes-only",
            "ip route 10.0.0.0/8 blackhole 250",
            "ip route 10.0.0.0/8 10.0.0.1 eth0 onlink tag 7",
            "ipv6 route 2001:db8::/32 fe80::1 eth0",
            "ip prefix-list A seq 5 permit 10.0.0.0/8 ge 24 le 32",
            "bgp community-list standard C permit 65000:1",
            "bgp as-path access-list P permit ^65000$",
            "access-list A seq 5 permit 10.0.0.0/8",
            "evpn mh startup-delay 30",
            "ip nht resolve-via-default",
            "router-id 10.0.0.1",
            "service integrated-vtysh-config",
            "no router bgp 65000",
        ],
        &["ip community-list standard C permit 65000:1", "hostnam", "neighbor 10.0.0.1 activate", "ip rout 10.0.0.0/8"],
    ),
    (
        "interface eth0",
        &[
            "ip address 10.0.0.1/24",
            "ipv6 address 2001:db8::1/64",
            "ip ospf area 0.0.0.0",
            "ip ospf network point-to-point",
            "ip ospf dead-interval minimal hello-multiplier 5",
            "no ip ospf passive",
            "ipv6 ospf6 area 0",
            "ip router isis fabric",
            "ip router openfabric fabric",
            "isis metric level-2 10",
            "evpn mh es-id 1",
            "evpn mh es-sys-mac 02:00:00:00:00:01",
            "no ipv6 nd suppress-ra",
            "ipv6 nd prefix 2001:db8::/64 infinite infinite off-link",
            "vrrp 5 ip 10.0.0.254",
            "shutdown",
            "desc uplink",
        ],
        &["ip ospf network pointopoint", "ip address 10.0.0.1", "ip ospf area", "isis circuit-type level-3"],
    ),
    (
        "vrf red",
        &["vni 4001", "no vni 4001", "ip route 10.0.0.0/8 Null0", "exit-vrf"],
        &["vni", "no vni", "neighbor 10.0.0.1"],
    ),
    (
        "router bgp 65000",
        &[
            "bgp router-id 10.0.0.1",
            "no bgp default ipv4-unicast",
            "bgp bestpath as-path multipath-relax",
            "neighbor VTEP peer-group",
            "neighbor 10.0.0.2 remote-as external",
            "neighbor swp1 interface remote-as external",
            "neighbor swp1 interface v6only peer-group VTEP",
            "neighbor 10.0.0.2 ebgp-multihop",
            "no neighbor 10.0.0.2 update-source",
            "neighbor VTEP timers 1 3",
            "neighbor VTEP bfd profile fast",
            "bgp listen range 10.0.0.0/24 peer-group VTEP",
            "nei VTEP rem int",
            "address-family ipv4 unicast",
            "address-family l2vpn evpn",
            "segment-routing srv6",
        ],
        &["neighbour 10.0.0.2 remote-as 65000", "address-family evpn", "neighbor 10.0.0.2 remote-as", "ne", "a"],
    ),
    (
        "router bgp 65000\naddress-family ipv4 unicast",
        &[
            "network 10.0.0.1/32",
            "redistribute connected route-map M",
            "neighbor VTEP allowas-in origin",
            "neighbor VTEP as-override",
            "neighbor VTEP maximum-prefix 100 80 warning-only",
            "import vrf red",
            "rd vpn export 65000:1",
            "maximum-paths ibgp 8",
        ],
        &["redistribute conected", "neighbor VTEP as-overide"],
    ),
    (
        "router bgp 65000\naddress-family l2vpn evpn",
        &[
            "advertise-all-vni",
            "advertise ipv4 unicast route-map M",
            "neighbor VTEP activate",
            "neighbor VTEP attribute-unchanged next-hop",
            "default-originate ipv6",
            "dup-addr-detection max-moves 5 time 180",
            "autort rfc8365-compatible",
            "route-target import 65000:100",
            "rd 10.0.0.1:5",
            "vni 100",
        ],
        &["adv", "advertise-all-vnis", "route-target"],
    ),
    (
        "router bgp 65000\naddress-family l2vpn evpn\nvni 100",
        &["rd 10.0.0.1:100", "route-target both 65000:100", "advertise-svi-ip", "exit-vni"],
        &["rd", "advertise-all-vnis"],
    ),
    (
        "route-map M permit 10",
        &[
            "match evpn route-type multicast",
            "match evpn vni 100",
            "match ip address prefix-list A",
            "match ipv6 address prefix-list A",
            "set community 65000:1 additive",
            "set ip next-hop unchanged",
            "set local-preference +50",
            "on-match goto 30",
            "call N",
        ],
        &["match evpn route-type six", "set ip next-hop 10.0.0", "on-match"],
    ),
    (
        "router ospf",
        &[
            "ospf router-id 10.0.0.1",
            "network 10.0.0.0/24 area 0",
            "passive-interface default",
            "no passive-interface eth0",
            "area 0.0.0.1 range 10.0.0.0/8 not-advertise",
            "redistribute bgp metric 5 route-map M",
            "timers throttle spf 0 50 5000",
        ],
        &["network 10.0.0.0 0.0.0.255 area 0", "area backbone stub"],
    ),
    (
        "router ospf6",
        &["ospf6 router-id 10.0.0.1", "interface eth0 area 0", "timers throttle spf 0 50 5000"],
        &["router-"],
    ),
    (
        "router isis fabric",
        &[
            "net 49.0001.0000.0000.0001.00",
            "is-type level-2-only",
            "metric-style wide",
            "redistribute ipv4 connected level-2",
        ],
        &["is-type level-3", "fabric-tier 1"],
    ),
    ("router openfabric fabric", &["net 49.0001.0000.0000.0001.00", "fabric-tier 1"], &["is-type level-2-only"]),
    ("bfd", &["profile fast", "peer 10.0.0.2 interface eth0"], &["profile"]),
    ("bfd\nprofile fast", &["transmit-interval 300", "no shutdown", "echo-mode"], &["transmit-interval fast"]),
    ("key chain K\nkey 1", &["key-string secret", "cryptographic-algorithm hmac-sha-256"], &["key-strng secret"]),
    ("nexthop-group N", &["nexthop 10.0.0.1 eth0 onlink", "nexthop eth0"], &["nexthop"]),
    ("pbr-map P seq 10", &["match src-ip 10.0.0.0/8", "set nexthop 10.0.0.1"], &["match src-ip 10.0.0.1"]),
    ("segment-routing\nsrv6\nlocators\nlocator L", &["prefix 2001:db8::/48"], &["prefix 10.0.0.0/8"]),
    ("mpls ldp\naddress-family ipv4\ninterface eth0", &["discovery hello interval 5", "exit"], &[]),
    ("line vty", &["exec-timeout 5 0"], &["exec-timeout soon"]),
];

fn vtysh(path: &std::path::Path) -> Option<Output> {
    Command::new("vtysh").arg("-C").arg("-f").arg(path).output().ok()
}

/// Whether evpnlint has anything to say of the lines.
fn is_known(text: &str) -> bool {
    let mut sources = Sources::default();
    sources.add(File::new("frr.conf", "node", "etc/frr/frr.conf", text));
    let select = ["line-unknown", "line-ambiguous", "line-incomplete", "block-left"];
    let select = select.iter().map(|rule| rule.parse().unwrap()).collect();
    check(&mut sources, &Selection { select, ignore: vec![] }, Completeness::Inferred).findings.is_empty()
}

#[test]
fn vtysh_and_evpnlint_know_the_same_lines() {
    let Ok(help) = Command::new("vtysh").arg("--help").output() else { return };
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let version = help.split_once("FRR (version ").and_then(|(_, rest)| rest.split_once(')'));
    let (version, _) = version.expect("vtysh --help tells its version");
    let path = std::env::temp_dir().join(format!("evpnlint-vtysh-{}.conf", std::process::id()));
    let mut disagree = vec![];
    for (openers, right, wrong) in MODES {
        for (line, wanted) in right.iter().map(|line| (line, true)).chain(wrong.iter().map(|line| (line, false))) {
            let text = format!("frr version {version}\n{openers}\n{line}\n");
            fs::write(&path, &text).unwrap();
            let Some(out) = vtysh(&path) else { return };
            let (theirs, ours) = (out.status.success(), is_known(&text));
            if ours != theirs || theirs != wanted {
                disagree.push(format!("{openers:?} {line:?}: vtysh {theirs}, evpnlint {ours}, expected {wanted}"));
            }
        }
    }
    let _ = fs::remove_file(&path);
    assert!(disagree.is_empty(), "{}", disagree.join("\n"));
}
