//! Who may name whom: the table of ARCHITECTURE.md, held to the code.
//!
//! It reads paths that begin with `crate::`, in `use` trees and elsewhere, and the names of the
//! crates that belong to one layer. Tests may name whatever they need and are not looked at.

use super::{files, nothing_wrong, project, read};
use std::{collections::BTreeSet, fs};

/// One module of ours.
struct Layer {
    /// Where it is, without `.rs`.
    at: &'static str,
    /// Paths of ours that it may name, besides its own.
    ours: &'static [&'static str],
    /// Crates of [`BOUND`] that it may name.
    theirs: &'static [&'static str],
}

/// Crates that belong somewhere. Others (`serde`, `chrono`, `thiserror`, …) may be named anywhere.
const BOUND: &[&str] = &[
    "actix_web",
    "anyhow",
    "calamine",
    "clap",
    "entities",
    "migration",
    "minijinja",
    "redis",
    "reqwest",
    "rust_embed",
    "rust_xlsxwriter",
    "sea_orm",
    "sqlx",
    "tokio",
    "tokio_util",
    "toml",
    "tracing_actix_web",
    "zip",
];

const LAYERS: &[Layer] = &[
    // The core.
    Layer { at: "src/calendar", ours: &[], theirs: &[] },
    Layer { at: "src/ticket", ours: &["calendar"], theirs: &[] },
    Layer { at: "src/rates", ours: &["calendar", "ticket"], theirs: &[] },
    Layer { at: "src/county", ours: &["calendar"], theirs: &[] },
    Layer { at: "src/invitation", ours: &[], theirs: &[] },
    Layer {
        at: "src/dialogue",
        ours: &["calendar", "ticket", "county", "invitation"],
        theirs: &[],
    },
    // What the shells stand on.
    Layer { at: "src/clock", ours: &[], theirs: &[] },
    Layer { at: "src/ids", ours: &[], theirs: &[] },
    Layer { at: "src/record", ours: &["calendar", "county", "wechat::account"], theirs: &[] },
    Layer { at: "src/telemetry", ours: &[], theirs: &["actix_web", "tracing_actix_web"] },
    Layer {
        at: "src/replies",
        ours: &["calendar", "dialogue", "ticket", "county", "outbox::message"],
        theirs: &["minijinja", "rust_embed"],
    },
    Layer {
        at: "src/workbook",
        ours: &["county"],
        theirs: &["calamine", "rust_xlsxwriter", "zip"],
    },
    Layer { at: "src/wechat", ours: &[], theirs: &[] },
    Layer {
        at: "src/wechat/client",
        ours: &["wechat::account", "shared", "clock", "ids"],
        theirs: &["reqwest", "tokio"],
    },
    Layer { at: "src/shared", ours: &["clock"], theirs: &["redis", "tokio"] },
    Layer {
        at: "src/storage",
        ours: &["calendar", "dialogue", "ticket", "county", "ids"],
        theirs: &["sea_orm", "entities", "migration", "sqlx", "tokio"],
    },
    Layer {
        at: "src/config",
        ours: &["wechat::account", "wechat::envelope", "ticket::notice", "outbox::message"],
        theirs: &["toml"],
    },
    Layer {
        at: "src/app",
        ours: &[
            "clock",
            "ids",
            "config",
            "county",
            "record",
            "replies",
            "shared",
            "storage",
            "wechat::account",
            "wechat::client",
            "record",
        ],
        theirs: &["reqwest", "tokio"],
    },
    Layer { at: "src/record", ours: &["calendar", "county", "wechat::account"], theirs: &[] },
    // The shells.
    Layer {
        at: "src/intake",
        ours: &[
            "app",
            "calendar",
            "dialogue",
            "ticket",
            "county",
            "enact",
            "invitation",
            "storage",
            "outbox::post",
            "wechat::account",
            "wechat::answer",
            "wechat::push",
            "record",
        ],
        theirs: &[],
    },
    Layer {
        at: "src/enact",
        ours: &["app", "county", "dialogue", "ticket", "storage", "outbox::post"],
        theirs: &[],
    },
    Layer { at: "src/routing", ours: &["county", "dialogue", "ticket", "storage"], theirs: &[] },
    Layer {
        at: "src/desk",
        ours: &["app", "county", "dialogue", "enact", "replies", "routing", "ticket", "storage"],
        theirs: &[],
    },
    Layer {
        at: "src/due",
        ours: &[
            "app",
            "calendar",
            "county",
            "dialogue",
            "enact",
            "routing",
            "ticket",
            "storage",
            "outbox::post",
        ],
        theirs: &[],
    },
    Layer {
        at: "src/outbox",
        ours: &[
            "app",
            "calendar",
            "county",
            "dialogue::reply",
            "due",
            "storage",
            "ticket",
            "wechat::account",
            "wechat::client",
            "record",
        ],
        theirs: &["tokio", "tokio_util"],
    },
    Layer {
        at: "src/web",
        ours: &[
            "app",
            "config",
            "intake",
            "telemetry",
            // What a recording has to be told.
            "record",
            "county::County",
            "ticket::Follower",
            "wechat::account",
            "wechat::answer",
            "wechat::envelope",
            "wechat::push",
            "wechat::signature",
        ],
        theirs: &["actix_web", "minijinja", "tokio", "tracing_actix_web"],
    },
    // The stage, and the door.
    Layer {
        at: "src/simulator",
        ours: &["clock", "ids", "wechat::account"],
        theirs: &["actix_web", "reqwest", "tokio", "tokio_util"],
    },
    Layer {
        at: "src/replay",
        ours: &[
            "app",
            "calendar",
            "clock",
            "county",
            "desk",
            "dialogue",
            "due",
            "ids",
            "outbox",
            "rates",
            "record",
            "replies",
            "shared",
            "simulator",
            "storage",
            "telemetry",
            "ticket",
            "web",
            "wechat::account",
            "wechat::answer",
            "wechat::envelope",
            "wechat::push",
        ],
        theirs: &["actix_web", "tokio", "tokio_util", "toml"],
    },
    Layer {
        at: "src/cli",
        ours: &[
            "app",
            "calendar",
            "clock",
            "config",
            "county",
            "due",
            "ids",
            "invitation",
            "outbox",
            "rates",
            "replay",
            "replies",
            "shared",
            "simulator",
            "storage",
            "telemetry",
            "ticket",
            "web",
            "wechat::account",
            "wechat::client",
            "workbook",
        ],
        theirs: &["anyhow", "clap", "rust_xlsxwriter", "tokio", "tokio_util"],
    },
];

