//! The way in by the platform: codes, states, snapshots, and who is taken for whom.

use super::*;
use crate::harness::sqlite;
use chrono::TimeDelta;

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_of_a_page_is_nobody() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = called(&service).await;
    let openid = service.follower("王大娘").openid;
    service.platform().set_snapshots(&openid, true);
    let phone = Phone::of(&service, "王大娘");
    let page = phone.opens(&format!("/m/t/{}", ticket.number)).await;
    assert_eq!(page.status, 403);
    assert!(page.body.contains("快照页") && !page.body.contains("路灯"), "{}", page.body);
    assert_eq!(phone.cookie("__Host-visitor"), None, "a placeholder is never kept");
    service.platform().set_snapshots(&openid, false);
    phone.opens(&format!("/m/t/{}", ticket.number)).await.says("路灯");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_in_that_was_begun_elsewhere_leads_nowhere() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = called(&service).await;
    let path = format!("/m/t/{}", ticket.number);
    // Somebody makes another browser arrive with their own code.
    let (wang, li) = (Phone::of(&service, "王大娘"), Phone::of(&service, "李大爷"));
    wang.opens(&path).await.says("路灯");
    let arrival = wang.visited().into_iter().find(|at| at.contains("/m/in?")).unwrap();
    let stolen = li.taps(&arrival).await;
    assert_eq!(stolen.status, 403);
    assert!(stolen.body.contains("请重新打开"), "{}", stolen.body);
    assert_eq!(li.cookie("__Host-visitor"), None);
    // Or with a way of their own and a state that is not of it.
    li.asks("/m/mine").await;
    assert!(li.cookie("__Host-way").is_some());
    assert_eq!(li.taps(&arrival).await.status, 403);
    for query in ["", "?code=1", "?state=", "?code=&state="] {
        assert_eq!(li.asks(&format!("/m/in{query}")).await.status, 403, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_or_old_code_begins_the_way_again_and_not_for_ever() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let phone = Phone::of(&service, "王大娘");
    let begun = phone.asks("/m/mine").await;
    assert_eq!(begun.status, 303);
    let state = |location: &str| {
        let url = Url::parse(location).unwrap();
        url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
    };
    let mut location = begun.location;
    for again in [true, true, false] {
        let page = phone.asks(&format!("/m/in?code=nobodys&state={}", state(&location))).await;
        if again {
            assert_eq!(page.status, 303, "{}", page.body);
            assert!(page.location.contains("/connect/oauth2/authorize?appid="));
            assert!(page.location.ends_with("#wechat_redirect"));
            location = page.location;
        } else {
            assert_eq!(page.status, 503);
            assert!(page.body.contains("暂时打不开"), "{}", page.body);
        }
    }
    // A code that lay too long on the way.
    let begun = phone.asks("/m/mine").await;
    let sent = phone.send(phone.request(Method::GET, &begun.location), &begun.location).await;
    service.clock.advance(TimeDelta::minutes(6));
    let page = phone.taps(&sent.location).await;
    page.says("我的诉求");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_known_for_two_hours_and_a_cookie_cannot_be_made_up() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let ticket = called(&service).await;
    let path = format!("/m/t/{}", ticket.number);
    let phone = Phone::of(&service, "王大娘");
    phone.opens(&path).await.says("路灯");
    assert_eq!(phone.asks(&path).await.status, 200, "no further redirect");
    let cookie = phone.cookie("__Host-visitor").unwrap();
    let openid = service.follower("王大娘").openid;
    assert!(!cookie.contains(&openid));
    service.clock.advance(TimeDelta::hours(2));
    assert_eq!(phone.asks(&path).await.status, 303, "asked again");
    let stranger = Phone::of(&service, "李大爷");
    let (_, seal) = cookie.split_once('.').unwrap();
    for forged in ["", "x.y", &format!("{seal}.{seal}"), &cookie[1..]] {
        stranger.keeps("__Host-visitor", forged);
        assert_eq!(stranger.asks(&path).await.status, 303, "{forged}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_all_the_time_is_asked_to_rest() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let phone = Phone::of(&service, "李大爷");
    phone.opens("/m/mine").await;
    let mut last = 0;
    for guess in 0..320 {
        last = phone.asks(&format!("/m/t/LX260302{guess:06}")).await.status;
        if last == 429 {
            break;
        }
        assert_eq!(last, 404);
    }
    assert_eq!(last, 429);
    service.clock.advance(TimeDelta::minutes(10));
    assert_eq!(phone.asks("/m/t/LX260302000000").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platform_s_own_rules_of_the_way_are_kept() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let phone = Phone::of(&service, "王大娘");
    let begun = phone.asks("/m/mine").await;
    let location = begun.location.trim_end_matches("#wechat_redirect").to_owned();
    let outcome = async |address: String| {
        let page = phone.send(phone.request(Method::GET, &address), &address).await;
        (page.status, page.body)
    };
    let swapped = location.replace("&scope=snsapi_base", "") + "&scope=snsapi_base";
    assert!(outcome(swapped).await.1.contains("参数错误"));
    let elsewhere = location.replace("lianxin.example", "other.example");
    assert!(outcome(elsewhere).await.1.contains("10003"));
    let scope = location.replace("snsapi_base", "snsapi_all");
    assert!(outcome(scope).await.1.contains("10005"));
    assert_eq!(outcome(location).await.0, 302);
}
