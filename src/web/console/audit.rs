//! The log of what operators looked at and did, by account and by what it was about.

use super::{Desk, Stop, words};
use crate::{access::Permission, storage::Deed};
use actix_web::{
    HttpResponse,
    web::{Query, ServiceConfig, get},
};
use serde::{Deserialize, Serialize};

/// Lines on a page.
const LINES: u64 = 50;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/audit", get().to(log));
}

#[derive(Debug, Deserialize, Serialize)]
struct Asked {
    #[serde(default)]
    account: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    before: Option<i64>,
}

#[derive(Serialize)]
struct Log<'a> {
    asked: &'a Asked,
    accounts: Vec<String>,
    lines: Vec<Line>,
    /// Where the next page begins.
    next: Option<String>,
    problem: Option<&'static str>,
}

#[derive(Serialize)]
struct Line {
    when: String,
    name: String,
    what: String,
    subject: Option<String>,
    note: String,
}

impl Line {
    fn of(deed: Deed, desk: &Desk) -> Self {
        Self {
            when: words::when(deed.at, desk.now),
            what: what(&deed.what).map_or_else(|| deed.what.clone(), str::to_owned),
            name: deed.name,
            subject: deed.subject,
            note: deed.note,
        }
    }
}

async fn log(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Accounts)?;
    let store = &desk.app.store;
    let accounts = store.operators().await.map_err(|error| desk.broken(&error))?;
    let account = asked.account.trim();
    let operator = accounts.iter().find(|known| known.name == account);
    let is_unknown = operator.is_none() && !account.is_empty();
    let subject = Some(asked.subject.trim()).filter(|subject| !subject.is_empty());
    let found = if is_unknown {
        Vec::new()
    } else {
        let by = operator.map(|known| known.operator.id);
        let found = store.deeds(by, subject, asked.before, LINES + 1).await;
        found.map_err(|error| desk.broken(&error))?
    };
    let more = found.len() > usize::try_from(LINES).unwrap_or(usize::MAX);
    let shown: Vec<Deed> = found.into_iter().take(50).collect();
    let next = shown.last().filter(|_| more).map(|last| {
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("account", account)
            .append_pair("subject", subject.unwrap_or_default())
            .append_pair("before", &last.id.to_string())
            .finish()
    });
    let content = Log {
        asked: &asked,
        accounts: accounts.iter().map(|known| known.name.clone()).collect(),
        lines: shown.into_iter().map(|deed| Line::of(deed, &desk)).collect(),
        next,
        problem: is_unknown.then_some("没有这个账号。"),
    };
    desk.page("accounts/audit.html", "settings", "操作日志", content)
}

/// A deed's code in words; unknown ones are shown as they are.
fn what(code: &str) -> Option<&'static str> {
    Some(match code {
        "sign_in" => "登录",
        "sign_in_failed" => "登录失败",
        "sign_out" => "退出",
        "password_changed" => "修改自己的密码",
        "password_set" => "重设密码",
        "second_factor_on" => "启用手机验证码",
        "second_factor_off" => "关闭手机验证码",
        "second_factor_dropped" => "替人关闭手机验证码",
        "account_added" => "添加账号",
        "account_disabled" => "停用账号",
        "account_enabled" => "恢复账号",
        "access_changed" => "修改角色或范围",
        "phone_seen" => "查看电话",
        "original_seen" => "查看照片原件",
        "phone_searched" => "按电话查找",
        "export" => "导出",
        "settings_changed" => "修改设置",
        "county_imported" => "导入县情",
        "answer_template_changed" => "修改答复模板",
        "wording_changed" => "修改话术",
        "invited" => "生成邀请码",
        "broadcast" => "群发",
        "group_changed" => "修改群机器人",
        "codes_made" => "生成民情码",
        "sent_again" => "重新发送",
        "person_erased" => "删除个人信息",
        _ => return None,
    })
}
