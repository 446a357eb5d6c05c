//! A folder with configuration, and what the program makes of it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Two nodes that disagree: leaf1 expects another AS than leaf2 runs.
pub(crate) const LEAF1: &str = "hostname leaf1\ninterface eth0\n ip address 10.0.0.1/24\nexit\nrouter bgp 65001\n \
                     no bgp ebgp-requires-policy\n neighbor 10.0.0.2 remote-as 65009\nexit\n";
pub(crate) const LEAF2: &str = "hostname leaf2\ninterface eth0\n ip address 10.0.0.2/24\nexit\nrouter bgp 65002\n \
                     no bgp ebgp-requires-policy\n neighbor 10.0.0.1 remote-as 65001\nexit\n";

/// The program, whatever the environment says of its output.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evpnlint"));
    for name in ["EVPNLINT_FORMAT", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// A folder that goes away with its owner. Whoever a test runs a program as may look into it.
pub(crate) fn folder() -> TempDir {
    let mut builder = tempfile::Builder::new();
    builder.prefix("evpnlint-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755));
    builder.tempdir().unwrap()
}

/// A folder that goes away with its owner.
pub(crate) struct Tree(TempDir);

impl Tree {
    pub(crate) fn new() -> Self {
        Self(folder())
    }

    pub(crate) fn broken() -> Self {
        Self::new().with("leaf1/etc/frr/frr.conf", LEAF1).with("leaf2/etc/frr/frr.conf", LEAF2)
    }

    pub(crate) fn with(self, path: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> Self {
        fs::write(self.at(path), contents).unwrap();
        self
    }

    /// The place of a path, whose folders are made.
    pub(crate) fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.args(arguments).current_dir(self.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs in the tree, and demands of every run that it neither hangs nor panics nor drives the terminal.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let ran = Ran::wait(self.command(arguments).spawn().unwrap());
        for text in [&ran.out, &ran.err] {
            let raw = text
                .chars()
                .find(|c| c.is_control() && !matches!(c, '\n' | '\t') || ('\u{2028}'..='\u{202e}').contains(c));
            assert_eq!(raw, None, "a raw control character in {}…", &text[..text.len().min(500)]);
        }
        ran
    }
}

/// What a program has said, and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn wait(mut child: Child) -> Self {
        fn reader(mut pipe: impl std::io::Read + Send + 'static) -> thread::JoinHandle<String> {
            thread::spawn(move || {
                let mut bytes = vec![];
                pipe.read_to_end(&mut bytes).unwrap();
                String::from_utf8(bytes).expect("output is UTF-8")
            })
        }
        let (out, err) = (reader(child.stdout.take().unwrap()), reader(child.stderr.take().unwrap()));
        let end = Instant::now() + Duration::from_secs(240);
        let status = loop {
            match child.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() > end => {
                    child.kill().unwrap();
                    panic!("it hangs");
                }
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        let ran = Self {
            code: status.code().expect("no signal ended it"),
            out: out.join().unwrap(),
            err: err.join().unwrap(),
        };
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        ran
    }

    #[track_caller]
    pub(crate) fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn says(&self, words: &str) -> &Self {
        assert!(self.err.contains(words), "stderr lacks {words:?}:\n{}", self.err);
        self
    }
}
