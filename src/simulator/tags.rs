//! Tags of followers (用户标签), by the platform's published limits.
//!
//! Who leaves loses all tags. Deliberately absent: mass messages to a tag.

use super::{
    api::{Call, with_body, with_token},
    errors::Refusal,
    state::{Platform, State},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Numbers below are the platform's own.
const FIRST_ID: u32 = 100;
const STARRED: u32 = 2;
const MOST_TAGS: usize = 100;
const LONGEST_NAME: usize = 30;
const MOST_AT_ONCE: usize = 50;
const MOST_OF_ONE: usize = 20;

/// The tags of all accounts, and who has them.
#[derive(Debug, Default)]
pub(super) struct Tags {
    of: BTreeMap<String, OfAccount>,
    people: BTreeMap<String, Vec<u32>>,
}

#[derive(Debug, Default)]
struct OfAccount {
    names: BTreeMap<u32, String>,
    given: u32,
}

impl Tags {
    /// Whether the account has a tag of this number.
    pub(super) fn has(&self, account: &str, id: u32) -> bool {
        self.of.get(account).is_some_and(|tags| tags.names.contains_key(&id))
    }

    /// The tags of somebody, the latest last.
    pub(super) fn of_person(&self, openid: &str) -> Vec<u32> {
        self.people.get(openid).cloned().unwrap_or_default()
    }

    /// Somebody left.
    pub(super) fn forget(&mut self, openid: &str) {
        self.people.remove(openid);
    }

    /// What the tags of somebody are called, the latest last.
    pub(super) fn names_of(&self, account: &str, openid: &str) -> Vec<String> {
        let named = |id: &u32| self.of.get(account)?.names.get(id).cloned();
        self.of_person(openid).iter().filter_map(named).collect()
    }
}

/// Answers what concerns tags.
pub(super) fn call(call: &Call<'_>) -> Option<Result<Value, Refusal>> {
    let gets = call.path == "tags/get";
    let posts = matches!(
        call.path,
        "tags/create"
            | "tags/update"
            | "tags/delete"
            | "tags/members/batchtagging"
            | "tags/members/batchuntagging"
            | "tags/getidlist"
            | "user/tag/get"
    );
    if !gets && !posts {
        return None;
    }
    if posts != call.posted {
        return Some(Err(Refusal::of(if posts { 43002 } else { 43001 })));
    }
    let Call { platform, asked, body, path, .. } = call;
    if gets {
        return Some(with_token(platform, asked, |state, account| Ok(listed(state, account))));
    }
    Some(with_body(platform, asked, body, |state, account, wanted, _| {
        state.changes += 1;
        match *path {
            "tags/create" => create(state, account, wanted),
            "tags/update" => rename(state, account, wanted),
            "tags/delete" => delete(state, account, wanted),
            "tags/getidlist" => {
                let openid = text(wanted, "/openid");
                is_of(state, account, openid)?;
                Ok(json!({ "tagid_list": state.tags.of_person(openid) }))
            }
            "user/tag/get" => having(state, account, wanted),
            _ => tagging(state, account, wanted, *path == "tags/members/batchtagging"),
        }
    }))
}

fn text<'a>(wanted: &'a Value, pointer: &str) -> &'a str {
    wanted.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn number(wanted: &Value, pointer: &str) -> u32 {
    let number = wanted.pointer(pointer).and_then(Value::as_u64);
    number.and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
}

fn done() -> Value {
    json!({ "errcode": 0, "errmsg": "ok" })
}

fn listed(state: &State, account: &str) -> Value {
    let count = |id: u32| state.tags.people.values().filter(|tags| tags.contains(&id)).count();
    let own = state.tags.of.get(account).into_iter().flat_map(|tags| &tags.names);
    let starred = json!({ "id": STARRED, "name": "星标组", "count": 0 });
    let own = own.map(|(id, name)| json!({ "id": id, "name": name, "count": count(*id) }));
    json!({ "tags": std::iter::once(starred).chain(own).collect::<Vec<_>>() })
}

