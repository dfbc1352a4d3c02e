//! What robots of groups say: twenty times a minute at most, bursts as one message, each at most once
//! by itself.
//!
//! A post is claimed before the call, so a process that dies in between leaves *may have been said*,
//! which a person decides about.
//!
//! Deliberately absent: who has to say what.

use crate::app::App;
use crate::storage::{GroupPost, GroupRobot, PostOutcome, StorageError};
use crate::wechat::client::{Class, ClientError, group::LONGEST_TEXT};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The platform's limit for one robot.
const A_MINUTE: u64 = 20;
const MINUTE: TimeDelta = TimeDelta::seconds(60);
/// How many posts are looked at in one round.
const BATCH: u64 = 100;
/// A call that was begun longer ago is not on its way any more.
const LOST: TimeDelta = TimeDelta::minutes(2);
/// How long is tried what never left.
const GIVEN_UP: TimeDelta = TimeDelta::hours(12);
/// Stands between words that leave as one message.
const BETWEEN: &str = "\n";

/// Lets robots say what they have to say now; how much was tried.
pub(super) async fn speak(app: &App) -> Result<usize, StorageError> {
    let now = app.clock.now();
    let lost = app.store.end_lost_posts(now - LOST, now).await?;
    let due = app.store.due_posts(now, BATCH).await?;
    let mut by_robot: BTreeMap<Uuid, Vec<GroupPost>> = BTreeMap::new();
    let mut tried = usize::try_from(lost).unwrap_or_default();
    for post in due {
        by_robot.entry(post.robot).or_default().push(post);
        tried += 1;
    }
    for (robot, posts) in by_robot {
        by(app, robot, posts, now).await?;
    }
    Ok(tried)
}

async fn by(
    app: &App,
    robot: Uuid,
    posts: Vec<GroupPost>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let all: Vec<Uuid> = posts.iter().map(|post| post.id).collect();
    let known = app.store.robot(robot).await?;
    let Some(robot) = known.filter(|robot| robot.active && !robot.broken) else {
        let why = Some("机器人已停用或失效");
        return app.store.end_posts(&all, PostOutcome::Failed, None, why, now).await;
    };
    if let Some(until) = robot.paused_until.filter(|until| *until > now) {
        return app.store.put_posts_off(&all, until).await;
    }
    let mut left = A_MINUTE.saturating_sub(app.store.posted_since(robot.id, now - MINUTE).await?);
    let mut waiting = posts.as_slice();
    while !waiting.is_empty() {
        let rest: Vec<Uuid> = waiting.iter().map(|post| post.id).collect();
        if left == 0 {
            return app.store.put_posts_off(&rest, now + MINUTE).await;
        }
        let (together, text) = one_message(waiting);
        waiting = waiting.get(together..).unwrap_or_default();
        let ids: Vec<Uuid> = rest.into_iter().take(together).collect();
        if !app.store.begin_posts(&ids, now).await? {
            return Ok(());
        }
        left -= 1;
        let outcome = app.groups.say(&robot.key, &text).await;
        if !heard(app, &robot, &ids, outcome, posts.first(), app.clock.now()).await? {
            let rest: Vec<Uuid> = waiting.iter().map(|post| post.id).collect();
            if !rest.is_empty() {
                app.store.put_posts_off(&rest, now + MINUTE).await?;
            }
            return Ok(());
        }
    }
    Ok(())
}

/// How many of the first posts leave as one message, and that message. A broadcast is a message of
/// its own.
fn one_message(posts: &[GroupPost]) -> (usize, String) {
    let Some((first, others)) = posts.split_first() else { return (0, String::new()) };
    let (mut together, mut text) = (1, first.text.clone());
    if first.broadcast.is_some() {
        return (together, text);
    }
    for post in others {
        let fits = text.len() + BETWEEN.len() + post.text.len() <= LONGEST_TEXT;
        if post.broadcast.is_some() || !fits {
            break;
        }
        text.push_str(BETWEEN);
        text.push_str(&post.text);
        together += 1;
    }
    (together, text)
}

/// What came of a call; false where the robot rests.
async fn heard(
    app: &App,
    robot: &GroupRobot,
    ids: &[Uuid],
    outcome: Result<(), ClientError>,
    oldest: Option<&GroupPost>,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let store = &app.store;
    let error = match outcome {
        Ok(()) => {
            store.end_posts(ids, PostOutcome::Sent, None, None, now).await?;
            store.robot_spoke(robot.id, "正常", false, None, now).await?;
            return Ok(true);
        }
        Err(error) => error,
    };
    let code = error.code().map(|(code, _)| code);
    match error.class() {
        Class::Ok => store.end_posts(ids, PostOutcome::Sent, code, None, now).await?,
        Class::Unknown => {
            store.end_posts(ids, PostOutcome::Unknown, code, None, now).await?;
            store.robot_spoke(robot.id, "没有回音，可能已发", false, None, now).await?;
        }
        Class::Retry { after } => {
            let until = now + after.map_or(MINUTE, |after| TimeDelta::seconds(after.into()));
            let is_over = oldest.is_some_and(|post| post.created_at + GIVEN_UP < now);
            if is_over {
                let why = Some("一直连不上");
                store.end_posts(ids, PostOutcome::Failed, code, why, now).await?;
            } else {
                store.put_posts_off(ids, until).await?;
            }
            store.robot_spoke(robot.id, "忙，稍后再发", false, Some(until), now).await?;
            return Ok(false);
        }
        Class::Config(_) => {
            tracing::error!(robot = %robot.id, %error, "the robot of a group is gone");
            let why = Some("机器人失效，可能已被移出群");
            store.end_posts(ids, PostOutcome::Failed, code, why, now).await?;
            store.robot_spoke(robot.id, "失效，可能已被移出群", true, None, now).await?;
            return Ok(false);
        }
        Class::Data | Class::User(_) | Class::Reauth => {
            tracing::error!(robot = %robot.id, %error, "the words for a group are refused");
            let why = Some("内容被平台拒绝");
            store.end_posts(ids, PostOutcome::Failed, code, why, now).await?;
            store.robot_spoke(robot.id, "内容被平台拒绝", false, None, now).await?;
        }
    }
    Ok(true)
}
