//! Who asks, and what every page needs: the operator, the county, one `now`.
//!
//! As an argument of a handler it lets nobody in who is not signed in, and nobody further than to
//! a new password whose first one somebody else set.

use super::{
    page,
    stop::{Stop, Why},
    words,
};
use crate::{
    access::{Operator, Permission},
    app::App,
    county::County,
    life::{self, Weight},
    sign_in,
    storage::{AlarmState, OperatorAccount, Sight, StorageError},
    ticket::{Ticket, TicketNumber},
    web::Site,
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    dev::Payload,
    http::header,
    web::Data,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::{future::Future, pin::Pin, sync::Arc};

/// What was done on the page before, told once on the next one.
const SAID: &str = "console-said";

/// Somebody at the desk with a request.
pub(super) struct Desk {
    /// Everything that a request may use.
    pub(super) app: App,
    /// The one moment of this request.
    pub(super) now: DateTime<Utc>,
    /// The county as it is now.
    pub(super) county: Arc<County>,
    /// Whose request it is.
    pub(super) account: OperatorAccount,
    /// The session's token; never shown.
    pub(super) token: String,
    /// What forms bring along.
    pub(super) form_token: String,
    said: Option<String>,
    alarms: usize,
}

impl Desk {
    /// Who they are and what they may.
    pub(super) fn operator(&self) -> &Operator {
        &self.account.operator
    }

    /// Which tickets they may see, for lists.
    pub(super) fn sight(&self) -> Sight {
        Sight::of(self.operator(), &self.county)
    }

    /// Stops whoever may not.
    pub(super) fn needs(&self, permission: Permission) -> Result<(), Stop> {
        if self.operator().may(permission) {
            return Ok(());
        }
        Err(self.stop(Why::NotAllowed(permission)))
    }

    /// The ticket of this number, if it exists for this operator: one of another township is
    /// answered like one that was never given.
    pub(super) async fn ticket(&self, number: &str) -> Result<Ticket, Stop> {
        self.needs(Permission::Look)?;
        let nothing = || self.stop(Why::Nothing);
        let number = TicketNumber::find(number).filter(|found| found.as_str() == number);
        let number = number.ok_or_else(nothing)?;
        let found = self.app.store.ticket_numbered(&number).await;
        let found = found.map_err(|error| self.broken(&error))?;
        found.filter(|ticket| self.operator().sees(ticket)).ok_or_else(nothing)
    }

    /// A page of the console: `template` below `templates/console/` gets `content` as `page`;
    /// `section` is the entry of the menu that it belongs to.
    pub(super) fn page(
        &self,
        template: &str,
        section: &str,
        title: &str,
        content: impl Serialize,
    ) -> Result<HttpResponse, Stop> {
        self.page_with(HttpResponse::Ok(), template, section, title, content)
    }

    /// The same with another status.
    pub(super) fn page_with(
        &self,
        mut answer: actix_web::HttpResponseBuilder,
        template: &str,
        section: &str,
        title: &str,
        content: impl Serialize,
    ) -> Result<HttpResponse, Stop> {
        let frame = page::Frame {
            title,
            section,
            me: Some(page::Me::of(self)),
            csrf: &self.form_token,
            said: self.said.as_deref(),
            menu: page::menu(self.operator()),
            county: &self.county.settings().county_name,
            alarms: self.alarms,
            page: content,
        };
        let html = page::render(template, &frame).map_err(|error| self.broken(&error))?;
        answer.content_type("text/html; charset=utf-8");
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        if self.said.is_some() {
            answer.cookie(said_cookie(String::new(), Duration::ZERO));
        }
        Ok(answer.body(html))
    }

    /// A part of a page, for htmx: the template gets `content` as `page`, and no frame.
    pub(super) fn part(
        &self,
        template: &str,
        content: impl Serialize,
    ) -> Result<HttpResponse, Stop> {
        let part = page::Part { csrf: &self.form_token, page: content };
        let html = page::render(template, &part).map_err(|error| self.broken(&error))?;
        Ok(HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(html))
    }

    /// Sends the browser on after a form was carried out, with a word on what was done.
    #[expect(clippy::unused_self, reason = "only who is at the desk is sent on")]
    pub(super) fn go_on(&self, to: &str, said: &str) -> HttpResponse {
        let mut answer = HttpResponse::SeeOther();
        answer.insert_header((header::LOCATION, to.to_owned()));
        if !said.is_empty() {
            answer.cookie(said_cookie(words::escaped(said), Duration::seconds(60)));
        }
        answer.finish()
    }

    /// An answer that ends the request.
    pub(super) fn stop(&self, why: Why) -> Stop {
        Stop { why, name: Some(self.account.name.clone()) }
    }

    /// Something of ours failed: it is logged, and told without a word of what it was.
    pub(super) fn broken(&self, error: &dyn std::error::Error) -> Stop {
        Stop::broken(error).of(self.account.name.clone())
    }

    /// Writes down what this operator looked at or did.
    pub(super) async fn note(
        &self,
        what: &str,
        subject: Option<&str>,
        note: &str,
    ) -> Result<(), Stop> {
        let noted: Result<(), StorageError> = async {
            let tx = self.app.store.begin().await?;
            let (operator, name) = (Some(self.operator()), &self.account.name);
            tx.note_deed(operator, name, what, subject, note, self.now).await?;
            tx.commit().await
        }
        .await;
        noted.map_err(|error| self.broken(&error))
    }
}

impl FromRequest for Desk {
    type Error = Stop;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Stop>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { at_the_desk(&request).await })
    }
}

