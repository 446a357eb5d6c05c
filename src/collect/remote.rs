//! One shell, here or behind ssh: `gather.sh` goes in, files come out. It is bounded in bytes and in time, whatever the
//! other end does.

use super::{
    Plan,
    host::Host,
    places,
    reason::Failure,
    stream::{self, Answer, MOST_BYTES_OF_FILE, MOST_BYTES_OF_NODE, MOST_FILES},
    words,
};
use std::{
    io::{self, Read, Write as _},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

const GATHER: &str = include_str!("gather.sh");

/// What is kept of what ssh says, in bytes; the rest is read and forgotten.
const MOST_SAID: usize = 1 << 16;

/// What the shell is given.
fn script() -> String {
    let places = places::PLACES.join(" ");
    let words = words::settings();
    format!("PLACES='{places}' MOST_BYTES={MOST_BYTES_OF_FILE} MOST_FILES={MOST_FILES}\n{words}{GATHER}")
}

/// Asks this node.
pub(super) fn here(plan: &Plan) -> Answer {
    let mut shell = Command::new("sh");
    shell.arg("-s");
    ask(shell, plan, Instant::now() + plan.timeout).0
}

/// Asks another node, in the ways that lead to it, and says by which it was.
pub(super) fn there(host: &Host, plan: &Plan) -> (Answer, String) {
    let end = Instant::now() + plan.timeout;
    let mut first = None;
    for way in &host.ways {
        let to = match &host.user {
            Some(user) => format!("{user}@{way}"),
            None => way.clone(),
        };
        let (mut answer, ended) = ask(ssh(host, &to, plan), plan, end);
        if answer.has_begun {
            return (answer, to);
        }
        // 255 is ssh's own failure (ssh(1), EXIT STATUS); any other status is that of what ran there.
        let is_ssh = ended.status == Some(255);
        if is_ssh {
            let said = if ended.said.is_empty() { "ssh failed without a word".to_owned() } else { ended.said };
            answer.failure = Some(Failure::Ssh { said, to: to.clone(), alias: host.alias.clone() });
        } else if let Some(Failure::Cut { said }) = &mut answer.failure {
            *said = ended.said;
        }
        // The first way tells most of why: the others are tried for luck.
        first.get_or_insert((answer, to));
        if !is_ssh || Instant::now() >= end {
            break;
        }
    }
    first.unwrap_or_else(|| (Answer::failed(Failure::Garbled), host.to_string()))
}

/// What the user gives comes first, and ssh takes the first value that it finds: so all of this can be overruled but that
/// nobody is asked for a password.
fn ssh(host: &Host, to: &str, plan: &Plan) -> Command {
    let mut ssh = Command::new(plan.ssh.first().map_or("ssh", String::as_str));
    ssh.args(plan.ssh.iter().skip(1));
    let connect = plan.timeout.as_secs().clamp(1, 10).to_string();
    let mut options = vec![
        "BatchMode=yes".to_owned(),
        format!("ConnectTimeout={connect}"),
        // It runs one command and nothing else, whatever the user's own configuration says for daily work.
        "ClearAllForwardings=yes".to_owned(),
        "ControlMaster=no".to_owned(),
        "PermitLocalCommand=no".to_owned(),
        "RemoteCommand=none".to_owned(),
        "RequestTTY=no".to_owned(),
    ];
    if let Some(name) = &host.alias {
        options.push(format!("HostKeyAlias={name}"));
        // Where Proxmox keeps the keys of its members, since 8.1.
        let known = format!("/etc/pve/nodes/{name}/ssh_known_hosts");
        if Path::new(&known).is_file() {
            options.extend([format!("UserKnownHostsFile={known}"), "GlobalKnownHostsFile=none".to_owned()]);
        }
    }
    ssh.args(["-a", "-x"]);
    ssh.args(options.iter().flat_map(|option| ["-o", option]));
    ssh.args(["--", to, "sh -s"]);
    ssh
}

/// How a program ended.
#[derive(Default)]
struct Ended {
    status: Option<i32>,
    /// The last line that it said to standard error.
    said: String,
}

/// Runs a shell, and reads what it prints until it ends, says too much or takes too long.
fn ask(mut shell: Command, plan: &Plan, end: Instant) -> (Answer, Ended) {
    let spawned = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => {
            let program = stream::short(shell.get_program().as_encoded_bytes());
            return (Answer::failed(Failure::Program { program, why: error.to_string() }), Ended::default());
        }
    };
    let script = script();
    // A helper of ssh's may hold a pipe open when ssh is long gone: nobody waits for these threads.
    let stdin = child.stdin.take();
    let writes = spawn(move || stdin.map(|mut stdin| stdin.write_all(script.as_bytes())));
    let pipes = writes.and_then(|()| {
        let printed = Pipe::new(child.stdout.take(), MOST_BYTES_OF_NODE + 1, false)?;
        Ok((printed, Pipe::new(child.stderr.take(), MOST_SAID, true)?))
    });
    let (printed, said) = match pipes {
        Ok(pipes) => pipes,
        Err(error) => {
            stop(&mut child);
            let failure = Failure::Program { program: "a thread".to_owned(), why: error.to_string() };
            return (Answer::failed(failure), Ended::default());
        }
    };
    let is_done = printed.wait(end);
    let printed = printed.bytes();
    if printed.len() > MOST_BYTES_OF_NODE || !is_done {
        stop(&mut child);
        let failure = if is_done { Failure::Long } else { Failure::Slow { seconds: plan.timeout.as_secs() } };
        return (Answer { failure: Some(failure), ..stream::read(&printed) }, Ended::default());
    }
    let status = wait(&mut child, end).and_then(|status| status.code());
    said.wait(end.min(Instant::now() + Duration::from_secs(1)));
    let said = said.bytes();
    let last = said.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).rfind(|line| !line.is_empty());
    (stream::read(&printed), Ended { status, said: stream::short(last.unwrap_or_default()) })
}

