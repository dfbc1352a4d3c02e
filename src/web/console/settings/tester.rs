//! 这条诉求会派给谁: the routing tried out on a need that nobody has, with everybody it looked at.
//!
//! Nothing is made and nothing is written.

use super::{Desk, Stop};
use crate::{
    calendar::{date_of, in_beijing},
    county::{
        AreaCode, County, Member,
        route::{self, Available, Matter, Suggestion},
    },
    routing,
    ticket::clock::URGENT_ACCEPT,
};
use actix_web::{HttpResponse, web::Query};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// As many areas of one name as anybody chooses from.
const CHOICES: usize = 20;
/// The ways a need may come.
const CHANNELS: [&str; 9] =
    ["wechat", "grid", "hotline", "walk_in", "speak_box", "letterbox", "reception", "api", "email"];

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    category: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    channel: String,
    urgent: Option<String>,
}

#[derive(Serialize)]
struct Tester {
    categories: Vec<(String, String)>,
    channels: Vec<(&'static str, &'static str)>,
    category: String,
    area: String,
    at: String,
    channel: String,
    urgent: bool,
    /// Several areas of that name: code and path.
    areas: Vec<(String, String)>,
    wrong: Option<String>,
    answer: Option<Answer>,
}

#[derive(Serialize)]
struct Answer {
    place: String,
    at: String,
    suggestions: Vec<Called>,
    fitting: Vec<String>,
    off: Vec<(String, String)>,
    nobody: Option<String>,
    left_out: Vec<LeftOut>,
    clocks: Vec<(&'static str, String)>,
    automatic: Option<&'static str>,
}

#[derive(Serialize)]
struct Called {
    people: Vec<Person>,
    unit: Option<String>,
    all: bool,
    reason: String,
}

#[derive(Serialize)]
struct Person {
    name: String,
    load: Option<u32>,
    reachable: bool,
}

#[derive(Serialize)]
struct LeftOut {
    name: String,
    place: String,
    load: Option<u32>,
    why: String,
}

pub(super) async fn page(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let asked = asked.into_inner();
    let county = &desk.county;
    let at = moment(&asked.at).unwrap_or(desk.now);
    let enabled = county.categories().iter().filter(|category| category.enabled);
    let mut tester = Tester {
        categories: enabled.map(|one| (one.code.clone(), one.name.clone())).collect(),
        channels: CHANNELS.map(|code| (code, crate::county::rule::channel_word(code))).to_vec(),
        at: in_beijing(at).format("%Y-%m-%dT%H:%M").to_string(),
        urgent: asked.urgent.is_some(),
        areas: Vec::new(),
        wrong: None,
        answer: None,
        category: asked.category,
        area: asked.area.trim().to_owned(),
        channel: if asked.channel.is_empty() { "wechat".to_owned() } else { asked.channel },
    };
    if !tester.category.is_empty() {
        let areas = areas(county, &tester.area);
        match areas.as_slice() {
            [code] => tester.answer = Some(answer(&desk, &tester, code, at).await?),
            [] => tester.wrong = Some(format!("没有找到“{}”这个区域。", tester.area)),
            several => {
                tester.areas =
                    several.iter().map(|code| (code.0.clone(), spoken(county, code))).collect();
            }
        }
    }
    desk.page("settings/tester.html", "settings", "派单试算", tester)
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
    // Beijing is eight hours ahead, all year.
    Some((local - TimeDelta::hours(8)).and_utc())
}

/// The areas that a text means: by code, by name, or by a part of it.
fn areas(county: &County, text: &str) -> Vec<AreaCode> {
    if text.is_empty() {
        return county.code().cloned().into_iter().collect();
    }
    if let Some(area) = county.area(&AreaCode::from(text)) {
        return vec![area.code.clone()];
    }
    let named = |is_meant: &dyn Fn(&str) -> bool| -> Vec<AreaCode> {
        let found = county.areas().iter().filter(|area| is_meant(&area.name));
        found.take(CHOICES).map(|area| area.code.clone()).collect()
    };
    let exact = named(&|name| name == text);
    if exact.is_empty() { named(&|name| name.contains(text)) } else { exact }
}

fn spoken(county: &County, code: &AreaCode) -> String {
    let spoken = county.spoken_path(code);
    if spoken.is_empty() { county.name().to_owned() } else { spoken }
}

async fn answer(
    desk: &Desk,
    asked: &Tester,
    area: &AreaCode,
    at: DateTime<Utc>,
) -> Result<Answer, Stop> {
    let county = desk.county.as_ref();
    let local = in_beijing(at);
    let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0);
    let matter = Matter {
        category: &asked.category,
        area: Some(area.clone()),
        channel: &asked.channel,
        day: date_of(at),
        minute,
        urgent: asked.urgent,
    };
    let would = routing::would_call(&desk.app.store, county, &matter).await;
    let (decision, known) = would.map_err(|error| desk.broken(&error))?;
    let look = |name: &str| known.get(name).copied();
    let left_out = route::left_out(county, &matter, &look, &decision);
    let fitting = route::fitting(county, &matter);
    Ok(Answer {
        place: spoken(county, area),
        at: local.format("%Y-%m-%d %H:%M").to_string(),
        suggestions: decision.suggestions.iter().map(|one| called(county, &known, one)).collect(),
        fitting: fitting.into_iter().map(|rule| rule.name.clone()).collect(),
        off: decision.off.into_iter().map(|off| (off.rule, off.why)).collect(),
        nobody: decision.nobody,
        left_out: left_out
            .into_iter()
            .map(|(name, why)| left(county, &known, name, why, matter.day))
            .collect(),
        clocks: clocks(county, &matter, at),
        automatic: county.category(&asked.category).map(|category| {
            if category.auto {
                "这一类自动派单：不经值班员，直接派给排在第一的人。"
            } else {
                "这一类由值班员派单：值班员看到下面的建议，第一个是首选。"
            }
        }),
    })
}

