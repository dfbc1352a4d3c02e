//! Everything that can be said has its words, and no words are left over.

use super::{files, nothing_wrong, read};
use lianxin::ticket::notice::NoticeKind;
use std::collections::BTreeSet;

#[test]
fn every_reply_has_a_text_and_every_text_a_reply() {
    same("templates/replies/zh", &replies());
}

#[test]
fn every_notice_has_a_text_and_every_text_a_notice() {
    same("templates/notices/zh", &NoticeKind::ALL.map(|kind| kind.code().to_owned()).into());
}

#[test]
fn every_notice_has_a_word_for_the_keyword_that_says_where_things_stand() {
    let words = read("templates/notices/zh/_status.txt");
    let missing: Vec<String> = NoticeKind::ALL
        .map(NoticeKind::code)
        .into_iter()
        .filter(|code| !words.contains(&format!("\"{code}\": \"")))
        .map(|code| format!("{code} has no word in _status.txt"))
        .collect();
    nothing_wrong(&missing);
}

/// The names of all replies as their files have them; `Beside` is no reply but holds some.
fn replies() -> BTreeSet<String> {
    let mut all = variants("src/dialogue/reply.rs", "pub enum Reply {");
    assert!(all.remove("beside"), "the replies about what runs beside are gone");
    all.extend(variants("src/dialogue/reply/beside.rs", "pub enum Beside {"));
    all
}

fn variants(file: &str, begin: &str) -> BTreeSet<String> {
    let code = read(file);
    let (_, variants) = code.split_once(begin).expect("the enum is not there");
    let (variants, _) = variants.split_once("\n}").expect("the enum does not end");
    variants
        .lines()
        // A variant stands four blanks in; its fields stand deeper.
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| {
            let name = line.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            snake_case(name)
        })
        .collect()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The files of a folder are exactly these; one whose name begins with `_` is shared by others.
fn same(folder: &str, wanted: &BTreeSet<String>) {
    let found: BTreeSet<String> = files(folder, ".txt")
        .into_iter()
        .filter_map(|(name, _)| {
            let name = name.rsplit('/').next()?.strip_suffix(".txt")?.to_owned();
            (!name.starts_with('_')).then_some(name)
        })
        .collect();
    let missing = wanted.difference(&found).map(|name| format!("{folder}/{name}.txt is missing"));
    let idle = found.difference(wanted).map(|name| format!("nothing says {folder}/{name}.txt"));
    nothing_wrong(&missing.chain(idle).collect::<Vec<_>>());
}
