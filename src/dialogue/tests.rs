//! Conversations as residents have them: the tricky cases, and what holds for all of them.

use super::*;
use crate::county::demo;
use crate::replies::Wording;
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::{self, Action, Rules};
use crate::ticket::{
    Call, Follower, Media, MediaKind, MemberId, Outcome, Person, Point, Rating, Stage, Ticket,
};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use std::sync::LazyLock;
use uuid::Uuid;

static COUNTY: LazyLock<County> = LazyLock::new(demo::county);
static WORDING: LazyLock<Wording> =
    LazyLock::new(|| Wording::load(None, "https://example.org/m/privacy"));

/// One resident's chat, without a database: tickets are kept as the steps leave them.
struct Chat {
    who: Speaker,
    state: State,
    tickets: Vec<Ticket>,
    now: DateTime<Utc>,
    drawn: u128,
}

impl Chat {
    fn new() -> Self {
        Self {
            who: Speaker {
                follower: Follower { account: "main".into(), openid: "o1".into() },
                phone: None,
                home: None,
                told_privacy: false,
                wish: crate::ticket::wish::Wish::Steps,
                duty: None,
                also: Vec::new(),
            },
            state: State::default(),
            tickets: Vec::new(),
            now: DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap().to_utc(),
            drawn: 0,
        }
    }

    fn does(&mut self, event: Event) -> Vec<Reply> {
        self.now += TimeDelta::seconds(1);
        self.drawn += 1;
        // As storage does: the stored form is read back before every step.
        let (state, _) = State::read(serde_json::to_value(&self.state).unwrap());
        let needs = needs(&self.who, &COUNTY, &state, &event);
        let mut mine = self.tickets.clone();
        mine.reverse();
        let number =
            needs.number.and_then(|n| self.tickets.iter().find(|t| t.number == n)).cloned();
        let facts = Facts { mine, number, ..Facts::default() };
        let view = View {
            who: &self.who,
            county: &COUNTY,
            facts: &facts,
            now: self.now,
            fresh: Uuid::from_u128(self.drawn),
            trusts_chat: true,
        };
        let step = step(view, state, event);
        self.state = step.state;
        for change in step.changes {
            self.keep(change.after);
        }
        for news in step.profile {
            match news {
                Profile::Phone(phone) => self.who.phone = Some(phone),
                Profile::Home(area) => self.who.home = Some(area),
                Profile::ToldPrivacy => self.who.told_privacy = true,
                _ => {}
            }
        }
        step.replies
    }

    fn keep(&mut self, ticket: Ticket) {
        match self.tickets.iter_mut().find(|known| known.id == ticket.id) {
            Some(known) => *known = ticket,
            None => self.tickets.push(ticket),
        }
    }

    fn says(&mut self, text: &str) -> String {
        let replies = self.does(Event::Text(text.to_owned()));
        WORDING.replies(&replies)
    }

    fn speaks(&mut self, heard: &str) -> String {
        let media = self.media(MediaKind::Voice);
        let heard = Some(heard.to_owned()).filter(|heard| !heard.is_empty());
        let replies = self.does(Event::Voice { media, heard });
        WORDING.replies(&replies)
    }

    fn photo(&mut self) -> String {
        let media = self.media(MediaKind::Photo);
        let replies = self.does(Event::Photo(media));
        WORDING.replies(&replies)
    }

    fn at(&mut self, lat: f64, lng: f64) -> String {
        let replies =
            self.does(Event::Location { point: Point { lat, lng }, label: String::new() });
        WORDING.replies(&replies)
    }

    fn media(&self, kind: MediaKind) -> Media {
        Media { kind, id: format!("m{}", self.drawn), at: self.now }
    }

    fn later(&mut self, pause: TimeDelta) -> &mut Self {
        self.now += pause;
        self
    }

    fn last(&self) -> &Ticket {
        self.tickets.last().expect("a ticket was submitted")
    }

    fn act(&mut self, action: Action, by: &Actor) {
        let ticket = self.last().clone();
        let done = lifecycle::act(&ticket, action, by, Rules::default(), self.now).unwrap();
        self.keep(done.after);
    }

    /// The volunteer finished; the resident is to sign off.
    fn until_signoff(&mut self) {
        self.says("王庄村东头路灯坏了三天了");
        self.says("1");
        let desk = Actor::Operator(person(1, "值班员"));
        let zhang = person(2, "张建国");
        self.act(Action::Accept, &desk);
        let call = Action::Dispatch { call: Call { to: vec![zhang.clone()], ..Call::default() } };
        self.act(call, &desk);
        self.act(Action::Take, &Actor::Member(zhang.clone()));
        let done =
            Action::Finish { text: "换好了".into(), outcome: Outcome::Solved, media: vec![] };
        self.later(TimeDelta::hours(30)).act(done, &Actor::Member(zhang));
    }
}

fn person(n: u128, name: &str) -> Person {
    Person { id: MemberId(Uuid::from_u128(n)), name: name.to_owned() }
}

#[track_caller]
fn has(answer: &str, parts: &[&str]) {
    for part in parts {
        assert!(answer.contains(part), "{part:?} is not in:\n{answer}");
    }
}

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

mod fuzz;
mod life;
mod town;
