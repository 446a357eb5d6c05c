//! One `frr.conf`, block by block.

use super::igp::Igp;
use std::{
    collections::BTreeMap,
    fmt::{Display, Formatter, Result},
};

/// What stands in a node's `frr.conf`; each list holds the lines of a block.
#[derive(Default)]
pub(crate) struct Config {
    pub(crate) hostname: String,
    pub(crate) profile: &'static str,
    /// Static routes and lists.
    pub(crate) top: Vec<String>,
    pub(crate) interfaces: BTreeMap<String, Vec<String>>,
    pub(crate) asn: u32,
    pub(crate) bgp: Vec<String>,
    pub(crate) ipv4: Vec<String>,
    pub(crate) evpn: Vec<String>,
    pub(crate) vnis: BTreeMap<u32, Vec<String>>,
    pub(crate) igp: Option<(Igp, Vec<String>)>,
    /// Entries of route-maps, by what opens them.
    pub(crate) policies: BTreeMap<String, Vec<String>>,
}

impl Display for Config {
    fn fmt(&self, into: &mut Formatter) -> Result {
        writeln!(into, "frr version 8.4.4\nfrr defaults {}\nhostname {}", self.profile, self.hostname)?;
        writeln!(into, "service integrated-vtysh-config\n!")?;
        lines(into, 0, &self.top)?;
        for (name, own) in &self.interfaces {
            block(into, &format!("interface {name}"), own)?;
        }
        writeln!(into, "router bgp {}", self.asn)?;
        lines(into, 1, &self.bgp)?;
        if !self.ipv4.is_empty() {
            writeln!(into, " !\n address-family ipv4 unicast")?;
            lines(into, 2, &self.ipv4)?;
            writeln!(into, " exit-address-family")?;
        }
        writeln!(into, " !\n address-family l2vpn evpn")?;
        lines(into, 2, &self.evpn)?;
        for (vni, own) in &self.vnis {
            writeln!(into, "  vni {vni}")?;
            lines(into, 3, own)?;
            writeln!(into, "  exit-vni")?;
        }
        writeln!(into, " exit-address-family\nexit\n!")?;
        if let Some((igp, own)) = &self.igp {
            block(into, igp.opener(), own)?;
        }
        for (opener, own) in &self.policies {
            block(into, opener, own)?;
        }
        writeln!(into, "line vty\n!")
    }
}

fn lines(into: &mut Formatter, depth: usize, all: &[String]) -> Result {
    all.iter().try_for_each(|line| writeln!(into, "{:depth$}{line}", ""))
}

fn block(into: &mut Formatter, opener: &str, own: &[String]) -> Result {
    writeln!(into, "{opener}")?;
    lines(into, 1, own)?;
    writeln!(into, "exit\n!")
}
