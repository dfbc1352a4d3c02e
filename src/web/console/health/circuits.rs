//! Interfaces that rest, and access tokens, in words.

use super::{Light, Line};
use crate::{
    web::console::{Desk, words},
    wechat::client::{ConfigReason, Interface, circuit::OpenCircuit},
};

/// A line for each interface that rests in this process; one good line where none does.
pub(super) fn circuits(desk: &Desk) -> Vec<Line> {
    let open = desk.app.client.circuits().open();
    if open.is_empty() {
        return vec![Line::good("平台接口", "都开着")];
    }
    open.iter().map(|open| circuit(desk, open)).collect()
}

fn circuit(desk: &Desk, open: &OpenCircuit) -> Line {
    let template = if open.template.is_some() { "里的一个模板" } else { "" };
    let interface = interface(open.interface);
    let (why, mend) = reason(open.reason);
    let until = words::when(open.until, desk.now);
    let finding = format!("{interface}{template}停用到{until}：{why}。消息排着队，不会丢");
    Line::of(format!("公众号 {}", open.account), Light::Red, finding).mend(mend)
}

/// Until when each account's token is good.
pub(super) async fn tokens(desk: &Desk) -> Vec<Line> {
    let mut lines = Vec::new();
    for account in desk.app.accounts.iter() {
        let name = format!("公众号 {} 的凭证", account.slug);
        lines.push(match desk.app.client.token_until(&account.slug).await {
            Some(until) => {
                Line::good(name, format!("{}前有效，到期自动更换", words::when(until, desk.now)))
            }
            None => Line::of(name, Light::Grey, "还没有取，下一次发消息时会取"),
        });
    }
    if lines.is_empty() {
        let line = Line::of("公众号", Light::Red, "没有配置公众号，收不到也发不出消息");
        lines.push(line.mend("请技术人员按 .env.example 填写 LIANXIN_ACCOUNT_… 各项，再重新启动"));
    }
    lines
}

pub(super) fn interface(interface: Interface) -> &'static str {
    match interface {
        Interface::StableToken => "获取凭证",
        Interface::CustomSend => "客服消息",
        Interface::Typing => "正在输入提示",
        Interface::TemplateSend => "模板消息",
        Interface::TemplateList => "模板列表",
        Interface::SubscriptionSend => "订阅通知",
        Interface::CallbackCheck => "回调检测",
        Interface::MediaGet => "取照片和语音",
        Interface::MediaUpload => "上传素材",
        Interface::MenuGet => "查菜单",
        Interface::MenuCreate => "设菜单",
        Interface::MenuDelete => "删菜单",
        Interface::MenuAddConditional => "设个性化菜单",
        Interface::MenuDeleteConditional => "删个性化菜单",
        Interface::MenuTry => "试菜单",
        Interface::TagList => "查标签",
        Interface::TagCreate => "建标签",
        Interface::TagPeople => "打标签",
        Interface::UntagPeople => "取消标签",
        Interface::TagsOfPerson => "查个人标签",
        Interface::CodeCreate => "生成民情码",
        Interface::UserInfo => "查关注者",
        Interface::WebVisitor => "网页授权",
        Interface::PageTicket => "网页拍照定位",
        Interface::GroupRobot => "群机器人",
    }
}

pub(super) fn reason(reason: ConfigReason) -> (&'static str, &'static str) {
    match reason {
        ConfigReason::Account => {
            ("平台说公众号的身份或设置不对", "核对 AppID，并在公众平台后台看有没有被限制")
        }
        ConfigReason::Secret => {
            ("AppSecret 不对", "在公众平台后台重置 AppSecret，填进配置后重新启动")
        }
        ConfigReason::Token => {
            ("凭证一再被拒", "查一查是不是还有别的程序在用同一个 AppSecret 取凭证")
        }
        ConfigReason::Ip => {
            ("服务器的地址不在白名单里", "在公众平台后台把服务器的地址加进 IP 白名单")
        }
        ConfigReason::IpForAnHour => {
            ("管理员拒绝了这台服务器", "一小时后会再问一次，请管理员在手机上同意")
        }
        ConfigReason::IpForADay => {
            ("管理员两次拒绝了这台服务器", "一天后会再问一次，请管理员在手机上同意")
        }
        ConfigReason::Permission => {
            ("公众号没有这个接口的权限", "在公众平台后台看接口权限，是不是要认证")
        }
        ConfigReason::Template => {
            ("模板不存在、不是本号的，或被限制", "用下面的按钮核对模板，改好配置")
        }
        ConfigReason::DailyQuota => {
            ("今天的次数用完了", "明天零点自动恢复；次数常常不够时申请提高")
        }
        ConfigReason::MonthlyQuota => {
            ("这个月的次数用完了", "在公众平台后台申请提高，或等到下个月")
        }
    }
}
