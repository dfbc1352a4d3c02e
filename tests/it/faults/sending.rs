//! Whatever the platform answers to a message: what the sender then does, and what it leaves.

use super::sender::{CUSTOM, Sender, TEMPLATE, code, html, outcome, waits};
use crate::harness::{TestDatabase, on_both, platform::Answer};
use chrono::{DateTime, TimeDelta, Utc};
use lianxin::clock::Clock;

on_both![
    a_closed_or_used_up_window_is_left_for_a_template_at_once_and_for_good,
    somebody_who_left_is_not_written_to_until_they_come_back,
    a_message_that_is_refused_as_wrong_is_never_tried_again,
    a_busy_platform_is_tried_again_with_the_same_message,
    a_used_up_quota_rests_the_channel_until_midnight,
    a_template_that_is_gone_rests_and_the_others_go_on,
    a_refused_token_is_replaced_once_and_then_the_channel_rests,
    where_nobody_knows_a_template_is_repeated_and_a_chat_text_is_not,
    nobody_waits_for_ever_for_a_platform_that_never_answers,
    a_message_is_given_up_in_the_end_and_can_be_sent_again,
    what_a_slow_platform_holds_up_goes_back_before_the_lease_is_over,
];

async fn a_closed_or_used_up_window_is_left_for_a_template_at_once_and_for_good(
    database: &TestDatabase,
) {
    let sender = Sender::on(database);
    for refusal in [45015, 45047] {
        let to = sender.person(&format!("o-{refusal}"), true).await;
        let before = sender.sends().len();
        sender.will_answer([code(refusal)]);
        sender.put(&to).await;
        sender.tick().await;
        assert_eq!(sender.sends()[before..], [CUSTOM, TEMPLATE]);
        sender.put(&to).await;
        sender.tick().await;
        assert_eq!(sender.sends()[before..], [CUSTOM, TEMPLATE, TEMPLATE], "never that way again");
    }
    assert!(sender.outcomes().await.iter().all(|m| *m == outcome("sent", Some("template"))));
}

async fn somebody_who_left_is_not_written_to_until_they_come_back(database: &TestDatabase) {
    let sender = Sender::on(database);
    for (spoke, way) in [(true, CUSTOM), (false, TEMPLATE)] {
        let to = sender.person(way, spoke).await;
        let before = sender.sends().len();
        sender.will_answer([code(43004)]);
        sender.put(&to).await;
        sender.put(&to).await;
        sender.tick().await;
        sender.wait(TimeDelta::hours(24), TimeDelta::hours(1)).await;
        assert_eq!(sender.sends()[before..], [way], "one refusal is enough");
    }
    assert!(sender.outcomes().await.iter().all(|m| *m == outcome("unreachable", None)));
}

async fn a_message_that_is_refused_as_wrong_is_never_tried_again(database: &TestDatabase) {
    let sender = Sender::on(database);
    for (n, (spoke, refusal)) in
        [(true, 47003), (false, 47003), (true, 45002), (false, 40249), (false, 49999)]
            .into_iter()
            .enumerate()
    {
        let to = sender.person(&format!("o-{n}"), spoke).await;
        sender.will_answer([code(refusal)]);
        sender.put(&to).await;
        sender.tick().await;
        sender.wait(TimeDelta::hours(24), TimeDelta::hours(1)).await;
        assert_eq!(sender.sends().len(), n + 1, "{refusal}");
    }
    assert!(sender.outcomes().await.iter().all(|m| *m == outcome("dead", None)));
    // Nor does it keep others from being written to.
    let other = sender.person("o-other", false).await;
    sender.put(&other).await;
    sender.tick().await;
    assert_eq!(sender.outcomes().await.pop(), Some(outcome("sent", Some("template"))));
}

