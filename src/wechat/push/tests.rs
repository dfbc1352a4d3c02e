//! What a push is read as, the nasty ones first.

use super::*;
use proptest::prelude::*;

fn push(rest: &str) -> Push {
    parse(wrapped(rest)).unwrap()
}

fn wrapped(rest: &str) -> String {
    format!(
        "<xml><ToUserName>gh_a</ToUserName><FromUserName>o-wang</FromUserName>\
         <CreateTime>1767225600</CreateTime>{rest}</xml>"
    )
}

fn message(msg_type: &str, rest: &str) -> Body {
    push(&format!("<MsgType>{msg_type}</MsgType>{rest}")).body
}

fn event(name: &str, rest: &str) -> Push {
    push(&format!("<MsgType>event</MsgType><Event>{name}</Event>{rest}"))
}

fn other(msg_type: &str) -> Body {
    Body::Other { msg_type: msg_type.to_owned() }
}

#[test]
fn a_push_without_sender_receiver_or_time_is_refused() {
    for missing in ["ToUserName", "FromUserName", "CreateTime"] {
        let body = wrapped("").replace(missing, "Gone");
        assert_eq!(parse(body), Err(BadPush::Missing(missing)));
    }
    assert_eq!(parse(wrapped("").replace("1767225600", "soon")), Err(BadPush::Time));
    assert_eq!(parse(wrapped("").replace("o-wang", " ")), Err(BadPush::Missing("FromUserName")));
    assert_eq!(parse("{\"MsgType\": \"text\"}"), Err(BadPush::Xml(BadXml::NotXml)));
}

#[test]
fn a_known_kind_without_what_it_lives_by_is_some_other_message() {
    assert_eq!(message("image", "<MediaId></MediaId>"), other("image"));
    assert_eq!(message("voice", ""), other("voice"));
    assert_eq!(message("location", "<Location_X>38.99</Location_X>"), other("location"));
    for (x, y) in [("NaN", "116"), ("inf", "116"), ("90.1", "116"), ("38", "-181"), ("38,9", "1")] {
        let place = format!("<Location_X>{x}</Location_X><Location_Y>{y}</Location_Y>");
        assert_eq!(message("location", &place), other("location"), "{x} {y}");
    }
    assert_eq!(message("hologram", ""), other("hologram"));
}

#[test]
fn a_push_that_says_nothing_of_its_kind_is_taken_and_not_answered() {
    let nothing = push("");
    assert_eq!(nothing.body, other(""));
    assert!(!nothing.replyable());
    assert!(push("<MsgType>hologram</MsgType>").replyable());
}

#[test]
fn blanks_and_line_breaks_of_a_text_are_the_residents_own() {
    let body = message("text", "<Content>  \n路灯\u{0}坏了 </Content>");
    assert_eq!(body, Body::Text { content: "  \n路灯坏了 ".to_owned(), menu_id: None });
    assert_eq!(message("text", ""), Body::Text { content: String::new(), menu_id: None });
}

#[test]
fn a_sticker_arrives_as_a_text_of_the_platform() {
    for content in ["【收到不支持的消息类型，暂无法显示】", "[收到不支持的消息类型，暂无法显示]"]
    {
        let body = message("text", &format!("<Content>{content}</Content>"));
        assert_eq!(body, Body::Unsupported);
    }
    let quoted = message("text", "<Content>它说收到不支持的消息类型，暂无法显示</Content>");
    assert!(matches!(quoted, Body::Text { .. }));
}

#[test]
fn the_mark_of_a_scene_is_taken_off_once() {
    let scene = |key: &str| match event("subscribe", &format!("<EventKey>{key}</EventKey>")).body {
        Body::Event(Event::Subscribe { scene, .. }) => scene,
        other => panic!("{other:?}"),
    };
    assert_eq!(scene("qrscene_area:130699").as_deref(), Some("area:130699"));
    assert_eq!(scene("qrscene_qrscene_1").as_deref(), Some("qrscene_1"));
    assert_eq!(scene("qrscene_"), None);
    assert_eq!(scene(""), None);
}

#[test]
fn the_name_of_an_event_may_come_in_any_letter_case() {
    for name in ["SCAN", "scan", "Scan"] {
        assert_eq!(event(name, "").kind(), "event:scan");
    }
    let finished = "<MsgID>7</MsgID><Status>success</Status>";
    assert_eq!(event("templatesendjobfinish", finished).kind(), "event:templatesendjobfinish");
    assert_eq!(event("FREEPUBLISHJOBFINISH", "").kind(), "event:other");
}

#[test]
fn an_empty_list_of_pictures_is_no_pictures() {
    for list in ["", "<PicList/>", "<PicList></PicList>", "<PicList><item/></PicList>"] {
        let sent = format!("<SendPicsInfo><Count>0</Count>{list}</SendPicsInfo>");
        let Body::Event(Event::Pictures { count, sums, .. }) = event("pic_weixin", &sent).body
        else {
            panic!("{list}");
        };
        assert_eq!((count, sums.len()), (Some(0), 0));
    }
    assert_eq!(event("pic_weixin", "").kind(), "event:pic_weixin");
}

