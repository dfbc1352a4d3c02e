//! Taking, returning, reporting, photos.

use super::*;

#[test]
fn of_two_volunteers_the_second_hears_who_was_faster() {
    let mut talk = Talk::with_tasks(&liu(), &[taken(&submitted(1), zhang())]);
    let done = talk.says("接单");
    check(&done, &["taken_by_other"], &[]);
    assert!(matches!(&done.replies[0], Reply::TakenByOther { by, .. } if by == "张建国"));
}

#[test]
fn taking_shows_the_matter_and_the_phone_to_the_one_who_took_it() {
    let mut talk = Talk::with_tasks(&zhang(), &[called(&submitted(1), &[zhang(), liu()])]);
    let seen = talk.says("我的任务");
    check(&seen, &["tasks"], &[]);
    let seen = talk.says("1");
    assert!(matches!(&seen.replies[0], Reply::Task { phone: None, .. }), "{seen:?}");
    let done = talk.says("接单");
    check(&done, &["taken"], &[Stage::InProgress]);
    let Reply::Taken { text, phone, .. } = &done.replies[0] else { panic!("{done:?}") };
    assert_eq!(phone.as_deref(), Some("19900000077"));
    assert!(!text.contains("13812345678"), "a number in the text stays masked");
    check(&talk.says("接单"), &["taken"], &[]);
}

#[test]
fn several_calls_are_asked_about_and_a_digit_takes_one() {
    let calls: Vec<Ticket> = (1..=7).map(|n| called(&submitted(n), &[zhang()])).collect();
    let mut talk = Talk::with_tasks(&zhang(), &calls);
    let asked = talk.says("接单");
    let Reply::AskWhichTask { cards, more } = &asked.replies[0] else { panic!("{asked:?}") };
    assert_eq!((cards.len(), *more), (5, 2));
    let done = talk.says("2");
    check(&done, &["taken"], &[Stage::InProgress]);
    assert_eq!(done.changes[0].after.id, calls[1].id);
    let done = talk.says("接单 3");
    assert_eq!(done.changes[0].after.id, calls[2].id);
}

#[test]
fn none_of_these_does_nothing() {
    let calls: Vec<Ticket> = (1..=2).map(|n| called(&submitted(n), &[zhang()])).collect();
    let mut talk = Talk::with_tasks(&zhang(), &calls);
    talk.says("接单");
    check(&talk.says("0"), &["order_dropped"], &[]);
    assert_eq!(talk.state.asked, None);
}

#[test]
fn a_result_without_words_asks_for_them_and_takes_even_done_as_words() {
    let mut talk = Talk::with_tasks(&zhang(), &[taken(&submitted(1), zhang())]);
    check(&talk.says("办结"), &["ask_result_words"], &[]);
    check(&talk.says("办好了"), &["finished"], &[Stage::AwaitingSignoff]);
    check(&talk.says("办结 换了灯泡"), &["not_from_here"], &[]);
}

#[test]
fn a_photo_before_the_words_belongs_to_the_result() {
    let mut talk = Talk::with_tasks(&zhang(), &[taken(&submitted(1), zhang())]);
    check(&talk.does(Event::Photo(photo("before"))), &["result_photo_kept"], &[]);
    let done = talk.says("办结 换了灯泡");
    check(&done, &["finished"], &[Stage::AwaitingSignoff]);
    let finding = done.changes[0].after.finding.clone().unwrap();
    assert_eq!(finding.media, [photo("before")]);
    assert!(talk.state.evidence.is_empty());
}

#[test]
fn a_photo_right_after_the_words_still_belongs_to_the_result() {
    let mut talk = Talk::with_tasks(&zhang(), &[taken(&submitted(1), zhang())]);
    talk.says("办结 换了灯泡");
    let done = talk.does(Event::Photo(photo("after")));
    check(&done, &["result_photo_kept"], &[Stage::AwaitingSignoff]);
    assert_eq!(done.changes[0].after.finding.clone().unwrap().media, [photo("after")]);
    talk.now += TimeDelta::hours(2);
    let late = talk.does(Event::Photo(photo("late")));
    assert!(late.changes.is_empty() && talk.state.draft.is_some(), "a new matter: {late:?}");
}

#[test]
fn a_photo_among_three_tasks_is_asked_about_and_finishes_nothing() {
    let tasks: Vec<Ticket> = (1..=3).map(|n| taken(&submitted(n), zhang())).collect();
    let mut talk = Talk::with_tasks(&zhang(), &tasks);
    check(&talk.does(Event::Photo(photo("a"))), &["ask_which_task"], &[]);
    check(&talk.does(Event::Photo(photo("b"))), &["ask_which_task"], &[]);
    check(&talk.says("3"), &["result_photo_kept"], &[]);
    check(&talk.does(Event::Photo(photo("c"))), &["result_photo_kept"], &[]);
    assert_eq!(talk.state.evidence.len(), 3);
    assert!(talk.state.evidence.iter().all(|evidence| evidence.ticket == tasks[2].id));
}

