//! Judging a cluster's intent as it runs and as it will run after the next apply.

use evpnlint_analysis::{
    fabric::{Fabric, intent::Plan},
    finding::{Finding, Out},
};

/// Judges the running and the pending configuration of each cluster. What both show is said once, at the `.cfg` files,
/// where it can be mended; what only one shows says when.
pub(super) fn each(fabric: &Fabric, out: &mut Out, judge: impl Fn(&Plan, &mut Out)) {
    both(fabric, out, judge, |_| true);
}

/// The same for a fault that shows in the files which Proxmox generates from what was applied, and is another rule's
/// there: where those were read, only what the pending configuration adds is said.
pub(super) fn ahead(fabric: &Fabric, out: &mut Out, judge: impl Fn(&Plan, &mut Out)) {
    both(fabric, out, judge, |plan| !plan.is_generated());
}

fn both(fabric: &Fabric, out: &mut Out, judge: impl Fn(&Plan, &mut Out), speaks_of_running: impl Fn(&Plan) -> bool) {
    for intent in &fabric.cluster.intents {
        let find = |sdn| {
            let mut all = vec![];
            judge(&Plan { fabric, intent, sdn }, &mut out.aside(&mut all));
            all
        };
        let pending = find(&intent.pending);
        let Some(running) = &intent.running else {
            if speaks_of_running(&Plan { fabric, intent, sdn: &intent.pending }) {
                out.extend(pending);
            }
            continue;
        };
        let also_running = speaks_of_running(&Plan { fabric, intent, sdn: running });
        let running = find(running);
        let until = if intent.pending.is_empty() { "" } else { ", until the next apply" };
        let mut said = vec![];
        for (own, other, when) in [(&pending, &running, ", from the next apply on"), (&running, &pending, until)] {
            for finding in own {
                let is_new = other.iter().all(|other| other.about != finding.about);
                let is_pending = std::ptr::eq(own, &pending);
                let is_said = also_running || is_new && is_pending;
                if !is_said {
                    continue;
                }
                if is_new {
                    said.push(Finding { message: format!("{}{when}", finding.message), ..finding.clone() });
                } else if is_pending {
                    said.push(finding.clone());
                }
            }
        }
        out.extend(said);
    }
}
