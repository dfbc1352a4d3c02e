//! Words for what the core decided: replies in the chat, and the texts of notices.
//!
//! Every text stands in `templates/`, compiled in, and can be overridden file by file from a
//! directory, and in front of that by what the console keeps in the database ([`own`]), because a
//! county changes its wording without a build. Templates are strict: an unknown name is an error,
//! found by rendering all samples before the first resident can ([`Wording::check`]). Where a
//! text fails all the same, the built-in one is said.
//!
//! Deliberately absent: decisions. A text may leave something out, never add a condition that
//! the core does not know.

pub mod answer;
pub mod history;
pub mod kind;
pub mod own;
mod samples;

use crate::dialogue::Reply;
use crate::outbox::message::Fields;
use crate::ticket::notice::NoticeKind;
use kind::Spoken;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// The texts as they were compiled in.
#[derive(RustEmbed)]
#[folder = "templates/"]
#[include = "replies/*"]
#[include = "notices/*"]
struct Embedded;

/// Said where even the built-in text fails; a test shows that it never does.
const LAST_WORDS: &str = "收到了，请稍等。";

/// A text that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct BadTemplate {
    /// The file, below the directory of templates.
    pub name: String,
    /// What is wrong with it, with its line.
    pub problem: String,
}

/// All texts, ready to be filled in.
#[derive(Clone)]
pub struct Wording {
    ours: Arc<RwLock<Arc<Environment<'static>>>>,
    built_in: Arc<Environment<'static>>,
    /// The account whose words these are; none where they are everybody's.
    account: Option<String>,
    /// In this order.
    folders: Vec<PathBuf>,
    privacy_url: String,
    files: Arc<BTreeMap<String, Vec<u8>>>,
}

impl Wording {
    /// The built-in texts, those found in `overrides` in their place, and the address of the
    /// privacy notice that several of them name.
    pub fn load(overrides: Option<&Path>, privacy_url: &str) -> Self {
        Self::of(None, overrides.map(Path::to_path_buf).into_iter().collect(), privacy_url)
    }

    /// The words of one account: what its own folder says in front of what all say.
    pub fn of_account(
        account: &str,
        own: Option<&Path>,
        overrides: Option<&Path>,
        privacy_url: &str,
    ) -> Self {
        let folders = own.into_iter().chain(overrides).map(Path::to_path_buf).collect();
        Self::of(Some(account.to_owned()), folders, privacy_url)
    }

    fn of(account: Option<String>, folders: Vec<PathBuf>, privacy_url: &str) -> Self {
        let ours = environment(Arc::default(), folders.clone(), privacy_url);
        Self {
            ours: Arc::new(RwLock::new(Arc::new(ours))),
            built_in: Arc::new(environment(Arc::default(), Vec::new(), privacy_url)),
            files: Arc::new(folders.iter().rev().flat_map(|folder| files_in(folder)).collect()),
            account,
            folders,
            privacy_url: privacy_url.to_owned(),
        }
    }

