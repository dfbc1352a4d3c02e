//! Every form of a step is read, and what is none is told.

use super::*;
use crate::replay::acts::{Verb, Which, WorkingTime};
use crate::replay::asks::{Fact, Key};
use crate::ticket::TicketNumber;

const OPENING: &str = "@ 2026-03-02 09:00\n";

fn steps(text: &str) -> Vec<Form> {
    let script = Script::parse(&format!("{OPENING}{text}"));
    let steps = script.unwrap_or_else(|malformed| panic!("{malformed:#?}")).steps;
    steps.into_iter().skip(1).map(|step| step.form).collect()
}

fn only(text: &str) -> Form {
    let mut steps = steps(text);
    assert_eq!(steps.len(), 1, "{steps:?}");
    steps.remove(0)
}

fn pushed(text: &str) -> Message {
    match only(&format!("王大娘 > {text}")) {
        Form::Push { who, message, copies: 1 } if who == "王大娘" => message,
        form => panic!("{form:?}"),
    }
}

fn acted(text: &str) -> Act {
    match only(&format!("值班员 : {text}")) {
        Form::Act { act, refused: false, .. } => act,
        form => panic!("{form:?}"),
    }
}

fn wrong(text: &str) -> String {
    match Script::parse(&format!("{OPENING}{text}")) {
        Ok(script) => panic!("{text} was read as {:?}", script.steps),
        Err(malformed) => {
            assert_eq!(malformed.len(), 1, "{malformed:?}");
            assert_eq!(malformed[0].line, 2);
            malformed[0].wrong.clone()
        }
    }
}

