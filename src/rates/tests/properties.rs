//! What must hold whatever happened to however many tickets.

use super::sample::{Tale, beijing, table};
use crate::{
    calendar::date_of,
    rates::{
        By, Counted, Expected, Figure, Fraction, Rate, Slice, Story, Subject, Sums, Table, Tally,
    },
    ticket::{
        Call, Channel, Follower, Media, MediaKind, MemberId, Outcome, Person, Place, Rating,
        Report, Ticket, TicketNumber, Tier,
        event::{Actor, Event},
        lifecycle::{self, Action, Rules},
    },
};
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

/// Who does something: the resident, the first called, the second one, the desk, its second
/// pair of eyes, time.
fn actor(of: u8) -> Actor {
    let person =
        |number: u128| Person { id: MemberId(Uuid::from_u128(number)), name: number.to_string() };
    match of % 6 {
        0 => Actor::Resident,
        1 => Actor::Member(person(1)),
        2 => Actor::Member(person(2)),
        3 => Actor::Operator(person(8)),
        4 => Actor::Operator(person(9)),
        _ => Actor::System,
    }
}

/// Mostly whoever does such things, sometimes anybody.
fn who_does(kind: u8, who: u8) -> Actor {
    if who < 30 {
        return actor(who);
    }
    actor(match kind % 28 {
        7..=9 | 14..=16 => 1,
        13 | 17..=21 | 27 => 0,
        3 | 22 => 4,
        _ => 3,
    })
}

fn call(of: u8) -> Call {
    let to = [actor(1), actor(2)].iter().filter_map(Actor::person).cloned().collect();
    let unit = [None, Some("power"), Some("police")][usize::from(of % 3)].map(str::to_owned);
    let tier = Some(Tier::ALL[usize::from(of % 5)]);
    Call { to, unit, tier, ..Call::default() }
}

fn action(kind: u8, of: u8) -> Action {
    let words = || "话".to_owned();
    let photo = Media { kind: MediaKind::Photo, id: "p".into(), at: beijing("03-02 09:00") };
    let number = || TicketNumber::find("LX260302999999").unwrap();
    match kind % 28 {
        0 | 1 => Action::Accept,
        2 => Action::ProposeRejection { reason: words() },
        3 => Action::ApproveRejection,
        4..=6 => Action::Dispatch { call: call(of) },
        7 | 8 => Action::Take,
        9 => Action::Decline { reason: words() },
        10 => Action::UpholdReturn,
        11 => Action::OverruleReturn,
        12 => Action::Ask { question: words() },
        13 => Action::GiveInfo { text: words(), media: vec![] },
        14..=16 => Action::Finish { text: words(), outcome: Outcome::Solved, media: vec![photo] },
        17 => Action::Confirm { fully: true },
        18 => Action::Object,
        19 => Action::Rework { reason: None },
        20 => Action::Reopen { reason: words() },
        21 => Action::Rate { rating: Rating::from_digit(of % 5 + 1).unwrap() },
        22 => Action::FinalAnswer { text: words() },
        23 => Action::Merge { into: number() },
        24 => Action::Unmerge,
        25 => Action::Escalate { call: call(of) },
        26 => Action::AnswerAtOnce { text: words() },
        _ => Action::Withdraw { reason: None },
    }
}

/// One ticket's life by the real table of moves; what is refused does not happen.
fn lived(nth: u32, begin: DateTime<Utc>, steps: &[(u8, u8, u8, u16)]) -> Tale {
    let village = ["130699", "130699201", if nth.is_multiple_of(2) { "130699201201" } else { "x" }];
    let report = Report {
        text: "路灯坏了".into(),
        place: Place::default(),
        category: ["lighting", "road"][nth as usize % 2].into(),
        contact: None,
        confidential: false,
        urgent: false,
        media: vec![],
    };
    let reporter = Follower { account: "MAIN".into(), openid: format!("o-{}", nth % 3) };
    let path = village.map(str::to_owned).to_vec();
    let id = Uuid::from_u128(nth.into());
    let open = lifecycle::open(id, reporter, report, path, Rules::default(), begin);
    let (mut ticket, mut events): (Ticket, Vec<Event>) = (open.after, open.events);
    ticket.channel = Channel::ALL[nth as usize % 3];
    let mut now = begin;
    for (kind, of, who, hours) in steps {
        now += TimeDelta::hours((*hours).into());
        let by = who_does(*kind, *who);
        let moved = lifecycle::act(&ticket, action(*kind, *of), &by, Rules::default(), now);
        if let Ok(moved) = moved {
            events.extend(moved.events);
            ticket = moved.after;
        }
    }
    Tale { subject: Subject::of(&ticket, false), events }
}

fn lives() -> impl Strategy<Value = Vec<Tale>> {
    let step = (any::<u8>(), any::<u8>(), any::<u8>(), 0_u16..40);
    let life = (0_i64..400, vec(step, 0..60));
    vec(life, 0..12).prop_map(|lives| {
        let begin = beijing("01-01 00:00");
        let lived = |(nth, (days, steps)): (usize, (i64, Vec<_>))| {
            lived(u32::try_from(nth).unwrap(), begin + TimeDelta::hours(days * 19), &steps)
        };
        lives.into_iter().enumerate().map(lived).collect()
    })
}

fn sorted(tally: &Tally) -> Vec<Fraction> {
    Figure::all()
        .map(|figure| {
            let mut fraction = tally.get(figure);
            fraction.tickets.numerator.sort_by_key(ToString::to_string);
            fraction.tickets.denominator.sort_by_key(ToString::to_string);
            fraction
        })
        .collect()
}

