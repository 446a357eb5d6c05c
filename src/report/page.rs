//! A rule's page for a terminal: Markdown with less of its marks, examples under the names of their files.

use super::Style;
use evpnlint_core::source::printable;
use evpnlint_rules::Rule;
use std::io;

/// Writes a page.
///
/// # Errors
/// When it cannot be written.
pub fn write(rule: &Rule, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let header = rule.header();
    let paint =
        |code: &str, text: &str| if style.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() };
    writeln!(out, "{}", paint("1", rule.id))?;
    let (category, needs, evidence) = (header.category.word(), header.needs.word(), header.evidence.word());
    let facts =
        format!("{} · {category} · needs: {needs} · evidence: {evidence} · since {}", header.severity, header.since);
    writeln!(out, "{}\n", paint("2", &facts))?;
    let mut fenced = false;
    // Examples may hold what they warn of.
    let (body, _) = printable(rule.page.body().trim().as_bytes());
    for line in body.lines() {
        if let Some(info) = line.strip_prefix("```") {
            fenced = !fenced;
            if fenced {
                let caption = match info.split_once(' ') {
                    Some((_, path)) => path,
                    None if info == "findings" => "evpnlint says:",
                    None => continue,
                };
                writeln!(out, "  {}", paint("36", caption))?;
            }
        } else if fenced {
            writeln!(out, "{}", format!("    {line}").trim_end())?;
        } else if line.starts_with('#') {
            writeln!(out, "{}", paint("1", line.trim_start_matches('#').trim_start()))?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
