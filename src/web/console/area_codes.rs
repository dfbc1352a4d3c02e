//! Codes of areas (民情码): made a hundred at a time, looked at, printed, taken along as files.
//!
//! Making is resumed by making again, so no request lasts long. Drawings are made when they are
//! asked for: nothing but the platform's answer is kept.
//!
//! Deliberately absent: invitation codes, which have a page of their own.

use super::{Desk, Posted, Stop, areas, files, stop::Why};
use crate::{
    access::Permission,
    area_codes::{self, CodesError, Poster, Printed, Size, Style},
    county::{Area, AreaCode, Level},
    storage::KeptCode,
};
use actix_web::{
    HttpResponse,
    http::header,
    web::{Query, ServiceConfig, get, post, resource},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    io::{Cursor, Write},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// So many are made by one press of the button.
const AT_ONCE: usize = 100;
/// So many lines are shown; the rest is counted.
const LINES: usize = 200;
/// So many are printed from one page.
const PRINTED: usize = 240;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/area-codes").route(get().to(overview)).route(post().to(make)))
        .service(resource("/area-codes/print").route(get().to(print)))
        .service(resource("/area-codes/drawing").route(get().to(drawing)))
        .service(resource("/area-codes/zip").route(get().to(pack)));
}

/// What was chosen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    account: String,
    area: String,
    down_to: String,
    size: String,
}

/// What was chosen, looked up.
struct Chosen<'a> {
    account: String,
    top: &'a Area,
    down_to: Level,
    areas: Vec<&'a Area>,
}

impl Asked {
    fn size(&self) -> Size {
        match self.size.as_str() {
            "a4" => Size::A4,
            "sticker" => Size::Sticker,
            _ => Size::Both,
        }
    }
}

#[derive(Serialize)]
struct Overview<'a> {
    places: areas::Places<'a>,
    accounts: Vec<Choice>,
    levels: Vec<Choice>,
    area: String,
    account: String,
    down_to: &'static str,
    lines: Vec<Line>,
    total: usize,
    made: usize,
    missing: usize,
    at_once: usize,
    printed_at_once: usize,
}

#[derive(Serialize)]
struct Choice {
    code: String,
    words: String,
    chosen: bool,
}

#[derive(Serialize)]
struct Line {
    code: String,
    name: String,
    since: Option<String>,
    followers: i64,
}

fn level_code(level: Level) -> &'static str {
    match level {
        Level::Township => "township",
        Level::Grid => "grid",
        _ => "village",
    }
}

/// The account, the area and what lies in it, if this operator may have them.
fn chosen<'a>(desk: &'a Desk, asked: &Asked) -> Result<Chosen<'a>, Stop> {
    desk.needs(Permission::Settings)?;
    let nothing = || desk.stop(Why::Nothing);
    let mut accounts = desk.app.accounts.iter();
    let account = if asked.account.is_empty() {
        accounts.next()
    } else {
        accounts.find(|account| account.slug == asked.account)
    };
    let account = account.ok_or_else(nothing)?.slug.clone();
    let own = desk.operator().scope.area.as_deref().map(AreaCode::from);
    let top = match (asked.area.as_str(), &own) {
        ("", Some(own)) => desk.county.area(own),
        ("", None) => desk.county.root(),
        (code, _) => desk.county.area(&code.into()),
    };
    let top = top.ok_or_else(|| {
        desk.stop(Why::Told {
            what: "县里还没有这个地方。".to_owned(),
            mend: "请先在“设置—导入”里导入工作簿，或者换一个地方。".to_owned(),
        })
    })?;
    if own.is_some_and(|own| !desk.county.is_within(&top.code, &own)) {
        return Err(nothing());
    }
    let down_to = match asked.down_to.as_str() {
        "township" => Level::Township,
        "grid" => Level::Grid,
        _ => Level::Village,
    };
    let areas = area_codes::areas_in(&desk.county, top, down_to);
    Ok(Chosen { account, top, down_to, areas })
}

