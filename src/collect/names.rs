//! What the nodes' folders are called. A name that a node gives itself counts where nobody gave it another, and only
//! while no other node has it: none can take another's place in the tree.

use super::Node;
use std::collections::{BTreeMap, BTreeSet};

/// Names the nodes that answered. Each comes with the name by which it was asked.
pub(super) fn settle(nodes: &mut [Node]) {
    let asked: BTreeSet<String> = nodes.iter().map(|node| node.name.clone()).collect();
    let mut reports = BTreeMap::<String, usize>::new();
    for node in nodes.iter().filter(|node| !node.files.is_empty()) {
        if let Some(reported) = &node.reported {
            *reports.entry(reported.clone()).or_default() += 1;
        }
    }
    let mut taken = BTreeSet::new();
    for node in nodes.iter_mut().filter(|node| !node.files.is_empty()) {
        if let Some(reported) = node.reported.take_if(|reported| *reported != node.name) {
            let is_anothers = asked.contains(&reported) || reports.get(&reported).is_some_and(|count| *count > 1);
            if is_anothers {
                node.impostor = Some(reported);
            } else if node.goes_by_report {
                node.name = reported;
            }
        }
        let name = node.name.clone();
        node.name = (1..=taken.len() + 1)
            .map(|count| if count == 1 { name.clone() } else { format!("{name}-{count}") })
            .find(|name| !taken.contains(name) && (*name == node.name || !asked.contains(name)))
            .unwrap_or(name);
        taken.insert(node.name.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Text;

    fn node(asked: &str, reported: &str, goes_by_report: bool) -> Node {
        let file = Text { path: "etc/hostname".to_owned(), bytes: vec![] };
        let reported = Some(reported.to_owned());
        Node { files: vec![file], reported, goes_by_report, ..Node::asked(asked.to_owned(), asked.to_owned()) }
    }

    #[test]
    fn nobody_takes_the_place_of_another() {
        let mut nodes = [
            node("10.0.0.1", "leaf1", true),
            node("leaf1", "leaf1", true),
            node("10.0.0.3", "leaf3", true),
            node("10.0.0.4", "spine", true),
            node("10.0.0.5", "spine", true),
            node("leaf6", "leaf1", false),
            node("leaf7", "switch-17", false),
            node("leaf7", "leaf7", false),
        ];
        settle(&mut nodes);
        let named: Vec<_> = nodes.iter().map(|node| (node.name.as_str(), node.impostor.as_deref())).collect();
        let wanted = [
            ("10.0.0.1", Some("leaf1")),
            ("leaf1", None),
            ("leaf3", None),
            ("10.0.0.4", Some("spine")),
            ("10.0.0.5", Some("spine")),
            ("leaf6", Some("leaf1")),
            ("leaf7", None),
            ("leaf7-2", None),
        ];
        assert_eq!(named, wanted);
    }
}
