//! Shorthands for many names or numbers.

use crate::{
    model::Vni,
    source::{FileId, Span},
};
use glob::Pattern;
use std::collections::BTreeMap;

/// The most names or pairs that one shorthand stands for: there are 4094 VLANs.
const MOST: u64 = 4096;

/// The most interfaces that ranges in one file stand for, and the most lines, names of ports and pairs.
const MOST_OF_FILE: u64 = 1 << 18;

/// What a shorthand must be, in words.
pub(super) const WITHIN: &str = "within 4096 names, or 262144 names and lines for all ranges of the file, \
                                 beyond which none is expanded";

/// How much the shorthands of each file have stood for, so that a small file cannot stand for a huge one.
#[derive(Debug, Default)]
pub(super) struct Budget {
    spent: BTreeMap<FileId, u64>,
    /// Where each file first asked for more.
    pub beyond: BTreeMap<FileId, Span>,
}

impl Budget {
    /// The same anew, with what was asked for beyond another one.
    pub(super) fn after(other: &Self) -> Self {
        Self { beyond: other.beyond.clone(), ..Self::default() }
    }

    /// How many of the names or lines that something stands for may be had; one is what any word is.
    pub(super) fn take(&mut self, span: Span, wanted: u64) -> u64 {
        if wanted <= 1 {
            return wanted;
        }
        let spent = self.spent.entry(span.file).or_default();
        let granted = wanted.min(MOST_OF_FILE - *spent);
        *spent += granted;
        if granted < wanted {
            self.beyond.entry(span.file).or_insert(span);
        }
        granted
    }

    fn take_range(&mut self, span: Span, wanted: u64) -> usize {
        if wanted > MOST {
            self.beyond.entry(span.file).or_insert(span);
        }
        self.take(span, wanted.min(MOST)) as usize
    }
}

/// Names that differ in a number.
struct Range<'t> {
    prefix: &'t str,
    /// Nothing where the name stands for itself.
    numbers: Option<(u64, u64)>,
    suffix: &'t str,
}

impl<'t> Range<'t> {
    /// ifupdown2's `parse_iface_range`: one range, around which there are word characters and dots.
    fn parse(text: &'t str) -> Self {
        let parse = || {
            let (prefix, rest) = text.split_once('[')?;
            let (numbers, suffix) = rest.split_once(']')?;
            let (low, high) = numbers.split_once('-')?;
            let is_word = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
            let numbers = (low.parse().ok()?, high.parse().ok()?);
            (is_word(prefix) && is_word(suffix)).then_some(Self { prefix, numbers: Some(numbers), suffix })
        };
        parse().unwrap_or(Self { prefix: text, numbers: None, suffix: "" })
    }

    fn count(&self) -> u64 {
        self.numbers.map_or(1, |(low, high)| high.saturating_add(1).saturating_sub(low))
    }

    fn names(&self) -> impl Iterator<Item = String> + '_ {
        let (low, high) = self.numbers.unwrap_or((0, 0));
        (low..=high).map(|number| match self.numbers {
            Some(_) => format!("{}{number}{}", self.prefix, self.suffix),
            None => self.prefix.to_owned(),
        })
    }
}

/// The names that `swp[1-4].100` stands for; a name without a range stands for itself.
pub(super) fn names(text: &str, span: Span, budget: &mut Budget) -> Vec<String> {
    let range = Range::parse(text);
    range.names().take(budget.take_range(span, range.count())).collect()
}

/// The names that `glob` in a list of ports stands for: up to two ranges, the last of which may do without brackets
/// (`p1-4`, `p[1-2]q[0-3].100`).
pub(super) fn glob(text: &str, span: Span, budget: &mut Budget) -> Vec<String> {
    if let Some(end) = text.split_once('[').and_then(|(open, rest)| Some(open.len() + 1 + rest.find(']')? + 1)) {
        let (head, tail) = (Range::parse(&text[..end]), Range::parse(&text[end..]));
        let granted = budget.take_range(span, head.count().saturating_mul(tail.count()));
        let both = head.names().flat_map(|head| tail.names().map(move |tail| format!("{head}{tail}")));
        return both.take(granted).collect();
    }
    let bare = || {
        let (front, back) = text.split_once('-')?;
        let prefix = front.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = back.len() - back.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (high, suffix) = back.split_at(digits);
        (!high.is_empty() && prefix.len() < front.len())
            .then(|| format!("{prefix}[{}-{high}]{suffix}", &front[prefix.len()..]))
    };
    names(&bare().unwrap_or_else(|| text.to_owned()), span, budget)
}

/// The longest `regex` that is read, and the longest name that is compared with one, in bytes: the kernel takes no name
/// of more than 15 (`IFNAMSIZ`).
const LONGEST_REGEX: usize = 128;
const LONGEST_NAME: usize = 32;

