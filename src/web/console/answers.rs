//! Answer templates: what the desk writes again and again. A list, and a form for each.
//!
//! Deliberately absent: where they are used. The page of a ticket fills them in
//! ([`crate::replies::answer`]) and lets the operator change every word before it leaves.

use super::{Desk, Posted, Stop, stop::Why, words};
use crate::{
    replies::answer,
    storage::{AnswerTemplate, StorageError, Tx},
    ticket::Stage,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Path, ServiceConfig, get, post, resource},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const LIST: &str = "/console/answers";
/// More does not fit into one message of the platform.
const LONGEST: usize = 600;
const LONGEST_TITLE: usize = 40;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/answers").route(get().to(list)).route(post().to(add)))
        .service(resource("/answers/{id}").route(get().to(one)).route(post().to(change)))
        .service(resource("/answers/{id}/remove").route(post().to(remove)));
}

#[derive(Serialize)]
struct List<'a> {
    lines: Vec<Line<'a>>,
    form: Blank<'a>,
}

#[derive(Serialize)]
struct Line<'a> {
    id: Uuid,
    title: &'a str,
    text: &'a str,
    category: Option<&'a str>,
    stage: Option<&'static str>,
}

/// The form with what is chosen in it.
#[derive(Serialize)]
struct Blank<'a> {
    id: Uuid,
    filled: &'a Filled,
    categories: Vec<Choice<'a>>,
    stages: Vec<Choice<'a>>,
    placeholders: Vec<String>,
    wrong: Option<String>,
}

#[derive(Serialize)]
struct Choice<'a> {
    code: &'a str,
    words: &'a str,
}

#[derive(Debug, Clone, Serialize, Deserialize, Default)]
struct Filled {
    #[serde(default)]
    id: Option<Uuid>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    position: u32,
}

impl From<&AnswerTemplate> for Filled {
    fn from(template: &AnswerTemplate) -> Self {
        Self {
            id: Some(template.id),
            title: template.title.clone(),
            text: template.text.clone(),
            category: template.category.clone().unwrap_or_default(),
            stage: template.stage.map_or("", Stage::code).to_owned(),
            position: template.position,
        }
    }
}

impl Filled {
    /// The template, or what is wrong with it in words.
    fn read(&self, id: Uuid, desk: &Desk) -> Result<AnswerTemplate, String> {
        let (title, text) = (self.title.trim(), self.text.trim().replace("\r\n", "\n"));
        if title.is_empty() || text.is_empty() {
            return Err("标题和内容都要填。".to_owned());
        }
        if title.chars().count() > LONGEST_TITLE || text.chars().count() > LONGEST {
            return Err(format!("标题最多 {LONGEST_TITLE} 个字，内容最多 {LONGEST} 个字。"));
        }
        let mistakes = answer::mistakes(&text);
        if !mistakes.is_empty() {
            return Err(format!("没有这样的空格：{}。可以用的见表下方。", mistakes.join("、")));
        }
        let category = Some(self.category.clone()).filter(|code| !code.is_empty());
        if category.as_ref().is_some_and(|code| desk.county.category(code).is_none()) {
            return Err("没有这个类别。".to_owned());
        }
        let stage = Stage::ALL.into_iter().find(|stage| stage.code() == self.stage);
        if stage.is_none() && !self.stage.is_empty() {
            return Err("没有这个状态。".to_owned());
        }
        let title = title.to_owned();
        Ok(AnswerTemplate { id, title, text, category, stage, position: self.position.min(9999) })
    }
}

fn blank<'a>(desk: &'a Desk, id: Uuid, filled: &'a Filled, wrong: Option<String>) -> Blank<'a> {
    let categories = desk.county.register().categories.iter();
    Blank {
        id,
        filled,
        categories: categories
            .map(|category| Choice { code: &category.code, words: &category.name })
            .collect(),
        stages: Stage::ALL
            .map(|stage| Choice { code: stage.code(), words: words::stage(stage) })
            .into(),
        placeholders: answer::PLACEHOLDERS
            .map(|(name, words)| format!("{{{{{name}}}}} {words}"))
            .into(),
        wrong,
    }
}

async fn list(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    list_page(&desk, StatusCode::OK, &Filled::default(), None).await
}

