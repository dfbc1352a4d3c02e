//! Asking the platform about a follower.

use super::*;
use crate::harness::platform::Platform;
use lianxin::wechat::client::{Class, ConfigReason, Follow, UserReason};

const INFO: &str = "/cgi-bin/user/info";

async fn ask(answer: Value) -> Result<Follow, lianxin::wechat::client::ClientError> {
    let platform = Platform::answering(with_a_token(move |asked| {
        assert_eq!((asked.path.as_str(), asked.raw.as_str()), (INFO, ""));
        assert_eq!(asked.token.as_deref(), Some("t1"));
        assert_eq!(asked.query.get("openid").map(String::as_str), Some(OPENID));
        assert_eq!(asked.query.get("lang").map(String::as_str), Some("zh_CN"));
        Answer::Json(answer.clone())
    }));
    let clock = clock();
    client(platform.address(), memory(&clock), &clock).follow("main", OPENID).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_has_a_unionid_only_where_the_platform_tells_one() {
    let told = ask(json!({
        "subscribe": 1, "openid": OPENID, "language": "zh_CN", "subscribe_time": 1_772_413_200,
        "unionid": "oUnion1", "remark": "", "groupid": 0, "tagid_list": [128, 2],
        "subscribe_scene": "ADD_SCENE_QR_CODE", "qr_scene": 98765, "qr_scene_str": "",
    }));
    let told = told.await.unwrap();
    assert_eq!((told.follows(), told.unionid()), (true, Some("oUnion1")));
    for silent in [json!({ "subscribe": 1 }), json!({ "subscribe": 1, "unionid": "" })] {
        let told = ask(silent).await.unwrap();
        assert_eq!((told.follows(), told.unionid()), (true, None));
    }
    let left = ask(json!({ "subscribe": 0, "openid": OPENID })).await.unwrap();
    assert_eq!((left.follows(), left.unionid()), (false, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_read_in_the_one_table() {
    for (refused, class) in [
        (40003, Class::User(UserReason::Unreachable)),
        (48001, Class::Config(ConfigReason::Permission)),
        (45009, Class::Config(ConfigReason::DailyQuota)),
        (-1, Class::Retry { after: None }),
    ] {
        let error = ask(json!({ "errcode": refused, "errmsg": "no" })).await.unwrap_err();
        assert_eq!(error.class(), class, "{refused}");
    }
}
