//! The optional second factor: a code of six digits from an app on the operator's own phone.

use super::{Desk, Posted, Stop, stop::Why};
use crate::sign_in;
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{ServiceConfig, get, post, resource},
};
use serde::{Deserialize, Serialize};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(resource("/second-factor").route(get().to(offer)).route(post().to(change)));
}

#[derive(Serialize)]
struct Offer<'a> {
    is_on: bool,
    secret: &'a str,
    address: &'a str,
    wrong: Option<&'a str>,
}

async fn offer(desk: Desk) -> Result<HttpResponse, Stop> {
    offer_page(&desk, StatusCode::OK, &sign_in::fresh_totp_secret(&desk.app), None)
}

fn offer_page(
    desk: &Desk,
    status: StatusCode,
    secret: &str,
    wrong: Option<&str>,
) -> Result<HttpResponse, Stop> {
    let totp = sign_in::totp(secret, &desk.account.name);
    let address = totp.and_then(|totp| totp.to_url().ok()).unwrap_or_default();
    let is_on = desk.account.totp_secret.is_some();
    let content = Offer { is_on, secret, address: &address, wrong };
    let answer = HttpResponse::build(status);
    desk.page_with(answer, "second_factor.html", "me", "手机验证码", content)
}

#[derive(Deserialize)]
struct Change {
    password: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    off: bool,
}

async fn change(posted: Posted<Change>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    let refuse =
        |wrong| offer_page(&desk, StatusCode::UNPROCESSABLE_ENTITY, &form.secret, Some(wrong));
    if !sign_in::is_password_of(&desk.account, &form.password).await {
        return refuse("密码不对。");
    }
    let secret = if form.off {
        None
    } else {
        let moment = u64::try_from(desk.now.timestamp()).unwrap_or_default();
        let totp = sign_in::totp(&form.secret, &desk.account.name);
        let totp = totp.ok_or_else(|| desk.stop(Why::Unreadable))?;
        if totp.check(form.code.trim(), moment).is_none() {
            return refuse("验证码不对。请核对手机的时间是否准确，再输入一次。");
        }
        Some(form.secret.as_str())
    };
    let deed = if secret.is_some() { "second_factor_on" } else { "second_factor_off" };
    let (id, name) = (desk.operator().id, &desk.account.name);
    let changed = async {
        let tx = desk.app.store.begin().await?;
        tx.set_totp(id, secret).await?;
        tx.note_deed(Some(desk.operator()), name, deed, None, "", desk.now).await?;
        tx.commit().await
    };
    changed.await.map_err(|error| desk.broken(&error))?;
    let said = if secret.is_some() {
        "手机验证码已经启用。"
    } else {
        "手机验证码已经关闭。"
    };
    Ok(desk.go_on("/console/password", said))
}
