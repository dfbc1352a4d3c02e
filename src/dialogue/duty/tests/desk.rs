//! Triage, dispatch, checks, areas.

use super::*;
use crate::dialogue::could_be_called;
use crate::ticket::event::What;

#[test]
fn dispatching_accepts_first_in_the_same_turn() {
    let mut talk = Talk::at_desk(&[submitted(1)]);
    assert!(talk.needs("派张建国和刘芳").people.contains(&"刘芳".to_owned()));
    let done = talk.says("派张建国和刘芳");
    check(&done, &["ticket_dispatched"], &[Stage::Accepted, Stage::Dispatched]);
    assert_eq!(done.changes[1].before, Some(done.changes[0].after.version));
    assert_eq!(done.changes[1].after.called, [zhang(), liu()]);
}

#[test]
fn nobody_of_a_name_is_called_and_nothing_is_accepted() {
    let mut talk = Talk::at_desk(&[submitted(1)]);
    check(&talk.says("派 张建国 诸葛亮"), &["nobody_of_that_name"], &[]);
}

#[test]
fn two_people_of_one_name_are_told_apart_by_where_they_serve() {
    let mut talk = Talk::at_desk(&[submitted(1)]);
    let asked = talk.says("派 张建国,王伟,刘芳");
    let Reply::AskWhichPerson { choices, .. } = &asked.replies[0] else { panic!("{asked:?}") };
    assert_eq!(choices[1].label, "王伟（城关镇）");
    assert!(asked.changes.is_empty());
    assert!(talk.needs("2").people.contains(&"刘芳".to_owned()));
    let done = talk.says("2");
    check(&done, &["ticket_dispatched"], &[Stage::Accepted, Stage::Dispatched]);
    assert_eq!(done.changes[1].after.called, [zhang(), person(6, "王伟"), liu()]);
}

#[test]
fn a_unit_s_name_calls_its_people_and_is_kept() {
    let mut talk = Talk::at_desk(&[submitted(1)]);
    for (number, name) in [(21, "周光明"), (22, "赵电生")] {
        talk.facts.people.push(Named {
            person: person(number, name),
            area: None,
            unit: Some("power_supply".into()),
            asked: "县供电公司".into(),
            role: crate::county::Role::Member,
            load: 0,
            reachable: true,
        });
    }
    let done = talk.says("派 县供电公司");
    check(&done, &["ticket_dispatched"], &[Stage::Accepted, Stage::Dispatched]);
    assert_eq!(done.changes[1].after.unit.as_deref(), Some("power_supply"));
    assert_eq!(done.changes[1].after.called.len(), 2);
}

#[test]
fn the_desk_list_is_numbered_and_accepting_names_who_is_near() {
    let mut urgent = submitted(2);
    urgent.report.urgent = true;
    let mut talk = Talk::at_desk(&[submitted(1), urgent.clone()]);
    check(&talk.says("待办"), &["desk"], &[]);
    let done = talk.says("受理 1");
    check(&done, &["ticket_accepted"], &[Stage::Accepted]);
    assert_eq!(done.changes[0].after.id, urgent.id, "the urgent one stands first");
    check(&talk.says("派 刘芳"), &["ticket_dispatched"], &[Stage::Dispatched]);
}

#[test]
fn the_desk_is_told_whom_the_county_suggests_and_sends_by_the_place() {
    let mut talk = Talk::at_desk(&[submitted(1)]);
    talk.facts.people[0].load = 2;
    let accepted = talk.says("受理");
    let Reply::TicketAccepted { people, .. } = &accepted.replies[0] else { panic!("{accepted:?}") };
    assert_eq!(people, &["刘芳", "张建国"], "who has less in hand stands first");
    let done = talk.says("派第2个");
    check(&done, &["ticket_dispatched"], &[Stage::Dispatched]);
    assert_eq!(done.changes[0].after.called, [zhang()]);
    let What::Dispatched { reason, .. } = &done.changes[0].events[0].what else { panic!() };
    assert_eq!(reason, "网格优先：王庄村第1网格的张建国（手上2件）");

    for words in ["按建议派", "派"] {
        let mut talk = Talk::at_desk(&[submitted(1)]);
        let done = talk.says(words);
        check(&done, &["ticket_dispatched"], &[Stage::Accepted, Stage::Dispatched]);
        assert_eq!(done.changes[1].after.called, [zhang()], "{words}");
    }
}

#[test]
fn a_suggestion_that_is_none_asks_for_a_name_and_moves_nothing() {
    let mut talk = Talk::at_desk(&[submitted(1)]);
    check(&talk.says("派第5个"), &["ask_names"], &[]);
    talk.facts.people.clear();
    check(&talk.says("按建议派"), &["ask_names"], &[]);
    check(&talk.says("派"), &["ask_names"], &[]);
}

