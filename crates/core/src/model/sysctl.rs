//! Kernel parameters that files set at boot, as systemd-sysctl(8) applies them.
//!
//! Parameters of interfaces stand three times: for `all`, for `default`, which later interfaces begin with, and for each
//! interface. What the three come to differs from one to the next (Linux, Documentation/networking/ip-sysctl.rst, and the
//! macros of include/linux/inetdevice.h).

use super::Sourced;
use std::collections::{BTreeMap, BTreeSet};

/// A parameter of interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parameter {
    /// `net.ipv4.conf.*.forwarding`. A change for `all`, or of `net.ipv4.ip_forward`, which is the same, is one for each
    /// interface; a packet passes where the interface that it comes in by forwards (`inet_forward_change`, `ip_forward`).
    Forwarding,
    /// `net.ipv6.conf.*.forwarding`. That of `all` alone decides whether packets pass (`ip6_forward`).
    Forwarding6,
    /// `net.ipv4.conf.*.rp_filter`: the larger of the interface's and that of `all`; 1 is strict, 2 is loose.
    ReversePath,
    /// `net.ipv4.conf.*.arp_accept`: the larger of the two.
    ArpAccept,
    /// `net.ipv6.conf.*.disable_ipv6`. A write for `all` is one for each interface (`addrconf_disable_ipv6`).
    DisableIpv6,
}

/// What a file says of a parameter in one place, and how late.
#[derive(Clone, Debug)]
pub struct Write {
    /// When it is written, among all that is.
    pub turn: usize,
    /// What is written.
    pub value: Sourced<i64>,
}

/// Where a parameter is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// For `all`, for `default`, or for an interface.
    Name(String),
    /// For whatever a shell's pattern matches, but for names that are written themselves.
    Pattern(glob::Pattern),
}

/// All that is written of one parameter.
#[derive(Clone, Debug, Default)]
struct Writes {
    named: BTreeMap<String, Write>,
    /// Patterns, in the order of their turns.
    patterns: Vec<(glob::Pattern, Write)>,
    /// Names that patterns leave alone.
    exempt: BTreeSet<String>,
    /// Whether more is written than is kept.
    is_open: bool,
}

/// The most patterns of one parameter that are kept; a system has two.
const MOST_PATTERNS: usize = 32;

/// The kernel parameters that files set, by parameter.
#[derive(Clone, Debug, Default)]
pub struct Sysctls {
    writes: BTreeMap<Parameter, Writes>,
}

impl Sysctls {
    /// Adds what is written; turns do not go back.
    pub fn write(&mut self, parameter: Parameter, scope: Scope, write: Write) {
        let own = self.writes.entry(parameter).or_default();
        match scope {
            Scope::Name(name) => drop(own.named.insert(name, write)),
            Scope::Pattern(_) if own.patterns.len() == MOST_PATTERNS => own.is_open = true,
            Scope::Pattern(pattern) => own.patterns.push((pattern, write)),
        }
    }

    /// Keeps patterns from a name.
    pub fn exempt(&mut self, parameter: Parameter, name: &str) {
        self.writes.entry(parameter).or_default().exempt.insert(name.to_owned());
    }

    /// Whether files say nothing.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// What is written for `all`, `default` or an interface.
    fn of(&self, parameter: Parameter, name: &str) -> Option<&Write> {
        let own = self.writes.get(&parameter).filter(|own| !own.is_open)?;
        let by_pattern = || {
            let mut patterns = own.patterns.iter().rev().filter(|_| !own.exempt.contains(name));
            patterns.find(|(pattern, _)| pattern.matches(name)).map(|(_, write)| write)
        };
        own.named.get(name).or_else(by_pattern)
    }

    /// What a parameter of an interface is by itself, where a write for `all` is one for each interface; `None` where no
    /// file says it, or where it depends on which comes first, the interface or the write.
    fn shared(&self, parameter: Parameter, link: &str) -> Option<&Sourced<i64>> {
        let [all, default, own] = ["all", "default", link].map(|name| self.of(parameter, name));
        // The kernel begins with 0, and a write that changes nothing reaches nobody.
        let changing = all.filter(|all| all.value.value != 0);
        let after = |write: &&Write| changing.is_none_or(|all| all.turn < write.turn);
        match (own, default) {
            (Some(own), _) if after(&own) || Some(own.value.value) == all.map(|all| all.value.value) => {
                Some(&own.value)
            }
            (Some(_), _) => None,
            (None, Some(default)) if after(&default) => {
                let is_one = all.is_none_or(|all| all.value.value == default.value.value);
                is_one.then_some(&default.value)
            }
            _ => all.map(|all| &all.value),
        }
    }

    /// Whether an interface forwards IPv4, by files alone.
    pub fn forwards4(&self, link: &str) -> Option<Sourced<bool>> {
        self.shared(Parameter::Forwarding, link).map(is_on)
    }

    /// What `net.ipv4.ip_forward` begins with, by files alone.
    pub fn forwards4_at_all(&self) -> Option<Sourced<bool>> {
        self.of(Parameter::Forwarding, "all").map(|all| is_on(&all.value))
    }

    /// Whether the node forwards IPv6, by files alone.
    pub fn forwards6(&self) -> Option<Sourced<bool>> {
        self.of(Parameter::Forwarding6, "all").map(|all| is_on(&all.value))
    }

    /// Whether IPv6 is off on an interface, by files alone.
    pub fn lacks_ipv6(&self, link: &str) -> Option<Sourced<bool>> {
        self.shared(Parameter::DisableIpv6, link).map(is_on)
    }

    /// The larger of what is written for `all` and for an interface, where the kernel takes that. The kernel begins with 0.
    fn larger(&self, parameter: Parameter, link: &str) -> Option<&Sourced<i64>> {
        let own = self.of(parameter, link).or_else(|| self.of(parameter, "default"));
        let both = self.of(parameter, "all").into_iter().chain(own);
        both.map(|write| &write.value).max_by_key(|value| value.value)
    }

    /// Whether an interface drops packets whose sender is reached by another one, by files alone (RFC 3704 section 2.2).
    pub fn is_strict(&self, link: &str) -> Option<Sourced<bool>> {
        let value = self.larger(Parameter::ReversePath, link)?;
        Some(value.clone().map(|value| value == 1))
    }

    /// Whether hosts that tell of themselves unasked get into the neighbour table of an interface, by files alone.
    pub fn accepts_arp(&self, link: &str) -> Option<Sourced<bool>> {
        self.larger(Parameter::ArpAccept, link).map(is_on)
    }
}

fn is_on(value: &Sourced<i64>) -> Sourced<bool> {
    value.clone().map(|value| value != 0)
}
