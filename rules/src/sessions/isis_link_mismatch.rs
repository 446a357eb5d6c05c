use super::link_disagreement;
use crate::finding::Out;
use evpnlint_analysis::fabric::{Fabric, adjacency};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    link_disagreement::report(fabric, "IS-IS", |a, b| adjacency::isis_differences(&fabric.devices, a, b), out);
}
