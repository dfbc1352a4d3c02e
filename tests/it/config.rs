//! The configuration: all mistakes at once, what is refused and what is warned of, and the manual
//! held to the code both ways.

use lianxin::{
    config::{Config, ConfigError, Database, Environment, MediaPlace, Problem, Purpose, names},
    wechat::account::{Mode, Secret},
};
use std::{cell::RefCell, collections::BTreeSet};

const EXAMPLE: &str = include_str!("../../.env.example");
const KEY: &str = "f00dcafe0123456789abcdef0123456789abcdef0123456789abcdeff00dcafe";

/// The least that serving needs.
const LEAST: [(&str, &str); 7] = [
    ("LIANXIN_SECRET_KEY", KEY),
    ("LIANXIN_PUBLIC_URL", "https://lianxin.example.gov.cn"),
    ("LIANXIN_ACCOUNT_MAIN_APP_ID", "wx0123456789abcdef"),
    ("LIANXIN_ACCOUNT_MAIN_APP_SECRET", "s3cret"),
    ("LIANXIN_ACCOUNT_MAIN_TOKEN", "aToken"),
    ("LIANXIN_ACCOUNT_MAIN_AES_KEY", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"),
    ("LIANXIN_ACCOUNT_MAIN_ORIGINAL_ID", "gh_0123456789ab"),
];

/// The least, with these put in the place of what they name; an empty value is none.
fn load(changed: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let values = LEAST.iter().chain(changed).copied();
    Config::load(&Environment::of(values), Purpose::Serving)
}

fn problems(changed: &[(&str, &str)]) -> Vec<Problem> {
    load(changed).map(|_| ()).unwrap_err().problems
}

/// The variables that are complained of.
fn complained_of(changed: &[(&str, &str)]) -> Vec<String> {
    problems(changed).into_iter().map(|problem| problem.variable).collect()
}

#[test]
fn the_least_is_enough_and_the_safe_mode_is_the_default() {
    let config = load(&[]).unwrap();
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    let [account] = config.wechat.accounts.as_slice() else { panic!("one account") };
    assert_eq!((account.slug.as_str(), account.mode), ("main", Mode::Safe));
    assert!(account.trusts_chat);
    assert_eq!(config.web.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.web.public_url.as_str(), "https://lianxin.example.gov.cn/");
    assert_eq!(config.wechat.api_url.as_str(), "https://api.weixin.qq.com/");
    assert_eq!(config.database, Database::Sqlite("data/lianxin.db".into()));
}

#[test]
fn all_mistakes_are_told_at_once_each_with_its_mend() {
    let problems = problems(&[
        ("LIANXIN_SECRET_KEY", "short"),
        ("LIANXIN_PUBLIC_URL", "http://lianxin.example.gov.cn"),
        ("LIANXIN_LISTEN", "8080"),
        ("LIANXIN_TRUSTED_PROXIES", "10.0.0.1, gateway"),
        ("LIANXIN_WECHAT_API_URL", "http://api.weixin.qq.com"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("REDIS_URL", "localhost"),
        ("RUST_LOG", "lianxin=loud"),
        ("LIANXIN_ACCOUNT_MAIN_APP_ID", "gh_0123456789ab"),
        ("LIANXIN_ACCOUNT_MAIN_APP_SECRET", ""),
        ("LIANXIN_ACCOUNT_MAIN_TOKEN", "no"),
        ("LIANXIN_ACCOUNT_MAIN_AES_KEY", "short"),
        ("LIANXIN_ACCOUNT_MAIN_ORIGINAL_ID", "wx0123456789abcdef"),
        ("LIANXIN_ACCOUNT_SECOND_MODE", "open"),
    ]);
    let named: BTreeSet<&str> = problems.iter().map(|problem| problem.variable.as_str()).collect();
    let expected = [
        "DATABASE_URL",
        "LIANXIN_ACCOUNT_MAIN_AES_KEY",
        "LIANXIN_ACCOUNT_MAIN_APP_ID",
        "LIANXIN_ACCOUNT_MAIN_APP_SECRET",
        "LIANXIN_ACCOUNT_MAIN_ORIGINAL_ID",
        "LIANXIN_ACCOUNT_MAIN_TOKEN",
        "LIANXIN_ACCOUNT_SECOND_APP_ID",
        "LIANXIN_ACCOUNT_SECOND_APP_SECRET",
        "LIANXIN_ACCOUNT_SECOND_MODE",
        "LIANXIN_ACCOUNT_SECOND_ORIGINAL_ID",
        "LIANXIN_ACCOUNT_SECOND_TOKEN",
        "LIANXIN_LISTEN",
        "LIANXIN_PUBLIC_URL",
        "LIANXIN_SECRET_KEY",
        "LIANXIN_TRUSTED_PROXIES",
        "LIANXIN_WECHAT_API_URL",
        "REDIS_URL",
        "RUST_LOG",
    ];
    assert_eq!(named.into_iter().collect::<Vec<_>>(), expected);
    for problem in &problems {
        assert!(!problem.what.is_empty() && !problem.mend.is_empty(), "{problem:?}");
    }
    let told = ConfigError { problems }.to_string();
    for variable in expected {
        assert!(told.contains(&format!("\n  {variable}: ")), "{variable} in {told}");
    }
}

#[test]
fn no_complaint_repeats_a_value() {
    let told = problems(&[
        ("DATABASE_URL", "hunter2"),
        ("LIANXIN_ACCOUNT_MAIN_TOKEN", "hunter2!"),
        ("LIANXIN_ACCOUNT_MAIN_AES_KEY", "hunter2"),
        ("LIANXIN_SECRET_KEY", "hunter2"),
        ("REDIS_URL", "hunter2"),
    ]);
    assert_eq!(told.len(), 5);
    assert!(!format!("{told:?}").contains("hunter2"), "{told:?}");
}

#[test]
fn nothing_unsafe_is_accepted_from_outside_this_machine() {
    for url in ["http://10.0.0.1", "http://localhost.evil.cn", "ftp://localhost", "lianxin", ""] {
        let expected = usize::from(!url.is_empty());
        let found = load(&[("LIANXIN_PUBLIC_URL", url)]).err().map_or(0, |e| e.problems.len());
        assert_eq!(found, expected, "{url}");
    }
    for url in ["http://127.0.0.1:8080", "http://[::1]/", "http://localhost", "https://x.cn/lx"] {
        assert!(load(&[("LIANXIN_PUBLIC_URL", url)]).is_ok(), "{url}");
        assert!(load(&[("LIANXIN_WECHAT_API_URL", url)]).is_ok(), "{url}");
    }
}

#[test]
fn the_keys_of_the_example_are_refused() {
    let known = EXAMPLE
        .lines()
        .find_map(|line| line.strip_prefix("LIANXIN_SECRET_KEY="))
        .expect("the example shows what a key looks like");
    for key in [known.to_owned(), known.to_uppercase()] {
        assert_eq!(complained_of(&[("LIANXIN_SECRET_KEY", &key)]), ["LIANXIN_SECRET_KEY"]);
    }
}

#[test]
fn serving_needs_an_account_and_a_key_looking_needs_nothing() {
    let nothing = Environment::default();
    let named = |purpose| {
        let error = Config::load(&nothing, purpose).map(|_| ()).unwrap_err();
        error.problems.into_iter().map(|problem| problem.variable).collect::<Vec<_>>()
    };
    let account = "LIANXIN_ACCOUNT_MAIN_APP_ID";
    assert_eq!(named(Purpose::Serving), [account, "LIANXIN_SECRET_KEY"]);
    assert_eq!(named(Purpose::Working), [account]);
    assert!(Config::load(&nothing, Purpose::Looking).is_ok());
    assert!(Database::load(&nothing).is_ok());
}

#[test]
fn plain_mode_needs_no_key_and_is_not_trusted_with_orders() {
    let plain = [("LIANXIN_ACCOUNT_MAIN_MODE", "plain"), ("LIANXIN_ACCOUNT_MAIN_AES_KEY", "")];
    let config = load(&plain).unwrap();
    assert!(!config.wechat.accounts[0].trusts_chat);
    let compat = [("LIANXIN_ACCOUNT_MAIN_MODE", "compat"), ("LIANXIN_ACCOUNT_MAIN_AES_KEY", "")];
    assert_eq!(complained_of(&compat), ["LIANXIN_ACCOUNT_MAIN_AES_KEY"]);
}

#[test]
fn while_secrets_are_rotated_both_are_known_the_current_one_first() {
    let config = load(&[
        ("LIANXIN_ACCOUNT_MAIN_TOKEN_OLD", "theOldToken"),
        ("LIANXIN_ACCOUNT_MAIN_AES_KEY_OLD", "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"),
    ])
    .unwrap();
    let account = &config.wechat.accounts[0];
    let tokens: Vec<&str> = account.tokens.iter().map(Secret::expose).collect();
    assert_eq!(tokens, ["aToken", "theOldToken"]);
    assert_eq!(account.aes_keys.len(), 2);
}

#[test]
fn two_accounts_that_are_one_are_refused() {
    let second: Vec<(String, &str)> = LEAST
        .iter()
        .map(|(name, value)| (name.replace("MAIN", "SECOND"), *value))
        .filter(|(name, _)| name.contains("SECOND"))
        .collect();
    let second: Vec<(&str, &str)> = second.iter().map(|(n, v)| (n.as_str(), *v)).collect();
    assert_eq!(
        complained_of(&second),
        ["LIANXIN_ACCOUNT_SECOND_APP_ID", "LIANXIN_ACCOUNT_SECOND_ORIGINAL_ID"]
    );
}

#[test]
fn a_secret_may_be_a_file_but_not_both() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "fromAFile\n").unwrap();
    let path = file.to_str().unwrap();
    let name = "LIANXIN_ACCOUNT_MAIN_TOKEN_FILE";
    let config = load(&[("LIANXIN_ACCOUNT_MAIN_TOKEN", ""), (name, path)]).unwrap();
    assert_eq!(config.wechat.accounts[0].tokens[0].expose(), "fromAFile");
    assert_eq!(complained_of(&[(name, path)]), [name]);
    let missing = folder.path().join("missing");
    let missing = [("LIANXIN_ACCOUNT_MAIN_TOKEN", ""), (name, missing.to_str().unwrap())];
    assert_eq!(complained_of(&missing), [name]);
}

