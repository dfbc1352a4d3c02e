//! One person on two accounts, and what the platform tells an account about itself and its people.

use super::*;
use lianxin::simulator::{AccountEvent, Answer, NotPushed, PersonEvent};

#[tokio::test(flavor = "multi_thread")]
async fn a_unionid_is_told_of_a_follower_and_of_nobody_who_left() {
    let stage = Stage::plain();
    let token = stage.token().await;
    let info = || async {
        let path = format!("/cgi-bin/user/info?access_token={token}&openid={WANG}&lang=zh_CN");
        stage.get(&path).await
    };
    assert_eq!(info().await.get("unionid"), None);
    stage.simulator.platform().is_one_person(&[WANG, "oSomewhereElse"], "oUnion1");
    let told = info().await;
    assert_eq!((&told["subscribe"], &told["unionid"]), (&json!(1), &json!("oUnion1")));
    stage.simulator.platform().recall(WANG, false, None, 0);
    assert_eq!(info().await.get("unionid"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platforms_own_events_come_from_the_platform_and_name_the_person() {
    let stage = Stage::plain();
    let platform = stage.simulator.platform();
    let answer = platform.tell("main", AccountEvent::RenewalDue(1_798_761_600)).await.unwrap();
    assert_eq!(answer, Answer::Silence);
    platform.tell_of(WANG, PersonEvent::Revoked("301".to_owned())).await.unwrap();
    let bodies = stage.webhook.bodies();
    assert!(bodies[0].contains("<Event><![CDATA[annual_renew]]></Event>"), "{}", bodies[0]);
    assert!(bodies[0].contains("<ExpiredTime>1798761600</ExpiredTime>"), "{}", bodies[0]);
    assert!(bodies[1].contains("user_authorization_revoke"), "{}", bodies[1]);
    assert!(bodies[1].contains(&format!("<OpenID><![CDATA[{WANG}]]></OpenID>")));
    assert!(bodies[1].contains("<RevokeInfo><![CDATA[301]]></RevokeInfo>"));
    assert!(!bodies[1].contains(&format!("<FromUserName><![CDATA[{WANG}")));
    let nobody = platform.tell_of("oNobody", PersonEvent::Cancelled).await;
    assert_eq!(nobody.unwrap_err(), NotPushed::Nobody);
    let nowhere = platform.tell("nowhere", AccountEvent::NamingFailed).await;
    assert_eq!(nowhere.unwrap_err(), NotPushed::NoWebhook);
}
