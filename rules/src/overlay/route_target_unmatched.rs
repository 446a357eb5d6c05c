use crate::finding::{Out, Severity};
use evpnlint_analysis::fabric::{
    Fabric,
    sites::{self, Site},
    targets::{self, TargetPolicy},
};
use evpnlint_core::{model::Vni, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let sites = sites::of(fabric);
    for (vni, parties) in targets::layer2(&fabric.devices) {
        judge(fabric, &sites, out, vni, "VNI", &parties);
    }
    for (vni, parties) in targets::layer3(&fabric.devices) {
        judge(fabric, &sites, out, vni, "the VRF of L3VNI", &parties);
    }
}

fn judge(fabric: &Fabric, sites: &[Site], out: &mut Out, vni: Vni, what: &str, parties: &[TargetPolicy]) {
    // Nodes that are told the same are one class, so that a thousand leaves are compared as the few ways they differ.
    let mut classes: BTreeMap<_, Vec<&TargetPolicy>> = BTreeMap::new();
    for party in parties {
        let exports = if party.written.is_empty() { None } else { Some(&party.exports) };
        classes.entry((party.class(), exports)).or_default().push(party);
    }
    let classes: Vec<Vec<&TargetPolicy>> = classes.into_values().collect();
    if classes.len() < 2 {
        return;
    }
    // The smallest class with a written target is the odd one out.
    let mut bad: Vec<(usize, usize)> = vec![];
    for (at, from) in classes.iter().enumerate() {
        for (to, by) in classes.iter().enumerate() {
            if at != to && !by[0].imports_from(from[0]) {
                bad.push((at, to));
            }
        }
    }
    let Some(odd) = bad
        .iter()
        .flat_map(|(from, to)| [*from, *to])
        .min_by_key(|class| (classes[*class][0].written.is_empty(), classes[*class].len(), *class))
    else {
        return;
    };
    let names = |class: usize| join_names(classes[class].iter().map(|party| fabric.name(party.node)));
    let own = names(odd);
    let lost: Vec<usize> = bad.iter().filter(|(from, _)| *from == odd).map(|(_, to)| *to).collect();
    let missed: Vec<usize> = bad.iter().filter(|(_, to)| *to == odd).map(|(from, _)| *from).collect();
    let verb = if classes[odd].len() == 1 { ("exports", "imports", "keeps") } else { ("export", "import", "keep") };
    let exports = join_names(&classes[odd][0].exports);
    let message = match (lost.first(), missed.first()) {
        (Some(to), Some(from)) if to == from => format!(
            "{own} {} {exports} for {what} {vni}, which {} do not import, and {} nothing that \
            they export: no route is kept either way",
            verb.0,
            names(*to),
            verb.1
        ),
        (Some(to), _) => format!(
            "{own} {} {exports} for {what} {vni}, which {} do not import: they never learn what \
            is behind {own}",
            verb.0,
            names(*to)
        ),
        (None, Some(from)) => format!(
            "{own} {} nothing that {} export for {what} {vni}: {own} never learns what is behind \
            them",
            verb.1,
            names(*from)
        ),
        (None, None) => format!("{} and others do not import each other's routes of {what} {vni}", own),
    };
    // Two groups of nodes that keep nothing of each other may be kept apart on purpose; more so where each is a site that
    // writes its own.
    let is_apart = classes.len() == 2 && bad.len() == 2 && classes.iter().all(|class| class.len() > 1);
    let site = |class: &Vec<&TargetPolicy>| {
        let home = sites.iter().position(|site| site.contains(&class[0].node))?;
        class.iter().all(|party| sites[home].contains(&party.node)).then_some(home)
    };
    let homes: BTreeSet<_> = classes.iter().filter_map(site).collect();
    let is_border = is_apart && homes.len() == 2 && !classes[odd][0].written.is_empty();
    let most = if is_border { Severity::Info } else { Severity::Warning };
    let label = |party: &TargetPolicy| format!("{}: exports {}", fabric.name(party.node), join_names(&party.exports));
    let draft = out
        .report(message)
        .about(format!("{own} {} {vni} route-target", if what == "VNI" { "vni" } else { "l3vni" }))
        .also(classes[odd].iter().flat_map(|party| party.written.iter().map(|target| (target.span(), label(party)))))
        .also(classes.iter().enumerate().filter(|(class, _)| *class != odd).flat_map(|(_, class)| {
            class
                .iter()
                .map(|party| (party.written.first().and_then(|target| target.span()).or(party.derived), label(party)))
        }))
        .help(
            "write the same route targets on every node of the VNI, or none: automatic ones match \
            each other whatever the AS",
        );
    if is_apart { draft.cap_severity(most).done() } else { draft.done() }
}
