//! Where secrets stand that no grammar knows of, by the tables of [`super::secrets`]: in a line that is mistyped, unknown or
//! a comment. Reading tells the others; this is the net below.

use super::secrets::{
    self, ASSIGNED, BASE64_CHARACTERS, BEHIND, BETWEEN, ENDINGS, HEX_DIGITS, LISTING, LOGINS, NAMING, PEM, PHRASES,
    Phrase, TOKEN_CHARACTERS, VARIABLES, WHOLE, announces,
};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::{ops::Range, sync::LazyLock};

/// What every line that announces something has in it: of each announcement the longest part between dashes, what is left
/// of a mistyped `password`, and what stands for invisible characters.
static HINTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let longest = |words: &'static str| words.split(['-', '_']).max_by_key(|part| part.len());
    let words = [&ENDINGS[..], &WHOLE, &ASSIGNED, &VARIABLES].concat();
    let firsts = PHRASES.iter().map(|phrase| phrase.first);
    let hints = words.into_iter().filter_map(longest).chain(firsts).chain(LOGINS);
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(hints.chain(["pas", "ass", "swo", "wor", "ord", "?", "\u{fffd}"]))
        .expect("a handful of fixed words makes an automaton")
});

/// The byte ranges of a text that are to be overwritten. None has the end of a line in it.
pub(super) fn announced(text: &str) -> Vec<Range<usize>> {
    let mut all = vec![];
    let mut add = |range: Range<usize>| all.push(range);
    in_json(text, &mut add);
    in_urls(text, &mut add);
    in_pem(text, &mut add);
    by_shape(text.as_bytes(), &mut add);
    let is_json = text.trim_start().starts_with('{');
    let mut done = 0;
    while let Some(hint) = HINTS.find(&text[done..]) {
        let at = done + hint.start();
        let mut start = text[..at].rfind('\n').map_or(0, |end| end + 1).max(done);
        // The line may go on one that ends in a backslash.
        while let Some(before) = text[done..start].strip_suffix('\n').filter(|before| goes_on(before)) {
            start = done + before.rfind('\n').map_or(0, |end| end + 1);
        }
        let mut end = line_end(text, at);
        while end < text.len() && text[start..end].strip_suffix('\n').is_some_and(goes_on) {
            end = line_end(text, end);
        }
        let line = &text[start..end];
        if !is_json || !line.trim_start().starts_with(['{', '"', '}']) {
            in_words(line, &mut |range| add(start + range.start..start + range.end));
        }
        done = end;
    }
    all
}

/// Where the line ends on which an offset is, its line feed included.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length + 1)
}

fn goes_on(line: &str) -> bool {
    line.trim_end_matches('\r').ends_with('\\')
}

/// Every word behind the announcement: a secret may have blanks in it.
fn in_words(line: &str, add: &mut impl FnMut(Range<usize>)) {
    let line = line.trim_end();
    let line = BEHIND.iter().find_map(|behind| line.strip_suffix(behind)).unwrap_or(line);
    let is_comment = line.trim_start().starts_with(['#', '!']);
    let mut words: Vec<Word> = words(line).collect();
    while let Some(first) = words.first_mut().filter(|first| first.text.starts_with(['#', '!'])) {
        let rest = first.text.trim_start_matches(['#', '!']);
        *first = Word { at: first.at + first.text.len() - rest.len(), text: rest };
        if !rest.is_empty() {
            break;
        }
        words.remove(0);
    }
    if let Some(start) = first_secret(&words, is_comment) {
        let secrets = words.iter().filter(|word| word.end() > start);
        secrets.for_each(|word| add(word.at.max(start)..word.end()));
    }
}

/// Where the secrets of a line begin.
fn first_secret(words: &[Word], is_comment: bool) -> Option<usize> {
    let is_one_of = |word: &str, all: &[&str]| all.iter().any(|one| word.eq_ignore_ascii_case(one));
    if !is_comment && words.first().is_some_and(|first| is_one_of(first.text, &LISTING)) {
        return None;
    }
    let mut begun = [false; PHRASES.len()];
    for (index, word) in words.iter().enumerate() {
        let signs = word.text.match_indices([':', '=']).map(|(sign, _)| sign);
        if let Some(sign) = signs.into_iter().find(|sign| secrets::assigns(&word.text[..*sign])) {
            return Some(word.at + sign + 1);
        }
        let next = words.get(index + 1);
        if let Some(start) = in_login(*word, next.copied()) {
            return Some(start);
        }
        let is_name = || !is_comment && index.checked_sub(1).is_some_and(|at| is_one_of(words[at].text, &NAMING));
        // `key 1` and `key chain NAME` are FRR's; a key that is one word is not.
        let is_key =
            || index == 0 && word.text.eq_ignore_ascii_case("key") && !next.is_some_and(|next| is_of_frr(next.text));
        let phrase = |does: fn(&Phrase, Word) -> bool| {
            let mut open = PHRASES.iter().zip(begun).filter(|(_, has_begun)| *has_begun).map(|(phrase, _)| phrase);
            open.find(|phrase| does(phrase, *word))
        };
        if announces(word.text) && !is_name() || phrase(ends).is_some() || is_key() {
            let secret = words[index + 1..].iter().find(|word| !is_one_of(word.text, &BETWEEN));
            return secret.or(next).map(|word| word.at);
        }
        // Without the blank: `-pSECRET`.
        if let Some(phrase) = phrase(is_attached) {
            return Some(word.at + phrase.last.len());
        }
        for (phrase, begun) in PHRASES.iter().zip(&mut begun) {
            *begun = phrase.apart && *begun || word.text.eq_ignore_ascii_case(phrase.first);
        }
    }
    None
}

