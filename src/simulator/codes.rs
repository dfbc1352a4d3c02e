//! Codes that carry a scene (带参数的二维码): made, shown as a picture, and scanned by any phone.

use super::{
    api::{Call, with_body},
    errors::Refusal,
    state::{Platform, State},
};
use chrono::{DateTime, TimeDelta, Utc};
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use qrcode::{Color, EcLevel, QrCode};
use serde_json::{Value, json};
use std::{collections::BTreeMap, io::Cursor};

const MOST_FOR_GOOD: usize = 100_000;
const LONGEST_LIFE: u64 = 2_592_000;
const LONGEST_SCENE: usize = 64;
/// Points along a side of one dark or light square of a picture, and squares around it.
const POINTS: u32 = 8;
const QUIET: u32 = 4;

/// Every code that was made, by ticket.
#[derive(Debug, Default)]
pub(super) struct Codes(BTreeMap<String, Code>);

#[derive(Debug)]
struct Code {
    account: String,
    scene: String,
    url: String,
    until: Option<DateTime<Utc>>,
}

impl Codes {
    /// The scene of a code of this account, by its address or its ticket.
    pub(super) fn scene(&self, account: &str, said: &str, now: DateTime<Utc>) -> Option<&str> {
        let fits = |ticket: &str, code: &Code| {
            code.account == account
                && (ticket == said || code.url == said)
                && code.until.is_none_or(|until| now < until)
        };
        self.0.iter().find(|(ticket, code)| fits(ticket, code)).map(|(_, code)| &*code.scene)
    }

    /// Address and scene of the codes of an account, at most so many.
    pub(super) fn of_account(&self, account: &str, most: usize) -> Vec<(&str, &str)> {
        let own = self.0.values().filter(|code| code.account == account);
        own.map(|code| (&*code.url, &*code.scene)).take(most).collect()
    }
}

/// Answers what concerns codes.
pub(super) fn call(call: &Call<'_>) -> Option<Result<Value, Refusal>> {
    if call.path != "qrcode/create" {
        return None;
    }
    if !call.posted {
        return Some(Err(Refusal::of(43002)));
    }
    let Call { platform, asked, body, .. } = call;
    let id = platform.inner.ids.fresh().simple().to_string();
    Some(with_body(platform, asked, body, |state, account, wanted, now| {
        create(state, account, wanted, &id, now)
    }))
}

fn create(
    state: &mut State,
    account: &str,
    wanted: &Value,
    id: &str,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let kind = wanted.get("action_name").and_then(Value::as_str).unwrap_or_default();
    let text = wanted.pointer("/action_info/scene/scene_str").and_then(Value::as_str);
    let text = text.filter(|text| (1..=LONGEST_SCENE).contains(&text.chars().count()));
    let number = wanted.pointer("/action_info/scene/scene_id").and_then(Value::as_u64);
    let scene = match kind {
        "QR_STR_SCENE" | "QR_LIMIT_STR_SCENE" => text.map(str::to_owned),
        "QR_SCENE" => {
            number.filter(|n| (1..=u64::from(u32::MAX)).contains(n)).map(|n| n.to_string())
        }
        "QR_LIMIT_SCENE" => number.filter(|n| (1..=100_000).contains(n)).map(|n| n.to_string()),
        _ => return Err(Refusal::of(40052)),
    };
    let scene = scene.ok_or_else(|| Refusal::of(40053))?;
    let is_for_good = kind.starts_with("QR_LIMIT");
    let life = wanted.get("expire_seconds").and_then(Value::as_u64).unwrap_or(60);
    let life = life.min(LONGEST_LIFE);
    let codes = &mut state.codes.0;
    let same = |(_, code): &(&String, &Code)| {
        is_for_good && code.until.is_none() && code.account == account && code.scene == scene
    };
    if let Some((ticket, code)) = codes.iter().find(same) {
        return Ok(json!({ "ticket": ticket, "url": code.url }));
    }
    let lasting = codes.values().filter(|code| code.account == account && code.until.is_none());
    if is_for_good && lasting.count() >= MOST_FOR_GOOD {
        return Err(Refusal::of(45029));
    }
    let ticket = format!("gQ{}==", id.repeat(2));
    let url = format!("http://weixin.qq.com/q/02{}", id.get(..22).unwrap_or(id));
    let seconds = i64::try_from(life).unwrap_or_default();
    let until = (!is_for_good).then(|| now + TimeDelta::seconds(seconds));
    let code = Code { account: account.to_owned(), scene, url: url.clone(), until };
    codes.insert(ticket.clone(), code);
    state.changes += 1;
    Ok(if is_for_good {
        json!({ "ticket": ticket, "url": url })
    } else {
        json!({ "ticket": ticket, "expire_seconds": life, "url": url })
    })
}

/// The picture behind a ticket; it needs no token.
pub(super) fn picture(platform: &Platform, ticket: &str) -> Option<Vec<u8>> {
    let url = platform.state().codes.0.get(ticket).map(|code| code.url.clone())?;
    let code = QrCode::with_error_correction_level(&url, EcLevel::M).ok()?;
    let width = u32::try_from(code.width()).ok()?;
    let colours = code.to_colors();
    let side = (width + 2 * QUIET) * POINTS;
    let drawn = GrayImage::from_fn(side, side, |x, y| {
        let at = |point: u32| (point / POINTS).checked_sub(QUIET).filter(|at| *at < width);
        let colour = at(x).zip(at(y)).and_then(|(x, y)| colours.get((y * width + x) as usize));
        Luma([if colour == Some(&Color::Dark) { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(drawn).write_to(&mut bytes, ImageFormat::Jpeg).ok()?;
    Some(bytes.into_inner())
}
