//! The tables and the pages agree.

use crate::{ALL, find, header::Header, page::Page};

#[test]
fn every_page_is_of_a_rule() {
    let pages: Vec<&str> = Page::all().iter().map(|page| page.id).collect();
    let rules: Vec<&str> = ALL.iter().map(|rule| rule.id).collect();
    assert_eq!(pages, rules, "write rules/src/<section>/<id>.rs, and its two lines in rules/src/<section>.rs");
    assert!(rules.iter().all(|id| find(id).is_some_and(|rule| rule.id == *id)));
}

#[test]
fn a_page_needs_what_its_rule_is_given() {
    let wrong = ALL.iter().filter(|rule| !rule.check.agrees(rule.header().needs));
    let wrong: Vec<String> =
        wrong.map(|rule| format!("rules/{}.md: needs: {}", rule.id, rule.header().needs.word())).collect();
    assert!(wrong.is_empty(), "the function is given something else: {}", wrong.join("; "));
}

#[test]
fn a_bad_header_is_refused() {
    let header =
        "---\nseverity: error\ncategory: correctness\nneeds: node\nevidence: measured\nsince: 0.1.0\n---\n# A\n";
    assert!(Header::parse(header).is_ok_and(|(header, body)| header.title == "A" && body == "# A\n"));
    for (from, to, why) in [
        ("---\n", "", "there is no header"),
        ("# A", "A", "there is no title"),
        ("severity: error\n", "", "`severity` is missing"),
        ("error", "fatal", "`severity` has an unknown value, `fatal`"),
        ("since", "until", "`until` is no key"),
        ("needs: node", "needs: node\nneeds: fabric", "`needs` is written twice"),
        ("needs: node", "needs", "`needs` is not `key: value`"),
    ] {
        assert_eq!(Header::parse(&header.replacen(from, to, 1)).err().as_deref(), Some(why));
    }
}

#[test]
fn what_is_explained_is_a_rule() {
    let known: Vec<&str> = crate::ALL.iter().map(|rule| rule.id).collect();
    for rule in crate::ALL {
        let unknown: Vec<&&str> = rule.explains.iter().filter(|id| !known.contains(id)).collect();
        assert!(unknown.is_empty(), "{} explains {unknown:?}", rule.id);
    }
}
