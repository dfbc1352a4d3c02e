//! Small words that many pages need: moments, ways back, cookies' texts.

use crate::{
    calendar::{date_of, in_beijing},
    ticket::Stage,
};
use actix_web::HttpRequest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};

/// A moment as people at the desk read it: 今天 09:05, 昨天 17:30, 3月2日 08:00, 2025年12月31日 08:00.
pub(crate) fn when(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let (local, today) = (in_beijing(at), date_of(now));
    let day = date_of(at);
    let time = local.format("%H:%M");
    match (day - today).num_days() {
        0 => format!("今天 {time}"),
        -1 => format!("昨天 {time}"),
        1 => format!("明天 {time}"),
        _ if day.format("%Y").to_string() == today.format("%Y").to_string() => {
            format!("{} {time}", local.format("%-m月%-d日"))
        }
        _ => format!("{} {time}", local.format("%Y年%-m月%-d日")),
    }
}

/// How long something takes or took, in one unit: 5分钟, 3小时, 2天.
pub(crate) fn how_long(time: TimeDelta) -> String {
    let minutes = time.num_minutes().abs();
    match minutes {
        0..60 => format!("{minutes}分钟"),
        60..2880 => format!("{}小时", minutes / 60),
        _ => format!("{}天", minutes / 1440),
    }
}

/// Where a ticket stands, as people at the desk say it.
pub(crate) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Submitted => "待受理",
        Stage::NeedInfo => "待补充",
        Stage::Rejected => "不予受理",
        Stage::Accepted => "待派单",
        Stage::Dispatched => "待接单",
        Stage::Returned => "已退单",
        Stage::InProgress => "办理中",
        Stage::Suspended => "列入计划",
        Stage::ResultSubmitted => "待核实",
        Stage::AwaitingSignoff => "待签收",
        Stage::Closed => "已办结",
        Stage::Withdrawn => "已撤回",
        Stage::Merged => "已并案",
    }
}

/// The path and query of a request, as a way back after signing in.
pub(super) fn path_of(request: &HttpRequest) -> String {
    if request.method() != actix_web::http::Method::GET {
        return HOME.to_owned();
    }
    let uri = request.uri();
    uri.path_and_query().map_or_else(|| HOME.to_owned(), ToString::to_string)
}

/// Where everybody may go.
pub(super) const HOME: &str = "/console/";

/// A way that stays within the console, or else its first page: no form may send a browser
/// elsewhere.
pub(super) fn within(next: &str) -> &str {
    let is_ours = next.starts_with(HOME)
        && next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && !next.contains("//")
        && !next.contains("/../");
    if is_ours { next } else { HOME }
}

/// A text as a cookie's value.
pub(super) fn escaped(text: &str) -> String {
    // A cookie holds four kilobytes, and a word on what was done is short.
    let short: String = text.chars().take(300).collect();
    URL_SAFE_NO_PAD.encode(short)
}

/// And back; nothing where it is none of ours.
pub(super) fn unescaped(value: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(value).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_as_near_as_it_is() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2026-03-02T01:00:00Z");
        for (moment, words) in [
            ("2026-03-01T16:00:00Z", "今天 00:00"),
            ("2026-03-01T15:59:00Z", "昨天 23:59"),
            ("2026-03-03T00:30:00Z", "明天 08:30"),
            ("2026-01-05T00:30:00Z", "1月5日 08:30"),
            ("2025-12-31T00:30:00Z", "2025年12月31日 08:30"),
        ] {
            assert_eq!(when(at(moment), now), words);
        }
    }

    #[test]
    fn nobody_is_sent_to_another_site() {
        for next in [
            "https://evil.example/",
            "//evil.example",
            "/console/..//evil",
            "/console/\\evil",
            "/m/privacy",
            "",
            "/console/\r\nSet-Cookie: a=b",
            "/console/../m/privacy",
        ] {
            assert_eq!(within(next), HOME, "{next:?}");
        }
        assert_eq!(within("/console/queues?q=late"), "/console/queues?q=late");
    }

    #[test]
    fn what_was_done_survives_the_cookie_and_a_foreign_cookie_says_nothing() {
        assert_eq!(unescaped(&escaped("已受理 <b>")), "已受理 <b>");
        assert_eq!(unescaped("%%%"), "");
    }
}
