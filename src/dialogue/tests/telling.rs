//! Telling a matter: from the first word to the number.

use super::*;

#[test]
fn one_good_sentence_gives_a_number_after_two_messages() {
    let mut chat = Chat::new();
    let summary = chat.says("我家门口路灯坏了三天了，王庄村东头");
    has(&summary, &["路灯", "王庄村东头", "1 提交 · 2 改一改 · 0 先不报了"]);
    assert!(summary.ends_with("1 提交 · 2 改一改 · 0 先不报了"));
    let number = chat.says("1");
    has(&number, &["LX260302"]);
    assert_eq!(chat.last().report.category, "lighting");
    assert_eq!(chat.last().report.place.area.as_deref(), Some("130699201201"));
    assert_eq!(chat.last().area_path.len(), 4);
}

#[test]
fn the_same_key_again_repeats_the_number_and_makes_no_second_ticket() {
    let mut chat = Chat::new();
    chat.says("王庄村东头路灯坏了");
    let first = chat.says("1");
    let again = chat.says("1");
    let number = chat.last().number.to_string();
    has(&first, &[&number]);
    has(&again, &[&number]);
    assert_eq!(chat.tickets.len(), 1);
}

#[test]
fn any_word_for_yes_submits() {
    for yes in ["好", "行", "嗯", "对的", "中", "OK", "👍", "１", "一", "①", "选1", "1。", "第一个"]
    {
        let mut chat = Chat::new();
        chat.says("王庄村东头路灯坏了");
        let said = chat.says(yes);
        assert_eq!(chat.tickets.len(), 1, "{yes}: {said}");
    }
}

#[test]
fn a_greeting_makes_no_draft() {
    let mut chat = Chat::new();
    has(&chat.says("你好"), &["您好", "比如"]);
    assert!(chat.state.draft.is_none());
}

#[test]
fn signs_and_emoji_fill_no_slot() {
    let mut chat = Chat::new();
    for text in ["。", "？", "😡", "/:rose", "……"] {
        let said = chat.says(text);
        assert!(!said.is_empty() && !said.contains("输入有误"), "{text}");
        assert!(chat.state.draft.is_none(), "{text}");
    }
}

#[test]
fn a_sound_alike_offers_three_categories() {
    let mut chat = Chat::new();
    let asked = chat.says("陆登不亮");
    has(&asked, &["1 路灯水电", "2 ", "3 ", "0 都不是"]);
    let place = chat.says("1");
    has(&place, &["哪个村"]);
    has(&chat.says("李家村"), &["路灯水电", "李家村", "1 提交"]);
}

#[test]
fn twelve_is_not_the_first_of_five() {
    let mut chat = Chat::new();
    chat.says("王庄村东头路灯坏了");
    has(&chat.says("12"), &["1 提交"]);
    assert!(chat.tickets.is_empty());
}

#[test]
fn one_and_three_are_asked_about_where_one_is_allowed() {
    let mut chat = Chat::new();
    chat.says("陆登不亮");
    has(&chat.says("1和3"), &["1 还是 3"]);
}

#[test]
fn a_voice_that_goes_on_is_joined_to_the_first() {
    let mut chat = Chat::new();
    chat.speaks("我家那个下水道堵了");
    chat.speaks("臭得不行");
    let draft = chat.state.draft.clone().unwrap();
    assert_eq!(draft.text.get().unwrap(), "我家那个下水道堵了臭得不行");
    assert_eq!(draft.media.len(), 2);
}

#[test]
fn a_voice_nobody_can_read_is_enough_to_report() {
    let mut chat = Chat::new();
    has(&chat.speaks(""), &["听不出"]);
    has(&chat.says("1"), &["哪个村"]);
    has(&chat.says("王庄村"), &["语音：1 条", "1 提交"]);
    has(&chat.says("1"), &["LX"]);
}

#[test]
fn a_location_before_any_word_is_kept() {
    let mut chat = Chat::new();
    let said = chat.at(38.9912, 116.1034);
    has(&said, &["王庄村", "什么事", "/m/privacy"]);
    has(&chat.says("路灯不亮"), &["王庄村", "1 提交"]);
}

#[test]
fn a_location_far_away_does_not_replace_the_words() {
    let mut chat = Chat::new();
    chat.says("我在北京打工，老家李家村房子漏水");
    let said = chat.at(39.9, 116.4);
    has(&said, &["不在云溪县", "李家村", "1 提交"]);
}

