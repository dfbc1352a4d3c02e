//! Who is in front of a page, and which ticket it may show them.
//!
//! As an argument of a handler it lets everybody in; what they may see is asked of [`Door::opens`]:
//! somebody who was proven sees what they have to do with, a link shows its own ticket to its own
//! person, and everything else looks as if it were not there.

use super::{
    page,
    stop::{Stop, Why},
    way_in,
};
use crate::{
    app::App,
    county::County,
    dialogue::Duty,
    links::{self, TicketLink},
    page_acts,
    shared::keys::PageVisits,
    telemetry::Chain,
    ticket::{Follower, Ticket, TicketNumber},
    web::Site,
    wechat::account::{Account, Secret},
};
use actix_web::{
    FromRequest, HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
    dev::Payload,
    web::Data,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::{error::Error, future::Future, pin::Pin, sync::Arc};

/// How long somebody is known after the platform said who they are.
const KNOWN_FOR: TimeDelta = TimeDelta::hours(2);
/// What the seal of a visitor's cookie is good for.
const VISITOR: &str = "visitor";
/// Requests of one address in ten minutes: a village may share one.
const MOST_BY_ADDRESS: u64 = 1500;
/// Tickets that one address asks for in ten minutes.
const MOST_TICKETS: u64 = 300;
/// Requests of one person in ten minutes.
const MOST_BY_PERSON: u64 = 300;

/// Somebody with a request.
pub(super) struct Door {
    pub(super) app: App,
    /// The one moment of this request.
    pub(super) now: DateTime<Utc>,
    pub(super) county: Arc<County>,
    /// Whom the platform said this is, and what the browser keeps of it.
    pub(super) visitor: Option<(Follower, String)>,
    /// Path and query of the page.
    pub(super) here: String,
    pub(super) address: String,
    account: Option<String>,
}

/// Which side of a ticket a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// For who reported it.
    Reporter,
    /// For who works on it.
    Worker,
}

/// A ticket that may be shown.
pub(super) struct Opened {
    pub(super) ticket: Ticket,
    /// To whom; proven by the platform, or only by a link.
    pub(super) is_proven: bool,
    /// Who works on it, where the page is theirs.
    pub(super) duty: Option<Duty>,
}

/// What a visitor's cookie holds, sealed.
#[derive(Serialize, Deserialize)]
struct Known {
    account: String,
    openid: String,
    until: i64,
}

impl Door {
    /// The key that signs links and cookies.
    pub(super) fn key(&self) -> Result<&Secret, Stop> {
        self.app.signing_key.as_ref().ok_or_else(|| Stop::from(Why::InChat))
    }

    /// Who this is; whoever is not known yet is sent to the platform.
    pub(super) fn somebody(&self) -> Result<&Follower, Stop> {
        let wanted = self.account.as_deref();
        match &self.visitor {
            Some((known, _)) if wanted.is_none_or(|slug| slug == known.account) => Ok(known),
            _ => Err(way_in::begin(self, self.account()?, &self.here, 1)),
        }
    }

    /// Who sent a form; they were known when the page was made.
    pub(super) fn sender(&self) -> Result<&Follower, Stop> {
        self.visitor.as_ref().map(|(known, _)| known).ok_or_else(|| Stop::from(Why::Forgotten))
    }

    /// What this visitor's forms bring along.
    pub(super) fn form_token(&self) -> String {
        self.visitor
            .as_ref()
            .map(|(_, cookie)| crate::sign_in::form_token(cookie))
            .unwrap_or_default()
    }

    /// The account whose follower the visitor is: as the link says, or the only one that may ask.
    fn account(&self) -> Result<&Account, Stop> {
        let accounts = &self.app.accounts;
        let named = self.account.as_deref().and_then(|slug| accounts.get(slug));
        let known = || self.visitor.as_ref().and_then(|(known, _)| accounts.get(&known.account));
        let first = || accounts.iter().find(|account| account.has_web_auth);
        let account = named.or_else(known).or_else(first).filter(|account| account.has_web_auth);
        account.ok_or_else(|| Stop::from(Why::InChat))
    }

    /// The ticket behind a number or a link, if it is for whoever asks.
    pub(super) async fn opens(&self, key: &str, side: Side) -> Result<Opened, Stop> {
        self.not_too_often("tickets", &self.address, MOST_TICKETS).await?;
        match TicketNumber::find(key).filter(|number| number.as_str() == key) {
            Some(number) => {
                let by = self.somebody()?;
                self.by_number(&number, by, side).await
            }
            None => self.by_link(key, side).await,
        }
    }

    /// The same for a form, whose sender was proven before.
    pub(super) async fn opens_for_form(&self, key: &str, side: Side) -> Result<Opened, Stop> {
        let by = self.sender()?;
        let number = TicketNumber::find(key).filter(|number| number.as_str() == key);
        self.by_number(&number.ok_or_else(nothing)?, by, side).await
    }

    async fn by_number(
        &self,
        number: &TicketNumber,
        by: &Follower,
        side: Side,
    ) -> Result<Opened, Stop> {
        let person = format!("{}\n{}", by.account, by.openid);
        self.not_too_often("person", &person, MOST_BY_PERSON).await?;
        let found = self.app.store.ticket_numbered(number).await.map_err(|e| broken(&e))?;
        let ticket = found.ok_or_else(nothing)?;
        let duty = match side {
            Side::Reporter if ticket.reporter == *by => None,
            Side::Reporter => return Err(nothing()),
            Side::Worker => Some(self.duty_on(&ticket, by).await?.ok_or_else(nothing)?),
        };
        Ok(Opened { ticket, is_proven: true, duty })
    }

