//! How long a whole check takes, from texts in memory to findings, for fabrics of growing size, and how fast each language
//! alone is read.
//!
//! `cargo bench` runs all; `cargo bench -- leaf_spine` those whose names hold that word, in every size. A full mesh names
//! every node on every other, so its text grows with the square of the nodes. Reading is measured on one thread.

use divan::{Bencher, counter::BytesCount};
use evpnlint::{
    check,
    fabric::{Fabric, tenants::Tenants},
    finding::Severity,
    forward::expected,
    lang,
    options::Completeness,
    predict::{Prediction, resilience::Resilience},
    settle::Selection,
    source::{File, Sources},
};
use std::{collections::BTreeSet, fmt::Write as _};

const SIZES: [usize; 3] = [10, 100, 1000];

fn main() {
    for mut sources in [proxmox(10), clos(10), reflectors(10, 10)] {
        let outcome = check(&mut sources, &Selection::default(), &Completeness::Inferred.into());
        let loud = outcome.findings.iter().find(|finding| finding.severity > Severity::Info);
        assert!(outcome.closed && loud.is_none(), "what is measured is healthy: {loud:?}");
    }
    divan::main();
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn proxmox_mesh(bencher: Bencher, nodes: usize) {
    measure(bencher, proxmox(nodes));
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn leaf_spine(bencher: Bencher, leaves: usize) {
    measure(bencher, clos(leaves));
}

fn measure(bencher: Bencher, sources: Sources) {
    let bytes: usize = sources.iter().map(|(_, file)| file.text.len()).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .with_inputs(|| sources.clone())
        .bench_local_values(|mut sources| check(&mut sources, &Selection::default(), &Completeness::Inferred.into()));
}

#[divan::bench(args = ["frr", "interfaces"], sample_count = 20)]
fn read_proxmox_mesh(bencher: Bencher, language: &str) {
    measure_reading(bencher, &proxmox(200), language);
}

#[divan::bench(args = ["frr", "interfaces"], sample_count = 20)]
fn read_leaf_spine(bencher: Bencher, language: &str) {
    measure_reading(bencher, &clos(200), language);
}

#[divan::bench(args = ["sdn"], sample_count = 20)]
fn read_store(bencher: Bencher, language: &str) {
    measure_reading(bencher, &store(1000), language);
}

/// Reads the files of one language, on one thread.
fn measure_reading(bencher: Bencher, whole: &Sources, language: &str) {
    let mut sources = Sources::default();
    for (_, file) in whole.iter().filter(|(_, file)| lang::of_file(file).is_some_and(|of| of.name() == language)) {
        sources.add(file.clone());
    }
    let bytes: usize = sources.iter().map(|(_, file)| file.text.len()).sum();
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread can be had");
    bencher
        .counter(BytesCount::new(bytes))
        .bench_local(|| single.install(|| lang::read(&sources, &Default::default())));
}

/// From nodes put together to all verdicts and flood lists, with as many VNIs on each leaf as there are leaves.
#[divan::bench(args = SIZES, sample_count = 5)]
fn predict_reflectors(bencher: Bencher, leaves: usize) {
    let cluster = lang::read(&reflectors(leaves, leaves), &Default::default());
    let fabric = Fabric::new(&cluster, Completeness::Complete);
    bencher.bench_local(|| Prediction::new(&fabric));
}

/// The same, with putting the nodes together.
#[divan::bench(args = SIZES, sample_count = 5)]
fn fabric_and_predict_reflectors(bencher: Bencher, leaves: usize) {
    let cluster = lang::read(&reflectors(leaves, leaves), &Default::default());
    bencher.bench_local(|| {
        let fabric = Fabric::new(&cluster, Completeness::Complete);
        Prediction::new(&fabric).floods.distinct()
    });
}

/// Whose routes get into whose VRFs, with putting the ways together: that many tenants, a hundred on each leaf, and a
/// border where each meets one that all share.
#[divan::bench(args = [100, 1000, 10_000], sample_count = 5)]
fn tenants_of_a_hub(bencher: Bencher, tenants: usize) {
    let cluster = lang::read(&hub(tenants), &Default::default());
    let fabric = Fabric::new(&cluster, Completeness::Complete);
    bencher.bench_local(|| {
        let tenants = Tenants::new(&fabric.devices, &fabric.overlay);
        let mut leaks = 0;
        tenants.each_leak(|_, _| true, |_| leaks += 1);
        leaks
    });
}

/// What one failure takes away of all VNIs, with two ways for each pair of neighbours in the rings of their VTEPs.
fn resilience(bencher: Bencher, sources: &Sources) {
    let cluster = lang::read(sources, &Default::default());
    let fabric = Fabric::new(&cluster, Completeness::Complete);
    let prediction = Prediction::new(&fabric);
    bencher.bench_local(|| {
        let resilience = Resilience::new(&fabric, &prediction.evpn, &prediction.floods);
        let losses = resilience.groups.iter().map(|group| group.links.len() + group.routes.len()).sum::<usize>();
        let pairs: BTreeSet<_> = resilience.groups.iter().flat_map(|group| group.ring()).collect();
        let ways = pairs.iter().filter(|pair| resilience.ways(**pair).is_some()).count();
        assert!(losses == 0 && ways == pairs.len(), "what is measured survives any one failure");
    });
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn resilience_leaf_spine(bencher: Bencher, leaves: usize) {
    resilience(bencher, &clos(leaves));
}

/// With as many VNIs on each leaf as there are leaves.
#[divan::bench(args = SIZES, sample_count = 5)]
fn resilience_reflectors(bencher: Bencher, leaves: usize) {
    resilience(bencher, &reflectors(leaves, leaves));
}

/// What becomes of all packets that the files say must arrive, from a prediction to the last answer.
fn packets(bencher: Bencher, sources: &Sources) {
    let cluster = lang::read(sources, &Default::default());
    let fabric = Fabric::new(&cluster, Completeness::Complete);
    let prediction = Prediction::new(&fabric);
    prediction.demand();
    bencher.bench_local(|| {
        let asked = expected::ask(&prediction);
        assert!(asked.unmet.is_empty() && asked.skipped.is_empty(), "what is measured loses nothing");
    });
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn packets_leaf_spine(bencher: Bencher, leaves: usize) {
    packets(bencher, &clos(leaves));
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn packets_proxmox_mesh(bencher: Bencher, nodes: usize) {
    packets(bencher, &proxmox(nodes));
}

fn add(sources: &mut Sources, node: &str, inner: &str, text: String) {
    sources.add(File::new(format!("{node}/{inner}"), node, inner, text));
}

/// A number as the last two octets of an address, `.0.1` first.
fn octets(number: usize) -> String {
    format!("{}.{}", number / 250, number % 250 + 1)
}

/// Leaves with a hundred VRFs each, and a border that has all of them, each with a leak to and from one that they share.
fn hub(tenants: usize) -> Sources {
    let mut sources = Sources::default();
    let address = |node: usize| format!("10.1.{}", octets(node));
    let node = |sources: &mut Sources, number: usize, own: std::ops::Range<usize>, is_border: bool| {
        let mut frr = String::new();
        let named = |tenant: usize| if tenant == tenants { "shared".to_owned() } else { format!("t{tenant}") };
        let all = || own.clone().chain(is_border.then_some(tenants));
        for tenant in all() {
            let _ = write!(frr, "vrf {}\n vni {}\nexit-vrf\n", named(tenant), 10_000 + tenant);
        }
        let _ = write!(
            frr,
            "router bgp 65000\n bgp router-id {}\n address-family l2vpn evpn\n  advertise-all-vni\n exit-address-family\nexit\n",
            address(number)
        );
        for tenant in all() {
            let _ = write!(
                frr,
                "router bgp 65000 vrf {}\n address-family ipv4 unicast\n  redistribute connected\n",
                named(tenant)
            );
            if tenant == tenants {
                for tenant in own.clone() {
                    let _ = writeln!(frr, "  import vrf {}", named(tenant));
                }
            } else if is_border {
                frr.push_str("  import vrf shared\n");
            }
            frr.push_str(
                " exit-address-family\n address-family l2vpn evpn\n  advertise ipv4 unicast\n exit-address-family\nexit\n",
            );
        }
        add(sources, &format!("n{number}"), "etc/frr/frr.conf", frr);
    };
    for (leaf, first) in (0..tenants).step_by(100).enumerate() {
        node(&mut sources, leaf, first..(first + 100).min(tenants), false);
    }
    node(&mut sources, tenants / 100, 0..tenants, true);
    sources
}

/// What Proxmox VE 8 writes for an EVPN zone with two vnets: an iBGP full mesh in one peer group.
fn proxmox(nodes: usize) -> Sources {
    let mut sources = Sources::default();
    let address = |node: usize| format!("172.16.{}", octets(node));
    for node in 0..nodes {
        let (name, own) = (format!("pve{node}"), address(node));
        let mut frr = format!(
            "frr version 8.5.2\nfrr defaults datacenter\nhostname {name}\nservice integrated-vtysh-config\n!\n\
             vrf vrf_prod\n vni 10000\nexit-vrf\n!\nrouter bgp 65000\n bgp router-id {own}\n \
             no bgp hard-administrative-reset\n no bgp default ipv4-unicast\n coalesce-time 1000\n \
             neighbor VTEP peer-group\n neighbor VTEP remote-as 65000\n neighbor VTEP bfd\n"
        );
        for peer in (0..nodes).filter(|peer| *peer != node) {
            let _ = writeln!(frr, " neighbor {} peer-group VTEP", address(peer));
        }
        let _ = write!(
            frr,
            " !\n address-family l2vpn evpn\n  neighbor VTEP activate\n  advertise-all-vni\n exit-address-family\n\
             exit\n!\nrouter bgp 65000 vrf vrf_prod\n bgp router-id {own}\nexit\n!\nline vty\n!\n"
        );
        add(&mut sources, &name, "etc/frr/frr.conf", frr);
        let interfaces = format!(
            "auto lo\niface lo inet loopback\n\niface eno1 inet manual\n\tmtu 1500\n\nauto vmbr0\niface vmbr0 inet static\n\
             \taddress {own}/16\n\tbridge-ports eno1\n\tbridge-stp off\n\tbridge-fd 0\n\n\
             source /etc/network/interfaces.d/*\n"
        );
        add(&mut sources, &name, "etc/network/interfaces", interfaces);
        let mut sdn = "#version:7\n\nauto vrf_prod\niface vrf_prod\n\tvrf-table auto\n".to_owned();
        for (bridge, port, vni, address) in [
            ("vnet1", "vxlan_vnet1", 11001, "\taddress 10.0.1.1/24\n\thwaddress BC:24:11:5A:0E:01\n\tip-forward on\n"),
            ("vnet2", "vxlan_vnet2", 11002, "\taddress 10.0.2.1/24\n\thwaddress BC:24:11:5A:0E:01\n\tip-forward on\n"),
            ("vrfbr_prod", "vrfvx_prod", 10000, ""),
        ] {
            let _ = write!(
                sdn,
                "\nauto {bridge}\niface {bridge}\n{address}\tbridge_ports {port}\n\tbridge_stp off\n\tbridge_fd 0\n\tmtu 1450\n\
                 \tvrf vrf_prod\n\nauto {port}\niface {port}\n\tvxlan-id {vni}\n\tvxlan-local-tunnelip {own}\n\
                 \tbridge-learning off\n\tbridge-arp-nd-suppress on\n\tmtu 1450\n"
            );
        }
        add(&mut sources, &name, "etc/network/interfaces.d/sdn", sdn);
    }
    sources
}

/// The SDN files of a Proxmox VE cluster: one EVPN zone with that many vnets, each with a subnet.
fn store(vnets: usize) -> Sources {
    let mut sources = Sources::default();
    let controller = "evpn: evpnctl\n\tasn 65000\n\tpeers 172.16.0.1,172.16.0.2,172.16.0.3\n";
    let zone = "evpn: prod\n\tcontroller evpnctl\n\tvrf-vxlan 10000\n\texitnodes pve1\n\tipam pve\n\tmac BC:24:11:5A:0E:01\n\tmtu 1450\n";
    let (mut vnet, mut subnet) = (String::new(), String::new());
    for number in 0..vnets {
        let net = format!("10.{}.{}", number / 250, number % 250);
        let _ = write!(vnet, "vnet: v{number}\n\tzone prod\n\ttag {}\n\n", 11000 + number);
        let _ = write!(subnet, "subnet: prod-{net}.0-24\n\tvnet v{number}\n\tgateway {net}.1\n\tsnat 0\n\n");
    }
    add(&mut sources, "pve1", "etc/pve/sdn/controllers.cfg", controller.to_owned());
    add(&mut sources, "pve1", "etc/pve/sdn/zones.cfg", zone.to_owned());
    add(&mut sources, "pve1", "etc/pve/sdn/vnets.cfg", vnet);
    add(&mut sources, "pve1", "etc/pve/sdn/subnets.cfg", subnet);
    sources
}

/// Leaves over OSPF, each a client of four route reflectors, with that many VNIs on a single VXLAN device.
fn reflectors(leaves: usize, vnis: usize) -> Sources {
    let mut sources = Sources::default();
    let link = |leaf: usize, reflector: usize, end: usize| {
        let number = 2 * (4 * leaf + reflector) + end;
        format!("10.{}.{}.{}/31", 128 + number / 65536, number / 256 % 256, number % 256)
    };
    let ports = |own: &str, links: &mut dyn Iterator<Item = (usize, String)>| {
        let mut interfaces = format!("auto lo\niface lo inet loopback\n    address {own}/32\n");
        let mut frr = "interface lo\n ip ospf area 0\nexit\n!\n".to_owned();
        for (port, address) in links {
            let _ = write!(interfaces, "\nauto swp{port}\niface swp{port}\n    address {address}\n    mtu 9216\n");
            let _ = write!(frr, "interface swp{port}\n ip ospf area 0\n ip ospf network point-to-point\nexit\n!\n");
        }
        (interfaces, frr + &format!("router ospf\n ospf router-id {own}\nexit\n!\n"))
    };
    let bgp = |own: &str, peers: &mut dyn Iterator<Item = String>, evpn: &str| {
        let mut frr = format!(
            "router bgp 65000\n bgp router-id {own}\n no bgp default ipv4-unicast\n neighbor FABRIC peer-group\n \
             neighbor FABRIC remote-as internal\n neighbor FABRIC update-source lo\n"
        );
        peers.for_each(|peer| {
            let _ = writeln!(frr, " neighbor {peer} peer-group FABRIC");
        });
        frr + &format!(
            " !\n address-family l2vpn evpn\n  neighbor FABRIC activate\n{evpn} exit-address-family\nexit\n!\n"
        )
    };
    let head = |name: &str| format!("frr version 10.2\nfrr defaults datacenter\nhostname {name}\n!\n");
    let (leaf_address, reflector_address) =
        (|leaf: usize| format!("10.1.{}", octets(leaf)), |reflector: usize| format!("10.2.{}", octets(reflector)));
    for leaf in 0..leaves {
        let (name, own) = (format!("leaf{leaf}"), leaf_address(leaf));
        let (mut interfaces, frr) = ports(&own, &mut (0..4).map(|reflector| (reflector, link(leaf, reflector, 0))));
        let peers = &mut (0..4).map(reflector_address);
        let frr = head(&name) + &frr + &bgp(&own, peers, "  advertise-all-vni\n");
        let _ = write!(
            interfaces,
            "\nauto vxlan48\niface vxlan48\n    bridge-vlan-vni-map 1-{vnis}=10001-{}\n    vxlan-local-tunnelip {own}\n    \
             bridge-learning off\n    mtu 9000\n\nauto br_default\niface br_default\n    bridge-ports vxlan48\n    \
             bridge-vlan-aware yes\n    bridge-vids 1-{vnis}\n    mtu 9000\n",
            10000 + vnis
        );
        add(&mut sources, &name, "etc/frr/frr.conf", frr);
        add(&mut sources, &name, "etc/network/interfaces", interfaces);
    }
    for reflector in 0..4 {
        let (name, own) = (format!("rr{reflector}"), reflector_address(reflector));
        let (interfaces, frr) = ports(&own, &mut (0..leaves).map(|leaf| (leaf, link(leaf, reflector, 1))));
        let peers = &mut (0..leaves).map(leaf_address);
        let frr = head(&name) + &frr + &bgp(&own, peers, "  neighbor FABRIC route-reflector-client\n");
        add(&mut sources, &name, "etc/frr/frr.conf", frr);
        add(&mut sources, &name, "etc/network/interfaces", interfaces);
    }
    sources
}

/// Two spines for every 32 leaves and at least two, unnumbered eBGP, two L2VNIs and an L3VNI on each leaf.
fn clos(leaves: usize) -> Sources {
    let mut sources = Sources::default();
    let spines = (leaves / 32 * 2).max(2);
    let bgp = |frr: &mut String, asn: usize, router: &str, ports: usize, evpn: &str| {
        let _ = write!(
            frr,
            "router bgp {asn}\n bgp router-id {router}\n bgp bestpath as-path multipath-relax\n \
             neighbor FABRIC peer-group\n neighbor FABRIC remote-as external\n"
        );
        for port in 1..=ports {
            let _ = writeln!(frr, " neighbor swp{port} interface peer-group FABRIC");
        }
        let _ = write!(
            frr,
            " !\n address-family ipv4 unicast\n  redistribute connected route-map LOOPBACK\n exit-address-family\n !\n \
             address-family l2vpn evpn\n  neighbor FABRIC activate\n{evpn} exit-address-family\nexit\n!\n\
             route-map LOOPBACK permit 10\n match interface lo\nexit\n!\n"
        );
    };
    let head = |name: &str| format!("frr version 10.2\nfrr defaults datacenter\nhostname {name}\n!\n");
    let ports = |router: &str, ports: usize| {
        let mut text = format!("auto lo\niface lo inet loopback\n    address {router}/32\n");
        for port in 1..=ports {
            let _ = write!(text, "\nauto swp{port}\niface swp{port}\n    mtu 9216\n");
        }
        text
    };
    for leaf in 0..leaves {
        let (name, router, asn) = (format!("leaf{leaf}"), format!("10.1.{}", octets(leaf)), 4_200_000_000 + leaf);
        let mut frr = head(&name) + "vrf RED\n vni 50001\nexit-vrf\n!\n";
        bgp(&mut frr, asn, &router, spines, "  advertise-all-vni\n");
        let _ = write!(
            frr,
            "router bgp {asn} vrf RED\n bgp router-id {router}\n !\n address-family ipv4 unicast\n  redistribute connected\n \
             exit-address-family\n !\n address-family l2vpn evpn\n  advertise ipv4 unicast\n exit-address-family\nexit\n!\n"
        );
        add(&mut sources, &name, "etc/frr/frr.conf", frr);
        let mut text = ports(&router, spines) + "\nauto RED\niface RED\n    vrf-table 1001\n";
        for (vni, bridge, more) in [
            (10010, "br10", "    address 10.100.10.1/24\n    hwaddress 44:38:39:ff:00:10\n".to_owned()),
            (10020, "br20", "    address 10.100.20.1/24\n    hwaddress 44:38:39:ff:00:20\n".to_owned()),
            (50001, "brl3", format!("    hwaddress 44:38:39:00:{:02x}:{:02x}\n", leaf / 250, leaf % 250)),
        ] {
            let _ = write!(
                text,
                "\nauto vni{vni}\niface vni{vni}\n    vxlan-id {vni}\n    vxlan-local-tunnelip {router}\n    \
                 bridge-learning off\n    bridge-arp-nd-suppress on\n    mtu 9000\n\nauto {bridge}\niface {bridge}\n{more}    \
                 bridge-ports vni{vni}\n    bridge-stp off\n    bridge-fd 0\n    mtu 9000\n    vrf RED\n"
            );
        }
        add(&mut sources, &name, "etc/network/interfaces", text);
    }
    for spine in 0..spines {
        let (name, router) = (format!("spine{spine}"), format!("10.2.{}", octets(spine)));
        let mut frr = head(&name);
        bgp(&mut frr, 4_210_000_000, &router, leaves, "");
        add(&mut sources, &name, "etc/frr/frr.conf", frr);
        add(&mut sources, &name, "etc/network/interfaces", ports(&router, leaves));
    }
    sources
}
