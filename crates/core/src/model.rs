//! What the nodes say, in words that no vendor owns.
//!
//! Three habits. *Parse, don't validate*: every identifier is a type of [`ids`] or [`address`] that cannot hold
//! nonsense; text that is none becomes a [`Fault`], and the field stays absent. *Every value knows where it is from*:
//! [`Sourced`]. *Reading never judges*: what is odd is written down here as a fact, and rules speak of it.
//!
//! What runs ([`Node`]) and what was meant ([`intent::Intent`], Proxmox's SDN) are two models side by side, because the
//! drift between them is itself a fault.

pub mod address;
pub mod allow;
pub mod bgp;
pub mod block;
pub mod effective;
pub mod fault;
pub mod frr;
pub mod guest;
pub mod hook_route;
pub mod ids;
pub mod ignore;
pub mod igp;
pub mod intent;
pub mod link;
pub mod lists;
pub mod multihoming;
pub mod outline;
pub mod policy;
pub mod refusal;
pub mod surroundings;
pub mod sysctl;
pub mod twin;
pub mod wireguard;

pub use address::{InterfaceAddress, Prefix};
pub use block::Block;
pub use fault::{Coverage, Fault, FaultKind};
pub use ids::{Asn, Esi, MacAddress, RouteDistinguisher, RouteTarget, Secret, Vni};
pub use refusal::Refusal;

use crate::source::{LanguageId, Span};
use indexmap::IndexMap;
use std::{fmt, net::IpAddr, ops::Deref};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Somebody wrote it, here.
    Written(Span),
    /// It follows from what was written there.
    Derived {
        /// What it follows from; the first is the place to point at.
        from: Vec<Span>,
        /// In words: `from the AS number`.
        how: &'static str,
    },
    /// Nobody wrote it; the words say whose default it is.
    Default(&'static str),
}

/// A value, and where it comes from.
#[derive(Clone, Debug)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// A value that stands in a file.
    pub fn written(value: T, span: Span) -> Self {
        Self { value, origin: Origin::Written(span) }
    }

    /// A value that follows from written ones.
    pub fn derived(value: T, from: impl IntoIterator<Item = Span>, how: &'static str) -> Self {
        Self { value, origin: Origin::Derived { from: from.into_iter().collect(), how } }
    }

    /// A value that nobody wrote.
    pub fn default(value: T, whose: &'static str) -> Self {
        Self { value, origin: Origin::Default(whose) }
    }

    /// The place to point at, if there is one.
    pub fn span(&self) -> Option<Span> {
        match &self.origin {
            Origin::Written(span) => Some(*span),
            Origin::Derived { from, .. } => from.first().copied(),
            Origin::Default(_) => None,
        }
    }

    /// Whether it stands in a file.
    pub fn is_written(&self) -> bool {
        matches!(self.origin, Origin::Written(_))
    }

    /// The same place, another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: change(self.value), origin: self.origin }
    }
}

impl<T> Deref for Sourced<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Sourced<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// A switch that somebody wrote, on or off.
pub type Switch = Option<Sourced<bool>>;

/// Whether a [`Switch`] was written and is on.
pub fn is_on(switch: &Switch) -> bool {
    switch.as_ref().is_some_and(|switch| switch.value)
}

/// One machine of the fabric: what its files say it does.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Its name: the directory its files were found in, else its host name.
    pub name: String,
    /// What FRR is told, when a file of FRR's was read.
    pub frr: Option<frr::Frr>,
    /// The interfaces, in the order in which they are first named; both languages add to them.
    pub links: IndexMap<String, link::Link>,
    /// The ports whose cable is taken to be pulled, and what has no other port below; none unless somebody asks what comes
    /// of that.
    pub unplugged: std::collections::BTreeSet<String>,
    /// How `/etc/network/interfaces` was put together, when there is one.
    pub interfaces: Option<link::InterfacesFile>,
    /// The kernel parameters that files set at boot.
    pub sysctls: sysctl::Sysctls,
    /// `/etc/hostname`, when it was read.
    pub hostname: Option<Sourced<String>>,
    /// Every line that was understood, for comparing nodes.
    pub outline: outline::Outline,
    /// What Proxmox would generate for it, where it belongs to a cluster of Proxmox's that was read.
    pub twin: Option<twin::Twin>,
}

