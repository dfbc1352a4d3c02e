//! `menu`: the account's menus, shown as they would change and changed.
//!
//! `plan` changes nothing. `apply` shows the same, asks, and tells each step that is done; where it
//! stops in between, running it again does the rest. Whoever still waits for a tag, or was refused
//! one, is looked at again after it.

use super::output::{note, say};
use super::{Verdict, opening};
use crate::{
    app::App,
    clock::SystemClock,
    config::Config,
    ids::RandomIds,
    menus::{self, Plan},
    wechat::account::Account,
};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use std::{io, sync::Arc};

#[derive(Debug, Subcommand)]
pub(super) enum Menu {
    /// Show what would change, and change nothing.
    Plan(Which),
    /// Change it.
    Apply(Apply),
}

#[derive(Debug, Args)]
pub(super) struct Which {
    /// The account, where there are several; otherwise all of them.
    #[arg(long, value_name = "SLUG")]
    account: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Apply {
    #[command(flatten)]
    which: Which,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

impl Menu {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<Verdict> {
        let store = opening::ready(&config.database).await?;
        let app = App::configured(config, store, Arc::new(SystemClock), Arc::new(RandomIds))?;
        let (which, asks) = match &self {
            Self::Plan(which) => (which, true),
            Self::Apply(Apply { which, yes }) => (which, !yes),
        };
        for account in accounts(&app, which.account.as_deref())? {
            let plan = menus::plan(&app, account).await?;
            tell(account, &plan);
            if matches!(self, Self::Apply(_)) {
                let changes = !plan.is_empty();
                if changes && asks && !agreed()? {
                    say!("{}: nothing was changed", account.slug);
                    continue;
                }
                menus::apply(&app, account, plan, |step| {
                    let done = step.to_string();
                    note!("done: {}", done.lines().next().unwrap_or_default());
                })
                .await
                .context("it stopped there; what is done stays, and `menu apply` does the rest")?;
                if changes {
                    say!("{}: done", account.slug);
                }
            }
        }
        Ok(Verdict::Done)
    }
}

/// The account of this slug, or all.
pub(super) fn accounts<'a>(app: &'a App, slug: Option<&str>) -> anyhow::Result<Vec<&'a Account>> {
    let found: Vec<&Account> =
        app.accounts.iter().filter(|a| slug.is_none_or(|slug| a.slug == slug)).collect();
    if found.is_empty() {
        let known: Vec<&str> = app.accounts.iter().map(|account| account.slug.as_str()).collect();
        bail!("there is no such account; configured are: {}", known.join(", "));
    }
    Ok(found)
}

fn tell(account: &Account, plan: &Plan) {
    if plan.is_empty() {
        return say!("{}: the menus are as they should be, nothing to do", account.slug);
    }
    say!("{}: {} step(s)", account.slug, plan.steps.len());
    for step in &plan.steps {
        say!("  {}", step.to_string().replace('\n', "\n  "));
    }
}

fn agreed() -> anyhow::Result<bool> {
    note!("Do this? Write yes:");
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}
