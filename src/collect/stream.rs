//! What `gather.sh` printed, to files. The other end is not trusted: it may send anything, and no end of it.

use super::{
    Node, Text,
    host::{self, Host},
    missing::Missing,
    places::{self, SentPath},
    reason::{Failure, Reason},
};
use evpnlint_core::source::one_line;
use std::collections::BTreeMap;

/// The most bytes of one file; Proxmox's store takes no file above 1 MiB.
pub(super) const MOST_BYTES_OF_FILE: usize = 4 << 20;

/// The most bytes that a node may send, all in all.
pub(super) const MOST_BYTES_OF_NODE: usize = 32 << 20;

/// The most files of a node; those of guests are most of them.
pub(super) const MOST_FILES: usize = 8192;

/// What a node answered.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// What it calls itself.
    pub host: Option<String>,
    /// Its files, by path.
    pub files: Vec<Text>,
    /// What is there, and was not got.
    pub missing: Missing,
    /// Why it is not all.
    pub failure: Option<Failure>,
    /// Whether it began to answer: ssh got there.
    pub has_begun: bool,
}

impl Answer {
    /// Nothing at all.
    pub(super) fn failed(failure: Failure) -> Self {
        Self { failure: Some(failure), ..Self::default() }
    }

    /// Whether there is more of it than a name and links: it may be a member of the fabric.
    pub(super) fn is_of_a_fabric(&self) -> bool {
        let folders = ["etc/frr/", "etc/quagga/", "etc/pve/sdn/"];
        self.files.iter().any(|file| folders.iter().any(|folder| file.path.starts_with(folder)))
            || self.missing.listed().any(|(path, _)| folders.iter().any(|folder| path.starts_with(folder)))
    }

    /// A node that was asked by that name; nobody but this node is no host.
    pub(super) fn into_node(self, name: String, asked: String, host: Option<&Host>) -> Node {
        let Self { host: reported, files, missing, failure, .. } = self;
        let reported = reported.as_deref().and_then(host::short);
        let goes_by_report = reported.as_ref().is_some_and(|reported| host.is_some_and(|host| host.goes_by(reported)));
        Node { files, missing, failure, reported, goes_by_report, ..Node::asked(name, asked) }
    }
}

/// Reads what was printed. It may break off anywhere; what came whole counts.
pub(super) fn read(bytes: &[u8]) -> Answer {
    let mut answer = Answer::default();
    let mut files: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line));
    answer.has_begun = lines.any(|line| line == b"@evpnlint 1");
    if !answer.has_begun {
        let failure = if bytes.is_empty() { Failure::Cut { said: String::new() } } else { Failure::Garbled };
        answer.failure = Some(failure);
        return answer;
    }
    answer.failure = Some(Failure::Cut { said: String::new() });
    while let Some(line) = lines.next() {
        let text = str::from_utf8(line).unwrap_or_default();
        if let Some(path) = text.strip_prefix('>') {
            let body = body(&mut lines);
            let reason = match (places::judge(path), body) {
                (SentPath::Wanted, Ok(text)) if is_binary(&text) => Reason::Binary,
                (SentPath::Wanted, Ok(text)) if text.len() <= MOST_BYTES_OF_FILE && files.len() < MOST_FILES => {
                    files.entry(path).or_insert(text);
                    continue;
                }
                (SentPath::Unread, _) => continue,
                (SentPath::Foreign, _) => Reason::Foreign,
                (SentPath::Wanted, Err(reason)) => reason,
                (SentPath::Wanted, Ok(text)) if text.len() > MOST_BYTES_OF_FILE => Reason::Long,
                (SentPath::Wanted, Ok(_)) => Reason::Many,
            };
            answer.missing.add(short(path.as_bytes()), reason);
        } else if let Some((why, path)) = text.strip_prefix('!').and_then(|rest| rest.split_once(' ')) {
            let reason = match why {
                "unreadable" => Reason::Unreadable,
                "long" => Reason::Long,
                "many" => Reason::Many,
                "special" => Reason::Special,
                "dangling" => Reason::Dangling,
                "outside" => Reason::Outside,
                "binary" => Reason::Binary,
                _ => Reason::Foreign,
            };
            if places::judge(path) != SentPath::Unread {
                answer.missing.add(short(path.as_bytes()), reason);
            }
        } else if let Some(name) = text.strip_prefix("@host ") {
            answer.host = Some(name.to_owned());
        } else if let Some(why) = text.strip_prefix("@failed ") {
            answer.failure = Some(Failure::Node { why: short(why.as_bytes()) });
            break;
        } else if text == "@end" {
            answer.failure = None;
            break;
        } else {
            answer.failure = Some(Failure::Garbled);
            break;
        }
    }
    // What is a file cannot be a folder as well.
    let is_below = |path: &str| path.match_indices('/').any(|(end, _)| files.contains_key(&path[..end]));
    let below: Vec<&str> = files.keys().copied().filter(|path| is_below(path)).collect();
    for path in below {
        files.remove(path);
        answer.missing.add(short(path.as_bytes()), Reason::Foreign);
    }
    answer.files = files.into_iter().map(|(path, bytes)| Text { path: path.to_owned(), bytes }).collect();
    answer
}

