//! What was sent along: where it can be looked at, or why it is not here.
//!
//! What is shown follows from what the bytes are, and not from what they were called. Deliberately
//! absent: fetching, which the worker does.

use crate::access::Permission;
use crate::media::fetch::{LIFE, Why};
use crate::storage::{MediaRow, MediaStage, StorageError};
use crate::ticket::{Media, MediaKind, Ticket};
use crate::web::console::{desk::Desk, media, words};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;

/// Something that was sent along.
#[derive(Serialize)]
pub(super) struct Sent {
    /// `photo`, `voice`, `video`, `file`, `link` or `missing`.
    kind: &'static str,
    words: String,
    /// Where all of it is.
    address: Option<String>,
    /// Where it is small.
    small: Option<String>,
    /// Where it is as it came, for those who may.
    original: Option<String>,
    /// Why it is not here, and what follows.
    missing: Option<String>,
    /// Where to have it fetched at once.
    again: Option<String>,
}

/// Everything that is known of what a ticket holds.
pub(super) struct Album {
    number: String,
    rows: HashMap<String, MediaRow>,
    now: DateTime<Utc>,
    may_have_it_fetched: bool,
    may_see_originals: bool,
}

impl Album {
    /// Looks it up.
    pub(super) async fn of(desk: &Desk, ticket: &Ticket) -> Result<Self, StorageError> {
        let ids: Vec<&str> = ticket
            .media()
            .filter(|one| one.kind != MediaKind::Link)
            .map(|one| one.id.as_str())
            .collect();
        let rows = desk.app.store.media_among(&ids).await?;
        Ok(Self {
            number: ticket.number.to_string(),
            rows: rows.into_iter().map(|row| (row.id.clone(), row)).collect(),
            now: desk.now,
            may_have_it_fetched: desk.operator().may(Permission::Triage),
            may_see_originals: desk.operator().may(Permission::Originals),
        })
    }

    /// How these are shown.
    pub(super) fn sent<'a>(&self, of: impl IntoIterator<Item = &'a Media>) -> Vec<Sent> {
        of.into_iter().zip(1..).map(|(one, number)| self.one(one, number)).collect()
    }

    fn one(&self, media: &Media, number: usize) -> Sent {
        let name = match media.kind {
            MediaKind::Photo => "照片",
            MediaKind::Voice => "语音",
            MediaKind::Video => "视频",
            MediaKind::Link => "链接",
        };
        let mut sent = Sent {
            kind: "missing",
            words: format!("{name} {number}"),
            address: None,
            small: None,
            original: None,
            missing: None,
            again: None,
        };
        if media.kind == MediaKind::Link {
            sent.kind = "link";
            sent.missing = Some(media.id.clone());
            return sent;
        }
        let row = self.rows.get(&media.id);
        let kept = row.filter(|row| row.stage == MediaStage::Kept);
        let Some(media_type) = kept.and_then(|row| row.media_type.as_deref()) else {
            sent.missing = Some(self.missing(name, media, row));
            let is_lost = row.is_some_and(|row| row.stage == MediaStage::Dropped);
            let in_time = self.now < media.at + LIFE;
            if in_time && !is_lost && self.may_have_it_fetched {
                sent.again = Some(media::again(&media.id));
            }
            return sent;
        };
        let at = |size| Some(media::address(&media.id, &self.number, size));
        sent.kind = media::shown_as(media_type);
        sent.address = at(media::WHOLE);
        if sent.kind == "photo" {
            sent.small = at(media::THUMBNAIL);
            sent.original = at(media::ORIGINAL).filter(|_| self.may_see_originals);
        }
        sent
    }

    fn missing(&self, name: &str, media: &Media, row: Option<&MediaRow>) -> String {
        let Some(row) = row.filter(|row| row.stage != MediaStage::Dropped) else {
            let is_over = self.now >= media.at + LIFE;
            return if is_over {
                format!("{name}未取到：已经过了三天")
            } else {
                format!("{name}未取到")
            };
        };
        let why = row.why.as_deref().and_then(Why::of);
        match (row.stage, why) {
            (MediaStage::Waiting, None) => "正在从微信取回，稍等一会儿再看".to_owned(),
            (MediaStage::Waiting, Some(why)) => {
                let next = row.due_at.map(|at| words::when(at, self.now)).unwrap_or_default();
                format!("{name}未取到：{}。会自动再取，下一次在{next}", reason(why))
            }
            (_, why) => format!("{name}未取到：{}", why.map_or("原因不明", reason)),
        }
    }
}

/// Why something is not here, as people say it.
fn reason(why: Why) -> &'static str {
    match why {
        Why::Platform => "微信没有应答，或者暂时不让取",
        Why::Gone => "微信那边已经没有了",
        Why::Refused => "微信拒绝了",
        Why::TooLarge => "太大了，不能保存",
        Why::NotAFile => "取到的是一个网页，不是文件",
        Why::UnknownKind => "不认识这种文件",
        Why::Broken => "文件是坏的，打不开",
        Why::NotKept => "存放照片的地方写不进去，请联系技术人员",
        Why::Expired => "微信只保存三天，已经过期",
    }
}
