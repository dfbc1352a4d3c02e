//! Menus (自定义菜单) and menus for some people (个性化菜单), by the platform's published limits.
//!
//! Lists are given the newest first, and every button with an empty list below it, as the platform
//! does. Deliberately absent: what phones keep for five minutes.

use super::{
    api::{Call, with_body, with_token},
    errors::Refusal,
    state::State,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const BEIJING: TimeDelta = TimeDelta::hours(8);
const MOST_A_DAY: u32 = 2_000;
const FIRST_ID: u64 = 208_396_900;

/// Kinds of buttons that send a key.
const WITH_A_KEY: [&str; 7] = [
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
];

/// What the platform does not take any more since people's data are private.
const PRIVATE: [&str; 5] = ["sex", "country", "province", "city", "language"];

/// The menus of all accounts.
#[derive(Debug, Default)]
pub(super) struct Menus {
    of: BTreeMap<String, OfAccount>,
    given: u64,
}

#[derive(Debug, Default)]
struct OfAccount {
    default: Option<(u64, Value)>,
    conditional: Vec<Conditional>,
    added: Counted,
    deleted: Counted,
}

#[derive(Debug)]
struct Conditional {
    id: u64,
    tag: u32,
    buttons: Value,
}

/// A count that begins anew each day.
#[derive(Debug, Default)]
struct Counted(Option<(NaiveDate, u32)>);

impl Counted {
    fn one_more(&mut self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let today = (now + BEIJING).date_naive();
        let count = self.0.filter(|(day, _)| *day == today).map_or(0, |(_, count)| count);
        if count >= MOST_A_DAY {
            return Err(Refusal::of(45009));
        }
        self.0 = Some((today, count + 1));
        Ok(())
    }
}

impl Menus {
    fn fresh_id(&mut self) -> u64 {
        self.given += 1;
        FIRST_ID + self.given
    }

    /// What somebody with these tags sees: the newest menu for their last tag, else everybody's.
    pub(super) fn seen_by(&self, account: &str, tags: &[u32]) -> Option<&Value> {
        let menus = self.of.get(account)?;
        let (_, default) = menus.default.as_ref()?;
        let fits = |menu: &&Conditional| Some(&menu.tag) == tags.last();
        Some(menus.conditional.iter().rev().find(fits).map_or(default, |menu| &menu.buttons))
    }
}

/// Answers what concerns menus.
pub(super) fn call(call: &Call<'_>) -> Option<Result<Value, Refusal>> {
    let posts = matches!(
        call.path,
        "menu/create" | "menu/addconditional" | "menu/delconditional" | "menu/trymatch"
    );
    if !posts && !matches!(call.path, "menu/get" | "menu/delete") {
        return None;
    }
    if posts != call.posted {
        return Some(Err(Refusal::of(if posts { 43002 } else { 43001 })));
    }
    let Call { platform, asked, body, .. } = call;
    Some(match call.path {
        "menu/get" => with_token(platform, asked, |state, account| present(state, account)),
        "menu/delete" => with_token(platform, asked, |state, account| {
            let menus = state.menus.of.entry(account.to_owned()).or_default();
            (menus.default, menus.conditional) = (None, Vec::new());
            state.changes += 1;
            Ok(done())
        }),
        "menu/create" => with_body(platform, asked, body, |state, account, wanted, _| {
            let buttons = buttons(wanted, body)?;
            let id = state.menus.fresh_id();
            state.menus.of.entry(account.to_owned()).or_default().default = Some((id, buttons));
            state.changes += 1;
            Ok(done())
        }),
        "menu/addconditional" => with_body(platform, asked, body, |state, account, wanted, now| {
            add(state, account, wanted, body, now)
        }),
        "menu/delconditional" => with_body(platform, asked, body, |state, account, wanted, now| {
            remove(state, account, wanted, now)
        }),
        _ => with_body(platform, asked, body, |state, account, wanted, _| {
            let openid = wanted.get("user_id").and_then(Value::as_str).unwrap_or_default();
            let person = state.person(openid).filter(|p| p.follows && p.given.account == account);
            if person.is_none() {
                return Err(Refusal::of(65302));
            }
            let tags = state.tags.of_person(openid);
            let seen = state.menus.seen_by(account, &tags).ok_or_else(|| Refusal::of(65303))?;
            Ok(json!({ "button": seen }))
        }),
    })
}

fn done() -> Value {
    json!({ "errcode": 0, "errmsg": "ok" })
}

fn present(state: &State, account: &str) -> Result<Value, Refusal> {
    let menus = state.menus.of.get(account);
    let (id, default) =
        menus.and_then(|menus| menus.default.as_ref()).ok_or_else(|| Refusal::of(46003))?;
    let mut got = json!({ "menu": { "button": default, "menuid": id } });
    let conditional: Vec<Value> = menus
        .into_iter()
        .flat_map(|menus| menus.conditional.iter().rev())
        .map(|menu| {
            json!({
                "button": menu.buttons,
                "menuid": menu.id,
                "matchrule": { "group_id": menu.tag },
            })
        })
        .collect();
    if !conditional.is_empty()
        && let Some(got) = got.as_object_mut()
    {
        got.insert("conditionalmenu".to_owned(), json!(conditional));
    }
    Ok(got)
}

fn add(
    state: &mut State,
    account: &str,
    wanted: &Value,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let buttons = buttons(wanted, body)?;
    let rule = wanted.get("matchrule").and_then(Value::as_object);
    let rule = rule.filter(|rule| !rule.is_empty()).ok_or_else(|| Refusal::of(65304))?;
    let said = |field: &str| rule.get(field).is_some_and(|value| value != "" && !value.is_null());
    if PRIVATE.into_iter().any(said) {
        return Err(Refusal::of(65320));
    }
    let tag = match rule.get("tag_id") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(Value::Number(number)) => number.as_u64().and_then(|id| u32::try_from(id).ok()),
        _ => None,
    };
    let tag: u32 = tag.ok_or_else(|| Refusal::of(65304))?;
    if !state.tags.has(account, tag) {
        return Err(Refusal::of(45159));
    }
    let id = state.menus.fresh_id();
    let menus = state.menus.of.entry(account.to_owned()).or_default();
    if menus.default.is_none() {
        return Err(Refusal::of(65303));
    }
    menus.added.one_more(now)?;
    menus.conditional.push(Conditional { id, tag, buttons });
    state.changes += 1;
    Ok(json!({ "menuid": id.to_string() }))
}

