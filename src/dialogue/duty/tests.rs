use crate::county::{County, Role, demo};
use crate::dialogue::{
    Duty, Event, Facts, Invitation, Named, Needs, Profile, Reply, Speaker, State, Step, View,
    needs, step,
};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action, Rules};
use crate::ticket::{
    Follower, Media, MediaKind, MemberId, Outcome, Person, Place, Report, Stage, Ticket,
};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

fn morning() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap().to_utc()
}

fn person(number: u128, name: &str) -> Person {
    Person { id: MemberId(Uuid::from_u128(number)), name: name.to_owned() }
}

fn zhang() -> Person {
    person(1, "张建国")
}

fn liu() -> Person {
    person(2, "刘芳")
}

fn desk() -> Person {
    person(9, "值班员")
}

fn speaker(who: &Person, role: Role, area: Option<&str>) -> Speaker {
    Speaker {
        follower: Follower { account: "MAIN".into(), openid: format!("o-{}", who.name) },
        phone: None,
        home: None,
        told_privacy: true,
        duty: Some(Duty { person: who.clone(), role, area: area.map(str::to_owned), unit: None }),
    }
}

fn member(who: &Person) -> Speaker {
    speaker(who, Role::Member, Some("130699201201001"))
}

fn operator() -> Speaker {
    speaker(&desk(), Role::Supervisor, Some("130699"))
}

fn report(text: &str) -> Report {
    Report {
        text: text.to_owned(),
        place: Place {
            text: Some("村东头".into()),
            point: None,
            area: Some("130699201201".into()),
        },
        category: "lighting".into(),
        contact: Some("19900000077".into()),
        confidential: false,
        urgent: false,
        media: vec![],
    }
}

fn submitted_with(number: u128, report: Report) -> Ticket {
    let reporter = Follower { account: "MAIN".into(), openid: "o-wang".into() };
    let path = ["130699", "130699201", "1306992012", "130699201201"].map(str::to_owned);
    let id = Uuid::from_u128(number);
    lifecycle::open(id, reporter, report, path.to_vec(), morning()).after
}

fn submitted(number: u128) -> Ticket {
    submitted_with(number, report("路灯坏了三天了，电话13812345678"))
}

fn after(ticket: &Ticket, action: Action, by: &Actor) -> Ticket {
    lifecycle::act(ticket, action, by, Rules::default(), morning()).unwrap().after
}

fn called(ticket: &Ticket, to: &[Person]) -> Ticket {
    let by = Actor::Operator(desk());
    let accepted = after(ticket, Action::Accept, &by);
    let call = Action::Dispatch { to: to.to_vec(), unit: None, reason: String::new() };
    after(&accepted, call, &by)
}

fn taken(ticket: &Ticket, by: Person) -> Ticket {
    after(&called(ticket, &[zhang(), liu()]), Action::Take, &Actor::Member(by))
}

fn photo(id: &str) -> Media {
    Media { kind: MediaKind::Photo, id: id.to_owned(), at: morning() }
}

/// One person's talk, with what would be looked up for them.
struct Talk {
    who: Speaker,
    county: County,
    facts: Facts,
    state: State,
    now: DateTime<Utc>,
    trusts_chat: bool,
}

impl Talk {
    fn of(who: Speaker, facts: Facts) -> Self {
        let county = demo::county();
        let state = State::default();
        Self { who, county, facts, state, now: morning(), trusts_chat: true }
    }

    fn with_tasks(who: &Person, tasks: &[Ticket]) -> Self {
        Self::of(member(who), Facts { tasks: tasks.to_vec(), ..Facts::default() })
    }

    fn at_desk(tickets: &[Ticket]) -> Self {
        let people = [
            ("张建国", zhang(), "130699201201001"),
            ("刘芳", liu(), "130699201201001"),
            ("王伟", person(5, "王伟"), "130699201"),
            ("王伟", person(6, "王伟"), "130699100"),
        ];
        let people = people.map(|(asked, person, area)| Named {
            person,
            area: Some(area.to_owned()),
            unit: None,
            asked: asked.to_owned(),
        });
        let facts = Facts { desk: tickets.to_vec(), people: people.to_vec(), ..Facts::default() };
        Self::of(operator(), facts)
    }

