//! Samples of what is said of what runs beside a ticket's status.

use super::card as card_at;
use crate::dialogue::reply::{Beside, Nearby};
use crate::ticket::Stage;

fn nearby(key: usize, closed: bool, in_hand: bool) -> Nearby {
    Nearby {
        key,
        gist: "路灯不亮".to_owned(),
        place: "王庄乡 王庄村".to_owned(),
        day: "3/2".to_owned(),
        closed,
        in_hand,
    }
}

/// At least one of each.
pub(super) fn all() -> impl Iterator<Item = Beside> {
    one_matter().chain(talk()).chain(work()).chain(time_and_desk())
}

fn one_matter() -> impl Iterator<Item = Beside> {
    let text = str::to_owned;
    let card = || card_at(Stage::Merged);
    let into = text("LX260302654321");
    let handler = Some(text("张建国"));
    [
        Beside::AskNear { nearby: vec![nearby(1, false, true)] },
        Beside::AskNear { nearby: vec![nearby(1, true, false)] },
        Beside::AskNear { nearby: vec![nearby(1, false, false), nearby(2, true, false)] },
        Beside::SameMatter { card: card(), into: into.clone(), waiting: 3, handler },
        Beside::SameMatter { card: card(), into: into.clone(), waiting: 0, handler: None },
        Beside::BrokenAgain { card: card(), old: into },
        Beside::NotMineSolved { card: card() },
    ]
    .into_iter()
}

fn talk() -> impl Iterator<Item = Beside> {
    let (hotline, hours) = ("0312-5550000".to_owned(), "8:00-18:00".to_owned());
    let none = String::new;
    [
        Beside::HumanComes { hotline: hotline.clone(), draft: true, again: false },
        Beside::HumanComes { hotline: none(), draft: false, again: true },
        Beside::HumanLater { hotline, hours, draft: true },
        Beside::HumanLater { hotline: none(), hours: none(), draft: false },
        Beside::BotIsBack { lapsed: true },
        Beside::BotIsBack { lapsed: false },
    ]
    .into_iter()
}

fn work() -> impl Iterator<Item = Beside> {
    let text = str::to_owned;
    let card = || card_at(Stage::InProgress);
    let names = || text("刘芳、县供电公司");
    let lead = || Some(text("张建国"));
    [
        Beside::Joined { card: card(), by: text("张建国") },
        Beside::AskHelp { card: card(), names: String::new() },
        Beside::AskHelp { card: card(), names: names() },
        Beside::HelpCalled { card: card(), names: names() },
        Beside::HelpWaived { card: card(), names: names() },
        Beside::HelpTaken { card: card(), text: text("路灯坏了"), lead: lead() },
        Beside::HelpTaken { card: card(), text: text("路灯坏了"), lead: None },
        Beside::PartTaken { card: card(), by: text("刘芳") },
        Beside::HelpFinished { card: card(), lead: lead() },
        Beside::HelpFinished { card: card(), lead: None },
        Beside::HelpersFirst { card: card(), names: names() },
        Beside::LeadersToTake { card: card(), leader: text("冯建设") },
        Beside::AskAssignee { card: card(), names: vec![text("邓安居")] },
        Beside::AskAssignee { card: card(), names: vec![] },
        Beside::Assigned { card: card(), name: text("邓安居") },
        Beside::NotOfYourTeam { name: text("刘芳"), team: text("县供电公司") },
        Beside::VerificationAsked { card: card(), names: names() },
        Beside::AskVerifyWords { card: card(), real: true },
        Beside::AskVerifyWords { card: card(), real: false },
        Beside::Verified { card: card(), real: true },
        Beside::Verified { card: card(), real: false },
    ]
    .into_iter()
}

fn time_and_desk() -> impl Iterator<Item = Beside> {
    let text = str::to_owned;
    let card = || card_at(Stage::InProgress);
    let day = || text("3月5日");
    let some = |words: &str| Some(words.to_owned());
    [
        Beside::DateSum {
            card: card(),
            sum: text("5 个工作日，3/9（周一）9:00 前"),
            paused: some("1 小时"),
            extended: some("2 个工作日"),
        },
        Beside::DateSum { card: card(), sum: text("5 个工作日"), paused: None, extended: None },
        Beside::AskExtension { card: card(), days: None, reason: None },
        Beside::AskExtension { card: card(), days: Some(2), reason: None },
        Beside::AskExtension { card: card(), days: None, reason: some("等配件") },
        Beside::ExtensionAsked { card: card(), days: 2 },
        Beside::ExtensionTooLate { card: card() },
        Beside::OftenEnough { card: card() },
        Beside::ExtensionGranted { card: card() },
        Beside::AskExtensionRefusal { card: card() },
        Beside::ExtensionRefused { card: card() },
        Beside::AskSuperviseWords { card: card() },
        Beside::Supervised { card: card() },
        Beside::AskSupervisionWords { card: card(), question: text("为什么还没办？") },
        Beside::SupervisionAnswered { card: card() },
        Beside::AskEscalateReason { card: card() },
        Beside::Escalated { card: card(), names: text("王树林") },
        Beside::NobodyAbove { card: card() },
        Beside::AskNewCategory { card: card(), names: vec![text("路灯水电"), text("其他")] },
        Beside::Recategorised { card: card() },
        Beside::AskMaster { card: card() },
        Beside::NoMaster { number: text("LX260302654321") },
        Beside::MergedInto { card: card(), into: text("LX260302654321") },
        Beside::HandledAlready { card: card(), by: some("值班员") },
        Beside::HandledAlready { card: card(), by: None },
        Beside::AskLeave,
        Beside::LeaveKept { from: day(), until: text("3月8日"), tasks: 2 },
        Beside::LeaveKept { from: day(), until: day(), tasks: 0 },
        Beside::LeaveOver,
        Beside::AskWish { wish: text("每一步都告诉我"), member: false },
        Beside::AskWish { wish: text("只告诉我结果"), member: true },
        Beside::WishKept { wish: text("只告诉我结果"), member: true, changed: true },
        Beside::WishKept { wish: text("每一步都告诉我"), member: false, changed: false },
    ]
    .into_iter()
}