fn sum<'a>(parts: impl Iterator<Item = &'a Tally>) -> Tally {
    let mut sum = Tally::new(true);
    parts.for_each(|part| sum += part.clone());
    sum
}

fn late() -> DateTime<Utc> {
    beijing("12-31 00:00") + TimeDelta::days(400)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_ticket_is_in_a_numerator_once_and_then_in_the_denominator(tales in lives(), days in 0_i64..500) {
        let at = beijing("01-01 00:00") + TimeDelta::days(days);
        for story in tales.iter().filter_map(|tale| tale.told(at)) {
            let mut tally = Tally::new(true);
            tally.add(&story, &Expected::default());
            for rate in Rate::ALL {
                let Fraction { numerator, denominator, .. } = tally.rate(rate);
                prop_assert!(numerator <= denominator, "{rate:?}");
                let by_dispatch =
                    matches!(rate, Rate::Signing | Rate::ReturnUpheld | Rate::ReturnOverruled);
                prop_assert!(by_dispatch || denominator <= 1, "{rate:?}");
            }
        }
    }

    #[test]
    fn a_ticket_counts_the_same_until_its_next_date_comes(tales in lives(), days in 0_i64..400) {
        let at = beijing("01-01 00:00") + TimeDelta::days(days);
        for tale in tales {
            let Some(story) = tale.told(at) else { continue };
            let counted = Counted::of(&story, &Expected::default());
            let happens = tale.events.iter().map(|event| event.at).find(|happens| *happens > at);
            let next = counted.changes_at.into_iter().chain(happens).min();
            let until = next.unwrap_or_else(late) - TimeDelta::milliseconds(1);
            let later = tale.told(until).unwrap();
            prop_assert_eq!(Counted::of(&later, &Expected::default()), counted);
        }
    }

    #[test]
    fn what_was_added_to_sums_and_taken_away_leaves_nothing(tales in lives()) {
        let (mut sums, mut counted) = (Sums::default(), Vec::new());
        for story in tales.iter().filter_map(|tale| tale.told(late())) {
            counted.push(Counted::of(&story, &Expected::default()));
        }
        for one in &counted {
            sums.add(one);
        }
        let marks: usize = counted.iter().map(|one| one.marks.len()).sum();
        let whole: i64 = sums
            .clone()
            .into_changes()
            .into_iter()
            .filter(|(key, _)| {
                key.area.is_empty() && key.by == Slice::All && key.period.as_str().len() == 7
            })
            .flat_map(|(_, figures)| figures.into_values())
            .map(|change| change.denominator)
            .sum();
        prop_assert_eq!(whole, i64::try_from(marks).unwrap());
        for one in &counted {
            sums.take(one);
        }
        prop_assert!(sums.into_changes().is_empty());
    }

    #[test]
    fn units_tiers_days_categories_and_channels_add_up_to_the_whole(tales in lives()) {
        for by in [By::Unit, By::Tier, By::Day, By::Category, By::Channel] {
            let table = table(&tales, late(), Some(by));
            let mut parts = sum(table.parts().values());
            let mut total = table.total().clone();
            // Who rates often is counted within a part, so it is looked at by unit only.
            if by != By::Unit {
                (parts, total) = (without_raters(&parts), without_raters(&total));
            }
            prop_assert_eq!(sorted(&parts), sorted(&total), "{:?}", by);
        }
    }

    #[test]
    fn areas_add_up_along_the_tree(tales in lives()) {
        let table = table(&tales, late(), Some(By::Area));
        if tales.is_empty() {
            return Ok(());
        }
        let county = table.part("130699").unwrap();
        let villages = ["130699201201", "x"].into_iter().filter_map(|code| table.part(code));
        prop_assert_eq!(sorted(county), sorted(table.total()));
        prop_assert_eq!(sorted(&sum(villages)), sorted(county));
    }

    #[test]
    fn months_add_up_to_the_year(tales in lives()) {
        let stories: Vec<Story> = tales.iter().filter_map(|tale| tale.told(late())).collect();
        let of = |keep: &dyn Fn(&Story) -> bool| {
            let mut tally = Tally::new(true);
            stories.iter().filter(|story| keep(story)).for_each(|story| {
                tally.add(story, &Expected::default());
            });
            tally
        };
        let month = |month: u32| of(&move |story: &Story| {
            let day = date_of(story.submitted_at);
            (day.year(), day.month()) == (2026, month)
        });
        let months: Vec<Tally> = (1..=12).map(month).collect();
        let year = of(&|story: &Story| date_of(story.submitted_at).year() == 2026);
        prop_assert_eq!(sorted(&sum(months.iter())), sorted(&year));
    }

    #[test]
    fn nothing_that_happens_later_changes_a_past_report(tales in lives(), days in 0_i64..400) {
        let at = beijing("01-01 00:00") + TimeDelta::days(days);
        let then: Vec<Tale> = tales
            .iter()
            .map(|tale| {
                let known = tale.events.iter().filter(|event| event.at <= at).cloned().collect();
                Tale { events: known, ..tale.clone() }
            })
            .collect();
        let known: Table = table(&then, at, Some(By::Unit));
        prop_assert_eq!(known, table(&tales, at, Some(By::Unit)));
    }
}

/// The figures one by one, without who rated what.
fn without_raters(tally: &Tally) -> Tally {
    tally.without_raters()
}
