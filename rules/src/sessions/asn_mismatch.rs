use crate::finding::{Member, Out, Severity};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex, connected,
    sessions::{Answer, SessionEnd, SessionEndIndex, accepts_as, shown_by},
};
use evpnlint_core::{
    model::{
        Asn, Sourced,
        bgp::{Family, Neighbor, RemoteAs},
    },
    source::Span,
    words::join_names,
};

/// One end that would not take the other's AS.
#[derive(Clone)]
struct Mismatch<'f> {
    expects: Sourced<RemoteAs>,
    by: NodeIndex,
    by_asn: Asn,
    of: NodeIndex,
    runs: Asn,
    runs_at: Option<Span>,
    session_end: &'f SessionEnd<'f>,
    /// Whether it may as well lead out of the fabric.
    unsure: bool,
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let session_ends = &fabric.sessions.ends;
    let mut found = vec![];
    for session_end in session_ends {
        match session_end.answer {
            Answer::SessionEnd(other) | Answer::OtherAddress(other) => {
                let other = &session_ends[other];
                if session_end.is_shut() || other.is_shut() {
                    continue;
                }
                let asn = other.local_as();
                if let Some(expects) =
                    session_end.neighbor.remote_as.clone().filter(|_| !session_end.accepts_peer(other))
                {
                    let at = asn_place(other);
                    found.push(Mismatch {
                        expects,
                        by: session_end.node,
                        by_asn: session_end.local_as(),
                        of: other.node,
                        runs: asn,
                        runs_at: at,
                        session_end,
                        unsure: false,
                    });
                }
            }
            Answer::Range(instance, listen) => {
                let (Some(group), Some(peer)) = (instance.groups.get(&listen.group.value), session_end.peer()) else {
                    continue;
                };
                if let Some(expects) = mismatch(instance, group, session_end.local_as()) {
                    let (asn, at) = (session_end.local_as(), asn_place(session_end));
                    found.push(Mismatch {
                        expects,
                        by: peer,
                        by_asn: shown_by(instance, group),
                        of: session_end.node,
                        runs: asn,
                        runs_at: at,
                        session_end,
                        unsure: false,
                    });
                } else if let Some(expects) = session_end
                    .neighbor
                    .remote_as
                    .clone()
                    .filter(|_| !session_end.accepts_as(shown_by(instance, group)))
                {
                    let at = instance.asn.span();
                    found.push(Mismatch {
                        expects,
                        by: session_end.node,
                        by_asn: session_end.local_as(),
                        of: peer,
                        runs: shown_by(instance, group),
                        runs_at: at,
                        session_end,
                        unsure: false,
                    });
                }
            }
            _ => {}
        }
    }
    found.extend(unnumbered(fabric));
    let keyed = found.into_iter().map(|mismatch| {
        let keys = mismatch.expects.span().into_iter().chain(mismatch.runs_at).collect();
        (keys, mismatch)
    });
    for group in connected(keyed.collect()) {
        out.group(
            &group,
            |one| {
                Member::new(
                    fabric.name(one.by),
                    format_args!("remote-as of {}", fabric.name(one.of)),
                    one.expects.span(),
                )
            },
            |group, out| {
                let unsure = group.iter().all(|one| one.unsure);
                let Mismatch { expects, by, by_asn, of, runs, .. } = &group[0];
                let sides: Vec<(NodeIndex, NodeIndex)> = group.iter().map(|one| (one.by, one.of)).collect();
                let expecting = unique(sides.iter().map(|(by, _)| fabric.name(*by)));
                let running = unique(sides.iter().map(|(_, of)| fabric.name(*of)));
                let verb = if expecting.len() == 1 { "expects" } else { "expect" };
                let runs_verb = if running.len() == 1 { "which runs" } else { "which run" };
                let wanted = match expects.value {
                    RemoteAs::Number(asn) => format!("AS {asn}"),
                    RemoteAs::Internal => format!("its own AS {by_asn}"),
                    RemoteAs::External => format!("another AS than its own {by_asn}"),
                    RemoteAs::Auto => "any AS".to_owned(),
                };
                let draft = out
                    .report(format!(
                        "{} {verb} {wanted} of {}, {runs_verb} AS {runs}: the session is refused",
                        join_names(&expecting),
                        join_names(&running)
                    ))
                    .at(expects.span(), format!("{} expects {expects} here", fabric.name(*by)))
                    .at(group[0].runs_at, format!("{} runs AS {runs}", fabric.name(*of)))
                    .also(group.iter().skip(1).flat_map(|one| {
                        let (by, of) = (fabric.name(one.by), fabric.name(one.of));
                        [
                            (one.expects.span(), format!("{by} expects {} of {of} here", one.expects)),
                            (one.runs_at, format!("{of} runs AS {}", one.runs)),
                        ]
                    }))
                    .also(group.iter().map(|one| {
                        (
                            one.session_end.neighbor.place(),
                            format!("the session of {} and {}", fabric.name(one.by), fabric.name(one.of)),
                        )
                    }))
                    .also(group.iter().filter_map(|one| {
                        let (peers, asn) = outside(fabric, one)?;
                        Some((peers, format!("AS {asn} is none of the confederation peers")))
                    }))
                    .help(match group.iter().find_map(|one| outside(fabric, one)) {
                        Some((_, asn)) => {
                            format!("add {asn} to `bgp confederation peers` on {}", join_names(&running))
                        }
                        None => format!(
                            "write `remote-as {runs}` on {}, or run the AS it expects on {}",
                            join_names(&expecting),
                            join_names(&running)
                        ),
                    });
                if unsure { draft.cap_severity(Severity::Warning).done() } else { draft.done() }
            },
        );
    }
}

