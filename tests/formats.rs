//! Reports are what their readers take: each format is read by something that is not ours, and whatever a configuration
//! holds stays text in it.

mod hostile;

use crate::{
    report::rich,
    support::{
        corpus, files,
        run::{check, everything, render},
    },
};
use evpnlint::{
    finding::{Finding, Label, Member, Severity},
    options::Completeness,
    report::{self, Format, Style},
    settle::Outcome,
    source::{File, FileId, Sources, Span},
};
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::BTreeSet,
    env, fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    sync::LazyLock,
};

/// The schema of SARIF 2.1.0, which lies beside the types of serde-sarif.
static SARIF: LazyLock<Validator> = LazyLock::new(|| {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // What other platforms depend on need not be here.
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let rustc = String::from_utf8(rustc.stdout).unwrap();
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let arguments = ["metadata", "--offline", "--format-version", "1", "--filter-platform", host];
    let ran = Command::new(cargo).args(arguments).output().unwrap();
    let metadata: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages.find(|package| package["name"] == "serde-sarif").expect("it is a dependency");
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let schema = fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
    // The pattern of a language has a bracket that closes nothing, which not every engine takes.
    let schema = schema.replace("{2}]?$", "{2}$");
    jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap()
});

/// That of our report, in which no object may have more than it says.
static REPORT: LazyLock<Validator> = LazyLock::new(|| {
    fn close(value: &mut Value) {
        if let Some(object) = value.as_object_mut() {
            if object.contains_key("properties") {
                object.insert("additionalProperties".to_owned(), false.into());
            }
            object.values_mut().for_each(close);
        } else if let Some(list) = value.as_array_mut() {
            list.iter_mut().for_each(close);
        }
    }
    let mut schema: Value = serde_json::from_str(&fs::read_to_string("docs/report.schema.json").unwrap()).unwrap();
    close(&mut schema);
    jsonschema::validator_for(&schema).unwrap()
});

