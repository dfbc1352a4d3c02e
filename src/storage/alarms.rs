//! What is wrong with an official account, where every process and the `check` command see it.
//!
//! One row a matter: raised again it keeps since when it has been wrong; ended, it stays as history
//! until it is raised anew.
//!
//! Deliberately absent: what a kind means, and until when an old one is believed.

use super::{StorageError, Store, Tx, error::failed};
use chrono::{DateTime, Utc};
use entities::account_alarm as row;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{CaseStatement, Expr, OnConflict},
};

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// The account's slug.
    pub account: String,
    /// What, as a code.
    pub kind: String,
    /// Of what: an interface, a template; empty where it is the account itself.
    pub subject: String,
    /// Until when it holds, or the day that it is about.
    pub until: Option<DateTime<Utc>>,
    /// A code, never words of anybody.
    pub detail: Option<String>,
}

/// An alarm as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmState {
    /// What is wrong.
    pub alarm: Alarm,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was seen last.
    pub seen_at: DateTime<Utc>,
}

impl Store {
    /// Everything that is wrong with any account, by account and kind.
    pub async fn alarms(&self) -> Result<Vec<AlarmState>, StorageError> {
        let found = row::Entity::find()
            .filter(row::Column::EndedAt.is_null())
            .order_by_asc(row::Column::Account)
            .order_by_asc(row::Column::Kind)
            .order_by_asc(row::Column::Subject)
            .all(&self.conn)
            .await
            .map_err(failed("read what is wrong with the accounts"))?;
        let state = |m: row::Model| AlarmState {
            alarm: Alarm {
                account: m.account,
                kind: m.kind,
                subject: m.subject,
                until: m.until,
                detail: m.detail,
            },
            since: m.since,
            seen_at: m.seen_at,
        };
        Ok(found.into_iter().map(state).collect())
    }
}

impl Tx {
    /// The subjects of an account's alarms of this kind.
    pub async fn alarms_of(&self, account: &str, kind: &str) -> Result<Vec<String>, StorageError> {
        row::Entity::find()
            .select_only()
            .column(row::Column::Subject)
            .filter(row::Column::Account.eq(account))
            .filter(row::Column::Kind.eq(kind))
            .filter(row::Column::EndedAt.is_null())
            .into_tuple()
            .all(&self.inner)
            .await
            .map_err(failed("read an account's alarms"))
    }

    /// Raises an alarm, or raises it again.
    pub async fn raise(&self, alarm: &Alarm, now: DateTime<Utc>) -> Result<(), StorageError> {
        let fresh = row::ActiveModel {
            account: Set(alarm.account.clone()),
            kind: Set(alarm.kind.clone()),
            subject: Set(alarm.subject.clone()),
            since: Set(now),
            seen_at: Set(now),
            until: Set(alarm.until),
            detail: Set(alarm.detail.clone()),
            ended_at: Set(None),
        };
        // Whoever was silent since it ended begins anew.
        let since = CaseStatement::new()
            .case(
                Expr::col((row::Entity, row::Column::EndedAt)).is_null(),
                Expr::col((row::Entity, row::Column::Since)),
            )
            .finally(now);
        row::Entity::insert(fresh)
            .on_conflict(
                OnConflict::columns([
                    row::Column::Account,
                    row::Column::Kind,
                    row::Column::Subject,
                ])
                .value(row::Column::Since, since)
                .update_columns([
                    row::Column::SeenAt,
                    row::Column::Until,
                    row::Column::Detail,
                    row::Column::EndedAt,
                ])
                .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("raise an alarm"))?;
        Ok(())
    }

    /// It is over, for one subject or for all of them; how many alarms that ended.
    pub async fn lift(
        &self,
        account: &str,
        kind: &str,
        subject: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<u64, StorageError> {
        let lifted = row::Entity::update_many()
            .col_expr(row::Column::EndedAt, Expr::value(now))
            .filter(row::Column::Account.eq(account))
            .filter(row::Column::Kind.eq(kind))
            .apply_if(subject, |open, subject| open.filter(row::Column::Subject.eq(subject)))
            .filter(row::Column::EndedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed("lift an alarm"))?;
        Ok(lifted.rows_affected)
    }
}
