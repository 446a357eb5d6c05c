//! Real OpenSSH servers on the loopback interface, each of which shows another folder as its node's root.

use crate::support::tree::Tree;
use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const SSHD: &str = "/usr/sbin/sshd";

/// Whether it is installed and may be run; says so where not.
pub(crate) fn is_there() -> bool {
    let is_there = Path::new(SSHD).exists();
    if !is_there {
        println!("skipped: openssh-server is not installed");
    }
    is_there
}

/// Whether this is root, to whom more is allowed.
pub(crate) fn is_root() -> bool {
    user() == "root"
}

fn user() -> String {
    let out = Command::new("id").arg("-un").output().unwrap().stdout;
    String::from_utf8(out).unwrap().trim().to_owned()
}

/// Keys, and the folder in which servers and their clients find all that is theirs.
pub(crate) struct Site {
    pub(crate) tree: Tree,
    servers: Vec<Server>,
}

/// A server, which ends with its owner.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Site {
    /// A site without servers; this node has nothing.
    pub(crate) fn new() -> Self {
        let tree = Tree::new();
        fs::create_dir_all(tree.path().join("here")).unwrap();
        for key in ["host", "user", "stranger"] {
            let path = tree.path().join(key);
            let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&path).status();
            assert!(made.unwrap().success());
        }
        fs::copy(tree.path().join("user.pub"), tree.path().join("authorized")).unwrap();
        fs::write(tree.path().join("known"), "").unwrap();
        fs::write(tree.path().join("config"), "").unwrap();
        Self { tree, servers: vec![] }
    }

    /// A file of a node.
    pub(crate) fn with(self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        fs::write(self.tree.at(path), contents).unwrap();
        self
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.tree.path().join(path)
    }

    /// Starts a server for the node whose root is the folder of that name.
    pub(crate) fn serve(self, node: &str) -> Self {
        let root = self.tree.path().join(node);
        let command = format!("EVPNLINT_ROOT={} exec sh -c \"$SSH_ORIGINAL_COMMAND\"", root.display());
        self.serve_as(node, "127.0.0.1", &command)
    }

    /// Starts a server on that address that answers with another command.
    pub(crate) fn serve_as(mut self, node: &str, address: &str, command: &str) -> Self {
        if is_root() {
            // Where Debian's sshd drops its privileges; its service makes it.
            fs::create_dir_all("/run/sshd").unwrap();
        }
        let (server, port) = (0..5).find_map(|_| self.start(node, address, command)).expect("sshd listens");
        self.servers.push(server);
        self.know(node, address, port);
        self
    }

    fn start(&self, node: &str, address: &str, command: &str) -> Option<(Server, u16)> {
        let port = free_port(address);
        let at = |name: &str| self.at(name).display().to_string();
        let config = self.at(&format!("sshd-{node}"));
        let text = format!(
            "Port {port}\nListenAddress {address}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
             UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n\
             ForceCommand {command}\n",
            at("host"),
            at("authorized")
        );
        fs::write(&config, text).unwrap();
        let log = fs::File::create(self.at(&format!("sshd-{node}.log"))).unwrap();
        let mut sshd = Command::new(SSHD);
        sshd.args(["-D", "-e", "-f"]).arg(&config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut server = Server(sshd.spawn().unwrap());
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end {
            if server.0.try_wait().unwrap().is_some() {
                return None;
            } else if TcpStream::connect((address, port)).is_ok() {
                return Some((server, port));
            }
            thread::sleep(Duration::from_millis(20));
        }
        None
    }

    /// Tells the client where a node is, and its key.
    pub(crate) fn know(&self, node: &str, address: &str, port: u16) {
        let key = fs::read_to_string(self.at("host.pub")).unwrap();
        let append = |name: &str, text: String| {
            let old = fs::read_to_string(self.at(name)).unwrap();
            fs::write(self.at(name), old + &text).unwrap();
        };
        append("known", format!("[{address}]:{port} {key}{node} {key}"));
        let user = user();
        let at = |name: &str| self.at(name).display().to_string();
        append(
            "config",
            format!(
                "Host {node}\nHostName {address}\nHost {node} {address}\nPort {port}\nUser {user}\nIdentityFile {}\n\
                 UserKnownHostsFile {}\nIdentitiesOnly yes\nIdentityAgent none\n",
                at("user"),
                at("known")
            ),
        );
    }

    /// `evpnlint collect` with these arguments, on a node whose root is `here`.
    pub(crate) fn collect(&self, arguments: &[&str]) -> Command {
        let ssh = format!("ssh -F {}", self.at("config").display());
        let mut all = vec!["collect"];
        if !arguments.contains(&"--ssh") {
            all.extend(["--ssh", &ssh]);
        }
        all.extend(arguments);
        let mut command = self.tree.command(&all);
        command.env("EVPNLINT_ROOT", self.at("here"));
        command
    }
}

/// A port on which nobody listens.
pub(crate) fn free_port(address: &str) -> u16 {
    TcpListener::bind((address, 0)).unwrap().local_addr().unwrap().port()
}
