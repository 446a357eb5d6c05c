use crate::{
    lang,
    model::{Cluster, FaultKind, intent::Intent},
    source::{File, Sources},
};
use proptest::prelude::*;

fn read(files: &[(&str, &str)]) -> (Cluster, Sources) {
    let mut sources = Sources::default();
    for (name, text) in files {
        let folder = if name.starts_with("corosync") { "etc/pve" } else { "etc/pve/sdn" };
        sources.add(File::new(*name, "pve1", format!("{folder}/{name}"), text));
    }
    (lang::read(&sources, &Default::default()), sources)
}

/// How many lines there are, and how many of them are not understood.
fn covered(cluster: &Cluster) -> (u32, usize) {
    let coverage = cluster.coverage.values();
    coverage.fold((0, 0), |(lines, missed), one| (lines + one.lines, missed + one.unrecognised.len()))
}

/// The faults of one file, each as the text it points at and a word for its kind.
fn faults(name: &str, text: &str) -> Vec<(String, String)> {
    let (cluster, sources) = read(&[(name, text)]);
    let word = |kind: &FaultKind| match kind {
        FaultKind::UnknownCommand { suggestion, .. } => format!("unknown {}", suggestion.as_deref().unwrap_or("")),
        FaultKind::UnknownProperty { suggestion, .. } => format!("property {}", suggestion.as_deref().unwrap_or("")),
        FaultKind::Malformed { .. } => "malformed".to_owned(),
        FaultKind::Dropped(_) => "dropped".to_owned(),
        FaultKind::Refused(_) => "refused".to_owned(),
        FaultKind::NotRead { why, .. } => why.to_string(),
        FaultKind::SectionOpen { adopted, also, .. } => {
            let text = |span: &_| sources.text(*span);
            format!(
                "open {} / {}",
                adopted.iter().map(text).collect::<Vec<_>>().join(" "),
                also.iter().map(text).collect::<Vec<_>>().join(" ")
            )
        }
        other => format!("{other:?}"),
    };
    cluster.faults.iter().map(|fault| (sources.text(fault.span).to_owned(), word(&fault.kind))).collect()
}

