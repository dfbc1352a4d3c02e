//! What residents say once a ticket lives: signing off, grades, their own tickets, the menu.

use super::*;

#[test]
fn a_telephone_number_is_asked_for_once_and_remembered() {
    let mut chat = Chat::new();
    chat.says("王庄村东头路灯坏了");
    has(&chat.says("1"), &["留个电话", "/m/privacy"]);
    has(&chat.says("19900001234"), &["电话记下了"]);
    assert_eq!(chat.last().report.contact.as_deref(), Some("19900001234"));
    chat.says("王庄村东头垃圾没人清");
    let second = chat.says("1");
    assert!(!second.contains("留个电话"), "{second}");
    assert_eq!(chat.last().report.contact.as_deref(), Some("19900001234"));
}

#[test]
fn signing_off_and_rating_take_two_keys() {
    let mut chat = Chat::new();
    chat.until_signoff();
    has(&chat.says("1"), &["1 非常满意", "5 非常不满意"]);
    assert_eq!(chat.last().status.stage(), Stage::Closed);
    has(&chat.says("1"), &["非常满意"]);
    assert_eq!(chat.last().rating.map(Rating::code), Some("very_satisfied"));
    has(&chat.says("1"), &["非常满意"]);
    assert_eq!(chat.tickets.len(), 1);
}

#[test]
fn a_no_asks_for_the_reason_and_sends_it_back() {
    let mut chat = Chat::new();
    chat.until_signoff();
    has(&chat.says("没解决"), &["哪里没弄好"]);
    has(&chat.says("晚上还是不亮"), &["重办"]);
    assert_eq!(chat.last().round, 2);
    assert_eq!(chat.last().status.stage(), Stage::InProgress);
}

#[test]
fn a_photo_at_sign_off_is_attached_and_the_question_put_again() {
    let mut chat = Chat::new();
    chat.until_signoff();
    has(&chat.photo(), &["照片放到", "1已解决"]);
    assert_eq!(chat.last().report.photos(), 1);
}

#[test]
fn free_words_while_a_ticket_waits_are_asked_about() {
    let mut chat = Chat::new();
    chat.until_signoff();
    has(&chat.says("李家村的井盖丢了"), &["是说 3/2 的路灯水电", "1是", "2新的事"]);
    has(&chat.says("2"), &["井盖", "李家村", "1 提交"]);
}

#[test]
fn an_old_key_applies_to_the_newest_question_and_names_it() {
    let mut chat = Chat::new();
    chat.says("李家村垃圾没人清");
    chat.tickets.clear();
    let draft = chat.state.clone();
    chat.until_signoff();
    // A summary of another matter is still open; the sign-off came later.
    chat.state.draft = draft.draft;
    chat.state.asked = draft.asked;
    let said = chat.says("1");
    has(&said, &["非常满意"]);
    assert_eq!(chat.tickets.len(), 1);
}

#[test]
fn grades_in_words_are_read_or_asked_about() {
    let mut chat = Chat::new();
    chat.until_signoff();
    chat.says("解决了");
    has(&chat.says("还行吧"), &["基本满意", "1 对"]);
    has(&chat.says("对"), &["基本满意"]);
    assert_eq!(chat.last().rating.map(Rating::code), Some("fairly_satisfied"));
}

#[test]
fn satisfied_but_broken_again_offers_both_ways() {
    let mut chat = Chat::new();
    chat.until_signoff();
    chat.says("1");
    has(&chat.says("满意是满意，就是又坏了"), &["1重办", "2新报"]);
    has(&chat.says("1"), &["重新办"]);
    assert_eq!(chat.last().round, 2);
}

#[test]
fn taking_back_asks_first() {
    let mut chat = Chat::new();
    chat.says("王庄村东头路灯坏了");
    chat.says("1");
    has(&chat.says("我要取消上次报的路灯"), &["要撤回", "1 撤回"]);
    has(&chat.says("1"), &["已经撤回"]);
    assert_eq!(chat.last().status.stage(), Stage::Withdrawn);
}

#[test]
fn my_tickets_are_listed_in_plain_words() {
    let mut chat = Chat::new();
    has(&chat.says("我的诉求"), &["还没有报过"]);
    chat.says("王庄村东头路灯坏了");
    chat.says("1");
    has(&chat.says("我的诉求"), &["待受理", "1 补充", "2 催办", "3 撤回"]);
    has(&chat.says("2"), &["催"]);
    assert_eq!(chat.last().urged, 1);
}

#[test]
fn every_third_miss_offers_a_person_and_keeps_the_draft() {
    let mut chat = Chat::new();
    chat.says("王庄村东头路灯坏了");
    for text in ["77", "88"] {
        chat.says(text);
    }
    has(&chat.says("99"), &["电话"]);
    assert!(chat.state.draft.is_some());
}

#[test]
fn the_top_menu_works_by_number_from_the_first_word() {
    let mut chat = Chat::new();
    has(&chat.says("1"), &["什么事"]);
    let mut chat = Chat::new();
    has(&chat.says("2"), &["还没有报过"]);
    let mut chat = Chat::new();
    has(&chat.says("0"), &["1 我要反映", "5 找人工"]);
}

#[test]
fn a_volunteers_offer_goes_to_its_category() {
    let mut chat = Chat::new();
    has(&chat.says("4"), &["愿意帮忙"]);
    has(&chat.says("我会修自行车，想帮忙，王庄村"), &["志愿服务", "1 提交"]);
}
