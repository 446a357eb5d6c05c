//! ifupdown2's policy: JSON files that say what holds where a stanza says nothing (`policymanager.py`). Those that the
//! administrator wrote outweigh those of packages, and of two files of one kind the later one counts.
//!
//! ```json
//! {"address": {"defaults": {"mtu": "9216"}}, "bridge": {"module_globals": {"bridge_vxlan_port_learning": "no"}}}
//! ```

use crate::{
    lang::json::{self, Json},
    model::{Fault, FaultKind, Reading, Sourced, link::Policy, refusal::Disregard},
    source::{File, FileId, LanguageId, Span},
};
use std::str::FromStr;

/// Where packages put theirs, and where the administrator does.
const FOLDERS: [&str; 2] = ["var/lib/ifupdown2/policy.d/", "etc/network/ifupdown2/policy.d/"];

/// Whether a file is one.
pub(super) fn claims(inner: &str) -> bool {
    let name = FOLDERS.iter().find_map(|folder| inner.strip_prefix(folder));
    name.is_some_and(|name| name.ends_with(".json") && !name.contains('/'))
}

/// Reads those of a node. Each counts as one line.
pub(super) fn read(files: &[(FileId, &File)], into: &mut Reading) -> Policy {
    let mut policy = Policy::default();
    for folder in FOLDERS {
        for (id, file) in files.iter().filter(|(_, file)| file.inner.starts_with(folder)) {
            into.coverage.lines += 1;
            match json::read(*id, &file.text) {
                Ok(json) => take(&json, &mut policy, into),
                Err((span, wanted)) => {
                    into.coverage.miss(span);
                    let kind = FaultKind::Dropped(Disregard::NoJson(wanted));
                    into.faults.push(Fault::new(LanguageId::Interfaces, span, kind));
                }
            }
        }
    }
    policy
}

fn take(json: &Json, policy: &mut Policy, into: &mut Reading) {
    let at = |path: [&str; 3]| path.into_iter().try_fold(json, |json, key| json.get(key));
    if let Some((mtu, span)) = value::<u32>(at(["address", "defaults", "mtu"])) {
        match mtu.filter(|mtu| (68..=65535).contains(mtu)) {
            Some(mtu) => policy.mtu = Some(Sourced::written(mtu, span)),
            None => into.faults.push(Fault::new(
                LanguageId::Interfaces,
                span,
                FaultKind::Malformed { wanted: "an MTU, a number from 68 to 65535" },
            )),
        }
    }
    // A default for all ports outweighs the one for VXLAN devices.
    for path in [["bridge", "module_globals", "bridge_vxlan_port_learning"], ["bridge", "defaults", "bridge-learning"]]
    {
        if let Some((Some(word), span)) = value::<String>(at(path)) {
            policy.learning = Some(Sourced::written(matches!(word.as_str(), "on" | "yes" | "1" | "true"), span));
        }
    }
}

/// A value as what it is to be, if it is one.
fn value<T: FromStr>(json: Option<&Json>) -> Option<(Option<T>, Span)> {
    match json? {
        Json::Scalar(word) => Some((word.text.parse().ok(), word.span)),
        _ => None,
    }
}
