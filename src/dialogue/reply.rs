//! What we can say, as types. The words stand in `templates/replies/`, one file per variant.
//!
//! One thought per reply; a turn may say several, which leave as one message. A reply carries
//! values, never sentences; a resident's own words are quoted short.

mod beside;

pub use super::card::{Card, gist, place_words, shortened};
use crate::county::words::Emergency;
use crate::ticket::Rating;
pub use beside::{Beside, Nearby};
use serde::Serialize;

/// How a draft stands, for the summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The matter, short and with private numbers masked.
    pub text: String,
    /// The place in words.
    pub place: Option<String>,
    /// No village is known yet; it may still be said.
    pub village_missing: bool,
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
    AreaScanned {
        area: String,
        asks: bool,
    },
    CodeUnknown,
    StateSetAside,
    DraftLost,
    Greeting {
        menu: bool,
    },
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
    Introduction {
        county: String,
        hotline: String,
    },
    WhyPlace,
    AfterSubmitting,
    AskThatLater {
        gist: String,
        hotline: String,
    },
    OrderOfOthers,
    Appealed {
        card: Card,
    },
    TakeFirst {
        card: Card,
    },
    FinishNext {
        card: Card,
    },
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
    #[serde(untagged)]
    Beside(Beside),
}
