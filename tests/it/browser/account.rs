//! What an account can do besides talking, played by hand in the demo: its menus, its codes, photos
//! that arrive, pages behind notices, words for groups.

use super::{LIMIT, OFTEN, Phones, phone, street_light};
use std::time::Duration;
use thirtyfour::{By, prelude::*};

/// The console of the demo, and who signs in there.
struct Console {
    address: String,
    password: String,
}

impl Phones {
    /// What the demo tells about its console.
    fn console(&mut self) -> Console {
        let address = self.demo.says("工作台 Console").trim().trim_end_matches('/').to_owned();
        let told = self.demo.says("管理员");
        let password = told.split_whitespace().next().unwrap().to_owned();
        Console { address, password }
    }

    async fn goes_to(&self, address: &str) {
        self.driver().goto(address).await.unwrap();
    }

    async fn fills(&self, field: &str, words: &str) {
        self.find(&format!("//*[@id='{field}']")).await.send_keys(words).await.unwrap();
    }

    /// Presses what leads to another page, and waits until this one is gone.
    async fn leaves_by(&self, path: &str) {
        let page = self.driver().find(By::Tag("html")).await.unwrap();
        let element = self.find(path).await;
        element.scroll_into_view().await.unwrap();
        element.click().await.unwrap();
        page.wait_until().wait(LIMIT, OFTEN).stale().await.unwrap();
    }

    /// Presses a button of the account's own menu.
    async fn taps(&self, who: &str, key: &str) {
        let path = format!("{}//*[@aria-expanded='false']", phone(who));
        if let Ok(keyboard) = self.driver().find(By::XPath(&path)).await {
            keyboard.click().await.unwrap();
        }
        let button = format!("{}//*[@data-testid='menu-{key}']", phone(who));
        let button = self.find(&button).await;
        // It may lie under one that opens.
        let shown = "arguments[0].closest('details')?.setAttribute('open', '')";
        self.driver().execute(shown, vec![button.to_json().unwrap()]).await.unwrap();
        button.click().await.unwrap();
    }

    async fn signs_in(&self, console: &Console) {
        self.goes_to(&format!("{}/sign-in", console.address)).await;
        self.fills("name", "管理员").await;
        self.fills("password", &console.password).await;
        self.leaves_by("//form//button[@type='submit']").await;
        self.find("//nav[@class='menu']").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn menus_codes_photos_pages_and_groups_are_played_by_hand() {
    let mut phones = Phones::open(&[]).await;
    let console = phones.console();
    let simulator = phones.driver().current_url().await.unwrap();

    // The menu was set by interface, and one who takes orders has another than a resident.
    phones.taps("王大娘", "MINE").await;
    phones.reads("王大娘", "还没有报过").await;
    phones.taps("张建国", "TASKS").await;
    phones.reads("张建国", "任务").await;

    // A code on the wall: the village is known, and the first question is what is the matter.
    let sheet = format!("{}//*[@data-sheet='codes']", phone("李大爷"));
    phones.find(&sheet).await.click().await.unwrap();
    let code = format!("{}//button[.='李家村的民情码']", phone("李大爷"));
    phones.find(&code).await.click().await.unwrap();
    phones.reads("李大爷", "李家村").await;

    street_light(&mut phones).await;
    let link = format!("{}//a[contains(@href, 'm%2Ftask%2FLX')]", phone("张建国"));
    let page = phones.find(&link).await.prop("href").await.unwrap().unwrap();
    phones.goes_to(&page).await;
    phones.find("//body[contains(., '我家门口路灯坏了三天了')]").await;

    // The photo that 张建国 sent is in the console, and it is a picture.
    phones.signs_in(&console).await;
    phones.goes_to(&format!("{}/search?q=路灯", console.address)).await;
    phones.leaves_by("//main//a[contains(@href, '/console/tickets/LX')]").await;
    phones.find("//*[@class='media']//img").await;
    let seen = "return [...document.querySelectorAll('.media img')]
        .some((image) => image.complete && image.naturalWidth > 100)";
    let arrived = async {
        let mut look = tokio::time::interval(Duration::from_millis(50));
        while !phones.driver().execute(seen, Vec::new()).await.unwrap().json().as_bool().unwrap() {
            look.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, arrived).await.expect("the photo is shown");

    // Words go down the tree, and who received them comes back.
    phones.goes_to(&format!("{}/broadcasts", console.address)).await;
    phones.fills("text", "明天上午停水检修，请各村通知到户").await;
    for level in ["county", "village"] {
        let tick = format!("//input[@name='levels'][@value='{level}']");
        phones.find(&tick).await.click().await.unwrap();
    }
    phones.leaves_by("//main//form//button[@type='submit']").await;
    phones.find("//main[contains(., '云溪县工作群')][contains(., '王庄村工作群')]").await;
    phones.leaves_by("//main//form//button[@type='submit'][last()]").await;
    phones.find("//*[@role='status'][contains(., '2 个群，2 个已收到')]").await;
    phones.goes_to(simulator.join("/simulator-groups").unwrap().as_str()).await;
    phones.find("//ul[contains(., '明天上午停水检修')]").await;

    // Codes are asked for once and can be looked at.
    phones.goes_to(&format!("{}/area-codes", console.address)).await;
    phones.leaves_by("//main//form[@method='post']//button[@type='submit']").await;
    phones.find("//main//a[contains(., '看海报')]").await;
    phones.close().await;
}
