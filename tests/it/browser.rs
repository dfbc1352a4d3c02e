//! The whole loop as people play it: the demo's phones in a real browser, by typing and clicking.
//!
//! `LIANXIN_SCREENSHOTS` names a folder that gets a picture of the page in the middle of the loop.

mod account;

use crate::harness::{
    browser::Browser,
    process::{Process, command},
};
use std::{collections::HashMap, path::PathBuf, time::Duration};
use tempfile::TempDir;
use thirtyfour::{By, WebDriver, WebElement, prelude::*};

/// Longer than anything takes on a machine that is busy with other tests.
const LIMIT: Duration = Duration::from_secs(30);
const OFTEN: Duration = Duration::from_millis(50);

/// The demo, and a browser that shows its phones.
struct Phones {
    browser: Browser,
    /// The last line that was read on each phone.
    read: HashMap<String, u64>,
    demo: Process,
    _folder: TempDir,
}

impl Phones {
    async fn open(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut demo = command(env!("CARGO_BIN_EXE_lianxin"));
        demo.env_clear().current_dir(folder.path());
        demo.args(["demo", "--listen", "127.0.0.1:0", "--data", "kept"]).args(arguments);
        let mut demo = Process::start(demo, &folder.path().join("errors"));
        let phones = format!("http://{}", demo.says("http://"));
        let browser = Browser::start().await;
        browser.driver.goto(&phones).await.unwrap();
        Self { browser, read: HashMap::new(), demo, _folder: folder }
    }

    fn driver(&self) -> &WebDriver {
        &self.browser.driver
    }

    /// Waits for the first element that `path` finds.
    async fn find(&self, path: &str) -> WebElement {
        let found = self.driver().query(By::XPath(path)).wait(LIMIT, OFTEN).first().await;
        let Ok(element) = found else {
            panic!("{path} does not appear; the phones say:\n{}", self.page().await)
        };
        element
    }

    async fn page(&self) -> String {
        self.driver().find(By::Id("phones")).await.unwrap().text().await.unwrap()
    }

    async fn press(&self, who: &str, button: &str) {
        let path = format!("{}//*[@data-testid='{button}']", phone(who));
        self.find(&path).await.click().await.unwrap();
    }

    async fn say(&self, who: &str, words: &str) {
        let path = format!("{}//*[@data-testid='words']", phone(who));
        self.find(&path).await.send_keys(words).await.unwrap();
        self.press(who, "send").await;
    }

    /// Waits for something new from the account with these words in it, and returns all of it.
    async fn reads(&mut self, who: &str, words: &str) -> String {
        let last = self.read.get(who).copied().unwrap_or(0);
        let line = self
            .find(&format!(
                "{}//li[@data-number > {last}][@data-side != 'person'][contains(., '{words}')]",
                phone(who)
            ))
            .await;
        let number = line.attr("data-number").await.unwrap().unwrap().parse().unwrap();
        self.read.insert(who.to_owned(), number);
        line.text().await.unwrap()
    }

    /// Says something and waits for the answer.
    async fn ask(&mut self, who: &str, says: &str, reads: &str) -> String {
        self.say(who, says).await;
        self.reads(who, reads).await
    }

    async fn now(&self) -> String {
        self.find("//*[@data-testid='now'][contains(., '年')]").await.text().await.unwrap()
    }

    /// A picture of the page, where somebody wants one.
    async fn picture(&self, name: &str) {
        #[expect(clippy::disallowed_methods, reason = "the tests' own variable")]
        let Ok(folder) = std::env::var("LIANXIN_SCREENSHOTS") else { return };
        let path = PathBuf::from(folder).join(name);
        self.driver().screenshot(&path).await.unwrap();
    }

    async fn close(self) {
        self.browser.driver.quit().await.unwrap();
    }
}

fn phone(who: &str) -> String {
    format!("//article[@aria-label='{who}的手机']")
}

/// From 王大娘's street light to her thanks.
async fn street_light(phones: &mut Phones) {
    let summary = phones.ask("王大娘", "我家门口路灯坏了三天了，王庄村东头", "1 提交").await;
    assert!(summary.contains("路灯水电") && summary.contains("王庄村"), "{summary}");
    let number = phones.ask("王大娘", "1", "您的编号是 LX").await;
    assert!(number.contains("路灯水电"), "{number}");
    phones.reads("值班员", "路灯水电").await;
    phones.ask("值班员", "受理", "已受理").await;
    phones.ask("值班员", "派 张建国", "已派给 张建国").await;
    let card = phones.reads("张建国", "路灯水电").await;
    assert!(card.contains("王庄村"), "{card}");
    phones.ask("张建国", "接单", "接单成功").await;
    phones.reads("王大娘", "张建国已经接单").await;
    phones.press("张建国", "photo").await;
    phones.reads("张建国", "照片收到").await;
    phones.ask("张建国", "办结 灯泡换好了", "记下了").await;
    let result = phones.reads("王大娘", "已解决").await;
    assert!(result.contains("灯泡换好了"), "{result}");
    phones.ask("王大娘", "1", "非常满意").await;
    phones.ask("王大娘", "1", "谢谢").await;
    phones.reads("张建国", "居民已确认").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loop_is_played_by_hand_and_what_was_not_solved_comes_back() {
    let mut phones = Phones::open(&[]).await;
    phones.find("//*[@data-testid='mode'][contains(., '安全模式')]").await;
    street_light(&mut phones).await;

    phones.ask("李大爷", "李家村的井盖没了，太危险", "1 提交").await;
    phones.ask("李大爷", "1", "您的编号是 LX").await;
    phones.reads("值班员", "李家村").await;
    phones.ask("值班员", "受理", "已受理").await;
    phones.ask("值班员", "派 刘芳", "已派给 刘芳").await;
    phones.reads("刘芳", "交通出行").await;
    phones.ask("刘芳", "接单", "接单成功").await;
    phones.press("刘芳", "photo").await;
    phones.reads("刘芳", "照片收到").await;
    phones.ask("刘芳", "办结 盖好了", "记下了").await;
    phones.reads("值班员", "盖好了").await;
    phones.ask("值班员", "通过", "核实通过").await;
    phones.reads("李大爷", "没解决").await;
    phones.picture("simulator.png").await;
    phones.ask("李大爷", "3", "哪里没弄好").await;
    phones.ask("李大爷", "盖子还是晃的", "重办").await;
    let again = phones.reads("刘芳", "再办一次").await;
    assert!(again.contains("李家村"), "{again}");

    let before = phones.now().await;
    let day = before.split(' ').next().unwrap().to_owned();
    phones.find("//*[@data-testid='advance-3-days']").await.click().await.unwrap();
    phones
        .find(&format!("//*[@data-testid='now'][contains(., '年')][not(contains(., '{day}'))]"))
        .await;

    phones.say("王大娘", "<b>王庄村</b>的垃圾<script>document.title='x'</script>没人收").await;
    let summary = phones.reads("王大娘", "<b>王庄村</b>的垃圾<script>").await;
    assert!(summary.contains("document.title='x'</script>没人收"), "{summary}");
    assert_eq!(phones.driver().title().await.unwrap(), "模拟微信");
    phones.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loop_is_played_in_plain_mode_as_well() {
    let mut phones = Phones::open(&["--plain"]).await;
    phones.find("//*[@data-testid='mode'][contains(., '明文模式')]").await;
    street_light(&mut phones).await;
    phones.close().await;
}
