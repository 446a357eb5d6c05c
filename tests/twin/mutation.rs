//! One statement of a generated file is removed, changed or added, at random: it is found, and at its line.

use crate::support::files;
use evpnlint::{
    lang,
    source::{File, Sources},
    twin::drift,
};
use std::path::{Path, PathBuf};

const FILES: [&str; 2] = ["etc/network/interfaces.d/sdn", "etc/frr/frr.conf"];

/// How often each file is changed in each way.
const ROUNDS: usize = 4;

/// What is done to a line.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    Remove,
    Alter,
    Add,
}

/// The files of one fabric, to be put together with one of them changed.
struct Fabric(Vec<(String, String, String, String)>);

impl Fabric {
    fn read(path: &Path) -> Self {
        let sources = files::load(path);
        let file = |file: &File| (file.path.clone(), file.node.clone(), file.inner.clone(), file.text.clone());
        Self(sources.iter().map(|(_, own)| file(own)).collect())
    }

    fn sources(&self, node: &str, inner: &str, text: Option<&str>) -> Sources {
        let mut sources = Sources::default();
        for (path, own, place, old) in &self.0 {
            let is_it = own == node && place == inner;
            sources.add(File::new(path, own, place, text.filter(|_| is_it).unwrap_or(old)));
        }
        sources
    }

    /// The lines of the differences of a file of a node, each of what is there, else what is missing.
    fn differences(&self, node: &str, inner: &str, text: Option<&str>) -> Option<Vec<(Option<usize>, String)>> {
        let sources = self.sources(node, inner, text);
        let mut cluster = lang::read(&sources, &Default::default());
        evpnlint::twin::attach(&mut cluster, &sources);
        let twin = cluster.nodes.iter().find(|own| own.name == node)?.twin.as_ref()?;
        let pair = if inner == FILES[0] { twin.interfaces.as_ref()? } else { twin.frr.as_ref()? };
        pair.actual.as_ref()?;
        let line = |span: evpnlint::source::Span| sources[span.file].line_column(span.start).0 as usize;
        let difference = |own: evpnlint::twin::Drift| {
            let text = own.expected.or(own.actual).map_or_else(String::new, |said| said.text.clone());
            (own.actual.and_then(|said| said.span).map(line), text)
        };
        Some(drift(pair).into_iter().map(difference).collect())
    }
}

/// Whether a line says something by itself: not what closes a block, and not a comment. By `frr version` the generator is
/// known that wrote the rest.
fn is_statement(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty()
        && !line.starts_with("frr version")
        && !line.starts_with(['!', '#'])
        && !line.starts_with("exit")
        && !line.starts_with("end")
}

/// Whether a statement is that of a line: both about the same, in whatever spelling.
fn is_alike(said: &str, line: &str) -> bool {
    let plain =
        |text: &str| text.replace('_', "-").replace(" yes", " on").replace("-forward 1", "-forward on").to_lowercase();
    plain(said) == plain(line).trim_end_matches(" inet static").trim_end_matches(" inet6 static")
}

/// Whether a line holds what the generator has from the kernel. Where two lines hold it and differ, nothing tells which of
/// them is right.
fn is_of_kernel(line: &str) -> bool {
    ["bgp router-id ", "set src ", " -j SNAT "].iter().any(|words| line.contains(words))
}

/// The text with a line changed, and the number of that line; nothing where it cannot be changed so.
fn change(text: &str, at: usize, change: Change, random: &mut fastrand::Rng) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let line = lines[at].clone();
    let indent = &line[..line.len() - line.trim_start().len()];
    match change {
        Change::Remove => drop(lines.remove(at)),
        Change::Alter => {
            let digit = line.rfind(|c: char| c.is_ascii_digit())?;
            let old = line.as_bytes()[digit];
            let new = b'1' + (old - b'0' + random.u8(0..8)) % 9;
            lines[at].replace_range(digit..=digit, &char::from(new).to_string());
            if lines[at] == line {
                return None;
            }
        }
        Change::Add => {
            let is_frr = !text.starts_with("#version");
            let number = random.u16(1000..9999);
            // Where the line stands, and so in its block, something that nothing would generate.
            let new = match line.trim().split(' ').next()? {
                _ if !is_frr && indent.is_empty() => format!("auto mine{number}"),
                _ if !is_frr => format!("{indent}post-up ip link set dev x txqueuelen {number}"),
                "neighbor" => format!("{indent}neighbor 203.0.113.9 remote-as {number}"),
                "vni" => format!("{indent}ip route 203.0.113.0/24 blackhole {}", number % 200 + 1),
                "hostname" | "vrf" | "router" => format!("ip prefix-list MINE seq {number} permit 203.0.113.0/24"),
                _ => return None,
            };
            lines.insert(at, new);
        }
    }
    Some(lines.join("\n") + "\n")
}

#[test]
fn every_change_is_found_at_its_line() {
    let mut random = fastrand::Rng::with_seed(6);
    let ours: Vec<PathBuf> = ["tests/corpus/proxmox-twin-broken"].map(PathBuf::from).to_vec();
    let (mut done, mut missed) = (0, vec![]);
    for path in ours.into_iter().chain(super::cases().into_iter().map(|(_, path)| path)) {
        let fabric = Fabric::read(&path);
        for (_, node, inner, text) in &fabric.0 {
            // What is not as it should be from the start shows nothing.
            if !FILES.contains(&inner.as_str())
                || fabric.differences(node, inner, None).is_none_or(|own| !own.is_empty())
            {
                continue;
            }
            let statements: Vec<usize> =
                text.lines().enumerate().filter(|(_, line)| is_statement(line)).map(|(at, _)| at).collect();
            for kind in [Change::Remove, Change::Alter, Change::Add] {
                for _ in 0..ROUNDS {
                    let Some(at) = random.choice(statements.iter().copied()) else { continue };
                    let Some(changed) = change(text, at, kind, &mut random) else { continue };
                    let line = text.lines().nth(at).unwrap().trim();
                    let lines: Vec<&str> = changed.lines().collect();
                    let found = fabric.differences(node, inner, Some(&changed)).unwrap_or_default();
                    let is_there = |(own, said): &(Option<usize>, String)| match kind {
                        Change::Remove => own.is_none() && is_alike(said, line),
                        // Of two lines that are now alike, either is one too many.
                        Change::Alter | Change::Add => own.is_some_and(|own| lines[own - 1] == lines[at]),
                    };
                    done += 1;
                    let is_found = found.iter().any(is_there) || is_of_kernel(line) && !found.is_empty();
                    if !is_found {
                        missed.push(format!("{}: {inner}:{}: {kind:?} `{line}`: {found:?}", path.display(), at + 1));
                    }
                }
            }
        }
    }
    eprintln!("{done} changes, {} missed", missed.len());
    assert!(done > 0);
    assert!(missed.is_empty(), "{} of {done}:\n{}", missed.len(), missed.join("\n"));
}
