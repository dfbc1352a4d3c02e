//! The county as a workbook to download: as it is now, or blank with explanations.

use super::{Desk, Stop};
use crate::{county::written, workbook::write};
use actix_web::{HttpResponse, http::header};

/// What a spreadsheet is called on the way.
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The county as it is now; it reads back as the same.
pub(super) async fn present(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let county = desk.county.clone();
    let written = move || write::of(&written::sheets(county.register()));
    let written = actix_web::web::block(written).await.map_err(|error| desk.broken(&error))?;
    let bytes = written.map_err(|error| desk.broken(&error))?;
    // It holds the members' telephone numbers.
    desk.note("export", Some("设置工作簿"), "").await?;
    Ok(file(bytes, "county.xlsx"))
}

/// One to fill in.
pub(super) async fn blank(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let written = actix_web::web::block(write::blank).await.map_err(|error| desk.broken(&error))?;
    Ok(file(written.map_err(|error| desk.broken(&error))?, "blank.xlsx"))
}

fn file(bytes: Vec<u8>, name: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(KIND)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes)
}
