//! Runs a fabric: FRR for every node in a network namespace of its own.
//!
//! All lives in one PID namespace, whose first process sets it up and then waits for the end of its input: when that
//! process goes, however this one ends, the kernel takes daemons, namespaces and devices with it. Until then it obeys what
//! it is told there.

use super::{
    compare::{CABLES, HOSTS},
    fabric::Fabric,
    igp::Igp,
};
use crate::support::vty::Vty;
use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// What every node runs.
const DAEMONS: [&str; 3] = ["zebra", "staticd", "bgpd"];

/// The MTU of the switch's ports, in bytes: nothing is too large for it.
const SWITCH_MTU: u32 = 65_535;

/// A running fabric; it ends with its owner.
pub(crate) struct Lab {
    child: Child,
    /// What the first process says.
    said: BufReader<ChildStdout>,
    folder: PathBuf,
}

/// What the first process says once it has obeyed.
const DONE: &str = "done";
/// In how many seconds it must have.
const PATIENCE: u64 = 60;

/// Why a fabric cannot run here.
pub(crate) fn obstacle() -> Option<String> {
    let missing = DAEMONS
        .into_iter()
        .chain(Igp::ALL.map(Igp::daemon))
        .map(|daemon| format!("/usr/lib/frr/{daemon}"))
        .find(|path| !Path::new(path).exists());
    if let Some(path) = missing {
        return Some(format!("there is no {path}"));
    }
    // What a fabric is made of; the namespaces want root.
    let devices = "ip link add type veth && ip link add type bridge && ip link add type vxlan id 1 dstport 4789";
    let check = format!("type nsenter sysctl timeout vtysh >&2; mount -t tmpfs none /run; ip netns add a; {devices}");
    let isolated = unshare().args(["sh", "-ec", &check]).output();
    match isolated {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ")),
        Err(error) => Some(format!("unshare: {error}")),
    }
}

fn unshare() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]);
    command
}

/// Writes what each node has into `folder`, where evpnlint reads it.
pub(crate) fn write(fabric: &Fabric, folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(HOSTS), fabric.told_hosts())?;
    fs::write(folder.join(CABLES), fabric.told_cables())?;
    for node in &fabric.nodes {
        let root = folder.join(&node.name);
        fs::create_dir_all(root.join("etc/frr"))?;
        fs::create_dir_all(root.join("etc/network"))?;
        fs::write(root.join("etc/frr/frr.conf"), &node.config)?;
        fs::write(root.join("etc/frr/daemons"), node.enabled())?;
        fs::write(root.join("etc/network/interfaces"), node.interfaces())?;
    }
    Ok(())
}

