//! Why a daemon or a tool does not do what a line says: it refuses the line, takes no notice of it, or has no use for it.

use super::{
    block::Block,
    ids::{Asn, Esi, RemoteAs, Vni},
};
use std::fmt;

/// Why a daemon or a tool refuses what it understands. [`fmt::Display`] gives the reason in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The neighbour of that address does not exist at the line.
    NeighborMissing(String),
    /// The word is neither an address nor the name of a peer-group or interface that exists at the line, although it is
    /// written like an address.
    NotAnAddress(String),
    /// There is neither a neighbour nor a peer-group of that name at the line.
    PeerMissing(String),
    /// The peer-group does not exist at the line.
    GroupMissing {
        /// Its name.
        group: String,
        /// A peer-group that does exist and is written nearly the same.
        near: Option<String>,
    },
    /// A neighbour does not go with its peer-group.
    Member(Member),
    /// bgpd does not take that `local-as`.
    LocalAs(LocalAsRefusal),
    /// A reflector's client is to be internal, and the peer of that name has no AS yet.
    ClientWithoutAs(String),
    /// Something stands above that excludes the line.
    Excluded(Excluded),
    /// Something else has it already.
    Taken(Taken),
    /// A listen range is for members of a peer-group that is not ready at the line.
    ListenGroup {
        /// The name of the peer-group.
        group: String,
        /// Whether it exists, and only lacks its remote-as.
        exists: bool,
    },
    /// `router bgp` without an AS number, and there is no instance yet.
    NoInstance,
    /// `ge` is less than the length of the prefix, or `le` less than either.
    LengthsFall,
    /// `evpn mh es-id` without an identifier.
    NoSegmentId,
    /// `evpn mh es-sys-mac` of zeros alone.
    ZeroMac,
    /// Proxmox does not take the section or the file.
    Proxmox(StoreRefusal),
}

/// Why a neighbour does not go with its peer-group (bgpd's `peer_group_bind` and `peer_remote_as`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// The group has an AS, which counts for all its members.
    HasGroupsAs {
        /// The neighbour's name.
        member: String,
        /// The group's.
        group: String,
        /// The group's AS.
        remote_as: RemoteAs,
    },
    /// It is in another group.
    OfAnother {
        /// The neighbour's name.
        member: String,
        /// The group that it is in.
        group: String,
    },
    /// The members of that group are internal and it is external, or the other way round.
    OfOtherKind(String),
}

/// Why bgpd does not take a `local-as`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalAsRefusal {
    /// It is the AS of the instance.
    OfInstance,
    /// It is the AS of the neighbour; so until 8.5.
    OfNeighbor,
    /// The session is not external, or not yet; so until 8.5.
    NotExternal,
}

/// What stands above a line, and excludes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excluded {
    /// `ebgp-multihop`, by ttl-security.
    MultihopByTtlSecurity,
    /// `ttl-security`, by ebgp-multihop.
    TtlSecurityByMultihop,
    /// The area of an interface, by another one.
    AreaByAnother,
    /// The area of an interface, by network lines of the process.
    AreaByNetworks,
    /// `advertise-all-vni`, by that of another BGP instance.
    EvpnByInstance,
}

/// What something else has already, and cannot be had twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// An Ethernet segment, by the interface of that name.
    Segment(Esi, String),
    /// An L3VNI, by the VRF of that name; the default one's is empty.
    L3vni(Vni, String),
    /// A listen range, by the peer-group of that name.
    ListenRange(String),
    /// A VRF, by a BGP instance with that AS.
    Vrf(Asn),
}

