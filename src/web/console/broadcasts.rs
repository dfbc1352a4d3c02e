//! 群发: words for groups – written, shown with who will get them, passed down, and who got them.
//!
//! Deliberately absent: who may pass what down, which is [`crate::broadcast`]'s.

use super::{Desk, Posted, Stop, areas, stop::Why, words};
use crate::{
    access::Permission,
    broadcast::{self, LEVELS, LONGEST, Wanted, Wrong},
    county::AreaCode,
    storage::{Broadcast, GroupPost, GroupRobot, PostOutcome},
};
use actix_web::{
    HttpResponse,
    web::{Path, ServiceConfig, get, post, resource},
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

const LIST: &str = "/console/broadcasts";
/// The latest that are listed; older ones are found in the log.
const LISTED: u64 = 50;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/broadcasts").route(get().to(list)).route(post().to(pass)))
        .route("/broadcasts/preview", post().to(preview))
        .route("/broadcasts/{id}/parts", get().to(parts))
        .route("/broadcasts/{id}/again", post().to(again))
        .route("/broadcasts/{id}", get().to(one));
}

#[derive(Debug, Default, Deserialize)]
struct Filled {
    #[serde(default)]
    text: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    levels: Vec<String>,
    #[serde(default)]
    id: Option<Uuid>,
}

impl Filled {
    /// Without an area it is all of the operator's own.
    fn wanted(&self, desk: &Desk) -> Wanted {
        let own = || desk.operator().scope.area.clone();
        let county = || desk.county.code().map(|code| code.as_str().to_owned());
        let area = Some(self.area.clone()).filter(|area| !area.is_empty());
        // A browser ends lines with two signs.
        let text = self.text.replace("\r\n", "\n").trim().to_owned();
        let area = area.or_else(own).or_else(county).unwrap_or_default();
        Wanted { text, area, levels: self.levels.clone() }
    }
}

#[derive(Serialize)]
struct List<'a> {
    text: &'a str,
    places: areas::Places<'a>,
    levels: Vec<Level>,
    longest: usize,
    wrong: Option<&'static str>,
    passed: Vec<Passed>,
}

#[derive(Serialize)]
struct Level {
    code: &'static str,
    words: &'static str,
    is_ticked: bool,
}

#[derive(Serialize)]
struct Passed {
    id: Uuid,
    when: String,
    by: String,
    area: String,
    levels: String,
    gist: String,
    text: String,
}

impl Passed {
    fn of(desk: &Desk, kept: Broadcast) -> Self {
        Self {
            id: kept.id,
            when: words::when(kept.at, desk.now),
            by: kept.operator,
            area: areas::words(&desk.county, Some(&kept.area)),
            levels: level_words(&kept.levels),
            gist: kept.text.chars().take(30).collect(),
            text: kept.text,
        }
    }
}

fn level_words(levels: &[String]) -> String {
    let known = LEVELS.iter().filter(|(code, _)| levels.iter().any(|level| level == code));
    known.map(|(_, words)| *words).collect::<Vec<_>>().join("、")
}

async fn list(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Broadcast)?;
    shown(&desk, &Filled::default(), None).await
}

async fn shown(desk: &Desk, filled: &Filled, wrong: Option<Wrong>) -> Result<HttpResponse, Stop> {
    let passed = desk.app.store.broadcasts(None, LISTED).await;
    let passed = passed.map_err(|error| desk.broken(&error))?;
    let theirs = |kept: &Broadcast| broadcast::is_theirs(&desk.county, desk.operator(), &kept.area);
    let content = List {
        text: &filled.text,
        places: areas::Places::of(desk, &filled.area),
        levels: LEVELS
            .map(|(code, words)| Level {
                code,
                words,
                is_ticked: filled.levels.iter().any(|level| level == code),
            })
            .into(),
        longest: LONGEST,
        wrong: wrong.map(wrong_words),
        passed: passed.into_iter().filter(theirs).map(|kept| Passed::of(desk, kept)).collect(),
    };
    let answer = match wrong {
        Some(_) => HttpResponse::UnprocessableEntity(),
        None => HttpResponse::Ok(),
    };
    desk.page_with(answer, "broadcasts/list.html", "broadcasts", "群发", content)
}

fn wrong_words(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::NoWords => "还没有写内容。",
        Wrong::TooLong => "内容太长，最多 2000 字节（大约 660 个汉字），请写短一些。",
        Wrong::Elsewhere => "没有这个区域，或者不归您管。",
        Wrong::NoLevel => "请至少选一个层级。",
        Wrong::NoGroup => "选中的区域还没有能收到的群，请先在“群机器人”里添加。",
    }
}

#[derive(Serialize)]
struct Preview {
    id: Uuid,
    text: String,
    bytes: usize,
    area: String,
    area_words: String,
    levels: Vec<String>,
    level_words: String,
    groups: Vec<(String, String)>,
    without: Vec<String>,
}

