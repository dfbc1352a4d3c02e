//! The robots of groups: whose group, its key – which is never shown again – and whether it hears.
//!
//! Deliberately absent: people in groups, of whom we know nothing.

use super::{Desk, Posted, Stop, areas, stop::Why, words};
use crate::{access::Permission, broadcast, storage::GroupRobot, wechat::account::Secret};
use actix_web::{
    HttpResponse,
    web::{Path, ServiceConfig, get, post, resource},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const LIST: &str = "/console/groups";

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/groups").route(get().to(list)).route(post().to(add)))
        .route("/groups/{id}/{what}", post().to(change));
}

#[derive(Serialize)]
struct List<'a> {
    lines: Vec<Line>,
    places: areas::Places<'a>,
}

#[derive(Serialize)]
struct Line {
    id: Uuid,
    area: String,
    name: String,
    /// The last signs of the key, so that two robots can be told apart.
    key: String,
    lamp: &'static str,
    what: &'static str,
    result: String,
    when: String,
    active: bool,
}

impl Line {
    fn of(desk: &Desk, robot: GroupRobot) -> Self {
        let (lamp, what) = match (robot.broken, robot.active) {
            (true, _) => ("red", "失效"),
            (false, false) => ("grey", "已停用"),
            (false, true) => ("green", "能用"),
        };
        let key: Vec<char> = robot.key.expose().chars().collect();
        let shown: String = key.iter().skip(key.len().saturating_sub(4)).collect();
        Self {
            id: robot.id,
            area: areas::words(&desk.county, Some(&robot.area)),
            name: robot.name,
            key: format!("…{shown}"),
            lamp,
            what,
            result: robot.last_result.unwrap_or_else(|| "还没有发过".to_owned()),
            when: robot.last_at.map_or(String::new(), |at| words::when(at, desk.now)),
            active: robot.active,
        }
    }
}

async fn list(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Broadcast)?;
    let robots = desk.app.store.robots().await.map_err(|error| desk.broken(&error))?;
    let theirs = |one: &GroupRobot| broadcast::is_theirs(&desk.county, desk.operator(), &one.area);
    let content = List {
        lines: robots.into_iter().filter(theirs).map(|one| Line::of(&desk, one)).collect(),
        places: areas::Places::of(&desk, ""),
    };
    desk.page("broadcasts/groups.html", "broadcasts", "群机器人", content)
}

#[derive(Debug, Default, Deserialize)]
struct Filled {
    #[serde(default)]
    name: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    grid: String,
    #[serde(default)]
    key: String,
}

async fn add(posted: Posted<Filled>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::Broadcast)?;
    let robot = GroupRobot {
        id: desk.app.ids.fresh(),
        area: area(&desk, &form)?,
        name: name(&desk, &form)?,
        key: key(&desk, &form.key)?,
        active: true,
        broken: false,
        paused_until: None,
        last_at: None,
        last_result: None,
    };
    keep(&desk, &robot, "添加").await?;
    Ok(desk.go_on(LIST, "已经添加；可以点“测试”让它在群里说一句话。"))
}

/// Whose group it is: a grid is written by its code, which no list could hold.
fn area(desk: &Desk, form: &Filled) -> Result<String, Stop> {
    let county = || desk.county.code().map(|code| code.as_str().to_owned());
    let given = [form.grid.trim(), form.area.trim()].into_iter().find(|code| !code.is_empty());
    let own = desk.operator().scope.area.clone();
    let code = given.map(str::to_owned).or(own).or_else(county).unwrap_or_default();
    if broadcast::is_theirs(&desk.county, desk.operator(), &code) {
        return Ok(code);
    }
    Err(told(desk, "没有这个区域，或者不归您管。", "请返回上一页重新选择区域。"))
}

fn name(desk: &Desk, form: &Filled) -> Result<String, Stop> {
    let name = form.name.trim();
    if (1..=40).contains(&name.chars().count()) {
        return Ok(name.to_owned());
    }
    Err(told(desk, "群的名字要填，最多 40 个字。", "请返回上一页填好再提交。"))
}

/// The key, or the whole address in which the platform shows it.
fn key(desk: &Desk, given: &str) -> Result<Secret, Stop> {
    let given = given.trim();
    let key = given.split_once("key=").map_or(given, |(_, key)| key);
    let key = key.split('&').next().unwrap_or_default();
    let is_key = (8..=100).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_key {
        return Ok(Secret::new(key));
    }
    let mend = "请从企业微信的群机器人页面复制整个 Webhook 地址，返回上一页粘贴。";
    Err(told(desk, "这不是群机器人的地址。", mend))
}

fn told(desk: &Desk, what: &str, mend: &str) -> Stop {
    desk.stop(Why::Told { what: what.to_owned(), mend: mend.to_owned() })
}

async fn change(posted: Posted<Filled>, path: Path<(Uuid, String)>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::Broadcast)?;
    let (id, what) = path.into_inner();
    let found = desk.app.store.robot(id).await.map_err(|error| desk.broken(&error))?;
    let theirs = |one: &GroupRobot| broadcast::is_theirs(&desk.county, desk.operator(), &one.area);
    let mut robot = found.filter(theirs).ok_or_else(|| desk.stop(Why::Nothing))?;
    let said = match what.as_str() {
        "pause" => {
            robot.active = false;
            keep(&desk, &robot, "停用").await?;
            "已经停用。"
        }
        "resume" => {
            (robot.active, robot.broken, robot.paused_until) = (true, false, None);
            keep(&desk, &robot, "恢复").await?;
            "已经恢复。"
        }
        "edit" => {
            robot.name = name(&desk, &form)?;
            if !form.key.trim().is_empty() {
                robot.key = key(&desk, &form.key)?;
                robot.broken = false;
            }
            keep(&desk, &robot, "修改").await?;
            "已经保存。"
        }
        "test" => {
            let tried = broadcast::try_out(&desk.app, &robot, desk.now).await;
            tried.map_err(|error| desk.broken(&error))?;
            "已经让它在群里说一句话；过几秒刷新，看最近一次结果。"
        }
        _ => return Err(desk.stop(Why::Nothing)),
    };
    Ok(desk.go_on(LIST, said))
}

async fn keep(desk: &Desk, robot: &GroupRobot, how: &str) -> Result<(), Stop> {
    let kept = async {
        let tx = desk.app.store.begin().await?;
        tx.put_robot(robot).await?;
        let (by, name) = (Some(desk.operator()), &desk.account.name);
        let note = format!("{how}：{}", robot.name);
        tx.note_deed(by, name, "group_changed", Some(&robot.area), &note, desk.now).await?;
        tx.commit().await
    };
    kept.await.map_err(|error: crate::storage::StorageError| desk.broken(&error))
}
