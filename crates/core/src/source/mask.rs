//! Secrets that no grammar knows of: what stands behind a word that announces one, in a line that is mistyped, unknown
//! or a comment. Reading tells the others; this is the net below.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::{ops::Range, sync::LazyLock};

/// How words end that announce a secret.
const ANNOUNCE: [&str; 16] = [
    "password",
    "passw",
    "passwd",
    "passphrase",
    "secret",
    "psk",
    "token",
    "md5",
    "key-string",
    "authentication-key",
    "auth-key",
    "private-key",
    "preshared-key",
    "wireless-key",
    "api-key",
    "apikey",
];

/// Words between an announcement and its secret.
const BETWEEN: [&str; 6] = ["8", "0", "md5", "clear", "encrypted", "string"];

/// Words behind which a name stands, or an algorithm, that may look like an announcement: `route-map token`,
/// `authentication mode md5`.
const NAMING: [&str; 18] = [
    "route-map",
    "vrf",
    "interface",
    "peer-group",
    "prefix-list",
    "access-list",
    "as-path",
    "community-list",
    "neighbor",
    "router",
    "chain",
    "key-chain",
    "update-source",
    "zone",
    "mode",
    "hash-algo",
    "iface",
    "auto",
];

/// What may stand behind the secret of an IS-IS area, and is none.
const BEHIND: [&str; 2] = [" authenticate snp send-only", " authenticate snp validate"];

/// What every line that announces something has in it.
static HINTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(["pass", "pw", "word", "secret", "psk", "token", "md5", "key", "string"])
        .expect("a handful of fixed words makes an automaton")
});

/// The byte ranges of a text that are to be overwritten.
pub(super) fn announced(text: &str) -> Vec<Range<usize>> {
    let mut all = vec![];
    in_json(text, &mut |range| all.push(range));
    let mut done = 0;
    while let Some(hint) = HINTS.find(&text[done..]) {
        let at = done + hint.start();
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1).max(done);
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length + 1);
        let line = &text[start..end];
        if !line.trim_start().starts_with(['{', '"', '}']) {
            in_words(line, &mut |range| all.push(start + range.start..start + range.end));
        }
        done = end;
    }
    all
}

/// Every word behind the announcement: a secret may have blanks in it.
fn in_words(line: &str, add: &mut impl FnMut(Range<usize>)) {
    let (mut before, mut is_secret) = ("", false);
    let line = line.trim_end();
    let line = BEHIND.iter().find_map(|behind| line.strip_suffix(behind)).unwrap_or(line);
    for (at, word) in words(line) {
        let end = at + word.len();
        let split = word.find([':', '=']);
        if is_secret {
            if !(BETWEEN.contains(&word) && announces(before)) {
                add(at..end);
            }
        } else if let Some(colon) = split.filter(|colon| announces(&word[..*colon])) {
            is_secret = true;
            add(at + colon + 1..end);
        } else {
            is_secret = announces(word) && !NAMING.contains(&before)
                || word == "string" && before == "authentication"
                // `key 1` and `key chain NAME` are FRR's; a key that is one word is not.
                || before.is_empty() && word == "key" && !is_key_of_frr(&line[end..]);
        }
        before = word;
    }
}

fn is_key_of_frr(rest: &str) -> bool {
    let next = words(rest).next().map_or("", |(_, word)| word);
    next == "chain" || next.bytes().all(|byte| byte.is_ascii_digit())
}

/// What stands behind a string that announces, on its line or on the next, as a value stands behind its key. The text
/// need not be JSON as a whole, and its quotes need not come in pairs.
fn in_json(text: &str, add: &mut impl FnMut(Range<usize>)) {
    let mut done = 0;
    while let Some(quote) = text[done..].find('"') {
        done += quote + 1;
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let name = &text[done..done + text[done..].find(|c| !is_name(c)).unwrap_or(text.len() - done)];
        let Some(behind) = text[done + name.len()..].strip_prefix('"') else { continue };
        if name != "key" && !announces(name) {
            continue;
        }
        let value = behind.trim_start();
        let value = value.strip_prefix(':').map_or(value, str::trim_start);
        let start = text.len() - value.len();
        let range = match value.chars().next() {
            // It is a value itself, or an object's name.
            None | Some(',' | '}' | ']' | '{') => continue,
            Some('"') => start + 1..start + 1 + string(&value[1..]),
            Some(_) => start..start + value.find([',', '}', ']', '\n']).unwrap_or(value.len()),
        };
        done = range.end;
        add(range);
    }
}

