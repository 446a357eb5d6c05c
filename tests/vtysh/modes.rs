//! The modes of FRR, as `find` names them, and the lines that open each.

/// A mode's name, and what opens it.
pub(crate) const MODES: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("interface", &["interface eth0"]),
    ("link-params", &["interface eth0", "link-params"]),
    ("vrf", &["vrf red"]),
    ("bgp", &["router bgp 65000"]),
    ("bgp ipv4 unicast", &["router bgp 65000", "address-family ipv4 unicast"]),
    ("bgp ipv4 multicast", &["router bgp 65000", "address-family ipv4 multicast"]),
    ("bgp ipv4 labeled unicast", &["router bgp 65000", "address-family ipv4 labeled-unicast"]),
    ("bgp ipv4 flowspec", &["router bgp 65000", "address-family ipv4 flowspec"]),
    ("bgp vpnv4", &["router bgp 65000", "address-family ipv4 vpn"]),
    ("bgp ipv6", &["router bgp 65000", "address-family ipv6 unicast"]),
    ("bgp ipv6 multicast", &["router bgp 65000", "address-family ipv6 multicast"]),
    ("bgp ipv6 labeled unicast", &["router bgp 65000", "address-family ipv6 labeled-unicast"]),
    ("bgp ipv6 flowspec", &["router bgp 65000", "address-family ipv6 flowspec"]),
    ("bgp vpnv6", &["router bgp 65000", "address-family ipv6 vpn"]),
    ("bgp link-state", &["router bgp 65000", "address-family link-state"]),
    ("bgp evpn", &["router bgp 65000", "address-family l2vpn evpn"]),
    ("bgp evpn vni", &["router bgp 65000", "address-family l2vpn evpn", "vni 100"]),
    ("bgp srv6", &["router bgp 65000", "segment-routing srv6"]),
    ("bmp", &["router bgp 65000", "bmp targets T"]),
    ("routemap", &["route-map M permit 10"]),
    ("ospf", &["router ospf"]),
    ("ospf6", &["router ospf6"]),
    ("isis", &["router isis fabric"]),
    ("isis-flex-algo", &["router isis fabric", "flex-algo 128"]),
    ("isis-srv6", &["router isis fabric", "segment-routing srv6"]),
    ("isis-srv6-node-msd", &["router isis fabric", "segment-routing srv6", "node-msd"]),
    ("openfabric", &["router openfabric fabric"]),
    ("pim", &["router pim"]),
    ("pim6", &["router pim6"]),
    ("bfd", &["bfd"]),
    ("bfd peer", &["bfd", "peer 10.0.0.2"]),
    ("bfd profile", &["bfd", "profile fast"]),
    ("keychain", &["key chain K"]),
    ("keychain key", &["key chain K", "key 1"]),
    ("nexthop-group", &["nexthop-group N"]),
    ("pbr-map", &["pbr-map P seq 10"]),
    ("rpki", &["rpki"]),
    ("segment-routing", &["segment-routing"]),
    ("srv6", &["segment-routing", "srv6"]),
    ("srv6-locators", &["segment-routing", "srv6", "locators"]),
    ("srv6-locator", &["segment-routing", "srv6", "locators", "locator L"]),
    ("srv6-encap", &["segment-routing", "srv6", "encapsulation"]),
    ("srv6-sids", &["segment-routing", "srv6", "static-sids"]),
    ("srv6-formats", &["segment-routing", "srv6", "formats"]),
    ("srv6-format-usid-f3216", &["segment-routing", "srv6", "formats", "format usid-f3216"]),
    ("srv6-format-usid-f4816", &["segment-routing", "srv6", "formats", "format usid-f4816"]),
    ("srv6-format-uncompressed-f4024", &["segment-routing", "srv6", "formats", "format uncompressed-f4024"]),
    ("sr traffic-eng", &["segment-routing", "traffic-eng"]),
    ("srte segment-list", &["segment-routing", "traffic-eng", "segment-list S"]),
    ("srte policy", &["segment-routing", "traffic-eng", "policy color 1 endpoint 10.0.0.2"]),
    (
        "srte candidate-dyn",
        &[
            "segment-routing",
            "traffic-eng",
            "policy color 1 endpoint 10.0.0.2",
            "candidate-path preference 1 name P dynamic",
        ],
    ),
    ("srte pcep", &["segment-routing", "traffic-eng", "pcep"]),
    ("srte pcep pcc", &["segment-routing", "traffic-eng", "pcep", "pcc"]),
    ("srte pcep pce-config", &["segment-routing", "traffic-eng", "pcep", "pce-config C"]),
    ("srte pcep pce-peer", &["segment-routing", "traffic-eng", "pcep", "pce P"]),
    ("bgp vrf policy", &["router bgp 65000", "vrf-policy red"]),
    ("ldp ipv4", &["mpls ldp", "address-family ipv4"]),
    ("ldp ipv6", &["mpls ldp", "address-family ipv6"]),
    ("ldp ipv4 interface", &["mpls ldp", "address-family ipv4", "interface eth0"]),
    ("ldp ipv6 interface", &["mpls ldp", "address-family ipv6", "interface eth0"]),
    ("ldp l2vpn", &["l2vpn V type vpls"]),
    ("pw", &["pseudowire mpw0"]),
    ("vty", &["line vty"]),
];

/// A line in a mode.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Case {
    /// What opens the mode.
    pub(crate) openers: &'static [&'static str],
    /// The line.
    pub(crate) line: String,
}

/// Many lines as one file, each in its mode, and the number of each in it. `no router bgp` is known to the top level
/// alone and so leads back there from anywhere; nor is there an instance then whose AS number could be another.
pub(crate) fn file(version: &str, cases: &[Case]) -> (String, Vec<usize>) {
    let mut lines = vec![format!("frr version {version}")];
    let mut places = vec![];
    for case in cases {
        lines.push("no router bgp".to_owned());
        lines.extend(case.openers.iter().map(|opener| (*opener).to_owned()));
        lines.push(case.line.clone());
        places.push(lines.len());
    }
    (lines.join("\n") + "\n", places)
}
