//! Real pings between nodes and between hosts, and what the kernel's bridges have learnt by then.

use super::{
    dress::LENGTH,
    fabric::{Fabric, Kind, Node},
    run::Lab,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Write as _, net::IpAddr, thread, time::Duration};

/// A ping, and what came of it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Ping {
    /// A host, or a node.
    pub(crate) from: String,
    /// The address that it is sent from.
    pub(crate) source: IpAddr,
    pub(crate) to: IpAddr,
    /// Of the request and the reply, in bytes, IP header included.
    pub(crate) size: u32,
    /// Whether the request must not be fragmented.
    pub(crate) df: bool,
    /// Whether a reply came back.
    pub(crate) answered: bool,
}

/// What the kernel sends into a tunnel of a VNI.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Fdb {
    pub(crate) node: String,
    pub(crate) vni: u32,
    /// All of it by the address of zeros, what is for a host by the host's.
    pub(crate) mac: String,
    /// The VTEPs it is sent to.
    pub(crate) vteps: BTreeSet<IpAddr>,
}

/// Bytes of a small ping, headers included.
const SMALL: u32 = 84;
/// Headers of IPv4 and ICMP, in bytes.
const HEADERS: u32 = 28;
/// What fits into a tunnel over Ethernet.
const INNER: u32 = 1450;
const ETHERNET: u32 = 1500;

/// How long BGP may take to tell of a MAC address.
const PERIOD: Duration = Duration::from_millis(700);
/// How many looks there are at most until two are the same.
const LOOKS: usize = 8;

/// Why nothing can be pinged here.
pub(crate) fn obstacle() -> Option<&'static str> {
    let said = std::process::Command::new("ping").arg("-V").output();
    said.is_err().then_some("there is no ping (iputils-ping)")
}

/// Attaches the hosts, pings, and says what was answered.
///
/// # Errors
/// In words, where a namespace does not answer any more.
pub(crate) fn ping(fabric: &Fabric, lab: &mut Lab) -> Result<Vec<Ping>, String> {
    lab.obey(&attach(fabric))?;
    let mut pings = asked(fabric, &[(SMALL, false)]);
    answer(&mut pings, lab)?;
    // What a small ping does not reach, no larger one is sent to.
    let reached: BTreeSet<(String, IpAddr)> =
        pings.iter().filter(|ping| ping.answered).map(|ping| (ping.from.clone(), ping.to)).collect();
    let full = fabric.hosts.first().map_or(ETHERNET, |host| host.mtu);
    let mut sizes: Vec<u32> = vec![INNER, ETHERNET, full];
    sizes.sort_unstable();
    sizes.dedup();
    for df in [false, true] {
        let sizes: Vec<(u32, bool)> = sizes.iter().map(|size| (*size, df)).collect();
        let mut larger = asked(fabric, &sizes);
        larger.retain(|ping| reached.contains(&(ping.from.clone(), ping.to)));
        answer(&mut larger, lab)?;
        pings.extend(larger);
    }
    Ok(pings)
}

/// What attaches the hosts. A port of a bridge has the bridge's MTU, as Proxmox gives it.
fn attach(fabric: &Fabric) -> String {
    let mut text = String::new();
    for (at, host) in fabric.hosts.iter().enumerate() {
        let (name, bridge, node) = (&host.name, &host.bridge, &fabric.nodes[host.node].name);
        let (mac, mtu) = (&host.mac, host.mtu);
        let mut say = |line: String| writeln!(text, "{line}").unwrap();
        say(format!("ip netns add {name}"));
        say(format!("ip link add h{at} netns {node} type veth peer name eth0 netns {name} address {mac}"));
        say(format!("ip -n {name} link set eth0 mtu {mtu} up"));
        say(format!("ip -n {name} addr add {}/{LENGTH} dev eth0", host.address));
        say(format!(
            "own=$(ip -n {node} -o link show {bridge} 2> /dev/null | sed 's/.* mtu \\([0-9]*\\).*/\\1/'); \
             test -z \"$own\" || ip -n {node} link set h{at} mtu $own master {bridge} up"
        ));
    }
    text
}

