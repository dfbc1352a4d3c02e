//! The county's own words: every reply and notice with its built-in text, a form to change it, and
//! what people would read.
//!
//! Nothing is kept that was not written with all samples first. What is kept is said by all
//! instances within seconds ([`crate::app::App::county_at`]).

use super::{Desk, Posted, Stop, stop::Why, words};
use crate::{
    replies::{
        Wording,
        own::{LONGEST, OwnTexts},
    },
    storage::{OwnText, StorageError},
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Path, Query, ServiceConfig, get, post, resource},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const LIST: &str = "/console/wording";

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(resource("/wording").route(get().to(list))).service(
        resource("/wording/{name:.+\\.txt}").route(get().to(one)).route(post().to(change)),
    );
}

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct List<'a> {
    q: &'a str,
    groups: Vec<Group>,
    own: usize,
}

#[derive(Serialize)]
struct Group {
    title: &'static str,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    name: String,
    /// The first words.
    text: String,
    is_own: bool,
}

#[derive(Serialize)]
struct One<'a> {
    name: &'a str,
    text: &'a str,
    given: &'a str,
    /// The version of the county's own text that was seen; empty where there is none.
    seen: String,
    changed: Option<String>,
    longest: usize,
    preview: Vec<String>,
    wrong: Option<&'a str>,
}

async fn list(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let own = own_texts(&desk).await?;
    let q = asked.q.trim();
    let mut groups = [("replies/", "对话里的回答"), ("notices/", "主动发出的通知")]
        .map(|(begins, title)| (begins, Group { title, lines: Vec::new() }));
    for name in Wording::names() {
        let is_own = own.contains_key(&name);
        let text = own.get(&name).map(|own| own.text.clone());
        let text = text.or_else(|| desk.app.wording.given(&name)).unwrap_or_default();
        if !(q.is_empty() || text.contains(q) || name.contains(q)) {
            continue;
        }
        for (begins, group) in &mut groups {
            if name.starts_with(*begins) {
                let text = text.chars().take(60).collect();
                group.lines.push(Line { name: name.clone(), text, is_own });
            }
        }
    }
    let groups = groups.into_iter().map(|(_, group)| group).collect();
    desk.page("words/wording.html", "settings", "话术", List { q, groups, own: own.len() })
}

async fn own_texts(desk: &Desk) -> Result<BTreeMap<String, OwnText>, Stop> {
    desk.app.store.own_texts().await.map_err(|error| desk.broken(&error))
}

/// What holds for a text now.
struct Held {
    name: String,
    own: BTreeMap<String, OwnText>,
    given: String,
}

impl Held {
    async fn of(desk: &Desk, name: &str) -> Result<Self, Stop> {
        let known = Wording::names().into_iter().find(|known| known == name);
        let name = known.ok_or_else(|| desk.stop(Why::Nothing))?;
        let own = own_texts(desk).await?;
        let given = desk.app.wording.given(&name).unwrap_or_default();
        Ok(Self { name, own, given })
    }

    fn text(&self) -> &str {
        self.own.get(&self.name).map_or(&self.given, |own| &own.text)
    }

    fn others(&self) -> OwnTexts {
        let others = self.own.values().filter(|own| own.name != self.name);
        others.map(|own| (own.name.clone(), own.text.clone())).collect()
    }

    /// The page, with the text that is being written.
    fn page(
        &self,
        desk: &Desk,
        status: StatusCode,
        text: &str,
        wrong: Option<&str>,
    ) -> Result<HttpResponse, Stop> {
        let own = self.own.get(&self.name);
        let tried = desk.app.wording.tried(&self.name, text, self.others());
        let (preview, problem) = match tried {
            Ok(said) => (said, None),
            Err(bad) => (Vec::new(), Some(bad.problem)),
        };
        let content = One {
            name: &self.name,
            text,
            given: &self.given,
            seen: own.map_or(String::new(), |own| own.version.to_string()),
            changed: own.map(|own| {
                format!("{} {}修改", own.changed_by, words::when(own.changed_at, desk.now))
            }),
            longest: LONGEST,
            preview,
            wrong: wrong.or(problem.as_deref()),
        };
        let answer = HttpResponse::build(status);
        desk.page_with(answer, "words/text.html", "settings", "修改话术", content)
    }
}

async fn one(desk: Desk, name: Path<String>) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let held = Held::of(&desk, &name).await?;
    held.page(&desk, StatusCode::OK, held.text(), None)
}

#[derive(Debug, Deserialize)]
struct Filled {
    #[serde(default)]
    text: String,
    #[serde(default)]
    seen: String,
    #[serde(default)]
    what: String,
}

async fn change(name: Path<String>, posted: Posted<Filled>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs_whole_county()?;
    let held = Held::of(&desk, &name).await?;
    let text = form.text.replace("\r\n", "\n").trim_end().to_owned();
    let seen: Option<i64> = form.seen.parse().ok();
    let unsaid = StatusCode::UNPROCESSABLE_ENTITY;
    match (form.what.as_str(), seen) {
        ("preview", _) => return held.page(&desk, StatusCode::OK, &text, None),
        ("remove", _) => {}
        ("save", _) => {
            if let Err(bad) = desk.app.wording.tried(&held.name, &text, held.others()) {
                return held.page(&desk, unsaid, &text, Some(&bad.problem));
            }
        }
        _ => return Err(desk.stop(Why::Unreadable)),
    }
    let is_removal = form.what == "remove" || text == held.given.trim_end();
    let kept = keep(&desk, &held.name, &text, seen, is_removal).await;
    if !kept.map_err(|error| desk.broken(&error))? {
        // Both versions stand on the page: theirs is what holds, this one is in the form.
        let first = Held::of(&desk, &name).await?;
        let wrong = format!("别人刚刚改过这段话，现在是：{}", first.text());
        return first.page(&desk, StatusCode::CONFLICT, &text, Some(&wrong));
    }
    desk.app.words.forget();
    let said = if is_removal {
        "已恢复原来的说法。"
    } else {
        "已保存，几秒钟以后开始使用。"
    };
    Ok(desk.go_on(LIST, said))
}

/// Stores it; false where somebody else was faster.
async fn keep(
    desk: &Desk,
    name: &str,
    text: &str,
    seen: Option<i64>,
    is_removal: bool,
) -> Result<bool, StorageError> {
    let by = &desk.account.name;
    let tx = desk.app.store.begin().await?;
    let kept = match (is_removal, seen) {
        (true, Some(seen)) => tx.remove_own_text(name, seen).await?,
        // There was none, and there is to be none.
        (true, None) => true,
        (false, seen) => tx.set_own_text(name, text, seen, by, desk.now).await?,
    };
    if kept {
        tx.next_wording_edition(desk.app.ids.fresh()).await?;
        let note = if is_removal { "恢复原来的说法" } else { "" };
        let operator = Some(desk.operator());
        tx.note_deed(operator, by, "wording_changed", Some(name), note, desk.now).await?;
        tx.commit().await?;
    }
    Ok(kept)
}