fn pending(name: &str, text: &str) -> Intent {
    read(&[(name, text)]).0.intents.remove(0)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

const ZONE: &str = "evpn: prod\n\tcontroller ctl\n\tvrf-vxlan 9000\n\texitnodes n2,n1\n\tmac BC:24:11:5A:0E:01\n\n";

#[test]
fn a_zone_is_read_whole() {
    let intent = pending("zones.cfg", ZONE);
    let zone = &intent.pending.zones[0];
    assert_eq!(zone.vrf_vxlan.as_ref().unwrap().number(), 9000);
    assert_eq!(zone.exit_nodes.iter().map(|node| node.as_str()).collect::<Vec<_>>(), ["n2", "n1"]);
    assert!(zone.mac.is_some() && zone.is_overlay() && zone.effective_mtu() == Some(1450));
    assert_eq!(faults("zones.cfg", ZONE), []);
    let (cluster, _) = read(&[("zones.cfg", ZONE)]);
    assert_eq!(covered(&cluster), (5, 0));
}

#[test]
fn properties_are_kept() {
    let on = |switch: &crate::model::Switch| switch.as_ref().map(|switch| switch.value);
    let text = "evpn: a\n\tcontroller c\n\tvrf-vxlan 1\n\tadvertise-subnets 1\n\tdisable-arp-nd-suppression 0\n\t\
        vxlan-port 4790\n\nevpn: b\n\tcontroller c\n\tvrf-vxlan 2\n\tdisable-arp-nd-suppression 1\n";
    let zones = pending("zones.cfg", text).pending.zones;
    assert_eq!(zones.iter().map(|zone| on(&zone.advertise_subnets)).collect::<Vec<_>>(), [Some(true), None]);
    assert_eq!(zones.iter().map(|zone| on(&zone.suppression_disabled)).collect::<Vec<_>>(), [Some(false), Some(true)]);
    assert_eq!(zones[0].vxlan_port.as_ref().unwrap().value, 4790);
    let text = "bgp: b\n\tasn 65001\n\tnode n1\n\tpeers 10.0.0.1\n\tebgp 1\n\nisis: i\n\tisis-domain d\n\t\
        isis-net 49.0001.1921.6800.0001.00\n\tisis-ifaces eth0,eth1\n\tnode n1\n";
    let controllers = pending("controllers.cfg", text).pending.controllers;
    assert_eq!((on(&controllers[0].ebgp), on(&controllers[1].ebgp)), (Some(true), None));
    assert_eq!(controllers[1].isis_net.as_ref().unwrap().as_str(), "49.0001.1921.6800.0001.00");
    assert_eq!(controllers[1].isis_ifaces.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["eth0", "eth1"]);
}

#[test]
fn a_section_without_an_empty_line_swallows_the_next() {
    let text = "vnet: a\n\tzone z\n\ttag 1\nvnet: b\n\tzone z\n\ttag 2\n\talias x\n\nvnet: c\n\tzone z\n";
    assert_eq!(faults("vnets.cfg", text), pairs(&[("vnet: b", "open alias / ")]));
    let sdn = pending("vnets.cfg", text).pending;
    assert_eq!(sdn.vnets.iter().map(|vnet| vnet.id.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(sdn.vnets[0].tag.as_ref().unwrap().value, 1);
    assert!(sdn.is_lost("b"));
}

#[test]
fn a_blank_in_the_empty_line_keeps_the_section_open() {
    let text = "vnet: a\n\tzone z\n \nvnet: b\n\tzone z\n";
    assert_eq!(faults("vnets.cfg", text), pairs(&[("vnet: b", "open  / ")]));
}

#[test]
fn carriage_returns_collapse_a_file_into_its_first_section() {
    let text = "vnet: a\r\n\tzone z\r\n\r\nvnet: b\r\n\tzone z\r\n\r\nvnet: c\r\n\tzone z\r\n\talias x\r\n";
    assert_eq!(faults("vnets.cfg", text), pairs(&[("vnet: b", "open alias / vnet: c")]));
    assert_eq!(pending("vnets.cfg", text).pending.vnets.len(), 1);
}

#[test]
fn a_nought_is_an_empty_line_only_by_itself() {
    let (cluster, _) = read(&[("vnets.cfg", "vnet: a\n\tzone z\n\t0\n0\nvnet: b\n\tzone z\n")]);
    assert_eq!(covered(&cluster), (5, 1));
    assert_eq!(cluster.intents[0].pending.vnets.len(), 2);
}

#[test]
fn lines_that_are_none() {
    let text = "#a comment\nnonsense\nevpnn: a\n\tmtu 1\n\nevpn: prod\n  # comment\n\tcontroller \
        c\n\tvrf-vxlan 1\nwhat is it\n\tvrf-vlan 7\n\tmtu 1450 # note\n\tmtu 1400\n\tmtu \
        1300\n\tadvertise-subnets yes\n\texitnodes-local-routing\n\tvxlan-port\n\n";
    assert_eq!(
        faults("zones.cfg", text),
        pairs(&[
            ("nonsense", "unknown "),
            ("nonsense", "8 of its 14 lines are not understood"),
            ("evpnn: a", "unknown evpn"),
            ("what is it", "unknown "),
            ("vrf-vlan", "property vrf-vxlan"),
            ("1450 # note", "malformed"),
            ("mtu 1300", "dropped"),
            ("yes", "malformed"),
            ("vxlan-port", "malformed"),
        ])
    );
    let zone = &pending("zones.cfg", text).pending.zones[0];
    assert_eq!(zone.mtu.as_ref().unwrap().value, 1400);
    assert!(crate::model::is_on(&zone.exit_local_routing));
}

#[test]
fn types_fold_case_only_where_proxmox_folds_them() {
    assert_eq!(faults("zones.cfg", "EVPN: a\n\tcontroller c\n\tvrf-vxlan 1\n"), []);
    assert_eq!(faults("vnets.cfg", "VNET: a\n\tzone z\n"), pairs(&[("VNET: a", "unknown ")]));
}

#[test]
fn an_id_behind_its_colon_is_cut_at_the_last_one() {
    assert_eq!(faults("subnets.cfg", "subnet: z1-fd00::-64\n\tvnet v\n"), []);
    assert_eq!(faults("subnets.cfg", "subnet:z1-fd00::-64\n\tvnet v\n").len(), 1);
    assert_eq!(faults("zones.cfg", "simple:z1\n\n"), []);
}

#[test]
fn what_is_missing_or_written_twice_costs_a_section() {
    assert_eq!(faults("zones.cfg", "evpn: a\n\tcontroller c\n\n"), pairs(&[("evpn: a", "refused")]));
    let text = "vnet: a\n\tzone z\n\nvnet: a\n\tzone y\n\n";
    assert_eq!(faults("vnets.cfg", text), pairs(&[("a", "dropped")]));
    assert_eq!(*pending("vnets.cfg", text).pending.vnets[0].zone.as_ref().unwrap().value, *"y");
}

#[test]
fn a_subnet_is_named_by_its_prefix() {
    let sdn = pending("subnets.cfg", "subnet: z1-fd00:1::-64\n\tvnet v\n\tgateway fd00:1::1\n").pending;
    assert_eq!(sdn.subnets[0].prefix().unwrap().to_string(), "fd00:1::/64");
    assert_eq!(sdn.subnets[0].zone.as_deref(), Some("z1"));
}

#[test]
fn a_list_of_peers_falls_with_one_element() {
    let text = "evpn: c\n\tasn 65000\n\tpeers 10.0.0.1, 10.0.0.2;pve3\n";
    assert_eq!(faults("controllers.cfg", text), pairs(&[("pve3", "malformed")]));
    assert!(pending("controllers.cfg", text).pending.controllers[0].peers.is_empty());
}

#[test]
fn fabrics_name_their_nodes() {
    let text = "openfabric_fabric: f\n        ip_prefix 10.1.0.0/24\n\nopenfabric_node: f_pve-1\n        \
        interfaces name=ens19,ip=10.2.0.1/31\n        interfaces \
        name=ens20,hello_multiplier=50\n        ip 10.1.0.1\n";
    assert_eq!(faults("fabrics.cfg", text), []);
    let sdn = pending("fabrics.cfg", text).pending;
    assert_eq!((sdn.fabric_nodes[0].fabric.as_str(), sdn.fabric_nodes[0].node.as_str()), ("f", "pve-1"));
    assert_eq!(sdn.fabric_nodes[0].interfaces["ens19"].ip.unwrap().to_string(), "10.2.0.1/31");
    assert_eq!(faults("fabrics.cfg", "ospf_fabric: f\n\tarea 0\nospf_node: f_a\n\tip 1.1.1.1\n").len(), 1);
}

#[test]
fn what_runs_is_json_with_sets_lists_and_numbers_as_strings() {
    let text = r#"{"version":"7","zones":{"ids":{"prod":{"type":"evpn","controller":"ctl","vrf-vxlan":"9000",
        "exitnodes":{"n1":1,"n2":1},"advertise-subnets":true,"unheard-of":1}}},
        "controllers":{"ids":{"ctl":{"type":"evpn","asn":65000,"peers":"10.0.0.1,10.0.0.2"}}},
        "vnets":{"ids":{"web":{"type":"vnet","zone":"prod","tag":100}}},
        "fabrics":{"ids":{"f":{"type":"ospf_fabric","id":"f","area":"0"},
        "f_n1":{"type":"ospf_node","interfaces":["name=a,ip=10.0.0.1/31","name=b"],"ip":"10.9.0.1"}}}}"#;
    let (cluster, sources) = read(&[(".running-config", text)]);
    assert_eq!(cluster.faults, []);
    assert_eq!(covered(&cluster), (1, 0));
    let sdn = cluster.intents[0].running.as_ref().unwrap();
    assert_eq!(cluster.intents[0].version.as_ref().unwrap().value, 7);
    assert_eq!(sdn.zones[0].exit_nodes.len(), 2);
    assert_eq!(sources.text(sdn.zones[0].vrf_vxlan.as_ref().unwrap().span().unwrap()), "9000");
    assert_eq!(sources.text(sdn.controllers[0].peers[1].span().unwrap()), "10.0.0.2");
    assert_eq!(sdn.fabric_nodes[0].interfaces.len(), 2);
    assert_eq!(sdn.vnets[0].tag.as_ref().unwrap().value, 100);
}