/// The core and the words decide; they do not wait, look or draw.
const PURE: &[&str] =
    &["src/calendar", "src/ticket", "src/rates", "src/county", "src/invitation", "src/dialogue"];
const IMPURE: &[&str] = &[
    "async ",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::time",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "new_v4",
    "rand::",
    "tracing::",
    "metrics::",
    "println!",
];

#[test]
fn every_module_names_only_what_lies_below_it() {
    let mut mistakes = Vec::new();
    for layer in LAYERS {
        for (name, code) in code_of(layer.at) {
            for path in paths_of_ours(&code) {
                let is_own = begins_with(&path, &module_of(layer.at));
                if !is_own && !layer.ours.iter().any(|allowed| begins_with(&path, allowed)) {
                    mistakes.push(format!("{name}: crate::{path}"));
                }
            }
            let foreign = BOUND.iter().filter(|name| !layer.theirs.contains(name));
            for foreign in foreign.filter(|name| names_crate(&code, name)) {
                mistakes.push(format!("{name}: {foreign}::"));
            }
        }
    }
    nothing_wrong(&mistakes);
}

#[test]
fn the_core_waits_for_nothing_looks_at_nothing_and_draws_nothing() {
    let mut mistakes = Vec::new();
    for (name, code) in PURE.iter().flat_map(|at| code_of(at)) {
        let words = IMPURE.iter().filter(|word| code.contains(**word));
        mistakes.extend(words.map(|word| format!("{name}: {word}")));
    }
    nothing_wrong(&mistakes);
}

