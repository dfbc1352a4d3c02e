//! What is wrong with the official accounts, as every process knows it: in words, and what to do.

use super::{
    Light, Line,
    circuits::{interface, reason},
};
use crate::{
    life::{self, Weight},
    storage::{AlarmState, StorageError},
    web::console::{Desk, words},
    wechat::client::Interface,
};

/// A line for each alarm that matters now.
pub(super) async fn alarms(desk: &Desk) -> Result<Vec<Line>, StorageError> {
    let resting = desk.app.client.circuits().open();
    let states = desk.app.store.alarms().await?;
    // What this process found itself has a line of its own.
    let is_told = |state: &AlarmState| {
        life::reason(&state.alarm.kind).is_some()
            && resting.iter().any(|open| open.account == state.alarm.account)
    };
    let lines = states.iter().filter(|state| !is_told(state));
    Ok(lines.filter_map(|state| line(desk, state)).collect())
}

fn line(desk: &Desk, state: &AlarmState) -> Option<Line> {
    let weight = life::weight(state, desk.now)?;
    let light = match weight {
        Weight::Odd => Light::Yellow,
        Weight::Wrong => Light::Red,
    };
    let (finding, mend) = told(desk, state);
    let slug = &state.alarm.account;
    let name = desk.app.accounts.get(slug).map_or(slug, |account| &account.name);
    Some(Line::of(format!("公众号 {name}"), light, finding).mend(mend))
}

fn told(desk: &Desk, state: &AlarmState) -> (String, String) {
    let alarm = &state.alarm;
    let since = words::when(state.since, desk.now);
    match alarm.kind.as_str() {
        life::VERIFIED_UNTIL => {
            let left = alarm.until.map_or(0, |until| (until - desk.now).num_days());
            let finding = match left {
                0.. => format!("微信认证还有{left}天到期，到期后发不出通知、用不了民情码"),
                _ => "微信认证到期了".to_owned(),
            };
            (finding, "在公众平台后台“设置与开发—微信认证”办理年审，要几个工作日".to_owned())
        }
        life::VERIFICATION_LAPSED => (
            format!("{since}微信认证已经过期，模板消息、民情码、网页授权都停了"),
            "马上在公众平台后台办理年审；通过前只能在群众来说话时回复".to_owned(),
        ),
        life::QUALIFICATION_FAILED => (
            format!("{since}资质认证没有通过"),
            "在公众平台后台“微信认证”看原因，补好材料再提交".to_owned(),
        ),
        life::NAMING_FAILED => (
            format!("{since}名称认证没有通过"),
            "在公众平台后台“微信认证”看原因，换一个名称再提交".to_owned(),
        ),
        life::TEMPLATE_GONE => (
            format!("配置里的一个消息模板（{}）在本号里没有了", alarm.subject),
            "在公众平台后台“模板消息”重新添加，把新编号填进配置，再重新启动".to_owned(),
        ),
        kind => {
            let name = alarm.subject.split(':').next().unwrap_or_default();
            let which = Interface::ALL.into_iter().find(|one| one.name() == name);
            let which = which.map_or("一个接口", interface);
            let (why, mend) = life::reason(kind).map_or(("平台不接受", "看运行日志"), reason);
            (format!("{since}起{which}停用：{why}。消息排着队，不会丢"), mend.to_owned())
        }
    }
}
