//! A resident, a member and an operator who talk past each other while tickets live: whatever they
//! send, everybody is answered, and no draft and no ticket is lost or doubled.

use super::*;
use crate::county::Role;
use crate::ticket::Status;

struct Town {
    people: Vec<(Speaker, State)>,
    tickets: Vec<Ticket>,
    now: DateTime<Utc>,
    drawn: u128,
}

fn speaker(openid: &str, duty: Option<Duty>) -> Speaker {
    Speaker {
        follower: Follower { account: "main".into(), openid: openid.into() },
        phone: None,
        home: None,
        told_privacy: false,
        wish: crate::ticket::wish::Wish::Steps,
        duty,
        also: Vec::new(),
    }
}

fn duty(person: Person, role: Role, area: &str) -> Duty {
    Duty { person, role, area: Some(area.to_owned()), unit: None }
}

impl Town {
    fn new() -> Self {
        let zhang = duty(person(2, "张建国"), Role::Member, "130699201201001");
        let desk = duty(person(1, "值班员"), Role::Supervisor, "130699");
        let speakers = [
            speaker("o-wang", None),
            speaker("o-zhang", Some(zhang)),
            speaker("o-desk", Some(desk)),
        ];
        Self {
            people: speakers.into_iter().map(|who| (who, State::default())).collect(),
            tickets: Vec::new(),
            now: DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap().to_utc(),
            drawn: 0,
        }
    }

    fn facts(&self, who: &Speaker, state: &State, event: &Event) -> Facts {
        let needs = needs(who, &COUNTY, state, event);
        let facts = self.asked(who, &needs);
        let fresh = Uuid::nil();
        let view =
            View { who, county: &COUNTY, facts: &facts, now: self.now, fresh, trusts_chat: true };
        let people = could_be_called(view, state, event);
        let more = self.asked(who, &Needs { people, ..Needs::default() }).people;
        Facts { people: [facts.people.clone(), more].concat(), ..facts }
    }

    fn asked(&self, who: &Speaker, needs: &Needs) -> Facts {
        let mine = |ticket: &&Ticket| ticket.reporter == who.follower;
        let is_task = |ticket: &&Ticket| {
            needs.tasks.is_some_and(|id| {
                ticket.called.iter().chain(&ticket.handler).any(|person| person.id == id)
            })
        };
        let waits = |ticket: &&Ticket| {
            needs.desk.is_some()
                && matches!(
                    ticket.status,
                    Status::Submitted { .. }
                        | Status::Accepted
                        | Status::Returned { .. }
                        | Status::ResultSubmitted
                )
        };
        let named = |name: &String| {
            (name == "张建国").then(|| Named {
                person: person(2, name),
                area: None,
                unit: None,
                asked: name.clone(),
                role: crate::county::Role::Member,
                load: 0,
                reachable: true,
            })
        };
        Facts {
            mine: self.tickets.iter().rev().filter(mine).cloned().collect(),
            tasks: self.tickets.iter().filter(is_task).cloned().collect(),
            desk: self.tickets.iter().filter(waits).cloned().collect(),
            tickets: self
                .tickets
                .iter()
                .filter(|t| needs.tickets.contains(&t.id))
                .cloned()
                .collect(),
            number: self.tickets.iter().find(|t| needs.number.as_ref() == Some(&t.number)).cloned(),
            people: needs.people.iter().filter_map(named).collect(),
            invitation: None,
            near: None,
        }
    }

    /// What the shell would find near.
    fn near(&self, near: &Near) -> Vec<Ticket> {
        let is_there = |ticket: &&Ticket| {
            ticket.report.category == near.category
                && ticket.report.place.area.as_ref().is_some_and(|area| near.areas.contains(area))
        };
        self.tickets.iter().rev().filter(is_there).cloned().collect()
    }