async fn at_the_desk(request: &HttpRequest) -> Result<Desk, Stop> {
    let Some(site) = request.app_data::<Data<Site>>() else {
        return Err(Stop::from(Why::Broken));
    };
    let app = site.app.clone();
    let now = app.clock.now();
    let outside = || Stop::from(Why::SignIn { next: words::path_of(request) });
    let token = request.cookie(cookie_name(&app)).ok_or_else(outside)?.value().to_owned();
    let acts = !request.path().ends_with("/news");
    let session = sign_in::session(&app, &token, acts, now).await.map_err(|e| Stop::broken(&e))?;
    let account = session.ok_or_else(outside)?.account;
    let is_changing =
        request.path() == "/console/password" || request.path() == "/console/sign-out";
    if account.must_change && !is_changing {
        return Err(Stop::from(Why::FirstPassword));
    }
    let county = app.county_at(now).await.map_err(|e| Stop::broken(&e))?;
    let said = request.cookie(SAID).map(|cookie| words::unescaped(cookie.value()));
    let form_token = sign_in::form_token(&token);
    let alarms = if acts { alarms(&app, &account, now).await? } else { 0 };
    Ok(Desk {
        alarms,
        said: said.filter(|said| !said.is_empty()),
        app,
        now,
        county,
        account,
        token,
        form_token,
    })
}

/// What is wrong with the official accounts, if this is somebody who can have it mended.
async fn alarms(app: &App, account: &OperatorAccount, now: DateTime<Utc>) -> Result<usize, Stop> {
    if !account.operator.may(Permission::Settings) {
        return Ok(0);
    }
    let states = app.store.alarms().await.map_err(|e| Stop::broken(&e))?;
    let is_wrong = |state: &&AlarmState| life::weight(state, now) == Some(Weight::Wrong);
    Ok(states.iter().filter(is_wrong).count())
}

/// The name of the session's cookie: where the site is reached by https its name binds it to
/// this host and to https; on a loopback address a browser would refuse that.
pub(super) fn cookie_name(app: &App) -> &'static str {
    if is_secure(app) { "__Host-sid" } else { "sid" }
}

fn is_secure(app: &App) -> bool {
    app.public_url.scheme() == "https"
}

/// The cookie of a session; without a token it takes the browser's away.
pub(super) fn session_cookie(app: &App, token: Option<&str>) -> Cookie<'static> {
    let mut cookie = Cookie::build(cookie_name(app), token.unwrap_or_default().to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_secure(app));
    if token.is_none() {
        cookie = cookie.max_age(Duration::ZERO);
    }
    cookie.finish()
}

fn said_cookie(text: String, age: Duration) -> Cookie<'static> {
    Cookie::build(SAID, text)
        .path("/console/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(age)
        .finish()
}
