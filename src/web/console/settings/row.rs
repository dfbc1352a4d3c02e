//! One row of a sheet as a form, made of what the sheet says about its columns.

use super::{
    super::Posted,
    Desk, Stop,
    save::Saved,
    sheet::{spoken, title},
};
use crate::{
    county::{
        Column,
        forms::SheetForm,
        revision::{self, Edit, Told, name_place},
    },
    web::console::stop::Why,
    workbook::guide::{self, Fill, SETTINGS},
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Path, Query},
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The field that says which row, and the one that says what it looked like.
const KEY: &str = "key";
const SEEN: &str = "seen";

#[derive(Deserialize)]
pub(super) struct Which {
    key: Option<String>,
}

#[derive(Serialize)]
struct Form<'a> {
    sheet: &'static str,
    sheet_name: &'static str,
    back: String,
    /// The row's name; none of a new one.
    key: Option<&'a str>,
    name: String,
    seen: String,
    fields: Vec<Field>,
    /// Mistakes that are not in this row.
    elsewhere: Vec<(String, String, String)>,
    /// What somebody else wrote meanwhile: column, entered, now.
    meanwhile: Vec<(&'static str, String, String)>,
    is_wrong: bool,
    may_remove: bool,
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    words: &'static str,
    hint: &'static str,
    required: bool,
    value: String,
    /// The value in words, where it is a code.
    spoken: String,
    /// To choose from: value and words.
    options: Vec<(String, String)>,
    is_long: bool,
    is_fixed: bool,
    longest: usize,
    wrong: Vec<String>,
}

pub(super) async fn page(
    desk: Desk,
    sheet: Path<String>,
    which: Query<Which>,
) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let form = desk.form(&sheet)?;
    let key = which.key.as_deref();
    let cells = match key {
        Some(key) => {
            revision::row(&desk.county, form, key).ok_or_else(|| desk.stop(Why::Nothing))?
        }
        None if form.english == "settings" => return Err(desk.stop(Why::Nothing)),
        None => vec![String::new(); form.columns.len()],
    };
    let seen = key.map(|_| revision::digest(&cells)).unwrap_or_default();
    form_page(&desk, form, key, &cells, seen, &[], &[])
}

pub(super) async fn put(
    posted: Posted<HashMap<String, String>>,
    sheet: Path<String>,
) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: posted } = posted;
    desk.needs_whole_county()?;
    let form = desk.form(&sheet)?;
    let key = posted.get(KEY).filter(|key| !key.is_empty()).map(String::as_str);
    let known = key.and_then(|key| revision::row(&desk.county, form, key));
    let cell = |(place, column): (usize, &Column)| {
        let known = known.as_ref().and_then(|row| row.get(place));
        match posted.get(column.english) {
            Some(cell) if !is_fixed(form, column, key.is_some()) => cell.clone(),
            _ => known.cloned().unwrap_or_default(),
        }
    };
    let cells: Vec<String> = form.columns.iter().enumerate().map(cell).collect();
    let edit = Edit::Put { key: key.map(str::to_owned), cells: cells.clone() };
    let seen = posted.get(SEEN).map(String::as_str).unwrap_or_default();
    let saved = desk.save_row(form, &edit, Some(seen).filter(|_| key.is_some())).await?;
    match saved {
        Saved::Done => {
            let name = cells.get(name_place(form)).map_or("", |name| name.trim());
            Ok(desk.go_on(&back(form), &format!("“{name}”已经保存。")))
        }
        Saved::Wrong(told) => form_page(&desk, form, key, &cells, seen.to_owned(), &told, &[]),
        Saved::Meanwhile(now) => {
            let seen = revision::digest(&now);
            form_page(&desk, form, key, &cells, seen, &[], &now)
        }
        Saved::Gone => Err(gone(&desk)),
    }
}

#[derive(Deserialize)]
pub(super) struct Named {
    key: String,
    seen: Option<String>,
    #[serde(default)]
    up: bool,
    /// Of a switch: whether it shall be on.
    #[serde(default)]
    on: bool,
}

pub(super) async fn remove(
    posted: Posted<Named>,
    sheet: Path<String>,
) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: Named { key, seen, .. } } = posted;
    desk.needs_whole_county()?;
    let form = desk.form(&sheet)?;
    if form.english == "settings" {
        return Err(desk.stop(Why::Nothing));
    }
    let saved = desk.save_row(form, &Edit::Remove { key: key.clone() }, seen.as_deref()).await?;
    match saved {
        Saved::Done => Ok(desk.go_on(&back(form), &format!("“{key}”已经删除。"))),
        Saved::Wrong(told) => {
            let needs: Vec<String> =
                told.iter().filter_map(|told| told.elsewhere.clone()).take(5).collect();
            Err(desk.stop(Why::Told {
                what: format!("“{key}”还不能删除：{}还在用它。", needs.join("，")),
                mend: "请先把那里改成别的，再来删除。".to_owned(),
            }))
        }
        Saved::Meanwhile(_) => Err(desk.stop(Why::Told {
            what: format!("“{key}”刚刚被别人改过，没有删除。"),
            mend: "请返回列表，看过以后再决定。".to_owned(),
        })),
        Saved::Gone => Err(gone(&desk)),
    }
}

pub(super) async fn shift(
    posted: Posted<Named>,
    sheet: Path<String>,
) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: Named { key, up, .. } } = posted;
    desk.needs_whole_county()?;
    let form = desk.form(&sheet)?;
    match desk.save_row(form, &Edit::Move { key: key.clone(), up }, None).await? {
        Saved::Done => {
            let way = if up { "上移" } else { "下移" };
            Ok(desk.go_on(&back(form), &format!("“{key}”已经{way}。")))
        }
        _ => Err(gone(&desk)),
    }
}

