//! What is an order and what is a resident's sentence.

use super::*;

fn order(text: &str) -> Option<Wanted> {
    match read(text, true, 3)? {
        Spoken::Order(wanted) => Some(wanted),
        Spoken::Tasks | Spoken::Desk | Spoken::Leave(_) => None,
    }
}

/// What an order holds that came with words.
#[expect(clippy::unnecessary_wraps, reason = "orders hold optional words")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_resident_s_sentence_that_begins_like_an_order_is_none() {
    for text in [
        "办结婚证要什么材料",
        "完成不了啊怎么办",
        "完成情况在哪看",
        "接单员的电话是多少",
        "我接孩子的路上有个坑",
        "受理中心在哪",
        "通过这条路的车太多",
        "同意书在哪领",
        "退单怎么退",
        "答复什么时候给",
        "退回去",
        "派出所周末上班吗派出所周末上班吗派出所周末上班吗",
    ] {
        let read = order(text);
        let may_be = read.as_ref().is_some_and(|wanted| wanted.if_only != Proviso::Nothing);
        assert!(read.is_none() || may_be, "{text}: {read:?}");
    }
    assert_eq!(order("办结婚证要什么材料"), None);
    assert_eq!(order("完成不了啊怎么办"), None);
}

#[test]
fn a_police_station_is_dispatched_to_nobody_unless_the_name_is_known() {
    assert_eq!(order("派出所电话多少").unwrap().if_only, Proviso::NameIsKnown);
    assert_eq!(order("派张建国").unwrap().if_only, Proviso::NameIsKnown);
    assert_eq!(order("派 张建国").unwrap().if_only, Proviso::Nothing);
}

#[test]
fn a_member_s_words_are_orders_however_they_are_written() {
    for text in
        ["接单", "接单。", "我接", "我接了", "接了", "收到接单", "收到，接单", " 接单 ！", "我接吧"]
    {
        let wanted = order(text).unwrap();
        assert_eq!((wanted.order, wanted.target), (Order::Take, Target::Unnamed), "{text}");
    }
    for (text, words) in [
        ("办结 换了灯泡", some("换了灯泡")),
        ("办结：换了灯泡", some("换了灯泡")),
        ("办结换了灯泡", some("换了灯泡")),
        ("办好了，换了灯泡", some("换了灯泡")),
        ("完成 换了2个灯泡", some("换了2个灯泡")),
        ("办结 2个灯泡都换了", some("2个灯泡都换了")),
        ("办结 2 个灯泡都换了", some("2 个灯泡都换了")),
        ("办结", None),
        ("完成了。", None),
    ] {
        assert_eq!(order(text).unwrap().order, Order::Finish { text: words }, "{text}");
    }
    assert_eq!(
        order("问居民 是哪一盏灯？").unwrap().order,
        Order::AskResident { question: some("是哪一盏灯？") }
    );
    assert_eq!(order("备注家里没人").unwrap().order, Order::Note { text: some("家里没人") });
}

#[test]
fn a_return_takes_its_reason_in_words_or_by_digit() {
    for (text, reason) in [
        ("退单", None),
        ("退单 2", some("职责不符")),
        ("退单1", some("属地不符")),
        ("退单属地不符", some("属地不符")),
        ("退单，不是我们村的", some("不是我们村的")),
    ] {
        let wanted = order(text).unwrap();
        assert_eq!(wanted.order, Order::Decline { reason }, "{text}");
        assert_eq!(wanted.target, Target::Unnamed, "{text}");
    }
    let both = order("退单 2 1").unwrap();
    assert_eq!(both.target, Target::Listed(2));
    assert_eq!(both.order, Order::Decline { reason: some("属地不符") });
}

#[test]
fn a_ticket_is_named_by_number_or_by_its_place_in_the_list() {
    let number = TicketNumber::find("LX261122482173").unwrap();
    for text in ["接单 LX261122482173", "接单lx261122 482173", "退单 LX261122482173 2"] {
        assert_eq!(order(text).unwrap().target, Target::Number(number.clone()), "{text}");
    }
    for text in ["受理 2", "受理2", "接单第二个", "办结 2 换了灯泡", "派 2 张建国"]
    {
        assert_eq!(order(text).unwrap().target, Target::Listed(2), "{text}");
    }
    assert_eq!(
        order("派 LX261122482173 张建国").unwrap().order,
        Order::Dispatch { names: vec!["张建国".into()] }
    );
}

#[test]
fn a_suggestion_is_followed_by_its_place() {
    for (text, place) in
        [("按建议", 1), ("按建议派", 1), ("派第1个", 1), ("派 第二个", 2), ("派给第3个。", 3)]
    {
        let wanted = order(text).unwrap();
        assert_eq!(wanted.order, Order::Suggested { place }, "{text}");
        assert_eq!(wanted.target, Target::Unnamed, "{text}");
    }
    assert_eq!(order("按建议派 2").unwrap().target, Target::Listed(2));
    assert_eq!(order("派").unwrap().order, Order::Dispatch { names: vec![] });
    assert_eq!(read("按建议派", false, 0), None);
}

