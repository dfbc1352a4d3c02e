//! Working time over holidays, make-up days, midnights and years that nobody has announced.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// A moment in Beijing.
fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{}:00+08:00", text.replace(' ', "T"))).unwrap().to_utc()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn holiday(day: &str, name: &str) -> (NaiveDate, Special) {
    (date(day), Special::Holiday(name.to_owned()))
}

/// Work never rests, not even over the compiled-in holidays.
fn around_the_clock() -> Calendar {
    let all = [(0, 1440)];
    let open = |day: NaiveDate| (day, Special::Working("值班".to_owned()));
    let days = vendored::days().into_keys().map(open).collect();
    Calendar::new(WorkingHours::of(&all, &all, &all).unwrap(), days)
}

/// Saturday mornings, and weekdays with an odd lunch.
fn with_saturdays() -> Calendar {
    let hours = WorkingHours::of(&[(510, 725), (840, 1053)], &[(540, 720)], &[]).unwrap();
    Calendar::new(hours, BTreeMap::from([holiday("2025-08-15", "县庆")]))
}

fn check(from: &str, minutes: u32, until: &str) {
    let calendar = Calendar::default();
    assert_eq!(
        calendar.add(at(from), minutes),
        Moment { at: at(until), provisional: false },
        "{from} and {minutes} minutes"
    );
    assert_eq!(calendar.between(at(from), at(until)), minutes);
}

#[test]
fn what_is_due_on_the_last_minute_before_a_holiday_is_due_then() {
    check("2026-04-02 18:00", 480, "2026-04-03 18:00");
    check("2026-04-03 17:59", 1, "2026-04-03 18:00");
    check("2026-04-03 17:59", 2, "2026-04-07 08:01");
    check("2026-04-03 18:00", 1, "2026-04-07 08:01");
}

#[test]
fn what_ends_with_a_span_does_not_end_with_the_next_one() {
    check("2026-03-02 08:00", 240, "2026-03-02 12:00");
    check("2026-03-02 08:00", 241, "2026-03-02 14:01");
    check("2026-03-06 14:00", 240, "2026-03-06 18:00");
    check("2026-03-06 12:00", 0, "2026-03-06 12:00");
}

#[test]
fn what_is_submitted_outside_of_hours_counts_from_the_next_working_minute() {
    check("2026-03-07 10:00", 30, "2026-03-09 08:30");
    check("2026-03-06 23:00", 30, "2026-03-09 08:30");
    check("2026-03-02 13:00", 30, "2026-03-02 14:30");
    check("2026-03-02 03:00", 480, "2026-03-02 18:00");
}

#[test]
fn a_make_up_sunday_is_a_day_like_a_monday() {
    check("2026-09-20 09:00", 60, "2026-09-20 10:00");
    check("2026-09-18 18:00", 960, "2026-09-21 18:00");
    assert!(Calendar::default().is_working_day(date("2026-09-20")));
    assert!(!Calendar::default().is_working_day(date("2026-09-19")));
}

#[test]
fn spring_festival_takes_nine_days_and_gives_two_saturdays() {
    check("2026-02-13 18:00", 480, "2026-02-14 18:00");
    check("2026-02-13 18:00", 481, "2026-02-24 08:01");
    check("2026-02-24 08:00", 5 * 480, "2026-02-28 18:00");
    let calendar = Calendar::default();
    let off = |day: &NaiveDate| !calendar.is_working_day(*day);
    assert_eq!(date("2026-02-14").iter_days().skip(1).take_while(off).count(), 9);
}

#[test]
fn the_day_is_beijings_and_not_londons() {
    // 07:30 on Tuesday after the holiday is still the holiday in UTC.
    check("2026-04-07 07:30", 30, "2026-04-07 08:30");
    // 00:30 on the first day of the holiday is still Friday in UTC.
    check("2026-04-04 00:30", 30, "2026-04-07 08:30");
    assert_eq!(date_of(at("2026-04-04 00:00")), date("2026-04-04"));
    assert_eq!(date_of(at("2026-04-03 23:59")), date("2026-04-03"));
    assert_eq!(begin_of(date("2026-04-04")), at("2026-04-04 00:00"));
    assert_eq!(in_beijing(at("2026-04-04 00:30")).to_rfc3339(), "2026-04-04T00:30:00+08:00");
}

