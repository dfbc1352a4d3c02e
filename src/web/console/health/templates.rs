//! Our templates against the account's own list. It asks the platform, so it is done on demand.

use super::{Light, Line};
use crate::{
    access::Permission,
    telemetry::Chain,
    web::console::{Desk, Posted, Stop},
    wechat::{
        account::{Account, Template},
        client::{Difference, TemplateDefinition},
    },
};
use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Compared {
    lines: Vec<Line>,
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn compare(posted: Posted<Nothing>) -> Result<HttpResponse, Stop> {
    let desk = posted.desk;
    desk.needs(Permission::Health)?;
    let mut lines = Vec::new();
    for account in desk.app.accounts.iter() {
        account_lines(&desk, account, &mut lines).await;
    }
    desk.page("health/templates.html", "health", "核对模板", Compared { lines })
}

async fn account_lines(desk: &Desk, account: &Account, lines: &mut Vec<Line>) {
    let name = format!("公众号 {}", account.slug);
    if account.templates.is_empty() {
        let line = Line::of(name, Light::Yellow, "没有配置模板，通知只能走别的路");
        lines.push(line.mend("请技术人员填写 LIANXIN_ACCOUNT_…_TEMPLATES"));
        return;
    }
    let owned = match desk.app.client.templates(&account.slug).await {
        Ok(owned) => owned,
        Err(error) => {
            tracing::warn!(error = %Chain(&error), "the templates cannot be compared");
            let line = Line::of(name, Light::Red, format!("平台没有给出模板列表：{error}"));
            lines.push(line.mend("先看运行状况页上“平台接口”和“凭证”两项"));
            return;
        }
    };
    for (kind, template) in &account.templates {
        lines.push(line(format!("{name}：{kind}"), template, &owned));
    }
}

fn line(name: String, template: &Template, owned: &[TemplateDefinition]) -> Line {
    let Some(definition) = owned.iter().find(|owned| owned.id == template.id) else {
        let line = Line::of(name, Light::Red, "公众号里没有这个编号的模板");
        return line.mend("在公众平台后台“模板消息”里抄下编号，改好配置");
    };
    let Difference { unknown, unfilled, fixed } = definition.difference(template);
    let mut wrong = Vec::new();
    if !unknown.is_empty() {
        wrong.push(format!("模板里没有 {}", unknown.join("、")));
    }
    if !unfilled.is_empty() {
        wrong.push(format!("没有内容可填 {}", unfilled.join("、")));
    }
    if !wrong.is_empty() {
        let finding = format!("“{}”{}", definition.title, wrong.join("，"));
        return Line::of(name, Light::Red, finding).mend("照公众平台后台的模板改好配置里的字段");
    }
    let finding = format!("“{}”对得上", definition.title);
    if fixed.is_empty() {
        return Line::good(name, finding);
    }
    Line::of(name, Light::Grey, finding)
        .mend(format!("{} 只能填平台审核过的词，请确认都报过", fixed.join("、")))
}