/// Why Proxmox does not take a section, or a whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreRefusal {
    /// No section of that file begins like the line.
    NoHeader(&'static str),
    /// An empty line is missing before a header.
    SectionOpen,
    /// A property is missing.
    PropertyMissing {
        /// Of what: `an evpn zone`.
        of: &'static str,
        /// Its name.
        property: String,
    },
    /// The id of a fabric's node is not made of both names.
    FabricNodeId,
    /// The id of a fabric is none.
    FabricId,
    /// The running configuration is no JSON, which wants that where it ends to be one.
    NoJson(&'static str),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NeighborMissing(name) => {
                write!(f, "neighbour {name} does not exist at this line: its remote-as or peer-group must stand above")
            }
            Self::NotAnAddress(name) => write!(
                f,
                "{name} is no address, so FRR takes it for the name of a peer-group or interface, and there is none"
            ),
            Self::PeerMissing(name) => {
                write!(f, "{name} is neither a neighbour nor a peer-group at this line: it must be defined above")
            }
            Self::GroupMissing { group, near } => {
                write!(f, "peer-group {group} does not exist at this line")?;
                if let Some(near) = near {
                    write!(f, ", but {near} does")?;
                }
                f.write_str(", so what was to join it gets nothing from it")
            }
            Self::Member(why) => why.fmt(f),
            Self::LocalAs(why) => why.fmt(f),
            Self::ClientWithoutAs(name) => {
                write!(f, "{name} has no remote-as yet at this line, and only internal sessions have clients")
            }
            Self::Excluded(why) => why.fmt(f),
            Self::Taken(by) => by.fmt(f),
            Self::ListenGroup { group, exists: false } => {
                write!(f, "peer-group {group} does not exist yet at this line; define it above")
            }
            Self::ListenGroup { group, exists: true } => {
                write!(f, "peer-group {group} has no remote-as yet at this line; give it one above")
            }
            Self::NoInstance => f.write_str("there is no BGP instance yet, so an AS number is needed"),
            Self::LengthsFall => f.write_str(
                "the lengths must not fall: prefix length, then ge, then le. FRR refuses the line, and the lists and \
                 route-maps next to it in the same batch",
            ),
            Self::NoSegmentId => f.write_str("it lacks the identifier"),
            Self::ZeroMac => f.write_str("it wants a MAC address that is not all zero"),
            Self::Proxmox(why) => why.fmt(f),
        }
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::HasGroupsAs { member, group, remote_as } => {
                write!(f, "{member} is in peer-group {group}, whose remote-as {remote_as} counts for all its members")
            }
            Self::OfAnother { member, group } => {
                write!(f, "{member} is in peer-group {group} already, and must leave it first")
            }
            Self::OfOtherKind(group) => {
                write!(f, "peer-group {group} has sessions of the other kind: they are all internal, or all external")
            }
        }
    }
}

impl fmt::Display for LocalAsRefusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::OfInstance => "local-as is the AS of the instance itself, which FRR does not take",
            Self::OfNeighbor => "local-as is the AS of the neighbour itself, which FRR does not take",
            Self::NotExternal => "FRR takes local-as for an external session only, which this is not yet",
        })
    }
}

impl fmt::Display for Excluded {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::MultihopByTtlSecurity => "ttl-security is set above, and excludes ebgp-multihop",
            Self::TtlSecurityByMultihop => "ebgp-multihop is set above, and excludes ttl-security",
            Self::AreaByAnother => "another area is set above, which FRR wants removed first",
            Self::AreaByNetworks => "router ospf has network lines above, which exclude areas of interfaces",
            Self::EvpnByInstance => "another BGP instance runs EVPN already: advertise-all-vni can stand in one only",
        })
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Segment(esi, by) => {
                write!(f, "{by} has the Ethernet segment {esi} already, and a node has it only once")
            }
            Self::L3vni(vni, by) => {
                write!(f, "VNI {vni} is already the L3VNI of ")?;
                match by.as_str() {
                    "" => f.write_str("the default VRF")?,
                    vrf => write!(f, "VRF {vrf}")?,
                }
                f.write_str(", and a VNI can be that of one VRF only")
            }
            Self::ListenRange(by) => write!(f, "peer-group {by} has this listen range already"),
            Self::Vrf(asn) => write!(
                f,
                "BGP already runs in this VRF, with AS {asn}: FRR ignores this line, and reads its block at the top level"
            ),
        }
    }
}

impl fmt::Display for StoreRefusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoHeader(file) => write!(f, "no section begins like this; Proxmox refuses all of {file}"),
            Self::SectionOpen => f.write_str(
                "the section above has not ended: an empty line is missing before this header, and Proxmox refuses the \
                 whole file",
            ),
            Self::PropertyMissing { of, property } => {
                write!(f, "{of} needs `{property}`; without it Proxmox drops the section")
            }
            Self::FabricNodeId => f.write_str("the id is to be `fabric_node`; Proxmox refuses the whole file"),
            Self::FabricId => {
                f.write_str("a fabric's id is 1 to 8 letters, digits and inner `-`; Proxmox refuses the whole file")
            }
            Self::NoJson(wanted) => write!(
                f,
                "this is not JSON, which wants {wanted} here: Proxmox takes the file for an empty one, and the next \
                 reload of a node's network writes no SDN at all"
            ),
        }
    }
}

