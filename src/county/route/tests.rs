//! Who a need goes to: in the demo county, and in registers that nobody should have.

mod above;

use super::*;
use crate::county::{Area, Hours, Leave, Level, Member, Register, Rule, Target, demo};
use std::collections::HashMap;

const GRID: &str = "130699201201001";

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

/// A street light at ten in the morning.
fn light(area: &str) -> Matter<'static> {
    Matter {
        category: "lighting",
        area: Some(AreaCode::from(area)),
        channel: "wechat",
        day: day(),
        minute: 600,
        urgent: false,
    }
}

fn of(category: &'static str, area: &str) -> Matter<'static> {
    Matter { category, ..light(area) }
}

const IDLE: Available = Available { load: 0, reachable: true };

#[expect(clippy::unnecessary_wraps, reason = "as routing asks of people")]
fn everybody(_: &str) -> Option<Available> {
    Some(IDLE)
}

fn loads(pairs: &[(&str, u32)]) -> impl Fn(&str) -> Option<Available> + use<> {
    let loads: HashMap<String, u32> =
        pairs.iter().map(|(name, load)| ((*name).to_owned(), *load)).collect();
    move |name| Some(Available { load: loads.get(name).copied().unwrap_or(0), reachable: true })
}

/// The demo county with something changed.
fn county(change: impl FnOnce(&mut Register)) -> County {
    let mut register = demo::county().register().clone();
    change(&mut register);
    County::new(register)
}

fn member<'a>(register: &'a mut Register, name: &str) -> &'a mut Member {
    register.members.iter_mut().find(|member| member.name == name).unwrap()
}

fn first(decision: &Decision) -> (Vec<&str>, &str) {
    let first = &decision.suggestions[0];
    (first.people.iter().map(String::as_str).collect(), first.reason.as_str())
}

fn rule(name: &str, target: Target) -> Rule {
    Rule {
        name: name.to_owned(),
        categories: Vec::new(),
        area: None,
        hours: None,
        channel: None,
        skill: None,
        target,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "as a member has it")]
fn leave() -> Option<Leave> {
    Some(Leave { from: day(), until: day() })
}

#[test]
fn whoever_has_least_in_hand_comes_first_and_the_head_after_the_grids_people() {
    let county = demo::county();
    let known = loads(&[("张建国", 3), ("刘芳", 1)]);
    let decision = decide(&county, &light(GRID), &known);
    let all: Vec<(&str, &str)> = decision
        .suggestions
        .iter()
        .map(|one| (one.people[0].as_str(), one.reason.as_str()))
        .collect();
    assert_eq!(
        all,
        [
            ("刘芳", "网格优先：王庄村第1网格的刘芳手上最少（1件）"),
            ("张建国", "网格优先：王庄村第1网格的张建国（手上3件）"),
            ("赵大山", "网格长赵大山手上0件"),
            ("周光明", "路灯水电归县供电公司"),
        ]
    );
    assert_eq!(decision.suggestions[3].unit.as_deref(), Some("power_supply"));
    assert!(decision.off.is_empty());
}

#[test]
fn a_village_without_a_known_grid_asks_all_its_grids() {
    let county = demo::county();
    let known = loads(&[("张建国", 1), ("刘芳", 1)]);
    let decision = decide(&county, &light("130699201201"), &known);
    assert_eq!(first(&decision).0, ["杨桂花"]);
    assert_eq!(first(&decision).1, "网格优先：王庄村第2网格的杨桂花手上最少（0件）");
}

#[test]
fn who_is_away_full_off_duty_or_without_a_phone_is_not_called() {
    let county = county(|register| {
        member(register, "张建国").leave = leave();
        member(register, "刘芳").max_load = Some(2);
    });
    let known = loads(&[("刘芳", 2)]);
    let decision = decide(&county, &light(GRID), &known);
    assert_eq!(first(&decision).0, ["赵大山"]);
    assert_eq!(first(&decision).1, "王庄村第1网格现在没有人能去，找网格长赵大山");
    let urgent = Matter { urgent: true, ..light(GRID) };
    assert_eq!(first(&decide(&county, &urgent, &known)).0, ["刘芳"], "danger does not count");

    let county = self::county(|register| {
        for name in ["张建国", "刘芳"] {
            member(register, name).duty = Hours::read("18:00-22:00");
        }
    });
    let decision = decide(&county, &light(GRID), &everybody);
    assert_eq!(first(&decision).1, "王庄村第1网格没有人当班，找网格长赵大山");
    let evening = Matter { minute: 1081, ..light(GRID) };
    assert_eq!(first(&decide(&county, &evening, &everybody)).0, ["张建国"]);

    let deaf = |name: &str| Some(Available { load: 0, reachable: name != "张建国" });
    assert_eq!(first(&decide(&demo::county(), &light(GRID), &deaf)).0, ["刘芳"]);
}

