//! The documents name what there is, and nothing that there is not.

use super::{files, nothing_wrong, project, read};
use clap::CommandFactory;
use lianxin::{
    cli::CommandLine,
    config::{Config, Purpose},
    county,
    ids::SeededIds,
    replay::account::demo_account,
    ticket::notice::NoticeKind,
};
use std::path::Path;

fn documents() -> Vec<(String, String)> {
    let top = ["README.md", "README.zh-CN.md", "ARCHITECTURE.md"];
    let top = top.into_iter().map(|name| (name.to_owned(), read(name)));
    top.chain(files("docs", ".md")).collect()
}

#[test]
fn the_readme_names_every_command() {
    let readme = read("README.md");
    let mut commands = Vec::new();
    names_of(&CommandLine::command(), "lianxin", &mut commands);
    assert!(commands.len() > 10, "{commands:?}");
    let missing: Vec<String> = commands
        .into_iter()
        .filter(|command| !readme.contains(command.as_str()))
        .map(|command| format!("README.md does not name `{command}`"))
        .collect();
    nothing_wrong(&missing);
}

fn names_of(command: &clap::Command, name: &str, names: &mut Vec<String>) {
    if !command.has_subcommands() {
        names.push(name.to_owned());
    }
    for part in command.get_subcommands() {
        names_of(part, &format!("{name} {}", part.get_name()), names);
    }
}

#[test]
fn links_lead_to_files_that_exist() {
    let mut broken = Vec::new();
    let mut followed = 0;
    for (name, text) in documents() {
        let folder = Path::new(&name).parent().unwrap_or(Path::new("")).to_path_buf();
        for (_, rest) in text.match_indices("](").map(|(at, mark)| text.split_at(at + mark.len())) {
            let target = rest.split([')', '#']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            followed += 1;
            if !project("").join(&folder).join(target).exists() {
                broken.push(format!("{name}: there is no {target}"));
            }
        }
    }
    assert!(followed > 0, "no document links to anything");
    nothing_wrong(&broken);
}

#[test]
fn the_example_of_templates_is_what_the_demo_is_granted() {
    const FILE: &str = "docs/templates.toml";
    let path = project(FILE).to_string_lossy().into_owned();
    let account = |what: &str| match what {
        "APP_ID" => Some("wx0123456789abcdef".to_owned()),
        "APP_SECRET" => Some("s3cret".to_owned()),
        "TOKEN" => Some("aToken".to_owned()),
        "AES_KEY" => Some("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG".to_owned()),
        "ORIGINAL_ID" => Some("gh_0123456789ab".to_owned()),
        "TEMPLATES" => Some(path.clone()),
        _ => None,
    };
    let source = |name: &str| account(name.strip_prefix("LIANXIN_ACCOUNT_MAIN_")?);
    let names = ["LIANXIN_ACCOUNT_MAIN_APP_ID"];
    let documented = Config::load_from(&source, names, Purpose::Looking).unwrap();
    let documented = &documented.wechat.accounts[0].templates;
    let granted = demo_account(&SeededIds::from_seed(1), &county::demo::county()).unwrap();
    let granted = granted.account.templates;
    let kinds = |of: &std::collections::BTreeMap<String, _>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(kinds(documented), kinds(&granted), "{FILE}");
    for (kind, template) in &granted {
        assert_eq!(documented[kind].keywords, template.keywords, "{FILE} [{kind}]");
    }
    // Notices that share a template at the demo share one here.
    for (one, other) in granted.keys().flat_map(|one| granted.keys().map(move |other| (one, other)))
    {
        let shares = granted[one].id == granted[other].id;
        assert_eq!(documented[one].id == documented[other].id, shares, "{one} {other}");
    }
}

#[test]
fn the_list_of_templates_tells_every_notice_and_every_word_to_be_registered() {
    let list = read("docs/templates.md");
    let granted = demo_account(&SeededIds::from_seed(1), &county::demo::county()).unwrap();
    let mut missing = Vec::new();
    for kind in NoticeKind::ALL.map(NoticeKind::code) {
        if !list.contains(&format!("`{kind}`")) {
            missing.push(format!("`{kind}`"));
        }
    }
    for template in &granted.templates {
        let keywords = template.keywords.iter();
        let words =
            keywords.flat_map(|keyword| [&keyword.label].into_iter().chain(&keyword.allowed));
        for word in words.chain([&template.title]) {
            if !list.contains(word.as_str()) {
                missing.push(format!("{}: {word}", template.title));
            }
        }
    }
    missing.dedup();
    nothing_wrong(&missing);
}
