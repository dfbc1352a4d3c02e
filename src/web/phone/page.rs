//! From a template and values to a page for a phone.
//!
//! Templates lie in `templates/phone/`, are compiled in, know no names but those they are given,
//! and escape every value and make it plain. A page may use what this server serves, and on pages
//! that use the phone's camera the platform's script; nothing in it is inline.

use super::{files, sdk::Sdk};
use crate::web::console::plain::plainly;
use actix_web::{HttpResponse, HttpResponseBuilder, http::header};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, escape_formatter, value::Serde};
use rust_embed::RustEmbed;
use serde::Serialize;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "templates/phone/"]
struct Embedded;

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    pages.set_undefined_behavior(UndefinedBehavior::Strict);
    pages.set_auto_escape_callback(|_| AutoEscape::Html);
    pages.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => {
            escape_formatter(out, state, &minijinja::Value::from(plainly(text).as_ref()))
        }
        _ => escape_formatter(out, state, value),
    });
    pages.add_function("asset", |name: &str| files::address(name));
    pages.set_loader(|name| {
        let found = Embedded::get(name);
        Ok(found.map(|file| String::from_utf8_lossy(&file.data).into_owned()))
    });
    pages
});

/// What every page has around its content.
#[derive(Serialize)]
pub(super) struct Frame<'a, T> {
    pub(super) title: &'a str,
    pub(super) county: &'a str,
    pub(super) csrf: &'a str,
    /// What the page needs to use the phone's camera and place.
    pub(super) sdk: Option<&'a Sdk>,
    pub(super) page: T,
}

/// A page as an answer.
pub(super) fn answer<T: Serialize>(
    mut answer: HttpResponseBuilder,
    template: &str,
    frame: &Frame<'_, T>,
) -> Result<HttpResponse, minijinja::Error> {
    let page = PAGES.get_template(template)?.render(minijinja::Value::from(Serde(frame)))?;
    // WeUI has its signs within its style.
    let host = frame.sdk.map(|sdk| sdk.host.as_str()).unwrap_or_default();
    let policy = format!(
        "default-src 'self'; img-src 'self' data:; font-src 'self' data:; \
         script-src 'self' {host}; connect-src 'self' {host}; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    Ok(answer
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header(("X-Robots-Tag", "noindex, nofollow"))
        .body(page))
}
