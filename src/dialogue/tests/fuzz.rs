//! One resident who says anything at all: always an answer, never two tickets at once.

use super::*;

const CORPUS: &[&str] = &[
    "1",
    "2",
    "3",
    "0",
    "8",
    "12",
    "1和3",
    "好",
    "不",
    "路灯坏了",
    "王庄村东头",
    "李家村",
    "张庄村",
    "取消",
    "返回",
    "帮助",
    "人工",
    "我的诉求",
    "补充",
    "催办",
    "撤回",
    "没解决",
    "还行吧",
    "满意是满意，就是又坏了",
    "19900001234",
    "。",
    "😡",
    "着火了快来",
    "陆登不亮",
    "老地方",
    "不对，是李家村",
    "地点写错了",
    "跳过",
    "再说一遍",
    "谢谢",
    "接单",
    "LX260302000001",
    "<b>x</b>]]>&lt;",
    "\u{202e}反着写\u{200b}",
    "你们都是废物",
    "你是谁",
    "什么时候能好",
    "为什么要问",
    "1提交",
    "选新的事",
    "那个",
    "我家门口",
    "好几天了",
    "王庄",
    "医保怎么交",
    "5分",
    "修好了",
    "不是路灯，是垃圾",
    "改地点",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_there_is_an_answer_and_never_two_tickets_at_once(
        turns in prop::collection::vec((0..CORPUS.len() + 5, 0_i64..90_000), 1..14),
    ) {
        let mut chat = Chat::new();
        for (turn, pause) in turns {
            chat.later(TimeDelta::seconds(pause));
            let before = chat.tickets.len();
            let said = match turn.checked_sub(CORPUS.len()) {
                None => chat.says(CORPUS[turn]),
                Some(0) => chat.photo(),
                Some(1) => chat.speaks(""),
                Some(2) => chat.speaks("东关村井盖丢了"),
                Some(3) => chat.at(38.9912, 116.1034),
                Some(_) => WORDING.replies(&chat.does(Event::Sticker)),
            };
            prop_assert!(!said.trim().is_empty() || chat.state.human.is_some());
            prop_assert!(!said.contains("输入有误"));
            prop_assert!(said.len() <= 2000, "{} bytes", said.len());
            prop_assert!(chat.tickets.len() <= before + 1);
        }
        // A way out in two turns, from anywhere.
        chat.says("取消");
        chat.says("取消");
        prop_assert!(chat.state.draft.is_none());
    }

    #[test]
    fn any_text_at_all_is_answered(text in ".{0,80}") {
        let mut chat = Chat::new();
        prop_assert!(!chat.says(&text).trim().is_empty());
        let again = chat.says(&text);
        // Whoever asked for a person is heard by somebody else.
        prop_assert!(!again.trim().is_empty() || chat.state.human.is_some());
    }
}