#[test]
fn what_runs_may_be_no_json() {
    assert_eq!(faults(".running-config", "{\"version\": 3,"), pairs(&[("", "refused")]));
    assert!(pending(".running-config", "{").unreadable.is_some());
    assert!(pending(".running-config", "\n").running.is_none());
}

#[test]
fn secrets_are_found() {
    let text = "netbox: nb\n\turl http://x\n\ttoken abc123\n\ttokne def456\n\n";
    let (cluster, sources) = read(&[("ipams.cfg", text)]);
    assert_eq!(cluster.secrets.iter().map(|span| sources.text(*span)).collect::<Vec<_>>(), ["abc123", "def456"]);
}

/// Quoted or escaped however, and on whichever line, since only the grammar knows what `fingerprint` is.
#[test]
fn secrets_are_found_in_what_runs() {
    let text = "{\"ipams\":{\"ids\":{\"a\":{\"type\":\"netbox\",\"fingerprint\":\n\"x\\\"1\",\"url\":\"u\"},\"b\":{\"tokne\":[\"y\"]}}}}";
    let (cluster, sources) = read(&[(".running-config", text)]);
    assert_eq!(cluster.secrets.iter().map(|span| sources.text(*span)).collect::<Vec<_>>(), ["x\\\"1", "y"]);
}

