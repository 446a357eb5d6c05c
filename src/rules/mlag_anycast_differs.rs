use crate::{fabric::Fabric, finding::Out};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for [a, b] in fabric.multihoming.sides() {
        let message = match (a.1.anycast, b.1.anycast) {
            (Some(one), Some(two)) if one.value != two.value => {
                format!(
                    "{} and {} are one MLAG pair with two shared VTEP addresses, {one} and {two}",
                    fabric.name(a.0),
                    fabric.name(b.0)
                )
            }
            (Some(one), None) if !fabric.devices[b.0].segments.is_empty() => {
                lacking(fabric, b.0, a.0, &one.to_string())
            }
            (None, Some(two)) if !fabric.devices[a.0].segments.is_empty() => {
                lacking(fabric, a.0, b.0, &two.to_string())
            }
            _ => continue,
        };
        let sides = [a, b];
        let lo = sides.iter().filter(|(_, mlag)| mlag.anycast.is_none());
        out.report(message)
            .about(format!("{} {} clagd-vxlan-anycast-ip", fabric.name(a.0), fabric.name(b.0)))
            .also(sides.iter().map(|(node, mlag)| (mlag.anycast.and_then(|own| own.span()), fabric.name(*node))))
            .also(lo.map(|(node, _)| {
                (fabric.devices[*node].link("lo").map(|lo| lo.place()), format!("lo of {}", fabric.name(*node)))
            }))
            .help("write the same `clagd-vxlan-anycast-ip` under lo of both")
            .done();
    }
}

fn lacking(fabric: &Fabric, node: usize, other: usize, address: &str) -> String {
    format!(
        "{} lacks the VTEP address {address} that its MLAG peer {} would share",
        fabric.name(node),
        fabric.name(other)
    )
}
