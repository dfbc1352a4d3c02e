//! What a page says of a ticket: what, where, who has it, until when, what came of it.

use super::{
    door::{Door, Opened, broken},
    steps::{Reader, Step, steps},
    stop::Stop,
};
use crate::{
    county::words::masked,
    dialogue::reply::Card,
    page_acts,
    storage::{MediaRow, MediaStage},
    ticket::{Media, MediaKind, Stage, Status, Ticket},
    web::console::words::when,
};
use serde::Serialize;
use std::collections::HashSet;

/// A ticket on a page.
#[derive(Serialize)]
pub(super) struct Sheet {
    number: String,
    stage: Stage,
    /// Where it stands, in a few words.
    headline: &'static str,
    /// What was said; none where whoever reads may not read it.
    text: Option<String>,
    category: String,
    place: Option<String>,
    handler: Option<String>,
    due: Option<String>,
    late: bool,
    urgent: bool,
    /// A word that goes with where it stands: a question, a reason.
    note: Option<String>,
    photos: Vec<Photo>,
    result: Option<Result_>,
    steps: Vec<Step>,
}

/// What was done.
#[derive(Serialize)]
struct Result_ {
    by: String,
    when: String,
    text: String,
    photos: Vec<Photo>,
}

/// A picture, and where it is.
#[derive(Serialize)]
struct Photo {
    /// None while it is not here yet, or will never be.
    address: Option<String>,
    words: String,
}

/// All that was sent with a ticket, in the order in which pages count it.
pub(super) fn media(ticket: &Ticket) -> impl Iterator<Item = &Media> {
    ticket.report.media.iter().chain(ticket.finding.iter().flat_map(|found| &found.media))
}

/// What somebody may read of a ticket that was opened for them.
pub(super) fn may_read(opened: &Opened) -> bool {
    match &opened.duty {
        // A link may have been passed on: what is confidential waits until it is proven who reads.
        _ if !opened.is_proven && opened.ticket.report.confidential => false,
        Some(duty) => page_acts::may_read(&opened.ticket, &duty.person),
        None => true,
    }
}

/// A result is told when it was checked, and not before.
pub(super) fn shows_result(opened: &Opened) -> bool {
    let stage = opened.ticket.status.stage();
    may_read(opened)
        && (opened.duty.is_some() || matches!(stage, Stage::AwaitingSignoff | Stage::Closed))
}

impl Sheet {
    /// As whoever opened it may read it; `base` is the page's own address.
    pub(super) async fn of(door: &Door, opened: &Opened, base: &str) -> Result<Self, Stop> {
        let ticket = &opened.ticket;
        let history = door.app.store.history(ticket.id).await.map_err(|error| broken(&error))?;
        let card = Card::of(ticket, &door.county, door.now);
        let (is_reporter, may_read) = (opened.duty.is_none(), may_read(opened));
        let note = match &ticket.status {
            Status::NeedInfo { question, .. } => Some(question.clone()),
            Status::Rejected { because, .. } => Some(because.reason.clone()),
            Status::Merged { into, .. } if is_reporter => Some(format!("一起办的是 {into}。")),
            _ => None,
        };
        let finding = ticket.finding.as_ref().filter(|_| shows_result(opened));
        let ids: Vec<&str> = media(ticket).map(|one| one.id.as_str()).collect();
        let rows = door.app.store.media_among(&ids).await.map_err(|error| broken(&error))?;
        let is_kept = |row: &MediaRow| row.stage == MediaStage::Kept;
        let kept: HashSet<String> = rows.into_iter().filter(is_kept).map(|row| row.id).collect();
        let photos = |media: &[Media], from| photos(media, base, from, &kept);
        let from = ticket.report.media.len();
        Ok(Self {
            number: card.number,
            stage: card.stage,
            headline: headline(card.stage, is_reporter),
            text: may_read.then(|| masked(&ticket.report.text).text),
            category: card.category,
            place: may_read.then_some(card.place),
            handler: card.handler,
            due: card.due_day,
            late: card.late,
            urgent: card.urgent,
            note: note.filter(|_| may_read),
            photos: if may_read { photos(&ticket.report.media, 0) } else { Vec::new() },
            result: finding.map(|found| Result_ {
                by: found.by.name.clone(),
                when: when(found.at, door.now),
                text: masked(&found.text).text,
                photos: photos(&found.media, from),
            }),
            steps: steps(&door.county, &history, Reader { is_reporter, may_read }, door.now),
        })
    }
}

fn photos(media: &[Media], base: &str, from: usize, kept: &HashSet<String>) -> Vec<Photo> {
    let pictures = media.iter().zip(from..).filter(|(one, _)| one.kind == MediaKind::Photo);
    pictures
        .zip(1..)
        .map(|((one, index), number)| Photo {
            address: kept.contains(&one.id).then(|| format!("{base}/photo/{index}")),
            words: format!("照片{number}"),
        })
        .collect()
}

fn headline(stage: Stage, is_reporter: bool) -> &'static str {
    match (stage, is_reporter) {
        (Stage::Submitted, _) => "已收到，等待受理",
        (Stage::NeedInfo, true) => "想请您补充一句",
        (Stage::NeedInfo, false) => "在等居民回答",
        (Stage::Rejected, _) => "没有受理",
        (Stage::Accepted, _) => "已受理，正在安排人",
        (Stage::Dispatched, true) => "已派人，等待接单",
        (Stage::Dispatched, false) => "等待接单",
        (Stage::Returned, _) => "正在重新安排人",
        (Stage::InProgress, _) => "正在办理",
        (Stage::Suspended, _) => "已列入计划",
        (Stage::ResultSubmitted, _) => "已办，正在核实",
        (Stage::AwaitingSignoff, true) => "办好了，请您确认",
        (Stage::AwaitingSignoff, false) => "已办，等居民确认",
        (Stage::Closed, _) => "已办结",
        (Stage::Withdrawn, _) => "已撤回",
        (Stage::Merged, _) => "与另一件一起办",
    }
}