/// How long a string is whose opening quote is passed. A quote that nothing is left open behind is its last; one that
/// does not end a value was meant to be escaped.
fn string(text: &str) -> usize {
    let line = text.find('\n').unwrap_or(text.len());
    let mut is_escaped = false;
    for (at, byte) in text[..line].bytes().enumerate() {
        let ends = |rest: &str| rest.is_empty() || rest.starts_with([',', '}', ']']);
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' if ends(text[at + 1..].trim_start()) => return at,
            _ => {}
        }
    }
    line
}

fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    line.split(|c: char| c.is_ascii_whitespace()).filter_map(move |word| {
        let start = at;
        at += word.len() + 1;
        (!word.is_empty()).then_some((start, word))
    })
}

/// Whether a secret follows this word, written nearly right, with something before it or a number behind it:
/// `area-password`, `pasword`, `wireless-key1`.
fn announces(word: &str) -> bool {
    if !(2..=40).contains(&word.len()) {
        return false;
    }
    let word = word.to_ascii_lowercase();
    let ends = |word: &str| ANNOUNCE.iter().any(|end| word.ends_with(end));
    ends(&word)
        || ends(word.trim_end_matches(|c: char| c.is_ascii_digit()))
        || matches!(word.as_str(), "pw" | "pwd")
        || strsim::osa_distance(&word, "password") <= 2
}

#[cfg(test)]
mod tests {
    use super::announced;

    #[test]
    fn only_secrets_are_masked() {
        for (line, wanted) in [
            (" neighbor 10.0.0.2 password a b", " neighbor 10.0.0.2 password * *"),
            ("neighbour x pasword hunter", "neighbour x pasword ******"),
            ("enable password 8 hash", "enable password 8 ****"),
            (" ip ospf message-digest-key 1 md5 key", " ip ospf message-digest-key 1 md5 ***"),
            (" area-password md5 x", " area-password md5 *"),
            (" ip rip authentication string x", " ip rip authentication string *"),
            ("  key-string x", "  key-string *"),
            ("key chain ring", "key chain ring"),
            (" key 1", " key 1"),
            ("\tkey abc", "\tkey ***"),
            ("\ttoken=abc", "\ttoken=***"),
            ("{\"token\":\"abc\",\"zone\":\"prod\"}", "{\"token\":\"***\",\"zone\":\"prod\"}"),
            ("{\"token\":\"a\\\"bc\",\"zone\":1}", "{\"token\":\"*****\",\"zone\":1}"),
            ("{\"token\"\n: \n\"abc\"\n}", "{\"token\"\n: \n\"***\"\n}"),
            ("{\"key\":\"abc\" \"z\":1}\n\"z\":1", "{\"key\":\"***********\n\"z\":1"),
            ("{\"token\":123,\"z\":\"token\",\"y\":1}", "{\"token\":***,\"z\":\"token\",\"y\":1}"),
            ("x {\"a\" b\",\"token\":\"abc\"}", "x {\"a\" b\",\"token\":\"***\"}"),
            (" neighbor 10.0.0.1 pw abc", " neighbor 10.0.0.1 pw ***"),
            (" neighbor 10.0.0.1 passw abc", " neighbor 10.0.0.1 passw ***"),
            (" wireless-key1 s:abc", " wireless-key1 *****"),
            (" area-password md5 x authenticate snp validate", " area-password md5 * authenticate snp validate"),
            ("route-map token permit 10", "route-map token permit 10"),
            (" neighbor psk password abc", " neighbor psk password ***"),
            (" ip rip authentication mode md5 auth-length rfc", " ip rip authentication mode md5 auth-length rfc"),
            ("service password-encryption", "service password-encryption"),
            ("password\nhostname leaf1", "password\nhostname leaf1"),
            (" match tag 5\npassword", " match tag 5\npassword"),
        ] {
            let mut text = line.to_owned();
            for range in announced(line) {
                text.replace_range(range.clone(), &"*".repeat(range.len()));
            }
            assert_eq!(text, wanted);
        }
    }
}