/// The lines of a file, up to its end. The line end before that is not the file's own.
fn body<'b>(lines: &mut impl Iterator<Item = &'b [u8]>) -> Result<Vec<u8>, Reason> {
    let (mut text, mut ends) = (vec![], false);
    for line in lines {
        match line {
            [b'|', rest @ ..] => {
                text.extend(ends.then_some(b'\n'));
                text.extend(rest);
                ends = true;
            }
            // The file's last line had an end.
            [] => text.extend(std::mem::take(&mut ends).then_some(b'\n')),
            b"<ok" => return Ok(text),
            b"<unmasked" => return Err(Reason::Unmasked),
            [b'<', ..] => return Err(Reason::Unreadable),
            _ => return Err(Reason::Cut),
        }
    }
    Err(Reason::Cut)
}

/// Whether no search for secrets could read it.
fn is_binary(text: &[u8]) -> bool {
    text.contains(&0) || text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff")
}

/// Words of another machine, made fit for a message.
pub(super) fn short(bytes: &[u8]) -> String {
    one_line(&bytes[..bytes.len().min(300)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(answer: &Answer) -> Vec<(&str, &str)> {
        let text = |file: &'static [u8]| str::from_utf8(file).unwrap();
        answer.files.iter().map(|file| (file.path.as_str(), text(file.bytes.clone().leak()))).collect()
    }

    #[test]
    fn files_come_as_they_were() {
        let answer = read(
            b"Welcome!\n\n@evpnlint 1\n@host leaf1\n>etc/hostname\n|leaf1\n\n<ok\n>etc/frr/frr.conf\n|a\n||b\n|\n|c\n<ok\n\
              >etc/frr/daemons\n\n<ok\n>etc/network/interfaces\n|\n\n<ok\n!unreadable etc/frr/bgpd.conf\n@end\n",
        );
        assert_eq!(
            files(&answer),
            [
                ("etc/frr/daemons", ""),
                ("etc/frr/frr.conf", "a\n|b\n\nc"),
                ("etc/hostname", "leaf1\n"),
                ("etc/network/interfaces", "\n")
            ]
        );
        assert_eq!(answer.missing.listed().collect::<Vec<_>>(), [("etc/frr/bgpd.conf", Reason::Unreadable)]);
        assert_eq!((answer.failure, answer.host.as_deref()), (None, Some("leaf1")));
    }

    #[test]
    fn what_came_whole_counts_and_the_rest_is_told() {
        let whole = "@evpnlint 1\n>etc/hostname\n|x\n\n<ok\n>etc/frr/frr.conf\n|a\n\n<ok\n@end\n";
        for cut in 0..whole.len() - 1 {
            let answer = read(&whole.as_bytes()[..cut]);
            assert!(answer.failure.is_some(), "{cut}");
            assert!(answer.files.iter().all(|file| file.bytes == b"x\n" || file.bytes == b"a\n"), "{cut}");
        }
    }

    #[test]
    fn what_was_not_asked_for_is_not_kept() {
        let answer = read(
            b"@evpnlint 1\n>../../etc/passwd\n|x\n<ok\n>etc/shadow\n|x\n<ok\n>/etc/frr/frr.conf\n|x\n<ok\n\
              >etc/frr/frr.conf\n|first\n<ok\n>etc/frr/frr.conf\n|second\n<ok\n>etc/frr/x.conf\n|x\n<ok\ngarbage\x1b[31m\n@end\n",
        );
        assert_eq!(files(&answer), [("etc/frr/frr.conf", "first")]);
        assert_eq!(answer.missing.count(), 3);
        assert_eq!(answer.failure, Some(Failure::Garbled));
        for bytes in [&b"\xff\xfe\x00"[..], b"", b"<html>", b"@evpnlint 2\n", b"@evpnlint 1\n>\xff\n|x\n<ok\n@end\n"] {
            assert!(read(bytes).files.is_empty());
        }
        assert_eq!(read(b"<html>").failure, Some(Failure::Garbled));
        let answer =
            read(b"@evpnlint 1\n>etc/network/a\n|x\n<ok\n>etc/network/a/b\n|x\n<ok\n>etc/hostname\n|a\0b\n<ok\n@end\n");
        assert_eq!(files(&answer), [("etc/network/a", "x")]);
        let missing: Vec<_> = answer.missing.listed().collect();
        assert_eq!(missing, [("etc/hostname", Reason::Binary), ("etc/network/a/b", Reason::Foreign)]);
    }
}
