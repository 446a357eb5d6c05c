use crate::{finding::Out, usage::Usage};

pub(super) fn check(usage: &Usage, out: &mut Out) {
    for comment in usage.hides.comments.iter().filter(|comment| usage.is_generated(comment.span.file)) {
        let file = &usage.hides.files[comment.span.file.0 as usize];
        let rules: Vec<&str> = comment.rules.iter().map(|(rule, _)| rule.as_str()).collect();
        out.report("Proxmox writes this file anew, and drops the comment with what it ignores")
            .about(format!("{} {} ignore {}", file.node, file.inner, rules.join(", ")))
            .at(comment.span, "does not last")
            .help("write an `[[ignore]]` in evpnlint.toml instead")
            .done();
    }
}
