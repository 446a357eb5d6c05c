//! `evpn mh` lines of an `interface` block.

use super::{super::statement::Statement, Replay, switch};
use crate::model::{
    Esi, MacAddress, Sourced,
    multihoming::{EthernetSegment, SegmentId},
    refusal::{Refusal, Taken},
};
use evpnlint_grammar::frr::Rule;

const ESI: &str = "a number from 1 to 16777215, or ten octets with colons that are not all zero";
const MAC: &str = "a MAC address";

/// Obeys one; `false` if zebra refuses it (`zebra_evpn_es_id`, `zebra_evpn_es_sys_mac`; run on FRR 8.4). A line of one
/// kind of identifier takes away what is there of the other.
pub(super) fn segment(replay: &mut Replay, name: &str, line: &Statement) -> bool {
    let on = !line.negated;
    let mut segment = replay.frr.links.get(name).map(|link| link.segment.clone()).unwrap_or_default();
    match line.keywords().nth(2) {
        Some("uplink") => {
            replay.frr.links.entry(name.to_owned()).or_default().uplink = switch(line);
            return true;
        }
        Some("es-id") if !on => segment.id = None,
        Some("es-sys-mac") if !on => segment.system_mac = None,
        Some("es-id") => {
            if let Some(local) = replay.number::<u32>(line) {
                segment.id = Some(local.map(SegmentId::Local));
            } else {
                let Some((text, span)) = line.word(Rule::esi).or(line.word(Rule::word)) else {
                    return replay.refuse(line.span, Refusal::NoSegmentId);
                };
                let Some(esi) = replay.parse::<Esi>(text, span, ESI) else { return false };
                segment = EthernetSegment { id: Some(esi.map(SegmentId::Whole)), system_mac: None };
            }
        }
        Some("es-sys-mac") => {
            let mac: Option<Sourced<MacAddress>> = replay.value(line, Rule::mac, MAC);
            let Some(mac) = mac.filter(|mac| !mac.is_zero()) else {
                return replay.refuse(line.span, Refusal::ZeroMac);
            };
            segment.id = segment.id.filter(|id| matches!(id.value, SegmentId::Local(_)));
            segment.system_mac = Some(mac);
        }
        _ => return replay.unmodelled(),
    }
    if let Some(esi) = segment.esi() {
        if let Some(other) = replay.segments.get(&esi).filter(|other| *other != name) {
            let why = Refusal::Taken(Taken::Segment(esi, other.clone()));
            return replay.refuse(line.span, why);
        }
        replay.segments.insert(esi, name.to_owned());
    }
    let link = replay.frr.links.entry(name.to_owned()).or_default();
    let before = std::mem::replace(&mut link.segment, segment).esi();
    if let Some(before) = before.filter(|before| link.segment.esi() != Some(*before)) {
        replay.segments.remove(&before);
    }
    true
}

#[cfg(test)]
mod tests {
    use crate::{
        lang::{Language as _, frr::Frr as Slice},
        model::{Reading, frr::Frr},
        source::{File, FileId},
    };

    /// The segments of the interfaces `b1`, `b2` … that have such lines, and how many lines are refused; as zebra 8.4
    /// does it (run).
    fn segments(links: &[&[&str]]) -> (Vec<String>, usize) {
        let block = |(at, lines): (usize, &&[&str])| format!("interface b{}\n{}\nexit\n", at + 1, lines.join("\n"));
        let file = File::new("f", "n", "etc/frr/frr.conf", links.iter().enumerate().map(block).collect::<String>());
        let mut into = Reading::default();
        Slice.read(&[(FileId(0), &file)], &mut into);
        let of = |frr: Frr| frr.links.into_values().map(|link| link.segment.esi().map(|esi| esi.to_string()));
        let found = into.node.frr.map(of).into_iter().flatten().map(|esi| esi.unwrap_or("-".into())).collect();
        (found, into.faults.len())
    }

    #[test]
    fn the_later_kind_of_identifier_holds() {
        let (mac, ten) = ("evpn mh es-sys-mac 02:00:00:00:00:01", "evpn mh es-id 00:11:22:33:44:55:66:77:88:99");
        let (of_mac, whole) = ("03:02:00:00:00:00:01:00:00:07", "00:11:22:33:44:55:66:77:88:99");
        let one = |lines: &[&str]| segments(&[lines]);
        assert_eq!(one(&["evpn mh es-id 7", mac]), (vec![of_mac.into()], 0));
        assert_eq!(one(&["evpn mh es-id 7", mac, ten]), (vec![whole.into()], 0));
        assert_eq!(one(&[ten, mac]), (vec!["-".into()], 0));
        assert_eq!(one(&[ten, mac, "evpn mh es-id 7"]), (vec![of_mac.into()], 0));
        assert_eq!(one(&[ten, "evpn mh es-id 7"]), (vec!["-".into()], 0));
        assert_eq!(one(&[ten, "no evpn mh es-id"]), (vec!["-".into()], 0));
        assert_eq!(one(&["evpn mh es-id 00:11:22", "evpn mh es-sys-mac 00:00:00:00:00:00"]), (vec!["-".into()], 2));
    }

    #[test]
    fn a_node_has_a_segment_once() {
        let seven = ["evpn mh es-id 7", "evpn mh es-sys-mac 02:00:00:00:00:01"];
        let esi = "03:02:00:00:00:00:01:00:00:07";
        assert_eq!(segments(&[&seven, &seven]), (vec![esi.into(), "-".into()], 1));
        assert_eq!(segments(&[&seven, &["evpn mh es-id 03:02:00:00:00:00:01:00:00:07"]]).1, 1);
        // What is given up is free.
        assert_eq!(
            segments(&[&["evpn mh es-id 7", seven[1], "no evpn mh es-id"], &seven]),
            (vec!["-".into(), esi.into()], 0)
        );
    }
}
