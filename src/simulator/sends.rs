//! What an account may send to whom: customer-service messages and template messages.
//!
//! Written from the platform's published rules alone. The order of the checks is the order in
//! which the platform complains: form, person, content, window. Each function takes the state,
//! so a refused message leaves no trace and an accepted one is complete.

use super::{
    cast::SimulatedTemplate,
    errors::Refusal,
    faults::Fault,
    fields,
    lines::{Notice, Said},
    reply::Article,
    state::{Accepted, Finished, Person, State},
    windows::{Closed, NoTyping},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// A longer customer-service text is refused.
const TEXT_BYTES: usize = 2048;
/// How long a `client_msg_id` is remembered.
const REMEMBERED: TimeDelta = TimeDelta::minutes(10);

/// `POST /cgi-bin/message/custom/send`
pub(super) fn custom(
    state: &mut State,
    account: &str,
    body: &Value,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let openid = recipient(state, account, body)?;
    let notice = match text_at(body, "/msgtype") {
        Some("text") => Notice::Text(text_of(body)?),
        Some("msgmenu") => menu_of(body)?,
        Some("image") => {
            Notice::Image(kept(body, "/image/media_id", |id| state.media.has_picture(id, now))?)
        }
        Some("voice") => {
            Notice::Voice(kept(body, "/voice/media_id", |id| state.media.is_voice(id, now))?)
        }
        Some("news") => news_of(body)?,
        _ => return Err(Refusal::of(40008)),
    };
    let person = state.person_mut(&openid).ok_or_else(|| Refusal::of(40003))?;
    if !person.follows {
        return Err(Refusal::of(45015));
    }
    person.windows.spend(now).map_err(|closed| match closed {
        Closed::Outside => Refusal::of(45015),
        Closed::UsedUp => Refusal::of(45047),
    })?;
    state.write(&openid, now, Said::Notice(notice));
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// `POST /cgi-bin/message/custom/typing`
pub(super) fn typing(
    state: &mut State,
    account: &str,
    body: &Value,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let openid = recipient(state, account, body)?;
    let person = state.person_mut(&openid).ok_or_else(|| Refusal::of(40003))?;
    match text_at(body, "/command") {
        Some("Typing") => person.windows.start_typing(now).map_err(|no| match no {
            NoTyping::TooLate => Refusal::of(45080),
            NoTyping::Already => Refusal::of(45081),
        })?,
        Some("CancelTyping") => person.windows.stop_typing(),
        _ => return Err(Refusal::of(45072)),
    }
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// `POST /cgi-bin/message/template/send`
pub(super) fn template(
    state: &mut State,
    account: &str,
    body: &Value,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let openid = recipient(state, account, body)?;
    let wanted = text_at(body, "/template_id").unwrap_or_default();
    let template = state
        .templates
        .iter()
        .find(|template| template.id == wanted && state.unions.may_use(account, wanted))
        .cloned()
        .ok_or_else(|| Refusal::of(40037))?;
    let card = card_of(&template, body)?;
    let client_id = text_at(body, "/client_msg_id").filter(|id| !id.is_empty());
    if let Some(message_id) = sent_before(state, &openid, client_id, now) {
        return Ok(json!({ "errcode": 0, "errmsg": "ok", "msgid": message_id }));
    }
    let person = state.person(&openid).ok_or_else(|| Refusal::of(40003))?;
    if !person.follows {
        return Err(Refusal::of(43004));
    }
    let blocked = person.blocked;
    let message_id = state.template_message_id();
    let client_id = client_id.map(str::to_owned);
    state.accepted.push(Accepted { openid: openid.clone(), client_id, at: now, message_id });
    let (status, event_leaves) = match state.faults.next_delivery() {
        _ if blocked => ("failed:user block", true),
        Some(Fault::SystemFailed) => ("failed: system failed", true),
        fault => ("success", fault != Some(Fault::EventLost)),
    };
    if event_leaves {
        state.finished.push_back(Finished {
            openid: openid.clone(),
            message_id,
            status,
            notification: None,
        });
    }
    if status == "success" {
        state.write(&openid, now, Said::Notice(card));
    }
    Ok(json!({ "errcode": 0, "errmsg": "ok", "msgid": message_id }))
}

/// `GET /cgi-bin/template/get_all_private_template`
pub(super) fn all_templates(state: &State, account: &str) -> Value {
    let list: Vec<Value> = state
        .templates
        .iter()
        .filter(|template| state.unions.may_use(account, &template.id))
        .map(|template| {
            let lines = template.keywords.iter();
            let content: Vec<String> =
                lines.clone().map(|k| format!("{}:{{{{{}.DATA}}}}", k.label, k.key)).collect();
            let example: Vec<String> = lines.map(|k| format!("{}:示例", k.label)).collect();
            json!({
                "template_id": template.id,
                "title": template.title,
                "primary_industry": "",
                "deputy_industry": "",
                "content": content.join("\n"),
                "example": example.join("\n"),
            })
        })
        .collect();
    json!({ "template_list": list })
}

/// `GET /cgi-bin/user/info`
pub(super) fn user(state: &State, account: &str, openid: &str) -> Result<Value, Refusal> {
    let person = known(state, account, openid)?;
    if !person.follows {
        return Ok(json!({ "subscribe": 0, "openid": openid, "tagid_list": [] }));
    }
    let by_code = person.scene.is_some();
    let told = json!({
        "subscribe": 1,
        "openid": openid,
        "language": "zh_CN",
        "subscribe_time": person.followed_at.timestamp(),
        "remark": "",
        "groupid": 0,
        "tagid_list": state.tags.of_person(openid),
        "subscribe_scene": if by_code { "ADD_SCENE_QR_CODE" } else { "ADD_SCENE_SEARCH" },
        "qr_scene": 0,
        "qr_scene_str": person.scene.clone().unwrap_or_default(),
    });
    Ok(state.unions.told(person, told))
}

fn known<'a>(state: &'a State, account: &str, openid: &str) -> Result<&'a Person, Refusal> {
    state
        .person(openid)
        .filter(|person| person.given.account == account)
        .ok_or_else(|| Refusal::of(40003))
}

pub(super) fn recipient(state: &State, account: &str, body: &Value) -> Result<String, Refusal> {
    let openid = text_at(body, "/touser").unwrap_or_default();
    known(state, account, openid).map(|person| person.given.openid.clone())
}

fn text_of(body: &Value) -> Result<String, Refusal> {
    match text_at(body, "/text/content").unwrap_or_default() {
        "" => Err(Refusal::of(44004)),
        text if text.len() > TEXT_BYTES => Err(Refusal::of(45002)),
        text => Ok(text.to_owned()),
    }
}

/// The id of something that was put up and is still kept.
fn kept(body: &Value, at: &str, is_kept: impl Fn(&str) -> bool) -> Result<String, Refusal> {
    let id = text_at(body, at).filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Refusal::of(41006))?;
    if is_kept(id) { Ok(id.to_owned()) } else { Err(Refusal::of(40007)) }
}

