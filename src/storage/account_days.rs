//! What a day was like on an account: who followed, what came in, what went out.
//!
//! Counted by ranges of indexes, an hour apart; pages read the sums.

use super::{StorageError, Store, error::failed, outbox::Outcome};
use chrono::{DateTime, Utc};
use entities::{account_day as row, inbox, outbox, resident, ticket};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};

/// One day of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountDay {
    /// `2026-03-02`, as the county counts days.
    pub day: String,
    /// Who followed when it was last counted.
    pub followers: u64,
    /// Messages and events that came in.
    pub pushes: u64,
    /// Messages that left of our own accord.
    pub notices: u64,
    /// What was reported.
    pub tickets: u64,
}

impl Store {
    /// Counts a day of an account, from its first moment to the next day's.
    pub async fn count_account_day(
        &self,
        account: &str,
        day: &str,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<(), StorageError> {
        let doing = "count a day of an account";
        let followers = resident::Entity::find()
            .filter(resident::Column::Account.eq(account))
            .filter(resident::Column::Following.eq(true))
            .count(&self.conn);
        let pushes = inbox::Entity::find()
            .filter(inbox::Column::ReceivedAt.gte(from))
            .filter(inbox::Column::ReceivedAt.lt(to))
            .filter(inbox::Column::Account.eq(account))
            .count(&self.conn);
        let sent = [Outcome::Sent.code(), Outcome::Confirmed.code()];
        let notices = outbox::Entity::find()
            .filter(outbox::Column::Outcome.is_in(sent))
            .filter(outbox::Column::DoneAt.gte(from))
            .filter(outbox::Column::DoneAt.lt(to))
            .filter(outbox::Column::Account.eq(account))
            .count(&self.conn);
        let tickets = ticket::Entity::find()
            .filter(ticket::Column::SubmittedAt.gte(from))
            .filter(ticket::Column::SubmittedAt.lt(to))
            .filter(ticket::Column::Account.eq(account))
            .count(&self.conn);
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let counted = row::ActiveModel {
            account: Set(account.to_owned()),
            day: Set(day.to_owned()),
            followers: Set(number(followers.await.map_err(failed(doing))?)),
            pushes: Set(number(pushes.await.map_err(failed(doing))?)),
            notices: Set(number(notices.await.map_err(failed(doing))?)),
            tickets: Set(number(tickets.await.map_err(failed(doing))?)),
        };
        let _turn = self.turn().await;
        row::Entity::insert(counted)
            .on_conflict(
                OnConflict::columns([row::Column::Account, row::Column::Day])
                    .update_columns([
                        row::Column::Followers,
                        row::Column::Pushes,
                        row::Column::Notices,
                        row::Column::Tickets,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(&self.conn)
            .await
            .map_err(failed(doing))?;
        Ok(())
    }

    /// The days of an account from `from` to `to`, both included, that were counted.
    pub async fn account_days(
        &self,
        account: &str,
        from: &str,
        to: &str,
    ) -> Result<Vec<AccountDay>, StorageError> {
        let rows = row::Entity::find()
            .filter(row::Column::Account.eq(account))
            .filter(row::Column::Day.between(from, to))
            .order_by_asc(row::Column::Day)
            .all(&self.conn)
            .await
            .map_err(failed("read the days of an account"))?;
        let number = |count: i64| u64::try_from(count).unwrap_or_default();
        let day = |m: row::Model| AccountDay {
            day: m.day,
            followers: number(m.followers),
            pushes: number(m.pushes),
            notices: number(m.notices),
            tickets: number(m.tickets),
        };
        Ok(rows.into_iter().map(day).collect())
    }
}
