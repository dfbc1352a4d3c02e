//! Pages on a phone, over HTTP: a browser without scripts in somebody's hand.

mod day;
mod links;
mod progress;
mod task;
mod way_in;

use crate::harness::rehearsal::Rehearsal;
use lianxin::{
    simulator::{Notice, Said},
    ticket::{Follower, Ticket},
    wechat::client::http,
};
use reqwest::{
    Method, RequestBuilder,
    header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
};
use std::{collections::BTreeMap, sync::Mutex};
use url::Url;

/// The service's public address in a rehearsal.
const PUBLIC: &str = "https://lianxin.example";
/// More redirects than any way in has.
const MOST_HOPS: usize = 12;

/// Somebody's phone: its browser keeps cookies, and the platform knows whose it is.
pub(crate) struct Phone {
    key: String,
    service: String,
    platform: String,
    http: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
    visited: Mutex<Vec<String>>,
}

/// What the browser shows.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) body: String,
    pub(crate) headers: BTreeMap<String, String>,
    /// Where it was in the end: path and query.
    pub(crate) at: String,
}

impl Phone {
    pub(crate) fn of(service: &Rehearsal, name: &str) -> Self {
        let Follower { openid, .. } = service.follower(name);
        // A phone's key follows from its openid.
        let key = openid.chars().skip(1).take(8).collect();
        Self {
            key,
            service: service.address(),
            platform: service.simulator.api_url(),
            http: http().unwrap(),
            cookies: Mutex::default(),
            visited: Mutex::default(),
        }
    }

    /// Taps a link in the chat: the whole way, wherever it leads.
    pub(crate) async fn taps(&self, link: &str) -> Page {
        let mut address = link.to_owned();
        for _ in 0..MOST_HOPS {
            let page = self.send(self.request(Method::GET, &address), &address).await;
            if page.location.is_empty() {
                return page;
            }
            address = Url::parse(&address).unwrap().join(&page.location).unwrap().into();
        }
        panic!("{link} leads in circles: {:?}", self.visited.lock().unwrap());
    }

    /// Opens a page of the service by its path.
    pub(crate) async fn opens(&self, path: &str) -> Page {
        self.taps(&format!("{PUBLIC}{path}")).await
    }

    /// One request, without following it anywhere.
    pub(crate) async fn asks(&self, path: &str) -> Page {
        let address = format!("{PUBLIC}{path}");
        self.send(self.request(Method::GET, &address), &address).await
    }

    /// Sends a form of the page that is shown, and reads where it leads.
    pub(crate) async fn sends(&self, page: &Page, what: &str, fields: &[(&str, &str)]) -> Page {
        let sent = self.posts(page, what, fields).await;
        if sent.location.is_empty() { sent } else { self.opens(&sent.location).await }
    }

