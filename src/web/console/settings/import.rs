//! A workbook comes in: uploaded and checked, looked at, and only then stored.
//!
//! What is confirmed is what was looked at: the file waits in the database for an hour, and a
//! county that somebody changed meanwhile is looked at again.

use super::{
    super::Posted,
    Desk, Stop, Why,
    upload::{Upload, as_workbook, upload},
};
use crate::{
    county::{
        County,
        revision::{self, RowChange, SheetChange},
    },
    desk::{CountyChange, put_county},
    storage::PendingImport,
    web::console::words,
    workbook::{self, Book, Trouble},
};
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Payload};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// As many mistakes or changes as anybody reads at once; the rest is counted.
const TOLD: usize = 200;

#[derive(Serialize, Default)]
struct Door {
    /// A workbook that waits, and since when.
    waiting: Option<(String, String)>,
    name: String,
    troubles: Vec<String>,
    more: usize,
}

pub(super) async fn door(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let waiting = pending(&desk).await?;
    let waiting = waiting.map(|it| (it.name, words::when(it.at, desk.now)));
    door_page(&desk, StatusCode::OK, &Door { waiting, ..Door::default() })
}

fn door_page(desk: &Desk, status: StatusCode, door: &Door) -> Result<HttpResponse, Stop> {
    let answer = HttpResponse::build(status);
    desk.page_with(answer, "settings/import.html", "settings", "导入工作簿", door)
}

fn told(desk: &Desk, name: String, troubles: &[Trouble]) -> Result<HttpResponse, Stop> {
    let more = troubles.len().saturating_sub(TOLD);
    let troubles = troubles.iter().take(TOLD).map(Trouble::to_string).collect();
    let door = Door { name, troubles, more, ..Door::default() };
    door_page(desk, StatusCode::UNPROCESSABLE_ENTITY, &door)
}

async fn pending(desk: &Desk) -> Result<Option<PendingImport>, Stop> {
    let found = desk.app.store.pending_import(desk.operator().id, desk.now).await;
    found.map_err(|error| desk.broken(&error))
}

pub(super) async fn take_in(
    desk: Desk,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let Upload { name, bytes } = upload(&desk, &request, payload).await?;
    let name = as_workbook(&name);
    let content = Arc::new(bytes);
    let (_, before) = stored(&desk).await?;
    if let Err(troubles) = judged(&desk, &name, content.clone(), before).await? {
        return told(&desk, name, &troubles);
    }
    let content = Arc::try_unwrap(content).unwrap_or_else(|shared| shared.as_ref().clone());
    let pending = PendingImport { at: desk.now, name, content };
    let kept = async {
        let tx = desk.app.store.begin().await?;
        tx.put_pending_import(desk.operator().id, &pending).await?;
        tx.commit().await
    };
    kept.await.map_err(|error| desk.broken(&error))?;
    Ok(desk.go_on("/console/settings/import/check", ""))
}

/// The county that a workbook makes of the one before, read where nobody waits for it. Sheets that
/// it lacks stay as they are.
async fn judged(
    desk: &Desk,
    name: &str,
    content: Arc<Vec<u8>>,
    before: Option<Arc<County>>,
) -> Result<Result<County, Vec<Trouble>>, Stop> {
    let name = name.to_owned();
    let judged = move || {
        let book = Book::of_file(&name, &content);
        let rest = before.map(|before| book.rest(&before));
        workbook::county(std::iter::once(book).chain(rest).collect())
    };
    actix_web::web::block(judged).await.map_err(|error| desk.broken(&error))
}

#[derive(Serialize)]
struct Preview {
    name: String,
    at: String,
    stamp: i64,
    version: i64,
    sheets: Vec<Sheet>,
    is_same: bool,
    removes_members: usize,
}

#[derive(Serialize)]
struct Sheet {
    name: &'static str,
    added: Vec<String>,
    removed: Vec<String>,
    changed: Vec<Row>,
    added_count: usize,
    removed_count: usize,
    changed_count: usize,
    reordered: bool,
}

