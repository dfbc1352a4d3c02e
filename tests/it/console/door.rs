//! The door of the console: who gets in, how, and for how long.

use super::Clerk;
use crate::harness::{
    TestDatabase, fresh, on_both,
    rehearsal::Rehearsal,
    site::{TestSite, account},
};
use chrono::TimeDelta;
use lianxin::{
    access::{Operator, Role, Scope},
    app::App,
    shared::Shared,
    sign_in,
    storage::OperatorAccount,
    ticket::{MemberId, Person},
    wechat::{account::Mode, client::http},
};
use reqwest::Response;

on_both![
    a_wrong_name_and_a_wrong_password_are_answered_alike_and_are_written_down,
    a_first_password_of_somebody_else_opens_nothing_but_the_way_to_a_new_one,
    a_code_of_the_second_factor_is_wanted_and_is_good_once,
    whoever_is_disabled_is_out_at_once,
];

const PASSWORD: &str = "correct horse";

async fn with_password(app: &App, name: &str, must_change: bool) -> OperatorAccount {
    let id = fresh();
    let person = Person { id: MemberId(id), name: name.to_owned() };
    let account = OperatorAccount {
        operator: Operator { id, person, role: Role::Dispatcher, scope: Scope::default() },
        name: name.to_owned(),
        password_hash: sign_in::password_hash(name, PASSWORD, fresh()).await.unwrap(),
        must_change,
        totp_secret: None,
        totp_step: None,
        disabled_at: None,
        created_at: app.clock.now(),
    };
    let tx = app.store.begin().await.unwrap();
    assert!(tx.add_operator(&account).await.unwrap());
    tx.commit().await.unwrap();
    account
}

/// What the door answers: its status, its cookie, where it leads, what it says.
struct Answer {
    status: u16,
    cookie: Option<String>,
    location: String,
    body: String,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let header = |name: &str| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        Self {
            status: response.status().as_u16(),
            cookie: header("set-cookie"),
            location: header("location").unwrap_or_default(),
            body: response.text().await.unwrap(),
        }
    }

    fn token(&self) -> String {
        let pair = self.cookie.as_deref().unwrap().split(';').next().unwrap();
        pair.split_once('=').unwrap().1.to_owned()
    }
}

async fn knock(base: &str, fields: &[(&str, &str)]) -> Answer {
    let address = format!("{base}/console/sign-in");
    Answer::of(http().unwrap().post(address).form(fields).send().await.unwrap()).await
}

async fn get(base: &str, path: &str, cookie: &str) -> Answer {
    let request = http().unwrap().get(format!("{base}{path}")).header("cookie", cookie);
    Answer::of(request.send().await.unwrap()).await
}

async fn a_wrong_name_and_a_wrong_password_are_answered_alike_and_are_written_down(
    database: &TestDatabase,
) {
    let service = Rehearsal::on(database).await;
    with_password(&service.app, "小赵", false).await;
    let base = service.address();
    let wrong = knock(&base, &[("name", "小赵"), ("password", "wrong horse")]).await;
    let nobody = knock(&base, &[("name", "小钱"), ("password", PASSWORD)]).await;
    assert_eq!((wrong.status, nobody.status), (401, 401));
    assert_eq!(wrong.body.replace("小赵", "小钱"), nobody.body);
    assert!(wrong.cookie.is_none() && nobody.cookie.is_none());

    let right = knock(&base, &[("name", " 小赵 "), ("password", PASSWORD)]).await;
    assert_eq!((right.status, right.location.as_str()), (303, "/console/"));
    let deeds = service.app.store.deeds(None, None, None, 10).await.unwrap();
    let told: Vec<(&str, &str)> =
        deeds.iter().rev().map(|deed| (deed.what.as_str(), deed.name.as_str())).collect();
    assert_eq!(told, [("sign_in_failed", "小赵"), ("sign_in_failed", "小钱"), ("sign_in", "小赵")]);
}

