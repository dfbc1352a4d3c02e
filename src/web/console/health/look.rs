//! Every look, in the order in which somebody who is called at night would take them.

use super::{Light, Line, alarms, circuits};
use crate::{
    calendar::{begin_of, date_of},
    county::route::rules_off,
    shared::Shared,
    storage::StorageError,
    telemetry::Chain,
    web::console::{Desk, words},
};
use chrono::TimeDelta;

/// The worker writes every quarter of a minute; after a whole one something is wrong.
const SILENT: TimeDelta = TimeDelta::seconds(60);
/// A message that should have left for so long deserves a look, and then more than that.
const SLOW: TimeDelta = TimeDelta::minutes(5);
const STUCK: TimeDelta = TimeDelta::minutes(30);
/// How far back messages that went astray are told.
pub(super) const RECENT: TimeDelta = TimeDelta::days(30);
/// Dates are counted so far ahead.
const AHEAD: TimeDelta = TimeDelta::days(60);
/// So many are counted one by one; beyond it "many" says enough.
const MANY: u64 = 1000;

/// Takes every look, whatever the ones before it found.
pub(super) async fn everything(desk: &Desk) -> Vec<Line> {
    let mut lines = vec![told(worker(desk).await), told(database(desk).await), shared(desk).await];
    match outbox(desk).await {
        Ok(found) => lines.extend(found),
        Err(error) => lines.push(told(Err(error))),
    }
    lines.push(told(astray(desk).await));
    match alarms::alarms(desk).await {
        Ok(found) => lines.extend(found),
        Err(error) => lines.push(told(Err(error))),
    }
    lines.extend(circuits::circuits(desk));
    lines.extend(circuits::tokens(desk).await);
    lines.push(calendar(desk));
    lines.push(rules(desk));
    lines.push(told(absent(desk).await));
    lines.push(told(media(desk).await));
    lines.push(told(drafts(desk).await));
    lines.push(told(groups(desk).await));
    lines.push(wording(desk));
    lines
}

/// A look that the database did not answer is a finding itself.
fn told(line: Result<Line, StorageError>) -> Line {
    line.unwrap_or_else(|error| {
        tracing::error!(error = %Chain(&error), "a look at the health failed");
        let line = Line::of("数据库", Light::Red, "没有答上来，详情在运行日志里");
        line.mend("看数据库是否在运行、磁盘是否满了")
    })
}

async fn groups(desk: &Desk) -> Result<Line, StorageError> {
    const NAME: &str = "群机器人";
    let robots = desk.app.store.robots().await?;
    let broken: Vec<&str> =
        robots.iter().filter(|one| one.broken).map(|one| one.name.as_str()).collect();
    Ok(match (robots.len(), broken.as_slice()) {
        (0, _) => Line::of(NAME, Light::Grey, "还没有添加工作群"),
        (all, []) => Line::good(NAME, format!("{all} 个群都能用")),
        (_, broken) => {
            let finding = format!("失效了，可能已被移出群：{}", broken.join("、"));
            Line::of(NAME, Light::Red, finding)
                .mend("到企业微信的群里重新添加机器人，换上新的地址")
                .link("/console/groups", "群机器人")
        }
    })
}

async fn worker(desk: &Desk) -> Result<Line, StorageError> {
    const NAME: &str = "后台任务";
    let mend = "请技术人员看 lianxin serve 或 lianxin work 是否在运行，必要时重新启动";
    Ok(match desk.app.store.last_beat().await? {
        None => Line::of(NAME, Light::Red, "从来没有运行过，消息发不出去").mend(mend),
        Some(at) if desk.now - at > SILENT => {
            let finding = format!("{}以后没有动静，消息发不出去", words::when(at, desk.now));
            Line::of(NAME, Light::Red, finding).mend(mend)
        }
        Some(_) => Line::good(NAME, "在运行"),
    })
}

async fn database(desk: &Desk) -> Result<Line, StorageError> {
    let migrations = desk.app.store.migration_status().await?;
    if migrations.pending.is_empty() {
        return Ok(Line::good(
            "数据库",
            format!("能用，结构是最新的（第 {} 版）", migrations.applied.len()),
        ));
    }
    let finding = format!("有 {} 次结构升级还没有做", migrations.pending.len());
    Ok(Line::of("数据库", Light::Red, finding).mend("停下服务，运行 lianxin migrate up，再启动"))
}

async fn shared(desk: &Desk) -> Line {
    const NAME: &str = "共享状态";
    match &desk.app.shared {
        Shared::Memory(_) => Line::good(NAME, "在本机内存里（只有一台服务器时这样就好）"),
        Shared::Redis(_) => match desk.app.shared.ping().await {
            Ok(()) => Line::good(NAME, "Redis 能用"),
            Err(_) => Line::of(NAME, Light::Yellow, "Redis 没有应答，各台服务器暂时各记各的")
                .mend("看 Redis 是否在运行；恢复以后自动接上"),
        },
    }
}

