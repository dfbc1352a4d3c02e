//! Accounts of the console: a list, and a page for each with what can be done about it.
//!
//! Deliberately absent: who may change what, which is [`crate::accounts`]'.

use super::{Desk, Posted, Stop, areas, entrance::weak_words, stop::Why, words};
use crate::{
    access::{Permission, Role, Scope},
    accounts::{self, AccountError, Change, NewAccount},
    sign_in::{PasswordError, SHORTEST},
    storage::OperatorAccount,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Path, ServiceConfig, get, post, resource},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

const LIST: &str = "/console/accounts";

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/accounts").route(get().to(list)).route(post().to(add)))
        .service(resource("/accounts/{id}").route(get().to(one)))
        .service(resource("/accounts/{id}/{what}").route(post().to(change)));
}

#[derive(Serialize)]
struct List<'a> {
    lines: Vec<Line>,
    form: Form<'a>,
}

#[derive(Serialize)]
struct Line {
    id: Uuid,
    name: String,
    role: &'static str,
    area: String,
    categories: String,
    second_factor: bool,
    must_change: bool,
    disabled: Option<String>,
    last: Option<String>,
    is_own: bool,
}

/// What role and scope are chosen from.
#[derive(Serialize)]
struct Form<'a> {
    name: &'a str,
    role: &'a str,
    roles: Vec<(&'static str, &'static str, String)>,
    places: areas::Places<'a>,
    categories: Vec<Tick<'a>>,
    shortest: usize,
    wrong: Option<&'a str>,
}

#[derive(Serialize)]
struct Tick<'a> {
    code: &'a str,
    words: &'a str,
    is_ticked: bool,
}

#[derive(Serialize)]
struct One<'a> {
    line: Line,
    form: Form<'a>,
}

#[derive(Debug, Deserialize, Default)]
struct Filled {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    password: String,
}

impl Filled {
    fn access(&self, desk: &Desk) -> Result<(Role, Scope), Stop> {
        let role = Role::of(&self.role).ok_or_else(|| desk.stop(Why::Unreadable))?;
        let area = Some(self.area.clone()).filter(|code| !code.is_empty());
        let is_known = |code: &String| desk.county.area(&code.as_str().into()).is_some();
        let categories: BTreeSet<String> = self.categories.iter().cloned().collect();
        let are_known = categories.iter().all(|code| desk.county.category(code).is_some());
        if !area.as_ref().is_none_or(is_known) || !are_known {
            return Err(desk.stop(Why::Unreadable));
        }
        Ok((role, Scope { area, categories }))
    }
}

fn form<'a>(desk: &'a Desk, filled: &'a Filled, wrong: Option<&'a str>) -> Form<'a> {
    let permissions = |role: Role| {
        let words: Vec<&str> = role.permissions().iter().map(|one| one.words()).collect();
        words.join("、")
    };
    let own = &desk.operator().scope;
    let may_be_ticked = |code: &String| own.categories.is_empty() || own.categories.contains(code);
    let categories = desk.county.categories().iter().filter(|one| may_be_ticked(&one.code));
    Form {
        name: &filled.name,
        role: if filled.role.is_empty() { Role::Dispatcher.code() } else { &filled.role },
        roles: Role::ALL.map(|role| (role.code(), role.words(), permissions(role))).into(),
        places: areas::Places::of(desk, &filled.area),
        categories: categories
            .map(|one| Tick {
                code: &one.code,
                words: &one.name,
                is_ticked: filled.categories.contains(&one.code),
            })
            .collect(),
        shortest: SHORTEST,
        wrong,
    }
}

async fn line(desk: &Desk, account: OperatorAccount) -> Result<Line, Stop> {
    let id = account.operator.id;
    let last = desk.app.store.last_sign_in(id).await.map_err(|error| desk.broken(&error))?;
    let scope = &account.operator.scope;
    let names = scope.categories.iter().map(|code| {
        desk.county.category(code).map_or(code.as_str(), |category| category.name.as_str())
    });
    Ok(Line {
        id,
        role: account.operator.role.words(),
        area: areas::words(&desk.county, scope.area.as_deref()),
        categories: names.collect::<Vec<_>>().join("、"),
        second_factor: account.totp_secret.is_some(),
        must_change: account.must_change,
        disabled: account.disabled_at.map(|at| words::when(at, desk.now)),
        last: last.map(|at| words::when(at, desk.now)),
        is_own: id == desk.operator().id,
        name: account.name,
    })
}

