//! Who leaks into whom, against a second opinion: small fabrics at random, written as configuration, and told by a plain
//! iteration over routes from what was drawn, not from what was read.

use crate::support::files;
use evpnlint::{
    fabric::{Fabric, tenants::Leak},
    lang,
    options::Completeness,
    source::Sources,
};
use fastrand::Rng;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// What a route-map does with whatever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Map {
    None,
    Permits,
    Missing,
    /// It permits what leaks out of this VRF.
    Source(usize),
    /// It asks a tag.
    Asks,
}

/// A VRF of a node.
#[derive(Clone, Debug)]
struct Vrf {
    has_l3vni: bool,
    originates: bool,
    hosts: bool,
    prefix_routes_only: bool,
    /// Another VRF whose VNI is in the same bridge.
    bridged: Option<usize>,
    default_originate: bool,
    /// `advertise`, with `skip-evpn-imported` or without.
    advertise: Option<(bool, Map)>,
    /// Numbers of VRFs whose route target is written.
    export: BTreeSet<usize>,
    import: BTreeSet<usize>,
    /// The number of a VRF whose route target is imported whoever exports it.
    import_any: Option<usize>,
    import_vrf: BTreeSet<usize>,
    import_map: Map,
    vpn_export: BTreeSet<usize>,
    vpn_import: BTreeSet<usize>,
    /// A VRF that a static route leads into.
    leads_to: Option<usize>,
    redistributes_static: bool,
}

/// A fabric: for each node, its VRFs by number. Number 0 is the default one, which has no L3VNI and no target.
struct Drawn {
    is_v4: bool,
    nodes: Vec<BTreeMap<usize, Vrf>>,
}

/// How a route came into a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    Here,
    Bgp,
    Evpn,
    /// Out of another VRF, and whether it came from EVPN before.
    Leaked(bool),
    Static,
    Bridged,
}

fn some(rng: &mut Rng, of: usize, chance: u32) -> BTreeSet<usize> {
    (1..of).filter(|_| rng.u32(..100) < chance).collect()
}

fn draw(rng: &mut Rng) -> Drawn {
    let (nodes, vrfs) = (rng.usize(1..=4), rng.usize(2..=5));
    let is_v4 = rng.bool();
    let chance = |rng: &mut Rng, percent| rng.u32(..100) < percent;
    let map = |rng: &mut Rng| match rng.u32(..12) {
        0 => Map::Permits,
        1 => Map::Missing,
        2 => Map::Source(rng.usize(..vrfs)),
        3 => Map::Asks,
        _ => Map::None,
    };
    let vrf = |rng: &mut Rng, number: usize| {
        let is_tenant = number > 0;
        let other = |rng: &mut Rng| Some(rng.usize(..vrfs)).filter(|other| *other != number);
        let speaks_vpn = chance(rng, 20);
        Vrf {
            has_l3vni: is_tenant && chance(rng, 80),
            originates: chance(rng, 50),
            hosts: is_tenant && chance(rng, 25),
            prefix_routes_only: chance(rng, 30),
            bridged: other(rng).filter(|other| *other > 0).filter(|_| chance(rng, 10)),
            default_originate: is_tenant && chance(rng, 10),
            advertise: chance(rng, 50).then(|| (chance(rng, 30), map(rng))),
            export: if chance(rng, 15) { some(rng, vrfs, 40) } else { BTreeSet::new() },
            import: if chance(rng, 15) { some(rng, vrfs, 40) } else { BTreeSet::new() },
            import_any: other(rng).filter(|other| *other > 0 && chance(rng, 8)),
            import_vrf: (0..vrfs).filter(|other| *other != number && chance(rng, 15)).collect(),
            import_map: map(rng),
            vpn_export: if speaks_vpn { some(rng, 4, 40) } else { BTreeSet::new() },
            vpn_import: if speaks_vpn { some(rng, 4, 40) } else { BTreeSet::new() },
            leads_to: other(rng).filter(|_| chance(rng, 8)),
            redistributes_static: chance(rng, 40),
        }
    };
    let node = |rng: &mut Rng| {
        let numbers: Vec<usize> = (0..vrfs).filter(|number| *number == 0 || chance(rng, 80)).collect();
        numbers.into_iter().map(|number| (number, vrf(rng, number))).collect()
    };
    let nodes = (0..nodes).map(|_| node(rng)).collect();
    Drawn { is_v4, nodes }
}

