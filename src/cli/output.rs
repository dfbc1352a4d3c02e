//! Where a command writes what it was asked for.

use anyhow::Context;
use std::{
    fmt,
    fs::OpenOptions,
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Prints one line that a command was asked for. Unlike `println!` it goes on where the reader had
/// enough, as `| head` does.
macro_rules! say {
    ($($line:tt)*) => { $crate::cli::output::line(format_args!($($line)*)) };
}
pub(super) use say;

/// Tells how it goes, beside what a command was asked for.
macro_rules! note {
    ($($line:tt)*) => { $crate::cli::output::aside(format_args!($($line)*)) };
}
pub(super) use note;

/// What [`note`] does.
pub(super) fn aside(text: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// What [`say`] does.
pub(super) fn line(text: fmt::Arguments<'_>) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// A file that only its owner may read, or standard output.
pub(super) fn open(path: Option<&Path>) -> anyhow::Result<Box<dyn Write>> {
    let Some(path) = path else { return Ok(Box::new(BufWriter::new(io::stdout().lock()))) };
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("could not write {}", path.display()))?;
    Ok(Box::new(BufWriter::new(file)))
}

/// A reader that had enough (`| head`) is no failure.
pub(super) fn is_closed(error: &anyhow::Error) -> bool {
    let is_pipe = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(is_pipe)
            || cause
                .downcast_ref::<csv::Error>()
                .is_some_and(|error| matches!(error.kind(), csv::ErrorKind::Io(e) if is_pipe(e)))
    })
}

/// Keeps a spreadsheet from taking a cell for a formula.
pub(super) fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// Tells spreadsheets that what follows is UTF-8.
pub(super) const BOM: &[u8] = "\u{feff}".as_bytes();
