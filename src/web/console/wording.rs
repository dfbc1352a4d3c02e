//! The county's own words: every reply and notice with its built-in text, a form to change it, and
//! what people would read.
//!
//! Nothing is kept that was not written with all samples first. What is kept is said by all
//! instances within seconds ([`crate::app::App::county_at`]).

use super::{Desk, Posted, Stop, stop::Why, words};
use crate::{
    replies::{
        BadTemplate, Wording,
        own::{LONGEST, OwnTexts, name_of},
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

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    /// The account whose words these are; empty for all.
    #[serde(default)]
    account: String,
}

/// An account that may have words of its own; there is no choice where there is one only.
#[derive(Serialize)]
struct Voice {
    slug: String,
    name: String,
    is_chosen: bool,
}

#[derive(Serialize)]
struct List<'a> {
    q: &'a str,
    account: &'a str,
    voices: Vec<Voice>,
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
    /// Not this account's own, but said by all.
    is_of_all: bool,
}

#[derive(Serialize)]
struct One<'a> {
    name: &'a str,
    account: &'a str,
    whose: &'a str,
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
    let account = chosen(&desk, &asked.account)?;
    let voice = voice(&desk, account.as_deref());
    let own = own_texts(&desk).await?;
    let q = asked.q.trim();
    let mut groups = [("replies/", "对话里的回答"), ("notices/", "主动发出的通知")]
        .map(|(begins, title)| (begins, Group { title, lines: Vec::new() }));
    for name in Wording::names() {
        let here = own.get(&name_of(account.as_deref(), &name));
        let of_all = own.get(&name).filter(|_| here.is_none() && account.is_some());
        let (is_own, is_of_all) = (here.is_some(), of_all.is_some());
        let text = here.or(of_all).map(|own| own.text.clone());
        let text = text.or_else(|| voice.given(&name)).unwrap_or_default();
        if !(q.is_empty() || text.contains(q) || name.contains(q)) {
            continue;
        }
        for (begins, group) in &mut groups {
            if name.starts_with(*begins) {
                let text = text.chars().take(60).collect();
                group.lines.push(Line { name: name.clone(), text, is_own, is_of_all });
            }
        }
    }
    let groups: Vec<Group> = groups.into_iter().map(|(_, group)| group).collect();
    let own = groups.iter().flat_map(|group| &group.lines).filter(|line| line.is_own).count();
    let account = account.as_deref().unwrap_or_default();
    let voices = voices(&desk, account);
    desk.page("words/wording.html", "settings", "话术", List { q, account, voices, groups, own })
}

/// The account that was chosen; none for all of them.
fn chosen(desk: &Desk, account: &str) -> Result<Option<String>, Stop> {
    if account.is_empty() {
        return Ok(None);
    }
    let known = desk.app.accounts.get(account).ok_or_else(|| desk.stop(Why::Nothing))?;
    Ok(Some(known.slug.clone()))
}

fn voice<'a>(desk: &'a Desk, account: Option<&str>) -> &'a Wording {
    account.map_or(&desk.app.wording, |account| desk.app.words_of(account))
}

fn voices(desk: &Desk, chosen: &str) -> Vec<Voice> {
    let all = desk.app.accounts.iter().map(|account| Voice {
        slug: account.slug.clone(),
        name: account.name.clone(),
        is_chosen: account.slug == chosen,
    });
    let all: Vec<Voice> = all.collect();
    if all.len() > 1 { all } else { Vec::new() }
}

async fn own_texts(desk: &Desk) -> Result<BTreeMap<String, OwnText>, Stop> {
    desk.app.store.own_texts().await.map_err(|error| desk.broken(&error))
}

/// What holds for a text now.
struct Held {
    name: String,
    account: Option<String>,
    own: BTreeMap<String, OwnText>,
    given: String,
}

impl Held {
    async fn of(desk: &Desk, name: &str, account: &str) -> Result<Self, Stop> {
        let known = Wording::names().into_iter().find(|known| known == name);
        let name = known.ok_or_else(|| desk.stop(Why::Nothing))?;
        let account = chosen(desk, account)?;
        let own = own_texts(desk).await?;
        // Where an account has no words of its own it says those of all.
        let of_all = own.get(&name).filter(|_| account.is_some()).map(|own| own.text.clone());
        let given = of_all.or_else(|| voice(desk, account.as_deref()).given(&name));
        Ok(Self { name, account, own, given: given.unwrap_or_default() })
    }

    /// What the text is called where own texts are kept.
    fn kept_as(&self) -> String {
        name_of(self.account.as_deref(), &self.name)
    }

    fn own(&self) -> Option<&OwnText> {
        self.own.get(&self.kept_as())
    }

    fn text(&self) -> &str {
        self.own().map_or(&self.given, |own| &own.text)
    }

    fn others(&self) -> OwnTexts {
        let own = self.kept_as();
        let others = self.own.values().filter(|other| other.name != own);
        others.map(|own| (own.name.clone(), own.text.clone())).collect()
    }

    fn tried(&self, desk: &Desk, text: &str) -> Result<Vec<String>, BadTemplate> {
        voice(desk, self.account.as_deref()).tried(&self.name, text, &self.others())
    }

    /// The page, with the text that is being written.
    fn page(
        &self,
        desk: &Desk,
        status: StatusCode,
        text: &str,
        wrong: Option<&str>,
    ) -> Result<HttpResponse, Stop> {
        let own = self.own();
        let account = self.account.as_deref().unwrap_or_default();
        let (preview, problem) = match self.tried(desk, text) {
            Ok(said) => (said, None),
            Err(bad) => (Vec::new(), Some(bad.problem)),
        };
        let content = One {
            name: &self.name,
            account,
            whose: desk.app.accounts.get(account).map_or("", |account| &account.name),
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

async fn one(desk: Desk, name: Path<String>, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let held = Held::of(&desk, &name, &asked.account).await?;
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
    #[serde(default)]
    account: String,
}

async fn change(name: Path<String>, posted: Posted<Filled>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs_whole_county()?;
    let held = Held::of(&desk, &name, &form.account).await?;
    let text = form.text.replace("\r\n", "\n").trim_end().to_owned();
    let seen: Option<i64> = form.seen.parse().ok();
    let unsaid = StatusCode::UNPROCESSABLE_ENTITY;
    match (form.what.as_str(), seen) {
        ("preview", _) => return held.page(&desk, StatusCode::OK, &text, None),
        ("remove", _) => {}
        ("save", _) => {
            if let Err(bad) = held.tried(&desk, &text) {
                return held.page(&desk, unsaid, &text, Some(&bad.problem));
            }
        }
        _ => return Err(desk.stop(Why::Unreadable)),
    }
    let is_removal = form.what == "remove" || text == held.given.trim_end();
    let kept = keep(&desk, &held.kept_as(), &text, seen, is_removal).await;
    if !kept.map_err(|error| desk.broken(&error))? {
        // Both versions stand on the page: theirs is what holds, this one is in the form.
        let first = Held::of(&desk, &name, &form.account).await?;
        let wrong = format!("别人刚刚改过这段话，现在是：{}", first.text());
        return first.page(&desk, StatusCode::CONFLICT, &text, Some(&wrong));
    }
    desk.app.words.forget();
    let said = if is_removal {
        "已恢复原来的说法。"
    } else {
        "已保存，几秒钟以后开始使用。"
    };
    let list = match &held.account {
        Some(account) => format!("{LIST}?account={account}"),
        None => LIST.to_owned(),
    };
    Ok(desk.go_on(&list, said))
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
