//! A Redis server of a test's own: on a Unix socket in a temporary folder, keeping nothing.
//!
//! It dies with the test process even when that aborts: the kernel signals it when the *thread*
//! that started it ends, so a keeper thread starts it and stays until the server is stopped.

use lianxin::shared::Shared;
use std::{
    fs::File,
    os::unix::net::UnixStream,
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc::{Sender, channel},
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A running server; stopped on drop.
pub(crate) struct RedisServer {
    folder: TempDir,
    keeper: Option<(Sender<()>, JoinHandle<()>)>,
}

impl RedisServer {
    /// Starts one and waits until it listens.
    pub(crate) fn start() -> Self {
        let mut server = Self { folder: tempfile::tempdir().unwrap(), keeper: None };
        server.start_again();
        server
    }

    /// The address for `REDIS_URL`.
    pub(crate) fn address(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// Shared state in it, patient enough for a machine that is busy with other tests.
    pub(crate) fn shared(&self) -> Shared {
        Shared::redis_within(&self.address(), Duration::from_secs(20)).unwrap()
    }

    /// Stops it hard. What it held is lost.
    pub(crate) fn stop(&mut self) {
        if let Some((stop, keeper)) = self.keeper.take() {
            drop(stop);
            keeper.join().unwrap();
        }
    }

    /// Starts an empty one at the same address.
    pub(crate) fn start_again(&mut self) {
        assert!(self.keeper.is_none(), "the server is running");
        let _ = std::fs::remove_file(self.socket());
        let log_path = self.folder.path().join("log");
        let log = File::create(&log_path).unwrap();
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig=KILL", "--", "redis-server", "--port", "0", "--save", ""])
            .args(["--appendonly", "no", "--dir"])
            .arg(self.folder.path())
            .arg("--unixsocket")
            .arg(self.socket())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let (stop, stopped) = channel::<()>();
        let keeper = std::thread::spawn(move || {
            let mut child = command.spawn().expect("redis-server and setpriv are installed");
            // Ends when the sender is dropped.
            let _ = stopped.recv();
            child.kill().unwrap();
            child.wait().unwrap();
        });
        self.keeper = Some((stop, keeper));
        let begin = Instant::now();
        while UnixStream::connect(self.socket()).is_err() {
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "redis-server does not listen: {}",
                std::fs::read_to_string(&log_path).unwrap_or_default()
            );
            std::thread::yield_now();
        }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}
