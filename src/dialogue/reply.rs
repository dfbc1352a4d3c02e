//! What we can say, as types. The words stand in `templates/replies/`, one file per variant.
//!
//! One thought per reply; a turn may say several, which leave as one message. A reply carries
//! values, never sentences; a resident's own words are quoted short.

use crate::county::words::Emergency;
use crate::ticket::{Rating, Stage, Ticket};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// What people read of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The number.
    pub number: String,
    /// The first words of the matter.
    pub gist: String,
    /// The category's name.
    pub category: String,
    /// The place, short.
    pub place: String,
    /// The day of submission in Beijing, `3/2`.
    pub day: String,
    /// Where it stands.
    pub stage: Stage,
    /// How it was closed, if it is.
    pub closed_kind: Option<&'static str>,
    /// Who handles it, or who was called.
    pub handler: Option<String>,
    /// The words that go with the stage: a question, a reason, another number.
    pub note: Option<String>,
    /// A date that goes with the stage, `2026年5月3日`.
    pub until: Option<String>,
    /// Somebody may be in danger.
    pub urgent: bool,
}

/// How a draft stands, for the summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The matter, short and with private numbers masked.
    pub text: String,
    /// The place in words.
    pub place: Option<String>,
    /// The category's name.
    pub category: Option<String>,
    /// How many photos.
    pub photos: usize,
    /// How many voices.
    pub voices: usize,
    /// A telephone number is known.
    pub phone: Option<String>,
    /// Only who handles it will see it.
    pub confidential: bool,
}

/// One of several numbered choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Its number.
    pub key: usize,
    /// What it stands for.
    pub label: String,
}

/// Something we say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant's template shows what it says")]
pub enum Reply {
    // -- coming in
    Welcome {
        county: String,
        area: Option<String>,
    },
    WelcomeBack {
        area: Option<String>,
    },
    AreaScanned {
        area: String,
    },
    StateSetAside,
    DraftLost,
    Greeting,
    NotAtAll,
    Menu {
        member: bool,
        county: String,
    },
    Help {
        member: bool,
        operator: bool,
        hotline: String,
    },
    Guide {
        hotline: String,
    },
    Human {
        hotline: String,
        hours: String,
        draft: bool,
    },
    OfferHuman {
        hotline: String,
        hours: String,
    },
    Privacy,
    Emergency {
        kind: Emergency,
        number: String,
    },
    Calm {
        hotline: String,
    },
    JustSay,
    NothingReadable,
    // -- telling a matter
    AskWhat {
        simple: bool,
        gist: Option<String>,
        volunteer: bool,
    },
    AskWhere {
        simple: bool,
        gist: String,
        old: Option<String>,
    },
    AskWhichArea {
        choices: Vec<Choice>,
    },
    AskWordsOrCode {
        said: String,
        scanned: String,
    },
    AskCategory {
        gist: String,
        choices: Vec<Choice>,
    },
    AskOneOrSeveral {
        gist: String,
    },
    FirstOfSeveral,
    AskVoiceWords,
    Summary {
        summary: Summary,
        simple: bool,
    },
    AskWhichSlot,
    AskPhotos {
        count: usize,
    },
    PhotoKept {
        count: usize,
    },
    PhotoLimit,
    VideoKept,
    FileRefused,
    LinkKept {
        title: String,
    },
    LocationKept {
        place: String,
    },
    OutsideCounty {
        county: String,
    },
    MaskedNumbers,
    TakenAsAnswer,
    FirstStep,
    Dropped,
    AskResume {
        gist: String,
    },
    Submitted {
        card: Card,
        urgent: bool,
        confidential: bool,
    },
    AskContact,
    ContactKept,
    ContactSkipped,
    NotAPhone,
    OneAtATime {
        choices: Vec<u8>,
    },
    // -- one's own tickets
    NoTickets,
    MyTickets {
        cards: Vec<Card>,
        wish: super::state::Wish,
    },
    MyTicket {
        card: Card,
        may_supplement: bool,
        may_urge: bool,
        may_withdraw: bool,
        may_reopen: bool,
    },
    UnknownNumber,
    AskSupplement {
        card: Card,
    },
    Supplemented {
        card: Card,
    },
    Urged {
        card: Card,
    },
    AskWithdraw {
        card: Card,
    },
    Withdrawn {
        card: Card,
    },
    Kept {
        card: Card,
    },
    NotPossible {
        card: Card,
    },
    AskOldOrNew {
        card: Card,
    },
    AskInfo {
        card: Card,
        question: String,
    },
    InfoPassedOn {
        card: Card,
    },
    // -- signing off
    AskSignoff {
        card: Card,
    },
    AskReason {
        card: Card,
    },
    Reworked {
        card: Card,
        reason: bool,
    },
    AskRating {
        card: Card,
    },
    AskRatingSure {
        card: Card,
        rating: Rating,
    },
    RatingThanks {
        card: Card,
        rating: Rating,
    },
    AskAgainBroken {
        card: Card,
    },
    Reopened {
        card: Card,
    },
    PhotoToTicket {
        card: Card,
    },
    // -- members and operators
    AskBindSure {
        name: String,
    },
    Bound {
        name: String,
        operator: bool,
    },
    BindRefused,
    InvitationNotGood,
    TooManyTries,
    ChatNotTrusted,
    NoTasks,
    Tasks {
        cards: Vec<Card>,
        more: usize,
    },
    Desk {
        cards: Vec<Card>,
        more: usize,
    },
    Task {
        card: Card,
        text: String,
        phone: Option<String>,
    },
    AskWhichTask {
        cards: Vec<Card>,
        more: usize,
    },
    OrderDropped,
    Taken {
        card: Card,
        text: String,
        phone: Option<String>,
    },
    TakenByOther {
        card: Card,
        by: String,
    },
    AskDeclineReason {
        card: Card,
    },
    Declined {
        card: Card,
    },
    DeclineNotPossible {
        card: Card,
    },
    AskResultWords {
        card: Card,
    },
    AskResultPhoto {
        card: Card,
    },
    Finished {
        card: Card,
        checked: bool,
    },
    ResultPhotoKept {
        card: Card,
        count: usize,
    },
    AskQuestionWords {
        card: Card,
    },
    QuestionSent {
        card: Card,
    },
    AskNoteWords {
        card: Card,
    },
    NoteKept {
        card: Card,
    },
    NotYourTask {
        card: Card,
    },
    TicketAccepted {
        card: Card,
        people: Vec<String>,
    },
    AskRejectReason {
        card: Card,
    },
    RejectionProposed {
        card: Card,
    },
    NeedsSecondPerson {
        card: Card,
    },
    TicketRejected {
        card: Card,
    },
    AskNames {
        card: Card,
    },
    NobodyOfThatName {
        name: String,
    },
    AskWhichPerson {
        name: String,
        choices: Vec<Choice>,
    },
    TicketDispatched {
        card: Card,
        names: String,
    },
    ReturnUpheld {
        card: Card,
    },
    ReturnOverruled {
        card: Card,
    },
    ResultPassed {
        card: Card,
    },
    AskSendBackReason {
        card: Card,
    },
    SentBack {
        card: Card,
    },
    AskAnswerWords {
        card: Card,
    },
    AnswerSent {
        card: Card,
    },
    NotFromHere {
        card: Card,
    },
    OutsideYourArea {
        card: Card,
    },
}

