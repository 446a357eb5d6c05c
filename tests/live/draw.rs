//! Draws a fabric from a seed: addresses, devices, and what all kinds of fabrics have in common.

use super::{
    config::Config,
    dress::dress,
    fabric::{Device, Fabric, Kind, Node},
    kinds,
};
use fastrand::Rng;

/// A fabric that is being drawn.
pub(crate) struct Draw {
    pub(crate) rng: Rng,
    pub(crate) style: Style,
    pub(crate) configs: Vec<Config>,
    pub(crate) fabric: Fabric,
}

/// What holds for all nodes of a fabric.
pub(crate) struct Style {
    profile: &'static str,
    /// Whether peers share what a group says.
    pub(crate) is_grouped: bool,
    /// `no bgp default ipv4-unicast`.
    is_quiet: bool,
    has_policies: bool,
    /// What every neighbour is told besides.
    options: Vec<&'static str>,
    /// The same in l2vpn evpn.
    evpn: Vec<&'static str>,
}

/// A neighbour.
#[derive(Clone)]
pub(crate) struct Peer {
    /// An address, or an interface.
    pub(crate) id: String,
    pub(crate) remote: String,
}

/// A set of neighbours that are told the same.
#[derive(Default)]
pub(crate) struct Peering<'a> {
    pub(crate) group: &'a str,
    pub(crate) peers: Vec<Peer>,
    pub(crate) options: Vec<String>,
    /// What is said in ipv4 unicast, if that is spoken.
    pub(crate) ipv4: Option<Vec<String>>,
    /// The same of l2vpn evpn.
    pub(crate) evpn: Option<Vec<String>>,
    /// The prefix out of which callers are accepted.
    pub(crate) range: Option<String>,
}

/// Lines of one's own.
pub(crate) fn own(all: &[&str]) -> Vec<String> {
    all.iter().map(|line| (*line).to_owned()).collect()
}

/// A fabric, and the name of its kind.
pub(crate) fn fabric(seed: u64) -> (Fabric, &'static str) {
    let mut rng = Rng::with_seed(seed);
    let (kind, draw) = kinds::KINDS[rng.usize(..kinds::KINDS.len())];
    let style = Style::draw(&mut rng);
    let fabric = Fabric { nodes: vec![], wires: vec![], switch: vec![], hosts: vec![] };
    let mut drawn = Draw { rng, style, configs: vec![], fabric };
    draw(&mut drawn);
    let mut rng = Rng::with_seed(seed.rotate_left(32));
    costs(&mut drawn.configs, &mut rng);
    for (node, config) in drawn.fabric.nodes.iter_mut().zip(&drawn.configs) {
        node.config = config.to_string();
        node.igp = config.igp.as_ref().map(|(protocol, _)| protocol.daemon());
    }
    dress(&mut drawn.fabric, &mut rng);
    (drawn.fabric, kind)
}

/// Gives interfaces a cost in the interior protocol, in one fabric of three.
fn costs(configs: &mut [Config], rng: &mut Rng) {
    if rng.usize(..3) > 0 {
        return;
    }
    for config in configs {
        let Some((igp, _)) = &config.igp else { continue };
        for (name, lines) in &mut config.interfaces {
            if name != "lo" && rng.bool() {
                lines.push(format!("{} {}", igp.cost(), [5, 10, 15, 20, 60][rng.usize(..5)]));
            }
        }
    }
}

impl Style {
    fn draw(rng: &mut Rng) -> Self {
        let mut options = vec![];
        let mut evpn = vec![];
        let mut maybe = |into: &mut Vec<&'static str>, one_in: usize, line| {
            if rng.usize(..one_in) == 0 {
                into.push(line);
            }
        };
        maybe(&mut options, 4, "password hunter2");
        maybe(&mut options, 4, "timers 3 9");
        maybe(&mut options, 8, "advertisement-interval 0");
        maybe(&mut options, 8, "capability extended-nexthop");
        maybe(&mut evpn, 6, "soft-reconfiguration inbound");
        maybe(&mut evpn, 8, "attribute-unchanged next-hop");
        let has_policies = rng.usize(..4) == 0;
        if has_policies {
            evpn.extend(["route-map EVPN_IN in", "route-map EVPN_OUT out"]);
        }
        let profile = if rng.bool() { "traditional" } else { "datacenter" };
        Self { profile, is_grouped: rng.usize(..3) > 0, is_quiet: rng.bool(), has_policies, options, evpn }
    }
}