fn name(vrf: usize) -> String {
    if vrf == 0 { "default".to_owned() } else { format!("t{vrf}") }
}

/// The route-map for what a VRF takes or tells, written once for each.
fn map_name(map: Map) -> Option<String> {
    match map {
        Map::None => None,
        Map::Permits => Some("ALL".to_owned()),
        Map::Missing => Some("NOWHERE".to_owned()),
        Map::Source(vrf) => Some(format!("OF-{}", name(vrf))),
        Map::Asks => Some("TAGGED".to_owned()),
    }
}

/// FRR's configuration, and that of the interfaces.
fn write(drawn: &Drawn, node: usize) -> (String, String) {
    let own = &drawn.nodes[node];
    let (family, ip) = if drawn.is_v4 { ("ipv4", "ip") } else { ("ipv6", "ipv6") };
    let mut interfaces = "auto lo\niface lo inet loopback\n".to_owned();
    let mut frr =
        "frr version 10.8\nroute-map ALL permit 10\nexit\nroute-map TAGGED permit 10\n match tag 7\nexit\n".to_owned();
    for vrf in 0..=5 {
        let name = name(vrf);
        let _ = writeln!(frr, "route-map OF-{name} permit 10\n match source-vrf {name}\nexit");
    }
    for (number, vrf) in own {
        if *number > 0 {
            let _ = writeln!(frr, "vrf {}", name(*number));
            if vrf.has_l3vni {
                let only = if vrf.prefix_routes_only { " prefix-routes-only" } else { "" };
                let _ = writeln!(frr, " vni {}{only}", 5000 + number);
            }
            frr.push_str("exit-vrf\n");
            let _ = write!(interfaces, "\nauto {0}\niface {0}\n    vrf-table auto\n", name(*number));
        }
        if let Some(other) = vrf.leads_to {
            let of = if *number > 0 { format!(" vrf {}", name(*number)) } else { String::new() };
            let (prefix, via) =
                if drawn.is_v4 { ("10.9.0.0/16", "10.9.0.1") } else { ("2001:db8:9::/48", "2001:db8:9::1") };
            let _ = writeln!(frr, "{ip} route {prefix} {via}{of} nexthop-vrf {}", name(other));
        }
        if vrf.hosts {
            let _ = write!(interfaces, "\nauto br{number}\niface br{number}\n    bridge-ports");
            let ports: Vec<usize> = [*number].into_iter().chain(vrf.bridged).collect();
            for vni in &ports {
                let _ = write!(interfaces, " vx{number}x{vni}");
            }
            let address =
                if drawn.is_v4 { format!("10.1.{number}.1/24") } else { format!("2001:db8:1:{number}::1/64") };
            let _ = write!(interfaces, "\n    address {address}\n    vrf {}\n", name(*number));
            for vni in ports {
                let _ =
                    write!(interfaces, "\nauto vx{number}x{vni}\niface vx{number}x{vni}\n    vxlan-id {}\n", 100 + vni);
            }
        }
    }
    for (number, vrf) in own {
        let of = if *number > 0 { format!(" vrf {}", name(*number)) } else { String::new() };
        let _ = writeln!(frr, "router bgp 65000{of}\n address-family {family} unicast");
        if vrf.originates {
            frr.push_str("  redistribute connected\n");
        }
        if vrf.redistributes_static {
            frr.push_str("  redistribute static\n");
        }
        for other in &vrf.import_vrf {
            let _ = writeln!(frr, "  import vrf {}", name(*other));
        }
        if let Some(map) = map_name(vrf.import_map) {
            let _ = writeln!(frr, "  import vrf route-map {map}");
        }
        for (direction, targets) in [("export", &vrf.vpn_export), ("import", &vrf.vpn_import)] {
            if !targets.is_empty() {
                let targets: String = targets.iter().map(|target| format!(" 7:{target}")).collect();
                let _ = writeln!(frr, "  rt vpn {direction}{targets}\n  {direction} vpn");
            }
        }
        frr.push_str(" exit-address-family\n address-family l2vpn evpn\n");
        if *number == 0 {
            frr.push_str("  advertise-all-vni\n");
        }
        if vrf.default_originate {
            let _ = writeln!(frr, "  default-originate {family}");
        }
        if let Some((skips, map)) = vrf.advertise {
            let map = map_name(map).map_or(String::new(), |map| format!(" route-map {map}"));
            let _ =
                writeln!(frr, "  advertise {family} unicast{map}{}", if skips { " skip-evpn-imported" } else { "" });
        }
        if *number > 0 {
            for other in &vrf.export {
                let _ = writeln!(frr, "  route-target export 65000:{}", 5000 + other);
            }
            for other in &vrf.import {
                let _ = writeln!(frr, "  route-target import 65000:{}", 5000 + other);
            }
            if let Some(other) = vrf.import_any {
                let _ = writeln!(frr, "  route-target import *:{}", 5000 + other);
            }
        }
        frr.push_str(" exit-address-family\nexit\n");
    }
    (frr, interfaces)
}

