//! Recordings: pushes as they came in, played against a fresh database with the recorded clock,
//! and the replies compared.
//!
//! Numbers of tickets are random: the first recorded one stands for the first that is drawn now,
//! and so on, also where somebody quoted one.
//!
//! Deliberately absent: what happened at the desk, and the calls; they tell a reader what the
//! recorded service did.

use super::{
    Difference, Report, Trouble,
    account::demo_account,
    database::Place,
    play::read_county,
    stage::{Scene, Stage},
};
use crate::{
    county::County,
    ids::SeededIds,
    record::{ACCOUNT, INDEX, masked, unmasked},
    simulator::Delivery,
    wechat::answer::read_reply,
};
use chrono::{DateTime, FixedOffset, TimeDelta};
use regex::Regex;
use serde::Deserialize;
use similar::{ChangeTag, TextDiff};
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

/// Everything that is random in a play of a recording follows from this.
const SEED: u64 = 1;

/// A recording, read.
pub(super) struct Recording {
    begun: DateTime<FixedOffset>,
    county: Option<County>,
    /// Which member or operator is behind a phone.
    members: BTreeMap<String, String>,
    pushes: Vec<Push>,
}

struct Push {
    name: String,
    offset: TimeDelta,
    from: String,
    xml: String,
    reply: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    #[expect(dead_code, reason = "tells a reader which account it was; there is one here")]
    account: String,
    begun: String,
    county: String,
    #[serde(default)]
    person: Vec<PersonEntry>,
    #[serde(default)]
    push: Vec<PushEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonEntry {
    id: String,
    member: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PushEntry {
    file: String,
    offset_ms: i64,
}

impl Recording {
    /// Reads a recording, or tells the file and what is wrong with it.
    pub(super) fn read(folder: &Path) -> Result<Self, String> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let index = folder.join(INDEX);
        let wrong = |problem: String| format!("{}: {problem}", index.display());
        let parsed: Index =
            toml::from_str(&read(INDEX)?).map_err(|error| wrong(error.to_string()))?;
        let begun = DateTime::parse_from_rfc3339(&parsed.begun)
            .map_err(|_| wrong(format!("“{}” is no moment", parsed.begun)))?;
        let county = match parsed.county.as_str() {
            "" => None,
            name => Some(read_county(name, folder).map_err(wrong)?),
        };
        let mut pushes = Vec::new();
        for entry in parsed.push {
            let name = format!("{}.xml", entry.file);
            let xml = read(&name)?;
            let push = crate::wechat::push::parse(&xml)
                .map_err(|error| format!("{}: {error}", folder.join(&name).display()))?;
            pushes.push(Push {
                reply: read_reply(&read(&format!("{}.reply.xml", entry.file))?),
                offset: TimeDelta::milliseconds(entry.offset_ms),
                from: push.from,
                name,
                xml,
            });
        }
        let members = parsed.person.into_iter().map(|person| (person.id, person.member)).collect();
        Ok(Self { begun, county, members, pushes })
    }

    /// Plays it.
    pub(super) async fn play(&self, place: &Place) -> Result<Report, Trouble> {
        let nothing = County::new(crate::county::Register::default());
        let county = self.county.as_ref().unwrap_or(&nothing);
        let pretended =
            demo_account(&SeededIds::from_seed(SEED), county).map_err(|_| Trouble::Account)?;
        let account = pretended.account.original_id.clone();
        let begun = self.begun.to_utc();
        let scene = Scene { now: begun, seed: SEED, record: None };
        let stage = Stage::set(place.fresh().await?, pretended, scene).await?;
        let played = self.play_on(&stage, &account).await;
        let struck = stage.strike().await;
        let report = played?;
        struck.map(|()| report)
    }

    async fn play_on(&self, stage: &Stage, account: &str) -> Result<Report, Trouble> {
        let mut report = Report::default();
        let mut numbers = Numbers::default();
        if let Some(county) = &self.county {
            stage.load(county).await?;
        }
        for (index, push) in self.pushes.iter().enumerate() {
            report.steps += 1;
            let name = self.members.get(&push.from).unwrap_or(&push.from);
            let openid = stage.follower(name).openid;
            stage.move_to((self.begun.to_utc() + push.offset).max(stage.now())).await?;
            let xml = unmasked(&numbers.translated(&push.xml)).replace(ACCOUNT, account);
            let xml = xml
                .replace(&format!("[CDATA[{}]]", push.from), &format!("[CDATA[{openid}]]"))
                .replace(&format!(">{}<", push.from), &format!(">{openid}<"));
            let delivery = stage.platform().push_recorded(&openid, xml).await;
            let said = delivery.as_ref().ok().and_then(Delivery::text);
            let said = said.map(|text| masked(&text));
            let expected = push.reply.clone();
            numbers.meet(expected.as_deref(), said.as_deref());
            let expected = expected.map(|text| numbers.translated(&text));
            if expected != said {
                let difference = diff(&expected.unwrap_or_default(), &said.unwrap_or_default());
                report.differences.push(Difference {
                    line: index + 1,
                    source: push.name.clone(),
                    problem: "the reply is another one".to_owned(),
                    said: Some(difference),
                    rewrite: None,
                });
            }
            stage.settle().await?;
        }
        Ok(report)
    }
}

/// Recorded numbers of tickets and those that are drawn now.
#[derive(Default)]
struct Numbers(HashMap<String, String>);

impl Numbers {
    /// Numbers that stand in the same place of two texts are the same ticket's.
    fn meet(&mut self, recorded: Option<&str>, now: Option<&str>) {
        let (Some(recorded), Some(now)) = (recorded, now) else { return };
        for (recorded, now) in found(recorded).into_iter().zip(found(now)) {
            self.0.entry(recorded).or_insert(now);
        }
    }

    fn translated(&self, text: &str) -> String {
        found(text).into_iter().fold(text.to_owned(), |text, number| match self.0.get(&number) {
            Some(now) => text.replace(&number, now),
            None => text,
        })
    }
}

fn found(text: &str) -> Vec<String> {
    let Ok(pattern) = Regex::new(r"LX\d{12}") else { return Vec::new() };
    pattern.find_iter(text).map(|number| number.as_str().to_owned()).collect()
}

fn diff(expected: &str, said: &str) -> String {
    let diff = TextDiff::from_lines(expected, said);
    let lines = diff.iter_all_changes().map(|change| {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        };
        format!("{sign} {}", change.value().trim_end_matches('\n'))
    });
    lines.collect::<Vec<_>>().join("\n")
}
