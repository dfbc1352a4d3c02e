//! How the official account's menus stand: what is there, and what would change. To be looked at;
//! changing them is the technician's (`lianxin menu apply`), because everybody sees them at once.

use super::{Desk, Stop};
use crate::{menus, telemetry::Chain};
use actix_web::{
    HttpResponse,
    web::{ServiceConfig, get, resource},
};
use serde::Serialize;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(resource("/menus").route(get().to(look)));
}

#[derive(Serialize)]
struct Menus {
    accounts: Vec<Account>,
}

#[derive(Serialize)]
struct Account {
    name: String,
    slug: String,
    /// What the platform or the file says against it.
    problem: Option<String>,
    steps: Vec<String>,
    waiting: u64,
    refused: u64,
}

async fn look(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let mut accounts = Vec::new();
    for account in desk.app.accounts.iter() {
        let counts = desk.app.store.tag_counts(&account.slug).await;
        let counts = counts.map_err(|error| desk.broken(&error))?;
        let (steps, problem) = match menus::plan(&desk.app, account).await {
            Ok(plan) => (plan.steps.iter().map(ToString::to_string).collect(), None),
            Err(error) => (Vec::new(), Some(Chain(&error).to_string())),
        };
        accounts.push(Account {
            name: account.name.clone(),
            slug: account.slug.clone(),
            problem,
            steps,
            waiting: counts.waiting,
            refused: counts.refused,
        });
    }
    desk.page("area_codes/menus.html", "settings", "公众号菜单", Menus { accounts })
}
