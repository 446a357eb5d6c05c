use crate::{
    finding::{Draft, Out},
    page::Page,
    usage::Usage,
};
use evpnlint_core::near::near;

pub(super) fn check(usage: &Usage, out: &mut Out) {
    for entry in usage.hides.entries.iter().filter(|entry| Page::find(&entry.rule).is_none()) {
        unknown(&entry.rule, out, |draft| {
            draft.about(format!("evpnlint.toml ignore {}", entry.rule)).at(entry.span, "")
        });
    }
    for comment in &usage.hides.comments {
        let node = &usage.hides.files[comment.span.file.0 as usize].node;
        for (rule, span) in comment.rules.iter().filter(|(rule, _)| Page::find(rule).is_none()) {
            unknown(rule, out, |draft| draft.about(format!("{node} ignore {rule}")).at(*span, "no such rule"));
        }
        let why = match (comment.rules.is_empty(), comment.has_reason, comment.covers) {
            (true, ..) => "it names no rule",
            (_, false, _) => "it gives no reason",
            (.., None) => "no statement follows it",
            _ => continue,
        };
        let rules: Vec<&str> = comment.rules.iter().map(|(rule, _)| rule.as_str()).collect();
        out.report(format!("this comment hides nothing: {why}"))
            .about(format!("{node} ignore {} comment", rules.join(", ")))
            .at(comment.span, "not understood")
            .help("write `evpnlint: ignore[rule] reason` on the line above what it is for")
            .done();
    }
}

fn unknown<'o, 'a>(rule: &str, out: &'o mut Out<'a>, place: impl FnOnce(Draft<'o, 'a>) -> Draft<'o, 'a>) {
    let draft = out.report(format!("there is no rule {rule}: the ignore hides nothing"));
    let draft = place(draft);
    match near(rule, Page::all().iter().map(|page| page.id)) {
        Some(near) => draft.help(format!("did you mean {near}?")).done(),
        None => draft.help("`evpnlint rules` lists the rules").done(),
    }
}
