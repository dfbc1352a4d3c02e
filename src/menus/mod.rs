//! An account's menus brought to what their file says, and everybody's tag to what they are.
//!
//! First it is shown what would be done ([`plan`]), then it is done ([`apply`]) in an order in
//! which each step leaves the account whole: tags, the menu for everybody, new menus for some,
//! and last the old ones go. Whoever is stopped in between plans again; what is done already is
//! not in that plan, and a second run of a whole one does nothing.
//!
//! Deliberately absent: what a good menu is ([`crate::wechat::menu`]), and the platform's wire.

mod plan;
pub mod tags;

pub use plan::{Plan, Step};

use crate::{
    app::App,
    storage::StorageError,
    wechat::{
        account::Account,
        client::{ClientError, PresentMenus, Tag},
        menu::{self, Menus, Problem},
    },
};
use std::io;

/// Why menus were not brought to what they should be.
#[derive(Debug, thiserror::Error)]
pub enum MenusError {
    /// The file cannot be read.
    #[error("the file of menus cannot be read")]
    File(#[source] io::Error),
    /// The platform would refuse what the file says.
    #[error("{}", problems(.0))]
    Wrong(Vec<Problem>),
    /// The platform did not do it.
    #[error("the platform did not do it")]
    Platform(#[source] ClientError),
    /// The database failed.
    #[error("what waits for the menus could not be told")]
    Storage(#[source] StorageError),
}

fn problems(all: &[Problem]) -> String {
    let lines: Vec<String> = all.iter().map(ToString::to_string).collect();
    format!("the file of menus has {} mistake(s)\n  {}", all.len(), lines.join("\n  "))
}

/// The menus that an account should have: its file's, or the built-in ones.
pub fn wanted(app: &App, account: &Account) -> Result<Menus, MenusError> {
    let page = app.public_url.as_str();
    let read = match &account.menu {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(MenusError::File)?;
            menu::read(&path.display().to_string(), &text, page)
        }
        None => menu::read(menu::BUILT_IN_NAME, menu::BUILT_IN, page),
    };
    read.map_err(MenusError::Wrong)
}

/// What would be done. Nothing is changed.
pub async fn plan(app: &App, account: &Account) -> Result<Plan, MenusError> {
    let wanted = wanted(app, account)?;
    let (present, tags) = look(app, account).await?;
    Ok(Plan::of(&wanted, &present, &tags))
}

async fn look(app: &App, account: &Account) -> Result<(PresentMenus, Vec<Tag>), MenusError> {
    let present = app.client.menus(&account.slug).await.map_err(MenusError::Platform)?;
    let tags = app.client.tags(&account.slug).await.map_err(MenusError::Platform)?;
    Ok((present, tags))
}

/// Does what the plan says, telling each step that is done; then whoever waited for a tag is due.
pub async fn apply(
    app: &App,
    account: &Account,
    plan: Plan,
    mut done: impl FnMut(&Step),
) -> Result<(), MenusError> {
    let slug = &account.slug;
    let mut tags = plan.tags;
    for step in plan.steps {
        let carried_out = match &step {
            Step::CreateTag { name } => match app.client.create_tag(slug, name).await {
                Ok(tag) => {
                    tags.insert(name.clone(), tag.id);
                    Ok(())
                }
                Err(error) => Err(error),
            },
            Step::SetDefault { buttons, .. } => app.client.set_menu(slug, buttons).await,
            Step::Add { tag, buttons, .. } => match tags.get(tag) {
                Some(id) => app.client.add_menu(slug, *id, buttons).await.map(drop),
                None => Err(ClientError::NoAccount),
            },
            Step::Drop { id, .. } => app.client.drop_menu(slug, id).await,
        };
        carried_out.map_err(MenusError::Platform)?;
        done(&step);
    }
    let now = app.clock.now();
    app.store.wake_tag_wishes(slug, now).await.map_err(MenusError::Storage)?;
    app.bell.ring();
    Ok(())
}
