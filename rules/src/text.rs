//! Text that the reader could not interpret.

use crate::{Rule, Section, check::Check, reported::Bearing};

mod block_left;
mod bytes_odd;
mod cable_not_read;
mod exit_at_top;
mod file_foreign;
mod file_not_read;
mod file_template;
mod hostname_of_another;
mod line_ambiguous;
mod line_dropped;
mod line_incomplete;
mod line_of_another_frr;
mod line_refused;
mod line_unknown;
mod property_unknown;
mod sdn_property_unknown;
mod sdn_section_refused;
mod sdn_section_unterminated;
mod sdn_written_twice;
mod setting_ignored;
mod value_malformed;
mod vni_map_newer;

pub(crate) const SECTION: Section = Section {
    title: "Text",
    bearing: Bearing::Text,
    rules: &[
        Rule::new("block-left", Check::Text(block_left::FAULTS, block_left::check)),
        Rule::new("bytes-odd", Check::Text(bytes_odd::FAULTS, bytes_odd::check)),
        Rule::new("cable-not-read", Check::Text(cable_not_read::FAULTS, cable_not_read::check)),
        Rule::new("exit-at-top", Check::Text(exit_at_top::FAULTS, exit_at_top::check)),
        Rule::new("file-foreign", Check::Text(file_foreign::FAULTS, file_foreign::check)),
        Rule::new("file-not-read", Check::Text(file_not_read::FAULTS, file_not_read::check)),
        Rule::new("file-template", Check::Text(file_template::FAULTS, file_template::check)),
        Rule::new("hostname-of-another", Check::Fabric(hostname_of_another::check)),
        Rule::new("line-ambiguous", Check::Text(line_ambiguous::FAULTS, line_ambiguous::check)),
        Rule::new("line-dropped", Check::Text(line_dropped::FAULTS, line_dropped::check)),
        Rule::new("line-incomplete", Check::Text(line_incomplete::FAULTS, line_incomplete::check)),
        Rule::new("line-of-another-frr", Check::Text(line_of_another_frr::FAULTS, line_of_another_frr::check)),
        Rule::new("line-refused", Check::Text(line_refused::FAULTS, line_refused::check)),
        Rule::new("line-unknown", Check::Text(line_unknown::FAULTS, line_unknown::check)),
        Rule::new("property-unknown", Check::Text(property_unknown::FAULTS, property_unknown::check)),
        Rule::new("sdn-property-unknown", Check::Text(sdn_property_unknown::FAULTS, sdn_property_unknown::check)),
        Rule::new("sdn-section-refused", Check::Text(sdn_section_refused::FAULTS, sdn_section_refused::check)),
        Rule::new(
            "sdn-section-unterminated",
            Check::Text(sdn_section_unterminated::FAULTS, sdn_section_unterminated::check),
        ),
        Rule::new("sdn-written-twice", Check::Text(sdn_written_twice::FAULTS, sdn_written_twice::check)),
        Rule::new("setting-ignored", Check::Text(setting_ignored::FAULTS, setting_ignored::check)),
        Rule::new("value-malformed", Check::Text(value_malformed::FAULTS, value_malformed::check)),
        Rule::new("vni-map-newer", Check::Text(vni_map_newer::FAULTS, vni_map_newer::check)),
    ],
};
