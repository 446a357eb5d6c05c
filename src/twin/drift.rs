//! What differs between a file as it should be and as it is.

use crate::model::twin::{Pair, Said, Script};
use std::collections::BTreeMap;

/// A difference. Of a block that is missing or extra as a whole, only the opener is told, with how much is in it.
#[derive(Clone, Debug)]
pub struct Drift<'p> {
    /// What should be there and is not.
    pub expected: Option<&'p Said>,
    /// What is there and should not be.
    pub actual: Option<&'p Said>,
    /// How many statements are in the block that it opens.
    pub inside: usize,
}

/// All differences, in the order of the expected file, then of the actual one. Where something of one block is said
/// otherwise, the two belong together.
pub fn drift(pair: &Pair) -> Vec<Drift<'_>> {
    let Some(actual) = &pair.actual else { return vec![] };
    let (missing, extra) = (lacking(&pair.expected, actual), lacking(actual, &pair.expected));
    let mut extra: Vec<Option<(&Said, usize)>> = extra.into_iter().map(Some).collect();
    let mut found = vec![];
    for (expected, inside) in missing {
        // The nearest in kind: of the same block, and about the same thing.
        let twin = extra.iter_mut().find(|other| other.is_some_and(|(other, _)| is_other(expected, other)));
        let actual = twin.and_then(Option::take).map(|(said, _)| said);
        found.push(Drift { expected: Some(expected), actual, inside });
    }
    let rest = extra.into_iter().flatten();
    found.extend(rest.map(|(said, inside)| Drift { expected: None, actual: Some(said), inside }));
    found
}

/// Whether two statements of one block are about the same thing, so that one stands in the other's place: attributes of
/// an interface that can be there once, and lines of FRR's that differ in their last word alone.
fn is_other(a: &Said, b: &Said) -> bool {
    let once = |said: &Said| match said.block.first() {
        Some(opener) if opener.starts_with("iface ") => {
            let name = said.text.split(' ').next().unwrap_or_default();
            let adds_up = matches!(name, "address" | "up" | "down" | "pre-up" | "post-up" | "post-down" | "pre-down");
            (!adds_up).then(|| name.to_owned())
        }
        _ => said.text.rsplit_once(' ').map(|(head, _)| head.to_owned()),
    };
    a.block == b.block && once(a).is_some() && once(a) == once(b)
}

/// What one file says and the other does not, as often; statements in blocks that are lacking are only counted.
fn lacking<'p>(of: &'p Script, other: &Script) -> Vec<(&'p Said, usize)> {
    let mut there: BTreeMap<(&[String], &str), usize> = BTreeMap::new();
    for said in &other.said {
        *there.entry((&said.block, &said.text)).or_default() += 1;
    }
    let mut lacking: Vec<(&Said, usize)> = vec![];
    for said in &of.said {
        let is_inside = |(opener, _): &&mut (&Said, usize)| {
            let depth = opener.block.len();
            said.block.len() > depth && said.block[..depth] == opener.block && said.block[depth] == opener.text
        };
        if let Some((_, inside)) = lacking.iter_mut().find(is_inside) {
            *inside += 1;
            continue;
        }
        match there.get_mut(&(&*said.block, &*said.text)) {
            Some(left) if *left > 0 => *left -= 1,
            _ => lacking.push((said, 0)),
        }
    }
    lacking
}
