//! The door: signing in, signing out, a new password.

use super::{
    Desk, Posted, Stop,
    desk::session_cookie,
    form::{body, came_from_here, read},
    page,
    stop::Why,
    words,
};
use crate::{
    sign_in::{self, NotSignedIn, PasswordError, SHORTEST, WeakPassword},
    web::Site,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Payload, Query, ServiceConfig, get, post, resource},
};
use serde::{Deserialize, Serialize};

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/sign-in").route(get().to(door)).route(post().to(enter)))
        .service(resource("/sign-out").route(post().to(leave)))
        .service(resource("/password").route(get().to(password)).route(post().to(change)));
}

#[derive(Deserialize)]
struct Way {
    #[serde(default)]
    next: String,
}

#[derive(Serialize, Default)]
struct Door<'a> {
    next: &'a str,
    name: &'a str,
    wrong: Option<&'a str>,
    wants_code: bool,
}

async fn door(way: Query<Way>) -> Result<HttpResponse, Stop> {
    door_page(StatusCode::OK, &Door { next: words::within(&way.next), ..Door::default() })
}

fn door_page(status: StatusCode, door: &Door<'_>) -> Result<HttpResponse, Stop> {
    let html = page::render("sign_in.html", &page::Outside::of("登录", door))
        .map_err(|error| Stop::broken(&error))?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(html))
}

#[derive(Deserialize)]
struct Credentials {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

async fn enter(
    request: HttpRequest,
    payload: Payload,
    site: Data<Site>,
) -> Result<HttpResponse, Stop> {
    came_from_here(&request)?;
    let given: Credentials = read(&body(&request, &mut payload.into_inner()).await?)?;
    let (name, next) = (given.name.trim(), words::within(&given.next));
    let address = site.client_of(&request).map_or(String::new(), |address| address.to_string());
    let code = Some(given.code.as_str());
    let signed_in = sign_in::sign_in(&site.app, name, &given.password, code, &address).await;
    let (status, wrong) = match signed_in.map_err(|error| Stop::broken(&error))? {
        Ok(token) => {
            return Ok(HttpResponse::SeeOther()
                .insert_header((header::LOCATION, next.to_owned()))
                .cookie(session_cookie(&site.app, Some(&token)))
                .finish());
        }
        Err(NotSignedIn::Wrong) => (StatusCode::UNAUTHORIZED, "用户名或密码不对，请再试一次。"),
        Err(NotSignedIn::CodeWanted) => {
            (StatusCode::UNAUTHORIZED, "请再输入一次密码和手机验证器上的 6 位数字。")
        }
        Err(NotSignedIn::WrongCode) => {
            (StatusCode::UNAUTHORIZED, "验证码不对，或者已经用过。请等下一个 6 位数字。")
        }
        Err(NotSignedIn::TooManyTries) => (
            StatusCode::TOO_MANY_REQUESTS,
            "试的次数太多了，请 15 分钟以后再试，或者找管理员重设密码。",
        ),
    };
    let wants_code = wrong.contains('6');
    door_page(status, &Door { next, name, wrong: Some(wrong), wants_code })
}

#[derive(Deserialize)]
struct Nothing {}

async fn leave(posted: Posted<Nothing>) -> Result<HttpResponse, Stop> {
    let desk = posted.desk;
    sign_in::sign_out(&desk.app, &desk.account, &desk.token)
        .await
        .map_err(|error| desk.broken(&error))?;
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, "/console/sign-in"))
        .cookie(session_cookie(&desk.app, None))
        .finish())
}

#[derive(Serialize)]
struct Password<'a> {
    must_change: bool,
    shortest: usize,
    has_second_factor: bool,
    wrong: Option<&'a str>,
}

async fn password(desk: Desk) -> Result<HttpResponse, Stop> {
    password_page(&desk, StatusCode::OK, None)
}

fn password_page(
    desk: &Desk,
    status: StatusCode,
    wrong: Option<&str>,
) -> Result<HttpResponse, Stop> {
    let content = Password {
        must_change: desk.account.must_change,
        shortest: SHORTEST,
        has_second_factor: desk.account.totp_secret.is_some(),
        wrong,
    };
    desk.page_with(HttpResponse::build(status), "password.html", "me", "我的账号", content)
}

#[derive(Deserialize)]
struct NewPassword {
    old: String,
    new: String,
    again: String,
}

async fn change(posted: Posted<NewPassword>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    let refuse = |wrong| password_page(&desk, StatusCode::UNPROCESSABLE_ENTITY, Some(wrong));
    if !sign_in::is_password_of(&desk.account, &form.old).await {
        return refuse("现在的密码不对。");
    }
    if form.new != form.again {
        return refuse("两次输入的新密码不一样。");
    }
    if form.new == form.old {
        return refuse("新密码和现在的密码一样，请换一个。");
    }
    let name = &desk.account.name;
    let hash = match sign_in::password_hash(name, &form.new, desk.app.ids.fresh()).await {
        Ok(hash) => hash,
        Err(PasswordError::Weak(weak)) => return refuse(weak_words(weak)),
        Err(error) => return Err(desk.broken(&error)),
    };
    let changed = async {
        let tx = desk.app.store.begin().await?;
        tx.set_password(desk.account.operator.id, &hash, false).await?;
        tx.note_deed(Some(desk.operator()), name, "password_changed", None, "", desk.now).await?;
        tx.commit().await
    };
    changed.await.map_err(|error| desk.broken(&error))?;
    // Every session ended with the old password, this one too.
    let signed_in = sign_in::reopen(&desk.app, &desk.account).await;
    let token = signed_in.map_err(|error| desk.broken(&error))?;
    let mut answer = desk.go_on(words::HOME, "密码已经修改。");
    let cookie = session_cookie(&desk.app, Some(&token));
    if answer.add_cookie(&cookie).is_err() {
        return Err(desk.stop(Why::Broken));
    }
    Ok(answer)
}

/// What a password lacks, for people.
pub(super) fn weak_words(weak: WeakPassword) -> &'static str {
    match weak {
        WeakPassword::Short => "新密码太短，至少要 8 个字。",
        WeakPassword::Long => "新密码太长。",
        WeakPassword::Obvious => "新密码太容易被猜到，请换一个。",
    }
}
