//! Answers that end a request: on to somewhere else, nothing there, not now. In words that
//! nobody has to be afraid of, and without a word on what was asked for.

use super::page;
use actix_web::{
    HttpResponse, ResponseError,
    cookie::Cookie,
    http::{StatusCode, header},
};
use serde::Serialize;
use std::fmt;

/// Why a request ends here.
#[derive(Debug)]
pub(super) enum Why {
    /// On to another address, with something for the browser to keep.
    Go { to: String, cookie: Option<Box<Cookie<'static>>> },
    /// No such page, no such ticket, or not for whoever asks.
    Nothing,
    /// Only the chat knows who this is.
    InChat,
    /// The way in was not begun in this browser, or too long ago.
    Lost,
    /// The platform does not say who this is.
    NotNow,
    /// Whoever sees a snapshot of the page is nobody.
    Snapshot,
    /// It was sent too long after the page was opened.
    Forgotten,
    /// The form was not ours.
    Foreign,
    /// The form cannot be read.
    Unreadable,
    /// Too many requests.
    TooOften,
    /// What was asked for cannot be done, in words for the person.
    Told { headline: &'static str, what: String, back: String },
    /// Something of ours failed; it is in the log.
    Broken,
}

/// The end of a request.
#[derive(Debug)]
pub(super) struct Stop(Why);

#[derive(Serialize)]
struct Told<'a> {
    headline: &'a str,
    what: &'a str,
    back: &'a str,
}

impl Stop {
    /// On to another page of ours.
    pub(super) fn go_to(to: String) -> Self {
        Self(Why::Go { to, cookie: None })
    }

    /// On to elsewhere, with something to keep.
    pub(super) fn go_with(to: String, cookie: Cookie<'static>) -> Self {
        Self(Why::Go { to, cookie: Some(Box::new(cookie)) })
    }

    fn words(&self) -> (&'static str, &str) {
        match &self.0 {
            Why::Go { .. } => ("请稍候", ""),
            Why::Nothing => (
                "这里没有内容",
                "链接可能过期了，也可能不是发给您的。请回到公众号，发“我的诉求”看看。",
            ),
            Why::InChat => {
                ("请回到公众号", "请在公众号的聊天里发“我的诉求”，我们马上告诉您办到哪了。")
            }
            Why::Lost => ("请重新打开", "请回到公众号，再点一次消息里的链接。"),
            Why::NotNow => ("暂时打不开", "微信现在没有回应。请过一会儿，再点一次消息里的链接。"),
            Why::Snapshot => (
                "您看到的是快照页",
                "微信现在只给您看页面的样子。请点页面底部的“使用完整服务”，再点一次消息里的链接。",
            ),
            Why::Forgotten => (
                "请重新打开",
                "页面打开得太久了，刚才填的没有交上来。请回到公众号，再点一次消息里的链接。",
            ),
            Why::Foreign => {
                ("请重新打开", "这一页过期了，刚才填的没有交上来。请再点一次消息里的链接。")
            }
            Why::Unreadable => {
                ("没有收全", "刚才填的没有收全。请返回上一页再交一次；照片多的时候，可以少选几张。")
            }
            Why::TooOften => {
                ("请歇一歇再试", "打开得太勤了，请过十分钟再试。急事请直接打值班电话。")
            }
            Why::Told { headline, what, .. } => (headline, what),
            Why::Broken => (
                "出了点问题",
                "我们这边出了问题，已经记下。请过一分钟再试，或者在公众号里直接发消息。",
            ),
        }
    }
}

impl From<Why> for Stop {
    fn from(why: Why) -> Self {
        Self(why)
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request for a phone page ended early")
    }
}

impl ResponseError for Stop {
    fn status_code(&self) -> StatusCode {
        match &self.0 {
            Why::Go { .. } => StatusCode::SEE_OTHER,
            Why::Nothing => StatusCode::NOT_FOUND,
            Why::InChat | Why::Lost | Why::Snapshot | Why::Forgotten | Why::Foreign => {
                StatusCode::FORBIDDEN
            }
            Why::NotNow => StatusCode::SERVICE_UNAVAILABLE,
            Why::Unreadable => StatusCode::BAD_REQUEST,
            Why::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Why::Told { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Why::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        if let Why::Go { to, cookie } = &self.0 {
            answer.insert_header((header::LOCATION, to.clone()));
            answer.insert_header((header::CACHE_CONTROL, "no-store"));
            if let Some(cookie) = cookie {
                answer.cookie(cookie.as_ref().clone());
            }
            return answer.finish();
        }
        let (headline, what) = self.words();
        let back = match &self.0 {
            Why::Told { back, .. } => back.as_str(),
            _ => "",
        };
        let frame = page::Frame {
            title: headline,
            county: "",
            csrf: "",
            sdk: None,
            page: Told { headline, what, back },
        };
        page::answer(answer, "stop.html", &frame)
            .unwrap_or_else(|_| HttpResponse::build(self.status_code()).body(headline))
    }
}
