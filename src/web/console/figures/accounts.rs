//! How much each official account is used.

use super::{Desk, Stop, asked::Looked};
use crate::{
    figures::{
        accounts::{self, Used},
        overview::{self, Followed},
    },
    workbook::report::Cell,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The account whose followers are looked at; empty for all together.
#[derive(Debug, Default, Deserialize)]
pub(super) struct OfAccount {
    #[serde(default)]
    account: String,
}

/// One account.
#[derive(Serialize)]
pub(super) struct Line {
    pub(super) name: String,
    /// To its followers alone.
    href: String,
    is_here: bool,
    followers: u64,
    came: i64,
    left: i64,
    pushes: u64,
    notices: u64,
    tickets: u64,
}

/// What the columns of a line are called.
pub(super) const COLUMNS: [&str; 7] =
    ["公众号", "关注人数", "新关注", "取消关注", "收到消息", "发出通知", "提交诉求"];

impl Line {
    /// As a row of a workbook.
    pub(super) fn cells(&self) -> Vec<Cell> {
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        let (came, left) = (count(self.came), count(self.left));
        let counts = [self.followers, came, left, self.pushes, self.notices, self.tickets];
        std::iter::once(Cell::Text(self.name.clone())).chain(counts.map(Cell::Count)).collect()
    }
}

/// The accounts, and the followers of the chosen one, or of all; nothing for somebody who does not
/// look at everything.
pub(super) async fn of(
    desk: &Desk,
    looked: &Looked,
    chosen: &OfAccount,
) -> Result<(Vec<Line>, BTreeMap<String, Followed>), Stop> {
    let is_everything = desk.operator().scope.is_whole() && looked.whose.area.is_none();
    if !is_everything {
        return Ok((Vec::new(), BTreeMap::new()));
    }
    let app = &desk.app;
    let here = Some(chosen.account.as_str()).filter(|account| app.accounts.get(account).is_some());
    let followed = overview::followers(app, looked.stretch, here).await;
    let followed = followed.map_err(|error| desk.broken(&error))?;
    let used = accounts::used(app, looked.stretch).await.map_err(|error| desk.broken(&error))?;
    let mut lines = Vec::new();
    for used in used {
        let theirs = overview::followers(app, looked.stretch, Some(&used.account)).await;
        let theirs = theirs.map_err(|error| desk.broken(&error))?;
        lines.push(line(desk, looked, here, used, &theirs));
    }
    Ok((lines, followed))
}

fn line(
    desk: &Desk,
    looked: &Looked,
    here: Option<&str>,
    used: Used,
    followed: &BTreeMap<String, Followed>,
) -> Line {
    let Used { account, followers, pushes, notices, tickets } = used;
    let name = desk.app.accounts.get(&account).map_or(account.clone(), |known| known.name.clone());
    Line {
        name,
        href: looked.address("", &[("account", &account)]),
        is_here: here == Some(account.as_str()),
        followers,
        came: followed.values().map(|day| day.came).sum(),
        left: followed.values().map(|day| day.left).sum(),
        pushes,
        notices,
        tickets,
    }
}
