//! What may be written: the grammars of FRR, of `/etc/network/interfaces`, of Proxmox VE's SDN and of its guests, of kernel
//! parameters and of WireGuard.
//!
//! The `.pest` files beside this crate's `src` are the grammars. Each module has the parser of one of them: `Grammar`
//! parses one line or one word by one `Rule`. What a parse means is no matter of this crate.
//!
//! pest derives all parsers but one. FRR's has 1,200 rules, of which it would derive a minute and a half of compiling;
//! `frr` walks the table of the rules instead, with pest's own parser state, and can skip the commands that begin with
//! another letter. `build.rs` writes that table, and the names of ifupdown2, from the same files.

pub mod frr;

/// `/etc/network/interfaces`, as ifupdown2 reads it.
pub mod interfaces {
    /// The parser, and the table by `build.rs`.
    #[allow(missing_docs, reason = "the grammar's own files describe its rules")]
    mod derived {
        #[derive(pest_derive::Parser)]
        #[grammar = "interfaces.pest"]
        pub struct Grammar;
        include!(concat!(env!("OUT_DIR"), "/interfaces.rs"));
    }
    pub use derived::{Grammar, NAMES, Rule};
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
}

/// Kernel parameters: `sysctl.conf` and `sysctl.d`.
pub mod sysctl {
    /// The parser.
    #[allow(missing_docs, reason = "the grammar's own files describe its rules")]
    mod derived {
        #[derive(pest_derive::Parser)]
        #[grammar = "sysctl.pest"]
        pub struct Grammar;
    }
    pub use derived::{Grammar, Rule};
}

/// WireGuard's interfaces, as wg-quick reads them.
pub mod wireguard {
    /// The parser.
    #[allow(missing_docs, reason = "the grammar's own files describe its rules")]
    mod derived {
        #[derive(pest_derive::Parser)]
        #[grammar = "wireguard.pest"]
        pub struct Grammar;
    }
    pub use derived::{Grammar, Rule};
}

#[cfg(test)]
mod tests;
