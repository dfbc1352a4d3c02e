//! Somebody of the desk talks with a resident in a script: `WHO : say NAME words`, `take NAME`,
//! `release NAME`.

use super::{Trouble, desk::Acted};
use crate::{
    app::App,
    desk::talk::{self, TalkError},
    ticket::Follower,
};

/// What somebody of the desk does in a talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Talking {
    /// With whom.
    pub(super) with: String,
    deed: Deed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Deed {
    Take,
    Say(String),
    Release,
}

impl Talking {
    /// Reads it; none where it is nothing of a talk.
    pub(super) fn parse(text: &str) -> Option<Result<Self, String>> {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        let (with, words) = rest.split_once(' ').unwrap_or((rest, ""));
        let deed = match verb {
            "take" => Deed::Take,
            "say" => Deed::Say(words.to_owned()),
            "release" => Deed::Release,
            _ => return None,
        };
        if with.is_empty() || words.is_empty() == matches!(deed, Deed::Say(_)) {
            let wrong = "a talk is written: take NAME, say NAME words, release NAME";
            return Some(Err(wrong.to_owned()));
        }
        Some(Ok(Self { with: with.to_owned(), deed }))
    }
}

/// `who` of the desk does it.
pub(super) async fn act(
    app: &App,
    who: &str,
    with: &Follower,
    talking: &Talking,
) -> Result<Acted, Trouble> {
    let members = app.store.members().await?;
    let by = members.into_iter().find(|member| member.person.name == who);
    let Some(by) = by.filter(|member| member.role.is_operator()) else {
        return Ok(Acted::Refused(format!("{who} is no operator of the county")));
    };
    let open = app.store.open_talks(1000).await?;
    let Some(found) = open.into_iter().find(|talk| talk.with == *with) else {
        return Ok(Acted::Refused(format!("{} talks with nobody", talking.with)));
    };
    let done = match &talking.deed {
        Deed::Take => talk::take(app, &by.person, found.id, None).await,
        Deed::Say(words) => talk::say(app, &by.person, found.id, app.ids.fresh(), words).await,
        Deed::Release => talk::release(app, &by.person, found.id).await,
    };
    match done {
        Ok(()) => Ok(Acted::Done),
        Err(TalkError::Storage(error)) => Err(error.into()),
        Err(refused) => Ok(Acted::Refused(refused.to_string())),
    }
}