#[test]
fn a_photo_of_one_s_own_report_is_not_a_result() {
    let mut own = submitted(8);
    own.reporter = member(&zhang()).follower;
    let mut talk = Talk::with_tasks(&zhang(), &[taken(&submitted(1), zhang())]);
    talk.facts.mine = vec![own.clone()];
    talk.state.focus = Some(own.id);
    talk.does(Event::Photo(photo("mine")));
    assert!(talk.state.evidence.is_empty());
}

#[test]
fn a_return_asks_for_a_reason_and_a_digit_is_one() {
    let mut talk = Talk::with_tasks(&zhang(), &[called(&submitted(1), &[zhang()])]);
    check(&talk.says("退单"), &["ask_decline_reason"], &[]);
    let done = talk.says("2");
    check(&done, &["declined"], &[Stage::Returned]);
    assert!(done.changes[0].notices.iter().any(|n| n.note.as_deref() == Some("张建国：职责不符")));
}

#[test]
fn a_driven_back_return_cannot_be_returned_again() {
    let by = Actor::Member(zhang());
    let called = called(&submitted(1), &[zhang()]);
    let returned = after(&called, Action::Decline { reason: "重复".into() }, &by);
    let back = after(&returned, Action::OverruleReturn, &Actor::Operator(desk()));
    let mut talk = Talk::with_tasks(&zhang(), &[back]);
    check(&talk.says("退单 重复"), &["decline_not_possible"], &[]);
}

#[test]
fn a_question_and_a_remark_go_where_they_belong() {
    let mut talk = Talk::with_tasks(&zhang(), &[taken(&submitted(1), zhang())]);
    check(&talk.says("备注 家里没人"), &["note_kept"], &[Stage::InProgress]);
    check(&talk.says("问居民"), &["ask_question_words"], &[]);
    check(&talk.says("是哪一盏灯？"), &["question_sent"], &[Stage::NeedInfo]);
}

#[test]
fn a_ticket_of_others_is_not_shown_to_who_names_its_number() {
    let ticket = called(&submitted_with(3, report("张三家的事")), &[liu()]);
    let mut talk = Talk::with_tasks(&zhang(), &[]);
    let order = format!("接单 {}", ticket.number);
    assert_eq!(talk.needs(&order).number, Some(ticket.number.clone()));
    talk.facts.number = Some(ticket);
    let done = talk.says(&order);
    check(&done, &["not_your_task"], &[]);
    assert!(!format!("{done:?}").contains("张三"));
}

#[test]
fn a_confidential_matter_is_shown_only_to_who_took_it() {
    let secret = Report { confidential: true, ..report("村会计吃拿卡要") };
    let ticket = called(&submitted_with(3, secret), &[zhang(), liu()]);
    let mut talk = Talk::with_tasks(&zhang(), &[ticket]);
    assert!(!format!("{:?}", talk.says("我的任务").replies).contains("吃拿卡要"));
    assert!(!format!("{:?}", talk.says("1").replies).contains("吃拿卡要"));
    assert!(format!("{:?}", talk.says("接单").replies).contains("吃拿卡要"));
}

#[test]
fn a_member_s_own_matter_is_not_taken_for_an_order() {
    for text in ["办结婚证要什么材料", "完成不了啊怎么办", "派出所电话多少", "受理中心的门坏了"]
    {
        for mut talk in [
            Talk::with_tasks(&zhang(), &[taken(&submitted(1), zhang())]),
            Talk::at_desk(&[submitted(1)]),
        ] {
            talk.says(text);
            assert!(talk.state.draft.is_some(), "{text}");
        }
    }
}

#[test]
fn an_order_in_the_middle_of_a_report_leaves_the_report_as_it_was() {
    let mut talk = Talk::with_tasks(&zhang(), &[called(&submitted(1), &[zhang()])]);
    talk.says("李家村井盖丢了");
    let before = talk.state.clone();
    // Its question is put again, so that a key afterwards means what it says.
    check(&talk.says("接单"), &["taken", "summary"], &[Stage::InProgress]);
    assert_eq!((&talk.state.draft, &talk.state.asked), (&before.draft, &before.asked));
}

#[test]
fn chat_that_anybody_could_forge_gives_no_orders_and_shows_no_lists() {
    for text in ["接单", "我的任务", "办结 换了灯泡"] {
        let mut talk = Talk::with_tasks(&zhang(), &[taken(&submitted(1), zhang())]);
        talk.trusts_chat = false;
        check(&talk.says(text), &["chat_not_trusted"], &[]);
    }
}

#[test]
fn a_resident_gives_no_orders() {
    let mut talk = Talk::with_tasks(&zhang(), &[called(&submitted(1), &[zhang()])]);
    talk.who.duty = None;
    let done = talk.says("接单");
    assert!(done.changes.is_empty());
}
