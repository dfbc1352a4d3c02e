//! Pictures and voices that the county's texts show: a list, an upload, and how to name them in a text.
//!
//! Deliberately absent: putting them up at the platform, which the worker does within half a minute.

use super::{
    Desk, Posted, Stop,
    settings::upload::{Upload, upload},
    stop::Why,
    words,
};
use crate::{replies::kind, storage::ShownFile};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{Payload, ServiceConfig, get, post, resource},
};
use serde::{Deserialize, Serialize};

const LIST: &str = "/console/shown";
/// What the platform takes of a voice; a picture of this size loads on a slow phone.
const LARGEST: usize = 2 << 20;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/shown").route(get().to(list)).route(post().to(put)))
        .service(resource("/shown/remove").route(post().to(remove)));
}

#[derive(Serialize)]
struct List {
    files: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    size: u64,
    put: String,
    is_up: bool,
    line: String,
    /// It lies in the folder of texts and is changed there.
    is_given: bool,
}

async fn list(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let store = &desk.app.store;
    let own = store.shown_files().await.map_err(|e| desk.broken(&e))?;
    let mut up = Vec::new();
    for account in desk.app.accounts.iter() {
        up.push(store.put_up(&account.slug).await.map_err(|e| desk.broken(&e))?);
    }
    let is_up =
        |name: &str| up.iter().all(|at| at.get(name).is_some_and(|up| up.media_id.is_some()));
    let line = |name: &str| {
        let lower = name.to_lowercase();
        let word =
            if lower.ends_with("mp3") || lower.ends_with("amr") { "语音" } else { "图片" };
        format!("{word}：{name}")
    };
    let mut files: Vec<Row> = own
        .iter()
        .map(|file| Row {
            name: file.name.clone(),
            size: file.size.div_ceil(1024),
            put: format!("{} {}上传", file.put_by, words::when(file.put_at, desk.now)),
            is_up: is_up(&file.name),
            line: line(&file.name),
            is_given: false,
        })
        .collect();
    let given = desk.app.wording.files().iter();
    files.extend(given.filter(|(name, _)| own.iter().all(|file| file.name != **name)).map(
        |(name, bytes)| Row {
            name: name.clone(),
            size: (bytes.len() as u64).div_ceil(1024),
            put: "话术文件夹里的".to_owned(),
            is_up: is_up(name),
            line: line(name),
            is_given: true,
        },
    ));
    desk.page("words/shown.html", "settings", "话术里的图片和语音", List { files })
}

async fn put(desk: Desk, request: HttpRequest, payload: Payload) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let Upload { name, bytes } = upload(&desk, &request, payload).await?;
    let stop = |what: &str, mend: &str| {
        Err(desk.stop(Why::Told { what: what.to_owned(), mend: mend.to_owned() }))
    };
    if bytes.len() > LARGEST {
        return stop("文件太大，没有上传。", "图片和语音最多 2 MB，请压缩以后再传。");
    }
    if !kind::is_name(&name) || !is_what_it_says(&name, &bytes) {
        return stop(
            "没有上传：只收 .jpg、.png 图片和 .mp3、.amr 语音，内容要和名字相符。",
            "请换一个文件；文件名不要有 / \\ | : 这些符号。",
        );
    }
    let hash = ShownFile::sum(&bytes);
    let (put_by, put_at) = (desk.account.name.clone(), desk.now);
    let file = ShownFile { name, hash, size: bytes.len() as u64, put_by, put_at };
    let kept = async {
        let tx = desk.app.store.begin().await?;
        tx.put_shown(&file, &bytes).await?;
        let (operator, by) = (Some(desk.operator()), &desk.account.name);
        tx.note_deed(operator, by, "shown_put", Some(&file.name), "", desk.now).await?;
        tx.commit().await
    };
    kept.await.map_err(|error: crate::storage::StorageError| desk.broken(&error))?;
    Ok(desk.go_on(LIST, "已上传，半分钟以后可以用。"))
}

/// By its first bytes; the platform looks at them too.
fn is_what_it_says(name: &str, bytes: &[u8]) -> bool {
    let begins = |with: &[u8]| bytes.starts_with(with);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    match ending.as_str() {
        "jpg" | "jpeg" => begins(b"\xFF\xD8\xFF"),
        "png" => begins(b"\x89PNG\r\n\x1a\n"),
        "mp3" => begins(b"ID3") || begins(b"\xFF\xFB") || begins(b"\xFF\xF3"),
        "amr" => begins(b"#!AMR"),
        _ => false,
    }
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn remove(posted: Posted<Named>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs_whole_county()?;
    let removed = async {
        let tx = desk.app.store.begin().await?;
        tx.remove_shown(&form.name).await?;
        let (operator, by) = (Some(desk.operator()), &desk.account.name);
        tx.note_deed(operator, by, "shown_removed", Some(&form.name), "", desk.now).await?;
        tx.commit().await
    };
    removed.await.map_err(|error: crate::storage::StorageError| desk.broken(&error))?;
    Ok(desk.go_on(LIST, "已删除。用到它的话术只说文字。"))
}
