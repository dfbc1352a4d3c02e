//! What the compiler cannot check: who names whom, how long files get, that every module says
//! what it is, that every text has its words, and that the documents keep up.

mod documents;
mod imports;
mod layers;
mod texts;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Longer files have more than one purpose.
const LONGEST_FILE: usize = 400;

/// A path in the project.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A file of the project.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(project(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files below a folder of the project whose names end so, and what is in them.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![project(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
                found.push((
                    name.to_string_lossy().into_owned(),
                    fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "there is no {ending} in {folder}");
    found
}

fn nothing_wrong(mistakes: &[String]) {
    assert!(mistakes.is_empty(), "\n{}\n", mistakes.join("\n"));
}

#[test]
fn no_file_is_longer_than_one_purpose() {
    let long: Vec<String> = ["src", "entities", "migration", "tests"]
        .into_iter()
        .flat_map(|folder| files(folder, ".rs"))
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(name, lines)| format!("{name}: {lines} lines, {LONGEST_FILE} at most"))
        .collect();
    nothing_wrong(&long);
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<String> = ["src", "entities/src", "migration/src", "tests"]
        .into_iter()
        .flat_map(|folder| files(folder, ".rs"))
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(name, _)| format!("{name} does not begin with //!"))
        .collect();
    nothing_wrong(&silent);
}
