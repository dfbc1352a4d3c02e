//! A matter from the notice to the grade in a real browser of a phone's size, with scripts and
//! without: a member opens the task, takes it, reports it done with three photos; the resident sees
//! how it stands, signs it off, and rates it.
//!
//! With scripts every page on the way is looked at by axe-core, and the phone's camera is the
//! platform's (its stand-in). `LIANXIN_SCREENSHOTS` names a folder that gets a picture of each page.

use super::*;
use crate::harness::{TestDatabase, browser::Browser, sqlite};
use lianxin::{
    replay::account::SLUG,
    storage::Store,
    ticket::{Rating, Stage},
    web::{self, Site},
};
use std::{net::TcpListener, path::PathBuf, time::Duration};
use thirtyfour::{By, WebElement, prelude::*};
use tokio_util::task::TaskTracker;

/// Longer than anything takes on a machine that is busy with other tests.
const LIMIT: Duration = Duration::from_secs(30);
const OFTEN: Duration = Duration::from_millis(50);

struct Day {
    service: Rehearsal,
    browser: Browser,
    has_scripts: bool,
    photos: tempfile::TempDir,
    _database: TestDatabase,
}

impl Day {
    async fn begins(has_scripts: bool) -> Self {
        let database = sqlite().await;
        let mut service = Rehearsal::on(&database).await;
        // On this machine: a browser reaches the service and the platform by the same name.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        service.app.public_url = Url::parse(&address).unwrap();
        service.platform().set_web_domain(SLUG, "127.0.0.1");
        let app = service.app.on(Store::open(&database.url).await.unwrap());
        let site = Site { app, trusted_proxies: Vec::new() };
        TaskTracker::new().spawn(web::serve_on(&site, listener).unwrap());
        let browser =
            if has_scripts { Browser::start().await } else { Browser::without_scripts().await };
        browser.driver.set_window_rect(0, 0, 412, 915).await.unwrap();
        let photos = tempfile::tempdir().unwrap();
        Self { service, browser, has_scripts, photos, _database: database }
    }

    /// Taps the latest link on somebody's phone.
    async fn taps(&self, name: &str) {
        let link = links(&self.service, name).pop().unwrap();
        let key = Phone::of(&self.service, name).key;
        let mut tapped = Url::parse(&self.service.simulator.phones_url()).unwrap();
        tapped = tapped.join("open").unwrap();
        tapped.query_pairs_mut().append_pair("person", &key).append_pair("url", &link);
        if self.has_scripts {
            // As the phones show it.
            let driver = &self.browser.driver;
            driver.goto(self.service.simulator.phones_url()).await.unwrap();
            let path = format!(
                "(//*[@id='phone-{key}']//a[contains(., '点这里看') or contains(., '查看详情')])[last()]"
            );
            let shown = self.find(&path).await.prop("href").await.unwrap().unwrap();
            assert_eq!(shown, tapped.as_str());
        }
        self.browser.driver.goto(tapped.as_str()).await.unwrap();
    }

    async fn find(&self, path: &str) -> WebElement {
        let driver = &self.browser.driver;
        let found = driver.query(By::XPath(path)).wait(LIMIT, OFTEN).first().await;
        let Ok(element) = found else {
            let at = driver.current_url().await.unwrap();
            let body = driver.find(By::Tag("body")).await.unwrap().text().await.unwrap();
            panic!("{path} does not appear at {at}:\n{body}")
        };
        element
    }

    async fn sees(&self, words: &str) {
        self.find(&format!("//body[contains(., '{words}')]")).await;
    }

    async fn presses(&self, path: &str) {
        let element = self.find(path).await;
        element.scroll_into_view().await.unwrap();
        element.click().await.unwrap();
    }

    /// Presses what leads to another page, and waits until this one is gone.
    async fn leaves_by(&self, path: &str) {
        let page = self.browser.driver.find(By::Tag("html")).await.unwrap();
        self.presses(path).await;
        let gone = page.wait_until().wait(LIMIT, OFTEN).stale().await;
        assert!(gone.is_ok(), "{path} leads nowhere");
    }

