//! Taking a person out of what is stored: their conversation goes, their tickets stay as the
//! county's record and are nobody's any more.
//!
//! A ticket keeps what was asked for and done; it loses whose it was, how they can be reached and
//! every private number in its words. The same is done to its history, to the messages about it,
//! and to what is searched.
//!
//! Deliberately absent: when this is done, and what a private number is.

use super::{
    StorageError, Store, Tx,
    codec::{Row, stored},
    conversations::is,
    error::failed,
    ticket_row::row_of,
};
use crate::ticket::{Follower, Ticket, TicketId, TicketNumber};
use chrono::{DateTime, Utc};
use entities::{
    call_back, consent, group_post, inbox, invitation, media, outbox, resident, ticket,
    ticket_event,
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, JsonValue, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, sea_query::Expr,
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// Hides what must not be read any more.
pub type Mask<'a> = &'a (dyn Fn(&str) -> String + Send + Sync);

impl Store {
    /// Followers who left before `before`, did not come back and have nothing that is still in
    /// hand, the first first.
    pub async fn gone(
        &self,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Follower>, StorageError> {
        let live = ticket::Entity::find()
            .select_only()
            .column(ticket::Column::Id)
            .filter(
                Expr::col((ticket::Entity, ticket::Column::Account))
                    .equals((resident::Entity, resident::Column::Account)),
            )
            .filter(
                Expr::col((ticket::Entity, ticket::Column::Openid))
                    .equals((resident::Entity, resident::Column::Openid)),
            )
            .filter(ticket::Column::EndedAt.is_null())
            .into_query();
        let found: Vec<(String, String)> = resident::Entity::find()
            .select_only()
            .columns([resident::Column::Account, resident::Column::Openid])
            .filter(resident::Column::LeftAt.lt(before))
            .filter(Expr::exists(live).not())
            .order_by_asc(resident::Column::LeftAt)
            .limit(limit)
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find who left long ago"))?;
        Ok(found.into_iter().map(|(account, openid)| Follower { account, openid }).collect())
    }
}

impl Tx {
    /// All tickets of a follower, however old.
    pub async fn all_tickets_of(&self, follower: &Follower) -> Result<Vec<TicketId>, StorageError> {
        let found: Vec<Uuid> = ticket::Entity::find()
            .select_only()
            .column(ticket::Column::Id)
            .filter(ticket::Column::Account.eq(&follower.account))
            .filter(ticket::Column::Openid.eq(&follower.openid))
            .into_tuple()
            .all(&self.inner)
            .await
            .map_err(failed("find all tickets of a person"))?;
        Ok(found.into_iter().map(TicketId).collect())
    }

    /// The telephone number that somebody gave once.
    pub async fn phone_given(&self, follower: &Follower) -> Result<Option<String>, StorageError> {
        let found: Option<Option<String>> = resident::Entity::find()
            .select_only()
            .column(resident::Column::Phone)
            .filter(is(follower))
            .into_tuple()
            .one(&self.inner)
            .await
            .map_err(failed("read a person's telephone number"))?;
        Ok(found.flatten())
    }

    /// The ticket is nobody's from now on.
    pub async fn unlink(
        &self,
        id: TicketId,
        mask: Mask<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let name = Row::of("ticket", &id.0);
        let found = ticket::Entity::find_by_id(id.0)
            .one(&self.inner)
            .await
            .map_err(failed("read a ticket"))?;
        let Some(row) = found else { return Ok(()) };
        let ended_at = row.ended_at;
        let mut ticket = Ticket::try_from(row)?;
        let seen = ticket.version;
        ticket.version += 1;
        ticket.reporter = Follower::offline(id.0);
        ticket.reporter_name = None;
        ticket.report.contact = None;
        ticket.report.text = mask(&ticket.report.text);
        ticket.report.place.text = ticket.report.place.text.as_deref().map(mask);
        ticket.status = hidden(&name, &ticket.status, mask)?;
        ticket.course = hidden(&name, &ticket.course, mask)?;
        ticket.finding = hidden(&name, &ticket.finding, mask)?;
        let emptied =
            ticket::ActiveModel { id: sea_orm::ActiveValue::NotSet, ..row_of(&ticket, ended_at)? };
        let changed = ticket::Entity::update_many()
            .set(emptied)
            .filter(ticket::Column::Id.eq(id.0))
            .filter(ticket::Column::Version.eq(seen))
            .exec(&self.inner)
            .await
            .map_err(failed("unlink a ticket"))?;
        if changed.rows_affected != 1 {
            return Err(name.stale());
        }
        self.hide_history(id, mask).await?;
        self.hide_messages(id, mask).await?;
        self.hide_posts(id, mask).await?;
        call_back::Entity::update_many()
            .col_expr(call_back::Column::DoneAt, Expr::col(call_back::Column::DoneAt).if_null(now))
            .filter(call_back::Column::TicketId.eq(id.0))
            .exec(&self.inner)
            .await
            .map_err(failed("end a call-back"))?;
        self.put_words(&ticket).await?;
        self.count_again(id).await
    }

    async fn hide_history(&self, id: TicketId, mask: Mask<'_>) -> Result<(), StorageError> {
        let doing = "hide private numbers in a history";
        let events = ticket_event::Entity::find()
            .filter(ticket_event::Column::TicketId.eq(id.0))
            .order_by_asc(ticket_event::Column::Seq)
            .all(&self.inner)
            .await
            .map_err(failed(doing))?;
        for event in events {
            let mut data = event.data.clone();
            hide(&mut data, mask);
            if data == event.data {
                continue;
            }
            ticket_event::Entity::update_many()
                .col_expr(ticket_event::Column::Data, Expr::value(data))
                .filter(ticket_event::Column::TicketId.eq(id.0))
                .filter(ticket_event::Column::Seq.eq(event.seq))
                .exec(&self.inner)
                .await
                .map_err(failed(doing))?;
        }
        Ok(())
    }

    async fn hide_messages(&self, id: TicketId, mask: Mask<'_>) -> Result<(), StorageError> {
        let doing = "hide private numbers in messages";
        let messages = outbox::Entity::find()
            .filter(outbox::Column::Topic.eq(id.0))
            .all(&self.inner)
            .await
            .map_err(failed(doing))?;
        for message in messages {
            let mut payload = message.payload.clone();
            hide(&mut payload, mask);
            if payload == message.payload {
                continue;
            }
            outbox::Entity::update_many()
                .col_expr(outbox::Column::Payload, Expr::value(payload))
                .filter(outbox::Column::Position.eq(message.position))
                .exec(&self.inner)
                .await
                .map_err(failed(doing))?;
        }
        Ok(())
    }

    async fn hide_posts(&self, id: TicketId, mask: Mask<'_>) -> Result<(), StorageError> {
        let doing = "hide private numbers in what groups were told";
        let posts = group_post::Entity::find()
            .filter(group_post::Column::Topic.eq(id.0))
            .all(&self.inner)
            .await
            .map_err(failed(doing))?;
        for post in posts {
            let text = mask(&post.text);
            if text == post.text {
                continue;
            }
            group_post::Entity::update_many()
                .col_expr(group_post::Column::Text, Expr::value(text))
                .filter(group_post::Column::Id.eq(post.id))
                .exec(&self.inner)
                .await
                .map_err(failed(doing))?;
        }
        Ok(())
    }

    /// What they sent and no ticket holds is let go; of the rest it is not known any more who sent
    /// it.
    async fn forget_whose_media(
        &self,
        follower: &Follower,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let doing = "forget who sent photos";
        let theirs: Vec<String> = media::Entity::find()
            .select_only()
            .column(media::Column::Id)
            .filter(media::Column::Account.eq(&follower.account))
            .filter(media::Column::Openid.eq(&follower.openid))
            .into_tuple()
            .all(&self.inner)
            .await
            .map_err(failed(doing))?;
        self.drop_unused_media(&theirs, now).await?;
        media::Entity::update_many()
            .col_expr(media::Column::Openid, Expr::value(None::<String>))
            .filter(media::Column::Account.eq(&follower.account))
            .filter(media::Column::Openid.eq(&follower.openid))
            .exec(&self.inner)
            .await
            .map_err(failed(doing))?;
        Ok(())
    }

    /// Deletes a follower with everything that is theirs alone: conversation, draft, number, home,
    /// consents, talks with the desk, messages to them, and by what their pushes were told apart.
    /// Whether there was anything.
    pub async fn forget(
        &self,
        follower: &Follower,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        self.erase_talks(follower).await?;
        self.forget_whose_media(follower, now).await?;
        self.unwish_tags(follower).await?;
        consent::Entity::delete_many()
            .filter(consent::Column::Account.eq(&follower.account))
            .filter(consent::Column::Openid.eq(&follower.openid))
            .exec(&self.inner)
            .await
            .map_err(failed("delete what a person agreed to"))?;
        outbox::Entity::delete_many()
            .filter(outbox::Column::Account.eq(&follower.account))
            .filter(outbox::Column::Openid.eq(&follower.openid))
            .exec(&self.inner)
            .await
            .map_err(failed("delete the messages to a person"))?;
        for sort in ["m", "t", "e"] {
            let begins = format!("{sort}|{}|", follower.openid);
            let beginning = format!("substr(dedup_key, 1, {})", begins.chars().count());
            inbox::Entity::delete_many()
                .filter(inbox::Column::Account.eq(&follower.account))
                .filter(Expr::cust(beginning).eq(begins))
                .exec(&self.inner)
                .await
                .map_err(failed("forget the pushes of a person"))?;
        }
        invitation::Entity::update_many()
            .col_expr(invitation::Column::UsedOpenid, Expr::value(None::<String>))
            .filter(invitation::Column::UsedAccount.eq(&follower.account))
            .filter(invitation::Column::UsedOpenid.eq(&follower.openid))
            .exec(&self.inner)
            .await
            .map_err(failed("forget who used an invitation"))?;
        let deleted = resident::Entity::delete_many()
            .filter(is(follower))
            .exec(&self.inner)
            .await
            .map_err(failed("delete a person"))?;
        Ok(deleted.rows_affected > 0)
    }

    /// Forgets where somebody lives.
    pub async fn forget_home(&self, follower: &Follower) -> Result<(), StorageError> {
        resident::Entity::update_many()
            .col_expr(resident::Column::HomeArea, Expr::value(None::<String>))
            .filter(is(follower))
            .exec(&self.inner)
            .await
            .map_err(failed("forget where somebody lives"))?;
        Ok(())
    }
}

/// The same value with private numbers hidden.
fn hidden<T: Serialize + DeserializeOwned>(
    name: &Row,
    value: &T,
    mask: Mask<'_>,
) -> Result<T, StorageError> {
    let mut json = stored(value)?;
    hide(&mut json, mask);
    name.json("a hidden value", json)
}

/// Hides in every text; identities, moments and ticket numbers stay what they are.
fn hide(value: &mut JsonValue, mask: Mask<'_>) {
    match value {
        JsonValue::String(text) if is_no_text(text) => {}
        JsonValue::String(text) => *text = mask(text),
        JsonValue::Array(parts) => parts.iter_mut().for_each(|part| hide(part, mask)),
        JsonValue::Object(parts) => {
            for (key, part) in parts {
                match key.as_str() {
                    "contact" => *part = JsonValue::Null,
                    "id" => {}
                    _ => hide(part, mask),
                }
            }
        }
        _ => {}
    }
}

fn is_no_text(text: &str) -> bool {
    Uuid::parse_str(text).is_ok()
        || DateTime::parse_from_rfc3339(text).is_ok()
        || TicketNumber::find(text).is_some_and(|number| number.as_str() == text)
}