#[test]
fn the_minute_before_midnight_counts_once() {
    let calendar = around_the_clock();
    let eve = at("2026-03-02 23:59");
    assert_eq!(calendar.add(eve, 1).at, at("2026-03-03 00:00"));
    assert_eq!(calendar.add(eve, 2).at, at("2026-03-03 00:01"));
    assert_eq!(calendar.between(eve, at("2026-03-03 00:01")), 2);
    assert_eq!(calendar.day_minutes(), 1440);
}

#[test]
fn a_holiday_rests_work_that_never_rests_unless_the_county_says_otherwise() {
    let all = [(0, 1440)];
    let hours = WorkingHours::of(&all, &all, &all).unwrap();
    let calendar = Calendar::new(hours, BTreeMap::new());
    assert_eq!(calendar.add(at("2026-04-03 23:00"), 120).at, at("2026-04-07 01:00"));
    assert_eq!(around_the_clock().add(at("2026-04-03 23:00"), 120).at, at("2026-04-04 01:00"));
}

#[test]
fn a_year_that_nobody_announced_is_provisional_until_it_is() {
    let eve = at("2026-12-31 14:00");
    let calendar = Calendar::default();
    assert!(calendar.is_official(2026) && !calendar.is_official(2027));
    assert_eq!(
        calendar.add(eve, 240),
        Moment { at: at("2026-12-31 18:00"), provisional: false },
        "2027 was not looked at"
    );
    assert_eq!(calendar.add(eve, 241), Moment { at: at("2027-01-04 08:01"), provisional: true });
    assert_eq!(
        calendar.after_days(eve, 1),
        Moment { at: at("2027-01-04 14:00"), provisional: true }
    );
    assert!(
        calendar.arithmetic(eve, 480).ends_with("（2027 年放假安排还没公布，先按周一至周五算）")
    );

    let days = BTreeMap::from([
        holiday("2027-01-01", "元旦"),
        holiday("2027-01-02", "元旦"),
        holiday("2027-01-03", "元旦"),
        holiday("2027-01-04", "元旦"),
    ]);
    let announced = Calendar::new(WorkingHours::default(), days.clone());
    assert!(announced.is_official(2027) && announced.is_official(2026));
    assert_eq!(announced.days(), &days);
    assert_eq!(announced.add(eve, 241), Moment { at: at("2027-01-05 08:01"), provisional: false });
    assert!(!announced.arithmetic(eve, 480).contains("公布"));
}

#[test]
fn holidays_with_fixed_dates_are_kept_in_a_year_that_nobody_announced() {
    let calendar = Calendar::default();
    for day in ["2029-01-01", "2029-05-01", "2029-05-02", "2029-10-01", "2029-10-02", "2029-10-03"]
    {
        assert!(!calendar.is_working_day(date(day)), "{day}");
    }
    for day in ["2029-01-02", "2029-05-03", "2029-10-04"] {
        assert!(calendar.is_working_day(date(day)), "{day}");
    }
}

#[test]
fn a_countys_own_day_wins_over_the_compiled_in_one() {
    let days = BTreeMap::from([
        (date("2026-04-06"), Special::Working("抢险".to_owned())),
        holiday("2026-04-07", "县庆"),
    ]);
    let calendar = Calendar::new(WorkingHours::default(), days);
    assert!(calendar.is_working_day(date("2026-04-06")));
    assert!(!calendar.is_working_day(date("2026-04-07")));
    assert!(!calendar.is_working_day(date("2026-04-05")), "the others stay");
}

#[test]
fn days_are_counted_to_the_same_time_of_day() {
    let calendar = Calendar::default();
    let days = |from, days| calendar.after_days(at(from), days).at;
    assert_eq!(days("2026-04-03 21:30", 1), at("2026-04-07 21:30"));
    assert_eq!(days("2026-03-07 07:00", 1), at("2026-03-09 07:00"));
    assert_eq!(days("2026-09-18 09:00", 1), at("2026-09-20 09:00"));
    assert_eq!(days("2026-03-07 07:00", 0), at("2026-03-07 07:00"));
}