#[test]
fn a_line_that_is_no_form_is_told_with_its_number_and_so_are_all_others() {
    let text = "@ 2026-03-02 09:00\n# 注\n王大娘 说 路灯坏了\n王大娘 > 路灯\nrestart now\n";
    let malformed = Script::parse(text).unwrap_err();
    assert_eq!(malformed.iter().map(|m| m.line).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(malformed[0].source, "王大娘 说 路灯坏了");
}

#[test]
fn nothing_that_merely_resembles_a_form_is_taken_for_it() {
    for text in [
        " 王大娘 > 你好",
        "王大娘>你好",
        "王大娘 >你好",
        "王大娘 >",
        "王大娘 >0 1",
        "王大娘 >101 1",
        "王大娘 >x 1",
        "王大娘 > [照片]",
        "王大娘 > [photo] 门口",
        "王大娘 > [location 91,116.1 王庄村]",
        "王大娘 > [location 38.9 116.1]",
        "王大娘 > [scan 130699]",
        "王大娘 > [click]",
        "王大娘 <",
        "王大娘 <~ (",
        "王大娘 <- 没有",
        "王大娘 !! 没有",
        "王大娘 !~",
        "王大娘 ? 1",
        "值班员 : accept",
        "值班员 : accept first",
        "值班员 : accept LX26030212345",
        "值班员 : accept last 张建国",
        "值班员 : dispatch last",
        "值班员 : dispatch last 张建国,",
        "值班员 : sing last",
        "值班员 : merge last",
        "值班员 : check last 不行",
        "值班员 : suspend last +3w",
        "? tickets",
        "? tickets 1 2",
        "? last",
        "? last state=closed",
        "? last status=",
        "? last handler~张",
        "? last #灯",
        "? rate happiness 75.0",
        "? rate completion 75.0 from yesterday to 2026-03-02",
        "@ +2w",
        "@ +0d",
        "@ +-1d",
        "@ +99999999d",
        "@ 2026-02-30 09:00",
        "@ 09:00",
        "county",
        "county ../demo",
        "county /etc",
        "restart  ",
        "fault wechat 45015",
        "fault wechat 45015 x0",
        "fault database",
        "fault network 30s",
    ] {
        assert!(!wrong(text).is_empty(), "{text}");
    }
}

#[test]
fn comments_stand_in_lines_of_their_own() {
    assert!(steps("#2 没有\n# 王大娘 > 你好\n\n").is_empty());
}

#[test]
fn a_script_begins_with_the_time() {
    let malformed = Script::parse("county demo\n@ 2026-03-02 09:00\n").unwrap_err();
    assert_eq!(malformed[0].line, 1);
    assert!(Script::parse("# 只有注\n").is_err());
    assert!(Script::parse("").is_err());
    assert!(Script::parse("@ +2d\n").is_err());
}

#[test]
fn times_are_beijings() {
    let script = Script::parse("\u{feff}@ 2026-03-02 09:00\r\n@ 2026-03-02 09:00:30\r\n").unwrap();
    let Form::At(moment) = script.steps[0].form else { panic!() };
    assert_eq!(moment.to_rfc3339(), "2026-03-02T01:00:00+00:00");
    let Form::At(later) = script.steps[1].form else { panic!() };
    assert_eq!(later - moment, TimeDelta::seconds(30));
}

#[test]
fn the_clock_moves_by_seconds_minutes_hours_and_days() {
    for (text, seconds) in [("30s", 30), ("5m", 300), ("2h", 7200), ("2d", 172_800)] {
        let Form::Later(span) = only(&format!("@ +{text}")) else { panic!() };
        assert_eq!(span, TimeDelta::seconds(seconds));
    }
}

#[test]
fn what_is_said_stays_as_it_is() {
    let said = |text: &str| match pushed(text) {
        Message::Text { text } => text,
        message => panic!("{message:?}"),
    };
    assert_eq!(said(" 路灯  坏了 # 真的 "), " 路灯  坏了 # 真的 ");
    assert_eq!(said("一\\n二"), "一\n二");
    assert_eq!(said("\\[photo]"), "[photo]");
    assert_eq!(said("\\路灯"), "\\路灯");
    assert_eq!(said("路灯 [photo]"), "路灯 [photo]");
    assert_eq!(said("< 三天"), "< 三天");
}

#[test]
fn every_form_in_brackets_is_read() {
    let text = |text: &str| text.to_owned();
    for (form, message) in [
        ("[photo]", Message::Photo),
        ("[voice]", Message::Voice { recognition: None }),
        ("[voice 路灯坏了]", Message::Voice { recognition: Some(text("路灯坏了")) }),
        ("[video]", Message::Video),
        ("[link 通知]", Message::Link { title: text("通知") }),
        ("[sticker]", Message::Sticker),
        ("[file]", Message::File { title: text("文件.pdf") }),
        (
            "[location 38.9912,116.1034 王庄村 东头]",
            Message::Location {
                latitude: 38.9912,
                longitude: 116.1034,
                label: text("王庄村 东头"),
            },
        ),
        ("[click REPORT]", Message::Click { key: text("REPORT") }),
        ("[follow]", Message::Follow { scene: None }),
        ("[follow area:130699]", Message::Follow { scene: Some(text("area:130699")) }),
        ("[scan area:130699]", Message::Scan { scene: text("area:130699") }),
        ("[unfollow]", Message::Unfollow),
    ] {
        assert_eq!(pushed(form), message, "{form}");
    }
}

#[test]
fn a_push_may_come_several_times_at_once() {
    assert!(matches!(only("王大娘 >3 1"), Form::Push { copies: 3, .. }));
}

#[test]
fn answers_and_notices_are_expected_in_every_way() {
    let forms = steps(
        "王大娘 < 路灯\n王大娘 <~ ^王庄.*1$\n王大娘 <! 输入有误\n王大娘 <-\n\
         王大娘 ! 张建国\n王大娘 !~ 张.国\n王大娘 !!\n",
    );
    assert_eq!(forms.len(), 7);
    let Form::Answer { expected: Answered::Has(text), .. } = &forms[0] else { panic!() };
    assert_eq!(text, "路灯");
    let Form::Answer { expected: Answered::Matches(regex), .. } = &forms[1] else { panic!() };
    // Lines are lines, and a point passes their ends.
    assert!(regex.is_match("好\n王庄村\n2 或 1\n"));
    assert!(matches!(forms[2], Form::Answer { expected: Answered::Lacks(_), .. }));
    assert!(matches!(forms[3], Form::Answer { expected: Answered::Nothing, .. }));
    assert!(matches!(forms[4], Form::Notice { expected: Noticed::Has(_), .. }));
    assert!(matches!(forms[5], Form::Notice { expected: Noticed::Matches(_), .. }));
    assert!(matches!(forms[6], Form::Notice { expected: Noticed::Nothing, .. }));
}

#[test]
fn every_verb_of_the_desk_is_read() {
    let text = |text: &str| text.to_owned();
    for (line, verb) in [
        ("accept last", Verb::Accept),
        ("reject last 不归本县管", Verb::Reject { reason: text("不归本县管") }),
        ("approve last", Verb::Approve),
        ("dispatch last 张建国,刘芳", Verb::Dispatch { to: vec![text("张建国"), text("刘芳")] }),
        ("ask last 哪一盏？", Verb::Ask { question: text("哪一盏？") }),
        ("uphold last", Verb::Uphold),
        ("overrule last", Verb::Overrule),
        ("suspend last", Verb::Suspend { span: TimeDelta::days(30), reason: text("") }),
        (
            "suspend last +9d 等材料",
            Verb::Suspend { span: TimeDelta::days(9), reason: text("等材料") },
        ),
        (
            "suspend last 等材料",
            Verb::Suspend { span: TimeDelta::days(30), reason: text("等材料") },
        ),
        ("merge last #1", Verb::Merge { into: Which::Nth(1) }),
        ("unmerge last", Verb::Unmerge),
        ("answer last 周一到周五都办", Verb::Answer { text: text("周一到周五都办") }),
        ("final last 按政策办不了", Verb::FinalAnswer { text: text("按政策办不了") }),
        ("check last", Verb::Pass),
        ("check last back 没有照片", Verb::SendBack { reason: text("没有照片") }),
        ("check last 退回 没有照片", Verb::SendBack { reason: text("没有照片") }),
    ] {
        assert_eq!(acted(line), Act { ticket: Which::Last, verb }, "{line}");
    }
    assert!(matches!(only("值班员 :! accept last"), Form::Act { refused: true, .. }));
}

#[test]
fn every_verb_beside_a_ticket_s_status_is_read() {
    let text = |text: &str| text.to_owned();
    let help = |to: &[&str], what: &str| Verb::Help {
        to: to.iter().map(|name| text(name)).collect(),
        what: text(what),
    };
    let extend = |more, reason: &str| Verb::Extend { more, reason: text(reason) };
    let two_days = Some(WorkingTime::Days(2));
    for (line, verb) in [
        ("help last 刘芳", help(&["刘芳"], "请协助办理")),
        ("help last 刘芳、县供电公司 断电", help(&["刘芳", "县供电公司"], "断电")),
        ("waive last", Verb::Waive { whose: None }),
        ("waive last 刘芳", Verb::Waive { whose: Some(text("刘芳")) }),
        ("escalate last", Verb::Escalate { reason: text("") }),
        ("escalate last 村里修不了", Verb::Escalate { reason: text("村里修不了") }),
        ("extend last", extend(None, "")),
        ("extend last 等配件", extend(None, "等配件")),
        ("extend last +2d", extend(two_days, "")),
        ("extend last +2d 等配件", extend(two_days, "等配件")),
        ("extend last +3h", extend(Some(WorkingTime::Minutes(180)), "")),
        ("refuse last 已延两次", Verb::Refuse { reason: text("已延两次") }),
        ("supervise last 快办", Verb::Supervise { text: text("快办") }),
        ("supervise last", Verb::Supervise { text: text("") }),
        ("verify last 张建国", Verb::Verify { of: vec![text("张建国")] }),
        ("category last road", Verb::Category { code: text("road") }),
        ("assign last 刘芳", Verb::Assign { to: text("刘芳") }),
        ("resume last", Verb::Resume),
        ("handover last 张建国", Verb::HandOver { from: text("张建国"), to: vec![] }),
        (
            "handover last 张建国 刘芳",
            Verb::HandOver { from: text("张建国"), to: vec![text("刘芳")] },
        ),
    ] {
        assert_eq!(acted(line), Act { ticket: Which::Last, verb }, "{line}");
    }
}

#[test]
fn a_ticket_is_the_last_the_nth_or_one_with_a_number() {
    assert_eq!(acted("accept #2").ticket, Which::Nth(2));
    let number = TicketNumber::find("LX260302123456").unwrap();
    assert_eq!(acted("accept LX260302123456").ticket, Which::Number(number));
}

#[test]
fn tickets_and_rates_are_asked_for() {
    assert!(matches!(only("? tickets 0"), Form::Ask(Ask::Tickets(0))));
    let Form::Ask(Ask::Ticket { ticket: Which::Last, facts }) =
        only("? last status=in_progress handler=- place~东头 text~a=b")
    else {
        panic!()
    };
    assert_eq!(
        facts,
        [
            Fact::Is(Key::Status, "in_progress".to_owned()),
            Fact::Is(Key::Handler, "-".to_owned()),
            Fact::PlaceHas("东头".to_owned()),
            Fact::TextHas("a=b".to_owned()),
        ]
    );
    for rate in [
        "? rate completion 75.0",
        "? rate redo -",
        "? rate on_time 50 from 2026-03-01 to 2026-03-31",
        "? rate on_time 50 area 130699",
        "? rate on_time 50 from 2026-03-01 to 2026-03-31 unit 县公安局",
    ] {
        assert!(matches!(only(rate), Form::Ask(Ask::Rate(_))), "{rate}");
    }
}

#[test]
fn faults_and_restarts_are_read() {
    assert!(matches!(only("restart"), Form::Restart));
    assert!(matches!(only("fault wechat 45015 x2"), Form::WechatFault { code: 45015, times: 2 }));
    assert!(matches!(only("fault wechat -1 x1"), Form::WechatFault { code: -1, times: 1 }));
    assert!(matches!(only("fault database 30s"), Form::NotYet(_)));
    assert!(matches!(only("fault redis 1m"), Form::NotYet(_)));
}

#[test]
fn what_is_random_follows_from_what_is_done_and_not_from_what_is_expected() {
    let seed = |text: &str| Script::parse(&format!("{OPENING}{text}")).unwrap().seed();
    let said = seed("王大娘 > 路灯坏了\n王大娘 < 路灯");
    assert_eq!(said, seed("# 注\n王大娘 > 路灯坏了\n王大娘 < 水管\n王大娘 !!"));
    assert_ne!(said, seed("王大娘 > 水管坏了\n王大娘 < 路灯"));
}