fn remove(
    state: &mut State,
    account: &str,
    wanted: &Value,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let id = wanted.get("menuid").and_then(Value::as_str).and_then(|id| id.parse::<u64>().ok());
    let menus = state.menus.of.entry(account.to_owned()).or_default();
    let at = menus.conditional.iter().position(|menu| Some(menu.id) == id);
    let at = at.ok_or_else(|| Refusal::of(65301))?;
    menus.deleted.one_more(now)?;
    menus.conditional.remove(at);
    state.changes += 1;
    Ok(done())
}

/// The buttons as the platform keeps them, or what it refuses.
fn buttons(wanted: &Value, body: &[u8]) -> Result<Value, Refusal> {
    if body.windows(2).any(|pair| pair == b"\\u") {
        return Err(Refusal::of(40033));
    }
    let all = wanted.get("button").and_then(Value::as_array);
    let all = all.ok_or_else(|| Refusal::of(40015))?;
    if !(1..=3).contains(&all.len()) {
        return Err(Refusal::of(40016));
    }
    let mut hosts = BTreeSet::new();
    let kept = all.iter().map(|one| button(one, &mut hosts, false)).collect::<Result<_, _>>()?;
    if hosts.len() > 4 {
        // Our own and three others.
        return Err(Refusal::of(65316));
    }
    Ok(Value::Array(kept))
}

fn button(one: &Value, hosts: &mut BTreeSet<String>, is_below: bool) -> Result<Value, Refusal> {
    let refused = |top: i64, below: i64| Refusal::of(if is_below { below } else { top });
    let part = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
    let (name, kind, key, url) = (part("name"), part("type"), part("key"), part("url"));
    let longest = if is_below { 60 } else { 16 };
    if name.is_empty() || name.len() > longest {
        return Err(refused(40018, 40025));
    }
    let below = one.get("sub_button").and_then(Value::as_array).filter(|all| !all.is_empty());
    if let Some(below) = below {
        if is_below || below.len() > 5 {
            return Err(Refusal::of(40023));
        }
        let below = below.iter().map(|one| button(one, hosts, true));
        let below: Vec<Value> = below.collect::<Result<_, _>>()?;
        return Ok(json!({ "name": name, "sub_button": below }));
    }
    match kind {
        kind if WITH_A_KEY.contains(&kind) => {
            if key.is_empty() || key.len() > 128 {
                return Err(refused(40019, 40026));
            }
        }
        "view" | "miniprogram" => {
            if url.is_empty() || url.len() > 1024 {
                return Err(refused(40020, 40027));
            }
            let Some(host) = host(url) else { return Err(refused(40055, 40054)) };
            if kind == "view" {
                hosts.insert(host);
            } else if part("appid").is_empty() || part("pagepath").is_empty() {
                return Err(Refusal::of(45064));
            }
        }
        "" => return Err(Refusal::of(65308)),
        _ => return Err(refused(40017, 40024)),
    }
    let mut kept = one.clone();
    if let Some(kept) = kept.as_object_mut() {
        kept.insert("sub_button".to_owned(), json!([]));
    }
    Ok(kept)
}

fn host(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.host_str().map(str::to_owned))?
}
