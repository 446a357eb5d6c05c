//! The kinds of fabrics.

use super::{
    draw::{Draw, Peer, Peering, own},
    igp::Igp,
};

/// Draws the nodes of a fabric, with all that they have.
type Kind = fn(&mut Draw);

/// Each with its name.
pub(crate) const KINDS: [(&str, Kind); 6] = [
    ("mesh", mesh),
    ("hub", hub),
    ("static", routed),
    ("numbered", numbered),
    ("reflectors", reflectors),
    ("unnumbered", unnumbered),
];

fn loopback(number: usize) -> String {
    format!("10.0.0.{number}")
}

fn lan(number: usize) -> String {
    format!("192.168.0.{number}")
}

/// An iBGP full mesh on one network, as Proxmox builds it.
fn mesh(draw: &mut Draw) {
    let count = 2 + draw.rng.usize(..3);
    let (behind_bridge, over_ipv6) = (draw.rng.bool(), draw.once_in(5));
    let remote = draw.one(&["65000", "65000", "internal"]);
    let (sources, alone) = (draw.once_in(4), draw.once_in(4));
    let passive = draw.once_in(6);
    let address = |number: usize| if over_ipv6 { format!("fd00::{number}") } else { lan(number) };
    for number in 1..=count {
        let node = draw.node(format!("pve{number}"), 65000, None);
        let (v4, v6) = (format!("{}/24", lan(number)), format!("fd00::{number}/64"));
        let addresses: &[&str] = if over_ipv6 { &[&v4, &v6] } else { &[&v4] };
        let device = draw.plug(node, addresses, behind_bridge);
        let others = (1..=count).filter(|other| *other != number);
        let peers = others.map(|other| Peer { id: address(other), remote: remote.to_owned() }).collect();
        let mut options: Vec<String> = sources.then(|| format!("update-source {device}")).into_iter().collect();
        options.extend((passive && number == 1).then(|| "passive".to_owned()));
        let ipv4 = draw.once_in(4).then(Vec::new);
        draw.peer(node, Peering { group: "VTEP", peers, options, ipv4, evpn: Some(vec![]), ..Peering::default() });
    }
    let vteps: Vec<_> = (usize::from(alone && count > 2)..count).map(|node| (node, lan(node + 1))).collect();
    draw.tenants(&vteps);
}

/// One node in the middle of a network, that reflects or passes on; it may listen for callers.
fn hub(draw: &mut Draw) {
    let count = 2 + draw.rng.usize(..3);
    let (internal, listens, same) = (draw.rng.bool(), draw.rng.bool(), draw.once_in(3));
    let asn = |number: usize| match (internal, same) {
        (true, _) => 65000,
        (false, true) => 65001,
        (false, false) => 65000 + number as u32,
    };
    let hub = draw.node("hub".to_owned(), 65000, None);
    draw.plug(hub, &["192.168.0.100/24"], false);
    let remote = if internal { "internal" } else { "external" };
    let peers = (1..=count).map(|number| Peer { id: lan(number), remote: remote.to_owned() }).collect();
    let range = listens.then(|| "192.168.0.0/24".to_owned());
    let security = !internal && draw.once_in(3);
    let options: Vec<String> = security.then(|| "ttl-security hops 1".to_owned()).into_iter().collect();
    let evpn = if internal { own(&["route-reflector-client"]) } else { vec![] };
    let peering =
        Peering { group: "CLIENTS", peers, options: options.clone(), evpn: Some(evpn), range, ..Peering::default() };
    draw.peer(hub, peering);
    if internal && draw.rng.bool() {
        draw.configs[hub].bgp.push("bgp cluster-id 0.0.0.100".to_owned());
    }
    if !internal {
        draw.configs[hub].bgp.push("no bgp ebgp-requires-policy".to_owned());
    }
    let mut vteps = vec![];
    for number in 1..=count {
        let node = draw.node(format!("leaf{number}"), asn(number), None);
        draw.plug(node, &[&format!("{}/24", lan(number))], false);
        let peers = vec![Peer { id: lan(100), remote: "65000".to_owned() }];
        let evpn = if !internal && same { own(&["allowas-in 1"]) } else { vec![] };
        draw.peer(
            node,
            Peering { group: "HUB", peers, options: options.clone(), evpn: Some(evpn), ..Peering::default() },
        );
        if !internal {
            draw.configs[node].bgp.push("no bgp ebgp-requires-policy".to_owned());
        }
        vteps.push((node, lan(number)));
    }
    draw.tenants(&vteps);
}

