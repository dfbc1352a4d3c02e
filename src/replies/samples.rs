//! One sample of everything that can be said, so that every text is tried before it is needed.

mod beside;

use crate::county::words::Emergency;
use crate::dialogue::Reply;
use crate::dialogue::reply::{Card, Choice, Summary};
use crate::dialogue::state::Wish;
use crate::outbox::message::Fields;
use crate::ticket::{Rating, Stage};

pub(super) fn card(stage: Stage) -> Card {
    Card {
        number: "LX260302123456".to_owned(),
        gist: "门口路灯坏了三天了".to_owned(),
        category: "路灯水电".to_owned(),
        place: "王庄乡 王庄村（王庄村东头）".to_owned(),
        day: "3/2".to_owned(),
        stage,
        closed_kind: (stage == Stage::Closed).then_some("signed"),
        handler: Some("张建国".to_owned()),
        note: Some("哪一根杆？".to_owned()),
        until: Some("5月3日".to_owned()),
        urgent: false,
        due: Some("3月5日18:00前".to_owned()),
        due_day: Some("3月5日".to_owned()),
        late: stage == Stage::InProgress,
        provisional: true,
        helpers: Some((2, 3)),
        part: None,
    }
}

/// The fields that every notice may use.
pub(super) fn fields() -> Fields {
    let mut fields = Fields::blank();
    for (name, value) in [
        ("number", "LX260302123456"),
        ("category", "路灯水电"),
        ("place", "王庄村东头"),
        ("state", "办理中"),
        ("gist", "门口路灯坏了三天了"),
        ("note", "张建国"),
        ("handler", "张建国"),
        ("until", "5月3日"),
    ] {
        fields.put(name, value);
    }
    fields
}

fn choices() -> Vec<Choice> {
    vec![
        Choice { key: 1, label: "王庄村".to_owned() },
        Choice { key: 2, label: "李家村".to_owned() },
    ]
}

