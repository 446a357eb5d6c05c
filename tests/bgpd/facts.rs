//! What two configurations of BGP have in common: the lines of each block as a set, in one spelling, and without what
//! says no more than the default does.

use std::collections::BTreeSet;

/// A block's openers, and a line.
pub(crate) type Facts = BTreeSet<String>;

/// What `text`, indented as FRR does it, says of BGP.
pub(crate) fn of(text: &str) -> Facts {
    let mut facts = Facts::new();
    let mut path: Vec<&str> = vec![];
    for raw in text.lines() {
        let line = raw.trim();
        if line.is_empty() || line.starts_with(['!', '#']) || line.starts_with("exit") || line == "end" {
            continue;
        }
        path.truncate(raw.len() - raw.trim_start().len());
        let opens = ["router bgp", "address-family ", "vni "].iter().any(|opener| line.starts_with(opener));
        // A target that is the automatic one anyway is not kept.
        let vni = path.last().and_then(|opener| opener.strip_prefix("vni "));
        let is_automatic = vni.is_some_and(|vni| line.ends_with(&format!(" 65000:{vni}")));
        // Whether a line is needed depends on what was the default when the neighbour came.
        let is_activation = line.ends_with(" activate") && path.last() == Some(&"address-family ipv4 unicast");
        let is_bgp = path.first().is_some_and(|first| first.starts_with("router bgp"));
        if is_bgp && !is_automatic && !is_activation && !line.starts_with("address-family ") {
            let block = path.join(" / ");
            facts.extend(spell(line).into_iter().map(|line| format!("{block} / {line}")));
        }
        if opens {
            path.push(line);
        }
    }
    let own = facts.clone();
    facts.retain(|fact| !is_inherited(fact, &own));
    facts
}

/// A line in the spelling of `show running-config`; nothing where it says the default.
fn spell(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        ["route-target", "both", target] => {
            ["import", "export"].iter().map(|way| format!("route-target {way} {target}")).collect()
        }
        ["neighbor", peer, "interface", rest @ ..] => {
            let rest = rest.strip_prefix(&["v6only"]).unwrap_or(rest);
            let only = if line.contains(" v6only") { " v6only" } else { "" };
            let mut all = vec![format!("neighbor {peer} interface{only}")];
            all.extend((!rest.is_empty()).then(|| format!("neighbor {peer} {}", rest.join(" "))));
            all
        }
        ["bgp", "confederation", "peers", all @ ..] => {
            let others = all.iter().filter(|peer| **peer != "65000");
            others.map(|peer| format!("bgp confederation peers {peer}")).collect()
        }
        ["neighbor", peer, "ebgp-multihop"] => vec![format!("neighbor {peer} ebgp-multihop 255")],
        // No more than a third of the hold time lies between keepalives.
        [what @ .., keepalive, hold] if matches!(what, ["timers", "bgp"] | ["neighbor", _, "timers"]) => {
            let (keepalive, hold): (u32, u32) = (keepalive.parse().unwrap_or(0), hold.parse().unwrap_or(0));
            let line = format!("{} {} {hold}", what.join(" "), keepalive.min(hold / 3));
            Some(line).into_iter().filter(|line| line != "timers bgp 60 180").collect()
        }
        ["neighbor", peer, "password", _] => vec![format!("neighbor {peer} password")],
        ["neighbor", _, "send-community", ..]
        | ["neighbor", _, "port", "179"]
        | ["neighbor", _, "ebgp-multihop", "1"]
        // Goes with `route-server-client`.
        | ["neighbor", _, "attribute-unchanged", "next-hop"]
        | ["bgp", "default", "ipv4-unicast"] => vec![],
        _ => vec![line.to_owned()],
    }
}

/// Whether a member says what its group says.
fn is_inherited(fact: &str, all: &Facts) -> bool {
    let Some((block, line)) = fact.rsplit_once(" / ") else { return false };
    let Some((name, rest)) = line.strip_prefix("neighbor ").and_then(|line| line.split_once(' ')) else { return false };
    let router = block.split(" / ").next().unwrap_or(block);
    let begin = format!("{router} / neighbor {name} peer-group ");
    let group = all.iter().find_map(|other| other.strip_prefix(&begin));
    group.is_some_and(|group| all.contains(&format!("{block} / neighbor {group} {rest}")))
}
