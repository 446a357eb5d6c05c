//! What an interface is: ifupdown2 decides by the attributes it finds, in the order below (`ifupdownmain.py`), so
//! this comes last, when every stanza has been read.

use super::ranges::{self, Budget};
use crate::{
    model::{
        Sourced, Switch,
        link::{LinkKind, OtherKind, Vxlan},
    },
    source::Span,
};
use evpnlint_grammar::interfaces::Rule;
use indexmap::IndexMap;

/// A word of a list of ports: a name, or what stands for several.
pub(super) type Port = (Rule, Sourced<String>);

/// The attributes that decide what an interface is.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub is_loopback: bool,
    pub ports: Option<Vec<Port>>,
    pub vlan_aware: Switch,
    pub slaves: Option<Vec<Port>>,
    pub raw: Option<Sourced<String>>,
    pub vlan_id: Option<Sourced<u16>>,
    pub is_vxlan: bool,
    pub vxlan: Vxlan,
    /// A VRF, and its table unless that is `auto`.
    pub table: Option<Option<Sourced<u32>>>,
    pub link_type: Option<String>,
    pub veth_peer: Option<Sourced<String>>,
    pub other: Option<OtherKind>,
}

impl Parts {
    /// What the interface of that name is; `known` are the names of all interfaces.
    pub(super) fn kind(&mut self, name: &str, header: Span, known: &[&str], budget: &mut Budget) -> LinkKind {
        if self.is_loopback || name == "lo" {
            return LinkKind::Loopback;
        }
        if let Some(slaves) = &self.slaves {
            return LinkKind::Bond { slaves: expand(slaves, known, name, budget) };
        }
        if self.ports.is_some() || self.vlan_aware.is_some() {
            let ports = self.ports.take().unwrap_or_default();
            let open = ports.iter().any(|(rule, _)| *rule == Rule::REGEX);
            let vlan_aware = self.vlan_aware.take();
            return LinkKind::Bridge { ports: expand(&ports, known, name, budget), vlan_aware, open };
        }
        // Who gives an interface the source of tunnels means a VXLAN device.
        if self.is_vxlan || self.vxlan.local.is_some() {
            return LinkKind::Vxlan(Box::new(std::mem::take(&mut self.vxlan)));
        }
        if let Some(table) = self.table.take() {
            return LinkKind::Vrf { table };
        }
        match self.link_type.as_deref() {
            Some("dummy") => return LinkKind::Dummy,
            Some("veth") => return LinkKind::Veth { peer: self.veth_peer.take() },
            _ => {}
        }
        if let Some(other) = self.other {
            return LinkKind::Other(other);
        }
        let dotted = name.rsplit_once('.').filter(|(raw, id)| {
            !raw.is_empty() && raw.matches('.').count() < 2 && !id.is_empty() && id.bytes().all(|c| c.is_ascii_digit())
        });
        let from_name = |how| {
            let digits = dotted.map(|(_, id)| id).or(name.strip_prefix("vlan"))?;
            let id = digits.parse().ok().filter(|id| (1..=4094).contains(id))?;
            Some(Sourced::derived(id, [header], how))
        };
        if self.raw.is_some() || dotted.is_some() {
            let id = self.vlan_id.take().or_else(|| from_name("from the interface's name"));
            let raw = self.raw.take().or_else(|| {
                dotted.map(|(raw, _)| Sourced::derived(raw.to_owned(), [header], "from the interface's name"))
            });
            return LinkKind::Vlan { raw, id };
        }
        LinkKind::Physical
    }
}

/// The names that a list of ports stands for, each once.
fn expand(ports: &[Port], known: &[&str], itself: &str, budget: &mut Budget) -> Vec<Sourced<String>> {
    let mut names: IndexMap<String, &Port> = IndexMap::new();
    for given in ports {
        let (rule, port) = given;
        let expanded: Vec<String> = match rule {
            Rule::GLOB => port.span().map_or_else(Vec::new, |span| ranges::glob(port, span, budget)),
            Rule::REGEX => {
                // Each comparison is one of what the file may stand for.
                let wanted = known.len() as u64;
                let is_granted = port.span().is_some_and(|span| budget.take(span, wanted) == wanted);
                let found = if is_granted { ranges::regex(port, known) } else { vec![] };
                found.into_iter().filter(|name| *name != itself).map(str::to_owned).collect()
            }
            _ => vec![port.value.clone()],
        };
        for name in expanded {
            names.entry(name).or_insert(given);
        }
    }
    names.into_iter().map(|(name, (_, port))| port.clone().map(|_| name)).collect()
}
