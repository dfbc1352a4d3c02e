//! A program that dies with the test, also where the test aborts.
//!
//! The kernel kills a program with the *thread* that started it, so a keeper thread starts it and
//! stays until the program is stopped. Its errors go to a file that a failure can quote.

use std::{
    ffi::OsStr,
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{ChildStdout, Command, Stdio},
    sync::mpsc::{Sender, channel},
    thread::JoinHandle,
};

/// A command whose program gets killed with the thread that starts it.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig=KILL", "--"]).arg(program);
    command
}

/// A running program; killed on drop.
pub(crate) struct Process {
    output: BufReader<ChildStdout>,
    errors: PathBuf,
    keeper: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Process {
    /// Starts a [`command`]; what it writes to standard error goes to the file `errors`.
    pub(crate) fn start(mut command: Command, errors: &Path) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(errors).unwrap());
        let (started, start) = channel();
        let (stop, stopped) = channel::<()>();
        let keeper = std::thread::spawn(move || {
            let mut child = command.spawn().expect("setpriv is installed (util-linux)");
            started.send(child.stdout.take()).unwrap();
            // Ends when the sender is dropped.
            let _ = stopped.recv();
            child.kill().unwrap();
            child.wait().unwrap();
        });
        let output = start.recv().unwrap().unwrap();
        Self {
            output: BufReader::new(output),
            errors: errors.to_owned(),
            keeper: Some((stop, keeper)),
        }
    }

    /// Reads lines until one holds `mark`; what follows it on that line.
    pub(crate) fn says(&mut self, mark: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(
                self.output.read_line(&mut line).unwrap() > 0,
                "it ended without “{mark}”: {}",
                std::fs::read_to_string(&self.errors).unwrap_or_default()
            );
            if let Some((_, rest)) = line.split_once(mark) {
                return rest.trim_end().to_owned();
            }
        }
    }

    /// `kill -9`, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        if let Some((stop, keeper)) = self.keeper.take() {
            drop(stop);
            keeper.join().unwrap();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
