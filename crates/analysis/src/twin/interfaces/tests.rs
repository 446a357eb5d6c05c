use crate::twin::{self, Draft, Drafts, drift};
use evpnlint_core::{
    lang,
    model::twin::INTERFACES,
    source::{File, Sources},
};

const MAIN: &str =
    "auto vmbr0\niface vmbr0 inet static\n\taddress 192.0.2.1/24\n\tgateway 192.0.2.254\n\tbridge-ports eno1\n";
const SDN: &str = "etc/network/interfaces.d/sdn";

/// A node `n1` with a store and other files, each with its place.
fn sources(running: &str, files: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::default();
    for (inner, text) in [("etc/pve/sdn/.running-config", running)].iter().chain(files) {
        sources.add(File::new(*inner, "n1", *inner, text));
    }
    sources
}

fn derive(running: &str, files: &[(&str, &str)]) -> (Drafts, Sources) {
    let sources = sources(running, files);
    let cluster = lang::read(&sources, &Default::default());
    (twin::drafts(&cluster.intents[0], &cluster.nodes[0], twin::Texts::default()).unwrap(), sources)
}

fn main_and(running: &str) -> Drafts {
    derive(running, &[("etc/network/interfaces", MAIN)]).0
}

/// The lines of one stanza.
fn stanza<'d>(draft: &'d Draft, name: &str) -> Vec<&'d str> {
    let stanzas = draft.text.split("\n\n").filter(|stanza| {
        let mut lines = stanza.lines().filter_map(|line| line.strip_prefix("iface "));
        lines.any(|line| line.split(' ').next() == Some(name))
    });
    let lines = stanzas.flat_map(str::lines);
    lines.filter_map(|line| line.strip_prefix('\t')).collect()
}

fn names(draft: &Draft) -> Vec<&str> {
    draft.text.lines().filter_map(|line| line.strip_prefix("auto ")).collect()
}

fn gaps(drafts: &Drafts) -> Vec<String> {
    drafts.gaps.iter().filter(|gap| gap.file == INTERFACES).map(|gap| format!("{} {}", gap.about, gap.why)).collect()
}

/// A store with one evpn zone `z`; `zone` and the vnets and subnets are JSON.
fn evpn(zone: &str, vnets: &str, subnets: &str) -> String {
    format!(
        r#"{{"version":4,"controllers":{{"ids":{{"c":{{"type":"evpn","asn":65000,"peers":"192.0.2.1,192.0.2.2"}}}}}},
        "zones":{{"ids":{{"z":{{"type":"evpn","controller":"c","vrf-vxlan":900{zone}}}}}}},
        "vnets":{{"ids":{{{vnets}}}}},"subnets":{{"ids":{{{subnets}}}}}}}"#
    )
}

const WEB: &str = r#""web":{"type":"vnet","zone":"z","tag":100}"#;

