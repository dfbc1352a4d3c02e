//! `sample`: makes things up to try the rest with.

use super::output::say;
use super::{Verdict, output};
use crate::{
    county::{Cells, County},
    workbook::{Book, county, sample, write},
};
use anyhow::{Context, anyhow};
use clap::{Args, Subcommand, value_parser};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

#[derive(Debug, Subcommand)]
pub(super) enum Sample {
    /// A county that does not exist, as sheets and as a workbook.
    County(SampleCounty),
}

#[derive(Debug, Args)]
pub(super) struct SampleCounty {
    /// How many villages; everything else follows in proportion.
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=5000))]
    villages: u16,
    /// The folder to write to.
    #[arg(short = 'o', long = "output", value_name = "DIR")]
    output: PathBuf,
}

impl Sample {
    pub(super) fn run(self) -> anyhow::Result<Verdict> {
        let Self::County(SampleCounty { villages, output }) = self;
        let sheets = sample::county(usize::from(villages));
        let workbook = write::of(&sheets).context("could not make the workbook")?;
        fs::create_dir_all(&output)
            .with_context(|| format!("could not make the folder {}", output.display()))?;
        for (form, cells) in &sheets {
            write_csv(&output.join(format!("{}.csv", form.english)), cells)?;
        }
        let path = output.join("county.xlsx");
        output::open(Some(&path))?.write_all(&workbook)?;
        let county = county(vec![Book::of_file("county.xlsx", &workbook)])
            .map_err(|_| anyhow!("the made-up county has mistakes"))?;
        say!("{}: {}", output.display(), described(&county));
        Ok(Verdict::Done)
    }
}

fn write_csv(path: &Path, cells: &Cells) -> anyhow::Result<()> {
    let mut output = output::open(Some(path))?;
    output.write_all(output::BOM)?;
    let mut table = csv::Writer::from_writer(output);
    for (_, row) in cells {
        table.write_record(row)?;
    }
    table.flush()?;
    Ok(())
}

/// A county in one line.
pub(super) fn described(county: &County) -> String {
    format!(
        "{}: {} areas, {} units, {} members, {} categories",
        county.name(),
        county.areas().len(),
        county.units().len(),
        county.members().len(),
        county.categories().len(),
    )
}
