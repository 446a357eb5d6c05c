use crate::{
    fabric::{Fabric, few},
    finding::Out,
    model::intent::{Object, Sdn},
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for intent in &fabric.cluster.intents {
        let Some(running) = &intent.running else { continue };
        let find = |sdn: &'_ Sdn, wanted: &Object| {
            let same = |object: &&Object| object.store == wanted.store && object.id.value == wanted.id.value;
            sdn.objects.iter().find(same).map(|object| object.properties.clone())
        };
        let mut changes = vec![];
        for object in &intent.pending.objects {
            let what = match find(running, object) {
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
        let names = few(changes
            .iter()
            .map(|(object, what)| format!("{} {} ({what})", object.store.trim_end_matches('s'), object.id)));
        out.report(format!("not applied yet: {names}"))
            .about(format!("{} pending", intent.name()))
            .also(changes.iter().map(|(object, what)| (object.id.span(), *what)))
            .help("apply it under Datacenter, SDN, or with `pvesh set /cluster/sdn`")
            .done();
    }
}
