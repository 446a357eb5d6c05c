//! What we read is what ifupdown2 reads: the parse tree of `ifquery` against our model, on examples of our own. Skipped
//! where ifupdown2 is not installed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use evpnlint::{
    lang,
    model::Node,
    source::{File, Sources},
};
use serde_json::Value;
use std::{collections::BTreeMap, env, fs, process::Command};

const EXAMPLES: [&str; 6] = [
    "auto lo\niface lo inet loopback\n    address 192.0.2.1/32\n    vxlan-local-tunnelip 192.0.2.1\n",
    "auto swp[1-3]\niface swp[1-3]\n    mtu 9216\n\nauto swp4.100\niface swp4.100\n    address 10.0.0.1/24\n    vrf RED\n",
    "auto a\niface a\n    address 10.0.0.1\n    netmask 255.255.255.0\n    mtu 1400\n    mtu 9000\n    address 10.0.0.2/24\n",
    "iface late\n    mtu 1500\nauto late\n\nauto br0\niface br0 inet static\n\taddress 10.1.0.1/24\n\tbridge_ports a \\\n\t\tb c\n\
     \tbridge_stp off\n    # a note \\\n    mtu 1600\n\tbridge_vlan_aware yes\n",
    "auto vx\r\niface vx\r\n  vxlan_id   77\r\n  vxlan-local-tunnelip\t192.0.2.1\r\n  vxlan-remoteip 192.0.2.2\r\n\
       vxlan-remoteip 192.0.2.3\r\n",
    "auto x y\niface x inet dhcp\n    hwaddress 02:00:00:00:00:01\niface y\n    vlan-raw-device br0\n    vlan-id 20\n\
     auto z\niface z:1\n    address 10.2.0.1/24\nwhat is this\niface z\n    bogus\n    address 10.2.0.2/24\n",
];

#[test]
fn interfaces_and_their_attributes_are_those_of_ifquery() {
    if Command::new("ifquery").arg("--version").output().is_err() {
        return;
    }
    for (number, text) in EXAMPLES.iter().enumerate() {
        let path = env::temp_dir().join(format!("evpnlint-ifquery-{}-{number}", std::process::id()));
        fs::write(&path, text).unwrap();
        let output = Command::new("ifquery").args(["-a", "-o", "json", "-i"]).arg(&path).output().unwrap();
        fs::remove_file(&path).unwrap();
        let Ok(theirs) = serde_json::from_slice::<Value>(&output.stdout) else {
            // No lock, no log directory: it cannot run here.
            return;
        };
        let mut sources = Sources::default();
        sources.add(File::new("interfaces", "n", "etc/network/interfaces", text));
        let cluster = lang::read(&sources);
        assert_eq!(ours(&cluster.nodes[0]), summarise(&theirs), "{text}\n{theirs:#}");
    }
}

/// What both can tell of an interface, by its name.
type Summary = BTreeMap<String, BTreeMap<String, Vec<String>>>;

const COMPARED: [&str; 8] =
    ["address", "mtu", "vrf", "hwaddress", "vxlan-id", "vxlan-remoteip", "bridge-ports", "vlan-raw-device"];

/// Stanzas of one interface put together: lists add up, and the first line of a scalar counts.
fn summarise(stanzas: &Value) -> Summary {
    let mut summary = Summary::new();
    for stanza in stanzas.as_array().unwrap() {
        let own = summary.entry(stanza["name"].as_str().unwrap().to_owned()).or_default();
        let attributes = stanza["config"].as_object().cloned().unwrap_or_default();
        for (attribute, value) in attributes.iter().filter(|(attribute, _)| COMPARED.contains(&attribute.as_str())) {
            let lines: Vec<&str> = match value {
                Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
                line => line.as_str().into_iter().collect(),
            };
            let lines = if is_list(attribute) { lines } else { lines[..1].to_vec() };
            let words =
                lines.iter().flat_map(|line| line.split_whitespace()).map(|word| without_length(attribute, word));
            own.entry(attribute.clone()).or_default().extend(words);
        }
    }
    summary
}

fn is_list(attribute: &str) -> bool {
    matches!(attribute, "address" | "bridge-ports" | "vxlan-remoteip")
}

/// A mask may stand on a line of its own, so that addresses are compared without.
fn without_length(attribute: &str, word: &str) -> String {
    let word = if attribute == "address" { word.split('/').next().unwrap_or(word) } else { word };
    word.to_owned()
}

fn ours(node: &Node) -> Summary {
    let links = node.links.values().filter(|link| link.auto.is_some());
    links
        .map(|link| {
            let vxlan = link.vxlan();
            let raw = match &link.kind {
                evpnlint::model::link::LinkKind::Vlan { raw: Some(raw), .. } if raw.is_written() => {
                    vec![raw.value.clone()]
                }
                _ => vec![],
            };
            let one = |value: Option<String>| value.into_iter().collect::<Vec<_>>();
            let all = [
                ("address", link.addresses.iter().map(|own| own.ip.to_string()).collect()),
                ("mtu", one(link.mtu.as_ref().map(ToString::to_string))),
                ("vrf", one(link.vrf.as_ref().map(ToString::to_string))),
                ("hwaddress", one(link.hwaddress.as_ref().map(ToString::to_string))),
                ("vxlan-id", one(vxlan.and_then(|vxlan| vxlan.vni.as_ref()).map(ToString::to_string))),
                ("vxlan-remoteip", vxlan.iter().flat_map(|vxlan| &vxlan.remotes).map(ToString::to_string).collect()),
                ("bridge-ports", link.ports().iter().map(|port| port.value.clone()).collect()),
                ("vlan-raw-device", raw),
            ];
            let said = all.into_iter().filter(|(_, values)| !values.is_empty());
            (link.name.clone(), said.map(|(attribute, values)| (attribute.to_owned(), values)).collect())
        })
        .collect()
}
