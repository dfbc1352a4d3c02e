//! Configuration: variables in, types that cannot be wrong out.
//!
//! Each topic reads its own variables; problems accumulate, so that whoever starts the service
//! sees *all* mistakes at once, each with its variable, what is wrong and how to mend it.
//! `.env.example` is the manual; a test holds it to the code both ways.
//!
//! Deliberately absent: any way to change the process's environment, configuration files of our
//! own, and a development switch. What is unsafe outside of one machine is refused outside of it.

mod database;
mod media;
pub mod names;
mod notices;
mod reach;
mod source;
mod web;
mod wechat;

pub use database::{Database, SharedPlace};
pub use media::{Bucket, MediaPlace};
pub use reach::{Reach, SmsGateway};
pub use source::{Environment, Problem, Problems, Source};
pub use web::{Network, Web};
pub use wechat::Wechat;

use source::optional;
use std::{fmt, path::PathBuf};

/// Everything that is chosen from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// Which database.
    pub database: Database,
    /// What several processes share.
    pub shared: SharedPlace,
    /// The folder for everything that is kept as files.
    pub data_dir: PathBuf,
    /// Where photos, voices and films are kept.
    pub media: MediaPlace,
    /// The web server.
    pub web: Web,
    /// The platform and our accounts there.
    pub wechat: Wechat,
    /// Other ways to people.
    pub reach: Reach,
    /// Where pushes, answers and calls are recorded; not for daily use.
    pub record_dir: Option<PathBuf>,
    /// What is odd but not wrong.
    pub warnings: Vec<Problem>,
}

/// What the configuration has to be good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Looking at it: whatever is given has to be right, nothing has to be given.
    Looking,
    /// Sending: at least one official account.
    Working,
    /// Serving the web: an account, and a key to sign with.
    Serving,
}

/// The configuration is wrong. Each mistake stands on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// All of them.
    pub problems: Vec<Problem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        write!(f, "the configuration has {count} mistake{}", if count == 1 { "" } else { "s" })?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads everything.
    pub fn load(environment: &Environment, purpose: Purpose) -> Result<Self, ConfigError> {
        let source = |name: &str| environment.get(name);
        Self::load_from(&source, environment.names(), purpose)
    }

    /// The same from any source; `names` are all variables that it has.
    pub fn load_from<'a>(
        source: Source<'_>,
        names: impl IntoIterator<Item = &'a str>,
        purpose: Purpose,
    ) -> Result<Self, ConfigError> {
        let (mut problems, mut warnings) = (Problems::default(), Problems::default());
        let names: Vec<&str> = names.into_iter().collect();
        let slugs = names::slugs(names.iter().copied(), &mut problems);
        names::warn_of_unknown(names.iter().copied(), &slugs, &mut warnings);

        let data_dir = database::data_dir(source);
        let database = Database::read(source, &data_dir, &mut problems);
        let shared = SharedPlace::read(source, &mut problems);
        let media = MediaPlace::read(source, &data_dir, &mut problems);
        let web = Web::read(source, &mut problems, &mut warnings);
        let wechat = Wechat::read(source, &slugs, &mut problems);
        let reach = Reach::read(source, &mut problems);
        let record_dir = optional(source, "LIANXIN_RECORD_DIR").map(PathBuf::from);
        log_filter(source, &mut problems);

        if purpose != Purpose::Looking && slugs.is_empty() {
            problems.add(
                &names::of_account("MAIN", "APP_ID"),
                "no official account is configured",
                "set LIANXIN_ACCOUNT_MAIN_APP_ID, _APP_SECRET, _TOKEN, _AES_KEY and _ORIGINAL_ID",
            );
        }
        if purpose == Purpose::Serving {
            require_key(source, &mut problems);
        }
        if let (Some(Database::Postgres(_)), Some(SharedPlace::Memory)) = (&database, &shared) {
            warnings.add(
                "REDIS_URL",
                "it is not set, so only one instance may run",
                "set it before a second instance is started",
            );
        }
        let all = (database, shared, media, web, wechat, reach);
        match all {
            (Some(database), Some(shared), Some(media), Some(web), Some(wechat), Some(reach))
                if problems.is_empty() =>
            {
                let warnings = warnings.into_vec();
                Ok(Self {
                    database,
                    shared,
                    data_dir,
                    media,
                    web,
                    wechat,
                    reach,
                    record_dir,
                    warnings,
                })
            }
            _ => Err(ConfigError { problems: problems.into_vec() }),
        }
    }
}

impl Database {
    /// Which database, and nothing else: for the commands that work beside a server.
    pub fn load(environment: &Environment) -> Result<Self, ConfigError> {
        let source = |name: &str| environment.get(name);
        let mut problems = Problems::default();
        Self::read(&source, &database::data_dir(&source), &mut problems)
            .ok_or_else(|| ConfigError { problems: problems.into_vec() })
    }
}

fn require_key(source: Source<'_>, problems: &mut Problems) {
    const NAME: &str = "LIANXIN_SECRET_KEY";
    if optional(source, NAME).is_none() && optional(source, &format!("{NAME}_FILE")).is_none() {
        problems.add(NAME, "it is not set", "draw one with: openssl rand -hex 32");
    }
}

fn log_filter(source: Source<'_>, problems: &mut Problems) {
    let Some(text) = optional(source, "RUST_LOG") else { return };
    if let Err(error) = tracing_subscriber::EnvFilter::try_new(text) {
        problems.add(
            "RUST_LOG",
            format!("it is not a filter: {error}"),
            "write a level such as info, or info,lianxin=debug",
        );
    }
}
