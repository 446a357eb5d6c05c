//! What FRR says of a running fabric, once nothing moves any more.

use super::{
    fabric::Fabric,
    picture::{Attached, Picture},
    pings,
    routes::{self, Nexts, Route},
    run::Lab,
};
use crate::support::{
    prediction::{Session, Vni},
    vty::Vty,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    thread,
    time::{Duration, Instant},
};

/// How often it is looked at.
const PERIOD: Duration = Duration::from_secs(1);
/// How many looks in a row must be the same.
const LOOKS: usize = 3;
/// After how long it may be done where every session is up.
const SOON: Duration = Duration::from_secs(5);
/// After how long it may be done where one is not.
const LATE: Duration = Duration::from_secs(14);
/// The same where an interior protocol must find its neighbours first: OSPF elects for 5 s.
const LATEST: Duration = Duration::from_secs(19);
/// After how long what still moves counts as down.
const END: Duration = Duration::from_secs(30);

/// A look at all nodes; with each session goes how often it came up.
#[derive(PartialEq)]
struct Look {
    sessions: BTreeMap<(String, String, String), Seen>,
    vnis: Vec<Vni>,
    routes: Vec<Route>,
}

#[derive(Clone, PartialEq)]
struct Seen {
    is_up: bool,
    rises: u64,
    families: Vec<String>,
}

/// Waits until it is settled, and says what there is.
///
/// # Errors
/// In words, where a daemon is gone.
pub(crate) fn measure(fabric: &Fabric, lab: &mut Lab) -> Result<Picture, String> {
    let start = Instant::now();
    let late = if fabric.nodes.iter().any(|node| node.igp.is_some()) { LATEST } else { LATE };
    let mut sockets = vec![];
    for node in &fabric.nodes {
        let socket = |daemon: &str| lab.vty(&node.name, daemon).ok_or(format!("{} has lost its {daemon}", node.name));
        sockets.push((node.name.as_str(), socket("bgpd")?, socket("zebra")?));
    }
    let nexts = Nexts::new(fabric);
    let mut looks: VecDeque<Look> = VecDeque::new();
    loop {
        let mut look = Look { sessions: BTreeMap::new(), vnis: vec![], routes: vec![] };
        for (name, bgpd, zebra) in &mut sockets {
            look_at(name, bgpd, zebra, &nexts, &mut look).ok_or(format!("a daemon of {name} has died"))?;
        }
        looks.push_back(look);
        if looks.len() > LOOKS {
            looks.pop_front();
        }
        let last = &looks[looks.len() - 1];
        let is_still = looks.len() == LOOKS && looks.iter().all(|look| look == last);
        let all_up = last.sessions.values().all(|seen| seen.is_up);
        let soonest = if all_up { SOON } else { late };
        if (is_still && start.elapsed() >= soonest) || start.elapsed() >= END {
            break;
        }
        thread::sleep(PERIOD);
    }
    let last = looks.pop_back().ok_or("nothing was seen")?;
    let sessions = last.sessions.into_iter().map(|(key, seen)| {
        let is_up = seen.is_up && looks.iter().all(|look| look.sessions.get(&key) == Some(&seen));
        let (node, vrf, peer) = key;
        let state = if is_up { "up" } else { "down" }.to_owned();
        let families = if is_up { seen.families } else { vec![] };
        Session { node, vrf, peer, state, families, why: None }
    });
    let sessions = sessions.collect();
    let (pings, fdb) = match pings::obstacle() {
        None => (pings::ping(fabric, lab)?, pings::learnt(fabric, lab)?),
        Some(_) => (vec![], vec![]),
    };
    let attached = |host: &super::dress::Host| Attached {
        node: fabric.nodes[host.node].name.clone(),
        bridge: host.bridge.clone(),
        mac: host.mac.clone(),
    };
    Ok(Picture {
        sessions,
        vnis: last.vnis,
        addresses: routes::addresses(fabric),
        routes: last.routes,
        hosts: fabric.hosts.iter().map(attached).collect(),
        pings,
        fdb,
    })
}

/// What a daemon says, as JSON.
fn ask(socket: &mut Vty, command: &str) -> Option<Value> {
    let (_, said) = socket.say(command)?;
    Some(serde_json::from_str(&said).unwrap_or(Value::Null))
}

/// Looks at one node. `None` where a daemon is gone.
fn look_at(node: &str, bgpd: &mut Vty, zebra: &mut Vty, nexts: &Nexts, into: &mut Look) -> Option<()> {
    let neighbours = ask(bgpd, "show bgp vrf all neighbors json")?;
    for (vrf, peers) in neighbours.as_object().into_iter().flatten() {
        let peers = peers.as_object().into_iter().flatten().filter(|(_, peer)| peer.is_object());
        for (peer, said) in peers {
            let common = said["neighborCapabilities"]["multiprotocolExtensions"].as_object();
            let families = common.into_iter().flatten().filter(|(_, how)| how["advertisedAndReceived"] == true);
            let seen = Seen {
                is_up: said["bgpState"] == "Established",
                rises: said["connectionsEstablished"].as_u64().unwrap_or(0),
                families: families.map(|(name, _)| spell(name)).collect(),
            };
            into.sessions.insert((node.to_owned(), vrf.clone(), peer.clone()), seen);
        }
    }
    for command in ["show ip route json", "show ipv6 route json"] {
        into.routes.extend(routes::read(node, &ask(zebra, command)?, nexts));
    }
    let known = ask(bgpd, "show bgp l2vpn evpn vni json")?;
    let devices = ask(zebra, "show evpn vni detail json")?;
    for said in devices.as_array().into_iter().flatten() {
        let Some(vni) = said["vni"].as_u64() else { continue };
        let own = &known[vni.to_string()];
        // The key speaks of a number, and holds the addresses.
        let remote = said["numRemoteVteps"].as_array().into_iter().flatten();
        into.vnis.push(Vni {
            node: node.to_owned(),
            vni: vni as u32,
            layer: said["type"].as_str().unwrap_or_default().to_owned(),
            // bgpd has an address for it where the device has none.
            vtep: own["originatorIp"].as_str().and_then(|vtep| vtep.parse().ok()),
            live: own["inKernel"] == "True",
            remote_vteps: BTreeSet::new(),
            flood_vteps: remote.filter_map(|vtep| vtep.as_str()?.parse().ok()).collect(),
        });
    }
    Some(())
}

/// `ipv4Unicast` as `ipv4 unicast`.
fn spell(family: &str) -> String {
    match family {
        "l2VpnEvpn" => "l2vpn evpn".to_owned(),
        other => other.replace("Unicast", " unicast"),
    }
}
