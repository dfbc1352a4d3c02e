//! Members: who is bound, on leave, loaded; sent on leave, called back, unbound, relieved of all
//! their work.
//!
//! An operator who is limited to an area sees and changes its members only. What a member *is*
//! – role, unit, skills – is a row of the settings, which only those may change who see the whole
//! county.

use super::{Desk, Posted, Stop, stop::Why};
use crate::{
    access::Permission,
    calendar::date_of,
    county::{AreaCode, Leave, Member},
    desk::{DeskError, hand_over as hand_over_all},
    storage::Listed,
    ticket::Person,
};
use actix_web::{
    HttpResponse,
    web::{Query, ServiceConfig, get, post, resource},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Rows on a page.
const ROWS: usize = 50;
/// A leave is no longer than that.
const LONGEST_LEAVE: i64 = 366;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/members").route(get().to(list)))
        .service(resource("/members/one").route(get().to(one)))
        .service(resource("/members/leave").route(post().to(leave)))
        .service(resource("/members/back").route(post().to(back)))
        .service(resource("/members/unbind").route(post().to(unbind)))
        .service(resource("/members/hand-over").route(post().to(hand_over)));
}

#[derive(Deserialize, Default)]
struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    unit: String,
    /// `unbound`, `bound`, `away`, or everybody.
    #[serde(default)]
    which: String,
    #[serde(default)]
    from: usize,
}

#[derive(Serialize)]
struct List {
    rows: Vec<Row>,
    q: String,
    area: String,
    unit: String,
    which: String,
    units: Vec<(String, String)>,
    areas: Vec<(String, String)>,
    found: usize,
    first: usize,
    last: usize,
    before: Option<usize>,
    after: Option<usize>,
    may_edit: bool,
}

#[derive(Serialize)]
struct Row {
    name: String,
    role: &'static str,
    place: String,
    unit: String,
    bound: bool,
    load: u32,
    max_load: Option<u32>,
    leave: Option<String>,
    is_away: bool,
    skills: String,
    duty: String,
}

impl Desk {
    /// Whether a member serves where this operator may look.
    fn covers_member(&self, member: &Member) -> bool {
        let Some(scope) = &self.operator().scope.area else { return true };
        let scope = AreaCode(scope.clone());
        let unit = member.unit.as_deref().and_then(|code| self.county.unit(code));
        let areas = member.area.iter().chain(unit.map(|unit| &unit.area));
        areas.into_iter().any(|area| self.county.is_within(area, &scope))
    }

    /// The member of this name, if they exist for this operator.
    fn member(&self, name: &str) -> Result<&Member, Stop> {
        self.needs(Permission::Settings)?;
        let found = self.county.member(name).filter(|member| self.covers_member(member));
        found.ok_or_else(|| self.stop(Why::Nothing))
    }

    /// Who a member is to the database, and whether a phone tells them.
    async fn known(&self, names: &[String]) -> Result<Vec<Known>, Stop> {
        let found = self.app.store.find_members_by_name(names).await;
        let found = found.map_err(|error| self.broken(&error))?;
        // A unit may bear somebody's name, and its people are not meant.
        let own = found.into_iter().filter(|one| one.asked == one.person.name);
        Ok(own
            .map(|one| Known { person: one.person, load: one.load, bound: one.reachable })
            .collect())
    }

    async fn known_member(&self, name: &str) -> Result<Known, Stop> {
        self.member(name)?;
        let known = self.known(&[name.to_owned()]).await?;
        known.into_iter().next().ok_or_else(|| self.stop(Why::Nothing))
    }
}

struct Known {
    person: Person,
    load: u32,
    bound: bool,
}

