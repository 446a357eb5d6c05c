use crate::{finding::Out, usage::Usage};

pub(super) fn check(usage: &Usage, out: &mut Out) {
    for entry in usage.hides.entries.iter().filter(|entry| usage.hides.is_over(entry)) {
        let (rule, Some(until)) = (&entry.rule, entry.until) else { continue };
        out.report(format!("this ignore of {rule} has ended on {until}: it hides nothing any more"))
            .about(format!("evpnlint.toml ignore {rule} until {until}: {}", entry.reason))
            .at(entry.span, entry.reason.clone())
            .help("mend what it was for and take it out, or write a later `until`")
            .done();
    }
}
