//! What we rely on in sea-orm and the databases, so that an upgrade that changes it fails here.

use crate::harness::{monday, postgresql, sqlite};
use entities::{inbox, outbox};
use futures_util::future::join_all;
use lianxin::storage::StorageError;
use sea_orm::{
    ActiveValue::Set,
    DbBackend, DbErr, EntityTrait, QuerySelect, QueryTrait, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sea_query::{LockBehavior, LockType},
};

fn push(key: &str) -> inbox::ActiveModel {
    inbox::ActiveModel {
        account: Set("main".to_owned()),
        dedup_key: Set(key.to_owned()),
        answer: Set(None),
        received_at: Set(monday()),
        cleared: Set(false),
    }
}

#[test]
fn lock_clauses_vanish_on_sqlite() {
    let query =
        outbox::Entity::find().lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    assert!(query.build(DbBackend::Postgres).to_string().ends_with("FOR UPDATE SKIP LOCKED"));
    assert!(!query.build(DbBackend::Sqlite).to_string().contains("FOR UPDATE"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_violation_ends_a_transaction_of_postgresql() {
    let database = postgresql().await;
    let tx = database.store.connection().begin().await.unwrap();
    inbox::Entity::insert(push("k")).exec_without_returning(&tx).await.unwrap();
    inbox::Entity::insert(push("k")).exec_without_returning(&tx).await.unwrap_err();
    inbox::Entity::find().one(&tx).await.unwrap_err();
}

/// Two transactions that read before both write; what the first to fail said.
async fn read_then_write(mode: Option<SqliteTransactionMode>) -> Option<DbErr> {
    let database = sqlite().await;
    let connection = database.store.connection();
    let work = |key: String| async move {
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
        let tx = connection.begin_with_options(options).await?;
        inbox::Entity::find().one(&tx).await?;
        tokio::task::yield_now().await;
        inbox::Entity::insert(push(&key)).exec_without_returning(&tx).await?;
        tx.commit().await
    };
    join_all((0..30).map(|n| work(n.to_string()))).await.into_iter().find_map(Result::err)
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_before_writing_needs_an_immediate_transaction_on_sqlite() {
    let source = read_then_write(None).await.expect("some of thirty fail");
    let error = StorageError::Database { doing: "write", source };
    assert!(error.is_transient(), "{error:?}");
    let immediate = read_then_write(Some(SqliteTransactionMode::Immediate)).await;
    assert!(immediate.is_none(), "{immediate:?}");
}