async fn kept(
    desk: &Desk,
    account: &str,
    areas: &[&Area],
) -> Result<BTreeMap<AreaCode, KeptCode>, Stop> {
    let codes: Vec<AreaCode> = areas.iter().map(|area| area.code.clone()).collect();
    desk.app.store.area_codes(account, &codes).await.map_err(|error| desk.broken(&error))
}

async fn overview(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    let chosen = chosen(&desk, &asked)?;
    let kept = kept(&desk, &chosen.account, &chosen.areas).await?;
    let shown: Vec<AreaCode> =
        chosen.areas.iter().take(LINES).map(|area| area.code.clone()).collect();
    let followers = desk.app.store.followers_at(&chosen.account, &shown).await;
    let followers = followers.map_err(|error| desk.broken(&error))?;
    let line = |code: &AreaCode| Line {
        code: code.0.clone(),
        name: desk.county.spoken_path(code),
        since: kept.get(code).map(|code| super::words::when(code.created_at, desk.now)),
        followers: followers.get(code).copied().unwrap_or_default(),
    };
    let levels = [("township", "乡镇"), ("village", "村"), ("grid", "网格")];
    let level = level_code(chosen.down_to);
    let content = Overview {
        places: areas::Places::of(&desk, &chosen.top.code.0),
        accounts: desk
            .app
            .accounts
            .iter()
            .map(|account| Choice {
                code: account.slug.clone(),
                words: account.name.clone(),
                chosen: account.slug == chosen.account,
            })
            .collect(),
        levels: levels
            .into_iter()
            .map(|(code, words)| Choice {
                code: code.to_owned(),
                words: words.to_owned(),
                chosen: code == level,
            })
            .collect(),
        area: chosen.top.code.0.clone(),
        account: chosen.account.clone(),
        down_to: level,
        lines: shown.iter().map(line).collect(),
        total: chosen.areas.len(),
        made: kept.len(),
        missing: chosen.areas.len() - kept.len(),
        at_once: AT_ONCE,
        printed_at_once: PRINTED,
    };
    desk.page("area_codes/list.html", "settings", "民情码", content)
}

async fn make(posted: Posted<Asked>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    let Chosen { account, top, down_to, areas } = chosen(&desk, &form)?;
    let there = kept(&desk, &account, &areas).await?;
    let missing: Vec<&Area> =
        areas.into_iter().filter(|area| !there.contains_key(&area.code)).collect();
    let some: Vec<&Area> = missing.iter().copied().take(AT_ONCE).collect();
    let made = area_codes::make(&desk.app, &account, &some, |_, _| {}).await;
    if let Err(error) = made {
        return Err(refused(&desk, &error));
    }
    let left = missing.len() - some.len();
    desk.note("codes_made", Some(&top.code.0), &format!("{} 个", some.len())).await?;
    let said = match left {
        0 => format!("已生成 {} 个民情码。", some.len()),
        left => format!("已生成 {} 个民情码，还有 {left} 个，请再按一次。", some.len()),
    };
    let query = query(&account, &top.code, level_code(down_to));
    Ok(desk.go_on(&format!("/console/area-codes?{query}"), &said))
}

fn refused(desk: &Desk, error: &CodesError) -> Stop {
    let told = |what: String, mend: &str| desk.stop(Why::Told { what, mend: mend.to_owned() });
    match error {
        CodesError::Full { have, .. } => told(
            format!("微信只给每个公众号 10 万个永久二维码，现在已有 {have} 个，不够用了。"),
            "请少选一级，比如只到村。",
        ),
        CodesError::TooLong(code) => told(
            format!("区域编码 {code} 太长，做不成二维码。"),
            "请在“设置—区域”里换一个短的编码。",
        ),
        CodesError::Resting { .. } | CodesError::Platform { .. } => {
            tracing::error!(error = %crate::telemetry::Chain(error), "codes were not made");
            told(
                "微信平台没有生成完，已经生成的都留着。".to_owned(),
                "请过几分钟再按一次；一直这样时请看“运行状况”，或联系技术人员。",
            )
        }
        CodesError::Storage(error) => desk.broken(error),
    }
}

fn query(account: &str, area: &AreaCode, down_to: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("account", account)
        .append_pair("area", area.as_str())
        .append_pair("down_to", down_to)
        .finish()
}

