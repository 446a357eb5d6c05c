use crate::finding::{Help, Out, Severity};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{
    model::intent::{Object, Sdn},
    words::join_names,
};

/// What the other nodes, and devices that exist, know a thing by: ifupdown2 changes none of the first three on a VXLAN
/// device that is there.
const IDENTIFIERS: [&str; 7] = ["tag", "vrf-vxlan", "vxlan-port", "asn", "mac", "gateway", "controller"];

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for intent in &fabric.cluster.intents {
        let Some(running) = &intent.running else { continue };
        let find = |sdn: &'_ Sdn, wanted: &Object| {
            let same = |object: &&Object| object.store == wanted.store && object.id.value == wanted.id.value;
            sdn.objects.iter().find(same).map(|object| object.properties.clone())
        };
        let mut changes = vec![];
        let mut renamed = vec![];
        for object in &intent.pending.objects {
            let before = find(running, object);
            let differs =
                |key: &&&str| before.as_ref().is_some_and(|before| before.get(**key) != object.properties.get(**key));
            let names = IDENTIFIERS.iter().filter(differs).map(|key| format!("{key} of {}", object.id));
            renamed.extend(names);
            let what = match before {
                _ if matches!(object.store, "ipams" | "dns") => continue,
                None => "new",
                Some(properties) if properties != object.properties => "changed",
                Some(_) => continue,
            };
            changes.push((object, what));
        }
        for object in &running.objects {
            let is_read = intent.pending.knows(object.store) && !intent.pending.is_lost(&object.id);
            if is_read && find(&intent.pending, object).is_none() {
                changes.push((object, "deleted"));
            }
        }
        if changes.is_empty() {
            continue;
        }
        let names = join_names(
            changes
                .iter()
                .map(|(object, what)| format!("{} {} ({what})", object.store.trim_end_matches('s'), object.id)),
        );
        let draft = out
            .report(format!("not applied yet: {names}"))
            .about(format!("{} pending", intent.name()))
            .also(changes.iter().map(|(object, what)| (object.id.span(), *what)));
        let apply = "apply it under Datacenter, SDN, or with `pvesh set /cluster/sdn`";
        if renamed.is_empty() {
            draft.help(Help::lasting(apply)).cap_severity(Severity::Info).done();
        } else {
            let renamed = join_names(&renamed);
            draft
                .help(Help::lasting(format!(
                    "{apply}, while all nodes are online and guests may pause: it changes the {renamed}"
                )))
                .done();
        }
    }
}