/// At least one of every reply.
#[expect(clippy::too_many_lines, reason = "a plain list")]
pub(super) fn replies() -> Vec<Reply> {
    let text = str::to_owned;
    let card = || card(Stage::InProgress);
    let summary = Summary {
        text: text("门口路灯坏了三天了"),
        place: Some(text("王庄村东头")),
        village_missing: false,
        category: Some(text("路灯水电")),
        photos: 2,
        voices: 1,
        phone: Some(text("199****0001")),
        confidential: true,
    };
    let bare = Summary {
        place: None,
        photos: 0,
        voices: 0,
        phone: None,
        confidential: false,
        ..summary.clone()
    };
    let emergencies = [
        Emergency::Suicide,
        Emergency::Fire,
        Emergency::Gas,
        Emergency::Electricity,
        Emergency::Drowning,
        Emergency::Medical,
        Emergency::Violence,
        Emergency::Collapse,
        Emergency::Flood,
        Emergency::Crash,
    ]
    .map(|kind| Reply::Emergency { kind, number: text("120") });
    let cards = || Stage::ALL.map(self::card).to_vec();
    let mut all = vec![
        Reply::Welcome { county: text("云溪县"), area: Some(text("王庄乡 王庄村")) },
        Reply::Welcome { county: String::new(), area: None },
        Reply::AreaScanned { area: text("王庄乡 王庄村"), asks: true },
        Reply::AreaScanned { area: text("王庄乡 王庄村"), asks: false },
        Reply::CodeUnknown,
        Reply::StateSetAside,
        Reply::DraftLost,
        Reply::Greeting { menu: true },
        Reply::Greeting { menu: false },
        Reply::NotAtAll,
        Reply::Menu { member: true, county: text("云溪县") },
        Reply::Help { member: true, operator: true, hotline: text("0312-5550000") },
        Reply::Guide { hotline: text("0312-5550000") },
        Reply::Human { hotline: text("0312-5550000"), hours: text("8:00-18:00"), draft: true },
        Reply::Human { hotline: String::new(), hours: String::new(), draft: false },
        Reply::OfferHuman { hotline: text("0312-5550000"), hours: String::new() },
        Reply::Privacy,
        Reply::Calm { hotline: String::new() },
        Reply::JustSay,
        Reply::NothingReadable,
        Reply::AskWhat { simple: false, gist: None, volunteer: false },
        Reply::AskWhat { simple: true, gist: None, volunteer: true },
        Reply::AskWhat { simple: false, gist: Some(text("路灯")), volunteer: false },
        Reply::AskWhere { simple: false, gist: text("路灯坏了"), old: None },
        Reply::AskWhere { simple: true, gist: text("路灯坏了"), old: Some(text("王庄村")) },
        Reply::AskWhichArea { choices: choices() },
        Reply::AskWordsOrCode { said: text("李家村"), scanned: text("王庄村") },
        Reply::AskCategory { gist: text("陆登不亮"), choices: choices() },
        Reply::AskOneOrSeveral { gist: text("路灯、井盖、垃圾") },
        Reply::FirstOfSeveral,
        Reply::AskVoiceWords,
        Reply::Summary { summary, simple: false },
        Reply::Summary { summary: bare, simple: true },
        Reply::AskWhichSlot,
        Reply::AskPhotos { count: 1 },
        Reply::PhotoKept { count: 1 },
        Reply::PhotoLimit,
        Reply::VideoKept,
        Reply::FileRefused,
        Reply::LinkKept { title: text("停水通知") },
        Reply::LocationKept { place: text("王庄村") },
        Reply::OutsideCounty { county: text("云溪县") },
        Reply::MaskedNumbers,
        Reply::TakenAsAnswer,
        Reply::FirstStep,
        Reply::Dropped,
        Reply::Introduction { county: text("云溪县"), hotline: text("0312-5550100") },
        Reply::WhyPlace,
        Reply::AfterSubmitting,
        Reply::AskThatLater { gist: text("医保怎么交"), hotline: text("0312-5550100") },
        Reply::OrderOfOthers,
        Reply::Appealed { card: card() },
        Reply::TakeFirst { card: card() },
        Reply::FinishNext { card: card() },
        Reply::AskResume { gist: text("路灯不亮") },
        Reply::Submitted { card: card(), urgent: true, confidential: true },
        Reply::AskContact,
        Reply::ContactKept,
        Reply::ContactSkipped,
        Reply::NotAPhone,
        Reply::OneAtATime { choices: vec![1, 3] },
        Reply::NoTickets,
        Reply::MyTicket {
            card: card(),
            may_supplement: true,
            may_urge: true,
            may_withdraw: true,
            may_reopen: true,
        },
        Reply::UnknownNumber,
        Reply::AskSupplement { card: card() },
        Reply::Supplemented { card: card() },
        Reply::Urged { card: card() },
        Reply::AskWithdraw { card: card() },
        Reply::Withdrawn { card: card() },
        Reply::Kept { card: card() },
        Reply::NotPossible { card: card() },
        Reply::AskOldOrNew { card: card() },
        Reply::AskInfo { card: card(), question: text("哪一根杆？") },
        Reply::InfoPassedOn { card: card() },
        Reply::AskSignoff { card: card() },
        Reply::AskReason { card: card() },
        Reply::Reworked { card: card(), reason: true },
        Reply::Reworked { card: card(), reason: false },
        Reply::AskRating { card: card() },
        Reply::AskAgainBroken { card: card() },
        Reply::Reopened { card: card() },
        Reply::PhotoToTicket { card: card() },
        Reply::AskBindSure { name: text("张建国") },
        Reply::Bound { name: text("张建国"), operator: false },
        Reply::Bound { name: text("值班员"), operator: true },
        Reply::BindRefused,
        Reply::InvitationNotGood,
        Reply::TooManyTries,
        Reply::ChatNotTrusted,
        Reply::NoTasks,
        Reply::Tasks { cards: cards(), more: 2 },
        Reply::Desk { cards: cards(), more: 0 },
        Reply::Task {
            card: card(), text: text("门口路灯坏了"), phone: Some(text("19900000001"))
        },
        Reply::Task { card: card(), text: text("门口路灯坏了"), phone: None },
        Reply::AskWhichTask { cards: cards(), more: 2 },
        Reply::OrderDropped,
        Reply::DeclineNotPossible { card: card() },
        Reply::Taken {
            card: card(),
            text: text("路灯坏了三天了"),
            phone: Some(text("19900000001")),
        },
        Reply::Taken { card: card(), text: text("路灯坏了三天了"), phone: None },
        Reply::TakenByOther { card: card(), by: text("刘芳") },
        Reply::AskDeclineReason { card: card() },
        Reply::Declined { card: card() },
        Reply::AskResultWords { card: card() },
        Reply::AskResultPhoto { card: card() },
        Reply::Finished { card: card(), checked: true },
        Reply::Finished { card: card(), checked: false },
        Reply::ResultPhotoKept { card: card(), count: 1 },
        Reply::AskQuestionWords { card: card() },
        Reply::QuestionSent { card: card() },
        Reply::AskNoteWords { card: card() },
        Reply::NoteKept { card: card() },
        Reply::NotYourTask { card: card() },
        Reply::TicketAccepted { card: card(), people: vec![text("张建国"), text("刘芳")] },
        Reply::TicketAccepted { card: card(), people: vec![] },
        Reply::AskRejectReason { card: card() },
        Reply::RejectionProposed { card: card() },
        Reply::NeedsSecondPerson { card: card() },
        Reply::TicketRejected { card: card() },
        Reply::AskNames { card: card() },
        Reply::NobodyOfThatName { name: text("王五") },
        Reply::AskWhichPerson { name: text("张伟"), choices: choices() },
        Reply::TicketDispatched { card: card(), names: text("张建国、刘芳") },
        Reply::ReturnUpheld { card: card() },
        Reply::ReturnOverruled { card: card() },
        Reply::ResultPassed { card: card() },
        Reply::AskSendBackReason { card: card() },
        Reply::SentBack { card: card() },
        Reply::AskAnswerWords { card: card() },
        Reply::AnswerSent { card: card() },
        Reply::NotFromHere { card: card() },
        Reply::OutsideYourArea { card: card() },
    ];
    all.extend(emergencies);
    all.extend(beside::all().map(Reply::from));
    all.extend(
        [Wish::Look, Wish::Supplement, Wish::Urge, Wish::Withdraw]
            .map(|wish| Reply::MyTickets { cards: cards(), wish }),
    );
    all.extend(Rating::ALL.map(|rating| Reply::AskRatingSure { card: card(), rating }));
    all.extend(Rating::ALL.map(|rating| Reply::RatingThanks { card: card(), rating }));
    all
}
