//! The tables of what announces a secret, as `gather.sh` reads them: settings for a shell, with extended regular
//! expressions for its sed.

use evpnlint_core::source::secrets::{
    ASSIGNED, BASE64_CHARACTERS, BEHIND, BETWEEN, ENDINGS, HEX_DIGITS, LISTING, LOGINS, MISTYPED, NAMING, PEM, PHRASES,
    Phrase, TOKEN_CHARACTERS, VARIABLES, WHOLE,
};

/// What the script takes for a blank; `$JOIN` stands for one behind a name.
const BLANK: &str = "[[:space:]$JOIN]";

/// Marks where secrets begin.
const CUT: &str = "$CUT";

/// Characters that no configuration has, for what the script must remember of a line: a blank behind a name, the start of
/// secrets, the words behind them, and the end of a line that goes on.
const CONTROL: [(&str, &str); 5] =
    [("JOIN", "001"), ("CUT", "002"), ("FIRST_BEHIND", "003"), ("SECOND_BEHIND", "004"), ("GOES_ON", "013")];

/// The settings.
pub(super) fn settings() -> String {
    let [begin, private, close] = PEM;
    let control = CONTROL.iter().map(|(name, octal)| format!("{name}=$(printf '\\{octal}')\n"));
    let mut settings = control.collect::<String>();
    let mut set = |name: &str, value: &str| settings.push_str(&format!("{name}=\"{value}\"\n"));
    set("ANNOUNCE", &format!("({}|{MISTYPED})", any(&ENDINGS)));
    set("WHOLE", &format!("({})", any(&WHOLE)));
    set("ASSIGNED", &format!("({})", any(&ASSIGNED)));
    set("VARIABLES", &format!("({})", any(&VARIABLES)));
    set("BETWEEN", &format!("({})", any(&BETWEEN)));
    set("NAMING", &format!("({})", any(&NAMING)));
    set("LISTING", &format!("({})", any(&LISTING)));
    set("LOGINS", &format!("({})", LOGINS.join("|")));
    set("PHRASES", &phrases());
    set("HIDE_BEHIND", &behind(|words, mark| format!("s/{words}\\$/{mark}/")));
    set("SHOW_BEHIND", &behind(|words, mark| format!("s/{mark}\\$/{words}/")));
    set("HEX_DIGITS", &HEX_DIGITS.to_string());
    set("BASE64_CHARACTERS", &BASE64_CHARACTERS.to_string());
    set("TOKEN_CHARACTERS", &TOKEN_CHARACTERS.to_string());
    set("PEM_BEGIN", &format!("{begin}.*{private}"));
    set("PEM_END", close);
    settings
}

/// Any of these words.
fn any(words: &[&str]) -> String {
    words.iter().map(|word| spelt(word)).collect::<Vec<_>>().join("|")
}

/// A word with dashes or underscores.
fn spelt(word: &str) -> String {
    word.replace(['-', '_'], "[-_]")
}

/// A command for each phrase. Where words may stand between its two, any place of the second will do.
fn phrases() -> String {
    let command = |phrase: &Phrase| {
        let (first, last) = (spelt(phrase.first), phrase.last);
        let secret = format!("({BLANK}+(({}){BLANK}+)*)([^[:space:]$JOIN])", BETWEEN.join("|"));
        if !phrase.apart {
            return format!("s/((^|[#!]|{BLANK}){first}{BLANK}+{last}){secret}/\\\\1\\\\3{CUT}\\\\6/I");
        }
        let line = format!("/(^|[#!]|{BLANK}){first}{BLANK}/I");
        let mut commands = format!("{line}s/({BLANK}{last}){secret}/\\\\1\\\\2{CUT}\\\\5/I");
        if last.len() == 2 && last.starts_with('-') {
            commands.push_str(&format!("\n{line}s/({BLANK}{last})([^[:space:]$JOIN])/\\\\1{CUT}\\\\2/"));
        }
        commands
    };
    PHRASES.iter().map(command).collect::<Vec<_>>().join("\n")
}

/// A command for each of the words behind a secret, with a character that stands for them meanwhile.
fn behind(command: impl Fn(&str, &str) -> String) -> String {
    let marks = ["$FIRST_BEHIND", "$SECOND_BEHIND"];
    BEHIND.iter().zip(marks).map(|(words, mark)| command(words, mark)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_more_than_a_word_to_the_shell_or_to_sed() {
        let firsts = PHRASES.iter().flat_map(|phrase| [phrase.first, phrase.last]);
        let words =
            [&ENDINGS[..], &WHOLE, &ASSIGNED, &VARIABLES, &BETWEEN, &NAMING, &LISTING, &LOGINS, &BEHIND].concat();
        for word in words.into_iter().chain(firsts) {
            assert!(word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' ')), "{word}");
        }
        assert_eq!(behind(|_, _| String::new()).lines().count() + 1, BEHIND.len().max(2));
    }
}