    /// Pictures and voices that lie in `media/` below the folder of overrides, by name.
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// Renders every text with its samples; every bad one is told.
    pub fn check(&self) -> Result<(), Vec<BadTemplate>> {
        let ours = self.ours();
        let replies = samples::replies().into_iter().map(|reply| {
            let name = reply_file(&reply);
            let text = render(&ours, &name, &reply).map_err(|error| bad(name.clone(), &error))?;
            kind::read(&text).map_err(|wrong| BadTemplate { name, problem: wrong.to_string() })?;
            Ok(text)
        });
        let notices = NoticeKind::ALL.into_iter().map(|kind| {
            let name = notice_file(kind);
            render(&ours, &name, &samples::fields()).map_err(|error| bad(name, &error))
        });
        let problems: Vec<BadTemplate> = replies.chain(notices).filter_map(Result::err).collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// One message of a turn's replies, one thought a paragraph: the words alone.
    pub fn replies(&self, replies: &[Reply]) -> String {
        self.spoken(replies).words()
    }

    /// The same with what is shown: of several things the first one.
    pub fn spoken(&self, replies: &[Reply]) -> Spoken {
        let mut said: Vec<Spoken> = replies.iter().map(|reply| self.one(reply)).collect();
        if let [only] = said.as_mut_slice() {
            return std::mem::take(only);
        }
        let texts: Vec<String> = said.iter().map(Spoken::words).collect();
        let mut with_words = said.iter_mut().filter(|one| !one.text.is_empty());
        let shown = with_words.find_map(|one| one.shown.take());
        Spoken { text: texts.join("\n\n"), shown }
    }

    fn one(&self, reply: &Reply) -> Spoken {
        let text = self.reply(reply);
        kind::read(&text).unwrap_or_else(|mistake| {
            tracing::error!(template = reply_file(reply), %mistake, "a text shows nothing");
            let words = text.split_once('\n').map_or("", |(_, rest)| rest.trim_matches('\n'));
            let text = if words.is_empty() { LAST_WORDS } else { words };
            Spoken { text: text.to_owned(), shown: None }
        })
    }

    fn reply(&self, reply: &Reply) -> String {
        self.text(&reply_file(reply), reply)
    }

    /// The full text of a notice, as it is sent where free text may be sent.
    pub fn notice(&self, kind: NoticeKind, fields: &Fields) -> String {
        self.text(&notice_file(kind), fields)
    }

    /// Where a template stands in the words of a template message, e.g. 办理中.
    pub fn state_words(&self, card: &crate::dialogue::reply::Card) -> String {
        self.text("replies/zh/_state.txt", &BTreeMap::from([("card", card)]))
    }

    /// What a notice of this kind says in one fixed word, for keywords of template messages that
    /// take only words that were registered beforehand.
    pub fn status_word(&self, kind: NoticeKind, urgent: bool) -> String {
        #[derive(serde::Serialize)]
        struct Told {
            kind: &'static str,
            urgent: bool,
        }
        self.text("notices/zh/_status.txt", &Told { kind: kind.code(), urgent })
    }

    /// What a notice of this kind says as a short message: nothing of the matter but its number.
    pub fn short_message(&self, kind: NoticeKind, urgent: bool, number: &str) -> String {
        #[derive(serde::Serialize)]
        struct Told<'a> {
            kind: &'static str,
            urgent: bool,
            number: &'a str,
        }
        let told = Told { kind: kind.code(), urgent, number };
        self.text("notices/zh/_sms.txt", &told)
    }

    /// What a group reads where a member could not be told: where, what sort of matter, which
    /// number, and nothing of anybody's.
    pub fn group_post(&self, kind: NoticeKind, area: &str, fields: &Fields) -> String {
        #[derive(serde::Serialize)]
        struct Told<'a> {
            kind: &'static str,
            area: &'a str,
            category: &'a str,
            number: &'a str,
            urgent: bool,
        }
        let told = Told {
            kind: kind.code(),
            area,
            category: fields.get("category"),
            number: fields.get("number"),
            urgent: !fields.get("urgent").is_empty(),
        };
        self.text("notices/zh/_group.txt", &told)
    }

    /// The line of a notice that leads to its page.
    pub fn page_line(&self, address: &str, is_task: bool) -> String {
        #[derive(serde::Serialize)]
        struct Led<'a> {
            address: &'a str,
            task: bool,
        }
        self.text("notices/zh/_page.txt", &Led { address, task: is_task })
    }

    fn ours(&self) -> Arc<Environment<'static>> {
        self.ours.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn text(&self, name: &str, values: &impl serde::Serialize) -> String {
        render(&self.ours(), name, values)
            .or_else(|error| {
                tracing::error!(template = name, %error, "a text failed, the built-in one is used");
                render(&self.built_in, name, values)
            })
            .unwrap_or_else(|error| {
                tracing::error!(template = name, %error, "a built-in text failed");
                LAST_WORDS.to_owned()
            })
    }
}