async fn list(desk: Desk, search: Query<Search>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Settings)?;
    let county = &desk.county;
    let today = date_of(desk.now);
    let Search { q, area, unit, which, from } = search.into_inner();
    let q = q.trim().to_owned();
    let within = AreaCode(area.clone());
    let bound = match which.as_str() {
        "bound" | "unbound" => Some(bound_names(&desk).await?),
        _ => None,
    };
    let is_wanted = |member: &&Member| {
        let is_found = q.is_empty()
            || member.name.contains(&q)
            || member.phone.as_deref() == Some(q.as_str())
            || member.skills.iter().any(|skill| skill.contains(&q));
        let is_there = |own: &AreaCode| area.is_empty() || county.is_within(own, &within);
        let in_area = area.is_empty() || member.area.as_ref().is_some_and(is_there);
        let in_unit = unit.is_empty() || member.unit.as_deref() == Some(unit.as_str());
        let is_so = match (which.as_str(), &bound) {
            ("bound", Some(bound)) => bound.contains(&member.name),
            ("unbound", Some(bound)) => !bound.contains(&member.name),
            ("away", _) => member.is_away(today),
            _ => true,
        };
        is_found && in_area && in_unit && is_so && desk.covers_member(member)
    };
    let wanted: Vec<&Member> = county.members().iter().filter(is_wanted).collect();
    let found = wanted.len();
    let shown: Vec<&Member> = wanted.into_iter().skip(from).take(ROWS).collect();
    let names: Vec<String> = shown.iter().map(|member| member.name.clone()).collect();
    let known = desk.known(&names).await?;
    let rows = shown.iter().map(|member| {
        let known = known.iter().find(|known| known.person.name == member.name);
        row(&desk, member, known, today)
    });
    let last = found.min(from.saturating_add(ROWS));
    let townships =
        county.areas().iter().filter(|area| area.level <= crate::county::Level::Township);
    let content = List {
        rows: rows.collect(),
        units: county.units().iter().map(|unit| (unit.code.clone(), unit.name.clone())).collect(),
        areas: townships.map(|area| (area.code.0.clone(), area.name.clone())).collect(),
        q,
        area,
        unit,
        which,
        found,
        first: if found == 0 { 0 } else { from + 1 },
        last,
        before: (from > 0).then(|| from.saturating_sub(ROWS)),
        after: (last < found).then_some(last),
        may_edit: desk.operator().scope.is_whole(),
    };
    desk.page("members/list.html", "members", "人员", content)
}

/// The names of all whose phone is bound.
async fn bound_names(desk: &Desk) -> Result<std::collections::HashSet<String>, Stop> {
    let members = desk.app.store.members().await.map_err(|error| desk.broken(&error))?;
    let bound = members.into_iter().filter(|listed: &Listed| listed.bound > 0);
    Ok(bound.map(|listed| listed.person.name).collect())
}

fn row(desk: &Desk, member: &Member, known: Option<&Known>, today: NaiveDate) -> Row {
    let county = &desk.county;
    let unit = member.unit.as_deref().and_then(|code| county.unit(code));
    Row {
        name: member.name.clone(),
        role: member.role.word(),
        place: member.area.as_ref().map(|code| county.spoken_path(code)).unwrap_or_default(),
        unit: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
        bound: known.is_some_and(|known| known.bound),
        load: known.map_or(0, |known| known.load),
        max_load: member.max_load,
        leave: member.leave.filter(|leave| leave.until >= today).map(|leave| leave.to_string()),
        is_away: member.is_away(today),
        skills: member.skills.join("、"),
        duty: member.duty.map(|duty| duty.to_string()).unwrap_or_default(),
    }
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Serialize)]
struct One {
    member: Row,
    /// Who may have the work instead.
    others: Vec<String>,
    today: NaiveDate,
    may_edit: bool,
    leads: Option<String>,
}

async fn one(desk: Desk, named: Query<Named>) -> Result<HttpResponse, Stop> {
    let known = desk.known_member(&named.name).await?;
    let member = desk.member(&named.name)?;
    let today = date_of(desk.now);
    let county = &desk.county;
    // Colleagues first: of the unit, or of the area and its neighbours below one village.
    let unit = member.unit.as_deref().map(|code| county.members_of_unit(code));
    let colleagues = unit.into_iter().flatten();
    let village = member.area.as_ref().and_then(|code| {
        let path = county.path(code);
        path.iter().rev().nth(usize::from(path.len() > 2)).map(|area| area.code.clone())
    });
    let children = village.iter().flat_map(|code| county.children(code));
    let around = children.flat_map(|area| county.members_of(&area.code));
    let own = village.iter().flat_map(|code| county.members_of(code));
    let mut others: Vec<String> = Vec::new();
    for other in colleagues.chain(own).chain(around).filter(|other| !other.is_away(today)) {
        if other.name != member.name && !others.contains(&other.name) {
            others.push(other.name.clone());
        }
    }
    let content = One {
        member: row(&desk, member, Some(&known), today),
        others,
        today,
        may_edit: desk.operator().scope.is_whole(),
        leads: county.unit_led_by(&member.name).map(|unit| unit.name.clone()),
    };
    desk.page("members/one.html", "members", &member.name, content)
}

