//! Tables: the only module that names `sea_orm` and `entities`.
//!
//! [`Store`] is the pool: reads, and changes of one statement. [`Tx`] is one unit of work: a push,
//! a desk action, an import. Its functions are verbs of the domain and speak the domain's values;
//! a row that cannot be one is [`StorageError::Inconsistent`], never a guess.
//!
//! It promises the same behaviour on SQLite and PostgreSQL. Locks are taken in one order – inbox,
//! conversation, ticket, outbox – and only by writing: lock clauses vanish on SQLite. Violations
//! are never caught, because PostgreSQL ends the transaction; `ON CONFLICT` and the number of
//! rows tell instead. Whatever belongs to an account is asked for by account.
//!
//! Deliberately absent: rules, clocks, random numbers, and any way to send something.

mod absence;
mod account_days;
mod alarms;
mod answers;
mod area_codes;
mod audit;
mod call_backs;
mod chat_lines;
mod codec;
mod conversations;
mod county;
mod county_rows;
mod databases;
mod deliveries;
mod drafts;
mod due;
mod erasure;
mod error;
mod export;
mod figure_rows;
mod figures;
mod figures_behind;
mod figures_read;
mod follows;
mod groups;
mod health;
mod inbox;
mod invitations;
mod lamps;
mod leases;
mod marks;
mod media;
mod media_due;
mod members;
mod operators;
mod outbox;
mod pending_import;
mod people;
mod posts;
mod queues;
mod reach;
mod register_rows;
mod reply_window;
mod save;
mod saved_views;
mod schema;
mod sight;
mod tag_wishes;
mod talks;
mod ticket_row;
mod tickets;
mod turns;
mod visitors;
mod wording;
mod words;

pub use absence::Absent;
pub use account_days::AccountDay;
pub use alarms::{Alarm, AlarmState};
pub use answers::AnswerTemplate;
pub use area_codes::KeptCode;
pub use audit::Deed;
pub use call_backs::{CallBack, CallBackKey};
pub use chat_lines::{ChatLine, Fate, Speaking, UNCLEAR, Uttered};
pub use conversations::Conversation;
pub use deliveries::{DeadLetter, DeliveryStatus, Unconfirmed};
pub use drafts::LeftDraft;
pub use erasure::Mask;
pub use error::StorageError;
pub use figures::Uncounted;
pub use figures_behind::{After, Behind, Found, Recurring, Side, Span};
pub use follows::FollowCount;
pub use groups::{Broadcast, GroupRobot};
pub use health::{Astray, OutboxState};
pub use inbox::Claim;
pub use lamps::{AbsentOwner, Beam, LampCount, Shining};
pub use leases::{Finished, Leased, Trail};
pub use media::{Fetched, Incoming, MediaRow, MediaStage};
pub use members::Listed;
pub use operators::{OperatorAccount, Session};
pub use outbox::Envelope;
pub use pending_import::{PENDING_FOR, PendingImport};
pub use posts::{GroupPost, NewPost, PostOutcome};
pub use queues::{Counts, Listing, Mark, Months, Page};
pub use reach::{Hop, Told, Way, Wishes};
pub use reply_window::{Allowance, Reach, ReplyWindow};
pub use saved_views::SavedView;
pub use schema::Migrations;
pub use sight::{Sight, Wanted};
pub use tag_wishes::{TagCounts, TagWish};
pub use talks::{Ended, TALKS_FOR, Talk};
pub use wording::OwnText;

use error::failed;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use turns::{Turn, Turns};

/// One writer at a time, some readers beside it.
const SQLITE_CONNECTIONS: u32 = 8;
/// Two cores' worth of web workers, the outbox, and a command beside them.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a writer waits for another one: as long as the platform waits for an answer.
const BUSY: Duration = Duration::from_secs(5);

/// A county's rows go in groups, below the least number of bound values a database takes.
const CHUNK: usize = 500;

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    conn: DatabaseConnection,
    turns: Turns,
}

