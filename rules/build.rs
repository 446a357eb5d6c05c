//! Reads the header of every page, so that a run parses none: writes `pages.rs`, a table of `Page`s sorted by id.

#[path = "src/header.rs"]
#[allow(dead_code, unreachable_pub, reason = "the crate uses the rest")]
mod header;

use header::Header;
use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=.");
    let folder = env::var("CARGO_MANIFEST_DIR")?;
    let mut ids = vec![];
    for entry in fs::read_dir(&folder)? {
        let name = entry?.file_name();
        ids.extend(
            name.to_str().and_then(|name| name.strip_suffix(".md")).filter(|id| *id != "README").map(str::to_owned),
        );
    }
    ids.sort_unstable();
    let mut table = format!("static PAGES: [Page; {}] = [\n", ids.len());
    for id in &ids {
        let path = Path::new(&folder).join(format!("{id}.md"));
        let text = fs::read_to_string(&path)?;
        match Header::parse(&text) {
            Ok((header, body)) => table += &row(id, &path, &header, text.len() - body.len()),
            Err(error) => println!("cargo::error=rules/{id}.md: {error}"),
        }
    }
    table += "];\n";
    fs::write(Path::new(&env::var("OUT_DIR")?).join("pages.rs"), table)?;
    Ok(())
}

/// A page as an expression.
fn row(id: &str, path: &Path, header: &Header, body: usize) -> String {
    let Header { severity, category, needs, evidence, since, title } = header;
    format!(
        "    Page {{ id: {id:?}, header: Header {{ severity: Severity::{severity:?}, category: Category::{category:?}, \
         needs: Needs::{needs:?}, evidence: Evidence::{evidence:?}, since: {since:?}, title: {title:?} }}, \
         text: include_str!({path:?}), body: {body} }},\n"
    )
}
