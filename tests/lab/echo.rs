//! A prediction made of the measurement itself agrees with it, and differs as soon as anything in it is changed.

use super::{
    LAB,
    case::{self, Case, VniState},
    compare::Tally,
};
use crate::support::prediction::{Session, Vni};
use std::{collections::BTreeSet, net::IpAddr, path::Path};

fn sessions(case: &Case) -> Vec<Session> {
    let echo = |((node, peer), it): (&(String, String), &case::Session)| Session {
        node: node.clone(),
        vrf: "default".to_owned(),
        peer: peer.clone(),
        state: if it.is_up() { "up" } else { "down" }.to_owned(),
        families: if it.is_up() { it.families.iter().cloned().collect() } else { vec![] },
        why: None,
    };
    case.sessions.iter().map(echo).collect()
}

fn vnis(case: &Case) -> Vec<Vni> {
    let echo = |((node, vni), it): (&(String, u32), &case::Vni)| Vni {
        node: node.clone(),
        vni: *vni,
        layer: it.layer.clone(),
        vtep: it.vtep,
        live: it.state != VniState::Down,
        remote_vteps: it.remote.clone(),
        flood_vteps: it.remote.clone(),
    };
    case.vnis.iter().map(echo).collect()
}

#[test]
fn every_measurement_agrees_with_itself() {
    let cases = case::all(Path::new(LAB));
    let sum: Tally = cases.iter().map(|case| Tally::of(case, &sessions(case), &vnis(case))).sum();
    assert!(sum.disagreements.is_empty(), "{:#?}", sum.disagreements);
    assert_eq!(sum.sessions.all, cases.iter().map(|case| case.sessions.len()).sum::<usize>());
    assert_eq!(sum.vnis.all, cases.iter().map(|case| case.vnis.len()).sum::<usize>());
}

const CASE: &str = "base of our own\nkind fault\n\n== measured\n\
    a session 10.0.0.2 Established ipv4 evpn\na session 10.0.0.3 Active evpn\na session swp1 Established ipv4\n\
    a vni 100 L2 default 10.0.0.1 up 10.0.0.2\na vni 200 L2 default 10.0.0.1 down\n\
    a vni 4001 L3 red 10.0.0.1 up 10.0.0.2\nb vni 4001 L3 red 10.0.0.3 silent 10.0.0.1\n";

/// What differs when `change` is done to a prediction that is right.
fn differs(change: impl FnOnce(&mut Vec<Session>, &mut Vec<Vni>)) -> Vec<String> {
    let case = Case::read("case".to_owned(), CASE);
    let (mut sessions, mut vnis) = (sessions(&case), vnis(&case));
    change(&mut sessions, &mut vnis);
    Tally::of(&case, &sessions, &vnis).disagreements.into_iter().map(|it| it.line).collect()
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn a_wrong_session_differs() {
    let wrong = |change: fn(&mut Vec<Session>), line: &str| assert_eq!(differs(|it, _| change(it)), [line]);
    wrong(
        |it| it[0].state = "down".to_owned(),
        "case a session 10.0.0.2: predicted down evpn ipv4, measured Established evpn ipv4",
    );
    wrong(
        |it| it[0].state = "unknown".to_owned(),
        "case a session 10.0.0.2: predicted unknown evpn ipv4, measured Established evpn ipv4",
    );
    wrong(|it| it[1].state = "up".to_owned(), "case a session 10.0.0.3: predicted up, measured Active evpn");
    wrong(|it| it[1].state = "unknown".to_owned(), "case a session 10.0.0.3: predicted unknown, measured Active evpn");
    wrong(
        |it| it[2].families.push("l2vpn evpn".to_owned()),
        "case a session swp1: predicted up evpn ipv4, measured Established ipv4",
    );
    wrong(|it| drop(it.remove(2)), "case a session swp1: predicted none, measured Established ipv4");
    wrong(|it| it[2].vrf = "red".to_owned(), "case a session swp1: predicted none, measured Established ipv4");
    let extra = |state: &'static str| {
        move |it: &mut Vec<Session>, _: &mut Vec<Vni>| {
            it.push(Session { peer: "swp2".to_owned(), state: state.to_owned(), ..it[1].clone() });
        }
    };
    assert_eq!(differs(extra("up")), ["case a session swp2: predicted up, measured none"]);
    assert!(differs(extra("down")).is_empty(), "what is down may be unknown to FRR");
    let spelt = differs(|it, _| it.iter_mut().for_each(|it| it.families.truncate(1)));
    assert!(spelt.is_empty(), "the other end may have less: {spelt:?}");
}

#[test]
fn a_wrong_vni_differs() {
    let wrong = |change: fn(&mut Vec<Vni>), line: &str| assert_eq!(differs(|_, it| change(it)), [line]);
    wrong(
        |it| it[0].remote_vteps = BTreeSet::from([address("10.0.0.2"), address("10.0.0.3")]),
        "case a vni 100: predicted L2 10.0.0.1 10.0.0.2 10.0.0.3, measured L2 10.0.0.1 10.0.0.2",
    );
    wrong(|it| it[0].remote_vteps.clear(), "case a vni 100: predicted L2 10.0.0.1, measured L2 10.0.0.1 10.0.0.2");
    wrong(
        |it| it[0].layer = "L3".to_owned(),
        "case a vni 100: predicted L3 10.0.0.1 10.0.0.2, measured L2 10.0.0.1 10.0.0.2",
    );
    wrong(|it| it[0].vtep = None, "case a vni 100: predicted L2 - 10.0.0.2, measured L2 10.0.0.1 10.0.0.2");
    wrong(|it| it[0].live = false, "case a vni 100: predicted none, measured L2 10.0.0.1 10.0.0.2");
    wrong(|it| drop(it.remove(0)), "case a vni 100: predicted none, measured L2 10.0.0.1 10.0.0.2");
    wrong(|it| it[1].live = true, "case a vni 200: predicted L2 10.0.0.1, measured none");
    wrong(
        |it| {
            it[2].remote_vteps.insert(address("10.0.0.4"));
        },
        "case a vni 4001: predicted L3 10.0.0.1 10.0.0.2 10.0.0.4, measured L3 10.0.0.1 10.0.0.2",
    );
    let silent = differs(|_, it| it[2].remote_vteps = BTreeSet::from([address("10.0.0.2"), address("10.0.0.3")]));
    assert!(silent.is_empty(), "who says nothing cannot be seen: {silent:?}");
}
