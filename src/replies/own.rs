//! Texts of the county's own: what may be changed, and a try before it is kept.
//!
//! A text that is tried may use what the built-in ones use and nothing else, is bounded in length
//! and in work, and has to be written with every sample. What passes here can still fail with what
//! nobody foresaw; then the built-in text is said instead.

use super::{
    BadTemplate, Embedded, Wording, environment, furnished, notice_file, render, reply_file,
    samples,
};
use crate::ticket::notice::NoticeKind;
use minijinja::{Environment, Error, ErrorKind, filters};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

/// How many characters a text may have.
pub const LONGEST: usize = 2000;
/// How many steps writing a text may take; the longest built-in one takes a twentieth.
pub(super) const FUEL: u64 = 20_000;
/// How many bytes may come out: more than anybody would read.
pub(super) const LONGEST_SAID: usize = 64 * 1024;

/// The county's own texts by name; one that a single account says has the account's slug and a colon
/// in front ([`name_of`]).
pub type OwnTexts = BTreeMap<String, String>;

/// How the text of one account is called where all own texts are kept.
pub fn name_of(account: Option<&str>, name: &str) -> String {
    account.map_or_else(|| name.to_owned(), |account| format!("{account}:{name}"))
}

impl Wording {
    /// The names of all texts that may be changed. What several texts share may not: fixed words
    /// of template messages are among it.
    pub fn names() -> Vec<String> {
        let all = Embedded::iter().filter(|name| !name.contains("/_"));
        let mut names: Vec<String> = all.map(std::borrow::Cow::into_owned).collect();
        names.sort();
        names
    }

    /// The text that is compiled in.
    pub fn built_in(name: &str) -> Option<String> {
        let file = Embedded::get(name)?;
        Some(String::from_utf8_lossy(&file.data).into_owned())
    }

    /// The text that holds where the county has none of its own in the database: the folder's, or
    /// else the one that is compiled in.
    pub fn given(&self, name: &str) -> Option<String> {
        let known = Embedded::get(name).is_some();
        let folders = self.folders.iter().filter(|_| known);
        let in_folder =
            folders.map(|folder| std::fs::read_to_string(folder.join(name))).find_map(Result::ok);
        in_folder.or_else(|| Self::built_in(name))
    }

    /// Says these from now on, in place of the folders' and of those that are compiled in: those
    /// for all accounts, and in front of them those of this one.
    pub fn take_over(&self, own: &OwnTexts) {
        let own = Arc::new(self.heard_here(own));
        let next = environment(own, self.folders.clone(), &self.privacy_url);
        *self.ours.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }

    /// Those of all own texts that are said here, by their plain names.
    fn heard_here(&self, own: &OwnTexts) -> OwnTexts {
        let all = own.iter().filter(|(name, _)| !name.contains(':'));
        let mut heard: OwnTexts = all.map(|(name, text)| (name.clone(), text.clone())).collect();
        if let Some(account) = &self.account {
            let ours = own.iter().filter_map(|(name, text)| {
                let (whose, name) = name.split_once(':')?;
                (whose == account).then(|| (name.to_owned(), text.clone()))
            });
            heard.extend(ours);
        }
        heard
    }

    /// Writes a text with all its samples: what people would read, each once.
    pub fn tried(
        &self,
        name: &str,
        text: &str,
        others: &OwnTexts,
    ) -> Result<Vec<String>, BadTemplate> {
        let bad = |problem: String| BadTemplate { name: name.to_owned(), problem };
        if text.chars().count() > LONGEST {
            return Err(bad(format!("太长：最多 {LONGEST} 个字")));
        }
        if text.trim().is_empty() {
            return Err(bad("不能是空的".to_owned()));
        }
        let mut own = self.heard_here(others);
        own.insert(name.to_owned(), text.to_owned());
        let (own, folders) = (Arc::new(own), self.folders.clone());
        let strict = furnished(only_what_is_needed(), own, folders, &self.privacy_url);
        let mut said: Vec<String> = Vec::new();
        for written in written(&strict, name) {
            let written = written.map_err(|error| bad(in_words(&error)))?;
            if written.trim().is_empty() {
                return Err(bad("有一种情况下什么也没有说".to_owned()));
            }
            if !said.contains(&written) {
                said.push(written);
            }
        }
        if said.is_empty() { Err(bad("没有这段话".to_owned())) } else { Ok(said) }
    }
}

/// The text with each of its samples.
fn written(environment: &Environment<'_>, name: &str) -> Vec<Result<String, Error>> {
    let replies = samples::replies().into_iter().filter(|reply| reply_file(reply) == name);
    let mut written: Vec<_> = replies.map(|reply| render(environment, name, &reply)).collect();
    let notices = NoticeKind::ALL.into_iter().filter(|kind| notice_file(*kind) == name);
    written.extend(notices.map(|_| render(environment, name, &samples::fields())));
    written
}

