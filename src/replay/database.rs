//! A database of a run's own: made for it, gone after it.

use super::Trouble;
use crate::{
    ids::{Ids, RandomIds},
    storage::Store,
};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use url::Url;

/// The name of a SQLite file in its folder.
const FILE: &str = "lianxin.db";

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
        Ok(match self {
            Self::Sqlite => {
                let (folder, url) = file()?;
                std::fs::write(folder.path().join(FILE), migrated().await?)
                    .map_err(Trouble::Folder)?;
                Database { url, kept: Kept::Folder(folder) }
            }
            Self::Postgres(server) => {
                let name = format!("lianxin_replay_{}", RandomIds.fresh().simple());
                let admin = Store::open(server.as_str()).await?;
                admin.create_database(&name).await?;
                let mut own = server.clone();
                own.set_path(&name);
                let database = Database { url: own.into(), kept: Kept::Server { admin, name } };
                migrate(&database.url).await?;
                database
            }
        })
    }
}

fn file() -> Result<(TempDir, String), Trouble> {
    let folder = tempfile::tempdir().map_err(Trouble::Folder)?;
    let url = format!("sqlite://{}/{FILE}", folder.path().display());
    Ok((folder, url))
}

/// A migrated SQLite file: made once, because copying takes no time and migrating does.
async fn migrated() -> Result<&'static [u8], Trouble> {
    static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
    let made = MIGRATED.get_or_try_init(|| async {
        let (folder, url) = file()?;
        migrate(&url).await?;
        std::fs::read(folder.path().join(FILE)).map_err(Trouble::Folder)
    });
    Ok(made.await?)
}

async fn migrate(url: &str) -> Result<(), Trouble> {
    let store = Store::open(url).await?;
    store.migrate_up().await?;
    // Everything stands in the file itself only after the last connection is gone.
    Ok(store.close().await?)
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