fn files_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder.join("media")).into_iter().flatten().flatten();
    let named = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        Some((name, std::fs::read(entry.path()).ok()?))
    });
    named.filter(|(name, _)| kind::is_name(name)).collect()
}

fn environment(
    own: Arc<own::OwnTexts>,
    folders: Vec<PathBuf>,
    privacy_url: &str,
) -> Environment<'static> {
    furnished(Environment::new(), own, folders, privacy_url)
}

fn furnished(
    mut environment: Environment<'static>,
    own: Arc<own::OwnTexts>,
    folders: Vec<PathBuf>,
    privacy_url: &str,
) -> Environment<'static> {
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.add_global("privacy_url", privacy_url.to_owned());
    environment.set_fuel(Some(own::FUEL));
    environment.set_loader(move |name| {
        if let Some(text) = own.get(name) {
            return Ok(Some(text.clone()));
        }
        let mut given = folders.iter().map(|folder| std::fs::read_to_string(folder.join(name)));
        if let Some(Ok(text)) = given.find(Result::is_ok) {
            return Ok(Some(text));
        }
        let found = Embedded::get(name);
        Ok(found.map(|file| String::from_utf8_lossy(&file.data).into_owned()))
    });
    environment
}

fn render(
    environment: &Environment<'_>,
    name: &str,
    values: &impl serde::Serialize,
) -> Result<String, minijinja::Error> {
    let text = environment.get_template(name)?.render(minijinja::Value::from(Serde(values)))?;
    if text.len() > own::LONGEST_SAID {
        let what = "the text is longer than anybody would read";
        return Err(minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, what));
    }
    Ok(text.trim_matches('\n').to_owned())
}

fn bad(name: String, error: &minijinja::Error) -> BadTemplate {
    BadTemplate { name, problem: format!("{error:#}") }
}

fn reply_file(reply: &Reply) -> String {
    let tag = serde_json::to_value(reply)
        .ok()
        .and_then(|value| value.get("reply").and_then(|tag| tag.as_str().map(str::to_owned)))
        .unwrap_or_default();
    format!("replies/zh/{tag}.txt")
}

fn notice_file(kind: NoticeKind) -> String {
    format!("notices/zh/{}.txt", kind.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_renders_with_its_samples() {
        let problems = Wording::load(None, "https://example.org/m/privacy").check();
        assert!(problems.is_ok(), "{problems:#?}");
    }

    #[test]
    fn a_bad_override_is_told_with_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("replies/zh/dropped.txt");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "好的\n{{ nobody }}\n").unwrap();
        let wording = Wording::load(Some(folder.path()), "https://example.org/m/privacy");
        let problems = wording.check().unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].name, "replies/zh/dropped.txt");
        assert!(problems[0].problem.contains(":2"), "{}", problems[0].problem);
        // A resident still hears something.
        assert_eq!(wording.replies(&[Reply::Dropped]), "好的，先不报了。想起来随时说。");
    }

    #[test]
    fn every_notice_has_a_phrase_that_a_template_takes() {
        let wording = Wording::load(None, "https://example.org/m/privacy");
        for kind in NoticeKind::ALL {
            let word = wording.status_word(kind, true);
            assert!(crate::wechat::client::fields::fit("const1", &word).is_ok(), "{word}");
        }
    }

    #[test]
    fn every_file_belongs_to_a_sample() {
        let known: std::collections::BTreeSet<String> = samples::replies()
            .iter()
            .map(reply_file)
            .chain(NoticeKind::ALL.map(notice_file))
            .collect();
        for file in Embedded::iter().filter(|file| !file.contains("/_")) {
            assert!(known.contains(file.as_ref()), "nothing says {file}");
        }
    }
}
