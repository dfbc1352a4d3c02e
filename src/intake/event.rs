//! From the platform's push to what a person did.

use crate::dialogue::Event;
use crate::storage::Incoming;
use crate::ticket::{Media, MediaKind, Point};
use crate::wechat::push::{Body, Event as PushEvent, Push, Spot};
use chrono::{DateTime, Utc};

/// What a person did; none where the push is not a turn in a conversation.
pub(super) fn of(push: &Push, now: DateTime<Utc>) -> Option<Event> {
    let media = |kind, id: &str| Media { kind, id: id.to_owned(), at: now };
    Some(match &push.body {
        Body::Text { content, .. } => Event::Text(content.clone()),
        Body::Voice { media_id, recognition, .. } => {
            Event::Voice { media: media(MediaKind::Voice, media_id), heard: recognition.clone() }
        }
        Body::Image { media_id, .. } => Event::Photo(media(MediaKind::Photo, media_id)),
        Body::Video { media_id, .. } => Event::Video(media(MediaKind::Video, media_id)),
        Body::Location(Spot { latitude, longitude, label }) => Event::Location {
            point: Point { lat: *latitude, lng: *longitude },
            label: label.clone().unwrap_or_default(),
        },
        Body::Link { title, url, .. } => {
            Event::Link { media: media(MediaKind::Link, url), title: title.clone() }
        }
        Body::File { .. } => Event::File,
        Body::Unsupported => Event::Sticker,
        Body::Other { msg_type } if msg_type.is_empty() => return None,
        Body::Other { .. } => Event::Unknown,
        Body::Event(event) => return of_event(event),
    })
}

/// What has to be fetched from the platform; in a draft or not, because a draft may become a ticket
/// after the platform's three days.
pub(super) fn incoming(account: &str, push: &Push) -> Option<Incoming> {
    let (kind, id) = match &push.body {
        Body::Image { media_id, .. } => (MediaKind::Photo, media_id),
        Body::Voice { media_id, .. } => (MediaKind::Voice, media_id),
        Body::Video { media_id, .. } => (MediaKind::Video, media_id),
        _ => return None,
    };
    let openid = push.person().map(str::to_owned);
    Some(Incoming { id: id.clone(), account: account.to_owned(), openid, kind })
}

fn of_event(event: &PushEvent) -> Option<Event> {
    Some(match event {
        PushEvent::Subscribe { scene, .. } => Event::Follow(scene.clone()),
        PushEvent::Scan { scene, .. } => Event::Scan(scene.clone().unwrap_or_default()),
        PushEvent::Unsubscribe => Event::Unfollow,
        PushEvent::Click { key } => Event::Click(key.clone()),
        // Everything else is the platform's news, or is followed by a message of its own.
        _ => return None,
    })
}