async fn a_first_password_of_somebody_else_opens_nothing_but_the_way_to_a_new_one(
    database: &TestDatabase,
) {
    let service = Rehearsal::on(database).await;
    with_password(&service.app, "小赵", true).await;
    let base = service.address();
    let token = knock(&base, &[("name", "小赵"), ("password", PASSWORD)]).await.token();
    let cookie = format!("__Host-sid={token}");
    for path in ["/console/", "/console/queues", "/console/second-factor"] {
        let sent = get(&base, path, &cookie).await;
        assert_eq!((sent.status, sent.location.as_str()), (303, "/console/password"), "{path}");
    }
    let csrf = sign_in::form_token(&token);
    let change = |new: &'static str| {
        let form = [("csrf", csrf.as_str()), ("old", PASSWORD), ("new", new), ("again", new)];
        let request = http().unwrap().post(format!("{base}/console/password"));
        request.header("cookie", &cookie).form(&form).send()
    };
    for (new, why) in [("short", "太短"), (PASSWORD, "一样"), ("aaaaaaaaaa", "猜到")] {
        let refused = Answer::of(change(new).await.unwrap()).await;
        assert_eq!(refused.status, 422, "{new}");
        assert!(refused.body.contains(why), "{new}: {}", refused.body);
    }
    let changed = Answer::of(change("battery staple").await.unwrap()).await;
    assert_eq!(changed.status, 303);
    // The old session ended with the old password; the same browser goes on with a new one.
    assert_eq!(get(&base, "/console/", &cookie).await.status, 303);
    let cookies = format!("__Host-sid={}", {
        let account = service.app.store.operator_by_name("小赵").await.unwrap().unwrap();
        assert!(!account.must_change);
        sign_in::reopen(&service.app, &account).await.unwrap()
    });
    assert_eq!(get(&base, "/console/", &cookies).await.status, 200);
    assert_eq!(knock(&base, &[("name", "小赵"), ("password", PASSWORD)]).await.status, 401);
}

async fn a_code_of_the_second_factor_is_wanted_and_is_good_once(database: &TestDatabase) {
    let service = Rehearsal::on(database).await;
    let account = with_password(&service.app, "小赵", false).await;
    let secret = sign_in::fresh_totp_secret(&service.app);
    let tx = service.app.store.begin().await.unwrap();
    tx.set_totp(account.operator.id, Some(&secret)).await.unwrap();
    tx.commit().await.unwrap();
    let base = service.address();
    let code = || {
        let now = u64::try_from(service.clock_now().timestamp()).unwrap();
        sign_in::totp(&secret, "小赵").unwrap().generate(now).to_string()
    };
    let asked = knock(&base, &[("name", "小赵"), ("password", PASSWORD)]).await;
    assert_eq!(asked.status, 401);
    assert!(asked.body.contains("6 位数字"), "{}", asked.body);
    let enter = |code: String| {
        let base = base.clone();
        async move { knock(&base, &[("name", "小赵"), ("password", PASSWORD), ("code", &code)]).await }
    };
    assert_eq!(enter("000000".to_owned()).await.status, 401);
    let first = code();
    assert_eq!(enter(first.clone()).await.status, 303);
    assert_eq!(enter(first).await.status, 401, "a code that was seen is good no more");
    service.clock.advance(TimeDelta::minutes(2));
    assert_eq!(enter(code()).await.status, 303);
}

async fn whoever_is_disabled_is_out_at_once(database: &TestDatabase) {
    let service = Rehearsal::on(database).await;
    let clerk = Clerk::at(&service, "小赵", Role::Admin).await;
    assert_eq!(clerk.get("/console/").await.status, 200);
    let tx = service.app.store.begin().await.unwrap();
    tx.set_disabled(clerk.operator.id, Some(service.clock_now())).await.unwrap();
    tx.commit().await.unwrap();
    let sent = clerk.get("/console/queues?queue=late").await;
    assert_eq!(sent.status, 303);
    assert_eq!(sent.location, "/console/sign-in?next=%2Fconsole%2Fqueues%3Fqueue%3Dlate");
}

