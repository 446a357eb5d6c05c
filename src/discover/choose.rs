//! What the user says of the files: which are left out, and how those of nodes are called.

use super::place::{place, sniff};
use evpnlint_core::source::Printable;
use glob::{MatchOptions, Pattern};
use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

/// Which files below the inputs count, and whose they are.
#[derive(Clone, Debug, Default)]
pub struct Choose {
    /// What is left out.
    pub exclude: Vec<Rooted<Exclude>>,
    /// How files of nodes are called, the first that fits.
    pub layouts: Vec<Rooted<Layout>>,
}

/// Something that is said of paths, and the folder that they are relative to, without links.
#[derive(Clone, Debug)]
pub struct Rooted<T> {
    /// The folder.
    pub folder: PathBuf,
    /// What is said.
    pub pattern: T,
}

/// Files and folders that are left out, with all below them: `*` stands for any text without a `/`, `**` for folders. A
/// pattern without a `/` holds for a name at any depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclude {
    pattern: Pattern,
    is_name: bool,
}

/// Where the files of nodes lie: `frr/{node}.conf`. The first lines of a file say what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Each part of the path; in those that name the node, what stands before and behind its name.
    parts: Vec<LayoutPart>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum LayoutPart {
    Fixed(Pattern),
    Node(String, String),
}

/// What stands for the name of a node.
const NODE: &str = "{node}";

const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };

impl FromStr for Exclude {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim_end_matches('/');
        if text.is_empty() {
            return Err("something must be written here".to_owned());
        }
        let pattern = pattern(text.strip_prefix("./").unwrap_or(text))?;
        Ok(Self { is_name: !text.contains('/'), pattern })
    }
}

impl fmt::Display for Exclude {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(if self.is_name { "" } else { "./" })?;
        fmt::Display::fmt(&self.pattern, f)
    }
}

impl FromStr for Layout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_relative = !text.starts_with('/') && text.split('/').all(|part| !matches!(part, "" | "." | ".." | "**"));
        if !is_relative || !text.contains(NODE) {
            return Err(format!("{text:?} is not a path with {NODE} in it, like \"frr/{NODE}.conf\""));
        }
        let part = |part: &str| match part.split_once(NODE) {
            Some((before, behind)) if !behind.contains(NODE) => {
                Ok(LayoutPart::Node(before.to_owned(), behind.to_owned()))
            }
            Some(_) => Err(format!("{NODE} stands twice in {part:?}")),
            None => pattern(part).map(LayoutPart::Fixed),
        };
        Ok(Self { parts: text.split('/').map(part).collect::<Result<_, _>>()? })
    }
}

fn pattern(text: &str) -> Result<Pattern, String> {
    Pattern::new(text).map_err(|error| format!("{text:?} is not a pattern: {}", error.msg))
}

impl Exclude {
    fn holds(&self, path: &Path) -> bool {
        match self.is_name {
            true => path.file_name().is_some_and(|name| self.pattern.matches_path_with(Path::new(name), OPTIONS)),
            false => self.pattern.matches_path_with(path, OPTIONS),
        }
    }
}

impl Layout {
    /// The node whose file that is, by a path relative to the folder of the layout.
    fn node<'p>(&self, path: &'p Path) -> Option<&'p str> {
        let parts = path.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>()?;
        if parts.len() != self.parts.len() {
            return None;
        }
        let mut node = None;
        for (own, part) in self.parts.iter().zip(parts) {
            match own {
                LayoutPart::Fixed(pattern) if pattern.matches_with(part, OPTIONS) => {}
                LayoutPart::Fixed(_) => return None,
                LayoutPart::Node(before, behind) => {
                    let name = part.strip_prefix(before.as_str())?.strip_suffix(behind.as_str())?;
                    if name.is_empty() || node.is_some_and(|known| known != name) {
                        return None;
                    }
                    node = Some(name);
                }
            }
        }
        node
    }
}

impl Choose {
    /// Whether a file or folder is left out: `rest` is its path below `inside`, which is without links.
    pub(super) fn leaves_out(&self, inside: &Path, rest: &Path) -> bool {
        if self.exclude.is_empty() {
            return false;
        }
        let real = &inside.join(rest);
        self.exclude.iter().any(|own| own.relative(real).is_some_and(|path| own.pattern.holds(path)))
    }

    /// The root of the node whose file that is, by a layout. `rest` is its path below `inside`, which is without links, and
    /// `shown` the path by which the walk came.
    pub(super) fn root(&self, inside: &Path, rest: &Path, shown: &Path) -> Option<String> {
        if self.layouts.is_empty() {
            return None;
        }
        let real = &inside.join(rest);
        self.layouts.iter().find_map(|own| {
            let node = own.pattern.node(own.relative(real)?)?;
            let base = shown.ancestors().nth(own.pattern.parts.len()).unwrap_or(Path::new("."));
            // So a node whose other files lie below a folder of its name is one node.
            place(&format!("{}/{node}/etc/frr/frr.conf", Printable::from(base))).map(|(root, _)| root)
        })
    }
}

impl<T> Rooted<T> {
    fn relative<'p>(&self, real: &'p Path) -> Option<&'p Path> {
        real.strip_prefix(&self.folder).ok().filter(|path| !path.as_os_str().is_empty())
    }
}

/// The place of a file that a layout names, by its first lines, else by its name.
pub(super) fn inner(head: &str, path: &Path) -> Option<&'static str> {
    let name = Printable::from(path);
    let by_name = [("interfaces", "etc/network/interfaces"), ("frr", "etc/frr/frr.conf")];
    sniff(head).or_else(|| by_name.into_iter().find(|(word, _)| name.contains(word)).map(|(_, inner)| inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_tells_the_node() {
        for (layout, path, node) in [
            ("frr/{node}.conf", "frr/leaf1.conf", Some("leaf1")),
            ("frr/{node}.conf", "frr/.conf", None),
            ("frr/{node}.conf", "frr/a/leaf1.conf", None),
            ("*/{node}/{node}-frr.cfg", "dc1/leaf1/leaf1-frr.cfg", Some("leaf1")),
            ("*/{node}/{node}-frr.cfg", "dc1/leaf1/leaf2-frr.cfg", None),
        ] {
            assert_eq!(layout.parse::<Layout>().unwrap().node(Path::new(path)), node, "{layout} {path}");
        }
        for text in
            ["frr/leaf.conf", "/frr/{node}.conf", "../{node}.conf", "{node}{node}.conf", "**/{node}.conf", "[/{node}"]
        {
            assert!(text.parse::<Layout>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_is_left_out_at_any_depth_and_a_path_at_its_place() {
        let holds = |pattern: &str, path: &str| pattern.parse::<Exclude>().unwrap().holds(Path::new(path));
        for (pattern, path, wanted) in [
            ("old", "a/b/old", true),
            ("old", "a/older", false),
            ("old*/", "a/older", true),
            ("a/*.conf", "a/x.conf", true),
            ("a/*.conf", "a/b/x.conf", false),
            ("a/**/x.conf", "a/b/c/x.conf", true),
            ("./a", "a", true),
            ("./a", "b/a", false),
        ] {
            assert_eq!(holds(pattern, path), wanted, "{pattern} {path}");
        }
        assert!("".parse::<Exclude>().is_err() && "[".parse::<Exclude>().is_err());
    }
}