impl Draw {
    /// Whether, once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.rng.usize(..times) == 0
    }

    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.rng.usize(..of.len())]
    }

    /// A new node, with that address on its loopback; its position.
    pub(crate) fn node(&mut self, name: String, asn: u32, loopback: Option<&str>) -> usize {
        let address = loopback.map(|address| format!("{address}/32"));
        let lo = Device::new("lo", Kind::Loopback, &address.as_deref().into_iter().collect::<Vec<_>>());
        let mut config = Config { hostname: name.clone(), profile: self.style.profile, asn, ..Config::default() };
        if let Some(address) = loopback.filter(|_| self.rng.usize(..3) > 0) {
            config.bgp.push(format!("bgp router-id {address}"));
        }
        if self.style.is_quiet {
            config.bgp.push("no bgp default ipv4-unicast".to_owned());
        }
        if self.style.has_policies {
            config.policies.insert("route-map EVPN_IN permit 10".to_owned(), vec![]);
            config.policies.insert("route-map EVPN_OUT permit 10".to_owned(), vec![]);
        }
        self.fabric.nodes.push(Node { name, devices: vec![lo], config: String::new(), igp: None });
        self.configs.push(config);
        self.configs.len() - 1
    }

    /// Gives a node a port in the switch, with these addresses, perhaps behind a bridge; who has the addresses.
    pub(crate) fn plug(&mut self, node: usize, addresses: &[&str], behind_bridge: bool) -> &'static str {
        self.fabric.switch.push((node, "eth0".to_owned()));
        let devices = &mut self.fabric.nodes[node].devices;
        if behind_bridge {
            devices.push(Device::new("eth0", Kind::Port, &[]));
            devices.push(Device::new("vmbr0", Kind::Bridge { ports: vec!["eth0".to_owned()] }, addresses));
            "vmbr0"
        } else {
            devices.push(Device::new("eth0", Kind::Port, addresses));
            "eth0"
        }
    }

    /// A wire between two nodes, with an address each or none; the names of the ports.
    pub(crate) fn wire(&mut self, ends: [usize; 2], addresses: Option<[String; 2]>) -> [String; 2] {
        let ports = ends.map(|node| {
            let devices = &self.fabric.nodes[node].devices;
            format!("eth{}", devices.iter().filter(|device| matches!(device.kind, Kind::Port)).count() + 1)
        });
        for at in 0..2 {
            let own: Vec<&str> = addresses.iter().map(|both| both[at].as_str()).collect();
            self.fabric.nodes[ends[at]].devices.push(Device::new(ports[at].clone(), Kind::Port, &own));
        }
        self.fabric.wires.push([(ends[0], ports[0].clone()), (ends[1], ports[1].clone())]);
        ports
    }

    /// Writes neighbours into a node's configuration.
    pub(crate) fn peer(&mut self, node: usize, peering: Peering) {
        let Peering { group, peers, options, ipv4, evpn, range } = peering;
        let is_grouped = self.style.is_grouped || range.is_some();
        let is_uniform = peers.windows(2).all(|two| two[0].remote == two[1].remote);
        let has_remote = is_grouped && is_uniform;
        let bgp = &mut self.configs[node].bgp;
        if is_grouped {
            bgp.push(format!("neighbor {group} peer-group"));
        }
        if let Some(peer) = peers.first().filter(|_| has_remote) {
            bgp.push(format!("neighbor {group} remote-as {}", peer.remote));
        }
        for Peer { id, remote } in peers.iter().filter(|_| range.is_none()) {
            let interface = if id.starts_with("eth") { " interface" } else { "" };
            if !has_remote {
                bgp.push(format!("neighbor {id}{interface} remote-as {remote}"));
            }
            if is_grouped {
                let interface = if has_remote { interface } else { "" };
                bgp.push(format!("neighbor {id}{interface} peer-group {group}"));
            }
        }
        bgp.extend(range.map(|range| format!("bgp listen range {range} peer-group {group}")));
        let heads: Vec<&str> =
            if is_grouped { vec![group] } else { peers.iter().map(|peer| peer.id.as_str()).collect() };
        let common = own(&self.style.options);
        let options: Vec<String> = options.into_iter().chain(common).collect();
        let tell = |into: &mut Vec<String>, all: &[String]| {
            for head in &heads {
                into.extend(all.iter().map(|option| format!("neighbor {head} {option}")));
            }
        };
        tell(bgp, &options);
        tell(bgp, &own(&["timers connect 1"]));
        if let Some(said) = ipv4 {
            if self.style.is_quiet {
                tell(&mut self.configs[node].ipv4, &own(&["activate"]));
            }
            tell(&mut self.configs[node].ipv4, &said);
        } else if !self.style.is_quiet && self.rng.bool() {
            heads.iter().for_each(|head| self.configs[node].ipv4.push(format!("no neighbor {head} activate")));
        }
        if let Some(said) = evpn {
            let into = &mut self.configs[node].evpn;
            tell(into, &own(&["activate"]));
            tell(into, &said);
            tell(into, &own(&self.style.evpn));
        }
    }

    /// Gives nodes one to three VNIs, not every one to each; a node comes with the address of its tunnels.
    pub(crate) fn tenants(&mut self, vteps: &[(usize, String)]) {
        let count = 1 + self.rng.usize(..3);
        let targets = self.rng.usize(..4);
        for (node, local) in vteps {
            for (at, vni) in [100, 200, 5000].into_iter().take(count).enumerate() {
                if at > 0 && self.once_in(4) {
                    continue;
                }
                let (vxlan, local) = (format!("vxlan{vni}"), Some(local.clone()));
                let devices = &mut self.fabric.nodes[*node].devices;
                devices.push(Device::new(vxlan.clone(), Kind::Vxlan { vni, local }, &[]));
                devices.push(Device::new(format!("br{vni}"), Kind::Bridge { ports: vec![vxlan] }, &[]));
                let lines = match targets {
                    0 => vec![format!("route-target import 65000:{vni}"), format!("route-target export 65000:{vni}")],
                    1 => vec![format!("rd 10.255.0.{node}:{vni}"), format!("route-target both 64999:{vni}")],
                    _ => continue,
                };
                self.configs[*node].vnis.insert(vni, lines);
            }
            self.configs[*node].evpn.push("advertise-all-vni".to_owned());
        }
    }
}
