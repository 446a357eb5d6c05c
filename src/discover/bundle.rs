//! The report that Proxmox VE's `pvereport` prints, and its web interface offers for download: what commands say about
//! one node, in sections with a heading each. Those that are `cat` of a file hold that file (`PVE::Report`).
//!
//! ```text
//! ==== info about network ====
//!
//! # cat /etc/network/interfaces
//! auto lo
//! …
//! ```
//!
//! A file's own comments begin with `# ` too. So only `# cat` with an absolute path, behind an empty line, and a heading
//! end a file: a comment that looks like another command must not cut one off.

use std::ops::Range;

/// The most files that are read of one report; a node has a dozen, and one for each of its guests.
const MOST_PARTS: usize = 1024;

/// What a report holds.
#[derive(Debug, Default)]
pub(super) struct Bundle<'t> {
    /// The node, by its own host name.
    pub hostname: Option<&'t str>,
    /// Files, by their absolute path, each with the bytes that are its text.
    pub parts: Vec<(&'t str, Range<usize>)>,
    /// Files beyond the bound.
    pub beyond: Vec<&'t str>,
}

/// Whether a file is called as Proxmox calls a report: `pve1-pve-report-….txt`, or, as most do, `pvereport.txt`.
pub(super) fn is_named_like_one(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    name.ends_with(".txt") && (name.contains("pve-report") || name.contains("pvereport"))
}

/// Whether a text is a report, by its first lines.
pub(super) fn is_one(head: &str) -> bool {
    head.lines().any(is_heading) && head.lines().any(|line| is_hostname(line) || mark(line).is_some())
}

fn is_heading(line: &str) -> bool {
    let line = line.trim_end();
    line.len() > 10 && line.starts_with("==== ") && line.ends_with(" ====")
}

fn is_hostname(line: &str) -> bool {
    line.trim_end() == "# hostname"
}

/// The path that `# cat` names.
fn mark(line: &str) -> Option<&str> {
    let path = line.trim_end().strip_prefix("# cat ")?;
    let path = path.strip_suffix(" 2>/dev/null").unwrap_or(path);
    (path.starts_with('/') && !path.contains(char::is_whitespace)).then_some(path)
}

/// Whether a word can name a host, and a folder.
fn is_host(word: &str) -> bool {
    !word.starts_with('.') && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
}

/// Splits a report. Of more files than the bound allows, those of guests are left out first.
pub(super) fn read(text: &str) -> Bundle<'_> {
    let (mut at, mut may_begin) = (0, true);
    let mut all: Vec<(&str, Range<usize>)> = vec![];
    let mut open: Option<(&str, usize)> = None;
    // The end of the text ends a file as a heading does.
    for line in text.split_inclusive('\n').chain(["==== end ====\n"]) {
        let path = mark(line).filter(|_| may_begin);
        if path.is_some() || is_heading(line) {
            if let Some((path, start)) = open.take()
                && let Some(part) = file(text, start, at)
            {
                all.push((path, part));
            }
            open = path.map(|path| (path, at + line.len()));
        }
        may_begin = line.trim().is_empty() || is_heading(line);
        at += line.len();
    }
    all.sort_by_key(|(path, _)| is_of_guest(path));
    let mut bundle = Bundle { hostname: hostname(text), ..Bundle::default() };
    for (path, part) in all {
        if bundle.parts.len() < MOST_PARTS {
            bundle.parts.push((path, part));
        } else {
            bundle.beyond.push(path);
        }
    }
    bundle
}

/// Whether a file is that of one of many.
fn is_of_guest(path: &str) -> bool {
    path.contains("/qemu-server/") || path.contains("/lxc/")
}

/// The node, by what the first `# hostname` printed.
fn hostname(text: &str) -> Option<&str> {
    let mut lines = text.lines().skip_while(|line| !is_hostname(line)).skip(1);
    lines.next().map(str::trim).filter(|word| !word.is_empty() && is_host(word))
}

/// The bytes of a file that a command printed there, without the empty lines behind it; nothing where it printed none,
/// or that there is none.
fn file(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let printed = text.get(start..end)?;
    let own = printed.trim_end();
    let is_missing = own.starts_with("cat: ") && own.lines().count() == 1;
    (!own.is_empty() && !is_missing).then(|| start..(start + own.len() + 1).min(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "\n==== general system info ====\n\n# hostname\npve1\n\n# cat /etc/hosts\n127.0.0.1 \
        localhost\n\n==== info about network ====\n\n# ip -4 route\nx\n\n# cat /etc/network/interfaces\nauto lo\n\n# ip of \
        the host\n# cat /dev/null\niface lo\n\n# cat /etc/pve/sdn/vnets.cfg\n\n# cat /etc/pve/sdn/zones.cfg\ncat: \
        /etc/pve/sdn/zones.cfg: No such file or directory\n\n==== info about cluster ====\n\n# cat /etc/pve/corosync.conf \
        2>/dev/null\ntotem {";

    #[test]
    fn a_file_ends_at_the_next_one_and_not_at_a_comment() {
        assert!(is_one(REPORT));
        let bundle = read(REPORT);
        assert_eq!(bundle.hostname, Some("pve1"));
        let parts: Vec<_> = bundle.parts.iter().map(|(path, part)| (*path, &REPORT[part.clone()])).collect();
        assert_eq!(
            parts,
            [
                ("/etc/hosts", "127.0.0.1 localhost\n"),
                ("/etc/network/interfaces", "auto lo\n\n# ip of the host\n# cat /dev/null\niface lo\n"),
                ("/etc/pve/corosync.conf", "totem {"),
            ]
        );
    }

    #[test]
    fn other_texts_are_no_reports() {
        for text in ["auto lo\n# cat /etc/x\n", "==== notes ====\n", "! ==== x ====\n# hostname\n", ""] {
            assert!(!is_one(text), "{text}");
        }
        assert!(is_named_like_one("a/pve1-pve-report-Mon.txt") && !is_named_like_one("a/pvereport.pl"));
    }

    #[test]
    fn a_report_holds_so_much_and_no_more() {
        let text = "==== x ====\n# hostname\n../x\n".to_owned()
            + &"\n# cat /etc/pve/lxc/1.conf\ny\n".repeat(1200)
            + "\n# cat /etc/network/interfaces\nauto lo\n";
        let bundle = read(&text);
        assert_eq!((bundle.hostname, bundle.parts.len(), bundle.beyond.len()), (None, MOST_PARTS, 1201 - MOST_PARTS));
        assert_eq!(bundle.parts[0].0, "/etc/network/interfaces", "guests are left out first");
    }
}
