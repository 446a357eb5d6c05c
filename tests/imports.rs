//! The line is straight: no file imports one that stands behind it, and no two files import each other.
//!
//! Between packages Cargo sees to that. Within a package this test reads every import: `use` declarations, and paths in
//! code that begin with `crate`, `super` or a package's name. What is compiled for tests alone does not count.

use petgraph::{algo::tarjan_scc, graphmap::DiGraphMap};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};
use syn::{
    Attribute, ItemMod, ItemUse, Path as SynPath, UseTree,
    visit::{self, Visit},
};

/// The packages with the folder of each, and their modules in the order of the line: each may import those before it.
const LINE: [(&str, &str, &[&str]); 5] = [
    ("evpnlint_grammar", "grammar/src", &[]),
    ("evpnlint_core", "crates/core/src", &["source", "near", "words", "date", "model", "options", "lang"]),
    (
        "evpnlint_analysis",
        "crates/analysis/src",
        &["index", "twin", "fabric", "predict", "forward", "change", "compare"],
    ),
    ("evpnlint_rules", "rules/src", &[]),
    ("evpnlint", "src", &["discover", "settle", "baseline", "config", "report", "collect", "run", "cli"]),
];

/// Circles that may stay, each with its reason: the files in order, as [`circles`] names them.
const ARGUED: [(&[&str], &str); 6] = [
    (
        &["evpnlint_analysis::compare", "evpnlint_analysis::compare::picture"],
        "a difference is made of two pictures, and a picture of the facts that a difference lists",
    ),
    (
        &[
            "evpnlint::collect",
            "evpnlint::collect::host",
            "evpnlint::collect::manifest",
            "evpnlint::collect::mask",
            "evpnlint::collect::missing",
            "evpnlint::collect::reason",
            "evpnlint::collect::stream",
        ],
        "the bounds of a stream stand beside its reader, and the reasons why it failed quote them",
    ),
    (
        &["evpnlint_core::lang::frr::lower", "evpnlint_core::lang::frr::parse", "evpnlint_core::lang::frr::record"],
        "FRR obeys a line before it reads the next one, and what it obeyed decides how that is read",
    ),
    (
        &[
            "evpnlint_core::lang::frr::lower::bgp",
            "evpnlint_core::lang::frr::lower::evpn",
            "evpnlint_core::lang::frr::lower::igp",
            "evpnlint_core::lang::frr::lower::lists",
            "evpnlint_core::lang::frr::lower::membership",
            "evpnlint_core::lang::frr::lower::neighbor",
            "evpnlint_core::lang::frr::lower::ospf",
            "evpnlint_core::lang::frr::lower::system",
        ],
        "blocks of FRR's open within one another, and the readers of each call those of the others",
    ),
    (
        &[
            "evpnlint_analysis::forward",
            "evpnlint_analysis::forward::journey",
            "evpnlint_analysis::forward::table",
            "evpnlint_analysis::forward::tunnel",
            "evpnlint_analysis::forward::walk",
            "evpnlint_analysis::forward::wire",
        ],
        "a packet goes from wire to node, from node to tunnel and from tunnel to wire, over what all of them know",
    ),
    (&["evpnlint_rules", "evpnlint_rules::run"], "`run` runs the table of all rules, and is what the package offers"),
];

/// Module paths such as `evpnlint_core::lang::frr`, with the paths that each imports.
#[derive(Default)]
struct Tree {
    imports: BTreeMap<String, BTreeSet<Vec<String>>>,
}

impl Tree {
    fn read() -> Self {
        let mut tree = Self::default();
        for (package, folder, _) in LINE {
            for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
                let entry = entry.unwrap();
                if entry.path().extension().is_some_and(|end| end == "rs") {
                    let module = module(package, entry.path().strip_prefix(folder).unwrap());
                    let file = syn::parse_file(&fs::read_to_string(entry.path()).unwrap()).unwrap();
                    let mut imports = Imports { module: module.clone(), found: BTreeSet::new() };
                    if !is_test(&file.attrs) && !module.ends_with("::tests") {
                        imports.visit_file(&file);
                    }
                    tree.imports.insert(module, imports.found);
                }
            }
        }
        tree
    }

    /// The file that holds what a path names: the deepest module that the path goes through.
    fn home(&self, path: &[String]) -> Option<&str> {
        let prefixes = (1..=path.len()).rev().map(|length| path[..length].join("::"));
        prefixes.into_iter().find_map(|prefix| self.imports.get_key_value(&prefix)).map(|(module, _)| module.as_str())
    }

    /// An edge from each file to each that it imports.
    fn graph(&self) -> DiGraphMap<&str, ()> {
        let edges = self.imports.iter().flat_map(|(module, paths)| {
            let homes = paths.iter().filter_map(|path| self.home(path));
            homes.filter(move |home| *home != module).map(move |home| (module.as_str(), home))
        });
        DiGraphMap::from_edges(edges)
    }
}