impl Node {
    /// Whether it is known by a name: of its folder, the last part of that, or its host name.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name
            || self.name.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'))
            || self.hostname.as_ref().is_some_and(|own| own.value == name)
    }

    /// The interface of that name, if any file names it.
    pub fn link(&self, name: &str) -> Option<&link::Link> {
        self.links.get(name)
    }

    /// The VTEP address that an MLAG pair shares, on a node where `clagd` runs (`clagd-vxlan-anycast-ip`).
    pub fn shared_vtep(&self) -> Option<&Sourced<IpAddr>> {
        let clags = || self.links.values().filter_map(|link| link.clag.as_deref());
        clags().find_map(|clag| clag.anycast.as_ref()).filter(|_| clags().any(multihoming::Clag::runs))
    }

    /// The interface of that name, made if need be; `span` is where it is named.
    pub fn link_mut(&mut self, name: &str, span: Span) -> &mut link::Link {
        let at = self
            .links
            .get_index_of(name)
            .unwrap_or_else(|| self.links.insert_full(name.to_owned(), link::Link::new(name, span)).0);
        &mut self.links[at]
    }
}

/// What was read of one root, which is a node's file tree or a cluster's store.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The node, when the root is one.
    pub node: Node,
    /// The intent, when the root holds a cluster's store.
    pub intent: Option<intent::Intent>,
    /// Guests, when the root holds their configuration.
    pub guests: Vec<guest::Guest>,
    /// Cables, when a file of the root tells of them.
    pub cables: Vec<surroundings::Cable>,
    /// Text that the reader could not interpret, in the order of reading.
    pub faults: Vec<Fault>,
    /// Places that no report may show.
    pub secrets: Vec<Span>,
    /// The FRR that runs, where the user says so.
    pub frr_runs: Option<frr::Version>,
    /// How much was understood.
    pub coverage: Coverage,
    /// What became of each line of FRR's configuration, where reading is to note it.
    pub effective: Option<effective::Effective>,
}

/// All that was read of one run's files: the nodes of one fabric, and the stores and guests of their Proxmox clusters.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    /// The nodes, sorted by name.
    pub nodes: Vec<Node>,
    /// Proxmox clusters whose store was read, each once.
    pub intents: Vec<intent::Intent>,
    /// The guests of Proxmox clusters, by number, each once.
    pub guests: Vec<guest::Guest>,
    /// Text that the reader could not interpret, by place.
    pub faults: Vec<Fault>,
    /// Places that no report may show.
    pub secrets: Vec<Span>,
    /// Leaks between tenants that are wanted, as the user says.
    pub allowed: Vec<allow::AllowLeak>,
    /// What stands around the nodes, as the user says, and the cables that other files tell.
    pub surroundings: surroundings::Surroundings,
    /// How much was understood, by language.
    pub coverage: std::collections::BTreeMap<LanguageId, Coverage>,
}

impl Cluster {
    /// The members of a cluster of which nothing was read, where others were. A node in a folder of another name may be one
    /// of them after all.
    pub fn absent<'i>(&self, intent: &'i intent::Intent) -> Vec<&'i Sourced<String>> {
        absent(intent, self.nodes.iter())
    }
}

/// The members of a cluster that none of the nodes is; see [`Cluster::absent`]. Where no `corosync.conf` was read, they are
/// those that guests are on.
pub fn absent<'i, 'n>(
    intent: &'i intent::Intent,
    nodes: impl Iterator<Item = &'n Node> + Clone,
) -> Vec<&'i Sourced<String>> {
    let members = if intent.members.is_empty() { &intent.hosts } else { &intent.members };
    // Who holds the store without more is not absent where nothing but guests tells of members.
    let is_read = |member: &Sourced<String>| {
        nodes.clone().any(|node| node.is_called(member))
            || intent.members.is_empty() && intent.nodes.contains(&member.value)
    };
    let (read, left): (Vec<_>, Vec<_>) = members.iter().partition(|member| is_read(member));
    let others = nodes.filter(|node| !members.iter().any(|member| node.is_called(member))).count();
    if read.is_empty() || others >= left.len() { vec![] } else { left }
}