#[test]
fn the_version_changes_with_hours_and_days_and_with_nothing_else() {
    let version = |hours, days| Calendar::new(hours, days).version().to_owned();
    let usual = version(WorkingHours::default(), BTreeMap::new());
    assert_eq!(usual, Calendar::default().version());
    // Stored beside deadlines: another one here makes all of them be counted again.
    assert_eq!(usual, "2025-2026.0516151c");
    let same = BTreeMap::from([holiday("2026-04-06", "清明")]);
    assert_eq!(version(WorkingHours::default(), same), usual);
    let other = version(WorkingHours::of(&[(480, 720)], &[], &[]).unwrap(), BTreeMap::new());
    assert_ne!(other, usual);
    let split = WorkingHours::of(&[(480, 720)], &[(840, 1080)], &[]).unwrap();
    let moved = WorkingHours::of(&[(480, 720)], &[], &[(840, 1080)]).unwrap();
    assert_ne!(version(split, BTreeMap::new()), version(moved, BTreeMap::new()));
    let later = BTreeMap::from([holiday("2028-01-01", "元旦")]);
    assert!(version(WorkingHours::default(), later).starts_with("2025-2026+2028."));
}

#[test]
fn spans_are_said_as_people_say_them() {
    let calendar = Calendar::default();
    for (minutes, words) in [
        (0, "0 分钟"),
        (30, "30 分钟"),
        (90, "1 小时 30 分钟"),
        (180, "3 小时"),
        (240, "半个工作日"),
        (480, "1 个工作日"),
        (600, "1 个工作日又 2 小时"),
        (1200, "2 个半工作日"),
        (2400, "5 个工作日"),
    ] {
        assert_eq!(calendar.span_words(minutes), words);
    }
}

#[test]
fn the_sum_shown_to_people_names_what_was_skipped_and_what_counted() {
    let calendar = Calendar::default();
    let sum = |from, minutes| calendar.arithmetic(at(from), minutes);
    assert_eq!(sum("2026-03-02 08:00", 960), "2 个工作日，3/3（周二）18:00 前");
    assert_eq!(
        sum("2026-03-31 18:00", 5 * 480),
        "5 个工作日，跳过清明 4/4–4/6，4/8（周三）18:00 前"
    );
    assert_eq!(
        sum("2026-09-18 18:00", 960),
        "2 个工作日，周日 9/20 补班计 1 天，9/21（周一）18:00 前"
    );
    assert_eq!(
        sum("2026-09-20 09:00", 60),
        "1 小时，周日 9/20 补班计 1 小时，9/20（周日）10:00 前"
    );
    assert_eq!(
        sum("2026-09-19 10:00", 10 * 480),
        "10 个工作日，跳过中秋 9/25–9/27、国庆节 10/1–10/7，周日 9/20 补班计 1 天，10/9（周五）18:00 前"
    );
    assert_eq!(
        sum("2025-09-30 14:00", 480),
        "1 个工作日，跳过国庆节、中秋 10/1–10/8，10/9（周四）12:00 前"
    );
    assert_eq!(
        sum("2026-12-31 14:00", 480),
        "1 个工作日，跳过元旦 1/1，2027/1/4（周一）12:00 前（2027 年放假安排还没公布，先按周一至周五算）"
    );
    assert_eq!(
        sum("2026-01-04 08:00", 480 * 120),
        "120 个工作日，跳过 4 个假期共 20 天，4 个补班日照常计，6/30（周二）18:00 前"
    );
    let never = around_the_clock().arithmetic(at("2026-03-02 23:00"), 60);
    assert_eq!(never, "1 小时，3/2（周一）24:00 前");
}

