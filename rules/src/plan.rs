//! What a Proxmox cluster's intent means on the nodes that were read, as it runs and as it will run after the next apply.

use crate::{
    finding::{Finding, Out, Severity},
    objects::Objects,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, device::Device};
use evpnlint_core::{
    model::{
        Sourced,
        intent::{Controller, ControllerKind, Intent, Sdn, Zone},
    },
    source::Span,
};
use std::{collections::BTreeSet, net::IpAddr};

/// One of a cluster's two configurations, what runs or what is pending, with the fabric around it.
pub struct Plan<'p, 'm> {
    /// The fabric.
    pub fabric: &'p Fabric<'m>,
    /// The cluster.
    pub intent: &'p Intent,
    /// The configuration.
    pub sdn: &'p Sdn,
}

impl<'p, 'm> Plan<'p, 'm> {
    /// A subject for a finding: the cluster, then the object.
    pub fn about(&self, object: impl std::fmt::Display) -> String {
        format!("{} {object}", self.intent.name())
    }

    /// The first node that has an address outside VRFs and tenants' gateways.
    pub fn owner(&self, ip: IpAddr) -> Option<NodeIndex> {
        self.fabric.underlay.owners("", ip).next().map(|port| port.node)
    }

    /// The interfaces of a node, where they were read.
    pub fn device(&self, name: &str) -> Option<&'p Device<'m>> {
        let fabric: &'p Fabric<'m> = self.fabric;
        fabric.index(name).map(|at| &fabric.devices[at]).filter(|device| device.node.interfaces.is_some())
    }

    /// The nodes of the cluster whose interfaces were read.
    pub fn devices(&self) -> impl Iterator<Item = &'p Device<'m>> {
        let (fabric, intent): (&'p Fabric<'m>, &'p Intent) = (self.fabric, self.intent);
        let devices = fabric.devices.iter().filter(|device| device.node.interfaces.is_some());
        devices.filter(move |device| is_node_of(fabric, intent, &device.node.name))
    }

    /// The nodes that an evpn controller serves, those with FRR and those without.
    pub fn served(&self) -> (Vec<&'p Device<'m>>, Vec<&'p Device<'m>>) {
        let zones: Vec<&Zone> = self.evpn_controllers().flat_map(|controller| self.zones_of(&controller.id)).collect();
        let nodes = self.devices().filter(|device| zones.iter().any(|zone| zone.is_on(&device.node.name)));
        nodes.partition(|device| device.node.frr.is_some())
    }

    /// The bgp or isis controllers, each with its node.
    pub fn node_controllers(&self, kind: ControllerKind) -> impl Iterator<Item = (&'p str, &'p Controller)> {
        let all = self.sdn.controllers.iter().filter(move |controller| controller.kind == kind);
        all.filter_map(|controller| Some((controller.node.as_ref()?.as_str(), controller)))
    }

    /// The evpn controllers.
    pub fn evpn_controllers(&self) -> impl Iterator<Item = &'p Controller> {
        self.sdn.controllers.iter().filter(|controller| controller.kind == ControllerKind::Evpn)
    }

    /// The zones that an evpn controller serves.
    pub fn zones_of(&self, controller: &'p str) -> impl Iterator<Item = &'p Zone> {
        self.sdn.zones.iter().filter(move |zone| {
            zone.controller.iter().chain(&zone.secondary_controllers).any(|name| name.as_str() == controller)
        })
    }

    /// The names of all nodes of the cluster, where they are known: the members of `corosync.conf`; else the nodes that
    /// were read, if there are two or more and they have all the VTEP addresses that the controllers name.
    pub fn members(&self) -> Option<BTreeSet<&'p str>> {
        if !self.intent.members.is_empty() {
            return Some(self.intent.members.iter().map(|name| name.as_str()).collect());
        }
        let owners: Option<BTreeSet<NodeIndex>> =
            self.evpn_controllers().flat_map(|controller| &controller.peers).map(|peer| self.owner(**peer)).collect();
        let complete = owners.is_some_and(|owners| owners.len() >= 2);
        let fabric: &'p Fabric = self.fabric;
        complete.then(|| fabric.cluster.nodes.iter().map(|node| node.name.as_str()).collect())
    }

