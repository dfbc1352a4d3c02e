//! A clerk's day in a real browser, with scripts and without: sign in, triage ten tickets,
//! dispatch, a conflict, a return, a late one supervised, a monthly report downloaded and opened.
//!
//! With scripts every page on the way is looked at by axe-core: nothing serious may be wrong with
//! it. `LIANXIN_SCREENSHOTS` names a folder that gets a picture of the main pages.

use crate::harness::{browser::Browser, fresh, rehearsal::Rehearsal, sqlite};
use calamine::{Data, Reader};
use chrono::TimeDelta;
use lianxin::{
    access::{Operator, Role, Scope},
    sign_in,
    storage::{OperatorAccount, Store},
    ticket::{MemberId, Person, Stage, Ticket, lifecycle::Action},
    web::{self, Site},
    wechat::client::http,
};
use std::{io::Cursor, path::PathBuf, time::Duration};
use thirtyfour::{By, WebDriver, WebElement, prelude::*};
use tokio_util::task::TaskTracker;
use url::Url;

const PASSWORD: &str = "correct horse";
/// Longer than anything takes on a machine that is busy with other tests.
const LIMIT: Duration = Duration::from_secs(30);
const OFTEN: Duration = Duration::from_millis(50);

/// Ten people with ten matters, in places that have nothing to do with each other.
const REPORTS: [(&str, &str); 10] = [
    ("王大娘", "我家门口路灯坏了三天了，王庄村东头"),
    ("李大爷", "李家村的下水道堵了，污水流到路上"),
    ("赵大姐", "东关村垃圾堆了一个星期没人拉"),
    ("钱大叔", "王庄村自来水从昨天起就没有了"),
    ("孙大妈", "李家村的健身器材断了一根杆子"),
    ("周师傅", "东关村路上有个大坑，孩子骑车摔了"),
    ("吴阿姨", "王庄村有人在河边倒建筑垃圾"),
    ("郑大伯", "李家村的路灯一直闪"),
    ("冯奶奶", "东关村的井盖没有了，很危险"),
    ("陈大哥", "王庄村广场晚上放音乐太吵睡不着"),
];

/// The service, a browser that shows its console, and whether scripts run in it.
struct Day {
    service: Rehearsal,
    browser: Browser,
    base: String,
    has_scripts: bool,
    _database: crate::harness::TestDatabase,
}

impl Day {
    async fn begins(has_scripts: bool) -> Self {
        let database = sqlite().await;
        let service = Rehearsal::on(&database).await;
        operator(&service, "值班员", Role::Supervisor).await;
        for (name, text) in REPORTS {
            service.reports(name, text).await;
        }
        service.settle().await;
        // As on this machine: without https a browser keeps the cookie all the same.
        let mut app = service.app.on(Store::open(&database.url).await.unwrap());
        app.public_url = Url::parse("http://127.0.0.1/").unwrap();
        let site = Site { app, trusted_proxies: Vec::new() };
        let (server, address) = web::serve(&site, ([127, 0, 0, 1], 0).into()).unwrap();
        TaskTracker::new().spawn(server);
        let browser =
            if has_scripts { Browser::start().await } else { Browser::without_scripts().await };
        let base = format!("http://{address}");
        Self { service, browser, base, has_scripts, _database: database }
    }

    fn driver(&self) -> &WebDriver {
        &self.browser.driver
    }

    async fn goes_to(&self, path: &str) {
        self.driver().goto(format!("{}{path}", self.base)).await.unwrap();
    }

    /// Waits for the first element that the path finds.
    async fn find(&self, path: &str) -> WebElement {
        let found = self.driver().query(By::XPath(path)).wait(LIMIT, OFTEN).first().await;
        let Ok(element) = found else {
            let at = self.driver().current_url().await.unwrap();
            panic!("{path} does not appear at {at}:\n{}", self.reads().await)
        };
        element
    }