#[test]
fn members_are_those_of_corosync() {
    let text = "totem {\n  cluster_name: lab\n  interface {\n    linknumber: 0\n  }\n}\nnodelist {\n  node {\n    name: pve1\n    nodeid: 1\n    ring0_addr: 10.0.0.1\n  }\n  node {\n    name: pve2\n  }\n}\n";
    let (cluster, _) = read(&[("corosync.conf", text)]);
    let intent = &cluster.intents[0];
    assert_eq!(intent.members.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["pve1", "pve2"]);
    assert_eq!(intent.cluster_name.as_deref(), Some("lab"));
    assert_eq!(covered(&cluster), (16, 0));
}

#[test]
fn a_line_that_is_a_zero_ends_a_section() {
    assert_eq!(faults("vnets.cfg", "0\nvnet: a\n\tzone z\n0\nvnet: b\n\tzone z\n"), []);
}

#[test]
fn a_comment_ends_nothing() {
    let text = "vnet: a\n# zone y\n\tzone z\n\t#tag 3\n   # x\n\ttag 1\n";
    let sdn = pending("vnets.cfg", text).pending;
    assert_eq!((faults("vnets.cfg", text), sdn.vnets[0].tag.as_ref().unwrap().value), (vec![], 1));
}

#[test]
fn an_id_may_be_anything_that_is_no_blank() {
    let sdn = pending("zones.cfg", "simple: much-too-long_and.odd\n\n").pending;
    assert_eq!(sdn.zones[0].id.value, "much-too-long_and.odd");
}

#[test]
fn a_type_does_not_keep_two_sections_of_one_id_apart() {
    let text = "evpn: c\n\tasn 65000\n\tpeers 10.0.0.1\n\nbgp: c\n\tasn 65001\n\tnode n1\n\tpeers 10.0.0.2\n\n";
    assert_eq!(faults("controllers.cfg", text), pairs(&[("c", "dropped")]));
    assert_eq!(pending("controllers.cfg", text).pending.controllers[0].asn.as_ref().unwrap().value, 65001);
}

#[test]
fn lists_and_arrays_are_told_apart() {
    let text = "subnet: z-10.0.0.0-24\n\tvnet v\n\tdhcp-range start-address=10.0.0.2,end-address=10.0.0.9\n\t\
        dhcp-range start-address=10.0.0.20,end-address=10.0.0.29\n\tgateway 10.0.0.1\n\tgateway 10.0.0.2\n";
    assert_eq!(faults("subnets.cfg", text), pairs(&[("gateway 10.0.0.2", "dropped")]));
    assert_eq!(pending("subnets.cfg", text).pending.subnets[0].dhcp_ranges.len(), 2);
    let text = "evpn: z\n\tcontroller a\n\tsecondary-controllers b\n\tsecondary-controllers c\n\tvrf-vxlan 1\n\t\
        exitnodes n1; n2,,n3\n";
    let zone = &pending("zones.cfg", text).pending.zones[0];
    assert_eq!((zone.secondary_controllers.len(), zone.exit_nodes.len()), (2, 3));
}

