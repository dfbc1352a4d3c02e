//! Every chat script of the repository, as it is written and with everything that may happen to a
//! conversation on its way.
//!
//! Scripts are played two at a time: as many as the machine is sure to have cores for.

use crate::harness::postgres;
use futures_util::{StreamExt, stream};
use lianxin::replay::{Options, Place, Report, Twist, count_pushes, run_script};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use url::Url;

const AT_ONCE: usize = 2;
/// Before how many pushes of a script the photo comes, in a play for each: the first, the last,
/// and between them. All positions of all scripts would take a minute.
const POSITIONS: usize = 4;

fn scripts() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let mut found = Vec::new();
    find(&folder, &mut found);
    found.sort();
    assert!(found.len() >= 10, "the scripts are gone from {}", folder.display());
    found
}

fn find(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "chat") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

/// Plays every script with each of the twists that belong to it; all differences fail together.
async fn all(place: &Place, twists: impl Fn(&str) -> Vec<Twist>) {
    let scripts = scripts();
    let plays = scripts
        .iter()
        .flat_map(|(path, text)| twists(text).into_iter().map(move |twist| (path, text, twist)));
    let told: Vec<String> = stream::iter(plays)
        .map(|(path, text, twist)| async move {
            let beside = path.parent().unwrap();
            let options = Options { place: place.clone(), twist, record: None };
            let report = run_script(text, beside, &options).await;
            tell(
                path,
                twist,
                &report.unwrap_or_else(|trouble| panic!("{}: {trouble:?}", path.display())),
            )
        })
        .buffer_unordered(AT_ONCE)
        .concat()
        .await;
    assert!(told.is_empty(), "{}", told.join("\n"));
}

fn tell(path: &Path, twist: Twist, report: &Report) -> Vec<String> {
    let name = path.file_name().unwrap().display();
    let tell = |d: &lianxin::replay::Difference| {
        let said = d.said.as_deref().unwrap_or_default();
        format!("{name}:{} ({twist:?}): {}\n  - {}\n  + {said}", d.line, d.problem, d.source)
    };
    report.differences.iter().map(tell).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn as_written_on_sqlite() {
    all(&Place::Sqlite, |_| vec![Twist::None]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn as_written_on_postgresql() {
    let server = Place::Postgres(Url::parse(&postgres::server()).unwrap());
    all(&server, |_| vec![Twist::None]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_every_push_delivered_twice() {
    all(&Place::Sqlite, |_| vec![Twist::EverythingTwice]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_restart_between_all_steps() {
    all(&Place::Sqlite, |_| vec![Twist::RestartsBetween]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_photo_that_nobody_expected() {
    let spread = |text: &str| {
        let pushes = count_pushes(text).unwrap();
        let positions: BTreeSet<usize> =
            (0..POSITIONS).map(|nth| nth * pushes.saturating_sub(1) / (POSITIONS - 1)).collect();
        positions.into_iter().map(Twist::PhotoBefore).collect()
    };
    all(&Place::Sqlite, spread).await;
}