/// The codes as a page or a table names them; `at` says where a drawing is.
fn printed(
    desk: &Desk,
    areas: &[&Area],
    kept: &BTreeMap<AreaCode, KeptCode>,
    size: Size,
    at: impl Fn(&AreaCode, &str) -> String,
) -> Vec<Printed> {
    let one = |area: &&Area| {
        let code = kept.get(&area.code)?;
        Some(Printed {
            code: area.code.clone(),
            area: desk.county.spoken_path(&area.code),
            url: code.url.clone(),
            poster: size.has_posters().then(|| at(&area.code, "a4")),
            sticker: size.has_stickers().then(|| at(&area.code, "sticker")),
        })
    };
    areas.iter().filter_map(one).collect()
}

async fn print(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    let Chosen { account, top, areas, .. } = chosen(&desk, &asked)?;
    let kept = kept(&desk, &account, &areas).await?;
    let at = |code: &AreaCode, size: &str| {
        format!("/console/area-codes/drawing?{}&size={size}", query(&account, code, "village"))
    };
    let mut codes = printed(&desk, &areas, &kept, asked.size(), at);
    codes.truncate(PRINTED);
    let title = format!("{} {}的民情码", desk.county.name(), top.name);
    let looks = files::address("area_codes.css");
    let html = area_codes::page(&title, &codes, Style::At(&looks));
    Ok(answer("text/html; charset=utf-8", html.into_bytes()))
}

async fn drawing(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    let Chosen { account, top, .. } = chosen(&desk, &asked)?;
    let kept = kept(&desk, &account, &[top]).await?;
    let code = kept.get(&top.code).ok_or_else(|| desk.stop(Why::Nothing))?;
    let svg = draw(&desk, top, code, asked.size().has_posters())?;
    Ok(answer("image/svg+xml", svg.into_bytes()))
}

fn draw(desk: &Desk, area: &Area, code: &KeptCode, is_poster: bool) -> Result<String, Stop> {
    let words = desk.county.spoken_path(&area.code);
    let hotline = &desk.county.settings().hotline;
    let county = desk.county.name();
    let poster = Poster { county, area: &words, hotline, url: &code.url };
    let drawn = if is_poster { area_codes::poster(&poster) } else { area_codes::sticker(&poster) };
    drawn.map_err(|error| desk.broken(&error))
}

async fn pack(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    let Chosen { account, top, areas, .. } = chosen(&desk, &asked)?;
    let kept = kept(&desk, &account, &areas).await?;
    let size = asked.size();
    let at = |code: &AreaCode, size: &str| {
        let folder = if size == "a4" { "posters" } else { "stickers" };
        format!("{folder}/{}", area_codes::file_name(code))
    };
    let codes = printed(&desk, &areas, &kept, size, at);
    let title = format!("{} {}的民情码", desk.county.name(), top.name);
    let mut parts = vec![
        ("index.html".to_owned(), area_codes::page(&title, &codes, Style::Own)),
        ("manifest.csv".to_owned(), area_codes::manifest(&codes)),
    ];
    for one in &codes {
        let (Some(area), Some(code)) = (desk.county.area(&one.code), kept.get(&one.code)) else {
            continue;
        };
        if let Some(poster) = &one.poster {
            parts.push((poster.clone(), draw(&desk, area, code, true)?));
        }
        if let Some(sticker) = &one.sticker {
            parts.push((sticker.clone(), draw(&desk, area, code, false)?));
        }
    }
    // A thousand drawings are worth a thread of their own.
    let packed = actix_web::web::block(move || packed(&parts)).await;
    let packed = packed.map_err(|error| desk.broken(&error))?;
    let bytes = packed.map_err(|error| desk.broken(&error))?;
    let name = format!("attachment; filename=\"codes-{}.zip\"", file_part(&top.code));
    let mut answer = answer("application/zip", bytes);
    if let Ok(name) = header::HeaderValue::from_str(&name) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(answer)
}

fn packed(parts: &[(String, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default())?;
        zip.write_all(content.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn file_part(code: &AreaCode) -> String {
    area_codes::file_name(code).trim_end_matches(".svg").to_owned()
}

fn answer(kind: &str, body: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}
