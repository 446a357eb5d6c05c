//! Lines that nearly all nodes of a role share, and one has not, or otherwise.
//!
//! No rule knows what such a line means, so that only a comparison among many says anything: `FEWEST` nodes must agree,
//! and no more than one in `RARE` may differ. What is said of a thing (a port, a neighbour, a VRF) counts only where
//! the thing is: tenants and hosts live on some nodes and not on others.

use super::{Fabric, roles};
use crate::index::NodeIndex;
use evpnlint_core::model::outline::{Block, Line, Outline, Phrase, without_numbers};
use indexmap::{IndexMap, IndexSet};
use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

/// How many siblings must say the same.
const FEWEST: usize = 5;

/// How many must agree for each that differs; one may differ in any case where all are siblings in the same block.
const RARE: usize = 20;

/// In how many kinds of lines a node may differ: who differs in more is not a sibling, however alike the rest is.
const MOST: usize = 4;

/// A line in which a node differs from its siblings.
#[derive(Clone, Debug)]
pub struct Odd<'m> {
    /// What the siblings say.
    pub usual: &'m Phrase,
    /// What the node says of the same thing; nothing where it says nothing.
    pub own: Option<&'m Line>,
    /// How many say as the siblings do.
    pub have: usize,
    /// How many could, the odd ones included.
    pub of: usize,
    /// What they are.
    pub among: Among,
    /// Where the first of the siblings say it.
    pub theirs: Vec<(NodeIndex, &'m Line)>,
}

/// What is compared with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// The same block on each sibling.
    Nodes,
    /// All blocks of a kind, on all siblings: the VXLAN devices, say.
    Blocks,
}

/// A block in which a node differs from its siblings.
#[derive(Clone, Debug)]
pub struct Outlier<'m> {
    /// The node.
    pub node: NodeIndex,
    /// The path of the block; empty for the top level.
    pub path: &'m str,
    /// The block.
    pub block: &'m Block,
    /// The lines, in the order of the siblings.
    pub odd: Vec<Odd<'m>>,
}

impl<'m> Outlier<'m> {
    /// The block around it that no other is around; for a line of the top level, all of it.
    pub fn outermost(&self, fabric: &Fabric<'m>) -> &'m Block {
        let around = around(&fabric.node(self.node).outline, self.block);
        around.take_while(|block| !block.is_top()).last().unwrap_or(self.block)
    }
}

/// A block, and those around it.
fn around<'m>(outline: &'m Outline, block: &'m Block) -> impl Iterator<Item = &'m Block> {
    std::iter::successors(Some(block), |block| {
        block.parent.and_then(|at| outline.blocks.get_index(at)).map(|(_, up)| up)
    })
}

/// Every block in which a node differs from its siblings, by path and node within a role.
pub fn outliers<'m>(fabric: &Fabric<'m>) -> Vec<Outlier<'m>> {
    roles::roles(fabric).iter().filter(|role| role.len() > FEWEST).flat_map(|role| of_role(fabric, role)).collect()
}

/// How much is said of one thing in all blocks of a kind: of the MTU of all ports, say.
#[derive(Default)]
struct Custom {
    /// How many say nothing, or otherwise than most do in the same block.
    odd: usize,
    /// How many could say it.
    of: usize,
}

impl Custom {
    /// Whether so few differ that it is a custom, and not each node's own choice.
    fn holds(&self) -> bool {
        self.odd <= (self.of / RARE).max(1)
    }
}

fn of_role<'m>(fabric: &Fabric<'m>, role: &[NodeIndex]) -> Vec<Outlier<'m>> {
    let (mut blocks, mut kinds) = (BTreeMap::<&str, Vec<Sibling>>::new(), BTreeMap::<&str, Vec<Sibling>>::new());
    for node in role {
        for (path, block) in &fabric.node(*node).outline.blocks {
            let member = || Sibling { node: *node, path, block, subjects: OnceCell::new() };
            blocks.entry(path).or_default().push(member());
            kinds.entry(&block.kind).or_default().push(member());
        }
    }
    blocks.retain(|_, members| members.len() > 1);
    let mut customs: BTreeMap<(&str, String), Custom> = BTreeMap::new();
    let mut found: BTreeMap<(&str, NodeIndex), Outlier> = BTreeMap::new();
    for members in blocks.values() {
        let odd = tally(fabric, Among::Nodes, members, |about, odd, of| {
            let custom = customs.entry((&members[0].block.kind, without_numbers(about))).or_default();
            custom.odd += odd;
            custom.of += of;
        });
        found.extend(odd.into_iter().map(|(at, odd)| members[at].found(odd)));
    }
    for members in kinds.values() {
        for (at, odd) in tally(fabric, Among::Blocks, members, |_, _, _| {}) {
            let member = &members[at];
            let (key, mut outlier) = member.found(vec![]);
            let known = found.get(&key).map_or(&[][..], |known| &known.odd);
            // A block that no other node has may be what only this node is for.
            let Some(same) = blocks.get(member.path) else { continue };
            for mut odd in odd {
                odd.theirs =
                    same.iter().filter_map(|other| Some((other.node, other.says(odd.usual)?))).take(2).collect();
                if !odd.theirs.is_empty() && known.iter().all(|other| other.usual.about != odd.usual.about) {
                    outlier.odd.push(odd);
                }
            }
            found.entry(key).or_insert(Outlier { odd: vec![], ..outlier }).odd.append(&mut outlier.odd);
        }
    }
    let mut differences: BTreeMap<NodeIndex, BTreeSet<(&str, String)>> = BTreeMap::new();
    for outlier in found.values_mut() {
        outlier.odd.retain(|odd| {
            let thing = (outlier.block.kind.as_str(), without_numbers(&odd.usual.about));
            let is_custom = customs.get(&thing).is_some_and(Custom::holds);
            if is_custom {
                differences.entry(outlier.node).or_default().insert(thing);
            }
            is_custom
        });
    }
    let is_sibling = |node: &NodeIndex| differences.get(node).is_none_or(|own| own.len() <= MOST);
    found.into_values().filter(|outlier| !outlier.odd.is_empty() && is_sibling(&outlier.node)).collect()
}