/// What the built-in texts need, and nothing with which a text could be made to take long.
fn only_what_is_needed() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.add_filter("join", filters::join);
    environment.add_filter("length", filters::length);
    environment.add_filter("default", filters::default);
    environment
}

/// What is wrong, for whoever wrote it.
fn in_words(error: &Error) -> String {
    let line = error.line().map_or(String::new(), |line| format!("第 {line} 行："));
    let detail = error.detail().unwrap_or_default();
    let named = detail.split('`').nth(1).unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::UndefinedError => format!("这里没有“{named}”"),
        ErrorKind::SyntaxError => format!("写法不对，大括号要成对，条件要有结尾（{detail}）"),
        ErrorKind::OutOfFuel => "循环太多，写不完".to_owned(),
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest => {
            "用了不能用的功能".to_owned()
        }
        ErrorKind::TemplateNotFound => "引用了没有的文件".to_owned(),
        _ => format!("写不出来（{detail}）"),
    };
    format!("{line}{what}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::Reply;

    fn wording() -> Wording {
        Wording::load(None, "https://example.org/m/privacy")
    }

    fn refused(text: &str) -> String {
        let name = "replies/zh/submitted.txt";
        wording().tried(name, text, &OwnTexts::new()).unwrap_err().problem
    }

    #[test]
    fn a_text_that_cannot_be_written_or_takes_too_long_is_refused_in_words() {
        assert_eq!(refused("好的\n{{ nobody }}"), "第 2 行：这里没有“nobody”");
        assert!(refused("{% if urgent %}急").contains("写法不对"));
        assert!(refused(" \n ").contains("空的"));
        assert!(refused("{% if not urgent %}好{% endif %}").contains("什么也没有说"));
        assert!(refused(&"好".repeat(LONGEST + 1)).contains("太长"));
        assert!(refused("{{ card.number | replace(\"1\", card.place) }}").contains("不能用的功能"));
        assert_ne!(refused("{% for a in range(9) %}好{% endfor %}"), "");
        let many = "{% set a = [1,2,3,4,5,6,7,8,9,10] %}{% for i in a %}{% for j in a %}{% for k in a %}\
                    {% for l in a %}{% for m in a %}好{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}";
        assert!(refused(many).contains("循环太多"));
        assert!(refused("{{ card.number * 100000 }}").len() < 200);
        assert!(refused("{% include \"../../Cargo.toml\" %}").contains("没有的文件"));
        assert!(wording().tried("../../etc/passwd", "好", &OwnTexts::new()).is_err());
    }

    #[test]
    fn an_account_says_its_own_words_first_then_those_of_all_then_those_of_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("replies/zh/dropped.txt");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "东城的文件。").unwrap();
        let east = Wording::of_account("east", Some(folder.path()), None, "");
        let west = Wording::of_account("west", None, Some(folder.path()), "");
        let all = wording();
        let name = "replies/zh/dropped.txt";
        let mut own = OwnTexts::new();
        let said = |own: &OwnTexts| {
            [&east, &west, &all].map(|wording| {
                wording.take_over(own);
                wording.replies(&[Reply::Dropped])
            })
        };
        let built_in = "好的，先不报了。想起来随时说。";
        assert_eq!(said(&own), ["东城的文件。", "东城的文件。", built_in]);
        own.insert(name_of(Some("east"), name), "东城的话。".to_owned());
        assert_eq!(said(&own), ["东城的话。", "东城的文件。", built_in]);
        own.insert(name_of(None, name), "全县的话。".to_owned());
        assert_eq!(said(&own), ["东城的话。", "全县的话。", "全县的话。"]);
    }

    #[test]
    fn every_text_that_may_be_changed_passes_as_it_is() {
        for name in Wording::names() {
            let text = Wording::built_in(&name).unwrap();
            let tried = wording().tried(&name, &text, &OwnTexts::new());
            assert!(tried.is_ok(), "{tried:?}");
        }
    }

    #[test]
    fn what_was_taken_over_is_said_and_what_fails_falls_back() {
        let wording = wording();
        let clone = wording.clone();
        let own =
            |text: &str| OwnTexts::from([("replies/zh/dropped.txt".to_owned(), text.to_owned())]);
        wording.take_over(&own("行，不报了。"));
        assert_eq!(clone.replies(&[Reply::Dropped]), "行，不报了。");
        for bad in [
            "{{ nobody }}",
            "{% if",
            "{{ 'x' * 90000 }}",
            "{% for i in range(100000) %}好{% endfor %}",
        ] {
            wording.take_over(&own(bad));
            assert_eq!(clone.replies(&[Reply::Dropped]), "好的，先不报了。想起来随时说。", "{bad}");
        }
        wording.take_over(&OwnTexts::new());
        assert_eq!(clone.replies(&[Reply::Dropped]), "好的，先不报了。想起来随时说。");
    }
}
