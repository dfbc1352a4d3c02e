//! From the elements of an event to an [`Event`]: the names are the platform's.

use super::{Choice, Delivery, Element, Event, Gallery, SentResult, Spot, Verification};

/// A scene that came with a new follower is marked so; a scene may itself begin like this.
const SCENE_MARK: &str = "qrscene_";

impl Event {
    /// Reads an event; total.
    pub(super) fn of(root: &Element) -> Self {
        let name = root.word_of("Event").unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        of_a_person(root, &lower)
            .or_else(|| of_a_menu(root, &lower))
            .or_else(|| of_our_messages(root, &lower))
            .or_else(|| of_the_account(root, &lower))
            .unwrap_or_else(|| Self::Other { name: name.to_owned() })
    }
}

fn word(element: &Element, name: &str) -> Option<String> {
    element.word_of(name).map(str::to_owned)
}

fn number<T: std::str::FromStr>(element: &Element, name: &str) -> Option<T> {
    element.word_of(name)?.parse().ok()
}

fn of_a_person(root: &Element, name: &str) -> Option<Event> {
    let openid = || word(root, "OpenID");
    Some(match name {
        "subscribe" => Event::Subscribe {
            scene: root
                .word_of("EventKey")
                .map(|key| key.strip_prefix(SCENE_MARK).unwrap_or(key).to_owned())
                .filter(|scene| !scene.is_empty()),
            ticket: word(root, "Ticket"),
        },
        "unsubscribe" => Event::Unsubscribe,
        "scan" => Event::Scan { scene: word(root, "EventKey"), ticket: word(root, "Ticket") },
        "location" => Event::Location {
            spot: Spot::of(root, "Latitude", "Longitude")?,
            precision: number(root, "Precision").filter(|metres: &f64| metres.is_finite()),
        },
        "kf_create_session" => Event::AgentJoined { agent: word(root, "KfAccount")? },
        "kf_close_session" => Event::AgentLeft { agent: word(root, "KfAccount")? },
        "kf_switch_session" => Event::AgentSwitched {
            from: word(root, "FromKfAccount")?,
            to: word(root, "ToKfAccount")?,
        },
        "user_info_modified" => Event::UserInfoModified { openid: openid()? },
        "user_authorization_revoke" => {
            Event::AuthorizationRevoked { openid: openid()?, revoked: word(root, "RevokeInfo") }
        }
        "user_authorization_cancellation" => Event::AuthorizationCancelled { openid: openid()? },
        _ => return None,
    })
}

fn of_a_menu(root: &Element, name: &str) -> Option<Event> {
    let key = word(root, "EventKey");
    let menu_id = word(root, "MenuId");
    let pictures = |gallery| {
        let sent = root.child("SendPicsInfo");
        Event::Pictures {
            key: key.clone().unwrap_or_default(),
            gallery,
            count: sent.and_then(|sent| number(sent, "Count")),
            sums: sent
                .and_then(|sent| sent.child("PicList"))
                .into_iter()
                .flat_map(|list| list.children("item"))
                .filter_map(|item| word(item, "PicMd5Sum"))
                .collect(),
        }
    };
    Some(match name {
        "click" => Event::Click { key: key.unwrap_or_default() },
        "view" => Event::View { url: key, menu_id },
        "view_miniprogram" => Event::ViewMiniprogram { path: key, menu_id },
        "scancode_push" | "scancode_waitmsg" => {
            let scanned = root.child("ScanCodeInfo")?;
            Event::ScanCode {
                key: key.unwrap_or_default(),
                code_type: word(scanned, "ScanType"),
                result: scanned.text_of("ScanResult").unwrap_or_default().to_owned(),
                waits: name == "scancode_waitmsg",
            }
        }
        "pic_sysphoto" => pictures(Gallery::Camera),
        "pic_photo_or_album" => pictures(Gallery::CameraOrAlbum),
        "pic_weixin" => pictures(Gallery::Album),
        "location_select" => {
            let chosen = root.child("SendLocationInfo")?;
            Event::LocationSelect {
                key: key.unwrap_or_default(),
                spot: Spot::of(chosen, "Location_X", "Location_Y")?,
                poi: chosen.text_of("Poiname").map(str::to_owned),
            }
        }
        _ => return None,
    })
}

