//! Who somebody is that opened a page: looked up, and nothing begins with it. Somebody who never
//! wrote to the account has no row, and does not get one by looking at a page.

use super::{StorageError, Store, Tx, conversations, conversations::is, error::failed, members};
use crate::{
    dialogue::facts::Speaker,
    ticket::{Follower, MemberId, Person, Ticket, TicketId},
};
use chrono::{DateTime, Utc};
use entities::resident as row;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};

impl Tx {
    /// The person behind a follower, if they were ever seen.
    pub async fn speaker(&self, follower: &Follower) -> Result<Option<Speaker>, StorageError> {
        speaker(&self.inner, follower).await
    }
}

impl Store {
    /// The person behind a follower, if they were ever seen.
    pub async fn speaker(&self, follower: &Follower) -> Result<Option<Speaker>, StorageError> {
        speaker(&self.conn, follower).await
    }

    /// A ticket by its identity, to look at.
    pub async fn ticket_to_show(&self, id: TicketId) -> Result<Option<Ticket>, StorageError> {
        Ok(super::tickets::of_ids(&self.conn, &[id], "read a ticket").await?.pop())
    }

    /// The phones of these people, to look at.
    pub async fn phones_to_try(&self, people: &[Person]) -> Result<Vec<Follower>, StorageError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<MemberId> = people.iter().map(|person| person.id).collect();
        let phones = members::phones_of(&self.conn, &ids).await?;
        Ok(phones.into_iter().map(|(_, phone)| phone).collect())
    }

    /// A follower's live tickets and those that ended since `since`, newest first, to look at.
    pub async fn tickets_of(
        &self,
        follower: &Follower,
        since: DateTime<Utc>,
    ) -> Result<Vec<Ticket>, StorageError> {
        self.look().await?.tickets_of(follower, since).await
    }

    /// What a member is called to and what they handle, to look at.
    pub async fn tasks_of(&self, member: MemberId) -> Result<Vec<Ticket>, StorageError> {
        self.look().await?.tasks_of(member).await
    }
}

async fn speaker(
    on: &impl ConnectionTrait,
    follower: &Follower,
) -> Result<Option<Speaker>, StorageError> {
    let found = row::Entity::find().filter(is(follower)).one(on).await;
    let Some(found) = found.map_err(failed("read who somebody is"))? else { return Ok(None) };
    conversations::speaker(on, follower, &found).await.map(Some)
}