/// Whether a word ends a phrase that has begun.
fn ends(phrase: &Phrase, word: Word) -> bool {
    word.text.eq_ignore_ascii_case(phrase.last)
}

/// Whether it does so with an option of one letter, and the secret is part of the word.
fn is_attached(phrase: &Phrase, word: Word) -> bool {
    let is_letter = phrase.last.len() == 2 && phrase.last.starts_with('-');
    is_letter && word.text.len() > 2 && word.text.starts_with(phrase.last)
}

/// Where the password begins in `-u user:password`, with or without a blank.
fn in_login(word: Word, next: Option<Word>) -> Option<usize> {
    let behind = |word: Word, from: usize| {
        let login = word.text.get(from..)?;
        let colon = login.find(':').filter(|colon| !login[*colon..].starts_with("://"))?;
        (colon > 0).then_some(word.at + from + colon + 1)
    };
    if LOGINS.contains(&word.text) {
        return behind(next?, 0);
    }
    let login = LOGINS.iter().rev().find(|login| word.text.starts_with(**login))?;
    behind(word, login.len())
}

/// Whether what follows `key` makes it a command of FRR's.
fn is_of_frr(next: &str) -> bool {
    next == "chain" || next.bytes().all(|byte| byte.is_ascii_digit())
}

/// The password in `://user:password@`, or a user that is a token.
fn in_urls(text: &str, add: &mut impl FnMut(Range<usize>)) {
    for (at, scheme) in text.match_indices("://") {
        let start = at + scheme.len();
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'');
        let authority = &text[start..start + text[start..].find(ends).unwrap_or(text.len() - start)];
        let Some(end) = authority.rfind('@') else { continue };
        match authority[..end].find(':') {
            Some(colon) => add(start + colon + 1..start + end),
            None if end >= TOKEN_CHARACTERS => add(start..start + end),
            None => {}
        }
    }
}

/// A private key, from its first line to its last, or to the end of the text.
fn in_pem(text: &str, add: &mut impl FnMut(Range<usize>)) {
    let [begin, private, close] = PEM;
    let mut done = 0;
    while let Some(at) = text[done..].find(begin) {
        let start = done + at;
        done = line_end(text, start);
        if !text[start..done].contains(private) {
            continue;
        }
        if let Some(at) = text[start..].find(close) {
            done = line_end(text, start + at);
        } else {
            done = text.len();
        }
        let mut at = start;
        for line in text[start..done].split_inclusive('\n') {
            add(at..at + line.trim_end().len());
            at += line.len();
        }
    }
}