async fn list_page(
    desk: &Desk,
    status: StatusCode,
    filled: &Filled,
    wrong: Option<String>,
) -> Result<HttpResponse, Stop> {
    let templates = desk.app.store.answer_templates(None, None).await;
    let templates = templates.map_err(|error| desk.broken(&error))?;
    let line = |template: &'_ AnswerTemplate| {
        let category = template.category.as_deref();
        (category.map(|code| desk.county.category(code).map_or(code, |found| &found.name)))
            .map(str::to_owned)
    };
    let categories: Vec<Option<String>> = templates.iter().map(line).collect();
    let lines = templates
        .iter()
        .zip(&categories)
        .map(|(template, category)| Line {
            id: template.id,
            title: &template.title,
            text: &template.text,
            category: category.as_deref(),
            stage: template.stage.map(words::stage),
        })
        .collect();
    // The form brings its identity along, so the same form sent twice adds one.
    let id = filled.id.unwrap_or_else(|| desk.app.ids.fresh());
    let content = List { lines, form: blank(desk, id, filled, wrong) };
    let answer = HttpResponse::build(status);
    desk.page_with(answer, "words/answers.html", "settings", "答复模板", content)
}

async fn one(desk: Desk, id: Path<Uuid>) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let found = desk.app.store.answer_template(*id).await.map_err(|error| desk.broken(&error))?;
    let found = found.ok_or_else(|| desk.stop(Why::Nothing))?;
    one_page(&desk, StatusCode::OK, *id, &Filled::from(&found), None)
}

fn one_page(
    desk: &Desk,
    status: StatusCode,
    id: Uuid,
    filled: &Filled,
    wrong: Option<String>,
) -> Result<HttpResponse, Stop> {
    let content = blank(desk, id, filled, wrong);
    let answer = HttpResponse::build(status);
    desk.page_with(answer, "words/answer.html", "settings", "修改答复模板", content)
}

async fn add(posted: Posted<Filled>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs_whole_county()?;
    let id = form.id.unwrap_or_else(|| desk.app.ids.fresh());
    let template = match form.read(id, &desk) {
        Ok(template) => template,
        Err(wrong) => {
            return list_page(&desk, StatusCode::UNPROCESSABLE_ENTITY, &form, Some(wrong)).await;
        }
    };
    let tx = begin(&desk).await?;
    tx.add_answer_template(&template).await.map_err(|error| desk.broken(&error))?;
    done(&desk, tx, &template.title, "已添加。").await
}

async fn change(id: Path<Uuid>, posted: Posted<Filled>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs_whole_county()?;
    let template = match form.read(*id, &desk) {
        Ok(template) => template,
        Err(wrong) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return one_page(&desk, status, *id, &form, Some(wrong));
        }
    };
    let tx = begin(&desk).await?;
    let changed = tx.change_answer_template(&template).await;
    if !changed.map_err(|error| desk.broken(&error))? {
        return Err(desk.stop(Why::Nothing));
    }
    done(&desk, tx, &template.title, "已保存。").await
}

#[derive(Deserialize)]
struct Nothing {}

async fn remove(id: Path<Uuid>, posted: Posted<Nothing>) -> Result<HttpResponse, Stop> {
    let desk = posted.desk;
    desk.needs_whole_county()?;
    let found = desk.app.store.answer_template(*id).await.map_err(|error| desk.broken(&error))?;
    let title = found.ok_or_else(|| desk.stop(Why::Nothing))?.title;
    let tx = begin(&desk).await?;
    tx.remove_answer_template(*id).await.map_err(|error| desk.broken(&error))?;
    done(&desk, tx, &title, "已删除。").await
}

async fn begin(desk: &Desk) -> Result<Tx, Stop> {
    desk.app.store.begin().await.map_err(|error| desk.broken(&error))
}

/// Writes it down and goes back to the list.
async fn done(desk: &Desk, tx: Tx, title: &str, said: &str) -> Result<HttpResponse, Stop> {
    let finished: Result<(), StorageError> = async {
        let (by, name) = (Some(desk.operator()), &desk.account.name);
        let subject = Some(title);
        tx.note_deed(by, name, "answer_template_changed", subject, said, desk.now).await?;
        tx.commit().await
    }
    .await;
    finished.map_err(|error| desk.broken(&error))?;
    Ok(desk.go_on(LIST, said))
}
