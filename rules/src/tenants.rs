//! VRFs that reach each other, and what leaks between them.

use crate::{Rule, Section, check::Check, reported::Bearing};

mod allow_leak_unused;
mod leak_without_single_device;
mod route_target_foreign;
mod tenant_leak;
mod vrf_falls_through;
mod vrf_leak_loop;
mod vrf_leak_one_way;
mod vrf_leak_overlap;

pub(crate) const SECTION: Section = Section {
    title: "Tenants",
    bearing: Bearing::Cause,
    rules: &[
        Rule::new("allow-leak-unused", Check::Fabric(allow_leak_unused::check)),
        Rule::new("leak-without-single-device", Check::Fabric(leak_without_single_device::check)),
        Rule::new("route-target-foreign", Check::Fabric(route_target_foreign::check)),
        Rule::new("tenant-leak", Check::Fabric(tenant_leak::check)),
        Rule::new("vrf-falls-through", Check::Fabric(vrf_falls_through::check)),
        Rule::new("vrf-leak-loop", Check::Fabric(vrf_leak_loop::check)),
        Rule::new("vrf-leak-one-way", Check::Fabric(vrf_leak_one_way::check)),
        Rule::new("vrf-leak-overlap", Check::Nodes(vrf_leak_overlap::check)),
    ],
};
