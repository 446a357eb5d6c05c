//! What stands around the nodes: hosts, cables and switches, as the user and files of cables tell them.

use crate::{Rule, Section, check::Check, reported::Bearing};

mod attached;
mod expectation_unmet;
mod host_address_outside;
mod host_address_twice;
mod host_unknown_place;
mod link_unknown_end;
mod places;

pub(crate) const SECTION: Section = Section {
    title: "Surroundings",
    bearing: Bearing::Other,
    rules: &[
        Rule::new("expectation-unmet", Check::Predicted(expectation_unmet::check)),
        Rule::new("host-address-outside", Check::Fabric(host_address_outside::check)),
        Rule::new("host-address-twice", Check::Fabric(host_address_twice::check)),
        Rule::new("host-unknown-place", Check::Fabric(host_unknown_place::check)),
        Rule::new("link-unknown-end", Check::Fabric(link_unknown_end::check)),
    ],
};
