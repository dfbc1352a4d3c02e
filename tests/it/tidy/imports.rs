//! Who may name whom: the table of ARCHITECTURE.md, held to the code.
//!
//! It reads paths that begin with `crate::`, in `use` trees and elsewhere, and the names of the
//! crates that belong to one layer. Tests may name whatever they need and are not looked at.

use super::layers::LAYERS;
use super::{files, nothing_wrong, project, read};
use std::{collections::BTreeSet, fs};

/// One module of ours.
pub(super) struct Layer {
    /// Where it is, without `.rs`.
    pub(super) at: &'static str,
    /// Paths of ours that it may name, besides its own.
    pub(super) ours: &'static [&'static str],
    /// Crates of [`BOUND`] that it may name.
    pub(super) theirs: &'static [&'static str],
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
    "object_store",
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

/// The core and the words decide; they do not wait, look or draw.
const PURE: &[&str] = &[
    "src/calendar",
    "src/ticket",
    "src/rates",
    "src/county",
    "src/invitation",
    "src/access",
    "src/dialogue",
];
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
