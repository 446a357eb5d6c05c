//! `/etc/frr/daemons`: a fragment of shell that FRR's scripts read (`tools/frrcommon.sh`). Its assignments say which
//! daemons are started, for a block of `frr.conf` whose daemon is not is dead text, and with which profile of defaults.

use super::lower::Replay;
use crate::{
    lang::rest::Rest,
    model::{Block, Fault, FaultKind, Sourced, frr::Profile},
    near::near,
    source::{FileId, LanguageId, Span},
};

/// Daemons that a line of their own starts or does not.
const SWITCHED: [&str; 18] = [
    "bgpd", "ospfd", "ospf6d", "ripd", "ripngd", "isisd", "pimd", "pim6d", "ldpd", "nhrpd", "eigrpd", "babeld",
    "sharpd", "pbrd", "bfdd", "fabricd", "vrrpd", "pathd",
];

/// Daemons that always run, whatever a line says.
const ALWAYS: [&str; 3] = ["zebra", "mgmtd", "staticd"];

/// Further names that the scripts know.
const NAMES: [&str; 16] = [
    "all_wrap",
    "daemon_list",
    "frr_global_options",
    "frr_profile",
    "FRR_NO_ROOT",
    "FRR_PATHSPACE",
    "MAX_FDS",
    "snmpd",
    "valgrind",
    "valgrind_enable",
    "vtysh_enable",
    "watchfrr",
    "watchfrr_debug",
    "watchfrr_enable",
    "watchfrr_options",
    "watchquagga_enable",
];

const PROFILE: &str = "traditional or datacenter";

/// A word of shell: what it says once quotes are gone, and where it stands.
struct Word {
    text: String,
    start: usize,
    end: usize,
}

/// Reads the file. The scripts source it, so that the last assignment of a name counts. A line that is none is run as a
/// command, and a name that is not known may be for that: of what is not understood, only what looks like a slip is a
/// fault.
pub(super) fn read(file: FileId, text: &str, replay: &mut Replay) {
    let mut profiles: [Option<Sourced<Profile>>; 2] = [None, None];
    let mut rest = Rest::new(LanguageId::Frr, replay.into);
    for command in commands(text) {
        let (Some(first), Some(last)) = (command.first(), command.last()) else { continue };
        let whole = Span { file, start: first.start as u32, end: last.end as u32 };
        replay.into.coverage.lines += 1;
        if rest.has_begun(replay.into) {
            replay.into.coverage.miss(whole);
            rest.add(whole, &first.text, replay.into);
            continue;
        }
        let words = if first.text == "export" { &command[1..] } else { &command[..] };
        let assignments: Option<Vec<_>> = words.iter().map(|word| word.text.split_once('=').zip(Some(word))).collect();
        let Some(assignments) = assignments.filter(|all| all.iter().all(|((name, _), _)| is_name(name))) else {
            unknown(&first.text, whole, replay);
            continue;
        };
        let (mut taken, mut missed) = (false, false);
        for ((name, value), word) in assignments {
            let span = Span { file, start: word.start as u32, end: word.end as u32 };
            if SWITCHED.contains(&name) || ALWAYS.contains(&name) {
                taken = true;
                // What a variable holds that is set elsewhere, nobody can say.
                if !value.contains('$') {
                    let on = ALWAYS.contains(&name) || !matches!(value, "no" | "0" | "");
                    let daemons = replay.frr.daemons.get_or_insert_default();
                    daemons.insert(name.to_owned(), Sourced::written(on, span));
                }
            } else if name == "bgpd_options" || name == "frr_profile" {
                taken = true;
                let word = if name == "frr_profile" { Some(value) } else { option(value) };
                let profile = match word {
                    Some("datacenter") => Some(Profile::Datacenter),
                    Some("traditional") => Some(Profile::Traditional),
                    Some(word) if !word.is_empty() && !word.contains('$') => {
                        replay.into.faults.push(Fault::new(
                            LanguageId::Frr,
                            span,
                            FaultKind::Malformed { wanted: PROFILE },
                        ));
                        None
                    }
                    _ => None,
                };
                profiles[usize::from(name == "frr_profile")] = profile.map(|profile| Sourced::written(profile, span));
            } else if !is_known(name) && !missed {
                missed = true;
                unknown(name, whole, replay);
            }
        }
        replay.into.coverage.unmodelled += u32::from(!taken && !missed);
    }
    replay.frr.daemons.get_or_insert_default();
    // bgpd's own options stand behind the profile on its command line, and the last one counts.
    let [own, common] = profiles;
    replay.frr.profile = replay.frr.profile.take().or(own).or(common);
}

