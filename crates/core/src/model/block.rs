//! The blocks of a file.

use std::fmt;

/// A block of a file, in which some commands are known and others are not. [`fmt::Display`] names it in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Block {
    /// The file outside every block.
    Top,
    /// The block of a routing protocol in FRR, with the word behind `router`: `bgp`.
    Router(&'static str),
    /// An address family of BGP's, as FRR writes it: `address-family l2vpn evpn`.
    BgpFamily(&'static str),
    /// Any other, as its language's users call it: `an interface block`.
    Named(&'static str),
}

impl Block {
    /// Whether it is `router bgp`, or one of its address families.
    pub(super) fn is_of_bgp(self) -> bool {
        match self {
            Self::Router(protocol) => protocol == "bgp",
            Self::BgpFamily(_) => true,
            Self::Named(_) | Self::Top => false,
        }
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Top => f.write_str("the top level"),
            Self::Router(protocol) => write!(f, "router {protocol}"),
            Self::BgpFamily(words) | Self::Named(words) => f.write_str(words),
        }
    }
}
