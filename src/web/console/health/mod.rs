//! How things are: what is stuck, why, and what to do about it.
//!
//! Everything on the page is looked up here and now without calling anybody outside; only the
//! comparison of templates asks the platform, and only when somebody presses the button.
//!
//! Deliberately absent: tokens, openids and what was said.

mod alarms;
mod circuits;
mod letters;
mod look;
mod templates;

use super::{Desk, Stop};
use crate::access::Permission;
use actix_web::{
    HttpResponse,
    web::{ServiceConfig, get, post, resource},
};
use serde::Serialize;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/health").route(get().to(page)))
        .service(resource("/health/templates").route(post().to(templates::compare)))
        .service(resource("/health/letters").route(get().to(letters::list)))
        .service(resource("/health/letters/again").route(post().to(letters::again)));
}

/// How a line shines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Light {
    Grey,
    Green,
    Yellow,
    Red,
}

/// One look and what it found.
#[derive(Debug, Serialize)]
struct Line {
    name: String,
    light: Light,
    /// The light in words: no colour stands alone.
    state: &'static str,
    finding: String,
    /// What to do about it.
    mend: Option<String>,
    /// Where to do it.
    link: Option<(&'static str, &'static str)>,
}

impl Line {
    fn of(name: impl Into<String>, light: Light, finding: impl Into<String>) -> Self {
        let state = match light {
            Light::Grey => "提示",
            Light::Green => "正常",
            Light::Yellow => "留意",
            Light::Red => "要处理",
        };
        Self { name: name.into(), light, state, finding: finding.into(), mend: None, link: None }
    }

    fn good(name: impl Into<String>, finding: impl Into<String>) -> Self {
        Self::of(name, Light::Green, finding)
    }

    fn mend(self, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..self }
    }

    fn link(self, href: &'static str, words: &'static str) -> Self {
        Self { link: Some((href, words)), ..self }
    }
}

#[derive(Serialize)]
struct Health {
    summary: String,
    light: Light,
    lines: Vec<Line>,
    accounts: usize,
}

async fn page(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Health)?;
    let lines = look::everything(&desk).await;
    let count = |light| lines.iter().filter(|line| line.light == light).count();
    let (red, yellow) = (count(Light::Red), count(Light::Yellow));
    let summary = match (red, yellow) {
        (0, 0) => "一切正常。".to_owned(),
        (0, yellow) => format!("能正常工作，有 {yellow} 件事要留意。"),
        (red, _) => format!("有 {red} 件事要马上处理，办法写在后面。"),
    };
    let light = lines.iter().map(|line| line.light).max().unwrap_or(Light::Green);
    let accounts = desk.app.accounts.iter().count();
    let content = Health { summary, light, lines, accounts };
    desk.page("health/health.html", "health", "运行状况", content)
}