/// Whether a map lets anything of that VRF through; what nobody can say is as `perhaps` says.
fn lets(map: Map, of: Option<usize>, perhaps: bool) -> bool {
    match (map, of) {
        (Map::None | Map::Permits, _) => true,
        (Map::Missing, _) => false,
        (Map::Source(wanted), Some(of)) => wanted == of,
        (Map::Source(_), None) | (Map::Asks, _) => perhaps,
    }
}

/// The second opinion: routes, each with whose it is, where it is and how it came there, until there are no more.
fn expected(drawn: &Drawn, perhaps: bool) -> BTreeSet<(usize, usize)> {
    type Route = (usize, usize, usize, Came);
    let nodes = &drawn.nodes;
    let all =
        || nodes.iter().enumerate().flat_map(|(node, own)| own.iter().map(move |(number, vrf)| (node, *number, vrf)));
    let exports = |number: usize, vrf: &Vrf| if vrf.export.is_empty() { [number].into() } else { vrf.export.clone() };
    let imports = |number: usize, vrf: &Vrf| {
        let mut wanted = vrf.import.clone();
        wanted.extend(vrf.import_any);
        if wanted.is_empty() { [number].into() } else { wanted }
    };
    let is_bridge = |vrf: &Vrf| vrf.hosts;
    // Which VNIs are one broadcast domain.
    let mut one_domain: BTreeSet<(usize, usize)> = (0..6).map(|vni| (vni, vni)).collect();
    loop {
        let mut more = one_domain.clone();
        for (_, number, vrf) in all().filter(|(.., vrf)| is_bridge(vrf)) {
            if let Some(other) = vrf.bridged {
                more.extend([(number, other), (other, number)]);
            }
        }
        for (a, b) in one_domain.clone() {
            more.extend(one_domain.iter().filter(|(c, _)| *c == b).map(|(_, d)| (a, *d)));
        }
        if more == one_domain {
            break;
        }
        one_domain = more;
    }
    let vnis = |number: usize, vrf: &Vrf| [number].into_iter().chain(vrf.bridged).collect::<Vec<usize>>();
    let mut routes: BTreeSet<Route> = all().map(|(node, number, _)| (number, node, number, Came::Here)).collect();
    loop {
        let mut more = routes.clone();
        for &(whose, node, number, came) in &routes {
            let vrf = &nodes[node][&number];
            let mut tells = false;
            match came {
                Came::Here => {
                    if vrf.originates || vrf.redistributes_static {
                        more.insert((whose, node, number, Came::Bgp));
                    }
                    tells = vrf.default_originate || vrf.hosts && !vrf.prefix_routes_only;
                    for (other, theirs) in nodes[node].iter().filter(|(_, theirs)| theirs.leads_to == Some(number)) {
                        assert_ne!(*other, number, "{theirs:?}");
                        more.insert((whose, node, *other, Came::Static));
                    }
                    for (other_node, other, theirs) in all().filter(|(.., theirs)| is_bridge(vrf) && is_bridge(theirs))
                    {
                        let near = vnis(number, vrf)
                            .into_iter()
                            .flat_map(|a| vnis(other, theirs).into_iter().map(move |b| (a, b)));
                        if near.into_iter().any(|pair| one_domain.contains(&pair)) {
                            more.insert((whose, other_node, other, Came::Bridged));
                        }
                    }
                }
                Came::Static if vrf.redistributes_static => {
                    more.insert((whose, node, number, Came::Bgp));
                }
                Came::Bgp | Came::Evpn => {
                    for (other, theirs) in nodes[node].iter().filter(|(other, _)| **other != number) {
                        let meets = !vrf.vpn_export.is_disjoint(&theirs.vpn_import);
                        let takes = theirs.import_vrf.contains(&number)
                            && lets(theirs.import_map, Some(number), perhaps)
                            || meets && lets(theirs.import_map, None, perhaps);
                        if takes {
                            more.insert((whose, node, *other, Came::Leaked(came == Came::Evpn)));
                        }
                    }
                }
                _ => {}
            }
            if let Some((skips, map)) = vrf.advertise {
                let is_told = match came {
                    Came::Bgp | Came::Leaked(false) => true,
                    Came::Leaked(true) => !skips,
                    _ => false,
                };
                tells |= is_told && lets(map, None, perhaps);
            }
            for (other_node, other, theirs) in all().filter(|(other_node, ..)| *other_node != node) {
                let hears = tells && vrf.has_l3vni && theirs.has_l3vni;
                if hears && !exports(number, vrf).is_disjoint(&imports(other, theirs)) {
                    more.insert((whose, other_node, other, Came::Evpn));
                }
            }
        }
        if more == routes {
            break;
        }
        routes = more;
    }
    routes.into_iter().map(|(whose, _, into, _)| (whose, into)).filter(|(whose, into)| whose != into).collect()
}

