//! The members of a Proxmox cluster, from its corosync.conf: the names, which are the authority for Proxmox, and the
//! addresses under which they find each other.

use super::host::{self, Host};

/// A member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Member {
    name: String,
    address: Option<String>,
}

/// Reads the members: blocks of `key: value`, in which nothing stands on the line of a brace but a block's name
/// (corosync.conf(5)).
pub(super) fn read(bytes: &[u8]) -> Vec<Member> {
    let text = String::from_utf8_lossy(bytes);
    let (mut blocks, mut members) = (vec![], vec![]);
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_suffix('{') {
            blocks.push(name.trim());
            if blocks == ["nodelist", "node"] {
                members.push(Member::default());
            }
        } else if line == "}" {
            blocks.pop();
        } else if let (Some((key, value)), true, Some(member)) =
            (line.split_once(':'), blocks == ["nodelist", "node"], members.last_mut())
        {
            match key.trim() {
                "name" => member.name = value.trim().to_owned(),
                "ring0_addr" | "link0_addr" => member.address = Some(value.trim().to_owned()),
                _ => {}
            }
        }
    }
    members.retain(|member| !member.name.is_empty() || member.address.is_some());
    members
}

/// The members but this one, as Proxmox's own tools reach them: as root, by address, each under a key that is known by
/// its name (`PVE::SSHInfo`). A name or address that ssh could mistake is given back as it is.
pub(super) fn others(members: &[Member], own: &str) -> (Vec<Host>, Vec<String>) {
    let (mut hosts, mut refused) = (vec![], vec![]);
    for member in members.iter().filter(|member| member.name != own) {
        let name = Some(&member.name).filter(|name| !name.is_empty());
        let ways: Vec<String> = member.address.iter().chain(name).cloned().collect();
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
        let members = read(text.as_bytes());
        assert_eq!(members.len(), 4);
        let (hosts, refused) = others(&members, "pve1");
        assert_eq!(refused, ["-oProxyCommand=x", "a;b"]);
        let [pve2] = hosts.as_slice() else { panic!("{hosts:?}") };
        assert_eq!((pve2.ways.join(" "), pve2.alias.as_deref()), ("10.0.0.2 pve2".to_owned(), Some("pve2")));
        assert_eq!(read(b"nodelist {\nnode {\n}\n}}}\nnodelist {{\n: x\n\xff"), []);
    }
}
