//! What a run is doing, on a terminal, when it takes longer than a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, IsTerminal as _},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

/// How long nothing is shown.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it moves.
const TICK: Duration = Duration::from_millis(120);

/// Shows the last thing that it was told until it is dropped.
pub(super) struct Progress {
    shown: Option<(Sender<&'static str>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to wait, where standard error is a terminal and somebody wants to know.
    pub(super) fn new(is_wanted: bool) -> Self {
        if !is_wanted || !io::stderr().is_terminal() {
            return Self { shown: None };
        }
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                bar.set_style(style);
            }
            let mut patience = PATIENCE;
            loop {
                match receiver.recv_timeout(patience) {
                    Ok(what) => bar.set_message(what),
                    Err(RecvTimeoutError::Disconnected) => break,
                    Err(RecvTimeoutError::Timeout) => {
                        bar.set_draw_target(ProgressDrawTarget::stderr());
                        bar.enable_steady_tick(TICK);
                        // From here on there is nothing to wait for but news.
                        patience = Duration::from_secs(3600);
                    }
                }
            }
            bar.finish_and_clear();
        });
        Self { shown: Some((sender, thread)) }
    }

    /// Says what is being done.
    pub(super) fn say(&self, what: &'static str) {
        if let Some((sender, _)) = &self.shown {
            let _ = sender.send(what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.shown.take() {
            drop(sender);
            let _ = thread.join();
        }
    }
}