    fn does(&mut self, one: usize, event: Event) -> Vec<Reply> {
        self.now += TimeDelta::seconds(1);
        self.drawn += 1;
        let (who, state) = self.people[one].clone();
        let (state, read) = State::read(serde_json::to_value(&state).unwrap());
        assert_eq!(read, state::Restored::AsItWas);
        let facts = self.facts(&who, &state, &event);
        let view = View {
            who: &who,
            county: &COUNTY,
            facts: &facts,
            now: self.now,
            fresh: Uuid::from_u128(self.drawn),
            trusts_chat: true,
        };
        let first = step(view, state.clone(), event.clone());
        let step = match &first.near {
            Some(near) => {
                let facts = Facts { near: Some(self.near(near)), ..facts.clone() };
                step(View { facts: &facts, ..view }, state, event)
            }
            None => first,
        };
        self.people[one].1 = step.state;
        for change in step.changes {
            match self.tickets.iter_mut().find(|known| known.id == change.after.id) {
                Some(known) => *known = change.after,
                None => self.tickets.push(change.after),
            }
        }
        step.replies
    }

    fn has_draft(&self, one: usize) -> bool {
        self.people[one].1.draft.as_ref().is_some_and(state::Draft::has_content)
    }
}

const WORDS: &[&str] = &[
    "1",
    "2",
    "3",
    "0",
    "8",
    "12",
    "好",
    "不",
    "王庄村东头路灯坏了",
    "李家村垃圾没人清",
    "王庄村",
    "路灯坏了",
    "取消",
    "返回",
    "我的诉求",
    "补充",
    "催办",
    "撤回",
    "修好了",
    "没解决",
    "还行吧",
    "5分",
    "你是谁",
    "谁负责",
    "医保怎么交",
    "19900001234",
    "谢谢",
    "接单",
    "接单",
    "退单",
    "退单 2",
    "办结",
    "办结 换了灯泡",
    "问居民 哪一根杆",
    "备注 等配件",
    "我的任务",
    "马上去",
    "收到",
    "受理",
    "受理 1",
    "派 张建国",
    "张建国",
    "派",
    "待办",
    "不予受理 不归我们",
    "同意",
    "通过",
    "退回",
    "退回 没说清",
    "同意退单",
    "驳回退单",
    "答复 明天来电",
    "加入",
    "协办 张建国 扶梯子",
    "免协办",
    "延期2天 等配件",
    "延期",
    "同意延期",
    "不同意延期 太久",
    "核实 张建国",
    "属实 看到了",
    "不属实",
    "督办 快办",
    "说明 等配件",
    "提级 办不了",
    "改分类 环境卫生",
    "并入",
    "请假3天",
    "期限",
    "满意是满意，就是又坏了",
    "1和3",
    "。",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn three_who_talk_past_each_other_lose_nothing(
        turns in prop::collection::vec((0..3_usize, 0..=WORDS.len(), 0_i64..4_000), 1..40),
    ) {
        let mut town = Town::new();
        for (one, words, pause) in turns {
            town.now += TimeDelta::seconds(pause);
            let (tickets, had_draft) = (town.tickets.len(), town.has_draft(one));
            let event = match WORDS.get(words) {
                Some(words) => Event::Text((*words).to_owned()),
                None => Event::Photo(Media {
                    kind: MediaKind::Photo,
                    id: format!("m{}", town.drawn),
                    at: town.now,
                }),
            };
            let replies = town.does(one, event);
            let said = WORDING.replies(&replies);
            prop_assert!(!said.trim().is_empty() || town.people[one].1.human.is_some());
            prop_assert!(!said.contains("输入有误"));
            prop_assert!(said.len() <= 2000, "{} bytes", said.len());
            let is_new = town.tickets.len() > tickets;
            prop_assert!(town.tickets.len() <= tickets + 1);
            let is_dropped = replies.iter().any(|reply| matches!(reply, Reply::Dropped));
            prop_assert!(
                !had_draft || town.has_draft(one) || is_new || is_dropped || replies.contains(&Reply::AskWhat { simple: false, gist: None, volunteer: false }),
                "a draft was lost: {said}"
            );
        }
        for one in 0..3 {
            town.does(one, Event::Text("取消".to_owned()));
            town.does(one, Event::Text("取消".to_owned()));
            prop_assert!(town.people[one].1.draft.is_none());
        }
    }
}
