//! What the generator writes for small stores.

use crate::twin::attach;
use evpnlint_core::{
    lang,
    source::{File, Sources},
};

/// The statements of `frr.conf` that a node `n1` would get, each with its block before it; and why some are missing.
fn generated(running: &str, files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let mut sources = Sources::default();
    let interfaces = "auto eth0\niface eth0 inet static\n\taddress 10.0.0.1/24\n";
    let own = [("etc/pve/sdn/.running-config", running), ("etc/network/interfaces", interfaces)];
    for (inner, text) in own.into_iter().chain(files.iter().copied()) {
        sources.add(File::new(format!("n1/{inner}"), "n1", inner, text));
    }
    let mut cluster = lang::read(&sources, &Default::default());
    attach(&mut cluster, &sources);
    let node = cluster.nodes.into_iter().find(|node| node.name == "n1").unwrap();
    let twin = node.twin.unwrap();
    let path = |block: &[String]| block.iter().map(|opener| format!("{opener} > ")).collect::<String>();
    let said = twin.frr.unwrap().expected.said.into_iter().map(|said| path(&said.block) + &said.text);
    (said.collect(), twin.gaps.into_iter().map(|gap| format!("{} {}", gap.about, gap.why)).collect())
}

/// What is said below an opener.
fn below<'s>(said: &'s [String], opener: &str) -> Vec<&'s str> {
    let opener = format!("{opener} > ");
    said.iter().filter_map(|said| said.strip_prefix(opener.as_str())).collect()
}

fn beginning<'s>(said: &'s [String], with: &str) -> Vec<&'s str> {
    said.iter().map(String::as_str).filter(|said| said.starts_with(with)).collect()
}

const CTL: &str = r#""ctl":{"type":"evpn","asn":65000,"peers":"10.0.0.1,10.0.0.2"}"#;

#[test]
fn an_exit_node_of_two_zones_filters_once_for_each() {
    let running = format!(
        r#"{{"controllers":{{"ids":{{{CTL}}}}},"zones":{{"ids":{{
        "a":{{"type":"evpn","controller":"ctl","vrf-vxlan":1,"exitnodes":{{"n1":1}},"exitnodes-local-routing":1}},
        "b":{{"type":"evpn","controller":"ctl","vrf-vxlan":2,"exitnodes":{{"n1":1,"n2":1}},"exitnodes-primary":"n2"}}}}}},
        "vnets":{{"ids":{{"v":{{"type":"vnet","zone":"a","tag":7}}}}}},
        "subnets":{{"ids":{{"a-10.1.0.0-24":{{"type":"subnet","vnet":"v"}},"a-fd00:1::-64":{{"type":"subnet","vnet":"v"}}}}}}}}"#
    );
    let subnets = "subnet: a-10.1.0.0-24\n\tvnet v\n\nsubnet: a-fd00:1::-64\n\tvnet v\n";
    let (said, gaps) = generated(&running, &[("etc/pve/sdn/subnets.cfg", subnets)]);
    assert_eq!(gaps, <[&str; 0]>::default());
    assert_eq!(
        beginning(&said, "route-map MAP_VTEP_IN"),
        [
            "route-map MAP_VTEP_IN deny 1",
            "route-map MAP_VTEP_IN deny 1 > match ip address prefix-list only_default",
            "route-map MAP_VTEP_IN deny 2",
            "route-map MAP_VTEP_IN deny 2 > match ipv6 address prefix-list only_default_v6",
            "route-map MAP_VTEP_IN permit 3",
        ]
    );
    assert_eq!(below(&said, "route-map MAP_VTEP_OUT permit 2").last(), Some(&"set metric 200"));
    assert_eq!(beginning(&said, "ip route"), ["ip route 10.1.0.0/24 10.255.255.2 xvrf_a"]);
    assert_eq!(beginning(&said, "ipv6 route"), ["ipv6 route fd00:1::/64 fe80::2 xvrf_a"]);
    assert_eq!(below(&said, "vrf vrf_a"), ["vni 1"]);
    let routes = ["vni 2", "ip route 10.1.0.0/24 null0", "ipv6 route fd00:1::/64 null0"];
    assert_eq!(below(&said, "vrf vrf_b"), routes);
    assert_eq!(below(&said, "router bgp 65000 > address-family ipv6 unicast"), ["import vrf vrf_b"]);
}

/// The generator ran when some of what `subnets.cfg` holds now was not there yet, or what it lacks now still was.
#[test]
fn null_routes_of_what_is_pending_are_neither_missing_nor_too_much() {
    let running = format!(
        r#"{{"controllers":{{"ids":{{{CTL}}}}},"zones":{{"ids":{{
        "a":{{"type":"evpn","controller":"ctl","vrf-vxlan":1}},
        "b":{{"type":"evpn","controller":"ctl","vrf-vxlan":2,"exitnodes":{{"n1":1}}}}}}}},
        "vnets":{{"ids":{{"v":{{"type":"vnet","zone":"a","tag":7}}}}}},
        "subnets":{{"ids":{{"a-10.1.0.0-24":{{"type":"subnet","vnet":"v"}},"a-10.2.0.0-24":{{"type":"subnet","vnet":"v"}}}}}}}}"#
    );
    let subnets = "subnet: a-10.1.0.0-24\n\tvnet v\n\nsubnet: a-10.3.0.0-24\n\tvnet v\n";
    let (said, gaps) = generated(&running, &[("etc/pve/sdn/subnets.cfg", subnets)]);
    assert_eq!(below(&said, "vrf vrf_b"), ["vni 2", "ip route 10.1.0.0/24 null0"]);
    assert_eq!(gaps, ["frr.conf may have other null routes: the generator reads subnets.cfg, as it was when it ran"]);
}