/// One article: more are refused since 2018.
fn news_of(body: &Value) -> Result<Notice, Refusal> {
    let articles = body.pointer("/news/articles").ok_or_else(|| Refusal::of(44003))?;
    let articles = articles.as_array().ok_or_else(|| Refusal::of(45162))?;
    let [article] = articles.as_slice() else {
        let code = if articles.is_empty() { 44003 } else { 45008 };
        return Err(Refusal::of(code));
    };
    let part = |name: &str| text_at(article, &format!("/{name}")).unwrap_or_default().to_owned();
    if part("title").is_empty() && part("description").is_empty() {
        return Err(Refusal::of(44003));
    }
    let article =
        Article { title: part("title"), description: part("description"), url: part("url") };
    Ok(Notice::News(article))
}

fn menu_of(body: &Value) -> Result<Notice, Refusal> {
    let part =
        |name: &str| text_at(body, &format!("/msgmenu/{name}")).unwrap_or_default().to_owned();
    let entries: Vec<(String, String)> = body
        .pointer("/msgmenu/list")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .map(|entry| {
            Some((text_at(entry, "/id")?.to_owned(), text_at(entry, "/content")?.to_owned()))
        })
        .collect::<Option<_>>()
        .ok_or_else(|| Refusal::of(40035))?;
    if entries.is_empty() || entries.iter().any(|(_, text)| text.is_empty()) {
        return Err(Refusal::of(44004));
    }
    let notice = Notice::Menu { head: part("head_content"), entries, tail: part("tail_content") };
    if notice.text().len() > TEXT_BYTES {
        return Err(Refusal::of(45002));
    }
    Ok(notice)
}

/// Values for keys that the template does not have are dropped silently, as `first` and
/// `remark` are.
pub(super) fn card_of(template: &SimulatedTemplate, body: &Value) -> Result<Notice, Refusal> {
    let mut filled = Vec::new();
    for keyword in &template.keywords {
        let value = body
            .get("data")
            .and_then(|data| data.get(&keyword.key))
            .and_then(|field| text_at(field, "/value"))
            .unwrap_or_default();
        if !fields::accepts(keyword, value) {
            return Err(Refusal::bad_field(&keyword.key));
        }
        filled.push((keyword.label.clone(), value.to_owned()));
    }
    let link = text_at(body, "/url").filter(|url| !url.is_empty()).map(str::to_owned);
    Ok(Notice::Card { title: template.title.clone(), fields: filled, link })
}

fn sent_before(
    state: &State,
    openid: &str,
    client_id: Option<&str>,
    now: DateTime<Utc>,
) -> Option<u64> {
    let client_id = client_id?;
    let same = |sent: &&Accepted| {
        sent.openid == openid
            && sent.client_id.as_deref() == Some(client_id)
            && now - sent.at < REMEMBERED
    };
    state.accepted.iter().rev().find(same).map(|sent| sent.message_id)
}

pub(super) fn text_at<'a>(body: &'a Value, pointer: &str) -> Option<&'a str> {
    body.pointer(pointer).and_then(Value::as_str)
}