/// Why a daemon or a tool does nothing of what a line says, without a word or nearly so. [`fmt::Display`] gives the
/// reason in a message, with what is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disregard {
    /// The command, which bgpd forgets where `advertise-all-vni` does not stand above it in its instance.
    NotEvpn(String, EvpnLine),
    /// The line is short for another command of the block that it was to end.
    ShortFor {
        /// The block.
        block: Block,
        /// The command.
        command: String,
    },
    /// ifupdown2 takes the first value of an attribute.
    BehindFirst {
        /// The attribute's name.
        name: String,
        /// The first value.
        first: String,
    },
    /// A mask that stands before its address.
    MaskWithoutAddress,
    /// A policy file of ifupdown2 is no JSON, which wants that where it ends to be one.
    NoJson(&'static str),
    /// A property of a section of Proxmox's stands there twice; the name.
    PropertyTwice(String),
    /// Another section below has that id.
    SectionTwice(String),
}

/// Where `advertise-all-vni` is to a line that wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvpnLine {
    /// Below the line.
    Below,
    /// In no instance of the node.
    Missing,
    /// In another instance, which has the node's VNIs.
    OtherInstance,
}

impl fmt::Display for EvpnLine {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Below => "above advertise-all-vni",
            Self::Missing => "in an instance without advertise-all-vni",
            Self::OtherInstance => "in another instance than advertise-all-vni",
        })
    }
}

impl fmt::Display for Disregard {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NotEvpn(command, line) => {
                write!(f, "{command} stands {line}, where bgpd forgets it with no more than a warning")
            }
            Self::ShortFor { block, command } => write!(
                f,
                "it still belongs to {block}, where it is short for \"{command}\": the block that was meant is never \
                 opened"
            ),
            Self::BehindFirst { name, first } => {
                write!(f, "`{name} {first}` stands before it, and ifupdown2 takes the first")
            }
            Self::MaskWithoutAddress => {
                f.write_str("it stands before the address that it belongs to; the address gets /32")
            }
            Self::NoJson(wanted) => {
                write!(f, "this is not JSON, which wants {wanted} here: ifupdown2 passes over the file")
            }
            Self::PropertyTwice(name) => {
                write!(f, "`{name}` is already written in this section, and the first one counts")
            }
            Self::SectionTwice(id) => write!(f, "another section below has the id `{id}`, and the last one counts"),
        }
    }
}

/// Why nobody misses a line that a daemon refuses, or takes and does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needless {
    /// A `network` line of OSPF, beside areas of interfaces.
    NetworkBesideAreas,
    /// A hold time of one or two seconds (RFC 4271, section 4.2): the session runs with the default then.
    ShortHold,
    /// A `no` of a router-id other than the one that is set.
    OtherRouterId,
    /// A `no` of a listen range that is not there.
    NoListenRange,
    /// A bare `redistribute` of what is redistributed already.
    Redistributed,
    /// A `no` of a route distinguisher other than the one that is set.
    OtherDistinguisher,
    /// A `no` of a route target that is not set.
    NoTarget,
    /// A `no` of a neighbour or a peer-group that is not there.
    NoPeer,
    /// The AS that the peer-group has too.
    GroupsAs,
    /// A client of a reflector on an external session.
    ExternalClient,
    /// `as-override` on an internal session.
    InternalOverride,
    /// `ebgp-multihop` on a session that is internal or unnumbered.
    NoHops,
}

impl fmt::Display for Needless {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::NetworkBesideAreas => "interfaces have areas of their own above, which exclude network lines",
            Self::ShortHold => "a hold time is 0, or 3 seconds and more",
            Self::OtherRouterId => "another router-id is set, which stays",
            Self::NoListenRange => "no such listen range is there",
            Self::Redistributed => "it is redistributed already, and what was said of that stays",
            Self::OtherDistinguisher => "it is not the route distinguisher that is set",
            Self::NoTarget => "no such route target is set",
            Self::NoPeer => "there is no such neighbour, or no such peer-group",
            Self::GroupsAs => "the peer-group says the AS already, and FRR takes it from there",
            Self::ExternalClient => "routes of an external session go to all others without reflection",
            Self::InternalOverride => "no AS is written over on an internal session",
            Self::NoHops => "only an external session has hops to count, and this is none, or unnumbered",
        })
    }
}

/// Why a line does not count although the daemon knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It refuses the line.
    Refusal(Refusal),
    /// It does nothing of what the line says.
    Disregard(Disregard),
    /// Nobody misses the line.
    Needless(Needless),
    /// A word is not of its kind, which is this.
    Malformed(&'static str),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Refusal(why) => why.fmt(f),
            Self::Disregard(why) => why.fmt(f),
            Self::Needless(why) => why.fmt(f),
            Self::Malformed(wanted) => write!(f, "it wants {wanted}"),
        }
    }
}