    /// The same without reading on.
    pub(crate) async fn posts(&self, page: &Page, what: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &hidden(&page.body, "csrf"));
        form.append_pair("version", &hidden(&page.body, "version"));
        let body = form.extend_pairs(fields).finish();
        self.posts_raw(page, what, "application/x-www-form-urlencoded", body.into()).await
    }

    /// Sends a result with files.
    pub(crate) async fn finishes(&self, page: &Page, text: &str, photos: &[&[u8]]) -> Page {
        const BOUNDARY: &str = "----a-boundary-that-no-file-holds";
        let mut body = Vec::new();
        let fields = [
            ("csrf", hidden(&page.body, "csrf")),
            ("version", hidden(&page.body, "version")),
            ("text", text.to_owned()),
        ];
        for (name, value) in fields {
            let head = format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}");
            body.extend(format!("--{BOUNDARY}\r\n{head}\r\n").bytes());
        }
        for photo in photos {
            let head = "Content-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\
                        Content-Type: image/jpeg\r\n\r\n";
            body.extend(format!("--{BOUNDARY}\r\n{head}").bytes());
            body.extend_from_slice(photo);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let sent = self.posts_raw(page, "finish", &kind, body).await;
        if sent.location.is_empty() { sent } else { self.opens(&sent.location).await }
    }

    async fn posts_raw(&self, page: &Page, what: &str, kind: &str, body: Vec<u8>) -> Page {
        let path = page.at.split('?').next().unwrap();
        let address = format!("{PUBLIC}{path}/{what}");
        let request = self.request(Method::POST, &address).header(CONTENT_TYPE, kind);
        self.send(request.body(body), &address).await
    }

    /// Forgets who it is, like a browser that was closed.
    pub(crate) fn forgets(&self) {
        self.cookies.lock().unwrap().clear();
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub(crate) fn keeps(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// Every address that was asked for, in order.
    pub(crate) fn visited(&self) -> Vec<String> {
        self.visited.lock().unwrap().clone()
    }

    fn request(&self, method: Method, address: &str) -> RequestBuilder {
        self.visited.lock().unwrap().push(address.to_owned());
        let url = Url::parse(address).unwrap();
        if address.starts_with(PUBLIC) {
            let path = url.path().to_owned();
            let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
            let cookies = self.cookies.lock().unwrap();
            let kept: Vec<String> =
                cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = self.http.request(method, format!("{}{path}{query}", self.service));
            return request.header(COOKIE, kept.join("; "));
        }
        assert!(address.starts_with(&self.platform), "led astray: {address}");
        self.http.request(method, address).header(COOKIE, format!("phone={}", self.key))
    }

    async fn send(&self, request: RequestBuilder, address: &str) -> Page {
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            let mut kept = self.cookies.lock().unwrap();
            if cookie.contains("Max-Age=0") {
                kept.remove(name);
            } else {
                kept.insert(name.to_owned(), value.to_owned());
            }
        }
        let header =
            |name| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let headers = answer.headers().iter();
        let headers = headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
            .collect();
        let url = Url::parse(address).unwrap();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Page {
            status: answer.status().as_u16(),
            location: header(LOCATION).unwrap_or_default(),
            headers,
            at: format!("{}{query}", url.path()),
            body: answer.text().await.unwrap(),
        }
    }
}

impl Page {
    /// What it says is there.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) -> &Self {
        assert_eq!(self.status, 200, "{}: {}", self.at, self.body);
        assert!(self.body.contains(words), "{words}: {}", self.body);
        self
    }

    /// It shows nothing, and looks like any page that is not there.
    #[track_caller]
    pub(crate) fn shows_nothing(&self) -> &Self {
        assert_eq!(self.status, 404, "{}: {}", self.at, self.body);
        assert!(self.body.contains("这里没有内容"), "{}", self.body);
        self
    }
}

/// The value of a hidden field.
fn hidden(body: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let Some((_, rest)) = body.split_once(&mark) else { return String::new() };
    rest.split('"').next().unwrap().to_owned()
}

/// The addresses in what the account wrote to somebody of its own accord, the latest last.
pub(crate) fn links(service: &Rehearsal, name: &str) -> Vec<String> {
    let lines = service.platform().lines(&service.follower(name).openid);
    let of_notice = |notice: Notice| match notice {
        Notice::Card { link, .. } => link,
        other => {
            let text = other.text();
            let (_, rest) = text.split_once("<a href=\"")?;
            Some(rest.split('"').next()?.to_owned())
        }
    };
    lines
        .into_iter()
        .filter_map(|line| match line.said {
            Said::Notice(notice) => of_notice(notice),
            Said::Person(_) | Said::Answer(_) => None,
        })
        .collect()
}

/// A ticket that 张建国 was called to.
pub(crate) async fn called(service: &Rehearsal) -> Ticket {
    let ticket = service.reports("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    service.says("值班员", &format!("受理 {}", ticket.number)).await;
    service.says("值班员", &format!("派 张建国 {}", ticket.number)).await;
    service.settle().await;
    ticket
}

/// The same, taken and done.
pub(crate) async fn done(service: &Rehearsal) -> Ticket {
    let ticket = called(service).await;
    service.says("张建国", "接单").await;
    service.does("张建国", lianxin::simulator::Message::Photo).await;
    service.says("张建国", "办结 换了新灯泡，亮了").await;
    service.settle().await;
    ticket
}

/// The ticket as it stands.
pub(crate) async fn now(service: &Rehearsal, ticket: &Ticket) -> Ticket {
    service.app.store.ticket_numbered(&ticket.number).await.unwrap().unwrap()
}
