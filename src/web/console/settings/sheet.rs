//! One sheet as a table: fifty rows a page, searched by any word.

use super::{Desk, Stop};
use crate::{
    county::{AreaCode, County, forms::SheetForm, revision::name_place, written},
    workbook::guide,
};
use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use serde::{Deserialize, Serialize};

/// Rows on a page.
pub(super) const ROWS: usize = 50;

#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    from: usize,
}

#[derive(Serialize)]
struct Table {
    sheet: &'static str,
    name: &'static str,
    words: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Row>,
    q: String,
    all: usize,
    first: usize,
    last: usize,
    before: Option<usize>,
    after: Option<usize>,
    /// The first that fits counts, so rows can be moved.
    is_ordered: bool,
    /// Rows come and go.
    may_grow: bool,
}

#[derive(Serialize)]
struct Row {
    key: String,
    name: String,
    cells: Vec<String>,
}

pub(super) async fn page(
    desk: Desk,
    sheet: Path<String>,
    search: Query<Search>,
) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let form = desk.form(&sheet)?;
    let county = &desk.county;
    let (q, from) = (search.q.trim(), search.from);
    let mut rows = written::rows(county.register(), form);
    let places = shown(form);
    let all = rows.len();
    if !q.is_empty() {
        let finds = |row: &Vec<String>| {
            row.iter().any(|cell| cell.contains(q))
                || places.iter().any(|place| spoken(county, form, *place, row).contains(q))
        };
        rows.retain(finds);
    }
    let found = rows.len();
    let name = name_place(form);
    let row = |row: &Vec<String>| Row {
        key: row.first().cloned().unwrap_or_default(),
        name: row.get(name).cloned().unwrap_or_default(),
        cells: places.iter().map(|place| spoken(county, form, *place, row)).collect(),
    };
    let column = |place: &usize| form.columns.get(*place).map_or("", |column| column.chinese);
    let last = found.min(from.saturating_add(ROWS));
    let content = Table {
        sheet: form.english,
        name: title(form),
        words: guide::of(form).map_or("", |guide| guide.words),
        columns: places.iter().map(column).collect(),
        rows: rows.iter().skip(from).take(ROWS).map(row).collect(),
        q: q.to_owned(),
        all,
        first: if found == 0 { 0 } else { from + 1 },
        last,
        before: (from > 0).then(|| from.saturating_sub(ROWS)),
        after: (last < found).then_some(last),
        is_ordered: matches!(form.english, "routes" | "categories"),
        may_grow: form.english != "settings",
    };
    desk.page("settings/sheet.html", "settings", title(form), content)
}

/// What a sheet is called on a page.
pub(super) fn title(form: &SheetForm) -> &'static str {
    match form.english {
        "settings" => "基本情况",
        "routes" => "派单规则",
        "handbook" => "办事指南",
        _ => form.chinese,
    }
}

/// The columns of a table; all are in the form.
fn shown(form: &SheetForm) -> Vec<usize> {
    let wanted: &[&str] = match form.english {
        "areas" => &["name", "level", "parent", "code", "aliases"],
        "units" => &["name", "kind", "area", "leader", "code"],
        "members" => &["name", "role", "area", "unit", "skills", "duty", "leave", "max_load"],
        "categories" => &[
            "name",
            "unit",
            "enabled",
            "auto",
            "checker",
            "four_order",
            "accept_limit",
            "sign_limit",
            "result_limit",
            "check_limit",
            "module",
        ],
        "handbook" => &["title", "subject", "unit", "checked_on"],
        _ => return (0..form.columns.len()).collect(),
    };
    let place = |name: &&str| form.columns.iter().position(|column| column.english == *name);
    wanted.iter().filter_map(place).collect()
}

/// A cell as people say it: names instead of codes.
pub(super) fn spoken(county: &County, form: &SheetForm, place: usize, row: &[String]) -> String {
    let cell = row.get(place).map_or("", String::as_str);
    let column = form.columns.get(place).map_or("", |column| column.english);
    let is_area = matches!(column, "area" | "parent");
    let unit = || county.unit(cell).map(|unit| unit.name.clone());
    match column {
        _ if cell.is_empty() => String::new(),
        _ if is_area => {
            let area = county.area(&AreaCode::from(cell));
            area.map_or_else(|| cell.to_owned(), |area| area.name.clone())
        }
        "unit" | "target" => unit().unwrap_or_else(|| cell.to_owned()),
        "categories" => {
            let names = cell.split(' ').map(|code| {
                county.category(code).map_or_else(|| code.to_owned(), |one| one.name.clone())
            });
            names.collect::<Vec<_>>().join("、")
        }
        _ => cell.to_owned(),
    }
}
