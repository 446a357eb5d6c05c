use crate::{finding::Out, hides::Hider, usage::Usage};

pub(super) fn check(usage: &Usage, out: &mut Out) {
    let hides = usage.hides;
    let entries = hides.entries.iter().enumerate().filter(|_| hides.is_all_read);
    for (at, entry) in entries.filter(|(_, entry)| !hides.is_over(entry)) {
        if usage.is_unused(&entry.rule, Hider::Entry(at)) {
            out.report(format!("no finding of {} is left that this entry hides", entry.rule))
                .about(format!("evpnlint.toml ignore {}: {}", entry.rule, entry.reason))
                .at(entry.span, entry.reason.clone())
                .help("take it out, or mend what it names")
                .done();
        }
    }
    for (at, comment) in hides.comments.iter().enumerate() {
        // What else is wrong with it is another rule's.
        if !comment.has_reason || comment.covers.is_none() {
            continue;
        }
        let node = &hides.files[comment.span.file.0 as usize].node;
        for (position, (rule, span)) in comment.rules.iter().enumerate() {
            if usage.is_unused(rule, Hider::Comment(at, position)) {
                out.report(format!("no finding of {rule} is left that this comment hides"))
                    .about(format!("{node} ignore {rule} unused"))
                    .at(*span, "nothing to ignore below")
                    .help("take it out, or write it above the line that the finding opens with")
                    .done();
            }
        }
    }
}