    async fn by_link(&self, key: &str, side: Side) -> Result<Opened, Stop> {
        let link = TicketLink::read(key).ok_or_else(nothing)?;
        let store = &self.app.store;
        let found = store.ticket_to_show(link.ticket).await.map_err(|e| broken(&e))?;
        let ticket = found.ok_or_else(nothing)?;
        let whom = match side {
            Side::Reporter => vec![ticket.reporter.clone()],
            Side::Worker => {
                let people = page_acts::people_on(&ticket);
                store.phones_to_try(&people).await.map_err(|e| broken(&e))?
            }
        };
        let secret = self.key()?;
        let whom = whom.into_iter().find(|whom| link.is_for(secret, whom, self.now));
        let whom = whom.ok_or_else(nothing)?;
        // Where the platform can tell who this is, a link is not enough.
        if self.app.accounts.get(&whom.account).is_some_and(|account| account.has_web_auth) {
            let page = if side == Side::Reporter { "t" } else { "task" };
            return Err(Stop::go_to(format!("/m/{page}/{}?a={}", ticket.number, whom.account)));
        }
        let duty = match side {
            Side::Reporter => None,
            Side::Worker => Some(self.duty_on(&ticket, &whom).await?.ok_or_else(nothing)?),
        };
        Ok(Opened { ticket, is_proven: false, duty })
    }

    async fn duty_on(&self, ticket: &Ticket, by: &Follower) -> Result<Option<Duty>, Stop> {
        let speaker = self.app.store.speaker(by).await.map_err(|e| broken(&e))?;
        let duty = speaker.and_then(|speaker| speaker.duty);
        Ok(duty.filter(|duty| page_acts::works_on(ticket, &duty.person)))
    }

    /// Counts, and stops whoever asks too often. Where nobody can count, everybody may.
    pub(super) async fn not_too_often(&self, what: &str, who: &str, most: u64) -> Result<(), Stop> {
        let from = format!("{what}\n{who}");
        match self.app.shared.count(&PageVisits { from: &from }).await {
            Ok(count) if count > most => Err(Stop::from(Why::TooOften)),
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "visits of pages are not counted");
                Ok(())
            }
        }
    }

    /// The cookie by which somebody is known from now on.
    pub(super) fn known_as(&self, who: &Follower) -> Result<Cookie<'static>, Stop> {
        let until = (self.now + KNOWN_FOR).timestamp();
        let known = Known { account: who.account.clone(), openid: who.openid.clone(), until };
        let sealed = links::sealed(self.key()?, VISITOR, &known);
        let sealed = sealed.ok_or_else(|| Stop::from(Why::Broken))?;
        Ok(cookie(&self.app, "visitor", sealed, Duration::seconds(KNOWN_FOR.num_seconds())))
    }

    /// The page for this request.
    pub(super) fn page(
        &self,
        template: &str,
        title: &str,
        sdk: Option<&super::sdk::Sdk>,
        content: impl Serialize,
    ) -> Result<actix_web::HttpResponse, Stop> {
        let frame = page::Frame {
            title,
            county: &self.county.settings().county_name,
            csrf: &self.form_token(),
            sdk,
            page: content,
        };
        page::answer(actix_web::HttpResponse::Ok(), template, &frame).map_err(|e| broken(&e))
    }
}

impl FromRequest for Door {
    type Error = Stop;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Stop>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { at_the_door(&request).await })
    }
}

#[derive(Deserialize)]
struct Asked {
    a: Option<String>,
}

async fn at_the_door(request: &HttpRequest) -> Result<Door, Stop> {
    let Some(site) = request.app_data::<Data<Site>>() else { return Err(Why::Broken.into()) };
    let app = site.app.clone();
    let now = app.clock.now();
    let address = site.client_of(request).map(|address| address.to_string()).unwrap_or_default();
    let county = app.county_at(now).await.map_err(|error| broken(&error))?;
    let asked = actix_web::web::Query::<Asked>::from_query(request.query_string());
    let sealed = request.cookie(&cookie_name(&app, "visitor"));
    let visitor = app.signing_key.as_ref().zip(sealed).and_then(|(key, sealed)| {
        let known: Known = links::opened(key, VISITOR, sealed.value())?;
        let who = Follower { account: known.account, openid: known.openid };
        (now.timestamp() < known.until).then(|| (who, sealed.value().to_owned()))
    });
    let here = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let account = asked.ok().and_then(|asked| asked.into_inner().a);
    let door = Door { app, now, county, visitor, here, address, account };
    door.not_too_often("visits", &door.address, MOST_BY_ADDRESS).await?;
    Ok(door)
}

/// A cookie of these pages. Where the site is reached by https its name binds it to this host.
pub(super) fn cookie(app: &App, name: &str, value: String, age: Duration) -> Cookie<'static> {
    Cookie::build(cookie_name(app, name), value)
        .path("/")
        .http_only(true)
        // The way back from the platform is a link from another site.
        .same_site(SameSite::Lax)
        .secure(is_secure(app))
        .max_age(age)
        .finish()
}

/// What a cookie is called.
pub(super) fn cookie_name(app: &App, name: &str) -> String {
    if is_secure(app) { format!("__Host-{name}") } else { name.to_owned() }
}

fn is_secure(app: &App) -> bool {
    app.public_url.scheme() == "https"
}

/// Not there, or not for whoever asks: nobody learns which.
pub(super) fn nothing() -> Stop {
    Stop::from(Why::Nothing)
}

/// Something of ours failed: it is logged here, once.
pub(super) fn broken(error: &dyn Error) -> Stop {
    tracing::error!(error = %Chain(error), "a phone page failed");
    Stop::from(Why::Broken)
}