#[test]
fn a_correction_changes_the_slot_it_means() {
    let mut chat = Chat::new();
    chat.says("王庄村东头路灯坏了");
    has(&chat.says("不对，是李家村"), &["李家村", "1 提交"]);
    has(&chat.says("地点写错了"), &["地点现在是", "李家村"]);
    has(&chat.says("东关村村口"), &["东关村", "1 提交"]);
    has(&chat.says("2"), &["1事情 2地点 3照片 4电话 0不改了"]);
    has(&chat.says("1"), &["您刚才说的是"]);
    has(&chat.says("垃圾没人清"), &["垃圾没人清", "环境卫生", "东关村"]);
}

#[test]
fn a_bare_no_at_the_summary_asks_which_item() {
    for no in ["不", "不对", "错了", "不行"] {
        let mut chat = Chat::new();
        chat.says("王庄村东头路灯坏了");
        has(&chat.says(no), &["要改哪一项"]);
    }
}

#[test]
fn going_back_loses_nothing() {
    let mut chat = Chat::new();
    chat.says("1");
    has(&chat.says("返回"), &["已经是第一步"]);
    chat.says("路灯坏了");
    has(&chat.says("上一步"), &["您刚才说的是：路灯坏了"]);
    has(&chat.says("0"), &["哪个村"]);
}

#[test]
fn a_draft_is_taken_up_again_after_a_pause() {
    let mut chat = Chat::new();
    chat.says("路灯不亮");
    // It fits the question: taken, and said so.
    let fits = chat.later(TimeDelta::hours(2)).says("王庄村");
    has(&fits, &["接着", "1 提交"]);
    // It does not: asked first.
    let asked = chat.later(TimeDelta::hours(3)).says("家里的狗丢了怎么办");
    has(&asked, &["路灯不亮", "1接着说", "2重新说", "3不报了"]);
    has(&chat.says("2"), &["狗丢了"]);
    assert!(!chat.state.draft.as_ref().unwrap().text.get().unwrap().contains("路灯"));
}

#[test]
fn a_draft_that_grew_too_old_is_told_kindly() {
    let mut chat = Chat::new();
    chat.says("路灯不亮");
    chat.later(TimeDelta::days(8));
    chat.state = time::lapse(chat.state.clone(), time::Due::End, chat.now);
    let said = chat.says("王庄村东头井盖丢了");
    has(&said, &["放了一周", "井盖", "1 提交"]);
}

#[test]
fn danger_comes_first_and_the_report_goes_on() {
    let mut chat = Chat::new();
    let said = chat.says("着火了快来");
    assert!(said.contains("119"));
    has(&said, &["哪个村"]);
    chat.says("王庄村");
    chat.says("1");
    assert!(chat.last().report.urgent);
}

#[test]
fn somebody_in_despair_gets_a_number_and_no_form() {
    let mut chat = Chat::new();
    let said = chat.says("我不想活了");
    has(&said, &["12356"]);
    assert!(!said.contains("哪个村") && chat.state.draft.is_none());
}

#[test]
fn private_numbers_are_masked_and_the_matter_is_confidential() {
    let mut chat = Chat::new();
    let said = chat.says("我身份证130699199001011234办低保没人管，王庄村");
    assert!(!said.contains("130699199001011234"), "{said}");
    has(&said, &["保密"]);
    chat.says("1");
    assert!(chat.last().report.confidential);
}

#[test]
fn an_insult_alone_is_answered_calmly() {
    let mut chat = Chat::new();
    let said = chat.says("你们都是废物");
    assert!(chat.state.draft.is_none(), "{said}");
    has(&said, &["消消气"]);
}

#[test]
fn cancelling_a_benefit_is_a_matter_and_not_a_command() {
    let mut chat = Chat::new();
    chat.says("1");
    let said = chat.says("取消低保怎么办");
    assert!(chat.state.draft.is_some(), "{said}");
    has(&said, &["取消低保怎么办"]);
}

#[test]
fn photos_are_counted_and_the_tenth_is_declined_politely() {
    let mut chat = Chat::new();
    chat.says("王庄村东头路灯坏了");
    for n in 1..=9 {
        has(&chat.photo(), &[&format!("一共 {n} 张"), "1 提交"]);
    }
    has(&chat.photo(), &["9 张就行"]);
    chat.says("1");
    assert_eq!(chat.last().report.photos(), 9);
}

#[test]
fn a_photo_right_after_the_number_belongs_to_the_ticket() {
    let mut chat = Chat::new();
    chat.says("王庄村东头路灯坏了");
    chat.says("1");
    has(&chat.photo(), &["照片放到"]);
    assert_eq!(chat.last().report.photos(), 1);
    assert!(chat.state.draft.is_none());
}

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