#[test]
fn a_misspelt_variable_is_warned_of_with_what_was_meant() {
    let config = load(&[
        ("LIANXIN_LISTN", "1.2.3.4:80"),
        ("LIANXIN_ACCOUNT_MAIN_TEMPLATE", "x.toml"),
        ("LIANXIN_QUITE_ANOTHER_THING", "1"),
    ])
    .unwrap();
    let told: Vec<String> = config.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("did you mean LIANXIN_ACCOUNT_MAIN_TEMPLATES?"), "{told:?}");
    assert!(told[1].contains("did you mean LIANXIN_LISTEN?"), "{told:?}");
    assert!(!told[2].contains("did you mean"), "{told:?}");
}

#[test]
fn a_slug_in_small_letters_is_a_mistake() {
    let variable = "LIANXIN_ACCOUNT_main_TOKEN";
    assert_eq!(complained_of(&[(variable, "aToken")]), [variable]);
}

#[test]
fn several_instances_without_redis_are_warned_of() {
    let config = load(&[("DATABASE_URL", "postgres://u:p@127.0.0.1/lianxin")]).unwrap();
    let told: Vec<&str> = config.warnings.iter().map(|w| w.variable.as_str()).collect();
    assert_eq!(told, ["REDIS_URL"]);
    let config = load(&[
        ("DATABASE_URL", "postgres://u:p@127.0.0.1/lianxin"),
        ("REDIS_URL", "redis://127.0.0.1"),
    ]);
    assert!(config.unwrap().warnings.is_empty());
}

