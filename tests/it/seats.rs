//! 人工 at the platform's own seats: handed over, silent while a seat talks, and back again.

use crate::harness::{rehearsal::Rehearsal, sqlite};
use lianxin::{
    simulator::{Answer, Message},
    wechat::account::Seats,
};

fn text(text: &str) -> Message {
    Message::Text { text: text.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_somebody_goes_to_a_seat_and_comes_back_with_the_draft() {
    let database = sqlite().await;
    let service = Rehearsal::changed(&database, |account| account.seats = Seats::Platform).await;
    let openid = service.follower("王大娘").openid;
    service.says("王大娘", "路灯坏了").await;
    let handed = service.does("王大娘", text("人工")).await;
    assert_eq!(handed.answers, [Answer::Transfer(None)]);
    service.settle().await;
    // The words that go with it follow as a message of their own.
    assert!(service.notices("王大娘").last().unwrap().contains("请工作人员来回您"));
    // Until a seat took them they are handed over with every word, and a repeat is the same.
    assert_eq!(service.does("王大娘", text("在吗")).await.answers, [Answer::Transfer(None)]);
    assert_eq!(service.platform().deliver_again(&openid).await, Some(Answer::Transfer(None)));
    let danger = service.does("王大娘", text("着火了")).await;
    assert!(danger.text().unwrap().contains("119"), "{danger:?}");

    let platform = service.platform();
    platform.seat_takes(&openid, "kf2001@demo").await.unwrap();
    assert!(platform.seat_says(&openid, "大娘您好"));
    // What they write now goes to the seat.
    assert_eq!(service.does("王大娘", text("路灯坏了三天了")).await.posted, 0);
    platform.seat_takes(&openid, "kf2002@demo").await.unwrap();
    platform.seat_closes(&openid).await.unwrap();
    service.settle().await;
    assert!(service.notices("王大娘").last().unwrap().contains("我接着帮您"));
    assert!(service.says("王大娘", "王庄村东头").await.contains("1 提交"));
    assert!(platform.seat_closes(&openid).await.is_err());
}
