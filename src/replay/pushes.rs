//! What a person does in a script: words, or one of the forms in brackets. Pure.

use crate::simulator::Message;

/// What stands behind `> `.
pub(super) fn parse(text: &str) -> Result<Message, String> {
    if text.is_empty() {
        return Err("nothing is said".to_owned());
    }
    if let Some(inside) = text.strip_prefix('[') {
        return inside.strip_suffix(']').and_then(bracketed).ok_or_else(|| {
            format!("“{text}” is no form in brackets; a text that begins so is written \\[")
        });
    }
    // Only at the beginning, where a bracket would be a form.
    let text = text.strip_prefix('\\').filter(|rest| rest.starts_with('[')).unwrap_or(text);
    Ok(Message::Text { text: text.replace("\\n", "\n") })
}

fn bracketed(inside: &str) -> Option<Message> {
    let (kind, rest) = match inside.split_once(' ') {
        Some((kind, rest)) => (kind, Some(rest.trim()).filter(|rest| !rest.is_empty())),
        None => (inside, None),
    };
    Some(match (kind, rest) {
        ("photo", None) => Message::Photo,
        ("voice", heard) => Message::Voice { recognition: heard.map(str::to_owned) },
        ("video", None) => Message::Video,
        ("link", Some(title)) => Message::Link { title: title.to_owned() },
        ("sticker", None) => Message::Sticker,
        ("file", None) => Message::File { title: "文件.pdf".to_owned() },
        ("location", Some(place)) => location(place)?,
        ("click", Some(key)) if !key.contains(' ') => Message::Click { key: key.to_owned() },
        ("follow", None) => Message::Follow { scene: None },
        ("follow", Some(scene)) => Message::Follow { scene: Some(self::scene(scene)?) },
        ("scan", Some(scene)) => Message::Scan { scene: self::scene(scene)? },
        ("unfollow", None) => Message::Unfollow,
        _ => return None,
    })
}

/// `KIND:VALUE`, as codes on walls say it.
fn scene(scene: &str) -> Option<String> {
    let (kind, value) = scene.split_once(':')?;
    let is_whole = !kind.is_empty() && !value.is_empty() && !scene.contains(' ');
    is_whole.then(|| scene.to_owned())
}

fn location(place: &str) -> Option<Message> {
    let (point, label) = place.split_once(' ').unwrap_or((place, ""));
    let (latitude, longitude) = point.split_once(',')?;
    let degrees =
        |text: &str, most: f64| text.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
    Some(Message::Location {
        latitude: degrees(latitude, 90.0)?,
        longitude: degrees(longitude, 180.0)?,
        label: label.trim().to_owned(),
    })
}
