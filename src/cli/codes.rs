//! `codes`: posters and stickers with the codes of an area and of what lies in it.
//!
//! Codes that are there are drawn again, the others are asked of the platform first. Where it stops
//! in between, the codes that were made are drawn all the same, and running it again makes the
//! rest.

use super::output::{note, say};
use super::{Verdict, menu, opening};
use crate::{
    app::App,
    area_codes::{self, Poster, Printed, Size, Style},
    clock::SystemClock,
    config::Config,
    county::{Area, AreaCode, County, Level},
    ids::RandomIds,
    storage::KeptCode,
    wechat::account::Account,
};
use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

#[derive(Debug, Args)]
pub(super) struct Codes {
    /// The area, and what lies in it.
    #[arg(long, value_name = "CODE")]
    area: String,
    /// The folder for the drawings, a page to print and a table.
    #[arg(short = 'o', long = "output", value_name = "FOLDER")]
    output: PathBuf,
    /// The account, where there are several.
    #[arg(long, value_name = "SLUG")]
    account: Option<String>,
    /// Posters for walls, stickers of 6 cm, or both.
    #[arg(long, value_enum, default_value_t = Drawn::Both)]
    size: Drawn,
    /// How far down areas get codes of their own.
    #[arg(long, value_enum, default_value_t = DownTo::Village)]
    down_to: DownTo,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Drawn {
    A4,
    Sticker,
    Both,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DownTo {
    Township,
    Village,
    Grid,
}

impl Codes {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<Verdict> {
        let store = opening::ready(&config.database).await?;
        let app = App::configured(config, store, Arc::new(SystemClock), Arc::new(RandomIds))?;
        let account = match menu::accounts(&app, self.account.as_deref())?.as_slice() {
            [one] => *one,
            _ => bail!("there are several accounts: choose one with --account"),
        };
        let found = app.store.county().await?;
        let (_, county) = found.context("no county is loaded yet: run `lianxin import demo`")?;
        let top = county.area(&AreaCode(self.area.clone()));
        let top = top.ok_or_else(|| anyhow!("there is no area {}", self.area))?;
        let level = match self.down_to {
            DownTo::Township => Level::Township,
            DownTo::Village => Level::Village,
            DownTo::Grid => Level::Grid,
        };
        let areas = area_codes::areas_in(&county, top, level);
        // A folder that cannot be written is found before the platform is asked for anything.
        fs::create_dir_all(&self.output)
            .with_context(|| format!("could not make the folder {}", self.output.display()))?;
        let made = make(&app, account, &areas).await;
        let (kept, stopped) = match made {
            Ok(kept) => (kept, None),
            Err(error) => {
                let codes: Vec<AreaCode> = areas.iter().map(|area| area.code.clone()).collect();
                (app.store.area_codes(&account.slug, &codes).await?, Some(error))
            }
        };
        let drawn = self.draw(&county, &areas, &kept)?;
        let title = format!("{} {}的民情码", county.name(), top.name);
        let page = area_codes::page(&title, &drawn, Style::Own);
        write(&self.output.join("index.html"), &page)?;
        write(&self.output.join("manifest.csv"), &area_codes::manifest(&drawn))?;
        say!("{}: {} of {} codes", self.output.display(), drawn.len(), areas.len());
        match stopped {
            None => Ok(Verdict::Done),
            Some(error) => {
                Err(error).context("what was made is kept and drawn; run it again for the rest")
            }
        }
    }

    fn draw(
        &self,
        county: &County,
        areas: &[&Area],
        kept: &BTreeMap<AreaCode, KeptCode>,
    ) -> anyhow::Result<Vec<Printed>> {
        let size = match self.size {
            Drawn::A4 => Size::A4,
            Drawn::Sticker => Size::Sticker,
            Drawn::Both => Size::Both,
        };
        let mut drawn = Vec::new();
        for area in areas {
            let Some(code) = kept.get(&area.code) else { continue };
            let words = county.spoken_path(&area.code);
            let hotline = &county.settings().hotline;
            let poster = Poster { county: county.name(), area: &words, hotline, url: &code.url };
            let file = area_codes::file_name(&area.code);
            let put = |folder: &str, svg: String| -> anyhow::Result<String> {
                let name = format!("{folder}/{file}");
                write(&self.output.join(&name), &svg)?;
                Ok(name)
            };
            let (mut wall, mut small) = (None, None);
            if size.has_posters() {
                wall = Some(put("posters", area_codes::poster(&poster)?)?);
            }
            if size.has_stickers() {
                small = Some(put("stickers", area_codes::sticker(&poster)?)?);
            }
            drawn.push(Printed {
                code: area.code.clone(),
                url: code.url.clone(),
                area: words,
                poster: wall,
                sticker: small,
            });
        }
        Ok(drawn)
    }
}

async fn make(
    app: &App,
    account: &Account,
    areas: &[&Area],
) -> Result<BTreeMap<AreaCode, KeptCode>, area_codes::CodesError> {
    let tell_every = 50;
    let mut told = 0;
    area_codes::make(app, &account.slug, areas, |done, of| {
        if done >= told + tell_every || done == of {
            told = done;
            note!("{done} of {of} codes");
        }
    })
    .await
}

fn write(path: &Path, content: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content).with_context(|| format!("could not write {}", path.display()))
}
