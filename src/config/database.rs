//! Which database.

use super::source::{Problems, Source, optional, secret};
use crate::wechat::account::Secret;
use std::path::{Path, PathBuf};

/// Where tickets are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// One file on this machine, for one process.
    Sqlite(PathBuf),
    /// A server, for any number of processes. The address may hold a password.
    Postgres(Secret),
}

impl Database {
    /// Reads `DATABASE_URL`; without it, a file in the data folder.
    pub fn read(source: Source<'_>, data_dir: &Path, problems: &mut Problems) -> Option<Self> {
        let before = problems.clone();
        let Some(address) = secret(source, "DATABASE_URL", problems) else {
            return (*problems == before).then(|| Self::Sqlite(data_dir.join("lianxin.db")));
        };
        Self::parse(address.expose())
            .map_err(|what| {
                problems.add(
                    "DATABASE_URL",
                    what,
                    "write sqlite://path/to/file.db or postgres://user:password@host/database",
                );
            })
            .ok()
    }

    /// Reads an address.
    pub fn parse(address: &str) -> Result<Self, &'static str> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let parsed = url::Url::parse(address).map_err(|_| "it is not a web address")?;
            // A host may be left out: then the server is behind a Unix socket.
            let named = parsed.path().len() > 1 || parsed.query().is_some();
            return named
                .then(|| Self::Postgres(Secret::new(address)))
                .ok_or("it names no database");
        }
        let Some(path) = address.strip_prefix("sqlite:") else {
            return Err("it is neither SQLite nor PostgreSQL");
        };
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        match path {
            "" => Err("it names no file"),
            // Every connection would see another database, and all is lost at the end.
            path if path.starts_with(":memory:") => Err("a database in memory forgets everything"),
            path => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }

    /// The address in the form in which the storage opens it.
    pub fn address(&self) -> String {
        match self {
            // `%` and `?` would be read as parts of the address, not of the path.
            Self::Sqlite(path) => {
                let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3F");
                format!("sqlite://{path}")
            }
            Self::Postgres(address) => address.expose().to_owned(),
        }
    }
}

/// The folder for everything that is kept as files.
pub(super) fn data_dir(source: Source<'_>) -> PathBuf {
    PathBuf::from(optional(source, "LIANXIN_DATA_DIR").unwrap_or_else(|| "data".to_owned()))
}

/// What several processes share, and may lose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SharedPlace {
    /// This process's memory: one instance only.
    Memory,
    /// A Redis server. The address may hold a password.
    Redis(Secret),
}

impl SharedPlace {
    /// Reads `REDIS_URL`; without it, memory.
    pub fn read(source: Source<'_>, problems: &mut Problems) -> Option<Self> {
        let before = problems.clone();
        let Some(address) = secret(source, "REDIS_URL", problems) else {
            return (*problems == before).then_some(Self::Memory);
        };
        let known = ["redis://", "rediss://", "redis+unix://", "unix://"];
        if !known.iter().any(|scheme| address.expose().starts_with(scheme)) {
            problems.add(
                "REDIS_URL",
                "it is not the address of a Redis server",
                "write redis://host:6379, or remove it if there is only one instance",
            );
            return None;
        }
        Some(Self::Redis(address))
    }
}
