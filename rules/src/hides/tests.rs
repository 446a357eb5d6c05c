use super::*;
use crate::finding::{Finding, Out, Severity};

fn cover(start: u32, end: u32, by: usize) -> Cover {
    Cover { start, end, by: Hider::Comment(by, 0) }
}

#[test]
fn the_innermost_comment_counts() {
    let covers = vec![cover(40, 50, 2), cover(0, 100, 0), cover(10, 30, 1), cover(10, 30, 3)];
    let from = innermost(covers);
    for (byte, wanted) in [
        (0, Some(0)),
        (9, Some(0)),
        (10, Some(3)),
        (29, Some(3)),
        (30, Some(0)),
        (45, Some(2)),
        (50, Some(0)),
        (100, None),
    ] {
        let by = *from.range(..=byte).next_back().unwrap().1;
        assert_eq!(by, wanted.map(|own| Hider::Comment(own, 0)), "{byte}");
    }
}

#[test]
fn a_path_ends_like_its_pattern() {
    let ends = |pattern: &str, path: &str| ends_like(&Pattern(pattern.to_owned()), path);
    assert!(ends("frr.conf", "fabric/leaf1/etc/frr/frr.conf") && ends("leaf1/*", "fabric/leaf1/etc/frr/frr.conf"));
    assert!(ends("leaf1/etc/frr/frr.conf", "leaf1/etc/frr/frr.conf"));
    assert!(!ends("conf", "leaf1/frr.conf") && !ends("leaf1", "leaf1/frr.conf") && !ends("eaf1/*", "leaf1/frr.conf"));
}

/// What a rule reports of these things, where the baseline knows some.
fn reported(clash: bool, things: &[&str], known: &[&str]) -> Vec<Finding> {
    let known = known.iter().map(|own| format!("{own} thing")).collect();
    let (baseline, ignores) = (Known::from([("rule".to_owned(), known)]), Ignores::default());
    let hides = Hides::new(&ignores, vec![], Some(&baseline), &Sources::default());
    let mut found = vec![];
    let mut out = Out::new("rule", Severity::Error, &hides, &mut found);
    let span = Span { file: FileId(0), start: 0, end: 1 };
    let tell = |things: &[&str], out: &mut Out| out.report(things.join(" ")).at(span, "").done();
    let member = |thing: &&str| Member::new(thing, "thing", span);
    if clash {
        out.clash(things, member, tell)
    } else {
        out.group(things, member, tell)
    }
    found
}

#[test]
fn a_group_is_told_of_what_is_new() {
    let parts = |clash, known: &[&str]| {
        let found = reported(clash, &["a", "b", "c", "b"], known);
        let [own] = found.as_slice() else { panic!("one group is one finding") };
        assert_eq!((own.message.as_str(), own.about(), own.members.len()), ("a b c b", "a thing", 3));
        own.rest.as_ref().map(|rest| {
            let members: Vec<String> = rest.members.iter().map(|own| own.about.clone()).collect();
            (rest.message.clone(), members.join(", "))
        })
    };
    let is = |message: &str, members: &str| Some((message.to_owned(), members.to_owned()));
    assert_eq!(parts(false, &[]), None);
    assert_eq!(parts(false, &["x"]), None);
    assert_eq!(parts(false, &["a", "b", "c"]), None);
    assert_eq!(parts(false, &["a"]), is("b c b", "b thing, c thing"));
    assert_eq!(parts(false, &["a", "b"]), is("c", "c thing"));
    assert_eq!(parts(true, &["a", "b"]), is("c a b b", "c thing"));
}