#[test]
fn names_are_separated_by_any_sign() {
    for text in [
        "派 张建国,刘芳",
        "派 张建国，刘芳",
        "派：张建国、刘芳",
        "派 张建国 刘芳。",
        "派单给 张建国 刘芳",
    ] {
        let names = vec!["张建国".to_owned(), "刘芳".to_owned()];
        assert_eq!(order(text).unwrap().order, Order::Dispatch { names }, "{text}");
    }
}

#[test]
fn only_an_operator_gives_an_operator_s_orders() {
    for text in ["受理", "不予受理 不归我们管", "同意", "同意延期", "督办 还没去", "驳回退单"]
    {
        assert_eq!(read(text, false, 0), None, "{text}");
        assert!(read(text, true, 0).is_some(), "{text}");
    }
    assert_eq!(
        order("不予受理 应向法院提出").unwrap().order,
        Order::Reject { reason: some("应向法院提出") }
    );
    assert_eq!(order("同意退单").unwrap().order, Order::Uphold);
    assert_eq!(order("同意").unwrap().order, Order::Approve);
    assert_eq!(
        order("退回 照片看不清").unwrap().order,
        Order::SendBack { reason: some("照片看不清") }
    );
}

#[test]
fn an_extension_says_how_long_and_why_in_any_order() {
    let read = |text: &str| match order(text).map(|wanted| wanted.order) {
        Some(Order::Extend { days, reason }) => Some((days, reason)),
        _ => None,
    };
    assert_eq!(read("延期3天 等配件"), Some((Some(3), some("等配件"))));
    assert_eq!(read("申请延期两天，灯具没到货"), Some((Some(2), some("灯具没到货"))));
    assert_eq!(read("延期 因为等配件，2个工作日"), Some((Some(2), some("等配件"))));
    assert_eq!(read("申请延期"), Some((None, None)));
    assert_eq!(read("延期 5天 等配件"), Some((None, some("等配件"))), "three days at most");
    assert_eq!(read("延期交房三年了怎么办"), None);
    assert_eq!(order("延期 2 3天 等配件").unwrap().target, Target::Listed(2));
}

#[test]
fn who_is_away_says_until_when_and_nothing_else() {
    let read = |text: &str| match read(text, false, 0) {
        Some(Spoken::Leave(wish)) => Some(wish),
        _ => None,
    };
    assert_eq!(read("请假 3天"), Some(LeaveWish::Days(3)));
    assert_eq!(read("请假两天"), Some(LeaveWish::Days(2)));
    assert_eq!(read("请假到3月5日"), Some(LeaveWish::Until((3, 5))));
    assert_eq!(read("请假 3月2日到3月5日"), Some(LeaveWish::Between((3, 2), (3, 5))));
    assert_eq!(read("请假"), Some(LeaveWish::Open));
    assert_eq!(read("销假。"), Some(LeaveWish::Over));
    assert_eq!(read("请假条在哪开"), None);
    assert_eq!(read("请假3天扣不扣工资"), None);
}

#[test]
fn helpers_are_names_and_what_follows_is_their_part() {
    let read = |text: &str| match order(text).map(|wanted| (wanted.order, wanted.target)) {
        Some((Order::CallHelp { names, what }, target)) => Some((names, what, target)),
        _ => None,
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        read("协办 刘芳、县供电公司 断一下电"),
        Some((names(&["刘芳", "县供电公司"]), some("断一下电"), Target::Unnamed))
    );
    assert_eq!(
        read("协办 2 刘芳 抬一下"),
        Some((names(&["刘芳"]), some("抬一下"), Target::Listed(2)))
    );
    assert_eq!(read("协办"), Some((Vec::new(), None, Target::Unnamed)));
    assert_eq!(read("协办单位是哪个"), None);
}

#[test]
fn words_that_only_somebody_asked_would_mean_need_a_ticket() {
    for text in ["属实", "不属实 没有这回事", "说明 等配件", "我也去", "期限", "怎么算的"]
    {
        assert_eq!(order(text).unwrap().if_only, Proviso::TicketFits, "{text}");
    }
    for text in ["通过", "退回 没拍照", "派 邓安居", "派邓安居"] {
        let Some(Spoken::Order(wanted)) = read(text, false, 0) else { panic!("{text}") };
        assert_eq!(wanted.if_only, Proviso::TicketFits, "only of a leader: {text}");
    }
    assert_eq!(order("核实通过").unwrap().order, Order::Pass);
    let names = vec!["张建国".to_owned()];
    assert_eq!(order("核实 张建国").unwrap().order, Order::AskVerification { names });
}
