//! The page behind a notice: a ticket's progress for who reported it, a task for who works on it.
//!
//! Where the platform tells who visits a page, the address is the ticket's number; otherwise it is
//! signed for this one person and ends by itself. Without a key there is no page.
//!
//! Deliberately absent: pages, and what they show.

use crate::{app::App, links::ticket_link, storage::Leased, ticket::notice::NoticeKind};
use chrono::{DateTime, Utc};

/// Where somebody who gets this notice can look.
pub(super) struct Page {
    pub(super) address: String,
    /// It is work, and not one's own matter.
    pub(super) is_task: bool,
}

/// The page behind a notice of this kind about the ticket of this number.
pub(super) fn page_of(
    app: &App,
    leased: &Leased,
    kind: NoticeKind,
    number: &str,
    now: DateTime<Utc>,
) -> Option<Page> {
    let is_task = is_about_work(kind)?;
    let ticket = leased.topic.filter(|_| !number.is_empty())?;
    let page = if is_task { "task" } else { "t" };
    let asks = |slug: &str| app.accounts.get(slug).is_some_and(|account| account.has_web_auth);
    let path = if asks(&leased.to.account) {
        let several = app.accounts.iter().filter(|account| account.has_web_auth).count() > 1;
        // Whose follower the visitor is, where there is a choice.
        let which = if several { format!("?a={}", leased.to.account) } else { String::new() };
        format!("m/{page}/{number}{which}")
    } else {
        let key = app.signing_key.as_ref()?;
        format!("m/{page}/{}", ticket_link(key, ticket, &leased.to, now))
    };
    let address = app.public_url.join(&path).ok()?.into();
    Some(Page { address, is_task })
}

/// Whether a notice in the chat ends with a line that leads there: those that ask for something.
pub(super) fn is_told_in_chat(kind: NoticeKind) -> bool {
    matches!(
        kind,
        NoticeKind::Task
            | NoticeKind::HelpTask
            | NoticeKind::Question
            | NoticeKind::Result
            | NoticeKind::SignoffReminder
    )
}

/// Whether a notice is for who works on a ticket, or for who reported it; neither is for the desk.
fn is_about_work(kind: NoticeKind) -> Option<bool> {
    use NoticeKind as Kind;
    match kind {
        Kind::Accepted
        | Kind::Dispatched
        | Kind::Taken
        | Kind::Rejected
        | Kind::Question
        | Kind::Result
        | Kind::SignoffReminder
        | Kind::ClosedUnsigned
        | Kind::Answer
        | Kind::Suspended
        | Kind::Merged
        | Kind::Unmerged
        | Kind::MasterClosed => Some(false),
        Kind::Task
        | Kind::Word
        | Kind::Urged
        | Kind::Rework
        | Kind::Thanks
        | Kind::DueSoon
        | Kind::Overdue
        | Kind::AutoSigned
        | Kind::HelpTask
        | Kind::HelpDone
        | Kind::HelpReturned
        | Kind::VerifyTask
        | Kind::Supervised
        | Kind::ExtensionGranted
        | Kind::ExtensionRefused
        | Kind::Escalated
        | Kind::CopyJoined => Some(true),
        _ => None,
    }
}
