//! A file that a browser uploads with a form of ours.
//!
//! It promises to keep no more than [`LARGEST`] bytes of it in memory, and to hand nothing over
//! before the form's token was seen to be ours.

use super::{Desk, Stop, Why};
use actix_multipart::Multipart;
use actix_web::{HttpRequest, web::Payload};
use futures_util::StreamExt as _;

/// A county of 1.4 million people fills two megabytes.
pub(super) const LARGEST: usize = 10 << 20;
/// A token and a few words.
const LARGEST_FIELD: usize = 4 << 10;
/// More fields than any form of ours has.
const MOST_FIELDS: usize = 8;
/// How much beyond it is still read, so that the browser gets to see the answer.
const PATIENCE: usize = 4 * LARGEST;

/// A file and its name.
pub(in crate::web::console) struct Upload {
    pub(in crate::web::console) name: String,
    pub(in crate::web::console) bytes: Vec<u8>,
}

/// Why nothing was taken in.
enum Refused {
    Unreadable,
    TooLarge,
}

/// Reads the form: its token, and the file in the field `file`.
pub(in crate::web::console) async fn upload(
    desk: &Desk,
    request: &HttpRequest,
    payload: Payload,
) -> Result<Upload, Stop> {
    super::super::form::came_from_here(request).map_err(|why| desk.stop(why))?;
    let read = read(request, payload).await;
    let (csrf, upload) = read.map_err(|refused| match refused {
        Refused::Unreadable => desk.stop(Why::Unreadable),
        Refused::TooLarge => desk.stop(Why::Told {
            what: "文件太大，超过了 10 MB，没有导入。".to_owned(),
            mend: "请删去工作簿里的图片和多余的工作表，另存为 .xlsx 以后再上传。".to_owned(),
        }),
    })?;
    desk.is_own_form(&csrf)?;
    upload.ok_or_else(|| {
        desk.stop(Why::Told {
            what: "没有收到文件。".to_owned(),
            mend: "请先选择一个 .xlsx 文件，再点“上传并检查”。".to_owned(),
        })
    })
}

async fn read(
    request: &HttpRequest,
    payload: Payload,
) -> Result<(String, Option<Upload>), Refused> {
    let mut form = Multipart::new(request.headers(), payload);
    let (mut csrf, mut upload) = (String::new(), None);
    let (mut fields, mut seen, mut is_too_large) = (0, 0_usize, false);
    while let Some(field) = form.next().await {
        let mut field = field.map_err(|_| Refused::Unreadable)?;
        fields += 1;
        if fields > MOST_FIELDS {
            return Err(Refused::Unreadable);
        }
        let is_file = field.name() == Some("file");
        let is_token = field.name() == Some("csrf");
        let name = field.content_disposition().and_then(|it| it.get_filename()).map(plain_name);
        let most = if is_file { LARGEST } else { LARGEST_FIELD };
        let mut bytes = Vec::new();
        while let Some(chunk) = field.next().await {
            let chunk = chunk.map_err(|_| Refused::Unreadable)?;
            seen = seen.saturating_add(chunk.len());
            if seen > PATIENCE {
                return Err(Refused::TooLarge);
            }
            if bytes.len() + chunk.len() > most {
                is_too_large = true;
                bytes = Vec::new();
            }
            if !is_too_large {
                bytes.extend_from_slice(&chunk);
            }
        }
        if is_token {
            csrf = String::from_utf8(bytes).map_err(|_| Refused::Unreadable)?;
        } else if is_file && !bytes.is_empty() {
            upload = Some(Upload { name: name.unwrap_or_default(), bytes });
        }
    }
    if is_too_large { Err(Refused::TooLarge) } else { Ok((csrf, upload)) }
}

/// The name without folders and signs that nobody sees; it is only ever shown.
fn plain_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// The same, ending like a workbook's.
pub(super) fn as_workbook(name: &str) -> String {
    if name.to_lowercase().ends_with(".xlsx") { name.to_owned() } else { format!("{name}.xlsx") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_its_folders_and_what_nobody_sees() {
        assert_eq!(plain_name(r"C:\用户\云溪县.xlsx"), "云溪县.xlsx");
        assert_eq!(as_workbook(&plain_name("../../etc/passwd")), "passwd.xlsx");
        assert_eq!(as_workbook(&plain_name("a\u{0}\n.XLSX")), "a.XLSX");
    }
}