/// Every property of every type of section with a value of its kind, and with one that is none.
#[test]
fn properties_are_of_their_kind() {
    let head = |store: &str, kind: &str| {
        let needs = match (store, kind) {
            ("zones.cfg", "vlan") => "\tbridge b\n",
            ("zones.cfg", "qinq") => "\tbridge b\n\ttag 1\n",
            ("zones.cfg", "evpn") => "\tcontroller c\n\tvrf-vxlan 1\n",
            ("zones.cfg", "faucet") => "\tcontroller c\n\tdp-id 1\n",
            ("vnets.cfg", _) => "\tzone z\n",
            ("subnets.cfg", _) => "\tvnet v\n",
            ("controllers.cfg", "evpn") => "\tasn 1\n",
            ("controllers.cfg", "bgp") => "\tasn 1\n\tnode n\n\tpeers 10.0.0.1\n",
            ("controllers.cfg", "isis") => {
                "\tisis-domain d\n\tisis-net 49.0001.0000.0000.0001.00\n\tisis-ifaces e0\n\tnode n\n"
            }
            ("fabrics.cfg", "ospf_fabric") => "\tarea 0\n",
            ("ipams.cfg", "phpipam") => "\turl u\n\ttoken t\n\tsection 1\n",
            ("ipams.cfg", "netbox") => "\turl u\n\ttoken t\n",
            ("dns.cfg", _) => "\turl u\n\tkey k\n",
            _ => "",
        };
        let id = if kind.ends_with("_node") {
            "f_n"
        } else if store == "subnets.cfg" {
            "z-10.0.0.0-24"
        } else {
            "f"
        };
        format!("{kind}: {id}\n{needs}")
    };
    for (store, kinds, property, good, bad) in [
        ("zones.cfg", "simple vlan qinq vxlan evpn faucet", "nodes", "n1,n2", "n_1"),
        ("zones.cfg", "simple vlan qinq vxlan evpn", "mtu", "1450", "1450x"),
        ("zones.cfg", "simple vlan qinq vxlan evpn", "ipam", "pve", ""),
        ("zones.cfg", "simple", "dhcp", "dnsmasq", "isc"),
        ("zones.cfg", "vlan qinq evpn", "bridge-disable-mac-learning", "1", "yes"),
        ("zones.cfg", "qinq", "vlan-protocol", "802.1ad", "802.1x"),
        ("zones.cfg", "vxlan", "peers", "10.0.0.1,10.0.0.2", "10.0.0.1/24"),
        ("zones.cfg", "vxlan evpn", "vxlan-port", "4789", "0"),
        ("zones.cfg", "evpn", "mac", "BC:24:11:00:00:01", "01:00:5e:00:00:01"),
        ("zones.cfg", "evpn", "rt-import", "65000:1,65001:2", "65000"),
        ("zones.cfg", "evpn", "exitnodes-primary", "n1", "n1,n2"),
        ("zones.cfg", "evpn", "advertise-subnets", "0", "off"),
        ("vnets.cfg", "vnet", "tag", "16777215", "16777216"),
        ("vnets.cfg", "vnet", "vlanaware", "1", "true"),
        ("subnets.cfg", "subnet", "gateway", "10.0.0.1", "10.0.0.1/24"),
        ("subnets.cfg", "subnet", "dhcp-dns-server", "10.0.0.1", ""),
        ("subnets.cfg", "subnet", "snat", "1", "2"),
        ("controllers.cfg", "evpn", "bgp-mode", "external", "ebgp"),
        ("controllers.cfg", "evpn", "nodes", "n1", "n/1"),
        ("controllers.cfg", "bgp", "ebgp-multihop", "2", "two"),
        ("controllers.cfg", "bgp", "ebgp", "1", "yes"),
        ("ipams.cfg", "netbox phpipam", "fingerprint", "aa:bb", ""),
        ("dns.cfg", "powerdns", "ttl", "60", "1h"),
        ("fabrics.cfg", "openfabric_fabric", "hello_interval", "600", "601"),
        ("fabrics.cfg", "openfabric_fabric", "csnp_interval", "1", "0"),
        (
            "fabrics.cfg",
            "openfabric_fabric ospf_fabric bgp_fabric wireguard_fabric",
            "ip_prefix",
            "10.0.0.0/24",
            "10.0.0.0/33",
        ),
        ("fabrics.cfg", "wireguard_fabric", "persistent_keepalive", "65535", "65536"),
        ("fabrics.cfg", "ospf_fabric bgp_fabric", "redistribute", "source=static,metric=10", "source=rip"),
        ("fabrics.cfg", "openfabric_node ospf_node bgp_node wireguard_node", "ip", "10.0.0.1", "10.0.0.1/32"),
        (
            "fabrics.cfg",
            "openfabric_node",
            "interfaces",
            "name=e0,hello_multiplier=100,ip=10.0.0.1/31",
            "name=e0,hello_multiplier=101",
        ),
        ("fabrics.cfg", "ospf_node", "interfaces", "name=e0,network_type=point-to-point", "name=e0,network_type=p2p"),
        ("fabrics.cfg", "openfabric_node ospf_node", "interfaces", "name=a23456789012345", "name=a234567890123456"),
        ("fabrics.cfg", "bgp_node wireguard_node", "role", "external", "both"),
        ("fabrics.cfg", "bgp_node", "peer_ip", "10.0.0.1", "n1"),
    ] {
        for kind in kinds.split(' ') {
            let head = head(store, kind);
            assert_eq!(faults(store, &format!("{head}\t{property} {good}\n")), [], "{store} {kind} {property} {good}");
            let found = faults(store, &format!("{head}\t{property} {bad}\n"));
            assert!(found.iter().any(|(_, kind)| kind == "malformed"), "{store} {kind} {property} {bad}: {found:?}");
        }
    }
    for (area, count) in [("0", 0), ("0.0.0.1", 0), ("4294967295", 0), ("0.1", 1), ("4294967296", 1), ("1.2.3.256", 1)]
    {
        assert_eq!(faults("fabrics.cfg", &format!("ospf_fabric: f\n\tarea {area}\n")).len(), count, "{area}");
    }
    for (id, count) in [("f", 0), ("core-1", 0), ("toolongid", 1), ("-f", 1), ("f_n", 1)] {
        assert_eq!(faults("fabrics.cfg", &format!("openfabric_fabric: {id}\n")).len(), count, "{id}");
    }
}

