//! What an operator does in a talk: takes it, says something, hands the draft in, gives the bot back.

use super::{
    super::{Desk, Posted, Stop, stop::Why},
    LIST, address, found,
    one::{Unsaid, page},
};
use crate::{
    desk::talk::{self, TalkError},
    ticket::MemberId,
};
use actix_web::{HttpResponse, http::StatusCode, web::Path};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Words {
    form: String,
    words: String,
}

/// Whom the page named as the one who has it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct From {
    from: String,
}

pub(super) async fn say(posted: Posted<Words>, id: Path<String>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    let talk = found(&desk, &id).await?;
    let Ok(once) = Uuid::try_parse(&form.form) else { return Err(desk.stop(Why::Unreadable)) };
    // A browser sends line breaks as two signs.
    let words = form.words.replace("\r\n", "\n");
    let by = &desk.operator().person;
    match talk::say(&desk.app, by, talk.id, once, &words).await {
        Ok(()) => Ok(desk.go_on(&format!("{}#end", address(&talk)), "")),
        Err(error) => {
            let problem = refused(&desk, error)?;
            let unsaid = Unsaid { words, problem: Some(problem) };
            let talk = found(&desk, &id).await?;
            page(&desk, StatusCode::UNPROCESSABLE_ENTITY, &talk, unsaid, "").await
        }
    }
}

pub(super) async fn take(posted: Posted<From>, id: Path<String>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    let talk = found(&desk, &id).await?;
    let seen = Uuid::try_parse(&form.from).ok().map(MemberId);
    match talk::take(&desk.app, &desk.operator().person, talk.id, seen).await {
        Ok(()) => Ok(desk.go_on(&address(&talk), "您接过来了，机器人先不说话。")),
        Err(error) => told(&desk, error),
    }
}

pub(super) async fn release(posted: Posted<From>, id: Path<String>) -> Result<HttpResponse, Stop> {
    let Posted { desk, .. } = posted;
    let talk = found(&desk, &id).await?;
    match talk::release(&desk.app, &desk.operator().person, talk.id).await {
        Ok(()) => Ok(desk.go_on(LIST, "已经结束，机器人接着帮居民。")),
        Err(error) => told(&desk, error),
    }
}

pub(super) async fn submit(posted: Posted<From>, id: Path<String>) -> Result<HttpResponse, Stop> {
    let Posted { desk, .. } = posted;
    let talk = found(&desk, &id).await?;
    match talk::submit(&desk.app, &desk.operator().person, talk.id).await {
        Ok(Some(ticket)) => {
            desk.note("draft_submitted", Some(ticket.number.as_str()), "").await?;
            let said = format!("已经替居民提交，编号 {}，居民会收到。", ticket.number);
            Ok(desk.go_on(&address(&talk), &said))
        }
        Ok(None) => Err(desk.stop(Why::Told {
            what: "居民还没有说是什么事，没有提交。".to_owned(),
            mend: "请先问清楚，或者用“代为登记”。".to_owned(),
        })),
        Err(error) => told(&desk, error),
    }
}

fn told(desk: &Desk, error: TalkError) -> Result<HttpResponse, Stop> {
    let what = refused(desk, error)?;
    Err(desk.stop(Why::Told { what, mend: "请回到会话看看现在的情况。".to_owned() }))
}

/// Why not, in words for the operator.
fn refused(desk: &Desk, error: TalkError) -> Result<String, Stop> {
    Ok(match error {
        TalkError::Unknown => return Err(desk.stop(Why::Nothing)),
        TalkError::Over => "这次会话已经结束，话没有发出去。".to_owned(),
        TalkError::Taken(person) => {
            format!("{}正在和这位居民聊，话没有发出去。要换您来，先点“由我接手”。", person.name)
        }
        TalkError::NoWords => "请写上要说的话。".to_owned(),
        TalkError::TooLong => "太长了，请分成两次说。".to_owned(),
        TalkError::Storage(error) => return Err(desk.broken(&error)),
    })
}