#[derive(Serialize)]
struct Row {
    name: String,
    cells: Vec<(&'static str, String, String)>,
}

pub(super) async fn preview(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let Some(pending) = pending(&desk).await? else {
        return Ok(desk.go_on("/console/settings/import", "没有等待确认的工作簿，请重新上传。"));
    };
    let (version, before) = stored(&desk).await?;
    let stamp = pending.at.timestamp_millis();
    let content = Arc::new(pending.content);
    let next = match judged(&desk, &pending.name, content, before.clone()).await? {
        Ok(next) => next,
        Err(troubles) => return told(&desk, pending.name, &troubles),
    };
    let compared = move || revision::differences(before.as_deref(), &next);
    let changes = actix_web::web::block(compared).await.map_err(|error| desk.broken(&error))?;
    let removes = |change: &&SheetChange| change.form.english == "members";
    let content = Preview {
        at: words::when(pending.at, desk.now),
        name: pending.name,
        stamp,
        version,
        is_same: !changes.iter().any(SheetChange::is_any),
        removes_members: changes.iter().find(removes).map_or(0, |change| change.removed.len()),
        sheets: changes.into_iter().filter(SheetChange::is_any).map(sheet).collect(),
    };
    desk.page("settings/preview.html", "settings", "核对改动", content)
}

fn sheet(change: SheetChange) -> Sheet {
    let SheetChange { form, mut added, mut removed, mut changed, reordered } = change;
    let counts = (added.len(), removed.len(), changed.len());
    added.truncate(TOLD);
    removed.truncate(TOLD);
    changed.truncate(TOLD);
    Sheet {
        name: super::sheet::title(form),
        added,
        removed,
        changed: changed.into_iter().map(|RowChange { name, cells }| Row { name, cells }).collect(),
        added_count: counts.0,
        removed_count: counts.1,
        changed_count: counts.2,
        reordered,
    }
}

fn meanwhile(desk: &Desk) -> Stop {
    desk.stop(Why::Told {
        what: "在您核对的时候，有人改了设置，所以没有导入。".to_owned(),
        mend: "请回到“设置—导入工作簿”，对照现在的内容再核对一次；必要时先下载现在的工作簿，\
               把别人的改动也填进去。"
            .to_owned(),
    })
}

/// A change in numbers, without names.
fn counted(change: &SheetChange) -> String {
    let SheetChange { form, added, removed, changed, .. } = change;
    format!("{} +{} −{} ~{}", form.chinese, added.len(), removed.len(), changed.len())
}

async fn stored(desk: &Desk) -> Result<(i64, Option<Arc<County>>), Stop> {
    let stored = desk.app.store.county().await.map_err(|error| desk.broken(&error))?;
    Ok(stored.map_or((0, None), |(version, county)| (version, Some(Arc::new(county)))))
}

#[derive(Deserialize)]
pub(super) struct Confirmed {
    stamp: i64,
    version: i64,
}

pub(super) async fn confirm(posted: Posted<Confirmed>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs_whole_county()?;
    let found = pending(&desk).await?;
    let Some(pending) = found.filter(|it| it.at.timestamp_millis() == form.stamp) else {
        return Err(desk.stop(Why::Told {
            what: "这个工作簿已经过期，或者您又上传了另一个，没有导入。".to_owned(),
            mend: "请到“设置—导入工作簿”重新上传、核对。".to_owned(),
        }));
    };
    let (version, before) = stored(&desk).await?;
    if version != form.version {
        return Err(meanwhile(&desk));
    }
    let next = judged(&desk, &pending.name, Arc::new(pending.content), before.clone()).await?;
    let next = next.map_err(|_| meanwhile(&desk))?;
    let changes = revision::differences(before.as_deref(), &next);
    let note: Vec<String> = changes.iter().filter(|it| it.is_any()).map(counted).collect();
    let change = CountyChange {
        version: form.version,
        next: &next,
        moved: None,
        is_import: true,
        subject: &format!("导入 {}", pending.name),
        note: &note.join("；"),
    };
    let name = &desk.account.name;
    let stored = put_county(&desk.app, desk.operator(), name, &change, desk.now).await;
    if !stored.map_err(|error| desk.broken(&error))? {
        return Err(meanwhile(&desk));
    }
    Ok(desk.go_on("/console/settings", "工作簿已经导入。"))
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn cancel(posted: Posted<Nothing>) -> Result<HttpResponse, Stop> {
    let desk = posted.desk;
    desk.needs_whole_county()?;
    let dropped = async {
        let tx = desk.app.store.begin().await?;
        tx.drop_pending_import(desk.operator().id).await?;
        tx.commit().await
    };
    dropped.await.map_err(|error| desk.broken(&error))?;
    Ok(desk.go_on("/console/settings/import", "已经放弃，什么都没有改。"))
}