    async fn looks(&self, name: &str) {
        if self.has_scripts {
            self.browser.nothing_serious(name).await;
        }
        #[expect(clippy::disallowed_methods, reason = "the tests' own variable")]
        let Ok(folder) = std::env::var("LIANXIN_SCREENSHOTS") else { return };
        let kind = if self.has_scripts { "" } else { "-plain" };
        let path = PathBuf::from(folder).join(format!("phone-{name}{kind}.png"));
        self.browser.driver.screenshot(&path).await.unwrap();
    }

    /// Three pictures as a phone has them: the paths, one a line.
    fn pictures(&self) -> String {
        let path = |number: u8| self.photos.path().join(format!("{number}.jpg"));
        let paint = |number: u8| {
            let colour = image::Rgb([60 * number, 120, 90]);
            image::RgbImage::from_pixel(320, 240, colour).save(path(number)).unwrap();
            path(number).display().to_string()
        };
        [1, 2, 3].map(paint).join("\n")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_notice_to_the_grade_with_scripts() {
    lived(Day::begins(true).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_notice_to_the_grade_without_scripts() {
    lived(Day::begins(false).await).await;
}

async fn lived(day: Day) {
    let ticket = called(&day.service).await;
    a_member_does_it(&day).await;
    day.service.settle().await;
    let found = now(&day.service, &ticket).await.finding.unwrap();
    assert_eq!((found.text.starts_with("换了新灯泡"), found.media.len()), (true, 3));
    assert_eq!(found.text.contains("位置"), day.has_scripts);
    the_resident_signs_it_off(&day).await;
    let after = now(&day.service, &ticket).await;
    assert_eq!((after.status.stage(), after.rating), (Stage::Closed, Some(Rating::Satisfied)));
    day.browser.driver.quit().await.unwrap();
}

async fn a_member_does_it(day: &Day) {
    day.taps("张建国").await;
    day.sees("路灯坏了三天了").await;
    day.looks("task").await;
    day.leaves_by("//form[contains(@action, '/take')]//button").await;
    day.sees("接单成功").await;
    let words = day.find("//textarea[@id='text']").await;
    words.send_keys("换了新灯泡，亮了").await.unwrap();
    if day.has_scripts {
        day.presses("//button[@id='camera']").await;
        day.sees("收到3张照片").await;
        day.presses("//button[@id='where']").await;
        day.sees("位置附上了").await;
    } else {
        let hidden = day.find("//button[@id='camera']").await;
        assert!(!hidden.is_displayed().await.unwrap(), "what cannot work is not offered");
        day.find("//input[@id='photo']").await.send_keys(day.pictures()).await.unwrap();
    }
    day.looks("finish").await;
    day.leaves_by("//form[contains(@action, '/finish')]//button[@type='submit']").await;
    day.sees("办结已经交上去了").await;
    day.looks("finished").await;
}

async fn the_resident_signs_it_off(day: &Day) {
    day.taps("王大娘").await;
    day.sees("办好了，请您确认").await;
    day.sees("换了新灯泡，亮了").await;
    day.looks("signoff").await;
    day.presses("//details/summary[contains(., '没解决')]").await;
    day.find("//textarea[@id='reason']").await;
    day.looks("not-solved").await;
    day.leaves_by("//button[@name='verdict'][@value='1']").await;
    day.sees("办得怎么样").await;
    day.looks("rating").await;
    day.leaves_by("//button[@name='rating'][@value='2']").await;
    day.sees("谢谢您的评价").await;
    day.looks("closed").await;
    let mut mine = day.browser.driver.current_url().await.unwrap();
    mine.set_path("/m/mine");
    day.browser.driver.goto(mine.as_str()).await.unwrap();
    day.sees("我的诉求").await;
    day.looks("mine").await;
    // Another phone has a browser of its own: nobody is taken for the last one.
    day.taps("张建国").await;
    day.sees("已办结").await;
    day.looks("task-closed").await;
}