/// What is a key by its shape: a long row of hexadecimal digits, or of Base64 with its end.
fn by_shape(text: &[u8], add: &mut impl FnMut(Range<usize>)) {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    // A row that is long enough has a byte at one of these places.
    let mut at = HEX_DIGITS - 1;
    while let Some(byte) = text.get(at) {
        if !is_base64(byte) {
            at += HEX_DIGITS;
            continue;
        }
        let start = at - text[..at].iter().rev().take_while(|byte| is_base64(byte)).count();
        let end = at + text[at..].iter().take_while(|byte| is_base64(byte)).count();
        if end - start >= BASE64_CHARACTERS && text.get(end) == Some(&b'=') {
            add(start..end + 1);
        } else {
            let mut place = start;
            for digits in text[start..end].split(|byte| !byte.is_ascii_hexdigit()) {
                if digits.len() >= HEX_DIGITS {
                    add(place..place + digits.len());
                }
                place += digits.len() + 1;
            }
        }
        at = end + HEX_DIGITS;
    }
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
        if !secrets::assigns(name) {
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

/// A word and where it begins.
#[derive(Clone, Copy)]
struct Word<'t> {
    at: usize,
    text: &'t str,
}

impl Word<'_> {
    fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

/// The words of a line, which may go on behind backslashes. Any blank of Unicode's parts them.
fn words(line: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    line.split_inclusive(char::is_whitespace).filter_map(move |piece| {
        let start = at;
        at += piece.len();
        let text = piece.trim_end();
        let is_last = piece.ends_with(['\n', '\r']);
        let text = text.strip_suffix('\\').filter(|_| is_last).unwrap_or(text);
        (!text.is_empty()).then_some(Word { at: start, text })
    })
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
            (" ip nhrp authentication a", " ip nhrp authentication *"),
            (
                "radius-server host 10.0.0.9 auth-port 1812 key a b",
                "radius-server host 10.0.0.9 auth-port 1812 key * *",
            ),
            ("tacacs-server key 7 a", "tacacs-server key * *"),
            ("crypto isakmp key a address 10.0.0.9", "crypto isakmp key * ******* ********"),
            ("snmp-server community a RO", "snmp-server community * **"),
            ("\tpre_shared_key a", "\tpre_shared_key *"),
            (" neighbor 10.0.0.1 tcp-ao a", " neighbor 10.0.0.1 tcp-ao *"),
            ("\twpa-private-key-passwd a", "\twpa-private-key-passwd *"),
            ("\twpa-key-mgmt WPA-PSK", "\twpa-key-mgmt WPA-PSK"),
            ("\tup AWS_PROFILE=a aws s3", "\tup AWS_PROFILE=* *** **"),
            ("\tup DB_PASS='a b' x", "\tup DB_PASS=** ** *"),
            ("\tup x --secret-key=a", "\tup x --secret-key=*"),
            ("\tup curl -H 'Authorization: Basic a'", "\tup curl -H 'Authorization: ***** **"),
            ("\tup curl -H 'X-Auth-Token:a'", "\tup curl -H 'X-Auth-Token:**"),
            ("\tup curl -u me:a b", "\tup curl -u me:* *"),
            ("\tup curl -ume:a", "\tup curl -ume:*"),
            ("\tup curl --user=me:a", "\tup curl --user=me:*"),
            ("\tup wget -U Mozilla http://h/x", "\tup wget -U Mozilla http://h/x"),
            ("\tup curl http://h/x?token=a&b", "\tup curl http://h/x?token=***"),
            ("\tup sshpass -v -p a ssh", "\tup sshpass -v -p * ***"),
            ("\tup sshpass -pa ssh", "\tup sshpass -p* ***"),
            ("\tup curl http://me:a@b@h/x", "\tup curl http://me:***@h/x"),
            ("\tup git clone ssh://git@h/x", "\tup git clone ssh://git@h/x"),
            ("\tup x --password \\\n\t a \\\n b\nmtu 1", "\tup x --password \\\n\t * \\\n *\nmtu 1"),
            ("# password a", "# password *"),
            ("#! neighbor password a", "#! neighbor password *"),
            ("# key a", "# key *"),
            ("pass\u{fffd}word\u{a0}a", "pass\u{fffd}word\u{a0}*"),
            ("sec??ret a", "sec??ret *"),
            (
                "a\n-----BEGIN RSA PRIVATE KEY-----\nab\n-----END RSA",
                "a\n*******************************\n**\n************",
            ),
            (" neighbor password peer-group", " neighbor password peer-group"),
            (" neighbor 10.0.0.1 peer-group password", " neighbor 10.0.0.1 peer-group password"),
            ("interface key0", "interface key0"),
            ("auto token br0", "auto token br0"),
            (" match community token exact-match", " match community token exact-match"),
            (
                "bgp extcommunity-list standard token permit rt 1:1",
                "bgp extcommunity-list standard token permit rt 1:1",
            ),
            ("\tup ip link set dev token up", "\tup ip link set dev token up"),
            ("\tup ip link add g type gretap key 7", "\tup ip link add g type gretap key 7"),
        ] {
            let mut text = line.to_owned();
            for range in announced(line) {
                text.replace_range(range.clone(), &"*".repeat(range.len()));
            }
            assert_eq!(text, wanted);
        }
    }

    #[test]
    fn keys_are_known_by_their_shape() {
        let masked =
            |text: &str| announced(text).iter().map(|range| text[range.clone()].to_owned()).collect::<Vec<_>>();
        let (hex, base64) = ("0badc0de".repeat(4), format!("{}=", "c0V/+".repeat(9)));
        for before in 0..70 {
            let before = " ".repeat(before);
            assert_eq!(masked(&format!("{before}{hex}")), [hex.as_str()]);
            assert_eq!(masked(&format!("{before}{base64} x {hex}. ")), [base64.as_str(), hex.as_str()]);
            assert!(masked(&format!("{before}{} {}", &hex[1..], &base64[..45])).is_empty());
        }
    }
}