#[test]
fn at_night_the_rule_calls_the_whole_grid_in_one_suggestion() {
    let mut talk = Talk::at_desk(&[submitted(1)]);
    talk.now = morning() + TimeDelta::hours(14);
    let done = talk.says("按建议派");
    assert_eq!(done.changes[1].after.called, [zhang(), liu()]);
    let What::Dispatched { reason, .. } = &done.changes[1].events[0].what else { panic!() };
    assert_eq!(reason, "规则“夜间险情”：晚上10点到早上6点叫网格全员");
}

#[test]
fn whoever_may_be_suggested_is_looked_up_only_when_somebody_is_to_be_called() {
    let talk = Talk::at_desk(&[submitted(1)]);
    let asked = |text: &str| {
        let facts = Facts { desk: talk.facts.desk.clone(), ..Facts::default() };
        let view = View {
            who: &talk.who,
            county: &talk.county,
            facts: &facts,
            now: talk.now,
            fresh: Uuid::nil(),
            trusts_chat: true,
        };
        could_be_called(view, &talk.state, &Event::Text(text.to_owned()))
    };
    for text in ["受理", "派", "按建议派", "派第2个", "受理 1"] {
        assert!(asked(text).contains(&"刘芳".to_owned()), "{text}");
    }
    for text in ["待办", "派 刘芳", "你好", "不予受理 不归我们"] {
        assert_eq!(asked(text), [""; 0], "{text}");
    }
}

#[test]
fn a_rejection_needs_a_second_person() {
    let mut talk = Talk::at_desk(&[submitted(1)]);
    check(&talk.says("不予受理"), &["ask_reject_reason"], &[]);
    check(&talk.says("应向法院提出"), &["rejection_proposed"], &[Stage::Submitted]);
    check(&talk.says("同意"), &["needs_second_person"], &[]);
    talk.who = speaker(&person(10, "督办员"), Role::Supervisor, None);
    check(&talk.says("同意"), &["ticket_rejected"], &[Stage::Rejected]);
}

#[test]
fn an_answer_at_once_waits_for_its_words_before_it_accepts() {
    let mut talk = Talk::at_desk(&[submitted(1)]);
    check(&talk.says("答复"), &["ask_answer_words"], &[]);
    check(&talk.says("周一到周五都可以办"), &["answer_sent"], &[Stage::Accepted, Stage::Closed]);
}

#[test]
fn a_station_does_not_act_on_another_township_s_ticket() {
    let mut talk = Talk::at_desk(&[]);
    talk.who = speaker(&person(11, "城关站"), Role::Dispatcher, Some("130699100"));
    let ticket = submitted_with(1, report("张三家的事"));
    talk.facts.number = Some(ticket.clone());
    let done = talk.says(&format!("受理 {}", ticket.number));
    check(&done, &["outside_your_area"], &[]);
    assert!(!format!("{done:?}").contains("张三"));
    talk.who = speaker(&person(12, "王庄站"), Role::Dispatcher, Some("130699201"));
    let done = talk.says(&format!("受理 {}", ticket.number));
    check(&done, &["ticket_accepted"], &[Stage::Accepted]);
}

#[test]
fn a_ticket_of_an_unknown_area_is_the_whole_county_s() {
    let mut nowhere = submitted(1);
    nowhere.area_path.clear();
    let mut talk = Talk::at_desk(&[nowhere]);
    assert_eq!(talk.needs("待办").desk, Some(None));
    check(&talk.says("受理"), &["ticket_accepted"], &[Stage::Accepted]);
}

#[test]
fn a_check_passes_or_sends_back_but_not_by_who_reported_it() {
    let rules = Rules { needs_check: true, ..Rules::default() };
    let finish =
        Action::Finish { text: "修好了".into(), outcome: Outcome::Solved, media: vec![] };
    let by = Actor::Member(zhang());
    let reported = |handler: Person| {
        let ticket = taken(&submitted(1), handler);
        lifecycle::act(&ticket, finish.clone(), &by, rules, morning()).unwrap().after
    };
    let mut talk = Talk::at_desk(&[reported(zhang())]);
    check(&talk.says("退回 照片看不清"), &["sent_back"], &[Stage::InProgress]);
    let mut talk = Talk::at_desk(&[reported(zhang())]);
    check(&talk.says("通过"), &["result_passed"], &[Stage::AwaitingSignoff]);
    let mut talk = Talk::at_desk(&[reported(zhang())]);
    talk.who = speaker(&zhang(), Role::Supervisor, None);
    check(&talk.says("通过"), &["needs_second_person"], &[]);
}
