//! What the user has ignored.

use crate::{Rule, Section, check::Check, reported::Bearing};

mod ignore_expired;
mod ignore_in_generated_file;
mod ignore_malformed;
mod ignore_unused;

pub(crate) const SECTION: Section = Section {
    title: "Ignores",
    bearing: Bearing::Other,
    rules: &[
        Rule::new("ignore-expired", Check::Ignores(ignore_expired::check)),
        Rule::new("ignore-in-generated-file", Check::Ignores(ignore_in_generated_file::check)),
        Rule::new("ignore-malformed", Check::Ignores(ignore_malformed::check)),
        Rule::new("ignore-unused", Check::Ignores(ignore_unused::check)),
    ],
};
