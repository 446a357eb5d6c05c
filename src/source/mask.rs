//! Secrets that no grammar knows of: what stands behind a word that announces one, in a line that is mistyped, unknown
//! or a comment. Reading tells the others; this is the net below.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::{ops::Range, sync::LazyLock};

/// How words end that announce a secret.
const ANNOUNCE: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "psk",
    "token",
    "md5",
    "key-string",
    "authentication-key",
    "auth-key",
    "api-key",
    "apikey",
];

/// Words between an announcement and its secret.
const BETWEEN: [&str; 6] = ["8", "0", "md5", "clear", "encrypted", "string"];

/// What every line that announces something has in it.
static HINTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(["pass", "word", "secret", "psk", "token", "md5", "key", "string"])
        .expect("a handful of fixed words makes an automaton")
});

/// The byte ranges of a text that are to be overwritten.
pub(super) fn announced(text: &str) -> Vec<Range<usize>> {
    let mut all = vec![];
    let mut done = 0;
    while let Some(hint) = HINTS.find(&text[done..]) {
        let at = done + hint.start();
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1).max(done);
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length + 1);
        let line = &text[start..end];
        let mut add = |range: Range<usize>| all.push(start + range.start..start + range.end);
        if line.trim_start().starts_with(['{', '"', '}']) {
            in_json(line, &mut add)
        } else {
            in_words(line, &mut add)
        }
        done = end;
    }
    all
}

/// Every word behind the announcement: a secret may have blanks in it.
fn in_words(line: &str, add: &mut impl FnMut(Range<usize>)) {
    let (mut before, mut is_secret) = ("", false);
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
            is_secret = announces(word)
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

/// The string behind the one that announces.
fn in_json(line: &str, add: &mut impl FnMut(Range<usize>)) {
    let (mut at, mut is_secret) = (0, false);
    for (number, part) in line.split('"').enumerate() {
        if number % 2 == 1 {
            if is_secret {
                add(at..at + part.len());
            }
            is_secret = !is_secret && (announces(part) || part == "key");
        }
        at += part.len() + 1;
    }
}

fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    line.split(|c: char| c.is_ascii_whitespace()).filter_map(move |word| {
        let start = at;
        at += word.len() + 1;
        (!word.is_empty()).then_some((start, word))
    })
}

/// Whether a secret follows this word, written nearly right or with something before it: `area-password`, `pasword`.
fn announces(word: &str) -> bool {
    if !(3..=40).contains(&word.len()) {
        return false;
    }
    let word = word.to_ascii_lowercase();
    ANNOUNCE.iter().any(|end| word.ends_with(end)) || strsim::osa_distance(&word, "password") <= 2
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