async fn rehearsal() -> (TestDatabase, Rehearsal) {
    let database = crate::harness::sqlite().await;
    let service = Rehearsal::on(&database).await;
    (database, service)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_eleventh_try_of_a_name_waits_even_with_the_right_password() {
    let (_database, service) = rehearsal().await;
    with_password(&service.app, "小赵", false).await;
    let base = service.address();
    for _ in 0..10 {
        let wrong = knock(&base, &[("name", "小赵"), ("password", "wrong horse")]).await;
        assert_eq!(wrong.status, 401);
    }
    let right = [("name", "小赵"), ("password", PASSWORD)];
    let late = knock(&base, &right).await;
    assert_eq!(late.status, 429);
    assert!(late.body.contains("15 分钟"), "{}", late.body);
    service.clock.advance(TimeDelta::minutes(16));
    assert_eq!(knock(&base, &right).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_gateway_the_tries_of_one_browser_are_not_those_of_another() {
    let (_database, service) = rehearsal().await;
    with_password(&service.app, "小赵", false).await;
    let from = |address: &'static str, password: &'static str| {
        let request = http().unwrap().post(format!("{}/console/sign-in", service.address()));
        let form = [("name", "小赵"), ("password", password)];
        // Whatever the browser wrote itself stands before the gateway's word.
        let told = format!("198.51.100.9, {address}");
        request.header("x-forwarded-for", told).form(&form).send()
    };
    for _ in 0..11 {
        from("203.0.113.5", "wrong horse").await.unwrap();
    }
    assert_eq!(from("203.0.113.5", PASSWORD).await.unwrap().status().as_u16(), 429);
    assert_eq!(from("203.0.113.6", PASSWORD).await.unwrap().status().as_u16(), 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_people_sign_in_all_the_same() {
    let database = crate::harness::sqlite().await;
    // Nobody listens there.
    let away = Shared::redis("redis://127.0.0.1:9").unwrap();
    let service = Rehearsal::at(&database.url, Some(away)).await;
    with_password(&service.app, "小赵", false).await;
    let base = service.address();
    let wrong = knock(&base, &[("name", "小赵"), ("password", "wrong horse")]).await;
    assert_eq!(wrong.status, 401);
    let right = knock(&base, &[("name", "小赵"), ("password", PASSWORD)]).await;
    assert_eq!(right.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_does_nothing() {
    let (_database, service) = rehearsal().await;
    let clerk = Clerk::at(&service, "小赵", Role::Admin).await;
    let refused = clerk.post_foreign("/console/sign-out", &[]).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    let refused =
        clerk.post_foreign("/console/sign-out", &[("csrf", "0".repeat(64).as_str())]).await;
    assert_eq!(refused.status, 403);
    assert_eq!(clerk.get("/console/").await.status, 200, "still signed in");
    let from_elsewhere = http()
        .unwrap()
        .post(format!("{}/console/sign-in", service.address()))
        .header("sec-fetch-site", "cross-site")
        .form(&[("name", "小赵"), ("password", PASSWORD)])
        .send();
    assert_eq!(from_elsewhere.await.unwrap().status().as_u16(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_and_not_only_the_cookie() {
    let (_database, service) = rehearsal().await;
    with_password(&service.app, "小赵", false).await;
    let base = service.address();
    let token = knock(&base, &[("name", "小赵"), ("password", PASSWORD)]).await.token();
    let cookie = format!("__Host-sid={token}");
    let form = [("csrf", sign_in::form_token(&token))];
    let request = http().unwrap().post(format!("{base}/console/sign-out"));
    let out = Answer::of(request.header("cookie", &cookie).form(&form).send().await.unwrap()).await;
    assert_eq!((out.status, out.location.as_str()), (303, "/console/sign-in"));
    assert_eq!(
        get(&base, "/console/", &cookie).await.status,
        303,
        "the old cookie is worth nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_not_heard_of_for_a_shift_is_signed_out_and_a_busy_one_is_not() {
    let (_database, service) = rehearsal().await;
    let clerk = Clerk::at(&service, "小赵", Role::Admin).await;
    for _ in 0..4 {
        service.clock.advance(TimeDelta::hours(4));
        assert_eq!(clerk.get("/console/").await.status, 200);
    }
    // A list that was left open asks for news all night, and that is nobody at the desk.
    for _ in 0..11 {
        service.clock.advance(TimeDelta::hours(1));
        clerk.get("/console/queues/news?since=0").await;
    }
    assert_eq!(clerk.get("/console/").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_to_another_site_after_signing_in() {
    let (_database, service) = rehearsal().await;
    with_password(&service.app, "小赵", false).await;
    let base = service.address();
    for (next, leads_to) in [
        ("/console/queues?queue=late", "/console/queues?queue=late"),
        ("https://evil.example/", "/console/"),
        ("//evil.example/console/", "/console/"),
        ("/console/\\evil.example", "/console/"),
        ("/wechat/main", "/console/"),
    ] {
        let form = [("name", "小赵"), ("password", PASSWORD), ("next", next)];
        assert_eq!(knock(&base, &form).await.location, leads_to, "{next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_bound_to_https_where_there_is_https_and_works_without_on_this_machine() {
    let (database, service) = rehearsal().await;
    with_password(&service.app, "小赵", false).await;
    let form = [("name", "小赵"), ("password", PASSWORD)];
    let secure = knock(&service.address(), &form).await.cookie.unwrap();
    assert!(secure.starts_with("__Host-sid="), "{secure}");
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(secure.contains(part), "{part} in {secure}");
    }
    let plain = TestSite::serving(account(Mode::Safe), &database.store);
    let cookie = knock(&format!("http://{}", plain.host()), &form).await.cookie.unwrap();
    assert!(cookie.starts_with("sid=") && !cookie.contains("Secure"), "{cookie}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_keeps_to_itself_and_to_this_browser() {
    let (_database, service) = rehearsal().await;
    let page = http().unwrap().get(format!("{}/console/sign-in", service.address()));
    let page = page.send().await.unwrap();
    let header = |name: &str| page.headers()[name].to_str().unwrap().to_owned();
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-content-type-options"), "nosniff");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_and_what_lies_behind_it_are_what_the_role_may() {
    let (_database, service) = rehearsal().await;
    let sections = [
        ("/console/queues", [true, true, true, true]),
        ("/console/enter", [true, true, true, false]),
        ("/console/callbacks", [true, true, true, false]),
        ("/console/lamps", [true, true, true, true]),
        ("/console/figures", [true, true, true, true]),
        ("/console/handbook", [true, true, true, true]),
        ("/console/members", [true, false, false, false]),
        ("/console/settings", [true, false, false, false]),
        ("/console/health", [true, false, true, false]),
        ("/console/accounts", [true, false, false, false]),
        ("/console/audit", [true, false, false, false]),
        ("/console/codes", [true, false, false, false]),
        ("/console/answers", [true, false, false, false]),
        ("/console/wording", [true, false, false, false]),
    ];
    for (turn, role) in Role::ALL.into_iter().enumerate() {
        let clerk = Clerk::at(&service, &format!("第{turn}个"), role).await;
        let home = clerk.reads("/console/").await.replace("&#x2f;", "/");
        for (path, may) in sections {
            let page = clerk.get(path).await;
            let expected = if may[turn] { 200 } else { 403 };
            assert_eq!(page.status, expected, "{role:?} {path}: {}", page.body);
            let offered = home.contains(&format!("href=\"{path}\""));
            assert!(may[turn] || !offered, "{role:?} is offered {path}");
        }
    }
}
