use crate::{finding::Out, shown};
use evpnlint_analysis::predict::{Prediction, narrow};
use evpnlint_core::words::join_names;

/// The MTU that hosts have by themselves, in bytes.
const USUAL: u32 = 1500;

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let fabric = prediction.fabric;
    let Some(room) = narrow::room(fabric, prediction.demand()).filter(|_| fabric.closed) else { return };
    let spare = room.underlay.saturating_sub(room.need.overhead);
    if room.need.inner >= USUAL || spare < USUAL || room.need.default {
        return;
    }
    let members = || fabric.overlay.vnis.values().flatten().filter(|member| member.local_vni.layer3.is_none());
    let Some(first) = members().next() else { return };
    let device = &fabric.devices[first.node];
    let how = if device.is_generated(first.local_vni.link) {
        format!("set `mtu {USUAL}` on the zone, up to {spare}, and apply")
    } else {
        format!("write `mtu {USUAL}`, up to {spare}, on the VXLAN devices and their bridges")
    };
    let vnis = join_names(fabric.overlay.vnis.keys());
    let inner = room.need.inner;
    let places = members().filter_map(|member| {
        let mtu = fabric.devices[member.node].mtu(member.local_vni.link)?;
        Some((mtu.span, format!("{} of {}: mtu {}", member.local_vni.link.name, fabric.name(member.node), mtu.bytes)))
    });
    out.report(format!(
        "vni {vnis} takes packets of {inner} bytes at most, though every interface of the underlay takes {}: hosts could \
         keep their {USUAL}",
        room.underlay
    ))
    .about("the overlay's mtu")
    .also(places.take(shown::SOME))
    .help(format!("{how}; then no guest has to be told a smaller MTU"))
    .done();
}
