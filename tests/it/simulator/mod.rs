//! The pretended platform, held to the published rules from outside: over HTTP.

mod api;
mod both_sides;
mod further;
mod media;
mod menus;
mod pages;
mod people;
mod phones;
mod push;

use actix_web::{App, HttpResponse, HttpServer, dev::ServerHandle, web};
use chrono::DateTime;
use lianxin::{
    clock::StoppedClock,
    ids::SeededIds,
    simulator::{
        Options, PersonKind, SimulatedAccount, SimulatedKeyword, SimulatedPerson,
        SimulatedTemplate, Simulator,
    },
    wechat::account::{Mode, Secret},
};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio_util::task::TaskTracker;

const WANG: &str = "oWang000000000000000000000001";
const STRANGER: &str = "oStranger0000000000000000001";
const TEMPLATE: &str = "TEMPLATE-progress";

/// What the tiny webhook answers next; without an order it answers `success`.
#[derive(Clone)]
enum Order {
    Body(u16, String),
    Nothing,
}

type Received = Vec<(HashMap<String, String>, String)>;

#[derive(Clone, Default)]
struct Webhook {
    orders: Arc<Mutex<VecDeque<Order>>>,
    received: Arc<Mutex<Received>>,
}

impl Webhook {
    fn will(&self, order: Order) {
        self.orders.lock().unwrap().push_back(order);
    }

    fn will_say(&self, openid: &str, text: &str) {
        self.will(Order::Body(200, reply(openid, text)));
    }

    fn received(&self) -> Received {
        self.received.lock().unwrap().clone()
    }

    fn bodies(&self) -> Vec<String> {
        self.received().into_iter().map(|(_, body)| body).collect()
    }
}

fn reply(openid: &str, text: &str) -> String {
    format!(
        "<xml><ToUserName>{openid}</ToUserName><FromUserName>gh_main</FromUserName>\
         <CreateTime>1772420400</CreateTime><MsgType>text</MsgType>\
         <Content><![CDATA[{text}]]></Content></xml>"
    )
}

async fn webhook(
    webhook: web::Data<Webhook>,
    query: web::Query<HashMap<String, String>>,
    body: String,
) -> HttpResponse {
    webhook.received.lock().unwrap().push((query.into_inner(), body));
    let order = webhook.orders.lock().unwrap().pop_front();
    match order {
        None => HttpResponse::Ok().body("success"),
        Some(Order::Body(status, body)) => {
            HttpResponse::build(status.try_into().unwrap()).body(body)
        }
        Some(Order::Nothing) => std::future::pending().await,
    }
}

/// A platform, a webhook and a stopped clock.
struct Stage {
    simulator: Simulator,
    webhook: Webhook,
    clock: Arc<StoppedClock>,
    http: reqwest::Client,
    server: ServerHandle,
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

impl Stage {
    fn plain() -> Self {
        Self::set(Mode::Plain, Duration::from_secs(5))
    }

    fn set(mode: Mode, patience: Duration) -> Self {
        let webhook = Webhook::default();
        let shared = web::Data::new(webhook.clone());
        let server = HttpServer::new(move || {
            App::new().app_data(shared.clone()).default_service(web::to(self::webhook))
        })
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
        let address = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        TaskTracker::new().spawn(server);

        let clock = Arc::new(StoppedClock::at(DateTime::from_timestamp(1_772_420_400, 0).unwrap()));
        let moved = clock.clone();
        let simulator = Simulator::start(Options {
            accounts: vec![account(mode, format!("http://{address}/wechat/main"))],
            people: vec![
                person("wang", "王大娘", WANG, true),
                person("xu", "徐某", STRANGER, false),
            ],
            templates: vec![progress()],
            advance: Some(Arc::new(move |step| moved.advance(step))),
            patience,
            ..Options::new(clock.clone(), Arc::new(SeededIds::from_seed(1)))
        })
        .unwrap();
        let http = reqwest::Client::builder().tls_certs_only([]).no_proxy().build().unwrap();
        Self { simulator, webhook, clock, http, server: handle }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.api_url())
    }

    async fn get(&self, path: &str) -> Value {
        let response = self.http.get(self.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let response = self.http.post(self.url(path)).json(&body).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }

    async fn token(&self) -> String {
        let answer = self.post("/cgi-bin/stable_token", credential("wx_main", "secret")).await;
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Posts with a good token.
    async fn call(&self, path: &str, body: Value) -> Value {
        let token = self.token().await;
        self.post(&format!("/cgi-bin/{path}?access_token={token}"), body).await
    }

    async fn say(&self, to: &str, text: &str) -> i64 {
        let body = json!({ "touser": to, "msgtype": "text", "text": { "content": text } });
        errcode(&self.call("message/custom/send", body).await)
    }

    /// What Wang was told of the account's own accord.
    fn notices(&self) -> Vec<String> {
        let lines = self.simulator.platform().lines(WANG);
        let notices = lines.into_iter().filter_map(|line| match line.said {
            lianxin::simulator::Said::Notice(notice) => Some(notice.text()),
            _ => None,
        });
        notices.collect()
    }
}

fn credential(app_id: &str, secret: &str) -> Value {
    json!({ "grant_type": "client_credential", "appid": app_id, "secret": secret })
}

fn errcode(answer: &Value) -> i64 {
    answer["errcode"].as_i64().unwrap()
}

fn account(mode: Mode, webhook: String) -> SimulatedAccount {
    SimulatedAccount {
        slug: "main".to_owned(),
        name: "云溪党建".to_owned(),
        app_id: "wx_main".to_owned(),
        app_secret: Secret::new("secret"),
        token: Secret::new("TokenOfMain"),
        aes_key: Secret::new("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"),
        original_id: "gh_main".to_owned(),
        mode,
        webhook: Some(webhook),
    }
}

fn person(key: &str, name: &str, openid: &str, follows: bool) -> SimulatedPerson {
    SimulatedPerson {
        key: key.to_owned(),
        name: name.to_owned(),
        openid: openid.to_owned(),
        kind: PersonKind::Resident,
        account: "main".to_owned(),
        follows,
    }
}

fn progress() -> SimulatedTemplate {
    let keyword = |label: &str, key: &str, allowed: &[&str]| SimulatedKeyword {
        label: label.to_owned(),
        key: key.to_owned(),
        allowed: allowed.iter().map(|&value| value.to_owned()).collect(),
    };
    SimulatedTemplate {
        id: TEMPLATE.to_owned(),
        title: "诉求进度提醒".to_owned(),
        keywords: vec![
            keyword("诉求编号", "character_string1", &[]),
            keyword("办理状态", "const2", &["已受理", "已办结"]),
            keyword("地点", "thing3", &[]),
        ],
    }
}