    /// What the page says.
    async fn reads(&self) -> String {
        self.driver().find(By::Tag("body")).await.unwrap().text().await.unwrap()
    }

    /// Waits until the page says these words.
    async fn sees(&self, words: &str) {
        self.find(&format!("//body[contains(., '{words}')]")).await;
    }

    async fn presses(&self, path: &str) {
        let element = self.find(path).await;
        element.scroll_into_view().await.unwrap();
        element.click().await.unwrap();
    }

    /// Presses what leads to another page, and waits until this one is gone: what stands on both
    /// would otherwise be taken for the other's.
    async fn leaves_by(&self, path: &str) {
        let page = self.driver().find(By::Tag("html")).await.unwrap();
        self.presses(path).await;
        let gone = page.wait_until().wait(LIMIT, OFTEN).stale().await;
        if gone.is_err() {
            let at = self.driver().current_url().await.unwrap();
            panic!("{path} leads nowhere from {at}:\n{}", self.reads().await)
        }
    }

    async fn fills(&self, path: &str, words: &str) {
        let field = self.find(path).await;
        field.scroll_into_view().await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(words).await.unwrap();
    }

    /// Opens one of the moves on a ticket's page, unless it is open already or needs no words.
    async fn opens(&self, code: &str) {
        let form = self.find(&format!("//*[@id='do-{code}']")).await;
        let is_folded = form.tag_name().await.unwrap() == "details";
        if is_folded && form.attr("open").await.unwrap().is_none() {
            self.presses(&format!("//details[@id='do-{code}']/summary")).await;
        }
    }

    /// Sends a move, which is a form or has one.
    async fn sends(&self, code: &str) {
        self.leaves_by(&format!(
            "//*[@id='do-{code}']/descendant-or-self::form[@method='post']//button[@type='submit']"
        ))
        .await;
    }

    /// Looks at the page as somebody who cannot see it would, and takes a picture.
    async fn looks(&self, name: &str) {
        if self.has_scripts {
            self.browser.nothing_serious(name).await;
        }
        #[expect(clippy::disallowed_methods, reason = "the tests' own variable")]
        let Ok(folder) = std::env::var("LIANXIN_SCREENSHOTS") else { return };
        let kind = if self.has_scripts { "" } else { "-plain" };
        let path = PathBuf::from(folder).join(format!("console-{name}{kind}.png"));
        self.driver().screenshot(&path).await.unwrap();
    }

    async fn tickets(&self, stage: Stage) -> Vec<Ticket> {
        let all = self.service.tickets().await;
        all.into_iter().filter(|ticket| ticket.status.stage() == stage).collect()
    }

    async fn ticket_of(&self, name: &str) -> Ticket {
        let by = self.service.follower(name);
        self.service.tickets().await.into_iter().find(|ticket| ticket.reporter == by).unwrap()
    }

    async fn ends(self) {
        self.browser.driver.quit().await.unwrap();
    }
}

