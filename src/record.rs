//! Recording: what came in, what was answered, and what was called then, as files that `replay`
//! plays again. For finding a fault that only shows with the real platform; not for daily use.
//!
//! A recording is a folder that only its owner may enter: `recording.toml`, and for each push
//! `0001.xml` as the platform posted it, after decryption, `0001.reply.xml`, and
//! `0001.calls.json`, the messages that left until the next push.
//!
//! It promises that no one can be told from it: openids are replaced by `r1`, `r2`, …, pictures'
//! addresses are left out, and numbers of phones and identity cards are masked. Failing to record
//! never disturbs a push.
//!
//! Deliberately absent: access tokens and their calls, and what happens at the desk.

use crate::{
    calendar::in_beijing,
    county::{County, demo, words},
    wechat::account::Account,
};
use chrono::{DateTime, SecondsFormat, Utc};
use regex::{Captures, Regex};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// The file that describes a recording.
pub const INDEX: &str = "recording.toml";
/// Stands for the account in recorded pushes.
pub const ACCOUNT: &str = "gh_recorded";

/// Elements that hold what a person said or saw.
const WORDS: &str =
    r"(?s)(<(?:Content|Recognition|Label|Title|Description)>(?:<!\[CDATA\[)?)(.*?)((?:\]\]>)?</)";
/// Where a picture of the person's can be fetched.
const PICTURE: &str = r"(?s)(<PicUrl>(?:<!\[CDATA\[)?)(.*?)((?:\]\]>)?</)";

/// Writes a recording. Clones write the same one.
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

struct Inner {
    base: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    begun: Option<Begun>,
    names: HashMap<String, String>,
    /// Who was seen, with the member or operator behind the phone.
    introduced: HashSet<String>,
    pushes: usize,
    calls: Vec<Value>,
}

struct Begun {
    folder: PathBuf,
    at: DateTime<Utc>,
}

/// One push that was answered.
pub struct Exchange<'a> {
    /// Which account.
    pub account: &'a Account,
    /// The county at that moment.
    pub county: &'a County,
    /// Who did something.
    pub openid: &'a str,
    /// The member or operator behind the phone.
    pub member: Option<&'a str>,
    /// The push in clear.
    pub push: &'a str,
    /// The answer in clear.
    pub reply: &'a str,
    /// When it was answered.
    pub now: DateTime<Utc>,
}

impl Recorder {
    /// A recorder that writes below `base` from its first push on.
    pub fn new(base: PathBuf) -> Self {
        Self(Arc::new(Inner { base, state: Mutex::default() }))
    }

    /// Writes one push down.
    pub fn push(&self, exchange: &Exchange<'_>) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = state.push(&self.0.base, exchange) {
            tracing::error!(%error, "a push could not be recorded");
        }
    }

    /// Writes a message down that left, and what became of it.
    pub fn call(&self, interface: &str, openid: &str, content: &Value, outcome: &str) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = state.call(interface, openid, content, outcome) {
            tracing::error!(%error, "a call could not be recorded");
        }
    }
}

impl State {
    fn push(&mut self, base: &Path, exchange: &Exchange<'_>) -> io::Result<()> {
        let (folder, begun_at) = self.begin(base, exchange)?;
        let index = folder.join(INDEX);
        let name = self.name(exchange.openid);
        let is_new = self.introduced.insert(exchange.openid.to_owned());
        if let Some(member) = exchange.member.filter(|_| is_new) {
            let person = format!("id = {}\nmember = {}\n", quoted(&name), quoted(member));
            append(&index, &format!("\n[[person]]\n{person}"))?;
        }
        self.pushes += 1;
        self.calls.clear();
        let number = format!("{:04}", self.pushes);
        let conceal = |text: &str| {
            let text = text.replace(exchange.openid, &name);
            concealed(&text.replace(&exchange.account.original_id, ACCOUNT))
        };
        write(&folder.join(format!("{number}.xml")), &conceal(exchange.push))?;
        write(&folder.join(format!("{number}.reply.xml")), &conceal(exchange.reply))?;
        write(&folder.join(format!("{number}.calls.json")), "[]\n")?;
        let offset = (exchange.now - begun_at).num_milliseconds();
        append(&index, &format!("\n[[push]]\nfile = {}\noffset_ms = {offset}\n", quoted(&number)))
    }

    fn call(
        &mut self,
        interface: &str,
        openid: &str,
        content: &Value,
        outcome: &str,
    ) -> io::Result<()> {
        let to = self.name(openid);
        let Some(begun) = &self.begun else { return Ok(()) };
        self.calls.push(json!({
            "interface": interface,
            "to": to,
            "content": without_numbers(content),
            "outcome": outcome,
        }));
        let file = begun.folder.join(format!("{:04}.calls.json", self.pushes));
        write(&file, &format!("{:#}\n", Value::from(self.calls.clone())))
    }

