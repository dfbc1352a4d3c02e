//! One's own matter: how it stands, 已解决 or not, the grade, an answer to a question.

use super::{
    door::{Door, Opened, Side, broken},
    sheet::Sheet,
    stop::{Stop, Why},
    upload,
};
use crate::{
    page_acts::{self, Awaited, Deed, NotDone},
    ticket::Rating,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Path, Payload, Query},
};
use serde::{Deserialize, Serialize};

/// Nobody types more on a phone.
pub(super) const LONGEST_WORDS: usize = 500;

#[derive(Serialize)]
struct Content {
    ticket: Sheet,
    base: String,
    version: i64,
    /// `signoff`, `reason`, `answer` or `rating`.
    awaits: Option<&'static str>,
    /// Only the chat may be answered in: nobody proved who opened this.
    is_proven: bool,
    grades: Vec<(usize, &'static str)>,
    said: Option<&'static str>,
}

/// What was done on the page before.
#[derive(Deserialize)]
pub(super) struct After {
    said: Option<String>,
}

impl After {
    pub(super) fn words(&self) -> Option<&'static str> {
        Some(match self.said.as_deref()? {
            "signed" => "收到您的确认，谢谢！",
            "rework" => "知道了，马上请人再办一次。",
            "reason" => "哪里没弄好？请写一句，我们再去办。",
            "rated" => "谢谢您的评价！",
            "answered" => "收到，已经转给办这件事的人。",
            "taken" => "接单成功，这件事归您办了。",
            "declined" => "已退单，值班员会另外安排。",
            "asked" => "已经去问居民了，有回答马上告诉您。",
            "finished" => "办结已经交上去了，辛苦了！",
            "meanwhile" => "刚才这件事有了变化，下面是最新的情况，请看过以后再选。",
            _ => return None,
        })
    }
}

/// How it stands.
pub(super) async fn page(
    door: Door,
    key: Path<String>,
    after: Query<After>,
) -> Result<HttpResponse, Stop> {
    let opened = door.opens(&key, Side::Reporter).await?;
    let base = format!("/m/t/{key}");
    let awaits = page_acts::awaited(&door.county, &opened.ticket, door.now);
    let content = Content {
        ticket: Sheet::of(&door, &opened, &base).await?,
        base,
        version: opened.ticket.version,
        awaits: awaits.map(|awaited| match awaited {
            Awaited::Signoff => "signoff",
            Awaited::Reason => "reason",
            Awaited::Answer => "answer",
            Awaited::Rating => "rating",
        }),
        is_proven: opened.is_proven,
        grades: (1..).zip(Rating::ALL.map(super::steps::grade)).collect(),
        said: after.words(),
    };
    door.page("ticket.html", "办理进展", None, content)
}

#[derive(Deserialize)]
struct SignOff {
    version: i64,
    verdict: u8,
    #[serde(default)]
    reason: String,
}

/// 已解决, 基本解决, 没解决.
pub(super) async fn sign_off(
    door: Door,
    request: HttpRequest,
    key: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Stop> {
    let form: SignOff = upload::form(&door, &request, payload).await?;
    let reason = words(&form.reason);
    let (deed, said) = match form.verdict {
        1 => (Deed::Confirm { fully: true }, "signed"),
        2 => (Deed::Confirm { fully: false }, "signed"),
        3 if reason.is_none() => (Deed::NotSolved { reason }, "reason"),
        3 => (Deed::NotSolved { reason }, "rework"),
        _ => return Err(Why::Unreadable.into()),
    };
    done(&door, &key, Side::Reporter, form.version, deed, said).await
}

#[derive(Deserialize)]
struct Grade {
    version: i64,
    rating: u8,
}

/// The grade.
pub(super) async fn rate(
    door: Door,
    request: HttpRequest,
    key: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Stop> {
    let form: Grade = upload::form(&door, &request, payload).await?;
    let rating = Rating::from_digit(form.rating).ok_or_else(|| Stop::from(Why::Unreadable))?;
    done(&door, &key, Side::Reporter, form.version, Deed::Rate { rating }, "rated").await
}

#[derive(Deserialize)]
struct Words {
    version: i64,
    text: String,
}

/// The answer to a question.
pub(super) async fn answer(
    door: Door,
    request: HttpRequest,
    key: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Stop> {
    let form: Words = upload::form(&door, &request, payload).await?;
    let Some(text) = words(&form.text) else {
        return Err(told(&key, "t", "请写一句回答", "还没有写回答，没有交上去。"));
    };
    done(&door, &key, Side::Reporter, form.version, Deed::Answer { text }, "answered").await
}

/// Does it, and leads back to the page.
pub(super) async fn done(
    door: &Door,
    key: &str,
    side: Side,
    version: i64,
    deed: Deed,
    said: &str,
) -> Result<HttpResponse, Stop> {
    let Opened { ticket, .. } = door.opens_for_form(key, side).await?;
    let page = if side == Side::Reporter { "t" } else { "task" };
    let by = door.sender()?;
    let said = match page_acts::act(&door.app, by, &ticket.number, version, &deed).await {
        // Who has given it back may not read it any more.
        Ok(_) if matches!(deed, Deed::Decline { .. }) => {
            return Ok(see(&format!("/m/mine?said={said}")));
        }
        Ok(_) => said,
        Err(NotDone::Meanwhile) => "meanwhile",
        Err(NotDone::Nothing) => return Err(Why::Nothing.into()),
        Err(NotDone::Refused(refused)) => return Err(why_not(key, page, &refused.why)),
        Err(NotDone::Storage(error)) => return Err(broken(&error)),
    };
    Ok(see(&format!("/m/{page}/{key}?said={said}")))
}

fn see(page: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, page))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// What stands against a deed, in words.
fn why_not(key: &str, page: &str, why: &crate::ticket::lifecycle::Why) -> Stop {
    use crate::ticket::lifecycle::Why as No;
    let (headline, what) = match why {
        No::AlreadyTaken { by } => {
            ("已经有人接了", format!("{}已经接了这件事，辛苦您惦记着。", by.name))
        }
        No::LeadersToTake { leader } => ("请负责人接单", format!("这件事请{}来接。", leader.name)),
        No::NeedsWords => ("请写一句", "还没有写说明，没有交上去。".to_owned()),
        No::NeedsPhoto => ("请加一张照片", "这类事办完要有现场照片，请拍一张再交。".to_owned()),
        No::NeedsHelpers { names } => ("还差一步", format!("{names}的协办还没有完成。")),
        No::AlreadySo => ("已经办过了", "这一步已经办过，不用再办。".to_owned()),
        No::TooLate => ("时间过了", "现在不能这样办了。有话请直接在公众号里说。".to_owned()),
        No::NotYours => ("这一步不归您", "这件事现在不由您来办。".to_owned()),
        No::NotFromHere | No::NeedsSecondPerson | No::NeedsSomebody | No::OftenEnough => {
            ("现在不能这样办", "这件事已经到了下一步，请看最新的情况。".to_owned())
        }
    };
    told(key, page, headline, &what)
}

pub(super) fn told(key: &str, page: &str, headline: &'static str, what: &str) -> Stop {
    let back = format!("/m/{page}/{key}");
    Stop::from(Why::Told { headline, what: what.to_owned(), back })
}

/// Words that say something, not longer than anybody types.
pub(super) fn words(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(LONGEST_WORDS).collect();
    (!text.is_empty()).then_some(text)
}
