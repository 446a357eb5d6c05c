//! Interior protocols, with timers that a test can wait for.

use super::draw::{Draw, own};

/// An interior protocol.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Igp {
    /// OSPF, on the interfaces that say so.
    Ospf,
    /// OSPF, on the interfaces with an address in a network.
    OspfNetwork,
    IsIs,
    OpenFabric,
}

impl Igp {
    pub(crate) const ALL: [Self; 4] = [Self::Ospf, Self::OspfNetwork, Self::IsIs, Self::OpenFabric];

    pub(crate) fn draw(draw: &mut Draw) -> Self {
        draw.one(&Self::ALL)
    }

    pub(crate) fn daemon(self) -> &'static str {
        match self {
            Self::Ospf | Self::OspfNetwork => "ospfd",
            Self::IsIs => "isisd",
            Self::OpenFabric => "fabricd",
        }
    }

    /// What opens its block.
    pub(crate) fn opener(self) -> &'static str {
        match self {
            Self::Ospf | Self::OspfNetwork => "router ospf",
            Self::IsIs => "router isis core",
            Self::OpenFabric => "router openfabric core",
        }
    }

    /// What says what the way out by an interface costs.
    pub(crate) fn cost(self) -> &'static str {
        match self {
            Self::Ospf | Self::OspfNetwork => "ip ospf cost",
            Self::IsIs => "isis metric",
            Self::OpenFabric => "openfabric metric",
        }
    }

    /// Runs it on all interfaces of a node, whose loopback ends with a number.
    pub(crate) fn run(self, draw: &mut Draw, node: usize, number: usize, is_point_to_point: bool) {
        let names: Vec<String> = draw.fabric.nodes[node].devices.iter().map(|device| device.name.clone()).collect();
        for name in names {
            let lines = self.of_interface(name == "lo", is_point_to_point);
            if !lines.is_empty() {
                draw.configs[node].interfaces.insert(name, lines);
            }
        }
        let mut lines = match self {
            Self::Ospf | Self::OspfNetwork => {
                own(&["timers throttle spf 0 50 500", "timers throttle lsa all 0", "timers lsa min-arrival 0"])
            }
            Self::IsIs | Self::OpenFabric => own(&["lsp-gen-interval 1", "spf-interval 1"]),
        };
        let has_id = draw.rng.bool();
        match self {
            Self::Ospf | Self::OspfNetwork if has_id => lines.push(format!("ospf router-id 10.0.0.{number}")),
            Self::IsIs | Self::OpenFabric => lines.push(format!("net 49.0001.0100.0000.{number:04}.00")),
            _ => {}
        }
        match self {
            Self::OspfNetwork => lines.push("network 0.0.0.0/0 area 0".to_owned()),
            Self::IsIs if draw.rng.bool() => lines.push("is-type level-2-only".to_owned()),
            _ => {}
        }
        draw.configs[node].igp = Some((self, lines));
    }

    fn of_interface(self, is_loopback: bool, is_point_to_point: bool) -> Vec<String> {
        let (start, quick, link): (&[&str], &[&str], &[&str]) = match self {
            Self::Ospf => (&["ip ospf area 0.0.0.0"], OSPF, &["ip ospf network point-to-point"]),
            Self::OspfNetwork => (&[], OSPF, &["ip ospf network point-to-point"]),
            Self::IsIs => (&["ip router isis core"], ISIS, &["isis network point-to-point"]),
            Self::OpenFabric => (&["ip router openfabric core"], OPENFABRIC, &[]),
        };
        let ends: &[&str] = match self {
            Self::IsIs if is_loopback => &["isis passive"],
            Self::OpenFabric if is_loopback => &["openfabric passive"],
            _ if is_loopback => &[],
            _ => quick,
        };
        let link = if is_point_to_point && !is_loopback { link } else { &[] };
        own(&[start, ends, link].concat())
    }
}

const OSPF: &[&str] = &["ip ospf hello-interval 1", "ip ospf dead-interval 5", "ip ospf retransmit-interval 1"];
const ISIS: &[&str] = &["isis hello-interval 1", "isis hello-multiplier 5", "isis csnp-interval 1"];
const OPENFABRIC: &[&str] =
    &["openfabric hello-interval 1", "openfabric hello-multiplier 5", "openfabric csnp-interval 1"];