#[test]
fn every_entry_of_a_repeated_list_counts() {
    let entry = |id: &str, status: &str| {
        format!(
            "<List><TemplateId>{id}</TemplateId>\
             <SubscribeStatusString>{status}</SubscribeStatusString></List>"
        )
    };
    let lists = format!(
        "<SubscribeMsgPopupEvent>{}{}</SubscribeMsgPopupEvent>",
        entry("T1", "accept"),
        entry("T2", "reject")
    );
    let Body::Event(Event::SubscriptionPopup(choices)) =
        event("subscribe_msg_popup_event", &lists).body
    else {
        panic!("no choices");
    };
    let read: Vec<_> = choices.iter().map(|c| (c.template_id.as_str(), c.accepted)).collect();
    assert_eq!(read, [("T1", true), ("T2", false)]);
}

#[test]
fn blanks_in_a_delivery_status_do_not_count() {
    let delivery = |status: &str| {
        let rest = format!("<MsgID>7</MsgID><Status>{status}</Status>");
        match event("TEMPLATESENDJOBFINISH", &rest).body {
            Body::Event(Event::TemplateSent { delivery, .. }) => delivery,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(delivery("success"), Delivery::Delivered);
    assert_eq!(delivery("failed:user block"), Delivery::Blocked);
    assert_eq!(delivery("failed: user block"), Delivery::Blocked);
    assert_eq!(delivery("failed: system failed"), Delivery::Failed("failed: system failed".into()));
}

#[test]
fn the_person_of_a_withdrawal_is_not_who_sent_it() {
    let revoked = event("user_authorization_revoke", "<openid>o-li</openid>");
    assert_eq!(revoked.person(), Some("o-li"));
    assert_eq!(event("verify_expired", "").person(), None);
    assert_eq!(event("MASSSENDJOBFINISH", "<Status>send success</Status>").person(), None);
    assert_eq!(event("unsubscribe", "").person(), Some("o-wang"));
}

#[test]
fn equal_message_ids_of_two_people_are_two_pushes() {
    let text = |from: &str| {
        let rest = "<MsgType>text</MsgType><Content>在</Content><MsgId>1</MsgId>";
        parse(wrapped(rest).replace("o-wang", from)).unwrap().key
    };
    assert_ne!(text("o-wang"), text("o-li"));
    assert_eq!(text("o-wang"), text("o-wang"));
}

#[test]
fn events_of_one_second_are_told_apart() {
    let withdrawal = |openid| format!("<OpenID>{openid}</OpenID><RevokeInfo>206</RevokeInfo>");
    let sent = |id| {
        format!(
            "<SubscribeMsgSentEvent><List><MsgID>{id}</MsgID><ErrorCode>0</ErrorCode>\
             </List></SubscribeMsgSentEvent>"
        )
    };
    let keys = [
        event("subscribe", ""),
        event("unsubscribe", ""),
        event("SCAN", "<EventKey>a</EventKey><Ticket>b</Ticket>"),
        event("SCAN", "<EventKey>a</EventKey><Ticket>c</Ticket>"),
        event("SCAN", "<EventKey>a|</EventKey><Ticket>c</Ticket>"),
        event("SCAN", "<EventKey>a</EventKey><Ticket>|c</Ticket>"),
        event("CLICK", "<EventKey>a</EventKey>"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>1</MsgID><Status>success</Status>"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID><Status>success</Status>"),
        event("user_authorization_revoke", &withdrawal("o-li")),
        event("user_authorization_revoke", &withdrawal("o-zhao")),
        event("subscribe_msg_sent_event", &sent("1")),
        event("subscribe_msg_sent_event", &sent("2")),
    ]
    .map(|push| push.key);
    let distinct: std::collections::HashSet<_> = keys.iter().collect();
    assert_eq!(distinct.len(), keys.len());
    assert_eq!(event("scan", "").key, event("SCAN", "").key);
}

#[test]
fn a_key_always_fits_its_column() {
    let page = |last| format!("<EventKey>https://a.example/{}{last}</EventKey>", "x".repeat(1000));
    let (one, two) = (event("VIEW", &page("1")).key, event("VIEW", &page("2")).key);
    assert!(one.as_str().len() <= 200);
    assert_ne!(one, two);
    assert_eq!(
        event("CLICK", "<EventKey>MINE</EventKey>").key.as_str(),
        "e|o-wang|1767225600|click|MINE|||"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_markup_makes_it_panic(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("<xml>"), Just("</xml>"), Just("<MsgType>"), Just("</MsgType>"),
                Just("event"), Just("<Event>subscribe</Event>"), Just("<![CDATA["), Just("]]>"),
                Just("&lt;"), Just("&#0;"), Just("&"), Just("<"), Just("<!--"), Just("<?"),
                Just("<!DOCTYPE"), Just("路灯"), Just("<List/>"), Just("\u{0}"),
            ],
            0..40,
        ),
    ) {
        let joined = pieces.concat();
        let _ = parse(&joined);
        // The same, where the beginning is good.
        let _ = parse(wrapped(&joined));
    }

    #[test]
    fn what_a_resident_writes_arrives(text in "\\PC{0,60}[ \n\t]{0,3}") {
        let body = message("text", &xml::element("Content", &text));
        prop_assert_eq!(body, Body::Text { content: text, menu_id: None });
    }
}
