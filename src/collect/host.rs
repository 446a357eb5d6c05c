//! Whom to ask. A name comes from an argument, from corosync.conf or from another node, and goes to ssh, into a path and
//! into messages: it is taken only if it can be none of an option, a path or a word that a shell expands.

use std::{fmt, net::IpAddr, str::FromStr};

/// The longest name that DNS has (RFC 1035, section 2.3.4).
const LONGEST: usize = 255;

/// A node, and how ssh reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// The user to be there; ssh's own choice where it is not said.
    pub user: Option<String>,
    /// What is tried, in that order: names or addresses, at least one.
    pub ways: Vec<String>,
    /// The name by which its key is known, where that is not how it is reached.
    pub alias: Option<String>,
}

impl Host {
    /// Whether the name that it gives itself is its name: where it is reached by an address, or by a longer form of that
    /// name, for Proxmox and FRR say the short one.
    pub(super) fn goes_by(&self, reported: &str) -> bool {
        let name = self.to_string();
        is_address(&name) || short(&name).as_deref() == Some(reported)
    }

    /// Whether it is called so, to the letter: of a longer name, another node may have the short one.
    pub(super) fn is(&self, name: &str) -> bool {
        self.ways.iter().any(|way| way == name)
    }
}

/// An argument that names no host.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not a host as ssh takes it, [USER@]NAME or [USER@]ADDRESS")]
pub struct NotAHost(String);

impl FromStr for Host {
    type Err = NotAHost;
    fn from_str(text: &str) -> Result<Self, NotAHost> {
        let error = || NotAHost(evpnlint_core::source::one_line(text.as_bytes()));
        let (user, way) = match text.split_once('@') {
            Some((user, way)) => (Some(user), way),
            None => (None, text),
        };
        if !user.is_none_or(is_word) || !is_way(way) {
            return Err(error());
        }
        Ok(Self { user: user.map(str::to_owned), ways: vec![way.to_owned()], alias: None })
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.alias.as_ref().or(self.ways.first()).map_or("", String::as_str))
    }
}

/// Whether it is a name or an address to which ssh can go.
pub(super) fn is_way(text: &str) -> bool {
    let address = text.split('%').next().unwrap_or_default();
    is_word(text) || address.parse::<std::net::Ipv6Addr>().is_ok() && is_zone(&text[address.len()..])
}

/// The scope of a link-local address, `%eth0`, or nothing.
fn is_zone(text: &str) -> bool {
    text.is_empty() || text.strip_prefix('%').is_some_and(is_word)
}

/// Letters, digits, and dots, dashes and underscores between them.
pub(super) fn is_word(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    text.len() <= LONGEST
        && text.bytes().all(is_inner)
        && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric() || first == b'_')
        && !text.contains("..")
        && text != super::manifest::NAME
}

fn is_address(way: &str) -> bool {
    way.split('%').next().is_some_and(|address| address.parse::<IpAddr>().is_ok())
}

/// The short form of the name that a node gives itself, if it is one.
pub(super) fn short(name: &str) -> Option<String> {
    let name = name.trim();
    let short = if is_address(name) { name } else { name.split('.').next().unwrap_or_default() };
    is_word(short).then(|| short.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_something_else_is_no_host() {
        for good in ["leaf1", "root@leaf1", "leaf-1.example.net", "10.0.0.1", "root@2001:db8::1", "fe80::1%eth0", "a_b"]
        {
            assert!(good.parse::<Host>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "-oProxyCommand=x",
            "root@-x",
            "-l@leaf1",
            "@leaf1",
            "root@",
            "a/b",
            "..",
            "a..b",
            ".",
            ".hidden",
            "a b",
            "a;b",
            "$(x)",
            "`x`",
            "a\nb",
            "a'b",
            "%h",
            "a%b",
            "fe80::1%a;b",
            "é",
            "a@b@c",
            "manifest.json",
            "a\\b",
            "a*",
            "a:b",
            "ssh://a",
            "\u{1b}[31m",
        ] {
            let parsed = bad.parse::<Host>();
            assert!(parsed.is_err(), "{bad}");
            let said = parsed.map_or_else(|error| error.to_string(), |_| String::new());
            assert!(!said.contains(['\n', '\u{1b}']), "{said:?}");
        }
    }

    #[test]
    fn a_node_without_another_name_goes_by_its_own() {
        let goes_by = |host: &str, reported: &str| {
            let host = host.parse::<Host>().unwrap();
            short(reported).is_some_and(|reported| host.goes_by(&reported))
        };
        assert!(goes_by("root@leaf1.example.net", "leaf1"));
        assert!(goes_by("10.0.0.1", "leaf1.example.net"));
        for (host, reported) in [("leaf1", "switch-17"), ("10.0.0.1", "../../x"), ("10.0.0.1", "-x")] {
            assert!(!goes_by(host, reported), "{host}");
        }
    }
}