#[test]
fn every_module_has_its_row_here_and_its_place_in_the_architecture() {
    let architecture = read("ARCHITECTURE.md");
    let mut mistakes = Vec::new();
    for entry in fs::read_dir(project("src")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().replace(".rs", "");
        if matches!(name.as_str(), "lib" | "main") {
            continue;
        }
        if !LAYERS.iter().any(|layer| layer.at == format!("src/{name}")) {
            mistakes.push(format!("src/{name} has no row in the table of imports"));
        }
        if !architecture.contains(&format!("`{name}`")) {
            mistakes.push(format!("ARCHITECTURE.md does not speak of `{name}`"));
        }
    }
    nothing_wrong(&mistakes);
}

#[test]
fn a_path_is_found_however_it_is_written() {
    let code = "use crate::{app::App, storage::{Store, Tx}, wechat::client};\n\
                fn a(b: &crate::county::County) {} use crate::due as late;";
    let found: Vec<String> = paths_of_ours(code).into_iter().collect();
    let expected =
        ["app::App", "county::County", "due", "storage::Store", "storage::Tx", "wechat::client"];
    assert_eq!(found, expected);
    assert!(names_crate("use reqwest::Client;", "reqwest"));
    assert!(names_crate("fn f() { ::redis::cmd() }", "redis"));
    assert!(!names_crate("use crate::shared::redis::Redis; let tokio_like = 1;", "redis"));
    assert!(!names_crate("fn reqwest_like() {}", "reqwest"));
}

/// `src/wechat/client` is `wechat::client`.
fn module_of(at: &str) -> String {
    at.trim_start_matches("src/").replace('/', "::")
}

/// The code of a module, without comments and without its tests. A part of it that has a row of
/// its own is not looked at twice.
fn code_of(at: &str) -> Vec<(String, String)> {
    let one = format!("{at}.rs");
    let found =
        if project(&one).is_file() { vec![(one.clone(), read(&one))] } else { files(at, ".rs") };
    let parts: Vec<&str> = LAYERS
        .iter()
        .map(|layer| layer.at)
        .filter(|other| other.starts_with(&format!("{at}/")))
        .collect();
    found
        .into_iter()
        .filter(|(name, _)| !parts.iter().any(|part| name.starts_with(part)))
        .filter(|(name, _)| !name.contains("/tests/") && !name.ends_with("/tests.rs"))
        .map(|(name, text)| {
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            (name, lines.collect::<Vec<_>>().join("\n"))
        })
        .collect()
}

fn begins_with(path: &str, module: &str) -> bool {
    path == module || path.starts_with(&format!("{module}::"))
}

/// Whether the code names a crate: its name at the beginning of a path.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = &code[..at];
        let inside = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let part_of_a_path = before.ends_with("::") && !before.ends_with(" ::");
        !inside && !part_of_a_path
    })
}

/// All paths below `crate::`, with trees of `use` written out.
fn paths_of_ours(code: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for (at, begin) in code.match_indices("crate::") {
        let mut depth = 0_usize;
        let rest = &code[at + begin.len()..];
        let end = rest.find(|c: char| {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                _ => {}
            }
            depth == 0 && !(c.is_alphanumeric() || matches!(c, '_' | ':' | '{' | '}'))
        });
        write_out("", &rest[..end.unwrap_or(rest.len())], &mut paths);
    }
    paths
}

fn write_out(before: &str, tree: &str, paths: &mut BTreeSet<String>) {
    let Some((path, rest)) = tree.split_once('{') else {
        let name = tree.split(" as ").next().unwrap_or_default();
        let path = format!("{before}{}", name.trim()).trim_end_matches("::self").to_owned();
        paths.insert(path.trim_end_matches("::").to_owned());
        return;
    };
    let before = format!("{before}{}", path.trim());
    let (mut depth, mut item) = (0_usize, String::new());
    for c in rest.chars() {
        match c {
            ',' | '}' if depth == 0 => {
                if !item.trim().is_empty() {
                    write_out(&before, item.trim(), paths);
                }
                item.clear();
                if c == '}' {
                    break;
                }
                continue;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        item.push(c);
    }
}