#[test]
fn a_grid_of_whom_nobody_is_left_turns_to_its_village_and_then_to_the_station() {
    let without = |prefix: &'static str| {
        county(move |register| {
            register.members.retain(|member| {
                !member.area.as_ref().is_some_and(|area| area.as_str().starts_with(prefix))
            });
        })
    };
    let decision = decide(&without(GRID), &light(GRID), &everybody);
    assert_eq!(first(&decision).0, ["王铁成"]);
    assert_eq!(first(&decision).1, "王庄村第1网格没有网格员和网格长，找王庄村的王铁成");
    let decision = decide(&without("130699201201"), &light(GRID), &everybody);
    assert_eq!(first(&decision).0, ["王树林", "王小梅"]);
    assert_eq!(decision.suggestions[0].unit.as_deref(), Some("station_wangzhuang"));
    assert_eq!(first(&decision).1, "王庄村第1网格没有网格员和网格长，找王庄乡便民服务站");
}

#[test]
fn nobody_anywhere_is_said_and_not_guessed() {
    let nobody = |_: &str| None;
    let decision = decide(&demo::county(), &of("dispute", GRID), &nobody);
    assert!(decision.suggestions.is_empty());
    assert_eq!(decision.why_nobody(), "王庄村第1网格的人都不在了，上面也没有人能派");
    let nowhere = Matter { area: None, ..of("dispute", GRID) };
    assert_eq!(decide(&demo::county(), &nowhere, &everybody).why_nobody(), "不知道是哪个村");
    let empty = County::new(Register::default());
    assert_eq!(decide(&empty, &light(GRID), &everybody).why_nobody(), "不知道是哪个村");
}

#[test]
fn the_night_calls_the_whole_grid_to_the_minute() {
    let county = demo::county();
    for (minute, whole) in [(1319, false), (1320, true), (0, true), (359, true), (360, false)] {
        let decision = decide(&county, &Matter { minute, ..light(GRID) }, &everybody);
        assert_eq!(decision.suggestions[0].all, whole, "{minute}");
    }
    let decision = decide(&county, &Matter { minute: 1320, ..light(GRID) }, &everybody);
    assert_eq!(
        first(&decision),
        (vec!["赵大山", "张建国", "刘芳"], "规则“夜间险情”：晚上10点到早上6点叫网格全员")
    );
}

#[test]
fn the_first_rule_that_fits_counts_and_every_condition_must_hold() {
    let power = || Target::Unit("power_supply".to_owned());
    let county = county(|register| {
        register.rules = vec![
            Rule { area: Some("130699100".into()), ..rule("城关", Target::Station) },
            Rule { channel: Some("hotline".to_owned()), ..rule("热线", Target::GridHead) },
            Rule { categories: vec!["road".to_owned()], ..rule("修路", Target::Upward) },
            rule("其余", power()),
            rule("不会轮到", Target::Member("刘芳".to_owned())),
        ];
    });
    let why = |matter: &Matter<'_>| first(&decide(&county, matter, &everybody)).1.to_owned();
    assert_eq!(why(&light(GRID)), "规则“其余”：派给县供电公司");
    assert_eq!(why(&light("130699100201002")), "规则“城关”：派给城关镇便民服务站");
    let hotline = Matter { channel: "hotline", ..light(GRID) };
    assert_eq!(why(&hotline), "规则“热线”：派给网格长赵大山");
    assert_eq!(why(&of("road", GRID)), "规则“修路”：派给王庄乡便民服务站");
}

#[test]
fn a_rule_whose_target_is_gone_switches_itself_off_and_says_so() {
    let county = county(|register| {
        register.rules = vec![
            rule("撤了的单位", Target::Unit("gone".to_owned())),
            rule("空单位", Target::Unit("red_vest".to_owned())),
            rule("走了的人", Target::Member("没这个人".to_owned())),
            rule("请假的人", Target::Member("张建国".to_owned())),
            Rule { skill: Some("开锁".to_owned()), ..rule("没人会", Target::Grid) },
            Rule {
                skill: Some("救援".to_owned()), ..rule("网格里没人会", Target::WholeGrid)
            },
        ];
        register.members.retain(|member| member.unit.as_deref() != Some("red_vest"));
        register.units.iter_mut().for_each(|unit| {
            if unit.code == "red_vest" {
                unit.leader = None;
            }
        });
        member(register, "张建国").leave = leave();
    });
    let decision = decide(&county, &light(GRID), &everybody);
    assert_eq!(first(&decision).0, ["刘芳"], "then as if there were no rule");
    let off: Vec<(&str, &str)> =
        decision.off.iter().map(|off| (off.rule.as_str(), off.why.as_str())).collect();
    assert_eq!(
        off,
        [
            ("撤了的单位", "这个单位已经没有了"),
            ("空单位", "红马甲志愿服务队没有人"),
            ("走了的人", "没这个人已经不在名单上"),
            ("请假的人", "张建国请假了"),
            ("没人会", "王庄村第1网格没有会开锁的人"),
            ("网格里没人会", "王庄村第1网格没有会救援的人"),
        ]
    );
    // A leave ends by itself, and another grid may have the skill: these are not to be mended.
    let mended: Vec<String> = rules_off(&county).into_iter().map(|off| off.rule).collect();
    assert_eq!(mended, ["撤了的单位", "空单位", "走了的人", "没人会"]);
    assert!(rules_off(&demo::county()).is_empty());
}

