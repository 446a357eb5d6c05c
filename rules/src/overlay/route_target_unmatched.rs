use crate::{
    finding::{Member, Out, Severity},
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex,
    sites::{self, Site},
    targets::{self, TargetPolicy},
};
use evpnlint_core::{model::Vni, source::Span, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

/// The VNIs whose targets are all automatic and do not match, and who has those of RFC 8365, and who the plain ones.
#[derive(Default)]
struct Uneven<'m> {
    vnis: BTreeSet<Vni>,
    rfc8365: BTreeMap<NodeIndex, TargetPolicy<'m>>,
    plain: BTreeMap<NodeIndex, TargetPolicy<'m>>,
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let sites = sites::of(fabric);
    // One line decides for all L2VNIs of a node, and one for each tenant's VRF.
    let mut uneven = Uneven::default();
    for (vni, parties) in targets::layer2(&fabric.devices) {
        if !uneven.add(vni, &parties) {
            judge(fabric, &sites, out, vni, "VNI", &parties);
        }
    }
    uneven.report(fabric, out, "VNI");
    for (vni, parties) in targets::layer3(&fabric.devices) {
        let mut uneven = Uneven::default();
        if !uneven.add(vni, &parties) {
            judge(fabric, &sites, out, vni, "the VRF of L3VNI", &parties);
        }
        uneven.report(fabric, out, "the VRF of L3VNI");
    }
}

impl<'m> Uneven<'m> {
    fn add(&mut self, vni: Vni, parties: &[TargetPolicy<'m>]) -> bool {
        let has = |rfc8365: bool| parties.iter().any(|party| party.is_rfc8365 == rfc8365);
        // One that does not import its own has other numbers in the two directions.
        let is_simple = |party: &TargetPolicy| party.written.is_empty() && party.imports_from(party);
        if !has(true) || !has(false) || !parties.iter().all(is_simple) {
            return false;
        }
        self.vnis.insert(vni);
        for party in parties {
            let side = if party.is_rfc8365 { &mut self.rfc8365 } else { &mut self.plain };
            side.insert(party.node, party.clone());
        }
        true
    }

    fn report(&self, fabric: &Fabric, out: &mut Out, what: &str) {
        let names = |side: &BTreeMap<NodeIndex, _>| join_names(side.keys().map(|node| fabric.name(*node)));
        let has = |side: &BTreeMap<NodeIndex, _>| if side.len() == 1 { "has" } else { "have" };
        let Some(first) = self.vnis.first() else { return };
        let (with, without) = (&self.rfc8365, &self.plain);
        let things: Vec<(NodeIndex, Option<Span>)> = with
            .values()
            .map(|party| (party.node, party.derived))
            .chain(without.values().map(|party| (party.node, party.family)))
            .collect();
        out.clash(
            &things,
            |(node, span)| Member::new(fabric.name(*node), format_args!("autort {what} {first}"), *span),
            |_, out| {
                let lines = with
                    .values()
                    .map(|party| (party.derived, "its automatic targets are those of RFC 8365".to_owned()));
                let bare = without.values().map(|party| {
                    (party.family, format!("{}: exports {}", fabric.name(party.node), party.exports_shown()))
                });
                let draft = out.report(format!(
                    "{} {} `autort rfc8365-compatible` and {} {} not: the automatic route targets of {what} {} do not \
                 match, and no route is kept either way",
                    names(with),
                    has(with),
                    names(without),
                    has(without),
                    join_names(&self.vnis),
                ));
                // The few are the odd ones out.
                let draft = if without.len() < with.len() {
                    draft.also(bare.take(shown::MANY)).also(lines.take(shown::SOME))
                } else {
                    draft.also(lines.take(shown::MANY)).also(bare.take(shown::SOME))
                };
                let draft = draft.help("write it on every node of the VNI, or on none");
                if with.len() > 1 && without.len() > 1 {
                    draft.cap_severity(Severity::Warning).done()
                } else {
                    draft.done()
                }
            },
        );
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
    let does = |class: usize| if classes[class].len() == 1 { "does" } else { "do" };
    let title = if what == "VNI" { "vni" } else { "l3vni" };
    let subject = |party: &&TargetPolicy| {
        let span = party.written.first().and_then(|target| target.span()).or(party.derived);
        Member::new(fabric.name(party.node), format_args!("{title} {vni} route-target"), span)
    };
    out.group(&classes[odd], subject, |named, out| {
        let own = join_names(named.iter().map(|party| fabric.name(party.node)));
        let lost: Vec<usize> = bad.iter().filter(|(from, _)| *from == odd).map(|(_, to)| *to).collect();
        let missed: Vec<usize> = bad.iter().filter(|(_, to)| *to == odd).map(|(from, _)| *from).collect();
        let verb = if named.len() == 1 { ("exports", "imports", "keeps") } else { ("export", "import", "keep") };
        let exports = classes[odd][0].exports_shown();
        let message = match (lost.first(), missed.first()) {
            (Some(_), _) if classes[odd][0].exports.is_empty() => {
                format!("{own} {} no route target for {what} {vni}: no other node learns what is behind {own}", verb.0)
            }
            (Some(to), Some(from)) if to == from => format!(
                "{own} {} {exports} for {what} {vni}, which {} {} not import, and {} nothing that \
            they export: no route is kept either way",
                verb.0,
                names(*to),
                does(*to),
                verb.1
            ),
            (Some(to), _) => format!(
                "{own} {} {exports} for {what} {vni}, which {} {} not import: they never learn what \
            is behind {own}",
                verb.0,
                names(*to),
                does(*to)
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
        let label = |party: &TargetPolicy| format!("{}: exports {}", fabric.name(party.node), party.exports_shown());
        let draft = out
            .report(message)
            .also(named.iter().flat_map(|party| party.written.iter().map(|target| (target.span(), label(party)))))
            .also(classes.iter().enumerate().filter(|(class, _)| *class != odd).flat_map(|(_, class)| {
                class.iter().map(|party| {
                    (party.written.first().and_then(|target| target.span()).or(party.derived), label(party))
                })
            }))
            .help(
                "write the same route targets on every node of the VNI, or none: automatic ones match \
            each other whatever the AS, where all have `autort rfc8365-compatible` or none has",
            );
        if is_apart { draft.cap_severity(most).done() } else { draft.done() }
    });
}
