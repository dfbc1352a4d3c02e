//! From a decided step to rows. No decisions: whom a notice reaches is looked up, not chosen.

use crate::app::App;
use crate::calendar::in_beijing;
use crate::county::County;
use crate::dialogue::{Profile, Step, time};
use crate::enact::enact;
use crate::outbox::post;
use crate::storage::{Conversation, StorageError, Tx};
use chrono::{DateTime, Utc};

/// Stores everything that a step decided, in the lock order of the house.
pub(super) async fn carry_out(
    app: &App,
    tx: &Tx,
    county: &County,
    mut conversation: Conversation,
    step: &Step,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let follower = conversation.speaker.follower.clone();
    enact(app, tx, county, &step.changes, now).await?;
    for words in &step.alarms {
        post::alarm(app, tx, county, &conversation, words, now).await?;
    }
    conversation.state = step.state.clone();
    conversation.due_at = time::next(&step.state).map(|(at, _)| at);
    let mut bind = None;
    for news in &step.profile {
        match news {
            Profile::Phone(phone) => conversation.speaker.phone = Some(phone.clone()),
            Profile::Home(area) => conversation.speaker.home = Some(area.clone()),
            Profile::ToldPrivacy => conversation.speaker.told_privacy = true,
            Profile::Following(follows) => {
                conversation.following = *follows;
                if *follows {
                    conversation.followed_at = Some(now);
                    tx.ask_who(&follower, now).await?;
                    tx.tags_are_gone(&follower).await?;
                }
                let day = in_beijing(now).format("%Y-%m-%d").to_string();
                tx.count_follow(&follower.account, &day, *follows).await?;
            }
            Profile::Wish(wish) => conversation.speaker.wish = *wish,
            Profile::Bind(invitation) => bind = Some(*invitation),
            Profile::Leave(leave) => {
                if let Some(duty) = &conversation.speaker.duty {
                    tx.set_leave(duty.person.id, *leave).await?;
                }
            }
        }
    }
    tx.put_conversation(&conversation, now).await?;
    if let Some(invitation) = bind
        && !tx.use_invitation(invitation, &follower, now).await?
    {
        // Somebody else was faster: decided again, it is not open any more.
        return Err(StorageError::Stale { table: "invitation", row: invitation.to_string() });
    }
    Ok(())
}
