//! From a template and values to a page.
//!
//! Templates lie in `templates/console/`, are compiled in, know no names but those they are given,
//! and escape every value and make it plain: what a resident wrote stays text wherever it stands,
//! and turns no other text around.

use super::{desk::Desk, files, plain::plainly};
use crate::{
    access::{Operator, Permission},
    county::County,
};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, escape_formatter, value::Serde};
use rust_embed::RustEmbed;
use serde::Serialize;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "templates/console/"]
struct Embedded;

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    pages.set_undefined_behavior(UndefinedBehavior::Strict);
    pages.set_auto_escape_callback(|_| AutoEscape::Html);
    pages.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => {
            escape_formatter(out, state, &minijinja::Value::from(plainly(text).as_ref()))
        }
        _ => escape_formatter(out, state, value),
    });
    pages.add_function("asset", |name: &str| files::address(name));
    pages.set_loader(|name| {
        let found = Embedded::get(name);
        Ok(found.map(|file| String::from_utf8_lossy(&file.data).into_owned()))
    });
    pages
});

/// What every page of somebody who is signed in has around its content.
#[derive(Serialize)]
pub(super) struct Frame<'a, T> {
    pub(super) title: &'a str,
    /// The entry of the menu that the page belongs to.
    pub(super) section: &'a str,
    pub(super) me: Option<Me>,
    pub(super) csrf: &'a str,
    /// What was done on the page before.
    pub(super) said: Option<&'a str>,
    pub(super) menu: Vec<Entry>,
    pub(super) county: &'a str,
    /// How many things are wrong with the official accounts, for those who can mend them.
    pub(super) alarms: usize,
    pub(super) page: T,
}

/// A part of a page.
#[derive(Serialize)]
pub(super) struct Part<'a, T> {
    pub(super) csrf: &'a str,
    pub(super) page: T,
}

/// A page in front of the door.
#[derive(Serialize)]
pub(super) struct Outside<'a, T> {
    title: &'a str,
    page: T,
}

impl<'a, T: Serialize> Outside<'a, T> {
    pub(super) fn of(title: &'a str, page: T) -> Self {
        Self { title, page }
    }
}

/// Who is signed in, as the corner of the page says it.
#[derive(Serialize)]
pub(super) struct Me {
    name: String,
    role: &'static str,
    area: String,
}

impl Me {
    pub(super) fn of(desk: &Desk) -> Self {
        let operator = desk.operator();
        Self {
            name: desk.account.name.clone(),
            role: operator.role.words(),
            area: area_words(operator, &desk.county),
        }
    }
}

fn area_words(operator: &Operator, county: &County) -> String {
    let Some(code) = &operator.scope.area else { return "全县".to_owned() };
    county.area(&code.as_str().into()).map_or_else(|| code.clone(), |area| area.name.clone())
}

/// One entry of the menu.
#[derive(Serialize)]
pub(super) struct Entry {
    code: &'static str,
    words: &'static str,
    href: &'static str,
}

/// Code, words, address, and what one needs to see it.
type Section = (&'static str, &'static str, &'static str, Permission);

/// The sections, in the order of a day's work, with what one needs to see them.
const SECTIONS: &[Section] = &[
    ("queues", "待办", "/console/queues", Permission::Look),
    ("conversations", "会话", "/console/conversations", Permission::Triage),
    ("enter", "代为登记", "/console/enter", Permission::Enter),
    ("callbacks", "电话回访", "/console/callbacks", Permission::CallBack),
    ("lamps", "督办", "/console/lamps", Permission::Look),
    ("broadcasts", "群发", "/console/broadcasts", Permission::Broadcast),
    ("figures", "统计", "/console/figures", Permission::Figures),
    ("handbook", "办事指南", "/console/handbook", Permission::Look),
    ("members", "人员", "/console/members", Permission::Settings),
    ("settings", "设置", "/console/settings", Permission::Settings),
    ("health", "运行状况", "/console/health", Permission::Health),
];

/// What somebody who is limited to an area sees in the place of the settings, which are the whole
/// county's.
const ACCOUNTS: Section = ("accounts", "后台账号", "/console/accounts", Permission::Accounts);

/// The menu of this operator.
pub(super) fn menu(operator: &Operator) -> Vec<Entry> {
    let of_area = |section: Section| match section {
        ("settings", ..) if !operator.scope.is_whole() => ACCOUNTS,
        section => section,
    };
    SECTIONS
        .iter()
        .copied()
        .map(of_area)
        .filter(|(_, _, _, permission)| operator.may(*permission))
        .map(|(code, words, href, _)| Entry { code, words, href })
        .collect()
}

/// The page of a template below `templates/console/`.
pub(super) fn render(template: &str, values: &impl Serialize) -> Result<String, minijinja::Error> {
    PAGES.get_template(template)?.render(minijinja::Value::from(Serde(values)))
}