    /// Every place that names a node, with what the node is there, and how bad it is if there is none of that name.
    pub fn node_names(&self, members: &BTreeSet<&str>) -> Vec<(&'p Sourced<String>, String, Severity)> {
        let sdn = self.sdn;
        let mut names = vec![];
        for zone in &sdn.zones {
            let id = &zone.id.value;
            // Without any exit node nothing leaves the zone, and without the primary each other one takes itself for the
            // second.
            let has_exit = zone.exit_nodes.iter().any(|node| members.contains(node.as_str()));
            let exit = if has_exit { Severity::Warning } else { Severity::Error };
            let node = |name| (name, format!("a node of zone {id}"), Severity::Warning);
            names.extend(zone.nodes.iter().map(node));
            names.extend(zone.exit_nodes.iter().map(|name| (name, format!("an exit node of zone {id}"), exit)));
            let primary = |name| (name, format!("the primary exit node of zone {id}"), Severity::Error);
            // A primary that is none of the exit nodes is another rule's.
            let is_exit = |primary: &&Sourced<String>| zone.exit_nodes.iter().any(|node| node.value == primary.value);
            names.extend(zone.exit_primary.iter().filter(is_exit).map(primary));
        }
        for controller in &sdn.controllers {
            let id = &controller.id.value;
            let node = |name| (name, format!("the node of controller {id}"), Severity::Warning);
            names.extend(controller.node.iter().map(node));
            let one = |name| (name, format!("a node of controller {id}"), Severity::Warning);
            names.extend(controller.nodes.iter().map(one));
        }
        names
    }

    /// Whether several nodes are known to follow this configuration.
    pub fn has_several_nodes(&self) -> bool {
        self.intent.members.len() > 1 || self.intent.nodes.len() > 1 || self.fabric.cluster.nodes.len() > 1
    }
}

/// Whether a node follows a store: it holds it, or is a member, or there is but one store and its members are unknown.
pub fn is_node_of(fabric: &Fabric, intent: &Intent, name: &str) -> bool {
    fabric.cluster.intents.len() == 1 && intent.members.is_empty() || intent.has(name)
}

/// Places with one text each, but for the first, which is the finding's own.
pub fn rest<'a, T>(
    all: &'a [&Sourced<T>],
    text: &'static str,
) -> impl Iterator<Item = (Option<Span>, &'static str)> + use<'a, T> {
    all.iter().skip(1).map(move |value| (value.span(), text))
}

/// Judges the pending and the running configuration of each cluster. What both show is reported once, at the `.cfg` files,
/// where it can be mended; the message of what only one shows says when. `stores` are the clusters' objects, in their order.
pub(crate) fn each(fabric: &Fabric, stores: &[Objects], out: &mut Out, judge: fn(&Plan, &mut Out)) {
    for (intent, objects) in fabric.cluster.intents.iter().zip(stores) {
        let find = |sdn| {
            let mut findings = vec![];
            judge(&Plan { fabric, intent, sdn }, &mut out.aside(&mut findings));
            findings.iter_mut().for_each(|finding| say_where(finding, objects));
            findings
        };
        let pending = find(&intent.pending);
        let Some(running) = &intent.running else {
            out.extend(pending);
            continue;
        };
        let running = find(running);
        let is_about = |findings: &[Finding], about: &str| findings.iter().any(|finding| finding.about() == about);
        let mut reported = vec![];
        for finding in &pending {
            match is_about(&running, finding.about()) {
                true => reported.push(finding.clone()),
                false => reported.push(at_time(finding, ", from the next apply on")),
            }
        }
        let until = if intent.pending.is_empty() { "" } else { ", until the next apply" };
        let gone = running.iter().filter(|finding| !is_about(&pending, finding.about()));
        reported.extend(gone.map(|finding| at_time(finding, until)));
        out.extend(reported);
    }
}

/// Says where in the web interface the object is edited that a finding is about, if its help does not.
fn say_where(finding: &mut Finding, objects: &Objects) {
    if let (Some(help), Some(origin)) = (&mut finding.help, objects.origin(finding.primary.span))
        && !help.lasts
    {
        help.push(&format!(" ({}, and apply)", origin.kind.editor()));
    }
    if let Some(rest) = &mut finding.rest {
        say_where(rest, objects);
    }
}

/// The same finding, with the time in its message.
fn at_time(finding: &Finding, when: &str) -> Finding {
    let rest = finding.rest.as_ref().map(|rest| Box::new(at_time(rest, when)));
    Finding { message: format!("{}{when}", finding.message), rest, ..finding.clone() }
}