fn called(county: &County, known: &HashMap<String, Available>, suggestion: &Suggestion) -> Called {
    let person = |name: &String| {
        let known = known.get(name);
        Person {
            name: name.clone(),
            load: known.map(|one| one.load),
            reachable: known.is_some_and(|one| one.reachable),
        }
    };
    let unit = suggestion.unit.as_deref().and_then(|code| county.unit(code));
    Called {
        people: suggestion.people.iter().map(person).collect(),
        unit: unit.map(|unit| unit.name.clone()),
        all: suggestion.all,
        reason: suggestion.reason.clone(),
    }
}

fn left(
    county: &County,
    known: &HashMap<String, Available>,
    name: String,
    why: &str,
    day: chrono::NaiveDate,
) -> LeftOut {
    let member = county.member(&name);
    let place = |member: &Member| {
        let unit = member.unit.as_deref().and_then(|code| county.unit(code));
        let unit = unit.map(|unit| unit.name.clone());
        unit.or_else(|| member.area.as_ref().map(|code| spoken(county, code))).unwrap_or_default()
    };
    let leave = member.and_then(|member| member.leave).filter(|leave| leave.contains(day));
    LeftOut {
        place: member.map(place).unwrap_or_default(),
        load: known.get(&name).map(|one| one.load),
        why: leave.map_or_else(|| why.to_owned(), |leave| format!("{why}（{leave}）")),
        name,
    }
}

/// The clocks that the need would get, each with its sum.
fn clocks(county: &County, matter: &Matter<'_>, at: DateTime<Utc>) -> Vec<(&'static str, String)> {
    let Some(category) = county.category(matter.category) else { return Vec::new() };
    let limits = category.limits;
    let sum = |minutes| county.calendar().arithmetic(at, minutes);
    let accept = if matter.urgent {
        format!("紧急：{} 分钟内受理，不分上下班", URGENT_ACCEPT.num_minutes())
    } else {
        sum(limits.accept)
    };
    let mut clocks = vec![("受理", accept)];
    if !category.auto {
        clocks.push(("派单后签收", sum(limits.sign)));
    }
    clocks.push(("办结（从提交起算）", sum(limits.result)));
    if category.checker {
        clocks.push(("办结后核实", sum(limits.check)));
    }
    clocks
}