/// A store with one zone `z` of another type, and the vnets `a` and `b`.
fn zone(zone: &str, vnets: &str) -> String {
    format!(r#"{{"version":1,"zones":{{"ids":{{"z":{{{zone}}}}}}},"vnets":{{"ids":{{{vnets}}}}}}}"#)
}

#[test]
fn every_subnet_that_asks_for_snat_gets_its_rules() {
    let store = evpn(
        r#","exitnodes":{"n1":1}"#,
        WEB,
        r#""z-10.1.0.0-24":{"type":"subnet","vnet":"web","gateway":"10.1.0.1","snat":1},
           "z-10.2.0.0-24":{"type":"subnet","vnet":"web","snat":1},
           "z-10.3.0.0-24":{"type":"subnet","vnet":"web","gateway":"10.3.0.1"},
           "z-2001:db8::-64":{"type":"subnet","vnet":"web","gateway":"2001:db8::1","snat":1}"#,
    );
    let unknown = main_and(&store);
    assert!(!unknown.interfaces.text.contains("SNAT"));
    let asked = "asks for SNAT, out of whatever interface the kernel's routes told, and no file shows it";
    let subnets = ["10.1.0.0-24", "10.2.0.0-24", "2001:db8::-64"];
    assert_eq!(gaps(&unknown), subnets.map(|subnet| format!("subnet z-{subnet} {asked}")));
    let shown = "#version:4\nauto other\niface other\n\tpost-up iptables -t nat -A POSTROUTING -s '10.9.0.0/24' -o vmbr0 \
                 -j SNAT --to-source 192.0.2.1\n";
    let files = [("etc/network/interfaces", MAIN), (SDN, shown)];
    let (known, _) = derive(&store, &files);
    assert_eq!(gaps(&known), [format!("subnet z-2001:db8::-64 {asked}")]);
    let lines = stanza(&known.interfaces, "web");
    let rule = |subnet: &str, hook: &str, action: &str| {
        let rule = format!("-s '{subnet}' -o vmbr0 -j SNAT --to-source 192.0.2.1");
        format!("{hook} iptables -t nat {action} POSTROUTING {rule}")
    };
    for subnet in ["10.1.0.0/24", "10.2.0.0/24"] {
        for (hook, action) in [("post-up", "-A"), ("post-down", "-D")] {
            assert!(lines.contains(&rule(subnet, hook, action).as_str()), "{lines:?}");
        }
    }
    let zones = lines.iter().filter(|line| line.ends_with("-j CT --zone 1"));
    assert_eq!((lines.iter().filter(|line| line.contains("SNAT")).count(), zones.count()), (4, 4));
    // On a node that is not an exit node, nothing is translated, and nothing is missing.
    let elsewhere = derive(&store.replace(r#"{"n1":1}"#, r#"{"n2":1}"#), &files).0;
    assert!(gaps(&elsewhere).is_empty() && !elsewhere.interfaces.text.contains("SNAT"));
}

#[test]
fn a_zone_that_is_kept_to_other_nodes_leaves_nothing() {
    let vnets = r#""web":{"type":"vnet","zone":"z","tag":100},"app":{"type":"vnet","zone":"z","tag":101}"#;
    let here = main_and(&evpn(r#","nodes":{"n1":1,"n2":1}"#, vnets, ""));
    assert_eq!(names(&here.interfaces), ["app", "vrf_z", "vrfbr_z", "vrfvx_z", "vxlan_app", "vxlan_web", "web"]);
    let elsewhere = main_and(&evpn(r#","nodes":{"n2":1,"n3":1}"#, vnets, ""));
    assert_eq!(elsewhere.interfaces.text, "#version:4\n");
    assert!(gaps(&elsewhere).is_empty());
}

#[test]
fn a_subnet_is_of_the_family_of_its_gateway() {
    let subnets = r#""z-2001:db8::-64":{"type":"subnet","vnet":"web","gateway":"2001:DB8:0::1"}"#;
    let only = main_and(&evpn("", WEB, subnets));
    let lines = stanza(&only.interfaces, "web");
    let end = ["mtu 1450", "ip6-forward on", "arp-accept on", "vrf vrf_z"];
    assert_eq!((lines[0], &lines[lines.len() - 4..]), ("address 2001:db8::1/64", &end[..]));
    let bare = main_and(&evpn("", WEB, r#""z-2001:db8::-64":{"type":"subnet","vnet":"web"}"#));
    let lines = stanza(&bare.interfaces, "web");
    assert!(lines.contains(&"arp-accept on") && !lines.iter().any(|line| line.contains("forward")), "{lines:?}");
    // Two subnets may have one gateway.
    let twice = r#""z-10.0.0.0-24":{"type":"subnet","vnet":"web","gateway":"10.0.0.1"},
        "z-10.0.0.0-25":{"type":"subnet","vnet":"web","gateway":"10.0.0.1"}"#;
    let lines = main_and(&evpn("", WEB, twice)).interfaces.text;
    assert!(lines.contains("\taddress 10.0.0.1/24\n") && !lines.contains("/25"), "{lines}");
}

#[test]
fn the_pair_to_the_main_table_has_ipv6_if_the_first_vnet_has() {
    let zone = r#","exitnodes":{"n1":1},"exitnodes-local-routing":1,"mtu":1500"#;
    let vnets = r#""app":{"type":"vnet","zone":"z","tag":101},"web":{"type":"vnet","zone":"z","tag":100}"#;
    let subnet =
        |vnet: &str| format!(r#""z-2001:db8::-64":{{"type":"subnet","vnet":"{vnet}","gateway":"2001:db8::1"}}"#);
    let first = evpn(zone, vnets, &subnet("app"));
    let both = main_and(&first);
    assert_eq!(
        stanza(&both.interfaces, "xvrfp_z"),
        [
            "link-type veth",
            "address 10.255.255.2/30",
            "address fe80::2/126",
            "veth-peer-name xvrf_z",
            "vrf vrf_z",
            "mtu 1550"
        ]
    );
    assert_eq!(stanza(&both.interfaces, "xvrf_z")[1..3], ["address 10.255.255.1/30", "address fe80::1/126"]);
    assert!(stanza(&both.interfaces, "vrf_z")[1].starts_with("post-up ip route del vrf vrf_z unreachable"));
    assert!(!main_and(&evpn(zone, vnets, &subnet("web"))).interfaces.text.contains("fe80"));
    let old = [("etc/network/interfaces", MAIN), ("etc/frr/frr.conf", "frr version 8.5.2\n")];
    assert!(!derive(&first, &old).0.interfaces.text.contains("fe80"), "releases before 1.2.5 know only IPv4 here");
}

#[test]
fn a_vnet_that_the_generator_gives_up_is_left_out() {
    let left_out = |store: &str| {
        let drafts = main_and(store);
        assert!(names(&drafts.interfaces).is_empty(), "{}", drafts.interfaces.text);
        gaps(&drafts)
    };
    assert_eq!(left_out(&evpn("", r#""web":{"type":"vnet","zone":"z"}"#, "")), ["vnet web has no tag"]);
    let elsewhere = evpn("", r#""web":{"type":"vnet","zone":"y","tag":1}"#, "");
    assert_eq!(left_out(&elsewhere), ["vnet web is of zone y, which there is not"]);
    let missing = evpn("", WEB, "").replace(r#""controller":"c""#, r#""controller":"d""#);
    assert_eq!(left_out(&missing), ["vnet web is of zone z, whose controller d there is not"]);
    let fabric = evpn("", WEB, "").replace(r#""peers":"192.0.2.1,192.0.2.2""#, r#""fabric":"f""#);
    assert_eq!(left_out(&fabric), ["vnet web goes by fabric f, which there is not"]);
    let vlan = zone(r#""type":"vlan","bridge":"vmbr9""#, r#""a":{"type":"vnet","zone":"z","tag":1}"#);
    assert_eq!(left_out(&vlan), ["vnet a is of zone z, whose bridge vmbr9 no file of this node describes"]);
}

#[test]
fn tunnels_come_from_what_the_file_shows_where_the_kernel_was_asked() {
    let store = evpn("", WEB, "").replace("192.0.2.1,", "192.0.2.7,");
    let unknown = main_and(&store);
    assert!(!unknown.interfaces.text.contains("tunnelip"));
    assert_eq!(gaps(&unknown).len(), 1);
    let shown = "#version:4\nauto vrfvx_z\niface vrfvx_z\n\tvxlan-id 900\n\tvxlan-local-tunnelip 192.0.2.9\n";
    let (known, _) = derive(&store, &[("etc/network/interfaces", MAIN), (SDN, shown)]);
    assert!(stanza(&known.interfaces, "vxlan_web").contains(&"vxlan-local-tunnelip 192.0.2.9"));
    assert!(gaps(&known).is_empty());
    // Proxmox knows the last address alone, and the kernel chose another one.
    let main = MAIN.replace("\tgateway", "\taddress 192.0.2.9/24\n\taddress 192.0.2.5/24\n\tgateway");
    let local = |shown: &str| {
        let drafts = derive(&evpn("", WEB, ""), &[("etc/network/interfaces", &main), (SDN, shown)]).0;
        stanza(&drafts.interfaces, "vrfvx_z")[1].to_owned()
    };
    assert_eq!(local(shown), "vxlan-local-tunnelip 192.0.2.9");
    assert_eq!(local(&shown.replace("2.9", "2.77")), "vxlan-local-tunnelip 192.0.2.1");
    let loopback = evpn("", WEB, "")
        .replace(r#""c":{"#, r#""b":{"type":"bgp","node":"n1","asn":1,"peers":"192.0.2.2","loopback":"dummy1"},"c":{"#);
    let main = format!("{MAIN}auto dummy1\niface dummy1 inet static\n\taddress 198.51.100.1/32\n");
    let (known, _) = derive(&loopback, &[("etc/network/interfaces", &main)]);
    assert!(stanza(&known.interfaces, "vrfvx_z").contains(&"vxlan-local-tunnelip 198.51.100.1"));
}

#[test]
fn a_difference_says_what_its_line_comes_of() {
    let store = evpn(r#","mtu":1500"#, WEB, "");
    let (drafts, _) = derive(&store, &[("etc/network/interfaces", MAIN)]);
    let edited = drafts.interfaces.text.replace("vxlan-id 100\n", "vxlan-id 101\n");
    let sources = sources(&store, &[("etc/network/interfaces", MAIN), (SDN, &edited)]);
    let mut cluster = lang::read(&sources, &Default::default());
    twin::attach(&mut cluster, &sources);
    let pair = cluster.nodes[0].twin.as_ref().unwrap().interfaces.as_ref().unwrap();
    let found = drift(pair);
    let told =
        |said: &evpnlint_core::model::twin::Said| (said.text.clone(), sources.text(said.span.unwrap()).to_owned());
    let told: Vec<_> = found.iter().map(|drift| (drift.expected.map(told), drift.actual.map(told))).collect();
    let said = |text: &str, place: &str| Some((text.to_owned(), place.to_owned()));
    assert_eq!(told, [(said("vxlan-id 100", "100"), said("vxlan-id 101", "vxlan-id 101"))]);
    let spelt = drafts.interfaces.text.replace("bridge-learning off", "bridge_learning  no");
    let sources = self::sources(&store, &[("etc/network/interfaces", MAIN), (SDN, &spelt)]);
    let mut cluster = lang::read(&sources, &Default::default());
    twin::attach(&mut cluster, &sources);
    assert!(drift(cluster.nodes[0].twin.as_ref().unwrap().interfaces.as_ref().unwrap()).is_empty());
}

#[test]
fn a_vnet_of_a_simple_zone_routes_to_single_hosts() {
    let store = r#"{"version":2,"zones":{"ids":{"s":{"type":"simple","mtu":1400}}},
        "vnets":{"ids":{"lan":{"type":"vnet","zone":"s","alias":"Front  office","vlanaware":1}}},
        "subnets":{"ids":{"s-198.51.100.7-32":{"type":"subnet","vnet":"lan","gateway":"198.51.100.1"}}}}"#;
    assert_eq!(
        stanza(&main_and(store).interfaces, "lan"),
        [
            "address 198.51.100.1/32",
            "up ip route add 198.51.100.7/32 dev lan",
            "bridge_ports none",
            "bridge_stp off",
            "bridge_fd 0",
            "bridge-vlan-aware yes",
            "bridge-vids 2-4094",
            "mtu 1400",
            "alias Front  office",
            "ip-forward on"
        ]
    );
}

#[test]
fn a_vlan_of_a_plain_bridge_takes_every_physical_port() {
    let store = zone(r#""type":"vlan","bridge":"vmbr0","mtu":9000"#, r#""a":{"type":"vnet","zone":"z","tag":7}"#);
    let main = "auto vmbr0\niface vmbr0\n\tbridge-ports eno1 bond0 tap1 nic2\n";
    let (drafts, _) = derive(&store, &[("etc/network/interfaces", main)]);
    assert_eq!(names(&drafts.interfaces), ["a", "ln_a", "pr_a", "vmbr0v7"]);
    let expected = ["bridge_ports eno1.7 bond0.7 pr_a", "bridge_stp off", "bridge_fd 0", "mtu 9000"];
    assert_eq!(stanza(&drafts.interfaces, "vmbr0v7"), expected);
    assert_eq!(stanza(&drafts.interfaces, "pr_a"), ["link-type veth", "veth-peer-name ln_a", "mtu 9000"]);
    // Without a word of the bridge, what stands on it tells.
    let alone = "#version:1\nauto vmbr0v7\niface vmbr0v7\n\tbridge_ports nic2.7 pr_a\n";
    let (drafts, _) = derive(&store, &[(SDN, alone)]);
    assert_eq!(stanza(&drafts.interfaces, "vmbr0v7")[0], "bridge_ports nic2.7 pr_a");
    let alone = "#version:1\nauto a\niface a\n\tbridge_ports vmbr0.7\n";
    let (drafts, _) = derive(&store, &[(SDN, alone)]);
    assert_eq!((names(&drafts.interfaces), drafts.gaps.len()), (vec!["a"], 0));
    // Newer releases know more names, and the kernel lists ports in no order.
    let shown = "#version:1\nauto vmbr0v7\niface vmbr0v7\n\tbridge_ports nic2.7 bond0.7 eno1.7 pr_a\n";
    let frr = |version: &str| format!("frr version {version}\n");
    let ports = |version: &str| {
        let files = [("etc/network/interfaces", main), (SDN, shown), ("etc/frr/frr.conf", &frr(version))];
        stanza(&derive(&store, &files).0.interfaces, "vmbr0v7")[0].to_owned()
    };
    assert_eq!(ports("10.4.1"), "bridge_ports nic2.7 bond0.7 eno1.7 pr_a");
    assert_eq!(ports("8.5.2"), "bridge_ports bond0.7 eno1.7 pr_a");
}

#[test]
fn zones_share_a_bridge_of_open_vswitch() {
    let main = "auto vmbr0\niface vmbr0\n\tovs_type OVSBridge\n\tovs_ports eno1\n";
    let store = r#"{"version":1,"zones":{"ids":{"q":{"type":"qinq","bridge":"vmbr0","tag":10,"mtu":1496},
        "v":{"type":"vlan","bridge":"vmbr0"}}},"vnets":{"ids":{"a":{"type":"vnet","zone":"v","tag":7},
        "b":{"type":"vnet","zone":"q","tag":8},"c":{"type":"vnet","zone":"q"},
        "d":{"type":"vnet","zone":"v","tag":9,"vlanaware":1}}}}"#;
    let drafts = derive(store, &[("etc/network/interfaces", main)]).0.interfaces;
    assert_eq!(stanza(&drafts, "vmbr0"), ["ovs_ports ln_a sv_q", "ovs_ports ln_d"]);
    let options = "ovs_options vlan_mode=dot1q-tunnel other_config:qinq-ethtype=802.1q tag=9";
    assert_eq!(stanza(&drafts, "ln_d")[2], options);
    assert_eq!(stanza(&drafts, "sv_q")[2], "ovs_mtu 1496");
    assert_eq!(stanza(&drafts, "c")[0], "bridge_ports pr_q");
    assert_eq!(stanza(&drafts, "z_q")[..3], ["mtu 1496", "bridge-stp off", "bridge-ports sv_q ln_q"]);
}

#[test]
fn a_service_vlan_may_be_of_802_1ad() {
    let store = zone(
        r#""type":"qinq","bridge":"vmbr0","tag":10,"vlan-protocol":"802.1ad""#,
        r#""a":{"type":"vnet","zone":"z","tag":7}"#,
    );
    let aware =
        derive(&store, &[("etc/network/interfaces", "iface vmbr0\n\tbridge-ports eno1\n\tbridge-vlan-aware 1\n")]);
    let aware = aware.0.interfaces;
    assert_eq!(stanza(&aware, "vmbr0"), ["bridge-vlan-protocol 802.1ad"]);
    assert_eq!(stanza(&aware, "vmbr0.10"), ["vlan-protocol 802.1ad"]);
    let plain = derive(&store, &[("etc/network/interfaces", "iface vmbr0\n\tbridge-ports eno1 eno2\n")]).0.interfaces;
    assert_eq!(stanza(&plain, "sv_z"), ["vlan-raw-device eno1", "vlan-id 10", "vlan-protocol 802.1ad"]);
    assert_eq!(stanza(&plain, "z_z")[1], "bridge-ports sv_z ln_z");
    let portless = derive(&store, &[("etc/network/interfaces", "iface vmbr0\n\tbridge-ports none\n")]).0.interfaces;
    assert_eq!(stanza(&portless, "z_z")[1], "bridge-ports  ln_z");
}

#[test]
fn a_vxlan_zone_floods_to_the_others() {
    let store = |peers: &str| {
        zone(&format!(r#""type":"vxlan","peers":"{peers}""#), r#""a":{"type":"vnet","zone":"z","tag":7}"#)
    };
    let remotes = |store: &str, shown: &str| {
        let mut files = vec![("etc/network/interfaces", MAIN)];
        files.extend((!shown.is_empty()).then_some((SDN, shown)));
        let drafts = derive(store, &files).0;
        let remotes =
            stanza(&drafts.interfaces, "vxlan_a").into_iter().filter_map(|line| line.strip_prefix("vxlan_remoteip "));
        (remotes.map(str::to_owned).collect::<Vec<_>>(), drafts.gaps.len())
    };
    let known = remotes(&store("192.0.2.1,192.0.2.2,192.0.2.3"), "");
    assert_eq!(known, (vec!["192.0.2.2".to_owned(), "192.0.2.3".to_owned()], 0));
    let asked = store("192.0.2.8,192.0.2.9");
    let file = "auto vxlan_a\niface vxlan_a\n\tvxlan-id 7\n\tvxlan_remoteip 192.0.2.9\n\tvxlan_remoteip 192.0.2.5\n";
    assert_eq!(remotes(&asked, file), (vec!["192.0.2.9".to_owned()], 0), "the other peer is the node");
    let all = file.replace("192.0.2.5", "192.0.2.8");
    assert_eq!(remotes(&asked, &all), (vec!["192.0.2.8".to_owned(), "192.0.2.9".to_owned()], 0));
    let none = "auto vxlan_a\niface vxlan_a\n\tvxlan-id 7\n";
    assert_eq!(remotes(&asked, none), (vec![], 1), "one of the two is missing, and nothing tells which");
    let fabric = r#"{"version":1,"zones":{"ids":{"z":{"type":"vxlan","fabric":"f"}}},
        "vnets":{"ids":{"a":{"type":"vnet","zone":"z","tag":7}}},
        "fabrics":{"ids":{"f":{"type":"ospf_fabric","id":"f","area":"0","ip_prefix":"198.51.100.0/24"},
        "f_n1":{"type":"ospf_node","id":"f_n1","ip":"198.51.100.1","interfaces":[]},
        "f_n2":{"type":"ospf_node","id":"f_n2","ip":"198.51.100.2","interfaces":[]}}}}"#;
    assert_eq!(remotes(fabric, ""), (vec!["198.51.100.2".to_owned()], 0));
}

#[test]
fn the_interfaces_of_fabrics_stand_behind_all_others() {
    let store = r#"{"version":1,"zones":{"ids":{}},"vnets":{"ids":{}},"fabrics":{"ids":{
        "o":{"type":"openfabric_fabric","id":"o","ip_prefix":"198.51.100.0/24","ip6_prefix":"2001:db8::/64"},
        "o_n1":{"type":"openfabric_node","id":"o_n1","ip":"198.51.100.1","ip6":"2001:db8::1",
            "interfaces":["name=eno1","name=eno2,ip=10.0.0.1/31,ip6=2001:db8:1::1/64","name=eno3,ip6=2001:db8:2::1/64"]},
        "p":{"type":"ospf_fabric","id":"p","area":"0","ip_prefix":"203.0.113.0/24"},
        "p_n1":{"type":"ospf_node","id":"p_n1","ip":"203.0.113.1","interfaces":["name=eno4","name=eno5,ip=10.0.1.1/31"]},
        "q":{"type":"bgp_fabric","id":"q","ip_prefix":"192.0.2.0/24"},
        "q_n1":{"type":"bgp_node","id":"q_n1","ip":"192.0.2.1","role":"internal","asn":65001,"interfaces":["name=eno6"]},
        "r":{"type":"ospf_fabric","id":"r","area":"1","ip_prefix":"10.9.0.0/24"},
        "r_n2":{"type":"ospf_node","id":"r_n2","ip":"10.9.0.2","interfaces":["name=eno7"]}}}}"#;
    let drafts = derive(store, &[("etc/network/interfaces", MAIN)]).0.interfaces;
    let forward = "ip-forward 1";
    let dummy =
        ["address 198.51.100.1/32", "link-type dummy", forward, "address 2001:db8::1/128", "link-type dummy", forward];
    assert_eq!(stanza(&drafts, "dummy_o"), dummy);
    assert_eq!(stanza(&drafts, "eno1"), ["address 198.51.100.1/32", forward]);
    assert_eq!(stanza(&drafts, "eno2"), ["address 10.0.0.1/31", forward, "address 2001:db8:1::1/64", forward]);
    assert_eq!(stanza(&drafts, "eno3"), ["address 2001:db8:2::1/64", forward]);
    assert_eq!(stanza(&drafts, "eno4"), ["address 203.0.113.1/32", forward]);
    assert_eq!(stanza(&drafts, "eno5"), ["address 10.0.1.1/31", forward]);
    assert_eq!(stanza(&drafts, "eno6"), [forward, "ip6-forward 1", "accept-ra 0"]);
    assert!(stanza(&drafts, "dummy_r").is_empty() && stanza(&drafts, "eno7").is_empty());
    let early = [("etc/network/interfaces", MAIN), ("etc/frr/frr.conf", "frr version 10.3.1\n")];
    assert_eq!(stanza(&derive(store, &early).0.interfaces, "eno1"), [forward]);
}
