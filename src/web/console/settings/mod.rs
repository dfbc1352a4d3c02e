//! Settings: what the county is made of, sheet by sheet and row by row, the same that its workbook
//! says; its calendar, its routing tried out, its workbook in and out.
//!
//! One implementation serves all sheets: columns, explanations and choices come from
//! [`crate::county::forms`] and [`crate::workbook::guide`], checks from the workbook's. Whoever
//! changes the county as a whole must not be limited to a part of it.
//!
//! Deliberately absent: accounts, codes, answer templates and wording, which have sections of
//! their own.

mod export;
mod import;
mod row;
pub(super) mod save;
mod sheet;
mod tester;
pub(super) mod upload;
mod year;

use super::{Desk, Stop, stop::Why};
use crate::{access::Permission, county::forms::SheetForm};
use actix_web::{
    HttpResponse,
    web::{ServiceConfig, get, post, resource},
};
use serde::Serialize;
use std::collections::BTreeMap;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/settings").route(get().to(overview)))
        .service(
            resource("/settings/import")
                .route(get().to(import::door))
                .route(post().to(import::take_in)),
        )
        .service(resource("/settings/import/check").route(get().to(import::preview)))
        .service(resource("/settings/import/confirm").route(post().to(import::confirm)))
        .service(resource("/settings/import/cancel").route(post().to(import::cancel)))
        .service(resource("/settings/export").route(get().to(export::present)))
        .service(resource("/settings/blank").route(get().to(export::blank)))
        .service(resource("/settings/calendar").route(get().to(year::page)))
        .service(resource("/settings/tester").route(get().to(tester::page)))
        .service(resource("/settings/sheets/{sheet}").route(get().to(sheet::page)))
        .service(
            resource("/settings/sheets/{sheet}/row")
                .route(get().to(row::page))
                .route(post().to(row::put)),
        )
        .service(resource("/settings/sheets/{sheet}/remove").route(post().to(row::remove)))
        .service(resource("/settings/sheets/{sheet}/move").route(post().to(row::shift)))
        .service(resource("/settings/sheets/{sheet}/switch").route(post().to(row::switch)));
}

impl Desk {
    /// Stops whoever may not change the county as a whole.
    pub(super) fn needs_whole_county(&self) -> Result<(), Stop> {
        self.needs(Permission::Settings)?;
        if self.operator().scope.is_whole() {
            return Ok(());
        }
        Err(self.stop(Why::NotAllowed(Permission::Settings)))
    }

    /// The sheet of this name.
    fn form(&self, sheet: &str) -> Result<&'static SheetForm, Stop> {
        let mut forms = crate::county::forms::SHEETS.iter();
        forms.find(|form| form.english == sheet).ok_or_else(|| self.stop(Why::Nothing))
    }
}

#[derive(Serialize)]
struct Overview {
    is_empty: bool,
    sheets: Vec<Tile>,
    modules: Vec<Module>,
    unknown_year: Option<i32>,
    rules_off: Vec<(String, String)>,
    may_accounts: bool,
}

#[derive(Serialize)]
struct Tile {
    href: String,
    words: &'static str,
    count: String,
    hint: &'static str,
}

/// A special module: the categories that bear its name, all on or all off.
#[derive(Serialize)]
struct Module {
    name: String,
    categories: Vec<ModuleCategory>,
}

#[derive(Serialize)]
struct ModuleCategory {
    code: String,
    name: String,
    enabled: bool,
}

async fn overview(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let county = &desk.county;
    let count = |count: usize| format!("{count} 条");
    let tile = |sheet: &str, words, count, hint| Tile {
        href: format!("/console/settings/sheets/{sheet}"),
        words,
        count,
        hint,
    };
    let sheets = vec![
        tile("settings", "基本情况", county.name().to_owned(), "县名、电话、工作时间、免打扰"),
        tile("areas", "区域", count(county.areas().len()), "县、乡镇、片区、村、网格"),
        tile("units", "单位", count(county.units().len()), "部门、站、志愿队伍"),
        Tile {
            href: "/console/members".to_owned(),
            words: "人员",
            count: count(county.members().len()),
            hint: "绑定、请假、移交工作",
        },
        tile(
            "categories",
            "分类",
            count(county.categories().len()),
            "时限、归口单位、核实、四单制",
        ),
        tile("routes", "派单规则", count(county.rules().len()), "什么诉求派给谁"),
        Tile {
            href: "/console/settings/calendar".to_owned(),
            words: "日历",
            count: count(county.register().days.len()),
            hint: "放假和补班",
        },
        Tile {
            href: "/console/handbook".to_owned(),
            words: "办事指南",
            count: count(county.handbook().len()),
            hint: "谁负责、何时核对",
        },
    ];
    let mut modules: BTreeMap<&str, Vec<ModuleCategory>> = BTreeMap::new();
    for category in county.categories() {
        if let Some(module) = &category.module {
            modules.entry(module).or_default().push(ModuleCategory {
                code: category.code.clone(),
                name: category.name.clone(),
                enabled: category.enabled,
            });
        }
    }
    let named = |(name, categories): (&str, _)| Module { name: module_words(name), categories };
    let off = crate::county::route::rules_off(county);
    let content = Overview {
        is_empty: county.root().is_none(),
        sheets,
        modules: modules.into_iter().map(named).collect(),
        unknown_year: year::unknown_soon(&desk),
        rules_off: off.into_iter().map(|off| (off.rule, off.why)).collect(),
        may_accounts: desk.operator().may(Permission::Accounts),
    };
    desk.page("settings/overview.html", "settings", "设置", content)
}

/// The modules that everybody has; others are called as the county calls them.
fn module_words(module: &str) -> String {
    let words = match module {
        "relocation" => "征迁",
        other => other,
    };
    words.to_owned()
}
