//! What was drawn: nodes, links with the MTU of each end, VNIs; and the text that says the same.

use fastrand::Rng;
use std::{collections::BTreeMap, fmt::Write as _};

/// A node, by its position.
pub(crate) type NodeIndex = usize;

/// A fabric.
#[derive(Default)]
pub(crate) struct Net {
    pub(crate) nodes: Vec<String>,
    /// Links: each end's node and what it takes, in bytes.
    pub(crate) links: Vec<[(NodeIndex, u32); 2]>,
    /// The members of each VNI, with the largest packet that each puts into it.
    pub(crate) vnis: BTreeMap<u32, BTreeMap<NodeIndex, u32>>,
    /// What a tunnel adds.
    pub(crate) overhead: u32,
    /// Node, path below it, text.
    pub(crate) files: Vec<(String, &'static str, String)>,
}

impl Net {
    /// The smallest MTU on all ways of the fewest links between two nodes; none where there is no way. Tries every way.
    pub(crate) fn least(&self, from: NodeIndex, to: NodeIndex) -> Option<u32> {
        let mut best: Option<(usize, u32)> = None;
        let mut path = vec![from];
        self.search(to, &mut path, u32::MAX, &mut best);
        best.map(|(_, least)| least)
    }

    fn search(&self, to: NodeIndex, path: &mut Vec<NodeIndex>, least: u32, best: &mut Option<(usize, u32)>) {
        let here = path[path.len() - 1];
        if here == to {
            let found = (path.len(), least);
            *best = Some(match *best {
                Some(known) if known.0 < found.0 => known,
                Some(known) if known.0 == found.0 => (known.0, known.1.min(found.1)),
                _ => found,
            });
            return;
        }
        for link in &self.links {
            for (near, far) in [(link[0], link[1]), (link[1], link[0])] {
                if near.0 == here && !path.contains(&far.0) {
                    path.push(far.0);
                    self.search(to, path, least.min(near.1).min(far.1), best);
                    path.pop();
                }
            }
        }
    }

    /// All files, one after the other.
    pub(crate) fn text(&self) -> String {
        self.files.iter().fold(String::new(), |mut all, (node, inner, text)| {
            writeln!(all, "### {node}/{inner}\n{text}").unwrap();
            all
        })
    }
}

/// A written MTU, or none.
pub(crate) fn written(rng: &mut Rng, choices: &[u32]) -> Option<u32> {
    let at = rng.usize(..=choices.len());
    choices.get(at).copied()
}

/// The line that says so.
pub(crate) fn line(mtu: Option<u32>) -> String {
    mtu.map_or(String::new(), |mtu| format!("    mtu {mtu}\n"))
}

/// What an interface gets where nobody wrote anything.
pub(crate) const DEFAULT: u32 = 1500;

const INSIDE: [u32; 6] = [1400, 1430, 1450, 1500, 8950, 9000];

/// A VNI on a node: its VXLAN device, its bridge, and perhaps a port for hosts. Returns the largest packet that gets into
/// a tunnel: what the largest sender on the bridge sends, as far as the VXLAN device takes it.
pub(crate) fn vni(rng: &mut Rng, vni: u32, source: &str, usual: &[Option<u32>; 2], text: &mut String) -> u32 {
    let [mut device, mut bridge] = *usual;
    if rng.u8(..8) == 0 {
        device = written(rng, &INSIDE);
    }
    if rng.u8(..8) == 0 {
        bridge = written(rng, &INSIDE);
    }
    let host = rng.bool().then(|| written(rng, &INSIDE));
    let port = host.map_or(String::new(), |_| format!(" host{vni}"));
    if let Some(mtu) = host {
        write!(text, "auto host{vni}\niface host{vni}\n{}\n", line(mtu)).unwrap();
    }
    write!(
        text,
        "auto vxlan{vni}\niface vxlan{vni}\n    vxlan-id {vni}\n    vxlan-local-tunnelip {source}\n{}\n\
         auto br{vni}\niface br{vni}\n    bridge-ports vxlan{vni}{port}\n    bridge-stp off\n{}\n",
        line(device),
        line(bridge)
    )
    .unwrap();
    let sends = bridge.unwrap_or(DEFAULT).max(host.map_or(0, |mtu| mtu.unwrap_or(DEFAULT)));
    device.unwrap_or(DEFAULT).min(sends)
}

/// What most nodes write for a VNI's VXLAN device and bridge.
pub(crate) fn usual(rng: &mut Rng) -> [Option<u32>; 2] {
    let own = written(rng, &INSIDE);
    [own, own]
}
