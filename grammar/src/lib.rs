//! What may be written: the grammars of FRR, of `/etc/network/interfaces`, of Proxmox VE's SDN and of its guests.
//!
//! The `.pest` files beside this crate's `src` are the grammars. Each module has the parser that pest derives from one of
//! them: `Grammar` parses one line or one word by one `Rule`. What a parse means is no matter of this crate.

/// FRR's commands, a rule for each mode and each command.
pub mod frr {
    /// The parser.
    #[allow(missing_docs, reason = "the grammar's own files describe its rules")]
    mod derived {
        #[derive(pest_derive::Parser)]
        #[grammar = "frr.pest"]
        #[grammar = "frr/numbers.pest"]
        #[grammar = "frr/system.pest"]
        #[grammar = "frr/static.pest"]
        #[grammar = "frr/zebra.pest"]
        #[grammar = "frr/logging.pest"]
        #[grammar = "frr/multicast.pest"]
        #[grammar = "frr/interface.pest"]
        #[grammar = "frr/link-igp.pest"]
        #[grammar = "frr/link-daemons.pest"]
        #[grammar = "frr/ospf.pest"]
        #[grammar = "frr/isis.pest"]
        #[grammar = "frr/bgp.pest"]
        #[grammar = "frr/family.pest"]
        #[grammar = "frr/neighbor.pest"]
        #[grammar = "frr/evpn.pest"]
        #[grammar = "frr/policy.pest"]
        #[grammar = "frr/blocks.pest"]
        #[grammar = "frr/segment_routing.pest"]
        #[grammar = "frr/ldp.pest"]
        pub struct Grammar;
    }
    pub use derived::{Grammar, Rule};

    /// The grammar's text, in the order in which the parser has it, for what wants to know its words.
    pub const TEXT: &[&str] = &[
        include_str!("../frr.pest"),
        include_str!("../frr/numbers.pest"),
        include_str!("../frr/system.pest"),
        include_str!("../frr/static.pest"),
        include_str!("../frr/zebra.pest"),
        include_str!("../frr/logging.pest"),
        include_str!("../frr/multicast.pest"),
        include_str!("../frr/interface.pest"),
        include_str!("../frr/link-igp.pest"),
        include_str!("../frr/link-daemons.pest"),
        include_str!("../frr/ospf.pest"),
        include_str!("../frr/isis.pest"),
        include_str!("../frr/bgp.pest"),
        include_str!("../frr/family.pest"),
        include_str!("../frr/neighbor.pest"),
        include_str!("../frr/evpn.pest"),
        include_str!("../frr/policy.pest"),
        include_str!("../frr/blocks.pest"),
        include_str!("../frr/segment_routing.pest"),
        include_str!("../frr/ldp.pest"),
    ];
}

/// `/etc/network/interfaces`, as ifupdown2 reads it.
pub mod interfaces {
    /// The parser.
    #[allow(missing_docs, reason = "the grammar's own files describe its rules")]
    mod derived {
        #[derive(pest_derive::Parser)]
        #[grammar = "interfaces.pest"]
        pub struct Grammar;
    }
    pub use derived::{Grammar, Rule};

    /// The grammar's text.
    pub const TEXT: &str = include_str!("../interfaces.pest");
}

/// Proxmox VE's SDN configuration and its cluster's members.
pub mod sdn {
    /// The parser.
    #[allow(missing_docs, reason = "the grammar's own files describe its rules")]
    mod derived {
        #[derive(pest_derive::Parser)]
        #[grammar = "sdn.pest"]
        pub struct Grammar;
    }
    pub use derived::{Grammar, Rule};

    /// The grammar's text.
    pub const TEXT: &str = include_str!("../sdn.pest");
}

/// Proxmox VE's guests: virtual machines and containers.
pub mod guests {
    /// The parser.
    #[allow(missing_docs, reason = "the grammar's own files describe its rules")]
    mod derived {
        #[derive(pest_derive::Parser)]
        #[grammar = "guests.pest"]
        pub struct Grammar;
    }
    pub use derived::{Grammar, Rule};

    /// The grammar's text.
    pub const TEXT: &str = include_str!("../guests.pest");
}