/// One unit of work. Dropping it without [`Tx::commit`] undoes it.
#[derive(Debug)]
pub struct Tx {
    // Before the turn: what is undone is undone within it.
    inner: DatabaseTransaction,
    turn: Turn,
    has_mail: AtomicBool,
}

impl Store {
    /// Opens `sqlite://PATH` (made if missing) or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self, StorageError> {
        let mut options = ConnectOptions::new(url);
        let connections =
            if url.starts_with("sqlite") { SQLITE_CONNECTIONS } else { POSTGRES_CONNECTIONS };
        options.max_connections(connections).acquire_timeout(BUSY).sqlx_logging(false);
        // WAL lets readers go on beside the writer; FULL, because an answered push must survive
        // a power cut.
        options.map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(BUSY)
                .foreign_keys(true)
        });
        let conn = Database::connect(options).await.map_err(failed("open the database"))?;
        Ok(Self { conn, turns: Turns::on(url) })
    }

    /// The same database by another pool of this process, whose writers stand in one row with
    /// those of `other`.
    #[must_use]
    pub fn taking_turns_with(self, other: &Self) -> Self {
        Self { turns: other.turns.clone(), ..self }
    }

    /// Waits for the turn to write. Whoever has it must not ask for another one.
    async fn turn(&self) -> Turn {
        self.turns.next().await
    }

    /// Starts a unit of work.
    ///
    /// PostgreSQL's READ COMMITTED is enough: the conversation's row is locked by its upsert, and
    /// a ticket is written only in the version that was seen.
    pub async fn begin(&self) -> Result<Tx, StorageError> {
        // SQLite must take its write lock first: a transaction that reads and then writes is
        // refused at once (SQLITE_BUSY_SNAPSHOT), whatever the timeout.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let turn = self.turn().await;
        let inner =
            self.conn.begin_with_options(options).await.map_err(failed("begin a transaction"))?;
        Ok(Tx { inner, turn, has_mail: AtomicBool::new(false) })
    }

    /// A view for pages that look up many things: it stays as it was at the first look, and no
    /// writer waits for it. Nothing is written through it, and there is nothing to commit.
    pub async fn look(&self) -> Result<Tx, StorageError> {
        let options = TransactionOptions {
            isolation_level: is_server(&self.conn).then_some(IsolationLevel::RepeatableRead),
            access_mode: is_server(&self.conn).then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
        };
        let inner = self.conn.begin_with_options(options).await.map_err(failed("begin to look"))?;
        Ok(Tx { inner, turn: Turn::of_a_reader(), has_mail: AtomicBool::new(false) })
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), StorageError> {
        self.conn.execute_unprepared("SELECT 1").await.map_err(failed("reach the database"))?;
        Ok(())
    }

    /// Closes all connections; what was begun and not committed is undone.
    pub async fn close(self) -> Result<(), StorageError> {
        self.conn.close().await.map_err(failed("close the database"))
    }

    /// The same database with every statement told to somebody, for tests that look at how they
    /// are answered.
    #[doc(hidden)]
    #[must_use]
    pub fn overheard(mut self, by: impl Fn(&sea_orm::Statement) + Send + Sync + 'static) -> Self {
        self.conn.set_metric_callback(move |told| by(told.statement));
        self
    }

    /// The connection itself, for tests that spoil rows or look at the schema.
    #[doc(hidden)]
    pub fn connection(&self) -> &DatabaseConnection {
        &self.conn
    }
}

/// SQLite has one level and one access mode.
fn is_server(conn: &DatabaseConnection) -> bool {
    conn.get_database_backend() == DbBackend::Postgres
}

impl Tx {
    /// Makes everything that was done lasting, at once.
    pub async fn commit(self) -> Result<(), StorageError> {
        let Self { inner, turn: _turn, .. } = self;
        inner.commit().await.map_err(failed("commit"))
    }

    /// Whether something was put into the outbox, or released there: the worker must hear of it
    /// after the commit.
    pub fn has_mail(&self) -> bool {
        self.has_mail.load(Ordering::Relaxed)
    }

    /// The transaction itself, for tests.
    #[doc(hidden)]
    pub fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }
}
