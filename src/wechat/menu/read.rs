//! From a file to menus.
//!
//! A button's action is the field that it is named by: `click = "REPORT"`. `{page}` at the
//! beginning of an address stands for our own public address.

use super::{Button, Conditional, Does, Menus, Problem};
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    button: Vec<Spanned<Raw>>,
    #[serde(default)]
    menu: Vec<Spanned<RawMenu>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMenu {
    role: String,
    tag: String,
    #[serde(default)]
    button: Vec<Spanned<Raw>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    #[serde(default)]
    button: Vec<Spanned<Raw>>,
    click: Option<String>,
    scancode_push: Option<String>,
    scancode_waitmsg: Option<String>,
    pic_sysphoto: Option<String>,
    pic_photo_or_album: Option<String>,
    pic_weixin: Option<String>,
    location_select: Option<String>,
    view: Option<String>,
    miniprogram: Option<RawProgram>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProgram {
    appid: String,
    pagepath: String,
    url: String,
}

/// What is found while a file is read.
pub(super) struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    page: &'a str,
    problems: Vec<Problem>,
}

/// Reads the menus of a file called `file`; `page` is our own public address. All problems are
/// told at once.
pub fn read(file: &str, text: &str, page: &str) -> Result<Menus, Vec<Problem>> {
    let page = page.trim_end_matches('/');
    let mut reader = Reader { file, text, page, problems: Vec::new() };
    let raw: File = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let what = error.message().to_owned();
            reader.problem(at, what, "compare it with docs/menus.toml");
            return Err(reader.problems);
        }
    };
    if raw.button.is_empty() {
        reader.problem(0, "there is no menu for everybody", "begin the file with [[button]]");
    }
    let default = reader.top(raw.button, 0);
    let mut conditional: Vec<Conditional> = Vec::new();
    for menu in raw.menu {
        let at = menu.span().start;
        let RawMenu { role, tag, button } = menu.into_inner();
        reader.heading(&role, &tag, &conditional, at);
        let buttons = reader.top(button, at);
        conditional.push(Conditional { role, tag, buttons });
    }
    if reader.problems.is_empty() {
        return Ok(Menus { default, conditional });
    }
    Err(reader.problems)
}

impl Reader<'_> {
    /// Something is wrong at this byte of the text.
    pub(super) fn problem(&mut self, at: usize, what: impl Into<String>, mend: impl Into<String>) {
        let line = self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        let place = format!("{}:{line}", self.file);
        self.problems.push(Problem { place, what: what.into(), mend: mend.into() });
    }

    /// Our own public address, without a slash at its end.
    pub(super) fn page(&self) -> &str {
        self.page
    }

    fn top(&mut self, raw: Vec<Spanned<Raw>>, at: usize) -> Vec<Button> {
        self.count_top(raw.len(), at);
        let buttons: Vec<Button> = raw.into_iter().map(|raw| self.button(raw, 0)).collect();
        self.foreign_hosts(&buttons, at);
        buttons
    }

    fn button(&mut self, raw: Spanned<Raw>, depth: usize) -> Button {
        let at = raw.span().start;
        let raw = raw.into_inner();
        self.name(&raw.name, depth, at);
        let mut all = Vec::new();
        for (kind, key) in [
            ("click", raw.click),
            ("scancode_push", raw.scancode_push),
            ("scancode_waitmsg", raw.scancode_waitmsg),
            ("pic_sysphoto", raw.pic_sysphoto),
            ("pic_photo_or_album", raw.pic_photo_or_album),
            ("pic_weixin", raw.pic_weixin),
            ("location_select", raw.location_select),
        ] {
            if let Some(key) = key {
                self.key(kind, &key, at);
                all.push(Does::Sends { kind, key });
            }
        }
        if let Some(url) = raw.view {
            let url = self.whole(&url);
            self.url(&url, at);
            all.push(Does::Shows(url));
        }
        if let Some(RawProgram { appid, pagepath, url }) = raw.miniprogram {
            let url = self.whole(&url);
            self.program(&appid, &pagepath, at);
            self.url(&url, at);
            all.push(Does::Starts { app_id: appid, page: pagepath, url });
        }
        if !raw.button.is_empty() {
            self.count_below(raw.button.len(), depth, at);
            let below = raw.button.into_iter().map(|raw| self.button(raw, depth + 1)).collect();
            all.push(Does::Opens(below));
        }
        let count = all.len();
        let Some(does) = all.pop().filter(|_| count == 1) else {
            let what = format!("the button “{}” does {}", raw.name, times(count));
            self.problem(at, what, "give it one of click, view, …, or buttons of its own");
            return Button { name: raw.name, does: Does::Opens(Vec::new()) };
        };
        Button { name: raw.name, does }
    }

    fn whole(&self, url: &str) -> String {
        match url.strip_prefix("{page}") {
            Some(path) => format!("{}{path}", self.page),
            None => url.to_owned(),
        }
    }
}

fn times(count: usize) -> String {
    if count == 0 { "nothing".to_owned() } else { format!("{count} things") }
}