async fn outbox(desk: &Desk) -> Result<Vec<Line>, StorageError> {
    let state = desk.app.store.outbox_state(begin_of(date_of(desk.now))).await?;
    let late = state.due_since.map_or(TimeDelta::zero(), |since| desk.now - since);
    let light = match late {
        late if late > STUCK => Light::Red,
        late if late > SLOW => Light::Yellow,
        _ => Light::Green,
    };
    let finding = match (state.waiting, light) {
        (0, _) => "没有积压".to_owned(),
        (waiting, Light::Green) => format!("{waiting} 条排队，都没有误时"),
        (waiting, _) => format!("{waiting} 条排队，最早的一条已经晚了{}", words::how_long(late)),
    };
    let mut waiting = Line::of("待发的消息", light, finding);
    if light >= Light::Yellow {
        waiting = waiting.mend("先看上面的“后台任务”和下面的“平台接口”，哪一项红就先处理哪一项");
    }
    let held = match state.held {
        0 => "没有".to_owned(),
        held => format!("{held} 条：超过 48 小时没有来话的人收不到长消息，等他们下次来话时发出"),
    };
    let sent = format!("{} 条", state.sent);
    Ok(vec![waiting, Line::good("等对方来话的消息", held), Line::good("今天已经发出", sent)])
}

async fn astray(desk: &Desk) -> Result<Line, StorageError> {
    const NAME: &str = "没有送到的消息";
    let sight = desk.sight();
    let found = desk.app.store.astray(&sight, desk.now - RECENT, MANY).await?;
    Ok(match found.len() {
        0 => Line::good(NAME, "最近 30 天没有"),
        count => {
            let more =
                if u64::try_from(count).is_ok_and(|count| count >= MANY) { "以上" } else { "" };
            let finding = format!("最近 30 天有 {count} 条{more}没有送到");
            Line::of(NAME, Light::Yellow, finding)
                .mend("打电话告诉这些人；原因消除以后可以重新发送")
                .link("/console/health/letters", "查看和重新发送")
        }
    })
}

fn calendar(desk: &Desk) -> Line {
    const NAME: &str = "放假安排";
    let today = date_of(desk.now);
    let last = today.checked_add_signed(AHEAD).unwrap_or(today);
    match desk.county.calendar().first_unknown_year(today, last) {
        None => Line::good(NAME, "以后 60 天的都知道"),
        Some(year) => {
            let finding = format!("{year} 年的还没有录入，办结时限是估算的");
            Line::of(NAME, Light::Red, finding)
                .mend("国务院公布以后，马上在“设置—日历”里录入，时限会自动重新计算")
                .link("/console/settings", "去设置")
        }
    }
}

fn rules(desk: &Desk) -> Line {
    const NAME: &str = "派单规则";
    if desk.county.areas().is_empty() {
        return Line::of(NAME, Light::Red, "还没有导入县情，诉求都会落到值班台")
            .mend("在“设置”里导入县情表")
            .link("/console/settings", "去设置");
    }
    let off = rules_off(&desk.county);
    if off.is_empty() {
        return Line::good(NAME, format!("{} 条，都派得到人", desk.county.rules().len()));
    }
    let which: Vec<String> = off.iter().map(|off| format!("“{}”：{}", off.rule, off.why)).collect();
    Line::of(NAME, Light::Yellow, format!("{} 条用不上。{}", off.len(), which.join("；")))
        .mend("在“设置”里改好这几条，或者改好它们说的人和单位")
        .link("/console/settings", "去设置")
}

async fn absent(desk: &Desk) -> Result<Line, StorageError> {
    const NAME: &str = "不在岗的人手里的诉求";
    let absent = desk.app.store.absent_with_work(date_of(desk.now)).await?;
    if absent.is_empty() {
        return Ok(Line::good(NAME, "没有"));
    }
    let names: Vec<&str> = absent.iter().take(10).map(|one| one.person.name.as_str()).collect();
    let more = if absent.len() > names.len() { "等" } else { "" };
    let finding = format!("{}{more}，共 {} 人", names.join("、"), absent.len());
    Ok(Line::of(NAME, Light::Yellow, finding)
        .mend("后台任务会自动转给别人；一直在这里的，请到督办页逐件处理")
        .link("/console/lamps", "去督办"))
}

async fn drafts(desk: &Desk) -> Result<Line, StorageError> {
    let count = desk.app.store.left_draft_count(desk.now).await?;
    Ok(Line::good("没有说完的诉求", format!("{count} 件停在半路，系统会提醒一次，一周后删除")))
}

async fn media(desk: &Desk) -> Result<Line, StorageError> {
    const NAME: &str = "照片和语音";
    let missing = desk.app.store.missing_media(desk.now - RECENT, MANY).await?;
    Ok(match missing {
        0 => Line::good(NAME, "最近 30 天发来的都取到了"),
        missing => Line::of(NAME, Light::Yellow, format!("最近 30 天有 {missing} 件没有取到"))
            .mend("三天以内会自动再取；在诉求的页面上写着原因，也可以“再取一次”，过了三天请居民重新发"),
    })
}

fn wording(desk: &Desk) -> Line {
    const NAME: &str = "话术";
    let voices = desk.app.voices.values().chain([&desk.app.wording]);
    match voices.map(crate::replies::Wording::check).collect::<Result<Vec<()>, _>>() {
        Ok(_) => Line::good(NAME, "每一段都写得出来"),
        Err(bad) => {
            let which: Vec<&str> = bad.iter().map(|bad| bad.name.as_str()).take(5).collect();
            Line::of(
                NAME,
                Light::Yellow,
                format!("有写不出来的，先用原来的说法：{}", which.join("、")),
            )
            .mend("在“设置—话术”里改好或恢复")
            .link("/console/wording", "去话术")
        }
    }
}
