//! What vtysh says to a daemon, and how: a line and a zero byte there; the answer, three zero bytes and a return code
//! back (`lib/vty.c`, `vtysh_read`).

use std::{
    io::{Read as _, Result, Write as _},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

/// The socket of a daemon.
pub(crate) struct Vty(UnixStream);

impl Vty {
    /// Opens the socket at `path`, in the mode in which all may be asked.
    pub(crate) fn connect(path: &Path) -> Result<Self> {
        let socket = UnixStream::connect(path)?;
        socket.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self(socket))
    }

    /// Sends a line; the return code, and what is said. `None` where the daemon is gone.
    pub(crate) fn say(&mut self, line: &str) -> Option<(u8, String)> {
        self.0.write_all(line.as_bytes()).ok()?;
        self.0.write_all(b"\0").ok()?;
        let mut answer = vec![];
        let mut piece = [0; 1 << 16];
        while !matches!(answer.as_slice(), [.., 0, 0, 0, _]) {
            let length = self.0.read(&mut piece).ok().filter(|length| *length > 0)?;
            answer.extend_from_slice(&piece[..length]);
        }
        let code = answer.pop()?;
        answer.truncate(answer.len() - 3);
        Some((code, String::from_utf8_lossy(&answer).into_owned()))
    }
}