async fn list(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Accounts)?;
    list_page(&desk, StatusCode::OK, &Filled::default(), None).await
}

async fn list_page(
    desk: &Desk,
    status: StatusCode,
    filled: &Filled,
    wrong: Option<&str>,
) -> Result<HttpResponse, Stop> {
    let all = desk.app.store.operators().await.map_err(|error| desk.broken(&error))?;
    let mut lines = Vec::new();
    for account in all {
        if accounts::covers(desk.operator(), &account.operator.scope, &desk.county) {
            lines.push(line(desk, account).await?);
        }
    }
    let content = List { lines, form: form(desk, filled, wrong) };
    let answer = HttpResponse::build(status);
    desk.page_with(answer, "accounts/list.html", "settings", "后台账号", content)
}

async fn one(desk: Desk, id: Path<Uuid>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Accounts)?;
    one_page(&desk, StatusCode::OK, *id, None).await
}

async fn one_page(
    desk: &Desk,
    status: StatusCode,
    id: Uuid,
    wrong: Option<&str>,
) -> Result<HttpResponse, Stop> {
    let found = desk.app.store.operator(id).await.map_err(|error| desk.broken(&error))?;
    let found = found
        .filter(|found| accounts::covers(desk.operator(), &found.operator.scope, &desk.county));
    let account = found.ok_or_else(|| desk.stop(Why::Nothing))?;
    let filled = Filled {
        name: account.name.clone(),
        role: account.operator.role.code().to_owned(),
        area: account.operator.scope.area.clone().unwrap_or_default(),
        categories: account.operator.scope.categories.iter().cloned().collect(),
        password: String::new(),
    };
    let title = format!("账号：{}", account.name);
    let content = One { line: line(desk, account).await?, form: form(desk, &filled, wrong) };
    let answer = HttpResponse::build(status);
    desk.page_with(answer, "accounts/one.html", "settings", &title, content)
}

async fn add(posted: Posted<Filled>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::Accounts)?;
    let (role, scope) = form.access(&desk)?;
    let name = form.name.trim().to_owned();
    let new = NewAccount { name: name.clone(), role, scope, password: form.password.clone() };
    match accounts::add(&desk.app, &desk.account, new).await {
        Ok(_) => Ok(desk.go_on(LIST, &format!("已添加账号“{name}”。第一次登录要先改密码。"))),
        Err(error) => {
            let wrong = told(&desk, &error)?;
            list_page(&desk, StatusCode::UNPROCESSABLE_ENTITY, &form, Some(wrong)).await
        }
    }
}

async fn change(way: Path<(Uuid, String)>, posted: Posted<Filled>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::Accounts)?;
    let (id, what) = way.into_inner();
    let (change, said) = match what.as_str() {
        "access" => {
            let (role, scope) = form.access(&desk)?;
            (Change::Access(role, scope), "角色和范围已经修改。")
        }
        "disable" => (Change::Disable, "账号已经停用。"),
        "enable" => (Change::Enable, "账号已经恢复。"),
        "password" => (Change::Password(form.password), "密码已经重设，下次登录要先改密码。"),
        "second-factor" => (Change::DropSecondFactor, "手机验证码已经关闭。"),
        _ => return Err(desk.stop(Why::Nothing)),
    };
    match accounts::change(&desk.app, &desk.account, id, change).await {
        Ok(()) => Ok(desk.go_on(&format!("{LIST}/{id}"), said)),
        Err(AccountError::Unknown) => Err(desk.stop(Why::Nothing)),
        Err(error) => {
            let wrong = told(&desk, &error)?;
            one_page(&desk, StatusCode::UNPROCESSABLE_ENTITY, id, Some(wrong)).await
        }
    }
}

/// What was wrong, for people; what is ours ends the request.
fn told(desk: &Desk, error: &AccountError) -> Result<&'static str, Stop> {
    Ok(match error {
        AccountError::Taken => "已经有这个用户名，请换一个。",
        AccountError::Name => "用户名要填，最多 40 个字。",
        AccountError::Password(PasswordError::Weak(weak)) => weak_words(*weak),
        AccountError::TooWide => "不能给出比您自己更大的范围。",
        AccountError::Own => "不能停用或修改自己的账号，请另一位管理员来做。",
        AccountError::Unknown => return Err(desk.stop(Why::Nothing)),
        AccountError::NotAllowed => return Err(desk.stop(Why::NotAllowed(Permission::Accounts))),
        AccountError::Password(PasswordError::Hash) | AccountError::Storage(_) => {
            return Err(desk.broken(error));
        }
    })
}
