//! A push written back under the platform's own names, to be compared with what a sample says.

use lianxin::wechat::push::{Body, Delivery, Event, Push, Spot};

/// Name and value of everything that was kept; a repeated value is joined by commas, an absent
/// one is left out.
pub(crate) fn leaves(push: &Push) -> Vec<(&'static str, String)> {
    let mut leaves = vec![
        ("ToUserName", push.to.clone()),
        ("FromUserName", push.from.clone()),
        ("CreateTime", push.created.to_string()),
    ];
    let own = match &push.body {
        Body::Event(event) => of_event(event),
        body => {
            // The id of a message lives on in the key, behind the sender.
            let id = push.key.as_str().strip_prefix(&format!("m|{}|", push.from));
            leaves.extend(id.map(|id| ("MsgId", id.to_owned())));
            of_message(body)
        }
    };
    leaves.extend(own.into_iter().filter_map(|(name, value)| Some((name, value?))));
    leaves
}

type Leaf = (&'static str, Option<String>);

fn spot(spot: &Spot, latitude: &'static str, longitude: &'static str) -> [Leaf; 2] {
    [(latitude, Some(spot.latitude.to_string())), (longitude, Some(spot.longitude.to_string()))]
}

fn is(name: &'static str, value: impl Into<String>) -> Leaf {
    (name, Some(value.into()))
}

fn joined<'a>(values: impl Iterator<Item = &'a str>) -> String {
    values.collect::<Vec<_>>().join(",")
}

fn of_message(body: &Body) -> Vec<Leaf> {
    match body {
        Body::Text { content, menu_id } => {
            vec![is("Content", content), ("bizmsgmenuid", menu_id.clone())]
        }
        Body::Image { media_id, url } => vec![is("MediaId", media_id), ("PicUrl", url.clone())],
        Body::Voice { media_id, format, recognition } => vec![
            is("MediaId", media_id),
            ("Format", format.clone()),
            ("Recognition", recognition.clone()),
        ],
        Body::Video { media_id, thumb_media_id, .. } => {
            vec![is("MediaId", media_id), ("ThumbMediaId", thumb_media_id.clone())]
        }
        Body::Location(place) => {
            let mut leaves = spot(place, "Location_X", "Location_Y").to_vec();
            leaves.push(("Label", place.label.clone()));
            leaves
        }
        Body::Link { title, description, url } => {
            vec![is("Title", title), is("Description", description), is("Url", url)]
        }
        Body::File { title } => vec![is("Title", title)],
        Body::Other { msg_type } => vec![is("MsgType", msg_type)],
        Body::Unsupported | Body::Event(_) => vec![],
    }
}

fn of_event(event: &Event) -> Vec<Leaf> {
    match event {
        Event::Subscribe { scene, ticket } => vec![
            ("scene", scene.clone()),
            ("EventKey", scene.as_ref().map(|scene| format!("qrscene_{scene}"))),
            ("Ticket", ticket.clone()),
        ],
        Event::Scan { scene, ticket } => vec![("scene", scene.clone()), ("Ticket", ticket.clone())],
        Event::Location { spot: place, precision } => {
            let mut leaves = spot(place, "Latitude", "Longitude").to_vec();
            leaves.push(("Precision", precision.map(|metres| metres.to_string())));
            leaves
        }
        Event::Click { key } => vec![is("EventKey", key)],
        Event::View { url: key, menu_id } | Event::ViewMiniprogram { path: key, menu_id } => {
            vec![("EventKey", key.clone()), ("MenuId", menu_id.clone())]
        }
        Event::ScanCode { key, code_type, result, .. } => vec![
            is("EventKey", key),
            ("ScanCodeInfo.ScanType", code_type.clone()),
            is("ScanCodeInfo.ScanResult", result),
        ],
        Event::Pictures { count, sums, .. } => {
            assert_eq!(count.unwrap(), sums.len() as u64);
            vec![is("SendPicsInfo.Count", sums.len().to_string())]
        }
        Event::LocationSelect { spot: place, poi, .. } => {
            let [x, _] = spot(place, "SendLocationInfo.Location_X", "");
            vec![x, ("SendLocationInfo.Poiname", poi.clone())]
        }
        Event::AgentJoined { agent } | Event::AgentLeft { agent } => {
            vec![is("KfAccount", agent)]
        }
        Event::AgentSwitched { from, to } => {
            vec![is("FromKfAccount", from), is("ToKfAccount", to)]
        }
        Event::UserInfoModified { openid } | Event::AuthorizationCancelled { openid } => {
            vec![is("OpenID", openid)]
        }
        Event::AuthorizationRevoked { openid, revoked } => {
            vec![is("OpenID", openid), ("RevokeInfo", revoked.clone())]
        }
        Event::AccountVerification { at, reason, .. } => vec![
            ("ExpiredTime", at.map(|seconds| seconds.to_string())),
            ("FailReason", reason.clone()),
        ],
        Event::Debug { text } => vec![is("debug_str", text)],
        Event::Other { name } => vec![is("Event", name)],
        Event::Unsubscribe => vec![],
        results => of_results(results),
    }
}

fn of_results(event: &Event) -> Vec<Leaf> {
    match event {
        Event::TemplateSent { msg_id, delivery } => {
            let status = match delivery {
                Delivery::Delivered => "success",
                Delivery::Blocked => "failed:user block",
                Delivery::Failed(reason) => reason,
            };
            vec![is("MsgID", msg_id), is("Status", status)]
        }
        Event::MassSent { msg_id, status, sent, .. } => vec![
            is("MsgID", msg_id),
            is("Status", status),
            ("SentCount", sent.map(|count| count.to_string())),
        ],
        Event::Published { status, failed, .. } => vec![
            is("PublishEventInfo.publish_status", status),
            is("PublishEventInfo.fail_idx", joined(failed.iter().map(String::as_str))),
        ],
        Event::SubscriptionPopup(choices) | Event::SubscriptionChange(choices) => {
            let status = |accepted| if accepted { "accept" } else { "reject" };
            vec![
                is("List.TemplateId", joined(choices.iter().map(|c| c.template_id.as_str()))),
                is(
                    "List.SubscribeStatusString",
                    joined(choices.iter().map(|c| status(c.accepted))),
                ),
                is("List.PopupScene", joined(choices.iter().filter_map(|c| c.scene.as_deref()))),
            ]
        }
        Event::SubscriptionSent(results) => vec![
            is("List.MsgID", joined(results.iter().map(|r| r.msg_id.as_str()))),
            is("List.ErrorCode", joined(results.iter().map(|r| r.error_code.as_str()))),
        ],
        other => panic!("no leaves for {other:?}"),
    }
}
