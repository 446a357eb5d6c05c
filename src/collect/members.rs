//! The members of a Proxmox cluster, from its corosync.conf: the names, which are the authority for Proxmox, and the
//! addresses under which they find each other.

use super::host::{self, Host};
use evpnlint_core::lang;

/// The members but this one, as Proxmox's own tools reach them: as root, by address, each under a key that is known by
/// its name (`PVE::SSHInfo`). A name or address that ssh could mistake is given back as it is.
pub(super) fn others(corosync: &str, own: &str) -> (Vec<Host>, Vec<String>) {
    let (mut hosts, mut refused) = (vec![], vec![]);
    let members = lang::members(corosync);
    for (name, address) in members.iter().filter(|(name, _)| name != own) {
        let name = Some(name).filter(|name| !name.is_empty());
        let ways: Vec<String> = address.iter().chain(name).cloned().collect();
        if ways.iter().all(|way| host::is_way(way)) && name.is_none_or(|name| host::is_word(name)) {
            hosts.push(Host { user: Some("root".to_owned()), ways, alias: name.cloned() });
        } else {
            refused.extend(ways.into_iter().find(|way| !host::is_way(way)).or(name.cloned()));
        }
    }
    (hosts, refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_and_the_odd_ones_refused() {
        let text = "# x\nnodelist {\n  node {\n    name: pve1\n    nodeid: 1\n    ring0_addr: 10.0.0.1\n  }\n  node {\n\
                    name: pve2\n ring0_addr: 10.0.0.2\n ring1_addr: 10.1.0.2\n }\n node {\n name: -oProxyCommand=x\n }\n\
                    node {\n name: pve4\n ring0_addr: a;b\n }\n}\ntotem {\n  name: no\n interface {\n name: no\n }\n}\n";
        assert_eq!(lang::members(text).len(), 4);
        let (hosts, refused) = others(text, "pve1");
        assert_eq!(refused, ["-oProxyCommand=x", "a;b"]);
        let [pve2] = hosts.as_slice() else { panic!("{hosts:?}") };
        assert_eq!((pve2.ways.join(" "), pve2.alias.as_deref()), ("10.0.0.2 pve2".to_owned(), Some("pve2")));
        assert_eq!(lang::members("nodelist {\nnode {\n}\n}}}\nnodelist {{\n: x\n\u{fffd}"), []);
    }
}