fn page_of(name: &str) -> String {
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish();
    format!("/console/members/one?{query}")
}

#[derive(Deserialize)]
struct Days {
    name: String,
    from: NaiveDate,
    until: NaiveDate,
}

async fn leave(posted: Posted<Days>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: Days { name, from, until } } = posted;
    let known = desk.known_member(&name).await?;
    if until < from || (until - from).num_days() >= LONGEST_LEAVE || until < date_of(desk.now) {
        return Err(desk.stop(Why::Told {
            what: format!("请假从 {from} 到 {until}，日期不对，没有保存。"),
            mend: "结束的日子不能早于开始的日子，也不能早于今天；最长一年。".to_owned(),
        }));
    }
    let leave = Leave { from, until };
    set_leave(&desk, &known.person, Some(leave), &format!("请假 {leave}")).await?;
    Ok(desk.go_on(&page_of(&name), &format!("{name}请假已经登记：{leave}。手上的工作会自动移交。")))
}

async fn back(posted: Posted<Named>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: Named { name } } = posted;
    let known = desk.known_member(&name).await?;
    set_leave(&desk, &known.person, None, "销假").await?;
    Ok(desk.go_on(&page_of(&name), &format!("{name}已经销假。")))
}

async fn set_leave(
    desk: &Desk,
    person: &Person,
    leave: Option<Leave>,
    note: &str,
) -> Result<(), Stop> {
    let stored = async {
        let tx = desk.app.store.begin().await?;
        tx.set_leave(person.id, leave).await?;
        noted(desk, &tx, person, note).await?;
        tx.commit().await
    };
    stored.await.map_err(|error| desk.broken(&error))?;
    desk.app.county.forget();
    desk.app.bell.ring();
    Ok(())
}

async fn noted(
    desk: &Desk,
    tx: &crate::storage::Tx,
    person: &Person,
    note: &str,
) -> Result<(), crate::storage::StorageError> {
    let (operator, name) = (Some(desk.operator()), &desk.account.name);
    let subject = format!("人员 {}", person.name);
    tx.note_deed(operator, name, "settings_changed", Some(&subject), note, desk.now).await
}

async fn unbind(posted: Posted<Named>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: Named { name } } = posted;
    let known = desk.known_member(&name).await?;
    let unbound = async {
        let tx = desk.app.store.begin().await?;
        let phones = tx.unbind(known.person.id).await?;
        noted(&desk, &tx, &known.person, &format!("解绑 {phones} 部手机")).await?;
        tx.commit().await?;
        Ok(phones)
    };
    let phones =
        unbound.await.map_err(|error: crate::storage::StorageError| desk.broken(&error))?;
    let said = match phones {
        0 => format!("{name}没有绑定的手机。"),
        phones => format!("{name}的 {phones} 部手机已经解绑。"),
    };
    Ok(desk.go_on(&page_of(&name), &said))
}

#[derive(Deserialize)]
struct HandOver {
    name: String,
    #[serde(default)]
    to: String,
}

async fn hand_over(posted: Posted<HandOver>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: HandOver { name, to } } = posted;
    let known = desk.known_member(&name).await?;
    let to = to.trim();
    if !to.is_empty() {
        let other = desk.member(to)?;
        if other.name == name || other.is_away(date_of(desk.now)) {
            return Err(desk.stop(Why::Told {
                what: format!("不能移交给{to}：是本人，或者正在请假。"),
                mend: "请换一个人，或者选“由系统逐件找人”。".to_owned(),
            }));
        }
    }
    let chosen = (!to.is_empty()).then_some(to);
    let me = &desk.operator().person;
    let done = hand_over_all(&desk.app, me, &known.person, chosen).await;
    let done = done.map_err(|error| match error {
        DeskError::Storage(error) if error.is_transient() => desk.stop(Why::Told {
            what: format!("{name}手上的事刚刚有人动过，没有移交。"),
            mend: "请返回再点一次。".to_owned(),
        }),
        error => desk.broken(&error),
    })?;
    let note =
        format!("移交 {} 件{}", done.moved, chosen.map_or(String::new(), |to| format!("给{to}")));
    desk.note("settings_changed", Some(&format!("人员 {name}")), &note).await?;
    let stayed = match done.stayed {
        0 => String::new(),
        stayed => format!("有 {stayed} 件按现在的状态不能移交。"),
    };
    Ok(desk.go_on(&page_of(&name), &format!("{name}手上的 {} 件已经移交。{stayed}", done.moved)))
}