/// Sessions between loopbacks to which static routes lead.
fn routed(draw: &mut Draw) {
    let count = 2 + draw.rng.usize(..2);
    let internal = draw.rng.bool();
    let mut external = own(&[draw.one(&["ebgp-multihop", "ebgp-multihop 2", "disable-connected-check"])]);
    external.extend(draw.once_in(3).then(|| "solo".to_owned()));
    let asn = |number: usize| if internal { 65000 } else { 65000 + number as u32 };
    let source = draw.rng.bool();
    for number in 1..=count {
        let node = draw.node(format!("node{number}"), asn(number), Some(&loopback(number)));
        draw.plug(node, &[&format!("{}/24", lan(number))], false);
        let others: Vec<usize> = (1..=count).filter(|other| *other != number).collect();
        let routes = others.iter().map(|other| format!("ip route {}/32 {}", loopback(*other), lan(*other)));
        draw.configs[node].top.extend(routes);
        let peer = |other: &usize| Peer { id: loopback(*other), remote: asn(*other).to_string() };
        let peers = others.iter().map(peer).collect();
        let mut options =
            own(&[&if source { "update-source lo".to_owned() } else { format!("update-source {}", loopback(number)) }]);
        if !internal {
            options.extend(external.clone());
            draw.configs[node].bgp.push("no bgp ebgp-requires-policy".to_owned());
        }
        draw.peer(node, Peering { group: "OVERLAY", peers, options, evpn: Some(vec![]), ..Peering::default() });
    }
    let vteps: Vec<_> = (0..count).map(|node| (node, loopback(node + 1))).collect();
    draw.tenants(&vteps);
}

/// The nodes of a leaf-spine fabric: their positions, and the last numbers of their loopbacks.
struct Clos {
    spines: Vec<(usize, usize)>,
    leaves: Vec<(usize, usize)>,
    /// Whether the leaves share an AS.
    is_shared: bool,
}

impl Clos {
    fn draw(draw: &mut Draw) -> Self {
        let (spines, leaves) = (1 + draw.rng.usize(..2), 2 + draw.rng.usize(..2));
        let is_shared = draw.once_in(4);
        let mut add =
            |name: String, asn: usize, number: usize| (draw.node(name, asn as u32, Some(&loopback(number))), number);
        let spines = (1..=spines).map(|number| add(format!("spine{number}"), 65100, 100 + number)).collect();
        let asn = |number: usize| 65000 + if is_shared { 1 } else { number };
        let leaves = (1..=leaves).map(|number| add(format!("leaf{number}"), asn(number), number)).collect();
        Self { spines, leaves, is_shared }
    }

    fn nodes(&self) -> Vec<(usize, usize)> {
        [self.spines.as_slice(), &self.leaves].concat()
    }

    /// Every spine with every leaf.
    fn pairs(&self) -> Vec<[(usize, usize); 2]> {
        self.spines.iter().flat_map(|spine| self.leaves.iter().map(|leaf| [*spine, *leaf])).collect()
    }

    fn vteps(&self) -> Vec<(usize, String)> {
        self.leaves.iter().map(|(node, number)| (*node, loopback(*number))).collect()
    }
}

/// How a node announces its loopback, and lets in what others announce.
fn announce(draw: &mut Draw, node: usize, address: &str) {
    let config = &mut draw.configs[node];
    match draw.rng.usize(..3) {
        0 => config.ipv4.push(format!("network {address}/32")),
        1 => {
            config.ipv4.push("redistribute connected route-map LOOPBACK".to_owned());
            config.top.push("ip prefix-list LOOPBACKS seq 5 permit 10.0.0.0/24 ge 32".to_owned());
            let matched = own(&["match ip address prefix-list LOOPBACKS"]);
            config.policies.insert("route-map LOOPBACK permit 10".to_owned(), matched);
        }
        _ => {
            config.ipv4.push("redistribute connected route-map LOOPBACK".to_owned());
            config.policies.insert("route-map LOOPBACK permit 10".to_owned(), own(&["match interface lo"]));
        }
    }
    config.bgp.push("no bgp ebgp-requires-policy".to_owned());
    if draw.once_in(2) {
        draw.configs[node].bgp.push("bgp bestpath as-path multipath-relax".to_owned());
    }
}