/// `lang/frr.rs` of a package as `package::lang::frr`; the package's own file as its name.
fn module(package: &str, file: &Path) -> String {
    let inner = file.with_extension("");
    let words = inner.iter().map(|word| word.to_str().unwrap()).filter(|word| !["lib", "main"].contains(word));
    std::iter::once(package).chain(words).collect::<Vec<_>>().join("::")
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "test")
    })
}

/// Collects the paths that one file names.
struct Imports {
    module: String,
    found: BTreeSet<Vec<String>>,
}

impl Imports {
    /// Notes a path, from the package's name on, if it leads into one of ours.
    fn note(&mut self, path: &[String]) {
        let mut at: Vec<String> = self.module.split("::").map(str::to_owned).collect();
        let mut rest = path;
        match path.first().map(String::as_str) {
            Some("crate") => at.truncate(1),
            Some("super") => drop(at.pop()),
            Some("self") => {}
            Some(package) if LINE.iter().any(|(name, ..)| *name == package) => at = vec![package.to_owned()],
            // A path may begin with a child module of this one.
            Some(_) => rest = &[],
            None => return,
        }
        if rest.is_empty() {
            at.extend_from_slice(path);
        } else {
            rest = &rest[1..];
            while rest.first().is_some_and(|word| word == "super") {
                at.pop();
                rest = &rest[1..];
            }
            at.extend_from_slice(rest);
        }
        self.found.insert(at);
    }

    fn walk(&mut self, tree: &UseTree, path: &mut Vec<String>) {
        match tree {
            UseTree::Path(step) => {
                path.push(step.ident.to_string());
                self.walk(&step.tree, path);
                path.pop();
            }
            UseTree::Name(name) if name.ident == "self" => self.note(path),
            UseTree::Rename(name) if name.ident == "self" => self.note(path),
            UseTree::Name(name) => self.note(&[path.as_slice(), &[name.ident.to_string()]].concat()),
            UseTree::Rename(name) => self.note(&[path.as_slice(), &[name.ident.to_string()]].concat()),
            UseTree::Glob(_) => self.note(path),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.walk(tree, path)),
        }
    }
}

impl<'f> Visit<'f> for Imports {
    fn visit_item_mod(&mut self, item: &'f ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'f ItemUse) {
        if !is_test(&item.attrs) {
            self.walk(&item.tree, &mut vec![]);
        }
    }

    // `pub(in crate::twin)` says who may import, and imports nothing.
    fn visit_visibility(&mut self, _: &'f syn::Visibility) {}

    fn visit_path(&mut self, path: &'f SynPath) {
        let words: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let is_ours = |word: &String| ["crate", "super"].contains(&word.as_str()) || word.starts_with("evpnlint");
        if words.len() > 1 && words.first().is_some_and(is_ours) {
            self.note(&words);
        }
        visit::visit_path(self, path);
    }
}

/// Groups of files that import one another, directly or through others; each sorted, in order.
fn circles(tree: &Tree) -> Vec<Vec<&str>> {
    let mut circles = tarjan_scc(&tree.graph());
    circles.retain(|circle| circle.len() > 1);
    circles.iter_mut().for_each(|circle| circle.sort_unstable());
    circles.sort();
    circles
}

#[test]
fn no_import_runs_back_along_the_line() {
    let tree = Tree::read();
    // The place of a file on the line: its package, then the module of the package.
    let place = |module: &str| {
        let mut words = module.split("::");
        let package = words.next().unwrap();
        let at = LINE.iter().position(|(name, ..)| *name == package).unwrap();
        let child = words.next();
        // A package's own file assembles its modules, and so stands behind them all.
        (at, child.map_or(usize::MAX, |child| LINE[at].2.iter().position(|name| *name == child).unwrap_or(usize::MAX)))
    };
    let back: Vec<String> = tree
        .graph()
        .all_edges()
        .filter(|(from, to, ())| place(to) > place(from))
        .map(|(from, to, ())| format!("{from} imports {to}"))
        .collect();
    assert!(back.is_empty(), "the line is {LINE:?}, and back along it:\n{}", back.join("\n"));
}

#[test]
fn no_two_files_import_each_other() {
    let tree = Tree::read();
    let circles = circles(&tree);
    let is_argued = |circle: &[&str]| ARGUED.iter().any(|(files, _)| *files == circle);
    let found: Vec<String> =
        circles.iter().filter(|circle| !is_argued(circle)).map(|circle| circle.join("\n  ")).collect();
    assert!(found.is_empty(), "{} circles:\n{}", found.len(), found.join("\n\n"));
    assert!(
        ARGUED.iter().all(|(files, _)| circles.iter().any(|circle| circle == files)),
        "a circle that is argued is gone"
    );
}

/// The reader of imports sees what it must not overlook.
#[test]
fn imports_are_read() {
    let tree = Tree::read();
    let graph = tree.graph();
    for (from, to) in [
        ("evpnlint::cli", "evpnlint::discover"),
        ("evpnlint_core::lang::frr", "evpnlint_core::lang::frr::lower"),
        ("evpnlint_rules::run", "evpnlint_analysis::predict"),
        ("evpnlint_core::lang::frr::mode", "evpnlint_grammar::frr"),
    ] {
        assert!(graph.contains_edge(from, to), "{from} → {to}");
    }
}
