//! Reading is total: whatever stands in a file, in whatever order, it is read and checked without a panic, every line of
//! it is accounted for, and the same text gives the same report.

use crate::{
    examine,
    support::{
        files,
        run::{check, everything, render},
    },
};
use evpnlint::{
    options::Completeness,
    predict::{Prediction, why::Question},
    report::{self, Format, Style, tables::Table},
    source::Sources,
};
use proptest::{prelude::*, sample::select};

/// Words that the languages give meaning to, and words at the edges of those meanings.
const FRR: &[&str] = &[
    "router",
    "bgp",
    "ospf",
    "isis",
    "65001",
    "0",
    "4294967295",
    "4294967296",
    "65001.1",
    "-1",
    "vrf",
    "red",
    "default",
    "neighbor",
    "no",
    "10.0.0.1",
    "10.0.0.1/24",
    "0.0.0.0/0",
    "10.0.0.1/33",
    "2001:db8::1",
    "fe80::1%eth0",
    "::/0",
    "remote-as",
    "external",
    "internal",
    "auto",
    "peer-group",
    "interface",
    "eth0",
    "VTEP",
    "password",
    "8",
    "x",
    "address-family",
    "l2vpn",
    "evpn",
    "ipv4",
    "ipv6",
    "unicast",
    "activate",
    "exit-address-family",
    "exit",
    "exit-vrf",
    "exit-vni",
    "end",
    "quit",
    "vni",
    "16777215",
    "16777216",
    "rd",
    "route-target",
    "both",
    "import",
    "export",
    "1:1",
    "65536:65536",
    "1.2.3.4:5",
    "*:5",
    "advertise-all-vni",
    "advertise",
    "advertise-svi-ip",
    "route-map",
    "M",
    "permit",
    "deny",
    "10",
    "match",
    "set",
    "prefix-list",
    "ip",
    "address",
    "seq",
    "le",
    "ge",
    "any",
    "area",
    "network",
    "passive-interface",
    "router-id",
    "bfd",
    "timers",
    "update-source",
    "ebgp-multihop",
    "listen",
    "range",
    "limit",
    "maximum-prefix",
    "allowas-in",
    "route-reflector-client",
    "soft-reconfiguration",
    "hostname",
    "line",
    "vty",
    "!",
    "#",
    "banner",
    "motd",
    "^C",
    "key",
    "chain",
    "\u{a0}",
    "é",
    "\"",
    "'",
    "\\",
    "$",
    "{}",
];
const INTERFACES: &[&str] = &[
    "auto",
    "iface",
    "inet",
    "inet6",
    "static",
    "manual",
    "loopback",
    "dhcp",
    "lo",
    "eth0",
    "vni100",
    "br0",
    "bond0.100",
    "address",
    "10.0.0.1/24",
    "10.0.0.1",
    "netmask",
    "255.255.255.0",
    "999.0.0.1/99",
    "fe80::1/64",
    "mtu",
    "9216",
    "0",
    "99999999999999999999",
    "-1",
    "vxlan-id",
    "16777216",
    "vxlan-local-tunnelip",
    "vxlan-remoteip",
    "bridge-ports",
    "bridge_ports",
    "none",
    "all",
    "regex",
    "glob",
    "swp1-4",
    "bridge-vlan-aware",
    "yes",
    "bridge-vids",
    "1-4094",
    "4095-1",
    "bridge-vlan-vni-map",
    "10=10010",
    "10-20=10",
    "vrf",
    "vrf-table",
    "1001",
    "vlan-raw-device",
    "vlan-id",
    "source",
    "source-directory",
    "/etc/network/interfaces.d/*",
    "../../../*",
    "allow-hotplug",
    "mapping",
    "template",
    "%for",
    "i",
    "in",
    "range(4):",
    "%endfor",
    "${i}",
    "hwaddress",
    "ether",
    "aa:bb:cc:dd:ee:ff",
    "zz",
    "\\",
    "#",
    "up",
    "post-up",
    "ip",
    "link",
    "address-virtual",
    "bond-slaves",
    "inherits",
    "rename",
    "noauto",
    "\u{a0}",
    "é",
];
const SDN: &[&str] = &[
    "evpn:",
    "simple:",
    "vxlan:",
    "vlan:",
    "qinq:",
    "vnet:",
    "subnet:",
    "bgp:",
    "isis:",
    "prod",
    "controller",
    "evpnctl",
    "vrf-vxlan",
    "10000",
    "16777216",
    "0",
    "-1",
    "zone",
    "tag",
    "vnet",
    "gateway",
    "10.0.0.1",
    "prod-10.0.0.0-24",
    "prod-2001:db8::-64",
    "prod-",
    "asn",
    "65000",
    "4294967296",
    "peers",
    "10.0.0.1,10.0.0.2",
    ",",
    "fabric",
    "nodes",
    "pve1",
    "exitnodes",
    "exitnodes-primary",
    "advertise-subnets",
    "1",
    "mac",
    "BC:24:11:00:00:01",
    "mtu",
    "rt-import",
    "65000:1",
    "token",
    "secret",
    "{",
    "}",
    "\"vnets\":",
    "{\"ids\":{}}",
    "[",
    "null",
    "#",
    ":",
    "é",
];
const GUESTS: &[&str] = &[
    "net0:",
    "net1:",
    "net0",
    "virtio",
    "virtio=BC:24:11:00:00:01,bridge=vnet1,mtu=1",
    "virtio=BC:24:11:5A:0E:01,bridge=vnet1,mtu=1500,tag=10,firewall=1",
    "e1000,bridge=vnet2",
    "model=e1000,macaddr=BC:24:11:00:00:01,bridge=vmbr0,trunks=1-5;7,link_down=1",
    "name=eth0,bridge=vnet1,hwaddr=BC:24:11:00:00:01,ip=10.0.1.5/24,gw=10.0.1.254,ip6=auto,mtu=9000",
    "name=eth0,bridge=vnet1,ip=10.0.1.1/24",
    "bridge=",
    ",",
    "mtu=0",
    "tag=4095",
    "ip=10.0.0.1",
    "hwaddr=01:00:00:00:00:00",
    "template: 1",
    "name: x",
    "[PENDING]",
    "[",
    "]",
    "[special:cloudinit]",
    "cipassword: x",
    "é",
    "=",
];
const PLACES: &[&str] = &[
    "etc/frr/frr.conf",
    "etc/frr/bgpd.conf",
    "etc/frr/daemons",
    "etc/frr/vtysh.conf",
    "etc/hostname",
    "etc/network/interfaces",
    "etc/network/interfaces.d/sdn",
    "etc/pve/sdn/zones.cfg",
    "etc/pve/sdn/vnets.cfg",
    "etc/pve/sdn/subnets.cfg",
    "etc/pve/sdn/controllers.cfg",
    "etc/pve/sdn/fabrics.cfg",
    "etc/pve/sdn/.running-config",
    "etc/ptm.d/topology.dot",
    "lab.clab.yml",
    "etc/pve/corosync.conf",
    "etc/pve/nodes/a/qemu-server/100.conf",
    "etc/pve/nodes/b/qemu-server/100.conf",
    "etc/pve/nodes/b/lxc/101.conf",
    "etc/pve/local/lxc/102.conf",
    "etc/pve/lxc/102.conf",
    "etc/sysctl.conf",
    "etc/sysctl.d/90-a.conf",
    "usr/lib/sysctl.d/90-a.conf",
    "etc/wireguard/wg0.conf",
];

