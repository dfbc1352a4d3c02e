//! What somebody may want done with a ticket, and by which rules it is judged.

use crate::calendar::Calendar;
use crate::ticket::call_back::CallResult;
use crate::ticket::clock::Rung;
use crate::ticket::{Call, ClockKind, ClosedKind, Media, Outcome, Person, Rating, TicketNumber};
use chrono::{DateTime, Utc};
use std::sync::LazyLock;

/// Something that somebody wants done with a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the words that go with the action")]
pub enum Action {
    /// 受理
    Accept,
    /// 不予受理, to be approved by a second person.
    ProposeRejection { reason: String },
    /// The second person agrees.
    ApproveRejection,
    /// The second person does not agree.
    RefuseRejection,
    /// It is about something else; `Rules` are those of the new category.
    Recategorise { category: String },
    /// It lies somewhere else: the area's code, and the codes of its path, the county first.
    Locate { area: String, path: Vec<String> },
    /// 现场核实: somebody near is asked to look whether it is so.
    AskVerification { of: Vec<Person> },
    /// What was found on site.
    Verify { real: bool, text: String, media: Vec<Media> },
    /// 派单: any of these may take it.
    Dispatch { call: Call },
    /// A return was right: dispatch it elsewhere.
    UpholdReturn,
    /// A return was wrong: it goes back for good.
    OverruleReturn,
    /// One question to the resident; a newer one replaces it.
    Ask { question: String },
    /// The question is not needed any more.
    CancelQuestion,
    /// The result is good: ask the resident.
    Pass,
    /// The result is not good enough.
    SendBack { reason: String },
    /// An enquiry that is answered without anybody going there.
    AnswerAtOnce { text: String },
    /// 终结答复
    FinalAnswer { text: String },
    /// 列入计划
    Suspend { until: DateTime<Utc>, reason: String },
    /// The planned date has come, or somebody goes on earlier.
    Resume,
    /// 并案
    Merge { into: TicketNumber },
    /// 拆开
    Unmerge,
    /// Another ticket is handled together with this one.
    TakeIn { number: TicketNumber },
    /// It is not any more.
    LetGo { number: TicketNumber },
    /// The ticket that this one is handled with was closed.
    FollowMaster { kind: ClosedKind, outcome: Outcome },
    /// It was opened again.
    MasterReopened,
    /// 协办: somebody else's part.
    CallHelp { call: Call, what: String, required: bool, minutes: Option<u32> },
    /// The lead may go on without that part.
    WaiveHelp { no: u32 },
    /// 一起去: somebody who was called helps the one who took it.
    Join,
    /// 提级
    Escalate { call: Call },
    /// Somebody is away or gone: what they had goes to these, or to the desk.
    HandOver { from: Person, call: Call },
    /// The leader gives it to one of their own.
    Assign { to: Person },
    /// 督办: an answer in writing is owed.
    Supervise { text: String },
    /// The answer.
    AnswerSupervision { text: String },
    /// 延期: a wish for more time.
    AskExtension { minutes: u32, reason: String },
    /// More time; as wished, or so many working minutes.
    GrantExtension { minutes: Option<u32> },
    /// No more time.
    RefuseExtension { reason: String },
    /// A remark that only the desk sees.
    Note { text: String },
    /// 接单
    Take,
    /// 退单
    Decline { reason: String },
    /// 办结
    Finish { text: String, outcome: Outcome, media: Vec<Media> },
    /// Photos of the result that came after its words.
    AddEvidence { media: Vec<Media> },
    /// The resident's answer to the question.
    GiveInfo { text: String, media: Vec<Media> },
    /// 补充
    Supplement { text: Option<String>, media: Vec<Media> },
    /// A telephone number for this ticket.
    LeaveContact { phone: String },
    /// 已解决 or 基本解决
    Confirm { fully: bool },
    /// 没解决; the reason comes next.
    Object,
    /// 没解决, with the reason, or without one after a day.
    Rework { reason: Option<String> },
    /// The grade.
    Rate { rating: Rating },
    /// 撤回
    Withdraw { reason: Option<String> },
    /// 要求重办
    Reopen { reason: String },
    /// 催办
    Urge,
    /// Against a rejection, once.
    Appeal { text: String },
    /// Five days without the asked-for information.
    LapseInfo,
    /// The one reminder before the sign-off lapses.
    RemindSignoff,
    /// Five working days without a word.
    LapseSignoff,
    /// Nobody took it in time, and silence is signing.
    SignBySilence,
    /// A deadline comes near, or is over.
    Ring { clock: ClockKind, help: Option<u32>, rung: Rung },
    /// Holidays became known that were guessed at before.
    RecomputeClocks,
    /// The resident was told of the result, by this way.
    Told { channel: String },
    /// 回访: the desk called the resident.
    RecordCall { result: CallResult, note: String },
    /// What the resident said on the telephone, done for them.
    OnBehalf { action: Box<Action> },
}

/// How much time a category gives, in working minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the kinds of clocks, see `ClockKind`")]
pub struct Limits {
    pub accept: u32,
    pub sign: u32,
    pub result: u32,
    pub check: u32,
}

impl Default for Limits {
    /// Half a day, one day, five days, half a day of eight hours.
    fn default() -> Self {
        Self { accept: 240, sign: 480, result: 2400, check: 240 }
    }
}

/// What the category asks for, and when the county works.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the county's sheet")]
pub struct Rules<'a> {
    /// A leader or the desk checks the result before the resident is asked.
    pub needs_check: bool,
    /// A result needs a photo.
    pub needs_photo: bool,
    /// 四单制: where a unit is called, its leader takes it and checks the result.
    pub four_order: bool,
    /// A long matter: its time stands still while it is put off.
    pub is_long: bool,
    /// Only those who handle it may read it.
    pub confidential: bool,
    /// How much time there is.
    pub limits: Limits,
    /// The category's code.
    pub category: &'a str,
    /// When the county works.
    pub calendar: &'a Calendar,
}

impl Default for Rules<'static> {
    /// What holds where the county says nothing: no check, no photo, five working days.
    fn default() -> Self {
        static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::default);
        Self {
            needs_check: false,
            needs_photo: false,
            four_order: false,
            is_long: false,
            confidential: false,
            limits: Limits::default(),
            category: "",
            calendar: &CALENDAR,
        }
    }
}
