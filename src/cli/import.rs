//! `import`: loads a county from workbooks.
//!
//! Nothing is stored unless every row is right; every mistake is a line on standard output.

use super::output::{self, say};
use super::sample::described;
use super::{Verdict, opening};
use crate::{
    clock::{Clock, SystemClock},
    config::Database,
    county::{County, changes},
    ids::RandomIds,
    storage::Store,
    workbook::{self, Book, MOST_BYTES, write},
};
use anyhow::Context;
use clap::Args;
use std::{
    fmt::Display,
    fs::{self, File},
    future::Future,
    io::{self, IsTerminal, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

/// Who waits longer wants to know for what.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub(super) struct Import {
    /// Workbooks (.xlsx), sheets (.csv) or folders of sheets, taken together. The word `demo` is
    /// the demo county 云溪县, which is compiled in; everything about it is made up.
    #[arg(value_name = "FILE", required_unless_present = "blank", conflicts_with = "blank")]
    files: Vec<PathBuf>,
    /// Only tell what is wrong and what would change.
    #[arg(long, conflicts_with = "blank")]
    check: bool,
    /// Write a workbook to fill in.
    #[arg(long, value_name = "OUT.xlsx")]
    blank: Option<PathBuf>,
}

impl Import {
    /// Writes the blank workbook, for which no database is needed.
    pub(super) fn blank(&self) -> Option<anyhow::Result<Verdict>> {
        let path = self.blank.as_deref()?;
        Some(write_blank(path))
    }

    pub(super) async fn run(self, database: &Database) -> anyhow::Result<Verdict> {
        let books = match books(&self.files) {
            Ok(books) => books,
            Err(error) => {
                complain(format_args!("{error:#}"));
                return Ok(Verdict::Malformed);
            }
        };
        let county = match workbook::county(books) {
            Ok(county) => county,
            Err(troubles) => {
                for trouble in &troubles {
                    say!("{trouble}");
                }
                say!("共 {} 处错误，什么都没有导入。", troubles.len());
                return Ok(Verdict::Failed);
            }
        };
        if self.check {
            let before = stored(database).await?;
            tell(before.as_ref(), &county, "checked; nothing was written");
            return Ok(Verdict::Done);
        }
        let store = opening::ready(database).await?;
        let before = store.county().await?;
        let version = patiently(replace(&store, &county)).await?;
        let changed = before.as_ref().is_none_or(|(known, _)| *known != version);
        let before = before.map(|(_, county)| county);
        tell(before.as_ref(), &county, if changed { "imported" } else { "nothing changed" });
        Ok(Verdict::Done)
    }
}

fn write_blank(path: &Path) -> anyhow::Result<Verdict> {
    let workbook = write::blank().context("could not make the workbook")?;
    output::open(Some(path))?.write_all(&workbook)?;
    say!("{}", path.display());
    Ok(Verdict::Done)
}

async fn replace(store: &Store, county: &County) -> anyhow::Result<i64> {
    let tx = store.begin().await?;
    let version = tx.replace_county(county, &RandomIds, SystemClock.now()).await?;
    tx.commit().await?;
    Ok(version)
}

/// The county that is stored; asking for it makes no database.
async fn stored(database: &Database) -> anyhow::Result<Option<County>> {
    if matches!(database, Database::Sqlite(path) if !path.exists()) {
        return Ok(None);
    }
    let store = opening::open(database).await?;
    if store.migration_status().await?.applied.is_empty() {
        return Ok(None);
    }
    Ok(opening::ready(database).await?.county().await?.map(|(_, county)| county))
}

fn tell(before: Option<&County>, county: &County, verdict: &str) {
    say!("{} ({verdict})", described(county));
    let changes = changes::between(before, county);
    let changes: Vec<String> =
        changes.iter().filter(|change| change.is_any()).map(ToString::to_string).collect();
    let nothing = "no row added, removed or changed";
    say!("{}", if changes.is_empty() { nothing.to_owned() } else { changes.join(", ") });
}

/// Whoever sits before the screen is told what takes so long.
async fn patiently<T>(work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    if let Ok(done) = tokio::time::timeout(PATIENCE, &mut work).await {
        return done;
    }
    if io::stderr().is_terminal() {
        complain("still storing…");
    }
    work.await
}

#[expect(clippy::print_stderr, reason = "not what was asked for, but worth knowing")]
fn complain(what: impl Display) {
    eprintln!("lianxin: {what}");
}

/// Opens everything that was named.
fn books(files: &[PathBuf]) -> anyhow::Result<Vec<Book>> {
    let mut books = Vec::new();
    for path in files {
        if path == Path::new("demo") {
            books.push(Book::demo());
        } else if path.is_dir() {
            for sheet in sheets_in(path)? {
                books.push(book(&sheet)?);
            }
        } else {
            books.push(book(path)?);
        }
    }
    Ok(books)
}

/// The sheets of a folder; other files there are somebody else's.
fn sheets_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| cannot_read(folder))?;
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut sheets = paths.with_context(|| cannot_read(folder))?;
    sheets.retain(|path| {
        path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) && path.is_file()
    });
    sheets.sort();
    if sheets.is_empty() {
        anyhow::bail!("there is no .csv file in {}", folder.display());
    }
    Ok(sheets)
}

fn book(path: &Path) -> anyhow::Result<Book> {
    let mut bytes = Vec::new();
    // One byte more than is read tells that there are too many.
    let file = File::open(path).with_context(|| cannot_read(path))?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).with_context(|| cannot_read(path))?;
    Ok(Book::of_file(&path.to_string_lossy(), &bytes))
}

fn cannot_read(path: &Path) -> String {
    format!("could not read {}", path.display())
}
