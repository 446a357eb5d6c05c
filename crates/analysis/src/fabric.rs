//! All nodes together: the graphs between them, and the indexes that rules ask. Computed once; borrows the model.
//!
//! | module | what it knows |
//! |---|---|
//! | [`adjacency`] | whether two ends of a link become neighbours in OSPF |
//! | [`cabling`] | who is wired to whom over unnumbered links |
//! | [`device`] | one node's interfaces: who is whose master, which SVI serves a VNI, which MTU results |
//! | [`exit`] | nodes that leak a tenant's VRF to the outside |
//! | [`forwarding`] | whether a node passes on what others send through it |
//! | [`gateway`] | the routed interfaces of L2VNIs |
//! | [`guests`] | which bridge or vnet each guest is attached to |
//! | [`meaning`] | nodes that mean different things by one VNI |
//! | [`multihoming`] | hosts behind several nodes: Ethernet segments, MLAG pairs |
//! | [`mtu`] | which interfaces tunnels run over, and how large a packet they make |
//! | [`overhead`] | what a tunnel adds to a packet |
//! | [`islands`] | fabrics side by side that have nothing to do with each other |
//! | [`part`] | what was read of the nodes of one fabric |
//! | [`overlay`] | which node carries which VNI and which VRF |
//! | [`session_end`] | what one node is configured to do with one BGP peer |
//! | [`sessions`] | the two ends of every BGP session |
//! | [`sites`] | groups of nodes in one AS, and fabrics that look like it |
//! | [`propagation`] | how far a VTEP's EVPN routes get over them |
//! | [`targets`] | which route targets each node exports and imports |
//! | [`roles`] | which nodes are of a kind |
//! | [`outliers`] | lines in which a node differs from its siblings |
//! | [`origination`] | whether a node announces an address of its own |
//! | [`policy`] | what a route-map lets through |
//! | [`tenants`] | whose routes get into whose VRFs, and by which lines |
//! | [`renamed`] | ports of SDN fabrics that a node does not have by that name |
//! | [`underlay`] | which nodes share a link |
//! | [`wires`] | the cables that the user knows |
//! | [`vlans`] | which VLANs a port of a VLAN-aware bridge carries |

use beside::Beside;
use device::Device;
use evpnlint_core::{
    model::{Block, Cluster, Fault, FaultKind, Node, link::Link},
    options::Completeness,
    source::{FileId, LanguageId, OddityKind},
};
use exit::Exit;
use mtu::OspfConflict;
use multihoming::Multihoming;
use overlay::Overlay;
use part::Part;
use propagation::Propagation;
use sessions::Sessions;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};
use tenants::Tenants;
use underlay::Underlay;
use wires::Wires;

pub mod adjacency;
mod beside;
pub mod cabling;
mod connected;
pub mod device;
pub mod exit;
pub mod forwarding;
pub mod gateway;
pub mod guests;
pub mod homeless;
pub mod islands;
pub mod meaning;
pub mod mtu;
pub mod multihoming;
pub mod origination;
pub mod outliers;
pub mod overhead;
pub mod overlay;
pub mod part;
pub mod policy;
pub mod propagation;
pub mod renamed;
pub mod roles;
pub mod session_end;
pub mod sessions;
pub mod sites;
pub mod targets;
pub mod tenants;
pub mod underlay;
pub mod vlans;
pub mod wires;

pub use crate::index::NodeIndex;
use crate::index::{ByNode, Position};
pub use connected::connected;

/// What the nodes are together.
pub struct Fabric<'m> {
    /// What was read of the nodes.
    pub cluster: Part<'m>,
    /// The interfaces of each node.
    pub devices: ByNode<Device<'m>>,
    /// Who carries what.
    pub overlay: Overlay<'m>,
    /// Which hosts are behind several nodes.
    pub multihoming: Multihoming<'m>,
    /// Who talks to whom.
    pub sessions: Sessions<'m>,
    /// Who is wired to whom.
    pub underlay: Underlay<'m>,
    /// The cables that the user knows.
    pub wires: Wires<'m>,
    /// The network devices of guests.
    pub guests: Vec<guests::Port<'m>>,
    /// How far EVPN routes get.
    pub propagation: Propagation,
    /// Fabrics beside this one that could be sites of one with it.
    pub beside: Vec<Beside>,
    /// Whose routes get into whose VRFs.
    pub tenants: Tenants<'m>,
    /// By node, the interfaces over which it reaches other nodes outside VRFs.
    pub uplinks: ByNode<Vec<&'m Link>>,
    /// The OSPF links whose ends have different MTUs.
    pub ospf_conflicts: Vec<OspfConflict<'m>>,
    /// By node, where the ports of its SDN fabrics have other names by now.
    pub renamed: BTreeMap<NodeIndex, renamed::Renamed<'m>>,
    /// The nodes that leak a tenant's VRF to the outside.
    pub exits: Vec<Exit<'m>>,
    /// Whether every node is here, so that a rule may argue from absence.
    pub closed: bool,
    /// Nodes whose routing daemon reads something else than was written: its file has a line that FRR drops, refuses or
    /// takes for another block; and nodes of which something is not read here. What such a node does not do is said by that line's finding, not once more.
    misread: BTreeSet<NodeIndex>,
    faults: BTreeMap<&'m str, Vec<&'m Fault>>,
    /// By node, the files that have a line which was understood.
    files: OnceLock<ByNode<BTreeSet<FileId>>>,
}

