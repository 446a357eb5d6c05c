//! Leaks between tenants that are wanted: what the user says of them, beside the files of the nodes.

use crate::source::Span;

/// `[[allow-leak]]`: routes of these VRFs may get into the tables of those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowLeak {
    /// Whose routes.
    pub from: Pattern,
    /// Into whose tables.
    pub to: Pattern,
    /// Whether the other way is allowed too.
    pub both: bool,
    /// Why; never empty.
    pub reason: String,
    /// Where it is written, if that file is among the sources.
    pub span: Option<Span>,
}

impl AllowLeak {
    /// Whether it allows routes of a tenant in a table of another; each is known by the names of its VRFs.
    pub fn allows<'n>(
        &self,
        from: impl IntoIterator<Item = &'n str> + Clone,
        to: impl IntoIterator<Item = &'n str> + Clone,
    ) -> bool {
        self.from.matches_any(from.clone()) && self.to.matches_any(to.clone())
            || self.both && self.from.matches_any(to) && self.to.matches_any(from)
    }
}

/// The name of a VRF, in which `*` stands for any text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(pub String);

impl Pattern {
    /// Whether one of the names is meant.
    pub fn matches_any<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> bool {
        names.into_iter().any(|name| self.matches(name))
    }

    /// Whether a name is meant. The parts between asterisks are found from the left, each as early as it can be, which
    /// finds a way where there is one.
    pub fn matches(&self, name: &str) -> bool {
        let Some((first, rest)) = self.0.split_once('*') else { return self.0 == name };
        let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
        let Some(mut left) = name.strip_prefix(first).and_then(|name| name.strip_suffix(last)) else { return false };
        middle.split('*').all(|part| match left.find(part) {
            Some(at) => {
                left = &left[at + part.len()..];
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asterisk_stands_for_any_text() {
        let cases = [
            ("red", "red", true),
            ("red", "reds", false),
            ("*", "", true),
            ("vrf_*", "vrf_red", true),
            ("vrf_*", "xvrf_red", false),
            ("*red", "vrf_red", true),
            ("a*a", "a", false),
            ("a*b*c", "axxbxxc", true),
            ("a*b*c", "acb", false),
            ("*b*b*", "ab", false),
            ("**", "x", true),
        ];
        for (pattern, name, matches) in cases {
            assert_eq!(Pattern(pattern.to_owned()).matches(name), matches, "{pattern} {name}");
        }
    }
}
