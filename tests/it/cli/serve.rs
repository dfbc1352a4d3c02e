//! `serve` and `work`: one at a time on a file, ready or refused, and a quiet end.

use super::{SERVING, command, folder, output, run, store, text};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// A server in a process of its own; killed on drop.
struct Server(Child);

impl Server {
    /// Starts it and waits until it listens.
    fn start(folder: &TempDir, arguments: &[&str]) -> Self {
        let mut command = command(folder, &SERVING, arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut server = Self(child);
        let mut line = String::new();
        BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("listening on http://127.0.0.1:"), "{line:?}");
        server
    }

    /// Asks it to end and returns its exit code.
    fn stop(mut self) -> Option<i32> {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.0.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_sqlite_file_is_for_one_server_and_for_any_number_of_short_commands() {
    let folder = folder();
    let refused = output(&folder, &SERVING, &["serve"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("--migrate"));

    let server = Server::start(&folder, &["serve", "--migrate"]);
    for arguments in [&["serve"][..], &["work"], &["serve", "--no-worker"]] {
        let second = output(&folder, &SERVING, arguments);
        assert_eq!(second.status.code(), Some(1), "{arguments:?}");
        assert!(text(&second.stderr).contains("PostgreSQL"), "{arguments:?}");
    }
    assert_eq!(run(&folder, &["import", "demo"]).0, 0);
    assert_eq!(run(&folder, &["member", "invite", "张建国"]).0, 0);
    assert_eq!(run(&folder, &["export", "tickets", "--format", "csv"]).0, 0);
    assert_eq!(server.stop(), Some(0));

    // The lock went with the process, also where that was killed.
    drop(Server::start(&folder, &["serve"]));
    assert_eq!(Server::start(&folder, &["serve", "--no-worker"]).stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demos_database_is_never_served() {
    let folder = folder();
    run(&folder, &["migrate", "up"]);
    store(&folder).await.mark_as_demo().await.unwrap();
    for arguments in [["serve"], ["work"]] {
        let refused = output(&folder, &SERVING, &arguments);
        assert_eq!(refused.status.code(), Some(1));
        assert!(text(&refused.stderr).contains("demo"));
    }
}

#[test]
fn a_text_that_cannot_be_written_is_found_before_any_resident_finds_it() {
    let folder = folder();
    let texts = folder.path().join("texts/replies/zh");
    std::fs::create_dir_all(&texts).unwrap();
    std::fs::write(texts.join("menu.txt"), "第一行\n{{ nobody_knows_this }}").unwrap();
    let variables = [&SERVING[..], &[("LIANXIN_TEMPLATES", "texts")]].concat();
    let refused = output(&folder, &variables, &["serve", "--migrate"]);
    assert_eq!(refused.status.code(), Some(2));
    let told = text(&refused.stderr);
    assert!(told.contains("LIANXIN_TEMPLATES: ") && told.contains("menu.txt:2"), "{told}");
    let checked = output(&folder, &variables, &["check"]);
    assert!(text(&checked.stdout).contains("✗ texts: "), "{}", text(&checked.stdout));
}
