use crate::{
    finding::{Member, Out},
    shown,
};
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
        // The side that has it, and the id.
        let things: Vec<(bool, u16)> =
            mine.iter().map(|id| (true, *id)).chain(theirs.iter().map(|id| (false, *id))).collect();
        let subject = |(is_one, id): &(bool, u16)| {
            let (name, mlag) = if *is_one { (a, one) } else { (b, two) };
            Member::new(
                name,
                format_args!("clag-id {id}"),
                mlag.bonds.get(id).and_then(|ports| ports.first()).and_then(|port| port.span),
            )
        };
        out.group(&things, subject, |things, out| {
            let of = |side: bool| -> Vec<u16> {
                things.iter().filter(|(is_one, _)| *is_one == side).map(|(_, id)| *id).collect()
            };
            let (mine, theirs) = (of(true), of(false));
            let message = match (mine.as_slice(), theirs.as_slice()) {
                ([], []) => return,
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
                .also(places(one, &mine, a))
                .also(places(two, &theirs, b))
                .help("write the same clag-id on both nodes for the bonds to one host")
                .done();
        });
    }
}
