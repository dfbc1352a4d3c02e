//! A PostgreSQL server that lives and dies with the tests, and one fresh database per test.
//!
//! `TEST_DATABASE_URL` names a server to be used instead; its role must be allowed to create
//! databases. `PG_BIN` names the folder of the server's programs where they are not Debian's.
//!
//! Migrating takes longer than copying: a migrated database is made once and every test's
//! database is a copy of it.

use lianxin::storage::Store;
use sea_orm::ConnectionTrait;
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};
use tokio::sync::OnceCell;

/// Everything here runs on this server.
static SERVER: LazyLock<Server> = LazyLock::new(Server::start);
/// The migrated database that tests copy.
static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A migrated, empty database; its address.
pub(crate) async fn migrated() -> String {
    let template = TEMPLATE
        .get_or_init(|| async {
            let name = create(None).await;
            let store = Store::open(&SERVER.url(&name)).await.unwrap();
            store.migrate_up().await.unwrap();
            // A database with open connections cannot be copied.
            store.close().await.unwrap();
            name
        })
        .await;
    SERVER.url(&create(Some(template)).await)
}

/// The server itself: an address under which databases can be made.
pub(crate) fn server() -> String {
    SERVER.url("postgres")
}

/// A database without any table; its address.
pub(crate) async fn empty() -> String {
    SERVER.url(&create(None).await)
}

