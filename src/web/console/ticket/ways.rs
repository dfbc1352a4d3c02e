//! Every message about a ticket: by which ways it was tried, and what came of each.

use crate::storage::{Hop, UNCLEAR, Way as Kept};
use crate::web::console::{notices, words};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// One message.
#[derive(Serialize)]
pub(super) struct Way {
    when: String,
    what: String,
    to: &'static str,
    lamp: &'static str,
    state: String,
    hops: Vec<String>,
}

/// One message in words.
pub(super) fn way(kept: &Kept, now: DateTime<Utc>) -> Way {
    let channel = kept.channel.as_deref().map(channel);
    let (lamp, state) = match (kept.outcome.as_deref(), channel) {
        (Some("confirmed"), Some(channel)) => ("green", format!("{channel}已送达")),
        (Some("sent"), Some(channel)) => ("green", format!("{channel}已发出")),
        (Some("replaced"), _) => ("grey", "被更新的消息代替".to_owned()),
        (Some(_), _) => ("red", "没有送到".to_owned()),
        (None, Some(channel)) => ("yellow", channel.to_owned()),
        (None, None) => ("grey", "排队中".to_owned()),
    };
    Way {
        when: words::when(kept.at, now),
        what: notices::words(&kept.kind),
        to: if kept.to_reporter { "居民" } else { "工作人员" },
        lamp,
        state,
        hops: kept.hops.iter().map(|hop| words_of(hop, now)).collect(),
    }
}

fn words_of(hop: &Hop, now: DateTime<Utc>) -> String {
    let code = hop.code.map(|code| format!("（代码 {code}）")).unwrap_or_default();
    format!("{} {}：{}{code}", words::when(hop.at, now), channel(&hop.channel), why(&hop.why))
}

fn channel(code: &str) -> &str {
    match code {
        "custom" => "客服消息",
        UNCLEAR => "客服消息（可能没有送到）",
        "template" => "模板消息",
        "subscription" => "订阅通知",
        "group" => "工作群",
        "sms" => "短信",
        "held" => "等对方说话再发",
        "gathered" => "汇总",
        other => other,
    }
}

fn why(code: &str) -> &str {
    match code {
        Hop::TAKEN => "已发出",
        Hop::BLOCKED => "对方不接收，或没有送到",
        "does not follow the account" => "没有关注公众号",
        "the reply window is closed" | "the platform says the reply window is closed" => {
            "48小时内没有说过话"
        }
        "the reply window is used up" => "这次能回的条数用完了",
        "customer-service messages rest" | "customer-service messages are not possible now" => {
            "客服消息暂时不能发"
        }
        "the person refuses customer-service messages" => "对方不接收客服消息",
        "no template for it" => "没有对应的模板",
        "the person cannot be reached by template" => "模板消息送不到",
        "the person did not subscribe" => "没有订阅",
        "the person cannot be notified" => "订阅通知送不到",
        "no group for the area" => "这一带没有工作群",
        "no telephone number is known" => "没有电话",
        "whether it was taken is unknown" => "短信平台没有回音",
        "the gateway refused it" => "短信平台没有接收",
        other => other,
    }
}
