//! A database of a run's own: made for it, gone after it.

use super::Trouble;
use crate::{
    ids::{Ids, RandomIds},
    storage::Store,
};
use tempfile::TempDir;
use url::Url;

/// On what scripts are played.
#[derive(Debug, Clone, Default)]
pub enum Place {
    /// A SQLite file in a temporary folder.
    #[default]
    Sqlite,
    /// A database that is made and dropped on this PostgreSQL server.
    Postgres(Url),
}

impl Place {
    /// The server that an address names.
    pub fn server(address: &str) -> Result<Self, Trouble> {
        let url = Url::parse(address).map_err(|_| Trouble::Server)?;
        match url.scheme() {
            "postgres" | "postgresql" => Ok(Self::Postgres(url)),
            _ => Err(Trouble::Server),
        }
    }

    /// A fresh database, migrated.
    pub(super) async fn fresh(&self) -> Result<Database, Trouble> {
        let database = match self {
            Self::Sqlite => {
                let folder = tempfile::tempdir().map_err(Trouble::Folder)?;
                let url = format!("sqlite://{}/lianxin.db", folder.path().display());
                Database { url, kept: Kept::Folder(folder) }
            }
            Self::Postgres(server) => {
                let name = format!("lianxin_replay_{}", RandomIds.fresh().simple());
                let admin = Store::open(server.as_str()).await?;
                admin.create_database(&name).await?;
                let mut own = server.clone();
                own.set_path(&name);
                Database { url: own.into(), kept: Kept::Server { admin, name } }
            }
        };
        let store = Store::open(&database.url).await?;
        store.migrate_up().await?;
        store.close().await?;
        Ok(database)
    }
}

/// A database of a run's own.
pub(super) struct Database {
    /// Its address.
    pub(super) url: String,
    kept: Kept,
}

enum Kept {
    Folder(TempDir),
    Server { admin: Store, name: String },
}

impl Database {
    /// Removes it, whoever is still connected.
    pub(super) async fn drop(self) -> Result<(), Trouble> {
        match self.kept {
            Kept::Folder(folder) => folder.close().map_err(Trouble::Folder),
            Kept::Server { admin, name } => {
                admin.drop_database(&name).await?;
                Ok(admin.close().await?)
            }
        }
    }
}