/// An unnumbered session end that no node in the fabric could be at the other end of, although some would take it: it expects an
/// AS that none of them runs.
fn unnumbered<'f>(fabric: &'f Fabric) -> Vec<Mismatch<'f>> {
    let sessions = &fabric.sessions;
    let ends: Vec<&SessionEnd> =
        sessions.representatives.iter().map(|session_end| &sessions.ends[*session_end]).collect();
    let lonely = |at: &SessionEndIndex| fabric.closed && sessions.possible_ends(*at).next().is_none();
    let mut found = vec![];
    for at in sessions.representatives.iter().filter(|at| lonely(at)) {
        let session_end = &sessions.ends[*at];
        let Some(expects) = session_end.neighbor.remote_as.clone().filter(|_| sessions.is_inside(session_end)) else {
            continue;
        };
        let takers = ends.iter().filter(|end| {
            end.node != session_end.node && end.vrf() == session_end.vrf() && end.accepts_as(session_end.local_as())
        });
        // Those that nobody else could be the other end of are the likeliest; of leaves and spines, the other kind.
        let is_vtep = |node: NodeIndex| !fabric.devices[node].local_vnis.is_empty();
        let other_kind = takers.clone().find(|end| is_vtep(end.node) != is_vtep(session_end.node));
        if let Some(end) = other_kind.or(takers.clone().next()) {
            let (runs, runs_at) = (end.local_as(), asn_place(end));
            found.push(Mismatch {
                expects,
                by: session_end.node,
                by_asn: session_end.local_as(),
                of: end.node,
                runs,
                runs_at,
                session_end,
                unsure: !session_end.is_active(Family::Evpn),
            });
        }
    }
    found
}

/// The AS of the node that expects another, and where it is missing, if the other node takes it for one outside their
/// confederation: it shows the AS of the confederation to it (`bgp_confederation_peers_check`).
fn outside(fabric: &Fabric, one: &Mismatch) -> Option<(Option<Span>, Asn)> {
    let of = |node: NodeIndex| fabric.node(node).frr.as_ref()?.instance(None);
    let (own, other) = (of(one.by)?, of(one.of)?);
    let confederation = other.confederation.as_ref().filter(|_| own.confederation.is_some())?;
    let is_sub = one.runs == confederation.value && RemoteAs::Number(other.asn.value) == one.expects.value;
    let place = other.confederation_peers.first().and_then(|peer| peer.span()).or(confederation.span());
    let asn = own.asn.value;
    (is_sub && other.confederation_peers.iter().all(|peer| peer.value != asn)).then_some((place, asn))
}

fn mismatch(
    instance: &evpnlint_core::model::bgp::BgpInstance,
    group: &Neighbor,
    asn: Asn,
) -> Option<Sourced<RemoteAs>> {
    group.remote_as.clone().filter(|_| !accepts_as(instance, group, asn))
}

/// Where the AS is written that a session end runs.
fn asn_place(session_end: &SessionEnd) -> Option<Span> {
    session_end.neighbor.local_as.as_ref().and_then(|local| local.span()).or(session_end.instance.asn.span())
}

fn unique<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut all: Vec<&str> = vec![];
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}