async fn create(template: Option<&str>) -> String {
    // The pid keeps two test runs apart on a server that is not ours.
    let name = format!("lianxin_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = Store::open(&SERVER.url("postgres")).await.unwrap();
    let of = template.map(|name| format!(" TEMPLATE {name}")).unwrap_or_default();
    admin.connection().execute_unprepared(&format!("CREATE DATABASE {name}{of}")).await.unwrap();
    admin.close().await.unwrap();
    name
}

/// Where the server listens: everything but the database's name.
struct Server {
    address: String,
    options: String,
}

impl Server {
    fn url(&self, database: &str) -> String {
        format!("{}/{database}{}", self.address, self.options)
    }

    #[expect(clippy::disallowed_methods, reason = "the tests' own variables, not the product's")]
    fn start() -> Self {
        if let Ok(given) = std::env::var("TEST_DATABASE_URL") {
            let (address, options) = match given.split_once('?') {
                Some((address, options)) => (address, format!("?{options}")),
                None => (given.as_str(), String::new()),
            };
            let end = address.rfind('/').filter(|at| *at > "postgres://".len());
            let address = address[..end.unwrap_or(address.len())].to_owned();
            return Self { address, options };
        }
        let bin = std::env::var("PG_BIN").map_or_else(|_| find_programs(), PathBuf::from);
        let folder = std::env::temp_dir().join(format!("lianxin-pg-{}", std::process::id()));
        remove_leftovers();
        std::fs::create_dir_all(&folder).unwrap();
        let owner = Owner::find();
        owner.take(&folder);
        initialise(&bin, &folder, owner);
        keep(&bin, &folder, owner, "off");
        let socket = folder.display().to_string().replace('/', "%2F");
        Self { address: format!("postgres://postgres@{socket}"), options: String::new() }
    }
}

/// A server of one test's own, which may be stopped and started; gone when it is dropped.
pub(crate) struct OwnServer {
    folder: tempfile::TempDir,
    bin: PathBuf,
    owner: Owner,
    running: Option<Running>,
}

struct Running {
    id: u32,
    keeper: std::thread::JoinHandle<()>,
}

impl OwnServer {
    /// Starts one.
    #[expect(clippy::disallowed_methods, reason = "the tests' own variables, not the product's")]
    pub(crate) fn start() -> Self {
        let bin = std::env::var("PG_BIN").map_or_else(|_| find_programs(), PathBuf::from);
        let folder = tempfile::Builder::new().prefix("lianxin-own-").tempdir().unwrap();
        let owner = Owner::find();
        owner.take(folder.path());
        initialise(&bin, folder.path(), owner);
        let mut server = Self { folder, bin, owner, running: None };
        server.start_again();
        server
    }

    /// The address of its one database.
    pub(crate) fn url(&self) -> String {
        let socket = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{socket}/postgres")
    }

    /// Stops it as a power cut would: nobody is asked to end anything.
    pub(crate) fn stop(&mut self) {
        if let Some(Running { id, keeper }) = self.running.take() {
            let stopped = Command::new("kill").args(["-QUIT", &id.to_string()]).status().unwrap();
            assert!(stopped.success());
            keeper.join().unwrap();
        }
    }

    /// Starts it on what it kept.
    pub(crate) fn start_again(&mut self) {
        assert!(self.running.is_none(), "the server is running");
        let folder = self.folder.path();
        let _ = std::fs::remove_file(folder.join(".s.PGSQL.5432"));
        // What was answered must be there after the cut; the machine itself stays up.
        self.running = Some(keep(&self.bin, folder, self.owner, "on"));
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The server refuses to run as root; root hands it to the user that Debian made for it.
#[derive(Clone, Copy)]
enum Owner {
    Ourselves,
    Postgres,
}

impl Owner {
    fn find() -> Self {
        let id = Command::new("id").arg("-u").output().unwrap();
        if id.stdout.trim_ascii() == b"0" { Self::Postgres } else { Self::Ourselves }
    }

    fn take(self, folder: &Path) {
        if let Self::Postgres = self {
            let status = Command::new("chown").arg("postgres").arg(folder).status().unwrap();
            assert!(status.success(), "could not hand {} to postgres", folder.display());
        }
    }

    /// The kernel ends the program with the thread that started it.
    fn command(self, program: &Path) -> Command {
        let mut command = Command::new("setpriv");
        if let Self::Postgres = self {
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
        }
        command.arg("--pdeathsig=INT").arg("--").arg(program);
        command
    }
}

fn find_programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().expect("the tests need a PostgreSQL server: apt-get install postgresql")
}

/// Folders of test runs that ended without tidying up; a running one is left alone.
fn remove_leftovers() {
    for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(pid) = name.strip_prefix("lianxin-pg-") else { continue };
        if !Path::new("/proc").join(pid).exists() {
            std::fs::remove_dir_all(entry.path()).ok();
        }
    }
}

fn initialise(bin: &Path, folder: &Path, owner: Owner) {
    let done = owner
        .command(&bin.join("initdb"))
        .arg("-D")
        .arg(folder.join("data"))
        .args(["-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"])
        .output()
        .unwrap();
    assert!(done.status.success(), "initdb: {}", String::from_utf8_lossy(&done.stderr));
}

/// Starts the server on a thread that never ends, so that it dies with the process and not with
/// the first test.
fn keep(bin: &Path, folder: &Path, owner: Owner, commits_wait: &str) -> Running {
    let (started, wait) = mpsc::channel();
    let mut server = owner.command(&bin.join("postgres"));
    let log = folder.join("log");
    let output = std::fs::File::create(&log).unwrap();
    server
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-k")
        .arg(folder)
        .args(["-c", "listen_addresses=", "-c", "max_connections=300"])
        // Nobody will miss this data after a power cut.
        .args(["-c", "fsync=off", "-c", "full_page_writes=off", "-c"])
        .arg(format!("synchronous_commit={commits_wait}"))
        .stdin(Stdio::null())
        .stdout(output.try_clone().unwrap())
        .stderr(output);
    let keeper = std::thread::spawn(move || {
        let mut child: Child = server.spawn().unwrap();
        started.send(child.id()).unwrap();
        child.wait().unwrap();
    });
    let id = wait.recv().unwrap();
    let limit = Instant::now() + Duration::from_secs(30);
    while !folder.join(".s.PGSQL.5432").exists() {
        assert!(
            Instant::now() < limit,
            "the server did not start: {}",
            std::fs::read_to_string(&log).unwrap_or_default()
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    Running { id, keeper }
}