/// Which of the known names a `regex` stands for; nothing where it says more than this reads. ifupdown2 searches for
/// it at the end of names (`RE$`).
pub(super) fn regex<'n>(text: &str, known: &[&'n str]) -> Vec<&'n str> {
    if text.len() > LONGEST_REGEX {
        return vec![];
    }
    let plain = text.trim_start_matches('^').trim_end_matches('$').replace("\\d", "[0-9]").replace(".*", "\u{1}");
    let plain = plain.replace(".+", "?\u{1}").replace("[0-9]+", "[0-9]\u{1}").replace("[0-9]*", "\u{1}");
    if plain.contains(['(', ')', '|', '+', '*', '?', '{', '}', '\\', '^', '$']) {
        return vec![];
    }
    let front = if text.starts_with('^') { "" } else { "*" };
    let pattern = format!("{front}{}", plain.replace('.', "?").replace('\u{1}', "*"));
    match Pattern::new(&pattern) {
        Ok(pattern) => {
            known.iter().copied().filter(|name| name.len() <= LONGEST_NAME && pattern.matches(name)).collect()
        }
        Err(_) => vec![],
    }
}

/// `10` and `10-19`, within bounds.
pub(super) fn span(text: &str, least: u64, most: u64) -> Option<(u64, u64)> {
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    let (low, high) = (low.parse().ok()?, high.parse().ok()?);
    (least <= low && low <= high && high <= most).then_some((low, high))
}

/// The pairs that a `bridge-vlan-vni-map` stands for. ifupdown2 pairs two ranges off until the shorter one ends.
pub(super) fn vlan_vni(text: &str, at: Span, budget: &mut Budget) -> Option<Vec<(u16, Vni)>> {
    let (vlans, vnis) = text.split_once('=')?;
    let (low, high) = span(vlans, 1, 4094)?;
    let (first, last) = match vnis.strip_prefix("auto") {
        Some("") => (low, high),
        Some(shift) => {
            let shift: i64 = shift.parse().ok()?;
            (low.checked_add_signed(shift)?, high.checked_add_signed(shift)?)
        }
        None => span(vnis, 1, 0xff_ffff)?,
    };
    let pair = |(vlan, vni): (u64, u64)| Some((vlan as u16, Vni::new(u32::try_from(vni).ok()?)?));
    let granted = budget.take_range(at, (high - low).min(last.saturating_sub(first)) + 1);
    (low..=high).zip(first..=last).take(granted).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Span = Span { file: FileId(0), start: 0, end: 0 };

    fn names(text: &str) -> Vec<String> {
        super::names(text, AT, &mut Budget::default())
    }

    fn glob(text: &str) -> Vec<String> {
        super::glob(text, AT, &mut Budget::default())
    }

    fn vlan_vni(text: &str) -> Option<Vec<(u16, Vni)>> {
        super::vlan_vni(text, AT, &mut Budget::default())
    }

    #[test]
    fn shorthands() {
        assert_eq!(names("swp[2-3].100"), ["swp2.100", "swp3.100"]);
        assert_eq!(names("swp[3-2]"), Vec::<String>::new());
        assert_eq!(names("br-[1-2]"), ["br-[1-2]"]);
        assert_eq!(glob("p1-2.100"), ["p1.100", "p2.100"]);
        assert_eq!(glob("p[1-2]q[0-1]"), ["p1q0", "p1q1", "p2q0", "p2q1"]);
        assert_eq!(glob("eth0"), ["eth0"]);
        let known = ["swp1", "swp10", "eth0"];
        assert_eq!(regex("swp.*", &known), ["swp1", "swp10"]);
        assert_eq!(regex("^swp[0-9]$", &known), ["swp1"]);
        assert_eq!(regex("(swp|eth).*", &known), Vec::<&str>::new());
        assert_eq!(vlan_vni("10-11=auto-5").unwrap()[1], (11, Vni::new(6).unwrap()));
        assert_eq!(vlan_vni("10-12=110-111").unwrap().len(), 2);
        assert!(vlan_vni("0=1").is_none() && vlan_vni("10=auto-10").is_none());
    }

    #[test]
    fn a_file_stands_for_so_much_and_no_more() {
        let mut budget = Budget::default();
        assert_eq!(super::names("a[1-18446744073709551615]", AT, &mut budget).len(), 4096);
        assert_eq!(budget.beyond.len(), 1);
        let mut budget = Budget::default();
        let count = |budget: &mut Budget| super::glob("p[1-4096]q[7-7]", AT, budget).len();
        assert_eq!((0..64).map(|_| count(&mut budget)).sum::<usize>(), 64 * 4096);
        assert!(budget.beyond.is_empty());
        assert_eq!((count(&mut budget), budget.beyond.len()), (0, 1));
        assert_eq!(super::names("a", AT, &mut budget), ["a"]);
    }
}
