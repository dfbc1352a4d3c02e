//! A resident on a phone and somebody of the desk at the console, each in a browser of their own.

use super::NO_PASSWORD;
use crate::harness::{browser::Browser, fresh, rehearsal::Rehearsal, sqlite};
use lianxin::{
    access::{Operator, Role, Scope},
    sign_in,
    storage::{OperatorAccount, Store},
    ticket::{MemberId, Person},
    web::{self, Site},
};
use std::{path::PathBuf, time::Duration};
use thirtyfour::{By, Cookie, WebElement, prelude::*};
use tokio_util::task::TaskTracker;
use url::Url;

/// Longer than anything takes on a machine that is busy with other tests.
const LIMIT: Duration = Duration::from_secs(30);
const OFTEN: Duration = Duration::from_millis(50);

async fn find(browser: &Browser, path: &str) -> WebElement {
    let found = browser.driver.query(By::XPath(path)).wait(LIMIT, OFTEN).first().await;
    let Ok(element) = found else {
        let body = browser.driver.find(By::Tag("body")).await.unwrap();
        panic!("{path} does not appear:\n{}", body.text().await.unwrap())
    };
    element
}

async fn presses(browser: &Browser, path: &str) {
    let element = find(browser, path).await;
    element.scroll_into_view().await.unwrap();
    element.click().await.unwrap();
}

/// Presses what leads to another page, and waits until this one is gone.
async fn leaves_by(browser: &Browser, path: &str) {
    let page = browser.driver.find(By::Tag("html")).await.unwrap();
    presses(browser, path).await;
    page.wait_until().wait(LIMIT, OFTEN).stale().await.unwrap();
}

fn phone(what: &str) -> String {
    format!("//article[@aria-label='王大娘的手机']{what}")
}

async fn types(browser: &Browser, words: &str) {
    find(browser, &phone("//*[@data-testid='words']")).await.send_keys(words).await.unwrap();
    presses(browser, &phone("//*[@data-testid='send']")).await;
}

async fn hears(browser: &Browser, words: &str) {
    find(browser, &phone(&format!("//li[@data-side != 'person'][contains(., '{words}')]"))).await;
}

/// Whoever is signed in as a clerk of the desk, at a console that a browser may reach without https.
async fn console(service: &Rehearsal, url: &str) -> (String, String) {
    let mut app = service.app.on(Store::open(url).await.unwrap());
    app.public_url = Url::parse("http://127.0.0.1/").unwrap();
    let id = fresh();
    let name = "值班员".to_owned();
    let person = Person { id: MemberId(id), name: name.clone() };
    let operator = Operator { id, person, role: Role::Dispatcher, scope: Scope::default() };
    let account = OperatorAccount {
        operator,
        name,
        password_hash: NO_PASSWORD.to_owned(),
        must_change: false,
        totp_secret: None,
        totp_step: None,
        disabled_at: None,
        created_at: service.clock_now(),
    };
    let tx = app.store.begin().await.unwrap();
    assert!(tx.add_operator(&account).await.unwrap());
    tx.commit().await.unwrap();
    let account = app.store.operator(id).await.unwrap().unwrap();
    let token = sign_in::reopen(&app, &account).await.unwrap();
    let site = Site { app, trusted_proxies: Vec::new() };
    let (server, address) = web::serve(&site, ([127, 0, 0, 1], 0).into()).unwrap();
    TaskTracker::new().spawn(server);
    (format!("http://{address}"), token)
}

async fn looks(browser: &Browser, name: &str) {
    browser.nothing_serious(name).await;
    #[expect(clippy::disallowed_methods, reason = "the tests' own variable")]
    let Ok(folder) = std::env::var("LIANXIN_SCREENSHOTS") else { return };
    let path = PathBuf::from(folder).join(format!("console-{name}.png"));
    browser.driver.screenshot(&path).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn they_talk_and_the_bot_comes_back() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    service.follower("王大娘");
    let (base, token) = console(&service, &database.url).await;
    let (desk, phone) = (Browser::start().await, Browser::start().await);
    phone.driver.goto(service.simulator.phones_url()).await.unwrap();
    desk.driver.goto(format!("{base}/console/static/console.css")).await.unwrap();
    desk.driver.add_cookie(Cookie::new("sid", token)).await.unwrap();
    desk.driver.goto(format!("{base}/console/conversations")).await.unwrap();
    find(&desk, "//main[contains(., '现在没有居民在等')]").await;

    types(&phone, "路灯坏了").await;
    hears(&phone, "哪").await;
    types(&phone, "人工").await;
    hears(&phone, "请工作人员来回您").await;
    // The list looks for news by itself.
    find(&desk, "//ol[@class='talks']//a[contains(., '居民')]").await;
    looks(&desk, "conversations").await;
    leaves_by(&desk, "//ol[@class='talks']//a[contains(., '居民')]").await;
    find(&desk, "//dl[@class='slots'][contains(., '路灯坏了')]").await;
    types(&phone, "我眼睛不好").await;
    // And so does the talk.
    find(&desk, "//ol[@class='chat']/li[@class='person'][contains(., '我眼睛不好')]").await;
    let words = find(&desk, "//textarea[@id='words']").await;
    words.send_keys("大娘您好，在哪个村？").await.unwrap();
    leaves_by(&desk, "//form[.//textarea[@id='words']]//button[@type='submit']").await;
    service.settle().await;
    hears(&phone, "大娘您好，在哪个村？").await;
    find(&desk, "//li[@class='desk'][contains(., '大娘您好')][not(contains(., '正在发'))]").await;
    looks(&desk, "conversation").await;
    leaves_by(&desk, "//form[contains(@action, '/release')]//button").await;
    service.settle().await;
    hears(&phone, "我接着帮您").await;
    types(&phone, "王庄村东头").await;
    hears(&phone, "1 提交").await;
    desk.driver.quit().await.unwrap();
    phone.driver.quit().await.unwrap();
}
