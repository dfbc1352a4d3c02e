//! Answers that end a request: not signed in, not allowed, nothing there, not ours to tell.

use super::page;
use crate::{access::Permission, telemetry::Chain};
use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use serde::Serialize;
use std::fmt;

/// Why a request ends here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// Nobody is signed in; afterwards they go on there.
    SignIn {
        /// A path of this site.
        next: String,
    },
    /// The password was set by somebody else and has to be changed.
    FirstPassword,
    /// The role does not allow it.
    NotAllowed(Permission),
    /// No such page, no such ticket, or not for this operator.
    Nothing,
    /// The form was not ours, or of an older session.
    ForeignForm,
    /// The form cannot be read.
    Unreadable,
    /// More than anybody would type.
    TooLong,
    /// What was asked for cannot be done, said in words for the operator.
    Told {
        /// What is wrong.
        what: String,
        /// How to mend it.
        mend: String,
    },
    /// Something of ours failed; it is in the log.
    Broken,
}

/// The end of a request, for somebody at the desk or in front of the door.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) why: Why,
    pub(super) name: Option<String>,
}

#[derive(Serialize)]
struct Told<'a> {
    headline: &'a str,
    what: &'a str,
    mend: &'a str,
    name: Option<&'a str>,
}

impl Stop {
    /// Something of ours failed: it is logged here, once.
    pub(super) fn broken(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = %Chain(error), "a page of the console failed");
        Self::from(Why::Broken)
    }

    pub(super) fn of(self, name: String) -> Self {
        Self { name: Some(name), ..self }
    }

    fn words(&self) -> (&'static str, String, String) {
        let words = |headline, what: &str, mend: &str| (headline, what.to_owned(), mend.to_owned());
        match &self.why {
            Why::SignIn { .. } => words("请先登录", "", ""),
            Why::FirstPassword => words("请先修改密码", "", ""),
            Why::NotAllowed(permission) => (
                "没有权限",
                format!("您的账号没有“{}”的权限。", permission.words()),
                "如果工作需要，请联系管理员在“设置—后台账号”里调整角色。".to_owned(),
            ),
            Why::Nothing => words(
                "没有找到",
                "这个页面不存在，或者这条诉求不在您负责的范围内。",
                "请核对编号，或从左侧菜单重新进入。",
            ),
            Why::ForeignForm => words(
                "页面已过期",
                "这张表是在登录之前打开的，没有提交。",
                "请返回上一页，刷新以后再提交一次。",
            ),
            Why::Unreadable => words(
                "表单不完整",
                "提交的内容少了必填的项目，没有保存。",
                "请返回上一页补充完整。",
            ),
            Why::TooLong => {
                words("内容太长", "提交的内容太长，没有保存。", "请返回上一页缩短以后再提交。")
            }
            Why::Told { what, mend } => ("没有办成", what.clone(), mend.clone()),
            Why::Broken => words(
                "系统出错了",
                "没有办成，已经写进运行日志。",
                "请稍等一分钟再试；一直这样时请联系技术人员。",
            ),
        }
    }
}

impl From<Why> for Stop {
    fn from(why: Why) -> Self {
        Self { why, name: None }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request to the console ended early")
    }
}

impl ResponseError for Stop {
    fn status_code(&self) -> StatusCode {
        match &self.why {
            Why::SignIn { .. } | Why::FirstPassword => StatusCode::SEE_OTHER,
            Why::NotAllowed(_) | Why::ForeignForm => StatusCode::FORBIDDEN,
            Why::Nothing => StatusCode::NOT_FOUND,
            Why::Unreadable => StatusCode::BAD_REQUEST,
            Why::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Why::Told { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Why::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        match &self.why {
            Why::SignIn { next } => {
                let query = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("next", next)
                    .finish();
                answer.insert_header((header::LOCATION, format!("/console/sign-in?{query}")));
                answer.finish()
            }
            Why::FirstPassword => {
                answer.insert_header((header::LOCATION, "/console/password"));
                answer.finish()
            }
            _ => {
                let (headline, what, mend) = self.words();
                let name = self.name.as_deref();
                let told = Told { headline, what: &what, mend: &mend, name };
                let html = page::render("stop.html", &page::Outside::of(headline, &told));
                answer.content_type("text/html; charset=utf-8");
                answer.body(html.unwrap_or_else(|_| headline.to_owned()))
            }
        }
    }
}