fn of_our_messages(root: &Element, name: &str) -> Option<Event> {
    Some(match name {
        "templatesendjobfinish" => Event::TemplateSent {
            msg_id: word(root, "MsgID")?,
            delivery: Delivery::of(root.word_of("Status")?),
        },
        "masssendjobfinish" => Event::MassSent {
            msg_id: word(root, "MsgID").unwrap_or_default(),
            status: word(root, "Status")?,
            total: number(root, "TotalCount"),
            filtered: number(root, "FilterCount"),
            sent: number(root, "SentCount"),
            failed: number(root, "ErrorCount"),
        },
        "publishjobfinish" | "freepublishjobfinish" => {
            let published = root.child("PublishEventInfo")?;
            Event::Published {
                publish_id: word(published, "publish_id")?,
                status: word(published, "publish_status")?,
                article_id: word(published, "article_id"),
                failed: published
                    .children("fail_idx")
                    .map(|index| index.text().trim().to_owned())
                    .collect(),
            }
        }
        "subscribe_msg_popup_event" => {
            Event::SubscriptionPopup(each(root, "SubscribeMsgPopupEvent", choice))
        }
        "subscribe_msg_change_event" => {
            Event::SubscriptionChange(each(root, "SubscribeMsgChangeEvent", choice))
        }
        "subscribe_msg_sent_event" => {
            Event::SubscriptionSent(each(root, "SubscribeMsgSentEvent", sent_result))
        }
        _ => return None,
    })
}

/// What is made of each `List` of the event's own element, or of the root where that is missing.
fn each<T>(root: &Element, own: &str, make: fn(&Element) -> Option<T>) -> Vec<T> {
    root.child(own).unwrap_or(root).children("List").filter_map(make).collect()
}

fn choice(entry: &Element) -> Option<Choice> {
    Some(Choice {
        template_id: word(entry, "TemplateId")?,
        accepted: entry.word_of("SubscribeStatusString")?.eq_ignore_ascii_case("accept"),
        scene: word(entry, "PopupScene"),
    })
}

fn sent_result(entry: &Element) -> Option<SentResult> {
    Some(SentResult {
        template_id: word(entry, "TemplateId").unwrap_or_default(),
        msg_id: word(entry, "MsgID")?,
        error_code: word(entry, "ErrorCode")?,
    })
}

fn of_the_account(root: &Element, name: &str) -> Option<Event> {
    let verification = match name {
        "qualification_verify_success" => Verification::QualificationPassed,
        "qualification_verify_fail" => Verification::QualificationFailed,
        "naming_verify_success" => Verification::NamingPassed,
        "naming_verify_fail" => Verification::NamingFailed,
        "annual_renew" => Verification::RenewalDue,
        "verify_expired" => Verification::Expired,
        "debug_demo" => {
            let text = root.text_of("debug_str").unwrap_or_default().to_owned();
            return Some(Event::Debug { text });
        }
        _ => return None,
    };
    Some(Event::AccountVerification {
        verification,
        at: number(root, "ExpiredTime").or_else(|| number(root, "FailTime")),
        reason: root.text_of("FailReason").map(str::to_owned),
    })
}

impl Delivery {
    /// The platform writes `failed:user block` and `failed: system failed`: blanks do not count.
    fn of(status: &str) -> Self {
        let compact: String = status.chars().filter(|c| !c.is_whitespace()).collect();
        match compact.to_ascii_lowercase().as_str() {
            "success" => Self::Delivered,
            "failed:userblock" => Self::Blocked,
            _ => Self::Failed(status.to_owned()),
        }
    }
}
