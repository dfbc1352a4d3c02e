//! Texts that show more than words: pictures are put up beforehand, and where that failed the words
//! are said all the same.

use crate::harness::{rehearsal::Rehearsal, sqlite};
use chrono::TimeDelta;
use lianxin::{
    ids::RandomIds,
    simulator::{Answer, Fault, Message},
    storage::ShownFile,
};

const NAME: &str = "欢迎.jpg";
const DROPPED: &str = "replies/zh/dropped.txt";

async fn put(service: &Rehearsal, bytes: &[u8]) {
    let file = ShownFile {
        name: NAME.to_owned(),
        hash: format!("{:032x}", bytes.len()),
        size: bytes.len() as u64,
        put_by: "管理员".to_owned(),
        put_at: service.clock_now(),
    };
    let tx = service.app.store.begin().await.unwrap();
    tx.put_shown(&file, bytes).await.unwrap();
    tx.commit().await.unwrap();
}

/// From now on 取消 is answered so.
async fn dropped_says(service: &Rehearsal, text: &str) {
    use lianxin::ids::Ids as _;
    let seen = service.app.store.own_texts().await.unwrap().get(DROPPED).map(|own| own.version);
    let tx = service.app.store.begin().await.unwrap();
    assert!(tx.set_own_text(DROPPED, text, seen, "管理员", service.clock_now()).await.unwrap());
    tx.next_wording_edition(RandomIds.fresh()).await.unwrap();
    tx.commit().await.unwrap();
    service.app.words.forget();
}

async fn drops(service: &Rehearsal) -> Answer {
    let text = "取消".to_owned();
    service.does("王大娘", Message::Text { text }).await.answers.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_the_answer_once_the_platform_has_it_and_words_until_then() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    put(&service, b"\xFF\xD8\xFF\xE0 a picture").await;
    dropped_says(&service, "图片：欢迎.jpg | 好的，不报了").await;
    assert_eq!(drops(&service).await, Answer::Text("好的，不报了".to_owned()));
    service.settle().await;
    let answer = drops(&service).await;
    assert!(matches!(answer, Answer::Image(_)), "{answer:?}");
    let openid = service.follower("王大娘").openid;
    assert_eq!(service.platform().deliver_again(&openid).await, Some(answer.clone()));
    // The platform keeps it for three days; it is put up again before.
    service.later(TimeDelta::hours(61)).await;
    let again = drops(&service).await;
    assert!(matches!(&again, Answer::Image(_)) && again != answer, "{again:?}");
    // Another picture of the same name is another one there too.
    put(&service, b"\xFF\xD8\xFF\xE0 another picture").await;
    assert_eq!(drops(&service).await, Answer::Text("好的，不报了".to_owned()));
    service.settle().await;
    assert!(matches!(drops(&service).await, Answer::Image(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_the_answer_and_what_is_shown_follows() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    put(&service, b"\xFF\xD8\xFF\xE0 a picture").await;
    service.settle().await;
    dropped_says(&service, "图片：欢迎.jpg\n好的，不报了").await;
    assert_eq!(drops(&service).await, Answer::Text("好的，不报了".to_owned()));
    service.settle().await;
    assert_eq!(service.notices("王大娘").last().unwrap(), "[图片]");
    dropped_says(&service, "图文：还能做什么 | 点开看 | | https://civic.example/x").await;
    let Answer::News(articles) = drops(&service).await else { panic!("no article") };
    assert_eq!((articles.len(), articles[0].title.as_str()), (1, "还能做什么"));
    dropped_says(&service, "图文：还能做什么 | 点开看 | | https://civic.example/x\n好的").await;
    assert_eq!(drops(&service).await, Answer::Text("好的".to_owned()));
    service.settle().await;
    assert!(service.notices("王大娘").last().unwrap().contains("https://civic.example/x"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_cannot_follow_keeps_nothing_else_back() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    put(&service, b"\xFF\xD8\xFF\xE0 a picture").await;
    service.settle().await;
    dropped_says(&service, "图片：欢迎.jpg\n好的，不报了").await;
    service.platform().fault(Fault::Code(45047), 1);
    assert_eq!(drops(&service).await, Answer::Text("好的，不报了".to_owned()));
    service.settle().await;
    assert!(service.notices("王大娘").is_empty());
    // It was of that moment: it does not come later.
    service.says("王大娘", "路灯坏了").await;
    service.settle().await;
    assert!(service.notices("王大娘").iter().all(|notice| notice != "[图片]"));
}
