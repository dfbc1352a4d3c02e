//! 群发: words passed down the tree to the groups of chosen levels.
//!
//! What a group gets is a post of its robot, so it leaves by the worker, at its pace, each at most once
//! by itself; what may have arrived is said again only because somebody says so.
//!
//! Deliberately absent: pages, and the calls.

use crate::access::Operator;
use crate::app::App;
use crate::county::{Area, AreaCode, County, Level};
use crate::storage::{Broadcast, GroupRobot, NewPost, StorageError};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The longest text, in bytes: the platform's own limit is little more.
pub const LONGEST: usize = 2000;
/// What stands for a broadcast in the place of a kind of message.
pub const KIND: &str = "broadcast";
/// The same for a word by which a robot is tried out.
pub const TEST: &str = "test";

/// The levels that can be chosen: code, and as people say it.
pub const LEVELS: [(&str, &str); 4] =
    [("county", "县"), ("township", "乡镇"), ("village", "村"), ("grid", "网格")];

/// Words on their way, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The words.
    pub text: String,
    /// From which area down.
    pub area: String,
    /// To groups of which levels, by code.
    pub levels: Vec<String>,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// No words.
    NoWords,
    /// More than a robot says.
    TooLong,
    /// No such area, or not this operator's.
    Elsewhere,
    /// No level.
    NoLevel,
    /// No group would get it.
    NoGroup,
}

/// Who would get it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The groups, in the order of the county's areas.
    pub groups: Vec<GroupRobot>,
    /// Areas of the chosen levels that have no group that hears.
    pub without: Vec<AreaCode>,
}

/// What of an operator's wish can be: the area is theirs or lies below, the words fit.
pub fn check(county: &County, operator: &Operator, wanted: &Wanted) -> Result<(), Wrong> {
    if wanted.text.trim().is_empty() {
        return Err(Wrong::NoWords);
    }
    if wanted.text.len() > LONGEST {
        return Err(Wrong::TooLong);
    }
    if !is_theirs(county, operator, &wanted.area) {
        return Err(Wrong::Elsewhere);
    }
    let is_level = |code: &String| LEVELS.iter().any(|(known, _)| known == code);
    if wanted.levels.is_empty() || !wanted.levels.iter().all(is_level) {
        return Err(Wrong::NoLevel);
    }
    Ok(())
}

/// Whether an area exists for an operator: their own, or one that lies in it.
pub fn is_theirs(county: &County, operator: &Operator, area: &str) -> bool {
    let code = AreaCode::from(area);
    let own = operator.scope.area.as_deref().map(AreaCode::from);
    county.area(&code).is_some() && own.is_none_or(|own| county.is_within(&code, &own))
}

/// Who would get it. Pure.
pub fn plan(county: &County, robots: &[GroupRobot], area: &str, levels: &[String]) -> Plan {
    let from = AreaCode::from(area);
    let mut plan = Plan::default();
    let chosen = county.areas().iter().filter(|one| {
        levels.iter().any(|level| level == level_code(one)) && county.is_within(&one.code, &from)
    });
    for one in chosen {
        let hears =
            |robot: &&GroupRobot| robot.area == one.code.as_str() && robot.active && !robot.broken;
        let before = plan.groups.len();
        plan.groups.extend(robots.iter().filter(hears).cloned());
        // Several villages together need no group of their own.
        if plan.groups.len() == before && one.level != Level::Community {
            plan.without.push(one.code.clone());
        }
    }
    plan
}

/// The code of an area's level; several villages together are heard as villages are.
fn level_code(area: &Area) -> &'static str {
    match area.level {
        Level::County => "county",
        Level::Township => "township",
        Level::Community | Level::Village => "village",
        Level::Grid => "grid",
    }
}

/// Passes it down. The identity was drawn when it was shown, so that a form that is sent twice is
/// one broadcast.
pub async fn begin(
    app: &App,
    county: &County,
    operator: (&Operator, &str),
    id: Uuid,
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Result<Result<(), Wrong>, StorageError> {
    let (by, name) = operator;
    if let Err(wrong) = check(county, by, wanted) {
        return Ok(Err(wrong));
    }
    if app.store.broadcast(id).await?.is_some() {
        return Ok(Ok(()));
    }
    let plan = plan(county, &app.store.robots().await?, &wanted.area, &wanted.levels);
    if plan.groups.is_empty() {
        return Ok(Err(Wrong::NoGroup));
    }
    let broadcast = Broadcast {
        id,
        text: wanted.text.clone(),
        area: wanted.area.clone(),
        levels: wanted.levels.clone(),
        operator_id: by.id,
        operator: name.to_owned(),
        at: now,
    };
    let post = |robot: &GroupRobot| NewPost {
        id: app.ids.fresh(),
        robot: robot.id,
        broadcast: Some(id),
        outbox: None,
        topic: None,
        kind: KIND.to_owned(),
        text: wanted.text.clone(),
    };
    let posts: Vec<NewPost> = plan.groups.iter().map(post).collect();
    let tx = app.store.begin().await?;
    tx.put_broadcast(&broadcast).await?;
    tx.put_posts(&posts, now).await?;
    let count = format!("{}个群", posts.len());
    tx.note_deed(Some(by), name, "broadcast", Some(&wanted.area), &count, now).await?;
    tx.commit().await?;
    app.bell.ring();
    Ok(Ok(()))
}

/// A robot says that it can speak.
pub async fn try_out(
    app: &App,
    robot: &GroupRobot,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let post = NewPost {
        id: app.ids.fresh(),
        robot: robot.id,
        broadcast: None,
        outbox: None,
        topic: None,
        kind: TEST.to_owned(),
        text: format!("测试：“{}”的机器人能说话了。", robot.name),
    };
    let tx = app.store.begin().await?;
    tx.put_posts(&[post], now).await?;
    tx.commit().await?;
    app.bell.ring();
    Ok(())
}