impl<'m> Fabric<'m> {
    /// Computes everything of all that was read. `completeness` overrides what the peers that lead nowhere would say.
    pub fn new(cluster: &'m Cluster, completeness: Completeness) -> Self {
        Self::of(Part::from(cluster), cluster.nodes.iter().map(Device::new).collect(), completeness)
    }

    /// Computes everything of a part of it, of which the devices are known.
    pub fn of(cluster: Part<'m>, devices: ByNode<Device<'m>>, completeness: Completeness) -> Self {
        let overlay = Overlay::new(&devices);
        let underlay = Underlay::new(&devices);
        let wires = Wires::new(&devices, cluster.surroundings);
        let sessions = Sessions::new(&devices, &underlay, wires.cabling.clone());
        let propagation = Propagation::new(&devices, &sessions);
        let tenants = Tenants::new(&devices, &overlay);
        let closed = match completeness {
            Completeness::Complete => true,
            Completeness::Partial => false,
            Completeness::Inferred => sessions.are_mistaken() && sessions.is_any(),
        };
        let multihoming = Multihoming::new(&devices, closed);
        let mut faults: BTreeMap<&str, Vec<&Fault>> = BTreeMap::new();
        for fault in cluster.faults.iter().copied() {
            faults.entry(&fault.node).or_default().push(fault);
        }
        let misread = misread(&cluster.nodes, &faults);
        let guests = guests::ports(&cluster);
        let uplinks = mtu::uplinks(&devices, closed);
        let renamed = renamed::renamed(&cluster, &devices);
        let mut ospf_conflicts = mtu::ospf_conflicts(&devices);
        let is_gone =
            |node, link: &Link| renamed.get(&node).is_some_and(|renamed| renamed.gone.contains(link.name.as_str()));
        ospf_conflicts.retain(|own| !is_gone(own.small.node, own.small.link) && !is_gone(own.large.0, own.large.1));
        let exits = exit::exits(&devices, &overlay);
        Self {
            cluster,
            devices,
            overlay,
            multihoming,
            sessions,
            underlay,
            wires,
            guests,
            propagation,
            tenants,
            beside: vec![],
            closed,
            misread,
            faults,
            uplinks,
            ospf_conflicts,
            renamed,
            exits,
            files: OnceLock::new(),
        }
    }

    /// Every node, in order.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeIndex> + Clone + use<> {
        (0..self.devices.len()).map(NodeIndex::new)
    }

    /// A node.
    pub fn node(&self, index: NodeIndex) -> &'m Node {
        self.devices[index].node
    }

    /// The name of a node.
    pub fn name(&self, index: NodeIndex) -> &'m str {
        &self.node(index).name
    }

    /// Whether a node's routing configuration holds lines that FRR does not obey, or something of the node is not read,
    /// so that what it lacks says nothing.
    pub fn is_misread(&self, index: NodeIndex) -> bool {
        self.misread.contains(&index)
    }

    /// Whether lines of a node's routing configuration other than BGP's are not obeyed; see [`Fabric::is_misread`].
    pub fn is_misread_beside_bgp(&self, index: NodeIndex) -> bool {
        self.faults_of(index).iter().any(|fault| is_misreading(fault) && !fault.is_of_bgp())
    }

    /// Whether a text of a node is not known, so that it may do anything that this text would say.
    pub fn is_unread(&self, index: NodeIndex) -> bool {
        self.faults_of(index).iter().any(|fault| fault.hides_text())
    }

    /// The text in the files of a node that the reader could not interpret.
    pub fn faults_of(&self, index: NodeIndex) -> &[&'m Fault] {
        self.faults.get(self.name(index)).map_or(&[], Vec::as_slice)
    }

    /// The files of a node that have a line which was understood.
    pub fn files_of(&self, index: NodeIndex) -> &BTreeSet<FileId> {
        let of = |device: &Device| {
            let places = device.node.outline.blocks.values().flat_map(|block| &block.places);
            places.map(|place| place.opener.file).collect()
        };
        &self.files.get_or_init(|| self.devices.iter().map(of).collect())[index]
    }

    /// The position of the node of that name. Nodes are sorted by name.
    pub fn index(&self, name: &str) -> Option<NodeIndex> {
        device::named(&self.devices, name)
    }
}

fn misread(nodes: &ByNode<&Node>, faults: &BTreeMap<&str, Vec<&Fault>>) -> BTreeSet<NodeIndex> {
    let is_misread =
        |name: &str| faults.get(name).is_some_and(|faults| faults.iter().any(|fault| is_misreading(fault)));
    nodes.iter_enumerated().filter(|(_, node)| is_misread(&node.name)).map(|(at, _)| at).collect()
}

/// Whether a fault makes the daemons of a node read something else than was written.
fn is_misreading(fault: &Fault) -> bool {
    fault.is_unread() && !matches!(fault.language, Some(LanguageId::Sdn | LanguageId::Guests))
        || fault.language == Some(LanguageId::Frr)
            && match &fault.kind {
                FaultKind::LeftBlock { .. } | FaultKind::Refused(_) | FaultKind::Dropped(_) => true,
                // A line that ends a block which is not open says nothing.
                FaultKind::UnknownCommand { block, .. } => {
                    !fault.lost.is_empty() || *block != Block::Top && !fault.text.starts_with("exit")
                }
                FaultKind::Ambiguous { .. } | FaultKind::Incomplete | FaultKind::NotYet { .. } => true,
                FaultKind::NoLonger { .. } => !fault.lost.is_empty(),
                FaultKind::Malformed { .. } | FaultKind::OutOfRange { .. } => true,
                FaultKind::Bytes(kind) => matches!(kind, OddityKind::Nul | OddityKind::Utf16),
                _ => false,
            }
}