async fn preview(posted: Posted<Filled>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::Broadcast)?;
    let wanted = form.wanted(&desk);
    if let Err(wrong) = broadcast::check(&desk.county, desk.operator(), &wanted) {
        return shown(&desk, &form, Some(wrong)).await;
    }
    let robots = desk.app.store.robots().await.map_err(|error| desk.broken(&error))?;
    let plan = broadcast::plan(&desk.county, &robots, &wanted.area, &wanted.levels);
    if plan.groups.is_empty() {
        return shown(&desk, &form, Some(Wrong::NoGroup)).await;
    }
    let area = |code: &str| areas::words(&desk.county, Some(code));
    let content = Preview {
        id: desk.app.ids.fresh(),
        bytes: wanted.text.len(),
        area_words: area(&wanted.area),
        level_words: level_words(&wanted.levels),
        groups: plan.groups.iter().map(|one| (area(&one.area), one.name.clone())).collect(),
        without: plan.without.iter().map(|AreaCode(code)| area(code)).collect(),
        text: wanted.text,
        area: wanted.area,
        levels: wanted.levels,
    };
    desk.page("broadcasts/preview.html", "broadcasts", "确认群发", content)
}

async fn pass(posted: Posted<Filled>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::Broadcast)?;
    let id = form.id.ok_or_else(|| desk.stop(Why::Unreadable))?;
    let wanted = form.wanted(&desk);
    let by = (desk.operator(), desk.account.name.as_str());
    let begun = broadcast::begin(&desk.app, &desk.county, by, id, &wanted, desk.now).await;
    match begun.map_err(|error| desk.broken(&error))? {
        Ok(()) => Ok(desk.go_on(&format!("{LIST}/{id}"), "已经开始群发。")),
        Err(wrong) => shown(&desk, &form, Some(wrong)).await,
    }
}

#[derive(Serialize)]
struct One {
    passed: Passed,
    parts: Vec<Part>,
    done: usize,
    heard: usize,
    is_over: bool,
}

#[derive(Serialize)]
struct Part {
    id: Uuid,
    area: String,
    name: String,
    lamp: &'static str,
    what: &'static str,
    why: String,
    when: String,
    again: bool,
}

impl Part {
    fn of(desk: &Desk, post: GroupPost, robots: &HashMap<Uuid, GroupRobot>) -> Self {
        let robot = robots.get(&post.robot);
        let (lamp, what) = match (post.outcome, post.begun_at) {
            (Some(PostOutcome::Sent), _) => ("green", "已收到"),
            (Some(PostOutcome::Failed), _) => ("red", "没有发出"),
            (Some(PostOutcome::Unknown), _) => ("yellow", "可能已发"),
            (None, Some(_)) => ("grey", "正在发"),
            (None, None) => ("grey", "排队中"),
        };
        Self {
            id: post.id,
            area: robot.map_or(String::new(), |one| areas::words(&desk.county, Some(&one.area))),
            name: robot.map_or_else(|| "（已删除）".to_owned(), |one| one.name.clone()),
            lamp,
            what,
            why: post.reason.unwrap_or_default(),
            when: post.done_at.map_or(String::new(), |at| words::when(at, desk.now)),
            again: matches!(post.outcome, Some(PostOutcome::Failed | PostOutcome::Unknown)),
        }
    }
}

async fn found(desk: &Desk, id: Uuid) -> Result<One, Stop> {
    desk.needs(Permission::Broadcast)?;
    let store = &desk.app.store;
    let kept = store.broadcast(id).await.map_err(|error| desk.broken(&error))?;
    let theirs = |kept: &Broadcast| broadcast::is_theirs(&desk.county, desk.operator(), &kept.area);
    let kept = kept.filter(theirs).ok_or_else(|| desk.stop(Why::Nothing))?;
    let robots = store.robots().await.map_err(|error| desk.broken(&error))?;
    let robots: HashMap<Uuid, GroupRobot> = robots.into_iter().map(|one| (one.id, one)).collect();
    let posts = store.posts_of(id).await.map_err(|error| desk.broken(&error))?;
    let done = posts.iter().filter(|post| post.done_at.is_some()).count();
    let heard = posts.iter().filter(|post| post.outcome == Some(PostOutcome::Sent)).count();
    let is_over = done == posts.len();
    let parts = posts.into_iter().map(|post| Part::of(desk, post, &robots)).collect();
    Ok(One { passed: Passed::of(desk, kept), parts, done, heard, is_over })
}

async fn one(desk: Desk, id: Path<Uuid>) -> Result<HttpResponse, Stop> {
    let content = found(&desk, *id).await?;
    desk.page("broadcasts/one.html", "broadcasts", "群发情况", content)
}

/// The table alone, as it stands now.
async fn parts(desk: Desk, id: Path<Uuid>) -> Result<HttpResponse, Stop> {
    let content = found(&desk, *id).await?;
    desk.part("broadcasts/_parts.html", content)
}

#[derive(Debug, Deserialize)]
struct Again {
    part: Uuid,
}

async fn again(posted: Posted<Again>, id: Path<Uuid>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    let kept = found(&desk, *id).await?;
    let tx = desk.app.store.begin().await.map_err(|error| desk.broken(&error))?;
    let again = tx.post_again(*id, form.part, desk.now).await;
    let is_again = again.map_err(|error| desk.broken(&error))?;
    tx.commit().await.map_err(|error| desk.broken(&error))?;
    desk.app.bell.ring();
    let said = if is_again { "已经重新发送。" } else { "这个群已经收到了。" };
    Ok(desk.go_on(&format!("{LIST}/{}", kept.passed.id), said))
}
