//! The parameters that are read, and which of them a name means. All others are known by their form alone.

use crate::model::sysctl::{Parameter, Scope};
use glob::Pattern;

/// Parameters of interfaces, each with its family and its own name: `net/FAMILY/conf/INTERFACE/NAME`.
static PARAMETERS: [(Parameter, &str, &str); 5] = [
    (Parameter::Forwarding, "ipv4", "forwarding"),
    (Parameter::Forwarding6, "ipv6", "forwarding"),
    (Parameter::ReversePath, "ipv4", "rp_filter"),
    (Parameter::ArpAccept, "ipv4", "arp_accept"),
    (Parameter::DisableIpv6, "ipv6", "disable_ipv6"),
];

/// The name of forwarding for all interfaces that is older than those of interfaces.
const IP_FORWARD: [&str; 3] = ["net", "ipv4", "ip_forward"];

/// A name as a path below `/proc/sys`: where the first separator is a dot, dots and slashes change places
/// (`sysctl_normalize`, systemd).
pub(super) fn path(name: &str) -> String {
    let swap = |c: char| match c {
        '.' => '/',
        '/' => '.',
        other => other,
    };
    match name.find(['.', '/']) {
        Some(at) if name[at..].starts_with('.') => name.chars().map(swap).collect(),
        _ => name.trim_start_matches('/').to_owned(),
    }
}

/// Whether a path is a pattern.
pub(super) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// No path to a parameter is longer, in bytes; a pattern might take its time.
const MOST_BYTES: usize = 128;

/// What a path means: each parameter with whom it is for.
pub(super) fn meant(path: &str) -> Vec<(Parameter, Scope)> {
    if path.len() > MOST_BYTES {
        return vec![];
    }
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |pattern: &str, name: &str| match is_pattern(pattern) {
        true => Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(name)),
        false => pattern == name,
    };
    match parts.as_slice() {
        [net, family, name] if [*net, *family, *name].iter().zip(IP_FORWARD).all(|(own, other)| fits(own, other)) => {
            vec![(Parameter::Forwarding, Scope::Name("all".to_owned()))]
        }
        [net, family, conf, link, name] if fits(net, "net") && fits(conf, "conf") => {
            let scope = match is_pattern(link) {
                true => Pattern::new(link).ok().map(Scope::Pattern),
                false => Some(Scope::Name((*link).to_owned())),
            };
            let found = PARAMETERS.iter().filter(|(_, own, last)| fits(family, own) && fits(name, last));
            found.filter_map(|(parameter, ..)| Some((*parameter, scope.clone()?))).collect()
        }
        _ => vec![],
    }
}