/// What the first process does.
fn script(fabric: &Fabric, folder: &Path) -> String {
    let sysctls = "net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.all.accept_dad=0 \
                   net.ipv6.conf.default.accept_dad=0 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0";
    let mut lines = vec![
        "set -e".to_owned(),
        "mount -t tmpfs none /run".to_owned(),
        "mkdir -p /run/frr /var/tmp/frr".to_owned(),
        "mount -t tmpfs none /var/tmp/frr".to_owned(),
        "chown frr: /run/frr".to_owned(),
        "ip netns add switch".to_owned(),
        "ip -n switch link add bridge type bridge stp_state 0 forward_delay 0 mcast_snooping 0".to_owned(),
        "ip -n switch link set bridge up".to_owned(),
    ];
    let mut say = |line: String| lines.push(line);
    for node in &fabric.nodes {
        say(format!("ip netns add {}", node.name));
        say(format!("nsenter --net=/run/netns/{} sysctl -qw {sysctls}", node.name));
    }
    let name = |node: usize| &fabric.nodes[node].name;
    for [(one, port), (other, its)] in &fabric.wires {
        say(format!("ip link add {port} netns {} type veth peer name {its} netns {}", name(*one), name(*other)));
    }
    for (at, (node, port)) in fabric.switch.iter().enumerate() {
        say(format!("ip link add {port} netns {} type veth peer name p{at} netns switch", name(*node)));
        say(format!("ip -n switch link set p{at} mtu {SWITCH_MTU} master bridge up"));
    }
    for node in &fabric.nodes {
        let root = folder.join(&node.name);
        let (run, name) = (root.join("run").display().to_string(), &node.name);
        // What ifupdown2 cannot do it leaves, and goes on.
        say(format!("ip -n {name} -force -batch - << 'END' || true\n{}END", node.batch()));
        say(format!("mkdir {run}; chown frr: {run}"));
        for daemon in DAEMONS.into_iter().chain(node.igp) {
            say(format!(
                "nsenter --net=/run/netns/{name} /usr/lib/frr/{daemon} -d -f /dev/null -P 0 -i {run}/{daemon}.pid \
                 -z {run}/zserv --vty_socket {run} --log file:{run}/{daemon}.log --log-level informational"
            ));
        }
    }
    for node in &fabric.nodes {
        let root = folder.join(&node.name).display().to_string();
        say(format!(
            "timeout 60 vtysh --vty_socket {root}/run --config_dir {root}/etc/frr -b > {root}/vtysh.log 2>&1 &"
        ));
    }
    say("wait".to_owned());
    say("echo ready".to_owned());
    say("exec sh".to_owned());
    lines.join("\n") + "\n"
}

impl Lab {
    /// Starts what was written into `folder`, and tells every node its configuration.
    ///
    /// # Errors
    /// In words, where it does not come as far.
    pub(crate) fn start(fabric: &Fabric, folder: &Path) -> Result<Self, String> {
        let path = folder.join("setup.sh");
        fs::write(&path, script(fabric, folder)).map_err(|error| error.to_string())?;
        let log = fs::File::create(folder.join("setup.log")).map_err(|error| error.to_string())?;
        let child = unshare()
            .arg("sh")
            .arg(&path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("unshare: {error}"))?;
        let mut child = child;
        let said = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut lab = Self { child, said, folder: folder.to_owned() };
        let is_ready = lab.said.by_ref().lines().map_while(Result::ok).any(|line| line == "ready");
        if is_ready { Ok(lab) } else { Err(format!("it does not start: {}", lab.log())) }
    }

    fn log(&self) -> String {
        let mut text = String::new();
        let file = fs::File::open(self.folder.join("setup.log"));
        let _ = file.and_then(|mut file| file.read_to_string(&mut text));
        text.lines().last().unwrap_or("").to_owned()
    }

    /// Does what a script of `sh` says, outside the nodes, where `ip netns` knows them; what it prints.
    ///
    /// # Errors
    /// In words, where the fabric is gone.
    pub(crate) fn obey(&mut self, script: &str) -> Result<String, String> {
        let path = self.folder.join("obey.sh");
        fs::write(&path, script).map_err(|error| error.to_string())?;
        let stdin = self.child.stdin.as_mut().ok_or("no input")?;
        let line = format!("timeout {PATIENCE} sh {} < /dev/null 2>> {0}.log; echo; echo {DONE}", path.display());
        writeln!(stdin, "{line}").map_err(|error| error.to_string())?;
        let mut said = String::new();
        for line in self.said.by_ref().lines() {
            let line = line.map_err(|error| error.to_string())?;
            if line == DONE {
                return Ok(said);
            }
            said += &line;
            said.push('\n');
        }
        Err(format!("the fabric is gone: {}", self.log()))
    }

    /// The socket of a node's daemon.
    pub(crate) fn vty(&self, node: &str, daemon: &str) -> Option<Vty> {
        Vty::connect(&self.folder.join(node).join(format!("run/{daemon}.vty"))).ok()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let end = Instant::now() + Duration::from_secs(5);
        while self.child.try_wait().is_ok_and(|status| status.is_none()) {
            if Instant::now() > end {
                let _ = self.child.kill();
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}
