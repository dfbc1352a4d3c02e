//! What people send, from the push to the bytes that are shown.

mod bucket;
mod life;
mod pictures;
mod troubles;

use crate::harness::{
    TestDatabase, moment, monday,
    platform::{Answer, Asked, Platform},
};
use image::{Rgb, RgbImage};
use lianxin::{
    app::{App, Parts},
    clock::StoppedClock,
    config::MediaPlace,
    county,
    ids::{RandomIds, SeededIds},
    replay::account::{SLUG, demo_account},
    shared::Shared,
    storage::{Incoming, MediaRow},
    ticket::{Follower, MediaKind},
};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use url::Url;

/// A picture whose corners differ, so that no turn of it looks like another.
fn corners(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([220, 30, 30]),
        (false, true) => Rgb([30, 200, 40]),
        (true, false) => Rgb([40, 40, 220]),
        (false, false) => Rgb([230, 220, 60]),
    })
}

/// A service that only fetches, in front of a platform that answers as a test tells it to.
struct Fetcher {
    app: App,
    clock: Arc<StoppedClock>,
    platform: Platform,
}

impl Fetcher {
    fn on(
        database: &TestDatabase,
        media: MediaPlace,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let clock = Arc::new(StoppedClock::at(monday()));
        let platform = Platform::answering(move |asked| match asked.path.as_str() {
            "/cgi-bin/stable_token" => {
                Answer::Json(json!({ "access_token": "t1", "expires_in": 7200 }))
            }
            _ => answer(asked),
        });
        let pretended = demo_account(&SeededIds::from_seed(7), &county::demo::county()).unwrap();
        let app = App::build(Parts {
            store: database.store.clone(),
            clock: clock.clone(),
            ids: Arc::new(RandomIds),
            accounts: vec![pretended.account],
            shared: Shared::memory(clock.clone()),
            media,
            api_url: platform.address(),
            public_url: Url::parse("https://lianxin.example").unwrap(),
            signing_key: None,
            templates: None,
            record: None,
        })
        .unwrap();
        Self { app, clock, platform }
    }

    async fn expects(&self, id: &str) {
        let incoming = Incoming {
            id: id.to_owned(),
            account: SLUG.to_owned(),
            openid: Some("wang".to_owned()),
            kind: MediaKind::Photo,
        };
        let tx = self.app.store.begin().await.unwrap();
        tx.expect_media(&incoming, monday()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Looks until nothing is due at this moment.
    async fn looks(&self) {
        for _ in 0..100 {
            if lianxin::media::fetch::run(&self.app).await.unwrap() == 0 {
                return;
            }
        }
        panic!("there is always something more to fetch");
    }

    async fn row(&self, id: &str) -> MediaRow {
        self.app.store.media(id).await.unwrap().expect("a row")
    }

    /// How often the platform was asked for something that was sent.
    fn asked(&self) -> usize {
        self.platform.count("/cgi-bin/media/get")
    }
}

fn folder(at: &Path) -> MediaPlace {
    MediaPlace::Folder(at.to_owned())
}

/// Every file below a folder.
fn files(below: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(below) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn wang() -> Follower {
    Follower { account: SLUG.to_owned(), openid: "wang".to_owned() }
}

#[test]
fn the_samples_are_what_they_seem() {
    assert_eq!(corners(4, 4).get_pixel(3, 0), &Rgb([30, 200, 40]));
    assert!(moment("2026-03-02T09:00:00+08:00") < monday());
    assert_eq!(wang().openid, "wang");
}