/// The address that a node is pinged at.
fn address(node: &Node) -> Option<IpAddr> {
    let all = node.devices.iter().filter(|device| !matches!(device.kind, Kind::Vxlan { .. }));
    let mut own = all.flat_map(|device| &device.addresses).filter_map(|own| own.split('/').next()?.parse().ok());
    own.find(IpAddr::is_ipv4)
}

/// Each node asks each other one, and each host all others of its subnet.
fn asked(fabric: &Fabric, sizes: &[(u32, bool)]) -> Vec<Ping> {
    let mut pings = vec![];
    let mut ask = |from: &str, source: IpAddr, to: IpAddr| {
        for (size, df) in sizes {
            pings.push(Ping { from: from.to_owned(), source, to, size: *size, df: *df, answered: false });
        }
    };
    for node in &fabric.nodes {
        for other in fabric.nodes.iter().filter(|other| other.name != node.name) {
            if let (Some(source), Some(to)) = (address(node), address(other)) {
                ask(&node.name, source, to);
            }
        }
    }
    for host in &fabric.hosts {
        let beside = |other: &&super::dress::Host| other.name != host.name && other.bridge == host.bridge;
        for other in fabric.hosts.iter().filter(beside) {
            ask(&host.name, host.address.parse().unwrap(), other.address.parse().unwrap());
        }
    }
    pings
}

/// Sends them all at the same time. A second request follows where the first is not answered.
fn answer(pings: &mut [Ping], lab: &mut Lab) -> Result<(), String> {
    let mut text = "try() {\n at=$1; space=$2; shift 2\n \
                    own=\"nsenter --net=/run/netns/$space ping -n -q -c 1\"\n \
                    { $own -W 1 \"$@\" || $own -W 2 \"$@\"; } > /dev/null 2>&1 && echo $at\n}\n"
        .to_owned();
    for (at, Ping { from, source, to, size, df, .. }) in pings.iter().enumerate() {
        let (hint, bytes) = (if *df { "do" } else { "dont" }, size - HEADERS);
        writeln!(text, "try {at} {from} -s {bytes} -M {hint} -I {source} {to} &").unwrap();
    }
    text += "wait\n";
    for line in lab.obey(&text)?.lines() {
        if let Some(ping) = line.parse().ok().and_then(|at: usize| pings.get_mut(at)) {
            ping.answered = true;
        }
    }
    Ok(())
}

/// What the kernels of all nodes have learnt, once it changes no more.
///
/// # Errors
/// In words, where a namespace does not answer any more.
pub(crate) fn learnt(fabric: &Fabric, lab: &mut Lab) -> Result<Vec<Fdb>, String> {
    let mut last = vec![];
    for _ in 0..LOOKS {
        thread::sleep(PERIOD);
        let mut now = vec![];
        for node in &fabric.nodes {
            let said = lab.obey(&format!("bridge -n {} -json fdb show", node.name))?;
            now.extend(read(node, &serde_json::from_str(&said).unwrap_or(Value::Null)));
        }
        if now == last {
            break;
        }
        last = now;
    }
    Ok(last)
}

fn read(node: &Node, said: &Value) -> Vec<Fdb> {
    let mut all: Vec<Fdb> = vec![];
    for own in said.as_array().into_iter().flatten() {
        let device = node.devices.iter().find(|device| own["ifname"] == *device.name);
        let vni = device.and_then(|device| match device.kind {
            Kind::Vxlan { vni, .. } => Some(vni),
            _ => None,
        });
        let vtep = own["dst"].as_str().and_then(|vtep| vtep.parse().ok());
        let (Some(vni), Some(vtep), Some(mac)) = (vni, vtep, own["mac"].as_str()) else { continue };
        match all.iter_mut().find(|known| known.vni == vni && known.mac == mac) {
            Some(known) => _ = known.vteps.insert(vtep),
            None => {
                let (node, mac) = (node.name.clone(), mac.to_owned());
                all.push(Fdb { node, vni, mac, vteps: BTreeSet::from([vtep]) });
            }
        }
    }
    all
}