#[test]
fn another_as_number_of_the_node_names_the_targets() {
    let running = format!(
        r#"{{"controllers":{{"ids":{{{CTL},"bgp1":{{"type":"bgp","asn":65101,"node":"n1","ebgp":1,"loopback":"eth0",
        "peers":"192.0.2.1"}}}}}},
        "zones":{{"ids":{{"a":{{"type":"evpn","controller":"ctl","vrf-vxlan":9}}}}}}}}"#
    );
    let (said, gaps) = generated(&running, &[]);
    assert_eq!(gaps, <[&str; 0]>::default());
    let router = below(&said, "router bgp 65101");
    // The bgp controller comes first, and makes the router in its own way.
    assert!(!router.contains(&"no bgp hard-administrative-reset"));
    assert!(router.contains(&"neighbor VTEP remote-as external") && router.contains(&"neighbor VTEP ebgp-multihop 10"));
    assert_eq!(
        below(&said, "router bgp 65101 vrf vrf_a > address-family l2vpn evpn"),
        ["route-target import 65000:9", "route-target export 65000:9"]
    );
    assert!(said.contains(&"route-map correct_src permit 1 > set src 10.0.0.1".to_owned()));
}

#[test]
fn entries_of_fabrics_are_numbered_through() {
    let running = r#"{"fabrics":{"ids":{
        "a":{"type":"openfabric_fabric","id":"a","ip_prefix":"10.9.0.0/24","ip6_prefix":"fd00:9::/64","csnp_interval":5},
        "a_n1":{"type":"openfabric_node","id":"a_n1","ip":"10.9.0.1","ip6":"fd00:9::1","interfaces":["name=eth1"]},
        "b":{"type":"ospf_fabric","id":"b","area":"7","ip_prefix":"10.8.0.0/24"},
        "b_n1":{"type":"ospf_node","id":"b_n1","ip":"10.8.0.1","interfaces":["name=eth2","name=eth3,ip=10.7.0.1/31",
            "name=eth4,network_type=broadcast"]},
        "c":{"type":"openfabric_fabric","id":"c","ip_prefix":"10.6.0.0/24"},
        "c_n1":{"type":"openfabric_node","id":"c_n1","ip":"10.6.0.1"}}}}"#;
    let (said, gaps) = generated(running, &[]);
    assert_eq!(gaps, <[&str; 0]>::default());
    let maps: Vec<_> = beginning(&said, "route-map pve").into_iter().filter(|said| !said.contains('>')).collect();
    assert_eq!(
        maps,
        [
            "route-map pve_openfabric permit 100",
            "route-map pve_openfabric permit 130",
            "route-map pve_openfabric6 permit 110",
            "route-map pve_ospf permit 120"
        ]
    );
    // Every router of a node has the title of the first one.
    assert_eq!(below(&said, "router openfabric c"), ["net 49.0001.0100.0900.0001.00"]);
    assert_eq!(below(&said, "interface eth3"), ["ip ospf area 7"]);
    assert_eq!(below(&said, "interface eth2"), ["ip ospf area 7", "ip ospf network point-to-point"]);
    assert_eq!(below(&said, "interface eth4"), ["ip ospf area 7", "ip ospf network broadcast"]);
    assert!(below(&said, "interface eth1").contains(&"openfabric csnp-interval 5"));
}

#[test]
fn several_controllers_are_told_apart_since_1_4() {
    let running = format!(
        r#"{{"controllers":{{"ids":{{{CTL},"far":{{"type":"evpn","asn":65000,"peers":"198.51.100.1","bgp-mode":"external",
        "ebgp-multihop":3,"peer-group-name":"FAR"}}}}}},
        "zones":{{"ids":{{"a":{{"type":"evpn","controller":"ctl","vrf-vxlan":9}}}}}}}}"#
    );
    let frr = "frr version 10.6.1\nrouter bgp 65000\n bgp router-id 10.0.0.1\nexit\n";
    let (said, _) = generated(&running, &[("etc/frr/frr.conf", frr)]);
    let evpn = below(&said, "router bgp 65000 > address-family l2vpn evpn");
    assert!(evpn.contains(&"neighbor FAR route-map MAP_VTEP_IN_FAR in"));
    assert!(below(&said, "router bgp 65000").contains(&"neighbor FAR ebgp-multihop 3"));
    assert_eq!(below(&said, "route-map MAP_VTEP_OUT permit 1"), ["match extcommunity pve_controller_ctl any"]);
    assert!(said.contains(&"bgp extcommunity-list standard pve_controller_ctl permit rt 65000:9".to_owned()));
}

#[test]
fn what_cannot_be_derived_is_said() {
    let running = r#"{"controllers":{"ids":{"ctl":{"type":"evpn","asn":65000,"peers":"192.0.2.1,192.0.2.2"}}},
        "zones":{"ids":{"a":{"type":"evpn","controller":"none","vrf-vxlan":9}}}}"#;
    let (said, gaps) = generated(running, &[]);
    assert_eq!(below(&said, "vrf vrf_a"), <[&str; 0]>::default());
    assert_eq!(
        gaps,
        [
            "controller ctl has a router id that no file tells: Proxmox takes it from the kernel",
            "zone a is left out: there is no controller none"
        ]
    );
}
