use crate::{
    finding::{Out, Severity},
    shown,
    view::View,
};
use evpnlint_core::{model::Sourced, near::slip, words::join_names};
use std::collections::BTreeMap;

pub(super) fn check(view: View, out: &mut Out) {
    let Some(frr) = view.frr().filter(|frr| !frr.isis.is_empty() && !view.is_misread()) else { return };
    let mut found: BTreeMap<&str, Vec<(&str, &Sourced<String>)>> = BTreeMap::new();
    for (name, link) in &frr.links {
        let tags = link.isis.ipv4.iter().chain(&link.isis.ipv6);
        for tag in tags.filter(|tag| frr.isis.iter().all(|isis| isis.tag != tag.value)) {
            found.entry(&tag.value).or_default().push((name, tag));
        }
    }
    for (tag, uses) in found {
        let (name, instances) = (view.name(), || frr.isis.iter().map(|isis| isis.tag.as_str()));
        let mut links: Vec<&str> = uses.iter().map(|(link, _)| *link).collect();
        links.dedup();
        out.report(format!(
            "{} on {name} {} to run IS-IS in {tag}, an instance that is not configured: no adjacency forms there",
            join_names(&links),
            if links.len() == 1 { "is" } else { "are" }
        ))
        .about(format!("{name} isis {tag}"))
        .also(uses.iter().take(shown::MANY).map(|(_, tag)| (tag.span(), "no such instance".to_owned())))
        .also(frr.isis.iter().take(shown::SOME).map(|isis| (Some(isis.span), format!("an instance of {name}"))))
        .cap_severity(if slip(tag, instances()).is_some() { Severity::Error } else { Severity::Warning })
        .help(match slip(tag, instances()).or_else(|| only(instances())) {
            Some(meant) => format!("write `{meant}` in place of `{tag}`"),
            None => format!("write the name of an instance, or configure `router isis {tag}` with its NET"),
        })
        .done();
    }
}

fn only<'t>(mut tags: impl Iterator<Item = &'t str>) -> Option<String> {
    let first = tags.next()?;
    tags.next().is_none().then(|| first.to_owned())
}