#[track_caller]
fn fits(validator: &Validator, value: &Value) {
    let wrong: Vec<String> =
        validator.iter_errors(value).take(5).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// GitLab's entry, with what its validator demands and no more (`app/validators/json_schemas/codeclimate.json` there).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quality {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: String,
    location: QualityPlace,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QualityPlace {
    path: String,
    lines: Lines,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Reviewdog's result, in the words of `proto/rdf/reviewdog.proto` there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rdjson {
    source: RdjsonSource,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RdjsonSource {
    name: String,
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Diagnostic {
    message: String,
    location: RdjsonPlace,
    severity: String,
    code: Code,
    related_locations: Vec<Related>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    value: String,
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Related {
    message: String,
    location: RdjsonPlace,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RdjsonPlace {
    path: String,
    range: Range,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Deserialize, PartialEq, PartialOrd)]
#[serde(deny_unknown_fields)]
struct Position {
    line: u32,
    column: u32,
}

/// A report in every format, each read by its reader: how many findings there are, and how many members they have.
fn read(text: impl Fn(Format) -> String) -> (usize, usize) {
    let json: Value = serde_json::from_str(&text(Format::Json)).unwrap();
    fits(&REPORT, &json);
    let findings = json["findings"].as_array().unwrap();
    let members = findings.iter().map(|own| own["members"].as_array().unwrap().len()).sum::<usize>();

    let lines: Vec<Value> = text(Format::Jsonl).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let is = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count();
    assert_eq!((is("finding"), is("summary")), (findings.len(), 1));
    assert_eq!(is("not_read"), json["not_read"].as_array().unwrap().len());
    assert_eq!(lines.last().unwrap()["version"], 1);

    let sarif: Value = serde_json::from_str(&text(Format::Sarif)).unwrap();
    fits(&SARIF, &sarif);
    let typed: serde_sarif::sarif::Sarif = serde_json::from_value(sarif).unwrap();
    let results = typed.runs[0].results.as_ref().unwrap();
    let rules = typed.runs[0].tool.driver.rules.as_ref().unwrap();
    assert_eq!(results.len(), findings.len());
    for result in results {
        assert_eq!(rules[result.rule_index.unwrap() as usize].id, *result.rule_id.as_ref().unwrap());
    }

    let quality: Vec<Quality> = serde_json::from_str(&text(Format::Gitlab)).unwrap();
    assert_eq!(quality.len(), members);
    assert_eq!(quality.iter().map(|own| &own.fingerprint).collect::<BTreeSet<_>>().len(), members, "all differ");
    for own in &quality {
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&own.severity.as_str()));
        assert!(own.description.starts_with(&own.check_name) && !own.location.path.starts_with("./"));
        assert!(0 < own.location.lines.begin && own.location.lines.begin <= own.location.lines.end);
    }

    let suites = junit_parser::from_reader(text(Format::Junit).as_bytes()).unwrap();
    let cases = suites.suites.iter().flat_map(|suite| &suite.cases).collect::<Vec<_>>();
    assert_eq!(cases.iter().filter(|case| case.original_name != "nothing found").count(), findings.len());
    let failures = findings.iter().filter(|own| own["severity"] != "info").count();
    assert_eq!(cases.iter().filter(|case| case.status.is_failure()).count(), failures);
    assert_eq!((suites.tests as usize, suites.failures as usize), (cases.len(), failures));

    let rdjson: Rdjson = serde_json::from_str(&text(Format::Rdjson)).unwrap();
    assert_eq!((rdjson.diagnostics.len(), rdjson.source.name.as_str()), (findings.len(), "evpnlint"));
    assert!(rdjson.source.url.starts_with("https://"));
    for own in &rdjson.diagnostics {
        assert!(["ERROR", "WARNING", "INFO"].contains(&own.severity.as_str()));
        assert!(own.code.url.ends_with(&format!("/{}.md", own.code.value)) && !own.message.is_empty());
        let places = own.related_locations.iter().map(|own| (&own.location, own.message.len()));
        for (place, _) in places.chain([(&own.location, 0)]) {
            assert!(place.range.start.line > 0 && place.range.start.column > 0 && !place.path.is_empty());
            assert!(place.range.start <= place.range.end);
        }
    }

    assert_eq!(text(Format::Github).lines().count(), findings.len());
    metrics(&text(Format::Prometheus));
    (findings.len(), members)
}

/// Asks promtool, where it is installed, what it thinks of metrics.
fn metrics(text: &str) {
    let child =
        Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        println!("promtool is not installed: nobody has checked the metrics");
        return;
    };
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let ran = child.wait_with_output().unwrap();
    assert!(ran.status.success(), "{}\n{text}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn every_report_is_what_its_reader_takes() {
    let (outcome, sources) = rich();
    read(|format| render(format, &outcome, &sources, Style::default()));
    let (mut all, mut grouped) = (0, 0);
    let fabrics = corpus::fabrics(Path::new(corpus::OURS));
    for fabric in fabrics.iter().filter(|fabric| !fabric.starts_with("tests/corpus/lab")) {
        let mut sources = files::load(fabric);
        let outcome = check(&mut sources, &everything(), &Completeness::Inferred.into());
        let (findings, members) = read(|format| render(format, &outcome, &sources, Style::default()));
        all += findings;
        grouped += members - findings;
    }
    assert!(all > 30 && grouped > 0, "{all} findings, {grouped} further members");
}

/// The report with statistics is one, too.
#[test]
fn statistics_are_in_the_schema() {
    let mut sources = files::load("tests/corpus/proxmox-cluster-broken");
    let outcome = check(&mut sources, &everything(), &Completeness::Inferred.into());
    let mut out = vec![];
    report::write_statistics(Format::Json, &outcome, &sources, &mut out).unwrap();
    let json: Value = serde_json::from_slice(&out).unwrap();
    assert!(json["summary"]["statistics"].is_object());
    fits(&REPORT, &json);
}

/// An outcome with so many findings, each with that text and so many places beside the first.
fn many(count: usize, message: impl Fn(usize) -> String, related: usize) -> (Outcome, Sources) {
    let mut sources = Sources::default();
    let lines = "hostname leaf1\n".repeat(2_000);
    sources.add(File::new("leaf1/etc/frr/frr.conf", "leaf1", "etc/frr/frr.conf", &lines));
    let at = |line: usize| Label {
        span: Span { file: FileId(0), start: line as u32 * 15, end: line as u32 * 15 + 8 },
        text: String::new(),
    };
    let finding = |number: usize| Finding {
        rule: "asn-mismatch",
        severity: if number == count - 1 { Severity::Error } else { Severity::Info },
        message: message(number),
        members: vec![Member { about: format!("leaf1 {number}"), span: None }],
        primary: at(0),
        related: (1..=related).map(at).collect(),
        help: None,
        rest: None,
    };
    (Outcome { findings: (0..count).map(finding).collect(), ..Outcome::default() }, sources)
}

#[test]
fn sarif_stays_within_the_bounds_of_its_readers() {
    let noise = |seed: usize| -> String {
        let mut rng = fastrand::Rng::with_seed(seed as u64);
        std::iter::repeat_with(|| rng.alphanumeric()).take(70_000).collect()
    };
    for (count, related, message) in [
        (25_010, 0, &(|_| "x".to_owned()) as &dyn Fn(usize) -> String),
        (3, 1_500, &|_| "x".to_owned()),
        (220, 0, &noise),
    ] {
        let (outcome, sources) = many(count, message, related);
        let mut out = vec![];
        let cut = report::write(Format::Sarif, &outcome, &sources, Style::default(), &mut out).unwrap();
        let log: Value = serde_json::from_slice(&out).unwrap();
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), count - cut.findings);
        assert!(results.len() <= 25_000 && cut != report::Cut::default());
        assert!(results.iter().any(|own| own["level"] == "error"), "the worst is kept");
        let related = results[0]["relatedLocations"].as_array().unwrap().len();
        assert!(related < 1_000);
        let said = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().last().unwrap();
        assert_eq!(said["message"]["text"].as_str().unwrap(), cut.to_string());
        if count < 1_000 {
            let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
            encoder.write_all(&out).unwrap();
            let length = encoder.finish().unwrap().len();
            assert!(length <= 10_000_000 && (related > 0 || length > 5_000_000), "{length}");
        }
    }
}
