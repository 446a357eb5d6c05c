//! Lines to the model, in the order in which they are applied.

use super::{
    mode::{is_pattern, meant, path},
    parse::Line,
};
use crate::{
    model::{
        Fault, FaultKind, Reading, Sourced,
        sysctl::{Scope, Write},
    },
    source::LanguageId,
};
use evpnlint_grammar::sysctl::Rule;
use std::collections::{BTreeMap, BTreeSet};

/// What the lines say, by path: a path that is written again with another value goes to the end, and with the same value
/// stays where it is.
#[derive(Default)]
pub(super) struct Settings {
    turns: BTreeMap<usize, (String, Option<Sourced<i64>>)>,
    by_path: BTreeMap<String, usize>,
    /// Paths that `/etc/sysctl.conf` sets to another value than the folders do: which of them holds, no file tells.
    doubtful: BTreeSet<String>,
    next: usize,
}

impl Settings {
    fn set(&mut self, path: String, value: Option<Sourced<i64>>, is_main: bool) {
        let known = self.by_path.get(&path).copied();
        let before = known.and_then(|turn| self.turns.get(&turn)).map(|(_, before)| number(before.as_ref()));
        if before == Some(number(value.as_ref())) {
            return;
        }
        if is_main && before.is_some() {
            self.doubtful.insert(path.clone());
        }
        if let Some(turn) = known {
            self.turns.remove(&turn);
        }
        self.by_path.insert(path.clone(), self.next);
        self.turns.insert(self.next, (path, value));
        self.next += 1;
    }
}

fn number(value: Option<&Sourced<i64>>) -> Option<i64> {
    value.map(|value| value.value)
}

/// Adds a line. `is_main` is whether it stands in `/etc/sysctl.conf` and no link leads there.
pub(super) fn line(line: &Line, is_main: bool, settings: &mut Settings, into: &mut Reading) {
    let Some(name) = line.all(Rule::name).next().map(str::trim_end) else { return };
    let path = path(name.trim_start_matches("/proc/sys/"));
    let value = line.all(Rule::number).next().or_else(|| line.all(Rule::text).next());
    if meant(&path).is_empty() {
        // `net.ipv4.tcp_fastopen_key`, `net.ipv6.conf.all.stable_secret`.
        let is_secret = ["key", "secret"].iter().any(|word| name.contains(word));
        into.secrets.extend(value.filter(|_| is_secret).map(|value| line.span(value)));
        into.coverage.unmodelled += 1;
        return;
    }
    let Some(value) = value else { return settings.set(path, None, is_main) };
    match value.parse() {
        Ok(number) => settings.set(path, Some(Sourced::written(number, line.span(value))), is_main),
        Err(_) => {
            let span = line.span(if value.is_empty() { name } else { value });
            into.faults.push(Fault::new(LanguageId::Sysctl, span, FaultKind::Malformed { wanted: "a number" }));
        }
    }
}

/// Hands everything to the model. Of a doubtful path nothing is said.
pub(super) fn settle(settings: Settings, into: &mut Reading) {
    let Settings { turns, doubtful, .. } = settings;
    for (turn, (path, value)) in turns.into_iter().filter(|(_, (path, _))| !doubtful.contains(path)) {
        for (parameter, scope) in meant(&path) {
            let sysctls = &mut into.node.sysctls;
            match (&value, scope) {
                (Some(value), scope) => sysctls.write(parameter, scope, Write { turn, value: value.clone() }),
                (None, Scope::Name(name)) if !is_pattern(&path) => sysctls.exempt(parameter, &name),
                (None, _) => {}
            }
        }
    }
}
