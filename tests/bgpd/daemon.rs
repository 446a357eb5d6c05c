//! A real bgpd, alone in a network namespace, spoken to as vtysh does.

use crate::support::{tree, vty::Vty};
use std::{
    fs,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const BGPD: &str = "/usr/lib/frr/bgpd";

/// What bgpd says of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// `CMD_SUCCESS`.
    Taken,
    /// `CMD_WARNING` and `CMD_WARNING_CONFIG_FAILED`.
    Refused,
    /// No command of the node or of those around it.
    Unknown,
}

/// A running bgpd; it ends with its owner.
pub(crate) struct Daemon {
    child: Child,
    _folder: TempDir,
    vty: Vty,
    clean: String,
}

impl Daemon {
    /// Starts one; says on standard error why it cannot.
    pub(crate) fn start() -> Option<Self> {
        match Self::try_start() {
            Ok(daemon) => Some(daemon),
            Err(why) => {
                eprintln!("skipped: no bgpd to compare with ({why})");
                None
            }
        }
    }

    fn try_start() -> Result<Self, String> {
        fs::metadata(BGPD).map_err(|error| format!("{BGPD}: {error}"))?;
        let folder = tree::folder();
        let mut child = Command::new("unshare")
            .args(["--net", BGPD, "--skip_runas", "--no_zebra", "--bgp_port", "0", "--vty_port", "0"])
            .args(["--config_file", "/dev/null", "--pid_file"])
            .arg(folder.path().join("pid"))
            .arg("--vty_socket")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("unshare: {error}"))?;
        let end = Instant::now() + Duration::from_secs(30);
        let vty = loop {
            if let Ok(vty) = Vty::connect(&folder.path().join("bgpd.vty")) {
                break vty;
            }
            let status = child.try_wait().map_err(|error| error.to_string())?;
            if status.is_some() || Instant::now() > end {
                let _ = child.kill();
                let _ = child.wait();
                return Err("it does not start in a namespace of its own, which wants root".to_owned());
            }
            thread::sleep(Duration::from_millis(5));
        };
        let mut daemon = Self { child, _folder: folder, vty, clean: String::new() };
        let gone = || "it does not answer".to_owned();
        daemon.say("enable").ok_or_else(gone)?;
        daemon.say("configure terminal").ok_or_else(gone)?;
        daemon.clean = daemon.running().ok_or_else(gone)?;
        Ok(daemon)
    }

    /// Its version, as `frr version` wants it.
    pub(crate) fn version(&self) -> &str {
        self.clean.lines().find_map(|line| line.strip_prefix("frr version ")).expect("it says its version")
    }

    /// Tells it a configuration, line by line, and makes it forget it again: what it answers to each line, and what it
    /// keeps. `None` where it has died of it, which 8.4.4 does on some ways to take a neighbour away.
    pub(crate) fn tell(&mut self, text: &str) -> Option<(Vec<(Answer, String)>, String)> {
        let answers: Option<Vec<_>> = text.lines().map(|line| self.tell_line(line.trim())).collect();
        let told = answers.and_then(|answers| Some((answers, self.running()?)));
        if told.is_none() || self.forget().is_none() {
            *self = Self::start().expect("it has started before");
        }
        told
    }

    fn tell_line(&mut self, line: &str) -> Option<(Answer, String)> {
        let (answer, said) = self.say(line)?;
        if answer == Answer::Unknown && line.starts_with("vni ") {
            // At the top level it is zebra's, and vtysh goes there with it.
            self.say("end")?;
            self.say("configure terminal")?;
            return Some((Answer::Taken, String::new()));
        }
        Some((answer, said))
    }

    /// Sends a line; its answer and what it says.
    fn say(&mut self, line: &str) -> Option<(Answer, String)> {
        let (code, said) = self.vty.say(line)?;
        let verdict = match code {
            0 => Answer::Taken,
            1 | 13 => Answer::Refused,
            _ => Answer::Unknown,
        };
        Some((verdict, said))
    }

    fn running(&mut self) -> Option<String> {
        Some(self.say("do show running-config")?.1)
    }

    /// Whether it forgets all that it was told.
    fn forget(&mut self) -> Option<()> {
        self.say("end")?;
        self.say("configure terminal")?;
        let running = self.running()?;
        let mut lines: Vec<&str> = running.lines().filter(|line| !line.starts_with([' ', '!'])).collect();
        // Instances of VRFs go first: the default one may not go before them.
        lines.sort_by_key(|line| !line.contains(" vrf "));
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["router", "bgp", ..] => self.say(&format!("no {line}"))?,
                ["ip" | "ipv6", "prefix-list", ..] => self.say(&format!("no {line}"))?,
                _ => continue,
            };
        }
        (self.running()? == self.clean).then_some(())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
