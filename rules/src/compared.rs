//! How nodes differ from each other, or from what should be there, where no other rule has reported anything.

use crate::{Rule, Section, check::Check, reported::Bearing};

mod differs_from_siblings;
pub(crate) mod drifted;
mod sdn_frr_drift;
mod sdn_interfaces_drift;

pub(crate) const SECTION: Section = Section {
    title: "Compared",
    bearing: Bearing::Other,
    rules: &[
        Rule::new("differs-from-siblings", Check::Compared(differs_from_siblings::check)),
        Rule::new("sdn-frr-drift", Check::Compared(sdn_frr_drift::check)),
        Rule::new("sdn-interfaces-drift", Check::Compared(sdn_interfaces_drift::check)),
    ],
};