const FILES: [&str; 8] = [
    "zones.cfg",
    "vnets.cfg",
    "subnets.cfg",
    "controllers.cfg",
    "fabrics.cfg",
    "ipams.cfg",
    ".running-config",
    "corosync.conf",
];

proptest! {
    #[test]
    fn any_text_is_read(file in 0..FILES.len(), text in "(?s).{0,80}") {
        read(&[(FILES[file], &text)]);
    }

    #[test]
    fn any_lines_are_read(
        file in 0..FILES.len(),
        lines in proptest::collection::vec(
            "(evpn|vnet|subnet|bgp|ospf_node|netbox)?:? ?[a-z-]{0,4}[ \t\r]?|[ \
                \t](peers|tag|interfaces|mac|exitnodes|token|vnet|asn)[ \
                ,;=a-f0-9.:é-]{0,20}|[{}\\[\\]\",:\\\\ué0-9]{0,8}",
            0..12,
        ),
    ) {
        let (cluster, sources) = read(&[(FILES[file], &lines.join("\n"))]);
        for fault in &cluster.faults {
            prop_assert!(sources[fault.span.file].text.get(fault.span.start as usize..fault.span.end as usize).is_some());
        }
        let (lines, missed) = covered(&cluster);
        prop_assert!(missed <= lines as usize);
    }
}

#[test]
fn so_many_lines_come_to_nothing_and_no_more() {
    let most = lang::LINES_IN_VAIN;
    let unknown: String = (0..most).map(|n| format!("\tfrob{n} x\n")).collect();
    let text = format!("evpn: z\n\tcontroller c\n\tvrf-vxlan 7\n{unknown}\n\nsimple: y\n\tpw p\n");
    let (cluster, sources) = read(&[("zones.cfg", &text), ("vnets.cfg", "vnet: v\n\tzone y\n")]);
    assert_eq!((cluster.faults.len(), covered(&cluster)), (most + 1, (most as u32 + 7, most + 2)));
    let rest = cluster.faults.last().unwrap();
    assert_eq!(rest.kind, FaultKind::CutShort { of: crate::model::fault::Excess::Lines, count: 2 });
    assert_eq!(sources.text(rest.span), "simple: y");
    let pending = &cluster.intents[0].pending;
    assert!(pending.zones.is_empty() && pending.is_lost("z"));
    assert!(pending.knows("vnets") && !pending.knows("zones"), "nobody knows what else is in it");
}
