//! Lists that operators make for themselves.

use super::super::{Desk, Posted, Stop, stop::Why};
use super::choice::Choice;
use crate::{
    access::Permission,
    storage::{SavedView, StorageError},
    ticket::Queue,
};
use actix_web::HttpResponse;
use serde::Deserialize;

/// A name that fits beside the others.
const LONGEST_NAME: usize = 20;

#[derive(Deserialize)]
pub(super) struct Named {
    name: String,
    #[serde(flatten)]
    choice: Choice,
}

pub(super) async fn save(posted: Posted<Named>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::Look)?;
    let name: String = form.name.trim().chars().filter(|sign| !sign.is_control()).collect();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        let what = "视图要有一个名字，最多 20 个字。".to_owned();
        return Err(desk.stop(Why::Told { what, mend: "请返回上一页改短一些。".to_owned() }));
    }
    let queue = form.choice.queue().unwrap_or(Queue::Live);
    let view = SavedView { name, query: form.choice.query(queue.code()) };
    let is_kept = kept(&desk, &view).await.map_err(|e| desk.broken(&e))?;
    if !is_kept {
        let what = "保存的视图已经有 30 个。".to_owned();
        return Err(desk.stop(Why::Told { what, mend: "请先删掉不用的。".to_owned() }));
    }
    let to = format!("/console/queues?{}", view.query);
    Ok(desk.go_on(&to, &format!("视图“{}”已经保存。", view.name)))
}

async fn kept(desk: &Desk, view: &SavedView) -> Result<bool, StorageError> {
    let tx = desk.app.store.begin().await?;
    let is_kept = tx.save_view(desk.operator().id, view, desk.now).await?;
    tx.commit().await?;
    Ok(is_kept)
}

#[derive(Deserialize)]
pub(super) struct Name {
    name: String,
}

pub(super) async fn forget(posted: Posted<Name>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::Look)?;
    let forgotten: Result<(), StorageError> = async {
        let tx = desk.app.store.begin().await?;
        tx.forget_view(desk.operator().id, &form.name).await?;
        tx.commit().await
    }
    .await;
    forgotten.map_err(|e| desk.broken(&e))?;
    Ok(desk.go_on("/console/queues", "视图已经删除。"))
}
