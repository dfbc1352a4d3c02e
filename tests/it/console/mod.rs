//! The console over HTTP: somebody at the desk with a browser that has no scripts.

mod accounts;
mod area_codes;
mod broadcasts;
mod callbacks;
mod day;
mod door;
mod enter;
mod figures;
mod health;
mod life;
mod media;
mod members;
mod plans;
mod queues;
mod settings;
mod ticket;
mod words;

use crate::harness::{fresh, rehearsal::Rehearsal};
use lianxin::{
    access::{Operator, Role, Scope},
    sign_in,
    storage::OperatorAccount,
    ticket::{MemberId, Person},
    wechat::client::http,
};
use reqwest::{
    Method,
    header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

/// A hash of no password: these clerks come in by a session that was opened for them.
const NO_PASSWORD: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5$bm9ib2R5";

/// Somebody who is signed in at the desk, with a browser that keeps cookies.
pub(crate) struct Clerk {
    pub(crate) operator: Operator,
    base: String,
    http: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
    csrf: String,
}

/// What the browser got.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) body: String,
}

impl Clerk {
    /// Somebody of the county's desk.
    pub(crate) async fn at(service: &Rehearsal, name: &str, role: Role) -> Self {
        Self::limited(service, name, role, Scope::default()).await
    }

    /// Somebody of one area's desk.
    pub(crate) async fn of_area(service: &Rehearsal, name: &str, role: Role, area: &str) -> Self {
        let scope = Scope { area: Some(area.to_owned()), categories: BTreeSet::new() };
        Self::limited(service, name, role, scope).await
    }

    /// Somebody with this scope. Who bears the name of a member of the desk acts as that member.
    pub(crate) async fn limited(service: &Rehearsal, name: &str, role: Role, scope: Scope) -> Self {
        let (app, id) = (&service.app, fresh());
        let person = Person { id: MemberId(id), name: name.to_owned() };
        let account = OperatorAccount {
            operator: Operator { id, person, role, scope },
            name: name.to_owned(),
            password_hash: NO_PASSWORD.to_owned(),
            must_change: false,
            totp_secret: None,
            totp_step: None,
            disabled_at: None,
            created_at: app.clock.now(),
        };
        let tx = app.store.begin().await.unwrap();
        assert!(tx.add_operator(&account).await.unwrap(), "there is a {name} already");
        tx.commit().await.unwrap();
        let account = app.store.operator(id).await.unwrap().unwrap();
        let token = sign_in::reopen(app, &account).await.unwrap();
        // The rehearsal's public address is https.
        let cookies = BTreeMap::from([("__Host-sid".to_owned(), token.clone())]);
        Self {
            operator: account.operator,
            base: service.address(),
            http: http().unwrap(),
            cookies: Mutex::new(cookies),
            csrf: sign_in::form_token(&token),
        }
    }

    /// The same clerk at another server of the same service.
    pub(crate) fn visiting(self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self }
    }

    /// Goes to a page.
    pub(crate) async fn get(&self, path: &str) -> Page {
        self.send(Method::GET, path, None).await
    }

    /// Goes to a page that is there; what it says.
    pub(crate) async fn reads(&self, path: &str) -> String {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        page.body
    }

    /// The answer itself, for a look at its headers.
    pub(crate) async fn answer(&self, path: &str) -> reqwest::Response {
        let asked = self.http.get(format!("{}{path}", self.base)).header(COOKIE, self.cookie());
        asked.send().await.unwrap()
    }

    /// Takes a file.
    pub(crate) async fn bytes(&self, path: &str) -> Vec<u8> {
        let asked = self.http.get(format!("{}{path}", self.base)).header(COOKIE, self.cookie());
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// Sends a form of this session's.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf).extend_pairs(fields);
        self.send(Method::POST, path, Some(form.finish())).await
    }

    /// Sends a form that another site made up.
    pub(crate) async fn post_foreign(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        self.send(Method::POST, path, Some(form.extend_pairs(fields).finish())).await
    }

    /// Sends a form that is carried out, and reads the page to which it leads.
    pub(crate) async fn does(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let done = self.post(path, fields).await;
        assert_eq!(done.status, 303, "{path}: {}", done.body);
        self.reads(&done.location).await
    }

    /// Uploads a file with a form of this session's.
    pub(crate) async fn uploads(&self, path: &str, name: &str, bytes: &[u8]) -> Page {
        self.upload(path, &self.csrf, name, bytes).await
    }

    /// Uploads a workbook with a form that another site made up.
    pub(crate) async fn uploads_with(&self, csrf: &str, name: &str, bytes: &[u8]) -> Page {
        self.upload("/console/settings/import", csrf, name, bytes).await
    }

    async fn upload(&self, path: &str, csrf: &str, name: &str, bytes: &[u8]) -> Page {
        const BOUNDARY: &str = "----a-boundary-that-no-file-holds";
        let part = |head: &str| format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}");
        let mut body = part(&format!("name=\"csrf\"\r\n\r\n{csrf}\r\n")).into_bytes();
        let file = format!("name=\"file\"; filename=\"{name}\"\r\n");
        let kind = "Content-Type: application/octet-stream\r\n\r\n";
        body.extend(part(&format!("{file}{kind}")).bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        let request = self.http.request(Method::POST, format!("{}{path}", self.base));
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.answered(request.header(CONTENT_TYPE, kind).body(body)).await
    }

    /// The bytes of a file that is there.
    pub(crate) async fn downloads(&self, path: &str) -> Vec<u8> {
        let request = self.http.get(format!("{}{path}", self.base)).header(COOKIE, self.cookie());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        answer.bytes().await.unwrap().to_vec()
    }

    async fn send(&self, method: Method, path: &str, form: Option<String>) -> Page {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(form) = form {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        }
        self.answered(request).await
    }

    async fn answered(&self, request: reqwest::RequestBuilder) -> Page {
        let answer = request.header(COOKIE, self.cookie()).send().await.unwrap();
        for set in answer.headers().get_all(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        let location = answer.headers().get(LOCATION).map(|at| at.to_str().unwrap().to_owned());
        Page {
            status: answer.status().as_u16(),
            location: location.unwrap_or_default(),
            body: answer.text().await.unwrap(),
        }
    }

    fn cookie(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }
}
