//! The rules. Each is a page in `rules/` that says why, and a function in a file of the same name here that says when.
//!
//! Rules are the only voice: whatever a user reads was said by one, so that selection, severities, pages and tests hold
//! for everything alike. They ask the [`Fabric`] and judge; whatever two of them would compute belongs there.

use crate::{
    fabric::Fabric,
    finding::{Finding, Out},
};
use page::{Needs, Page};

pub mod page;

/// A rule: its page and its function.
pub struct Rule {
    /// Kebab-case; says what is wrong, and reads after "allow".
    pub id: &'static str,
    /// The text of `rules/<id>.md`.
    pub text: &'static str,
    /// Judges a fabric.
    pub check: fn(&Fabric, &mut Out),
}

impl Rule {
    /// Its page. A test parses every page, so that none fails here.
    pub fn page(&self) -> Page<'static> {
        Page::parse(self.text).unwrap_or_else(|error| panic!("rules/{}.md: {error}", self.id))
    }
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id)
}

/// Declares the modules and the table at once, one line a rule: the id, then the module.
macro_rules! rules {
    ($($module:ident $id:literal),* $(,)?) => {
        $(mod $module;)*

        /// Every rule, sorted by id.
        pub static ALL: &[Rule] = &[$(Rule {
            id: $id,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/", $id, ".md")),
            check: $module::check,
        }),*];
    };
}

rules! {
    address_not_advertised "address-not-advertised",
    as_path_loop "as-path-loop",
    asn_mismatch "asn-mismatch",
    block_left "block-left",
    bytes_odd "bytes-odd",
    ebgp_multihop_missing "ebgp-multihop-missing",
    ebgp_policy_missing "ebgp-policy-missing",
    evpn_one_sided "evpn-one-sided",
    evpn_routes_denied "evpn-routes-denied",
    exit_at_top "exit-at-top",
    file_template "file-template",
    line_ambiguous "line-ambiguous",
    line_dropped "line-dropped",
    line_incomplete "line-incomplete",
    line_refused "line-refused",
    line_too_long "line-too-long",
    line_unknown "line-unknown",
    link_subnet_alone "link-subnet-alone",
    maximum_prefix_low "maximum-prefix-low",
    mesh_incomplete "mesh-incomplete",
    ospf_link_mismatch "ospf-link-mismatch",
    ospf_link_passive "ospf-link-passive",
    password_mismatch "password-mismatch",
    peer_one_sided "peer-one-sided",
    peer_unknown "peer-unknown",
    peer_unreachable "peer-unreachable",
    rd_duplicate "rd-duplicate",
    reference_undefined "reference-undefined",
    reflector_client_missing "reflector-client-missing",
    remote_as_missing "remote-as-missing",
    route_target_foreign "route-target-foreign",
    route_target_unmatched "route-target-unmatched",
    router_id_duplicate "router-id-duplicate",
    session_shut "session-shut",
    transit_not_forwarding "transit-not-forwarding",
    ttl_security_one_sided "ttl-security-one-sided",
    unnumbered_port_idle "unnumbered-port-idle",
    update_source_mismatch "update-source-mismatch",
    value_malformed "value-malformed",
}

/// What rules found, and which could not speak.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Sorted by place, rule and message.
    pub findings: Vec<Finding>,
    /// Rules that were chosen but need what was not there.
    pub not_run: Vec<&'static str>,
}

/// Runs the chosen rules.
pub fn run(fabric: &Fabric, chosen: impl Fn(&Rule, &Page) -> bool) -> Verdict {
    let mut verdict = Verdict::default();
    for rule in ALL {
        let page = rule.page();
        if !chosen(rule, &page) {
            continue;
        }
        if page.needs == Needs::Complete && !fabric.closed {
            verdict.not_run.push(rule.id);
            continue;
        }
        (rule.check)(fabric, &mut Out { rule: rule.id, severity: page.severity, all: &mut verdict.findings });
    }
    verdict.findings.sort_by(|a, b| (a.primary.span, a.rule, &a.message).cmp(&(b.primary.span, b.rule, &b.message)));
    verdict
}
