//! What becomes of a packet.

use super::host::HostIndex;
use crate::fabric::{NodeIndex, forwarding::Off};
use evpnlint_core::model::Vni;
use std::net::IpAddr;

/// What becomes of a packet on one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate<'m> {
    /// A host takes it.
    Host(HostIndex),
    /// A node takes it for its own, in that VRF.
    Node(NodeIndex, &'m str),
    /// It leaves the fabric by that node.
    Outside(NodeIndex),
    /// It is lost.
    Lost(Loss<'m>),
    /// Of several equal ways, of which a hash picks one for each flow, some lose it, the first for that reason.
    Partial(Loss<'m>),
    /// Nobody can say.
    Unknown(Doubt),
}

/// Why a packet is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss<'m> {
    /// The host's port leads nowhere.
    Detached(HostIndex),
    /// The host has no route.
    HostRoute(HostIndex),
    /// The packet is larger than its sender's MTU, and must not be fragmented.
    HostMtu(HostIndex),
    /// Nobody answers for the next hop: whoever could hears nothing, or is not heard, for that reason.
    NoAnswer(IpAddr, Option<Box<Loss<'m>>>),
    /// Nobody takes frames for the MAC address that answered.
    NobodyTakes(IpAddr),
    /// The host that takes it does not forward.
    NotForHost(HostIndex),
    /// A node does not forward.
    NotForwarding(NodeIndex, Off),
    /// A node has no route.
    NoRoute(NodeIndex, &'m str),
    /// A route of a node drops the packet.
    Refused(NodeIndex, &'m str),
    /// The tunnel's source address is on no interface of its node.
    SourceNotLocal(NodeIndex, IpAddr),
    /// The loopback of a node takes the VTEP's address for its own.
    Swallowed(NodeIndex, IpAddr),
    /// No way leads to the VTEP.
    NoWay(NodeIndex, IpAddr),
    /// The node at the other end of the tunnel has no such VNI.
    NoVni(NodeIndex, Vni),
    /// The node at the other end listens on another UDP port.
    Port(NodeIndex, Vni),
    /// No interface of the VNI's bridge at the other end takes the frame.
    RouterMac(NodeIndex, Vni),
    /// The port that a host is attached to is too small, and nobody is told.
    HostPort(HostIndex, u32),
    /// A link on the way is too small, and nobody is told.
    Silent(NodeIndex, &'m str, u32),
    /// An interface is too small, and the sender is told so.
    TooBig(NodeIndex, &'m str, u32),
    /// A switch on the way is too small.
    Switch(usize, u32),
    /// The packet goes round.
    Loop(NodeIndex),
    /// The TTL of the tunnel ends before the tunnel.
    Ttl(NodeIndex),
}

/// Why nobody can say what becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Which of its links leads to the next node is in no file, and some are too small.
    Link(NodeIndex),
    /// A route leads where no file tells more.
    Assumed(NodeIndex),
    /// The MTU of an interface on the way is in no file.
    Mtu(NodeIndex),
    /// The destination is no host that is known.
    NoHost,
}

impl<'m> Fate<'m> {
    /// Why the packet is lost, on some way at least: the innermost reason.
    pub fn reason(&self) -> Option<&Loss<'m>> {
        let (Self::Lost(loss) | Self::Partial(loss)) = self else { return None };
        let mut inner = loss;
        while let Loss::NoAnswer(_, Some(why)) = inner {
            inner = why;
        }
        Some(inner)
    }

    /// Whether somebody takes the packet.
    pub fn arrives(&self) -> bool {
        matches!(self, Self::Host(_) | Self::Node(..) | Self::Outside(_))
    }
}

/// One fate of several equal ways, of which a hash picks one for each flow, and the position of the way that decides it. A
/// loss on some of them counts more than a doubt on others.
pub fn all<'m>(fates: &[Fate<'m>]) -> Option<(usize, Fate<'m>)> {
    let at = |wanted: fn(&Fate) -> bool| fates.iter().position(wanted);
    let lost = at(|fate| matches!(fate, Fate::Lost(_) | Fate::Partial(_)));
    let decides = lost.or_else(|| at(|fate| !fate.arrives())).or((!fates.is_empty()).then_some(0))?;
    let some_arrive = fates.iter().any(|fate| fate.arrives() || matches!(fate, Fate::Partial(_)));
    Some((
        decides,
        match &fates[decides] {
            Fate::Lost(loss) if some_arrive => Fate::Partial(loss.clone()),
            fate => fate.clone(),
        },
    ))
}
