use crate::{finding::Out, shown};
use evpnlint_analysis::fabric::{Fabric, multihoming::Mlag};
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for [(a, one), (b, two)] in fabric.multihoming.sides() {
        let only = |here: &Mlag, there: &Mlag| -> Vec<u16> {
            here.bonds.keys().filter(|id| !there.bonds.contains_key(id)).copied().collect()
        };
        let (mine, theirs) = (only(one, two), only(two, one));
        // Where one bond took the id of another, that is the fault.
        if [one, two].iter().any(|mlag| mlag.bonds.values().any(|ports| ports.len() > 1)) {
            continue;
        }
        let (a, b) = (fabric.name(a), fabric.name(b));
        let message = match (mine.as_slice(), theirs.as_slice()) {
            ([], []) => continue,
            (mine, []) => format!("clag-id {} of {a} has no bond on its MLAG peer {b}", join_names(mine)),
            ([], theirs) => format!("clag-id {} of {b} has no bond on its MLAG peer {a}", join_names(theirs)),
            (mine, theirs) => {
                format!(
                    "clag-id {} of {a} and {} of its MLAG peer {b} do not match",
                    join_names(mine),
                    join_names(theirs)
                )
            }
        };
        let places = |mlag: &Mlag, ids: &[u16], name: &str| -> Vec<_> {
            let ports = ids.iter().flat_map(|id| &mlag.bonds[id]).take(shown::PLACES);
            ports.map(|port| (port.span, format!("{} of {name}", port.link.name))).collect()
        };
        out.report(message)
            .about(format!("{a} {b} clag-id"))
            .also(places(one, &mine, a))
            .also(places(two, &theirs, b))
            .help("write the same clag-id on both nodes for the bonds to one host")
            .done();
    }
}