#[test]
fn a_database_that_forgets_is_refused() {
    for url in ["sqlite::memory:", "sqlite://:memory:", "sqlite://", "postgres://host", "data.db"] {
        assert_eq!(complained_of(&[("DATABASE_URL", url)]), ["DATABASE_URL"], "{url}");
    }
    for (url, path) in [
        ("sqlite:a.db", "a.db"),
        ("sqlite://a/b.db?mode=rwc", "a/b.db"),
        ("sqlite:///a.db", "/a.db"),
    ] {
        assert_eq!(load(&[("DATABASE_URL", url)]).unwrap().database, Database::Sqlite(path.into()));
    }
}

#[test]
fn photos_lie_in_the_data_folder_or_where_somebody_says_it_whole() {
    let place = |changed: &[(&str, &str)]| load(changed).unwrap().media;
    let folder = place(&[("LIANXIN_DATA_DIR", "/var/lib/lianxin/data")]);
    let MediaPlace::Folder(folder) = folder else { panic!("a folder") };
    assert_eq!(folder, std::path::Path::new("/var/lib/lianxin/data/media"));
    let whole = [
        ("LIANXIN_MEDIA_URL", "s3://county/lianxin/"),
        ("LIANXIN_MEDIA_ENDPOINT", "https://cos.example.com"),
        ("LIANXIN_MEDIA_REGION", "ap-beijing"),
        ("LIANXIN_MEDIA_ACCESS_KEY", "AKID"),
        ("LIANXIN_MEDIA_SECRET_KEY", "shh"),
    ];
    let MediaPlace::Bucket(bucket) = place(&whole) else { panic!("a bucket") };
    assert_eq!((bucket.name.as_str(), bucket.prefix.as_str()), ("county", "lianxin"));
    assert_eq!((bucket.region.as_str(), bucket.secret_key.expose()), ("ap-beijing", "shh"));
    assert!(!format!("{bucket:?}").contains("shh"));
    for left_out in [1, 3, 4] {
        let mut less = whole.to_vec();
        let (name, _) = less.remove(left_out);
        assert_eq!(complained_of(&less), [name]);
    }
    assert_eq!(complained_of(&whole[1..2]), ["LIANXIN_MEDIA_URL"]);
    for (name, value) in [
        ("LIANXIN_MEDIA_URL", "/srv/photos"),
        ("LIANXIN_MEDIA_URL", "s3:///lianxin"),
        ("LIANXIN_MEDIA_ENDPOINT", "http://cos.example.com"),
    ] {
        let mut wrong = whole.to_vec();
        wrong.push((name, value));
        assert_eq!(complained_of(&wrong), [name], "{value}");
    }
}

