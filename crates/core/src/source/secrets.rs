//! How secrets are recognised that no grammar knows of: by the words that announce them, and by their shape. Everything
//! that masks goes by these tables: reading, reports, and the script that gathers a node's files.
//!
//! Case counts nowhere, and a dash and an underscore are the same. The words are those of FRR (`lib/keychain.c`,
//! `ospf_vty.c`, `isis_cli.c`, `nhrp_vty.c`), of other routers' lines that are left in FRR's files (IOS: `radius-server`,
//! `tacacs-server`, `crypto`, `snmp-server`), of wpa_supplicant's ifupdown hook (`wpa-psk`, `wpa-private-key-passwd`), of
//! Proxmox's plugins (`token`, `key`), of the options and variables of curl(1), sshpass(1), wg(8) and the AWS CLI, of
//! WireGuard's files (`PrivateKey`) and of kernel parameters (`tcp_fastopen_key`).

/// How words end that announce a secret, whether a blank, a colon or an equals sign follows.
pub const ENDINGS: [&str; 33] = [
    "password",
    "passw",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "psk",
    "token",
    "bearer",
    "md5",
    "md5-auth",
    "tcp-ao",
    "key-string",
    "authentication-key",
    "auth-key",
    "authkey",
    "private-key",
    "privatekey",
    "preshared-key",
    "pre-shared-key",
    "presharedkey",
    "shared-key",
    "fastopen-key",
    "wireless-key",
    "wep-key",
    "api-key",
    "apikey",
    "access-key",
    "access-key-id",
    "secret-key",
    "session-key",
    "encryption-key",
    "signing-key",
];

/// The same, where the word is that alone, or a dash or an underscore stands before it.
pub const WHOLE: [&str; 2] = ["pw", "pwd"];

/// As [`WHOLE`], but only in front of a colon or an equals sign: `Authorization: Basic X`, `DB_PASS=X`.
pub const ASSIGNED: [&str; 6] = ["authorization", "cookie", "credential", "credentials", "pass", "key"];

/// How variables begin whose value is a secret, or may be.
pub const VARIABLES: [&str; 1] = ["aws_"];

/// Two words that announce a secret together.
#[derive(Clone, Copy, Debug)]
pub struct Phrase {
    /// The first of them.
    pub first: &'static str,
    /// Whether other words may stand between.
    pub apart: bool,
    /// The one that the secret follows.
    pub last: &'static str,
}

/// All of them.
pub const PHRASES: [Phrase; 11] = [
    Phrase { first: "authentication", apart: false, last: "string" },
    Phrase { first: "nhrp", apart: false, last: "authentication" },
    Phrase { first: "snmp-server", apart: false, last: "community" },
    Phrase { first: "radius-server", apart: true, last: "key" },
    Phrase { first: "tacacs-server", apart: true, last: "key" },
    Phrase { first: "crypto", apart: true, last: "key" },
    Phrase { first: "hash-algo", apart: true, last: "key" },
    Phrase { first: "cryptographic-algorithm", apart: true, last: "key" },
    Phrase { first: "sshpass", apart: true, last: "-p" },
    Phrase { first: "curl", apart: true, last: "--pass" },
    Phrase { first: "openssl", apart: true, last: "-k" },
];

/// Options behind which `user:password` stands. These alone are told apart by their case.
pub const LOGINS: [&str; 4] = ["-u", "-U", "--user", "--proxy-user"];

/// Words between an announcement and its secret.
pub const BETWEEN: [&str; 6] = ["8", "0", "md5", "clear", "encrypted", "string"];

/// Words behind which a name stands, or an algorithm, that may look like an announcement: `route-map token`,
/// `authentication mode md5`. In a comment they protect nothing.
pub const NAMING: [&str; 37] = [
    "route-map",
    "vrf",
    "interface",
    "peer-group",
    "prefix-list",
    "access-list",
    "as-path",
    "community-list",
    "extcommunity-list",
    "large-community-list",
    "standard",
    "expanded",
    "comm-list",
    "community",
    "extcommunity",
    "large-community",
    "filter-list",
    "distribute-list",
    "unsuppress-map",
    "advertise-map",
    "exist-map",
    "non-exist-map",
    "pbr-map",
    "nexthop-group",
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
    "dev",
    "master",
    "profile",
];

/// What a line begins with that holds nothing but names.
pub const LISTING: [&str; 9] = [
    "auto",
    "allow-hotplug",
    "allow-auto",
    "iface",
    "interface",
    "source",
    "source-directory",
    "bridge-ports",
    "bond-slaves",
];

/// What may stand behind the secret of an IS-IS area, and is none.
pub const BEHIND: [&str; 2] = [" authenticate snp send-only", " authenticate snp validate"];

/// How a mistyped `password` looks, as an extended regular expression: for whom has no measure of likeness.
pub const MISTYPED: &str = "p[as]*s[as]*w?[ord]+t?";

/// So many hexadecimal digits in a row are a key: those of MACsec have 32 or 64 (IEEE 802.1AE, GCM-AES-128 and -256).
pub const HEX_DIGITS: usize = 32;

/// So many characters of Base64, closed by `=`, are a key: WireGuard's 32 bytes make 43 of them.
pub const BASE64_CHARACTERS: usize = 43;

/// A user without a password in a URL who is called so long is a token.
pub const TOKEN_CHARACTERS: usize = 20;

/// What the first line of a private key has in it, as RFC 7468 writes it: this, and on the same line the next.
pub const PEM: [&str; 3] = ["-----BEGIN ", "PRIVATE KEY", "-----END "];

/// Whether a secret follows this word, written nearly right, with something before it or a number behind it:
/// `area-password`, `pasword`, `wireless-key1`.
pub fn announces(word: &str) -> bool {
    let name = plain(word.trim_matches(['\'', '"']));
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let ends = |word: &str| ENDINGS.iter().any(|end| word.ends_with(end)) || ends_whole(word, &WHOLE);
    ends(&name) || ends(bare) || (6..=10).contains(&name.len()) && strsim::osa_distance(&name, "password") <= 2
}

/// Whether a secret follows, separated by a colon or an equals sign: of a longer text, what is last counts.
pub(super) fn assigns(text: &str) -> bool {
    let text = text.trim_end_matches('\'');
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '?' | char::REPLACEMENT_CHARACTER);
    let name = &text[text.trim_end_matches(is_of_name).len()..];
    let starts = |start: &&str| name.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
    !name.is_empty() && (announces(name) || ends_whole(&plain(name), &ASSIGNED) || VARIABLES.iter().any(starts))
}

/// In lower case, with dashes, and without what stands for invisible characters.
fn plain(word: &str) -> String {
    let seen = word.chars().filter(|c| !['?', char::REPLACEMENT_CHARACTER].contains(c));
    seen.map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect()
}

fn ends_whole(name: &str, all: &[&str]) -> bool {
    all.iter().any(|end| name.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('-')))
}
