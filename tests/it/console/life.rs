//! What is wrong with an account, words of one account, and forgetting a person, over HTTP.

use super::Clerk;
use crate::harness::{rehearsal::Rehearsal, sqlite};
use chrono::TimeDelta;
use lianxin::{
    access::Role,
    figures::accounts,
    simulator::AccountEvent,
    ticket::{Ticket, lifecycle::Action},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_account_stands_on_every_page_of_those_who_can_mend_it() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let viewer = Clerk::at(&service, "只读", Role::Viewer).await;
    let bar = "公众号有 1 件事要处理";
    assert!(!admin.reads("/console/queues").await.contains("件事要处理"));
    let soon = (service.clock_now() + TimeDelta::days(30)).timestamp();
    let slug = service.account.slug.clone();
    service.platform().tell(&slug, AccountEvent::RenewalDue(soon)).await.unwrap();
    // Worth knowing, and not yet in the way.
    assert!(!admin.reads("/console/queues").await.contains(bar));
    assert!(admin.reads("/console/health").await.contains("微信认证还有30天到期"));
    service.platform().tell(&slug, AccountEvent::Expired(soon)).await.unwrap();
    assert!(admin.reads("/console/queues").await.contains(bar));
    assert!(!viewer.reads("/console/queues").await.contains(bar));
    let health = admin.reads("/console/health").await;
    assert!(health.contains("微信认证已经过期") && health.contains("办理年审"), "{health}");
    assert!(!health.contains(bar));
}

async fn ticket(service: &Rehearsal) -> Ticket {
    let text = "王庄村东头路灯坏了三天，打19900001234找我";
    let ticket = service.reports("王大娘", text).await;
    service.desk(&ticket, Action::Accept).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_administrator_of_the_whole_county_forgets_a_person_and_only_when_sure() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = ticket(&service).await;
    let page = format!("/console/tickets/{}", ticket.number);
    let erase = format!("{page}/erase");
    // The words hold a private number: for a viewer there is no such ticket.
    let viewer = Clerk::at(&service, "领导", Role::Viewer).await;
    assert_eq!(viewer.get(&erase).await.status, 404);
    assert_eq!(viewer.post(&erase, &[("sure", "yes")]).await.status, 404);
    for role in [Role::Dispatcher, Role::Supervisor] {
        let clerk = Clerk::at(&service, role.words(), role).await;
        assert_eq!(clerk.get(&erase).await.status, 403, "{role:?}");
        assert_eq!(clerk.post(&erase, &[("sure", "yes")]).await.status, 403, "{role:?}");
        assert!(!clerk.reads(&page).await.contains(&erase), "{role:?}");
    }
    let near = Clerk::of_area(&service, "乡管理员", Role::Admin, "130699201").await;
    assert_eq!(near.post(&erase, &[("sure", "yes")]).await.status, 403);
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    assert_eq!(admin.post_foreign(&erase, &[("sure", "yes")]).await.status, 403);
    assert_ne!(admin.post(&erase, &[]).await.status, 303);
    let kept = service.app.store.ticket_numbered(&ticket.number).await.unwrap().unwrap();
    assert_eq!(kept.reporter, ticket.reporter);

    assert!(admin.reads(&page).await.contains(&erase));
    assert!(admin.reads(&erase).await.contains("删除以后恢复不了"));
    let after = admin.does(&erase, &[("sure", "yes")]).await;
    assert!(after.contains("涉及1件诉求") && after.contains("已按规定删除"), "{after}");
    assert!(!after.contains("19900001234"), "{after}");
    let again = admin.does(&erase, &[("sure", "yes")]).await;
    assert!(again.contains("已经删除过了"));
    let log = admin.reads("/console/audit").await;
    assert!(log.contains("删除个人信息") && log.contains(ticket.number.as_str()), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn how_much_an_account_is_used_is_shown_for_the_whole_county_only() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    ticket(&service).await;
    service.settle().await;
    accounts::keep_up(&service.app, service.clock_now()).await.unwrap();
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let figures = admin.reads("/console/figures").await;
    let row = figures.split("id=\"h-accounts\"").nth(1).unwrap();
    let row = row.split("</table>").next().unwrap();
    assert!(row.contains("云溪连心"), "{row}");
    assert!(row.contains("<td class=\"number\">1</td></tr>"), "{row}");
    let near = Clerk::of_area(&service, "乡管理员", Role::Admin, "130699201").await;
    assert!(!near.reads("/console/figures").await.contains("h-accounts"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_says_in_its_own_words_what_was_written_for_it_alone() {
    const DROPPED: &str = "/console/wording/replies/zh/dropped.txt";
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    let slug = service.account.slug.clone();
    let form =
        |text, account| [("text", text), ("seen", ""), ("what", "save"), ("account", account)];
    let drops = || async {
        service.clock.advance(TimeDelta::seconds(6));
        service.says("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
        service.says("王大娘", "取消").await
    };
    admin.does(DROPPED, &form("全县：不报了。", "")).await;
    assert_eq!(drops().await, "全县：不报了。");
    let list = admin.does(DROPPED, &form("本号：不报了。", &slug)).await;
    assert!(list.contains("本号：不报了。"), "{list}");
    assert_eq!(drops().await, "本号：不报了。");
    assert!(admin.reads("/console/wording").await.contains("全县：不报了。"));
    let here = format!("{DROPPED}?account={slug}");
    assert!(admin.reads(&here).await.contains("全县：不报了。"));
    assert_eq!(admin.get(&format!("{DROPPED}?account=nowhere")).await.status, 404);
    let refused = admin.post(DROPPED, &form("{{ nobody }}", &slug)).await;
    assert_eq!(refused.status, 422);
    admin.does(DROPPED, &[("seen", "1"), ("what", "remove"), ("account", &slug)]).await;
    assert_eq!(drops().await, "全县：不报了。");
}
