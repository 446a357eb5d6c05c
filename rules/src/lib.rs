//! The rules. Each is a page `rules/<id>.md` that says why, and a function in a file of the same name here that says when.
//!
//! Rules are the only voice: whatever a user reads was said by one, so that selection, severities, pages and tests hold
//! for everything alike. They ask the [`Fabric`](evpnlint_analysis::fabric::Fabric), or the
//! [`Prediction`](evpnlint_analysis::predict::Prediction) of what comes of it, and judge; whatever two of them would
//! compute belongs there.
//!
//! | module | what it is |
//! |---|---|
//! | [`header`], [`page`] | what a rule's page says |
//! | [`check`] | what a rule's function is given |
//! | [`faults`], [`view`], [`plan`] | the parts of a fabric that are given to a function |
//! | [`finding`], [`member`] | what a rule reports |
//! | [`hides`], [`usage`] | what is known of that and not told, and what came of it |
//! | [`reported`] | where rules have found something, for those that report what no other has |
//! | [`mod@run`] | runs them all |
//!
//! The other modules are the sections: rules by what they judge.

use check::{Check, Layer};
use header::Header;
use page::{Page, order};
use reported::Bearing;

pub mod check;
pub mod choice;
pub mod faults;
pub mod finding;
mod generated;
pub mod header;
pub mod hides;
pub mod member;
mod objects;
pub mod page;
pub mod plan;
pub mod reported;
pub mod run;
pub mod severity;
mod shared;
mod shown;
pub mod usage;
pub mod view;
mod web;

mod compared;
mod gateways;
mod guests;
mod ignores;
mod interfaces;
mod mtu;
mod multihoming;
mod overlay;
mod sdn;
mod sessions;
mod surroundings;
mod tenants;
mod text;

pub use run::{Fate, RunResult, run};

/// A rule: its page and its function.
pub struct Rule {
    /// Kebab-case; says what is wrong, and reads after "allow".
    pub id: &'static str,
    /// Its page.
    pub page: &'static Page,
    /// Its function.
    pub check: Check,
    /// Of a rule that judges Proxmox's store: the rules that find the same fault in what is generated from it. Where both
    /// speak of one object, this rule's finding counts.
    pub explains: &'static [&'static str],
}

impl Rule {
    /// The rule of a page. Without the page, the build fails.
    const fn new(id: &'static str, check: Check) -> Self {
        Self { id, page: Page::of(id), check, explains: &[] }
    }

    /// The same rule, which knows best what those find in generated files.
    const fn explaining(self, explains: &'static [&'static str]) -> Self {
        Self { explains, ..self }
    }

    /// How many steps lie between a cause in a file and what the rule reports: none, but for what is lost.
    pub const fn depth(&self) -> usize {
        match self.check {
            Check::Lost(Layer::Sessions, _) => 1,
            Check::Lost(Layer::Routes, _) => 2,
            Check::Lost(Layer::Packets, _) => 3,
            _ => 0,
        }
    }

    /// What the header of its page says.
    pub fn header(&self) -> &'static Header<'static> {
        &self.page.header
    }
}

/// Rules that judge the same kind of thing.
pub struct Section {
    /// What they judge.
    pub title: &'static str,
    /// What their findings say of losses that others predict.
    pub bearing: Bearing,
    /// The rules, sorted by id.
    pub rules: &'static [Rule],
}

/// The sections, from what is written to what comes of it.
pub static SECTIONS: [Section; 13] = [
    text::SECTION,
    interfaces::SECTION,
    sessions::SECTION,
    overlay::SECTION,
    gateways::SECTION,
    mtu::SECTION,
    multihoming::SECTION,
    tenants::SECTION,
    sdn::SECTION,
    guests::SECTION,
    surroundings::SECTION,
    compared::SECTION,
    ignores::SECTION,
];

/// Every rule, sorted by id.
pub static ALL: &[&Rule] = &merge::<{ count() }>();

const fn count() -> usize {
    let (mut count, mut at) = (0, 0);
    while at < SECTIONS.len() {
        count += SECTIONS[at].rules.len();
        at += 1;
    }
    count
}

/// The rules of all sections in one order. Fails the build where the table of a section is not sorted, or two rules have
/// one id.
const fn merge<const COUNT: usize>() -> [&'static Rule; COUNT] {
    let mut all = [&SECTIONS[0].rules[0]; COUNT];
    let mut taken = [0; SECTIONS.len()];
    let mut at = 0;
    while at < COUNT {
        let (mut first, mut section): (Option<&'static Rule>, usize) = (None, 0);
        let mut other = 0;
        while other < SECTIONS.len() {
            let rules = SECTIONS[other].rules;
            if taken[other] < rules.len() {
                let rule = &rules[taken[other]];
                let is_before = match first {
                    Some(first) => order(rule.id, first.id) < 0,
                    None => true,
                };
                if is_before {
                    (first, section) = (Some(rule), other);
                }
            }
            other += 1;
        }
        let Some(rule) = first else { break };
        assert!(at == 0 || order(all[at - 1].id, rule.id) < 0, "the table of a section is not sorted by id");
        all[at] = rule;
        taken[section] += 1;
        at += 1;
    }
    all
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.binary_search_by(|rule| rule.id.cmp(id)).ok().map(|at| ALL[at])
}

/// The list of all rules as `rules/README.md` has it: a table for each section.
pub fn index() -> String {
    let mut index =
        String::from("# Rules\n\nWritten by `BLESS=1 cargo test -- page::`. `evpnlint explain RULE` prints a page.\n");
    for section in &SECTIONS {
        index += &format!(
            "\n## {}\n\n| rule | severity | category | needs | evidence | |\n|---|---|---|---|---|---|\n",
            section.title
        );
        for Rule { id, page, .. } in section.rules {
            let Header { severity, category, needs, evidence, title, .. } = page.header;
            let (category, needs, evidence) = (category.word(), needs.word(), evidence.word());
            index += &format!("| [{id}]({id}.md) | {severity} | {category} | {needs} | {evidence} | {title} |\n");
        }
    }
    index
}

#[cfg(test)]
mod tests;
