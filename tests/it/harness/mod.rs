//! What the tests stand on: servers of their own that die with the test process, and fresh
//! databases of both kinds.

pub(crate) mod browser;
pub(crate) mod platform;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod redis;
pub(crate) mod rehearsal;
pub(crate) mod site;

use chrono::{DateTime, Utc};
use lianxin::{
    ids::{Ids, RandomIds},
    storage::Store,
};
use uuid::Uuid;

/// A fresh database for one test. A SQLite file goes when the test ends.
pub(crate) struct TestDatabase {
    /// Its pool.
    pub(crate) store: Store,
    /// Its address, for a second pool.
    pub(crate) url: String,
    _folder: Option<tempfile::TempDir>,
}

/// A migrated SQLite file.
pub(crate) async fn sqlite() -> TestDatabase {
    let database = empty_sqlite().await;
    database.store.migrate_up().await.unwrap();
    database
}

/// A SQLite file without any table.
pub(crate) async fn empty_sqlite() -> TestDatabase {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/lianxin.db", folder.path().display());
    let store = Store::open(&url).await.unwrap();
    TestDatabase { store, url, _folder: Some(folder) }
}

/// A migrated database on the PostgreSQL server.
pub(crate) async fn postgresql() -> TestDatabase {
    on_server(postgres::migrated().await).await
}

/// A database without any table on the PostgreSQL server.
pub(crate) async fn empty_postgresql() -> TestDatabase {
    on_server(postgres::empty().await).await
}

async fn on_server(url: String) -> TestDatabase {
    let store = Store::open(&url).await.unwrap();
    TestDatabase { store, url, _folder: None }
}

/// A moment in a working week: Monday morning in Beijing.
pub(crate) fn monday() -> DateTime<Utc> {
    moment("2026-03-02T09:00:00.123+08:00")
}

/// A moment from its text.
pub(crate) fn moment(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// An identity that nobody has.
pub(crate) fn fresh() -> Uuid {
    RandomIds.fresh()
}

/// A place for photos that is never made, because no photo comes.
pub(crate) fn no_media() -> lianxin::config::MediaPlace {
    lianxin::config::MediaPlace::Folder(std::env::temp_dir().join("lianxin-no-photos"))
}

/// Makes two tests of each `async fn name(database: &TestDatabase)`: one on SQLite, one on
/// PostgreSQL. A function that is not named here is dead code, so none is forgotten.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        $(mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                super::$name(&crate::harness::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgresql() {
                super::$name(&crate::harness::postgresql().await).await;
            }
        })*
    };
}
pub(crate) use on_both;
