//! containerlab's topologies, `*.clab.yml`: the cables between the nodes of a lab.
//!
//! ```yaml
//! topology:
//!   links:
//!     - endpoints: ["leaf1:eth1", "spine1:eth1"]
//! ```
//!
//! All else there builds the lab: it is passed over, and hidden, since it may hold passwords.

use super::cables::Cables;
use crate::{
    model::{Reading, surroundings::CableEnd},
    source::{File, FileId, LanguageId},
};
use tree::Value;

#[cfg(test)]
mod tests;
mod tree;

pub(super) struct Containerlab;

/// How the names of its files end.
const ENDS: [&str; 2] = [".clab.yml", ".clab.yaml"];

/// What may stand for a node, and is none: there the link leaves the lab.
const OUTSIDE: [&str; 4] = ["host", "mgmt-net", "macvlan", "dummy"];

/// The `type` of links that have one end in the lab.
const SINGLE: [&str; 6] = ["mgmt-net", "macvlan", "host", "vxlan", "vxlan-stitch", "dummy"];

impl super::Language for Containerlab {
    fn id(&self) -> LanguageId {
        LanguageId::Containerlab
    }

    fn claims(&self, inner: &str) -> bool {
        !inner.contains('/') && ENDS.iter().any(|end| inner.strip_suffix(end).is_some_and(|name| !name.is_empty()))
    }

    fn place(&self, name: &str) -> Option<String> {
        self.claims(name).then(|| name.to_owned())
    }

    fn read(&self, files: &[(FileId, &File)], into: &mut Reading) {
        for (id, file) in files {
            let mut cables = Cables::new(LanguageId::Containerlab, *id, file, &["#"], into);
            read(&mut cables, into);
        }
    }

    fn is_cluster_wide(&self) -> bool {
        true
    }

    fn is_of_cables(&self) -> bool {
        true
    }
}

fn read(cables: &mut Cables, into: &mut Reading) {
    if cables.is_too_long(into) {
        return;
    }
    let text = cables.text;
    let document = tree::read(text);
    let (mut links, mut has_topology) = (vec![], false);
    for (key, value) in document.root.entries() {
        if key.text == "topology" {
            has_topology = true;
            for (key, value) in value.entries() {
                if key.text == "links" { links.push(value) } else { hide(value, cables, into) }
            }
        } else {
            hide(value, cables, into);
        }
    }
    for links in links {
        match links {
            Value::List(list, _) => list.iter().for_each(|entry| link(entry, cables, into)),
            other if other.is_null() => {}
            other => cables.fault(other.place(), "`links` is a list", into),
        }
    }
    match document.broken {
        Some((at, why)) => {
            // What stands behind it is not known to be no secret.
            into.secrets.push(cables.span(at, text.len()));
            cables.fault((at, text.len()), why, into);
        }
        None if !has_topology && !matches!(document.root, Value::Nothing) => {
            cables.fault((0, text.len()), "containerlab wants a map with `topology` in it", into);
        }
        None => {}
    }
}

/// One entry of `links`.
fn link(entry: &Value, cables: &mut Cables, into: &mut Reading) {
    let get = |name: &str| entry.entries().iter().find(|(key, _)| key.text == name).map(|(_, value)| value);
    for (_, value) in entry.entries().iter().filter(|(key, _)| !["endpoints", "endpoint", "type"].contains(&&*key.text))
    {
        hide(value, cables, into);
    }
    let is_single = get("type").and_then(Value::scalar).is_some_and(|kind| SINGLE.contains(&kind));
    let ends = match get("endpoints") {
        Some(Value::List(ends, _)) => ends,
        None if is_single => return,
        _ => return cables.fault(entry.place(), "a link has two `endpoints`", into),
    };
    let [a, b] = ends.as_slice() else { return cables.fault(entry.place(), "a link has two `endpoints`", into) };
    let place = (a.place().0, b.place().1);
    match (end(a), end(b)) {
        (Ok(Some(a)), Ok(Some(b))) => cables.lay(a, b, place, into),
        (Ok(_), Ok(_)) => {}
        (Err(why), _) => cables.fault(a.place(), why, into),
        (_, Err(why)) => cables.fault(b.place(), why, into),
    }
}

/// An end of a link, which is nothing where the link leaves the lab.
fn end(value: &Value) -> Result<Option<CableEnd>, &'static str> {
    let end = match value {
        Value::Map(..) => {
            let get = |name: &str| value.entries().iter().find(|(key, _)| key.text == name)?.1.scalar();
            match (get("node"), get("interface")) {
                (Some(node), Some(port)) => format!("{node}:{port}"),
                _ => return Err("an end in this form has `node` and `interface`"),
            }
        }
        _ => value.scalar().ok_or("an end is like \"leaf1:eth1\"")?.to_owned(),
    };
    if end.contains("${") || end.contains("{{") {
        return Err("only containerlab knows what this variable stands for");
    }
    let device = end.split(':').next().unwrap_or("");
    if OUTSIDE.contains(&device) {
        return Ok(None);
    }
    end.parse().map(Some).map_err(|_| "an end is like \"leaf1:eth1\"")
}

/// A value that is not read, and so may be a secret.
fn hide(value: &Value, cables: &Cables, into: &mut Reading) {
    let (start, end) = value.place();
    into.secrets.push(cables.span(start, end));
}
