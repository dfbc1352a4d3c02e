//! What the phones show, as the page is told.
//!
//! Texts are passed on as they are; the page writes them as text, never as markup.

use super::{
    lines::{Line, Notice, Said},
    message::Message,
    phones::Offers,
    reply::Answer,
    state::{Person, Platform, State},
};
use crate::wechat::account::Mode;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// People of a county live in one time zone.
const BEIJING: TimeDelta = TimeDelta::hours(8);

/// More codes than anybody tries: others can be pasted by their address.
const CODES_OFFERED: usize = 30;

const APOLOGY: &str = "该公众号暂时无法提供服务，请稍后再试";

/// Everything, or only the time when nothing changed since `seen`.
pub(super) fn state(platform: &Platform, offers: &Offers, seen: Option<u64>) -> Value {
    let now = platform.now();
    let state = platform.state();
    let phones = (seen != Some(state.changes))
        .then(|| state.people.iter().map(|person| phone(&state, person)).collect::<Vec<_>>());
    json!({
        "now": (now + BEIJING).format("%Y年%-m月%-d日 %H:%M:%S").to_string(),
        "changes": state.changes,
        "can_advance": platform.inner.advance.is_some(),
        "accounts": state.accounts.iter().map(|account| json!({
            "slug": account.given.slug,
            "name": account.given.name,
            "mode": mode(account.given.mode),
        })).collect::<Vec<_>>(),
        "faults": state.faults.left(),
        "places": offers.places,
        "codes": offers.codes,
        "phones": phones,
    })
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Plain => "明文模式",
        Mode::Compat => "兼容模式",
        Mode::Safe => "安全模式",
    }
}

fn phone(state: &State, person: &Person) -> Value {
    let (slug, openid) = (&*person.given.account, &*person.given.openid);
    let account = state.accounts.iter().find(|a| a.given.slug == slug);
    json!({
        "key": person.given.key,
        "name": person.given.name,
        "kind": person.given.kind,
        "account": account.map(|account| &account.given.name),
        "menu": state.menus.seen_by(slug, &state.tags.of_person(openid)),
        "tags": state.tags.names_of(slug, openid),
        "codes": state.codes.of_account(slug, CODES_OFFERED),
        "follows": person.follows,
        "blocked": person.blocked,
        "lines": person.lines.iter().map(line).collect::<Vec<_>>(),
    })
}

fn line(line: &Line) -> Value {
    let mut shown = match &line.said {
        Said::Person(message) => by_the_person(message),
        Said::Answer(answer) => answered(answer),
        Said::Notice(notice) => noticed(notice),
    };
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("number".to_owned(), json!(line.number));
        shown.insert("time".to_owned(), json!(time(line.at)));
    }
    shown
}

fn time(at: DateTime<Utc>) -> String {
    (at + BEIJING).format("%-m月%-d日 %H:%M").to_string()
}

fn by_the_person(message: &Message) -> Value {
    let bubble = |text: String| json!({ "side": "person", "text": text });
    let event = |text: String| json!({ "side": "event", "text": text });
    match message {
        Message::Text { text } | Message::MenuChoice { text, .. } => bubble(text.clone()),
        Message::Photo | Message::Picture { .. } => {
            json!({ "side": "person", "text": "照片", "picture": true })
        }
        Message::Voice { recognition: Some(heard) } => bubble(format!("[语音] {heard}")),
        Message::Voice { recognition: None } => bubble("[语音] 没有识别出文字".to_owned()),
        Message::Video => bubble("[小视频]".to_owned()),
        Message::Link { title } => bubble(format!("[链接] {title}")),
        Message::Sticker => bubble("[表情]".to_owned()),
        Message::File { title } => bubble(format!("[文件] {title}")),
        Message::Location { latitude, longitude, label } => {
            bubble(format!("[位置] {label}\n{latitude:.4}, {longitude:.4}"))
        }
        Message::Click { key } => event(format!("点了菜单 {key}")),
        Message::View { url } => event(format!("打开了 {url}")),
        Message::Follow { scene: None } => event("关注了公众号".to_owned()),
        Message::Follow { scene: Some(scene) } => event(format!("扫码关注了公众号（{scene}）")),
        Message::Scan { scene } => event(format!("扫了码（{scene}）")),
        Message::Unfollow => event("取消了关注".to_owned()),
        Message::Consent { accepted: true, .. } => event("订阅了通知".to_owned()),
        Message::Consent { accepted: false, .. } => event("不接收订阅通知".to_owned()),
    }
}

fn answered(answer: &Answer) -> Value {
    if answer.is_a_failure() {
        return json!({ "side": "event", "text": APOLOGY });
    }
    match answer {
        Answer::News(articles) => json!({
            "side": "account",
            "text": "",
            "articles": articles.iter().map(|article| json!({
                "title": article.title,
                "description": article.description,
                "link": article.url,
            })).collect::<Vec<_>>(),
        }),
        Answer::Image(_) => json!({ "side": "account", "text": "[图片]" }),
        Answer::Voice(_) => json!({ "side": "account", "text": "[语音]" }),
        Answer::Transfer(_) => {
            json!({ "side": "event", "text": "已转给人工客服（在 /seats/ 接待）" })
        }
        Answer::Other(kind) => json!({ "side": "event", "text": format!("公众号回复：{kind}") }),
        _ => json!({ "side": "account", "text": answer.text().unwrap_or_default() }),
    }
}

fn noticed(notice: &Notice) -> Value {
    match notice {
        Notice::Text(text) => json!({ "side": "account", "text": text }),
        Notice::Image(_) | Notice::Voice(_) => {
            json!({ "side": "account", "text": notice.text() })
        }
        Notice::News(article) => json!({
            "side": "account",
            "text": "",
            "articles": [{
                "title": article.title,
                "description": article.description,
                "link": article.url,
            }],
        }),
        Notice::Menu { head, entries, tail } => json!({
            "side": "account",
            "text": head,
            "entries": entries,
            "tail": tail,
        }),
        Notice::Card { title, fields, link } => {
            json!({ "side": "card", "title": title, "fields": fields, "link": link })
        }
    }
}