#[test]
fn the_manual_knows_every_variable_that_is_read_and_no_other() {
    let asked = RefCell::new(BTreeSet::new());
    let source = |name: &str| {
        asked.borrow_mut().insert(name.to_owned());
        LEAST.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    let names = LEAST.iter().map(|(name, _)| *name);
    Config::load_from(&source, names, Purpose::Serving).unwrap();
    let documented: BTreeSet<String> = EXAMPLE
        .lines()
        .filter_map(|line| line.trim_start_matches("# ").split_once('=').map(|(name, _)| name))
        .filter(|name| {
            name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        })
        .map(str::to_owned)
        .collect();
    assert_eq!(asked.into_inner(), documented);
    let listed: BTreeSet<String> = names::GENERAL
        .iter()
        .map(|name| (*name).to_owned())
        .chain(names::OF_ACCOUNT.iter().map(|what| format!("LIANXIN_ACCOUNT_MAIN_{what}")))
        .collect();
    assert_eq!(listed, documented);
}

#[test]
fn the_manual_is_a_file_that_can_be_read_and_is_refused_only_for_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".env");
    std::fs::write(&file, EXAMPLE).unwrap();
    let environment = Environment::read(&file).unwrap();
    let values = environment
        .names()
        .filter(|name| name.starts_with("LIANXIN_"))
        .filter_map(|name| Some((name.to_owned(), environment.get(name)?)));
    let error = Config::load(&Environment::of(values), Purpose::Serving).map(|_| ()).unwrap_err();
    let named: Vec<&str> = error.problems.iter().map(|p| p.variable.as_str()).collect();
    assert_eq!(named, ["LIANXIN_SECRET_KEY"]);
}