/// A category on or off.
pub(super) async fn switch(
    posted: Posted<Named>,
    sheet: Path<String>,
) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: Named { key, on, .. } } = posted;
    desk.needs_whole_county()?;
    let form = desk.form(&sheet)?;
    let place = form.columns.iter().position(|column| column.english == "enabled");
    let row = revision::row(&desk.county, form, &key).zip(place);
    let (mut cells, place) = row.ok_or_else(|| desk.stop(Why::Nothing))?;
    let seen = revision::digest(&cells);
    if let Some(cell) = cells.get_mut(place) {
        (if on { "是" } else { "否" }).clone_into(cell);
    }
    let name = cells.get(1).cloned().unwrap_or_default();
    match desk.save_row(form, &Edit::Put { key: Some(key), cells }, Some(&seen)).await? {
        Saved::Done => {
            let said = format!("“{name}”已经{}。", if on { "启用" } else { "停用" });
            Ok(desk.go_on("/console/settings", &said))
        }
        _ => Err(gone(&desk)),
    }
}

fn gone(desk: &Desk) -> Stop {
    desk.stop(Why::Told {
        what: "这一条已经被别人改过或者删除了。".to_owned(),
        mend: "请返回列表，刷新以后再看。".to_owned(),
    })
}

/// Where a sheet is looked at.
fn back(form: &SheetForm) -> String {
    match form.english {
        "members" => "/console/members".to_owned(),
        "handbook" => "/console/handbook".to_owned(),
        "calendar" => "/console/settings/calendar".to_owned(),
        sheet => format!("/console/settings/sheets/{sheet}"),
    }
}

/// What others refer to stays as it is; so does leave, which has a form of its own.
fn is_fixed(form: &SheetForm, column: &Column, is_known: bool) -> bool {
    let is_key = form.columns.first().is_some_and(|first| first.english == column.english);
    let may_change = matches!(form.english, "members" | "routes" | "calendar");
    column.english == "leave" || (is_key && is_known && !may_change)
}

fn form_page(
    desk: &Desk,
    form: &'static SheetForm,
    key: Option<&str>,
    cells: &[String],
    seen: String,
    told: &[Told],
    now: &[String],
) -> Result<HttpResponse, Stop> {
    let fields = form.columns.iter().zip(cells).enumerate();
    let fields: Vec<Field> = fields
        .filter(|(_, (column, _))| column.english != "leave")
        .map(|(place, (column, _))| field(desk, form, column, place, cells, key, told))
        .collect();
    let columns = form.columns.iter().map(|column| column.chinese);
    let meanwhile = columns.zip(cells.iter().zip(now)).filter(|(_, (mine, now))| mine != now);
    let elsewhere = told.iter().filter(|told| told.column.is_none());
    let is_new = key.is_none();
    let name = cells.get(name_place(form)).cloned().unwrap_or_default();
    let title = match &name {
        _ if is_new => format!("新增{}", title(form)),
        name => format!("{}：{name}", title(form)),
    };
    let content = Form {
        sheet: form.english,
        sheet_name: self::title(form),
        back: back(form),
        key,
        name,
        seen,
        fields,
        elsewhere: elsewhere
            .map(|told| {
                let place = told.elsewhere.clone().unwrap_or_default();
                (place, told.what.clone(), told.mend.clone())
            })
            .collect(),
        meanwhile: meanwhile
            .map(|(column, (mine, now))| (column, mine.clone(), now.clone()))
            .collect(),
        is_wrong: !told.is_empty(),
        may_remove: !is_new && form.english != "settings",
    };
    let is_refused = !told.is_empty() || !now.is_empty();
    let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let section = match form.english {
        "members" => "members",
        "handbook" => "handbook",
        _ => "settings",
    };
    desk.page_with(HttpResponse::build(status), "settings/row.html", section, &title, content)
}

fn field(
    desk: &Desk,
    form: &SheetForm,
    column: &Column,
    place: usize,
    cells: &[String],
    key: Option<&str>,
    told: &[Told],
) -> Field {
    let county = &desk.county;
    let hint = guide::of_column(form, column);
    let value = cells.get(place).cloned().unwrap_or_default();
    let mut options: Vec<(String, String)> = match hint.map(|hint| hint.fill) {
        Some(Fill::OneOf(words)) => {
            words.iter().map(|word| ((*word).to_owned(), (*word).to_owned())).collect()
        }
        _ if column.english == "unit" => {
            county.units().iter().map(|unit| (unit.code.clone(), unit.name.clone())).collect()
        }
        _ => Vec::new(),
    };
    if !options.is_empty() && !value.is_empty() && options.iter().all(|(known, _)| *known != value)
    {
        options.push((value.clone(), value.clone()));
    }
    let is_setting = form.english == "settings" && column.english == "value";
    let about = SETTINGS.iter().find(|setting| is_setting && Some(setting.name) == key);
    let said = spoken(county, form, place, cells);
    Field {
        name: column.english,
        words: column.chinese,
        hint: about.map_or_else(|| hint.map_or("", |hint| hint.words), |setting| setting.words),
        required: about.map_or(column.required && column.english != "parent", |one| one.required),
        spoken: if said == value || !options.is_empty() { String::new() } else { said },
        options,
        is_long: matches!(column.english, "text" | "keywords" | "hint"),
        is_fixed: is_fixed(form, column, key.is_some()),
        longest: column.longest,
        wrong: told
            .iter()
            .filter(|told| told.column == Some(column.chinese))
            .map(|told| format!("{}；{}", told.what, told.mend))
            .collect(),
        value,
    }
}
