//! Storing one changed row, for every page that changes one.
//!
//! The county is read anew, the row compared with the one that was looked at, the change checked
//! like a workbook and stored over exactly the county it was made from; if somebody else was
//! faster, all of that is done again.

use super::{Desk, Stop};
use crate::{
    county::{
        County, Register,
        forms::SheetForm,
        revision::{self, Edit, NotRevised, Told},
    },
    desk::{CountyChange, put_county},
};
use std::sync::Arc;

/// Two people do not save more often than this within one breath.
const TRIES: usize = 4;

/// What became of an edit.
pub(in super::super) enum Saved {
    /// It is so now.
    Done,
    /// The county would contradict itself.
    Wrong(Vec<Told>),
    /// Somebody else changed the row since it was looked at: what it says now.
    Meanwhile(Vec<String>),
    /// There is no such row any more.
    Gone,
}

impl Desk {
    /// Stores an edit of one row; `seen` is the digest of the row that was looked at.
    pub(in super::super) async fn save_row(
        &self,
        form: &'static SheetForm,
        edit: &Edit,
        seen: Option<&str>,
    ) -> Result<Saved, Stop> {
        for _ in 0..TRIES {
            let stored = self.app.store.county().await.map_err(|e| self.broken(&e))?;
            let (version, county) = stored.unwrap_or_else(|| (0, County::new(Register::default())));
            let county = Arc::new(county);
            let current = key_of(edit).map(|key| revision::row(&county, form, key));
            if let Some(current) = &current {
                let Some(current) = current else { return Ok(Saved::Gone) };
                if seen.is_some_and(|seen| seen != revision::digest(current)) {
                    return Ok(Saved::Meanwhile(current.clone()));
                }
            }
            let (wanted, from) = (edit.clone(), county.clone());
            // A large county is checked for longer than others should wait.
            let checked = actix_web::web::block(move || revision::revised(&from, form, &wanted));
            let next = match checked.await.map_err(|error| self.broken(&error))? {
                Ok(next) => next,
                Err(NotRevised::Gone) => return Ok(Saved::Gone),
                Err(NotRevised::Wrong(told)) => return Ok(Saved::Wrong(told)),
            };
            let change = CountyChange {
                version,
                next: &next,
                moved: moved(form, edit, &county, &next),
                is_import: false,
                subject: &subject(form, edit),
                note: &note(form, edit, current.flatten().as_deref()),
            };
            let name = &self.account.name;
            let stored = put_county(&self.app, self.operator(), name, &change, self.now).await;
            if stored.map_err(|error| self.broken(&error))? {
                return Ok(Saved::Done);
            }
        }
        Err(self.stop(super::Why::Told {
            what: "别人正在修改设置，没有保存。".to_owned(),
            mend: "请返回上一页，过一会儿再保存。".to_owned(),
        }))
    }
}

fn key_of(edit: &Edit) -> Option<&str> {
    match edit {
        Edit::Put { key, .. } => key.as_deref(),
        Edit::Remove { key } | Edit::Move { key, .. } => Some(key),
    }
}

/// A member whose name, area or unit changes is the same person still.
fn moved<'a>(
    form: &SheetForm,
    edit: &'a Edit,
    before: &County,
    next: &'a County,
) -> Option<(&'a str, &'a crate::county::Member)> {
    let Edit::Put { key: Some(old), cells } = edit else { return None };
    if form.english != "members" {
        return None;
    }
    let (was, is) = (before.member(old)?, next.member(cells.first()?.trim())?);
    let is_moved = (&was.name, &was.area, &was.unit) != (&is.name, &is.area, &is.unit);
    is_moved.then_some((old.as_str(), is))
}

fn subject(form: &SheetForm, edit: &Edit) -> String {
    let key = match edit {
        Edit::Put { key: None, cells } => cells.first().map_or("", String::as_str),
        edit => key_of(edit).unwrap_or_default(),
    };
    format!("{} {}", form.chinese, key.trim())
}

/// Which columns, but not what they say: some of it is how people can be reached.
fn note(form: &SheetForm, edit: &Edit, before: Option<&[String]>) -> String {
    match edit {
        Edit::Put { key: None, .. } => "新增".to_owned(),
        Edit::Put { cells, .. } => {
            let columns = form.columns.iter().zip(before.unwrap_or_default().iter().zip(cells));
            let changed = columns.filter(|(_, (old, new))| old.trim() != new.trim());
            let names: Vec<&str> = changed.map(|(column, _)| column.chinese).collect();
            format!("修改：{}", names.join("、"))
        }
        Edit::Remove { .. } => "删除".to_owned(),
        Edit::Move { up: true, .. } => "上移".to_owned(),
        Edit::Move { up: false, .. } => "下移".to_owned(),
    }
}
