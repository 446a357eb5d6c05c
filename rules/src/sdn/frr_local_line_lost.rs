use crate::{finding::Out, view::View};
use evpnlint_core::model::twin::{LocalFate, Loss};

pub(super) fn check(view: View, out: &mut Out) {
    let node = view.node();
    let lines = node.twin.iter().flat_map(|twin| &twin.local);
    let lost: Vec<_> = lines
        .filter_map(|line| match &line.fate {
            LocalFate::Lost(loss) => Some((line.span, *loss)),
            _ => None,
        })
        .collect();
    let Some((_, first)) = lost.first() else { return };
    let name = view.name();
    let count = match lost.len() {
        1 => "a line".to_owned(),
        count => format!("{count} lines"),
    };
    let get = if lost.len() == 1 { "gets" } else { "get" };
    let mut kinds: Vec<Loss> = lost.iter().map(|(_, loss)| *loss).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let help: Vec<&str> = kinds.iter().map(|loss| help(*loss)).collect();
    let whose = if kinds.len() == 1 { why(*first) } else { "Proxmox takes over only some lines of the file" };
    out.report(format!("{count} of frr.conf.local on {name} never {get} to frr.conf: {whose}"))
        .about(format!("{name} frr.conf.local lost lines"))
        .also(lost.iter().map(|(span, loss)| (*span, mark(*loss))))
        .help(help.join("; "))
        .done();
}

fn why(loss: Loss) -> &'static str {
    match loss {
        Loss::TopLevel => "outside blocks, Proxmox takes over only lists",
        Loss::Sequence => "Proxmox takes over no entry of a list without its `seq`",
        Loss::Exclamation => "Proxmox takes a line with an exclamation mark for a comment",
        Loss::Unclosed => "Proxmox takes over no entry of a route-map without its `exit`",
    }
}

fn mark(loss: Loss) -> &'static str {
    match loss {
        Loss::TopLevel => "in no block",
        Loss::Sequence => "no `seq`",
        Loss::Exclamation => "an exclamation mark",
        Loss::Unclosed => "no `exit` behind it",
    }
}

fn help(loss: Loss) -> &'static str {
    match loss {
        Loss::TopLevel => {
            "nothing in this file sets it; give static routes in /etc/network/interfaces, or in the `vrf` that they are for"
        }
        Loss::Sequence => "write entries as `ip prefix-list NAME seq 10 permit …`",
        Loss::Exclamation => "leave the exclamation mark out",
        Loss::Unclosed => "end every entry of a route-map with `exit`",
    }
}