async fn operator(service: &Rehearsal, name: &str, role: Role) {
    let id = fresh();
    let person = Person { id: MemberId(id), name: name.to_owned() };
    let account = OperatorAccount {
        operator: Operator { id, person, role, scope: Scope::default() },
        name: name.to_owned(),
        password_hash: sign_in::password_hash(name, PASSWORD, fresh()).await.unwrap(),
        must_change: false,
        totp_secret: None,
        totp_step: None,
        disabled_at: None,
        created_at: service.clock_now(),
    };
    let tx = service.app.store.begin().await.unwrap();
    assert!(tx.add_operator(&account).await.unwrap());
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_s_day_with_scripts() {
    lived(Day::begins(true).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_s_day_without_scripts() {
    lived(Day::begins(false).await).await;
}

async fn lived(day: Day) {
    signs_in(&day).await;
    triages_ten(&day).await;
    dispatches_and_is_too_late(&day).await;
    a_return_is_judged(&day).await;
    a_late_one_is_supervised(&day).await;
    the_month_is_reported(&day).await;
    looks_around(&day).await;
    day.ends().await;
}

async fn signs_in(day: &Day) {
    day.goes_to("/console/queues").await;
    day.looks("sign-in").await;
    day.fills("//input[@id='name']", "值班员").await;
    day.fills("//input[@id='password']", "wrong horse").await;
    day.leaves_by("//form//button[@type='submit']").await;
    day.sees("用户名或密码不对").await;
    day.fills("//input[@id='password']", PASSWORD).await;
    day.leaves_by("//form//button[@type='submit']").await;
    // The page that was asked for, and not the first one.
    day.find("//table//a[starts-with(@href, '/console/tickets/LX')]").await;
}

/// Nine at once from the list, the tenth by itself.
async fn triages_ten(day: &Day) {
    day.goes_to("/console/queues?queue=new").await;
    day.looks("queue").await;
    let boxes = day.driver().find_all(By::XPath("//input[@name='ticket']")).await.unwrap();
    assert_eq!(boxes.len(), 10);
    for one in boxes.iter().take(9) {
        one.scroll_into_view().await.unwrap();
        one.click().await.unwrap();
    }
    day.leaves_by("//form[@id='bulk']//button[@value='accept']").await;
    day.sees("办成").await;
    day.goes_to("/console/queues?queue=new").await;
    day.leaves_by("//a[@class='open']").await;
    day.find("//*[@id='do-accept']").await;
    day.looks("ticket").await;
    day.sends("accept").await;
    day.find("//*[@id='do-dispatch']").await;
    assert_eq!(day.tickets(Stage::Accepted).await.len(), 10);
}

/// Two are given to a volunteer; of the second somebody else disposes first.
async fn dispatches_and_is_too_late(day: &Day) {
    let first = day.ticket_of("王大娘").await;
    day.goes_to(&format!("/console/tickets/{}", first.number)).await;
    day.opens("dispatch").await;
    day.looks("dispatch").await;
    day.fills("//input[@id='do-dispatch-other']", "张建国").await;
    day.sends("dispatch").await;
    day.sees("张建国").await;
    assert_eq!(day.ticket_of("王大娘").await.status.stage(), Stage::Dispatched);

    let second = day.ticket_of("李大爷").await;
    day.goes_to(&format!("/console/tickets/{}", second.number)).await;
    day.opens("ask").await;
    day.fills("//textarea[@id='do-ask-text']", "是哪一家门口？").await;
    let first_of_all = Action::Note { text: "已经电话联系村里".to_owned() };
    day.service.desk(&second, first_of_all).await.unwrap();
    day.sends("ask").await;
    day.sees("您慢了一步").await;
    day.looks("conflict").await;
    let kept = day.find("//textarea[@id='kept']").await;
    assert_eq!(kept.text().await.unwrap(), "是哪一家门口？");
    let still = day.ticket_of("李大爷").await;
    assert_eq!(still.status.stage(), Stage::Accepted, "what came too late was not done");
    day.opens("ask").await;
    day.sends("ask").await;
    day.find("//main[contains(., '是哪一家门口')]").await;
    assert_eq!(day.ticket_of("李大爷").await.status.stage(), Stage::NeedInfo);
}

async fn a_return_is_judged(day: &Day) {
    day.service.settle().await;
    let ticket = day.ticket_of("王大娘").await;
    day.service.says("张建国", &format!("退单 {} 这盏灯归电力所管", ticket.number)).await;
    let returned = day.ticket_of("王大娘").await;
    assert_eq!(returned.status.stage(), Stage::Returned);
    day.goes_to("/console/queues?queue=returned").await;
    day.leaves_by("//a[@class='open']").await;
    day.sees("归电力所管").await;
    day.opens("uphold").await;
    day.sends("uphold").await;
    day.find("//*[@id='do-dispatch']").await;
    assert_eq!(day.ticket_of("王大娘").await.status.stage(), Stage::Accepted);
}

/// Two weeks later nobody did anything: the lamp is red, and an answer is owed.
async fn a_late_one_is_supervised(day: &Day) {
    let ticket = day.ticket_of("赵大姐").await;
    day.goes_to(&format!("/console/tickets/{}", ticket.number)).await;
    day.opens("dispatch").await;
    day.fills("//input[@id='do-dispatch-other']", "刘芳").await;
    day.sends("dispatch").await;
    day.find("//main[contains(., '刘芳')]").await;
    day.service.later(TimeDelta::days(9)).await;
    day.goes_to("/console/sign-in").await;
    day.fills("//input[@id='name']", "值班员").await;
    day.fills("//input[@id='password']", PASSWORD).await;
    day.leaves_by("//form//button[@type='submit']").await;
    day.find("//nav[@class='menu']").await;
    day.goes_to("/console/lamps").await;
    day.looks("lamps").await;
    day.goes_to("/console/queues?queue=late").await;
    day.looks("late").await;
    day.leaves_by(&format!("//a[@href='/console/tickets/{}']", ticket.number)).await;
    day.opens("supervise").await;
    day.fills("//textarea[@id='do-supervise-text']", "请三个工作日内清运，并说明原因").await;
    day.sends("supervise").await;
    day.find("//main[contains(., '请三个工作日内清运')]").await;
    let supervised = day.ticket_of("赵大姐").await;
    assert!(supervised.course.supervision.is_some());
}

/// The report is read on the page, downloaded by its link, and opened as a workbook.
async fn the_month_is_reported(day: &Day) {
    day.service.settle().await;
    day.goes_to("/console/figures").await;
    day.looks("figures").await;
    day.goes_to("/console/figures/report?month=2026-03").await;
    day.sees("10").await;
    day.looks("report").await;
    let link = day.find("//a[contains(@href, 'report.xlsx')]").await;
    let link = link.prop("href").await.unwrap().unwrap();
    let cookie = day.driver().get_named_cookie("sid").await.unwrap();
    let request = http().unwrap().get(link).header("cookie", format!("sid={}", cookie.value));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let file = answer.bytes().await.unwrap();
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(file)).unwrap();
    let cells: Vec<Data> = book
        .sheet_names()
        .into_iter()
        .flat_map(|sheet| {
            let range = book.worksheet_range(&sheet).unwrap();
            range.rows().flat_map(<[Data]>::to_vec).collect::<Vec<_>>()
        })
        .collect();
    assert!(cells.contains(&Data::Float(10.0)), "ten were received: {cells:?}");
}

/// The other main pages: nothing serious is wrong with any of them.
async fn looks_around(day: &Day) {
    for (path, name) in [
        ("/console/", "home"),
        ("/console/queues?queue=live", "live"),
        ("/console/search?q=路灯", "search"),
        ("/console/enter", "enter"),
        ("/console/callbacks", "callbacks"),
        ("/console/handbook", "handbook"),
        ("/console/health", "health"),
        ("/console/password", "password"),
    ] {
        day.goes_to(path).await;
        day.find("//main//h1").await;
        day.looks(name).await;
    }
    operator(&day.service, "管理员", Role::Admin).await;
    day.leaves_by("//header//form[@action='/console/sign-out']//button").await;
    day.fills("//input[@id='name']", "管理员").await;
    day.fills("//input[@id='password']", PASSWORD).await;
    day.leaves_by("//form//button[@type='submit']").await;
    day.find("//nav[@class='menu']").await;
    for (path, name) in [
        ("/console/settings", "settings"),
        ("/console/settings/import", "import"),
        ("/console/members", "members"),
        ("/console/accounts", "accounts"),
        ("/console/audit", "audit"),
        ("/console/codes", "codes"),
        ("/console/answers", "answers"),
        ("/console/wording", "wording"),
    ] {
        day.goes_to(path).await;
        day.find("//main//h1").await;
        day.looks(name).await;
    }
}