/// eBGP between leaves and spines over numbered links; l2vpn evpn in the same sessions, or between loopbacks.
fn numbered(draw: &mut Draw) {
    let clos = Clos::draw(draw);
    let apart = draw.rng.bool();
    let hidden = draw.once_in(5);
    let mut under: Vec<Vec<Peer>> = draw.configs.iter().map(|_| vec![]).collect();
    let mut over = under.clone();
    let length = draw.one(&[31, 30]);
    for [(spine, up), (leaf, down)] in clos.pairs() {
        // The first address of a /30 is no host's.
        let first = 4 * down + usize::from(length == 30);
        let both = [first, first + 1].map(|host| format!("10.1.{up}.{host}"));
        draw.wire([spine, leaf], Some([0, 1].map(|at| format!("{}/{length}", both[at]))));
        let asn = |node: usize| draw.configs[node].asn.to_string();
        let lower = if hidden { (64900 + down).to_string() } else { asn(leaf) };
        let [upper_address, lower_address] = both;
        under[spine].push(Peer { id: lower_address, remote: lower.clone() });
        over[spine].push(Peer { id: loopback(down), remote: lower });
        under[leaf].push(Peer { id: upper_address, remote: asn(spine) });
        over[leaf].push(Peer { id: loopback(up), remote: asn(spine) });
    }
    let repeats = if clos.is_shared && !hidden { own(&["allowas-in"]) } else { vec![] };
    for (node, number) in clos.nodes() {
        let is_leaf = number < 100;
        let repeats = if is_leaf { repeats.clone() } else { vec![] };
        announce(draw, node, &loopback(number));
        let local = format!("local-as {} no-prepend replace-as", 64900 + number);
        let options: Vec<String> = (hidden && is_leaf).then_some(local).into_iter().collect();
        let evpn = (!apart).then(|| repeats.clone());
        let peers = std::mem::take(&mut under[node]);
        let ipv4 = Some(repeats.clone());
        draw.peer(
            node,
            Peering { group: "UNDERLAY", peers, options: options.clone(), ipv4, evpn, ..Peering::default() },
        );
        if apart {
            let source = if draw.rng.bool() { "lo".to_owned() } else { loopback(number) };
            let multihop = own(&[draw.one(&["ebgp-multihop 2", "ebgp-multihop", "ebgp-multihop 10"])]);
            let options = [options, multihop, vec![format!("update-source {source}")]].concat();
            let peers = std::mem::take(&mut over[node]);
            draw.peer(node, Peering { group: "OVERLAY", peers, options, evpn: Some(repeats), ..Peering::default() });
        }
    }
    draw.tenants(&clos.vteps());
}

/// eBGP between leaves and spines over links without addresses.
fn unnumbered(draw: &mut Draw) {
    let clos = Clos::draw(draw);
    let mut peers: Vec<Vec<Peer>> = draw.configs.iter().map(|_| vec![]).collect();
    for [(spine, _), (leaf, _)] in clos.pairs() {
        for (node, id) in [spine, leaf].into_iter().zip(draw.wire([spine, leaf], None)) {
            peers[node].push(Peer { id, remote: "external".to_owned() });
        }
    }
    for (node, number) in clos.nodes() {
        announce(draw, node, &loopback(number));
        let repeats = if clos.is_shared && number < 100 { own(&["allowas-in"]) } else { vec![] };
        let peers = std::mem::take(&mut peers[node]);
        let ipv4 = Some(repeats.clone());
        draw.peer(node, Peering { group: "FABRIC", peers, ipv4, evpn: Some(repeats), ..Peering::default() });
    }
    draw.tenants(&clos.vteps());
}

/// Route reflectors over an interior protocol, on links between two nodes each or on one network.
fn reflectors(draw: &mut Draw) {
    let (tops, leaves) = (1 + draw.rng.usize(..2), 2 + draw.rng.usize(..2));
    let igp = Igp::draw(draw);
    // OpenFabric takes every link for one between two nodes.
    let shared = igp != Igp::OpenFabric && draw.once_in(3);
    let numbers: Vec<usize> = (101..=100 + tops).chain(1..=leaves).collect();
    for number in &numbers {
        let name = if *number > 100 { format!("rr{}", number - 100) } else { format!("leaf{number}") };
        let node = draw.node(name, 65000, Some(&loopback(*number)));
        if shared {
            draw.plug(node, &[&format!("{}/24", lan(*number))], false);
        }
    }
    for (up, down) in (0..tops).flat_map(|up| (0..leaves).map(move |down| (up, tops + down))).filter(|_| !shared) {
        let both = [0, 1].map(|host| format!("10.1.{up}.{}/31", 2 * down + host));
        draw.wire([up, down], Some(both));
    }
    let (same_cluster, meet) = (draw.rng.bool(), draw.rng.bool());
    let list = |numbers: &mut dyn Iterator<Item = usize>| {
        numbers.map(|number| Peer { id: loopback(number), remote: "65000".to_owned() }).collect::<Vec<_>>()
    };
    for (node, number) in numbers.iter().enumerate() {
        igp.run(draw, node, *number, !shared);
        let options = own(&["update-source lo"]);
        let evpn = Some(vec![]);
        if *number <= 100 {
            let peers = list(&mut (101..=100 + tops));
            draw.peer(node, Peering { group: "RR", peers, options, evpn, ..Peering::default() });
            continue;
        }
        if same_cluster {
            draw.configs[node].bgp.push("bgp cluster-id 10.0.0.100".to_owned());
        }
        let others = list(&mut (101..=100 + tops).filter(|other| other != number));
        if !others.is_empty() && meet {
            let options = options.clone();
            draw.peer(node, Peering { group: "RR", peers: others, options, evpn: evpn.clone(), ..Peering::default() });
        }
        let range = draw.once_in(4).then(|| "10.0.0.0/24".to_owned());
        let evpn = Some(own(&["route-reflector-client"]));
        let peers = list(&mut (1..=leaves));
        draw.peer(node, Peering { group: "CLIENTS", peers, options, evpn, range, ..Peering::default() });
    }
    let vteps: Vec<_> = (0..leaves).map(|leaf| (tops + leaf, loopback(leaf + 1))).collect();
    draw.tenants(&vteps);
}