/// Runs it on a thread of its own, which nobody waits for.
///
/// # Errors
/// When the system has no thread to spare.
fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<()> {
    thread::Builder::new().spawn(work).map(|_| ())
}

/// What has come out of a program, read by a thread of its own.
struct Pipe {
    bytes: Arc<Mutex<Vec<u8>>>,
    done: Receiver<()>,
}

impl Pipe {
    /// Keeps as many bytes, and stops there, or drains the rest.
    ///
    /// # Errors
    /// When the system has no thread to spare.
    fn new(pipe: Option<impl Read + Send + 'static>, most: usize, drains: bool) -> io::Result<Self> {
        let (send, done) = mpsc::channel();
        let bytes = Arc::new(Mutex::new(vec![]));
        let kept = Arc::clone(&bytes);
        spawn(move || {
            let mut chunk = vec![0; 1 << 16];
            let mut pipe = pipe;
            while let Some(length) = pipe.as_mut().and_then(|pipe| pipe.read(&mut chunk).ok()).filter(|read| *read > 0)
            {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                let room = most.saturating_sub(kept.len());
                kept.extend(&chunk[..length.min(room)]);
                if kept.len() == most && !drains {
                    break;
                }
            }
            let _ = send.send(());
        })?;
        Ok(Self { bytes, done })
    }

    /// Waits for its end, and says whether that came in time.
    fn wait(&self, end: Instant) -> bool {
        self.done.recv_timeout(end.saturating_duration_since(Instant::now())).is_ok()
    }

    /// What has come so far.
    fn bytes(&self) -> Vec<u8> {
        std::mem::take(&mut self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Waits for the end of a program that has closed its output; one that does not end then is stopped.
fn wait(child: &mut Child, end: Instant) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < end => thread::sleep(Duration::from_millis(5)),
            _ => {
                stop(child);
                return None;
            }
        }
    }
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