    /// Takes a step and lives with its result, as the store would.
    fn does(&mut self, event: Event) -> Step {
        let view = View {
            who: &self.who,
            county: &self.county,
            facts: &self.facts,
            now: self.now,
            fresh: Uuid::from_u128(77),
            trusts_chat: self.trusts_chat,
        };
        let done = step(view, self.state.clone(), event);
        self.state = done.state.clone();
        for change in &done.changes {
            let lists = [&mut self.facts.tasks, &mut self.facts.desk];
            for ticket in lists.into_iter().flatten() {
                if ticket.id == change.after.id {
                    *ticket = change.after.clone();
                }
            }
        }
        done
    }

    fn says(&mut self, text: &str) -> Step {
        self.does(Event::Text(text.to_owned()))
    }

    fn needs(&self, text: &str) -> Needs {
        needs(&self.who, &self.county, &self.state, &Event::Text(text.to_owned()))
    }
}

/// The tags of what was said, and the stages that tickets came to.
fn outcome(done: &Step) -> (Vec<String>, Vec<Stage>) {
    let tag =
        |reply: &Reply| serde_json::to_value(reply).unwrap()["reply"].as_str().unwrap().to_owned();
    (
        done.replies.iter().map(tag).collect(),
        done.changes.iter().map(|change| change.after.status.stage()).collect(),
    )
}

#[track_caller]
fn check(done: &Step, replies: &[&str], stages: &[Stage]) {
    let (said, came_to) = outcome(done);
    assert_eq!(said, replies, "{done:?}");
    assert_eq!(came_to, stages);
}

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
    check(&talk.says("接单"), &["taken"], &[Stage::InProgress]);
    assert_eq!((&talk.state.draft, &talk.state.asked), (&before.draft, &before.asked));
}

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
    let rules = Rules { needs_check: true, needs_photo: false };
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

fn invited(found: Invitation) -> Talk {
    let mut talk =
        Talk::of(member(&zhang()), Facts { invitation: Some(found), ..Facts::default() });
    talk.who.duty = None;
    talk
}

fn open_invitation() -> Invitation {
    let until = morning() + TimeDelta::days(7);
    Invitation::Open { id: Uuid::from_u128(5), name: "张建国".into(), until }
}

#[test]
fn a_code_binds_only_after_a_yes() {
    let mut talk = invited(open_invitation());
    assert_eq!(talk.needs("abcde-2345f").invitation.as_deref(), Some("ABCDE2345F"));
    let asked = talk.says("abcde-2345f");
    check(&asked, &["ask_bind_sure"], &[]);
    assert!(asked.profile.is_empty());
    let done = talk.says("1");
    check(&done, &["bound"], &[]);
    assert_eq!(done.profile, [Profile::Bind(Uuid::from_u128(5))]);
}

#[test]
fn a_no_binds_nobody() {
    let mut talk = invited(open_invitation());
    check(&talk.does(Event::Scan("invite:ABCDE2345F".into())), &["ask_bind_sure"], &[]);
    let done = talk.says("不是");
    check(&done, &["bind_refused"], &[]);
    assert!(done.profile.is_empty());
}

#[test]
fn a_wrong_code_is_counted_and_says_nothing_about_why() {
    let mut talk = invited(Invitation::NotGood);
    let done = talk.says("ABCDE2345F");
    check(&done, &["invitation_not_good"], &[]);
    assert_eq!(done.profile, [Profile::WrongCode]);
    let mut talk = invited(Invitation::TooManyTries);
    check(&talk.says("ABCDE2345F"), &["too_many_tries"], &[]);
}

#[test]
fn a_word_of_ten_letters_goes_on_as_what_it_is() {
    let mut talk = invited(Invitation::NotGood);
    let done = talk.says("department");
    assert!(!done.replies.contains(&Reply::InvitationNotGood), "{done:?}");
    for text in ["1380000123", "路灯坏了路灯坏了路灯", "ABCDE2345", "ABCDE2345FG"] {
        assert_eq!(talk.needs(text).invitation, None, "{text}");
    }
}
