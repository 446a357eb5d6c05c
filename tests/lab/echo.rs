//! A prediction made of the measurement itself agrees with it, and differs as soon as anything in it is changed.

use super::{
    LAB,
    case::{self, Case, VniState},
    compare::{Predicted, Tally},
    pings::Phase,
};
use crate::support::prediction::{Row, Session, Vni};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    path::Path,
};

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

/// Of those who pinged all, the gateway stands for them.
fn reach(phase: &Phase) -> Vec<Row> {
    let mut rows = BTreeMap::new();
    for pings in &phase.pings {
        let word = |at: usize| pings.words.get(at).unwrap_or(&pings.words[0]).clone();
        for (from, to) in &pings.who {
            let to = if to == "all" { "gateway" } else { to };
            let (host, family) = to.split_once('/').unwrap_or((to, "ipv4"));
            let row = Row {
                from: from.clone(),
                to: host.to_owned(),
                family: family.to_owned(),
                small: word(0),
                full: word(1),
                full_df: word(2),
                why: None,
            };
            rows.insert((from, to), row);
        }
    }
    rows.into_values().collect()
}

fn echo(case: &Case) -> Predicted {
    Predicted { sessions: sessions(case), vnis: vnis(case), reach: case.phases.iter().map(reach).collect() }
}

#[test]
fn every_measurement_agrees_with_itself() {
    let cases = case::all(Path::new(LAB));
    let sum: Tally = cases.iter().map(|case| Tally::of(case, &echo(case))).sum();
    assert!(sum.disagreements.is_empty(), "{:#?}", sum.disagreements);
    assert_eq!(sum.sessions.all, cases.iter().map(|case| case.sessions.len()).sum::<usize>());
    assert_eq!(sum.vnis.all, cases.iter().map(|case| case.vnis.len()).sum::<usize>());
}

const CASE: &str = "base of our own\nkind fault\n\n== measured\n\
    a session 10.0.0.2 Established ipv4 evpn\na session 10.0.0.3 Active evpn\na session swp1 Established ipv4\n\
    a vni 100 L2 default 10.0.0.1 up 10.0.0.2\na vni 200 L2 default 10.0.0.1 down\n\
    a vni 4001 L3 red 10.0.0.1 up 10.0.0.2\nb vni 4001 L3 red 10.0.0.3 silent 10.0.0.1\n\
    ping steady ok/ok/ok h1,h2>all\nping steady ok/ok/lost h1>h2,h2/ipv6\nping down:a lost h1>h2,h3 h2>h3\n";

/// What comes of a prediction that is right, but for a change.
fn tally(change: impl FnOnce(&mut Predicted)) -> Tally {
    let case = Case::read("case".to_owned(), CASE);
    let mut predicted = echo(&case);
    change(&mut predicted);
    Tally::of(&case, &predicted)
}

/// What differs when `change` is done to a prediction that is right.
fn differs(change: impl FnOnce(&mut Vec<Session>, &mut Vec<Vni>)) -> Vec<String> {
    tally(|it| change(&mut it.sessions, &mut it.vnis)).disagreements.into_iter().map(|it| it.line).collect()
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

#[test]
fn a_wrong_ping_differs() {
    let right = tally(|_| ()).pings;
    // Two gateways and two others in three sizes, and three small ones.
    assert_eq!((right.equal.agreed, right.equal.all), (15, 15));
    assert_eq!((right.lost.agreed, right.lost.all), (5, 5));
    assert_eq!((right.wronged.agreed, right.wronged.all), (0, 10));

    let wrong = |phase: usize, change: fn(&mut Vec<Row>), lines: &[&str]| {
        let tally = tally(|it| change(&mut it.reach[phase]));
        assert_eq!(tally.disagreements.iter().map(|it| it.line.as_str()).collect::<Vec<_>>(), lines);
        tally.pings
    };
    let shares = wrong(
        0,
        |it| it.iter_mut().for_each(|it| it.full_df = "ok".to_owned()),
        &["case ping steady h1>h2,h2/ipv6: predicted ok/ok/ok, measured ok/ok/lost"],
    );
    assert_eq!((shares.equal.agreed, shares.lost.agreed, shares.wronged.agreed), (13, 3, 0));
    let shares = wrong(
        0,
        |it| it.iter_mut().for_each(|it| it.small = "one-way".to_owned()),
        &[
            "case ping steady h1>h2,h2/ipv6: predicted one-way/ok/lost, measured ok/ok/lost",
            "case ping steady h1>gateway h2>gateway: predicted one-way/ok/ok, measured ok/ok/ok",
        ],
    );
    assert_eq!((shares.equal.agreed, shares.lost.agreed, shares.wronged.agreed), (11, 5, 4));
    let shares = wrong(
        1,
        |it| it.iter_mut().for_each(|it| it.small = "one-way".to_owned()),
        &["case ping down:a h1>h2,h3 h2>h3: predicted one-way, measured lost"],
    );
    assert_eq!((shares.equal.agreed, shares.lost.agreed, shares.wronged.agreed), (12, 5, 0));
    let shares = wrong(
        1,
        |it| it[1].small = "unknown".to_owned(),
        &["case ping down:a h1>h3: predicted unknown, measured lost"],
    );
    assert_eq!((shares.equal.agreed, shares.lost.agreed, shares.wronged.agreed), (14, 4, 0));
    assert!(wrong(1, |it| it[1].full = "ok".to_owned(), &[]).equal.agreed == 15, "it was not measured");
}
