//! `menu` and `codes` from outside, against a pretended platform.

use super::{SERVING, folder, output, run, text};
use chrono::DateTime;
use lianxin::{
    clock::StoppedClock,
    ids::SeededIds,
    simulator::{Options, SimulatedAccount, Simulator},
    wechat::account::{Mode, Secret},
};
use std::{fs, sync::Arc};

fn platform() -> Simulator {
    let clock = Arc::new(StoppedClock::at(DateTime::from_timestamp(1_772_420_400, 0).unwrap()));
    let account = SimulatedAccount {
        slug: "main".to_owned(),
        name: "云溪连心".to_owned(),
        app_id: "wx0123456789abcdef".to_owned(),
        app_secret: Secret::new("s3cret"),
        token: Secret::new("aToken"),
        aes_key: Secret::new("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"),
        original_id: "gh_0123456789ab".to_owned(),
        mode: Mode::Safe,
        webhook: None,
    };
    Simulator::start(Options {
        accounts: vec![account],
        ..Options::new(clock, Arc::new(SeededIds::from_seed(1)))
    })
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_changes_nothing_and_applying_twice_changes_nothing_more() {
    let (folder, platform) = (folder(), platform());
    let url = platform.api_url();
    let mut variables = SERVING.to_vec();
    variables.push(("LIANXIN_WECHAT_API_URL", &url));
    let said = |arguments: &[&str]| {
        let told = output(&folder, &variables, arguments);
        (told.status.code().unwrap(), text(&told.stdout), text(&told.stderr))
    };
    let (code, plan, _) = said(&["menu", "plan"]);
    assert_eq!(code, 0, "{plan}");
    assert!(plan.contains("main: 7 step(s)") && plan.contains("+ tag 党员"), "{plan}");
    // Nobody answers the question: nothing is changed.
    let (code, told, _) = said(&["menu", "apply"]);
    assert_eq!((code, told.contains("nothing was changed")), (0, true), "{told}");
    assert_eq!(said(&["menu", "plan"]).1, plan);
    let (code, told, done) = said(&["menu", "apply", "--yes", "--account", "main"]);
    assert_eq!((code, told.contains("main: done")), (0, true), "{told}");
    assert_eq!(done.matches("done: ").count(), 7, "{done}");
    let (code, told, done) = said(&["menu", "apply", "--yes"]);
    assert_eq!((code, told.contains("nothing to do"), done.as_str()), (0, true, ""), "{told}");
    assert_eq!(said(&["menu", "plan", "--account", "other"]).0, 1);

    let mine = folder.path().join("mine.toml");
    fs::write(&mine, "[[button]]\nname = \"说事\"\nclick = \"RAPORT\"\n").unwrap();
    let mine = mine.display().to_string();
    let mut variables = variables.clone();
    variables.push(("LIANXIN_ACCOUNT_MAIN_MENU", &mine));
    let told = output(&folder, &variables, &["menu", "plan"]);
    let wrong = text(&told.stderr);
    assert!(wrong.contains("mine.toml:1: nobody answers the key RAPORT"), "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_drawn_into_a_folder_and_the_second_run_makes_none_anew() {
    let (folder, platform) = (folder(), platform());
    let url = platform.api_url();
    let mut variables = SERVING.to_vec();
    variables.push(("LIANXIN_WECHAT_API_URL", &url));
    assert_eq!(run(&folder, &["import", "demo"]).0, 0);
    let arguments = ["codes", "--area", "130699201", "-o", "walls"];
    let first = output(&folder, &variables, &arguments);
    assert!(first.status.success(), "{}", text(&first.stderr));
    let walls = folder.path().join("walls");
    let poster = fs::read_to_string(walls.join("posters/130699201201.svg")).unwrap();
    assert!(poster.contains("王庄村") && poster.contains("微信扫一扫"));
    assert!(walls.join("stickers/130699201201.svg").is_file());
    let page = fs::read_to_string(walls.join("index.html")).unwrap();
    assert!(page.contains("posters/130699201201.svg"));
    let manifest = fs::read_to_string(walls.join("manifest.csv")).unwrap();
    drop(platform);
    // Nobody is asked for what is there: not even the platform is needed.
    let arguments = ["codes", "--area", "130699201", "-o", "walls", "--size", "a4"];
    let again = output(&folder, &variables, &arguments);
    assert!(again.status.success(), "{}", text(&again.stderr));
    let again = fs::read_to_string(walls.join("manifest.csv")).unwrap();
    let addresses = |table: &str| {
        table.lines().map(|line| line.split(',').nth(3).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(addresses(&again), addresses(&manifest));
    let unknown = output(&folder, &variables, &["codes", "--area", "13", "-o", "walls"]);
    assert!(text(&unknown.stderr).contains("there is no area 13"));
}