#[test]
fn leaks_are_those_of_a_second_opinion() {
    let (mut leaks, mut doubtful, mut far) = (0, 0, 0);
    for seed in 0..1000 {
        let drawn = draw(&mut Rng::with_seed(seed));
        let mut sources = Sources::default();
        for node in 0..drawn.nodes.len() {
            let (frr, interfaces) = write(&drawn, node);
            for (inner, text) in [("etc/frr/frr.conf", frr), ("etc/network/interfaces", interfaces)] {
                files::add(&mut sources, &format!("n{node}"), inner, text);
            }
        }
        let cluster = lang::read(&sources, &Default::default());
        assert!(cluster.faults.is_empty(), "seed {seed}: {:?}", cluster.faults);
        let fabric = Fabric::new(&cluster, Completeness::Complete);
        let mut found: Vec<Leak> = vec![];
        fabric.tenants.each_leak(|_, _| true, |leak| found.push(leak));
        let number = |title: &str| title.strip_prefix('t').map_or(0, |number| number.parse::<usize>().unwrap());
        let pairs = |wanted: &dyn Fn(&Leak) -> bool| -> BTreeSet<(usize, usize)> {
            let title = |tenant: usize| number(fabric.tenants.all[tenant].title());
            found.iter().filter(|leak| wanted(leak)).map(|leak| (title(leak.from), title(leak.to))).collect()
        };
        assert_eq!(pairs(&|leak| leak.sure), expected(&drawn, false), "seed {seed}");
        assert_eq!(pairs(&|_| true), expected(&drawn, true), "seed {seed}, perhaps");
        for leak in &found {
            assert!(leak.hops.iter().all(|hop| hop.span.is_some()), "seed {seed}: a step without its line");
            assert_eq!((leak.legs.first(), leak.legs.last()), (Some(&leak.from), Some(&leak.to)), "seed {seed}");
            doubtful += usize::from(!leak.sure);
            far += usize::from(leak.legs.len() > 2);
        }
        leaks += found.len();
    }
    // Enough of everything was drawn.
    assert!(leaks > 2500 && doubtful > 200 && far > 250, "{leaks} {doubtful} {far}");
}