async fn a_busy_platform_is_tried_again_with_the_same_message(database: &TestDatabase) {
    let sender = Sender::on(database);
    let to = sender.person("o-resident", false).await;
    sender.will_answer([code(-1), code(45011)]);
    sender.put(&to).await;
    sender.tick().await;
    assert_eq!(sender.outcomes().await, [waits()]);
    sender.wait(TimeDelta::seconds(4), TimeDelta::seconds(1)).await;
    assert_eq!(sender.sends().len(), 2);
    // "Slower", said the platform the second time: a minute.
    sender.wait(TimeDelta::seconds(55), TimeDelta::seconds(1)).await;
    assert_eq!(sender.sends().len(), 2);
    sender.wait(TimeDelta::seconds(10), TimeDelta::seconds(1)).await;
    assert_eq!(sender.outcomes().await, [outcome("sent", Some("template"))]);
    let ids = sender.repeat_ids();
    assert!(ids.len() == 3 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

async fn a_used_up_quota_rests_the_channel_until_midnight(database: &TestDatabase) {
    let sender = Sender::on(database);
    let quiet = sender.person("o-quiet", false).await;
    let talker = sender.person("o-talker", true).await;
    // Chat texts are used up: templates carry on.
    sender.will_answer([code(45009)]);
    sender.put(&talker).await;
    sender.tick().await;
    assert_eq!(sender.sends(), [CUSTOM, TEMPLATE]);
    // Templates too: everything waits for the next day, and costs nothing meanwhile.
    sender.will_answer([code(45009)]);
    for _ in 0..3 {
        sender.put(&quiet).await;
    }
    sender.tick().await;
    sender.put(&talker).await;
    sender.tick().await;
    let midnight: DateTime<Utc> = crate::harness::moment("2026-03-03T00:00:00+08:00");
    let rest = midnight - sender.clock.now();
    sender.wait(rest - TimeDelta::minutes(5), TimeDelta::minutes(3)).await;
    assert_eq!(sender.sends(), [CUSTOM, TEMPLATE, TEMPLATE]);
    sender.wait(TimeDelta::minutes(20), TimeDelta::minutes(1)).await;
    assert!(sender.outcomes().await.iter().all(|m| m.0.as_deref() == Some("sent")));
}

async fn a_template_that_is_gone_rests_and_the_others_go_on(database: &TestDatabase) {
    let sender = Sender::on(database);
    let to = sender.person("o-resident", false).await;
    sender.will_answer([code(40037)]);
    sender.put(&to).await;
    sender.put(&to).await;
    sender.tick().await;
    sender.wait(TimeDelta::minutes(29), TimeDelta::minutes(1)).await;
    assert_eq!(sender.sends(), [TEMPLATE]);
    assert_eq!(sender.outcomes().await, [waits(), waits()]);
    let circuits = sender.app.client.circuits().open();
    assert_eq!(circuits.len(), 1);
    assert!(circuits[0].template.is_some(), "only the one template rests: {circuits:?}");
    sender.wait(TimeDelta::minutes(10), TimeDelta::minutes(1)).await;
    assert!(sender.outcomes().await.iter().all(|m| *m == outcome("sent", Some("template"))));
}

async fn a_refused_token_is_replaced_once_and_then_the_channel_rests(database: &TestDatabase) {
    let sender = Sender::on(database);
    for refusal in [40001, 42001, 40014] {
        let to = sender.person(&format!("o-{refusal}"), true).await;
        sender.will_answer([code(refusal)]);
        sender.put(&to).await;
        sender.tick().await;
        assert_eq!(sender.outcomes().await.pop(), Some(outcome("sent", Some("custom"))));
    }
    let before = sender.sends().len();
    let to = sender.person("o-resident", false).await;
    sender.will_answer((0..9).map(|_| code(40001)));
    sender.put(&to).await;
    sender.tick().await;
    assert_eq!(sender.sends().len() - before, 2, "the call, and once more with another token");
    assert_eq!(sender.outcomes().await.pop(), Some(waits()));
    sender.wait(TimeDelta::minutes(4), TimeDelta::minutes(1)).await;
    assert_eq!(sender.sends().len() - before, 2);
    sender.answers.lock().unwrap().clear();
    sender.wait(TimeDelta::minutes(10), TimeDelta::minutes(1)).await;
    assert_eq!(sender.outcomes().await.pop(), Some(outcome("sent", Some("template"))));
}

async fn where_nobody_knows_a_template_is_repeated_and_a_chat_text_is_not(database: &TestDatabase) {
    let sender = Sender::on(database);
    let talker = sender.person("o-talker", true).await;
    sender.will_answer([html()]);
    sender.put(&talker).await;
    sender.tick().await;
    sender.wait(TimeDelta::hours(1), TimeDelta::minutes(1)).await;
    assert_eq!(sender.sends(), [CUSTOM], "a doubled sentence is worse than an unsaid one");

    let quiet = sender.person("o-quiet", false).await;
    sender.put(&quiet).await;
    // It waits for a good while before it is tried at all; that does not count.
    sender.clock.advance(TimeDelta::minutes(30));
    sender.will_answer((0..99).map(|_| html()));
    sender.tick().await;
    sender.wait(TimeDelta::hours(1), TimeDelta::seconds(30)).await;
    let ids = sender.repeat_ids();
    assert!((3..9).contains(&ids.len()), "{ids:?}");
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    // After ten minutes the platform would not know it for a repeat: it counts as sent, and as
    // not confirmed.
    let last = sender.rows().await.pop().unwrap();
    assert_eq!((last.outcome.as_deref(), last.msgid), (Some("sent"), None));
    assert!(last.done_at.unwrap() < last.tried_at.unwrap() + TimeDelta::minutes(20));
}

async fn nobody_waits_for_ever_for_a_platform_that_never_answers(database: &TestDatabase) {
    let sender = Sender::on(database);
    let talker = sender.person("o-talker", true).await;
    let quiet = sender.person("o-quiet", false).await;
    sender.will_answer([Answer::Never, Answer::Never]);
    sender.put(&talker).await;
    sender.put(&quiet).await;
    sender.tick().await;
    // Nobody knows whether the first arrived, and it is not said again.
    assert_eq!(sender.outcomes().await, [outcome("sent", Some("custom_unclear")), waits()]);
    sender.wait(TimeDelta::seconds(5), TimeDelta::seconds(1)).await;
    assert_eq!(sender.outcomes().await[1], outcome("sent", Some("template")));
    let ids = sender.repeat_ids();
    assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");
}

async fn a_message_is_given_up_in_the_end_and_can_be_sent_again(database: &TestDatabase) {
    let sender = Sender::on(database);
    let to = sender.person("o-resident", false).await;
    sender.will_answer((0..99).map(|_| code(-1)));
    sender.put(&to).await;
    sender.wait(TimeDelta::hours(24), TimeDelta::minutes(5)).await;
    assert_eq!(sender.sends().len(), 9);
    assert_eq!(sender.outcomes().await, [outcome("dead", None)]);
    sender.answers.lock().unwrap().clear();
    let letter = sender.app.store.dead_letters(9).await.unwrap().remove(0);
    assert!(letter.reason.contains("9 attempts"), "{}", letter.reason);
    assert!(sender.app.store.send_again(letter.id, sender.clock.now()).await.unwrap());
    sender.tick().await;
    assert_eq!(sender.outcomes().await, [outcome("sent", Some("template"))]);
    let ids = sender.repeat_ids();
    assert_ne!(ids[0], ids[9], "the platform must not take it for a repeat");
}

async fn what_a_slow_platform_holds_up_goes_back_before_the_lease_is_over(database: &TestDatabase) {
    let sender = Sender::on(database);
    let to = sender.person("o-resident", false).await;
    for _ in 0..4 {
        sender.put(&to).await;
    }
    // Two of them end within the time in which a delivery may begin.
    *sender.each_takes.lock().unwrap() = TimeDelta::seconds(20);
    sender.tick().await;
    let rows = sender.rows().await;
    let left: Vec<_> = rows.iter().filter(|m| m.outcome.is_none()).collect();
    assert_eq!(left.len(), 2, "{rows:?}");
    for m in left {
        assert_eq!((m.attempts, m.leased_until, m.tried_at), (0, None, None));
    }
    sender.tick().await;
    assert!(sender.outcomes().await.iter().all(|m| *m == outcome("sent", Some("template"))));
}