/// Notes a command of which nothing is known, by its first word or the name that it sets.
fn unknown(name: &str, command: Span, replay: &mut Replay) {
    replay.into.coverage.miss(command);
    let known = SWITCHED.iter().chain(&ALWAYS).chain(&NAMES).copied();
    if let suggestion @ Some(_) = near(name, known) {
        let kind = FaultKind::UnknownCommand {
            block: Block::Named("/etc/frr/daemons"),
            suggestion,
            matters: false,
            belongs: None,
        };
        replay.into.faults.push(Fault::new(LanguageId::Frr, command, kind));
    }
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_known(name: &str) -> bool {
    let of_daemon = ["_options", "_instances", "_wrap"].iter().find_map(|end| name.strip_suffix(end));
    NAMES.contains(&name) || of_daemon.is_some_and(|daemon| SWITCHED.contains(&daemon) || ALWAYS.contains(&daemon))
}

/// The profile among a daemon's options, `-F datacenter`.
fn option(options: &str) -> Option<&str> {
    let mut words = options.split_ascii_whitespace();
    let mut found = None;
    while let Some(word) = words.next() {
        found = match word {
            "-F" | "--profile" => words.next().or(found),
            word => word.strip_prefix("--profile=").or(word.strip_prefix("-F")).or(found),
        };
    }
    found
}

/// The simple commands of a text, each its words: what ends them, and what quotes do, is POSIX's (Shell Command Language,
/// 2.2 and 2.10).
fn commands(text: &str) -> Vec<Vec<Word>> {
    let mut commands = vec![vec![]];
    let mut word: Option<Word> = None;
    let mut quote = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let ends_command = quote.is_none() && matches!(c, '\n' | ';' | '&' | '|' | '(' | ')');
        // A carriage return is of the word before it, as the shell has it, but makes none.
        let is_blank = quote.is_none() && (matches!(c, ' ' | '\t') || c == '\r' && word.is_none());
        if ends_command || is_blank {
            if let Some(command) = commands.last_mut() {
                command.extend(word.take());
            }
            if ends_command {
                commands.push(vec![]);
            }
            continue;
        }
        if c == '#' && quote.is_none() && word.is_none() {
            while chars.next_if(|(_, c)| *c != '\n').is_some() {}
            continue;
        }
        let current = word.get_or_insert(Word { text: String::new(), start: at, end });
        current.end = end;
        match (c, quote) {
            ('\\', None | Some('"')) => {
                if let Some((at, c)) = chars.next() {
                    current.end = at + c.len_utf8();
                    if c != '\n' {
                        current.text.push(c);
                    }
                }
            }
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => current.text.push(c),
        }
    }
    if let Some(command) = commands.last_mut() {
        command.extend(word);
    }
    commands.retain(|command| !command.is_empty());
    commands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Reading;

    /// What is started or not, and where faults are, with what was most likely meant.
    type Said = (Vec<(String, bool)>, Vec<(String, Option<String>)>);

    fn read(text: &str) -> Said {
        let mut into = Reading::default();
        let mut replay = Replay::new(&mut into);
        super::read(FileId(0), text, &mut replay);
        let daemons = replay.finish().daemons.unwrap_or_default();
        let place = |span: Span| text[span.start as usize..span.end as usize].to_owned();
        let meant = |kind: &FaultKind| match kind {
            FaultKind::UnknownCommand { suggestion, .. } => suggestion.clone(),
            _ => None,
        };
        let faults = into.faults.iter().map(|fault| (place(fault.span), meant(&fault.kind))).collect();
        assert!(into.coverage.unrecognised.len() <= into.coverage.lines as usize);
        (daemons.into_iter().map(|(name, on)| (name, on.value)).collect(), faults)
    }

    #[test]
    fn assignments_say_what_is_started() {
        for (text, on) in [
            ("bgpd=no # later", Some(false)),
            ("bgpd=\"no\"", Some(false)),
            ("export bgpd='no'; ospfd=yes", Some(false)),
            ("bgpd=no\nbgpd=yes", Some(true)),
            ("bgpd=0", Some(false)),
            ("bgpd=1", Some(true)),
            ("bgpd=no#x", Some(true)),
            ("bgpd=no\r\n", Some(true)),
            ("#bgpd=no\n", None),
            ("bgpd=no true", None),
            ("bgpd=$X", None),
            ("bgpd_options=\"-A 127.0.0.1\n  bgpd=no\"\n", None),
            ("watchfrr_options=(a\nb)", None),
        ] {
            let daemons = read(text).0;
            assert_eq!(daemons.iter().find(|(name, _)| name == "bgpd").map(|(_, on)| *on), on, "{text}");
        }
        assert_eq!(read("zebra=no").0, [("zebra".to_owned(), true)]);
    }

    #[test]
    fn slips_are_told() {
        assert_eq!(read("bgpd_options=\" -F datacenter\"\nospfd_instances=1,2\nMAX_FDS=1024\n").1, []);
        assert_eq!(read("REGION=east\nif [ -r /etc/default/frr ]; then . /etc/default/frr; fi\n").1, []);
        let (_, faults) = read("bpgd=yes\nbgpd = no\nfrr_profile=datacentre\n");
        let places: Vec<&str> = faults.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["bpgd=yes", "bgpd = no", "frr_profile=datacentre"]);
        assert_eq!(faults[0].1.as_deref(), Some("bgpd"));
    }
}