#[test]
fn the_skill_that_a_rule_wanted_still_counts_when_the_rule_has_nobody() {
    let county = county(|register| {
        register.rules = vec![Rule {
            skill: Some("电工".to_owned()),
            ..rule("专业用电", Target::Unit("gone".to_owned()))
        }];
    });
    // 张建国 is the electrician of the two and comes first, though he has more in hand.
    let decision = decide(&county, &light(GRID), &loads(&[("张建国", 2)]));
    assert_eq!(first(&decision).0, ["张建国"]);
}

#[test]
fn what_is_confidential_is_not_shown_to_neighbours() {
    let decision = decide(&demo::county(), &of("conduct", GRID), &everybody);
    assert_eq!(decision.suggestions.len(), 1);
    assert_eq!(first(&decision).1, "规则“作风投诉”：派给县纪委监委");
    let without_rules = county(|register| {
        register.rules.clear();
        register.members.retain(|member| member.unit.as_deref() != Some("discipline"));
    });
    let decision = decide(&without_rules, &of("conduct", GRID), &everybody);
    assert!(decision.suggestions.is_empty(), "{decision:?}");
    assert_eq!(decision.why_nobody(), "这类事只派给归口单位");
}

#[test]
fn a_category_that_goes_by_itself_goes_to_its_unit_where_no_rule_says_otherwise() {
    let county = county(|register| register.rules.clear());
    let decision = decide(&county, &of("jobs", GRID), &everybody);
    assert_eq!(first(&decision).1, "就业创业归县人力资源和社会保障局");
    assert_eq!(decision.suggestions.iter().filter(|one| one.unit.is_some()).count(), 1);
}

#[test]
fn a_register_with_loops_and_without_people_ends() {
    let area = |code: &str, parent: &str, level| Area {
        code: code.into(),
        name: code.to_owned(),
        parent: Some(parent.into()),
        level,
        point: None,
        aliases: Vec::new(),
    };
    let areas = vec![area("a", "b", Level::Grid), area("b", "a", Level::Village)];
    let mut register = Register { areas, ..Register::default() };
    register.rules = vec![rule("上", Target::Upward), rule("站", Target::Station)];
    let county = County::new(register);
    let matter = light("a");
    assert_eq!(
        decide(&county, &matter, &everybody).why_nobody(),
        "规则“上”：上一级没有人；规则“站”：这里没有乡镇站；a没有网格员和网格长，上面也没有人能派"
    );
    assert_eq!(one_up(&county, None, &matter, &everybody), None);
    assert!(candidates(&county, &matter).is_empty());
    assert_eq!(rules_off(&county).len(), 1);
}

#[test]
fn candidates_are_all_whom_a_decision_may_ask_about_and_not_the_whole_county() {
    let county = demo::county();
    for area in [GRID, "130699201201", "130699201", "130699"] {
        for category in ["lighting", "jobs", "dispute", "conduct"] {
            for minute in [600, 1400] {
                let matter = Matter { minute, ..of(category, area) };
                let names = candidates(&county, &matter);
                let known = |name: &str| names.iter().any(|one| one == name).then_some(IDLE);
                let full = decide(&county, &matter, &everybody);
                assert_eq!(decide(&county, &matter, &known), full, "{matter:?}");
                assert!(names.len() <= 20, "{}", names.len());
            }
        }
    }
}

#[test]
fn a_county_of_nine_thousand_members_is_not_walked_through() {
    let mut register = demo::county().register().clone();
    let sample = member(&mut register, "刘芳").clone();
    for number in 0..9_000 {
        let (name, area) = (format!("某{number}"), Some(AreaCode::from("130699202103002")));
        register.members.push(Member { name, area, ..sample.clone() });
    }
    let county = County::new(register);
    let asked = RefCell::new(0);
    decide(&county, &light(GRID), &|_| {
        *asked.borrow_mut() += 1;
        Some(IDLE)
    });
    assert!(asked.into_inner() <= 10);
}
