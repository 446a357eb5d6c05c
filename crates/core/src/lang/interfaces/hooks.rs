//! Commands in hooks that make interfaces or put them into others. What they say may be conditional, so it only adds
//! to what attributes say: possible facts, never absence.

use super::kind::Parts;
use crate::{
    model::{Sourced, Vni, link::OtherKind},
    source::Span,
};
use evpnlint_grammar::interfaces::Rule;
use std::collections::BTreeMap;

/// Reads one hook, in which the name of the interface already stands for `$IFACE`. `parts` are those of every
/// interface by name; the result names interfaces that the hook makes.
pub(super) fn read(hook: &str, span: Span, parts: &mut BTreeMap<String, Parts>) -> Vec<String> {
    let mut made = vec![];
    for command in hook.split([';', '&', '|']) {
        let words: Vec<&str> = command.split_ascii_whitespace().collect();
        let words = match words.as_slice() {
            ["sudo", rest @ ..] => rest,
            all => all,
        };
        match words {
            [ip, "link", "add", rest @ ..] if is_tool(ip, "ip") => made.extend(add(rest, span, parts)),
            [ip, "link", "set", rest @ ..] if is_tool(ip, "ip") => {
                let rest = rest.strip_prefix(["dev"].as_slice()).unwrap_or(rest);
                if let Some((port, options)) = rest.split_first()
                    && let Some(bridge) = after(options, "master")
                {
                    join(port, bridge, span, parts);
                }
            }
            [brctl, "addbr", name, ..] if is_tool(brctl, "brctl") => {
                parts.entry((*name).to_owned()).or_default().ports.get_or_insert_default();
                made.push((*name).to_owned());
            }
            [brctl, "addif", bridge, ports @ ..] if is_tool(brctl, "brctl") => {
                for port in ports {
                    join(port, bridge, span, parts);
                }
            }
            _ => {}
        }
    }
    made
}

fn is_tool(word: &str, tool: &str) -> bool {
    word.rsplit('/').next() == Some(tool)
}

fn after<'w>(words: &[&'w str], key: &str) -> Option<&'w str> {
    let at = words.iter().position(|word| *word == key)?;
    words.get(at + 1).copied()
}

/// A port joins what is known to be a bridge.
fn join(port: &str, bridge: &str, span: Span, parts: &mut BTreeMap<String, Parts>) {
    if let Some(bridge) = parts.get_mut(bridge)
        && (bridge.ports.is_some() || bridge.vlan_aware.is_some())
    {
        let port = (Rule::NAME, Sourced::written(port.to_owned(), span));
        bridge.ports.get_or_insert_default().push(port);
    }
}

/// `ip link add [name] X … type T …`.
fn add(words: &[&str], span: Span, parts: &mut BTreeMap<String, Parts>) -> Option<String> {
    let at = words.iter().position(|word| *word == "type")?;
    let (before, options) = (&words[..at], words.get(at + 2..)?);
    let name = after(before, "name").or(after(before, "dev")).or(before.first().copied())?;
    if name.contains('$') {
        return None;
    }
    let given = parts.contains_key(name);
    let made = parts.entry(name.to_owned()).or_default();
    match words.get(at + 1).copied()? {
        "vxlan" if !made.is_vxlan => {
            made.is_vxlan = true;
            let vxlan = &mut made.vxlan;
            vxlan.hook = Some(span);
            let number = |key| after(options, key).and_then(|word| word.parse::<Vni>().ok());
            vxlan.vni = number("id").or(number("vni")).map(|vni| Sourced::written(vni, span));
            let address = |key| after(options, key).and_then(|word| word.parse().ok());
            vxlan.local = address("local").map(|ip| Sourced::written(ip, span));
            vxlan.group = address("group").map(|ip| Sourced::written(ip, span));
            vxlan.remotes = address("remote").map(|ip| Sourced::written(ip, span)).into_iter().collect();
            let port = after(options, "dstport").and_then(|word| word.parse().ok());
            // Without `dstport` the kernel takes 8472 (ip-link(8)).
            vxlan.port = Some(Sourced::written(port.unwrap_or(8472), span));
            vxlan.physdev = after(options, "dev").map(|dev| Sourced::written(dev.to_owned(), span));
            if options.contains(&"nolearning") {
                vxlan.learning = Some(Sourced::written(false, span));
            }
        }
        "bridge" => {
            made.ports.get_or_insert_default();
            if after(options, "vlan_filtering") == Some("1") && made.vlan_aware.is_none() {
                made.vlan_aware = Some(Sourced::written(true, span));
            }
        }
        "vrf" => {
            let table = after(options, "table").and_then(|word| word.parse().ok());
            made.table.get_or_insert(table.map(|table| Sourced::written(table, span)));
        }
        "dummy" => made.link_type = made.link_type.take().or(Some("dummy".to_owned())),
        "veth" => made.link_type = made.link_type.take().or(Some("veth".to_owned())),
        _ => {
            if !given {
                made.other = Some(OtherKind::ByHook);
            }
        }
    }
    Some(name.to_owned())
}