/// A sibling that has the block at hand.
struct Sibling<'m> {
    node: NodeIndex,
    path: &'m str,
    block: &'m Block,
    /// The things that the block, or one around it, knows; once somebody has asked.
    subjects: OnceCell<IndexSet<&'m str>>,
}

impl<'m> Sibling<'m> {
    /// Whether it has the thing that a line is about.
    fn knows(&self, fabric: &Fabric<'m>, phrase: &Phrase) -> bool {
        let subjects = || {
            let lines = around(&fabric.node(self.node).outline, self.block).flat_map(|block| &block.lines);
            lines.filter_map(|line| line.phrase.subject()).collect()
        };
        phrase.subject().is_none_or(|subject| self.subjects.get_or_init(subjects).contains(subject))
    }

    /// The line that says the same.
    fn says(&self, phrase: &Phrase) -> Option<&'m Line> {
        self.block.lines.iter().find(|line| *line.phrase == *phrase)
    }

    fn found(&self, odd: Vec<Odd<'m>>) -> ((&'m str, NodeIndex), Outlier<'m>) {
        ((self.path, self.node), Outlier { node: self.node, path: self.path, block: self.block, odd })
    }
}

/// What is said of one thing, each by the members who say so, by position.
type Ways<'m> = IndexMap<&'m str, Vec<(usize, &'m Line)>>;

/// What each member says otherwise than most, by its position; the members of a node stand together. `count` is told,
/// for each thing that lines are about, how many say so and how many could say something of it.
fn tally<'m>(
    fabric: &Fabric<'m>,
    among: Among,
    members: &[Sibling<'m>],
    mut count: impl FnMut(&str, usize, usize),
) -> BTreeMap<usize, Vec<Odd<'m>>> {
    let mut said: IndexMap<&str, Ways> = IndexMap::new();
    for (at, member) in members.iter().enumerate() {
        let mut own: IndexMap<&str, &Line> = IndexMap::new();
        own.extend(member.block.lines.iter().map(|line| (&*line.phrase.about, line)));
        for (about, line) in own {
            said.entry(about).or_default().entry(&line.phrase.says).or_default().push((at, line));
        }
    }
    let mut found: BTreeMap<usize, Vec<Odd>> = BTreeMap::new();
    for (about, ways) in said {
        let Some(usual) = ways.values().max_by_key(|who| who.len()) else { continue };
        let (have, say): (_, usize) = (usual.len(), ways.values().map(Vec::len).sum());
        let mut nodes: Vec<NodeIndex> = usual.iter().map(|(at, _)| members[*at].node).collect();
        nodes.dedup();
        if nodes.len() < FEWEST {
            count(about, say - have, say);
            continue;
        }
        let phrase = &*usual[0].1.phrase;
        let mut own: Vec<Option<&Line>> = vec![None; members.len()];
        ways.values().flatten().for_each(|(at, line)| own[*at] = Some(line));
        let is_odd = |at: &usize| match own[*at] {
            Some(line) => line.phrase.says != phrase.says,
            None => members[*at].knows(fabric, phrase),
        };
        let odd: Vec<usize> = (0..members.len()).filter(is_odd).collect();
        let of = have + odd.len();
        count(about, odd.len(), of);
        let is_rare = match among {
            Among::Nodes => odd.len() <= (of / RARE).max(1),
            Among::Blocks => odd.len() * RARE <= of && phrase.subject.is_none(),
        };
        for at in odd.into_iter().filter(|_| is_rare) {
            let theirs = usual.iter().take(2).map(|(at, line)| (members[*at].node, *line)).collect();
            found.entry(at).or_default().push(Odd { usual: phrase, own: own[at], have, of, among, theirs });
        }
    }
    found
}
