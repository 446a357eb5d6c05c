//! Shorthands for many names or numbers.

use crate::model::Vni;
use globset::GlobBuilder;

/// The most names or pairs that one shorthand stands for: there are 4094 VLANs.
const MOST: u64 = 4096;

/// The names that `swp[1-4].100` stands for; a name without a range stands for itself.
pub(super) fn names(text: &str) -> Vec<String> {
    let Some((prefix, low, high, suffix)) = range(text) else { return vec![text.to_owned()] };
    (low..=high).take(MOST as usize).map(|number| format!("{prefix}{number}{suffix}")).collect()
}

/// ifupdown2's `parse_iface_range`: one range, around which there are word characters and dots.
fn range(text: &str) -> Option<(&str, u64, u64, &str)> {
    let (prefix, rest) = text.split_once('[')?;
    let (numbers, suffix) = rest.split_once(']')?;
    let (low, high) = numbers.split_once('-')?;
    let is_word = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    (is_word(prefix) && is_word(suffix)).then_some((prefix, low.parse().ok()?, high.parse().ok()?, suffix))
}

/// The names that `glob` in a list of ports stands for: up to two ranges, the last of which may do without brackets
/// (`p1-4`, `p[1-2]q[0-3].100`).
pub(super) fn glob(text: &str) -> Vec<String> {
    if let Some((open, rest)) = text.split_once('[').and_then(|(open, rest)| Some((open, rest.split_once(']')?))) {
        let head = names(&format!("{open}[{}]", rest.0));
        let tails = names(rest.1);
        let both = head.iter().flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}")));
        return both.take(MOST as usize).collect();
    }
    let bare = || {
        let (front, back) = text.split_once('-')?;
        let prefix = front.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = back.len() - back.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (high, suffix) = back.split_at(digits);
        (!high.is_empty() && prefix.len() < front.len())
            .then(|| names(&format!("{prefix}[{}-{high}]{suffix}", &front[prefix.len()..])))
    };
    bare().unwrap_or_else(|| vec![text.to_owned()])
}

/// Which of the known names a `regex` stands for; nothing where it says more than this reads. ifupdown2 searches for
/// it at the end of names (`RE$`).
pub(super) fn regex<'n>(text: &str, known: &[&'n str]) -> Vec<&'n str> {
    let plain = text.trim_start_matches('^').trim_end_matches('$').replace("\\d", "[0-9]").replace(".*", "\u{1}");
    let plain = plain.replace(".+", "?\u{1}").replace("[0-9]+", "[0-9]\u{1}").replace("[0-9]*", "\u{1}");
    if plain.contains(['(', ')', '|', '+', '*', '?', '{', '}', '\\', '^', '$']) {
        return vec![];
    }
    let front = if text.starts_with('^') { "" } else { "*" };
    let pattern = format!("{front}{}", plain.replace('.', "?").replace('\u{1}', "*"));
    match GlobBuilder::new(&pattern).build() {
        Ok(glob) => {
            let matcher = glob.compile_matcher();
            known.iter().copied().filter(|name| matcher.is_match(name)).collect()
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
pub(super) fn vlan_vni(text: &str) -> Option<Vec<(u16, Vni)>> {
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
    (low..=high).zip(first..=last).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