/// Lines of kernel parameters and of WireGuard's files.
const BESIDE: &[&str] = &[
    "net.ipv4.ip_forward",
    "net/ipv6/conf/all/forwarding",
    "-net.ipv4.conf.*.rp_filter",
    "net.ipv4.conf.[.forwarding",
    "= 1",
    "=0",
    "[Interface]",
    "[peer]",
    "Address = 10.9.0.1/24, fd09::1/64",
    "MTU = 4294967296",
    "AllowedIPs = 0.0.0.0/0",
    "Endpoint = [2001:db8::1]:51820",
    "PostUp = ip link set mtu 1300 dev %i #",
    "Table = off",
];

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => select(FRR).prop_map(str::to_owned),
        8 => select(INTERFACES).prop_map(str::to_owned),
        4 => select(SDN).prop_map(str::to_owned),
        4 => select(GUESTS).prop_map(str::to_owned),
        4 => select(BESIDE).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
        1 => any::<String>().prop_map(|text| text.chars().take(8).collect()),
    ];
    let line = (
        select(&["", " ", "  ", "\t", "   "][..]),
        proptest::collection::vec(word, 0..7),
        select(&["\n", "\r\n", "\n\n"][..]),
    )
        .prop_map(|(indent, words, end)| format!("{indent}{}{end}", words.join(" ")));
    proptest::collection::vec(line, 0..24).prop_map(|lines| lines.concat())
}