    /// The folder of this recording and the moment it began, made at the first push.
    fn begin(
        &mut self,
        base: &Path,
        exchange: &Exchange<'_>,
    ) -> io::Result<(PathBuf, DateTime<Utc>)> {
        if let Some(begun) = &self.begun {
            return Ok((begun.folder.clone(), begun.at));
        }
        let local = in_beijing(exchange.now);
        // An earlier recording stays as it is.
        let folder = if base.join(INDEX).exists() {
            base.join(local.format("%Y%m%d-%H%M%S").to_string())
        } else {
            base.to_path_buf()
        };
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let county = if *exchange.county == demo::county() { "demo" } else { "county" };
        let begun = local.to_rfc3339_opts(SecondsFormat::Millis, false);
        let head = format!(
            "account = {}\nbegun = {}\ncounty = {}\n",
            quoted(&exchange.account.slug),
            quoted(&begun),
            quoted(county)
        );
        write(&folder.join(INDEX), &head)?;
        self.begun = Some(Begun { folder: folder.clone(), at: exchange.now });
        Ok((folder, exchange.now))
    }

    /// The same name for the same person throughout.
    fn name(&mut self, openid: &str) -> String {
        let next = format!("r{}", self.names.len() + 1);
        self.names.entry(openid.to_owned()).or_insert(next).clone()
    }
}

/// An XML document without private numbers and without the addresses of pictures.
pub fn concealed(xml: &str) -> String {
    let masked = replaced(xml, WORDS, masked);
    replaced(&masked, PICTURE, |_| "http://mmbiz.qpic.cn/left-out/0".to_owned())
}

/// A text without the numbers of phones and of cards. The recording of a landline number would
/// tell who it was too.
pub fn masked(text: &str) -> String {
    let text = words::masked(text).text;
    match Regex::new(r"\b(0\d{2,3})[- ]?\d{3,4}(\d{4})\b") {
        Ok(landline) => landline.replace_all(&text, "${1}****${2}").into_owned(),
        Err(_) => text,
    }
}

/// The text with made-up digits where they were masked, so that a number is a number again.
pub fn unmasked(text: &str) -> String {
    const MADE_UP: [(&str, &str); 3] = [
        (r"(1[3-9]\d)\*{4}(\d{4})", "${1}0000${2}"),
        (r"(0\d{2,3})\*{4}(\d{4})", "${1}-000${2}"),
        // An identity card of somebody who was born on the first of January 1990.
        (r"(\d{3})\*{4}(\d{3}[\dX])", "${1}00019900101${2}"),
    ];
    MADE_UP.iter().fold(text.to_owned(), |text, (pattern, made_up)| match Regex::new(pattern) {
        Ok(pattern) => pattern.replace_all(&text, *made_up).into_owned(),
        Err(_) => text,
    })
}

fn replaced(xml: &str, pattern: &str, change: impl Fn(&str) -> String) -> String {
    // The pattern is ours; a test reads it.
    let Ok(pattern) = Regex::new(pattern) else { return String::new() };
    let part = |found: &Captures<'_>, at| found.get(at).map_or("", |part| part.as_str()).to_owned();
    pattern
        .replace_all(xml, |found: &Captures<'_>| {
            format!("{}{}{}", part(found, 1), change(&part(found, 2)), part(found, 3))
        })
        .into_owned()
}

/// The same value with private numbers masked in all its texts.
fn without_numbers(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::from(masked(text)),
        Value::Array(items) => items.iter().map(without_numbers).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), without_numbers(value))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// A TOML string: JSON's are among them.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file =
        OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().append(true).open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_numbers_and_pictures_are_left_out_and_the_rest_stays() {
        let xml = "<xml><CreateTime>1767225900</CreateTime>\
                   <Content><![CDATA[我叫13800138000，身份证11010519491231002X]]></Content>\
                   <Title>找 13800138000</Title>\
                   <PicUrl><![CDATA[http://mmbiz.qpic.cn/abc/0]]></PicUrl>\
                   <MsgId>24000000000000001</MsgId></xml>";
        let concealed = concealed(xml);
        assert!(
            !concealed.contains("13800138000") && !concealed.contains("19491231"),
            "{concealed}"
        );
        assert!(!concealed.contains("abc"), "{concealed}");
        assert!(concealed.contains("<CreateTime>1767225900</CreateTime>"), "{concealed}");
        assert!(concealed.contains("<MsgId>24000000000000001</MsgId>"), "{concealed}");
        assert!(crate::wechat::push::parse(&concealed).is_err(), "no sender, as before");
    }

    #[test]
    fn what_is_made_up_for_a_masked_number_is_masked_alike() {
        for text in [
            "打 13800138000",
            "身份证 11010519491231002X",
            "身份证 510105194912310021",
            "座机 0312-5551234",
            "座机 01055512345",
        ] {
            let masked = masked(text);
            assert_ne!(masked, text);
            let made_up = unmasked(&masked);
            assert_ne!(made_up, masked, "{masked}");
            assert_eq!(super::masked(&made_up), masked, "{made_up}");
        }
        assert_eq!(unmasked("****好****"), "****好****");
    }

    #[test]
    fn a_ticket_number_is_no_private_number() {
        let xml = "<Content>编号 LX260302123456</Content>";
        assert_eq!(concealed(xml), xml);
    }
}
