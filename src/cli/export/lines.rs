//! One record after the other, in the form that was asked for.

use super::{super::output, book::Book};
use clap::ValueEnum;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::{io::Write, path::Path};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Csv,
    Jsonl,
    Xlsx,
}

/// One line: keys and values in their order.
pub(super) struct Record(pub(super) Vec<(&'static str, Value)>);

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

pub(super) enum Lines {
    Csv(Box<csv::Writer<Box<dyn Write>>>),
    Jsonl(Box<dyn Write>),
    Xlsx(Box<Book>),
}

impl Lines {
    /// Opens the output and names the columns; `title` is the name of a workbook's sheet.
    pub(super) fn begin(
        format: Format,
        to: Option<&Path>,
        title: &'static str,
        keys: &[&'static str],
    ) -> anyhow::Result<Self> {
        let mut output = output::open(to)?;
        match format {
            Format::Jsonl => Ok(Self::Jsonl(output)),
            Format::Csv => {
                output.write_all(output::BOM)?;
                let mut table = csv::Writer::from_writer(output);
                table.write_record(keys)?;
                Ok(Self::Csv(Box::new(table)))
            }
            Format::Xlsx => Ok(Self::Xlsx(Box::new(Book::begin(output, title, keys)?))),
        }
    }

    pub(super) fn write(&mut self, record: &Record) -> anyhow::Result<()> {
        match self {
            Self::Csv(table) => {
                table.write_record(
                    record.0.iter().map(|(_, value)| output::guarded(&cell(value))),
                )?;
            }
            Self::Jsonl(output) => {
                serde_json::to_writer(&mut *output, record).map_err(std::io::Error::from)?;
                output.write_all(b"\n")?;
            }
            Self::Xlsx(book) => book.write(&record.0)?,
        }
        Ok(())
    }

    pub(super) fn end(self) -> anyhow::Result<()> {
        match self {
            Self::Csv(mut table) => table.flush()?,
            Self::Jsonl(mut output) => output.flush()?,
            Self::Xlsx(book) => book.end()?,
        }
        Ok(())
    }
}

/// A value as a cell shows it: a list with blanks between, and nothing where there is nothing.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