fn checked_name<'a>(state: &State, account: &str, wanted: &'a Value) -> Result<&'a str, Refusal> {
    let name = text(wanted, "/tag/name");
    if name.len() > LONGEST_NAME {
        return Err(Refusal::of(45158));
    }
    let mut all = state.tags.of.get(account).into_iter().flat_map(|tags| tags.names.values());
    if name.is_empty() || name == "星标组" || all.any(|one| one == name) {
        return Err(Refusal::of(45157));
    }
    Ok(name)
}

fn create(state: &mut State, account: &str, wanted: &Value) -> Result<Value, Refusal> {
    let name = checked_name(state, account, wanted)?.to_owned();
    let tags = state.tags.of.entry(account.to_owned()).or_default();
    if tags.names.len() >= MOST_TAGS {
        return Err(Refusal::of(45056));
    }
    let id = FIRST_ID + tags.given;
    tags.given += 1;
    tags.names.insert(id, name.clone());
    Ok(json!({ "tag": { "id": id, "name": name } }))
}

fn known<'a>(state: &'a mut State, account: &str, id: u32) -> Result<&'a mut OfAccount, Refusal> {
    if id < FIRST_ID {
        return Err(Refusal::of(45058));
    }
    let tags = state.tags.of.get_mut(account).filter(|tags| tags.names.contains_key(&id));
    tags.ok_or_else(|| Refusal::of(45159))
}

fn rename(state: &mut State, account: &str, wanted: &Value) -> Result<Value, Refusal> {
    let name = checked_name(state, account, wanted)?.to_owned();
    let id = number(wanted, "/tag/id");
    known(state, account, id)?.names.insert(id, name);
    Ok(done())
}

fn delete(state: &mut State, account: &str, wanted: &Value) -> Result<Value, Refusal> {
    let id = number(wanted, "/tag/id");
    known(state, account, id)?.names.remove(&id);
    for tags in state.tags.people.values_mut() {
        tags.retain(|tag| *tag != id);
    }
    Ok(done())
}

/// An openid of another account is told apart from one that nobody has.
fn is_of(state: &State, account: &str, openid: &str) -> Result<(), Refusal> {
    match state.person(openid) {
        Some(person) if person.given.account != account => Err(Refusal::of(49003)),
        Some(person) if person.follows => Ok(()),
        _ => Err(Refusal::of(40003)),
    }
}

fn having(state: &State, account: &str, wanted: &Value) -> Result<Value, Refusal> {
    let id = number(wanted, "/tagid");
    if !state.tags.has(account, id) {
        return Err(Refusal::of(45159));
    }
    let having = state.tags.people.iter().filter(|(_, tags)| tags.contains(&id));
    let openids: Vec<&String> = having.map(|(openid, _)| openid).collect();
    Ok(json!({ "count": openids.len(), "data": { "openid": openids }, "next_openid": "" }))
}

fn tagging(
    state: &mut State,
    account: &str,
    wanted: &Value,
    puts_on: bool,
) -> Result<Value, Refusal> {
    let list = wanted.get("openid_list").and_then(Value::as_array);
    let list = list.ok_or_else(|| Refusal::of(40031))?;
    if list.is_empty() || list.len() > MOST_AT_ONCE {
        return Err(Refusal::of(40032));
    }
    let id = number(wanted, "/tagid");
    if !state.tags.has(account, id) {
        // Also the platform's own.
        return Err(Refusal::of(45159));
    }
    let openids: Vec<String> =
        list.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect();
    // All or none.
    for openid in &openids {
        is_of(state, account, openid)?;
        let tags = state.tags.of_person(openid);
        if puts_on && !tags.contains(&id) && tags.len() >= MOST_OF_ONE {
            return Err(Refusal::of(45059));
        }
    }
    for openid in openids {
        let tags = state.tags.people.entry(openid).or_default();
        tags.retain(|tag| *tag != id);
        if puts_on {
            tags.push(id);
        }
    }
    Ok(done())
}

impl Platform {
    /// Somebody deletes a tag in the platform's console; tells whether it was there.
    pub fn delete_tag(&self, account: &str, id: u32) -> bool {
        let mut state = self.state();
        state.changes += 1;
        delete(&mut state, account, &json!({ "tag": { "id": id } })).is_ok()
    }
}
