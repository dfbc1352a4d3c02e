//! Which template of an account carries which notice: a TOML file, one table a notice.
//!
//! ```toml
//! [result]
//! id = "…"
//! keywords = { character_string1 = "number", thing4 = "place", time2 = "time" }
//! ```
//!
//! Deliberately absent: whether the account owns such a template, which only the platform knows
//! (the `check` command asks it).

use super::source::Problems;
use crate::{outbox::message::FIELDS, ticket::notice::NoticeKind, wechat::account::Template};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    keywords: BTreeMap<String, String>,
}

/// Reads the file that `variable` names.
pub(super) fn read(
    variable: &str,
    path: &Path,
    problems: &mut Problems,
) -> BTreeMap<String, Template> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            problems.add(
                variable,
                format!("the file cannot be read: {error}"),
                "give the path of a TOML file",
            );
            return BTreeMap::new();
        }
    };
    parse(variable, &text, problems)
}

fn parse(variable: &str, text: &str, problems: &mut Problems) -> BTreeMap<String, Template> {
    let tables: BTreeMap<String, toml::Value> = match toml::from_str(text) {
        Ok(tables) => tables,
        Err(error) => {
            problems.add(variable, format!("the file is not TOML: {error}"), "mend that line");
            return BTreeMap::new();
        }
    };
    let mut templates = BTreeMap::new();
    for (kind, table) in tables {
        match Entry::deserialize(table) {
            Ok(entry) => {
                check(variable, &kind, &entry, problems);
                let Entry { id, keywords } = entry;
                templates.insert(kind, Template { id, keywords });
            }
            Err(error) => problems.add(
                variable,
                format!("[{kind}]: {}", error.message()),
                "each notice has an id and keywords = { key = \"field\" }",
            ),
        }
    }
    templates
}

fn check(variable: &str, kind: &str, entry: &Entry, problems: &mut Problems) {
    if !NoticeKind::ALL.iter().any(|known| known.code() == kind) {
        let known = NoticeKind::ALL.map(NoticeKind::code).join(", ");
        problems.add(variable, format!("[{kind}] is no notice"), format!("notices are: {known}"));
    }
    if entry.id.trim().is_empty() {
        problems.add(
            variable,
            format!("[{kind}] has no id"),
            "copy the template's id from the platform's console (模板消息)",
        );
    }
    for (key, field) in &entry.keywords {
        if !FIELDS.contains(&field.as_str()) {
            problems.add(
                variable,
                format!("[{kind}] {key}: there is no field “{field}”"),
                format!("fields are: {}", FIELDS.join(", ")),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut problems = Problems::default();
        parse("T", text, &mut problems);
        problems.into_vec().into_iter().map(|problem| problem.what).collect()
    }

    #[test]
    fn a_template_is_read_with_its_keywords() {
        let text = "[result]\nid = \"abc\"\nkeywords = { thing4 = \"place\", time2 = \"time\" }\n";
        let mut problems = Problems::default();
        let templates = parse("T", text, &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(templates["result"].id, "abc");
        assert_eq!(templates["result"].keywords["thing4"], "place");
    }

    #[test]
    fn every_mistake_of_the_file_is_told_at_once() {
        let text = r#"
            [resullt]
            id = "abc"
            keywords = {}
            [taken]
            id = ""
            keywords = { thing1 = "plaec" }
            [task]
            id = "x"
            keyword = {}
        "#;
        let found = found(text);
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(found[0], "[resullt] is no notice");
        assert_eq!(found[1], "[taken] has no id");
        assert_eq!(found[2], "[taken] thing1: there is no field “plaec”");
        assert!(found[3].starts_with("[task]: "), "{}", found[3]);
    }

    #[test]
    fn what_is_not_toml_says_where() {
        let found = found("[result\nid = 1");
        assert!(found[0].starts_with("the file is not TOML: "), "{found:?}");
        assert!(found[0].contains("line 1"), "{found:?}");
    }
}
