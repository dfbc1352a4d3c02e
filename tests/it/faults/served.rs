//! The command as somebody runs it, with an environment of its own.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// A key that nobody uses.
pub(super) const KEY: &str = "f00dcafe0123456789abcdef0123456789abcdef0123456789abcdeff00dcafe";

/// The command in a folder, with these variables and no others.
pub(super) fn lianxin(folder: &TempDir, variables: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lianxin"));
    command.env_clear().envs(variables.iter().copied());
    command.current_dir(folder.path()).args(arguments);
    command
}

/// A running server; killed on drop.
pub(super) struct Served {
    child: Child,
    /// `http://…`
    pub(super) address: String,
}

impl Served {
    /// Starts it and waits until it listens; its log goes to the file.
    pub(super) fn start(mut command: Command, log: &Path) -> Self {
        command.stdout(Stdio::piped()).stderr(std::fs::File::create(log).unwrap());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told = || std::fs::read_to_string(log).unwrap();
        let address =
            line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{}", told()));
        Self { address: address.to_owned(), child }
    }

    /// Asks it to end.
    pub(super) fn ask_to_end(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits for its end and returns the exit code.
    pub(super) fn ended(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