/// Lines that make sense, so that replay and rules get far, each from a healthy file of ours.
fn plausible() -> impl Strategy<Value = String> {
    let lines: Vec<&str> = [
        include_str!("corpus/leaf-spine/leaf1/etc/frr/frr.conf"),
        include_str!("corpus/leaf-spine/leaf1/etc/network/interfaces"),
        include_str!("corpus/proxmox-cluster/pve1/etc/frr/frr.conf"),
        include_str!("corpus/proxmox-cluster/pve1/etc/network/interfaces.d/sdn"),
        include_str!("corpus/proxmox-cluster/pve1/etc/pve/sdn/zones.cfg"),
        include_str!("corpus/proxmox-guests-broken/pve1/etc/pve/nodes/pve1/qemu-server/101.conf"),
        include_str!("corpus/proxmox-guests-broken/pve1/etc/pve/nodes/pve2/lxc/201.conf"),
        include_str!("corpus/route-reflectors/rr1/etc/frr/frr.conf"),
    ]
    .iter()
    .flat_map(|text| text.lines())
    .collect();
    proptest::collection::vec(select(lines), 0..60).prop_map(|lines| lines.join("\n"))
}

fn sources(files: &[(String, &str, Vec<u8>)]) -> Sources {
    // No node has two files in one place.
    let is_first = |(at, (node, inner, _)): &(usize, &(String, &str, _))| {
        !files[..*at].iter().any(|(other, place, _)| (other, place) == (node, inner))
    };
    files::sources(files.iter().enumerate().filter(is_first).map(|(_, (node, inner, text))| (node, inner, text)))
}

/// Every predicted table, and every walk between two nodes.
fn tables(sources: &Sources) -> Vec<u8> {
    let mut out = vec![];
    evpnlint::predict(
        &mut sources.clone(),
        &Completeness::Complete.into(),
        |prediction: &mut Prediction, sources: &Sources| {
            for table in [Table::Sessions, Table::Vnis, Table::Routes] {
                report::tables::json(table, prediction, None, sources, &mut out).unwrap();
                report::tables::text(table, prediction, None, sources, &mut out).unwrap();
            }
            let vnis: Vec<_> = prediction.floods.vnis.keys().copied().collect();
            let nodes = prediction.fabric.nodes();
            for (a, b) in nodes.clone().flat_map(|a| nodes.clone().map(move |b| (a, b))) {
                let vnis = vnis.iter().map(|vni| Question::Vni(*vni));
                for question in vnis.chain([Question::Vrf("red".to_owned())]) {
                    report::why::json(&prediction.why(a, b, &question), sources, &mut out).unwrap();
                }
            }
        },
    );
    out
}

/// What all formats say of the same texts, with all nodes there and without.
fn reports(sources: &Sources) -> String {
    let mut out = String::new();
    for completeness in [Completeness::Complete, Completeness::Inferred] {
        let mut sources = sources.clone();
        let outcome = check(&mut sources, &everything(), &completeness.into());
        for format in [Format::Human, Format::Concise, Format::Json] {
            out += &render(format, &outcome, &sources, Style::default());
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(
        files in proptest::collection::vec(
            ("[ab]", select(PLACES), prop_oneof![6 => text().prop_map(String::into_bytes), 4 => plausible().prop_map(String::into_bytes), 1 => proptest::collection::vec(any::<u8>(), 0..200)]),
            1..6,
        ),
    ) {
        let sources = sources(&files);
        examine::reading(&sources);
        prop_assert_eq!(reports(&sources), reports(&sources), "the same text gives the same report");
        prop_assert_eq!(tables(&sources), tables(&sources), "and the same prediction");
    }
}

/// FRR takes keywords cut short; the place of one is what is written, also where the text ends with it.
#[test]
fn a_keyword_cut_short_keeps_its_place() {
    for text in ["interface swp2\n ip ospf network point-to-poin", "interface é\n ip ospf network point-to-poi é"] {
        examine::bytes(examine::FRR, text.as_bytes());
    }
}