#[test]
fn what_nobody_asks_is_answered_quickly_too() {
    let calendar = Calendar::default();
    let begin = Instant::now();
    let now = at("2026-03-02 08:00");
    assert!(calendar.add(now, u32::MAX).at > at("2126-03-02 08:00"));
    assert!(calendar.after_days(now, u32::MAX).at > at("2126-03-02 08:00"));
    assert!(calendar.between(now, at("2126-03-02 08:00")) > 100 * 250 * 480);
    assert!(calendar.arithmetic(now, u32::MAX).chars().count() < 160, "it stays a sentence");
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

#[test]
fn the_ends_of_time_are_days_like_others() {
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    for calendar in [Calendar::default(), around_the_clock()] {
        for from in [first, first + TimeDelta::hours(9), last - TimeDelta::hours(9), last] {
            for minutes in [0, 1, 2400, u32::MAX] {
                assert!(calendar.add(from, minutes).at >= from);
                assert!(!calendar.arithmetic(from, minutes).is_empty());
                assert!(calendar.after_days(from, minutes).at >= from);
            }
            assert_eq!(calendar.between(last, from), 0);
        }
        assert!(calendar.between(first, last) > 0);
    }
    assert_eq!(date_of(last), NaiveDate::MAX);
    assert_eq!(date_of(first), NaiveDate::MIN);
    assert_eq!(begin_of(NaiveDate::MIN), first);
    assert!(begin_of(NaiveDate::MAX) < last);
}

/// From the middle of 2024 to the middle of 2027, to the millisecond.
fn moments() -> impl Strategy<Value = DateTime<Utc>> {
    let (from, to) = (at("2024-07-01 00:00"), at("2027-07-01 00:00"));
    (from.timestamp_millis()..to.timestamp_millis())
        .prop_map(|milliseconds| DateTime::from_timestamp_millis(milliseconds).unwrap())
}

fn calendars() -> impl Strategy<Value = Calendar> {
    (0..3).prop_map(|which| match which {
        0 => Calendar::default(),
        1 => with_saturdays(),
        _ => around_the_clock(),
    })
}

proptest! {
    #[test]
    fn what_is_added_is_found_between(c in calendars(), from in moments(), m in 0..20_000_u32) {
        prop_assert_eq!(c.between(from, c.add(from, m).at), m);
    }

    #[test]
    fn more_minutes_never_end_earlier(
        c in calendars(), from in moments(), m in 0..9_000_u32, more in 0..900_u32
    ) {
        prop_assert!(c.add(from, m).at <= c.add(from, m + more).at);
    }

    #[test]
    fn who_begins_later_never_ends_earlier(
        c in calendars(), from in moments(), m in 0..9_000_u32, wait in 0..10_000_i64
    ) {
        prop_assert!(c.add(from, m).at <= c.add(from + TimeDelta::minutes(wait), m).at);
    }

    #[test]
    fn minutes_add_up(c in calendars(), from in moments(), m in 0..5_000_u32, n in 0..5_000_u32) {
        prop_assert_eq!(c.add(c.add(from, m).at, n).at, c.add(from, m + n).at);
    }

    #[test]
    fn around_the_clock_no_minute_is_lost(minutes in 0..700_000_u32, at in 0..500_000_i64) {
        let from = begin_of(date("2025-01-01")) + TimeDelta::minutes(at);
        let until = from + TimeDelta::minutes(minutes.into());
        // 2027 has holidays with fixed dates.
        prop_assume!(until < begin_of(date("2027-01-01")));
        prop_assert_eq!(around_the_clock().add(from, minutes).at, until);
        prop_assert_eq!(around_the_clock().between(from, until), minutes);
    }

    #[test]
    fn days_end_on_working_days(c in calendars(), from in moments(), days in 1..100_u32) {
        let end = c.after_days(from, days).at;
        prop_assert!(c.is_working_day(date_of(end)));
        prop_assert_eq!(in_beijing(end).time(), in_beijing(from).time());
        let passed = date_of(from).iter_days().skip(1).take_while(|day| *day <= date_of(end));
        let worked = passed.filter(|day| c.is_working_day(*day)).count();
        prop_assert_eq!(worked, usize::try_from(days).unwrap());
    }
}