/// How long a quotation of somebody's words may be, in characters: one line on a phone.
const GIST_CHARACTERS: usize = 24;

/// The first words of a text, on one line.
pub fn gist(text: &str) -> String {
    shortened(text, GIST_CHARACTERS)
}

/// A text on one line, cut to a number of characters.
pub fn shortened(text: &str, characters: usize) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= characters {
        return line;
    }
    let cut: String = line.chars().take(characters.saturating_sub(1)).collect();
    format!("{cut}…")
}

/// `2026年3月2日`
pub fn long_day(moment: DateTime<Utc>) -> String {
    crate::ticket::day::in_beijing(moment).format("%Y年%-m月%-d日").to_string()
}

/// `3/2`
pub fn short_day(moment: DateTime<Utc>) -> String {
    crate::ticket::day::in_beijing(moment).format("%-m/%-d").to_string()
}

impl Card {
    /// What people read of this ticket.
    pub fn of(ticket: &Ticket, county: &crate::county::County) -> Self {
        use crate::ticket::Status;
        let (note, until) = match &ticket.status {
            Status::NeedInfo { question, .. } => (Some(question.clone()), None),
            Status::Rejected { because, .. } => (Some(because.reason.clone()), None),
            Status::Merged { into } => (Some(into.to_string()), None),
            Status::Suspended { until } => (None, Some(long_day(*until))),
            Status::Returned { reason } => (Some(reason.clone()), None),
            _ => (None, None),
        };
        let called: Vec<&str> = ticket.called.iter().map(|person| person.name.as_str()).collect();
        let handler = match &ticket.handler {
            Some(person) => Some(person.name.clone()),
            None if called.is_empty() => None,
            None => Some(called.join("、")),
        };
        Self {
            number: ticket.number.to_string(),
            gist: gist(&crate::county::words::masked(&ticket.report.text).text),
            category: county
                .category(&ticket.report.category)
                .map_or_else(|| ticket.report.category.clone(), |category| category.name.clone()),
            place: place_words(&ticket.report.place, county),
            day: short_day(ticket.submitted_at),
            stage: ticket.status.stage(),
            closed_kind: match &ticket.status {
                Status::Closed { kind } => Some(kind.code()),
                _ => None,
            },
            handler,
            note,
            until,
            urgent: ticket.report.urgent,
        }
    }
}

/// A place as people say it: the village and the spot in the resident's words.
pub fn place_words(place: &crate::ticket::Place, county: &crate::county::County) -> String {
    let area = place
        .area
        .as_ref()
        .map(|code| county.spoken_path(&code.as_str().into()))
        .filter(|path| !path.is_empty());
    let text = place.text.as_ref().map(|text| shortened(text, 30)).filter(|text| !text.is_empty());
    match (area, text) {
        (Some(area), Some(text)) if area.ends_with(&text) => area,
        (Some(area), Some(text)) => format!("{area}（{text}）"),
        (Some(area), None) => area,
        (None, Some(text)) => text,
        (None, None) if place.point.is_some() => "您发的位置".to_owned(),
        (None, None) => "还没说".to_owned(),
    }
}
