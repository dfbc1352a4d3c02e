//! Codes on walls: made once, drawn, printed by a browser, and read back by somebody else's eyes.

use crate::harness::{
    TestDatabase, browser::Browser, monday, on_both, rehearsal::Rehearsal, sqlite,
};
use lianxin::{
    area_codes::{self, CodesError, Poster, Size},
    county::{self, Area, County, Level},
    simulator::Message,
    storage::KeptCode,
};
use sea_orm::ConnectionTrait;
use std::{fs, time::Instant};

on_both![a_code_is_made_once_and_kept, beyond_the_platforms_limit_nothing_is_made];

fn villages(county: &County) -> Vec<&Area> {
    area_codes::areas_in(county, county.root().unwrap(), Level::Village)
}

async fn a_code_is_made_once_and_kept(database: &TestDatabase) {
    let service = Rehearsal::on(database).await;
    let county = county::demo::county();
    let areas = villages(&county);
    let mut told = Vec::new();
    let made = area_codes::make(&service.app, "main", &areas, |done, of| told.push((done, of)))
        .await
        .unwrap();
    assert_eq!(made.len(), areas.len());
    assert_eq!(told.last(), Some(&(areas.len(), areas.len())));
    told.clear();
    let again = area_codes::make(&service.app, "main", &areas, |done, of| told.push((done, of)));
    assert_eq!(again.await.unwrap(), made);
    // What is there is not asked for again.
    assert!(told.is_empty());
    // A stranger scans it: the platform tells the scene, and the village is known.
    let code = &made[&"130699201201".into()];
    assert!(code.url.starts_with("http://weixin.qq.com/q/"));
    let scene = area_codes::scene(&code.area);
    let answer = service.does("新邻居", Message::Follow { scene: Some(scene) }).await;
    assert!(answer.text().unwrap().contains("王庄村"));
    let scanned = service.app.store.followers_at("main", std::slice::from_ref(&code.area)).await;
    assert_eq!(scanned.unwrap()[&code.area], 1);
}

async fn beyond_the_platforms_limit_nothing_is_made(database: &TestDatabase) {
    let service = Rehearsal::on(database).await;
    // All but three of a hundred thousand.
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99997) \
                INSERT INTO area_code (account, area, ticket, url, created_at) \
                SELECT 'main', 'x' || i, 't', 'u', '2026-03-02 00:00:00+00:00' FROM n";
    service.app.store.connection().execute_unprepared(many).await.unwrap();
    let county = county::demo::county();
    let areas = villages(&county);
    let refused = area_codes::make(&service.app, "main", &areas, |_, _| {}).await.unwrap_err();
    assert!(matches!(refused, CodesError::Full { have: 99_997, .. }), "{refused}");
    assert!(refused.to_string().contains("100000"), "{refused}");
    assert_eq!(service.app.store.count_area_codes("main").await.unwrap(), 99_997);
    let three = area_codes::make(&service.app, "main", &areas[..3], |_, _| {}).await.unwrap();
    assert_eq!(three.len(), 3);
}

const URL: &str = "http://weixin.qq.com/q/02abcdefGHIJKLMNOPQRSTUvwx";

fn wang_village() -> Poster<'static> {
    Poster { county: "云溪县", area: "王庄乡 王庄村", hotline: "0312-0000000", url: URL }
}

/// What a reader that knows nothing of the drawing sees in a picture.
pub(crate) fn codes_in(picture: &[u8]) -> Vec<String> {
    let picture = image::load_from_memory(picture).unwrap().to_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let grey = |x: usize, y: usize| picture.as_raw()[y * width + x];
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    picture.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_draws_poster_and_sticker_and_another_reader_reads_the_platforms_address() {
    let folder = tempfile::tempdir().unwrap();
    let browser = Browser::start().await;
    for (name, drawn) in [
        ("poster.svg", area_codes::poster(&wang_village()).unwrap()),
        ("sticker.svg", area_codes::sticker(&wang_village()).unwrap()),
    ] {
        let path = folder.path().join(name);
        // A page around it that shows it as tall as the window.
        let page = folder.path().join(format!("{name}.html"));
        fs::write(&path, drawn).unwrap();
        let html = format!("<img src=\"{name}\" style=\"height:760px\">");
        fs::write(&page, html).unwrap();
        browser.driver.goto(format!("file://{}", page.display())).await.unwrap();
        let png = browser.driver.screenshot_as_png().await.unwrap();
        assert_eq!(codes_in(&png), [URL], "{name}");
    }
    // A sheet of stickers: every one of them.
    let county = county::demo::county();
    let mut printed = Vec::new();
    for area in villages(&county).into_iter().take(3) {
        let url = format!("{URL}{}", area.code);
        let words = county.spoken_path(&area.code);
        let name = area_codes::file_name(&area.code);
        let one = Poster { area: &words, url: &url, ..wang_village() };
        fs::write(folder.path().join(&name), area_codes::sticker(&one).unwrap()).unwrap();
        let code = area.code.clone();
        printed.push(area_codes::Printed {
            code,
            area: words.clone(),
            url: url.clone(),
            poster: None,
            sticker: Some(name),
        });
    }
    let html = area_codes::page("民情码", &printed, area_codes::Style::Own);
    fs::write(folder.path().join("index.html"), html).unwrap();
    let index = format!("file://{}/index.html", folder.path().display());
    browser.driver.goto(index).await.unwrap();
    let scroll = "document.querySelector('.stickers').scrollIntoView({ block: 'center' })";
    browser.driver.execute(scroll, Vec::new()).await.unwrap();
    let png = browser.driver.screenshot_as_png().await.unwrap();
    let mut read = codes_in(&png);
    read.sort();
    let mut expected: Vec<String> = printed.into_iter().map(|one| one.url).collect();
    expected.sort();
    assert_eq!(read, expected);
    browser.driver.clone().quit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_villages_are_kept_and_drawn_while_one_waits() {
    let database = sqlite().await;
    let begun = Instant::now();
    let areas: Vec<lianxin::county::AreaCode> =
        (0..1_054).map(|number| format!("1306992{number:05}").as_str().into()).collect();
    for area in &areas {
        let url = format!("{URL}{area}");
        let code =
            KeptCode { area: area.clone(), ticket: "t".to_owned(), url, created_at: monday() };
        database.store.keep_area_code("main", &code).await.unwrap();
    }
    let kept = database.store.area_codes("main", &areas).await.unwrap();
    assert_eq!(kept.len(), areas.len());
    let mut size = 0;
    for code in kept.values() {
        let one = Poster { url: &code.url, ..wang_village() };
        size += area_codes::poster(&one).unwrap().len() + area_codes::sticker(&one).unwrap().len();
    }
    assert!(size < 40 << 20, "{size} bytes");
    // Unoptimised, and on a busy machine.
    assert!(begun.elapsed().as_secs() < 120, "{:?}", begun.elapsed());
    assert!(Size::Both.has_posters() && Size::Both.has_stickers());
}
